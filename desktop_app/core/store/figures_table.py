"""The ledger's number tables: figures, verdicts on them, quantities of sites.

Numbers are whole millionths, so that sums in SQL are exact.
"""

from __future__ import annotations

import sqlite3
from decimal import Decimal
from fractions import Fraction

import msgspec

from desktop_app.core.journal.line import read_body
from desktop_app.core.model.bodies import Number, ProgressBody, ReviewBody, SiteBody
from desktop_app.core.model.period import Period
from desktop_app.core.trust.authority import Context

MILLION = 1_000_000
Key = tuple[str, str, str, str]
"""(area, plan, indicator, period)."""


def to_millionths(value: Number | None) -> int | None:
    """An entry's number as whole millionths; None where there is none or it is no number."""
    if value is None:
        return None
    try:
        scaled = Decimal(value) * MILLION
        return int(scaled) if scaled == scaled.to_integral_value() and abs(scaled) < 2**62 else None
    except (ArithmeticError, ValueError):
        return None


def from_millionths(value: int | None) -> Fraction | None:
    return None if value is None else Fraction(value, MILLION)


def month_number(period: str) -> int | None:
    """year × 12 + last month of a period; None when it is no period."""
    try:
        parsed = Period.parse(period)
    except Exception:
        return None
    return parsed.year * 12 + parsed.last


def keys_touched(subject: str) -> list[Key]:
    """The figure a subject bears on: a progress subject's own, or the one that a review is about."""
    words = subject.split("/")
    if words[0] == "progress" and len(words) == 5:
        return [(words[1], words[2], words[3], words[4])]
    if words[0] == "review" and len(words) == 7 and words[2] == "progress":
        return [(words[3], words[4], words[5], words[6])]
    return []


def project(connection: sqlite3.Connection, context: Context, key: Key) -> None:
    """Write the figure and the verdicts of one key anew from the heads."""
    area, plan, indicator, period = key
    month = month_number(period)
    connection.execute(
        "DELETE FROM figure WHERE plan = ? AND indicator = ? AND area = ? AND period = ?",
        (plan, indicator, area, period),
    )
    connection.execute(
        "DELETE FROM verdict WHERE plan = ? AND indicator = ? AND area = ? AND period = ?",
        (plan, indicator, area, period),
    )
    if month is None:
        return
    subject = f"progress/{area}/{plan}/{indicator}/{period}"
    head = connection.execute(
        "SELECT id, heads, unit, body FROM head WHERE subject = ?", (subject,)
    ).fetchone()
    if head is not None:
        body: ProgressBody = read_body("progress", msgspec.Raw(head["body"].encode()))
        value = to_millionths(body.value)
        if not body.void and value is not None:
            connection.execute(
                "INSERT INTO figure VALUES (?,?,?,?,?,?,?,?,?)",
                (
                    plan,
                    indicator,
                    area,
                    month,
                    period,
                    value,
                    to_millionths(body.of),
                    head["heads"],
                    int(body.proxy),
                ),
            )
    shown = head["id"].hex() if head is not None else ""
    duty = context.duty(plan, indicator, area)
    reviewers = [area, *context.organisation.above(area)]
    if duty and duty.reporter:
        reviewers += context.organisation.above(duty.reporter)
    if duty and duty.reviewer:
        reviewers.append(duty.reviewer)
    # Once each, even where someone's units stand above one another in a ring.
    for reviewer in dict.fromkeys(reviewers):
        said = connection.execute(
            "SELECT unit, operator, at, body FROM head WHERE subject = ?", (f"review/{reviewer}/{subject}",)
        ).fetchone()
        if said is None:
            continue
        review: ReviewBody = read_body("review", msgspec.Raw(said["body"].encode()))
        if review.void:
            continue
        # A review of a figure that was corrected since is kept but no longer current.
        current = (shown in review.about) if head is not None else not review.about
        connection.execute(
            "INSERT INTO verdict VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                plan,
                indicator,
                area,
                month,
                period,
                reviewer,
                review.verdict,
                int(current),
                to_millionths(review.seen),
                to_millionths(review.value),
                to_millionths(review.of),
                review.comment,
                said["operator"],
                said["at"],
            ),
        )


def project_site(
    connection: sqlite3.Connection, context: Context, subject: str, author: str, body: SiteBody
) -> None:
    """A site's quantities, for the indicators that its author reports in that area."""
    if body.void:
        return
    area = subject.split("/", 2)[1]
    for indicator, quantity in body.quantities.items():
        amount = to_millionths(quantity)
        rightful = context.reporters_of(indicator, area)
        speaks = author in rightful or any(context.above(author, unit) for unit in rightful)
        if amount is not None and speaks:
            connection.execute(
                "INSERT INTO site_quantity VALUES (?,?,?,?,?)",
                (indicator, area, subject, amount, body.completed),
            )
