"""Folders with a Debian of their own: made by debootstrap, entered with chroot in namespaces of their own.

Debian's packages and sources are fetched by this machine's apt with lists of its own, so that signatures are checked
and the machine's own lists stay as they are.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import common
from common import Stop, say

CACHE = Path(os.environ.get("TAIZHANG_CACHE", "/var/tmp/taizhang-build")) / "linux"
LOGS = CACHE / "log"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "LC_ALL": "C.UTF-8",
    "HOME": "/root",
    "DEBIAN_FRONTEND": "noninteractive",
}


def security_mirror() -> str | None:
    """Where this machine takes Debian's security updates from, if it does."""
    command = ["apt-get", "indextargets", "--format", common.MIRROR_FORMAT, "Created-By: Packages"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return choose_security_mirror(listed)


def choose_security_mirror(indextargets: str) -> str | None:
    for line in indextargets.splitlines():
        fields = line.strip().split("|")
        if len(fields) == 4 and fields[1] == "Debian" and re.fullmatch(r"[a-z]+-security", fields[2]):
            return fields[0].rstrip("/")
    return None


# Entering -----------------------------------------------------------------------------------------------------------


def inside_command(folder: Path, script: str, binds: Mapping[Path, str] | None = None) -> list[str]:
    """A shell in the folder.  What is mounted there, and every process, is gone when it has ended."""
    steps = [
        "set -e",
        f'mount -t proc proc "{folder}/proc"',
        f'mkdir -p "{folder}/dev/pts" "{folder}/dev/shm"',
        f'mount -t tmpfs tmpfs "{folder}/dev/shm"',
        f'mount --bind /dev/pts "{folder}/dev/pts"',
    ]
    for source, target in (binds or {}).items():
        steps.append(f'mkdir -p "{folder}{target}"; mount --bind "{source}" "{folder}{target}"')
    steps.append(f'exec chroot "{folder}" /bin/sh -c "$1"')
    return [
        *("unshare", "--mount", "--pid", "--fork", "--kill-child"),
        *("sh", "-c", "; ".join(steps), "sh", script),
    ]


def inside(
    folder: Path,
    script: str,
    *,
    log: str,
    timeout: float = 1800,
    binds: Mapping[Path, str] | None = None,
    env: Mapping[str, str] | None = None,
) -> str:
    """Run a script in the folder and return what it printed; stops the build where it fails."""
    path = LOGS / log
    common.run(
        ["nice", "-n", "10", *inside_command(folder, "set -e\n" + script, binds)],
        env={**ENVIRONMENT, **common.apt_proxy_environment(), **(env or {})},
        log=path,
        timeout=timeout,
    )
    return path.read_text("utf-8", "replace")


# Making -------------------------------------------------------------------------------------------------------------


def bootstrap(name: str, suite: str, packages: Sequence[str]) -> Path:
    """A Debian of one release with these packages, made once and kept in the cache."""
    folder = CACHE / name
    stamp = CACHE / f"{name}.made"
    recipe = common.digest_of(suite, " ".join(packages), "1")
    if stamp.exists() and stamp.read_text() == recipe:
        return folder
    mirror, security = common.debian_mirror(), security_mirror()
    say(f"making a Debian {suite} in {folder}")
    stamp.unlink(missing_ok=True)
    remove(folder)
    CACHE.mkdir(parents=True, exist_ok=True)
    common.run(
        ["nice", "-n", "10", "debootstrap", "--variant=minbase", suite, folder, mirror],
        env={**os.environ, **common.apt_proxy_environment()},
        log=LOGS / f"debootstrap-{name}.log",
        timeout=1800,
    )
    lines = [f"deb {mirror} {suite} main"]
    if security:
        lines.append(f"deb {security} {suite}-security main")
    (folder / "etc" / "apt" / "sources.list").write_text("\n".join(lines) + "\n")
    # A release long past its time says so in its lists; it is chosen for its age.
    (folder / "etc" / "apt" / "apt.conf.d" / "90build").write_text(
        'Acquire::Check-Valid-Until "false";\nAPT::Sandbox::User "root";\nDpkg::Use-Pty "0";\n'
    )
    # Services that a package wants to start have nothing to do here.
    policy = folder / "usr" / "sbin" / "policy-rc.d"
    policy.write_text("#!/bin/sh\nexit 101\n")
    policy.chmod(0o755)
    chosen = f"apt-get install -y -qq --no-install-recommends {' '.join(packages)}\n" if packages else ""
    inside(
        folder,
        f"apt-get update -qq\napt-get upgrade -y -qq\n{chosen}apt-get clean",
        log=f"packages-{name}.log",
    )
    stamp.write_text(recipe)
    return folder


def copy(folder: Path, target: Path) -> Path:
    """A copy to be used up: tests start from a system nobody has touched."""
    remove(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    common.run(["cp", "-a", "--reflink=auto", folder, target])
    return target


def remove(folder: Path) -> None:
    """Remove a folder in the cache, unless something is still mounted in it."""
    if CACHE not in folder.parents:
        raise Stop(f"{folder} is not in the cache and will not be removed.")
    mounts = Path("/proc/self/mounts").read_text("utf-8", "replace")
    if any(line.split()[1].startswith(f"{folder}/") for line in mounts.splitlines()):
        raise Stop(f"something is mounted below {folder}; unmount it and start again.")
    shutil.rmtree(folder, ignore_errors=True)


# Fetching -----------------------------------------------------------------------------------------------------------


class Apt:
    """This machine's apt, told to read the lists of another release."""

    def __init__(self, name: str, lines: Iterable[str]) -> None:
        self.folder = CACHE / "apt" / name
        for part in ("lists/partial", "archives/partial"):
            (self.folder / part).mkdir(parents=True, exist_ok=True)
        self.list = self.folder / "sources.list"
        self.list.write_text("".join(f"{line}\n" for line in lines))
        self.options = [
            *("-o", f"Dir::Etc::sourcelist={self.list}", "-o", "Dir::Etc::sourceparts=-"),
            *("-o", f"Dir::State::lists={self.folder}/lists", "-o", f"Dir::Cache={self.folder}"),
            *("-o", "APT::Sandbox::User=root", "-o", "Acquire::Languages=none"),
        ]
        common.run(["apt-get", *self.options, "update", "-qq"], log=LOGS / f"apt-{name}.log")

    def fetch(self, verb: Sequence[str], packages: Sequence[str], target: Path) -> None:
        """`download` of packages or `source --download-only` into a folder that holds nothing else."""
        making = target.with_name(target.name + ".new")
        remove(making)
        making.mkdir(parents=True)
        common.run(
            ["apt-get", *self.options, *verb, "-q", *packages],
            cwd=making,
            log=LOGS / f"fetch-{target.name}.log",
            timeout=1200,
        )
        remove(target)
        making.rename(target)

    def newest(self, package: str, source: bool) -> str:
        """The version that `fetch` would get."""
        if source:
            shown = self._ask("apt-cache", "showsrc", "--only-source", package)
            found = re.findall(r"^Version: (\S+)$", shown, re.MULTILINE)
        else:
            found = re.findall(r"Candidate: (\S+)", self._ask("apt-cache", "policy", package))
        if not found or found[-1] == "(none)":
            raise Stop(f"the Debian mirror of this machine has no {package}.")
        return str(found[-1])

    def _ask(self, program: str, *words: str) -> str:
        command = [program, *self.options, *words]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout
