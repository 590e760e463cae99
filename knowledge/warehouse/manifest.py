"""What a snapshot holds and how to prove it: the manifest beside its Parquet files."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict

MANIFEST_FILE = "manifest.json"
_FROZEN = ConfigDict(extra="forbid", frozen=True)


class ColumnEntry(BaseModel):
    """One column of a file: DuckDB type, number of nulls, and the range of dates."""

    model_config = _FROZEN

    type: str
    nulls: int
    min: date | None = None
    max: date | None = None


class TableEntry(BaseModel):
    """One Parquet file. `recipe` is the hash of all but the rows that decides its content."""

    model_config = _FROZEN

    file: str
    sha256: str
    bytes: int
    rows: int
    columns: dict[str, ColumnEntry]
    recipe: str


class Manifest(BaseModel):
    """One snapshot.

    `batch_ids` are all loads whose rows it holds, `state` their fingerprint: ids alone would repeat
    in a database that was started afresh. `layout` is the fingerprint of how tables are made; a
    newer Leadline may make them otherwise. `currency` is null where orders or opportunities bear
    several, or none.
    """

    model_config = _FROZEN

    number: int
    created_at: datetime
    batch_ids: tuple[int, ...]
    state: str
    layout: str = ""
    as_of: date
    currency: str | None
    previous: int | None
    tables: dict[str, TableEntry]
    seal: str = ""
    """sha256 over all other fields; a changed manifest does not match it."""

    def sealed(self) -> Manifest:
        """The same manifest with its seal."""
        return self.model_copy(update={"seal": self._digest()})

    def _digest(self) -> str:
        return _digest(json.loads(self.model_dump_json(exclude={"seal"})))


def is_sealed(text: bytes) -> bool:
    """Whether the seal in a manifest file fits what the file says.

    Taken over the file's own fields, so a manifest of an earlier version with fewer fields holds.
    """
    body = json.loads(text)
    seal = body.pop("seal", None)
    return bool(seal == _digest(body))


def _digest(body: dict[str, object]) -> str:
    plain = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()
