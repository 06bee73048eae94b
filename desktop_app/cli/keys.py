"""key: the unit's keys and certificates."""

from __future__ import annotations

from pathlib import Path

import click

from desktop_app.cli.common import Line, passphrase_for
from desktop_app.core.i18n import _
from desktop_app.core.operations import reading

FILE = click.Path(path_type=Path)


@click.group()
def key() -> None:
    """密钥与证书(用于防篡改和来源核对,不替代公章和电子签章)。"""


@key.command("new")
@click.option("--algorithm", type=click.Choice(["rsa-3072", "p256"]), default="rsa-3072", show_default=True)
@click.pass_obj
def key_new(line: Line, algorithm: str) -> None:
    """新建本单位的密钥,用口令加密保存在本机。"""
    from desktop_app.core.operations import keyring

    workspace = line.workspace()
    keyring.new_key(workspace, passphrase_for(line, confirm=True), algorithm)  # type: ignore[arg-type]
    _show(line)


@key.command("request")
@click.argument("out", type=FILE)
@click.pass_obj
def key_request(line: Line, out: Path) -> None:
    """做一份证书申请,交给上级。"""
    from desktop_app.core.operations import keyring

    keyring.write_file(out, keyring.request(line.workspace(), passphrase_for(line)))
    line.tell(_("申请已写到 {path}。把它交给上级;电话核对下面的指纹。").format(path=out))
    _show(line)


@key.command("certify")
@click.argument("request", type=FILE)
@click.argument("out", type=FILE)
@click.option("--unit", default=None, help="发给哪个单位(默认按申请)")
@click.pass_obj
def key_certify(line: Line, request: Path, out: Path, unit: str | None) -> None:
    """给下级单位签发证书。"""
    from desktop_app.core.operations import keyring

    granted = keyring.certify(line.workspace(), keyring.read_file(request), passphrase_for(line), unit)
    keyring.write_file(out, granted)
    line.tell(_("证书已写到 {path},请交回申请单位。").format(path=out))


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
@click.pass_obj
def key_revoke(line: Line, unit: str, why: str, reason: str) -> None:
    """吊销下级单位的证书。"""
    from desktop_app.core.operations import keyring

    changes = keyring.revoke(line.workspace(), unit, why, reason)  # type: ignore[arg-type]
    line.tell(_("已吊销 {count} 份证书;下次回执会带给下级。").format(count=changes.entries))


@key.command("show")
@click.pass_obj
def key_show(line: Line) -> None:
    """本单位的密钥、证书和市级根证书指纹。"""
    _show(line)


def _show(line: Line) -> None:
    from desktop_app.core.operations import keyring

    found = keyring.report(line.workspace(writing=False))
    states = {"none": _("没有密钥"), "requested": _("有密钥,等证书"), "certified": _("证书有效")}
    line.report(
        reading.json_ready(found),
        lambda: [
            f"{found.name} ({found.unit})  {states[found.state]}",
            *([_("证书指纹 {text}").format(text=found.spoken)] if found.spoken else []),
            *(
                [_("签发单位 {name},有效至 {day}").format(name=found.issuer, day=found.not_after[:10])]
                if found.issuer
                else []
            ),
            *([_("市级根证书指纹 {text}").format(text=found.root_spoken)] if found.root_spoken else []),
            _("证书用于防篡改和来源核对,不替代公章和电子签章。"),
        ],
    )


def add_to(group: click.Group) -> None:
    group.add_command(key)
