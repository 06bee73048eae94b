"""One office's month in the sample city: figures, sites, milestones, problems, evidence, at least 300 entries."""

from __future__ import annotations

import random
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

from desktop_app.core.figures.numbers import canonical
from desktop_app.core.model import subject as subjects
from desktop_app.core.model.bodies import Body, MilestoneBody, ProblemBody, ProgressBody, SiteBody
from desktop_app.core.model.period import Period
from desktop_app.core.model.plan import Indicator
from desktop_app.core.operations import division, evidence, personal_fields, situation
from desktop_app.core.operations.demo import names
from desktop_app.core.operations.demo.pictures import Camera
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.store.store import Said

ENTRIES = 300
"""Each office's month carries at least so many entries."""
PHOTOS = 6
SCENE_OF = {
    12: "bathroom",
    13: "bathroom",
    23: "classroom",
    29: "water",
    31: "road",
    32: "road",
    36: "ramp",
    38: "ramp",
}
STAGES = ("申请", "审核审批", "制定方案", "实施改造", "竣工验收", "资料归档")


class Office:
    """Plays one office through the months; the same seed plays the same year."""

    def __init__(self, workspace: Workspace, seed: int, camera: Camera, scratch: Path) -> None:
        self.workspace = workspace
        self.random = random.Random(f"{seed}-{workspace.unit_code}")
        self.camera = camera
        self.scratch = scratch
        self.pace = self.random.uniform(0.82, 1.18)
        self.people = self.random.sample(names.PEOPLE, 3)
        self.sites: list[tuple[str, SiteBody]] = []
        self.village_numbers: dict[str, int] = {}
        workspace.store.set_meta("operator", self.people[0])

    # -- the month ---------------------------------------------------------------------------------------------------

    def live(self, period: Period) -> int:
        """Record the month; returns how many entries it took."""
        said = [
            *self._figures(period),
            *self._site_work(period),
            *self._milestones(period),
            *self._problems(period),
        ]
        said += self._visits(period, ENTRIES - len(said))
        self.workspace.store.say(said)
        count = len(said) + self._evidence(period)
        return count

    def _at(self, period: Period, *, last: int | None = None) -> str:
        # The rows of the registers are written on the last day, after everything else.
        day = min(self.random.randint(20, last or period.end.day), period.end.day - 1)
        hour, minute = self.random.randint(8, 17), self.random.randint(0, 59)
        return f"{period.year}-{period.last:02d}-{day:02d}T{hour:02d}:{minute:02d}:00+08:00"

    def _share_of_year(self, period: Period) -> float:
        return period.end.timetuple().tm_yday / 366

    def _mine(self) -> list[tuple[Indicator, str]]:
        return [
            (indicator, area)
            for indicator in self.workspace.plan.indicators()
            for area in situation.reported_areas(self.workspace, indicator.id)
        ]

    def _pace(self, indicator: Indicator) -> float:
        """An office is ahead in one task and behind in another, the same all year; homes for the elderly miss their
        target by a little everywhere."""
        if indicator.id == "13.1":
            return 0.985
        return self.pace * random.Random(f"{self.workspace.unit_code}{indicator.id}").choice(
            (0.45, 0.8, 0.95, 1.0, 1.05, 1.15, 1.3)
        )

    def _figures(self, period: Period) -> list[Said]:
        said = []
        plan = self.workspace.plan.id
        wholes: dict[str, Fraction] = {}
        for indicator, area in self._mine():
            if indicator.basis == "site" or (not period.closes(indicator.frequency) and period.last % 3):
                continue
            if self.random.random() < 0.03:
                continue  # Nobody fills in everything; the last figure is carried forward and says so.
            value, of = self._value(indicator, area, period, wholes)
            if value is None:
                continue
            subject = subjects.progress(area, plan, indicator.id, period.key)
            before = situation.previous_value(self.workspace, indicator, area, period)
            reason = ""
            if before is not None and indicator.flow and indicator.measure == "count":
                value = max(value, before)
            share = division.share_of(self.workspace, indicator, area)
            if share is not None and indicator.measure == "count" and value > share * Fraction(3, 2):
                reason = "本地有新增项目，已核对"
            body = ProgressBody(
                value=canonical(value),
                of=canonical(of) if of is not None else None,
                same=before is not None and before == value,
                reason=reason,
            )
            wholes[indicator.id] = value
            said.append(
                Said(
                    kind="progress", subject=subject, body=body, operator=self.people[0], at=self._at(period)
                )
            )
        return said

    def _value(
        self, indicator: Indicator, area: str, period: Period, wholes: dict[str, Fraction]
    ) -> tuple[Fraction | None, Fraction | None]:
        done = min(self._share_of_year(period) * self._pace(indicator), 1.15)
        goal = division.share_of(self.workspace, indicator, area)
        step = 10**indicator.decimals
        if indicator.measure == "state":
            return Fraction(int(done > 0.35)), None
        if goal is None:
            return (
                (Fraction(int(20 * done * step), step), None)
                if indicator.measure == "count"
                else (None, None)
            )
        if indicator.measure == "standard":
            return Fraction(
                round(float(goal) * self.random.choice((1.0, 1.0, 1.02, 0.98)) * step), step
            ), None
        if indicator.measure == "rate":
            return self._rate(indicator, goal, area)
        value = Fraction(round(float(goal) * done * step), step)
        if indicator.parent is not None and indicator.parent in wholes:
            value = min(value, wholes[indicator.parent])
        return value, None

    def _rate(self, indicator: Indicator, goal: Fraction, area: str) -> tuple[Fraction, Fraction]:
        base = random.Random(f"{area}{indicator.id}base").randint(400, 2400)
        if indicator.per == 1:
            base = max(2, base // 400)
        elif indicator.per == 1000:
            base *= 50
        level = float(goal) / indicator.per * self.random.uniform(0.985, 1.012)
        top = base if indicator.per == 100 else base * level + 1
        return Fraction(min(round(base * level), round(top))), Fraction(base)

    # -- sites -------------------------------------------------------------------------------------------------------

    def _site_work(self, period: Period) -> list[Said]:
        said = []
        for indicator, area in self._mine():
            if indicator.basis != "site":
                continue
            share = division.share_of(self.workspace, indicator, area)
            if not share:
                continue
            said += self._sites_of(indicator, area, share, period)
        return said

    def _sites_of(self, indicator: Indicator, area: str, share: Fraction, period: Period) -> list[Said]:
        """Open new sites and finish some, so that what is finished follows the office's pace."""
        most = 40
        number = int(share) if share.denominator == 1 and share <= most else most
        each = share / number
        step = 10**indicator.decimals
        each = max(Fraction(round(float(each) * step), step), Fraction(1, step))
        have = [
            pair
            for pair in self.sites
            if indicator.id in pair[1].quantities and pair[0].split("/")[1] == area
        ]
        done = sum(bool(body.completed) for _subject, body in have)
        want = min(number, round(number * self._share_of_year(period) * self._pace(indicator)))
        said = []
        while len(have) < min(number, want + 3):
            subject, body = self._new_site(indicator, area, each, period)
            have.append((subject, body))
            self.sites.append((subject, body))
            said.append(self._say_site(subject, body, period))
        pending = [pair for pair in have if not pair[1].completed]
        for subject, body in pending[: max(0, want - done)]:
            stages = self._stages(indicator, body, period)
            # What is complete is complete with its last stage.
            finished = self._changed(body, completed=max(stages.values()), stages=stages)
            self._keep(subject, finished)
            said.append(self._say_site(subject, finished, period))
        return said

    def _new_site(
        self, indicator: Indicator, area: str, each: Fraction, period: Period
    ) -> tuple[str, SiteBody]:
        village = self.random.choice(names.VILLAGES)
        number = self.village_numbers[village] = self.village_numbers.get(village, 0) + 1
        sealed = ""
        if indicator.unit == "户" and number % 9 == 1:
            sealed = personal_fields.seal_personal(
                self.workspace, {"姓名": self.random.choice(names.RESIDENTS), "情况": "样例，非真实信息"}
            )
        # A large share is followed by batches of several households, a small one household by household.
        single = indicator.unit if each == 1 else "批"
        ending = single if indicator.unit in ("户", "间", "处", "家", "条") else "点"
        body = SiteBody(
            name=f"{village} {number:02d} {ending}",
            quantities={indicator.id: canonical(each)},
            place=village,
            stages={(indicator.stages or STAGES)[0]: self._day(period)},
            started=self._day(period, early=True),
            charge=self.random.choice(names.PEOPLE),
            sealed=sealed,
        )
        subject = f"site/{area}/{self.random.getrandbits(64):016x}"
        return subject, body

    def _stages(self, indicator: Indicator, body: SiteBody, period: Period) -> dict[str, str]:
        stages = dict(body.stages)
        for stage in indicator.stages or STAGES:
            stages.setdefault(stage, self._day(period))
        return stages

    def _changed(self, body: SiteBody, **fields: object) -> SiteBody:
        return SiteBody(**({name: getattr(body, name) for name in SiteBody.__struct_fields__} | fields))

    def _keep(self, subject: str, body: SiteBody) -> None:
        self.sites = [(key, body if key == subject else old) for key, old in self.sites]

    def _say_site(self, subject: str, body: Body, period: Period) -> Said:
        return Said(kind="site", subject=subject, body=body, operator=self.people[0], at=self._at(period))

    def _day(self, period: Period, *, early: bool = False) -> str:
        first = period.start + timedelta(days=self.random.randint(0, 8 if early else 27))
        return min(first, period.end).isoformat()

    def _visits(self, period: Period, count: int) -> list[Said]:
        """Follow-up notes on sites, as offices write them, until the month is full."""
        said: list[Said] = []
        if not self.sites:
            for indicator, area in self._mine():
                if indicator.basis == "site":
                    self.sites.append(self._new_site(indicator, area, Fraction(1), period))
                    break
        while len(said) < count and self.sites:
            subject, body = self.sites[len(said) % len(self.sites)]
            visited = self._changed(body, note=f"{self._day(period)} 走访核实，第 {len(said) + 1} 次")
            self._keep(subject, visited)
            said.append(self._say_site(subject, visited, period))
        return said

    # -- the rest ----------------------------------------------------------------------------------------------------

    def _milestones(self, period: Period) -> list[Said]:
        """Dated steps that this office's area has to take, most of them in time."""
        workspace = self.workspace
        said = []
        area = workspace.organisation.home_area(workspace.unit_code)
        unit = workspace.organisation.get(area)
        for _task, milestone in workspace.plan.milestones():
            if unit is None or unit.level != milestone.scope or unit.code != area:
                continue
            if workspace.unit.kind == "department" and int(workspace.unit_code[-1]) % 2 == 0:
                continue
            due_here = milestone.due <= period.end
            subject = subjects.milestone(area, workspace.plan.id, milestone.id)
            if (
                not due_here
                or workspace.store.ledger.head(subject) is not None
                or self.random.random() < 0.25
            ):
                continue
            day = milestone.due - timedelta(days=self.random.randint(1, 9))
            said.append(
                Said(
                    kind="milestone",
                    subject=subject,
                    body=MilestoneBody(done=max(day, date(period.year, 1, 5)).isoformat()),
                    operator=self.people[0],
                    at=self._at(period),
                )
            )
        return said

    def _problems(self, period: Period) -> list[Said]:
        workspace = self.workspace
        texts = (
            (12, "三户外出务工，联系不上，改造排期往后推"),
            (31, "一段路基塌陷，要先加固再铺面"),
            (36, "变压器容量不够，充电桩装好后暂不能通电"),
            (23, "灯具到货迟，暑假前装不完"),
        )
        if self.random.random() < 0.4:
            return []
        task, text = self.random.choice(texts)
        area = workspace.organisation.home_area(workspace.unit_code)
        return [
            Said(
                kind="problem",
                subject=f"problem/{area}/{self.random.getrandbits(64):016x}",
                body=ProblemBody(task=task, text=text, due=(period.end + timedelta(days=20)).isoformat()),
                operator=self.people[0],
                at=self._at(period),
            )
        ]

    def _evidence(self, period: Period) -> int:
        """A few photos, and an extract for each kind of case that proves most of the others at once (基层减负); some
        cases stay without, as in life.  All are taken in through the same operation as a person's."""
        finished = [
            (subject, body)
            for subject, body in self.sites
            if body.completed.startswith(period.key)
            and not self.workspace.store.ledger.evidence_about(subject)
        ]
        self.random.shuffle(finished)
        count = 0
        for number, (subject, body) in enumerate(finished[:PHOTOS]):
            scene = SCENE_OF.get(int(next(iter(body.quantities)).split(".")[0]), "ramp")
            count += self._attach(
                scene,
                [subject],
                f"{body.name} 完工后",
                "改造后",
                period,
                number,
                personal=number == PHOTOS - 1,
            )
        rest: dict[str, list[str]] = {}
        for subject, body in finished[PHOTOS:]:
            rest.setdefault(next(iter(body.quantities)), []).append(subject)
        for number, (indicator, subjects_of) in enumerate(sorted(rest.items()), start=PHOTOS):
            kept = [subject for subject in subjects_of if self.random.random() > 0.08]
            name = self.workspace.indicator(indicator).name
            if kept:
                caption = f"{name} {period.chinese_label}完成清单（{len(kept)} 条）"
                count += self._attach("form", kept, caption, "验收", period, number)
        return count

    def _attach(
        self,
        scene: str,
        about: list[str],
        caption: str,
        stage: str,
        period: Period,
        number: int,
        *,
        personal: bool = False,
    ) -> int:
        ending = ".pdf" if scene == "form" else ".jpg"
        path = self.scratch / f"IMG_{period.key.replace('-', '')}_{number + 1:03d}{ending}"
        self.camera.shoot(scene, path, f"{self._day(period)}T10:{number:02d}:00")
        changes = evidence.attach(
            self.workspace,
            [path],
            about,
            caption=caption,
            stage=stage,
            personal=personal,
            operator=self.people[0],
            at=self._at(period),
        )
        path.unlink()
        return changes.entries
