"""The tools for building on Debian what runs on Windows: Wine in a folder of its own, and a CPython for Windows."""

from __future__ import annotations

import os
import shutil
import sys
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import common
from common import LOCK, ROOT, Stop, say

CACHE = Path(os.environ.get("TAIZHANG_CACHE", "/var/tmp/taizhang-build")) / "windows"
SUITE = "trixie"
"""Its Wine, 10, is the first that runs Qt 6 unaided."""
WINE_PACKAGES = ["wine", "wine64", "fonts-wqy-zenhei", "ca-certificates", "locales"]
LIBRARY_SUITE = "bookworm"
LIBRARY_PACKAGES = ["libpython3.11-minimal", "libpython3.11-stdlib"]
"""Python's own modules, which are the same text for every system; the wheel has the compiled part only."""
PYTHON = "3.11"
PYTHON_FULL = "3.11.9"
"""Of python311.dll in the wheel that requirements-windows.lock pins."""
WINDOWS_LOCK = ROOT / "build" / "requirements-windows.lock"
PROGRAM = "taizhang-desk.exe"
CONSOLE = "taizhang.exe"
TARGET = {
    "implementation_name": "cpython",
    "implementation_version": PYTHON_FULL,
    "os_name": "nt",
    "platform_machine": "AMD64",
    "platform_python_implementation": "CPython",
    "platform_release": "10",
    "platform_system": "Windows",
    "platform_version": "10.0.19045",
    "python_full_version": PYTHON_FULL,
    "python_version": PYTHON,
    "sys_platform": "win32",
    "extra": "",
}
PIP_TARGET = [
    "--only-binary=:all:",
    "--platform",
    "win_amd64",
    "--python-version",
    PYTHON,
    "--implementation",
    "cp",
]


# The Debian folder with Wine ---------------------------------------------------------------------------------------


def chroot_folder() -> Path:
    """A Debian of the release whose Wine we need; made once, kept in the cache."""
    folder = CACHE / SUITE
    recipe = common.digest_of(SUITE, " ".join(WINE_PACKAGES), "2")
    stamp = CACHE / f"{SUITE}.made"
    if stamp.exists() and stamp.read_text() == recipe:
        return folder
    mirror = common.debian_mirror()
    say(f"making a Debian {SUITE} with Wine below {CACHE} (some 200 MB to fetch, once)")
    stamp.unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    env = {**os.environ, **common.apt_proxy_environment()}
    command = ["debootstrap", "--variant=minbase", SUITE, str(folder), mirror]
    common.run(command, env=env, log=CACHE / "debootstrap.log")
    # Services that a package wants to start have nothing to do here.
    policy = folder / "usr" / "sbin" / "policy-rc.d"
    policy.write_text("#!/bin/sh\nexit 101\n")
    policy.chmod(0o755)
    proxies = common.apt_proxy_environment()
    for scheme, proxy in proxies.items():
        name = scheme.split("_")[0]
        with (folder / "etc" / "apt" / "apt.conf.d" / "90proxy").open("a") as file:
            file.write(f'Acquire::{name}::Proxy "{proxy}";\n')
    script = (
        "export DEBIAN_FRONTEND=noninteractive; apt-get update -qq && "
        f"apt-get install -y -qq --no-install-recommends {' '.join(WINE_PACKAGES)} && "
        "localedef -i zh_CN -f UTF-8 zh_CN.UTF-8 && apt-get clean"
    )
    inside(folder, script, log=CACHE / "chroot.log", timeout=1800)
    stamp.write_text(recipe)
    return folder


def inside_command(folder: Path, script: str, binds: Mapping[Path, str]) -> list[str]:
    """A shell in the folder, in namespaces of its own: nothing stays mounted or running when it has ended."""
    steps = ["set -e", f'mount -t proc proc "{folder}/proc"']
    for source, target in binds.items():
        steps.append(f'mkdir -p "{folder}{target}"; mount --bind "{source}" "{folder}{target}"')
    steps.append(f'exec chroot "{folder}" /bin/sh -c "$1"')
    return [
        *("unshare", "--mount", "--pid", "--fork", "--kill-child"),
        *("sh", "-c", "; ".join(steps), "sh", script),
    ]


def inside(
    folder: Path, script: str, *, log: Path, timeout: float, binds: Mapping[Path, str] | None = None
) -> None:
    env = {
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "LC_ALL": "C.UTF-8",
        "HOME": "/root",
    }
    common.run(inside_command(folder, script, binds or {}), env=env, log=log, timeout=timeout)


class Wine:
    """Windows programs run in the Debian folder; `work` is /build there, and Z:\\build to them."""

    def __init__(self, folder: Path, work: Path, prefix: str = "prefix", locale: str = "C.UTF-8") -> None:
        self.folder = folder
        self.work = work
        self.prefix = prefix
        self.env = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": "/build/home",
            "WINEPREFIX": f"/build/{prefix}",
            "WINEARCH": "win64",
            # No offers to download what Wine would like to have, no menu entries on this machine.
            "WINEDLLOVERRIDES": "mscoree=;mshtml=;winemenubuilder.exe=",
            "WINEDEBUG": os.environ.get("WINEDEBUG", "-all"),
            "LC_ALL": locale,
            "PYTHONUTF8": "0",
        }

    def start(self) -> None:
        (self.work / "home").mkdir(parents=True, exist_ok=True)
        if not (self.work / self.prefix / "system.reg").exists():
            self.shell("wineboot --init", timeout=300, log="wineboot.log")

    def command(self, script: str) -> list[str]:
        # The registry is written when wineserver ends, so it is waited for.
        script = f"{script}; status=$?; wineserver --wait; exit $status"
        return inside_command(self.folder, script, {self.work: "/build"})

    def shell(self, script: str, *, timeout: float, log: str, env: Mapping[str, str] | None = None) -> str:
        path = self.work / "log" / log
        common.run(
            self.command(f"timeout {timeout:.0f} {script}"),
            env={**self.env, **(env or {})},
            log=path,
            timeout=timeout + 60,
        )
        return path.read_text("utf-8", "replace")


# A Python for Windows ----------------------------------------------------------------------------------------------


def pip(*arguments: object, log: str) -> None:
    env = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    env["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    common.run(
        [sys.executable, "-m", "pip", "--no-input", *map(str, arguments)], env=env, log=CACHE / "log" / log
    )


def program_pins() -> list[common.Pin]:
    """What the program needs on Windows.  pip itself stands in the lock for sqlite-utils, and stays out."""
    pins = common.pins_for(common.read_lock(LOCK.read_text("utf-8")), TARGET)
    return [pin for pin in pins if pin.name != "pip"]


def build_pins() -> list[common.Pin]:
    return common.pins_for(common.read_lock(WINDOWS_LOCK.read_text("utf-8")), TARGET)


def wheels() -> Path:
    """Every wheel that both locks pin for Windows, each one's hash checked by pip."""
    folder = CACHE / f"wheels-{common.digest_of(LOCK, WINDOWS_LOCK)}"
    if folder.is_dir():
        return folder
    say("fetching the wheels for Windows (some 180 MB the first time)")
    making = folder.with_suffix(".new")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    for name, pins in (("program", program_pins()), ("build", build_pins())):
        file = making / f"{name}.txt"
        file.write_text(common.requirements(pins), encoding="utf-8")
        pip(
            *("download", "--require-hashes", "--no-deps", *PIP_TARGET, "-r", file, "-d", making / name),
            log=f"pip-{name}.log",
        )
    making.rename(folder)
    return folder


def wheel(folder: Path, name: str) -> Path:
    found = sorted(folder.glob(f"build/{name}-*.whl"))
    if len(found) != 1:
        raise Stop(f"one wheel of {name} was to be among those for Windows, but there are {len(found)}.")
    return found[0]


def use_pefile(folder: Path) -> None:
    """pefile reads Windows' executables; it is taken out of its wheel, which is an archive Python can import from."""
    path = str(wheel(folder, "pefile"))
    if path not in sys.path:
        sys.path.insert(0, path)


STUB = """\
#include <wchar.h>
extern int Py_Main(int, wchar_t **);
int wmain(int argc, wchar_t **argv) { return Py_Main(argc, argv); }
"""


def forwarder(exports: Iterable[tuple[str, bool]], library: str) -> str:
    """The definition of a library that hands every name on to another: python3.dll of python311.dll."""
    lines = [f"{name}={library}.{name}{' DATA' if data else ''}" for name, data in sorted(exports)]
    return "LIBRARY python3.dll\nEXPORTS\n" + "".join(f"  {line}\n" for line in lines)


def compile_stubs(python: Path, work: Path) -> None:
    """What the wheel lacks: python.exe, and python3.dll, through which modules for every Python 3 reach this one."""
    import pefile

    work.mkdir(parents=True, exist_ok=True)
    (work / "python.c").write_text(STUB)
    image = pefile.PE(str(python / "python311.dll"), fast_load=True)
    image.parse_data_directories(pefile.DIRECTORY_ENTRY["IMAGE_DIRECTORY_ENTRY_EXPORT"])
    code = [section for section in image.sections if section.Name.startswith(b".text")]
    names = [
        (symbol.name.decode(), not any(section.contains_rva(symbol.address) for section in code))
        for symbol in image.DIRECTORY_ENTRY_EXPORT.symbols
        if symbol.name
    ]
    (work / "python3.def").write_text(forwarder(names, "python311"))
    gcc = ["x86_64-w64-mingw32-gcc", "-O2", "-s", "-Wl,--no-insert-timestamp"]
    common.run([*gcc, "-municode", work / "python.c", python / "python311.dll", "-o", python / "python.exe"])
    # The linker would choose the library's address by the name of the folder it stands in.
    gcc += ["-shared", "-nostdlib", "-nostartfiles", "-e", "0", "-Wl,--disable-auto-image-base"]
    common.run([*gcc, work / "python3.def", "-o", python / "python3.dll"])


def library_packages(folder: Path) -> Path:
    """Debian's packages of Python's own modules, by apt, which checks their signatures."""
    target = CACHE / "library"
    if target.is_dir() and len(list(target.glob("*.deb"))) == len(LIBRARY_PACKAGES):
        return target
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    line = f"deb {common.debian_mirror()} {LIBRARY_SUITE} main"
    (target / "library.list").write_text(line + "\n")
    options = (
        "-o Dir::Etc::sourcelist=/library/library.list -o Dir::Etc::sourceparts=- -o APT::Sandbox::User=root"
    )
    packages = " ".join(LIBRARY_PACKAGES)
    script = f"cd /library && apt-get {options} update -qq && apt-get {options} download -q {packages}"
    inside(folder, script, log=CACHE / "log" / "library.log", timeout=600, binds={target: "/library"})
    return target


LEFT_OUT = {"test", "idlelib", "tkinter", "lib-dynload", "ensurepip", "turtledemo", "__pycache__", "lib2to3"}


def windows_python(folder: Path, wheels_folder: Path) -> Path:
    """A folder with a CPython for Windows and every wheel in its place."""
    recipe = common.digest_of(LOCK, WINDOWS_LOCK, STUB, "5")
    python = CACHE / f"python-{recipe}"
    if python.is_dir():
        return python
    say(f"putting together CPython {PYTHON_FULL} for Windows")
    making = CACHE / "python.new"
    shutil.rmtree(making, ignore_errors=True)
    (making / "DLLs").mkdir(parents=True)
    with zipfile.ZipFile(wheel(wheels_folder, "panda3d")) as archive:
        for name in archive.namelist():
            base = name.rsplit("/", 1)[-1]
            if not name.startswith("deploy_libs/") or base.startswith(
                ("api-ms-win-", "tcl", "tk", "_tkinter")
            ):
                continue
            place = making / "DLLs" / base if base.endswith(".pyd") else making / base.lower()
            place.write_bytes(archive.read(name))
    unpacked = CACHE / "library.unpacked"
    shutil.rmtree(unpacked, ignore_errors=True)
    for package in sorted(library_packages(folder).glob("*.deb")):
        common.run(["dpkg-deb", "-x", package, unpacked])
    source = unpacked / "usr" / "lib" / f"python{PYTHON}"
    shutil.copytree(
        source,
        making / "Lib",
        ignore=lambda where, names: [
            name
            for name in names
            if name in LEFT_OUT
            or name.startswith(("config-", "_sysconfigdata"))
            or (Path(where) / name).is_symlink()
        ],
    )
    packages = making / "Lib" / "site-packages"
    packages.mkdir(exist_ok=True)
    compile_stubs(making, CACHE / "stubs")
    names = [*sorted((wheels_folder / "program").glob("*.whl"))]
    names += [
        path
        for path in sorted((wheels_folder / "build").glob("*.whl"))
        if not path.name.startswith("panda3d-")
    ]
    pip(
        *("install", "--no-deps", "--no-index", "--no-compile", *PIP_TARGET, "--target", packages, *names),
        log="pip-install.log",
    )
    # The C++ libraries of Microsoft come with Qt's wheel; every extension finds them beside python.exe.
    for library in sorted((packages / "shiboken6").glob("*140*.dll")):
        shutil.copy2(library, making / library.name.lower())
    making.rename(python)
    return python
