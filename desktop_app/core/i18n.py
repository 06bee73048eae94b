"""Messages: source strings are Chinese, an English catalogue stands beside them.

`_` looks a string up when called, so the language may be chosen after import.  Package sheets and forms never
pass through here: they are always Chinese.  So are papers, whose words are also said on screens: what makes one is
marked with `on_paper`.
"""

from __future__ import annotations

import functools
import gettext
import os
from collections.abc import Callable
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

from desktop_app.core import paths

P = ParamSpec("P")
R = TypeVar("R")

_catalogue: gettext.NullTranslations = gettext.NullTranslations()
_language = "zh"
_on_paper: ContextVar[bool] = ContextVar("on_paper", default=False)


def language() -> str:
    """ "zh" or "en", as chosen last."""
    return _language


def choose_language(language: str | None = None) -> str:
    """Use what `TAIZHANG_LANGUAGE` says ("zh" or "en"), else `language`, else Chinese.  Returns the choice."""
    global _catalogue, _language
    chosen = (os.environ.get("TAIZHANG_LANGUAGE") or language or "zh").lower()[:2]
    if chosen == "en":
        _catalogue = gettext.translation("taizhang", str(paths.LOCALE), languages=["en"], fallback=True)
    else:
        chosen, _catalogue = "zh", gettext.NullTranslations()
    _language = chosen
    return chosen


def _(message: str) -> str:
    """The message in the language chosen; on a paper in Chinese."""
    return message if _on_paper.get() else _catalogue.gettext(message)


def on_paper(make: Callable[P, R]) -> Callable[P, R]:
    """What the function says and what it calls says is Chinese, whatever language the screen has."""

    @functools.wraps(make)
    def made(*args: P.args, **kwargs: P.kwargs) -> R:
        token = _on_paper.set(True)
        try:
            return make(*args, **kwargs)
        finally:
            _on_paper.reset(token)

    return made


def N_(message: str) -> str:
    """Marks a string for the catalogue that is looked up with `_` later, where it is shown."""
    return message
