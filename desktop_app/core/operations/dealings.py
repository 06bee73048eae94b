"""往来: what was said about one figure by both sides, the figures and the verdicts on them, in the order of time."""

from __future__ import annotations

import msgspec

from desktop_app.core.i18n import _
from desktop_app.core.model import subject as subjects
from desktop_app.core.model.bodies import ReviewBody
from desktop_app.core.model.view import HistoryView
from desktop_app.core.operations import reading
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.rules.privacy import mask


def dealings(workspace: Workspace, subject: str) -> list[HistoryView]:
    """A figure's history with every verdict on it that this desk knows, the newest first.

    Clocks differ between offices: a verdict never comes before the figure it names.
    """
    said: list[tuple[str, int, HistoryView]] = []
    when: dict[str, tuple[str, int]] = {}
    latest = ""
    for view in reversed(reading.history(workspace, subject)):
        latest = max(latest, view.at)
        # Of the same second the figure comes first, then the verdict on it, then the next figure.
        when[view.id] = (latest, 2 * len(when))
        said.append((*when[view.id], view))
    for reviewer in _reviewers(workspace, subject):
        latest = ""
        about = subjects.review(reviewer, subject)
        plain = {view.id: view for view in reading.history(workspace, about)}
        for step in workspace.store.ledger.history(about):
            named = [when[ident] for ident in step.body.about if ident in when]
            latest = max(latest, step.entry.at, *(at for at, _rank in named))
            rank = max((rank for _at, rank in named), default=2 * len(when)) + 1
            said.append((latest, rank, _in_words(plain[step.id], step.body)))
    ordered = sorted(said, key=lambda item: item[:2])
    return [view for _at, _rank, view in reversed(ordered)]


def _reviewers(workspace: Workspace, subject: str) -> list[str]:
    """Who may have judged it: this desk, the units above the area and above who reports, and a named reviewer."""
    words = subject.split("/")
    if words[0] != "progress" or len(words) != 5:
        return [workspace.unit_code]
    organisation = workspace.organisation
    duty = workspace.store.projector.context().duty(words[2], words[3], words[1])
    found = [workspace.unit_code, *organisation.above(words[1])]
    if duty is not None:
        found += [duty.reviewer or "", *(organisation.above(duty.reporter) if duty.reporter else [])]
    return [code for code in dict.fromkeys(found) if code]


def _in_words(view: HistoryView, body: ReviewBody) -> HistoryView:
    """The verdict in a word, its remark as the reason."""
    word = _("撤回意见") if body.void else _(reading.VERDICT_WORDS[body.verdict])
    if body.verdict == "set" and body.value is not None and not body.void:
        of = f" / {reading.said_number(body.of, 0)}" if body.of is not None else ""
        word = f"{word} {reading.said_number(body.value, 2)}{of}"
    return msgspec.structs.replace(
        view, before="", after=word, reason="" if body.void else mask(body.comment)
    )
