"""Every attack there is, against desks that work: each is refused by the rule it breaks, with a reason and a next step,
and neither journal nor ledger are touched by it.  What is genuine goes in beside it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

# The makers of offices and packages lie beside the other test data, which is no package of Python's.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "data"))

import make_bad_packages as bad
import make_good_package as good
from make_bad_senders import CARRIED, FOREIGN, Strangers
from make_bad_signed import RESIGNED, resign
from make_bad_zips import BROKEN_ZIPS, lying_bomb
from offices import CITY, COUNTY, OTHER_COUNTY, OTHER_TOWN, TOWN, Office, Offices

from desktop_app.core.operations import care, keyring, merging
from desktop_app.core.operations.outcomes import Merged, Verified
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.package import forward
from desktop_app.core.package.verify import open_package
from desktop_app.core.trust import certificates, keys
from desktop_app.core.trust.signing import Signer

NAMES = {TOWN: "枫桥镇", OTHER_TOWN: "柳塘乡", COUNTY: "云溪县"}
JOURNAL = ("container", "container_part", "segment", "entry", "origin", "file", "sealed_record")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Offices:
    world = Offices(tmp_path_factory.mktemp("attacks") / "w")
    world.enrol(COUNTY, CITY)
    for unit in (TOWN, OTHER_TOWN):
        world.enrol(unit, COUNTY)
    return world


def signer(office: Office) -> Any:
    with Workspace.open(office.folder, writing=False) as workspace:
        return keyring.load_signer(workspace, office.passphrase)


def month(unit: str, **changes: Any) -> good.Month:
    made = good.month(8, 2, unit=unit, name=NAMES[unit])
    made.manifest = msgspec.structs.replace(made.manifest, **{"city": CITY, "to": COUNTY, **changes})
    return made


@pytest.fixture(scope="module")
def genuine(world: Offices, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A township's month as every attack begins with it."""
    return (
        month(TOWN)
        .write(tmp_path_factory.mktemp("good") / f"{TOWN}-2024-06-1.xlsx", signer(world[TOWN]))
        .path
    )


@pytest.fixture(scope="module")
def strangers(world: Offices) -> Strangers:
    city = good.City("p256")
    leaf = city.grant("town", "desk", TOWN, NAMES[TOWN], "ca")
    other = Signer(city.key["town"], [leaf, city.ca, city.root])
    return Strangers(signer(world[TOWN]), other, signer(world[OTHER_TOWN]), good.SIGNED)


@pytest.fixture(scope="module")
def attacks(genuine: Path, strangers: Strangers) -> dict[str, tuple[bytes, int | None]]:
    """File names with what they hold and the rule that refuses it (None: the signer is unknown)."""
    whole = genuine.read_bytes()
    made: dict[str, tuple[bytes, int | None]] = {}
    for name, (alter, rule) in bad.ALTERED.items():
        made[f"altered {name}"] = bad.write(alter(bad.read(whole))), rule
    for name, broken in BROKEN_ZIPS.items():
        made[f"zip {name}"] = broken(whole), 1
    made["zip lying bomb"] = lying_bomb(whole), 3
    for name, (alter, rule) in RESIGNED.items():
        parts = resign(alter(bad.read(whole)), strangers.genuine, good.SIGNED)
        made[f"signed {name}"] = bad.write(parts), rule
    for name, (forge, forbidden) in FOREIGN.items():
        made[f"foreign {name}"] = bad.write(forge(bad.read(whole), strangers)), forbidden
    return made


def put(attacks: dict[str, tuple[bytes, int | None]], folder: Path) -> list[Path]:
    folder.mkdir()
    paths = []
    for number, (data, _rule) in enumerate(attacks.values()):
        paths.append(folder / f"{number}.xlsx")
        paths[-1].write_bytes(data)
    return paths


@pytest.fixture
def desk(world: Offices, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Workspace]:
    """A copy of a unit's desk: the county's, or the one that the test names."""
    code = getattr(request, "param", COUNTY)
    shutil.copytree(world[code].folder, tmp_path / code)
    with Workspace.open(tmp_path / code) as workspace:
        yield workspace


def held(workspace: Workspace) -> dict[str, list[tuple[Any, ...]]]:
    """Journal, files and ledger, every row."""
    store = workspace.store
    rows = {
        table: [tuple(row) for row in store.connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2")]
        for table in JOURNAL
    }
    stored = sorted(
        path.relative_to(workspace.root).as_posix() for path in (workspace.root / "evidence").rglob("*")
    )
    return rows | care.ledger_rows(store) | {"stored": [(name,) for name in stored]}


def refused(
    workspace: Workspace, paths: list[Path], attacks: dict[str, tuple[bytes, int | None]]
) -> tuple[list[Verified], list[Merged]]:
    """Verify and merge; each attack is refused by its rule and in words, and nothing is changed."""
    before = held(workspace)
    checked = merging.verify(paths, keyring.roots(workspace))
    merged, changes = merging.merge(workspace, paths)
    for (name, (_data, rule)), said, row in zip(attacks.items(), checked, merged, strict=True):
        assert said.state == ("invalid" if rule is not None else "unknown_signer"), (name, said)
        assert said.rule == (rule or 0), (name, said)
        assert row.state == "quarantined" and row.counts.entries == 0, (name, row)
        for words in (said.reason, said.next_step, row.reason, row.next_step):
            assert any("一" <= char <= "鿿" for char in words), (name, said, row)
        assert Path(row.quarantined).read_bytes() == _data, name
    assert changes.entries == 0 and not changes.subjects
    assert held(workspace) == before
    return checked, merged


def test_every_attack_is_refused_by_its_rule_and_changes_nothing(
    desk: Workspace, attacks: dict[str, tuple[bytes, int | None]], genuine: Path, tmp_path: Path
):
    assert len(attacks) > 100
    paths = put(attacks, tmp_path / "stick")
    refused(desk, paths, attacks)
    # They were refused for what was done to them: the genuine one goes in.
    (row,), _changes = merging.merge(desk, [genuine])
    assert row.state == "merged" and row.counts.new > 0
    # And once more, now that everything genuine in them is known here already.
    refused(desk, paths, attacks)
    # A replay of the genuine one is known and changes nothing.
    before = held(desk)
    (row,), changes = merging.merge(desk, [genuine])
    assert (row.state, row.counts.known, changes.entries) == ("known", row.counts.entries, 0)
    assert held(desk) == before
    assert care.doctor(desk).ok


@pytest.mark.parametrize("desk", [CITY], indirect=True)
def test_a_carrier_that_spoils_what_it_carries(desk: Workspace, world: Offices, tmp_path: Path):
    """The county's genuine key, over its towns' submissions with something missing, exchanged or altered."""
    county = signer(world[COUNTY])
    kept = []
    for unit in (TOWN, OTHER_TOWN):
        path = month(unit).write(tmp_path / f"{unit}.xlsx", signer(world[unit])).path
        with open_package(path, keyring.roots(desk)) as package:
            kept.append(forward.from_opened(package))
    made = month(COUNTY, to=CITY).write(tmp_path / "county.xlsx", county, submissions=kept).path
    parts = bad.read(made.read_bytes())
    attacks: dict[str, tuple[bytes, int | None]] = {
        name: (bad.write(resign(spoil(parts), county, good.SIGNED)), rule)
        for name, (spoil, rule) in CARRIED.items()
    }
    checked, _merged = refused(desk, put(attacks, tmp_path / "stick"), attacks)
    assert all("下级" in said.reason or "清单" in said.reason for said in checked), checked
    (row,), _changes = merging.merge(desk, [made])
    assert row.state == "merged"
    assert {item["unit"] for item in desk.store.ledger.containers("forwarded")} == {TOWN, OTHER_TOWN}
    assert care.doctor(desk).ok


# -- what is sound in form, and settled in projection ----------------------------------------------------------------

FIGURE = f"progress/{TOWN}/2024/1.1/2024-06"
GENUINE_FIRST = pytest.mark.parametrize("genuine_first", [True, False], ids=["genuine first", "forged first"])


def forged_figure(unit: str) -> good.Month:
    """The unit's month, and in it a figure that is the township's to say."""
    made = month(unit)
    line = good.line("progress", FIGURE, good.bodies.ProgressBody(value=999), TOWN)
    made.journal += line + b"\n"
    return made


def check_only_its_own_word_counts(desk: Workspace, why: str) -> None:
    """Both are kept; the township's own is shown, the other is told with its reason."""
    steps = {step.body.value: step.why_not for step in desk.store.ledger.history(FIGURE)}
    assert len(steps) == 2 and steps[999] == why and set(steps.values()) == {"", why}
    head = desk.store.ledger.head(FIGURE)
    assert head is not None and head.body.value != 999 and head.heads == 1
    assert desk.store.ledger.forks() == []
    assert care.doctor(desk).ok


@GENUINE_FIRST
def test_another_office_s_words_in_a_journal_do_not_count(
    genuine_first: bool, desk: Workspace, world: Offices, genuine: Path, tmp_path: Path
):
    forged = forged_figure(OTHER_TOWN).write(tmp_path / "forged.xlsx", signer(world[OTHER_TOWN])).path
    rows = {}
    for path in (genuine, forged) if genuine_first else (forged, genuine):
        (rows[path],), _changes = merging.merge(desk, [path])
        assert rows[path].state == "merged"
    # It alone is refused, and the rest of what the neighbour says goes in as the township's does.
    theirs, its = rows[forged].counts, rows[genuine].counts
    assert (theirs.new, theirs.refused) == (its.new, its.refused + 1) and theirs.new > 0
    check_only_its_own_word_counts(desk, "author")


@pytest.mark.parametrize("desk", [CITY], indirect=True)
@GENUINE_FIRST
def test_a_county_s_certificate_for_its_neighbour_s_township_does_not_count(
    genuine_first: bool, desk: Workspace, world: Offices, genuine: Path, tmp_path: Path
):
    """The authority of one county signs a certificate in the name of another's township: the chain is sound, and the
    organisation says whose township it is."""
    if OTHER_COUNTY not in world.desks:
        world.enrol(OTHER_COUNTY, CITY)
    county = world[OTHER_COUNTY]
    authority = keys.load(county.folder / "keys" / "ca.key", county.passphrase)
    chain = keyring.split_pem((county.folder / "keys" / "ca.pem").read_bytes())
    key = keys.generate("p256")
    request = certificates.make_request(key, "desk", TOWN, NAMES[TOWN])
    leaf = certificates.certify(request, authority, chain[0], "desk", TOWN, NAMES[TOWN])
    forged = forged_figure(TOWN).write(tmp_path / "forged.xlsx", Signer(key, [leaf, *chain])).path
    assert merging.verify([forged], keyring.roots(desk))[0].state.startswith("valid")
    for path in (genuine, forged) if genuine_first else (forged, genuine):
        (row,), _changes = merging.merge(desk, [path])
        assert row.state == "merged"
        # All that nobody entitled has said yet is refused; the rest is known already.
        if path == forged:
            assert row.counts.refused == (1 if genuine_first else row.counts.entries)
    check_only_its_own_word_counts(desk, "signer")
