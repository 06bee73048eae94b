"""The Windows installer, built on Debian: `python3 build/make.py installer --target windows`.

A genuine CPython for Windows is put together from a wheel, PyInstaller freezes the program with it under Wine in a
folder with a Debian of its own, and NSIS packs the result.  See README.md beside make.py for the whole story.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import common
from common import DIST, HERE, LOCK, OUT, ROOT, Stop, say

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
PUBLISHER = "民生实事台账"
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


# The Debian folder with Wine ----------------------------------------------------------------------------------------


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
    command = ["debootstrap", "--variant=minbase", SUITE, folder, mirror]
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


# A Python for Windows -----------------------------------------------------------------------------------------------


def pip(*arguments: str | Path, log: str) -> None:
    env = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    env["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    common.run([sys.executable, "-m", "pip", "--no-input", *arguments], env=env, log=CACHE / "log" / log)


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
    common.run(
        [
            *gcc,
            "-shared",
            "-nostdlib",
            "-nostartfiles",
            "-e",
            "0",
            work / "python3.def",
            "-o",
            python / "python3.dll",
        ]
    )


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
    script = f"cd /library && apt-get {options} update -qq && apt-get {options} download -q {' '.join(LIBRARY_PACKAGES)}"
    inside(folder, script, log=CACHE / "log" / "library.log", timeout=600, binds={target: "/library"})
    return target


LEFT_OUT = {"test", "idlelib", "tkinter", "lib-dynload", "ensurepip", "turtledemo", "__pycache__", "lib2to3"}


def windows_python(folder: Path, wheels_folder: Path) -> Path:
    """A folder with a CPython for Windows and every wheel in its place."""
    recipe = common.digest_of(LOCK, WINDOWS_LOCK, STUB, "4")
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


# Freezing -----------------------------------------------------------------------------------------------------------


def version_numbers(version: str) -> tuple[int, int, int, int]:
    """`1.2.3` as Windows wants it: four numbers."""
    parts = [int(part) for part in re.findall(r"\d+", version)[:4]]
    first, second, third, fourth = (parts + [0, 0, 0, 0])[:4]
    return first, second, third, fourth


def version_resource(version: str, file_name: str, description: str) -> str:
    """The properties that Explorer shows of an executable, as PyInstaller reads them."""
    numbers = version_numbers(version)
    strings = {
        "CompanyName": PUBLISHER,
        "FileDescription": description,
        "FileVersion": version,
        "InternalName": file_name.removesuffix(".exe"),
        "LegalCopyright": "木兰宽松许可证，第2版",
        "OriginalFilename": file_name,
        "ProductName": common.NAME,
        "ProductVersion": version,
    }
    structs = ", ".join(f"StringStruct({name!r}, {text!r})" for name, text in strings.items())
    # 0804 is simplified Chinese, 04B0 (1200) is Unicode.
    return (
        f"VSVersionInfo(ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3F, flags=0x0, OS=0x40004, "
        "fileType=0x1, subtype=0x0, date=(0, 0)), kids=["
        f"StringFileInfo([StringTable('080404B0', [{structs}])]), "
        "VarFileInfo([VarStruct('Translation', [0x0804, 1200])])])\n"
    )


ICON_SIZES = (16, 20, 24, 32, 40, 48, 64, 128, 256)
FALLBACK_ICON = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="12" fill="#17508F"/>
<g fill="none" stroke="#FFFFFF" stroke-width="4" stroke-linecap="round" stroke-linejoin="round">
<path d="M17 14h30v38H17z"/><path d="M24 25h16M24 34h16"/><path d="M24 43l4 4 8-8"/></g></svg>
"""


def make_icon(target: Path) -> None:
    """The program's icon in every size that Windows asks for, drawn from the same SVG that the program shows."""
    own = sorted((ROOT / "resources" / "app").glob("*.ico"))
    if own:
        shutil.copyfile(own[0], target)
        return
    drawing = ROOT / "resources" / "app" / "taizhang.svg"
    if drawing.is_file():
        text = drawing.read_text("utf-8")
    else:
        text = FALLBACK_ICON
    script = (
        "import io, sys\n"
        "from PySide6.QtCore import QBuffer, QByteArray, QIODevice\n"
        "from PySide6.QtGui import QGuiApplication, QImage, QPainter\n"
        "from PySide6.QtSvg import QSvgRenderer\n"
        "from PIL import Image\n"
        "application = QGuiApplication([])\n"
        "renderer = QSvgRenderer(QByteArray(sys.stdin.buffer.read()))\n"
        "assert renderer.isValid()\n"
        "pictures = []\n"
        "for size in map(int, sys.argv[2:]):\n"
        "    image = QImage(size, size, QImage.Format.Format_ARGB32)\n"
        "    image.fill(0)\n"
        "    painter = QPainter(image)\n"
        "    renderer.render(painter)\n"
        "    painter.end()\n"
        "    buffer = QBuffer()\n"
        "    buffer.open(QIODevice.OpenModeFlag.WriteOnly)\n"
        "    image.save(buffer, 'PNG')\n"
        "    pictures.append(Image.open(io.BytesIO(bytes(buffer.data()))).convert('RGBA'))\n"
        "sizes = [picture.size for picture in pictures]\n"
        "pictures[-1].save(sys.argv[1], format='ICO', sizes=sizes, append_images=pictures[:-1])\n"
    )
    command = [sys.executable, "-c", script, str(target), *map(str, ICON_SIZES)]
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    if subprocess.run(command, input=text.encode(), env=env, check=False).returncode != 0:
        raise Stop("the icon could not be drawn.")


SOURCES = ("desktop_app", "resources", "db", "docs/manual", "build/packaging", "LICENSE")


def copy_sources(target: Path) -> None:
    """What goes into the program, without what running it from the checkout left behind."""
    shutil.rmtree(target, ignore_errors=True)
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(
                source, target / name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc", ".*")
            )
        elif source.is_file():
            shutil.copy2(source, target / name)


def freeze(wine: Wine, python: Path, when: int) -> Path:
    """The program as a folder with two executables."""
    work = wine.work
    version = common.version()
    copy_sources(work / "source")
    assets = work / "assets"
    shutil.rmtree(assets, ignore_errors=True)
    assets.mkdir()
    make_icon(assets / "taizhang.ico")
    for file, description in ((PROGRAM, common.NAME), (CONSOLE, f"{common.NAME}（命令行）")):
        text = version_resource(version, file, description)
        (assets / f"{file.removesuffix('.exe')}.version").write_text(text, encoding="utf-8")
    shutil.rmtree(work / "python", ignore_errors=True)
    shutil.copytree(python, work / "python")
    for made in ("frozen", "pyinstaller"):
        shutil.rmtree(work / made, ignore_errors=True)
    wine.start()
    say("freezing the program with PyInstaller under Wine (some three minutes)")
    began = time.monotonic()
    wine.shell(
        "wine Z:/build/python/python.exe -m PyInstaller --noconfirm --clean --log-level INFO "
        "--distpath Z:/build/frozen --workpath Z:/build/pyinstaller Z:/build/source/build/packaging/taizhang.spec",
        timeout=1500,
        log="pyinstaller.log",
        env={
            "SOURCE_DATE_EPOCH": str(when),
            "PYTHONHASHSEED": "0",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYINSTALLER_CONFIG_DIR": "Z:/build/pyinstaller/cache",
            "TAIZHANG_SOURCE": "Z:/build/source",
            "TAIZHANG_ASSETS": "Z:/build/assets",
        },
    )
    bundle = work / "frozen" / "taizhang"
    say(f"frozen in {time.monotonic() - began:.0f} s")
    return bundle


# The audit ----------------------------------------------------------------------------------------------------------

# Libraries that every Windows 10 and 11 has.  Microsoft's C++ libraries are not among them.
SYSTEM_LIBRARIES = frozenset(
    f"{name}.dll"
    for name in [
        "advapi32",
        "authz",
        "bcrypt",
        "bcryptprimitives",
        "cfgmgr32",
        "comctl32",
        "comdlg32",
        "crypt32",
        "d2d1",
        "d3d11",
        "d3d12",
        "d3d9",
        "dbghelp",
        "dnsapi",
        "dwmapi",
        "dwrite",
        "dxgi",
        "gdi32",
        "gdiplus",
        "imm32",
        "iphlpapi",
        "kernel32",
        "mpr",
        "msimg32",
        "msvcrt",
        "ncrypt",
        "netapi32",
        "ntdll",
        "ole32",
        "oleaut32",
        "powrprof",
        "propsys",
        "psapi",
        "rpcrt4",
        "secur32",
        "setupapi",
        "shcore",
        "shell32",
        "shlwapi",
        "ucrtbase",
        "uiautomationcore",
        "user32",
        "userenv",
        "uxtheme",
        "version",
        "winhttp",
        "winmm",
        "ws2_32",
        "wtsapi32",
    ]
) | {"winspool.drv"}
WINE_MARKS = (b"Wine builtin DLL", b"Wine placeholder DLL")
AMD64 = 0x8664
# Where a library is looked for besides its own folder: PyInstaller's start-up and PySide6 add these.
SEARCHED = ("_internal", "_internal/PySide6", "_internal/shiboken6")


class Image(NamedTuple):
    """What the audit wants to know of one executable or library; places are below the bundle, with slashes."""

    place: str
    machine: int
    imports: Mapping[str, frozenset[str]]
    exports: frozenset[str]


def is_system_library(name: str) -> bool:
    name = name.lower()
    return name in SYSTEM_LIBRARIES or name.startswith(("api-ms-win-", "ext-ms-win-"))


def audit_images(images: Iterable[Image]) -> list[str]:
    """What is wrong with these; Wine finds libraries that Windows does not, so running there proves little."""
    images = list(images)
    by_folder: dict[str, dict[str, Image]] = {}
    for image in images:
        folder, _, name = image.place.rpartition("/")
        by_folder.setdefault(folder, {})[name.lower()] = image
    faults = []
    for image in images:
        if image.machine != AMD64:
            faults.append(f"{image.place}: made for another machine ({image.machine:#x})")
        own = image.place.rpartition("/")[0]
        for library, names in sorted(image.imports.items()):
            found = next(
                (
                    by_folder[folder][library.lower()]
                    for folder in (own, *SEARCHED)
                    if library.lower() in by_folder.get(folder, {})
                ),
                None,
            )
            if found is None:
                if not is_system_library(library):
                    faults.append(f"{image.place}: nobody brings {library}")
            elif names - found.exports:
                faults.append(
                    f"{image.place}: {found.place} has no {', '.join(sorted(names - found.exports)[:3])}"
                )
    return faults


def read_image(bundle: Path, path: Path) -> Image:
    import pefile

    # Qt's libraries export more than pefile reads of itself.
    image = pefile.PE(str(path), fast_load=True, max_symbol_exports=0x10000)
    image.parse_data_directories(
        [
            pefile.DIRECTORY_ENTRY[f"IMAGE_DIRECTORY_ENTRY_{name}"]
            for name in ("IMPORT", "DELAY_IMPORT", "EXPORT")
        ]
    )
    imports: dict[str, frozenset[str]] = {}
    for kind in ("DIRECTORY_ENTRY_IMPORT", "DIRECTORY_ENTRY_DELAY_IMPORT"):
        for entry in getattr(image, kind, []):
            names = frozenset(symbol.name.decode() for symbol in entry.imports if symbol.name)
            library = entry.dll.decode()
            imports[library] = imports.get(library, frozenset()) | names
    table = getattr(image, "DIRECTORY_ENTRY_EXPORT", None)
    exports = (
        frozenset(symbol.name.decode() for symbol in table.symbols if symbol.name) if table else frozenset()
    )
    machine = image.FILE_HEADER.Machine
    image.close()
    return Image(path.relative_to(bundle).as_posix(), machine, imports, exports)


def audit(bundle: Path) -> int:
    """Stop where a library is missing or is Wine's own; returns how many were looked at."""
    faults = []
    images = []
    for path in common.files_below(bundle):
        content = path.read_bytes()
        if any(mark in content for mark in WINE_MARKS):
            faults.append(f"{path.relative_to(bundle).as_posix()}: Wine's own library")
        elif content[:2] == b"MZ":
            images.append(read_image(bundle, path))
    faults += audit_images(images)
    if faults:
        raise Stop("the bundle would not run on Windows:\n        " + "\n        ".join(faults))
    return len(images)


def missing_modules(warnings: str, package: str = "desktop_app") -> list[str]:
    """Of what PyInstaller did not find, the modules that our own code asks for."""
    found = []
    for line in warnings.splitlines():
        match = re.match(r"missing module named '?([\w.]+)'? - imported by (.*)", line)
        if match and re.search(rf"\b{package}[\w.]* \((?!.*?(optional|conditional))", match.group(2)):
            found.append(match.group(1))
    return found


# Signing ------------------------------------------------------------------------------------------------------------


def signing_command(environment: Mapping[str, str], source: Path, target: Path) -> list[str] | None:
    """How to sign a file with the certificate that the environment names, or None without one."""
    certificate, key = environment.get("TAIZHANG_SIGN_CERT"), environment.get("TAIZHANG_SIGN_KEY")
    if not certificate and not key:
        return None
    if not certificate or not key:
        raise Stop("to sign, both TAIZHANG_SIGN_CERT and TAIZHANG_SIGN_KEY must be set.")
    command = ["osslsigncode", "sign", "-certs", certificate, "-key", key]
    if environment.get("TAIZHANG_SIGN_PASSFILE"):
        command += ["-readpass", environment["TAIZHANG_SIGN_PASSFILE"]]
    if environment.get("TAIZHANG_SIGN_PKCS11"):
        # Keys of publishers' certificates live on tokens nowadays; the key is then its PKCS#11 address.
        command += ["-pkcs11module", environment["TAIZHANG_SIGN_PKCS11"]]
    if environment.get("TAIZHANG_SIGN_TIMESTAMP"):
        # With a timestamp the signature outlives the certificate.
        command += ["-ts", environment["TAIZHANG_SIGN_TIMESTAMP"]]
    return [*command, "-h", "sha256", "-n", common.NAME, "-in", str(source), "-out", str(target)]


def sign(path: Path) -> bool:
    """Sign a file in its place, where there is a certificate to sign with."""
    signed = path.with_name(path.name + ".signed")
    command = signing_command(os.environ, path, signed)
    if command is None:
        return False
    signed.unlink(missing_ok=True)
    common.run(command)
    signed.replace(path)
    return True


# Bill of materials --------------------------------------------------------------------------------------------------


def wheel_licence(path: Path) -> str:
    """What a wheel says of its licence: the expression, the field, or the classifiers."""
    from email import message_from_string

    with zipfile.ZipFile(path) as archive:
        name = next(name for name in archive.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", name))
        metadata = message_from_string(archive.read(name).decode("utf-8"))
    licence = metadata.get("License-Expression") or metadata.get("License") or ""
    if not licence or "\n" in licence or len(licence) > 80:
        classifiers = [line for line in metadata.get_all("Classifier", []) if line.startswith("License ::")]
        licence = ", ".join(line.rpartition(" :: ")[2] for line in classifiers) or licence.partition("\n")[0]
    return licence.strip()


def bundled_parts(wheels_folder: Path, python: Path) -> list[common.Part]:
    """What the installed program consists of besides our own code."""
    parts = []
    files = {
        path.name.partition("-")[0].lower().replace("_", "-"): path
        for path in wheels_folder.glob("program/*.whl")
    }
    for pin in program_pins():
        path = files.get(pin.name.lower().replace("_", "-").replace(".", "-"))
        if path is None:
            raise Stop(f"there is no wheel of {pin.name}.")
        parts.append(common.python_part(pin, wheel_licence(path), common.sha256(path)))
    with zipfile.ZipFile(wheel(wheels_folder, "panda3d")) as archive:
        import hashlib

        for name, component, licence in (
            ("python311.dll", "CPython", "PSF-2.0"),
            ("sqlite3.dll", "SQLite", "blessing"),
            ("libcrypto-3.dll", "OpenSSL", "Apache-2.0"),
            ("libffi-8.dll", "libffi", "MIT"),
        ):
            content = archive.read(f"deploy_libs/{name}")
            parts.append(
                common.Part(
                    component,
                    file_version(python / name) or "8",
                    licence=licence,
                    sha256=hashlib.sha256(content).hexdigest(),
                    description=f"{name} of python.org's build, out of panda3d's wheel",
                )
            )
    for package in sorted((CACHE / "library").glob("*.deb")):
        name, version = package.name.split("_")[:2]
        version = version.replace("%3a", ":")
        parts.append(
            common.Part(
                name,
                version,
                purl=f"pkg:deb/debian/{name}@{version}?arch=amd64",
                licence="PSF-2.0",
                sha256=common.sha256(package),
                description="Python's own modules",
            )
        )
    parts.append(
        common.Part(
            "Microsoft Visual C++ runtime",
            file_version(python / "msvcp140.dll") or "14",
            licence="Microsoft Visual C++ redistributable",
            sha256=common.sha256(python / "msvcp140.dll"),
            description="msvcp140.dll and its kin, out of shiboken6's wheel",
        )
    )
    bootloader = next(pin for pin in build_pins() if pin.name == "pyinstaller")
    licence = "GPL-2.0-or-later WITH Bootloader-exception"
    parts.append(common.python_part(bootloader, licence)._replace(description="the executables' first part"))
    return parts


def file_version(path: Path) -> str:
    import pefile

    with pefile.PE(str(path), fast_load=True) as image:
        image.parse_data_directories([pefile.DIRECTORY_ENTRY["IMAGE_DIRECTORY_ENTRY_RESOURCE"]])
        found = getattr(image, "VS_FIXEDFILEINFO", None)
        if not found:
            return ""
        high, low = found[0].FileVersionMS, found[0].FileVersionLS
        return f"{high >> 16}.{high & 0xFFFF}.{low >> 16}"


# The installer ------------------------------------------------------------------------------------------------------


def nsis_plan(files: Iterable[str], source: str, values: Mapping[str, str]) -> str:
    """What windows.nsi includes: names, and each file by itself, in an order that does not depend on the disk."""
    lines = [f'!define {name} "{text}"' for name, text in values.items()]
    places = sorted(files)
    folders = sorted({place.rpartition("/")[0] for place in places})
    lines.append("!macro InstallFiles")
    for folder in folders:
        windows_folder = folder.replace("/", "\\")
        lines.append(f'  SetOutPath "$INSTDIR{chr(92) + windows_folder if folder else ""}"')
        lines += [f'  File "{source}/{place}"' for place in places if place.rpartition("/")[0] == folder]
    lines.append("!macroend")
    lines.append("!macro DeleteFiles")
    windows_places = [place.replace("/", "\\") for place in places]
    lines += [f'  Delete "$INSTDIR\\{place}"' for place in windows_places]
    every = {
        "/".join(folder.split("/")[: depth + 1])
        for folder in folders
        if folder
        for depth in range(folder.count("/") + 1)
    }
    deepest_first = sorted(every, key=lambda folder: (-folder.count("/"), folder))
    lines += ['  RMDir "$INSTDIR\\{}"'.format(folder.replace("/", "\\")) for folder in deepest_first]
    lines.append("!macroend")
    return "﻿" + "\n".join(lines) + "\n"


def mutex() -> str:
    found = re.search(r'^MUTEX = "(\w+)"', (HERE / "launch.py").read_text("utf-8"), re.MULTILINE)
    if not found:
        raise Stop("launch.py names no mutex.")
    return found.group(1)


def installer_name() -> str:
    return f"taizhang-{common.version()}-windows-x64-setup.exe"


def make_installer(bundle: Path, work: Path, target: Path, when: int) -> None:
    folder = work / "installer"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    shutil.copyfile(work / "assets" / "taizhang.ico", folder / "taizhang.ico")
    shutil.copyfile(HERE / "windows.nsi", folder / "windows.nsi")
    licence = (ROOT / "LICENSE").read_text("utf-8").lstrip("﻿")
    (folder / "licence.txt").write_text("﻿" + licence, encoding="utf-8", newline="\r\n")
    files = [path.relative_to(bundle).as_posix() for path in common.files_below(bundle)]
    version = common.version()
    values = {
        "PRODUCT": common.NAME,
        "VERSION": version,
        "NUMBERS": ".".join(map(str, version_numbers(version))),
        "MUTEX": mutex(),
        "ICON": "taizhang.ico",
        "LICENCE": "licence.txt",
        "INSTALLER": installer_name(),
        "KILOBYTES": str(sum(path.stat().st_size for path in common.files_below(bundle)) // 1024),
    }
    if signing_command(os.environ, bundle, bundle) is not None:
        # makensis calls this with the uninstaller, which is written into the installer already signed.
        values["SIGN"] = f'$\\"{sys.executable}$\\" $\\"{HERE / "windows.py"}$\\" --sign $\\"%1$\\"'
    (folder / "plan.nsh").write_text(nsis_plan(files, str(bundle), values), encoding="utf-8")
    common.set_times(folder, when)
    env = {**os.environ, "SOURCE_DATE_EPOCH": str(when), "LC_ALL": "C.UTF-8"}
    say("packing the installer with NSIS")
    command = ["makensis", "-V3", "-WX", "-INPUTCHARSET", "UTF8", "windows.nsi"]
    common.run(command, cwd=folder, env=env, log=work / "log" / "makensis.log", timeout=900)
    sign(folder / installer_name())
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(folder / installer_name(), target)


PORTABLE_NOTE = """\
有了这个文件，程序就是便携版：各单位的数据和程序的设置都放在旁边的“数据”文件夹里，不写到电脑上。
删掉这个文件，程序就和装在电脑上的一样。
"""


def make_portable(bundle: Path, target: Path, when: int) -> None:
    """The same folder to unpack onto a stick, with the file that tells the program to keep everything beside it."""
    top = f"民生实事台账-{common.version()}"
    moment = time.gmtime(when)[:6]
    entries = [
        (path.relative_to(bundle).as_posix(), path.read_bytes()) for path in common.files_below(bundle)
    ]
    entries.append(("portable.txt", ("﻿" + PORTABLE_NOTE).replace("\n", "\r\n").encode()))
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in sorted(entries):
            entry = zipfile.ZipInfo(f"{top}/{name}", moment)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            archive.writestr(entry, content)


# The verb -----------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """One build at a time in one cache."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("another build is at work; waiting for it")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


class Paths(NamedTuple):
    """What the toolchain's steps made."""

    folder: Path
    wheels: Path
    python: Path


def toolchain() -> Paths:
    folder = chroot_folder()
    wheels_folder = wheels()
    use_pefile(wheels_folder)
    return Paths(folder, wheels_folder, windows_python(folder, wheels_folder))


def frozen(tools: Paths, work: Path, when: int) -> Path:
    """The bundle, looked over, signed and with one time everywhere."""
    work.mkdir(parents=True, exist_ok=True)
    bundle = freeze(Wine(tools.folder, work), tools.python, when)
    warnings = (work / "pyinstaller" / "taizhang" / "warn-taizhang.txt").read_text("utf-8", "replace")
    missing = missing_modules(warnings)
    if missing:
        raise Stop("PyInstaller did not find what the program imports: " + ", ".join(missing))
    count = audit(bundle)
    say(f"audit: {count} executables and libraries find all they import in the bundle or in Windows")
    signed = [sign(bundle / name) for name in (PROGRAM, CONSOLE)]
    say("signed" if all(signed) else "not signed: TAIZHANG_SIGN_CERT and TAIZHANG_SIGN_KEY are not set")
    common.set_times(bundle, when)
    size = sum(path.stat().st_size for path in common.files_below(bundle))
    say(f"bundle: {len(common.files_below(bundle))} files, {size / 1e6:.0f} MB, in {bundle}")
    return bundle


def release(tools: Paths, bundle: Path, work: Path, folder: Path, when: int) -> Path:
    """Everything that is handed out, in one folder; returns the installer."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"taizhang-{common.version()}-windows-x64"
    installer = folder / installer_name()
    make_installer(bundle, work, installer, when)
    portable = folder / f"{stem}-portable.zip"
    make_portable(bundle, portable, when)
    bom = folder / f"{stem}.cdx.json"
    parts = bundled_parts(tools.wheels, tools.python)
    common.write_json(bom, common.bill_of_materials("taizhang", common.version(), when, parts))
    inner = folder / f"{stem}.files.sha256"
    files = [(path.relative_to(bundle).as_posix(), path) for path in common.files_below(bundle)]
    inner.write_text(common.hash_list(files), encoding="utf-8")
    products = [installer, portable, bom, inner]
    hashes = common.hash_list((path.name, path) for path in products)
    (folder / f"{stem}.sha256").write_text(hashes, encoding="utf-8")
    for path in products:
        say(f"{path.stat().st_size:>11,}  {path}")
    print(hashes, end="", flush=True)
    return installer


def compare(first: Path, second: Path) -> list[str]:
    """What two builds differ in."""
    ours, theirs = (
        {path.relative_to(folder).as_posix(): common.sha256(path) for path in common.files_below(folder)}
        for folder in (first, second)
    )
    return sorted(name for name in {**ours, **theirs} if ours.get(name) != theirs.get(name))


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make.py installer --target windows")
    parser.add_argument("--freeze-only", action="store_true", help="make the folder, not the installer")
    parser.add_argument("--smoke", action="store_true", help="only try out the installer made last")
    parser.add_argument("--no-smoke", action="store_true", help="do not try it out")
    parser.add_argument("--twice", action="store_true", help="build a second time and name what differs")
    parser.add_argument("--sign", type=Path, metavar="FILE", help="sign one file (makensis calls this)")
    options = parser.parse_args(arguments)
    try:
        if options.sign:
            sign(options.sign)
            return 0
        with alone():
            return build(options)
    except Stop as stop:
        print("make: " + str(stop), file=sys.stderr)
        return 1


def build(options: argparse.Namespace) -> int:
    when = common.source_date_epoch()
    tools = toolchain()
    work = CACHE / "work"
    if options.smoke:
        bundle, installer = work / "frozen" / "taizhang", DIST / installer_name()
        if not installer.is_file() or not bundle.is_dir():
            raise Stop("there is no installer yet to try out.")
    else:
        bundle = frozen(tools, work, when)
        if options.freeze_only:
            copy = OUT / "windows" / "taizhang"
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(bundle, copy)
            say(f"the folder stands in {copy}")
            return 0
        installer = release(tools, bundle, work, DIST, when)
    if options.twice:
        again = CACHE / "again"
        release(tools, frozen(tools, again, when), again, again / "dist", when)
        names = {path.name for path in (again / "dist").iterdir()}
        differing = compare(bundle, again / "frozen" / "taizhang")
        differing += [
            name
            for name in sorted(names)
            if common.sha256(DIST / name) != common.sha256(again / "dist" / name)
        ]
        say(
            "the second build differs in: " + ", ".join(differing)
            if differing
            else "the second build is the same"
        )
    if not options.no_smoke:
        import windows_smoke

        wine = Wine(tools.folder, work, windows_smoke.PREFIX, "zh_CN.UTF-8")
        windows_smoke.Smoke(wine, bundle, installer, OUT / "windows").run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
