"""How a workspace comes to be: a city founds itself, everyone else joins with a setup package."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from desktop_app.core.errors import InputError, TrustError, VerificationError
from desktop_app.core.i18n import _
from desktop_app.core.journal.line import read_body, read_line
from desktop_app.core.model.bodies import Duty
from desktop_app.core.model.plan import Plan
from desktop_app.core.model.unit import Organisation, Unit
from desktop_app.core.operations import division, duties, keyring, merging
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.package.verify import open_package
from desktop_app.core.plan.load import plan_in_entry, sample_plan
from desktop_app.core.progress import Progress, silent
from desktop_app.core.trust.fingerprint import same_fingerprint
from desktop_app.core.trust.keys import KeyKind


class SetupOffer(msgspec.Struct, frozen=True, kw_only=True):
    """What a setup package says before anyone has agreed to it."""

    unit: str
    unit_name: str
    sender: str
    plan_title: str
    tasks: int
    indicators: int
    fingerprint: str
    """The root's fingerprint in 8 groups of digits, to be compared by telephone."""
    root: bytes
    city: str


def found_city(
    root: Path,
    unit_code: str,
    organisation: Path | list[Unit],
    passphrase: str,
    *,
    plan: Plan | None = None,
    operator: str = "",
    kind: KeyKind = "rsa-3072",
    clock: Callable[[], str] | None = None,
) -> Workspace:
    """A new city with its own root: organisation from a table, the plan (the sample one unless given) adopted, and
    who reports by the plan's suggestion.  The folder must hold no workspace yet."""
    units = division.read_units(organisation) if isinstance(organisation, Path) else organisation
    tree = Organisation(units)
    city = tree.get(unit_code)
    if city is None or city.parent is not None:
        raise InputError(
            _("“{code}”不是组织机构表里的市级单位。").format(code=unit_code),
            next_step=_("新建一套用市级单位的代码；县区和乡镇用设立包加入。"),
        )
    if len(passphrase) < keyring.SHORTEST_PASSPHRASE:
        raise InputError(_("口令太短。"), next_step=_("请换一个长一些、记得住的口令。"))
    workspace = Workspace.create(root, unit_code, unit_code)
    if clock is not None:
        workspace.store.clock = clock
    try:
        workspace.store.set_meta("operator", operator)
        division.import_units(workspace, units)
        keyring.make_root(workspace, passphrase, kind)
        adopted = plan or sample_plan()
        division.adopt_plan(workspace, adopted)
        duties.set_duties(workspace, suggested_duties(adopted, tree))
        workspace.founded()
    except BaseException:
        workspace.close()
        raise
    return workspace


def suggested_duties(plan: Plan, organisation: Organisation) -> dict[tuple[str, str], Duty]:
    """Who reports to begin with, by each indicator's own suggestion: the city itself, every county, or every
    township.  City and counties name bureaus where bureaus report."""
    root = organisation.root()
    if root is None:
        return {}
    found: dict[tuple[str, str], Duty] = {}
    for indicator in plan.indicators():
        if indicator.reports == "city" or indicator.adds == "city":
            found[(indicator.id, root.code)] = Duty(reporter=root.code)
        elif indicator.reports == "county":
            found[(indicator.id, root.code)] = Duty(each=True)
        else:
            for county in organisation.child_areas(root.code):
                each = bool(organisation.child_areas(county.code))
                found[(indicator.id, county.code)] = Duty(each=True) if each else Duty(reporter=county.code)
    return found


def read_setup(path: Path) -> SetupOffer:
    """What a setup package offers.  Its signature is checked against the root it brings itself; whether that root is
    the right one, a person says by comparing the fingerprint."""
    with open_package(path, []) as package:
        roots = [package.signer.chain[-1]]
    with open_package(path, roots) as package:
        if package.manifest.purpose != "setup":
            raise VerificationError(
                _("这不是设立包，是{name}的其他文件。").format(name=package.manifest.unit_name),
                next_step=_("请向上级要本单位的设立包。"),
            )
        plan_title, tasks, indicators, name = "", 0, 0, package.manifest.to
        for part in [*package.journals, *(j for item in package.forwarded for j in item.journals)]:
            for entry in part.entries:
                if entry.kind == "plan":
                    plan = plan_in_entry(bytes(read_body("plan", read_line(part.line(entry)).body).plan))
                    if plan is None:
                        raise VerificationError(
                            _("设立包里的方案本机版本读不懂。"),
                            rule=10,
                            next_step=_("请把本机软件升级到最新版本再打开；仍不行就请发件单位重新做一份。"),
                        )
                    plan_title, tasks, indicators = plan.title, len(plan.tasks), len(plan.indicators())
                elif entry.kind == "unit" and entry.subject == f"unit/{package.manifest.to}":
                    name = msgspec.json.decode(part.line(entry))["body"]["name"]
        return SetupOffer(
            unit=package.manifest.to,
            unit_name=name,
            sender=package.manifest.unit_name,
            plan_title=plan_title,
            tasks=tasks,
            indicators=indicators,
            fingerprint=package.signer.infos[-1].spoken,
            root=package.signer.chain[-1],
            city=package.manifest.city,
        )


def join(
    root: Path,
    setup: Path,
    unit_code: str,
    fingerprint: str,
    *,
    operator: str = "",
    clock: Callable[[], str] | None = None,
    progress: Progress = silent,
) -> Workspace:
    """A new workspace from a setup package, once the root's fingerprint was compared.

    TrustError when the fingerprint is another; InputError when the package is for another unit.
    """
    offer = read_setup(setup)
    if not same_fingerprint(fingerprint, offer.root):
        raise TrustError(
            _("指纹对不上。"),
            meaning=_("这个设立包可能不是本市发的，没有打开。"),
            next_step=_("请打电话给发件单位，逐组核对 8 组数字；对不上就不要用这个文件。"),
        )
    if unit_code and unit_code != offer.unit:
        raise InputError(
            _("这个设立包是给{name}（{code}）的。").format(name=offer.unit_name, code=offer.unit),
            next_step=_("请向上级要本单位的设立包。"),
        )
    workspace = Workspace.create(root, offer.unit, offer.city)
    if clock is not None:
        workspace.store.clock = clock
    try:
        workspace.store.set_meta("operator", operator)
        keyring.pin_root(workspace, offer.root)
        results, _changes = merging.merge(workspace, [setup], progress)
        if results[0].state == "quarantined":
            raise VerificationError(results[0].reason, next_step=results[0].next_step)
        workspace.founded()
    except BaseException:
        workspace.close()
        raise
    return workspace
