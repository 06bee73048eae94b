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


class Names(msgspec.Struct, frozen=True):
    """Those who lead, and those who help."""

    lead: tuple[str, ...] = ()
    support: tuple[str, ...] = ()


def split_heading(line: str) -> tuple[str, Names | None]:
    """A heading without its `(牵头单位:…)`, and the names there.  The last opening counts, since brackets need not
    balance where masks swallowed some."""
    openings = list(re.finditer(rf"\(\s*(?:{LEAD_WORDS})\s*:", fold(line)))
    if not openings:
        return line, None
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
    folded = fold(text)
    cut = _SUPPORT.search(folded)
    lead = text[: cut.start()] if cut else text
    support = text[cut.end() :] if cut else ""
    label = re.match(rf"\s*(?:{LEAD_WORDS})\s*:", fold(lead))
    return Names(_names(lead[label.end() :] if label else lead), _names(support))


def _names(text: str) -> tuple[str, ...]:
    folded = fold(text).strip().rstrip(".。;,")
    while folded.endswith(")") and folded.count(")") > folded.count("("):
        folded = folded[:-1].rstrip(".。;,")
    names = (squeezed(part).strip("。") for part in _PARTS.split(folded))
    return tuple(dict.fromkeys(re.sub(r"等(?:单位|部门)?$", "", name) for name in names if name))


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
