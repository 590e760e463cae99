"""Immutable numbered snapshots: publish what is loaded, pin one, verify it, let old ones go."""

from __future__ import annotations

from knowledge.warehouse.manifest import ColumnEntry, Manifest, TableEntry
from knowledge.warehouse.publish import publish
from knowledge.warehouse.snapshot_store import Snapshot, SnapshotStore

__all__ = ["ColumnEntry", "Manifest", "Snapshot", "SnapshotStore", "TableEntry", "publish"]
