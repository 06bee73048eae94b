"""Proposals from a known plan: where a draft tells the same tasks, the known plan's fuller definitions (basis,
stages, evidence, divisibility, parts, short names) are offered."""

from __future__ import annotations

from decimal import Decimal

from desktop_app.core.model.plan import Indicator, Plan, Task
from desktop_app.core.plan.notice.draft import Deadline, Draft, DraftIndicator, DraftTask

ENOUGH = 2, 3
"""A plan is the same one when so large a part of its tasks with figures shares a figure at the same number."""


def propose(draft: Draft, known: Plan) -> bool:
    """Note in the draft what is like the known plan; False, and nothing noted, where it is another plan."""
    if not same_plan(draft, known):
        return False
    for task in draft.tasks:
        other = known.task(task.no)
        if other is not None:
            _propose(task, other)
    return True


def same_plan(draft: Draft, known: Plan) -> bool:
    """Whether the draft tells the known plan's tasks: the same year and number, and mostly the same figures."""
    if draft.year != known.year or len(draft.tasks) != len(known.tasks):
        return False
    told = [task for task in draft.tasks if _values(task)]
    same = [task for task in told if _values(task) & _targets(known.task(task.no))]
    return bool(told) and len(same) * ENOUGH[1] >= len(told) * ENOUGH[0]


def _values(task: DraftTask) -> set[Decimal]:
    return {item.value for item in task.indicators if item.value is not None and not item.where}


def _targets(task: Task | None) -> set[Decimal]:
    return {Decimal(item.target) for item in task.indicators if item.target} if task else set()


def _propose(task: DraftTask, other: Task) -> None:
    free = list(other.indicators)
    for item in sorted(task.indicators, key=lambda item: item.where):
        twin = next((known for known in free if _alike(item, known)), None)
        if twin is None:
            continue
        free.remove(twin)
        item.like, item.name, item.take = twin.id, twin.name, True
        item.measure, item.flow, item.per = twin.measure, twin.flow, twin.per
    places = {item.like: place for place, item in enumerate(task.indicators, start=1) if item.like}
    for item in task.indicators:
        whole = next((known.parent for known in other.indicators if known.id == item.like), None)
        item.parent = places.get(whole, item.parent) if whole else item.parent
    task.indicators += [
        DraftIndicator(
            name=known.name,
            op=known.op,
            unit=known.unit,
            measure=known.measure,
            flow=known.flow,
            per=known.per,
            take=False,
            like=known.id,
        )
        for known in free
        if known.target is None or known.measure == "state"
    ]
    task.short = other.short
    for step in task.deadlines:
        step.like = _step(step, other)


def _alike(item: DraftIndicator, known: Indicator) -> bool:
    if item.measure == "state":
        return known.measure == "state" and known.headline
    return (
        known.target is not None
        and known.measure != "state"
        and item.value == Decimal(known.target)
        and (known.headline or bool(item.where))
    )


def _step(step: Deadline, other: Task) -> str | None:
    return next((known.id for known in other.milestones if known.due.isoformat() == step.date), None)
