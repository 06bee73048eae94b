"""Each measure sets something this program does against what one would do without it, in the same run."""

from __future__ import annotations

import compileall
import datetime as dt
import hashlib
import io
import os
import random
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import NamedTuple

from material import Material, good

from desktop_app.core.operations import merging
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.package.verify import open_package

MB = 1_000_000
CHUNK = 1024 * 1024


class Measure(NamedTuple):
    """`ours` and `theirs` in seconds (medians); `ratio` the median of the rounds' own ratios."""

    what: str
    against: str
    ours: float
    theirs: float
    ratio: float
    goal: str
    reached: bool


class Bench:
    def __init__(self, folder: Path, rounds: int) -> None:
        self.folder = folder
        self.rounds = rounds

    def compare(
        self,
        what: str,
        against: str,
        ours: Callable[[], float],
        theirs: Callable[[], float],
        goal: str,
        reached: Callable[[float], bool],
    ) -> Measure:
        """Both in turn, so that what else the machine does meets both; each returns its own seconds."""
        pairs = []
        for _round in range(self.rounds):
            reference = theirs()
            pairs.append((ours(), reference))
        ratio = median(one / other for one, other in pairs)
        return Measure(
            what, against, *(median(side) for side in zip(*pairs, strict=True)), ratio, goal, reached(ratio)
        )


def with_bytecode() -> None:
    """Every process started from here finds its modules compiled, as those of an installed program are.  Where the
    surroundings forbid writing byte code, each start would compile the whole program anew, and the peers' packages,
    which were compiled when they were installed, would not."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    root = Path(__file__).resolve().parents[2]
    for folder in (root / "desktop_app", root / "tests"):
        compileall.compile_dir(folder, quiet=1)


def timed(action: Callable[[], object]) -> float:
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


# -- evidence --------------------------------------------------------------------------------------------------------


def evidence(bench: Bench, megabytes: int) -> Iterator[Measure]:
    """A package with so many MB of photos' worth of noise: written and signed, then verified."""
    from desktop_app.core.package import seal
    from desktop_app.core.package.seal import write_package
    from desktop_app.core.package.sources import FileSource
    from desktop_app.core.package.zipwrite import ZipWriter
    from desktop_app.core.progress import silent

    folder = bench.folder / "evidence"
    folder.mkdir()
    rng = random.Random(1)
    sources, paths = [], []
    for number in range(megabytes // 3):
        path = folder / f"{number}.jpg"
        path.write_bytes(rng.randbytes(3 * MB))
        paths.append(path)
        sources.append(
            FileSource(
                sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
                extension="jpg",
                media="image/jpeg",
                size=3 * MB,
                open=lambda path=path: path.open("rb"),  # type: ignore[misc]
            )
        )
    city = good.City("rsa-3072")
    month = good.month(40, 0)
    target = folder / "package.xlsx"

    def sign() -> float:
        target.unlink(missing_ok=True)
        more = {"signer": city.signer(), "journals": {"entries": month.journal}, "files": sources}
        return timed(lambda: write_package(target, month.manifest, month.sheets, **more))  # type: ignore[arg-type]

    def sign_alone() -> float:
        """Everything zipped and signed into a file.  That it reaches the disk, and a look at what the disk holds, come
        on top in `sign`."""
        contents = seal.Contents(
            month.manifest, month.sheets, city.signer(), {"entries": month.journal}, sources, (), ()
        )

        def write() -> None:
            with (folder / "alone.xlsx").open("wb") as out:
                writer = ZipWriter(out)
                meter = seal._Meter(silent, 2 * contents.bytes_inside)
                contents._write_parts(writer, dt.datetime.now(dt.UTC), {}, meter)
                writer.close()

        (folder / "alone.xlsx").unlink(missing_ok=True)
        return timed(write)

    def verify() -> float:
        return timed(lambda: open_package(target, [city.root]).close())

    def digest() -> float:
        return timed(lambda: [_sha256(path) for path in paths])

    def written() -> None:
        with (folder / "copy").open("wb") as out:
            for path in paths:
                with path.open("rb") as file:
                    shutil.copyfileobj(file, out, CHUNK)
            out.flush()
            os.fsync(out.fileno())

    def hashed_and_written() -> float:
        (folder / "copy").unlink(missing_ok=True)
        return digest() + timed(written)

    def careful_copy() -> float:
        def copy() -> None:
            written()
            with (folder / "copy").open("rb") as file:
                if hasattr(os, "posix_fadvise"):
                    os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
                hashlib.file_digest(file, "sha256")

        (folder / "copy").unlink(missing_ok=True)
        return timed(copy)

    size = f"{megabytes // 3 * 3} MB"
    what = f"sign {size} of evidence"
    yield bench.compare(what, "SHA-256 of it", sign_alone, digest, "≤ 2.0", lambda r: r <= 2)
    what += ", flushed to the disk and read back"
    yield bench.compare(what, "SHA-256 of it", sign, digest, "–", lambda r: True)
    yield bench.compare(what, "SHA-256 + copy + fsync", sign, hashed_and_written, "–", lambda r: True)
    yield bench.compare(
        what, "copy + fsync + read back with SHA-256", sign, careful_copy, "–", lambda r: True
    )
    yield bench.compare(f"verify {size}", "SHA-256 of it", verify, digest, "≤ 1.3", lambda r: r <= 1.3)
    shutil.rmtree(folder)


def _sha256(path: Path) -> bytes:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(CHUNK):
            digest.update(block)
    return digest.digest()


def intake(bench: Bench) -> Measure:
    """A photo of 3 MB taken in, against writing it and making sure that it is on the disk."""
    from desktop_app.core.store.files import FileStore

    folder = bench.folder / "intake"
    folder.mkdir()
    rng = random.Random(2)
    blobs = [rng.randbytes(3 * MB) for _number in range(12)]
    for number, blob in enumerate(blobs):
        (folder / f"{number}.jpg").write_bytes(blob)

    def ours() -> float:
        shutil.rmtree(folder / "evidence", ignore_errors=True)
        store = FileStore(folder / "evidence")
        return timed(lambda: [store.take_in(folder / f"{number}.jpg") for number in range(len(blobs))])

    def theirs() -> float:
        shutil.rmtree(folder / "copies", ignore_errors=True)
        (folder / "copies").mkdir()
        return timed(
            lambda: [_copy(folder / f"{n}.jpg", folder / "copies" / str(n)) for n in range(len(blobs))]
        )

    return bench.compare("take in a photo of 3 MB", "copy + fsync", ours, theirs, "≤ 1.5", lambda r: r <= 1.5)


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as file, target.open("wb") as out:
        shutil.copyfileobj(file, out, CHUNK)
        out.flush()
        os.fsync(out.fileno())


# -- merging ---------------------------------------------------------------------------------------------------------


def merge(bench: Bench, material: Material) -> Iterator[Measure]:
    files = material.files

    def first() -> float:
        folder = material.fresh_desk()
        with Workspace.open(folder) as workspace:
            return timed(lambda: _merged(workspace, files))

    def again() -> float:
        with Workspace.open(material.folder / "desk") as workspace:
            return timed(lambda: _merged(workspace, files))

    def script() -> float:
        return timed(lambda: _openpyxl_script(files, bench.folder / "merged.xlsx"))

    what = f"merge {len(files)} packages, all checked"
    yield bench.compare(
        what, "openpyxl script into one workbook", first, script, "≤ 1/7 (goal 1/10)", lambda r: r <= 1 / 7
    )
    yield bench.compare("merge the same again", "the first time", again, first, "≤ 0.1", lambda r: r <= 0.1)


def _merged(workspace: Workspace, files: list[Path]) -> None:
    results, _changes = merging.merge(workspace, files)
    assert {item.state for item in results} <= {"merged", "known"}, [r.reason for r in results if r.reason][
        :3
    ]
    assert not sum(item.counts.refused for item in results)


def _openpyxl_script(files: list[Path], target: Path) -> None:
    """What an office does today: every sheet's rows of every workbook copied under one another."""
    import openpyxl

    book = openpyxl.Workbook()
    sheets = {}
    for path in files:
        source = openpyxl.load_workbook(path)
        for sheet in source.worksheets:
            if sheet.title not in sheets:
                sheets[sheet.title] = book.create_sheet(sheet.title)
            for row in sheet.iter_rows(values_only=True):
                sheets[sheet.title].append([path.name, *row])
    book.save(target)


def admit(bench: Bench, material: Material) -> Iterator[Measure]:
    """The journal's own price: packages already verified go into journal and ledger."""
    from desktop_app.core.store.batch import batches
    from desktop_app.core.store.store import Arrival

    opened = [open_package(path, material.roots, sheets=False) for path in material.files]
    arrivals = [
        Arrival(
            row=merging.container_row(package, package.name, "package"),
            parts={"sig1.xml": package.sig1, "payload.json": package.payload},
            journals=tuple((part.part, part.data, part.entries) for part in package.journals),
        )
        for package in opened
    ]
    lines = [line for item in opened for part in item.journals for line in part.data.splitlines()]

    def ours() -> float:
        with Workspace.open(material.fresh_desk()) as workspace:
            workspace.store.projector.context()
            begun = time.perf_counter()
            with batches(workspace.store.transaction) as batch:
                for arrival in arrivals:
                    batch.next()
                    workspace.store.admit([arrival])
            return time.perf_counter() - begun

    def floor() -> float:
        path = bench.folder / "floor.db"
        path.unlink(missing_ok=True)
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE line (id BLOB, line BLOB)")
        begun = time.perf_counter()
        connection.execute("BEGIN")
        connection.executemany(
            "INSERT INTO line VALUES (?,?)", ((hashlib.sha256(x).digest(), x) for x in lines)
        )
        connection.execute("COMMIT")
        seconds = time.perf_counter() - begun
        connection.close()
        return seconds

    what = f"journal and ledger of {len(lines)} lines"
    yield bench.compare(what, "SHA-256 + bare insert", ours, floor, "≤ 8 (goal 3)", lambda r: r <= 8)
    for package in opened:
        package.close()


# -- sheets, reading -----------------------------------------------------------------------------------------------


def sheets(bench: Bench, material: Material) -> Measure:
    """One package's sheets, against openpyxl writing the same cells with a bold head and the widths."""
    import openpyxl
    from openpyxl.styles import Alignment, Font

    from desktop_app.core.package import workbook

    made = openpyxl.load_workbook(material.files[0])
    values = [
        (sheet.title, [list(row) for row in sheet.iter_rows(values_only=True)]) for sheet in made.worksheets
    ]

    def theirs() -> float:
        def write() -> None:
            book = openpyxl.Workbook()
            wrapped, bold = Alignment(wrap_text=True, vertical="center"), Font(bold=True)
            for title, rows in values:
                sheet = book.create_sheet(title)
                for number, row in enumerate(rows):
                    sheet.append(row)
                    for cell in sheet[number + 1]:
                        cell.alignment = wrapped
                        if number < 3:
                            cell.font = bold
                for letter in "ABCDEFGHIJ":
                    sheet.column_dimensions[letter].width = 12
            book.save(io.BytesIO())

        return timed(write)

    def ours() -> float:
        return timed(lambda: workbook.build(material.month.sheets))

    return bench.compare("write a package's sheets", "openpyxl", ours, theirs, "≤ 0.7", lambda r: r <= 0.7)


def reading(bench: Bench, material: Material) -> Iterator[Measure]:
    """What a package says, and then with everything about it checked, against opening its workbook."""
    import openpyxl

    from desktop_app.core.package import opc
    from desktop_app.core.package.entries import check_entries
    from desktop_app.core.package.forward import read_manifest
    from desktop_app.core.package.zipread import ZipReader

    paths = material.files[:8]

    def said() -> float:
        def read(path: Path) -> None:
            with path.open("rb") as file:
                reader = ZipReader(file)
                for listed in read_manifest(reader.read(opc.PAYLOAD)).journals:
                    assert check_entries(listed.part, reader.read(listed.part))

        return timed(lambda: [read(path) for path in paths])

    def whole() -> float:
        return timed(lambda: [open_package(path, material.roots).close() for path in paths])

    def theirs() -> float:
        return timed(lambda: [openpyxl.load_workbook(path) for path in paths])

    opens = "openpyxl opens it"
    yield bench.compare("read what one package says", opens, said, theirs, "≤ 1/40", lambda r: r <= 1 / 40)
    yield bench.compare("verify one package, sheets compared", opens, whole, theirs, "–", lambda r: True)
