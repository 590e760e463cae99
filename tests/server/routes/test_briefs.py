"""Briefs over HTTP: having one made, the archive, the page, the PDF, scope, errors."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from pydantic import TypeAdapter

from agents.briefs import pdf
from server.routes.briefs import BriefManagers, BriefOut, BriefPage
from tests.agents.channel import OTHERS_OF_EAST
from tests.server.conftest import Callers
from tests.server.serving import Serving, problem, until_written

W46 = "2025-W46"
"""Monday 10 to Sunday 16 November 2025: order B12 of Alpine on the 12th, 45 thousand."""
W45 = "2025-W45"
"""Monday 3 to Sunday 9 November 2025: order B11 of 南粤信息 (华南) on the 5th, 30 + 10 thousand."""


@pytest.fixture(scope="module")
def whole(owner: httpx.Client) -> dict[str, Any]:
    """The brief of the whole channel for W46."""
    return until_written(owner, {"week": W46})


@pytest.fixture(scope="module")
def of_south(callers: Callers) -> dict[str, Any]:
    return until_written(callers["south"], {"week": W45})


class TestMaking:
    def test_gives_the_brief_as_documented(self, whole: dict[str, Any]) -> None:
        TypeAdapter(BriefOut).validate_python(whole, strict=False)
        assert (whole["week"], whole["first_day"], whole["last_day"]) == (
            W46,
            "2025-11-10",
            "2025-11-16",
        )
        assert whole["as_of"] == "2025-11-16"
        assert not whole["partial"]

    def test_knows_nothing_of_later_days(self, whole: dict[str, Any]) -> None:
        # 45 thousand of B12; B13 of the 20th is not there
        assert "本周销售额 4.50万元" in whole["markdown"]
        assert "B13" not in whole["markdown"]

    def test_again_gives_the_same_one(self, owner: httpx.Client, whole: dict[str, Any]) -> None:
        again = until_written(owner, {"week": W46, "language": "zh"})
        assert again["brief_id"] == whole["brief_id"]
        assert again["created_at"] == whole["created_at"]

    def test_in_english(self, owner: httpx.Client) -> None:
        found = until_written(owner, {"week": W46, "language": "en"})
        assert "Sales this week CNY 45,000.00" in found["markdown"]
        assert found["language"] == "en"

    def test_of_a_manager_holds_their_regions_only(self, of_south: dict[str, Any]) -> None:
        assert of_south["manager"] == "south"
        # 30 + 10 thousand of B11
        assert "本周销售额 4.00万元" in of_south["markdown"]
        assert not [name for name in ("恒信", "博远", "京创") if name in of_south["markdown"]]

    def test_east_reads_of_nobody_else(self, callers: Callers) -> None:
        found = until_written(callers["east"], {"week": W46})
        text = found["markdown"] + found["html"]
        assert not [name for name in OTHERS_OF_EAST if name in text]

    def test_the_owner_has_one_made_for_a_user(
        self, owner: httpx.Client, of_south: dict[str, Any]
    ) -> None:
        found = until_written(owner, {"week": W45, "manager": "south"})
        assert found["brief_id"] == of_south["brief_id"]

    def test_a_week_under_way_says_so(self, owner: httpx.Client) -> None:
        # the data ends on Thursday 20 November, in the middle of W47
        found = until_written(owner, {"week": "2025-W47"})
        assert found["partial"]
        assert found["as_of"] == "2025-11-20"
        assert "本周未结束" in found["markdown"]


class TestRefusals:
    @pytest.mark.parametrize("week", ["2025-W48", "2030-W01", "2023-W10", "2025-W60"])
    def test_a_week_that_the_data_does_not_know(self, owner: httpx.Client, week: str) -> None:
        problem(owner.post("/api/briefs", json={"week": week}), 404, "not-found-error")

    def test_a_text_that_is_no_week(self, owner: httpx.Client) -> None:
        problem(owner.post("/api/briefs", json={"week": "now"}), 422, "input-error")

    def test_nobody_of_that_name(self, owner: httpx.Client) -> None:
        response = owner.post("/api/briefs", json={"week": W46, "manager": "nobody"})
        problem(response, 404, "not-found-error")

    def test_a_manager_names_nobody_else(self, callers: Callers) -> None:
        response = callers["south"].post("/api/briefs", json={"week": W46, "manager": "east"})
        problem(response, 404, "not-found-error")

    def test_strangers_make_none(self, door: Serving) -> None:
        with door.client() as stranger:
            problem(stranger.post("/api/briefs", json={}), 401, "sign-in-error")


class TestArchive:
    def test_lists_what_the_caller_may_see(
        self, callers: Callers, whole: dict[str, Any], of_south: dict[str, Any]
    ) -> None:
        page = callers["south"].get("/api/briefs")
        TypeAdapter(BriefPage).validate_json(page.content)
        ids = {item["brief_id"] for item in page.json()["items"]}
        assert of_south["brief_id"] in ids
        assert whole["brief_id"] not in ids

    def test_by_week_and_manager(
        self, owner: httpx.Client, whole: dict[str, Any], of_south: dict[str, Any]
    ) -> None:
        by_week = owner.get("/api/briefs", params={"week": W45}).json()["items"]
        assert {item["week"] for item in by_week} == {W45}
        by_name = owner.get("/api/briefs", params={"manager": "south"}).json()["items"]
        assert [item["brief_id"] for item in by_name] == [of_south["brief_id"]]

    def test_pages_through(self, owner: httpx.Client, whole: dict[str, Any]) -> None:
        first = owner.get("/api/briefs", params={"limit": 1}).json()
        assert len(first["items"]) == 1
        rest = owner.get("/api/briefs", params={"before": first["next"]}).json()
        assert first["items"][0]["brief_id"] not in {i["brief_id"] for i in rest["items"]}

    def test_one_is_there_for_its_scope_only(
        self, callers: Callers, whole: dict[str, Any], of_south: dict[str, Any]
    ) -> None:
        found = callers["south"].get(f"/api/briefs/{of_south['brief_id']}")
        assert found.json() == of_south
        other = callers["east"].get(f"/api/briefs/{of_south['brief_id']}")
        problem(other, 404, "not-found-error")
        problem(callers["south"].get(f"/api/briefs/{whole['brief_id']}"), 404, "not-found-error")

    def test_managers_for_who_sees_all(self, owner: httpx.Client) -> None:
        response = owner.get("/api/briefs/managers")
        TypeAdapter(BriefManagers).validate_json(response.content)
        found = response.json()
        assert {
            "name": "south",
            "label": "south（华南）",
            "regions": ["华南"],
            "source": "user",
        } in (found["items"])
        # the data ends on Thursday of W47
        assert found["last_week"] == W46

    def test_only_oneself_for_who_does_not(self, callers: Callers) -> None:
        items = callers["south"].get("/api/briefs/managers").json()["items"]
        assert [item["name"] for item in items] == ["south"]


class TestEvidence:
    def test_every_citation_opens_and_runs_again_equal(
        self, callers: Callers, of_south: dict[str, Any]
    ) -> None:
        assert of_south["citations"]
        for source in of_south["citations"]:
            opened = callers["south"].get(f"/api/citations/{source['id']}")
            assert opened.status_code == 200
            assert opened.json()["digest"] == source["digest"]
            assert opened.json()["snapshot_info"]["as_of"] == of_south["as_of"]
            again = callers["south"].post(f"/api/citations/{source['id']}/replay", json={})
            assert again.json()["equal"], source

    def test_is_not_there_for_another_scope(
        self, callers: Callers, of_south: dict[str, Any]
    ) -> None:
        source = of_south["citations"][0]["id"]
        problem(callers["east"].get(f"/api/citations/{source}"), 404, "not-found-error")


class TestPdf:
    def test_is_a_document(
        self, owner: httpx.Client, whole: dict[str, Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        printed: list[str] = []

        def printing(html: str) -> bytes:
            printed.append(html)
            return b"%PDF-1.4"

        monkeypatch.setattr("server.routes.briefs.print_pdf", printing)
        response = owner.get(f"/api/briefs/{whole['brief_id']}/pdf")
        assert response.status_code == 200
        assert response.headers["content-type"] == "application/pdf"
        assert W46 in response.headers["content-disposition"]
        assert printed == [whole["html"]]

    def test_without_a_browser_it_says_so(
        self, owner: httpx.Client, whole: dict[str, Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv(pdf.VARIABLE, "/nowhere/chromium")
        problem(owner.get(f"/api/briefs/{whole['brief_id']}/pdf"), 503, "not-ready-error")
