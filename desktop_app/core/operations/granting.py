"""Certificates for the units below: reading their requests, granting, revoking."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from desktop_app.core.errors import InputError, TrustError
from desktop_app.core.i18n import _
from desktop_app.core.model.bodies import RevocationBody
from desktop_app.core.model.entry import Changes
from desktop_app.core.operations.keyring import bundle, key_of, read_file, split_pem
from desktop_app.core.store.store import Said
from desktop_app.core.trust import certificates, keys

if TYPE_CHECKING:
    from desktop_app.core.operations.workspace import Workspace


def request_of(path: Path) -> bytes:
    """The requests in a file: a request file, or a package of a unit that has no certificate yet.

    A package's request must be for the very key that signed it.
    """
    data = read_file(path)
    if not data.startswith(b"PK"):
        return data
    from desktop_app.core.package.verify import open_package

    with open_package(path, []) as package:
        asked = package.manifest.request.encode()
        if not asked:
            raise InputError(
                _("这个文件里没有证书申请。"),
                next_step=_("对方可能已经有证书；否则请它重新导出或单独做一份申请。"),
            )
        if certificates.read_request(asked).fingerprint != key_of(package.signer.chain[0]):
            raise TrustError(
                _("文件里的申请和签名用的不是同一把密钥。"), next_step=_("请不要签发，向对方核对文件来历。")
            )
    return asked


def asked_by(data: bytes) -> list[certificates.RequestInfo]:
    """Who asks, with the fingerprint to compare with the stamped paper."""
    return [certificates.read_request(part) for part in split_requests(data)]


REQUEST_END = b"-----END CERTIFICATE REQUEST-----"


def split_requests(data: bytes) -> list[bytes]:
    parts = [
        part.lstrip() + REQUEST_END + b"\n"
        for part in data.replace(b"\r\n", b"\n").split(REQUEST_END)
        if b"-----BEGIN CERTIFICATE REQUEST-----" in part
    ]
    if not parts:
        raise InputError(
            _("这个文件不是证书申请。"),
            next_step=_("请对方重新做一份证书申请（命令行：taizhang key request）。"),
        )
    return parts


def certify(workspace: Workspace, data: bytes, passphrase: str, code: str | None = None) -> bytes:
    """Grant the certificates a unit below asks for (PEM bundle: each leaf followed by its chain).

    The name and code are taken from the organisation, not from the request.  TrustError when this desk cannot
    certify, or the unit is not below it.
    """
    folder = workspace.keys_folder
    if not (folder / "ca.key").exists() or not (folder / "ca.pem").exists():
        raise TrustError(
            _("本单位不能签发证书。"),
            next_step=_("由县（区）或市级民生办签发；县级要先装好市级给的证书。"),
        )
    ca_key = keys.load(folder / "ca.key", passphrase)
    ca_chain = split_pem(read_file(folder / "ca.pem"))
    granted = b""
    for part in split_requests(data):
        asked = certificates.read_request(part)
        unit = workspace.known_unit(code or asked.code)
        if not workspace.organisation.is_above(workspace.unit_code, unit.code):
            raise TrustError(
                _("{name}不是本单位的下级，不能给它发证书。").format(name=unit.name),
                next_step=_("请它向自己的上级申请。"),
            )
        role: Literal["desk", "ca"] = "ca" if asked.role == "ca" else "desk"
        if role == "ca" and (workspace.unit_code != workspace.store.city or unit.level != "county"):
            raise TrustError(
                _("签发证书的资格只由市级给县（区）。"), next_step=_("请让乡镇和部门只申请签名证书。")
            )
        leaf = certificates.certify(part, ca_key, ca_chain[0], role, unit.code, unit.name)
        granted += bundle([leaf, *ca_chain])
        note_granted(workspace, unit.code, certificates.info(leaf).fingerprint)
    return granted


def granted_to(workspace: Workspace, unit_code: str) -> set[str]:
    """Fingerprints of the certificates this desk has granted a unit, used or not."""
    return set(msgspec.json.decode(workspace.store.meta(f"granted/{unit_code}", "[]"), type=list[str]))


def note_granted(workspace: Workspace, unit_code: str, fingerprint: str) -> None:
    # A certificate that was never used here yet may be the one that was stolen.
    known = sorted({*granted_to(workspace, unit_code), fingerprint})
    workspace.store.set_meta(f"granted/{unit_code}", msgspec.json.encode(known).decode())


def revoke(
    workspace: Workspace,
    unit_code: str,
    why: Literal["lost", "compromised", "replaced"],
    reason: str = "",
    certificate: str = "",
) -> Changes:
    """Revoke every certificate of a unit below that this desk has granted or seen; with `certificate` only the one
    whose fingerprint (in hex) begins so: an office whose second computer is stolen goes on with the first."""
    unit = workspace.known_unit(unit_code)
    if not workspace.organisation.is_above(workspace.unit_code, unit.code):
        raise TrustError(
            _("{name}不是本单位的下级，不能吊销它的证书。").format(name=unit.name),
            next_step=_("请它的上级来办。"),
        )
    arrived = {row["certificate"] for row in workspace.store.ledger.containers(unit=unit.code)} - {""}
    seen = {
        item for item in arrived | granted_to(workspace, unit.code) if item.startswith(certificate.lower())
    }
    if not seen:
        raise InputError(
            _("没有给{name}签发过证书，也没有收到过它签名的文件，没有证书可吊销。").format(name=unit.name),
            next_step=_("请核对单位代码和证书指纹。"),
        )
    return workspace.store.say(
        [
            Said(
                kind="revocation",
                subject=f"revocation/{workspace.unit_code}/{revoked}",
                body=RevocationBody(
                    certificate=revoked, why=why, date=workspace.store.clock()[:10], reason=reason
                ),
                operator=workspace.operator,
            )
            for revoked in sorted(seen)
        ]
    )[0]
