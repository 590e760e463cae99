"""The schema of the system of record: brought up to date by whoever opens the warehouse.

Migrations are Alembic versions under `migrations/versions`, numbered 0001, 0002, …; `HEAD` names
the newest, so an up-to-date database costs one small query and Alembic is not even imported.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from knowledge.warehouse.lock import exclusive, writing
from leadline.errors import InputError

HEAD = "0006"
MIGRATIONS = Path(__file__).parent / "migrations"


def revision(engine: sa.Engine) -> str | None:
    """The migration at which the database stands; None where it holds no schema yet."""
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return None if found is None else str(found)


def upgrade(engine: sa.Engine) -> None:
    """Bring the database to `HEAD`, in one transaction; does nothing where it stands there.

    Raises:
        InputError: the database was written by a newer Leadline.
        BusyError: another process is changing the database.
    """
    found = revision(engine)
    if found == HEAD:
        return
    if found is not None and found > HEAD:
        raise InputError(
            f"the database {engine.url.render_as_string()} is at schema {found}, "
            f"newer than this Leadline's {HEAD}",
            hint="install the newer Leadline, or choose another data directory",
        )
    with exclusive(engine), writing(engine) as connection:
        _run(connection)


def _run(connection: sa.Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, HEAD)
