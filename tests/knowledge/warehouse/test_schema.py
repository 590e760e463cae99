"""Migrations bring any database to exactly the tables that the code knows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from knowledge.warehouse.schema import HEAD, MIGRATIONS, revision, upgrade
from knowledge.warehouse.tables import METADATA
from leadline.errors import BusyError, InputError
from tests.conftest import Backend


def differences(engine: sa.Engine) -> list[Any]:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found: list[Any] = compare_metadata(context, METADATA)
    return found


class TestMigratedSchema:
    def test_equals_the_tables(self, bare_engine: sa.Engine) -> None:
        upgrade(bare_engine)
        assert differences(bare_engine) == []

    def test_a_missing_column_would_be_noticed(self, bare_engine: sa.Engine) -> None:
        upgrade(bare_engine)
        with bare_engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE region DROP COLUMN owner")
        assert [found[0] for found in differences(bare_engine)] == ["add_column"]

    def test_names_constraints_as_the_tables_do(self, bare_engine: sa.Engine) -> None:
        # compare_metadata does not look at the names of primary and foreign keys
        upgrade(bare_engine)
        inspector = sa.inspect(bare_engine)
        for table in METADATA.sorted_tables:
            assert inspector.get_pk_constraint(table.name)["name"] == f"pk_{table.name}"
            found = {key["name"] for key in inspector.get_foreign_keys(table.name)}
            expected = {
                f"fk_{table.name}_{column.name}_{key.column.table.name}"
                for column in table.c
                for key in column.foreign_keys
            }
            assert found == expected

    def test_nullable_and_unique_agree(self, bare_engine: sa.Engine) -> None:
        upgrade(bare_engine)
        inspector = sa.inspect(bare_engine)
        for table in METADATA.sorted_tables:
            found = {
                column["name"]: column["nullable"] for column in inspector.get_columns(table.name)
            }
            assert found == {column.name: bool(column.nullable) for column in table.c}
            unique = {
                tuple(c["column_names"]) for c in inspector.get_unique_constraints(table.name)
            }
            declared = {
                tuple(column.name for column in constraint.columns)
                for constraint in table.constraints
                if isinstance(constraint, sa.UniqueConstraint)
            }
            assert unique == declared


class TestUpgrade:
    def test_says_where_the_database_stands(self, bare_engine: sa.Engine) -> None:
        assert revision(bare_engine) is None
        upgrade(bare_engine)
        assert revision(bare_engine) == HEAD

    def test_again_changes_nothing(self, bare_engine: sa.Engine) -> None:
        upgrade(bare_engine)
        with bare_engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE witness (x INTEGER)")
        upgrade(bare_engine)
        assert sa.inspect(bare_engine).has_table("witness")

    def test_refuses_a_newer_database(self, bare_engine: sa.Engine) -> None:
        upgrade(bare_engine)
        with bare_engine.begin() as connection:
            connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        with pytest.raises(InputError, match=r"schema 9999, newer than this Leadline's"):
            upgrade(bare_engine)

    def test_failing_leaves_no_table_behind(
        self, bare_engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with bare_engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE tender (x INTEGER)")
        with pytest.raises(sa.exc.DBAPIError, match="tender"):
            upgrade(bare_engine)
        assert sa.inspect(bare_engine).get_table_names() == ["tender"]

    def test_waits_for_nobody_that_holds_the_lock(
        self, bare_engine: sa.Engine, backend: Backend, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from knowledge.warehouse import lock

        monkeypatch.setattr(lock, "retrying", lambda call, **_: call())
        with lock.exclusive(bare_engine), pytest.raises(BusyError):
            upgrade(bare_engine)

    def test_downgrades_to_nothing(self, bare_engine: sa.Engine) -> None:
        from alembic import command
        from alembic.config import Config

        upgrade(bare_engine)
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        with bare_engine.begin() as connection:
            config.attributes["connection"] = connection
            command.downgrade(config, "base")
        assert sa.inspect(bare_engine).get_table_names() == ["alembic_version"]


class TestVersions:
    def test_head_is_the_last_file_and_the_chain_is_whole(self) -> None:
        files = sorted(Path(MIGRATIONS, "versions").glob("[0-9]*.py"))
        numbers = [path.name[:4] for path in files]
        assert numbers[-1] == HEAD
        assert numbers == [f"{n:04d}" for n in range(1, len(files) + 1)]
        for path, number, before in zip(files, numbers, [None, *numbers], strict=False):
            text = path.read_text(encoding="utf-8")
            assert re.search(rf'^revision = "{number}"$', text, re.MULTILINE)
            wanted = "None" if before is None else f'"{before}"'
            assert re.search(rf"^down_revision = {wanted}$", text, re.MULTILINE)
