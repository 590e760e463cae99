"""The folder of published snapshots: which is in force, is it intact, which may go.

A snapshot is a folder named by its number. It appears by one rename, complete or not at all, and is
never changed afterwards; files that two snapshots share are hard links.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from hashlib import file_digest
from pathlib import Path

from pydantic import ValidationError

from knowledge.warehouse.lock import file_lock
from knowledge.warehouse.manifest import MANIFEST_FILE, Manifest, is_sealed
from leadline.errors import IntegrityError, NotFoundError, NotReadyError

_NUMBERED = re.compile(r"\d{6,}")
_BUILDING = ".building-"
_REMOVING = ".removing-"
_LOCK_FILE = ".publish.lock"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One published snapshot, pinned: its files stay as they are while it is held."""

    number: int
    folder: Path
    manifest: Manifest

    @property
    def as_of(self) -> date:
        """The day that questions call today."""
        return self.manifest.as_of

    def table_path(self, name: str) -> Path | None:
        """The Parquet file of a table, or None where it has no rows."""
        entry = self.manifest.tables.get(name)
        return None if entry is None else self.folder / entry.file


class SnapshotStore:
    """The snapshots under `root` (which need not exist yet)."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def numbers(self) -> list[int]:
        """Numbers of all complete snapshots, ascending."""
        if not self.root.is_dir():
            return []
        return sorted(
            int(entry.name)
            for entry in self.root.iterdir()
            if _NUMBERED.fullmatch(entry.name) and (entry / MANIFEST_FILE).is_file()
        )

    def current(self) -> Snapshot:
        """The snapshot in force: the one with the highest number.

        Raises:
            NotReadyError: there is none.
            IntegrityError: its manifest was changed or is unreadable.
        """
        numbers = self.numbers()
        if not numbers:
            raise NotReadyError(
                f"no snapshot is published under {self.root}",
                hint="load data first: leadline load SOURCE_DIR --mapping FILE.yaml",
            )
        return self.get(numbers[-1])

    def get(self, number: int) -> Snapshot:
        """The snapshot with this number.

        Raises:
            NotFoundError: there is none (any more).
            IntegrityError: its manifest was changed or is unreadable.
        """
        folder = self.folder(number)
        path = folder / MANIFEST_FILE
        if not path.is_file():
            known = ", ".join(map(str, self.numbers()[-5:])) or "none"
            raise NotFoundError(f"no snapshot {number} under {self.root} (newest: {known})")
        try:
            text = path.read_bytes()
            manifest = Manifest.model_validate_json(text)
        except ValidationError as error:
            raise IntegrityError(f"{path} is no manifest: {error}") from error
        if manifest.number != number or not is_sealed(text):
            raise IntegrityError(f"{path} was changed after it was published")
        return Snapshot(number, folder, manifest)

    def all(self) -> list[Snapshot]:
        """Every snapshot, oldest first.

        Raises:
            IntegrityError: a manifest was changed or is unreadable.
        """
        return [self.get(number) for number in self.numbers()]

    def verify(self, number: int) -> None:
        """Compare every file of a snapshot with its manifest.

        Raises:
            NotFoundError: there is no such snapshot.
            IntegrityError: a file is missing or differs, or the manifest does.
        """
        snapshot = self.get(number)
        for name, entry in snapshot.manifest.tables.items():
            path = snapshot.folder / entry.file
            if not path.is_file():
                raise IntegrityError(f"snapshot {number}: {path} of table {name} is missing")
            if path.stat().st_size != entry.bytes or sha256_of(path) != entry.sha256:
                raise IntegrityError(
                    f"snapshot {number}: {path} differs from its manifest",
                    hint="restore the folder from a backup, or load the sources again",
                )

    def prune(self, keep: int, cited: set[int]) -> list[int]:
        """Remove all but the newest `keep` snapshots and those that are cited.

        Args:
            keep: at least 1; the snapshot in force always stays.
            cited: numbers that a stored answer or brief names.

        Returns:
            the removed numbers, ascending.

        Raises:
            BusyError: another process is publishing.
        """
        with self.changing():
            numbers = self.numbers()
            gone = [number for number in numbers[: -max(keep, 1)] if number not in cited]
            for number in gone:
                # renamed first: a half-removed folder must not pass for a snapshot
                doomed = self.root / f"{_REMOVING}{number}"
                self.folder(number).rename(doomed)
                shutil.rmtree(doomed)
        return gone

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Hold the lock under which snapshots are added and removed; readers need none.

        Raises:
            BusyError: another process holds it.
        """
        with file_lock(self.root / _LOCK_FILE, "another publishing"):
            yield

    def folder(self, number: int) -> Path:
        """Where the snapshot of this number lies or will lie."""
        return self.root / f"{number:06d}"

    def new_building(self, number: int) -> Path:
        """An empty folder in which snapshot `number` is built; earlier half-built ones are removed.

        Call under `changing` only.
        """
        for pattern in (_BUILDING, _REMOVING):
            for left in self.root.glob(f"{pattern}*"):
                shutil.rmtree(left)
        building = self.root / f"{_BUILDING}{number}"
        building.mkdir(parents=True)
        return building

    def put(self, building: Path, number: int) -> Snapshot:
        """Make a built snapshot the one in force: flush to disk, then one rename."""
        for path in building.iterdir():
            _flush(path)
        _flush(building)
        building.rename(self.folder(number))
        _flush(self.root)
        return self.get(number)


def sha256_of(path: Path) -> str:
    """The sha256 of a file, in hex."""
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
