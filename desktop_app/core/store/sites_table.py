"""The ledger's table of sites: how much of which indicator each brings, and from which day it counts.

Whether a site counts depends on the plan and on evidence beside its own entry, so its rows are written after the
heads, and again whenever evidence that bears on it comes, goes or changes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from desktop_app.core.journal.line import read_body
from desktop_app.core.model.bodies import RecordBody, SiteBody
from desktop_app.core.model.forms import is_date
from desktop_app.core.model.plan import Indicator
from desktop_app.core.model.register import declared, passed
from desktop_app.core.plan.load import plan_in_entry
from desktop_app.core.rules import counting
from desktop_app.core.store.figures_table import CHUNK, to_millionths
from desktop_app.core.store.journal import chunks
from desktop_app.core.trust.authority import Context

SITE, EVIDENCE, INDICATOR, RECORD = "site/", "evidence/", "indicator/", "record/"


class Site(msgspec.Struct, frozen=True, gc=False):
    """A site as its shown entry says, and who says it."""

    unit: str
    body: SiteBody


class PlanReader:
    """Indicators of every year's plan, read again only when one of the plans is another."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._read: dict[bytes, tuple[int, dict[str, Indicator]]] = {}

    def _by_year(self) -> dict[int, Mapping[str, Indicator]]:
        rows = self._connection.execute(
            "SELECT id, subject FROM head WHERE kind = 'plan' ORDER BY subject"
        ).fetchall()
        for ident, subject in rows:
            if ident not in self._read:
                (body,) = self._connection.execute(
                    "SELECT body FROM head WHERE subject = ?", (subject,)
                ).fetchone()
                plan = plan_in_entry(bytes(read_body("plan", msgspec.Raw(body.encode())).plan))
                # What a newer version adopted asks for nothing that this one could know.
                known = {item.id: item for item in plan.indicators()} if plan else {}
                self._read[ident] = (plan.year if plan else 0, known)
        return dict(self._read[row[0]] for row in rows)

    def parted(self, sites: Mapping[str, Site]) -> list[tuple[Mapping[str, Indicator], dict[str, Site]]]:
        """Sites by the plan that they are judged by: that of the year of their last date, else the latest begun
        before it; of those without a date, the latest plan of all."""
        plans = self._by_year()
        groups: dict[int, dict[str, Site]] = {}
        for subject, site in sites.items():
            dated = (site.body.completed or max(site.body.stages.values(), default="") or site.body.started)[
                :4
            ]
            year = int(dated) if dated.isdecimal() else max(plans, default=0)
            begun = [of for of in plans if of <= year] or sorted(plans)[:1]
            groups.setdefault(max(begun, default=0), {})[subject] = site
        return [(plans.get(year, {}), group) for year, group in groups.items()]


def stands_for(author: str, context: Context, indicator: str, area: str) -> bool:
    """Whether a unit may speak for an indicator's sites in an area: who reports it there, or a unit above."""
    rightful = context.reporters_of(indicator, area)
    return author in rightful or any(context.above(author, unit) for unit in rightful)


def project(
    connection: sqlite3.Connection,
    context: Context,
    plans: PlanReader,
    subjects: Iterable[str],
) -> None:
    """Write the rows of these sites anew; heads and `evidence_about` are written already."""
    asked = sorted(set(subjects))
    extracts = extracts_here(connection) if asked else {}
    for chunk in chunks(asked, CHUNK):
        connection.executemany("DELETE FROM site_quantity WHERE subject = ?", [(at,) for at in chunk])
        rows: list[tuple[str, str, str, int, str]] = []
        for indicators, sites in plans.parted(_sites(connection, chunk)):
            proved = proved_among(connection, context, indicators, sites, extracts)
            accepted = accepted_among(connection, context, indicators, sites)
            for subject, site in sites.items():
                area = subject.split("/", 2)[1]
                since = counting.counts_from(
                    site.body, indicators, proved=subject in proved, accepted=accepted.get(subject, "")
                )
                for indicator, quantity in site.body.quantities.items():
                    amount = to_millionths(quantity)
                    if amount is not None and stands_for(site.unit, context, indicator, area):
                        rows.append((indicator, area, subject, amount, since))
        connection.executemany("INSERT INTO site_quantity VALUES (?,?,?,?,?)", sorted(rows))


def _sites(connection: sqlite3.Connection, subjects: Sequence[str]) -> dict[str, Site]:
    marks = ",".join("?" * len(subjects))
    found = {}
    for subject, unit, body in connection.execute(
        f"SELECT subject, unit, body FROM head WHERE kind = 'site' AND subject IN ({marks})", subjects
    ):
        site: SiteBody = read_body("site", msgspec.Raw(body.encode()))
        if not site.void:
            found[subject] = Site(unit, site)
    return found


def proved_among(
    connection: sqlite3.Connection,
    context: Context,
    indicators: Mapping[str, Indicator],
    sites: Mapping[str, Site],
    extracts: Mapping[str, Collection[str]],
) -> set[str]:
    """Those of the sites that rest on evidence and have some: a piece that names the site, from a unit that may
    speak for it, or a business system's extract that names its indicator, from the unit that reports there."""
    asked = [subject for subject, site in sites.items() if counting.needs_evidence(site.body, indicators)]
    found: set[str] = set()
    for chunk in chunks(asked, CHUNK):
        marks = ",".join("?" * len(chunk))
        for subject, author in connection.execute(
            "SELECT DISTINCT about, unit FROM evidence_about JOIN head USING (subject)"
            f" WHERE about IN ({marks})",
            chunk,
        ):
            if subject not in found and (
                author == sites[subject].unit or _may_prove(author, context, subject, sites[subject].body)
            ):
                found.add(subject)
    for subject in asked if extracts else ():
        area = subject.split("/", 2)[1]
        for indicator in sites[subject].body.quantities:
            authors = extracts.get(indicator, ())
            if any(area in context.areas_reported_by(unit, indicator) for unit in authors):
                found.add(subject)
    return found


def accepted_among(
    connection: sqlite3.Connection,
    context: Context,
    indicators: Mapping[str, Indicator],
    sites: Mapping[str, Site],
) -> dict[str, str]:
    """The day of the first passed acceptance of those sites that want one, as a row of the site's own area or of one
    above it says."""
    asked = [subject for subject, site in sites.items() if counting.needs_acceptance(site.body, indicators)]
    found: dict[str, str] = {}
    for chunk in chunks(asked, CHUNK):
        marks = ",".join("?" * len(chunk))
        for subject, owner, text in connection.execute(
            "SELECT subject, owner, body FROM head WHERE kind = 'record'"
            f" AND json_extract(body, '$.about') IN ({marks})",
            chunk,
        ):
            body: RecordBody = read_body("record", msgspec.Raw(text.encode()))
            area = body.about.split("/", 2)[1]
            day = passed(subject.split("/")[2], body.fields)
            if body.void or not day or not is_date(day):
                continue
            if owner == area or context.above(owner, area):
                found[body.about] = min(day, found.get(body.about, day))
    return found


def gated_by(connection: sqlite3.Connection, records: Collection[str]) -> set[str]:
    """Sites that these rows of registers let count or not, as the ledger has them now."""
    gates = {register.key for register in declared().gates()}
    asked = sorted(
        subject for subject in records if subject.split("/")[2:3] and subject.split("/")[2] in gates
    )
    found: set[str] = set()
    for chunk in chunks(asked, CHUNK):
        marks = ",".join("?" * len(chunk))
        found.update(
            about
            for (about,) in connection.execute(
                f"SELECT json_extract(body, '$.about') FROM head WHERE subject IN ({marks})", chunk
            )
            if about and about.startswith(SITE)
        )
    return found


def _may_prove(author: str, context: Context, subject: str, body: SiteBody) -> bool:
    area = subject.split("/", 2)[1]
    return any(stands_for(author, context, indicator, area) for indicator in body.quantities)


def extracts_here(connection: sqlite3.Connection) -> dict[str, set[str]]:
    """Units that hold a business system's extract, by the indicator it names."""
    found: dict[str, set[str]] = {}
    for about, unit in connection.execute(
        "SELECT about, unit FROM evidence_about JOIN head USING (subject)"
        " WHERE about >= ? AND about < ? AND json_extract(body, '$.extract') = 1",
        (INDICATOR, INDICATOR + "\U0010ffff"),
    ):
        found.setdefault(about.rsplit("/", 1)[-1], set()).add(unit)
    return found


def borne_on(connection: sqlite3.Connection, context: Context, evidence: Collection[str]) -> set[str]:
    """Sites that these pieces of evidence bear on, as the ledger has them now; asked before they change, and after."""
    found: set[str] = set()
    for chunk in chunks(sorted(evidence), CHUNK):
        marks = ",".join("?" * len(chunk))
        for about, unit, extract in connection.execute(
            "SELECT about, unit, json_extract(body, '$.extract') FROM evidence_about JOIN head USING (subject)"
            f" WHERE subject IN ({marks})",
            chunk,
        ):
            if about.startswith(SITE):
                found.add(about)
            elif extract and about.startswith(INDICATOR):
                found |= _of_indicator(connection, context, about.rsplit("/", 1)[-1], unit)
    return found


def _of_indicator(connection: sqlite3.Connection, context: Context, indicator: str, unit: str) -> set[str]:
    areas = sorted(context.areas_reported_by(unit, indicator))
    found: set[str] = set()
    for chunk in chunks(areas, CHUNK):
        marks = ",".join("?" * len(chunk))
        found.update(
            subject
            for (subject,) in connection.execute(
                f"SELECT subject FROM site_quantity WHERE indicator = ? AND area IN ({marks})",
                [indicator, *chunk],
            )
        )
    return found


def all_sites(connection: sqlite3.Connection) -> list[str]:
    return [subject for (subject,) in connection.execute("SELECT subject FROM head WHERE kind = 'site'")]
