"""How a person gets to a desk: the workspaces on this computer, joining, founding, the sample city, restoring."""

from __future__ import annotations

import os
import shutil
from datetime import datetime
from pathlib import Path

import msgspec

from desktop_app.core import paths
from desktop_app.core.errors import KnownError
from desktop_app.core.operations import backing_up, care, founding, keyring
from desktop_app.core.operations.desk import Desk
from desktop_app.core.operations.workspace import Workspace, take_lock
from desktop_app.core.progress import Progress, silent
from desktop_app.core.store.database import FILE_NAME
from desktop_app.core.store.store import Store


class KnownWorkspace(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    folder: Path


SAMPLE = "样例城市"


def _desks_of(folder: Path) -> list[Path]:
    """A sample city's desks, a township's first."""
    found = [path.parent for path in folder.glob(f"*/{FILE_NAME}")]
    return sorted(found, key=lambda path: (len(path.name) != 9 or path.name[-3] == "0", path.name))


class Entrance:
    """Workspaces live below one folder of the person's own; others opened by path are remembered beside it."""

    def __init__(self, home: Path | None = None) -> None:
        self._home = home

    def home(self) -> Path:
        if self._home is not None:
            return self._home
        given = os.environ.get("TAIZHANG_HOME")
        if given:
            return Path(given)
        travelling = paths.portable()
        if travelling is not None:
            return travelling
        from platformdirs import user_documents_path

        return user_documents_path() / "民生实事台账"

    def workspaces(self) -> list[KnownWorkspace]:
        """Every workspace below the home folder, and beside the sample city's, by name."""
        found: list[KnownWorkspace] = []
        home = self.home()
        for database in [*home.glob(f"*/{FILE_NAME}"), *home.glob(f"{SAMPLE}*/*/{FILE_NAME}")]:
            name = self._name(database.parent)
            if name:
                found.append(KnownWorkspace(name=name, folder=database.parent))
        return sorted(found, key=lambda workspace: (workspace.folder.parent, workspace.name))

    def _name(self, folder: Path) -> str:
        try:
            with Store.open(folder) as store:
                return store.ledger.organisation.name(store.unit)
        except KnownError:
            return ""

    def open(self, folder: Path) -> Desk:
        return Desk(Workspace.open(folder))

    def read_setup(self, file: Path) -> founding.SetupOffer:
        return founding.read_setup(file)

    def join(
        self, file: Path, *, fingerprint: str, operator: str, passphrase: str, progress: Progress = silent
    ) -> Path:
        """A new workspace with a key of its own; the county certifies the key afterwards."""
        offer = founding.read_setup(file)
        folder = self._free(offer.unit)
        try:
            with founding.join(
                folder, file, offer.unit, fingerprint, operator=operator, progress=progress
            ) as workspace:
                keyring.new_key(workspace, passphrase)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return folder

    def found(
        self, organisation: Path, *, operator: str, passphrase: str, progress: Progress = silent
    ) -> Path:
        from desktop_app.core.operations.division import read_units

        units = read_units(organisation)
        root = next(unit for unit in units if unit.parent is None)
        folder = self._free(root.code)
        try:
            founding.found_city(folder, root.code, units, passphrase, operator=operator).close()
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return folder

    def demo(self, progress: Progress = silent) -> list[Path]:
        """A small sample city, which can be thrown away as a whole; a township's workspace comes first.  One that is
        there already is opened again, with what was tried in it."""
        from desktop_app.core.operations.demo import make_city

        for made in self.samples()[:1]:
            return _desks_of(made)
        folder = self._free(SAMPLE)
        try:
            make_city(folder, counties=3, towns=2, months=3, key_kind="p256", progress=progress)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return _desks_of(folder)

    def samples(self) -> list[Path]:
        """Sample cities made here: folders of that name in which every desk holds the sample plan."""
        found = []
        for folder in sorted(self.home().glob(f"{SAMPLE}*")):
            desks = [path.parent for path in folder.glob(f"*/{FILE_NAME}")]
            if desks and all(self._is_sample(desk) for desk in desks):
                found.append(folder)
        return found

    def _is_sample(self, folder: Path) -> bool:
        try:
            with Store.open(folder) as store:
                plan = store.ledger.plan()
                return plan is not None and plan.sample
        except KnownError:
            return False

    def throw_away_samples(self) -> int:
        """Delete every sample city, none of whose desks may be open; returns how many went.  Nothing else is touched:
        a folder in which one desk holds another plan is no sample."""
        folders = self.samples()
        locks = []
        try:
            for folder in folders:
                locks += [take_lock(path.parent) for path in folder.glob(f"*/{FILE_NAME}")]
        finally:
            for lock in locks:
                lock.release()
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)
        return len(folders)

    def restore(self, backup: Path, progress: Progress = silent) -> Path:
        found = backing_up.find(backup)
        return care.restore(found, self._free(found.name.split("-")[0]), progress)

    def _free(self, name: str) -> Path:
        """A folder name below home that is not taken."""
        folder = self.home() / name
        if not folder.exists():
            return folder
        return self.home() / f"{name}-{datetime.now():%Y%m%d-%H%M%S}"
