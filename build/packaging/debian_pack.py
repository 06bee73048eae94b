"""Packing the frozen folder: the Debian package and the portable archive."""

from __future__ import annotations

import gzip
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import common
import debian_parts
from common import ROOT, Stop, say
from debian_folder import LOGS
from debian_kitchen import LINUX
from debian_parts import HOME, PACKAGE

ICON_SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)


def drawing() -> str:
    path = ROOT / "resources" / "app" / "taizhang.svg"
    if path.is_file():
        return path.read_text("utf-8")
    import windows

    return windows.FALLBACK_ICON


def draw_icons(target: Path) -> None:
    script = (
        "import sys\n"
        "from PySide6.QtCore import QByteArray\n"
        "from PySide6.QtGui import QGuiApplication, QImage, QPainter\n"
        "from PySide6.QtSvg import QSvgRenderer\n"
        "application = QGuiApplication([])\n"
        "renderer = QSvgRenderer(QByteArray(sys.stdin.buffer.read()))\n"
        "assert renderer.isValid()\n"
        "for size, file in zip(map(int, sys.argv[1::2]), sys.argv[2::2]):\n"
        "    image = QImage(size, size, QImage.Format.Format_ARGB32)\n"
        "    image.fill(0)\n"
        "    painter = QPainter(image)\n"
        "    renderer.render(painter)\n"
        "    painter.end()\n"
        "    assert image.save(file, 'PNG')\n"
    )
    words = []
    for size in ICON_SIZES:
        file = target / f"{size}x{size}" / "apps" / f"{PACKAGE}.png"
        file.parent.mkdir(parents=True)
        words += [str(size), str(file)]
    text = drawing()
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-c", script, *words]
    if subprocess.run(command, input=text.encode(), env=env, check=False).returncode != 0:
        raise Stop("the icon could not be drawn.")
    scalable = target / "scalable" / "apps" / f"{PACKAGE}.svg"
    scalable.parent.mkdir(parents=True)
    scalable.write_text(text, encoding="utf-8")


def package_tree(root: Path, bundle: Path, needs: list[str], when: int) -> None:
    """Everything as it will stand on the disk, and DEBIAN/ beside it."""
    version = common.version()
    shutil.copytree(bundle, root / HOME)
    (root / HOME / "LICENSE").unlink()
    for name in (PACKAGE, f"{PACKAGE}-desk"):
        link = root / "usr" / "bin" / name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(f"../lib/{PACKAGE}/{name}")
    share = root / "usr" / "share"
    draw_icons(share / "icons" / "hicolor")
    (share / "applications").mkdir()
    shutil.copyfile(LINUX / "taizhang.desktop", share / "applications" / debian_parts.DESKTOP_ENTRY)
    documents = share / "doc" / PACKAGE
    documents.mkdir(parents=True)
    licence = (ROOT / "LICENSE").read_text("utf-8")
    (documents / "copyright").write_text(debian_parts.copyright_file(licence), encoding="utf-8")
    log = gzip.compress(debian_parts.changelog(version, when).encode(), 9, mtime=0)
    (documents / "changelog.gz").write_bytes(log)
    overrides = share / "lintian" / "overrides" / PACKAGE
    overrides.parent.mkdir(parents=True)
    overrides.write_text(debian_parts.LINTIAN_OVERRIDES)
    size = sum(path.stat().st_size for path in common.files_below(root)) // 1024
    files = [path for path in common.files_below(root) if not path.is_symlink()]
    sums = "".join(f"{md5(path)}  {path.relative_to(root).as_posix()}\n" for path in files)
    (root / "DEBIAN").mkdir()
    (root / "DEBIAN" / "control").write_text(debian_parts.control(version, size, needs), encoding="utf-8")
    (root / "DEBIAN" / "md5sums").write_text(sums)
    for path in [root, *root.rglob("*")]:
        if path.is_dir():
            path.chmod(0o755)
        elif not path.is_symlink() and not path.stat().st_mode & stat.S_IXUSR:
            path.chmod(0o644)


def md5(path: Path) -> str:
    import hashlib

    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def write_package(work: Path, bundle: Path, needs: list[str], when: int, file: Path) -> None:
    root = work / "package"
    package_tree(root, bundle, needs, when)
    common.set_times(root, when)
    command = ["nice", "dpkg-deb", "--root-owner-group", "-Zxz", "--build", root, file]
    common.run(command, env={**os.environ, "SOURCE_DATE_EPOCH": str(when)})


def write_portable(work: Path, bundle: Path, when: int, file: Path) -> None:
    """The folder for a stick, as an archive that keeps what may be run."""
    folder = work / "portable" / common.NAME
    shutil.copytree(bundle, folder)
    (folder / "portable.txt").write_text(debian_parts.PORTABLE, encoding="utf-8")
    common.set_times(folder, when)
    tar = [
        "tar",
        "--sort=name",
        "--owner=0",
        "--group=0",
        "--numeric-owner",
        "--format=gnu",
        f"--mtime=@{when}",
    ]
    env = {**os.environ, "XZ_OPT": "-6 -T2", "LC_ALL": "C.UTF-8"}
    common.run(["nice", *tar, "-C", folder.parent, "-cJf", file, folder.name], env=env)


def run_lintian(package: Path) -> None:
    """What Debian's own checker says; errors stop the build."""
    command = ["nice", "lintian", "--allow-root", "--fail-on", "error", package]
    common.run(command, log=LOGS / "lintian.log", timeout=900)
    for line in (LOGS / "lintian.log").read_text("utf-8", "replace").splitlines():
        say(f"lintian: {line}")
