"""The Debian package and the portable folder for Linux: `python3 build/make.py installer --target linux`.

In a folder with a Debian old enough for the domestic desktops, CPython and SQLite are compiled from Debian's sources,
PyInstaller freezes the program with them, and dpkg packs the result.  README.md beside this file has the whole story.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import gzip
import os
import re
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent))

import common
import debian_folder
import debian_parts
from common import DIST, HERE, LOCK, OUT, ROOT, Stop, say
from debian_folder import CACHE, KEYRING, LOGS, Apt, inside
from debian_parts import HOME, PACKAGE, PYTHON, SHIM, Library

LINUX = HERE / "linux"
LINUX_LOCK = ROOT / "build" / "requirements-linux.lock"
SUITE = "bullseye"
"""The oldest Debian on the mirrors.  Its glibc is 2.31; python.sh keeps to what 2.28 has."""
SOURCE_SUITE = "bookworm"
"""Has CPython 3.11 with the corrections of its security team."""
SOURCES = ("sqlite3", "python3.11")
PLUGIN_SUITE = "trixie"
"""Has the input plugin for fcitx built for a Qt that is older than ours by one minor version only."""
PLUGIN_PACKAGES = ("fcitx5-frontend-qt6", "libfcitx5-qt6-1")
PREFIX = "/opt/python"

# To compile CPython and SQLite with, and the shim.
COMPILERS = ["build-essential", "pkg-config", "patchelf", "tcl"]
HEADERS = ["zlib1g-dev", "libbz2-dev", "liblzma-dev", "libffi-dev", "libssl-dev", "libexpat1-dev", "uuid-dev"]
# To link Qt's libraries to, of which PyInstaller bundles some.
LIBRARIES = [
    *("libglib2.0-0", "libegl1", "libgl1", "libxkbcommon0", "libdbus-1-3", "libfontconfig1", "libfreetype6"),
    *("libx11-xcb1", "libxcb-cursor0", "libxcb-icccm4", "libxcb-image0", "libxcb-keysyms1", "libxcb-randr0"),
    *(
        "libxcb-render0",
        "libxcb-render-util0",
        "libxcb-shape0",
        "libxcb-shm0",
        "libxcb-sync1",
        "libxcb-util1",
    ),
    *("libxcb-xfixes0", "libxcb-xkb1", "libxkbcommon-x11-0", "libcups2", "libwayland-client0"),
]

PROGRAMS = {
    "debootstrap": "debootstrap",
    "dpkg-deb": "dpkg",
    "dpkg-source": "dpkg-dev",
    "lintian": "lintian",
    "objdump": "binutils",
    "unshare": "util-linux",
    "xz": "xz-utils",
}
ICON_SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
SOURCES_OF_OURS = (
    "desktop_app",
    "resources",
    "db",
    "docs/manual",
    "build/packaging",
    "LICENSE",
    "CHANGELOG.md",
)


def need_root_and_programs() -> None:
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        raise Stop("the Debian package is built on Debian, as root (chroot and mount are needed).")
    missing = sorted({package for program, package in PROGRAMS.items() if not shutil.which(program)})
    if missing:
        say("installing system packages: " + " ".join(missing))
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        log = LOGS / "apt-install.log"
        common.run(["apt-get", "update", "-qq"], env=env, log=log)
        wait = ["-o", "DPkg::Lock::Timeout=600"]
        common.run(
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *wait, *missing], env=env, log=log
        )


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Two builds in one cache would take each other's folders away."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Stop(f"another build is using {CACHE}; wait for it to end.") from None
        yield


# What the program is made with --------------------------------------------------------------------------------------


def fetched(name: str, apt: Apt, packages: tuple[str, ...], *, source: bool) -> Path:
    """Sources or packages in their newest version, kept until there is a newer one."""
    versions = [apt.newest(package, source) for package in packages]
    folder = CACHE / f"{name}-{common.digest_of(*packages, *versions)}"
    if not folder.is_dir():
        for old in CACHE.glob(f"{name}-*"):
            debian_folder.remove(old)
        chosen = [f"{package}={version}" for package, version in zip(packages, versions, strict=True)]
        say(f"fetching {', '.join(chosen)}")
        apt.fetch(["source", "--download-only"] if source else ["download"], chosen, folder)
    return folder


def kitchen() -> tuple[Path, Path]:
    """The old Debian with our CPython in it, and the sources that this was compiled from."""
    folder = debian_folder.bootstrap(SUITE, SUITE, [*COMPILERS, *HEADERS, *LIBRARIES])
    lines = [f"deb-src [signed-by={KEYRING}] {common.debian_mirror()} {SOURCE_SUITE} main"]
    sources = fetched("sources", Apt(SOURCE_SUITE, lines), SOURCES, source=True)
    recipe = common.digest_of(
        (CACHE / f"{SUITE}.made").read_bytes(), sources.name, LINUX / "python.sh", LINUX / "old-glibc.h"
    )
    stamp = folder / PREFIX.lstrip("/") / "made"
    if stamp.exists() and stamp.read_text() == recipe:
        return folder, sources
    say("compiling SQLite and CPython (some five minutes, once)")
    began = time.monotonic()
    shutil.rmtree(folder / PREFIX.lstrip("/"), ignore_errors=True)
    log = inside(
        folder,
        f"sh /linux/python.sh /sources {PREFIX}",
        log="python.log",
        timeout=3600,
        binds={sources: "/sources", LINUX: "/linux"},
    )
    say(f"{log.strip().splitlines()[-1]} in {time.monotonic() - began:.0f} s")
    stamp.write_text(recipe)
    return folder, sources


def pins(lock: Path) -> list[common.Pin]:
    return common.pins_for(common.read_lock(lock.read_text("utf-8")), debian_parts.TARGET)


def wheels() -> Path:
    """Every wheel that both locks pin for Linux, each one's hash checked by pip."""
    folder = CACHE / f"wheels-{common.digest_of(LOCK, LINUX_LOCK)}"
    if folder.is_dir():
        return folder
    say("fetching the wheels (some 120 MB the first time)")
    for old in CACHE.glob("wheels-*"):
        debian_folder.remove(old)
    making = folder.with_suffix(".new")
    debian_folder.remove(making)
    making.mkdir(parents=True)
    env = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    env["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    for name, lock in (("program", LOCK), ("build", LINUX_LOCK)):
        file = making / f"{name}.txt"
        file.write_text(common.requirements(pins(lock)), encoding="utf-8")
        command = [sys.executable, "-m", "pip", "--no-input", "download", "--require-hashes", "--no-deps"]
        command += [*debian_parts.pip_target(), "-r", str(file), "-d", str(making / name)]
        common.run(command, env=env, log=LOGS / f"pip-{name}.log")
    making.rename(folder)
    return folder


def input_plugin() -> Path:
    """Debian's input plugin for fcitx and its library, unpacked."""
    lines = [f"deb [signed-by={KEYRING}] {common.debian_mirror()} {PLUGIN_SUITE} main"]
    return fetched("fcitx", Apt(PLUGIN_SUITE, lines), PLUGIN_PACKAGES, source=False)


# Freezing -----------------------------------------------------------------------------------------------------------


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


# Licences and the bill of materials ---------------------------------------------------------------------------------

LICENCE_FILE = re.compile(r"(licen[cs]e|copying|notice|copyright|authors)", re.IGNORECASE)


def bundled_debian(folder: Path, libraries: dict[str, Library]) -> dict[str, str]:
    """The packages of the old Debian that libraries in the bundle came from, and their versions."""
    names = sorted({path.rsplit("/", 1)[-1] for path in libraries if path.startswith("_internal/lib")})
    # dpkg knows some of them by the old place, /lib, of which /usr/lib has taken over the content.
    script = (
        f"for name in {' '.join(names)}; do\n"
        "file=$(readlink -f /usr/lib/x86_64-linux-gnu/$name)\n"
        '[ ! -e "$file" ] || dpkg -S "$file" 2>/dev/null || dpkg -S "${file#/usr}" 2>/dev/null || true\n'
        "done"
    )
    packages = sorted(
        set(re.findall(r"^([a-z0-9.+-]+)(?::amd64)?: /", inside(folder, script, log="owners.log"), re.M))
    )
    if not packages:
        return {}
    shown = inside(
        folder, "dpkg-query -W -f '${Package} ${Version}\\n' " + " ".join(packages), log="versions.log"
    )
    return dict(line.split() for line in shown.splitlines())


def write_licences(folder: Path, work: Path, bundle: Path, packages: dict[str, str]) -> None:
    target = bundle / "licences"
    site = next((work / "venv" / "lib").glob("python3*/site-packages"))
    for pin in pins(LOCK):
        for info in site.glob("*.dist-info"):
            if info.name.split("-")[0].lower().replace("_", "-") != pin.name.lower() or pin.name == "pip":
                continue
            for path in common.files_below(info):
                if LICENCE_FILE.search(path.name):
                    place = target / pin.name / path.name
                    place.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(path, place)
    for package in packages:
        place = target / package
        place.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / "usr" / "share" / "doc" / package / "copyright", place / "copyright")
    for package in PLUGIN_PACKAGES:
        place = target / package
        place.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(
            work / "fcitx" / "root" / "usr" / "share" / "doc" / package / "copyright", place / "copyright"
        )
    common_licences = folder / "usr" / "share" / "common-licenses"
    for name in ("LGPL-2.1", "LGPL-3", "GPL-2", "GPL-3"):
        shutil.copyfile(common_licences / name, target / name)
    (target / "python").mkdir(exist_ok=True)
    python = folder / PREFIX.lstrip("/") / "lib" / f"python{PYTHON}" / "LICENSE.txt"
    shutil.copyfile(python, target / "python" / "LICENSE.txt")


def materials(sources: Path, wheels_folder: Path, packages: dict[str, str]) -> list[common.Part]:
    """What is in the bundle: wheels, what was compiled, Debian's libraries, the input plugin."""
    parts = []
    for lock, kind in ((LOCK, "program"), (LINUX_LOCK, "build")):
        for pin in pins(lock):
            if pin.name == "pip" or (kind == "build" and pin.name != "pyinstaller"):
                continue
            stem = pin.name.lower().replace("-", "_")
            files = [
                path
                for path in (wheels_folder / kind).glob("*.whl")
                if path.name.lower().startswith(f"{stem}-")
            ]
            parts.append(common.python_part(pin, sha256=common.sha256(files[0]) if files else ""))
    for description in sorted(sources.glob("*.dsc")):
        name, version = description.stem.split("_", 1)
        part = debian_parts.debian_part(name, version, "compiled from Debian's source")
        purl = part.purl.replace(debian_parts.ARCHITECTURE, "source")
        parts.append(part._replace(purl=purl, sha256=common.sha256(description)))
    parts += [debian_parts.debian_part(name, version) for name, version in packages.items()]
    for file in sorted(input_plugin().glob("*.deb")):
        name, version, _ = file.name.replace("%3a", ":").split("_")
        parts.append(debian_parts.debian_part(name, version)._replace(sha256=common.sha256(file)))
    return parts


# Packing ------------------------------------------------------------------------------------------------------------


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


# The whole way ------------------------------------------------------------------------------------------------------


class Made(NamedTuple):
    package: Path
    portable: Path
    bill: Path


def names(target: Path) -> Made:
    version = common.version()
    return Made(
        target / f"{PACKAGE}_{debian_parts.debian_version(version)}_{debian_parts.ARCHITECTURE}.deb",
        target / f"{PACKAGE}-{version}-linux-{debian_parts.ARCHITECTURE}-portable.tar.xz",
        target / f"{PACKAGE}-{version}-linux.cdx.json",
    )


def frozen(kitchen_folder: Path, wheels_folder: Path, work: Path, when: int) -> Path:
    """The program as a folder that needs no Python, input plugin included."""
    debian_folder.remove(work)
    work.mkdir(parents=True)
    bundle = freeze(kitchen_folder, work, wheels_folder, when)
    add_input_plugin(kitchen_folder, work, bundle)
    finish_bundle(work, bundle)
    for path in sorted(debian_parts.superfluous(libraries_of(bundle))):
        (bundle / path).unlink()
    return bundle


def release(
    kitchen_folder: Path,
    sources: Path,
    wheels_folder: Path,
    work: Path,
    bundle: Path,
    target: Path,
    when: int,
) -> Made:
    """The folder packed in both ways, with the bill of materials and the digests."""
    libraries = libraries_of(bundle)
    faults = debian_parts.audit(libraries)
    if faults:
        raise Stop("the bundle would not run everywhere:\n      " + "\n      ".join(faults))
    needs = debian_parts.depends(libraries)
    glibc = debian_parts.dotted(debian_parts.newest(libraries.values(), "GLIBC"))
    say(f"{len(libraries)} libraries; the newest glibc any of them asks for is {glibc}")
    packages = bundled_debian(kitchen_folder, libraries)
    write_licences(kitchen_folder, work, bundle, packages)
    target.mkdir(parents=True, exist_ok=True)
    made = names(target)
    write_package(work, bundle, needs, when, made.package)
    write_portable(work, bundle, when, made.portable)
    parts = materials(sources, wheels_folder, packages)
    common.write_json(made.bill, common.bill_of_materials(PACKAGE, common.version(), when, parts))
    digests = common.hash_list((path.name, path) for path in made)
    made.bill.with_name(f"{PACKAGE}-{common.version()}-linux.sha256").write_text(digests)
    return made


def compare(made: Made, again: Made) -> int:
    """How many of the files differ between two builds."""
    differ = [
        one.name for one, other in zip(made, again, strict=True) if common.sha256(one) != common.sha256(other)
    ]
    for name in differ:
        say(f"differs when built twice: {name}")
    if not differ:
        say("built twice, the same bytes")
    return len(differ)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make.py installer --target linux")
    parser.add_argument("--freeze-only", action="store_true", help="make the folder, not the package")
    parser.add_argument("--smoke", action="store_true", help="only try out what was made last")
    parser.add_argument("--no-smoke", action="store_true", help="do not try it out")
    parser.add_argument("--twice", action="store_true", help="build a second time and name what differs")
    options = parser.parse_args(arguments)
    try:
        need_root_and_programs()
        with alone():
            return build(options)
    except Stop as stop:
        sys.stdout.flush()
        print("make: " + str(stop), file=sys.stderr)
        return 1


def build(options: argparse.Namespace) -> int:
    began = time.monotonic()
    when = common.source_date_epoch()
    made = names(DIST)
    if not options.smoke:
        folder, sources = kitchen()
        wheels_folder = wheels()
        work = CACHE / "work"
        bundle = frozen(folder, wheels_folder, work, when)
        if options.freeze_only:
            target = OUT / "linux" / PACKAGE
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(bundle, target)
            say(f"the program stands in {target.relative_to(ROOT)}")
            return 0
        made = release(folder, sources, wheels_folder, work, bundle, DIST, when)
        for path in made:
            say(f"{path.relative_to(ROOT)}  {path.stat().st_size / 1e6:.1f} MB")
        run_lintian(made.package)
        if options.twice:
            other = CACHE / "work-again"
            second = frozen(folder, wheels_folder, other, when)
            again = release(folder, sources, wheels_folder, other, second, other / "dist", when)
            if compare(made, again):
                return 1
    if not options.no_smoke:
        import debian_smoke

        if not all(path.is_file() for path in made):
            raise Stop("nothing was built yet; run this without --smoke first.")
        debian_smoke.run(made.package, made.portable)
    say(f"all done in {(time.monotonic() - began) / 60:.0f} min")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
