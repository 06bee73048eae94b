"""Changing the city's root: announced under the old one, used only when everybody has learned of it.

1. `announce` makes the new root and says so in an entry; packages are still signed under the old root, and carry the
   entry down with setup packages and replies.  Every desk that merges it pins the new root beside the old one.
2. `switch` puts the city's own desk under the new root and certifies with it from then on; counties then renew
   theirs with `key request` and `key certify`, and so on down.  What was signed under the old root stays valid.
"""

from __future__ import annotations

from desktop_app.core.errors import InputError, TrustError
from desktop_app.core.i18n import _
from desktop_app.core.model.bodies import RootBody
from desktop_app.core.model.entry import Changes
from desktop_app.core.operations import keyring
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.store.store import Said
from desktop_app.core.trust import certificates, keys
from desktop_app.core.trust.fingerprint import same_fingerprint
from desktop_app.core.trust.keys import KeyKind

NEXT = "next-ca"


def announce(workspace: Workspace, passphrase: str, kind: KeyKind = "rsa-3072", reason: str = "") -> Changes:
    """Make the next root and tell everybody below; nothing is signed with it yet."""
    _only_city(workspace)
    folder, unit = workspace.keys_folder, workspace.unit
    if (folder / f"{NEXT}.key").exists():
        raise InputError(
            _("已经宣布过新的根证书，还没有启用。"), next_step=_("请先把回复包发到各单位，再启用。")
        )
    keys.load(folder / "ca.key", passphrase)
    key = keys.generate(kind)
    root = certificates.make_root(key, unit.code, unit.name)
    keys.save(key, folder / f"{NEXT}.key", passphrase)
    keyring.write_file(folder / f"{NEXT}.pem", keyring.bundle([root]))
    keyring.pin_root(workspace, root)
    fingerprint = certificates.info(root).fingerprint
    return workspace.store.say(
        [
            Said(
                kind="root",
                subject=f"root/{workspace.unit_code}/{fingerprint}",
                body=RootBody(certificate=certificates.to_pem(root).decode(), reason=reason),
                operator=workspace.operator,
            )
        ]
    )[0]


def switch(workspace: Workspace, passphrase: str) -> None:
    """Use the announced root: the city's desk gets a certificate under it, and so does everybody certified from now
    on.  The former key is kept aside."""
    _only_city(workspace)
    folder, unit = workspace.keys_folder, workspace.unit
    if not (folder / f"{NEXT}.key").exists():
        raise InputError(_("还没有宣布新的根证书。"), next_step=_("请先宣布，并把回复包发到各单位。"))
    key = keys.load(folder / f"{NEXT}.key", passphrase)
    (root,) = keyring.split_pem(keyring.read_file(folder / f"{NEXT}.pem"))
    desk = keys.load(folder / "desk.key", passphrase)
    request = certificates.make_request(desk, "desk", unit.code, unit.name)
    leaf = certificates.certify(request, key, root, "desk", unit.code, unit.name)
    keyring.set_aside(folder, "ca")
    for ending in ("key", "pem"):
        (folder / f"{NEXT}.{ending}").replace(folder / f"ca.{ending}")
    keyring.write_file(folder / "desk.pem", keyring.bundle([leaf, root]))
    workspace.unlock(passphrase)


def _only_city(workspace: Workspace) -> None:
    if workspace.unit_code != workspace.store.city:
        raise TrustError(_("根证书只由市级更换。"), next_step=_("请与市级牵头单位联系。"))


def pin_learned(workspace: Workspace) -> None:
    """Pin the roots that the city has announced, by entries that count."""
    pinned = {certificates.info(root).fingerprint for root in keyring.roots(workspace)}
    for head in workspace.store.ledger.heads("root", workspace.store.city):
        if head.subject.rsplit("/", 1)[1] not in pinned:
            keyring.pin_root(workspace, head.body.certificate.encode())


def pin(workspace: Workspace, root: bytes, fingerprint: str) -> None:
    """Trust another root on this desk (a licensed provider's, for instance), once its fingerprint was compared."""
    der = certificates.to_der(root)
    if not same_fingerprint(fingerprint, der):
        raise TrustError(_("指纹对不上，没有加入。"), next_step=_("请与发证单位核对指纹。"))
    keyring.pin_root(workspace, der)
