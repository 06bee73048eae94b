"""Periods: a month, a quarter, a half-year or a year, written 2024-06, 2024-Q2, 2024-H1, 2024."""

from __future__ import annotations

import calendar
import re
from datetime import date
from functools import lru_cache

import msgspec

from desktop_app.core.errors import UsageError
from desktop_app.core.i18n import N_, _

_PATTERN = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])|-Q([1-4])|-H([12]))?")

MONTHS_OF = {"month": 1, "quarter": 3, "half": 6, "year": 12, "once": 12}


class Period(msgspec.Struct, frozen=True, order=False):
    """A span of whole months.  `first` and `last` are months 1-12 of `year`."""

    year: int
    first: int
    last: int

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read 2024-06, 2024-Q2, 2024-H1 or 2024; anything else is a UsageError."""
        match = _PATTERN.fullmatch(text.strip())
        if not match:
            raise UsageError(
                _("“{text}”不是一个期间。").format(text=text),
                next_step=_("请写成 2024-06（月）、2024-Q2（季）、2024-H1（半年）或 2024（年）。"),
            )
        year, month, quarter, half = match.groups()
        if month:
            return cls(int(year), int(month), int(month))
        if quarter:
            return cls(int(year), int(quarter) * 3 - 2, int(quarter) * 3)
        if half:
            return cls(int(year), int(half) * 6 - 5, int(half) * 6)
        return cls(int(year), 1, 12)

    @classmethod
    def containing(cls, day: date, frequency: str = "month") -> Period:
        """The period of that frequency ("month", "quarter", "half", "year", "once") which holds the day."""
        span = MONTHS_OF[frequency]
        first = (day.month - 1) // span * span + 1
        return cls(day.year, first, first + span - 1)

    @property
    def key(self) -> str:
        span = self.last - self.first + 1
        if span == 1:
            return f"{self.year}-{self.last:02d}"
        if span == 3:
            return f"{self.year}-Q{self.last // 3}"
        if span == 6:
            return f"{self.year}-H{self.last // 6}"
        return str(self.year)

    def __str__(self) -> str:
        return self.key

    @property
    def start(self) -> date:
        return date(self.year, self.first, 1)

    @property
    def end(self) -> date:
        return date(self.year, self.last, calendar.monthrange(self.year, self.last)[1])

    @property
    def label(self) -> str:
        """For screens, in the language chosen: 2024年6月, 2024年第2季度, 2024年上半年, 2024年."""
        return self._fill(_(self._pattern))

    @property
    def chinese_label(self) -> str:
        """For package sheets and what is written into the journal, which are always Chinese."""
        return self._fill(self._pattern)

    @property
    def short_label(self) -> str:
        """For screens, where the year is plain: 6月, 第2季度, 上半年; a whole year in full."""
        span = self.last - self.first + 1
        if span == 1:
            return self._fill(_("{month}月"))
        if span == 3:
            return self._fill(_("第{quarter}季度"))
        if span == 6:
            return _("上半年") if self.last == 6 else _("下半年")
        return self.label

    @property
    def _pattern(self) -> str:
        span = self.last - self.first + 1
        if span == 1:
            return N_("{year}年{month}月")
        if span == 3:
            return N_("{year}年第{quarter}季度")
        if span == 6:
            return N_("{year}年上半年") if self.last == 6 else N_("{year}年下半年")
        return N_("{year}年")

    def _fill(self, pattern: str) -> str:
        return pattern.format(year=self.year, month=self.last, quarter=self.last // 3)

    def shifted(self, steps: int) -> Period:
        """The period of the same length that many steps later (earlier when negative)."""
        span = self.last - self.first + 1
        index = self.year * 12 + self.first - 1 + steps * span
        return Period(index // 12, index % 12 + 1, index % 12 + span)

    def closes(self, frequency: str) -> bool:
        """Whether an indicator of that frequency is due in this month (a quarterly one in March, June, …)."""
        return self.last % MONTHS_OF[frequency] == 0

    @property
    def order(self) -> tuple[int, int, int]:
        """Sorts by end, then by length."""
        return (self.year, self.last, -self.first)


@lru_cache(maxsize=256)
def end_month(key: str) -> str:
    """The last month of a period as 2024-06; "" where the key names no period."""
    try:
        period = Period.parse(key)
    except UsageError:
        return ""
    return f"{period.year}-{period.last:02d}"
