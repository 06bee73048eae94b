"""Other people's programs on our packages: LibreOffice opens, prints and verifies them.

These tests fail, and do not skip, where LibreOffice is missing: a format that only its own program can read is no
Excel file.  Debian: apt-get install --no-install-recommends libreoffice-calc-nogui python3-uno libnss3-tools
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from desktop_app.core.errors import ResavedError
from desktop_app.core.package.verify import open_package
from desktop_app.core.trust import certificates

pytestmark = [pytest.mark.office, pytest.mark.slow]

# The makers of good and bad packages lie beside the other test data, which is no package of Python's.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "data"))
SYSTEM_PYTHON = "/usr/bin/python3"


class Office:
    """A LibreOffice of its own for each use, with its own profile and certificate store."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = folder / "nss"
        self.store.mkdir()
        self._run("certutil", "-N", "-d", f"sql:{self.store}", "--empty-password")

    def trust(self, root: bytes) -> None:
        path = self.folder / "root.pem"
        path.write_bytes(certificates.to_pem(root))
        self._run(
            "certutil", "-A", "-d", f"sql:{self.store}", "-n", "root", "-t", "CT,CT,CT", "-a", "-i", str(path)
        )

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "HOME": str(self.folder),
            "MOZILLA_CERTIFICATE_FOLDER": f"sql:{self.store}",
        }

    def _run(self, *command: str, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, env=self._environment(), capture_output=True, text=True, check=True, timeout=timeout
        )

    def _profile(self) -> str:
        return f"-env:UserInstallation={(self.folder / 'profile').as_uri()}"

    def convert(self, path: Path, kind: str) -> Path:
        target = self.folder / "converted"
        self._run(
            "soffice", self._profile(), "--headless", "--convert-to", kind, "--outdir", str(target), str(path)
        )
        return target / f"{path.stem}.{kind}"

    def ask(self, *paths: Path) -> list[dict[str, Any]]:
        """What it says of the files' signatures, in the order asked."""
        pipe = f"taizhang{secrets.token_hex(6)}"
        office = subprocess.Popen(
            [
                "soffice",
                self._profile(),
                "--headless",
                "--invisible",
                "--norestore",
                "--nodefault",
                f"--accept=pipe,name={pipe};urp",
            ],
            env=self._environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            script = str(Path(__file__).with_name("ask_libreoffice.py"))
            told = self._run(SYSTEM_PYTHON, script, pipe, *map(str, paths))
            office.wait(timeout=60)
        finally:
            if office.poll() is None:
                office.kill()
                office.wait()
        return [json.loads(line) for line in told.stdout.splitlines()]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@pytest.mark.parametrize("kind", ["rsa-3072", "p256"])
def test_libreoffice_calls_the_signature_valid(kind: Any, office: Office, tmp_path: Path):
    import make_bad_packages as bad
    import make_good_package as good

    city = good.City(kind)
    month = good.month()
    package, altered, plain = tmp_path / "good.xlsx", tmp_path / "altered.xlsx", tmp_path / "plain.xlsx"
    month.write(package, city.signer())
    parts = bad.read(package.read_bytes())
    altered.write_bytes(bad.write(bad.flip_cell(parts)))
    unsigned = {name: data for name, data in parts.items() if not name.startswith("_xmlsignatures/")}
    plain.write_bytes(bad.write(unsigned))
    office.trust(city.root)
    valid, broken, none = office.ask(package, altered, plain)
    assert [found["valid"] for found in valid["signatures"]] == [True], valid
    assert valid["signatures"][0]["trusted"], valid
    assert "枫桥镇" in valid["signatures"][0]["signer"]
    assert not any(found["valid"] for found in broken.get("signatures", [])), broken
    assert none["signatures"] == []


def test_libreoffice_calls_volumes_and_forwarding_packages_valid(office: Office, tmp_path: Path):
    import make_good_package as good

    from desktop_app.core.package import forward
    from desktop_app.core.package.volumes import write_volumes

    city = good.City("p256")
    month = good.month()
    written = write_volumes(
        tmp_path / "a.xlsx",
        month.manifest,
        month.sheets,
        signer=city.signer(),
        max_size=150_000,
        journals={"entries": month.journal},
        files=[good.source(os.urandom(100_000)) for _number in range(2)],
        at=good.SIGNED,
    )
    with open_package(written[0].path, [city.root]) as found:
        kept = forward.from_opened(found)
    county = tmp_path / "county.xlsx"
    good.month(5, 1, unit=good.COUNTY, name="云溪县").write(county, city.signer("county"), submissions=[kept])
    office.trust(city.root)
    for answer in office.ask(*(sealed.path for sealed in written), county):
        assert [found["valid"] for found in answer["signatures"]] == [True], answer


def test_libreoffice_prints_it(office: Office, tmp_path: Path):
    import make_good_package as good
    import pypdfium2

    package = tmp_path / "good.xlsx"
    good.month().write(package, good.City("p256").signer())
    pdf = pypdfium2.PdfDocument(office.convert(package, "pdf"))
    text = "".join(page.get_textpage().get_text_bounded() for page in pdf)
    assert "枫桥镇" in text
    assert "不替代公章和电子签章" in text
    assert "东风小区1号楼充电桩" in text
    # A cover in portrait, the tables in landscape.
    shapes = [page.get_width() > page.get_height() for page in pdf]
    assert shapes[0] is False
    assert all(shapes[1:])
    pdf.close()


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_saved_again_by_libreoffice_is_told_kindly(kind: str, office: Office, tmp_path: Path):
    import make_good_package as good

    city = good.City("p256")
    package = tmp_path / "good.xlsx"
    good.month().write(package, city.signer())
    again = office.convert(package, kind)
    with pytest.raises(ResavedError) as caught:
        open_package(again, [city.root])
    assert "另存" in caught.value.what
