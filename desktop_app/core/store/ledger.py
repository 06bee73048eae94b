"""Reading the ledger: plans and shares, figures, verdicts, sites, history; heads, evidence and containers beside it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

import msgspec

from desktop_app.core.journal.line import read_body
from desktop_app.core.model.entry import Entry
from desktop_app.core.model.plan import Plan
from desktop_app.core.model.unit import Organisation
from desktop_app.core.plan.load import plan_in_entry
from desktop_app.core.plan.targets import with_targets
from desktop_app.core.store import journal, sums_table
from desktop_app.core.store.figures_table import from_millionths, to_millionths
from desktop_app.core.store.ledger_containers import ContainerReads
from desktop_app.core.store.ledger_evidence import EvidenceReads
from desktop_app.core.store.ledger_heads import Head
from desktop_app.core.store.projection import Projector


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


class Ledger(EvidenceReads, ContainerReads):
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
