"""A small world for the laws: seven units, their entries, and the containers that carry them, all drawn by Hypothesis.

No crypto and no files: a container is what `Store.admit` takes, and a store lives in memory.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from hypothesis import strategies as st

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
                arrived="2024-06-01T08:00:00+08:00",
            ),
            parts={"sig1.xml": self.digest.encode()},
            journals=tuple((f"j{index}", lines, journal.locate(lines)) for index, lines in enumerate(files)),
        )


def box(number: int, unit: str, lines: Iterable[bytes], *, issuer: str = "", certificate: str = "") -> Box:
    """A container whose certificate was granted by the unit above, as it should be."""
    return Box(number, unit, issuer or PARENT.get(unit, CITY), certificate or f"cert-{unit}", tuple(lines))


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
    """The organisation, and who reports: 1 every town, 2 each county's bureau or the county itself, 3 sites."""
    lines = [line_of("unit", f"unit/{code}", CITY, unit_body(code)) for code in UNITS]
    for county in (COUNTY, OTHER_COUNTY):
        lines.append(line_of("duty", f"duty/{county}/{PLAN}/1", CITY, {"each": True}))
        lines.append(line_of("duty", f"duty/{county}/{PLAN}/3", CITY, {"each": True}))
    lines.append(line_of("duty", f"duty/{COUNTY}/{PLAN}/2", COUNTY, {"reporter": BUREAU}))
    return tuple(lines)


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
DUTIES = [f"duty/{area}/{PLAN}/{indicator}" for area in (COUNTY, TOWN) for indicator in "123"]
NUMBERS = st.sampled_from([0, 1, 7, "3.8", "-2", "1e3", "much", 10**15])
CODES = st.sampled_from(AUTHORS)
RULERS = st.sampled_from([CITY, COUNTY, COUNTY, OTHER_COUNTY])
flags = st.fixed_dictionaries({}, optional={"void": st.booleans(), "proxy": st.booleans()})


def _digests(count: int) -> st.SearchStrategy[str]:
    return st.integers(1, count).map(lambda number: f"{number:064x}")


def _revocations() -> st.SearchStrategy[tuple[str, str, dict[str, Any]]]:
    def revocation(unit: str, revoked: str, why: str) -> tuple[str, str, dict[str, Any]]:
        return (
            "revocation",
            f"revocation/{unit}/cert-{revoked}",
            {"certificate": f"cert-{revoked}", "why": why},
        )

    return st.builds(revocation, RULERS, CODES, st.sampled_from(["compromised", "compromised", "lost"]))


def _drafts(containers: int, *, ruling: bool) -> st.SearchStrategy[tuple[str, str, dict[str, Any]]]:
    """(kind, subject, body) of something somebody may say, whether or not it is theirs to say."""

    def draft(kind: str, subjects: st.SearchStrategy[str], **body: Any) -> Any:
        optional = body.pop("optional", {})
        return st.tuples(
            st.just(kind),
            subjects,
            st.builds(lambda *d: d[0] | d[1], st.fixed_dictionaries(body, optional=optional), flags),
        )

    site = CODES.flatmap(lambda area: st.sampled_from([f"site/{area}/s1", f"site/{area}/s2"]))
    figure = st.sampled_from(FIGURES)
    kinds = [
        draft("progress", figure, value=NUMBERS, optional={"of": NUMBERS}),
        draft("progress", figure, value=NUMBERS),
        draft(
            "site",
            site,
            name=st.just("x"),
            quantities=st.dictionaries(st.sampled_from("123"), NUMBERS, max_size=2),
            optional={"completed": st.sampled_from(["", "2024-05-02"])},
        ),
        draft(
            "evidence",
            CODES.map(lambda unit: f"evidence/{unit}/e"),
            sha256=st.just("0" * 64),
            size=st.just(1),
            media=st.just("image/png"),
            name=st.just("x.png"),
            about=st.lists(st.one_of(site, figure), max_size=2),
        ),
        draft(
            "review",
            st.builds(lambda unit, about: f"review/{unit}/{about}", CODES, figure),
            verdict=st.sampled_from(["accept", "return", "set"]),
            about=st.just([]),
            optional={"value": NUMBERS, "seen": NUMBERS},
        ),
        draft(
            "submission",
            CODES.map(lambda unit: f"submission/{unit}/{MONTH}"),
            digest=st.just("x"),
            count=st.just(1),
        ),
        draft(
            "allocation",
            st.sampled_from([f"share/{TOWN}/{PLAN}/1", f"share/{COUNTY}/{PLAN}/1"]),
            value=NUMBERS,
        ),
        # Kinds and fields of a newer version, and a subject that belongs to a kind known today.
        draft(
            "future",
            st.sampled_from(["anything", FIGURES[0], "unit/a1"]),
            something=st.just({"new": [1, "2"]}),
        ),
        draft("progress", figure, value=NUMBERS, newer=st.just([True, None])),
    ]
    everyday_kinds = len(kinds)
    if ruling:
        kinds += [
            draft(
                "unit",
                st.sampled_from([f"unit/{code}" for code in (*PARENT, "new")]),
                name=st.just("y"),
                level=st.just("township"),
                optional={"parent": st.sampled_from(UNITS), "kind": st.sampled_from(["park", "department"])},
            ),
            draft(
                "duty",
                st.sampled_from(DUTIES),
                optional={
                    "reporter": CODES,
                    "reviewer": CODES,
                    "each": st.booleans(),
                    "since": st.sampled_from(["", NEXT_MONTH]),
                    "earlier": st.dictionaries(st.sampled_from(["", MONTH]), CODES, max_size=1),
                },
            ),
            _revocations(),
            draft(
                "receipt",
                st.builds(lambda unit, digest: f"receipt/{unit}/{digest}", RULERS, _digests(containers)),
                unit=st.just("x"),
                period=st.just(""),
                sequence=st.just(1),
                digest=st.just(""),
                state=st.just("valid"),
            ),
            draft("retraction", _digests(containers).map(lambda digest: f"retraction/{OWN}/{digest}")),
        ]
    everyday, deciding = st.one_of(kinds[:everyday_kinds]), kinds[everyday_kinds:]
    return st.one_of(everyday, st.one_of(deciding)) if deciding else everyday


@st.composite
def worlds(draw: Any, *, ruling: bool = True, most: int = 12) -> list[Box]:
    """Containers, the first two of which lay the foundation.

    Entries replace earlier ones of their subject (or, wrongly, of another), several the same one, so that chains,
    forks and gaps come of themselves once the containers are put in another order.  `ruling` adds entries that
    decide how others count.
    """
    containers = draw(st.integers(3, 6))
    base = foundation()
    lines: list[tuple[str, str, bytes, int]] = []
    on_subject: dict[str, list[tuple[str, int]]] = {}
    for line in base:
        entry = msgspec.json.decode(line)
        on_subject.setdefault(entry["subject"], []).append((id_of(line), 1))
    drafts = draw(st.lists(_drafts(containers, ruling=ruling), min_size=1, max_size=most))
    for number, (kind, subject, body) in enumerate(drafts):
        fitting = subject.split("/")[1] if subject.count("/") else CITY
        author = draw(st.one_of(st.just(fitting if fitting in AUTHORS else OWN), CODES))
        here = on_subject.setdefault(subject, [])
        replaced = draw(st.lists(st.sampled_from(here), unique=True, max_size=2)) if here else []
        if lines and draw(st.integers(0, 5)) == 0:
            _author, _subject, other, depth = draw(st.sampled_from(lines))
            replaced = [*replaced, (id_of(other), depth)]
        depth = 1 + max((depth for _ident, depth in replaced), default=0)
        replaces = {ident for ident, _depth in replaced}
        line = line_of(kind, subject, author, body, replaces=replaces, n=depth, at=str(number))
        here.append((id_of(line), depth))
        lines.append((author, subject, line, depth))
    boxes = foundation_boxes()
    for number in range(3, containers + 1):
        # Most carry what their signer said; some another's words, or a certificate granted by the wrong unit.
        unit = draw(st.sampled_from([author for author, *_rest in lines]))
        own = [line for author, _subject, line, _depth in lines if author == unit]
        carried = draw(st.lists(st.sampled_from(own), min_size=1, max_size=6))
        if draw(st.integers(0, 3)) == 0:
            carried += draw(st.lists(st.sampled_from([line for _a, _s, line, _d in lines]), max_size=3))
        issuer = draw(st.sampled_from(["", "", "", CITY, OTHER_COUNTY]))
        boxes.append(box(number, unit, carried, issuer=issuer))
    return boxes
