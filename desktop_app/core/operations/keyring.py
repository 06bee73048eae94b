"""The desk's keys and certificates: making, asking for, installing; granting them is in `granting`.

    keys/desk.key   keys/desk.pem     the desk's key (encrypted) and its chain, leaf first
    keys/ca.key     keys/ca.pem       city and county: what signs certificates, and its chain
    keys/old-…                        former keys, kept because they open what was sealed for them

The pinned root stands in the database.  Our certificates prove origin and integrity between these offices; they do
not replace the official seal or a licensed electronic signature.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from desktop_app.core.disks import disk_error, save
from desktop_app.core.errors import InputError, TrustError
from desktop_app.core.i18n import _
from desktop_app.core.store.store import CERTIFICATE_ENDS
from desktop_app.core.trust import certificates, chain, keys
from desktop_app.core.trust.fingerprint import spoken
from desktop_app.core.trust.keys import KeyKind, PrivateKey
from desktop_app.core.trust.signing import Signer

if TYPE_CHECKING:
    from desktop_app.core.operations.workspace import Workspace

PEM_END = b"-----END CERTIFICATE-----"
SHORTEST_PASSPHRASE = 4


class KeyReport(msgspec.Struct, frozen=True, kw_only=True):
    """`key show`: what this desk can prove.

    `spoken` are the certificate's digits, `key_spoken` those of the key itself: they stand on the stamped request
    and are the same before and after the grant.  `ca_spoken` are those of the key that signs certificates.
    """

    unit: str
    name: str
    state: Literal["none", "requested", "certified"]
    fingerprint: str
    spoken: str
    key_spoken: str
    ca_spoken: str
    not_after: str
    issuer: str
    ca: bool
    root: str
    root_spoken: str


def roots(workspace: Workspace) -> list[bytes]:
    """The pinned roots (PEM)."""
    return [
        _text.encode() for _text in msgspec.json.decode(workspace.store.meta("roots", "[]"), type=list[str])
    ]


def pin_root(workspace: Workspace, root: bytes) -> None:
    pinned = [item.decode() for item in roots(workspace)]
    pem = certificates.to_pem(certificates.to_der(root)).decode()
    if pem not in pinned:
        workspace.store.set_meta("roots", msgspec.json.encode([*pinned, pem]).decode())


def write_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: a full disk or a crash leaves what was there before."""
    save(path, content)


def read_file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise disk_error(problem, path) from problem


def split_pem(data: bytes) -> list[bytes]:
    """The certificates (DER) of a PEM bundle, in order."""
    return [
        certificates.to_der(part + PEM_END)
        for part in data.replace(b"\r\n", b"\n").split(PEM_END)
        if b"-----BEGIN CERTIFICATE-----" in part
    ]


def bundle(ders: Sequence[bytes]) -> bytes:
    return b"".join(certificates.to_pem(der) for der in ders)


# -- this desk's keys ----------------------------------------------------------------------------------------------


def has_ca(workspace: Workspace) -> bool:
    """Whether this desk's unit certifies others: governments with offices or areas below them."""
    return workspace.unit.is_area and workspace.unit.level in ("city", "county")


def new_key(workspace: Workspace, passphrase: str, kind: KeyKind = "rsa-3072") -> None:
    """Make the desk's key, and for city and county the key that signs certificates.  A former key is kept aside.

    Until a certificate is installed a provisional one stands in, so that packages can be exported at once; who
    opens them is told that the signer is not yet known.
    """
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise InputError(
            _("口令太短。"),
            next_step=_("口令至少 {count} 个字符，最好是几个词；请记牢，忘了只能重新申请密钥。").format(
                count=SHORTEST_PASSPHRASE
            ),
        )
    folder = workspace.keys_folder
    unit = workspace.unit
    for role in ("desk", "ca") if has_ca(workspace) else ("desk",):
        key = keys.generate(kind)
        if (folder / f"{role}.key").exists():
            set_aside(folder, role)
        keys.save(key, folder / f"{role}.key", passphrase)
        if role == "desk":
            workspace.store.set_meta("certified", "")
            workspace.store.set_meta(CERTIFICATE_ENDS, "")
            write_file(
                folder / "desk.pem", bundle([certificates.make_provisional(key, unit.code, unit.name)])
            )
        else:
            # The former certificate is for the former key; there is none until the city has granted one.
            (folder / "ca.pem").unlink(missing_ok=True)
            workspace.store.set_meta("ca_key", certificates.key_fingerprint(key.public_key()))
    workspace.unlock(passphrase)


def set_aside(folder: Path, role: str) -> None:
    number = 1
    while (folder / f"old-{number}-{role}.key").exists():
        number += 1
    # Copied and not moved: the new key takes the old one's place in one step, and a crash leaves one of them.
    for ending in ("key", "pem"):
        if (folder / f"{role}.{ending}").exists():
            content = read_file(folder / f"{role}.{ending}")
            keys.write_private(folder / f"old-{number}-{role}.{ending}", content)


def keep_former(path: Path, leaf: bytes) -> None:
    """Keep a certificate that another one is about to take the place of: files were encrypted for it."""
    former = split_pem(read_file(path)) if path.exists() else []
    if former and former[0] != leaf:
        name = f"former-{certificates.info(former[0]).fingerprint[:16]}.pem"
        write_file(path.with_name(name), bundle(former))


def no_key() -> TrustError:
    return TrustError(
        _("本机还没有密钥，不能签名。"),
        next_step=_("请先新建密钥（命令行：taizhang key new）；在窗口里加入单位时会自动生成。"),
    )


def is_here(workspace: Workspace, name: str) -> bool:
    """Whether there is such a file among the keys.  StorageError where the disk has gone from under the workspace:
    nobody is to be told then to make a new key."""
    found = (workspace.keys_folder / name).exists()
    if not found and not workspace.root.exists():
        raise disk_error(FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT)), workspace.root)
    return found


def load_signer(workspace: Workspace, passphrase: str) -> Signer:
    """The opened desk key with its chain.  WrongPassphrase, or TrustError where there is no key."""
    path = workspace.keys_folder / "desk.key"
    if not is_here(workspace, "desk.key"):
        raise no_key()
    return Signer(keys.load(path, passphrase), split_pem(read_file(workspace.keys_folder / "desk.pem")))


def private_key(workspace: Workspace) -> PrivateKey:
    """The opened private key, to read what is sealed."""
    return workspace.signer().private_key


def desk_chain(workspace: Workspace) -> list[bytes]:
    path = workspace.keys_folder / "desk.pem"
    return split_pem(read_file(path)) if is_here(workspace, "desk.pem") else []


def sealing_recipients(workspace: Workspace) -> list[bytes]:
    """Certificates for which personal data is encrypted at rest: this desk, and the unit above for recovery."""
    own = desk_chain(workspace)
    if not own:
        raise TrustError(
            _("要保存个人信息，得先有密钥（用来加密）。"),
            meaning=_("没有保存。"),
            next_step=_("请先新建密钥（命令行：taizhang key new）；在窗口里加入单位时会自动生成。"),
        )
    upper = workspace.store.meta("upper_certificate")
    return [own[0], *([upper.encode()] if upper else [])]


def key_of(certificate: bytes) -> str:
    """The fingerprint of the key in a certificate."""
    return certificates.key_fingerprint(certificates.allowed_key(certificates.load(certificate)))


def report(workspace: Workspace) -> KeyReport:
    own = desk_chain(workspace)
    pinned = roots(workspace)
    root = certificates.info(pinned[0]) if pinned else None
    leaf = certificates.info(own[0]) if own else None
    ca_pem = workspace.keys_folder / "ca.pem"
    # Before the grant there is only the encrypted key, whose fingerprint was noted when it was made.
    ca_key = key_of(split_pem(read_file(ca_pem))[0]) if ca_pem.exists() else workspace.store.meta("ca_key")
    return KeyReport(
        unit=workspace.unit_code,
        name=workspace.unit.name,
        state="none"
        if leaf is None
        else ("requested" if leaf.self_signed and len(own) == 1 else "certified"),
        fingerprint=leaf.fingerprint if leaf else "",
        spoken=leaf.spoken if leaf else "",
        key_spoken=spoken(key_of(own[0])) if own else "",
        ca_spoken=spoken(ca_key) if ca_key else "",
        not_after=leaf.not_after if leaf else "",
        issuer=certificates.info(own[1]).name if len(own) > 1 else "",
        ca=ca_pem.exists(),
        root=root.fingerprint if root else "",
        root_spoken=spoken(root.fingerprint) if root else "",
    )


# -- the city's root -----------------------------------------------------------------------------------------------


def make_root(workspace: Workspace, passphrase: str, kind: KeyKind = "rsa-3072") -> None:
    """The city's own root, its desk key, and the root pinned."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise InputError(_("口令太短。"), next_step=_("请换一个长一些、记得住的口令。"))
    folder, unit = workspace.keys_folder, workspace.unit
    ca_key, desk_key = keys.generate(kind), keys.generate(kind)
    root = certificates.make_root(ca_key, unit.code, unit.name)
    request = certificates.make_request(desk_key, "desk", unit.code, unit.name)
    leaf = certificates.certify(request, ca_key, root, "desk", unit.code, unit.name)
    keys.save(ca_key, folder / "ca.key", passphrase)
    keys.save(desk_key, folder / "desk.key", passphrase)
    write_file(folder / "ca.pem", bundle([root]))
    write_file(folder / "desk.pem", bundle([leaf, root]))
    pin_root(workspace, root)
    workspace.store.set_meta("certified", "yes")
    workspace.store.set_meta(CERTIFICATE_ENDS, certificates.info(leaf).not_after[:10])
    workspace.unlock(passphrase)


# -- asking and putting in -------------------------------------------------------------------------------------------


def request(workspace: Workspace, passphrase: str) -> bytes:
    """Requests for this desk's certificates (PEM): the desk's, and for a county its CA's."""
    folder, unit = workspace.keys_folder, workspace.unit
    if not is_here(workspace, "desk.key"):
        raise no_key()
    made = certificates.make_request(keys.load(folder / "desk.key", passphrase), "desk", unit.code, unit.name)
    if (folder / "ca.key").exists():
        made += certificates.make_request(
            keys.load(folder / "ca.key", passphrase), "ca", unit.code, unit.name
        )
    return made


def travelling_request(workspace: Workspace) -> str:
    """The desk's request (PEM), to travel in its packages until it has a certificate, and again once that has ended;
    "" otherwise."""
    signer = workspace.signer()
    ended = datetime.fromisoformat(signer.certificate.not_after) < datetime.now(UTC)
    if signer.certified and not ended:
        return ""
    unit = workspace.unit
    return certificates.make_request(signer.private_key, "desk", unit.code, unit.name).decode()


def install(workspace: Workspace, data: bytes, passphrase: str) -> None:
    """Put granted certificates in.  TrustError when they are for another unit or key, or lead to another root."""
    ders = split_pem(data)
    if not ders:
        raise InputError(_("这个文件里没有证书。"), next_step=_("请选择上级发回的证书文件（.pem）。"))
    folder = workspace.keys_folder
    pinned = roots(workspace)
    chains: list[list[bytes]] = []
    for der in ders:
        if not chains or certificates.info(chains[-1][-1]).self_signed:
            chains.append([])
        chains[-1].append(der)
    for ordered in chains:
        role = "ca" if certificates.info(ordered[0]).role == "ca" else "desk"
        checked = chain.check(ordered, pinned, role=role)
        leaf = checked.leaf
        if leaf.code != workspace.unit_code:
            raise TrustError(
                _("这份证书是发给{name}的，不是本单位的。").format(name=leaf.name),
                next_step=_("请核对文件。"),
            )
        if not checked.trusted:
            raise TrustError(
                _("这份证书不是本市签发的。"), next_step=_("请向上级核对，不要安装来历不明的证书。")
            )
        if not (folder / f"{role}.key").exists():
            raise no_key()
        if role == "desk":
            Signer(keys.load(folder / "desk.key", passphrase), ordered)
        elif (
            certificates.load(ordered[0]).public_key()
            != keys.load(folder / "ca.key", passphrase).public_key()
        ):
            raise TrustError(_("密钥和证书不是一对。"), next_step=_("请重新申请证书。"))
        keep_former(folder / f"{role}.pem", ordered[0])
        write_file(folder / f"{role}.pem", bundle(ordered))
        if role == "desk":
            workspace.store.set_meta("certified", "yes")
            workspace.store.set_meta(CERTIFICATE_ENDS, min(info.not_after for info in checked.infos)[:10])
    workspace.unlock(passphrase)


def change_passphrase(workspace: Workspace, old: str, new: str) -> None:
    """Another passphrase for every key of this desk."""
    if len(new) < SHORTEST_PASSPHRASE:
        raise InputError(_("口令太短。"), next_step=_("请换一个长一些、记得住的口令。"))
    paths = sorted(workspace.keys_folder.glob("*.key"))
    if not paths:
        raise no_key()
    for path in paths:
        keys.load(path, old)
    for path in paths:
        keys.change_passphrase(path, old, new)
    workspace.unlock(new)


def hand_over(workspace: Workspace, operator: str, old: str, new: str) -> None:
    """交接: the successor's name and passphrase; the unit, its data and its key stay."""
    if not operator.strip():
        raise InputError(_("请写接任经办人的姓名。"), next_step=_("以后每条记录上都会有这个名字。"))
    change_passphrase(workspace, old, new)
    workspace.store.set_meta("operator", operator.strip())


def back_up_root(workspace: Workspace, target: Path) -> None:
    """Copy the key that signs certificates (still encrypted with its passphrase) and its chain to a safe place."""
    folder = workspace.keys_folder
    if not (folder / "ca.key").exists():
        raise TrustError(_("本单位没有签发证书用的密钥。"), next_step=_("只有市级和县（区）级才有。"))
    for name in ("ca.key", "ca.pem"):
        if (target / name).exists():
            raise InputError(
                _("“{path}”里已经有一份。").format(path=target), next_step=_("请换一个空文件夹。")
            )
        write_file(target / name, read_file(folder / name))


def restore_root(workspace: Workspace, source: Path, passphrase: str) -> None:
    """Put a backed-up signing key back; it must be this unit's and open with the passphrase."""
    chain_of = split_pem(read_file(source / "ca.pem"))
    key = keys.load(source / "ca.key", passphrase)
    said = certificates.info(chain_of[0])
    if said.code != workspace.unit_code or certificates.load(chain_of[0]).public_key() != key.public_key():
        raise TrustError(_("这份备份不是本单位的。"), next_step=_("请核对文件夹。"))
    folder = workspace.keys_folder
    if (folder / "ca.key").exists():
        set_aside(folder, "ca")
    for name in ("ca.key", "ca.pem"):
        write_file(folder / name, read_file(source / name))
