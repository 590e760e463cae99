"""The mailbox between the thread that answers and the connection that reads."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable

from agents.events import Event
from leadline.evidence import Chart
from server.streams import Mailbox, event_data
from tests.agents.evidence import citation


async def read(mailbox: Mailbox) -> list[tuple[str, str]]:
    return [item async for item in mailbox.events()]


def run(main: Callable[[], Awaitable[None]]) -> None:
    async def limited() -> None:
        await asyncio.wait_for(main(), 10)

    asyncio.run(limited())


class TestMailbox:
    def test_what_a_thread_posts_arrives_in_order(self) -> None:
        async def main() -> None:
            mailbox = Mailbox(asyncio.get_running_loop())

            def work() -> None:
                for number in range(100):
                    mailbox.post("text", {"delta": str(number)})
                mailbox.post("done", {})

            threading.Thread(target=work).start()
            found = await read(mailbox)
            assert [json.loads(text)["delta"] for name, text in found if name == "text"] == [
                str(number) for number in range(100)
            ]
            assert found[-1] == ("done", "{}")

        run(main)

    def test_a_slow_reader_gets_the_end_whatever_was_dropped(self) -> None:
        async def main() -> None:
            mailbox = Mailbox(asyncio.get_running_loop(), kept=3)
            for number in range(10):
                mailbox.post("text", {"delta": str(number)})
            mailbox.post("answer", {"id": "a"})
            mailbox.post("done", {})
            found = await read(mailbox)
            assert [name for name, _ in found] == ["text", "text", "text", "answer", "done"]
            assert mailbox.dropped == 7

        run(main)

    def test_posting_to_nobody_is_no_error(self) -> None:
        loop = asyncio.new_event_loop()
        mailbox = Mailbox(loop)
        loop.close()
        mailbox.post("answer", {})

    def test_no_event_breaks_a_line(self) -> None:
        async def main() -> None:
            mailbox = Mailbox(asyncio.get_running_loop())
            mailbox.post("text", {"delta": "一行\n\n二行\r\u2028三行", "share": float("nan")})
            mailbox.post("done", {})
            (_, text), _ = await read(mailbox)
            assert len(text.splitlines()) == 1
            assert json.loads(text) == {"delta": "一行\n\n二行\r\u2028三行", "share": None}

        run(main)


class TestEventData:
    def test_citations_and_charts_are_written_as_in_the_answer(self) -> None:
        held = citation()
        told = event_data(Event("citation", {"citation": held}))
        assert told["id"] == held.citation_id
        assert told["rows"] == [list(row) for row in held.result.rows]
        chart = Chart("bar", 1, "region", ("amount",))
        assert event_data(Event("chart", {"chart": chart})) == {
            "kind": "bar",
            "citation": 1,
            "x": "region",
            "y": ["amount"],
            "series": None,
        }

    def test_others_as_they_are(self) -> None:
        assert event_data(Event("text", {"delta": "x"})) == {"delta": "x"}
