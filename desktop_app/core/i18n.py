"""Messages: source strings are Chinese, an English catalogue stands beside them.

`_` looks a string up when called, so the language may be chosen after import.  Package sheets and forms never
pass through here: they are always Chinese.
"""

from __future__ import annotations

import gettext
import os

from desktop_app.core import paths

_catalogue: gettext.NullTranslations = gettext.NullTranslations()
_language = "zh"


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
    """The message in the language chosen."""
    return _catalogue.gettext(message)


def N_(message: str) -> str:
    """Marks a string for the catalogue that is looked up with `_` later, where it is shown."""
    return message
