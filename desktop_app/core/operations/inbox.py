"""The inbox: one row a received package, one for each file that was set aside, and one for each unit whose paper was
entered here.  What a row says is how things stand now, never how they stood when the file came."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

import msgspec

from desktop_app.core.i18n import _
from desktop_app.core.model import subject as subjects
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.forms import is_period
from desktop_app.core.model.period import Period
from desktop_app.core.model.view import InboxView
from desktop_app.core.operations import file_names, forking, proxying, reviewing, stamping
from desktop_app.core.operations.outcomes import Merged
from desktop_app.core.operations.situation import Situation
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.trust import authority

PUT_AWAY = "inbox_put_away"
"""Where a workspace notes which rows somebody has seen; it is about this desk alone and never travels."""


def inbox(workspace: Workspace, period: Period | None = None) -> list[InboxView]:
    """One row a received package (and one set aside) of a period, the latest first."""
    rows = [*_received(workspace, period), *_set_aside(workspace, period)]
    return rows if period is None else [*rows, *_entered(workspace, period)]


def _received(workspace: Workspace, period: Period | None) -> list[InboxView]:
    store = workspace.store
    ledger = store.ledger
    standing = store.projector.standing()
    reviews = Reviews(workspace)
    unsettled = _unsettled(workspace)
    away = put_away(workspace)
    lacking: dict[str, int] = {}
    containers = [row for row in ledger.containers("package") if row["unit"] != workspace.unit_code]
    last: dict[tuple[str, str], int] = {}
    for row in containers:
        if row["purpose"] == "submission" and row["seq"] in standing.unit:
            key = (row["unit"], row["period"])
            last[key] = max(last.get(key, 0), row["sequence"])
    carried = _carried(workspace, standing.fallen)
    rows = []
    for row in reversed(containers):
        if period is not None and row["period"] not in ("", period.key):
            continue
        unit = workspace.organisation.get(row["unit"])
        fell = standing.fallen.get(row["seq"], "")
        # Of a file whose certificate does not hold nothing counts, whatever was said when it came.
        void = fell not in ("", "retracted")
        remarks = [authority.why(fell)] if void else []
        submission = row["purpose"] == "submission"
        if row["unit"] not in lacking:
            lacking[row["unit"]] = len(ledger.missing_files(row["unit"]))
        word = reviews.of(row["unit"], row["period"]) if submission else None
        later = submission and row["sequence"] < last.get((row["unit"], row["period"]), 0)
        with_it = carried.get(row["seq"], [])
        brought = sum(other["fresh"] for other in with_it)
        rows.append(
            InboxView(
                container=row["digest"],
                file=row["file"],
                unit=row["unit"],
                unit_name=workspace.organisation.name(row["unit"]),
                kind=unit.sort if unit else "",
                period=row["period"],
                sequence=row["sequence"],
                received=row["arrived"],
                state="retracted" if fell == "retracted" else "valid_with_notes" if void else row["state"],
                reason=_("；").join([*remarks, *msgspec.json.decode(row["notes"])]),
                digest=row["code"],
                new=0 if void else row["fresh"] + brought,
                known=0 if void else row["known"] + sum(other["known"] for other in with_it),
                conflicting=0 if void else row["conflicting"],
                refused=row["entries"] if void else row["refused"],
                missing_files=lacking[row["unit"]],
                reviewed=word.state if word is not None else "",
                quarantined="",
                stamp=stamping.stamp_state(workspace, row["unit"], row["period"]) if submission else "",
                open_forks=min(row["conflicting"], unsettled.get(row["digest"], 0)),
                waiting=word.waiting if word is not None else 0,
                returned=word.returned if word is not None else 0,
                later=later,
                put_away=row["digest"] in away,
                late=word.late if word is not None and not later else 0,
                carried=0 if void else brought,
                carried_units=len(with_it),
            )
        )
    return rows


def _carried(workspace: Workspace, fallen: Container[int]) -> dict[int, list[Any]]:
    """By a package's number, the journals of units below that came in it for the first time: they were written behind
    it, in the same transaction, under its file's name."""
    found: dict[int, list[Any]] = {}
    package = None
    for row in workspace.store.connection.execute(
        "SELECT seq, origin, file, fresh, known FROM container WHERE origin IN ('package', 'forwarded')"
        " ORDER BY seq"
    ):
        if row["origin"] == "package":
            package = row
        elif package is not None and row["file"] == package["file"] and row["seq"] not in fallen:
            found.setdefault(package["seq"], []).append(row)
    return found


def _set_aside(workspace: Workspace, period: Period | None) -> list[InboxView]:
    away = put_away(workspace)
    came = [row for row in workspace.store.ledger.containers("package") if row["purpose"] == "submission"]
    rows = []
    for row in workspace.store.connection.execute("SELECT * FROM set_aside ORDER BY arrived DESC"):
        unit, key = row["unit"], row["period"]
        form, guessed = row["state"] == "own_form", False
        if not unit:
            unit = file_names.seems_from(workspace, row["file"])
            guessed = unit != ""
            key = key or file_names.period_of(workspace, row["file"])
        if period is not None and key not in ("", period.key):
            continue
        found = workspace.organisation.get(unit) if unit else None
        # A good one that came afterwards has answered it; two files of one name are the same file sent again.
        later = any(
            # A form lies beside its package; it is answered whichever of them was taken in first.
            (form or other["arrived"] >= row["arrived"])
            and (
                other["file"] == row["file"]
                or (unit != "" and (other["unit"], other["period"]) == (unit, key))
            )
            for other in came
        )
        rows.append(
            InboxView(
                container=row["digest"],
                file=row["file"],
                unit=unit,
                unit_name=found.name if found else "",
                kind=found.sort if found else "",
                period=key,
                sequence=0,
                received=row["arrived"],
                state="unknown_signer" if row["state"] == "unknown_signer" else "invalid",
                reason=f"{row['reason']} {row['next_step']}".strip(),
                digest="",
                new=0,
                known=0,
                conflicting=0,
                refused=0,
                missing_files=0,
                reviewed="",
                quarantined=row["path"] or row["file"],
                resaved=row["state"] == "resaved",
                foreign=row["state"] == "foreign",
                form=form,
                truncated=row["state"] == "truncated",
                guessed=guessed,
                rule=row["rule"],
                later=later,
                put_away=row["digest"] in away,
            )
        )
    return rows


def _entered(workspace: Workspace, period: Period) -> list[InboxView]:
    """Units whose paper or plain workbook was entered here (代录) and which have sent nothing of their own."""
    rows = []
    for unit in reviewing.reporting_units(workspace):
        head = workspace.store.ledger.head(subjects.submission(unit.code, period.key))
        if head is None or not head.body.proxy or not head.body.source:
            continue
        kept = proxying.sources(workspace, unit.code, period)
        rows.append(
            InboxView(
                container=head.subject,
                file="、".join(source.name for source in kept),
                unit=unit.code,
                unit_name=unit.name,
                kind=unit.sort,
                period=period.key,
                sequence=0,
                received=head.at,
                state="proxy",
                reason="",
                digest=head.body.digest,
                new=head.body.count,
                known=0,
                conflicting=0,
                refused=0,
                missing_files=0,
                reviewed="",
                quarantined="",
                stamp=stamping.stamp_state(workspace, unit.code, period.key),
            )
        )
    return rows


def _unsettled(workspace: Workspace) -> dict[str, int]:
    """By container, of how many subjects that are still said differently it brought one side."""
    found: dict[str, int] = {}
    ledger = workspace.store.ledger
    for subject in ledger.forks():
        heads = [step for step in ledger.history(subject) if step.head and not step.why_not]
        if forking.answered(workspace, subject, (step.id for step in heads)):
            continue
        for digest in {digest for step in heads for digest in step.containers}:
            found[digest] = found.get(digest, 0) + 1
    return found


def outcome(workspace: Workspace, results: list[Merged]) -> list[InboxView]:
    """The rows of one merge run, one a file, with what this very run brought: a file that was here before brings
    nothing, and one that could not be read has no row in the inbox."""
    by_container: dict[str, InboxView] = {}
    by_file: dict[str, InboxView] = {}
    for known in inbox(workspace):
        by_container[known.container] = known
        if known.quarantined:
            by_file.setdefault(known.file, known)
    rows = []
    for item in results:
        row: InboxView | None = (
            by_container.get(item.container) if item.container else by_file.get(item.file.name)
        )
        if row is None and item.state == "quarantined":
            row = _unread(item)
        if row is None:
            continue
        counts = item.counts
        if item.state != "quarantined":
            row = msgspec.structs.replace(
                row,
                new=counts.new,
                known=counts.known,
                conflicting=counts.conflicting,
                refused=counts.refused,
                # A file that was here before brings nothing more of what it carries either.
                carried=min(row.carried, counts.new),
            )
        rows.append(row)
    return rows


def _unread(item: Merged) -> InboxView:
    nothing: dict[str, Any] = {
        name: 0 for name in ("sequence", "new", "known", "conflicting", "refused", "missing_files")
    }
    return InboxView(
        container="",
        file=item.file.name,
        unit="",
        unit_name="",
        kind="",
        period="",
        received="",
        state="invalid",
        reason=f"{item.reason} {item.next_step}".strip(),
        digest="",
        reviewed="",
        quarantined="",
        **nothing,
    )


# -- seen --------------------------------------------------------------------------------------------------------------


def put_away(workspace: Workspace) -> frozenset[str]:
    """Rows that somebody here has dealt with outside the program (telephoned, waved aside)."""
    return frozenset(workspace.store.meta(PUT_AWAY).split())


def put(workspace: Workspace, container: str, away: bool) -> Changes:
    """Note that a row needs no reminding any more, or that it does again.  Nothing is deleted."""
    known = put_away(workspace)
    chosen = known | {container} if away else known - {container}
    workspace.store.set_meta(PUT_AWAY, " ".join(sorted(chosen)))
    return Changes(kinds=frozenset({"container"}))


class Reviews:
    """This desk's word on submissions as they stand now, told by their figures as 审核 counts them."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._situations: dict[str, Situation] = {}
        self._known: dict[tuple[str, str], reviewing.Standing | None] = {}

    def of(self, unit: str, period: str) -> reviewing.Standing | None:
        key = (unit, period)
        if key not in self._known:
            self._known[key] = self._find(unit, period)
        return self._known[key]

    def _situation(self, period: str) -> Situation:
        if period not in self._situations:
            self._situations[period] = Situation(self._workspace, Period.parse(period))
        return self._situations[period]

    def _find(self, unit: str, period: str) -> reviewing.Standing | None:
        if not is_period(period) or self._workspace.store.ledger.head(f"submission/{unit}/{period}") is None:
            return None
        return reviewing.standing(self._workspace, unit, Period.parse(period), self._situation(period))
