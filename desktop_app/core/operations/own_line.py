"""条线: the tasks an office has to do with.  A government has to do with all of them."""

from __future__ import annotations

from desktop_app.core.operations.workspace import Workspace


def own_line(workspace: Workspace) -> frozenset[int] | None:
    """The numbers of the tasks that a department (bureau) leads by its name, reports or reviews; None for a
    government, which every task concerns."""
    unit = workspace.unit
    if unit.is_area:
        return None
    plan = workspace.plan
    led = {task.no for task in plan.tasks if unit.name in task.lead}
    of = {indicator.id: indicator.task_no for indicator in plan.indicators()}
    held = {
        of[indicator]
        for (plan_id, indicator, _area), duty in workspace.store.projector.context().duties.items()
        if plan_id == plan.id and indicator in of and unit.code in (duty.reporter, duty.reviewer)
    }
    return frozenset(led | held)


def reviews(workspace: Workspace, indicator: str, area: str) -> bool:
    """Whether this office reviews the indicator where the area reports it, itself or as one of `each` below another."""
    context, plan, organisation = (
        workspace.store.projector.context(),
        workspace.plan.id,
        workspace.organisation,
    )
    above = organisation.get(area)
    areas = [area, *([above.parent] if above is not None and above.parent else [])]
    duties = [context.duty(plan, indicator, where) for where in areas]
    return any(duty is not None and duty.reviewer == workspace.unit_code for duty in duties)
