"""The locked pack of a year: for the outside evaluator now, and for whoever opens it in ten years.

说明.txt              what lies here and how to check it with ordinary tools
年终完成情况.xlsx      every figure judged; 年终完成情况.docx and .pdf say it in words
照片/<task>/…         evidence that is not personal, under its SHA-256
流水/journal.jsonl    every entry, a line each; 流水/journal.ids the SHA-256 of each line
原始签名/<container>/  what each unit signed, byte for byte, with its signature
根证书.pem            the root all certificates come from
校验清单.txt          SHA-256 of every other file, as sha256sum reads it; 校验清单.sig this unit's signature over it
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
import shutil
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from desktop_app.core import disks
from desktop_app.core.errors import InputError, KnownError
from desktop_app.core.i18n import _
from desktop_app.core.journal.line import read_line
from desktop_app.core.operations import evidence, gathering, keyring, reading
from desktop_app.core.operations import year_end as year_ends
from desktop_app.core.operations.media import EXTENSIONS
from desktop_app.core.operations.papers import Sight
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.package import forward
from desktop_app.core.package.forward import Forwarded
from desktop_app.core.progress import Progress, silent
from desktop_app.core.report import docx_style
from desktop_app.core.report import year_end as year_papers
from desktop_app.core.report.paper import Paper
from desktop_app.core.report.year_end import PhotoLine, YearEnd
from desktop_app.core.store.database import storage_errors
from desktop_app.core.store.journal import LINE
from desktop_app.core.trust import certificates, chain, signing
from desktop_app.core.trust.fingerprint import spoken

LIST, SIGNATURE, ROOTS, README = "校验清单.txt", "校验清单.sig", "根证书.pem", "说明.txt"
JOURNAL, IDS, SIGNED, PHOTOS = "流水/journal.jsonl", "流水/journal.ids", "原始签名", "照片"
PAPER = "年终完成情况"
LIST_FILES = frozenset({LIST, SIGNATURE})


class Archived(msgspec.Struct, frozen=True, kw_only=True):
    path: Path
    files: int
    entries: int
    photos: int
    withheld: int
    """Files marked 含个人信息, left out."""
    containers: int


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """`problems` in words; empty when everything is as it was."""

    path: Path
    files: int
    entries: int
    containers: int
    signer: str
    root: str
    """The fingerprint to compare with the one known from elsewhere."""
    problems: tuple[str, ...]

    @property
    def ok(self) -> bool:
        return not self.problems


class _Seal(msgspec.Struct, frozen=True):
    """校验清单.sig: the signature over the list's bytes, the certificates that vouch for its key."""

    unit: str
    signature: str
    chain: list[str]


def make(
    sight: Sight,
    folder: Path,
    *,
    paper: Paper | None = None,
    zipped: bool = False,
    progress: Progress = silent,
) -> Archived:
    """Write the pack into a new folder below `folder` (or one zip).  The key is needed to sign the list.

    A cancelled or failed pack leaves nothing behind."""
    workspace = sight.situation.workspace
    signer = workspace.signer()
    year = year_ends.year_end(sight)
    target = folder / f"{workspace.unit_code}-{year.year}-年终归档"
    final = target.with_name(target.name + ".zip") if zipped else target
    if final.exists():
        raise InputError(
            _("“{path}”已经有了。").format(path=final.name),
            meaning=_("归档做好后不再改动，所以不会覆盖。"),
            next_step=_("请换一个文件夹，或先把旧的移走。"),
        )
    partial = target.with_name(target.name + ".part")
    with storage_errors(folder):
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        try:
            photos, withheld = _photos(sight, partial, progress)
            year = msgspec.structs.replace(year, photos=tuple(photos))
            _papers(year, partial, paper)
            entries = _journal(workspace, partial)
            containers = _signed(workspace, partial, progress)
            (partial / ROOTS).write_bytes(b"".join(keyring.roots(workspace)))
            (partial / README).write_text(_readme(year, entries, containers), encoding="utf-8")
            files = _list(partial)
            listed = (partial / LIST).read_bytes()
            seal = _Seal(
                unit=signer.unit,
                signature=base64.b64encode(signer.sign(listed)).decode(),
                chain=[base64.b64encode(der).decode() for der in signer.chain],
            )
            (partial / SIGNATURE).write_bytes(msgspec.json.format(msgspec.json.encode(seal)))
            if zipped:
                piece = final.with_name(f".{final.name}.part")
                try:
                    _zip(partial, piece)
                    piece.rename(final)
                finally:
                    with contextlib.suppress(OSError):
                        piece.unlink()
                shutil.rmtree(partial)
            else:
                disks.flush(partial)
                _lock(partial)
                partial.rename(final)
            disks.sync_folder(folder)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
    return Archived(
        path=final,
        files=files,
        entries=entries,
        photos=len(photos),
        withheld=withheld,
        containers=containers,
    )


def _papers(year: YearEnd, folder: Path, paper: Paper | None) -> None:
    year_papers.write(year, folder / f"{PAPER}.xlsx")
    document = year_papers.document(year)
    docx_style.write(document, folder / f"{PAPER}.docx")
    if paper is not None:
        paper.prose(document, folder / f"{PAPER}.pdf")


def _photos(sight: Sight, folder: Path, progress: Progress) -> tuple[list[PhotoLine], int]:
    """Evidence of the plan's indicators, each file once; what is personal stays here."""
    workspace = sight.situation.workspace
    tasks: dict[str, list[int]] = {}
    views = {}
    for indicator in sight.situation.plan.indicators():
        for view in reading.evidence(workspace, indicator.id):
            views[view.sha256] = view
            if indicator.task_no not in tasks.setdefault(view.sha256, []):
                tasks[view.sha256].append(indicator.task_no)
    lines, withheld = [], 0
    for number, (sha256, view) in enumerate(sorted(views.items())):
        progress(number, len(views), _("复制佐证材料"))
        if view.personal:
            withheld += 1
            continue
        content = evidence.read_bytes(workspace, sha256) if view.present else None
        if content is None:
            continue
        first = min(tasks[sha256])
        name = f"{PHOTOS}/{first:02d}/{sha256[:16]}{EXTENSIONS.get(view.media, '')}"
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        lines.append(
            PhotoLine(
                path=name,
                sha256=sha256,
                caption=view.caption,
                tasks=tuple(sorted(tasks[sha256])),
                unit=sight.situation.organisation.name(view.unit),
                taken=view.taken,
            )
        )
    return sorted(lines, key=lambda line: line.path), withheld


def _journal(workspace: Workspace, folder: Path) -> int:
    """Every entry's own bytes, by subject; one id a line beside it, in the same order."""
    (folder / JOURNAL).parent.mkdir(parents=True, exist_ok=True)
    count = 0
    rows = workspace.store.connection.execute(f"{LINE} ORDER BY subject, n, id")
    with (
        (folder / JOURNAL).open("wb") as lines,
        (folder / IDS).open("w", encoding="ascii", newline="\n") as ids,
    ):
        for row in rows:
            line = bytes(row[0])
            lines.write(line + b"\n")
            ids.write(hashlib.sha256(line).hexdigest() + "\n")
            count += 1
    return count


def _signed(workspace: Workspace, folder: Path, progress: Progress) -> int:
    """What others signed, as it came."""
    rows = [row for row in workspace.store.ledger.containers() if row["origin"] in ("package", "forwarded")]
    count = 0
    for number, row in enumerate(rows):
        progress(number, len(rows), _("抄存原始签名"))
        if not gathering.has_journal(workspace, row["seq"]):
            continue
        item = gathering.load_forwarded(workspace, row["seq"])
        base = folder / SIGNED / item.container
        for name, data in {"sig1.xml": item.sig1, "payload.json": item.payload, **item.journals}.items():
            path = base / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        count += 1
    return count


def _files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _list(folder: Path) -> int:
    names = [name for name in _files(folder) if name not in LIST_FILES]
    text = "".join(f"{_hash(folder / name)}  {name}\n" for name in names)
    (folder / LIST).write_text(text, encoding="utf-8", newline="\n")
    return len(names)


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _lock(folder: Path) -> None:
    """Read-only: a change has to be meant."""
    for path in folder.rglob("*"):
        if path.is_file():
            path.chmod(stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH)


def _zip(folder: Path, path: Path) -> None:
    with path.open("wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
            for name in _files(folder):
                entry = zipfile.ZipInfo(f"{folder.name.removesuffix('.part')}/{name}", docx_style.ZIP_TIME)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o444 << 16
                target.writestr(entry, (folder / name).read_bytes())
        file.flush()
        os.fsync(file.fileno())


def _readme(year: YearEnd, entries: int, containers: int) -> str:
    return _(
        "{plan}　年终归档\n制作单位：{unit}　数据截至：{end}　{cutoff}\n\n"
        "年终完成情况.xlsx、.docx、.pdf：各项指标按约束词逐项判定的结果，可用任何办公软件打开。\n"
        "照片：不含个人信息的佐证材料，文件名是内容 SHA-256 的前 16 位，清单见表内“佐证清单”。\n"
        "流水/journal.jsonl：全部 {entries} 条记录，一行一条（UTF-8 的 JSON）；journal.ids 是每行的 SHA-256。\n"
        "原始签名：{containers} 份下级上报的签名原件（sig1.xml 是 XML 签名，payload.json 是清单，journal 是记录）。\n"
        "根证书.pem：签名所依据的根证书；它的指纹应与发证单位公布的一致。\n"
        "校验清单.txt：每个文件的 SHA-256；校验清单.sig：制作单位对清单的签名。\n\n"
        "怎样核对：\n"
        "一、装有民生实事台账的电脑：taizhang archive verify 本文件夹。\n"
        "二、没有本软件的：在本文件夹里执行 sha256sum -c 校验清单.txt，逐个文件应为“成功”（OK）。\n\n"
        "个人信息和标了“含个人信息”的材料不在归档里。签名用于防篡改和来源核对，不替代公章和电子签章。\n"
    ).format(
        plan=year.plan,
        unit=year.unit,
        end=year.end.isoformat(),
        cutoff=_("截止点：{name}").format(name=year.cutoff) if year.cutoff else "",
        entries=entries,
        containers=containers,
    )


# -- checking --------------------------------------------------------------------------------------------------------


def verify(path: Path, roots: list[bytes] | None = None, progress: Progress = silent) -> Checked:
    """Whether a pack (folder or zip) is as it was made.  `roots` (PEM) are those trusted; without them the pack's own
    root is taken, and its fingerprint has to be compared by a person."""
    if path.is_file() and zipfile.is_zipfile(path):
        return _verify_zip(path, roots, progress)
    if not (path / LIST).is_file():
        raise InputError(
            _("“{path}”里没有校验清单，不是归档。").format(path=path.name),
            next_step=_("请选择归档的文件夹或 zip 文件。"),
        )
    problems = list(_check_list(path, progress))
    entries, wrong = _check_journal(path)
    problems += wrong
    own = (path / ROOTS).read_bytes() if (path / ROOTS).is_file() else b""
    trusted = roots or [part for part in _pems(own)]
    containers, wrong = _check_signed(path, trusted, progress)
    problems += wrong
    signer, wrong = _check_seal(path, trusted)
    problems += wrong
    return Checked(
        path=path,
        files=len(_listed(path)),
        entries=entries,
        containers=containers,
        signer=signer,
        root=_root_words(trusted),
        problems=tuple(problems),
    )


def _verify_zip(path: Path, roots: list[bytes] | None, progress: Progress) -> Checked:
    import tempfile

    with tempfile.TemporaryDirectory() as loose, zipfile.ZipFile(path) as source:
        base = Path(loose).resolve()
        for name in source.namelist():
            if not (base / name).resolve().is_relative_to(base):
                raise InputError(
                    _("“{path}”里有不该有的路径，没有打开。").format(path=path.name),
                    next_step=_("请向制作单位要原文件。"),
                )
        source.extractall(base)
        inside = [folder for folder in base.iterdir() if (folder / LIST).is_file()]
        if len(inside) != 1:
            raise InputError(
                _("“{path}”里没有校验清单，不是归档。").format(path=path.name),
                next_step=_("请选择归档的文件夹或 zip 文件。"),
            )
        return msgspec.structs.replace(verify(inside[0], roots, progress), path=path)


def _pems(content: bytes) -> list[bytes]:
    end = b"-----END CERTIFICATE-----"
    return [part + end + b"\n" for part in content.split(end)[:-1]]


def _listed(folder: Path) -> dict[str, str]:
    found = {}
    for line in (folder / LIST).read_text(encoding="utf-8").splitlines():
        digest, _space, name = line.partition("  ")
        found[name] = digest
    return found


def _check_list(folder: Path, progress: Progress) -> Iterator[str]:
    listed = _listed(folder)
    there = {name for name in _files(folder) if name not in LIST_FILES}
    for name in sorted(listed.keys() - there):
        yield _("少了文件：{name}").format(name=name)
    for name in sorted(there - listed.keys()):
        yield _("多了文件：{name}").format(name=name)
    both = sorted(listed.keys() & there)
    for number, name in enumerate(both):
        progress(number, len(both), _("核对文件"))
        if _hash(folder / name) != listed[name]:
            yield _("文件被改动：{name}").format(name=name)


def _check_journal(folder: Path) -> tuple[int, list[str]]:
    if not (folder / JOURNAL).is_file() or not (folder / IDS).is_file():
        return 0, [_("少了流水。")]
    ids = (folder / IDS).read_text(encoding="ascii", errors="replace").split()
    problems, count = [], 0
    with (folder / JOURNAL).open("rb") as stream:
        for number, raw in enumerate(stream, start=1):
            line = raw.rstrip(b"\n")
            count += 1
            named = ids[number - 1] if number <= len(ids) else ""
            try:
                read_line(line)
            except KnownError:
                named = ""
            if hashlib.sha256(line).hexdigest() != named:
                problems.append(_("流水第 {number} 行被改动").format(number=number))
    if count != len(ids):
        problems.append(_("流水有 {count} 行，应有 {should} 行").format(count=count, should=len(ids)))
    return count, problems


def _check_signed(folder: Path, roots: list[bytes], progress: Progress) -> tuple[int, list[str]]:
    """Each unit's own signature again, over what it signed."""
    bases = sorted(path for path in (folder / SIGNED).glob("*") if path.is_dir())
    problems = []
    for number, base in enumerate(bases):
        progress(number, len(bases), _("核对签名"))
        try:
            found = forward.verify(
                Forwarded(
                    sig1=(base / "sig1.xml").read_bytes(),
                    payload=(base / "payload.json").read_bytes(),
                    journals={
                        path.relative_to(base).as_posix(): path.read_bytes()
                        for path in sorted((base / "taizhang").rglob("*"))
                        if path.is_file()
                    },
                ),
                roots,
            )
            if found.container != base.name:
                problems.append(_("签名原件 {name} 的编号不对").format(name=base.name[:16]))
            elif found.state == "unknown_signer":
                problems.append(_("签名原件 {name} 的签名人未知").format(name=base.name[:16]))
        except (KnownError, OSError) as problem:
            problems.append(
                _("签名原件 {name}：{why}").format(
                    name=base.name[:16], why=getattr(problem, "what", _("文件不全"))
                )
            )
    return len(bases), problems


def _check_seal(folder: Path, roots: list[bytes]) -> tuple[str, list[str]]:
    try:
        seal = msgspec.json.decode((folder / SIGNATURE).read_bytes(), type=_Seal)
        found = chain.check([base64.b64decode(der) for der in seal.chain], roots)
        key = certificates.allowed_key(certificates.load(found.ders[0]))
        if not signing.is_signed(key, (folder / LIST).read_bytes(), base64.b64decode(seal.signature)):
            return found.leaf.name, [_("校验清单与签名对不上，清单被改动。")]
        if not found.trusted:
            return found.leaf.name, [_("校验清单的签名人不在信任的根证书之下。")]
        return found.leaf.name, []
    except (OSError, ValueError, msgspec.MsgspecError, KnownError):
        return "", [_("校验清单没有有效的签名。")]


def _root_words(roots: list[bytes]) -> str:
    return "；".join(spoken(certificates.info(certificates.to_der(root)).fingerprint) for root in roots)
