"""Column types that lose nothing, and engines, on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadline.database import ExactDecimal, UtcDateTime, make_engine
from leadline.errors import InputError

METADATA = sa.MetaData()
VALUES = sa.Table(
    "kept",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("amount", ExactDecimal()),
    sa.Column("moment", UtcDateTime()),
)
LARGEST = Decimal("99999999999999.9999")


@pytest.fixture
def kept(bare_engine: sa.Engine) -> sa.Engine:
    METADATA.create_all(bare_engine)
    return bare_engine


def stored(engine: sa.Engine, column: str, value: object) -> object:
    """The value after a journey through the database."""
    with engine.begin() as connection:
        connection.execute(sa.delete(VALUES))
        connection.execute(sa.insert(VALUES), {column: value})
        found: object = connection.scalar(sa.select(VALUES.c[column]))
    return found


PROPERTY = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


class TestExactDecimal:
    @PROPERTY
    @given(amount=st.decimals(-LARGEST, LARGEST, places=4))
    def test_four_places_come_back_exactly(self, kept: sa.Engine, amount: Decimal) -> None:
        found = stored(kept, "amount", amount)
        assert found == amount
        assert isinstance(found, Decimal)

    @pytest.mark.parametrize(
        ("written", "kept_as"),
        [
            ("0.00005", "0"),  # half to even
            ("0.00015", "0.0002"),
            ("0.000051", "0.0001"),
            ("-0.00015", "-0.0002"),
            ("1E+3", "1000"),
        ],
    )
    def test_both_databases_round_alike(self, kept: sa.Engine, written: str, kept_as: str) -> None:
        assert stored(kept, "amount", Decimal(written)) == Decimal(kept_as)

    def test_nothing_stays_nothing(self, kept: sa.Engine) -> None:
        assert stored(kept, "amount", None) is None

    def test_sums_and_comparisons_are_exact(self, kept: sa.Engine) -> None:
        with kept.begin() as connection:
            connection.execute(
                sa.insert(VALUES), [{"amount": Decimal("0.1")}, {"amount": Decimal("0.2")}]
            )
            total = connection.scalar(sa.select(sa.func.sum(VALUES.c.amount, type_=ExactDecimal())))
            small = connection.scalars(
                sa.select(VALUES.c.amount).where(VALUES.c.amount < Decimal("0.15"))
            ).all()
        assert total == Decimal("0.3000")
        assert small == [Decimal("0.1000")]


class TestUtcDateTime:
    @PROPERTY
    @given(
        moment=st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001 - zone drawn below
        hours=st.integers(-12, 14),
    )
    def test_the_instant_comes_back_in_utc(
        self, kept: sa.Engine, moment: datetime, hours: int
    ) -> None:
        zoned = moment.replace(tzinfo=timezone(timedelta(hours=hours)))
        found = stored(kept, "moment", zoned)
        assert found == zoned
        assert isinstance(found, datetime)
        assert found.tzinfo is UTC

    def test_an_instant_without_zone_is_refused(self, kept: sa.Engine) -> None:
        naive = datetime(2026, 3, 1)  # noqa: DTZ001 - that is the point
        with pytest.raises(sa.exc.StatementError, match="has no timezone"):
            stored(kept, "moment", naive)

    def test_instants_sort_as_time_does(self, kept: sa.Engine) -> None:
        # 09:00 in Shanghai comes before 02:00 UTC on the same day
        shanghai = datetime(2026, 3, 1, 9, tzinfo=timezone(timedelta(hours=8)))
        utc = datetime(2026, 3, 1, 2, tzinfo=UTC)
        with kept.begin() as connection:
            connection.execute(sa.insert(VALUES), [{"moment": utc}, {"moment": shanghai}])
            ordered = connection.scalars(sa.select(VALUES.c.moment).order_by(VALUES.c.moment)).all()
        assert ordered == [shanghai, utc]


class TestMakeEngine:
    def test_makes_the_folder_and_a_careful_sqlite(self, tmp_path: Path) -> None:
        engine = make_engine(f"sqlite:///{tmp_path / 'new' / 'leadline.db'}")
        with engine.connect() as connection:
            settings_of = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            }
        engine.dispose()
        assert settings_of == {
            "journal_mode": "wal",
            "synchronous": 2,
            "foreign_keys": 1,
            "busy_timeout": 30000,
        }

    def test_speaks_to_postgresql_by_psycopg_3(self) -> None:
        engine = make_engine("postgresql://someone@localhost/leadline")
        assert engine.driver == "psycopg"

    def test_refuses_what_it_does_not_know(self) -> None:
        with pytest.raises(InputError, match="'mysql' is not supported"):
            make_engine("mysql://localhost/x")

    def test_does_not_repeat_a_broken_url_with_its_password(self) -> None:
        with pytest.raises(InputError) as caught:
            make_engine("postgresql:/someone:secret@localhost")
        assert "secret" not in str(caught.value)
