"""Colours, type and sizes, and how they reach Qt.

Colours are constants here and `@names` in the style sheet.  Fonts are set by code and never in the style sheet,
so that the large-text setting works: every size is a ratio of the base size.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPalette
from PySide6.QtWidgets import QApplication

from desktop_app.core import paths

STYLE = paths.RESOURCES / "style"

INK = "#1B2430"
INK2 = "#4A5563"
INK3 = "#5B6673"
ACCENT = "#17508F"
ACCENT_DARK = "#123A66"
BAR = "#123A66"
BAR_FIELD = "#1B4A80"
BAR_EDGE = "#2B568A"
BAR_HINT = "#C9D8E8"
BAR_AMBER = "#FFE0A3"
BAR_DOT = "#FFC857"
PAGE = "#F3F5F7"
HEAD = "#ECEFF3"
NAV = "#E6EBF1"
WHITE = "#FFFFFF"
SELECTION = "#DCE8F5"
HOVER = "#F0F5FA"
GROUP = "#F6F8FA"
LOCKED = "#F1F3F6"
LINE = "#DFE4EA"
LINE2 = "#C5CDD7"
FIELD_EDGE = "#8792A0"
BUTTON_EDGE = "#A9B4C0"
TRACK = "#E1E6EC"
RED = "#B3261E"
RED_TINT = "#FBE4E1"
RED_EDGE = "#D98A83"
AMBER = "#8A5300"
AMBER_TINT = "#FBEED3"
GREEN = "#1E6B3A"
GREEN_TINT = "#E3F1E7"
BLUE = "#1F5FA8"
BLUE_TINT = "#E0EBF8"
GREY_TINT = "#EEF0F2"
TIP = "#F0F5FA"


class LightColours(NamedTuple):
    text: str
    tint: str
    fill: str


LIGHTS: dict[str, LightColours] = {
    "green": LightColours(GREEN, GREEN_TINT, "#4E9A6B"),
    "yellow": LightColours(AMBER, AMBER_TINT, "#D9932B"),
    "red": LightColours(RED, RED_TINT, "#CF5147"),
    "done": LightColours(BLUE, BLUE_TINT, "#1F5FA8"),
    "none": LightColours(INK3, GREY_TINT, "#B4BDC8"),
}

TONES: dict[str, tuple[str, str]] = {
    "ok": (GREEN, GREEN_TINT),
    "warn": (AMBER, AMBER_TINT),
    "bad": (RED, RED_TINT),
    "info": (BLUE, BLUE_TINT),
    "plain": (INK2, GREY_TINT),
}
"""Text and tint of chips and banners, by what they mean."""

FAMILIES = ["Microsoft YaHei UI", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC"]
MONO_FAMILIES = ["Cascadia Mono", "Consolas", "Noto Sans Mono CJK SC", "DejaVu Sans Mono"]

BASE_POINTS = 10.5
LARGE_POINTS = 14.0

_REGULAR, _MEDIUM, _BOLD = QFont.Weight.Normal, QFont.Weight.Medium, QFont.Weight.Bold

ROLES: dict[str, tuple[float, QFont.Weight]] = {
    "display": (18, _BOLD),
    "key": (17, _BOLD),
    "title": (14, _BOLD),
    "panel": (12, _BOLD),
    "prose": (11, _REGULAR),
    "prose-bold": (11, _BOLD),
    "nav": (11, _REGULAR),
    "nav-bold": (11, _BOLD),
    "body": (10.5, _REGULAR),
    "strong": (10.5, _BOLD),
    "note": (10, _REGULAR),
    "note-bold": (10, _BOLD),
    "head": (9.5, _MEDIUM),
    "small": (9.5, _REGULAR),
    "tiny": (9, _REGULAR),
    "tiny-bold": (9, _BOLD),
    "code": (22, _BOLD),
    "mono": (10.5, _REGULAR),
}

_ratio = 1.0
_fonts: dict[tuple[str, float], QFont] = {}
_metrics: dict[tuple[str, float], QFontMetrics] = {}


def ratio() -> float:
    """How much larger than the plan everything is: 1, or 4/3 with large text."""
    return _ratio


def px(size: float) -> int:
    """A size of the 100 % plan, in logical pixels with the text setting in it."""
    return round(size * _ratio)


def font(role: str = "body") -> QFont:
    """The font of a role, ready to use; do not change the returned object."""
    key = (role, _ratio)
    found = _fonts.get(key)
    if found is None:
        points, weight = ROLES[role]
        found = QFont()
        found.setFamilies(MONO_FAMILIES if role in ("code", "mono") else FAMILIES)
        found.setPointSizeF(points * _ratio)
        found.setWeight(weight)
        found.setFeature(QFont.Tag("tnum"), 1)
        _fonts[key] = found
    return found


def metrics(role: str = "body") -> QFontMetrics:
    key = (role, _ratio)
    found = _metrics.get(key)
    if found is None:
        found = _metrics[key] = QFontMetrics(font(role))
    return found


def sized_font(role: str, pixels: float) -> QFont:
    """The role's family and weight at a pixel size, for pictures that scale with their widget."""
    scaled = QFont(font(role))
    scaled.setPixelSize(max(1, round(pixels)))
    return scaled


def row_height(role: str = "body", least: int = 32) -> int:
    """A table row: as planned, and never less than the line and twelve pixels."""
    if _ratio == 1.0:
        return least
    return max(px(least) - 8, metrics(role).height() + 12)


def style_sheet() -> str:
    """The style sheet with colours (@name) and sizes (@12px) put in."""
    text = (STYLE / "app.qss").read_text(encoding="utf-8")
    folder = STYLE.as_posix()
    text = text.replace("@style", folder)
    text = re.sub(r"@(\d+)px", lambda m: f"{px(int(m.group(1)))}px", text)
    names = globals()
    return re.sub(r"@([a-z][a-z0-9_]*)", lambda m: str(names[m.group(1).upper()]), text)


def palette() -> QPalette:
    """Delegates and native parts read the palette, so it says the same as the style sheet."""
    made = QPalette()
    role = QPalette.ColorRole
    for which, colour in (
        (role.Window, PAGE),
        (role.WindowText, INK),
        (role.Base, WHITE),
        (role.AlternateBase, GROUP),
        (role.Text, INK),
        (role.Button, WHITE),
        (role.ButtonText, INK),
        (role.Highlight, ACCENT),
        (role.HighlightedText, WHITE),
        (role.PlaceholderText, INK3),
        (role.Link, ACCENT),
        (role.LinkVisited, ACCENT),
        (role.ToolTipBase, WHITE),
        (role.ToolTipText, INK),
        (role.Mid, LINE2),
        (role.Accent, ACCENT),
    ):
        made.setColor(which, QColor(colour))
    disabled = QPalette.ColorGroup.Disabled
    for which in (role.Text, role.ButtonText, role.WindowText):
        made.setColor(disabled, which, QColor("#8792A0"))
    return made


def apply(application: QApplication, large_text: bool = False) -> None:
    """Dress the application; call again after the text setting changed and rebuild the windows."""
    global _ratio
    _ratio = LARGE_POINTS / BASE_POINTS if large_text else 1.0
    application.setStyle("Fusion")
    application.styleHints().setColorScheme(Qt.ColorScheme.Light)
    application.setPalette(palette())
    application.setFont(font("body"))
    application.setStyleSheet(style_sheet())
