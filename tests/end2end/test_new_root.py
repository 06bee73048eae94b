"""The city changes its root: announced under the old one, learned below, then used; old signatures stand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desktop_app.core.errors import InputError, TrustError
from desktop_app.core.model.period import Period
from desktop_app.core.operations import downward, exporting, granting, keyring, merging, rooting


def test_a_new_root_travels_down_before_it_is_used(
    opened: Callable[[str], Any], city: Any, tmp_path: Path
) -> None:
    top, county, town = opened(city.code), opened(city.county), opened(city.town)
    for desk in (top, county, town):
        desk.unlock("demo")
    rooting.announce(top, "demo", "p256")
    with pytest.raises(InputError):
        rooting.announce(top, "demo", "p256")
    down = downward.reply(top, tmp_path / "a", [city.county])
    assert {item.state for item in merging.merge(county, [down.files[0].path])[0]} == {"merged"}
    further = downward.reply(county, tmp_path / "b", [city.town])
    assert {item.state for item in merging.merge(town, [further.files[0].path])[0]} == {"merged"}
    assert len(keyring.roots(county)) == len(keyring.roots(town)) == 2

    rooting.switch(top, "demo")
    after = downward.reply(top, tmp_path / "c", [city.county])
    assert {item.state for item in merging.merge(county, [after.files[0].path])[0]} == {"merged"}

    # The county is certified anew, and so is the town; their packages hold under the new root.
    keyring.install(county, granting.certify(top, keyring.request(county, "demo"), "demo"), "demo")
    keyring.install(town, granting.certify(county, keyring.request(town, "demo"), "demo"), "demo")
    sent = exporting.export(town, Period.parse(city.last), tmp_path / "d")
    assert {item.state for item in merging.merge(county, [sent.files[0].path])[0]} == {"merged"}
    old = city.sent(city.town, city.first)
    assert {item.state for item in merging.verify(old, keyring.roots(county))} <= {
        "valid",
        "valid_with_notes",
    }


def test_only_the_city_changes_the_root(opened: Callable[[str], Any], city: Any) -> None:
    county = opened(city.county)
    with pytest.raises(TrustError):
        rooting.announce(county, "demo", "p256")


def test_a_root_is_pinned_only_with_its_fingerprint(
    opened: Callable[[str], Any], city: Any, tmp_path: Path
) -> None:
    from desktop_app.core.trust import certificates, keys

    town = opened(city.town)
    other = certificates.make_root(keys.generate("p256"), "880000", "别市")
    with pytest.raises(TrustError):
        rooting.pin(town, other, "0000 0000 0000 0000 0000 0000 0000 0000")
    assert len(keyring.roots(town)) == 1
    rooting.pin(town, other, certificates.info(other).spoken)
    assert len(keyring.roots(town)) == 2
