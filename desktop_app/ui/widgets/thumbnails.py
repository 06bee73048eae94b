"""Thumbnails of evidence: read and scaled away from the screen, kept by hash and size."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QImageReader, QPainter, QPixmap

from desktop_app.core.i18n import _
from desktop_app.core.model.view import EvidenceView
from desktop_app.ui import icons, theme
from desktop_app.ui.session import Desk
from desktop_app.ui.widgets import painters

KEPT = 600
BATCH = 24
"""Pictures one job reads before it lets the screen have what it found."""


def is_picture(media: str) -> bool:
    return media.startswith("image/")


def kind_word(view: EvidenceView) -> str:
    """The tag of what is no picture: PDF, Word, Excel …"""
    suffix = view.name.rsplit(".", 1)[-1].lower() if "." in view.name else ""
    known = {
        "pdf": "PDF",
        "doc": "Word",
        "docx": "Word",
        "wps": "WPS",
        "xls": "Excel",
        "xlsx": "Excel",
        "et": "WPS",
    }
    return "" if is_picture(view.media) else known.get(suffix, suffix.upper()[:5])


def read_image(content: bytes, size: QSize) -> QImage:
    """The picture scaled to cover `size` and cut to it; an empty image when it cannot be read."""
    buffer = QBuffer()
    buffer.setData(QByteArray(content))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    full = reader.size()
    if full.isValid():
        turned = reader.transformation().value & 4  # rotated by a quarter
        shown = full.transposed() if turned else full
        scaled = shown.scaled(size, Qt.AspectRatioMode.KeepAspectRatioByExpanding)
        reader.setScaledSize(scaled.transposed() if turned else scaled)
    image = reader.read()
    if image.isNull():
        image = _first_page(content, size) if content[:5] == b"%PDF-" else _of_phone(content, size)
    return _cut(image, size)


def _of_phone(content: bytes, size: QSize) -> QImage:
    """HEIC and TIFF, which Qt does not read here."""
    if content[4:8] != b"ftyp" and content[:4] not in (b"II*\0", b"MM\0*"):
        return QImage()
    from desktop_app.core.operations import photos

    media = "image/heic" if content[4:8] == b"ftyp" else "image/tiff"
    picture = photos.drawable(content, media, 2 * max(size.width(), size.height()))
    return QImage.fromData(picture) if picture else QImage()


def _first_page(content: bytes, size: QSize) -> QImage:
    import pypdfium2  # only when a PDF is really looked at

    try:
        document = pypdfium2.PdfDocument(content)
        page = document[0]
        scale = max(size.width() / page.get_width(), size.height() / page.get_height())
        bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=True)
        raw = bytes(bitmap.buffer)
        image = QImage(raw, bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGBX8888).copy()
        document.close()
        return image
    except Exception:
        # A damaged PDF is shown as a file without a picture; the check of its hash is not made here.
        return QImage()


def _cut(image: QImage, size: QSize) -> QImage:
    if image.isNull():
        return image
    if image.width() < size.width() or image.height() < size.height():
        image = image.scaled(
            size, Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation
        )
    left = (image.width() - size.width()) // 2
    # Of a page the top says most.
    top = 0 if image.height() > 1.6 * size.height() else (image.height() - size.height()) // 2
    return image.copy(QRect(left, top, size.width(), size.height()))


class Thumbnails(QObject):
    """Ask for a picture; when it is not there yet it is fetched and `loaded` is emitted."""

    loaded = Signal()

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._kept: dict[tuple[str, int, int], QPixmap] = {}
        self._wanted: dict[tuple[str, int, int], float] = {}
        self._job: Any = None

    def pixmap(self, view: EvidenceView, size: QSize, dpr: float) -> QPixmap | None:
        """The picture at that logical size, or None while it is on its way (or cannot be drawn)."""
        key = (view.sha256, round(size.width() * dpr), round(size.height() * dpr))
        found = self._kept.get(key)
        if found is not None:
            return None if found.isNull() else found
        if not view.present:
            return None
        self._wanted[key] = dpr
        if self._job is None:
            self._job = "soon"
            QTimer.singleShot(0, self, self._start)
        return None

    def busy(self) -> bool:
        return self._job is not None

    def _start(self) -> None:
        from desktop_app.ui import jobs

        # What was asked for last is on the screen now.
        batch = dict(list(self._wanted.items())[-BATCH:])
        if not batch:
            self._job = None
            return

        def work(desk: Desk, progress: Any) -> list[tuple[tuple[str, int, int], QImage]]:
            return list(_read(desk, batch, progress))

        self._job = jobs.Job(work, self._desk)
        self._job.quiet = True
        self._job.finished.connect(self._take)
        self._job.failed.connect(lambda _error: self._take([(key, QImage()) for key in batch]))
        self._job.start()

    def _take(self, images: list[tuple[tuple[str, int, int], QImage]]) -> None:
        for key, image in images:
            pixmap = QPixmap.fromImage(image)
            pixmap.setDevicePixelRatio(self._wanted.pop(key, 1.0))
            self._kept[key] = pixmap
        while len(self._kept) > KEPT:
            self._kept.pop(next(iter(self._kept)))
        self._job = None
        self.loaded.emit()
        if self._wanted:
            self._job = "soon"
            QTimer.singleShot(0, self, self._start)


def _read(
    desk: Desk, wanted: Iterable[tuple[str, int, int]], progress: Any
) -> Iterable[tuple[tuple[str, int, int], QImage]]:
    for key in wanted:
        progress(0, 0)
        content = desk.evidence_bytes(key[0])
        yield key, read_image(content, QSize(key[1], key[2])) if content else QImage()


def draw_thumbnail(
    painter: QPainter, rect: QRect, view: EvidenceView, thumbnails: Thumbnails, tag: bool = True
) -> None:
    """The picture in its frame, with the tags for stage, kind and personal data."""
    dpr = painter.device().devicePixelRatio()
    picture = thumbnails.pixmap(view, rect.size(), dpr)
    if picture is not None:
        painter.drawPixmap(rect.topLeft(), picture)
    else:
        painter.fillRect(rect, QColor(theme.GREY_TINT))
        side = theme.px(24)
        name = "file-text" if not is_picture(view.media) else "photo"
        icons.draw(
            painter, rect.center().x() - side // 2, rect.center().y() - side // 2, name, theme.INK3, 24
        )
        if not view.present:
            painters.draw_text(
                painter,
                rect.adjusted(4, 0, -4, -4),
                _("还没收到"),
                "tiny",
                theme.AMBER,
                Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom,
            )
    words = kind_word(view) or stage_tag(view.stage)
    if tag and words:
        draw_tag(painter, rect, words)


def stage_tag(stage: str) -> str:
    """改造前 → 前, 改造后 → 后; other stages have no tag on the picture."""
    for word in ("前", "后", "中"):
        if stage.endswith(word):
            return word
    return ""


def draw_tag(painter: QPainter, rect: QRect, words: str) -> None:
    metrics = theme.metrics("note-bold")
    width = metrics.horizontalAdvance(words) + theme.px(10)
    height = theme.px(20)
    box = QRect(rect.right() - width - theme.px(3), rect.bottom() - height - theme.px(3), width, height)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    ink = QColor(theme.INK)
    ink.setAlphaF(0.86)
    painter.setBrush(ink)
    painter.drawRoundedRect(box, 3, 3)
    painter.restore()
    painters.draw_text(painter, box, words, "note-bold", theme.WHITE, painters.CENTRE)


def draw_missing(painter: QPainter, rect: QRect, words: str, framed: bool = True) -> None:
    """A dashed place for what is still wanted."""
    painter.fillRect(rect, QColor(theme.GROUP))
    pen = painter.pen()
    pen.setColor(QColor(theme.BUTTON_EDGE))
    pen.setWidth(1)
    pen.setStyle(Qt.PenStyle.DashLine)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if framed:
        painter.drawRect(rect.adjusted(0, 0, -1, -1))
    side = theme.px(20)
    height = theme.metrics("note").height()
    top = rect.top() + (rect.height() - side - height - theme.px(2)) // 2
    icons.draw(painter, rect.center().x() - side // 2, top, "photo-plus", theme.INK2, 20)
    box = QRect(rect.left(), top + side + theme.px(2), rect.width(), height)
    painters.draw_text(painter, box, words, "note", theme.INK2, painters.CENTRE)
