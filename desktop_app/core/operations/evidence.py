"""Evidence: taking files in, what they are, what they prove, looking at them."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from desktop_app.core.errors import InputError
from desktop_app.core.i18n import _
from desktop_app.core.model import subject as subjects
from desktop_app.core.model.bodies import EvidenceBody
from desktop_app.core.model.entry import Changes
from desktop_app.core.operations import changing, photo_notes, photos
from desktop_app.core.operations.media import EXTENSIONS, sniff
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.progress import Progress, silent
from desktop_app.core.store.files import Encrypt
from desktop_app.core.store.store import Said

THUMBNAIL = 320
"""Longest edge of a thumbnail, in pixels."""


def resolve_about(workspace: Workspace, about: str) -> str:
    """What evidence may be about: a subject, a site's key, an indicator ("12.1") or a milestone ("12.m1").

    InputError when it names nothing.
    """
    plan = workspace.plan
    ledger = workspace.store.ledger
    if "/" in about:
        kind = about.split("/", 1)[0]
        if (
            kind == "indicator"
            or ledger.head(about) is not None
            or kind in ("progress", "milestone", "submission")
        ):
            return about
    elif plan.indicator(about) is not None:
        return f"indicator/{plan.id}/{about}"
    elif any(milestone.id == about for _task, milestone in plan.milestones()):
        return subjects.milestone(workspace.organisation.home_area(workspace.unit_code), plan.id, about)
    else:
        for kind in ("site", "problem", "fund", "record"):
            for head in ledger.heads(kind):
                if head.subject.endswith("/" + about):
                    return head.subject
    raise InputError(
        _("没有“{about}”这个对象，附件没有地方挂。").format(about=about),
        next_step=_(
            "请写指标编号（12.1）、节点编号（12.m1）或台账里的一条；在“台账”页查看（命令行：taizhang site list）。"
        ),
    )


def attach(
    workspace: Workspace,
    files: Sequence[Path],
    about: Sequence[str],
    *,
    caption: str = "",
    stage: str = "",
    personal: bool = False,
    progress: Progress = silent,
    operator: str = "",
    at: str = "",
    code: str = "",
    keep_location: bool = False,
    longest: int = 0,
    extract: bool = False,
) -> Changes:
    """Take files in as evidence: content told from the bytes, hashed while copied, kept once however often given.

    With `longest`, of larger pictures (and of phone formats) a smaller copy is kept, and the original's hash.

    InputError names a file that is empty, unreadable, vanished or of a kind that is no evidence (a program);
    those before it are kept.  The same bytes for the same subject again change nothing.
    """
    changing.refuse_personal({"caption": caption})
    targets = tuple(resolve_about(workspace, item) for item in about)
    if not targets:
        raise InputError(_("附件要挂到一项指标或台账上。"), next_step=_("请先选中一项，再添加附件。"))
    # Asked for before anything is copied in, so that nothing personal is left in the open where there is no key.
    encrypt = encryption(workspace) if personal else None
    store = workspace.store
    present: set[tuple[str, str]] = set()
    originals: set[tuple[str, str]] = set()
    for target in targets:
        for head in store.ledger.evidence_about(target):
            present.add((head.body.sha256, target))
            originals.add((head.body.original, target))
    changes = Changes()
    for number, file in enumerate(files):
        progress(number, len(files), file.name)
        media = sniff(file)
        taken = taken_at(file, media)
        small = photos.scaled(file, media, longest)
        name, original = file.name, ""
        if small is not None:
            original = photos.hash_of(file)
            sha256, size = store.files.write(io.BytesIO(small), len(small), name=name, encrypt=encrypt)
            media, name = "image/jpeg", Path(name).with_suffix(".jpg").name
        else:
            sha256, size, original = take_in(
                workspace, file, media, keep_location=keep_location, encrypt=encrypt
            )
        if personal:
            # It may have been here in the open before.
            seal_file(workspace, sha256)
        # A photo that was scaled is the same one, however another version compresses it.
        scaled = {original} if small is not None else set()
        missing = tuple(
            target
            for target in targets
            if (sha256, target) not in present and not {(one, target) for one in scaled} & originals
        )
        with store.transaction():
            found = store.files.find(sha256)
            note_file(workspace, sha256, size, sealed=found is not None and found[1])
            if not missing:
                continue
            body = EvidenceBody(
                sha256=sha256,
                size=size,
                media=media,
                # A file's own name may hold a person's name; of a personal file only the ending is kept.
                name=("附件" + EXTENSIONS.get(media, "")) if personal else name,
                about=missing,
                caption=caption,
                stage=stage,
                taken=taken,
                personal=personal,
                extract=extract,
                code=code,
                original=original,
            )
            changes += store.say(
                [
                    Said(
                        kind="evidence",
                        subject=subjects.fresh("evidence", workspace.unit_code),
                        body=body,
                        operator=operator or workspace.operator,
                        at=at,
                    )
                ]
            )[0]
        present.update((sha256, target) for target in missing)
    progress(len(files), len(files))
    return changes


LARGEST_PHOTO = 64 * 1024 * 1024
"""Bytes of a photo that is looked into for the place it was taken at."""


def take_in(
    workspace: Workspace, file: Path, media: str, *, keep_location: bool, encrypt: Encrypt | None
) -> tuple[str, int, str]:
    """Copy a file in; returns (SHA-256, size, SHA-256 of the original where the copy differs).

    A photo's place is taken out unless it is wanted: a household's photo tells where it lives.
    """
    files = workspace.store.files
    if media == "image/jpeg" and not keep_location and file.stat().st_size <= LARGEST_PHOTO:
        content = file.read_bytes()
        clean = photo_notes.without_location(content)
        if clean != content:
            sha256, size = files.write(io.BytesIO(clean), len(clean), name=file.name, encrypt=encrypt)
            return sha256, size, hashlib.sha256(content).hexdigest()
    sha256, size = files.take_in(file, encrypt=encrypt)
    return sha256, size, ""


def note_file(workspace: Workspace, sha256: str, size: int, *, sealed: bool) -> None:
    """Remember that the bytes are here."""
    workspace.store.connection.execute(
        "INSERT OR REPLACE INTO file VALUES (?,?,?,?)", (sha256, size, int(sealed), workspace.store.clock())
    )


def encryption(workspace: Workspace) -> Encrypt:
    """How personal files are encrypted at rest, for this desk and the unit above; TrustError before there is a key."""
    from desktop_app.core.operations import keyring
    from desktop_app.core.trust import sealing

    recipients = keyring.sealing_recipients(workspace)
    return lambda source, target: sealing.seal_stream(source, target, recipients)


def seal_file(workspace: Workspace, sha256: str) -> None:
    """Encrypt a file that is here in the open; a small picture of it goes."""
    workspace.store.files.seal(sha256, encryption(workspace))
    thumbnail_path(workspace, sha256).unlink(missing_ok=True)


def describe(workspace: Workspace, subject: str, fields: Mapping[str, Any]) -> Changes:
    """Change caption, stage, what it proves, or whether it is personal."""
    fields = dict(fields)
    head = workspace.store.ledger.head(subject)
    if head is None or head.kind != "evidence":
        raise InputError(_("没有找到这份附件。"), next_step=_("请刷新后再试。"))
    if "about" in fields:
        fields["about"] = tuple(resolve_about(workspace, item) for item in fields["about"])
    if fields.get("personal") and not head.body.personal:
        seal_file(workspace, head.body.sha256)
        fields["name"] = "附件" + EXTENSIONS.get(head.body.media, "")
        with workspace.store.transaction():
            note_file(workspace, head.body.sha256, head.body.size, sealed=True)
    return changing.change(workspace, "evidence", subject, head.owner, EvidenceBody, fields)[0]


def read_bytes(workspace: Workspace, sha256: str) -> bytes | None:
    """The file itself, decrypted where it is sealed (needs the key then); None while it is not here."""
    found = workspace.store.files.find(sha256)
    if found is None:
        return None
    path, sealed = found
    content = path.read_bytes()
    if not sealed:
        return content
    from desktop_app.core.operations import keyring
    from desktop_app.core.trust import sealing

    return sealing.unseal(content, keyring.private_key(workspace))


def taken_at(file: Path, media: str) -> str:
    """When a photo was taken by its own note (EXIF), else ""; place and other notes are not read."""
    if not media.startswith("image/"):
        return ""
    try:
        from PIL import Image

        with Image.open(file) as image:
            text = image.getexif().get_ifd(0x8769).get(0x9003) or image.getexif().get(0x0132)
        return datetime.strptime(str(text), "%Y:%m:%d %H:%M:%S").isoformat() if text else ""
    except Exception:
        # A photo's notes are a courtesy; a broken one must not stop the photo.
        return ""


def thumbnail_path(workspace: Workspace, sha256: str) -> Path:
    return workspace.root / "thumbnails" / sha256[:2] / f"{sha256}.jpg"


def thumbnail(workspace: Workspace, sha256: str, media: str) -> bytes | None:
    """A JPEG of at most THUMBNAIL pixels, cached beside the evidence; None where there is no picture to show.

    Sealed files have none.
    """
    cached = thumbnail_path(workspace, sha256)
    if cached.exists():
        return cached.read_bytes()
    found = workspace.store.files.find(sha256)
    if found is None or found[1]:
        return None
    picture = make_thumbnail(found[0], media)
    if picture is not None:
        try:
            cached.parent.mkdir(parents=True, exist_ok=True)
            cached.write_bytes(picture)
        except OSError:
            # A full or read-only disk costs only the cache.
            return picture
    return picture


def make_thumbnail(path: Path, media: str) -> bytes | None:
    try:
        if media == "application/pdf":
            import pypdfium2

            with pypdfium2.PdfDocument(path) as document:
                page = document[0]
                scale = THUMBNAIL / max(page.get_size())
                image = page.render(scale=scale).to_pil()
        elif media.startswith("image/"):
            image = photos.open_picture(path, media)
        else:
            return None
        image.thumbnail((THUMBNAIL, THUMBNAIL))
        out = io.BytesIO()
        image.convert("RGB").save(out, "JPEG", quality=80)
        return out.getvalue()
    except Exception:
        # A file that cannot be drawn is still evidence; it is shown by its kind instead.
        return None
