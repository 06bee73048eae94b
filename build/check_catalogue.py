"""Whether the English message catalogue says everything the program says.

    python build/check_catalogue.py             compare, and name what is missing, obsolete or wrong
    python build/check_catalogue.py --update    take new messages in (untranslated), drop those no longer said
    python build/check_catalogue.py --compile   make the .mo files that gettext reads

Messages are what stands in `_("…")`, `N_("…")`, `ngettext("…", "…", n)` and `pgettext("context", "…")` anywhere
in desktop_app/.  The source language is Chinese.  The catalogue holds no dates, line numbers or paths, and its
messages are sorted, so that a change shows as just that change.
"""

from __future__ import annotations

import argparse
import ast
import io
import os
import string
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "desktop_app"
LOCALE = ROOT / "resources" / "locale"
ENGLISH = LOCALE / "en" / "LC_MESSAGES" / "taizhang.po"

KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
HEADER = """\
msgid ""
msgstr ""
"Language: en\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


def said(sources: Path) -> Catalog:
    """Every message the program's source holds."""
    messages = Catalog()
    for path in sorted(sources.rglob("*.py")):
        with path.open("rb") as file:
            for _line, message, _comments, context in extract("python", file, keywords=KEYWORDS):
                if message:
                    messages.add(message, context=context)
    return messages


def not_plain(sources: Path) -> Iterator[str]:
    """Calls of `_` and its sisters whose message is put together on the spot, so that no catalogue can hold it."""
    for path in sorted(sources.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_bytes(), str(path))):
            if isinstance(node, ast.Call) and node.args and _name(node.func) in KEYWORDS:
                message = node.args[0]
                formatted = isinstance(message, ast.Call) and _name(message.func) == "format"
                if formatted or isinstance(message, ast.JoinedStr | ast.BinOp):
                    place = path.relative_to(sources.parent).as_posix()
                    yield (
                        f"{place}:{message.lineno}: the message is put together inside the call; "
                        'write _("… {name} …").format(name=…)'
                    )


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="en")


def texts(value: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else list(value or [])


def placeholders(text: str) -> set[str] | None:
    """The names in braces; None where the braces do not make a format string."""
    try:
        return {
            name for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name is not None
        }
    except ValueError:
        return None


def fault_of(message: Message, translation: Message | None) -> str:
    """What is wrong with a message's translation, or nothing."""
    if translation is None:
        return "is not in the catalogue"
    originals, translated = texts(message.id), texts(translation.string)
    if len(originals) == 2 and len(translated) != 2:
        return "has singular and plural, the translation has not"
    if not translated or not all(translated):
        return "is not translated"
    if translation.fuzzy:
        return "is marked fuzzy"
    wanted = placeholders(originals[-1])
    if wanted is not None and any(placeholders(text) != wanted for text in translated):
        return "has other {placeholders} than its translation"
    return ""


def faults(sources: Path = SOURCES, catalogue: Path = ENGLISH) -> Iterator[str]:
    yield from not_plain(sources)
    messages = said(sources)
    if not catalogue.exists():
        if len(messages):
            yield f"there is no catalogue {catalogue.name} yet; --update makes it"
        return
    english = read(catalogue)
    for message in messages:
        if message.id:
            fault = fault_of(message, english.get(message.id, message.context))
            if fault:
                yield f"{texts(message.id)[0]!r} {fault}"
    for old in [*english, *english.obsolete.values()]:
        if old.id and messages.get(old.id, old.context) is None:
            yield f"{texts(old.id)[0]!r} is no longer said"


def update(sources: Path = SOURCES, catalogue: Path = ENGLISH) -> None:
    """Write the catalogue anew: every message said, with the translation it had."""
    old = read(catalogue) if catalogue.exists() else Catalog(locale="en")
    new = Catalog(locale="en")
    for message in said(sources):
        if not message.id:
            continue
        known = old.get(message.id, message.context)
        if known and isinstance(known.id, str) != isinstance(message.id, str):
            known = None  # it has a plural now, or none any longer
        fresh = new.add(
            message.id,
            known.string if known else None,
            context=message.context,
            user_comments=known.user_comments if known else (),
        )
        # Babel guesses flags like python-brace-format, and guesses otherwise in another version.
        fresh.flags = {"fuzzy"} if known and known.fuzzy else set()
    text = io.BytesIO()
    write_po(text, new, width=0, no_location=True, omit_header=True, sort_output=True)
    catalogue.parent.mkdir(parents=True, exist_ok=True)
    catalogue.write_bytes(HEADER.encode() + text.getvalue().strip() + b"\n")


def compile_all(locale: Path = LOCALE) -> None:
    for source in sorted(locale.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        unfinished = source.with_suffix(".mo.new")
        with unfinished.open("wb") as file:
            write_mo(file, read(source))
        os.replace(unfinished, target)


def main() -> int:
    parser = argparse.ArgumentParser(description="Check, update or compile the message catalogue.")
    parser.add_argument("--update", action="store_true", help="take in what the program says now")
    parser.add_argument("--compile", action="store_true", help="make the .mo files")
    choice = parser.parse_args()
    if choice.update:
        update()
    if choice.compile:
        compile_all()
    if choice.update or choice.compile:
        return 0
    found = list(faults())
    for line in found:
        print("catalogue: " + line)
    if found:
        print(
            f"catalogue: {len(found)} faults in {ENGLISH.relative_to(ROOT).as_posix()} or in what it translates"
        )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
