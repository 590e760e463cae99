"""Derived tables: computed once per snapshot and version, read back equal, made again at will."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest

from knowledge.warehouse.derived import DerivedStore
from knowledge.warehouse.manifest import Manifest
from knowledge.warehouse.snapshot import Snapshot
from leadline.errors import InputError


def snapshot(number: int = 1, *, minute: int = 0) -> Snapshot:
    manifest = Manifest(
        number=number,
        created_at=datetime(2026, 3, 1, 12, minute, tzinfo=UTC),
        batch_ids=(1,),
        state="s",
        as_of=date(2026, 2, 28),
        currency="CNY",
        previous=None,
        tables={},
    )
    return Snapshot(number, Path("nowhere"), manifest)


class Counting:
    """Makes a table and counts how often it was asked to."""

    def __init__(self, value: float = 1.5) -> None:
        self.calls = 0
        self.value = value

    def __call__(self) -> pd.DataFrame:
        self.calls += 1
        return pd.DataFrame(
            {
                "partner_id": [1, 2],
                "value": [self.value, float("nan")],
                "since": [pd.Timestamp(2026, 1, 1), pd.NaT],
                "segment": ["stable", None],
            }
        )


@pytest.fixture
def store(tmp_path: Path) -> DerivedStore:
    return DerivedStore(tmp_path / "derived")


class TestOnce:
    def test_the_second_time_it_is_read(self, store: DerivedStore) -> None:
        make = Counting()
        first = store.get(snapshot(), "profile-12", "1", make)
        second = store.get(snapshot(), "profile-12", "1", make)
        assert make.calls == 1
        pd.testing.assert_frame_equal(first, second)

    def test_what_is_read_equals_what_was_computed(self, store: DerivedStore) -> None:
        make = Counting()
        read = store.get(snapshot(), "profile-12", "1", make)
        pd.testing.assert_frame_equal(read, make(), check_dtype=False)
        assert read["value"].isna().tolist() == [False, True]
        assert read["segment"].isna().tolist() == [False, True]

    def test_another_store_on_the_same_folder_reads_it(self, store: DerivedStore) -> None:
        make = Counting()
        store.get(snapshot(), "profile-12", "1", make)
        DerivedStore(store.root).get(snapshot(), "profile-12", "1", make)
        assert make.calls == 1

    @pytest.mark.parametrize(
        ("name", "version", "number", "minute"),
        [
            ("profile-6", "1", 1, 0),
            ("profile-12", "2", 1, 0),
            ("profile-12", "1", 2, 0),
            ("profile-12", "1", 1, 1),  # the same number in a database that was started afresh
        ],
    )
    def test_another_one_is_computed(
        self, store: DerivedStore, name: str, version: str, number: int, minute: int
    ) -> None:
        old, new = Counting(1.5), Counting(2.5)
        store.get(snapshot(), "profile-12", "1", old)
        found = store.get(snapshot(number, minute=minute), name, version, new)
        assert new.calls == 1
        assert found["value"].iloc[0] == 2.5

    def test_two_at_once_compute_it_once(self, store: DerivedStore) -> None:
        make, gate = Counting(), threading.Barrier(2)
        found: list[pd.DataFrame] = []

        def ask() -> None:
            gate.wait()
            found.append(store.get(snapshot(), "profile-12", "1", make))

        askers = [threading.Thread(target=ask) for _ in range(2)]
        for asker in askers:
            asker.start()
        for asker in askers:
            asker.join()
        assert make.calls == 1
        pd.testing.assert_frame_equal(found[0], found[1])


class TestFailure:
    def test_what_could_not_be_computed_is_not_kept(self, store: DerivedStore) -> None:
        def broken() -> pd.DataFrame:
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            store.get(snapshot(), "profile-12", "1", broken)
        make = Counting()
        store.get(snapshot(), "profile-12", "1", make)
        assert make.calls == 1

    def test_what_could_not_be_written_leaves_nothing(self, store: DerivedStore) -> None:
        def unwritable() -> pd.DataFrame:
            return pd.DataFrame({"value": [1, "one"]})  # no Parquet column holds both

        with pytest.raises(Exception, match="value"):
            store.get(snapshot(), "profile-12", "1", unwritable)
        assert not list(store.root.rglob("*.parquet"))
        assert not list(store.root.rglob("*.tmp"))


class TestNames:
    @pytest.mark.parametrize("name", ["", "../evil", "Profile", "a/b", "-a", "a" * 101])
    def test_only_what_can_be_a_file(self, store: DerivedStore, name: str) -> None:
        with pytest.raises(InputError, match="cannot name"):
            store.path(snapshot(), name, "1")

    def test_a_version_likewise(self, store: DerivedStore) -> None:
        with pytest.raises(InputError, match="cannot name"):
            store.path(snapshot(), "profile", "1/2")

    def test_it_stays_under_the_root(self, store: DerivedStore) -> None:
        path = store.path(snapshot(7), "profile-12", "1")
        assert path.name == "profile-12-1.parquet"
        assert path.parent.parent == store.root
        assert path.parent.name.startswith("000007-")


class TestPruning:
    def test_only_kept_snapshots_stay(self, store: DerivedStore) -> None:
        for number in (1, 2, 3):
            store.get(snapshot(number), "profile-12", "1", Counting())
        assert store.prune({2}) == [1, 3]
        assert [f.name[:6] for f in store.root.iterdir()] == ["000002"]

    def test_nothing_there_is_nothing_to_do(self, store: DerivedStore) -> None:
        assert store.prune({1}) == []

    def test_a_stranger_in_the_folder_stays(self, store: DerivedStore) -> None:
        (store.root / "notes").mkdir(parents=True)
        assert store.prune(set()) == []
        assert (store.root / "notes").exists()
