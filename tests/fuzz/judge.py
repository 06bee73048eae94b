"""What must hold of a spoilt package, whatever was done to it."""

from __future__ import annotations

import collections
import io
import random
import traceback
from pathlib import Path
from typing import NamedTuple

import spoil_bytes
import spoil_parts
import spoil_zip
from corpus import Corpus, Parts, Seed

from desktop_app.core.errors import KnownError, StorageError, VerificationError
from desktop_app.core.package.opened import OpenedPackage
from desktop_app.core.package.verify import container_of, open_package
from desktop_app.core.package.zipread import ZipReader

KINDS = ("bytes", "bytes", "zip", "zip", "parts", "parts", "signed", "signed")
WORLDLY = ("signed", "signed", "signed", "parts", "zip")


class Spoilt(NamedTuple):
    """A package with something done to it; `signed` where the genuine key stands behind that."""

    seed: Seed
    what: str
    data: bytes
    signed: bool


class Violation(NamedTuple):
    number: int
    what: str
    why: str


def spoil(corpus: Corpus, number: int, *, at_home: bool = False) -> Spoilt:
    """The package of that number: what is done to it depends on the number alone.

    `at_home` spoils only packages that the desk they are merged into would take, and signs most of them anew.
    """
    rng = random.Random(number)
    seeds = (
        [corpus["sent"], corpus["sent"], corpus["reply"], corpus["setup"], corpus["founding"]]
        if at_home
        else corpus.seeds
    )
    seed, other = rng.choice(seeds), rng.choice(corpus.seeds)
    kind = rng.choice(WORLDLY if at_home else KINDS)
    if kind == "bytes":
        what, data = spoil_bytes.spoil(rng, seed.data, other.data)
    elif kind == "zip":
        what, data = spoil_zip.spoil(rng, seed.data, other.data)
    elif kind == "parts":
        what, data = spoil_parts.spoil(rng, seed)
    else:
        what, data = spoil_parts.spoil_and_sign(rng, seed)
    return Spoilt(seed, f"{seed.name}: {what}", data, kind == "signed")


def contents(package: OpenedPackage) -> Parts:
    """Every part of a package that was accepted, read once more."""
    return {name: package.part(name) for name in package.part_names}


class Judge:
    def __init__(self, corpus: Corpus, folder: Path) -> None:
        self.corpus = corpus
        self.path = folder / "spoilt.xlsx"
        self.known = {seed.parts["_xmlsignatures/sig1.xml"]: seed.parts for seed in corpus.seeds}
        self.outcomes: collections.Counter[str] = collections.Counter()
        self.violations: list[Violation] = []

    def try_number(self, number: int) -> Spoilt:
        spoilt = spoil(self.corpus, number)
        why = self.look(spoilt)
        if why:
            self.violations.append(Violation(number, spoilt.what, why))
        return spoilt

    def look(self, spoilt: Spoilt) -> str:
        """ "" or what is wrong with how it was taken."""
        self.path.write_bytes(spoilt.data)
        try:
            container_of(self.path)
            ask_other_doors(self.path)
            with open_package(self.path, self.corpus.roots) as package:
                return self._accepted(spoilt, package)
        except (VerificationError, StorageError) as error:
            rule = f"rule {error.rule}" if isinstance(error, VerificationError) else "storage"
            self.outcomes[rule if type(error) is VerificationError else type(error).__name__] += 1
            return "" if error.what and error.next_step else f"no words: {error!r}"
        except Exception:
            self.outcomes["traceback"] += 1
            return traceback.format_exc()

    def _accepted(self, spoilt: Spoilt, package: OpenedPackage) -> str:
        found = contents(package)
        self.outcomes[f"accepted, {package.state}"] += 1
        if package.state == "unknown_signer" or spoilt.signed:
            return ""
        good = self.known.get(package.sig1)
        if good is None:
            return "accepted under a signature that nobody made"
        if found != good:
            names = [name for name in {*found, *good} if found.get(name) != good.get(name)]
            return f"accepted although these differ: {', '.join(names)[:300]}"
        return ""


def ask_other_doors(path: Path) -> None:
    """The other places where a file from outside is looked at before anybody has vouched for it."""
    from desktop_app.core.operations import founding, granting

    for door in (founding.read_setup, granting.request_of):
        try:
            door(path)
        except KnownError as error:
            assert error.what and error.next_step, f"{door.__name__}: no words: {error!r}"


def fits_in_memory(data: bytes) -> bool:
    """Whether the zip's own reader takes it."""
    try:
        ZipReader(io.BytesIO(data))
    except VerificationError:
        return False
    return True
