"""Packages encrypted for their receiver, so that a lost stick tells nothing: `<name>.xlsx.p7m`.

The plain package is written into this workspace's own folder, where its contents lie anyway, and never to the place
it is exported to.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from cryptography import x509

from desktop_app.core.errors import TrustError, VerificationError, WrongPassphrase
from desktop_app.core.i18n import _
from desktop_app.core.package import placing
from desktop_app.core.package.faults import UnreadableFile
from desktop_app.core.package.sources import Sealed
from desktop_app.core.progress import Progress, silent
from desktop_app.core.store.database import disk_error
from desktop_app.core.trust import certificates, envelope, keys

if TYPE_CHECKING:
    from desktop_app.core.operations.workspace import Workspace

SUFFIX = ".p7m"
SCRATCH = ".encrypting"


# -- sending -------------------------------------------------------------------------------------------------------


def receiver(workspace: Workspace) -> bytes:
    """The certificate (PEM) of the unit above, for whom packages are encrypted.

    TrustError where it is not known, was revoked, or has a key that envelopes cannot be made for.
    """
    pem = workspace.store.meta("upper_certificate").encode()
    if not pem:
        raise TrustError(
            _("还没有上级单位的证书，不能加密。"),
            meaning=_("没有导出。"),
            next_step=_("请先汇入上级发来的设立包或回执，其中带有它的证书。"),
        )
    said = certificates.info(envelope.check_receiver(pem))
    if any(head.body.certificate == said.fingerprint for head in workspace.store.ledger.heads("revocation")):
        raise TrustError(
            _("{name}的这份证书已经吊销，不能再为它加密。").format(name=said.name),
            meaning=_("没有导出。"),
            next_step=_("请先汇入上级用新证书发来的文件，再导出一次。"),
        )
    return pem


class Passage:
    """The way of a package to where it is exported to: straight there, or through an envelope."""

    def __init__(self, folder: Path, target: Path, certificate: bytes) -> None:
        self.folder = folder
        """Where the plain package is written."""
        self._target = target
        self._certificate = certificate

    def largest(self, wanted: int) -> int:
        """How large a plain file may be so that what arrives is within the limit wanted (0: none)."""
        if not self._certificate:
            return wanted
        return max(1, min(wanted or envelope.LARGEST, envelope.LARGEST) - envelope.OVERHEAD)

    def deliver(self, written: Sequence[Sealed], progress: Progress) -> list[Sealed]:
        """The packages as they stand at the target, once they do."""
        if not self._certificate:
            return list(written)
        return deliver(written, self._target, self._certificate, progress)


@contextlib.contextmanager
def passage(workspace: Workspace, target: Path, certificate: bytes) -> Iterator[Passage]:
    """With a certificate, plain packages are written into a folder of this workspace that is empty before and gone
    afterwards; without one, into the target itself."""
    if not certificate:
        yield Passage(target, target, b"")
        return
    folder = workspace.root / SCRATCH
    try:
        # A run that was killed may have left its plain package here.
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    except OSError as problem:
        raise disk_error(problem, folder) from problem
    try:
        yield Passage(folder, target, certificate)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def deliver(
    written: Sequence[Sealed], folder: Path, certificate: bytes, progress: Progress = silent
) -> list[Sealed]:
    """Encrypt packages into `folder`, all of them or none: written beside, flushed, read back, renamed.

    Returns them as they stand there.  StorageError where the disk refuses, InputError where one is too large.
    """
    targets = [folder / (item.path.name + SUFFIX) for item in written]
    for item in written:
        envelope.check_size(item.size)
    with placing.Placement(targets) as placement:
        placing.check_space(folder, sum(item.size + envelope.OVERHEAD for item in written))
        delivered = []
        for number, (item, path, final) in enumerate(zip(written, placement.temporary, targets, strict=True)):
            progress(number, len(written), final.name)
            size = _write(path, envelope.enclose(_read(item.path), certificate))
            delivered.append(msgspec.structs.replace(item, path=final, size=size))
        placement.commit()
    progress(len(written), len(written))
    return delivered


def _write(path: Path, blob: bytes) -> int:
    with placing.writing(path) as target:
        target.write(blob)
    with placing.reading_back(path) as file:
        found = hashlib.file_digest(file, "sha256")  # type: ignore[arg-type]  # a file on disk, with readinto
        if found.digest() != hashlib.sha256(blob).digest():
            raise placing.badly_written(path.name)
    return len(blob)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise disk_error(problem, path) from problem


# -- receiving -----------------------------------------------------------------------------------------------------


def is_enveloped(path: Path) -> bool:
    """Whether a file is encrypted, told from its beginning and not from its name.  False where it cannot be read."""
    try:
        with path.open("rb") as file:
            return envelope.is_envelope(file.read(64))
    except OSError:
        return False


def unlock_for(workspace: Workspace, paths: Sequence[Path]) -> None:
    """Ask for the passphrase before a run in which some file needs the key, and not in the middle of it."""
    if any(is_enveloped(path) for path in paths):
        workspace.signer()


def content(workspace: Workspace | None, path: Path) -> bytes | None:
    """What is inside an encrypted file; None where the file is not encrypted.

    VerificationError where it is for someone else, too large or damaged; TrustError where this desk's key is locked.
    """
    if not is_enveloped(path):
        return None
    if workspace is None:
        raise _refused(
            _("这是加密的文件，要用收件单位的密钥才能打开。"),
            _("请在收件单位的工作区里打开（命令行：--workspace）。"),
        )
    try:
        size = path.stat().st_size
        if size > envelope.LARGEST + envelope.OVERHEAD:
            raise _refused(
                _("这份加密文件有 {size} MB，超过了 {most} MB 的上限。").format(
                    size=size // 1024**2, most=envelope.LARGEST // 1024**2
                ),
                _("请对方选小一些的分卷大小（例如 400MB）重新导出。"),
            )
        blob = path.read_bytes()
    except OSError as problem:
        raise UnreadableFile.of(path, problem) from problem
    try:
        return envelope.disclose(blob, lambda fits: _opening_key(workspace, fits))
    except envelope.Unreadable as problem:
        raise _refused(problem.what, problem.next_step, problem.detail) from problem


def _opening_key(
    workspace: Workspace, fits: Callable[[x509.Certificate], bool]
) -> tuple[bytes, keys.PrivateKey]:
    """The certificate of this desk that an envelope was made for, present or former, and its key."""
    from desktop_app.core.operations import keyring

    folder = workspace.keys_folder
    bundles = [
        folder / "desk.pem",
        *sorted(folder.glob("former-*.pem")),
        *sorted(folder.glob("old-*-desk.pem")),
    ]
    leaves = [keyring.split_pem(keyring.read_file(path))[0] for path in bundles if path.exists()]
    mine = [leaf for leaf in leaves if fits(certificates.load(leaf))]
    if not mine:
        raise _refused(
            _("这份加密文件不是给本机密钥的，打不开。"),
            _("请交给收件单位，或在持有那把密钥的电脑上打开；也可以请对方不加密重新导出。"),
        )
    public = certificates.load(mine[0]).public_key()
    present = workspace.signer().private_key
    if present.public_key() == public:
        return mine[0], present
    for path in sorted(folder.glob("old-*-desk.key")):
        with contextlib.suppress(WrongPassphrase):
            former = keys.load(path, workspace.passphrase())
            if former.public_key() == public:
                return mine[0], former
    raise _refused(
        _("这份文件是给本机旧密钥加密的，现在的口令打不开旧密钥。"),
        _("请对方先汇入你单位最新的回执，再重新导出。"),
    )


def _refused(what: str, next_step: str, detail: str = "") -> VerificationError:
    return VerificationError(
        what, meaning=_("这个文件没有汇入，不影响其他文件。"), next_step=next_step, detail=detail
    )
