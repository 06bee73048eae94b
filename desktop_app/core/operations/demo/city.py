"""Building the sample city: founding, enrolling, dividing, and month after month reporting, merging, reviewing."""

from __future__ import annotations

import random
import shutil
import tempfile
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import msgspec

from desktop_app.core.errors import InputError
from desktop_app.core.figures.numbers import show
from desktop_app.core.i18n import _
from desktop_app.core.model.bodies import ClosingBody, Duty, ProgressBody
from desktop_app.core.model.period import Period
from desktop_app.core.model.unit import Unit
from desktop_app.core.operations import (
    division,
    downward,
    duties,
    exporting,
    founding,
    granting,
    keyring,
    merging,
    reviewing,
    situation,
)
from desktop_app.core.operations.demo import names
from desktop_app.core.operations.demo.month import Office
from desktop_app.core.operations.demo.pictures import Camera
from desktop_app.core.operations.demo.registers import Clerk, reply_to_orders
from desktop_app.core.operations.workspace import SAMPLE_DAY, Workspace
from desktop_app.core.progress import Progress, silent
from desktop_app.core.store.store import Said
from desktop_app.core.trust.keys import KeyKind

PASSPHRASE = "demo"
OUTBOX = "outbox"
SHOWN = ("1.1", "12.1", "31.2")
"""Indicators whose city totals the summary prints beside the sum of what was reported."""


class MadePackage(msgspec.Struct, frozen=True, kw_only=True):
    unit: str
    unit_name: str
    period: str
    path: str
    digest: str
    size: int


class MadeTotal(msgspec.Struct, frozen=True, kw_only=True):
    """A city total, and the sum read from the reporting units' own workspaces for the same month."""

    indicator: str
    name: str
    period: str
    city: Fraction | None
    reported: Fraction
    unit: str
    decimals: int = 0


class MadeCity(msgspec.Struct, frozen=True, kw_only=True):
    """What `demo` made."""

    folder: str
    units: int
    entries: int
    evidence: int
    months: tuple[str, ...]
    packages: tuple[MadePackage, ...]
    merges: tuple[str, ...]
    totals: tuple[MadeTotal, ...]
    oddities: tuple[str, ...]
    desks: tuple[str, ...] = ()
    """Folders of a township's, a bureau's, a county's and the city's desk."""

    def lines(self) -> list[str]:
        rows = [
            _("样例城市在 {folder}（各单位口令都是 demo）").format(folder=self.folder),
            _("单位 {units} 个，记录 {entries} 条，佐证 {evidence} 份，月份 {months}").format(
                units=self.units, entries=self.entries, evidence=self.evidence, months="、".join(self.months)
            ),
            "",
            _("上报包："),
        ]
        rows += [
            f"  {p.period}  {p.unit_name} {p.unit}  {p.digest}  {p.size // 1024} KB" for p in self.packages
        ]
        rows += ["", _("汇入：")] + [f"  {text}" for text in self.merges]
        rows += ["", _("全市合计与各填报单位上报数之和：")]
        for total in self.totals:
            same = _("一致") if total.city == total.reported else _("不一致！")
            rows.append(
                f"  {total.indicator} {total.name}（{total.period}）  {show(total.city, total.decimals)} = "
                f"{show(total.reported, total.decimals)} {total.unit}  {same}"
            )
        rows += ["", _("特意留下的情况：")] + [f"  {text}" for text in self.oddities]
        rows += ["", _("打开一个单位（口令 demo）：")]
        rows += [f"  taizhang --workspace {self.folder}/{desk}" for desk in self.desks]
        return rows


def months_of(count: int, year: int) -> list[Period]:
    """The plan came out in late March, so reporting begins in April; a longer year begins earlier."""
    first = 4 if count <= 9 else 13 - count
    return [Period(year, month, month) for month in range(first, first + count)]


def make_city(
    folder: Path,
    *,
    counties: int = 3,
    towns: int = 4,
    months: int = 3,
    seed: int = 1,
    key_kind: KeyKind = "rsa-3072",
    progress: Progress = silent,
) -> MadeCity:
    """Make the whole city below `folder` (which must be new or empty): see `commands.md`, `demo`."""
    if folder.exists() and any(folder.iterdir()):
        raise InputError(
            _("“{path}”不是空文件夹。").format(path=folder), next_step=_("请换一个新文件夹来放样例城市。")
        )
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="taizhang-demo-") as scratch:
        return _Builder(folder, Path(scratch), counties, towns, months, seed, key_kind, progress).run()


class _Builder:
    def __init__(
        self,
        folder: Path,
        scratch: Path,
        counties: int,
        towns: int,
        months: int,
        seed: int,
        key_kind: KeyKind,
        progress: Progress,
    ) -> None:
        self.folder = folder
        self.scratch = scratch
        self.units = names.organisation(counties, towns)
        self.random = random.Random(seed)
        self.seed = seed
        self.key_kind = key_kind
        self.progress = progress
        self.desks: dict[str, Workspace] = {}
        self.offices: dict[str, Office] = {}
        self.months = months
        self.packages: list[MadePackage] = []
        self.merges: list[str] = []
        self.oddities: list[str] = []
        self.entries = 0
        self.steps = len(self.units) * (2 + months)
        self.step = 0
        self.time = "2024-03-29T09:00:00+08:00"

    def tick(self, text: str) -> None:
        self.step += 1
        self.progress(min(self.step, self.steps), self.steps, text)

    def run(self) -> MadeCity:
        try:
            city = self._found()
            self._enrol(city)
            camera = Camera(self.seed)
            for unit in self.units:
                if unit.code == names.CITY_CODE or not self._counties_of(unit.code):
                    self.offices[unit.code] = Office(self.desks[unit.code], self.seed, camera, self.scratch)
                else:
                    self.desks[unit.code].store.set_meta("operator", self.random.choice(names.PEOPLE))
            periods = months_of(self.months, city.plan.year)
            for number, period in enumerate(periods):
                self._month(city, period, number, last=number == len(periods) - 1)
            day = periods[-1].shifted(1).start + timedelta(days=2)
            for desk in self.desks.values():
                desk.store.set_meta(SAMPLE_DAY, day.isoformat())
            return self._summary(city, periods)
        finally:
            for desk in self.desks.values():
                desk.close()

    def _counties_of(self, code: str) -> list[Unit]:
        """Units below a county or the city; nothing for an office that only reports."""
        return [unit for unit in self.units if unit.parent == code]

    # -- founding and enrolling --------------------------------------------------------------------------------------

    def _adopt(self, desk: Workspace) -> Workspace:
        desk.store.clock = lambda: self.time
        self.desks[desk.unit_code] = desk
        return desk

    def _found(self) -> Workspace:
        self.tick(names.CITY_NAME)
        city = founding.found_city(
            self.folder / "city",
            names.CITY_CODE,
            self.units,
            PASSPHRASE,
            kind=self.key_kind,
            operator="何静",
            clock=lambda: self.time,
        )
        self._adopt(city)
        self._divide(city)
        return city

    def _divide(self, desk: Workspace) -> None:
        """Divide what adds up among the areas below, by an uneven base, largest remainder."""
        areas = division.divisible_areas(desk)
        if not areas:
            return
        for indicator in desk.plan.indicators():
            if indicator.adds != "sum" or division.share_of(desk, indicator, division.own_area(desk)) is None:
                continue
            if indicator.reports == "city" or (
                desk.unit.level == "county" and indicator.reports != "township"
            ):
                continue
            base = {unit.code: Fraction(self.random.randint(60, 140)) for unit in areas}
            division.divide(desk, indicator.id, base=base, document="样例〔2024〕1号")

    def _enrol(self, city: Workspace) -> None:
        """Setup packages, keys, requests, certificates, exactly as offices do it, from the top down."""
        for unit in self.units:
            if unit.parent is None:
                continue
            self.tick(unit.name)
            upper = self.desks[unit.parent]
            package = downward.setup_package(upper, unit.code, upper.root / OUTBOX)
            desk = founding.join(
                self.folder / unit.code,
                package.path,
                unit.code,
                keyring.report(upper).root_spoken,
                clock=lambda: self.time,
            )
            self._adopt(desk)
            keyring.new_key(desk, PASSPHRASE, self.key_kind)
            granted = granting.certify(upper, keyring.request(desk, PASSPHRASE), PASSPHRASE)
            keyring.install(desk, granted, PASSPHRASE)
            if unit.level == "county" and unit.is_area:
                self._assign_bureaus(desk, unit)
                self._divide(desk)

    def _assign_bureaus(self, county: Workspace, unit: Unit) -> None:
        """The county's two bureaus report what is reported for the whole county."""
        bureaus = [other.code for other in self.units if other.parent == unit.code and not other.is_area]
        named = {
            (indicator.id, unit.code): Duty(reporter=bureaus[indicator.task_no % len(bureaus)])
            for indicator in county.plan.indicators()
            if indicator.reports == "county" and indicator.adds != "city"
        }
        duties.set_duties(county, named)

    # -- a month -----------------------------------------------------------------------------------------------------

    def _month(self, city: Workspace, period: Period, number: int, *, last: bool) -> None:
        counties = [unit for unit in self.units if unit.parent == names.CITY_CODE]
        offices = [unit for unit in self.units if unit.code in self.offices]
        silent_office = self._silent_office(offices) if number == 1 and not last else None
        next_month = period.shifted(1)
        for unit in offices:
            self.tick(f"{period.label} {unit.name}")
            self.time = f"{period.end.isoformat()}T16:30:00+08:00"
            self.entries += self.offices[unit.code].live(period)
            self.entries += Clerk(self.desks[unit.code], period, number, self.seed).work()
        for unit in (self.desks[names.CITY_CODE].unit, *counties):
            if unit.code not in self.offices:
                self.entries += Clerk(self.desks[unit.code], period, number, self.seed).work()
        for unit in counties[:1]:
            self.entries += reply_to_orders(self.desks[unit.code], self.time)
        if number == 0:
            self._fork(offices, period)
        if last:
            return
        for unit in offices:
            if unit.code == names.CITY_CODE:
                continue
            if unit is silent_office:
                self.oddities.append(_("{name}没有报{period}").format(name=unit.name, period=period.label))
                continue
            self.time = f"{next_month.start.isoformat()[:8]}{self.random.randint(1, 4):02d}T10:12:00+08:00"
            self._export(self.desks[unit.code], period)
        for unit in counties:
            self.time = f"{next_month.start.isoformat()[:8]}05T15:30:00+08:00"
            self._county_month(self.desks[unit.code], unit, period, number)
        self.time = f"{next_month.start.isoformat()[:8]}08T15:00:00+08:00"
        self._city_month(city, counties, period)

    def _silent_office(self, offices: list[Unit]) -> Unit | None:
        towns = [unit for unit in offices if unit.level == "township"]
        return towns[-1] if len(towns) > 1 else None

    def _export(self, desk: Workspace, period: Period) -> Path:
        people = (
            self.offices[desk.unit_code].people
            if desk.unit_code in self.offices
            else ["李敏", "何静", "孙明远"]
        )
        done = exporting.export(
            desk,
            period,
            desk.root / OUTBOX,
            filled=people[0],
            checked=people[1],
            responsible=people[2],
            # Nobody stands above the city: its own package goes into the archive without the evidence it holds.
            evidence="none" if desk.unit_code == names.CITY_CODE else "new",
        )
        for item in done.files:
            self.packages.append(
                MadePackage(
                    unit=desk.unit_code,
                    unit_name=desk.unit.name,
                    period=period.key,
                    path=str(item.path),
                    digest=done.code,
                    size=item.size,
                )
            )
        return done.files[0].path

    def _sent(self, code: str, period: Period) -> list[Path]:
        return [Path(p.path) for p in self.packages if p.unit == code and p.period == period.key]

    def _county_month(self, county: Workspace, unit: Unit, period: Period, number: int) -> None:
        below = [other for other in self.units if other.parent == unit.code]
        files = [path for other in below for path in self._sent(other.code, period)]
        self._merge(county, files)
        for index, other in enumerate(below):
            if not self._sent(other.code, period):
                continue
            reviewing.review_unit(county, other.code, period, "accept")
            if number == 0 and unit.parent == names.CITY_CODE and index == len(below) - 1:
                self._return_one(county, other, period)
        self._close(county, period)
        self._export(county, period)
        replies = downward.reply(county, county.root / OUTBOX)
        for item in replies.files:
            for other in below:
                if f"-reply-{other.code}" in item.path.name:
                    merging.merge(self.desks[other.code], [item.path])

    def _return_one(self, county: Workspace, unit: Unit, period: Period) -> None:
        items = [
            item
            for item in reviewing.review_items(county, unit.code, period)
            if item.indicator.basis == "typed" and not item.indicator.figure.carried
        ]
        if not items:
            return
        chosen = items[len(items) // 2]
        reviewing.review(county, chosen.subject, "return", comment="与台账对不上，请核对后重报")
        self.oddities.append(
            _("{county}退回了{name}的 {indicator}").format(
                county=county.unit.name, name=unit.name, indicator=chosen.indicator.id
            )
        )
        if len(items) > 2:
            other = items[0]
            value = other.indicator.figure.value
            if value is not None and value > 1 and other.indicator.measure == "count":
                reviewing.review(
                    county, other.subject, "set", value=str(int(value) - 1), comment="有一户不符合条件，核减"
                )
                self.oddities.append(
                    _("{county}给{name}的 {indicator} 另记了核定数").format(
                        county=county.unit.name, name=unit.name, indicator=other.indicator.id
                    )
                )

    def _close(self, county: Workspace, period: Period) -> None:
        county.store.say(
            [
                Said(
                    kind="closing",
                    subject=f"closing/{county.unit_code}/{period.key}",
                    body=ClosingBody(),
                    operator=county.operator,
                )
            ]
        )

    def _city_month(self, city: Workspace, counties: list[Unit], period: Period) -> None:
        self._merge(city, [path for unit in counties for path in self._sent(unit.code, period)])
        self._export(city, period)
        replies = downward.reply(city, city.root / OUTBOX)
        for item in replies.files:
            for unit in counties:
                if f"-reply-{unit.code}" in item.path.name:
                    merging.merge(self.desks[unit.code], [item.path])

    def _merge(self, desk: Workspace, files: list[Path]) -> None:
        results, _changes = merging.merge(desk, files)
        for item in results:
            self.merges.append(
                f"{desk.unit.name} ← {item.unit_name} {item.period}  "
                + _("新增 {new} 已有 {known} 不一致 {conflicting} 拒收 {refused}").format(
                    new=item.counts.new,
                    known=item.counts.known,
                    conflicting=item.counts.conflicting,
                    refused=item.counts.refused,
                )
                + (f"  {item.reason}" if item.state == "quarantined" else "")
            )

    # -- oddities ----------------------------------------------------------------------------------------------------

    def _fork(self, offices: list[Unit], period: Period) -> None:
        """A town's second computer says another figure; merging it shows both."""
        town = next((unit for unit in offices if unit.level == "township"), None)
        if town is None:
            return
        desk = self.desks[town.code]
        chosen = next(
            (
                (indicator, area)
                for indicator in desk.plan.indicators()
                if indicator.basis == "typed" and indicator.measure == "count"
                for area in situation.reported_areas(desk, indicator.id)
                if area in division_areas(desk) and (division.share_of(desk, indicator, area) or 0) > 10
            ),
            None,
        )
        if chosen is None:
            return
        indicator, area = chosen
        subject = f"progress/{area}/{desk.plan.id}/{indicator.id}/{period.key}"
        second = self._second_computer(desk)
        try:
            for computer, extra, operator in ((desk, 1, desk.operator), (second, 3, "郭永平")):
                head = computer.store.ledger.head(subject)
                value = Fraction(head.body.value) if head else Fraction(0)
                computer.store.say(
                    [
                        Said(
                            kind="progress",
                            subject=subject,
                            body=ProgressBody(value=int(value) + extra),
                            operator=operator,
                        )
                    ]
                )
            done = exporting.exchange(second, self.scratch / "exchange")
        finally:
            second.close()
        merging.merge(desk, [item.path for item in done.files])
        self.oddities.append(
            _("{name}的两台电脑把 {indicator} 填得不一样").format(name=town.name, indicator=indicator.id)
        )

    def _second_computer(self, desk: Workspace) -> Workspace:
        """A copy of the folder on another computer (folders can be moved and copied)."""
        from desktop_app.core.store.database import FILE_NAME, back_up

        copy = self.scratch / f"second-{desk.unit_code}"
        copy.mkdir()
        back_up(desk.store.connection, copy / FILE_NAME)
        shutil.copytree(desk.root / "keys", copy / "keys")
        if (desk.root / "evidence").exists():
            shutil.copytree(desk.root / "evidence", copy / "evidence")
        second = Workspace.open(copy)
        second.store.clock = lambda: self.time
        second.unlock(PASSPHRASE)
        return second

    # -- summary -----------------------------------------------------------------------------------------------------

    def _summary(self, city: Workspace, periods: list[Period]) -> MadeCity:
        merged = periods[-2] if len(periods) > 1 else periods[-1]
        return MadeCity(
            folder=str(self.folder),
            units=len(self.units),
            entries=sum(desk.store.ledger.counts()["entries"] for desk in self.offices_desks()),
            evidence=city.store.ledger.counts()["files"],
            months=tuple(period.key for period in periods),
            packages=tuple(self.packages),
            merges=tuple(self.merges),
            totals=tuple(self._totals(city, merged)),
            oddities=tuple(self.oddities),
            desks=self._one_of_each(),
        )

    def _one_of_each(self) -> tuple[str, ...]:
        found: dict[str, str] = {}
        for unit in self.units:
            found.setdefault(unit.sort, "city" if unit.code == names.CITY_CODE else unit.code)
        return tuple(found[sort] for sort in ("township", "department", "county", "city") if sort in found)

    def offices_desks(self) -> list[Workspace]:
        return [self.desks[code] for code in self.offices]

    def _totals(self, city: Workspace, period: Period) -> list[MadeTotal]:
        """The city's 上报数 beside the sum over what each reporting unit's own workspace says."""
        here = situation.Situation(city, period)
        totals = []
        for ident in SHOWN:
            indicator = city.plan.indicator(ident)
            if indicator is None:
                continue
            reported = Fraction(0)
            for area in here.leaf_areas(ident, city.unit_code):
                desk = self.desks[here.reporter(ident, area) or ""]
                if not any(p.unit == desk.unit_code and p.period <= period.key for p in self.packages):
                    continue
                seen = Period.parse(
                    max(
                        p.period for p in self.packages if p.unit == desk.unit_code and p.period <= period.key
                    )
                )
                reported += situation.Situation(desk, seen).figure(indicator, area).value or 0
            totals.append(
                MadeTotal(
                    indicator=ident,
                    name=indicator.name,
                    period=period.key,
                    city=here.figure(indicator, city.unit_code).value,
                    reported=reported,
                    unit=indicator.unit,
                    decimals=indicator.decimals,
                )
            )
        return totals


def division_areas(desk: Workspace) -> set[str]:
    return {desk.organisation.home_area(desk.unit_code)}
