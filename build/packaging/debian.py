"""The Debian package and the portable folder for Linux: `python3 build/make.py installer --target linux`.

In a folder with a Debian old enough for the domestic desktops, CPython and SQLite are compiled from Debian's sources,
PyInstaller freezes the program with them, and dpkg packs the result.  README.md beside this file has the whole story.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import os
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent))

import common
import debian_folder
import debian_parts
from common import DIST, OUT, ROOT, Stop, say
from debian_folder import CACHE, LOGS
from debian_freeze import add_input_plugin, finish_bundle, freeze, libraries_of
from debian_kitchen import kitchen, wheels
from debian_licences import bundled_debian, materials, write_licences
from debian_pack import run_lintian, write_package, write_portable
from debian_parts import PACKAGE

PROGRAMS = {
    "debootstrap": "debootstrap",
    "dpkg-deb": "dpkg",
    "dpkg-source": "dpkg-dev",
    "lintian": "lintian",
    "objdump": "binutils",
    "unshare": "util-linux",
    "xz": "xz-utils",
}


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
