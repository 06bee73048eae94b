"""What stands behind a cell of the board: an indicator's units below an area, each with its figure."""

from __future__ import annotations

from fractions import Fraction

import msgspec

from desktop_app.core.figures import rollup
from desktop_app.core.model.plan import Indicator
from desktop_app.core.model.view import Light
from desktop_app.core.operations.period_figures import PeriodFigures, describe_figure


class Below(msgspec.Struct, frozen=True, kw_only=True):
    """One unit's figure of one indicator.  `said` is the figure in words, `carried` the period it is from where it is
    an earlier one."""

    indicator: str
    name: str
    unit: str
    """What it is counted in."""
    area: str
    area_name: str
    reporter: str
    share: Fraction | None
    said: str
    rate: Fraction | None
    """As a share of 1, where a percentage is counted."""
    done: Fraction | None
    expected: Fraction
    light: Light
    carried: str
    site_based: bool
    leaves: int
    missing: int
    """How many of the leaves have never reported."""


def indicators_of(figures: PeriodFigures, task_no: int, area: str) -> list[Below]:
    """A task's indicators in one area."""
    task = figures.plan.task(task_no)
    found = task.indicators if task else ()
    return [_line(figures, indicator, area) for indicator in found if _concerns(figures, indicator, area)]


def units_of(figures: PeriodFigures, indicator_id: str, area: str) -> list[Below]:
    """The units below an area that report an indicator, those furthest behind first."""
    indicator = figures.plan.indicator(indicator_id)
    if indicator is None:
        return []
    lines = [_line(figures, indicator, leaf) for leaf in figures.leaf_areas(indicator_id, area)]
    order = ("red", "yellow", "none", "green", "done")
    return sorted(lines, key=lambda line: (order.index(line.light), line.done or Fraction(0), line.area))


def _concerns(figures: PeriodFigures, indicator: Indicator, area: str) -> bool:
    given = figures.share_given(indicator.id, area) is not None
    return given or figures.reported_at_all(indicator.id, area)


def _line(figures: PeriodFigures, indicator: Indicator, area: str) -> Below:
    figure = figures.figure(indicator, area)
    value = figure.value
    said = describe_figure(indicator, value, figure.of)
    rate = rollup.rate(value, figure.of, indicator.per) if indicator.measure == "rate" else None
    reporter = figures.reporter(indicator.id, area)
    return Below(
        indicator=indicator.id,
        name=indicator.name,
        unit=indicator.unit,
        area=area,
        area_name=figures.organisation.name(area),
        reporter=figures.organisation.name(reporter) if reporter else "",
        share=figures.share(indicator, area),
        said=f"{said} ＝ {float(rate):.2f}" if rate is not None else said,
        rate=rate / 100 if rate is not None and indicator.per == 100 else None,
        done=figures.done(indicator, area),
        expected=figures.expected(indicator, area),
        light=figures.light(indicator, area),
        carried=figure.carried,
        site_based=indicator.basis == "site",
        leaves=len(figures.leaf_areas(indicator.id, area)),
        missing=figure.missing,
    )
