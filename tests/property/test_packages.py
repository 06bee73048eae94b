"""The first law with real packages, signatures and all: whatever part of them arrives, in whatever order and however
often, is one set."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.operations import care, founding, keyring, merging
from desktop_app.core.operations.workspace import Workspace


@pytest.fixture(scope="module")
def empty(city: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The county's second computer, which has received nothing but its setup package."""
    with Workspace.open(city.desk(city.county), writing=False) as workspace:
        digits = keyring.report(workspace).root_spoken
    folder = tmp_path_factory.mktemp("second") / "county"
    founding.join(folder, *city.sent(city.code, f"setup-{city.county}"), city.county, digits).close()
    return folder


@pytest.fixture(scope="module")
def sent(city: Any) -> list[Path]:
    """Everything that concerns the county: from below, from above, and what it sent itself."""
    found = [Path(item.path) for item in city.made.packages if item.unit != city.code]
    return [*found, *city.sent(city.code, "reply"), *city.sent(city.county, "reply")]


def test_any_part_of_the_packages_in_any_order_is_one_set(
    empty: Path, sent: list[Path], tmp_path_factory: pytest.TempPathFactory
):
    @settings(max_examples=4)
    @given(data=st.data())
    def holds(data: st.DataObject) -> None:
        chosen = data.draw(st.lists(st.sampled_from(sent), min_size=2, max_size=8))
        folder = tmp_path_factory.mktemp("merged")
        ledgers, journals = [], []
        for name, files in (("as they came", chosen), ("once, by name", sorted(set(chosen)))):
            shutil.copytree(empty, folder / name)
            with Workspace.open(folder / name) as workspace:
                results, _changes = merging.merge(workspace, files)
                for item in results:
                    assert item.state in ("merged", "known"), item
                    counts = item.counts
                    assert counts.entries == counts.new + counts.known + counts.conflicting + counts.refused
                assert care.doctor(workspace).ok, "the ledger is what a rebuild gives"
                ledgers.append(care.ledger_rows(workspace.store))
                rows = workspace.store.connection.execute(
                    "SELECT subject, id FROM entry ORDER BY subject, id"
                )
                journals.append([tuple(row) for row in rows])
        assert ledgers[0] == ledgers[1]
        assert journals[0] == journals[1]

    holds()
