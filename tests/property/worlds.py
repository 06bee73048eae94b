"""A small world for the laws: seven units, their entries, and the containers that carry them, all drawn by Hypothesis.

No crypto and no files: a container is what `Store.admit` takes, and a store lives in memory.
"""

from __future__ import annotations

import hashlib
import random
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from hypothesis import strategies as st

from desktop_app.core.model.bodies import ClosingBody
from desktop_app.core.operations.care import ledger_rows
from desktop_app.core.store import database, journal
from desktop_app.core.store.journal import ContainerRow
from desktop_app.core.store.store import Arrival, Store

CITY, COUNTY, OTHER_COUNTY = "c", "a", "b"
TOWN, SECOND_TOWN, BUREAU, FAR_TOWN = "a1", "a2", "ad", "b1"
STRANGER = "zz"
"""A unit that no organisation table knows."""
PARENT = {
    COUNTY: CITY,
    OTHER_COUNTY: CITY,
    TOWN: COUNTY,
    SECOND_TOWN: COUNTY,
    BUREAU: COUNTY,
    FAR_TOWN: OTHER_COUNTY,
}
UNITS = (CITY, *PARENT)
AUTHORS = (*UNITS, STRANGER)
OWN = COUNTY
"""The desk in whose ledger everything is looked at."""
PLAN, MONTH, NEXT_MONTH = "p", "2024-05", "2024-06"
CASES, STAGE = "3.1", "验收"
"""An indicator of the plan that counts cases, and the stage it wants."""
ENCODE = msgspec.json.Encoder(order="sorted").encode


def line_of(
    kind: str,
    subject: str,
    unit: str,
    body: object,
    *,
    replaces: Iterable[str] = (),
    n: int = 1,
    at: str = "t",
) -> bytes:
    """An entry's bytes, not bound to what this program itself would write."""
    return ENCODE(
        {
            "kind": kind,
            "subject": subject,
            "unit": unit,
            "operator": "",
            "at": at,
            "replaces": sorted(replaces),
            "n": n,
            "body": body,
        }
    )


def id_of(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()


class Box(NamedTuple):
    """A container: who signed it with which certificate, and what it carries."""

    number: int
    unit: str
    issuer: str
    certificate: str
    lines: tuple[bytes, ...]
    signature: bytes = b""
    """Where what the signature itself says matters; verifying then had a remark to make."""

    @property
    def digest(self) -> str:
        return f"{self.number:064x}"

    def arrival(self, journals: int = 1) -> Arrival:
        """With its lines in one journal or dealt out to several."""
        dealt = [self.lines[start::journals] for start in range(journals)]
        files = [b"".join(line + b"\n" for line in lines) for lines in dealt]
        return Arrival(
            row=ContainerRow(
                digest=self.digest,
                origin="package",
                unit=self.unit,
                issuer=self.issuer,
                certificate=self.certificate,
                state="valid_with_notes" if self.signature else "valid",
                arrived="2024-06-01T08:00:00+08:00",
            ),
            parts={"sig1.xml": self.signature or self.digest.encode()},
            journals=tuple((f"j{index}", lines, journal.locate(lines)) for index, lines in enumerate(files)),
        )


def box(number: int, unit: str, lines: Iterable[bytes], *, issuer: str = "", certificate: str = "") -> Box:
    """A container whose certificate was granted by the unit above, as it should be."""
    return Box(number, unit, issuer or PARENT.get(unit, CITY), certificate or f"cert-{unit}", tuple(lines))


def closing() -> ClosingBody:
    """The simplest thing a desk may say in its own name."""
    return ClosingBody()


# -- stores in memory ----------------------------------------------------------------------------------------------


def memory_store(own: str = OWN) -> Store:
    connection = database.connect(Path(":memory:"))
    _template().backup(connection)
    connection.executemany("INSERT INTO meta VALUES (?,?)", [("unit", own), ("city", CITY)])
    return Store(Path("unused"), connection)


_made: list[sqlite3.Connection] = []


def _template() -> sqlite3.Connection:
    """The schema, migrated once."""
    if not _made:
        connection = database.connect(Path(":memory:"))
        database._migrate(connection, Path("unused"))
        _made.append(connection)
    return _made[0]


def rebuilt(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """The ledger of a copy that was thrown away and computed anew; the store itself keeps what it remembers."""
    connection = database.connect(Path(":memory:"))
    store.connection.backup(connection)
    with Store(Path("unused"), connection) as copy:
        copy.rebuild()
        return ledger_rows(copy)


def entries_of(store: Store) -> set[bytes]:
    """The journal as a set: every line in it, read back from where the index says it lies."""
    found = set()
    for row in store.connection.execute("SELECT subject, id FROM entry").fetchall():
        line = journal.line_of(store.connection, row["subject"], row["id"])
        assert line is not None and hashlib.sha256(line).digest() == row["id"]
        found.add(line)
    return found


def admitted(boxes: Iterable[Box], own: str = OWN) -> Store:
    """A store that took the containers in one after the other."""
    store = memory_store(own)
    for item in boxes:
        take(store, [item])
    return store


def take(store: Store, boxes: Sequence[Box], journals: int = 1) -> list[Any]:
    with store.transaction():
        return store.admit([item.arrival(journals) for item in boxes])


# -- drawing -------------------------------------------------------------------------------------------------------


def unit_body(code: str) -> dict[str, Any]:
    level = "city" if code == CITY else "county" if code in (COUNTY, OTHER_COUNTY, BUREAU) else "township"
    body: dict[str, Any] = {"name": code, "level": level}
    if code in PARENT:
        body["parent"] = PARENT[code]
    if code == BUREAU:
        body["kind"] = "department"
    return body


def foundation() -> tuple[bytes, ...]:
    """The organisation, and who reports: 1 every town, 2 each county's bureau or the county itself, 3 sites
    and CASES sites of the plan."""
    lines = [plan_line(), *(line_of("unit", f"unit/{code}", CITY, unit_body(code)) for code in UNITS)]
    for county in (COUNTY, OTHER_COUNTY):
        lines.append(line_of("duty", f"duty/{county}/{PLAN}/1", CITY, {"each": True}))
        lines.append(line_of("duty", f"duty/{county}/{PLAN}/3", CITY, {"each": True}))
        lines.append(line_of("duty", f"duty/{county}/{PLAN}/{CASES}", CITY, {"each": True}))
    lines.append(line_of("duty", f"duty/{COUNTY}/{PLAN}/2", COUNTY, {"reporter": BUREAU}))
    return tuple(lines)


def plan_line() -> bytes:
    """A plan whose only indicator counts a case once its stage is dated and a piece of evidence stands for it."""
    indicator = {"id": CASES, "name": "x", "measure": "count", "op": ">=", "unit": "户", "basis": "site"}
    task = {
        "no": 3, "category": "x", "title": "x", "short": "x", "target": "x", "lead": [], "measures": [],
        "indicators": [indicator | {"stages": [STAGE], "evidence_needed": True}],
    }  # fmt: skip
    plan = {
        "id": PLAN,
        "year": 2024,
        "title": "x",
        "issued": "2024-01-01",
        "categories": ["x"],
        "tasks": [task],
    }
    return line_of("plan", f"plan/{PLAN}", CITY, {"plan": plan})


def foundation_boxes() -> list[Box]:
    lines = foundation()
    return [box(1, CITY, lines[:-1]), box(2, COUNTY, lines[-1:])]


FIGURES = [
    *(
        f"progress/{area}/{PLAN}/1/{month}"
        for area in (TOWN, SECOND_TOWN, FAR_TOWN)
        for month in (MONTH, NEXT_MONTH)
    ),
    f"progress/{COUNTY}/{PLAN}/2/{MONTH}",
    f"progress/{TOWN}/{PLAN}/1/quatsch",
    f"progress/{TOWN}",
]
NUMBERS = (0, 1, 7, 7, "3.8", "-2", "1e3", "much", 10**15)
TOWNS = (TOWN, SECOND_TOWN, FAR_TOWN)
RULERS = (CITY, COUNTY, COUNTY, OTHER_COUNTY)
Draft = tuple[str, str, dict[str, Any], str]
"""(kind, subject, body, who has the right to say it)."""


def likely(chance: random.Random, percent: int) -> bool:
    """By a whole number, since Hypothesis prefers round fractions, and towards no, so that failures are made small."""
    return chance.randrange(100) >= 100 - percent


class Speaker:
    """Draws what somebody may say, whether or not it is theirs to say."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def say(self, *, ruling: bool) -> Draft:
        everyday = (
            self.figure,
            self.figure,
            self.figure,
            self.site,
            self.site,
            self.evidence,
            self.review,
            self.record,
            self.answer,
            self.others,
        )
        deciding = (
            self.unit,
            self.duty,
            self.revocation,
            self.revocation,
            self.receipt,
            self.receipt,
            self.retraction,
        )
        kind, subject, body, author = self.chance.choice(everyday + (deciding if ruling else ()))()
        if likely(self.chance, 12):
            body["void"] = True
        if likely(self.chance, 15):
            body["proxy"] = True
        if likely(self.chance, 10):
            body["newer"] = [True, None, {"x": "y"}]
        return kind, subject, body, author

    def digest(self) -> str:
        """Of a container that may come, hardly ever of the foundation's."""
        return f"{self.chance.randint(2, 8):064x}"

    def figure(self) -> Draft:
        subject = self.chance.choice(FIGURES)
        body: dict[str, Any] = {"value": self.chance.choice(NUMBERS)}
        if likely(self.chance, 30):
            body["of"] = self.chance.choice(NUMBERS)
        area = subject.split("/")[1]
        return "progress", subject, body, BUREAU if area == COUNTY else area

    def site(self) -> Draft:
        area = self.chance.choice(TOWNS)
        quantities = {
            self.chance.choice(["1", "3", CASES, CASES]): self.chance.choice(NUMBERS)
            for _ in range(self.chance.randint(0, 2))
        }
        body = {
            "name": "x",
            "quantities": quantities,
            "completed": self.chance.choice(["", "2024-05-02", "2024-05-02"]),
            "stages": self.chance.choice([{}, {STAGE: "2024-04-02"}, {STAGE: "2024-06-02"}]),
        }
        return "site", f"site/{area}/{self.chance.choice(['s', 't'])}", body, area

    def evidence(self) -> Draft:
        unit = self.chance.choice(UNITS)
        known = [*FIGURES, *[f"site/{TOWN}/s", f"indicator/{PLAN}/{CASES}"] * 3]
        about = [self.chance.choice(known) for _ in range(self.chance.randint(0, 2))]
        body = {"sha256": "0" * 64, "size": 1, "media": "image/png", "name": "x", "about": about}
        body |= {"extract": True} if self.chance.randint(0, 1) else {}
        return "evidence", f"evidence/{unit}/e", body, unit

    def review(self) -> Draft:
        unit, about = self.chance.choice(RULERS), self.chance.choice(FIGURES)
        body = {
            "verdict": self.chance.choice(["accept", "return", "set"]),
            "about": [],
            "value": self.chance.choice(NUMBERS),
        }
        return "review", f"review/{unit}/{about}", body, unit

    def record(self) -> Draft:
        area = self.chance.choice([*TOWNS, COUNTY])
        body: dict[str, Any] = {
            "fields": {"name": self.chance.choice(["x", "y"])},
            "status": self.chance.choice(["", "open", "closed", "unheard of"]),
            "due": self.chance.choice(["", "2024-05-31", "soon"]),
            "to": self.chance.choice(["", TOWN]),
        }
        return "record", f"record/{area}/{self.chance.choice(['orders', 'new'])}/r", body, area

    def answer(self) -> Draft:
        unit = self.chance.choice(UNITS)
        about = self.chance.choice([f"record/{COUNTY}/orders/r", f"problem/{TOWN}/p", FIGURES[0]])
        body = {"text": "x", "status": self.chance.choice(["", "done"]), "date": "2024-05-20"}
        return "answer", f"answer/{unit}/{about}", body, unit

    def others(self) -> Draft:
        town = self.chance.choice(TOWNS)
        return self.chance.choice(
            [
                ("submission", f"submission/{town}/{MONTH}", {"digest": "x", "count": 1}, town),
                (
                    "allocation",
                    f"share/{town}/{PLAN}/1",
                    {"value": self.chance.choice(NUMBERS)},
                    PARENT[town],
                ),
                ("closing", f"closing/{COUNTY}/{MONTH}", {}, COUNTY),
                # Kinds of a newer version, one of them on a subject that belongs to a kind known today.
                ("future", "anything", {"something": {"new": [1, "2"]}}, town),
                ("future", FIGURES[0], {}, town),
            ]
        )

    def unit(self) -> Draft:
        code = self.chance.choice([*PARENT, "new", "new"])
        parent = self.chance.choice(UNITS)
        body = {
            "name": "y",
            "level": "township",
            "parent": parent,
            "kind": self.chance.choice(["park", "department"]),
        }
        return "unit", f"unit/{code}", body, parent

    def duty(self) -> Draft:
        area, indicator = self.chance.choice([COUNTY, TOWN]), self.chance.choice("123")
        body: dict[str, Any] = self.chance.choice(
            [
                {"each": True},
                {"reporter": self.chance.choice(UNITS), "reviewer": self.chance.choice(UNITS)},
                {"reporter": TOWN, "since": NEXT_MONTH, "earlier": {"": BUREAU}},
            ]
        )
        return "duty", f"duty/{area}/{PLAN}/{indicator}", body, self.chance.choice([area, CITY])

    def revocation(self) -> Draft:
        unit, revoked = self.chance.choice(RULERS), self.chance.choice([*TOWNS, TOWN, COUNTY, BUREAU])
        body = {
            "certificate": f"cert-{revoked}",
            "why": self.chance.choice(["compromised", "compromised", "lost"]),
        }
        return "revocation", f"revocation/{unit}/cert-{revoked}", body, unit

    def receipt(self) -> Draft:
        unit = self.chance.choice(RULERS)
        body = {"unit": "x", "period": "", "sequence": 1, "digest": "", "state": "valid"}
        return "receipt", f"receipt/{unit}/{self.digest()}", body, unit

    def retraction(self) -> Draft:
        return "retraction", f"retraction/{OWN}/{self.digest()}", {}, OWN


@st.composite
def worlds(draw: Any, *, ruling: bool = True) -> list[Box]:
    """Containers, the first two of which lay the foundation.

    Entries replace earlier ones of their subject (or, wrongly, of another), several the same one, so that chains,
    forks and gaps come of themselves once the containers are put in another order.  `ruling` adds entries that
    decide how others count.
    """
    chance = draw(st.randoms(use_true_random=False))
    speaker = Speaker(chance)
    said: list[tuple[str, bytes, int]] = []
    on_subject: dict[str, list[tuple[str, int]]] = {}
    for line in foundation():
        on_subject[msgspec.json.decode(line)["subject"]] = [(id_of(line), 1)]
    for number in range(chance.randint(8, 24)):
        kind, subject, body, rightful = speaker.say(ruling=ruling)
        author = rightful if likely(chance, 75) else chance.choice(AUTHORS)
        here = on_subject.setdefault(subject, [])
        replaced = chance.sample(here, chance.choice([0, 1, 1, min(2, len(here))])) if here else []
        if said and likely(chance, 10):
            _author, other, depth = chance.choice(said)
            replaced.append((id_of(other), depth))
        depth = 1 + max((depth for _ident, depth in replaced), default=0)
        replaces = {ident for ident, _depth in replaced}
        line = line_of(kind, subject, author, body, replaces=replaces, n=depth, at=str(number))
        here.append((id_of(line), depth))
        said.append((author, line, depth))
    boxes = foundation_boxes()
    signers = sorted({author for author, _line, _depth in said})
    for unit in chance.sample(signers, len(signers)) + chance.choices(signers, k=chance.randint(0, 3)):
        carried = [line for author, line, _depth in said if author == unit and likely(chance, 80)]
        if likely(chance, 25):
            carried += [line for _author, line, _depth in chance.sample(said, 3)]
        # Now and then the certificate was granted by a unit that had no right to.
        issuer = chance.choice([CITY, OTHER_COUNTY]) if likely(chance, 20) else ""
        boxes.append(box(len(boxes) + 1, unit, carried, issuer=issuer))
    return boxes
