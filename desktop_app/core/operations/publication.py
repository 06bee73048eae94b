"""公开: a task's result sheet without personal data, and the record of what was published where and when."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from desktop_app.core.errors import InputError
from desktop_app.core.figures.judging import Judgement, judge
from desktop_app.core.figures.numbers import show, show_percent
from desktop_app.core.i18n import N_, _, on_paper
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.plan import Indicator, Task
from desktop_app.core.model.view import EvidenceView
from desktop_app.core.operations import bulletins, evidence, reading, register_writing
from desktop_app.core.operations.papers import Sight
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.report.bulletin import day_words
from desktop_app.core.report.result_sheet import FigureLine, Photo, ResultSheet
from desktop_app.core.rules import privacy

LARGEST = 1600
"""Pixels of a published photo's longer side: enough for a page, too few for a number plate far away."""
STATES = {
    "reached": N_("已达到目标"),
    "about": N_("在目标的允许偏差以内"),
    "short": N_("正在推进"),
    "unsaid": N_("尚无数据"),
    "open": N_("目标待明确"),
}
SHORT_AT_LAST = N_("没有达到目标")
"""What is short when the year has ended is under way no more."""


def candidates(workspace: Workspace, task: Task) -> list[EvidenceView]:
    """Photos of a task that may be shown: here, no document, and not marked 含个人信息; the newest last."""
    found = {
        view.sha256: view
        for indicator in task.indicators
        for view in reading.evidence(workspace, indicator.id)
        if view.present and not view.personal and view.media.startswith("image/")
    }
    return sorted(found.values(), key=lambda view: (view.taken or view.added, view.sha256))


def clean_photo(content: bytes) -> bytes:
    """The picture alone, upright and no larger than it need be: no place, no time, no camera, no thumbnail, no text
    chunk survives.  InputError where it cannot be read."""
    from PIL import Image, ImageOps

    try:
        import pi_heif

        pi_heif.register_heif_opener()
        with Image.open(io.BytesIO(content)) as opened:
            image = ImageOps.exif_transpose(opened).convert("RGB")
    except Exception as problem:
        raise InputError(
            _("有一张照片打不开，不能公开。"),
            next_step=_("请去掉这张照片后再生成。"),
            detail=str(problem),
        ) from problem
    image.thumbnail((LARGEST, LARGEST))
    # Pixels are copied into a fresh picture: whatever else the file held stays behind.
    bare = Image.new("RGB", image.size)
    bare.paste(image)
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=85)
    return out.getvalue()


@on_paper
def sheet(sight: Sight, no: int, photos: Sequence[str] = (), text: str = "") -> ResultSheet:
    """The sheet of one task; `photos` are SHA-256 of candidates, `text` is added by a person.

    InputError for a task that is not in the plan, a photo that may not be shown, a text with personal numbers."""
    situation = sight.situation
    workspace = situation.workspace
    task = situation.plan.task(no)
    if task is None:
        raise InputError(
            _("方案里没有第 {no} 项任务。").format(no=no), next_step=_("请在“任务”页查看任务序号。")
        )
    refuse_personal(text)
    area = situation.organisation.home_area(workspace.unit_code)
    judged = [(i, judged_of(sight, i, area)) for i in task.indicators if i.headline and i.parent is None]
    state = "reached"
    for worst in ("short", "unsaid", "open", "about"):
        if any(found.verdict == worst for _indicator, found in judged):
            state = worst
            break
    return ResultSheet(
        plan=situation.plan.title,
        no=task.no,
        title=task.title,
        target=task.target,
        leads=task.lead,
        unit=workspace.unit.name,
        day=day_words(situation.period.end),
        made=sight.made,
        state=_state(sight, state),
        figures=tuple(_line(sight, indicator, found, area) for indicator, found in judged),
        areas=tuple(_areas(sight, task, area)),
        photos=tuple(_photos(workspace, task, photos)),
        text=text.strip(),
    )


def _state(sight: Sight, verdict: str) -> str:
    situation = sight.situation
    ended = situation.period.end >= situation.plan.ends
    return _(SHORT_AT_LAST) if verdict == "short" and ended else _(STATES[verdict])


def judged_of(sight: Sight, indicator: Indicator, area: str) -> Judgement:
    situation = sight.situation
    return judge(
        indicator, situation.rolled(indicator, area), situation.share(indicator, area), situation.tolerance
    )


def _line(sight: Sight, indicator: Indicator, found: Judgement, area: str) -> FigureLine:
    if indicator.measure == "state":
        value = _("未填") if found.value is None else _("已建立") if found.value >= 1 else _("推进中")
        return FigureLine(
            name=indicator.name, target="", value=value, done="", state=_state(sight, found.verdict)
        )
    return FigureLine(
        name=indicator.name,
        target=_amount(indicator, found.target),
        value=_amount(indicator, found.value),
        done=show_percent(sight.situation.done(indicator, area), 1),
        state=_state(sight, found.verdict),
    )


def _amount(indicator: Indicator, value: object) -> str:
    if value is None:
        return show(None)
    return f"{bulletins.plain(value, indicator.decimals)}{indicator.unit}"  # type: ignore[arg-type]


def _areas(sight: Sight, task: Task, root: str) -> list[tuple[str, str]]:
    situation = sight.situation
    found = []
    for unit in situation.organisation.child_areas(root):
        words = bulletins.figure_words(situation, task, unit.code, percent=False) if unit.active else ""
        if words:
            found.append((unit.name, words))
    return found


def _photos(workspace: Workspace, task: Task, chosen: Sequence[str]) -> list[Photo]:
    allowed = {view.sha256: view for view in candidates(workspace, task)}
    found = []
    for sha256 in chosen:
        view = allowed.get(sha256)
        content = evidence.read_bytes(workspace, sha256) if view else None
        if view is None or content is None:
            raise InputError(
                _("选的照片里有一张不能公开。"),
                meaning=_("标了“含个人信息”的、还没收到的和不是照片的文件不公开。"),
                next_step=_("请去掉它再生成。"),
            )
        found.append(Photo(data=clean_photo(content), caption=privacy.mask(view.caption)))
    return found


def refuse_personal(text: str) -> None:
    """InputError where a text that is to be published holds personal numbers."""
    found = privacy.find(text)
    if found:
        raise InputError(
            _("文字里有{kind}，不能公开。").format(kind=_(privacy.NAMES[found[0].kind])),
            next_step=_("请删去个人信息后再生成。"),
        )


def write(made: ResultSheet, path: Path) -> Path:
    """The sheet as Word; pdf and png are drawn by whoever has a `Paper`."""
    from desktop_app.core.report import docx_style
    from desktop_app.core.report.result_sheet import result_document

    return docx_style.write(result_document(made), path)


def publish(
    workspace: Workspace, no: int, *, title: str, where: str, day: str, kind: str = "", url: str = ""
) -> Changes:
    """Note in the register what was published where and when."""
    refuse_personal(" ".join((title, where, url)))
    values = {"title": title, "where": where, "date": day, "url": url, "kind": kind}
    filled: dict[str, object] = {key: value for key, value in values.items() if value}
    return register_writing.save(workspace, "publications", None, {"task": no} | filled)[0]
