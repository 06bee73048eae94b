"""What the program notes about itself holds nothing that somebody typed, and never grows large."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.core.operations import logbook
from desktop_app.core.rules.redact import fault_text, redact

NAME, ID = "王小花", "11010519491231002X"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("TAIZHANG_HOME", str(tmp_path))
    yield tmp_path / "logs"
    logbook.stop()


def fault() -> Exception:
    try:
        try:
            raise KeyError(f"{NAME} {ID}")
        except KeyError as inner:
            raise ValueError(f"site of {NAME}, card 6222020200112230, 13812345678") from inner
    except ValueError as error:
        return error


def test_a_fault_names_places_in_the_program_and_nothing_typed() -> None:
    text = fault_text(fault())
    assert "test_logbook.py" in text and "ValueError" in text and "KeyError" in text
    for secret in (NAME, ID, "6222020200112230", "13812345678"):
        assert secret not in text
    assert "〔3字〕" in text


def test_redacting_leaves_technical_words() -> None:
    assert redact("no such table: head (line 42)") == "no such table: head (line 42)"


def test_log_and_report_hold_nothing_typed(place: Path) -> None:
    logbook.start()
    logging.getLogger("taizhang.x").error("could not read %s", NAME, exc_info=fault())
    path = logbook.write_report(fault(), "entry")
    assert path is not None and path.parent == place / "reports"
    for text in ((place / logbook.LOG).read_text("utf-8"), path.read_text("utf-8")):
        assert "ValueError" in text and "could not read" in text
        assert NAME not in text and ID not in text and str(Path.home()) not in text


def test_starting_twice_logs_once(place: Path) -> None:
    logbook.start()
    logbook.start()
    logging.getLogger("taizhang").warning("once")
    assert (place / logbook.LOG).read_text("utf-8").count("once") == 1


def test_the_log_is_rotated(place: Path) -> None:
    logbook.start()
    for _number in range(3000):
        logging.getLogger("taizhang").info("x" * 1000)
    sizes = [path.stat().st_size for path in place.glob(logbook.LOG + "*")]
    assert 2 <= len(sizes) <= 4
    assert max(sizes) <= 600_000


def test_only_the_latest_reports_are_kept(place: Path) -> None:
    for _number in range(25):
        logbook.write_report(fault())
    assert len(list((place / "reports").iterdir())) == 20


def test_a_folder_that_cannot_be_written_stops_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("TAIZHANG_HOME", str(tmp_path / "file"))
    logbook.start()
    assert logbook.begin_start() == 0
    logbook.started()
    assert logbook.write_report(fault()) is None
    logbook.stop()


def test_a_crash_is_kept_among_the_reports(place: Path) -> None:
    place.mkdir()
    (place / logbook.CRASH).write_text("Fatal Python error: Segmentation fault")
    logbook.start()
    [report] = (place / "reports").glob("*-crash.txt")
    assert "Segmentation" in report.read_text("utf-8")


def test_failed_starts_are_counted_until_one_succeeds(place: Path) -> None:
    assert [logbook.begin_start() for _try in range(3)] == [0, 1, 2]
    logbook.started()
    assert logbook.begin_start() == 0
