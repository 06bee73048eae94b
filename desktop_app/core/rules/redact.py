"""What is taken out of a technical report before anyone sends it: whatever somebody typed.

A traceback names places in the program; what it may quote of the ledger (names, places, figures) is not needed to
mend a fault.  So Chinese words in messages are counted, not shown, long numbers are masked, and folders of the person
are named by "~".
"""

from __future__ import annotations

import re
import traceback
from pathlib import Path

from desktop_app.core.rules.privacy import mask

_CHINESE = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+")
_LONG = re.compile(r"\d{7,}")


def redact(text: str) -> str:
    """A message without what somebody typed."""
    text = _CHINESE.sub(lambda found: f"〔{len(found.group())}字〕", mask(text))
    return _LONG.sub(lambda found: f"〔{len(found.group())}位数〕", text)


def without_home(text: str) -> str:
    """Paths below the person's own folder, whose name is often theirs, begin with "~"."""
    try:
        home = str(Path.home())
    except RuntimeError:
        return text
    return text.replace(home, "~") if len(home) > 3 else text


def fault_text(error: BaseException) -> str:
    """The traceback of an error and of those that led to it: places in the program as they are, messages redacted."""
    lines: list[str] = []
    found = traceback.TracebackException.from_exception(error)
    chain = [found]
    while (found.__cause__ or found.__context__) is not None:
        found = found.__cause__ or found.__context__  # type: ignore[assignment]
        chain.append(found)
    for number, item in enumerate(reversed(chain)):
        if number:
            lines.append("")
        lines += [
            f"{without_home(frame.filename)}:{frame.lineno} {frame.name}  {redact(frame.line or '')}".rstrip()
            for frame in item.stack
        ]
        said = "".join(item.format_exception_only()).strip()
        lines.append(without_home(redact(said)))
    return "\n".join(lines)
