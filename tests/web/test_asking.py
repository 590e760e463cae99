"""Asking: from the first word typed to the evidence behind a figure."""

from __future__ import annotations

import re

import httpx
import pytest
from playwright.sync_api import expect

from tests.server.serving import Serving
from tests.web.asking import answers, as_table, ask_here, box, button
from tests.web.conftest import NARROW, OpenTab
from tests.web.instance import Pace

QUESTION = "本季度各大区销售额及同比"
BY_PARTNER = "今年销售额前3的伙伴及占比"


class TestStream:
    def test_the_plan_is_seen_before_the_text_and_the_text_before_the_answer(
        self, open_tab: OpenTab, pace: Pace
    ) -> None:
        tab = open_tab()
        with pace.held_before("tool_result") as reached:
            box(tab).fill(QUESTION)
            button(tab, "发送", "Send").click()
            tab.shows("按规则理解问题", "查询指标", "进行中", "本季度 = 2025-10-01 … 2025-11-20")
            assert reached.wait(10)
            expect(answers(tab)).to_have_count(0)
            expect(tab.page.get_by_role("status").filter(has_text="正在回答")).to_have_count(1)
            assert re.search(r"/ask/[\w-]+$", tab.page.url)  # a place to come back to
        expect(answers(tab)).to_have_count(1)
        with pace.held_before("chart"):
            box(tab).fill("今年每个月的销售额")
            box(tab).press("Enter")
            tab.shows("4 行", "2025-10：13.00万元")
            expect(answers(tab)).to_have_count(1)
        expect(answers(tab)).to_have_count(2)
        tab.check_whole()

    def test_stopping_leaves_the_answer_to_be_fetched(self, open_tab: OpenTab, pace: Pace) -> None:
        tab = open_tab()
        with pace.held_before("tool_result") as reached:
            box(tab).fill(QUESTION)
            box(tab).press("Enter")
            assert reached.wait(10)
            button(tab, "停止等待", "Stop waiting").click()
            tab.shows("已停止等待。服务端会把回答做完并保存。")
            expect(button(tab, "发送", "Send")).to_be_visible()
            tab.allowed.add(404)
            with tab.page.expect_response(lambda response: response.status == 404):
                button(tab, "取回回答", "Get the answer").click()  # too early: it waits
        expect(answers(tab)).to_have_count(1)
        tab.shows("13.00万元")
        assert len([r for r in tab.requests if r.url.endswith("/api/ask")]) == 1
        tab.check_whole()


class TestWriting:
    def test_enter_sends_unless_it_ends_a_composition_or_goes_with_shift(
        self, open_tab: OpenTab
    ) -> None:
        tab = open_tab()
        field = box(tab)
        expect(field).to_be_focused()
        chinese = tab.page.context.new_cdp_session(tab.page)
        chinese.send(
            "Input.imeSetComposition", {"text": "jin nian", "selectionStart": 8, "selectionEnd": 8}
        )
        expect(field).to_have_value("jin nian")
        field.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "keyCode": 229})
        chinese.send("Input.insertText", {"text": "今年"})
        expect(field).to_have_value("今年")
        field.press("Shift+Enter")
        expect(field).to_have_value("今年\n")
        assert not [r for r in tab.requests if r.url.endswith("/api/ask")]
        field.press("Backspace")
        field.press_sequentially("销售额是多少")
        field.press("Enter")
        expect(answers(tab)).to_have_count(1)
        tab.shows("今年销售额是多少", "61.00万元")
        expect(field).to_have_value("")
        expect(field).to_be_focused()

    def test_nothing_is_sent_twice_and_nothing_empty(self, open_tab: OpenTab, pace: Pace) -> None:
        tab = open_tab()
        box(tab).fill("   ")
        box(tab).press("Enter")
        expect(button(tab, "发送", "Send")).to_be_disabled()
        with pace.held_before("tool_result") as reached:
            box(tab).fill(QUESTION)
            box(tab).press("Enter")
            assert reached.wait(10)
            box(tab).fill("今年每个月的销售额")
            box(tab).press("Enter")
            expect(box(tab)).to_have_value("今年每个月的销售额")  # kept until it can be sent
        expect(answers(tab)).to_have_count(1)
        assert len([r for r in tab.requests if r.url.endswith("/api/ask")]) == 1

    def test_a_question_stops_at_its_greatest_length(self, open_tab: OpenTab) -> None:
        tab = open_tab()
        box(tab).fill("销" * 1990)
        tab.shows("还可输入 10 字")
        box(tab).press_sequentially("售" * 12)
        assert len(box(tab).input_value()) == 2000
        tab.check_whole()


class TestEvidence:
    def test_a_figure_opens_its_cell_and_replay_gives_the_same(self, open_tab: OpenTab) -> None:
        tab = open_tab()
        answer = ask_here(tab, QUESTION)
        figure = answer.get_by_role("button", name="62.50%，查看来源 [1]")
        figure.click()
        drawer = tab.page.get_by_role("dialog", name="依据 [1]")
        expect(drawer).to_be_visible()
        tab.shows("您点的数字：62.50%", "本季度 = 2025-10-01", within=drawer)
        marked = drawer.locator("td[data-marked]")
        expect(marked).to_have_text("62.50%")
        expect(drawer.locator("tr[data-marked]")).to_contain_text("华东")
        tab.shows("口径", "数据快照", "2025-11-20", "imports · test", within=drawer)
        drawer.get_by_role("button", name="重新计算").click()
        tab.shows("一致：重算结果与当时逐行相同。", within=drawer)
        tab.check_whole()
        tab.check_accessible()
        tab.page.keyboard.press("Escape")
        expect(drawer).to_be_hidden()
        expect(figure).to_be_focused()

    def test_every_figure_of_the_text_stands_in_the_cell_it_opens(self, open_tab: OpenTab) -> None:
        tab = open_tab()
        answer = ask_here(tab, BY_PARTNER)
        figures = answer.locator("li button, p button").filter(has_text=re.compile("[0-9]"))
        named = [name for name in figures.all_inner_texts() if "%" in name]
        assert named == ["36.07%", "21.31%", "14.75%", "72.13%"]
        for share in named:
            figures.filter(has_text=share).click()
            drawer = tab.page.get_by_role("dialog")
            expect(drawer.locator("td[data-marked]")).to_have_text(share)
            tab.page.keyboard.press("Escape")
            expect(drawer).to_be_hidden()

    def test_rows_are_saved_as_a_file(self, open_tab: OpenTab) -> None:
        tab = open_tab()
        ask_here(tab, QUESTION).get_by_role("button", name="依据 [1] 4 行").click()
        with tab.page.expect_download() as saved:
            button(tab, "下载 CSV", "Download CSV").click()
        assert re.fullmatch(r"leadline-[\w-]+\.csv", saved.value.suggested_filename)
        text = saved.value.path().read_text(encoding="utf-8-sig")
        assert text.splitlines()[1].startswith("华东,130000")

    def test_a_chart_is_drawn_and_can_be_read_as_a_table(self, open_tab: OpenTab) -> None:
        tab = open_tab()
        answer = ask_here(tab, QUESTION)
        canvas = answer.locator("canvas")
        expect(canvas).to_be_visible()
        drawn = canvas.evaluate(
            """canvas => {
              const { width, height } = canvas;
              const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
              const colours = new Set();
              for (let at = 0; at < data.length; at += 4)
                if (data[at + 3] === 255) colours.add(data.slice(at, at + 3).join());
              return colours.size;
            }"""
        )
        assert drawn > 3
        as_table(answer)
        table = answer.get_by_role("table")
        expect(table.get_by_role("row")).to_have_count(5)
        expect(table.get_by_role("row", name="华东 130,000.00")).to_be_visible()
        expect(canvas).to_have_count(0)
        table.get_by_role("button", name="销售额").first.click()  # largest first, then least first
        table.get_by_role("button", name="销售额").first.click()
        expect(table.get_by_role("row").nth(1)).to_contain_text("华北")
        tab.check_whole()


class TestConversation:
    def test_a_follow_up_goes_on_from_the_answer_before(self, open_tab: OpenTab) -> None:
        tab = open_tab()
        ask_here(tab, "2024年各区域的销售额")
        button(tab, "按产品类别看呢？", "").click()
        expect(answers(tab)).to_have_count(2)
        tab.shows("2024 年按产品类别的销售额", "软件", within=answers(tab).last)
        # what to ask next stands under the newest answer only
        expect(answers(tab).first.get_by_text("接着问", exact=True)).to_have_count(0)
        expect(answers(tab).last.get_by_text("接着问", exact=True)).to_have_count(1)

    def test_an_unclear_question_is_made_clear_by_a_button(self, open_tab: OpenTab) -> None:
        tab = open_tab()
        asked = ask_here(tab, "查查销售额")
        tab.shows("需要明确", "想看哪段时间、按什么维度的销售额？", within=asked)
        tab.check_accessible()
        asked.get_by_role("button", name="今年销售额是多少？").click()
        expect(answers(tab)).to_have_count(2)
        tab.shows("2025 年销售额为", "61.00万元", within=answers(tab).last)

    def test_what_is_not_in_the_data_is_refused_with_other_questions(
        self, open_tab: OpenTab
    ) -> None:
        tab = open_tab()
        refused = ask_here(tab, "客户满意度最高的伙伴？")
        tab.shows("无法回答", "数据里没有与“满意度”对应的指标、维度或名称", within=refused)
        others = refused.get_by_role("list", name="可以这样问")
        expect(others.get_by_role("button")).to_have_count(4)
        expect(refused.locator("canvas")).to_have_count(0)
        tab.check_whole()
        tab.check_accessible()

    def test_the_list_of_conversations_leads_back_after_a_reload(self, open_tab: OpenTab) -> None:
        tab = open_tab()
        ask_here(tab, "2024年每个月的订单数")
        here = tab.page.url
        tab.open("/ask")
        found = tab.page.get_by_role("navigation", name="对话记录").get_by_role("link")
        expect(found.first).to_contain_text("2024年每个月的订单数")
        button(tab, "新对话", "New conversation").click()
        tab.page.get_by_role("textbox", name="搜索对话").fill("每个月的订单")
        expect(found).to_have_count(1)
        found.click()
        tab.page.wait_for_url(here)
        tab.shows("2024-11：2", within=answers(tab))
        tab.page.get_by_role("textbox", name="搜索对话").fill("没有这样的对话")
        tab.shows("没有匹配的对话。")
        tab.check_whole()

    def test_the_address_of_an_answer_opens_its_conversation_there(
        self, open_tab: OpenTab, owner: httpx.Client
    ) -> None:
        first = owner.post("/api/ask", json={"question": "今年每个月的销售额"}).json()
        talk = first["conversation_id"]
        for question in ("按大区看呢？", "同比呢？"):
            owner.post("/api/ask", json={"question": question, "conversation_id": talk})
        tab = open_tab(f"/answers/{first['answer_id']}")
        tab.page.wait_for_url(f"**/ask/{talk}#{first['answer_id']}")
        expect(answers(tab)).to_have_count(3)
        expect(tab.page.get_by_role("heading", name="您问 今年每个月的销售额")).to_be_in_viewport()
        expect(answers(tab).last).not_to_be_in_viewport()

    @pytest.mark.parametrize("path", ["/ask/nothing-here", "/answers/nothing-here", "/nowhere"])
    def test_what_is_not_there_is_said(self, open_tab: OpenTab, path: str) -> None:
        tab = open_tab(None)
        tab.allowed.add(404)
        tab.open(path)
        tab.shows("没有")
        tab.check_whole()


class TestFeedback:
    def test_a_thumb_and_its_comment_are_stored(self, open_tab: OpenTab) -> None:
        tab = open_tab()
        answer = ask_here(tab, QUESTION)
        bad = answer.get_by_role("button", name="有问题")
        bad.click()
        expect(bad).to_have_attribute("aria-pressed", "true")
        comment = answer.get_by_role("textbox", name="哪里不对？")
        expect(comment).to_be_focused()
        comment.fill("口径不对：<b>应含税</b>")
        tab.check_accessible()
        button(tab, "提交说明", "").click()
        expect(comment).to_have_count(0)
        answer_id = tab.page.locator("[data-turn]").get_attribute("id")
        path = f"/api/answers/{answer_id}"
        expect(tab.page.get_by_text("谢谢，已记下。")).to_have_count(1)
        stored = tab.get(path)["feedback"]
        assert (stored["rating"], stored["comment"]) == ("down", "口径不对：<b>应含税</b>")
        tab.page.reload()
        expect(bad).to_have_attribute("aria-pressed", "true")
        with tab.page.expect_response(f"**{path}/feedback"):
            bad.click()
        expect(bad).to_have_attribute("aria-pressed", "false")
        assert tab.get(path)["feedback"] is None

    def test_an_answer_and_its_address_are_copied(self, open_tab: OpenTab) -> None:
        tab = open_tab(permissions=["clipboard-read", "clipboard-write"])
        answer = ask_here(tab, "今年销售额是多少")
        read = "navigator.clipboard.readText()"
        button(tab, "复制回答", "").click()
        expect(button(tab, "已复制", "")).to_be_visible()
        assert tab.page.evaluate(read) == "2025 年销售额为 61.00万元 [1]。"
        button(tab, "复制链接", "").click()
        expect(button(tab, "已复制", "")).to_have_count(2)
        answer_id = tab.page.locator("[data-turn]").get_attribute("id")
        assert tab.page.evaluate(read) == f"{tab.page.url}#{answer_id}"
        answer.get_by_role("button", name="查看追踪").click()
        tab.page.wait_for_url("**/traces/*")


class TestFaults:
    def test_a_busy_server_can_be_asked_again(
        self, open_tab: OpenTab, door: Serving, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tab = open_tab()
        tab.allowed.add(503)
        pool = door.app.state.door.asking
        with monkeypatch.context() as full:
            full.setattr(pool, "_room", 0)
            box(tab).fill(QUESTION)
            box(tab).press("Enter")
            tab.shows("服务正忙", "请几秒后重试", within=tab.page.get_by_role("alert"))
            expect(answers(tab)).to_have_count(0)
            tab.check_whole()
            tab.check_accessible()
        tab.page.get_by_role("alert").get_by_role("button", name="重试").click()
        expect(answers(tab)).to_have_count(1)
        expect(tab.page.get_by_role("alert")).to_have_count(0)
        tab.shows("13.00万元")

    def test_a_failure_on_the_way_is_told_and_can_be_tried_again(
        self, open_tab: OpenTab, door: Serving, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        tab = open_tab()
        with monkeypatch.context() as broken:
            secret = "postgresql://user:secret@host/db"

            def fail(*_: object, **__: object) -> None:
                raise RuntimeError(secret)

            broken.setattr(type(door.app.state.door.service), "_answer", fail)
            broken.setattr("server.routes.ask.log_failure", lambda *_: None)
            box(tab).fill(QUESTION)
            box(tab).press("Enter")
            expect(tab.page.get_by_role("alert")).to_be_visible()
            assert "secret" not in tab.text()
            tab.check_whole()
        tab.page.get_by_role("alert").get_by_role("button", name="重试").click()
        expect(answers(tab)).to_have_count(1)

    def test_without_a_connection_the_reader_is_told_so(self, open_tab: OpenTab) -> None:
        tab = open_tab()
        tab.shows("今年各大区销售额及同比")
        tab.page.route("**/api/ask", lambda route: route.abort("internetdisconnected"))
        box(tab).fill(QUESTION)
        box(tab).press("Enter")
        alert = tab.page.get_by_role("alert")
        tab.shows("连不上服务", "请检查网络，或稍后再试。", within=alert)
        tab.page.unroute("**/api/ask")
        alert.get_by_role("button", name="重试").click()
        expect(answers(tab)).to_have_count(1)
        tab.complaints[:] = [c for c in tab.complaints if "ERR_INTERNET_DISCONNECTED" not in c]
        tab.check_whole()

    def test_on_a_telephone_conversations_open_over_the_page(self, open_tab: OpenTab) -> None:
        tab = open_tab(size=NARROW)
        ask_here(tab, "2024年各区域的订单数")
        button(tab, "打开对话记录", "").click()
        drawer = tab.page.get_by_role("dialog", name="对话记录")
        expect(drawer.get_by_role("link").first).to_contain_text("2024年各区域的订单数")
        tab.check_whole()
        tab.check_accessible()
        drawer.get_by_role("link").first.click()
        expect(drawer).to_be_hidden()
        button(tab, "打开导航", "").click()
        tab.page.get_by_role("dialog", name="主导航").get_by_role("link", name="数据").click()
        tab.page.wait_for_url("**/data")
