"""Leads (牵头单位): reading the names, and choosing the less masked of two spellings."""

from __future__ import annotations

import re

import msgspec

from desktop_app.core.plan.notice.text import fold, masked, squeezed

LEAD_WORDS = (
    "市级牵头单位|市级牵头部门|牵头责任单位|牵头单位|牵头部门"
    "|责任单位|责任部门|主办单位|主管部门|承办单位|实施单位|牵头"
)
SUPPORT_WORDS = "配合单位|配合部门|协办单位|责任单位|参与单位|配合"
_OWN_LINE = re.compile(rf"^\(?\s*(?:{LEAD_WORDS})\s*:(?P<names>.*?)\)?\s*。?$", re.DOTALL)
_SUPPORT = re.compile(rf"[;,。、\s)]*\(?\s*(?:{SUPPORT_WORDS})\s*:")
_PARTS = re.compile(r"[、,;/\n]\s*")
_ENCLOSED = re.compile(r"\([^()]*\)")
_TRAILING = re.compile(rf"(?:^|[。;,!\s])\s*(?P<label>{LEAD_WORDS})\s*:[^。]*。?\s*$", re.DOTALL)
_VERBS = re.compile(
    r"\s*(?P<lead>[^:]+?)牵头(?:负责|办理)?(?:[,;、]\s*(?P<support>[^:]+?)(?:等)?(?:配合|协办|参与|协同))?[。.]?\s*"
)


class Names(msgspec.Struct, frozen=True):
    """Those who lead, and those who help."""

    lead: tuple[str, ...] = ()
    support: tuple[str, ...] = ()


def split_heading(line: str) -> tuple[str, Names | None]:
    """A heading without its `(牵头单位:…)`, and the names there.  The last opening counts, since brackets need not
    balance where masks swallowed some."""
    folded = fold(line)
    openings = list(re.finditer(rf"\(\s*(?:{LEAD_WORDS})\s*:", folded))
    if not openings:
        # The label may stand without brackets behind the last sentence.
        last = _TRAILING.search(folded)
        if last is None or not line[: last.start("label")].strip(" 。;,"):
            return line, None
        return line[: last.start("label")].rstrip(), read_names(line[last.start("label") :])
    start = next((match for match in reversed(openings) if "牵头" in match.group()), openings[-1])
    text = line[: start.start()].rstrip()
    return text, read_names(line[start.end() :])


def own_line(line: str) -> Names | None:
    """The names of a line that says nothing but who leads."""
    match = _OWN_LINE.match(fold(line))
    return read_names(line[match.start("names") : match.end("names")]) if match else None


def support_line(line: str) -> tuple[str, ...] | None:
    """The names of a line that says nothing but who helps."""
    match = re.match(rf"^\(?\s*(?:{SUPPORT_WORDS})\s*:(.*?)\)?\s*。?$", fold(line))
    return _names(line[match.start(1) : match.end(1)]) if match else None


def read_names(text: str) -> Names:
    """Names by 、 , ; or line; spaces inside names are left by line wrapping."""
    # What stands in a second pair of brackets is about someone else: who supervises, whom to call.
    text = text[: match.start()] if (match := re.search(r"\)\s*\(", fold(text))) else text
    folded = fold(text)
    told = _VERBS.fullmatch(folded)
    if told:
        support = told["support"]
        return Names(_names(told["lead"]), _names(support) if support else ())
    cut = _SUPPORT.search(folded, re.match(rf"\s*(?:(?:{LEAD_WORDS})\s*:)?", folded).end())  # type: ignore[union-attr]
    lead = text[: cut.start()] if cut else text
    support = text[cut.end() :] if cut else ""
    label = re.match(rf"\s*(?:{LEAD_WORDS})\s*:", fold(lead))
    return Names(_names(lead[label.end() :] if label else lead), _names(support))


def _names(text: str) -> tuple[str, ...]:
    folded = fold(text).strip().rstrip(".。;,")
    while folded.endswith(")") and folded.count(")") > folded.count("("):
        folded = folded[:-1].rstrip(".。;,")
    names = (squeezed(part).strip("。") for part in _apart(folded))
    return tuple(dict.fromkeys(re.sub(r"等(?:单位|部门)?$", "", name) for name in names if name))


def _apart(folded: str) -> list[str]:
    """Parted at every comma but those inside a pair of brackets, as in 各县(市、区)人民政府."""
    shut = [match.span() for match in _ENCLOSED.finditer(folded)]
    parts, start = [], 0
    for match in _PARTS.finditer(folded):
        if not any(a < match.start() < b for a, b in shut):
            parts.append(folded[start : match.start()])
            start = match.end()
    return [*parts, folded[start:]]


def less_masked(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[list[str], list[list[str]], bool]:
    """The less masked spelling name by name, every spelling seen, and whether the two lists tell the same story.

    What neither shows is never filled in.
    """
    if not first or not second:
        names = list(first or second)
        return names, [[name] for name in names], True
    if len(first) != len(second):
        chosen = first if sum(map(masked, first)) <= sum(map(masked, second)) else second
        return list(chosen), [list(first), list(second)], False
    names, spellings, agree = [], [], True
    for one, other in zip(first, second, strict=True):
        names.append(one if masked(one) <= masked(other) else other)
        spellings.append(list(dict.fromkeys((one, other))))
        agree = agree and _compatible(one, other)
    return names, spellings, agree


def _compatible(one: str, other: str) -> bool:
    """Whether two spellings can be of one name; a mask may hide any number of characters."""
    if one == other:
        return True
    if "*" not in one + other:
        return False
    if "*" in one and "*" in other:
        first, last = _ends(one), _ends(other)
        return _one_begins(first[0], last[0]) and _one_begins(first[1][::-1], last[1][::-1])
    return any(
        re.fullmatch(re.sub(r"(?:\\\*)+", ".*", re.escape(pattern)), name) is not None
        for pattern, name in ((one, other), (other, one))
        if "*" in pattern
    )


def _ends(name: str) -> tuple[str, str]:
    """What is seen before the first mask and behind the last."""
    return name[: name.index("*")], name[name.rindex("*") + 1 :]


def _one_begins(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)
