"""Freezing the Linux program: PyInstaller in the old Debian, the input plugin for fcitx made to fit, and what every
library of the result asks for."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import common
import debian_parts
from common import ROOT, say
from debian_folder import inside
from debian_kitchen import LINUX, PREFIX, input_plugin
from debian_parts import SHIM, Library

SOURCES_OF_OURS = (
    "desktop_app",
    "resources",
    "db",
    "docs/manual",
    "build/packaging",
    "LICENSE",
    "CHANGELOG.md",
)


# A compiled catalogue notes when it was made; ours say the release's time.
COMPILE_CATALOGUES = """
import datetime, pathlib, sys
import check_catalogue
read = check_catalogue.read
def dated(path):
    catalogue = read(path)
    catalogue.creation_date = datetime.datetime.fromtimestamp(int(sys.argv[2]), datetime.timezone.utc)
    return catalogue
check_catalogue.read = dated
check_catalogue.compile_all(pathlib.Path(sys.argv[1]))
"""


def copy_sources(target: Path, when: int) -> None:
    """What goes into the program, without what running it from the checkout left behind."""
    for name in SOURCES_OF_OURS:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(
                source, target / name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc", "*.mo")
            )
        elif source.is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target / name)
    env = {**os.environ, "PYTHONPATH": str(ROOT / "build")}
    common.run(
        [sys.executable, "-c", COMPILE_CATALOGUES, target / "resources" / "locale", str(when)], env=env
    )


def freeze(folder: Path, work: Path, wheels_folder: Path, when: int) -> Path:
    """The program as a folder."""
    copy_sources(work / "source", when)
    common.set_times(work / "source", when)
    say("freezing the program with PyInstaller (some two minutes)")
    began = time.monotonic()
    python = "/build/venv/bin/python"
    inside(
        folder,
        f"""
        {PREFIX}/bin/python3 -m venv --without-pip /build/venv
        {python} "$(echo /wheels/program/pip-*.whl)/pip" install -q --no-index --no-deps --no-compile --no-cache-dir \\
            --disable-pip-version-check --root-user-action=ignore $(ls /wheels/program/*.whl /wheels/build/*.whl)
        cd /build
        {python} -m PyInstaller --noconfirm --clean --log-level WARN --distpath frozen --workpath pyinstaller \\
            source/build/packaging/taizhang-linux.spec
        """,
        log="pyinstaller.log",
        binds={work: "/build", wheels_folder: "/wheels"},
        env={
            "SOURCE_DATE_EPOCH": str(when),
            "PYTHONHASHSEED": "0",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYINSTALLER_CONFIG_DIR": "/build/pyinstaller/cache",
            "TAIZHANG_SOURCE": "/build/source",
            "TAIZHANG_SYSTEM_LIBRARIES": " ".join([*debian_parts.SYSTEM, *debian_parts.OPTIONAL]),
        },
    )
    bundle = work / "frozen" / "taizhang"
    say(f"frozen in {time.monotonic() - began:.0f} s")
    return bundle


def add_input_plugin(folder: Path, work: Path, bundle: Path) -> None:
    """The plugin for fcitx, made to ask our shim for the two functions that old C++ libraries lack."""
    making = work / "fcitx"
    making.mkdir()
    for package in sorted(input_plugin().glob("*.deb")):
        common.run(["dpkg-deb", "-x", package, making / "root"])
    libraries = making / "root" / "usr" / "lib" / "x86_64-linux-gnu"
    plugin = (
        libraries / "qt6" / "plugins" / "platforminputcontexts" / "libfcitx5platforminputcontextplugin.so"
    )
    addons = libraries / "libFcitx5Qt6DBusAddons.so.1"
    for file in (plugin, addons):
        shutil.copyfile(file, making / file.name)
    shutil.copyfile(
        next((work / "venv" / "lib").glob("python3*/site-packages/PySide6/Qt/lib/libQt6WaylandClient.so.6")),
        making / "libQt6WaylandClient.so.6",
    )
    inside(
        folder,
        f"""
        cd /build/fcitx
        g++ -O2 -g0 -fPIC -shared -fvisibility=hidden -Wl,-soname,{SHIM} -Wl,--version-script=/linux/cxx.map \\
            -Wl,--build-id=none -o {SHIM} /linux/cxx.cpp -Wl,--no-as-needed -lstdc++
        strip {SHIM}
        for file in {plugin.name} {addons.name}; do patchelf --replace-needed libstdc++.so.6 {SHIM} $file; done
        patchelf --set-rpath '$ORIGIN/../../lib' {plugin.name}
        patchelf --set-rpath '$ORIGIN' {addons.name}
        """,
        log="fcitx.log",
        binds={work: "/build", LINUX: "/linux"},
    )
    qt = bundle / "_internal" / "PySide6" / "Qt"
    for name in (SHIM, addons.name, "libQt6WaylandClient.so.6"):
        shutil.copyfile(making / name, qt / "lib" / name)
    shutil.copyfile(making / plugin.name, qt / "plugins" / "platforminputcontexts" / plugin.name)


def finish_bundle(work: Path, bundle: Path) -> None:
    shutil.copyfile(LINUX / "taizhang-desk", bundle / "taizhang-desk")
    for name in ("CHANGELOG.md", "LICENSE"):
        shutil.copyfile(work / "source" / name, bundle / name)
    for path in sorted(bundle.rglob("*")):
        if path.is_symlink():
            path.unlink()
        elif path.is_dir():
            path.chmod(0o755)
        else:
            with path.open("rb") as file:
                runs = file.read(2) == b"#!" or (path.parent == bundle and path.name == "taizhang")
            path.chmod(0o755 if runs else 0o644)


def libraries_of(bundle: Path) -> dict[str, Library]:
    """What every ELF file of the bundle asks for."""
    found = {}
    for path in common.files_below(bundle):
        with path.open("rb") as file:
            if file.read(4) != b"\x7fELF":
                continue
        text = subprocess.run(["objdump", "-p", path], capture_output=True, text=True, check=True).stdout
        found[path.relative_to(bundle).as_posix()] = debian_parts.read_objdump(text)
    return found
