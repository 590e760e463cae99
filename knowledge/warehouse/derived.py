"""What analytics computed once for a snapshot: kept beside it, read back equal.

A derived table belongs to a snapshot and to the version of the code that computed it. It can be
made again at any time, so nothing is lost with it, and nothing in it is evidence: a tool reads it,
limits it to the caller's scope, and its result is the evidence.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.warehouse.lock import file_lock
from leadline.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from knowledge.warehouse.snapshot import Snapshot

PATIENCE = 600
"""Attempts, a second or less apart, while another process computes the same table."""

_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,99}")


class DerivedStore:
    """Derived tables under `root` (which need not exist yet), one folder per snapshot."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def get(
        self, snapshot: Snapshot, name: str, version: str, compute: Callable[[], pd.DataFrame]
    ) -> pd.DataFrame:
        """The table, computed first where it is not there; two processes compute it once.

        Args:
            snapshot: what it is computed from.
            name: what it is, with its parameters; small letters, digits, `_`, `.`, `-`.
            version: of the code that computes it; another version computes anew.
            compute: makes it; must give the same rows every time.

        Raises:
            InputError: the name cannot be a file's.
            BusyError: another process computes it for too long.
        """
        import pandas as pd

        path = self.path(snapshot, name, version)
        if not path.exists():
            lock = path.with_suffix(".lock")
            with file_lock(lock, f"computing {name}", attempts=PATIENCE):
                if not path.exists():
                    self._write(path, compute())
        return pd.read_parquet(path)

    def path(self, snapshot: Snapshot, name: str, version: str) -> Path:
        """Where the table lies, or would.

        Raises:
            InputError: the name or version cannot be part of a file's name.
        """
        for part in (name, version):
            if not _NAME.fullmatch(part):
                raise InputError(f"{part!r} cannot name a derived table")
        created = re.sub(r"[^0-9a-z]", "", str(snapshot.manifest.created_at).lower())
        return self.root / f"{snapshot.number:06d}-{created}" / f"{name}-{version}.parquet"

    def prune(self, keep: set[int]) -> list[int]:
        """Remove what belongs to other snapshots than these; gives their numbers."""
        if not self.root.is_dir():
            return []
        gone = []
        for folder in sorted(self.root.iterdir()):
            number = folder.name.partition("-")[0]
            if number.isdecimal() and int(number) not in keep:
                shutil.rmtree(folder)
                gone.append(int(number))
        return gone

    @staticmethod
    def _write(path: Path, table: pd.DataFrame) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        written = path.with_suffix(f".{os.getpid()}.tmp")
        try:
            table.to_parquet(written, index=False)
            with written.open("rb") as handle:
                os.fsync(handle.fileno())
            written.replace(path)
        finally:
            written.unlink(missing_ok=True)
