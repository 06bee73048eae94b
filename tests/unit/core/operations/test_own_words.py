"""A desk signs only what its unit has said: nothing is laundered by exporting it again; no receipt saves a forgery."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import worlds

from desktop_app.core.model.period import Period
from desktop_app.core.operations import (
    downward,
    exporting,
    gathering,
    granting,
    merging,
    recording,
    retracting,
)
from desktop_app.core.operations.workspace import Workspace


def ids(workspace: Any, period: Period) -> set[str]:
    return {ident.hex() for _subject, ident in gathering.own_entries(workspace, period)}


@pytest.fixture
def may(city: Any) -> Period:
    return Period.parse(city.last)


def test_what_another_said_in_our_name_is_not_signed_by_us(
    city: Any, opened: Callable[[str], Any], may: Period
):
    town = opened(city.town)
    figure = worlds.line_of(
        "progress", f"progress/{city.town}/2024/1.1/{may.key}", city.town, {"value": 1}, n=9
    )
    newer = worlds.line_of("future", "anything", city.town, {})
    worlds.take(town.store, [worlds.Box(1, city.county, city.code, "c", (figure, newer))])
    assert not {worlds.id_of(figure), worlds.id_of(newer)} & ids(town, may)
    # Said by another computer of our own, both are ours.
    worlds.take(town.store, [worlds.Box(2, city.town, city.county, "c", (figure, newer))])
    assert {worlds.id_of(figure), worlds.id_of(newer)} <= ids(town, may)


def test_what_came_with_a_file_that_was_taken_back_is_not_sent_on(
    city: Any, desk: Callable[[str], Path], opened: Callable[[str], Any], may: Period, tmp_path: Path
):
    shutil.copytree(desk(city.town), tmp_path / "second")
    with Workspace.open(tmp_path / "second") as second:
        recording.record(second, "1.1", "9999", period=may, reason="第二台电脑")
        exchanged = exporting.exchange(second, tmp_path / "out").files[0]
    town, county = opened(city.town), opened(city.county)
    merging.merge(town, [exchanged.path])
    subject = f"progress/{city.town}/2024/1.1/{may.key}"
    assert town.store.ledger.head(subject).body.value == 9999
    retracting.retract(town, exchanged.digest, "第二台电脑填错了")
    before = town.store.ledger.head(subject)
    assert before.body.value != 9999 and before.heads == 1
    sent = exporting.export(town, may, tmp_path / "up").files[0]
    merging.merge(county, [sent.path])
    assert county.store.ledger.head(subject).id == before.id
    assert all(step.body.value != 9999 for step in county.store.ledger.history(subject))


def test_a_receipt_given_after_a_key_was_compromised_does_not_save_the_forgery(
    city: Any, opened: Callable[[str], Any], may: Period, tmp_path: Path
):
    town, county = opened(city.town), opened(city.county)
    figure = f"progress/{city.town}/2024/1.1/{may.key}"
    granting.revoke(county, city.town, "compromised", "密钥外泄")
    forged = exporting.export(town, may, tmp_path).files[0]
    merging.merge(county, [forged.path])
    assert county.store.ledger.head(figure) is None
    downward.reply(county, tmp_path, [city.town])
    assert county.store.ledger.head(f"receipt/{city.county}/{forged.digest}") is None
    assert county.store.ledger.head(figure) is None
    # What had been receipted before stands.
    assert county.store.ledger.head(f"progress/{city.town}/2024/1.1/{city.first}") is not None


def test_a_taken_back_file_gets_no_receipt(
    city: Any, opened: Callable[[str], Any], may: Period, tmp_path: Path
):
    town, county = opened(city.town), opened(city.county)
    sent = exporting.export(town, may, tmp_path).files[0]
    merging.merge(county, [sent.path])
    retracting.retract(county, sent.digest, "收错了")
    downward.reply(county, tmp_path, [city.town])
    assert county.store.ledger.head(f"receipt/{city.county}/{sent.digest}") is None


def test_own_figures_of_a_period_only_newer_versions_know_do_not_stop_an_export(
    city: Any, opened: Callable[[str], Any], may: Period, tmp_path: Path
):
    town = opened(city.town)
    weekly = worlds.line_of("progress", f"progress/{city.town}/2024/1.1/2024-W20", city.town, {"value": 1})
    worlds.take(town.store, [worlds.Box(1, city.town, city.county, "c", (weekly,))])
    assert worlds.id_of(weekly) in ids(town, may)
    assert exporting.export(town, may, tmp_path).files
