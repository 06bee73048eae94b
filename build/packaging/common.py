"""What building for Windows and for Linux have in common: the version, time, mirror, locks, lists of what was built.

Nothing here starts anything but small commands, so the tests can use all of it.
"""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import re
import subprocess
import sys
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "build" / "packaging"
OUT = ROOT / "out"
DIST = ROOT / "dist"
LOCK = ROOT / "build" / "requirements.lock"

NAME = "民生实事台账"
LICENCE = "MulanPSL-2.0"


class Stop(Exception):
    """Ends the run with a sentence for the person at the keyboard."""


def say(text: str) -> None:
    print("make: " + text, flush=True)


def run(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    timeout: float | None = None,
    log: Path | None = None,
) -> None:
    """Run a command and stop if it fails.  With `log` its output goes there, and its end is shown when it failed.

    Standard input is always empty: nothing here can be asked, and what waits for an answer would wait for ever.
    """
    words = [str(word) for word in command]
    try:
        if log is None:
            status = subprocess.run(
                words, env=env, cwd=cwd, timeout=timeout, check=False, stdin=subprocess.DEVNULL
            ).returncode
        else:
            log.parent.mkdir(parents=True, exist_ok=True)
            with log.open("wb") as file:
                status = subprocess.run(
                    words,
                    env=env,
                    cwd=cwd,
                    timeout=timeout,
                    check=False,
                    stdin=subprocess.DEVNULL,
                    stdout=file,
                    stderr=subprocess.STDOUT,
                ).returncode
    except subprocess.TimeoutExpired:
        status = -1
        say(f"gave up after {timeout:.0f} seconds")
    if status != 0:
        if log is not None:
            sys.stdout.write("\n".join(log.read_text("utf-8", "replace").splitlines()[-40:]) + "\n")
        raise Stop(f"this failed: {' '.join(words)[:300]}" + (f"\n      its output: {log}" if log else ""))


# What is built ------------------------------------------------------------------------------------------------------


def version() -> str:
    text = (ROOT / "desktop_app" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "([^"]+)"', text, re.MULTILINE)
    if not found:
        raise Stop("desktop_app/__init__.py names no version.")
    return found.group(1)


def source_date_epoch() -> int:
    """The one time that everything built carries: SOURCE_DATE_EPOCH if set, else that of the last commit."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return int(given)
    shown = subprocess.run(
        ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"], capture_output=True, text=True, check=False
    )
    if shown.returncode != 0 or not shown.stdout.strip():
        raise Stop(
            "without git's history, set SOURCE_DATE_EPOCH to the release's time in seconds since 1970."
        )
    return int(shown.stdout)


# Digests ------------------------------------------------------------------------------------------------------------


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def files_below(folder: Path) -> list[Path]:
    """Every file below a folder, in an order that is the same everywhere."""
    found = [path for path in folder.rglob("*") if path.is_file()]
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix())


def hash_list(files: Iterable[tuple[str, Path]]) -> str:
    """What `sha256sum -c` reads."""
    return "".join(f"{sha256(path)}  {name}\n" for name, path in files)


def digest_of(*parts: str | bytes | Path) -> str:
    """A short name for what these texts and files say, to tell a cache that is still good."""
    total = hashlib.sha256()
    for part in parts:
        if isinstance(part, Path):
            part = part.read_bytes()
        elif isinstance(part, str):
            part = part.encode()
        total.update(hashlib.sha256(part).digest())
    return total.hexdigest()[:16]


def set_times(folder: Path, when: int) -> None:
    """Give everything below a folder, and the folder, one time."""
    for path in [*folder.rglob("*"), folder]:
        os.utime(path, (when, when), follow_symlinks=False)


# Locks --------------------------------------------------------------------------------------------------------------


class Pin(NamedTuple):
    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]


def read_lock(text: str) -> Iterator[Pin]:
    """The `name==version ; marker` lines of a lock file with the hashes below each."""
    for block in re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]:
        head = re.match(r"([A-Za-z0-9._-]+)==([^ \\\n]+)(?: ; ([^\\\n]+?))?(?: \\)?\n", block)
        if not head:
            raise Stop(f"cannot read this line of a lock: {block.splitlines()[0]}")
        hashes = tuple(re.findall(r"--hash=sha256:([0-9a-f]{64})", block))
        yield Pin(head.group(1), head.group(2), head.group(3) or "", hashes)


def pins_for(pins: Iterable[Pin], environment: Mapping[str, str]) -> list[Pin]:
    """The pins that apply on another system.  pip itself asks markers of the system it runs on, so we ask them."""
    from packaging.markers import Marker

    chosen = []
    for pin in pins:
        if not pin.marker or Marker(pin.marker).evaluate(dict(environment)):
            chosen.append(pin._replace(marker=""))
    return chosen


def requirements(pins: Iterable[Pin]) -> str:
    """Pins as a file that `pip --require-hashes` reads."""
    lines = []
    for pin in pins:
        lines.append(
            " \\\n    ".join([f"{pin.name}=={pin.version}", *(f"--hash=sha256:{h}" for h in pin.hashes)])
        )
    return "\n".join(lines) + "\n"


# The Debian mirror --------------------------------------------------------------------------------------------------

MIRROR_FORMAT = "$(REPO_URI)|$(ORIGIN)|$(CODENAME)|$(COMPONENT)"


def choose_mirror(indextargets: str) -> str | None:
    """Of what `apt-get indextargets` lists, the mirror this machine takes Debian itself from.

    Updates and security have other code names (or another folder); a mirror of Debian holds every release.
    """
    for line in indextargets.splitlines():
        fields = line.strip().split("|")
        if len(fields) != 4:
            continue
        uri, origin, codename, component = fields
        if origin == "Debian" and component == "main" and re.fullmatch(r"[a-z]+", codename):
            return uri.rstrip("/")
    return None


def debian_mirror() -> str:
    """Where this machine gets Debian from.  No address is written down here: offices have mirrors of their own."""
    given = os.environ.get("TAIZHANG_DEBIAN_MIRROR")
    if given:
        return given.rstrip("/")
    command = ["apt-get", "indextargets", "--format", MIRROR_FORMAT, "Created-By: Packages"]
    try:
        listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except OSError:
        listed = ""
    found = choose_mirror(listed)
    if not found:
        raise Stop(
            "apt on this machine names no Debian mirror. Build on a Debian whose package lists have been read "
            "(apt-get update), or set TAIZHANG_DEBIAN_MIRROR to a mirror's address."
        )
    return found


def apt_proxy_environment() -> dict[str, str]:
    """The proxy that apt uses, for debootstrap, which does not read apt's configuration."""
    env = {}
    for scheme in ("http", "https"):
        command = ["apt-config", "shell", "proxy", f"Acquire::{scheme}::Proxy"]
        try:
            shown = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        except OSError:
            return {}
        found = re.search(r"proxy='([^']*)'", shown)
        if found and found.group(1) and found.group(1) != "DIRECT":
            env[f"{scheme}_proxy"] = found.group(1)
    return env


# Bill of materials --------------------------------------------------------------------------------------------------


class Part(NamedTuple):
    """Something the product contains, and where it is from."""

    name: str
    version: str
    kind: str = "library"
    purl: str = ""
    licence: str = ""
    sha256: str = ""
    description: str = ""


def python_part(pin: Pin, licence: str = "", sha256: str = "") -> Part:
    return Part(
        pin.name, pin.version, purl=f"pkg:pypi/{pin.name}@{pin.version}", licence=licence, sha256=sha256
    )


def bill_of_materials(product: str, product_version: str, when: int, parts: Iterable[Part]) -> dict[str, Any]:
    """A CycloneDX 1.6 document.  The same parts give the same document, serial number included."""
    from datetime import UTC, datetime

    components = [
        _component(part) for part in sorted(parts, key=lambda part: (part.name.lower(), part.version))
    ]
    whole = {
        "type": "application",
        "bom-ref": f"{product}@{product_version}",
        "name": product,
        "version": product_version,
        "description": NAME,
        "licenses": [{"license": {"id": LICENCE}}],
    }
    seed = json.dumps([whole, components], sort_keys=True, ensure_ascii=False)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, seed)}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(when, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": whole,
        },
        "components": components,
        "dependencies": [
            {"ref": whole["bom-ref"], "dependsOn": [component["bom-ref"] for component in components]}
        ],
    }


def _component(part: Part) -> dict[str, Any]:
    component: dict[str, Any] = {
        "type": part.kind,
        "bom-ref": part.purl or f"{part.name}@{part.version}",
        "name": part.name,
        "version": part.version,
    }
    if part.description:
        component["description"] = part.description
    if part.licence:
        component["licenses"] = [{"license": {"name": part.licence}}]
    if part.sha256:
        component["hashes"] = [{"alg": "SHA-256", "content": part.sha256}]
    if part.purl:
        component["purl"] = part.purl
    return component


def write_json(path: Path, document: dict[str, Any]) -> None:
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


# -- trying out ----------------------------------------------------------------------------------------------------


def _framed(message: bytes) -> bytes:
    """A message as core/package/aside.py sends it."""
    return len(message).to_bytes(8, "little") + message


def asked_aside(package: Path) -> bytes:
    """What a long merge says to the helper that verifies beside it (`--verify-aside`): no roots, and one package."""
    return b"".join(
        _framed(pickle.dumps(message)) for message in (((), "zh"), (package.name, package.read_bytes()))
    )


def answered_aside(said: bytes) -> bool:
    """Whether it said that it is there, and then something about the package."""
    here = _framed(b"here")
    answer = said.removeprefix(here)
    return said.startswith(here) and len(answer) > 8 and answer == _framed(answer[8:])
