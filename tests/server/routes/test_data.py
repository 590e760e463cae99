"""What is loaded, refused and published, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
from pydantic import TypeAdapter

from knowledge.warehouse.load import load_batch
from leadline.database import make_engine
from server.app import create_app
from server.routes.data import RowErrorPage, SnapshotList, Status
from server.routes.semantic import ModelOut
from tests.agents.channel import AS_OF
from tests.knowledge.warehouse.batches import batch
from tests.server.serving import OWNER_TOKEN, guarded_settings, problem, serving


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """The owner of a channel into which a second source brought seven rows, all of them bad."""
    settings = guarded_settings(tmp_path_factory.mktemp("data"))
    engine = make_engine(settings.database_url)
    rows = [
        {
            "ext_id": f"Y{number}",
            "payment_no": f"Y{number}",
            "paid_on": AS_OF,
            "partner_id": f"nobody {number}",
            "amount": Decimal(1),
        }
        for number in range(7)
    ]
    load_batch(engine, batch({"payment": rows}, source="bank"), business_date=AS_OF)
    engine.dispose()
    with serving(create_app(settings)) as running, running.client(OWNER_TOKEN) as found:
        yield found


class TestStatus:
    def test_tells_of_every_source(self, client: httpx.Client) -> None:
        response = client.get("/api/data/status")
        TypeAdapter(Status).validate_json(response.content)
        status = response.json()
        assert (status["snapshot"], status["as_of"]) == (1, "2025-11-20")
        assert status["currency"] == "CNY"
        assert status["pending"] is True
        bank, channel = status["sources"]
        assert (bank["source"], bank["rows_read"], bank["errors"]) == ("bank", 7, 7)
        assert (bank["pending"], channel["pending"]) == (True, False)
        assert channel["tables"]["order_line"] == 22
        assert channel["files"][0]["rows_rejected"] == 0


class TestErrors:
    def test_come_in_pages(self, client: httpx.Client) -> None:
        values = []
        for offset in (0, 3, 6):
            response = client.get(f"/api/data/errors?source=bank&limit=3&offset={offset}")
            page = TypeAdapter(RowErrorPage).validate_json(response.content)
            assert page.total == 7
            values += [item.value for item in page.items]
        assert values == [f"nobody {number}" for number in range(7)]

    def test_say_where_and_why(self, client: httpx.Client) -> None:
        first = client.get("/api/data/errors").json()["items"][0]
        assert first["source"] == "bank"
        assert first["table"] == "payment"
        assert first["column"] == "partner_id"
        assert first["reason"].startswith("unknown_reference")

    def test_of_a_source_without_any(self, client: httpx.Client) -> None:
        assert client.get("/api/data/errors?source=test").json() == {"total": 0, "items": []}
        assert client.get("/api/data/errors?source=%25").json()["total"] == 0

    @pytest.mark.parametrize(
        "query", ["limit=0", "limit=1001", "offset=-1", "offset=99999999999999999999", "source=%00"]
    )
    def test_what_does_not_fit_is_refused(self, client: httpx.Client, query: str) -> None:
        problem(client.get(f"/api/data/errors?{query}"), 422, "input-error")


class TestSnapshots:
    def test_are_listed_with_their_rows(self, client: httpx.Client) -> None:
        response = client.get("/api/data/snapshots")
        found = TypeAdapter(SnapshotList).validate_json(response.content)
        (only,) = found.items
        assert (only.number, only.current) == (1, True)
        assert only.tables["order_line"] == 22
        assert only.bytes > 0


class TestSemanticModel:
    def test_tells_what_can_be_asked(self, owner: httpx.Client) -> None:
        response = owner.get("/api/semantic/model")
        TypeAdapter(ModelOut).validate_json(response.content)
        model = response.json()
        metrics = {metric["name"]: metric for metric in model["metrics"]}
        assert metrics["amount"]["available"]
        assert "region" in metrics["amount"]["dimensions"]
        assert "销售额" in metrics["amount"]["label"]["zh"]
        assert metrics["amount"]["direction"] == "up"
        # nothing was loaded of tenders
        assert not metrics["tender_count"]["available"]
        assert metrics["tender_count"]["span"] is None
        kinds = {d["name"]: (d["kind"], d["members"]) for d in model["dimensions"]}
        assert kinds["partner"] == ("member", 10)
        assert all(members is None for kind, members in kinds.values() if kind == "date")

    def test_every_dimension_named_is_there(self, owner: httpx.Client) -> None:
        model = owner.get("/api/semantic/model").json()
        known = {d["name"] for d in model["dimensions"]}
        assert all(set(metric["dimensions"]) <= known for metric in model["metrics"])


class TestPaths:
    def test_the_folder_of_the_instance_is_told_to_nobody_else(
        self, client: httpx.Client, tmp_path: Path
    ) -> None:
        assert str(tmp_path.parent) not in client.get("/api/semantic/model").text
