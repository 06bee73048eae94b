"""Sites, households and cases as lists show them: which count, since when, and what the others still want."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from desktop_app.core.i18n import _
from desktop_app.core.model.view import SiteView
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.rules import counting
from desktop_app.core.store import sites_table
from desktop_app.core.store.ledger_heads import Head


class Standing(NamedTuple):
    """`since` is the day a site counts from ("" while it does not), as the sums have it; `missing` what it wants."""

    since: str
    missing: tuple[counting.Lack, ...]

    @property
    def unproved(self) -> bool:
        """Complete, but without the evidence it rests on."""
        return any(lack.what == "evidence" for lack in self.missing) and not any(
            lack.what == "completed" for lack in self.missing
        )


def standings(workspace: Workspace, heads: Iterable[Head]) -> dict[str, Standing]:
    """How these sites stand, by subject."""
    since = workspace.store.ledger.counted_sites()
    return {
        subject: Standing(since.get(subject, ""), missing)
        for subject, missing in _lacking(workspace, heads).items()
    }


def _lacking(workspace: Workspace, heads: Iterable[Head]) -> dict[str, tuple[counting.Lack, ...]]:
    """What these sites want, by subject."""
    projector, connection = workspace.store.projector, workspace.store.connection
    sites = {head.subject: sites_table.Site(head.unit, head.body) for head in heads}
    extracts = sites_table.extracts_here(connection)
    found: dict[str, tuple[counting.Lack, ...]] = {}
    for indicators, group in projector.plans.parted(sites):
        proved = sites_table.proved_among(connection, projector.context(), indicators, group, extracts)
        accepted = sites_table.accepted_among(connection, projector.context(), indicators, group)
        for subject, site in group.items():
            found[subject] = counting.lacks(
                site.body, indicators, proved=subject in proved, accepted=accepted.get(subject, "")
            )
    return found


def unproved(workspace: Workspace) -> list[Head]:
    """Sites that are complete, rest on evidence, and have none."""
    heads = workspace.store.ledger.waiting_sites()
    lacking = _lacking(workspace, heads)
    return [head for head in heads if Standing("", lacking[head.subject]).unproved]


def waiting(workspace: Workspace) -> list[tuple[Head, tuple[counting.Lack, ...]]]:
    """Sites that do not count yet, each with what it wants."""
    heads = workspace.store.ledger.waiting_sites()
    lacking = _lacking(workspace, heads)
    return [(head, lacking[head.subject]) for head in heads]


def sites(workspace: Workspace, indicator: str | None = None, area: str | None = None) -> list[SiteView]:
    """The ledger of sites and cases of this desk's territory (and below), by area and name."""
    ledger = workspace.store.ledger
    counts = ledger.evidence_counts()
    heads = [
        head for head in ledger.heads("site", area) if indicator is None or indicator in head.body.quantities
    ]
    standing = standings(workspace, heads)
    names = {code: workspace.organisation.name(code) for code in {head.owner for head in heads}}
    views = [
        _view(head, names[head.owner], counts.get(head.subject, 0), standing[head.subject]) for head in heads
    ]
    return sorted(views, key=lambda view: (view.area, view.name, view.subject))


def _view(head: Head, area_name: str, evidence: int, standing: Standing) -> SiteView:
    body = head.body
    why_not = counting.why_not(standing.missing)
    if not standing.since and not why_not:
        why_not = _("登记单位不填报这项指标")
    return SiteView(
        subject=head.subject,
        area=head.owner,
        area_name=area_name,
        name=body.name,
        place=body.place,
        quantities={key: Fraction(amount) for key, amount in body.quantities.items()},
        stages=dict(body.stages),
        started=body.started,
        completed=body.completed,
        charge=body.charge,
        note=body.note,
        sealed=bool(body.sealed),
        evidence=evidence,
        evidence_missing=int(standing.unproved),
        counts=bool(standing.since),
        why_not=why_not,
        since=standing.since,
        missing_stages=tuple(lack.stage for lack in standing.missing if lack.what == "stage"),
    )
