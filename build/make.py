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
import re
import shutil
import stat
import subprocess
import sys

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

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
STAMP = os.path.join(VENV, "taizhang-setup.json")
LOCK = os.path.join(ROOT, "build", "requirements-dev.lock")
LOCALE = os.path.join(ROOT, "resources", "locale")
OUT = os.path.join(ROOT, "out")
WINDOWS = os.name == "nt"
LINUX = sys.platform.startswith("linux")
VENV_PYTHON = os.path.join(VENV, "Scripts", "python.exe") if WINDOWS else os.path.join(VENV, "bin", "python")

# In the order in which we like them: 3.14 takes another Qt than the one everything was tried on.
VERSIONS = ((3, 13), (3, 12), (3, 11), (3, 14))
OLDEST = min(VERSIONS)


class Stop(Exception):
    """Ends the run with a sentence for the person at the keyboard."""


def say(text):
    print("make: " + text)
    sys.stdout.flush()


def call(command, env=None):
    """Runs a command in the checkout, its output shown as it comes; returns its exit status."""
    sys.stdout.flush()
    return subprocess.call(command, cwd=ROOT, env=env or environment())


def environment(**extra):
    """Our environment without what would lead the .venv's Python or pip astray."""
    env = dict(os.environ)
    for name in ("PYTHONHOME", "PYTHONPATH", "__PYVENV_LAUNCHER__"):
        env.pop(name, None)
    env.update(PIP_USER="0", PIP_DISABLE_PIP_VERSION_CHECK="1")
    env.update(extra)
    return env


# Interpreters ------------------------------------------------------------------------------------------------

# Prints version, whether pip can be had for a new environment, and where the interpreter itself is.  Fails where
# a module is missing that not every build of Python has, on 32 bits, and on a Python without a global lock, for
# which there are hardly any wheels.
PROBE = """
import sys, sysconfig, ssl, sqlite3, ctypes, zlib, venv
assert sys.implementation.name == "cpython" and sys.maxsize > 2**32 and not sysconfig.get_config_var("Py_GIL_DISABLED")
try:
    import ensurepip
    pip = 1
except ImportError:
    pip = 0
print("%d %d %d %s" % (sys.version_info[0], sys.version_info[1], pip, getattr(sys, "_base_executable", sys.executable)))
"""


class Interpreter(object):
    def __init__(self, version, has_pip, path):
        self.version = version
        self.has_pip = has_pip
        self.path = path

    def __str__(self):
        return "Python {0}.{1} ({2})".format(self.version[0], self.version[1], self.path)


def probe(path):
    """The interpreter at this path if it is one that we can use, else None."""
    try:
        with open(os.devnull) as nothing:
            child = subprocess.Popen(
                [path, "-c", PROBE],
                stdin=nothing,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=environment(),
            )
            output = child.communicate()[0]
    except (OSError, ValueError):
        return None
    if child.returncode != 0:
        return None
    fields = output.decode("utf-8", "replace").strip().split(" ", 3)
    if len(fields) != 4:
        return None
    found = Interpreter((int(fields[0]), int(fields[1])), fields[2] == "1", fields[3])
    return found if found.version in VERSIONS else None


def candidates():
    """Paths worth asking, in two groups: what the person's PATH offers, and where else Pythons are put."""
    names = ["python{0}.{1}".format(*version) for version in VERSIONS] + ["python3", "python"]
    if WINDOWS:
        names = [name + ".exe" for name in ("python", "python3")]
    folders = [folder for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    on_path = [sys.executable] if sys.executable else []
    on_path += [os.path.join(folder, name) for name in names for folder in folders]
    patterns = ["/usr/bin/python3.1?", "/usr/local/bin/python3.1?", "/opt/python*/bin/python3.1?"]
    patterns.append(os.path.expanduser("~/.pyenv/versions/3.1?.*/bin/python"))
    if WINDOWS:
        patterns = [
            os.path.join(os.environ.get(variable, ""), *tail)
            for variable, tail in (
                ("LOCALAPPDATA", ("Programs", "Python", "Python31?", "python.exe")),
                ("ProgramFiles", ("Python31?", "python.exe")),
                ("SystemDrive", (os.sep, "Python31?", "python.exe")),
            )
        ]
    elsewhere = [path for pattern in patterns for path in sorted(glob.glob(pattern), reverse=True)]
    return on_path, elsewhere


def find_interpreter():
    """The best interpreter on this machine, or None.  Several Pythons of one minor version: the first on PATH."""
    chosen = os.environ.get("TAIZHANG_PYTHON")
    if chosen:
        found = probe(chosen)
        if not found:
            raise Stop(
                "TAIZHANG_PYTHON names {0}, which is no complete 64-bit CPython {1}.".format(chosen, wanted())
            )
        return found
    for group in candidates():
        seen, usable = set(), []
        for path in group:
            if path in seen or not os.path.isfile(path):
                continue
            seen.add(path)
            found = probe(path)
            if found:
                usable.append(found)
        if usable:
            return min(usable, key=lambda one: (VERSIONS.index(one.version), not one.has_pip))
    return None


def wanted():
    minors = sorted(VERSIONS)
    return "{0}.{1} to {2}.{3}".format(*(minors[0] + minors[-1]))


def no_interpreter():
    if WINDOWS:
        how = "Install Python 3.12, 64 bits, with the installer from python.org, and run this again."
    elif LINUX:
        how = (
            "On Debian 12 or later and Ubuntu 24.04 or later: sudo apt-get install python3 python3-venv. "
            "On older systems install Python 3.12 beside the system's own (pyenv builds one), and run this again."
        )
    else:
        how = "Install Python 3.12 and run this again."
    mine = "{0}.{1}".format(*sys.version_info[:2])
    return Stop(
        "this needs Python {0}; this one is {1}, and no other was found. {2}".format(wanted(), mine, how)
    )


# The system's own packages -----------------------------------------------------------------------------------

# What Qt loads even without a screen: the library's file, and the Debian packages that may hold it.
OFFSCREEN = [
    ("libglib-2.0.so.0", ["libglib2.0-0t64", "libglib2.0-0"]),
    ("libgthread-2.0.so.0", ["libglib2.0-0t64", "libglib2.0-0"]),
    ("libEGL.so.1", ["libegl1"]),
    ("libGL.so.1", ["libgl1"]),
    ("libxkbcommon.so.0", ["libxkbcommon0"]),
    ("libdbus-1.so.3", ["libdbus-1-3"]),
    ("libfontconfig.so.1", ["libfontconfig1"]),
    ("libfreetype.so.6", ["libfreetype6"]),
]
# What a window on X11 needs besides.
WINDOW = [
    ("libX11-xcb.so.1", ["libx11-xcb1"]),
    ("libxcb-cursor.so.0", ["libxcb-cursor0"]),
    ("libxcb-icccm.so.4", ["libxcb-icccm4"]),
    ("libxcb-image.so.0", ["libxcb-image0"]),
    ("libxcb-keysyms.so.1", ["libxcb-keysyms1"]),
    ("libxcb-randr.so.0", ["libxcb-randr0"]),
    ("libxcb-render.so.0", ["libxcb-render0"]),
    ("libxcb-render-util.so.0", ["libxcb-render-util0"]),
    ("libxcb-shape.so.0", ["libxcb-shape0"]),
    ("libxcb-shm.so.0", ["libxcb-shm0"]),
    ("libxcb-sync.so.1", ["libxcb-sync1"]),
    ("libxcb-util.so.1", ["libxcb-util1"]),
    ("libxcb-xfixes.so.0", ["libxcb-xfixes0"]),
    ("libxcb-xkb.so.1", ["libxcb-xkb1"]),
    ("libxkbcommon-x11.so.0", ["libxkbcommon-x11-0"]),
]
FONTS = [("a font with Chinese characters", ["fonts-noto-cjk"])]
# The tests open packages in LibreOffice, which checks our signatures independently, and drive a real window.
TESTS = [
    ("Xvfb", ["xvfb"]),
    ("xdotool", ["xdotool"]),
    ("soffice", ["libreoffice-calc-nogui"]),
    ("LibreOffice's Python bridge", ["python3-uno"]),
    ("certutil", ["libnss3-tools"]),
]
# Installers are built on Debian, as root; what each needs besides, its module brings into a folder of its own.
INSTALLER = {
    "windows": [
        ("debootstrap", ["debootstrap"]),
        ("unshare", ["util-linux"]),
        ("dpkg-deb", ["dpkg"]),
        ("makensis", ["nsis"]),
        ("x86_64-w64-mingw32-gcc", ["gcc-mingw-w64-x86-64"]),
        ("osslsigncode", ["osslsigncode"]),
        ("Xvfb", ["xvfb"]),
    ],
    "linux": [("debootstrap", ["debootstrap"])],
}
PACKAGING = {"windows": "windows", "linux": "debian"}
CHINESE_FONT = re.compile(
    r"cjk|wqy|source-?han|simsun|simhei|msyh|deng|fandol|uming|ukai|pingfang|harmony|fallback", re.IGNORECASE
)


def on_path(program):
    folders = os.environ.get("PATH", "").split(os.pathsep) + ["/usr/bin", "/usr/local/bin"]
    return any(os.access(os.path.join(folder, program), os.X_OK) for folder in folders if folder)


def has_library(name):
    try:
        import ctypes

        ctypes.CDLL(name)
    except ImportError:
        return True  # this Python cannot tell; if the library is missing, Qt will name it
    except OSError:
        return False
    return True


def has_chinese_font():
    if on_path("fc-list"):
        return bool(subprocess.check_output(["fc-list", ":lang=zh", "family"]).strip())
    for folder in ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts"):
        for _, _, files in os.walk(os.path.expanduser(folder)):
            if any(CHINESE_FONT.search(name) for name in files):
                return True
    return False


def has_uno():
    with open(os.devnull, "w") as nothing:
        return (
            os.path.exists("/usr/bin/python3")
            and subprocess.call(["/usr/bin/python3", "-c", "import uno"], stdout=nothing, stderr=nothing) == 0
        )


def has_soffice():
    """Debian's soffice may be there without Calc; one from elsewhere is always whole."""
    debian = "/usr/lib/libreoffice/program/"
    return on_path("soffice") and (not os.path.isdir(debian) or os.path.exists(debian + "libsclo.so"))


def is_there(what):
    if what in ("soffice", "LibreOffice's Python bridge", "a font with Chinese characters"):
        return {"s": has_soffice, "L": has_uno, "a": has_chinese_font}[what[0]]()
    return has_library(what) if ".so." in what else on_path(what)


def known_to_apt(package):
    child = subprocess.Popen(["apt-cache", "show", package], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return bool(child.communicate()[0].strip())


def packages_of(missing):
    """One Debian package for each missing thing: the first of its names that this release knows."""
    chosen = []
    for _, names in missing:
        name = next((name for name in names if known_to_apt(name)), names[-1])
        if name not in chosen:
            chosen.append(name)
    return chosen


def is_root():
    return hasattr(os, "geteuid") and os.geteuid() == 0


def install_command(packages):
    return ["apt-get", "install", "-y", "--no-install-recommends"] + packages


def apt_install(missing):
    """As root on a Debian: install what is missing.  Never fails; whoever asked looks again afterwards."""
    env = environment(DEBIAN_FRONTEND="noninteractive")
    wait = ["-o", "DPkg::Lock::Timeout=600"]
    if not apt_install.updated:
        say("reading the system's package lists (apt-get update)")
        call(["apt-get", "update", "-qq"] + wait, env)
        apt_install.updated = True
    packages = packages_of(missing)
    say("installing system packages: " + " ".join(packages))
    command = install_command(packages)
    if call(command[:2] + ["-qq", "-o", "Dpkg::Use-Pty=0"] + wait + command[2:], env) != 0:
        say("apt-get did not manage that; its own words stand above")


apt_install.updated = False


def need(things, why, required=True):
    """See that the system has these things: install them as root, else say how, and stop if they are required."""
    if not LINUX:
        return
    missing = [thing for thing in things if not is_there(thing[0])]
    if missing and is_root() and on_path("apt-get"):
        apt_install(missing)
        missing = [thing for thing in missing if not is_there(thing[0])]
    if not missing:
        return
    sentence = "{0} needs what this system lacks: {1}.".format(why, ", ".join(what for what, _ in missing))
    if on_path("apt-get"):
        command = " ".join(install_command(packages_of(missing)))
        sentence += "\n      sudo apt-get update && sudo " + command
    if required:
        raise Stop(sentence)
    say(sentence + "\n      Going on without; what depends on it will fail and say so.")


def has_screen():
    return not LINUX or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


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
