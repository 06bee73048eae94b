"""What a period is called: on screens in the language chosen, in package sheets and the journal always in Chinese."""

from __future__ import annotations

import gettext

import pytest

from desktop_app.core import i18n
from desktop_app.core.model.period import Period

NAMES = {
    "2024-06": ("2024年6月", "6月"),
    "2024-Q2": ("2024年第2季度", "第2季度"),
    "2024-H1": ("2024年上半年", "上半年"),
    "2024-H2": ("2024年下半年", "下半年"),
    "2024": ("2024年", "2024年"),
}


@pytest.mark.parametrize("key", NAMES)
def test_names_in_chinese(key: str):
    period = Period.parse(key)
    assert (period.label, period.short_label) == NAMES[key]
    assert period.chinese_label == period.label


class English(gettext.NullTranslations):
    def gettext(self, message: str) -> str:
        return {"{year}年{month}月": "{year}-{month:02}", "{month}月": "M{month}"}.get(message, message)


def test_sheets_stay_chinese_while_screens_do_not(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(i18n, "_catalogue", English())
    june = Period.parse("2024-06")
    assert (june.label, june.short_label) == ("2024-06", "M6")
    assert june.chinese_label == "2024年6月"
