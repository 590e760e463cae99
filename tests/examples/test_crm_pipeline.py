"""The CRM sample loads as accounts and opportunities, its typos mended."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

import pandas as pd
import pytest

from tests.paths import REPOSITORY, SHARED_DATA, needs_data
from tests.tools.erp.reading import Collected, read

SOURCE = SHARED_DATA / "crm_pipeline"
pytestmark = [pytest.mark.data, needs_data("crm_pipeline")]


@pytest.fixture(scope="module")
def tables() -> dict[str, Collected]:
    path = REPOSITORY / "examples" / "crm_pipeline" / "mapping.yaml"
    return read(SOURCE, path.read_text(encoding="utf-8"))


def test_counts_and_no_bad_rows(tables: dict[str, Collected]) -> None:
    assert {name: len(table.rows) for name, table in tables.items()} == {
        "region": 3,
        "product": 7,
        "customer": 85,
        "salesperson": 35,
        "opportunity": 6_711,
    }
    assert [error for table in tables.values() for error in table.errors] == []


def test_spellings_are_mended(tables: dict[str, Collected]) -> None:
    assert "technology" in tables["customer"].column("industry")
    assert "technolgy" not in tables["customer"].column("industry")
    assert "Philippines" in tables["customer"].column("country")
    products = set(tables["product"].column("ext_id"))
    assert set(tables["opportunity"].column("product_id")) <= products


def test_opportunities_agree_with_the_file(tables: dict[str, Collected]) -> None:
    file = pd.read_csv(SOURCE / "sales_pipeline.csv", dtype=str)
    found = tables["opportunity"]
    assert Counter(found.column("outcome")) == Counter(file["deal_stage"].str.lower())
    values = [Decimal(text) for text in file["close_value"]]
    assert sum(found.column("amount")) == sum(values)
    first = dict(zip(file["opportunity_id"], file["engage_date"], strict=True))
    assert all(date.fromisoformat(first[r["ext_id"]]) == r["created_on"] for r in found.rows)


def test_a_region_comes_with_the_salesperson(tables: dict[str, Collected]) -> None:
    teams = pd.read_csv(SOURCE / "sales_teams.csv").set_index("sales_agent")["regional_office"]
    assert all(teams[r["salesperson_id"]] == r["region_id"] for r in tables["opportunity"].rows)


def test_revenue_is_in_millions(tables: dict[str, Collected]) -> None:
    acme = next(r for r in tables["customer"].rows if r["ext_id"] == "Acme Corporation")
    assert acme["annual_revenue"] == Decimal(1100040000)  # 1100.04 million
