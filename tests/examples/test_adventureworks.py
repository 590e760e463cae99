"""AdventureWorks: the first real input loads whole, exactly, and again without a change."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from knowledge.warehouse.load import load_batch
from knowledge.warehouse.report import LoadReport
from knowledge.warehouse.tables import BY_NAME
from leadline.database import make_engine
from tests.paths import REPOSITORY, SHARED_DATA, needs_data
from tools.erp.files import read_source
from tools.erp.mapping import Mapping, load_mapping

SOURCE = SHARED_DATA / "adventureworks"
pytestmark = [pytest.mark.data, pytest.mark.slow, needs_data("adventureworks")]

FILES = {
    # inserted, and merged: rows of the file that repeat another's key
    "region": (10, 0),
    "territory": (71, 584),
    "partner": (701, 0),
    "product": (504, 102),
    "salesperson": (17, 61_001),
    "promotion": (16, 0),
    "sales_order": (3_796, 57_059),
    "order_line": (60_855, 0),
    "target": (163, 0),
    "inventory_snapshot": (776_286, 0),
}


@pytest.fixture(scope="module")
def mapping() -> Mapping:
    return load_mapping(REPOSITORY / "examples" / "adventureworks" / "mapping.yaml")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    engine = make_engine(f"sqlite:///{tmp_path_factory.mktemp('aw') / 'leadline.db'}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def report(engine: sa.Engine, mapping: Mapping) -> LoadReport:
    return load_batch(engine, read_source(SOURCE, mapping))


def value(engine: sa.Engine, query: sa.Select) -> object:
    with engine.connect() as connection:
        return connection.execute(query).scalar()


class TestTheFirstLoad:
    def test_counts(self, report: LoadReport) -> None:
        found = {t.table: (t.counts.inserted, t.tally.merged) for t in report.tables}
        assert found == FILES
        assert (report.rejected, report.errors) == (0, 0)

    def test_the_placeholder_region_is_left_out(self, report: LoadReport) -> None:
        regions = next(t for t in report.tables if t.table == "region")
        assert regions.tally.filtered == 1

    def test_two_resellers_of_one_name_are_kept_apart_and_told(self, report: LoadReport) -> None:
        assert [(n.code, n.values["name"]) for n in report.notices] == [
            ("shared_name", "Friendly Bike Shop"),
            ("shared_name", "Sports Products Store"),
        ]

    def test_the_amount_is_exact(self, engine: sa.Engine, report: LoadReport) -> None:
        amount = BY_NAME["order_line"].c.amount
        assert report.status == "loaded"
        assert value(engine, sa.select(sa.func.sum(amount))) == Decimal("80450596.9823")

    def test_635_resellers_ordered(self, engine: sa.Engine, report: LoadReport) -> None:
        partner = BY_NAME["sales_order"].c.partner_id
        assert report.status == "loaded"
        assert value(engine, sa.select(sa.func.count(partner.distinct()))) == 635

    def test_currencies_are_as_stored(self, engine: sa.Engine, report: LoadReport) -> None:
        currency = BY_NAME["sales_order"].c.currency
        assert report.status == "loaded"
        with engine.connect() as connection:
            found = set(connection.scalars(sa.select(currency).distinct()))
        assert found == {"USD", "CAD", "GBP", "EUR", "AUD"}

    def test_the_latest_price_period_of_a_product_counts(
        self, engine: sa.Engine, report: LoadReport
    ) -> None:
        product = BY_NAME["product"].c
        assert report.status == "loaded"
        query = sa.select(product.list_price).where(product.sku == "FR-M94B-46")
        # 1191.1739 from July 2011, 1226.9091 from July 2012, 1349.60 from July 2013
        assert value(engine, query) == Decimal("1349.6000")


class TestLoadingAgain:
    def test_the_same_files_change_nothing(
        self, engine: sa.Engine, mapping: Mapping, report: LoadReport
    ) -> None:
        again = load_batch(engine, read_source(SOURCE, mapping))
        assert (report.status, again.status) == ("loaded", "unchanged")

    def test_read_afresh_every_row_is_the_same(
        self, engine: sa.Engine, mapping: Mapping, report: LoadReport, tmp_path: Path
    ) -> None:
        """Another byte in an unused corner of a file: all rows are compared, none differs."""
        for path in SOURCE.glob("*.parquet"):
            if path.name != "FactProductInventory.parquet":  # 776,286 rows prove no more
                (tmp_path / path.name).symlink_to(path)
        text = (REPOSITORY / "examples" / "adventureworks" / "mapping.yaml").read_text("utf-8")
        short = tmp_path / "mapping.yaml"
        short.write_text(text[: text.index("  - file: FactProductInventory")], encoding="utf-8")
        again = load_batch(engine, read_source(tmp_path, load_mapping(short)))
        assert (report.status, again.status) == ("loaded", "loaded")
        assert (again.inserted, again.updated, again.rejected) == (0, 0, 0)
        assert again.unchanged == sum(n for t, (n, _) in FILES.items() if t != "inventory_snapshot")


def test_a_broken_file_changes_nothing(tmp_path: Path, mapping: Mapping) -> None:
    from leadline.errors import SourceFileError

    for path in SOURCE.glob("*.parquet"):
        (tmp_path / path.name).symlink_to(path)
    broken = tmp_path / "FactResellerSales.parquet"
    broken.unlink()
    shutil.copyfile(SOURCE / broken.name, broken)
    with broken.open("r+b") as file:  # the footer is intact, a page in the middle is not
        file.seek(200_000)
        file.write(b"\x00" * 50_000)
    (tmp_path / "FactProductInventory.parquet").unlink()
    text = (REPOSITORY / "examples" / "adventureworks" / "mapping.yaml").read_text("utf-8")
    short = tmp_path / "mapping.yaml"
    short.write_text(text[: text.index("  - file: FactProductInventory")], encoding="utf-8")
    engine = make_engine(f"sqlite:///{tmp_path / 'leadline.db'}")
    with pytest.raises(SourceFileError, match="cannot be read as Parquet"):
        load_batch(engine, read_source(tmp_path, load_mapping(short)))
    for table in ("region", "partner", "import_batch"):
        query = sa.select(sa.func.count()).select_from(sa.table(table))
        assert value(engine, query) == 0
    engine.dispose()
