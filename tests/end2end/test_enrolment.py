"""Who may speak for whom, from the first telephone call to the last day of a key: every step by the command line,
between folders that share nothing but files on a stick."""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path

import pytest

# The maker of the offices lies beside the other test data, which is no package of Python's.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "data"))

from offices import BUREAU, CITY, COUNTY, OTHER_COUNTY, OTHER_TOWN, PERIOD, TOWN, Office, Offices, taizhang

JUNE = "2024-06"
FIGURE = f"progress/{TOWN}/2024/1.1/{PERIOD}"


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """City, county and two towns, enrolled; copied for each test, since folders can be copied."""
    root = tmp_path_factory.mktemp("founded") / "w"
    world = Offices(root)
    world.enrol(COUNTY, CITY)
    for town in (TOWN, OTHER_TOWN):
        world.enrol(town, COUNTY)
    return root


@pytest.fixture
def world(founded: Path, tmp_path: Path) -> Offices:
    return Offices.copied(founded, tmp_path / "w", (CITY, COUNTY, TOWN, OTHER_TOWN))


@pytest.fixture
def bare(founded: Path, tmp_path: Path) -> Offices:
    """Only city and county have joined."""
    return Offices.copied(founded, tmp_path / "w", (CITY, COUNTY))


def reported(world: Offices, value: int, *, period: str = PERIOD, who: str = TOWN) -> Path:
    world[who].record("1.1", value, period=period, reason="集中培训")
    return world[who].export(world.stick, period=period)


# -- joining ---------------------------------------------------------------------------------------------------------


def test_a_setup_package_is_opened_only_with_the_digits_from_the_telephone(bare: Offices):
    package, digits = bare.setup(TOWN, COUNTY)
    folder = bare.root / "x"
    words = ("init", folder, "--setup", package, "--unit", TOWN)
    without = taizhang(*words, passphrase="pass")
    assert without.status == 2 and digits in without.err, "the digits are shown, for comparing them"
    wrong = " ".join(reversed(digits.split()))
    refused = taizhang(*words, "--fingerprint", wrong, passphrase="pass")
    assert refused.status == 1 and "指纹对不上" in refused.err
    assert not folder.exists(), "nothing was made"
    other = taizhang(*words[:-1], OTHER_TOWN, "--fingerprint", digits, passphrase="pass")
    assert other.status == 1 and "枫桥镇" in other.err
    joined = taizhang(*words, "--fingerprint", digits, passphrase="pass")
    assert joined.status == 0
    town = Office(folder, TOWN, "pass")
    assert town.json("key", "show")["state"] == "none"
    assert "还没有密钥" in town.refused("export", "--period", PERIOD, "--out", bare.stick)


def test_request_grant_and_first_submission(bare: Offices):
    town, county = bare.join(TOWN, COUNTY), bare[COUNTY]
    assert town.json("key", "show")["state"] == "requested"
    granted = bare.grant(town, COUNTY)
    said = town.json("key", "show")
    assert (said["state"], said["issuer"]) == ("certified", "云溪县")
    assert b"PRIVATE" not in granted.read_bytes()
    (row,) = county.merge(reported(bare, 12))
    assert (row["state"], row["unit"]) == ("merged", TOWN)
    assert row["entries"] == {"new": 2, "known": 0, "conflicting": 0, "refused": 0}
    assert county.value("1.1", TOWN) == 12
    for office in (town, county):
        office.healthy()


def test_the_request_travels_in_the_first_package_and_is_granted_against_the_paper(bare: Offices):
    town, county = bare.join(TOWN, COUNTY), bare[COUNTY]
    (paper,) = town.fingerprints
    first = reported(bare, 12)
    assert [item["state"] for item in county.json("verify", first, status=3)["files"]] == ["unknown_signer"]
    (held,) = county.merge(first, status=3)
    assert (held["state"], held["unit"]) == ("quarantined", TOWN)
    assert "还没有获得证书" in held["reason"] and "核对指纹" in held["next_step"]
    assert county.value("1.1", TOWN) is None
    granted = bare.stick / "granted.pem"
    answer = county.ask("key", "certify", first, granted, "--fingerprint", paper)
    assert answer.status == 0 and paper in answer.out
    town("key", "install", granted)
    # Nothing is entered again; the next export is good, and what was held back before is not asked for any more.
    again = town.export(bare.stick)
    assert again != first
    (row,) = county.merge(again)
    assert (row["state"], row["entries"]["new"]) == ("merged", 2)
    assert county.value("1.1", TOWN) == 12
    assert [row for row in inbox(county) if row.state == "unknown_signer"] == []
    assert manifest_of(first)["request"] and not manifest_of(again)["request"]
    county.healthy()


def test_a_package_of_a_stranger_who_calls_himself_the_town_stays_in_the_inbox(bare: Offices):
    stranger, county = bare.join(TOWN, COUNTY, "stranger"), bare[COUNTY]
    stranger.record("1.1", 999)
    forged = stranger.export(bare.root)
    bare.enrol(TOWN, COUNTY)
    county.merge(forged, status=3)
    county.merge(reported(bare, 12))
    assert county.value("1.1", TOWN) == 12
    assert [row.state for row in inbox(county) if row.unit == TOWN] == ["valid", "unknown_signer"]


# -- refusals --------------------------------------------------------------------------------------------------------


def test_a_wrong_fingerprint_grants_nothing(bare: Offices):
    town, county = bare.join(TOWN, COUNTY), bare[COUNTY]
    request, out = bare.stick / "t.req", bare.stick / "t.pem"
    town("key", "request", request)
    paper = " ".join(reversed(town.fingerprints[0].split()))
    assert "不一致" in county.refused("key", "certify", request, out, "--fingerprint", paper)
    assert not out.exists()
    package = reported(bare, 1)
    assert "不一致" in county.refused("key", "certify", package, out, "--fingerprint", paper)
    assert not out.exists()


def test_a_county_s_second_key_has_to_be_on_the_paper_too(bare: Offices):
    """Whoever exchanged the request for the signing key on its way would be a county of his own."""
    county = bare.join(OTHER_COUNTY, CITY)
    request, out = bare.stick / "c.req", bare.stick / "c.pem"
    county("key", "request", request)
    desk, authority = county.fingerprints
    for paper in ((desk,), (authority,)):
        words = [word for digits in paper for word in ("--fingerprint", digits)]
        assert "不一致" in bare[CITY].refused("key", "certify", request, out, *words)
        assert not out.exists()
    bare[CITY]("key", "certify", request, out, "--fingerprint", authority, "--fingerprint", desk)
    county("key", "install", out)


def test_nobody_certifies_who_is_not_below(bare: Offices):
    other = bare.enrol(OTHER_COUNTY, CITY)
    town = bare.join(TOWN, COUNTY)
    request, out = bare.stick / "t.req", bare.stick / "t.pem"
    town("key", "request", request)
    assert "不是本单位的下级" in other.refused("key", "certify", request, out)
    assert "不能签发证书" in town.refused("key", "certify", request, out)
    # Nor does it help to be called something else.
    assert "不是本单位的下级" in other.refused("key", "certify", request, out, "--unit", CITY)
    assert "没有代码" in other.refused("key", "certify", request, out, "--unit", "999")
    assert not out.exists()


def test_a_certificate_is_put_in_only_where_it_belongs(bare: Offices, tmp_path: Path):
    town, neighbour = bare.join(TOWN, COUNTY), bare.join(OTHER_TOWN, COUNTY)
    granted = bare.grant(town, COUNTY)
    assert "不是本单位的" in neighbour.refused("key", "install", granted)
    # A second key of the same unit does not take the first one's certificate either.
    town("key", "new", "--algorithm", "p256")
    town.refused("key", "install", granted)
    elsewhere = Offices(tmp_path / "elsewhere")
    county = elsewhere.enrol(COUNTY, CITY)
    request, out = bare.stick / "t.req", bare.stick / "t.pem"
    town("key", "request", request)
    county("key", "certify", request, out)
    assert "不是本市签发的" in town.refused("key", "install", out)
    assert "不是证书申请" in bare[COUNTY].refused("key", "certify", granted, out)
    assert "没有证书" in town.refused("key", "install", request)


def test_another_city_s_package_is_told_as_an_unknown_signer(world: Offices, tmp_path: Path):
    elsewhere = Offices(tmp_path / "elsewhere")
    elsewhere.enrol(COUNTY, CITY)
    elsewhere.enrol(TOWN, COUNTY)
    (row,) = world[COUNTY].merge(reported(elsewhere, 77), status=3)
    assert row["state"] == "quarantined" and "本市的根证书" in row["reason"]
    assert world[COUNTY].value("1.1", TOWN) is None


# -- revocation ------------------------------------------------------------------------------------------------------


def test_a_lost_key_leaves_older_signatures_standing(world: Offices):
    county, city = world[COUNTY], world[CITY]
    county.merge(reported(world, 12))
    county("key", "revoke", TOWN, "--why", "lost", "--reason", "U 盘遗失")
    assert county.value("1.1", TOWN) == 12
    city.merge(county.export(world.stick))
    assert city.value("1.1", TOWN) == 12
    county.healthy()


@pytest.mark.parametrize("revoked_first", [False, True], ids=["package first", "revocation first"])
def test_a_compromised_key_counts_only_where_it_was_receipted(world: Offices, revoked_first: bool):
    county, town = world[COUNTY], world[TOWN]
    county.merge(reported(world, 12))
    world.clear_stick()
    town.merge(*county.replies(world.stick))
    later = reported(world, 5000, period=JUNE)
    if revoked_first:
        county("key", "revoke", TOWN, "--why", "compromised")
        county.merge(later)
    else:
        county.merge(later)
        assert county.value("1.1", TOWN, JUNE) == 5000
        county("key", "revoke", TOWN, "--why", "compromised")
    assert county.value("1.1", TOWN, PERIOD) == 12, "receipted, so it stands"
    assert county.value("1.1", TOWN, JUNE) == 12, "carried on from May: June's own does not count"
    (step,) = county.history(f"progress/{TOWN}/2024/1.1/{JUNE}")
    assert not step["counted"] and "吊销" in step["why_not"], "kept, not counted, and said so"
    county.healthy()


@pytest.mark.parametrize("revoked_first", [False, True], ids=["package first", "revocation first"])
def test_the_city_sees_what_the_county_sees_whichever_comes_first(world: Offices, revoked_first: bool):
    county, city, town = world[COUNTY], world[CITY], world[TOWN]
    county.merge(reported(world, 12))
    town.merge(*county.replies(world.stick))
    before = county.export(world.stick)
    county.merge(reported(world, 5000, period=JUNE))
    forged = county.export(world.stick, period=JUNE)
    county("key", "revoke", TOWN, "--why", "compromised")
    told = county.export(world.stick, period=JUNE)
    assert forged != told
    for package in (told, forged, before) if revoked_first else (before, forged, told):
        city.merge(package)
    for desk in (county, city):
        assert [desk.value("1.1", TOWN, period) for period in (PERIOD, JUNE)] == [12, 12]
        desk.healthy()


def test_a_revocation_travels_down_and_only_the_right_ones_bind(world: Offices):
    county, town, neighbour = world[COUNTY], world[TOWN], world[OTHER_TOWN]
    county.merge(reported(world, 12), reported(world, 3, who=OTHER_TOWN))
    assert "不是本单位的下级" in town.refused("key", "revoke", OTHER_TOWN, "--why", "compromised")
    assert "不是本单位的下级" in county.refused("key", "revoke", CITY, "--why", "lost")
    assert "没有证书可吊销" in world[CITY].refused("key", "revoke", OTHER_COUNTY, "--why", "lost")
    county("key", "revoke", TOWN, "--why", "compromised")
    world.clear_stick()
    neighbour.merge(*county.replies(world.stick, OTHER_TOWN))
    (certificate,) = [
        entry["subject"].rsplit("/", 1)[1]
        for entry in neighbour.json("log")["entries"]
        if entry["kind"] == "revocation"
    ]
    assert certificate == certificate_of(reported(world, 13, period=JUNE))


def test_after_a_compromise_a_new_key_brings_everything_back(world: Offices):
    county, town = world[COUNTY], world[TOWN]
    county.merge(reported(world, 12))
    county("key", "revoke", TOWN, "--why", "compromised")
    assert county.value("1.1", TOWN) is None
    town("key", "new", "--algorithm", "p256")
    world.grant(town, COUNTY)
    (row,) = county.merge(town.export(world.stick))
    assert row["entries"]["known"] == 2, "the same entries, and now someone stands for them"
    assert county.value("1.1", TOWN) == 12
    county.healthy()


def test_a_computer_replaced_after_a_compromise_has_what_was_receipted(world: Offices):
    county, town = world[COUNTY], world[TOWN]
    county.merge(reported(world, 12))
    county.replies(world.stick)
    county.merge(reported(world, 5000, period=JUNE))
    county("key", "revoke", TOWN, "--why", "compromised")
    shutil.rmtree(town.folder)
    new = world.enrol(TOWN, COUNTY)
    assert [new.value("1.1", TOWN, period) for period in (PERIOD, JUNE)] == [12, 12]
    new.healthy()


# -- a certificate's end ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("renewed_first", [False, True], ids=["expired first", "renewed first"])
def test_what_is_signed_after_the_certificate_s_end_counts_once_it_is_renewed(
    bare: Offices, monkeypatch: pytest.MonkeyPatch, renewed_first: bool
):
    from desktop_app.core.trust import certificates

    county, city = bare[COUNTY], bare[CITY]
    with monkeypatch.context() as patch:
        # Granted for one day, and dated back by one day because office clocks differ: it ends as it is granted.
        patch.setattr(certificates, "DESK_DAYS", 1)
        town = bare.enrol(TOWN, COUNTY)
    time.sleep(1.1)
    town.record("1.1", 12)
    said = town.json("check", "--period", PERIOD)["issues"]
    assert any("到期" in issue["text"] and "换发" in issue["next_step"] for issue in said), said
    late = town.export(bare.stick)
    assert manifest_of(late)["request"], "asking for a new one travels with it"
    (checked,) = county.json("verify", late)["files"]
    assert checked["state"] == "valid_with_notes" and "到期日期" in checked["reason"]

    # The clerk at the county grants from the package itself, against the paper.
    granted = bare.stick / "renewed.pem"
    county("key", "certify", late, granted, "--fingerprint", town.fingerprints[0])
    town("key", "install", granted)
    assert not any("到期" in issue["text"] for issue in town.json("check", "--period", PERIOD)["issues"])
    again = town.export(bare.stick)

    rows = {}
    for package in (again, late) if renewed_first else (late, again):
        (rows[package],) = county.merge(package)
        if package == late and not renewed_first:
            assert rows[late]["entries"] == {"new": 0, "known": 0, "conflicting": 0, "refused": 2}
            assert county.value("1.1", TOWN) is None
            (step,) = county.history(FIGURE)
            assert not step["counted"] and "有效期" in step["why_not"]
            assert all("有效期" in row["why_not"] for row in county.json("refused")["refused"])
            (row,) = [row for row in inbox(county) if row.unit == TOWN]
            assert (row.state, row.refused) == ("valid_with_notes", 2) and "有效期" in row.reason
    assert county.value("1.1", TOWN) == 12
    assert rows[again]["entries"]["refused"] == 0
    city.merge(county.export(bare.stick))
    assert city.value("1.1", TOWN) == 12
    for desk in (county, city):
        desk.healthy()


# -- people and computers change -------------------------------------------------------------------------------------


def test_hand_over_to_a_successor(world: Offices):
    town, county = world[TOWN], world[COUNTY]
    county.merge(reported(world, 12))
    (before,) = town.fingerprints
    town("key", "hand-over", "--operator", "新经办", "--new", "successor")
    assert "口令不对" in town.refused("export", "--period", PERIOD, "--out", world.stick)
    town.passphrase = "successor"
    assert town.fingerprints == [before], "unit, data and key stay"
    (row,) = county.merge(reported(world, 15))
    assert row["state"] == "merged" and county.value("1.1", TOWN) == 15
    new, old = county.history(FIGURE)
    assert [old["operator"], new["operator"]] == [f"{TOWN}经办", "新经办"]
    assert (new["before"], new["after"]) == ("12", "15")


def test_a_second_key_on_a_second_computer(world: Offices):
    county, first = world[COUNTY], world[TOWN]
    second = world.enrol(TOWN, COUNTY, "second")
    assert first.fingerprints != second.fingerprints
    first.record("1.1", 12)
    second.record("3.1", 7)
    world.clear_stick()
    one = first.export(world.stick)
    other = second.export(world.stick)
    assert [row["state"] for row in county.merge(one, other)] == ["merged", "merged"]
    assert (county.value("1.1", TOWN), county.value("3.1", TOWN)) == (12, 7)
    # The two meet by an exchange of their own; what both have typed differently is a fork and nothing is lost.
    second.record("1.1", 13)
    (row,) = first.merge(Path(second.json("exchange", "--out", world.stick)["files"][0]["path"]))
    assert row["entries"]["conflicting"] == 2, "the figure, and who submitted what"
    assert (first.value("3.1"), len(first.json("conflicts")["conflicts"])) == (7, 2)
    first("conflicts", "settle", FIGURE, "--value", "14", "--reason", "两台电脑都填了，以台账为准")
    county.merge(second.export(world.stick))
    assert FIGURE in {fork["subject"] for fork in county.json("conflicts")["conflicts"]}
    second.merge(Path(first.json("exchange", "--out", world.stick)["files"][0]["path"]))
    assert second.value("1.1") == 14
    county.merge(second.export(world.stick))
    assert county.value("1.1", TOWN) == 14
    assert county.json("conflicts")["conflicts"] == []
    for desk in (first, second, county):
        desk.healthy()


def test_a_replaced_computer_gets_its_history_back(world: Offices, tmp_path: Path):
    county, town = world[COUNTY], world[TOWN]
    photo = picture(tmp_path / "photo.jpg")
    town("attach", photo, "--to", "1.1")
    county.merge(reported(world, 12))
    county("review", "return", TOWN, "--period", PERIOD, "--comment", "请核对")
    sent = county.merge(reported(world, 15))[0]
    old = {step["id"] for step in town.history(FIGURE)}
    shutil.rmtree(town.folder)

    new = world.enrol(TOWN, COUNTY)
    assert new.value("1.1") == 15
    assert {step["id"] for step in new.history(FIGURE)} == old
    assert len(old) == 2
    (returned,) = new.history(f"review/{COUNTY}/submission/{TOWN}/{PERIOD}")
    assert returned["unit"] == COUNTY and "请核对" in returned["after"]
    # It goes on where the old one stopped: the next number, the next figure on top of the last.
    world.clear_stick()
    package = reported(world, 20)
    assert manifest_of(package)["sequence"] == 3 and sent["digest"] != manifest_of(package)["digest"]
    (row,) = county.merge(package)
    assert (row["state"], row["entries"]["conflicting"]) == ("merged", 0)
    assert county.value("1.1", TOWN) == 20
    assert len(county.history(FIGURE)) == 3
    for desk in (new, county):
        desk.healthy()


def test_a_bureau_enrols_as_a_town_does(bare: Offices):
    bureau, county = bare.enrol(BUREAU, COUNTY), bare[COUNTY]
    with_duty = [key for key, item in bureau.tasks().items() if item["reporter"] == BUREAU]
    if with_duty:
        bureau.record(with_duty[0], 5)
    (row,) = county.merge(bureau.export(bare.stick))
    assert (row["state"], row["unit"]) == ("merged", BUREAU)


def test_the_root_s_backup_opens_with_its_passphrase_only(bare: Offices, tmp_path: Path):
    city = bare[CITY]
    safe = tmp_path / "safe"
    city("key", "backup", safe)
    assert sorted(path.name for path in safe.iterdir()) == ["ca.key", "ca.pem"]
    city.refused("key", "backup", safe)
    (city.folder / "keys" / "ca.key").unlink()
    county = bare.join(OTHER_COUNTY, CITY)
    request, out = bare.stick / "c.req", bare.stick / "c.pem"
    county("key", "request", request)
    city.refused("key", "certify", request, out)
    wrong = Office(city.folder, CITY, "something else")
    assert "口令不对" in wrong.refused("key", "restore", safe)
    city("key", "restore", safe)
    city("key", "certify", request, out)
    county("key", "install", out)


# -- all of it in one story ------------------------------------------------------------------------------------------


def test_a_town_s_keys_from_the_first_to_the_last(tmp_path: Path):
    """Enrolment, a refusal, the grant, a second key, hand-over, one key lost, one compromised, a replaced computer: one
    after the other, between folders that share nothing but a stick."""
    world = Offices(tmp_path / "w")
    city, county = world[CITY], world.enrol(COUNTY, CITY)

    # The town joins with the digits from the telephone and exports before it is known; that waits and is not lost.
    town = world.join(TOWN, COUNTY)
    first = reported(world, 12)
    (held,) = county.merge(first, status=3)
    assert held["state"] == "quarantined" and county.value("1.1", TOWN) is None
    # Digits that are not on the stamped paper grant nothing; those that are, do.
    paper, out = town.fingerprints[0], world.stick / "town.pem"
    county.refused("key", "certify", first, out, "--fingerprint", " ".join(reversed(paper.split())))
    assert not out.exists()
    county("key", "certify", first, out, "--fingerprint", paper)
    town("key", "install", out)
    county.merge(town.export(world.stick))
    assert county.value("1.1", TOWN) == 12

    # A second computer has a key of its own; each knows what the other said once they have exchanged.
    second = world.enrol(TOWN, COUNTY, "second")
    assert second.value("1.1") == 12, "what the town had said came with the setup package"
    second.record("3.1", 7)
    from_second = second.export(world.stick)
    county.merge(from_second)
    town.merge(Path(second.json("exchange", "--out", world.stick)["files"][0]["path"]))
    assert town.value("3.1") == 7

    # The clerk hands over: another name and passphrase, the same key.
    town("key", "hand-over", "--operator", "接任者", "--new", "successor")
    town.passphrase = "successor"
    assert town.fingerprints == [paper]
    county.merge(reported(world, 15))
    assert county.history(FIGURE)[0]["operator"] == "接任者"

    # The second computer is lost: what it signed before stands, and the first goes on.
    lost = certificate_of(from_second)
    county("key", "revoke", TOWN, "--why", "lost", "--certificate", lost[:16], "--reason", "电脑遗失")
    assert county.value("3.1", TOWN) == 7
    assert county.merge(reported(world, 16))[0]["state"] == "merged"

    # The first one's key is found to have been copied: what the county had receipted stands, the rest falls.
    world.clear_stick()
    town.merge(*county.replies(world.stick, TOWN))
    forged = reported(world, 9999)
    county.merge(forged)
    assert county.value("1.1", TOWN) == 9999
    county("key", "revoke", TOWN, "--why", "compromised", "--certificate", certificate_of(forged)[:16])
    assert (county.value("1.1", TOWN), county.value("3.1", TOWN)) == (16, 7)
    said = [step for step in county.history(FIGURE) if not step["counted"]]
    assert [step["after"] for step in said] == ["9,999"] and "吊销" in said[0]["why_not"]
    # The city hears of it with the county's next package, and counts the same.
    city.merge(county.export(world.stick))
    assert (city.value("1.1", TOWN), city.value("3.1", TOWN)) == (16, 7)

    # A new computer in place of both: the town has all that the county kept for it, and goes on.
    shutil.rmtree(town.folder)
    shutil.rmtree(second.folder)
    town = world.enrol(TOWN, COUNTY)
    assert (town.value("1.1"), town.value("3.1")) == (16, 7)
    (row,) = county.merge(reported(world, 18))
    assert (row["state"], row["entries"]["conflicting"], county.value("1.1", TOWN)) == ("merged", 0, 18)
    city.merge(county.export(world.stick))
    assert city.value("1.1", TOWN) == 18
    for desk in (town, county, city):
        desk.healthy()


# -- looking inside --------------------------------------------------------------------------------------------------


def inbox(office: Office):
    from desktop_app.core.operations import inbox as rows
    from desktop_app.core.operations.workspace import Workspace

    with Workspace.open(office.folder, writing=False) as workspace:
        return rows.inbox(workspace)


def manifest_of(package: Path) -> dict:
    import json
    import zipfile

    with zipfile.ZipFile(package) as archive:
        return json.loads(archive.read("taizhang/payload.json"))


def certificate_of(package: Path) -> str:
    from desktop_app.core.package.verify import open_package

    with open_package(package, []) as opened:
        return opened.signer.fingerprint


def picture(path: Path) -> Path:
    from PIL import Image

    Image.new("RGB", (64, 48), (40, 90, 160)).save(path)
    return path
