"""A forwarded submission: a unit's own sig1.xml, payload and journals, byte for byte, inside the package of the unit
above.  So the city checks each unit's own signature and not only the county's word."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from desktop_app.core.i18n import _
from desktop_app.core.package import signature
from desktop_app.core.package.entries import check_entries
from desktop_app.core.package.faults import changed, invalid
from desktop_app.core.package.manifest import FORMAT, Manifest, SubmissionPart
from desktop_app.core.package.opc import PAYLOAD, SUBMISSIONS, type_of
from desktop_app.core.package.opened import (
    ForwardedSubmission,
    Journal,
    OpenedPackage,
    SignerInfo,
    State,
)
from desktop_app.core.package.signature import CheckedSignature

MOST_DECODED = 8 * 1024 * 1024
"""Bytes of a journal whose decoded bodies are kept beside it; those of a larger one are decoded when asked for."""

_TOP = "taizhang/"
_FILE_SIGNATURE = "sig1.xml"

_plain: msgspec.json.Decoder[Any] = msgspec.json.Decoder()
_manifest = msgspec.json.Decoder(Manifest)
_encoder = msgspec.json.Encoder(order="sorted")


class Forwarded(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept and carried of a submission.  `journals` by their original part names (taizhang/journal/…)."""

    sig1: bytes
    payload: bytes
    journals: dict[str, bytes]

    @property
    def container(self) -> str:
        """The container digest: SHA-256 (hex) of sig1.xml."""
        return hashlib.sha256(self.sig1).hexdigest()


def from_opened(package: OpenedPackage | ForwardedSubmission) -> Forwarded:
    """What to keep of a package, or of a submission it carried, in order to forward it later."""
    return Forwarded(
        sig1=package.sig1,
        payload=package.payload,
        journals={journal.part: journal.data for journal in package.journals},
    )


def parts(item: Forwarded) -> dict[str, bytes]:
    """The parts a submission becomes in the carrying package, by part name."""
    base = f"{SUBMISSIONS}{item.container}/"
    found = {base + _FILE_SIGNATURE: item.sig1, base + PAYLOAD.removeprefix(_TOP): item.payload}
    for name, data in item.journals.items():
        found[base + name.removeprefix(_TOP)] = data
    return found


def listing(item: Forwarded) -> SubmissionPart:
    """The line of the carrying package's manifest.  The submission must have been verified before."""
    manifest = _manifest.decode(item.payload)
    return SubmissionPart(
        id=item.container, unit=manifest.unit, period=manifest.period, sequence=manifest.sequence
    )


def collect(carried: Mapping[str, bytes]) -> list[Forwarded]:
    """The submissions among a package's parts under taizhang/submissions/, in order of their ids."""
    grouped: dict[str, dict[str, bytes]] = {}
    for part, data in carried.items():
        ident, _slash, name = part.removeprefix(SUBMISSIONS).partition("/")
        grouped.setdefault(ident, {})[name] = data
    found = []
    for ident, named in sorted(grouped.items()):
        sig1, payload = named.pop(_FILE_SIGNATURE, None), named.pop(PAYLOAD.removeprefix(_TOP), None)
        if sig1 is None or payload is None or hashlib.sha256(sig1).hexdigest() != ident:
            raise invalid(3, _("转报的下级原始数据不完整或被改动。"), ident)
        journals = {_TOP + name: data for name, data in named.items()}
        found.append(Forwarded(sig1=sig1, payload=payload, journals=journals))
    return found


def read_manifest(payload: bytes, part: str = PAYLOAD) -> Manifest:
    """The manifest in a payload's bytes.  Duplicate keys are refused: the bytes must be canonical JSON."""
    try:
        if _encoder.encode(_plain.decode(payload)) != payload:
            raise ValueError("not canonical")
        version = msgspec.json.decode(payload, type=_Version).format
        if version > FORMAT:
            raise invalid(
                0,
                _("这个文件是用更新版本的软件导出的，本机版本打不开。"),
                f"{part}: format {version}",
                next_step=_("请把本机软件升级到最新版本后再打开。"),
            )
        return _manifest.decode(payload)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise invalid(3, _("上报数据的清单格式不对。"), f"{part}: {error}"[:300]) from error


class _Version(msgspec.Struct, frozen=True):
    format: int


def check_unit(manifest: Manifest, checked: CheckedSignature, part: str = PAYLOAD) -> None:
    """Rule 7: the unit that a package says it is from is the one named in the signer's certificate."""
    if manifest.unit != checked.chain.leaf.code:
        raise invalid(
            7,
            _("文件写明的单位与签名证书上的单位不一致。"),
            f"{part}: {manifest.unit} signed by {checked.chain.leaf.code}",
        )


def signer_info(checked: CheckedSignature) -> SignerInfo:
    infos = checked.chain.infos
    return SignerInfo(
        unit=infos[0].code,
        name=infos[0].name,
        fingerprint=infos[0].fingerprint,
        issuer=infos[1].code if len(infos) > 1 else "",
        issuer_name=infos[1].name if len(infos) > 1 else "",
        root=infos[-1].fingerprint,
        chain=checked.chain.ders,
        infos=infos,
        trusted=checked.chain.trusted,
        certified=len(infos) > 1,
        signed_at=checked.signed_at,
    )


def check_journals(manifest: Manifest, journals: Mapping[str, bytes], where: str) -> tuple[Journal, ...]:
    """Rule 10, and that the journals are those the manifest names, no more and no fewer."""
    if [listed.part for listed in manifest.journals] != sorted(journals):
        what = _("转报的下级原始数据不完整或被改动。") if where else _("上报数据不完整。")
        raise invalid(3, what, f"{where}: journals")
    found = []
    for listed in manifest.journals:
        data = journals[listed.part]
        bodies: dict[bytes, Any] = {}
        entries = check_entries(f"{where}{listed.part}", data, bodies if len(data) < MOST_DECODED else None)
        same = (listed.sha256, listed.size, listed.entries) == (
            hashlib.sha256(data).hexdigest(),
            len(data),
            len(entries),
        )
        if not same:
            what = _("转报的下级原始数据与清单对不上。") if where else _("上报数据与清单对不上。")
            raise invalid(3, what, f"{where}{listed.part}")
        found.append(Journal(part=listed.part, data=data, entries=tuple(entries), bodies=bodies))
    return tuple(found)


def verify(item: Forwarded, roots: Sequence[bytes]) -> ForwardedSubmission:
    """Check a submission without the rest of its package: signature, chain, and every part that is carried.

    Evidence and personal parts may be absent, and nothing is claimed about sheets.  Raises VerificationError.
    """
    where = f"{SUBMISSIONS}{item.container}/"
    checked = signature.check(item.sig1, roots, where + _FILE_SIGNATURE)
    for name, data in {PAYLOAD: item.payload, **item.journals}.items():
        reference = checked.references.get(name)
        if reference is None or reference.ids is not None:
            raise invalid(3, _("转报的下级原始数据里夹带了签名以外的内容。"), where + name)
        if reference.content_type != type_of(name):
            raise invalid(2, _("文件里有一部分的类型不对。"), where + name)
        if reference.digest != hashlib.sha256(data).digest():
            raise changed(where + name)
    manifest = read_manifest(item.payload, where + PAYLOAD)
    check_unit(manifest, checked, where)
    journals = check_journals(manifest, item.journals, where)
    state: State = "valid_with_notes" if checked.notes else "valid"
    return ForwardedSubmission(
        container=checked.container,
        state=state if checked.chain.trusted else "unknown_signer",
        notes=checked.notes,
        manifest=manifest,
        signer=signer_info(checked),
        sig1=item.sig1,
        payload=item.payload,
        journals=journals,
    )
