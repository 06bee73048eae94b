"""The Windows installer, built on Debian: `python3 build/make.py installer --target windows`.

A genuine CPython for Windows is put together from a wheel, PyInstaller freezes the program with it under Wine in a
folder with a Debian of its own, and NSIS packs the result.  See README.md beside make.py for the whole story.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import common
from common import DIST, OUT, ROOT, Stop, say
from windows_audit import audit, missing_modules
from windows_pack import (
    bundled_parts,
    gather_licences,
    installer_name,
    make_installer,
    make_portable,
    portable_name,
    sign,
    version_numbers,
)
from windows_tools import CACHE, CONSOLE, PROGRAM, Wine, chroot_folder, use_pefile, wheels, windows_python


class Paths(NamedTuple):
    """What the toolchain's steps made."""

    folder: Path
    wheels: Path
    python: Path


# Freezing ----------------------------------------------------------------------------------------------------------


def version_resource(version: str, file_name: str, description: str) -> str:
    """The properties that Explorer shows of an executable, as PyInstaller reads them."""
    numbers = version_numbers(version)
    strings = {
        "CompanyName": common.NAME,
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


def make_icon(resources: Path, target: Path) -> None:
    """The program's icon in every size that Windows asks for, drawn from the same SVG that the program shows."""
    own = sorted((resources / "app").glob("*.ico"))
    if own:
        shutil.copyfile(own[0], target)
        return
    drawing = resources / "app" / "taizhang.svg"
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


def freeze(wine: Wine, tools: Paths, when: int) -> Path:
    """The program as a folder with two executables, of the sources below `work`."""
    work = wine.work
    version = common.version()
    assets = work / "assets"
    shutil.rmtree(assets, ignore_errors=True)
    assets.mkdir()
    gather_licences(tools.wheels, tools.folder, assets / "licences")
    make_icon(work / "source" / "resources", assets / "taizhang.ico")
    for file, description in ((PROGRAM, common.NAME), (CONSOLE, f"{common.NAME}（命令行）")):
        text = version_resource(version, file, description)
        (assets / f"{file.removesuffix('.exe')}.version").write_text(text, encoding="utf-8")
    shutil.rmtree(work / "python", ignore_errors=True)
    shutil.copytree(tools.python, work / "python")
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


def frozen_modules(contents: str) -> list[str]:
    """The modules in PyInstaller's archive, by the list it keeps: a path, and a tuple for each."""
    _, entries, *_ = ast.literal_eval(contents)
    return [name for name, _, _ in entries]


# The verb ----------------------------------------------------------------------------------------------------------


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


def toolchain() -> Paths:
    folder = chroot_folder()
    wheels_folder = wheels()
    use_pefile(wheels_folder)
    return Paths(folder, wheels_folder, windows_python(folder, wheels_folder))


def frozen(tools: Paths, work: Path, when: int) -> Path:
    """The bundle, looked over, signed and with one time everywhere."""
    bundle = freeze(Wine(tools.folder, work), tools, when)
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


def release(tools: Paths, bundle: Path, work: Path, folder: Path, when: int) -> None:
    """Everything that is handed out, in one folder."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"taizhang-{common.version()}-windows-x64"
    installer = folder / installer_name()
    make_installer(bundle, work, installer, when)
    portable = folder / portable_name()
    make_portable(bundle, portable, when)
    bom = folder / f"{stem}.cdx.json"
    modules = frozen_modules((work / "pyinstaller" / "taizhang" / "PYZ-00.toc").read_text("utf-8"))
    parts = bundled_parts(tools.wheels, bundle, modules)
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


def warn_of_changes() -> None:
    """A release is made of what is committed; anything else is for trying things out."""
    command = ["git", "-C", str(ROOT), "status", "--porcelain"]
    shown = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    if shown:
        say(f"this checkout has {len(shown.splitlines())} changes that are not committed; they go in too")


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


def build_again(tools: Paths, work: Path, when: int) -> None:
    """The same sources a second time, with a fresh Wine, and what came out differently."""
    again = CACHE / "again"
    shutil.rmtree(again, ignore_errors=True)
    shutil.copytree(work / "source", again / "source")
    release(tools, frozen(tools, again, when), again, again / "dist", when)
    differing = compare(work / "frozen" / "taizhang", again / "frozen" / "taizhang")
    made = common.files_below(again / "dist")
    differing += [path.name for path in made if common.sha256(DIST / path.name) != common.sha256(path)]
    if differing:
        say("the second build differs in: " + ", ".join(differing))
    else:
        say(f"the second build is the same, byte for byte: {len(made)} products and every file in them")


def build(options: argparse.Namespace) -> int:
    when = common.source_date_epoch()
    warn_of_changes()
    tools = toolchain()
    work = CACHE / "work"
    if options.smoke:
        bundle = work / "frozen" / "taizhang"
        if options.twice or not (DIST / installer_name()).is_file() or not bundle.is_dir():
            raise Stop("there is no installer yet to try out.")
    else:
        work.mkdir(parents=True, exist_ok=True)
        copy_sources(work / "source")
        bundle = frozen(tools, work, when)
        if options.freeze_only:
            copy = OUT / "windows" / "taizhang"
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(bundle, copy)
            say(f"the folder stands in {copy}")
            return 0
        release(tools, bundle, work, DIST, when)
    if options.twice:
        build_again(tools, work, when)
    if not options.no_smoke:
        import windows_smoke

        wine = Wine(tools.folder, work, windows_smoke.PREFIX, "zh_CN.UTF-8")
        windows_smoke.Smoke(wine, bundle, DIST, OUT / "windows").run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
