"""key: the unit's keys and certificates."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from desktop_app.cli.common import Line, passphrase_for
from desktop_app.core.i18n import _
from desktop_app.core.lazy import later

if TYPE_CHECKING:
    from desktop_app.core.operations import reading
else:
    later(globals(), "desktop_app.core.operations", "reading")

FILE = click.Path(path_type=Path)


@click.group()
def key() -> None:
    """密钥与证书（用于防篡改和来源核对，不替代公章和电子签章）。"""


@key.command("new")
@click.option("--algorithm", type=click.Choice(["rsa-3072", "p256"]), default="rsa-3072", show_default=True)
@click.pass_obj
def key_new(line: Line, algorithm: str) -> None:
    """新建本单位的密钥，用口令加密保存在本机。"""
    from desktop_app.core.operations import keyring

    workspace = line.workspace()
    keyring.new_key(workspace, passphrase_for(line, confirm=True), algorithm)  # type: ignore[arg-type]
    _show(line)


@key.command("request")
@click.argument("out", type=FILE)
@click.pass_obj
def key_request(line: Line, out: Path) -> None:
    """做一份证书申请，交给上级。"""
    from desktop_app.core.operations import keyring

    keyring.write_file(out, keyring.request(line.workspace(), passphrase_for(line)))
    line.tell(_("申请已写到 {path}。把它交给上级；电话核对下面的指纹。").format(path=out))
    _show(line)


@key.command("certify")
@click.argument("request", type=FILE)
@click.argument("out", type=FILE)
@click.option("--unit", default=None, help="发给哪个单位（默认按申请）")
@click.option(
    "--fingerprint",
    "fingerprints",
    multiple=True,
    help="盖章申请表上的密钥指纹，对不上就不签发；有两把密钥就写两次",
)
@click.pass_obj
def key_certify(
    line: Line, request: Path, out: Path, unit: str | None, fingerprints: tuple[str, ...]
) -> None:
    """给下级单位签发证书；REQUEST 是申请文件，或它导出的第一份上报包。"""
    from desktop_app.core.errors import TrustError
    from desktop_app.core.operations import granting, keyring
    from desktop_app.core.trust.fingerprint import same_fingerprint

    workspace = line.workspace()
    asked = granting.request_of(request)
    for info in granting.asked_by(asked):
        line.tell(
            _("{name}（{code}）申请{role}证书，密钥指纹 {text}").format(
                name=workspace.organisation.name(info.code),
                code=info.code,
                role=_role(info.role),
                text=info.spoken,
            )
        )
        # Each key has to be on the paper: whoever could slip in one that signs certificates could be anyone.
        if fingerprints and not any(same_fingerprint(said, info.fingerprint) for said in fingerprints):
            raise TrustError(
                _("{name}的{role}密钥指纹与盖章申请表上的不一致，没有签发。").format(
                    name=workspace.organisation.name(info.code), role=_role(info.role)
                ),
                next_step=_("请与申请单位核对；申请里有两把密钥时，两个指纹都要写上。"),
            )
    granted = granting.certify(workspace, asked, passphrase_for(line), unit)
    keyring.write_file(out, granted)
    line.tell(_("证书已写到 {path}，请交回申请单位；它装上后再导出一次即可，不用重填。").format(path=out))


@key.command("install")
@click.argument("file", type=FILE)
@click.pass_obj
def key_install(line: Line, file: Path) -> None:
    """装上上级签发的证书。"""
    from desktop_app.core.operations import keyring

    keyring.install(line.workspace(), keyring.read_file(file), passphrase_for(line))
    line.tell(_("证书已装好。"))
    _show(line)


@key.command("revoke")
@click.argument("unit")
@click.option(
    "--why", type=click.Choice(["lost", "compromised", "replaced"]), required=True, help="遗失、被盗用或更换"
)
@click.option("--reason", default="", help="说明")
@click.option(
    "--certificate", default="", help="只吊销这一份（证书指纹的开头，十六进制）；不写就吊销该单位全部"
)
@click.pass_obj
def key_revoke(line: Line, unit: str, why: str, reason: str, certificate: str) -> None:
    """吊销下级单位的证书。"""
    from desktop_app.core.operations import granting

    changes = granting.revoke(line.workspace(), unit, why, reason, certificate)  # type: ignore[arg-type]
    line.tell(_("已吊销 {count} 份证书；下次回执会带给下级。").format(count=changes.entries))


@key.command("show")
@click.pass_obj
def key_show(line: Line) -> None:
    """本单位的密钥、证书和市级根证书指纹。"""
    _show(line)


@key.command("passphrase")
@click.option("--new", "new", default=None, help="新口令（不写就会问）")
@click.pass_obj
def key_passphrase(line: Line, new: str | None) -> None:
    """换口令。"""
    from desktop_app.core.operations import keyring

    keyring.change_passphrase(line.workspace(), passphrase_for(line), new_passphrase(new))
    line.tell(_("口令已换。"))


@key.command("hand-over")
@click.option("--operator", required=True, help="接任经办人")
@click.option("--new", "new", default=None, help="新口令（不写就会问）")
@click.pass_obj
def key_hand_over(line: Line, operator: str, new: str | None) -> None:
    """交接：换经办人和口令，单位、数据和密钥不变。"""
    from desktop_app.core.operations import keyring

    keyring.hand_over(line.workspace(), operator, passphrase_for(line), new_passphrase(new))
    line.tell(_("已交接给{name}。").format(name=operator))


@key.command("backup")
@click.argument("folder", type=FILE)
@click.pass_obj
def key_backup(line: Line, folder: Path) -> None:
    """备份签发证书用的密钥（仍由口令加密），请锁进保险柜。"""
    from desktop_app.core.operations import keyring

    keyring.back_up_root(line.workspace(), folder)
    line.tell(_("已备份到 {path}。").format(path=folder))


@key.command("restore")
@click.argument("folder", type=FILE)
@click.pass_obj
def key_restore(line: Line, folder: Path) -> None:
    """把备份的签发密钥放回来。"""
    from desktop_app.core.operations import keyring

    keyring.restore_root(line.workspace(), folder, passphrase_for(line))
    line.tell(_("已恢复。"))


def _role(role: str) -> str:
    return _("签发") if role == "ca" else _("签名")


@key.command("new-root")
@click.option("--announce", "step", flag_value="announce", help="第一步：做新的根证书，随回复包告诉各单位")
@click.option("--switch", "step", flag_value="switch", help="第二步：各单位都收到后启用")
@click.option("--algorithm", type=click.Choice(["rsa-3072", "p256"]), default="rsa-3072", show_default=True)
@click.option("--reason", default="", help="原因")
@click.pass_obj
def key_new_root(line: Line, step: str | None, algorithm: str, reason: str) -> None:
    """更换市级根证书，分两步。"""
    from desktop_app.core.errors import UsageError
    from desktop_app.core.operations import rooting

    if step == "announce":
        rooting.announce(line.workspace(), passphrase_for(line), algorithm, reason)  # type: ignore[arg-type]
        line.tell(_("新的根证书已做好。请给各单位发回复包，等都汇入后再启用。"))
    elif step == "switch":
        rooting.switch(line.workspace(), passphrase_for(line))
        line.tell(_("已启用。请各县（区）重新申请证书。"))
    else:
        raise UsageError(_("请写明是哪一步。"), next_step=_("先 --announce，再 --switch。"))


@key.command("pin")
@click.argument("root", type=FILE)
@click.option("--fingerprint", required=True, help="核对过的指纹")
@click.pass_obj
def key_pin(line: Line, root: Path, fingerprint: str) -> None:
    """在本机信任另一个根证书（例如有资质的机构签发的）。"""
    from desktop_app.core.operations import keyring, rooting

    rooting.pin(line.workspace(), keyring.read_file(root), fingerprint)
    line.tell(_("已加入。"))


def new_passphrase(given: str | None) -> str:
    return given or str(click.prompt(_("新口令"), hide_input=True, confirmation_prompt=True))


def _show(line: Line) -> None:
    from desktop_app.core.operations import keyring

    found = keyring.report(line.workspace(writing=False))
    states = {"none": _("没有密钥"), "requested": _("有密钥，等证书"), "certified": _("证书有效")}
    line.report(
        reading.json_ready(found),
        lambda: [
            f"{_('{name}（{code}）').format(name=found.name, code=found.unit)}  {states[found.state]}",
            *([_("密钥指纹 {text}").format(text=found.key_spoken)] if found.key_spoken else []),
            *([_("签发密钥指纹 {text}").format(text=found.ca_spoken)] if found.ca_spoken else []),
            *([_("证书指纹 {text}").format(text=found.spoken)] if found.state == "certified" else []),
            *(
                [_("签发单位 {name}，有效至 {day}").format(name=found.issuer, day=found.not_after[:10])]
                if found.issuer
                else []
            ),
            *([_("市级根证书指纹 {text}").format(text=found.root_spoken)] if found.root_spoken else []),
            _("证书用于防篡改和来源核对，不替代公章和电子签章。"),
        ],
    )


def add_to(group: click.Group) -> None:
    group.add_command(key)
