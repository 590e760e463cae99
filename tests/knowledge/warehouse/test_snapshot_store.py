"""The store of snapshots: the highest complete number counts, damage is found, cited ones stay."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from knowledge.warehouse.lock import file_lock
from knowledge.warehouse.manifest import MANIFEST_FILE, ColumnEntry, Manifest, TableEntry
from knowledge.warehouse.snapshot import SnapshotStore
from knowledge.warehouse.snapshot_store import sha256_of
from leadline.errors import BusyError, IntegrityError, NotFoundError, NotReadyError


@pytest.fixture
def store(tmp_path: Path) -> SnapshotStore:
    return SnapshotStore(tmp_path / "snapshots")


def put(store: SnapshotStore, number: int) -> None:
    """A snapshot with one file, put in place as the publisher does."""
    with store.changing():
        building = store.new_building(number)
        file = building / "region.parquet"
        file.write_bytes(b"rows of %d" % number)
        entry = TableEntry(
            file=file.name,
            sha256=sha256_of(file),
            bytes=file.stat().st_size,
            rows=1,
            columns={"id": ColumnEntry(type="INTEGER", nulls=0)},
            recipe="r",
        )
        manifest = Manifest(
            number=number,
            created_at=datetime(2026, 3, 1, tzinfo=UTC),
            batch_ids=(1,),
            state="s",
            as_of=date(2026, 2, 28),
            currency="CNY",
            previous=None,
            tables={"region": entry},
        ).sealed()
        (building / MANIFEST_FILE).write_text(manifest.model_dump_json(), encoding="utf-8")
        store.put(building, number)


class TestCurrent:
    def test_nothing_published_is_not_ready(self, store: SnapshotStore) -> None:
        with pytest.raises(NotReadyError, match="leadline load"):
            store.current()
        assert store.all() == []

    def test_the_highest_number_is_in_force(self, store: SnapshotStore) -> None:
        for number in (9, 10, 8):
            put(store, number)
        current = store.current()
        assert (current.number, current.as_of) == (10, date(2026, 2, 28))
        assert current.table_path("region") == store.root / "000010" / "region.parquet"
        assert [snapshot.number for snapshot in store.all()] == [8, 9, 10]

    def test_what_is_not_complete_does_not_count(self, store: SnapshotStore) -> None:
        put(store, 1)
        (store.root / "000002").mkdir()
        (store.root / ".building-3").mkdir()
        (store.root / "notes").mkdir()
        assert store.current().number == 1

    def test_an_unknown_number_is_not_found(self, store: SnapshotStore) -> None:
        put(store, 1)
        with pytest.raises(NotFoundError, match=r"no snapshot 2 under .* \(newest: 1\)"):
            store.get(2)


class TestIntegrity:
    def test_an_intact_snapshot_verifies(self, store: SnapshotStore) -> None:
        put(store, 1)
        store.verify(1)

    def test_a_changed_byte_is_found(self, store: SnapshotStore) -> None:
        put(store, 1)
        (store.root / "000001" / "region.parquet").write_bytes(b"rows of 2")
        with pytest.raises(IntegrityError, match=r"region\.parquet differs"):
            store.verify(1)

    def test_a_missing_file_is_found(self, store: SnapshotStore) -> None:
        put(store, 1)
        (store.root / "000001" / "region.parquet").unlink()
        with pytest.raises(IntegrityError, match="missing"):
            store.verify(1)

    def test_a_changed_manifest_is_refused(self, store: SnapshotStore) -> None:
        put(store, 1)
        path = store.root / "000001" / MANIFEST_FILE
        data = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps({**data, "as_of": "2026-03-31"}), encoding="utf-8")
        with pytest.raises(IntegrityError, match="was changed"):
            store.current()

    def test_a_copied_folder_is_refused_under_another_number(self, store: SnapshotStore) -> None:
        put(store, 1)
        (store.root / "000001").rename(store.root / "000002")
        with pytest.raises(IntegrityError, match="was changed"):
            store.get(2)

    def test_rubbish_is_refused(self, store: SnapshotStore) -> None:
        put(store, 1)
        (store.root / "000001" / MANIFEST_FILE).write_text("{", encoding="utf-8")
        with pytest.raises(IntegrityError, match="is no manifest"):
            store.current()


class TestPrune:
    def test_keeps_the_newest_and_the_cited(self, store: SnapshotStore) -> None:
        for number in range(1, 7):
            put(store, number)
        assert store.prune(2, {1, 3, 99}) == [2, 4]
        assert store.numbers() == [1, 3, 5, 6]
        store.verify(3)

    def test_the_one_in_force_always_stays(self, store: SnapshotStore) -> None:
        put(store, 1)
        put(store, 2)
        assert store.prune(0, set()) == [1]
        assert store.numbers() == [2]

    def test_a_half_removed_one_is_not_seen_and_is_cleaned_later(
        self, store: SnapshotStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put(store, 1)
        put(store, 2)
        monkeypatch.setattr(shutil, "rmtree", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            store.prune(1, set())
        monkeypatch.undo()
        assert store.numbers() == [2]
        put(store, 3)
        assert sorted(p.name for p in store.root.iterdir() if p.is_dir()) == ["000002", "000003"]

    def test_waits_for_a_publishing(
        self, store: SnapshotStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from knowledge.warehouse import lock

        monkeypatch.setattr(lock, "retrying", lambda call, **_: call())
        with store.changing(), pytest.raises(BusyError, match="another publishing is running"):
            store.prune(1, set())


class TestFileLock:
    def test_names_the_process_that_holds_it(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        import os

        from knowledge.warehouse import lock

        monkeypatch.setattr(lock, "retrying", lambda call, **_: call())
        path = tmp_path / "x.lock"
        holder = rf"process {os.getpid()} holds"
        with file_lock(path, "another load"), pytest.raises(BusyError, match=holder):
            file_lock(path, "another load").__enter__()
        with file_lock(path, "another load"):
            assert path.read_text(encoding="utf-8") == str(os.getpid())
