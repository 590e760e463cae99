from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from evals import instances
from evals.cases import DATASETS
from evals.gold.sources import content_hash
from evals.instances import CHANNEL_MAPPING, Skipped, mapping_path, prepare
from leadline.errors import InputError
from leadline.settings import Settings
from tests.paths import REPOSITORY

MAPPING = """
source: sheet
files:
  - file: partners.csv
    tables:
      partner:
        columns:
          ext_id: code
          name: name
"""


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data set `crm_pipeline` of two partners, with a mapping of its own."""
    folder = tmp_path / "shared" / "crm_pipeline"
    folder.mkdir(parents=True)
    (folder / "partners.csv").write_text("code,name\n1,A\n2,B\n", encoding="utf-8")
    mapping = tmp_path / "mapping" / "mapping.yaml"
    mapping.parent.mkdir()
    mapping.write_text(MAPPING, encoding="utf-8")
    (mapping.parent / "leadline.yaml").write_text("name: Test\n", encoding="utf-8")
    monkeypatch.setattr(instances, "mapping_path", lambda _dataset: mapping)
    monkeypatch.setattr(instances, "hash_path", lambda _dataset: tmp_path / "gold.sha256")
    gold_is_current(tmp_path)
    return folder


def gold_is_current(tmp_path: Path) -> None:
    content = content_hash(tmp_path / "shared" / "crm_pipeline")
    (tmp_path / "gold.sha256").write_text(content + "\n", encoding="utf-8")


def prepared(tmp_path: Path) -> Settings:
    found = prepare("crm_pipeline", tmp_path / "evals", shared=tmp_path / "shared")
    assert isinstance(found, Settings)
    return found


class TestPreparing:
    def test_loads_publishes_and_takes_over_the_words(self, source: Path, tmp_path: Path) -> None:
        settings = prepared(tmp_path)
        assert settings.instance.name == "Test"
        assert (settings.snapshot_dir / "000001" / "partner.parquet").is_file()

    def test_a_second_time_nothing_is_loaded(self, source: Path, tmp_path: Path) -> None:
        first = prepared(tmp_path)
        assert prepared(tmp_path) == first
        assert not (first.snapshot_dir / "000002").exists()

    def test_other_sources_make_another_instance(self, source: Path, tmp_path: Path) -> None:
        first = prepared(tmp_path)
        (source / "partners.csv").write_text("code,name\n2,B\n", encoding="utf-8")
        gold_is_current(tmp_path)
        second = prepared(tmp_path)
        assert second.data_dir != first.data_dir
        assert not first.data_dir.exists()

    def test_figures_of_other_sources_are_refused(self, source: Path, tmp_path: Path) -> None:
        (source / "partners.csv").write_text("code,name\n2,B\n", encoding="utf-8")
        with pytest.raises(InputError, match="computed from other source files"):
            prepared(tmp_path)
        assert not (tmp_path / "evals" / "instances").exists()

    def test_the_served_database_is_left_alone(
        self, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        served = tmp_path / "served.db"
        monkeypatch.setenv("LEADLINE_DATABASE_URL", f"sqlite:///{served}")
        monkeypatch.setenv("LEADLINE_DATA_DIR", str(tmp_path / "served"))
        settings = prepared(tmp_path)
        assert str(settings.data_dir) in settings.database_url
        assert not served.exists()


class TestSkipping:
    def test_sources_that_are_absent(self, tmp_path: Path) -> None:
        found = prepare("crm_pipeline", tmp_path / "evals", shared=tmp_path / "nowhere")
        assert isinstance(found, Skipped)
        assert str(tmp_path / "nowhere" / "crm_pipeline") in found.reason

    def test_a_mapping_that_is_absent(self, source: Path, tmp_path: Path) -> None:
        shutil.rmtree(tmp_path / "mapping")
        found = prepare("crm_pipeline", tmp_path / "evals", shared=tmp_path / "shared")
        assert isinstance(found, Skipped)
        assert "mapping" in found.reason


class TestMappings:
    @pytest.mark.parametrize("dataset", DATASETS)
    def test_each_golden_set_has_one_in_the_repository(self, dataset: str) -> None:
        assert mapping_path(dataset).is_relative_to(REPOSITORY)
        assert mapping_path(dataset).is_file()

    def test_the_channel_brings_its_own(self) -> None:
        assert mapping_path("channel") == CHANNEL_MAPPING
