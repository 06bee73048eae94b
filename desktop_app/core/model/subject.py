"""Subjects: what an entry is about, stable over time.

A subject is a path: the kind's own first word, then the unit or area it belongs to (so that one unit's subjects
lie together in the database), then what is said there.  Kinds this version does not know may use any path.

    plan/<plan>                                  unit/<code>                setting/<unit>/<name>
    share/<area>/<plan>/<indicator>              duty/<area>/<plan>/<indicator>
    progress/<area>/<plan>/<indicator>/<period>  milestone/<area>/<plan>/<milestone>
    site/<area>/<key>       problem/<area>/<key>       fund/<area>/<key>       evidence/<unit>/<key>
    record/<area>/<register>/<key>               answer/<author>/<subject answered>
    submission/<unit>/<period>                   closing/<unit>/<period>
    review/<reviewer>/<subject reviewed>         receipt/<receiver>/<container>
    root/<city>/<certificate>
    schedule/<area>/<plan>/<indicator>           cutoff/<unit>/<key>
    revocation/<issuer>/<certificate>            retraction/<unit>/<container>    erasure/<unit>/<hash>
"""

from __future__ import annotations

import secrets


def progress(area: str, plan: str, indicator: str, period: str) -> str:
    return f"progress/{area}/{plan}/{indicator}/{period}"


def share(area: str, plan: str, indicator: str) -> str:
    return f"share/{area}/{plan}/{indicator}"


def duty(area: str, plan: str, indicator: str) -> str:
    return f"duty/{area}/{plan}/{indicator}"


def milestone(area: str, plan: str, milestone_id: str) -> str:
    return f"milestone/{area}/{plan}/{milestone_id}"


def submission(unit: str, period: str) -> str:
    return f"submission/{unit}/{period}"


def review(reviewer: str, about: str) -> str:
    return f"review/{reviewer}/{about}"


def record(area: str, register: str, key: str = "") -> str:
    """A register's row; without a key, a new one."""
    return f"record/{area}/{register}/{key or secrets.token_hex(8)}"


def answer(author: str, about: str) -> str:
    return f"answer/{author}/{about}"


def schedule(area: str, plan: str, indicator: str) -> str:
    return f"schedule/{area}/{plan}/{indicator}"


def cutoff(unit: str, key: str) -> str:
    return f"cutoff/{unit}/{key}"


def fresh(kind: str, owner: str) -> str:
    """A new subject of a kind with many (site, problem, fund, evidence): 64 random bits name it."""
    return f"{kind}/{owner}/{secrets.token_hex(8)}"


def owner(subject: str) -> str:
    """The unit or area the subject belongs to: its second word ("" where there is none)."""
    words = subject.split("/", 2)
    return words[1] if len(words) > 1 else ""
