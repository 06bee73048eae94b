"""The quarantine folder: a copy of each file that could not be taken in, with the reason beside it."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from pathlib import Path

from desktop_app.core.errors import StorageError, VerificationError
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.package.opened import OpenedPackage
from desktop_app.core.package.verify import open_package
from desktop_app.core.store.database import disk_error


def keep_copy(folder: Path, path: Path, problem: VerificationError) -> tuple[str, Path | None]:
    """(SHA-256 of the file, its copy in the folder); a copy of an empty or vanished file would say nothing."""
    temporary = folder / f".{os.getpid()}-{path.name[-80:]}.part"
    try:
        with contextlib.suppress(FileNotFoundError), path.open("rb") as source:
            digest = hashlib.file_digest(source, "sha256").hexdigest()
            copy = folder / f"{digest[:12]}-{safe_name(path.name)}"
            if source.tell():
                folder.mkdir(exist_ok=True)
                # Written beside, so that a copy that was cut short is never taken for the file.
                if not copy.exists():
                    shutil.copyfile(path, temporary)
                    os.replace(temporary, copy)
                copy.with_suffix(copy.suffix + ".txt").write_text(
                    f"{problem.what}\n{problem.meaning}\n{problem.next_step}\n", encoding="utf-8"
                )
                return digest, copy
    except OSError as trouble:
        raise disk_error(trouble, folder) from trouble
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()
    return hashlib.sha256(str(path).encode()).hexdigest(), None


def release(workspace: Workspace, package: OpenedPackage) -> None:
    """Forget what was held back for want of a certificate, now that its very signer has one and has sent the period
    again: files signed with the same key.  A stranger's stay, even under the same name."""
    store = workspace.store
    rows = store.connection.execute(
        "SELECT digest, path FROM set_aside WHERE state = 'unknown_signer' AND unit = ? AND period = ?",
        (package.signer.unit, package.manifest.period),
    ).fetchall()
    for row in rows:
        if _signed_with(workspace.root / row["path"], package.signer.chain[0]):
            store.connection.execute("DELETE FROM set_aside WHERE digest = ?", (row["digest"],))


def _signed_with(path: Path, certificate: bytes) -> bool:
    """Whether a package was signed with the key that this certificate is for."""
    from desktop_app.core.operations import keyring

    try:
        with open_package(path, [], sheets=False) as package:
            return keyring.key_of(package.signer.chain[0]) == keyring.key_of(certificate)
    except (VerificationError, StorageError):
        return False


def safe_name(name: str) -> str:
    """A file name without anything a file system could stumble over."""
    kept = "".join(char if char.isalnum() or char in "._-()() " else "_" for char in name)
    return kept[-80:] or "file.xlsx"
