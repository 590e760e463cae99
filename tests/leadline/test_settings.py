"""Settings: two sources, each error names the variable or the field."""

from __future__ import annotations

from pathlib import Path

import pytest

from leadline.access import LOCAL_OWNER, Scope
from leadline.errors import InputError, NotFoundError
from leadline.settings import INSTANCE_FILE, Instance, read_settings
from leadline.types import Language


def write(folder: Path, text: str) -> Path:
    (folder / INSTANCE_FILE).write_text(text, encoding="utf-8")
    return folder


class TestEnvironment:
    def test_defaults_stand_beside_the_working_folder(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        settings = read_settings(environ={})
        assert settings.data_dir == tmp_path / ".leadline"
        assert settings.database_url == f"sqlite:///{tmp_path}/.leadline/leadline.db"
        assert settings.snapshot_dir == tmp_path / ".leadline" / "snapshots"
        assert (settings.row_cap, settings.duckdb_threads) == (1000, None)
        assert settings.instance == Instance()

    def test_variables_are_read(self, tmp_path: Path) -> None:
        settings = read_settings(
            environ={
                "LEADLINE_DATA_DIR": str(tmp_path),
                "LEADLINE_DATABASE_URL": "postgresql://db/leadline",
                "LEADLINE_ROW_CAP": "50",
                "LEADLINE_DUCKDB_THREADS": "2",
                "LEADLINE_LANGUAGE": "zh",
            }
        )
        assert settings.data_dir == tmp_path
        assert settings.database_url == "postgresql://db/leadline"
        assert (settings.row_cap, settings.duckdb_threads) == (50, 2)
        assert settings.language is Language.ZH

    def test_a_given_folder_wins(self, tmp_path: Path) -> None:
        settings = read_settings(tmp_path / "a", {"LEADLINE_DATA_DIR": "/elsewhere"})
        assert settings.data_dir == tmp_path / "a"

    @pytest.mark.parametrize("value", ["0", "-1", "many", "1.5"])
    def test_a_bad_number_is_named(self, value: str) -> None:
        with pytest.raises(InputError, match=rf"LEADLINE_ROW_CAP='{value}'"):
            read_settings(environ={"LEADLINE_ROW_CAP": value})

    def test_the_locale_chooses_the_language(self) -> None:
        assert read_settings(environ={"LANG": "zh_CN.UTF-8"}).language is Language.ZH
        assert read_settings(environ={"LANG": "en_GB.UTF-8"}).language is Language.EN
        assert read_settings(environ={"LC_ALL": "C", "LANG": "zh_CN"}).language is Language.EN
        with pytest.raises(InputError, match="LEADLINE_LANGUAGE='fr'"):
            read_settings(environ={"LEADLINE_LANGUAGE": "fr"})


class TestInstanceFile:
    def test_is_read(self, tmp_path: Path) -> None:
        text = "name: 云链\nsynonyms:\n  metric:amount: [流水, 盘子]\nkeep_snapshots: 3\n"
        instance = read_settings(write(tmp_path, text), {}).instance
        assert (instance.name, instance.keep_snapshots) == ("云链", 3)
        assert instance.synonyms == {"metric:amount": ("流水", "盘子")}

    def test_may_be_empty(self, tmp_path: Path) -> None:
        assert read_settings(write(tmp_path, ""), {}).instance == Instance()

    @pytest.mark.parametrize(
        ("text", "named"),
        [
            ("colour: red\n", "colour: Extra inputs"),
            ("keep_snapshots: 0\n", "keep_snapshots: Input should be greater"),
            ("users:\n  王伟:\n    region: [华东]\n", r"users\.王伟\.region: Extra inputs"),
            ("a: [\n", "is not valid YAML"),
        ],
    )
    def test_a_mistake_is_named_with_file_and_field(
        self, tmp_path: Path, text: str, named: str
    ) -> None:
        with pytest.raises(InputError, match=rf"leadline\.yaml.*{named}"):
            read_settings(write(tmp_path, text), {})


class TestPrincipals:
    USERS = """
        users:
          王伟: {regions: [华东]}
          李敏: {roles: [admin]}
          none: {partners: []}
    """

    def test_nobody_named_is_the_owner(self, tmp_path: Path) -> None:
        assert read_settings(tmp_path, {}).principal(None) == LOCAL_OWNER

    def test_limits_come_from_the_file(self, tmp_path: Path) -> None:
        settings = read_settings(write(tmp_path, self.USERS), {})
        assert settings.principal("王伟").scope == Scope(regions=frozenset({"华东"}))
        assert settings.principal("王伟").roles == {"manager"}
        assert settings.principal("李敏").scope.unlimited
        # an empty list is a limit: nothing
        assert settings.principal("none").scope == Scope(partners=frozenset())

    def test_an_unknown_user_is_not_the_owner(self, tmp_path: Path) -> None:
        settings = read_settings(write(tmp_path, self.USERS), {})
        with pytest.raises(NotFoundError, match=r"no user 'x' in .* \(known: none, 李敏, 王伟\)"):
            settings.principal("x")
