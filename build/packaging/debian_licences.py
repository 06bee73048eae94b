"""Licences that go with the Linux program, and its bill of materials."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import common
import debian_parts
from common import LOCK
from debian_folder import inside
from debian_kitchen import LINUX_LOCK, PLUGIN_PACKAGES, PREFIX, input_plugin, pins
from debian_parts import PYTHON, Library

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
