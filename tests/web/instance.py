"""What the pages are looked at with: the test channel, and names and rows that are hard to show.

The second source sells in 2023 only, so that what `tests.agents.channel` says of later years holds:

    order amounts of 2023      演示大区
    <img …>贸易                  9,876,543,210.25
    the long name              1,000
    the longer word            10

One order line of it names a product that is not there, and is refused. Two evaluation runs are
kept: in the first both cases are right, in the second one is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from threading import Event as Flag
from typing import Any

from fastapi import FastAPI

from agents.bootstrap import open_service
from agents.events import Emit, Event
from agents.service import AskService
from evals.report import summarise
from evals.run import Result
from evals.sampling import Selection
from evals.scorers import Ruling
from evals.store import EvalStore, RunSetup
from knowledge.warehouse.load import load_batch
from knowledge.warehouse.snapshot import SnapshotStore, publish
from leadline.database import make_engine
from leadline.evidence import Answer
from leadline.settings import Settings
from server.app import create_app
from server.web_files import WebFiles
from tests.agents.channel import AS_OF
from tests.evals.answers import ONE_FIGURE, answer, case
from tests.knowledge.warehouse.batches import batch
from tests.server.serving import guarded_settings

HOSTILE = '<img src=x onerror="window.broken=1">贸易'
LINK = "javascript:window.broken=1"
LONG = "环球国际供应链数字化解决方案与企业级云服务联合运营集团股份有限公司" * 2
UNBROKEN = "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerk" * 2
REFUSED_PRODUCT = "<script>window.broken=1</script>"
SOURCE = "imports"

WAIT_S = 30.0
"""An answer that is held back goes on after so long, whatever the test does."""


def _tables() -> dict[str, list[dict[str, Any]]]:
    partners = (("H1", HOSTILE), ("H2", LONG), ("H3", UNBROKEN))
    amounts = ("9876543210.25", "1000", "10")
    days = (date(2023, 3, 1), date(2023, 4, 1), date(2023, 5, 1))
    orders = [
        {
            "ext_id": f"Z{at}",
            "order_no": f"Z{at}",
            "order_date": day,
            "partner_id": partner,
            "customer_id": "HC",
            "currency": "CNY",
        }
        for at, (day, (partner, _)) in enumerate(zip(days, partners, strict=True))
    ]
    lines = [
        {
            "ext_id": f"Z{at}-1",
            "order_id": f"Z{at}",
            "line_no": "1",
            "product_id": "HP",
            "quantity": Decimal(1),
            "amount": Decimal(amount),
        }
        for at, amount in enumerate(amounts)
    ]
    refused = {**lines[0], "ext_id": "Z9-9", "line_no": "9", "product_id": REFUSED_PRODUCT}
    return {
        "region": [{"ext_id": "HR", "name": "演示大区", "country": "中国"}],
        "product": [{"ext_id": "HP", "sku": "HP", "name": LINK, "category": HOSTILE}],
        "customer": [{"ext_id": "HC", "name": LINK, "industry": HOSTILE}],
        "partner": [
            {"ext_id": ext_id, "name": name, "region_id": "HR", "tier": "银牌"}
            for ext_id, name in partners
        ],
        "sales_order": orders,
        "order_line": [*lines, refused],
    }


def settings_in(folder: Path) -> Settings:
    """A guarded instance with two sources, a refused row and two snapshots."""
    settings = guarded_settings(folder)
    engine = make_engine(settings.database_url)
    report = load_batch(engine, batch(_tables(), source=SOURCE), business_date=AS_OF)
    assert report.rejected == 1, report
    publish(engine, SnapshotStore(settings.snapshot_dir))
    _evaluate(EvalStore(engine))
    engine.dispose()
    return settings


def _evaluate(store: EvalStore) -> None:
    first, second = case(f"2023年{HOSTILE}的销售额", id="w-1-zh"), case("今年销售额", id="w-2-zh")
    right, wrong = Ruling("right"), Ruling("silently_wrong", "expected 610,000")
    said = answer("2025 年销售额为 61.00万元 [1]。", ONE_FIGURE)
    for label, verdicts in (("before", (right, right)), ("after", (right, wrong))):
        run_id = store.begin_run(
            RunSetup("rules", ("channel",), Selection(), "0.1.0+abc", label=label)
        )
        for asked, verdict in zip((first, second), verdicts, strict=True):
            store.add_result(run_id, Result("channel", asked, verdict, said, 12.5))
        store.finish_run(run_id, summarise(store.results(run_id)))


class Pace:
    """Holds answers back at a step, so that a test can look at the page meanwhile."""

    def __init__(self) -> None:
        self._step: str | None = None
        self._reached = Flag()
        self._go = Flag()

    @contextmanager
    def held_before(self, step: str) -> Iterator[Flag]:
        """Answers stop before their first event of this name until the block ends.

        Yields a flag that is set as soon as one has stopped there.
        """
        self._reached.clear()
        self._go.clear()
        self._step = step
        try:
            yield self._reached
        finally:
            self._step = None
            self._go.set()

    def through(self, emit: Emit) -> Emit:
        """What an answer tells its steps to."""

        def told(event: Event) -> None:
            if event.name == self._step:
                self._reached.set()
                self._go.wait(WAIT_S)
            emit(event)

        return told


class PacedService(AskService):
    """A service whose answers can be held back."""

    pace: Pace

    def ask(self, question: str, **more: Any) -> Answer:
        if "emit" in more:
            more["emit"] = self.pace.through(more["emit"])
        return super().ask(question, **more)


def paced_app(settings: Settings, pace: Pace, web: WebFiles) -> FastAPI:
    """The app as it is served, over a service that `pace` can hold back."""
    opened = open_service(settings)
    service = PacedService(
        opened.settings, opened.snapshots, opened.evidence, opened.model, opened.traces
    )
    service.pace = pace
    return create_app(settings, service=service, web=web)
