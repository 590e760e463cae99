"""Briefs of the small channel and of a stock channel: text, evidence, page, charts, archive."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from agents.briefs import brief as brief_module
from agents.briefs.brief import Brief, write_brief
from agents.briefs.charts import to_svg
from agents.briefs.desk import Desk, Line, Section
from agents.briefs.making import make_brief, replay_brief
from agents.briefs.managers import Manager, find_manager
from agents.briefs.markdown import to_markdown
from agents.briefs.page import to_html
from agents.briefs.pdf import VARIABLE, print_pdf
from agents.briefs.week import Week, parse_week, week_of
from agents.service import AskService
from agents.slots import cell
from knowledge.warehouse.brief_store import BriefStore
from knowledge.warehouse.rewind import rewind
from leadline.access import EVERYTHING, LOCAL_OWNER
from leadline.errors import EvidenceError, IntegrityError, NotFoundError, NotReadyError
from leadline.evidence import Chart
from leadline.types import Language
from tests.agents.channel import EAST, OTHERS_OF_EAST, SOUTH, Channel, open_channel
from tests.tools.stock_world import AS_OF, context

W46 = parse_week("2025-W46")
W45 = parse_week("2025-W45")
"""Monday 3 to Sunday 9 November 2025: B11 of 南粤信息 (华南), 30 + 10 thousand yuan."""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AskService]:
    """An instance of its own: briefs are written into it."""
    for channel in open_channel(tmp_path_factory.mktemp("briefs")):
        yield channel.service


def manager_of(service: AskService, name: str) -> Manager:
    return find_manager(name, service.settings, service.snapshots.current())


def written(service: AskService, name: str, week: Week, language: Language = Language.ZH) -> Brief:
    manager = manager_of(service, name)
    then = service.as_of(1, week.last)
    return write_brief(manager, week, service.tools(then, manager.scope), language)


@pytest.fixture(scope="module")
def of_south(service: AskService) -> Brief:
    return written(service, "south", W45)


@pytest.fixture(scope="module")
def of_stock(tmp_path_factory: pytest.TempPathFactory) -> Brief:
    """A brief over warehouses: its week ends the day after the data does."""
    week = week_of(AS_OF)
    everybody = Manager("all", "all", EVERYTHING, "user")
    return write_brief(everybody, week, context(), Language.ZH)


class TestText:
    def test_says_what_the_week_brought(self, of_south: Brief) -> None:
        changes = next(s for s in of_south.sections if s.key == "changes")
        assert changes.lines[0].text.startswith("本周销售额 4.00万元")
        assert "订单 1 张，下单伙伴 1 家" in changes.lines[0].text

    @pytest.mark.parametrize("language", list(Language))
    def test_every_line_is_filled_from_evidence(
        self, service: AskService, language: Language
    ) -> None:
        found = written(service, "east", W46, language)
        for section in found.sections:
            assert section.lines, section.key
            for line in section.lines:
                missing = line.text.startswith(("无数据，未写", "No data, left out"))
                assert line.slots or missing, line.text

    def test_names_nobody_of_other_regions(self, service: AskService) -> None:
        text = to_markdown(written(service, "east", W46))
        assert not [name for name in OTHERS_OF_EAST if name in text]

    def test_knows_nothing_of_later_days(self, service: AskService) -> None:
        # B13 of Thursday 20 November lies in the week after
        text = to_markdown(written(service, "华北", W46))
        assert "本周没有订单" in text
        assert "2025-11-20" not in text

    def test_of_stock_says_what_to_move(self, of_stock: Brief) -> None:
        text = to_markdown(of_stock)
        assert "广州仓 · 网关：可能缺货" in text
        assert "上海仓 → 广州仓：网关" in text
        assert "补货 广州仓 · 网关" in text
        assert of_stock.partial

    def test_no_section_without_news(self, of_south: Brief) -> None:
        # this channel counts no stock in 华南
        assert "stock" not in {s.key for s in of_south.sections}

    def test_at_most_three_actions_and_they_come_first(self, of_stock: Brief) -> None:
        first = of_stock.sections[0]
        assert first.key == "actions"
        assert 1 <= len(first.lines) <= 3


class TestEvidence:
    def test_is_numbered_in_the_order_of_reading(self, of_stock: Brief) -> None:
        marks = [int(n) for n in re.findall(r"\[(\d+)\]", to_markdown(of_stock))]
        assert list(dict.fromkeys(marks)) == sorted(set(marks))
        assert {c.number for c in of_stock.citations} >= set(marks)

    def test_equal_evidence_is_cited_once(self, of_stock: Brief) -> None:
        ids = [c.citation_id for c in of_stock.citations]
        assert len(ids) == len(set(ids))

    def test_each_figure_stands_where_it_is_said_to(self, of_south: Brief) -> None:
        found = 0
        for section in of_south.sections:
            for line in section.lines:
                for figure in line.figures:
                    assert line.text[figure.start : figure.end]
                    assert figure.citation in {c.number for c in of_south.citations}
                    found += 1
        assert found > 5

    def test_a_figure_of_the_writer_s_own_is_refused(
        self, service: AskService, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def boasting(desk: Desk) -> Section:
            told = desk.call("freshness", {})
            assert told is not None
            text = f"本周增长 12% {cell(told.number, 0, 'as_of')} [{told.number}]"
            return Section("x", "甲", "X", (Line(text),))

        monkeypatch.setattr(brief_module, "SECTIONS", (boasting,))
        with pytest.raises(EvidenceError, match="without evidence"):
            written(service, "south", W45)

    def test_what_has_no_data_is_said_once(self, of_south: Brief) -> None:
        last = of_south.sections[-1].lines[-1].text
        assert last.startswith("无数据，未写：")
        assert to_markdown(of_south).count("无数据，未写") == 1


class _Page(HTMLParser):
    """Tags, links and ids of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: set[str] = set()
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name == "href":
                self.links.add(str(value))
            if name == "id":
                self.ids.add(str(value))


class TestPage:
    def test_needs_nothing_else(self, of_stock: Brief) -> None:
        html = to_html(of_stock)
        page = _Page()
        page.feed(html)
        assert not {"script", "img", "link", "iframe"} & set(page.tags)
        assert "http" not in re.sub(r"xmlns=\S+", "", html)
        assert 'lang="zh-CN"' in html

    def test_each_mark_leads_to_its_citation(self, of_stock: Brief) -> None:
        page = _Page()
        page.feed(to_html(of_stock))
        assert page.links
        assert {link.removeprefix("#") for link in page.links} <= page.ids

    def test_names_cannot_break_out(self, of_south: Brief) -> None:
        evil = replace(
            of_south, manager=replace(of_south.manager, label="<script>alert(1)</script>")
        )
        page = _Page()
        page.feed(to_html(evil))
        assert "script" not in page.tags

    def test_figures_are_marked_with_their_citation(self, of_south: Brief) -> None:
        assert re.search(r'<b class="f" data-citation="\d+">4\.00万元</b>', to_html(of_south))


def short_of(brief: Brief) -> int:
    """The number of the citation that lists what may run out."""
    listed = [c for c in brief.citations if c.result.tool == "inventory_risk"]
    return next(c.number for c in listed if c.result.arguments["risk"] == "stockout")


class TestCharts:
    def test_bars_are_drawn_from_the_rows(self, of_stock: Brief) -> None:
        number = short_of(of_stock)
        result = next(c.result for c in of_stock.citations if c.number == number)
        doubled = replace(result, rows=(*result.rows, *result.rows))
        citation = replace(of_stock.citations[number - 1], result=doubled)
        chart = Chart("bar", number, "product", ("stockout_risk",), "warehouse")
        svg = to_svg(chart, [citation], Language.ZH)
        assert svg.count("<rect") == 2
        assert "广州仓 · 网关" in svg
        assert "100.00%" in svg

    def test_one_bar_is_no_chart(self, of_stock: Brief) -> None:
        number = short_of(of_stock)
        chart = Chart("bar", number, "product", ("stockout_risk",), "warehouse")
        assert to_svg(chart, of_stock.citations, Language.ZH) == ""

    def test_a_waterfall_ends_where_the_total_does(self, service: AskService) -> None:
        found = written(service, "east", parse_week("2025-W42"))
        charts = [c for s in found.sections for c in s.charts if c.kind == "waterfall"]
        for chart in charts:
            svg = to_svg(chart, found.citations, Language.EN)
            assert svg.count("<rect") >= 3
            assert "Then" in svg


class TestArchive:
    def test_keeps_a_brief_once_and_reads_it_back_equal(self, service: AskService) -> None:
        manager = manager_of(service, "south")
        first = make_brief(service, manager, W45, Language.ZH, LOCAL_OWNER)
        again = make_brief(service, manager, W45, Language.ZH, LOCAL_OWNER)
        assert again == first
        store = BriefStore(service.evidence.engine)
        assert store.get(first.brief_id, SOUTH) == first
        ids = [item.brief_id for item in store.list(SOUTH, week="2025-W45")]
        assert ids.count(first.brief_id) == 1

    def test_is_not_there_for_another_scope(self, service: AskService) -> None:
        made = make_brief(service, manager_of(service, "south"), W45, Language.ZH, LOCAL_OWNER)
        store = BriefStore(service.evidence.engine)
        with pytest.raises(NotFoundError, match="no brief"):
            store.get(made.brief_id, EAST)
        assert made.brief_id not in {item.brief_id for item in store.list(EAST)}

    def test_every_citation_runs_again_equal(self, service: AskService) -> None:
        made = make_brief(service, manager_of(service, "south"), W45, Language.ZH, LOCAL_OWNER)
        found = replay_brief(service, made, SOUTH)
        assert [item.citation for item in found] == list(made.citations)
        assert all(item.equal for item in found)

    def test_a_changed_brief_is_noticed(self, service: AskService) -> None:
        made = make_brief(service, manager_of(service, "south"), W46, Language.ZH, LOCAL_OWNER)
        with service.evidence.engine.begin() as connection:
            connection.exec_driver_sql(
                "UPDATE brief SET markdown = 'all is well' WHERE brief_id = ?", (made.brief_id,)
            )
        with pytest.raises(IntegrityError, match="was changed"):
            BriefStore(service.evidence.engine).get(made.brief_id, LOCAL_OWNER)

    def test_its_snapshot_is_not_let_go(self, service: AskService) -> None:
        make_brief(service, manager_of(service, "south"), W45, Language.EN, LOCAL_OWNER)
        assert service.evidence.cited_snapshots() == {1}


class TestPdf:
    def test_is_printed_by_chromium(self, of_south: Brief) -> None:
        try:
            found = print_pdf(to_html(of_south))
        except NotReadyError as error:
            pytest.skip(str(error))
        assert found.startswith(b"%PDF-")
        assert len(found) > 5_000

    def test_without_chromium_it_says_what_to_do(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(VARIABLE, "/nowhere/chromium")
        with pytest.raises(NotReadyError, match="no PDF can be printed") as error:
            print_pdf("<p>x</p>")
        assert "chromium" in error.value.hint


def test_a_whole_snapshot_is_not_gone_back_from(channel: Channel, tmp_path: Path) -> None:
    snapshot = channel.snapshot
    assert rewind(snapshot, snapshot.as_of, tmp_path) is snapshot
