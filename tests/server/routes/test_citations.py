"""Citations over HTTP: rows, reading, definitions, replay."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import TypeAdapter

from leadline.types import Unit
from server.app import create_app
from server.routes.citations import CitationDetail, Replay
from tests.server.serving import OWNER_TOKEN, asked, guarded_settings, problem, serving


def detail(client: httpx.Client, question: str, number: int = 1) -> dict[str, Any]:
    """The citation behind an answered question."""
    answer = asked(client, question)
    response = client.get(f"/api/citations/{answer['citations'][number - 1]['id']}")
    assert response.status_code == 200
    TypeAdapter(CitationDetail).validate_json(response.content)
    found: dict[str, Any] = response.json()
    assert found["answer_id"] == answer["id"]
    for key, value in answer["citations"][number - 1].items():
        assert found[key] == value
    return found


class TestCitation:
    def test_tells_how_it_was_read_in_both_languages(self, owner: httpx.Client) -> None:
        found = detail(owner, "本季度各大区销售额同比")
        for language, word in (("zh", "对比"), ("en", "compared with")):
            assert "2025-10-01 … 2025-11-20" in found["reading"][language]
            assert word in found["reading"][language]

    def test_tells_what_its_metrics_mean(self, owner: httpx.Client) -> None:
        (found,) = detail(owner, "2025年各产品毛利率")["definitions"]
        assert found["name"] == "gross_margin_rate"
        assert found["label"] == {"zh": "毛利率", "en": "gross margin rate"}
        assert found["unit"] == Unit.RATIO
        assert "公式" in found["definition"]["zh"]
        assert found["formula"].startswith("Σ (order_line.amount − order_line.cost_amount)")

    def test_also_of_metrics_that_only_filter(self, owner: httpx.Client) -> None:
        found = detail(owner, "2025年销售额超过5万的伙伴的订单数")
        assert {d["name"] for d in found["definitions"]} == {"orders", "amount"}

    def test_names_its_data(self, owner: httpx.Client) -> None:
        info = detail(owner, "2025年销售额")["snapshot_info"]
        assert info["number"] == 1
        assert info["as_of"] == "2025-11-20"
        assert info["sources"] == ["test"]
        assert info["created_at"].endswith("Z")

    def test_of_a_tool_over_another_query(self, owner: httpx.Client) -> None:
        found = detail(owner, "2025年恒信科技和博远软件谁卖得多", number=2)
        assert found["tool"] == "difference"
        assert "2025" in found["reading"]["zh"]
        assert [d["name"] for d in found["definitions"]] == ["amount"]

    def test_of_tools_that_run_no_query(self, owner: httpx.Client) -> None:
        fresh = detail(owner, "数据截至哪天？")
        assert fresh["reading"] == {"zh": "", "en": ""}
        assert fresh["definitions"] == []
        explained = detail(owner, "销售额怎么算？")
        assert [d["name"] for d in explained["definitions"]] == ["amount"]

    def test_there_is_none(self, owner: httpx.Client) -> None:
        problem(owner.get("/api/citations/none0-1"), 404, "not-found-error")


class TestReplay:
    @pytest.mark.parametrize("question", ["2025年各大区销售额占比", "数据截至哪天？"])
    def test_gives_the_same_rows(self, owner: httpx.Client, question: str) -> None:
        citation = asked(owner, question)["citations"][0]
        response = owner.post(f"/api/citations/{citation['id']}/replay")
        assert response.status_code == 200
        TypeAdapter(Replay).validate_json(response.content)
        found = response.json()
        assert found["equal"] is True
        assert found["digest"] == found["digest_then"]
        assert found["model_changed"] is False
        assert found["citation"]["rows"] == citation["rows"]
        assert found["citation"]["id"] == citation["id"]

    def test_there_is_none(self, owner: httpx.Client) -> None:
        problem(owner.post("/api/citations/none0-1/replay"), 404, "not-found-error")


class TestDamage:
    def test_is_told_without_paths(self, tmp_path: Path) -> None:
        settings = guarded_settings(tmp_path)
        app = create_app(settings)
        with serving(app) as running, running.client(OWNER_TOKEN) as client:
            citation = asked(client, "2025年销售额")["citations"][0]["id"]
            folder = app.state.door.service.snapshots.folder(1)
            (folder / "order_line.parquet").rename(tmp_path / "gone.parquet")
            response = client.post(f"/api/citations/{citation}/replay")
            told = problem(response, 500, "integrity-error")
            assert "order_line" not in str(told)
            assert str(tmp_path) not in str(told)
            chinese = client.post(
                f"/api/citations/{citation}/replay", headers={"Accept-Language": "zh-CN"}
            )
            assert chinese.json()["title"] == "存储的数据与其校验值不符"

    def test_a_citation_stays_readable_when_its_snapshot_is_gone(self, tmp_path: Path) -> None:
        settings = guarded_settings(tmp_path)
        app = create_app(settings)
        with serving(app) as running, running.client(OWNER_TOKEN) as client:
            citation = asked(client, "2025年各大区销售额")["citations"][0]
            shutil.rmtree(app.state.door.service.snapshots.folder(1))
            found = client.get(f"/api/citations/{citation['id']}").json()
            assert found["rows"] == citation["rows"]
            assert found["reading"] == {"zh": "", "en": ""}
            assert found["snapshot_info"] == {
                "number": 1,
                "created_at": None,
                "as_of": "2025-11-20",
                "sources": [],
            }
            response = client.post(f"/api/citations/{citation['id']}/replay")
            told = problem(response, 404, "not-found-error")
            assert str(tmp_path) not in str(told)
