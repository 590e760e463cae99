"""The small channel behind a scripted model: asked over real HTTP, in llm mode."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal

from agents.llm.planner import LlmPlanner
from agents.service import AskService
from evals.scripted.competent import Competent
from evals.scripted.server import MODEL, Behaviour, ScriptedModel
from leadline.access import EVERYTHING, LOCAL_OWNER, Principal, Scope
from leadline.evidence import Answer
from leadline.settings import LlmSettings, ShareLevel
from tests.agents.channel import Channel


@dataclass(frozen=True)
class Asked:
    """A channel with a scripted model in front of it."""

    channel: Channel
    service: AskService
    server: ScriptedModel

    def ask(self, question: str, *earlier: str, as_: Principal = LOCAL_OWNER) -> Answer:
        return self.service.ask(question, context=earlier, principal=as_, planner="llm")

    def spans(self, answer: Answer, name: str) -> list[dict[str, object]]:
        """The answer's spans whose name begins so."""
        stored = self.service.stored_trace(answer.answer_id)
        return [span for span in stored if str(span["name"]).startswith(name)]

    @property
    def sent(self) -> str:
        """Everything that the server was sent."""
        return b"\n".join(self.server.received).decode()


def competent(channel: Channel, scope: Scope = EVERYTHING) -> Competent:
    return Competent(channel.context(scope))


@contextmanager
def asked(
    channel: Channel,
    behaviour: Behaviour | None = None,
    *,
    share: ShareLevel = "aggregates",
    timeout_s: float = 20.0,
    max_calls: int = 8,
    prices: tuple[str, str] | None = None,
    api_key: str = "sk-secret-key",
    server: type[ScriptedModel] = ScriptedModel,
) -> Iterator[Asked]:
    """The channel asked through a model with this behaviour; competent by default."""
    with server(behaviour or competent(channel)) as running:
        settings = LlmSettings(
            base_url=running.base_url,
            model=MODEL,
            api_key=api_key,
            share=share,
            timeout_s=timeout_s,
            max_calls=max_calls,
            input_price=Decimal(prices[0]) if prices else None,
            output_price=Decimal(prices[1]) if prices else None,
        )
        model = LlmPlanner(settings)
        own = channel.service
        service = AskService(
            replace(own.settings, llm=settings), own.snapshots, own.evidence, model
        )
        yield Asked(channel, service, running)
        model.close()
