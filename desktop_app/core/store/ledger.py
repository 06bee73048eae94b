"""Reading the ledger: heads by kind, shares, figures, verdicts, sites, evidence, containers, history."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

import msgspec

from desktop_app.core.journal.line import read_body, read_line
from desktop_app.core.model.entry import Entry
from desktop_app.core.model.plan import Plan
from desktop_app.core.model.unit import Organisation
from desktop_app.core.plan.load import plan_in_entry
from desktop_app.core.plan.targets import with_targets
from desktop_app.core.store import journal, sums_table
from desktop_app.core.store.figures_table import from_millionths, to_millionths
from desktop_app.core.store.projection import Projector


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """The shown entry of a subject; `body` is the kind's record, `heads` how many heads there are."""

    subject: str
    kind: str
    owner: str
    id: str
    heads: int
    unit: str
    operator: str
    at: str
    body: Any


class LeafFigure(msgspec.Struct, frozen=True, kw_only=True):
    """The latest figure said for a leaf up to a month."""

    period: str
    month: int
    value: Fraction
    of: Fraction | None
    heads: int
    proxy: bool


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """A review of a figure.  `current` tells that the figure has not been corrected since."""

    reviewer: str
    verdict: str
    current: bool
    seen: Fraction | None
    value: Fraction | None
    of: Fraction | None
    comment: str
    operator: str
    at: str
    period: str
    month: int


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a subject's history."""

    id: str
    entry: Entry
    body: Any
    why_not: str
    head: bool
    containers: tuple[str, ...]


_decode_plan = lru_cache(maxsize=4)(plan_in_entry)


def _this_year() -> int:
    fixed = os.environ.get("TAIZHANG_TODAY", "")[:4]
    return int(fixed) if fixed.isdigit() else date.today().year


class Ledger:
    """Read-only questions; every answer is a plain record."""

    def __init__(self, connection: sqlite3.Connection, projector: Projector) -> None:
        self.connection = connection
        self.projector = projector
        self._plans: dict[str, tuple[bytes, Plan | None]] = {}
        self._changed: tuple[object, Plan, Plan] | None = None
        self.year: int | None = None
        """The year that is looked at, whose plan counts; None for the one in force this year."""

    @property
    def organisation(self) -> Organisation:
        return self.projector.context().organisation

    # -- heads ---------------------------------------------------------------------------------------------------

    def _head(self, row: sqlite3.Row) -> Head:
        return Head(
            subject=row["subject"],
            kind=row["kind"],
            owner=row["owner"],
            id=row["id"].hex(),
            heads=row["heads"],
            unit=row["unit"],
            operator=row["operator"],
            at=row["at"],
            body=read_body(row["kind"], msgspec.Raw(row["body"].encode())),
        )

    def head(self, subject: str) -> Head | None:
        row = self.connection.execute("SELECT * FROM head WHERE subject = ?", (subject,)).fetchone()
        return self._head(row) if row else None

    def heads(self, kind: str, owner: str | None = None, *, void: bool = False) -> list[Head]:
        """Shown entries of a kind (of one owner), by subject; void ones only when asked for."""
        where, values = "kind = ?", [kind]
        if owner is not None:
            where, values = where + " AND owner = ?", [kind, owner]
        rows = self.connection.execute(f"SELECT * FROM head WHERE {where} ORDER BY subject", values)
        return [head for head in map(self._head, rows) if void or not head.body.void]

    def heads_among(self, subjects: Sequence[str]) -> list[Head]:
        """Shown entries of these subjects, void ones left out."""
        found: list[Head] = []
        for chunk in journal.chunks(subjects, 500):
            marks = ",".join("?" * len(chunk))
            rows = self.connection.execute(f"SELECT * FROM head WHERE subject IN ({marks})", chunk)
            found += [head for head in map(self._head, rows) if not head.body.void]
        return found

    def forks(self) -> list[str]:
        """Subjects with more than one head."""
        return [
            row["subject"]
            for row in self.connection.execute("SELECT subject FROM head WHERE heads > 1 ORDER BY subject")
        ]

    # -- plan and division ---------------------------------------------------------------------------------------

    def plans(self) -> list[str]:
        return [
            row["subject"].split("/")[1]
            for row in self.connection.execute(
                "SELECT subject FROM head WHERE kind = 'plan' ORDER BY subject DESC"
            )
        ]

    def plan(self, plan_id: str | None = None, day: str = "") -> Plan | None:
        """The plan by id, or that of the year looked at; None too where this version cannot read what was adopted.

        Targets are those that held on the day (2024-06-30; "" for what was said last), since a target may be changed
        in mid-year.
        """
        ids = self.plans()
        chosen = plan_id or (ids[0] if len(ids) == 1 else self._id_of_year(self.year, ids))
        plan = self.adopted(chosen) if chosen else None
        return None if plan is None else self._with_targets(plan, day)

    def plan_of_year(self, year: int, day: str = "") -> Plan | None:
        """The plan of a year, or where it has none the one that counts otherwise."""
        chosen = self._id_of_year(year, self.plans())
        return self.plan(chosen, day) if chosen else None

    def _id_of_year(self, year: int | None, ids: Sequence[str]) -> str | None:
        """The latest plan of the year; where it has none, the latest that has begun, else the first."""
        years = {ident: plan.year for ident in ids if (plan := self.adopted(ident)) is not None}
        exact = [ident for ident, of in years.items() if of == year]
        begun = [ident for ident, of in years.items() if of <= _this_year()]
        ordered = exact or sorted(begun, key=lambda ident: (-years[ident], ident))
        return next(iter(ordered or sorted(years, key=lambda ident: years[ident]) or ids), None)

    def adopted(self, plan_id: str) -> Plan | None:
        """A plan as it was adopted, before any of its targets was changed."""
        # A plan is a hundred thousand characters; it is read again only when its entry is another.
        row = self.connection.execute(
            "SELECT id FROM head WHERE subject = ?", (f"plan/{plan_id}",)
        ).fetchone()
        if row is None:
            return None
        cached = self._plans.get(plan_id)
        if cached is None or cached[0] != row["id"]:
            head = self.head(f"plan/{plan_id}")
            assert head is not None
            cached = self._plans[plan_id] = (row["id"], _decode_plan(bytes(head.body.plan)))
        return cached[1]

    def _with_targets(self, plan: Plan, day: str) -> Plan:
        """The plan with the targets that the city changed: its own share of an indicator is the target."""
        given = self.shares(plan.id, day, self.projector.city)
        if not given:
            return plan
        key = (id(plan), tuple(sorted(given.items())))
        if self._changed is None or self._changed[0] != key:
            told = with_targets(plan, {indicator: value for (indicator, _area), value in given.items()})
            self._changed = (key, plan, told)
        return self._changed[2]

    def share(self, plan: str, indicator: str, area: str) -> Fraction | None:
        """One area's share, None where none was set."""
        head = self.head(f"share/{area}/{plan}/{indicator}")
        return None if head is None or head.body.void else from_millionths(to_millionths(head.body.value))

    def shares(self, plan: str, day: str = "", area: str | None = None) -> dict[tuple[str, str], Fraction]:
        """Shares by (indicator, area), of one area or all, as they stand now or held on a day."""
        found: dict[tuple[str, str], Fraction] = {}
        for head in self.heads("allocation", area):
            words = head.subject.split("/")
            value = from_millionths(to_millionths(head.body.value_on(day)))
            if len(words) == 4 and words[2] == plan and value is not None:
                found[(words[3], words[1])] = value
        return found

    # -- figures -------------------------------------------------------------------------------------------------

    def latest_period(self, plan: str) -> str | None:
        """The latest month that has a figure."""
        found = sums_table.read_latest(self.connection, self.projector.city, plan)
        if found is None:
            found = self.connection.execute(
                "SELECT max(month) FROM figure WHERE plan = ?", (plan,)
            ).fetchone()[0]
        if found is None:
            return None
        year, month = divmod(found - 1, 12)
        return f"{year}-{month + 1:02d}"

    def _in_areas(self, plan: str, areas: Iterable[str] | None) -> tuple[str, list[str]]:
        """The condition that keeps a query to some areas: the tables lie by indicator, then area."""
        if areas is None:
            return "", []
        listed = list(areas)
        found = self.plan(plan)
        indicators = [item.id for item in found.indicators()] if found else []
        marks = ("?," * len(indicators))[:-1], ("?," * len(listed))[:-1]
        return f" AND indicator IN ({marks[0]}) AND area IN ({marks[1]})", [*indicators, *listed]

    def leaf_figures(
        self, plan: str, first: int, last: int, areas: Iterable[str] | None = None
    ) -> dict[tuple[str, str], LeafFigure]:
        """The latest figure of each (indicator, area) with first <= month <= last, of some areas or all."""
        among, values = self._in_areas(plan, areas)
        found: dict[tuple[str, str], LeafFigure] = {}
        for row in self.connection.execute(
            "SELECT indicator, area, max(month) AS month, period, value, denominator, heads, proxy FROM figure"
            f" WHERE plan = ?{among} AND month BETWEEN ? AND ? GROUP BY indicator, area",
            (plan, *values, first, last),
        ):
            found[(row["indicator"], row["area"])] = LeafFigure(
                period=row["period"],
                month=row["month"],
                value=Fraction(row["value"], 1_000_000),
                of=from_millionths(row["denominator"]),
                heads=row["heads"],
                proxy=bool(row["proxy"]),
            )
        return found

    def series(self, plan: str, indicator: str, area: str) -> dict[str, LeafFigure]:
        """Every figure of one cell, by period."""
        return {
            row["period"]: LeafFigure(
                period=row["period"],
                month=row["month"],
                value=Fraction(row["value"], 1_000_000),
                of=from_millionths(row["denominator"]),
                heads=row["heads"],
                proxy=bool(row["proxy"]),
            )
            for row in self.connection.execute(
                "SELECT * FROM figure WHERE plan = ? AND indicator = ? AND area = ? ORDER BY month",
                (plan, indicator, area),
            )
        }

    def verdicts(
        self, plan: str, first: int, last: int, areas: Iterable[str] | None = None
    ) -> dict[tuple[str, str, str], list[Verdict]]:
        """Reviews by (indicator, area, period), for periods that end in first..last."""
        among, values = self._in_areas(plan, areas)
        found: dict[tuple[str, str, str], list[Verdict]] = {}
        for row in self.connection.execute(
            f"SELECT * FROM verdict WHERE plan = ?{among} AND month BETWEEN ? AND ?",
            (plan, *values, first, last),
        ):
            found.setdefault((row["indicator"], row["area"], row["period"]), []).append(
                Verdict(
                    reviewer=row["reviewer"],
                    verdict=row["verdict"],
                    current=bool(row["current"]),
                    seen=from_millionths(row["seen"]),
                    value=from_millionths(row["value"]),
                    of=from_millionths(row["denominator"]),
                    comment=row["comment"],
                    operator=row["operator"],
                    at=row["at"],
                    period=row["period"],
                    month=row["month"],
                )
            )
        return found

    def site_sums(
        self, first: str, last: str, areas: Iterable[str] | None = None
    ) -> dict[tuple[str, str], Fraction]:
        """Σ quantities of sites that count from a day between first and last (both included), by (indicator, area);
        sites that do not count give 0, so that 'none yet' differs from 'never reported'."""
        among, values = "", list[str]()
        if areas is not None:
            plan = self.plan_of_year(int(first[:4]))
            among, values = self._in_areas(plan.id if plan else "", areas)
        return {
            (row["indicator"], row["area"]): Fraction(row["total"], 1_000_000)
            for row in self.connection.execute(
                "SELECT indicator, area, sum(CASE WHEN completed BETWEEN ? AND ? THEN quantity ELSE 0 END) AS total"
                f" FROM site_quantity WHERE 1{among} GROUP BY indicator, area",
                (first, last, *values),
            )
        }

    def counted_sites(self) -> dict[str, str]:
        """The day from which each site that counts does so, by subject."""
        return {
            row[0]: row[1]
            for row in self.connection.execute(
                "SELECT DISTINCT subject, completed FROM site_quantity WHERE completed <> ''"
            )
        }

    def waiting_sites(self) -> list[Head]:
        """Sites that do not count yet, of those that would count somewhere."""
        rows = self.connection.execute(
            "SELECT * FROM head WHERE subject IN (SELECT subject FROM site_quantity WHERE completed = '')"
            " ORDER BY subject"
        )
        return [self._head(row) for row in rows]

    # -- evidence ------------------------------------------------------------------------------------------------

    def evidence_about(self, about: str) -> list[Head]:
        return [
            self._head(row)
            for row in self.connection.execute(
                "SELECT head.* FROM evidence_about JOIN head USING (subject) WHERE about = ? ORDER BY at",
                (about,),
            )
        ]

    def evidence_counts(self, *, sites: bool = True) -> dict[str, int]:
        """How many pieces of evidence each subject has; without `sites`, each that is no site (of which there are
        thousands)."""
        asked = "" if sites else " WHERE about < 'site/' OR about >= 'site0'"
        return {
            row["about"]: row["number"]
            for row in self.connection.execute(
                f"SELECT about, count(*) AS number FROM evidence_about{asked} GROUP BY about"
            )
        }

    def evidence_of_sites(self) -> set[tuple[str, str, str]]:
        """(indicator, area, evidence) for every piece that names a site."""
        return {
            (row[0], row[1], row[2])
            for row in self.connection.execute(
                "SELECT site_quantity.indicator, site_quantity.area, evidence_about.subject FROM evidence_about"
                " JOIN site_quantity ON site_quantity.subject = evidence_about.about"
                " WHERE about >= 'site/' AND about < 'site0'"
            )
        }

    def evidence_of_others(self) -> list[tuple[str, str, str]]:
        """(what it is about, evidence, unit) for every piece that names something else than a site."""
        return [
            (row[0], row[1], row[2])
            for row in self.connection.execute(
                "SELECT about, subject, unit FROM evidence_about JOIN head USING (subject)"
                " WHERE about < 'site/' OR about >= 'site0'"
            )
        ]

    def missing_files(self, owner: str | None = None) -> list[Head]:
        """Evidence whose bytes are not here, and which are neither withheld as personal nor erased."""
        erased = {head.body.hash for head in self.heads("erasure")}
        return [
            head
            for head in self.heads("evidence", owner)
            if not head.body.personal
            and head.body.sha256 not in erased
            and not self.has_file(head.body.sha256)
        ]

    def files(self) -> set[str]:
        """Hashes of the files whose bytes are here."""
        return {row[0] for row in self.connection.execute("SELECT sha256 FROM file")}

    def has_file(self, sha256: str) -> bool:
        return (
            self.connection.execute("SELECT 1 FROM file WHERE sha256 = ?", (sha256,)).fetchone() is not None
        )

    # -- containers ----------------------------------------------------------------------------------------------

    def containers(self, origin: str | None = None, unit: str | None = None) -> list[sqlite3.Row]:
        where: list[str] = ["1"]
        values: list[str] = []
        if origin is not None:
            where, values = [*where, "origin = ?"], [*values, origin]
        if unit is not None:
            where, values = [*where, "unit = ?"], [*values, unit]
        return self.connection.execute(
            f"SELECT * FROM container WHERE {' AND '.join(where)} ORDER BY seq", values
        ).fetchall()

    def last_typed(self) -> str:
        """When something was last typed here; "" before anything was."""
        row = self.connection.execute(
            "SELECT lines FROM segment WHERE seq = (SELECT max(seq) FROM segment WHERE container IN"
            " (SELECT seq FROM container WHERE origin = 'local'))"
        ).fetchone()
        return "" if row is None else read_line(bytes(row["lines"]).splitlines()[-1]).at

    def unsent(self) -> list[tuple[str, bytes]]:
        """Own entries that no package of this desk has carried yet: (subject, id)."""
        return [
            (row["subject"], row["id"])
            for row in self.connection.execute(
                "SELECT DISTINCT subject, id FROM origin AS said"
                " WHERE container IN (SELECT seq FROM container WHERE origin = 'local')"
                " AND NOT EXISTS (SELECT 1 FROM origin JOIN container ON container.seq = origin.container"
                " WHERE origin.subject = said.subject AND origin.id = said.id AND container.origin = 'own')"
                " ORDER BY subject, id"
            )
        ]

    def unsent_count(self) -> int:
        """How many those are."""
        return self.connection.execute(
            "SELECT count(*) FROM (SELECT subject, id FROM origin JOIN container ON seq = container"
            " WHERE container.origin = 'local' EXCEPT SELECT subject, id FROM origin JOIN container"
            " ON seq = container WHERE container.origin = 'own')"
        ).fetchone()[0]

    def acknowledged(self, upper: list[str]) -> set[bytes]:
        """Ids of own entries that a unit above has receipted, by any package that carried them."""
        digests = {
            head.subject.split("/", 2)[2]
            for unit in upper
            for head in self.heads("receipt", unit)
            if head.unit == unit
        }
        found: set[bytes] = set()
        for row in self.containers("own"):
            if row["digest"] in digests:
                found.update(
                    origin["id"]
                    for origin in self.connection.execute(
                        "SELECT id FROM origin WHERE container = ?", (row["seq"],)
                    )
                )
        return found

    def own_keys(self) -> list[tuple[str, bytes, str]]:
        """(subject, id, kind) of every entry this desk's unit has said, here or at another of its computers.

        What came with a file that was taken back, or only under another's signature, is not said again in its name.
        """
        standing = self.projector.standing().unit
        rows = self.connection.execute(
            "SELECT entry.subject, entry.id, entry.kind, origin.container FROM entry"
            " JOIN origin ON origin.subject = entry.subject AND origin.id = entry.id"
            " JOIN container ON container.seq = origin.container AND container.unit = entry.unit"
            " WHERE entry.unit = ? ORDER BY entry.subject, entry.n, entry.id",
            (self.projector.own,),
        )
        said = [(row["subject"], row["id"], row["kind"]) for row in rows if row["container"] in standing]
        return list(dict.fromkeys(said))

    # -- history -------------------------------------------------------------------------------------------------

    def history(self, subject: str) -> list[Step]:
        """Every entry of a subject, the oldest first (by depth), with why it does not count where it does not."""
        refused = {
            row["id"]: row["why"]
            for row in self.connection.execute("SELECT id, why FROM refused WHERE subject = ?", (subject,))
        }
        tops = set(self.projector.counted_ids(subject))
        steps = []
        for row in self.connection.execute(
            "SELECT id, n FROM entry WHERE subject = ? ORDER BY n, id", (subject,)
        ).fetchall():
            line = journal.line_of(self.connection, subject, row["id"])
            if line is None:
                continue
            entry = msgspec.json.decode(line, type=Entry)
            containers = tuple(
                origin["digest"]
                for origin in self.connection.execute(
                    "SELECT digest FROM origin JOIN container ON container.seq = origin.container"
                    " WHERE subject = ? AND id = ? ORDER BY container.seq",
                    (subject, row["id"]),
                )
            )
            steps.append(
                Step(
                    id=row["id"].hex(),
                    entry=entry,
                    body=self._body(entry),
                    why_not=refused.get(row["id"], ""),
                    head=row["id"] in tops,
                    containers=containers,
                )
            )
        return steps

    def _body(self, entry: Entry) -> Any:
        try:
            return read_body(entry.kind, entry.body)
        except KeyError:
            return msgspec.json.decode(entry.body)

    def subjects(self, prefix: str = "") -> Iterator[str]:
        """Subjects in the journal that begin with the prefix."""
        for row in self.connection.execute(
            "SELECT DISTINCT subject FROM entry WHERE subject >= ? AND subject < ? ORDER BY subject",
            (prefix, prefix + "\U0010ffff"),
        ):
            yield row["subject"]

    def refused_subjects(self) -> list[str]:
        """Subjects that hold an entry which is kept but not counted."""
        return [
            row["subject"]
            for row in self.connection.execute("SELECT DISTINCT subject FROM refused ORDER BY subject")
        ]

    def counts(self) -> dict[str, int]:
        """How many entries, subjects, forks, refused entries, files the store holds."""
        one = self.connection.execute(
            "SELECT (SELECT count(*) FROM entry) AS entries, (SELECT count(*) FROM head) AS subjects,"
            " (SELECT count(*) FROM head WHERE heads > 1) AS forks, (SELECT count(*) FROM refused) AS refused,"
            " (SELECT count(*) FROM file) AS files"
        ).fetchone()
        return {key: int(number) for key, number in dict(one).items()}
