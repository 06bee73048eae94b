#!/usr/bin/env python3
"""One door to everything a developer does with this checkout; see USAGE below and build/README.md.

It needs nothing but Python's standard library.  The syntax is kept so plain that an old Python can start it too:
it then looks for a newer one and hands over, or says what to install.
"""

from __future__ import print_function

import glob
import hashlib
import json
import os
import shutil
import stat
import subprocess
import sys

from basics import (
    LINUX,
    LOCALE,
    LOCK,
    OUT,
    ROOT,
    STAMP,
    VENV,
    VENV_PYTHON,
    Stop,
    call,
    environment,
    say,
)
from interpreter import OLDEST, find_interpreter, no_interpreter, probe
from system import (
    FONTS,
    INSTALLER,
    OFFSCREEN,
    PACKAGING,
    TESTS,
    WINDOW,
    apt_install,
    has_screen,
    is_root,
    need,
    on_path,
)

USAGE = """\
python3 build/make.py VERB [arguments]

  setup            make .venv with everything in it, and the message catalogues
  run [...]        start the app; arguments are passed on to it
  demo             make a sample city in out/demo and open it; without a screen, take pictures of it instead
  check            style, formatting, import rules, types, message catalogue
  test [...]       setup, check and the whole test suite; arguments are passed on to pytest
  bench [...]      measure everything against what one would do without this program; writes docs/benchmarks.md
  freeze --target windows|linux      the program as a folder that needs no Python, below out/
  installer --target windows|linux   that folder packed for those who use it, in dist/, and tried out; as root on Debian
                   (further arguments are passed on: build/packaging/windows.py or debian.py --help)

The verbs that need .venv make it first; when nothing changed, that takes a second.
TAIZHANG_PYTHON=/path/to/python chooses the interpreter for a new .venv."""


# setup -------------------------------------------------------------------------------------------------------


def digest(*paths):
    total = hashlib.sha256()
    for path in paths:
        with open(path, "rb") as file:
            total.update(hashlib.sha256(file.read()).digest())
    return total.hexdigest()


def read_stamp():
    """What the last setup left: {} without one, and {} when the .venv has been moved or its Python replaced."""
    try:
        with open(STAMP) as file:
            stamp = json.load(file)
    except (OSError, ValueError):
        return {}
    found = probe(VENV_PYTHON)
    here = {"root": ROOT, "python": list(found.version) if found else None}
    return stamp if all(stamp.get(name) == value for name, value in here.items()) else {}


def write_stamp(stamp):
    with open(STAMP + ".new", "w") as file:
        json.dump(stamp, file, indent=1, sort_keys=True)
    os.replace(STAMP + ".new", STAMP)


def make_venv():
    """A fresh .venv.  One that an interrupted run left half made is not trusted: downloads are in pip's cache."""
    interpreter = find_interpreter()
    if interpreter is None:
        raise no_interpreter()
    if not interpreter.has_pip:
        name = "python{0}.{1}-venv".format(*interpreter.version)
        if is_root() and on_path("apt-get"):
            apt_install([(name, [name, "python3-venv"])])
            interpreter = probe(interpreter.path) or interpreter
        if not interpreter.has_pip:
            raise Stop(
                "{0} cannot make virtual environments: its ensurepip is missing.\n"
                "      On Debian and Ubuntu: sudo apt-get update && sudo apt-get install {1}".format(
                    interpreter, name
                )
            )
    say("making .venv with {0}".format(interpreter))
    if call([interpreter.path, "-m", "venv", "--clear", VENV]) != 0:
        raise Stop("the virtual environment could not be made; Python's own words stand above.")
    return {"root": ROOT, "python": list(interpreter.version)}


def setup():
    need(OFFSCREEN + FONTS, "Qt")
    locks = digest(LOCK)
    project = digest(os.path.join(ROOT, "pyproject.toml"))
    stamp = read_stamp() or make_venv()
    pip = [VENV_PYTHON, "-m", "pip", "install", "--no-input"]
    if stamp.get("locks") != locks:
        # Until pip has ended well there is no stamp, so that a run broken off here begins with a new .venv.
        if os.path.exists(STAMP):
            os.remove(STAMP)
        say("installing what build/requirements-dev.lock names (some 160 MB to fetch the first time)")
        if call(pip + ["--require-hashes", "-r", LOCK]) != 0:
            raise Stop(
                "pip could not install everything; its own words stand above. Where the network needs a mirror or "
                "a proxy, set it in pip's configuration. Running this again takes up what was downloaded."
            )
        stamp.pop("project", None)
        stamp["locks"] = locks
        write_stamp(stamp)
    if stamp.get("project") != project:
        say("putting the checkout itself into .venv")
        if call(pip + ["-q", "--no-deps", "--no-build-isolation", "--no-index", "-e", ROOT]) != 0:
            raise Stop("the checkout could not be installed into .venv; pip's own words stand above.")
        stamp["project"] = project
        write_stamp(stamp)
    compile_catalogues()
    say("ready: .venv has Python {0}.{1}".format(*stamp["python"]))


def compile_catalogues():
    """Every .po to the .mo that gettext reads, where it is not newer already."""
    sources = glob.glob(os.path.join(LOCALE, "*", "LC_MESSAGES", "*.po"))
    stale = [
        source
        for source in sources
        if not os.path.exists(source[:-3] + ".mo")
        or os.path.getmtime(source[:-3] + ".mo") < os.path.getmtime(source)
    ]
    if stale and call([VENV_PYTHON, os.path.join("build", "check_catalogue.py"), "--compile"]) != 0:
        raise Stop("a message catalogue could not be compiled.")


# The other verbs ---------------------------------------------------------------------------------------------


def check_steps():
    module = [VENV_PYTHON, "-m"]
    # import-linter cannot be started as a module.
    linter = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return [
        ("ruff check", module + ["ruff", "check", "--output-format", "concise", "."]),
        ("ruff format", module + ["ruff", "format", "--check", "--output-format", "concise", "."]),
        ("lint-imports", [VENV_PYTHON, "-c", linter, "--no-logo"]),
        ("mypy", module + ["mypy"]),
        ("catalogue", [VENV_PYTHON, os.path.join("build", "check_catalogue.py")]),
    ]


def failed_checks():
    """Runs every check, also after one has failed, and returns the names of those that did."""
    failed = []
    for name, command in check_steps():
        say(name)
        if call(command) != 0:
            failed.append(name)
    say("check failed: " + ", ".join(failed) if failed else "check: all good")
    return failed


def check(arguments):
    no_arguments("check", arguments)
    setup()
    return 1 if failed_checks() else 0


def test(arguments):
    setup()
    need(WINDOW + TESTS, "a part of the tests", required=False)
    failed = failed_checks()
    env = environment(LANG="C.UTF-8", LC_ALL="C.UTF-8")
    if not has_screen():
        env.setdefault("QT_QPA_PLATFORM", "offscreen")
    say("pytest")
    status = call([VENV_PYTHON, "-m", "pytest"] + arguments, env)
    if failed:
        say("the tests ran, but check failed before them: " + ", ".join(failed))
    return status or (1 if failed else 0)


def run(arguments):
    setup()
    if not has_screen():
        raise Stop(
            "there is no screen here (neither DISPLAY nor WAYLAND_DISPLAY is set); the app cannot open a window."
        )
    need(WINDOW, "a window")
    return call([VENV_PYTHON, "-m", "desktop_app"] + arguments)


def bench(arguments):
    """All benchmarks in one run.  What they compare with and we do not use lies in a folder of its own."""
    setup()
    need(WINDOW + TESTS, "a part of the benchmarks", required=False)
    libraries = os.path.join(OUT, "bench-libraries")
    lock = os.path.join(ROOT, "build", "requirements-bench.lock")
    if not os.path.isdir(os.path.join(libraries, "pandas")):
        say("getting what the benchmarks compare with")
        command = [
            VENV_PYTHON,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--require-hashes",
            "--target",
            libraries,
            "-r",
            lock,
        ]
        if call(command) != 0:
            raise Stop("what the benchmarks compare with could not be installed; the reason stands above.")
    env = environment(QT_QPA_PLATFORM="offscreen", TAIZHANG_BENCH_LIBS=libraries)
    target = [] if arguments else ["--growth", "--write", os.path.join(ROOT, "docs", "benchmarks.md")]
    return call([VENV_PYTHON, "-m", "tests.bench"] + arguments + target, env)


def remove_tree(folder):
    """Removes a folder below out/, read-only evidence files on Windows included."""

    def make_writable(function, path, _):
        os.chmod(path, stat.S_IWRITE)
        function(path)

    assert os.path.abspath(folder).startswith(OUT + os.sep)
    if os.path.isdir(folder):
        shutil.rmtree(folder, onerror=make_writable)


def demo(arguments):
    no_arguments("demo", arguments)
    setup()
    folder = os.path.join(OUT, "demo")
    city = os.path.join(folder, "city")
    remove_tree(folder)
    say("making a sample city in out/demo/city")
    size = ["--counties", "3", "--towns", "4", "--months", "3"]
    if call([VENV_PYTHON, "-m", "desktop_app", "demo", city] + size) != 0:
        raise Stop("the sample city could not be made; the reason stands above.")
    return open_demo(city) if has_screen() else picture_demo(city, folder)


def open_demo(city):
    """Opens the app at the desk of one township, where the month's work is recorded but not yet sent."""
    need(WINDOW, "a window")
    workspace = os.path.join(city, a_township(city))
    say("opening {0}; its passphrase is demo".format(os.path.relpath(workspace, ROOT)))
    env = environment(TAIZHANG_PASSPHRASE="demo")
    return call([VENV_PYTHON, "-m", "desktop_app", "--workspace", workspace], env)


def a_township(city):
    """The code of the first township that has a workspace, which is also the workspace's folder."""
    command = [
        VENV_PYTHON,
        "-m",
        "desktop_app",
        "--workspace",
        os.path.join(city, "city"),
        "units",
        "show",
        "--json",
    ]
    env = environment(TAIZHANG_PASSPHRASE="demo")
    units = json.loads(subprocess.check_output(command, cwd=ROOT, env=env).decode("utf-8"))["units"]
    for unit in units:
        if unit["level"] == "township" and os.path.isdir(os.path.join(city, unit["code"])):
            return unit["code"]
    raise Stop("the sample city has no township's workspace.")


def picture_demo(city, folder):
    """Without a screen: pictures of the screens, drawn off screen, and their names."""
    say("no screen here, so taking pictures instead")
    env = environment(QT_QPA_PLATFORM="offscreen", TAIZHANG_PASSPHRASE="demo")
    if call([VENV_PYTHON, "-m", "desktop_app", "screenshots", city, "--out", folder], env) != 0:
        raise Stop("the pictures could not be taken; the reason stands above.")
    pictures = sorted(glob.glob(os.path.join(folder, "*.png")))
    if not pictures:
        raise Stop("no picture came out.")
    say("{0} pictures of the screens stand in {1}".format(len(pictures), os.path.relpath(folder, ROOT)))
    return 0


def target_of(verb, arguments):
    """The system that --target names, and the other arguments."""
    target, rest, words = None, [], list(arguments)
    while words:
        word = words.pop(0)
        if word == "--target" and words:
            target = words.pop(0)
        elif word.startswith("--target="):
            target = word.split("=", 1)[1]
        else:
            rest.append(word)
    if target not in PACKAGING:
        raise Stop("{0} needs --target windows or --target linux.".format(verb))
    return target, rest


def pack(verb, arguments):
    """Hands over to the module in build/packaging that knows the system; it runs with .venv's Python."""
    target, rest = target_of(verb, arguments)
    if not (LINUX and is_root() and on_path("apt-get")):
        raise Stop(
            "{0} works on Debian and as root: it makes folders with a Debian of their own.".format(verb)
        )
    setup()
    need(OFFSCREEN + INSTALLER[target], "building for " + target)
    script = "import sys; sys.path.insert(0, sys.argv[1]); import {0} as m; sys.exit(m.main(sys.argv[2:]))"
    where = os.path.join(ROOT, "build", "packaging")
    return call([VENV_PYTHON, "-c", script.format(PACKAGING[target]), where] + rest)


def freeze(arguments):
    return pack("freeze", list(arguments) + ["--freeze-only"])


def installer(arguments):
    return pack("installer", arguments)


def no_arguments(verb, arguments):
    if arguments:
        raise Stop("{0} takes no arguments, but got: {1}".format(verb, " ".join(arguments)))


def setup_verb(arguments):
    no_arguments("setup", arguments)
    setup()
    return 0


VERBS = {
    "setup": setup_verb,
    "run": run,
    "demo": demo,
    "bench": bench,
    "check": check,
    "test": test,
    "freeze": freeze,
    "installer": installer,
}


def main(arguments):
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(USAGE)
        return 0
    if arguments[0] not in VERBS:
        print(USAGE, file=sys.stderr)
        return 2
    if sys.version_info < OLDEST:
        better = find_interpreter()
        if better is None:
            raise no_interpreter()
        say(
            "this Python is {0}.{1}; going on with {2}".format(
                sys.version_info[0], sys.version_info[1], better
            )
        )
        return subprocess.call([better.path, os.path.abspath(__file__)] + arguments)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(
            errors="backslashreplace"
        )  # a checkout's path may hold what the console cannot show
    rest = arguments[1:]
    return VERBS[arguments[0]](rest[1:] if rest[:1] == ["--"] else rest)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Stop as stop:
        sys.stdout.flush()
        sys.exit("make: " + str(stop))
    except KeyboardInterrupt:
        sys.exit("\nmake: stopped; running the same command again takes it up.")
