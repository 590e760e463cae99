"""A competent model: it plans and words as the rules do, but speaks only over the wire.

It knows what a model knows – the instance's words and the messages – and nothing else: members that
came as placeholders stay placeholders, and sentences are made from the rows that it was told.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from agents import replies
from agents.narrate import Told, narrate
from agents.plan import ClarifyPlan, MetaPlan, Plan, QueryPlan, ToolPlan
from agents.rules.asking import definitions, examples
from agents.rules.context import PlannerContext
from agents.rules.draft import Draft, Note
from agents.rules.followup import Shown
from agents.rules.planner import Before
from agents.rules.planner import plan as plan_by_rules
from agents.tellers.catalog import tell
from evals.scripted.wire import Reply, Request, ToolCall
from knowledge.semantic.lexicon import Entry, Lexicon
from knowledge.semantic.spec import All, Filter, QuerySpec
from leadline.evidence import Citation, Column, Option, ToolResult
from leadline.types import Language, Scalar, Unit

PLACEHOLDER = re.compile(r"(?<![A-Za-z0-9_#])([a-z][a-z_]*)#\d+")
_LAST = re.compile(r"\n\nAnswer in (Chinese|English)\.$")
AGAIN = "Query again"
"""In a message that sends the queries back, not only the text."""
_ANSWERED = re.compile(r"Answered by the queries (\[.*\])$", re.DOTALL)
_RECOGNISED = "\n\nRecognised members: "


@dataclass(frozen=True, slots=True)
class Heard:
    """A request, read: the question, the language, what came before and since."""

    question: str
    language: Language
    members: tuple[dict[str, Any], ...]
    """The members that were recognised in the question: text, and what it means."""
    earlier: tuple[str, ...]
    answered_by: tuple[dict[str, Any], ...]
    """The queries of the turn before."""
    steps: tuple[tuple[ToolCall, dict[str, Any]], ...]
    """Calls since the question, each with what the tool answered."""
    repaired: bool
    """Whether the last message asks for a mended reply."""


def hear(messages: Sequence[Mapping[str, Any]]) -> Heard:
    """Read a request's messages."""
    at = max(i for i, m in enumerate(messages) if m["role"] == "user" and _LAST.search(_text(m)))
    last = _text(messages[at])
    said = _LAST.search(last)
    assert said is not None  # noqa: S101 - it was looked for above
    question, _, listed = _LAST.sub("", last).partition(_RECOGNISED)
    members = tuple(json.loads(listed)) if listed else ()
    earlier = tuple(_text(m) for m in messages[:at] if m["role"] == "user")
    answers = [_text(m) for m in messages[:at] if m["role"] == "assistant"]
    before = _ANSWERED.match(answers[-1]) if answers else None
    called: dict[str, ToolCall] = {}
    steps: list[tuple[ToolCall, dict[str, Any]]] = []
    for message in messages[at + 1 :]:
        if message["role"] == "user" and AGAIN in _text(message):
            steps.clear()
        for call in message.get("tool_calls") or ():
            function = call["function"]
            called[call["id"]] = ToolCall(function["name"], _object(function["arguments"]))
        if message["role"] == "tool":
            steps.append((called[message["tool_call_id"]], _object(_text(message))))
    language = Language.ZH if said[1] == "Chinese" else Language.EN
    return Heard(
        question,
        language,
        members,
        earlier,
        tuple(json.loads(before[1])) if before else (),
        tuple(steps),
        messages[-1]["role"] == "user" and at < len(messages) - 1,
    )


def _text(message: Mapping[str, Any]) -> str:
    return str(message.get("content") or "")


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except json.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


@dataclass(frozen=True, slots=True)
class Competent:
    """Answers requests about the instance of `ctx`."""

    ctx: PlannerContext

    def __call__(self, request: Request) -> Reply:
        """The next step: queries, then what leans on their rows, then the answer."""
        heard = hear(request.messages)
        plan = self.plan(heard)
        listed = _listed_by(heard)
        if isinstance(plan, ClarifyPlan) and listed is not None:
            # "these five": the earlier query once more, to know who they are
            held = [body for _, body in heard.steps if "columns" in body]
            some = Shown(listed, _column(held[0], listed) if held else ("?", "??"))
            pointed = self.plan(heard, some)
            if isinstance(pointed, QueryPlan) and not held:
                return Reply(calls=(ToolCall("query", heard.answered_by[0]),))
            if isinstance(pointed, QueryPlan):
                if int(held[0]["row_count"]) > len(some.labels):
                    pointed = _by_conditions(pointed, heard.answered_by[0], listed)
                return self._query(pointed, replace(heard, steps=heard.steps[1:]))
        if isinstance(plan, QueryPlan):
            return self._query(plan, heard)
        if isinstance(plan, ToolPlan):
            return self._tools(plan, heard)
        if isinstance(plan, MetaPlan):
            return self._meta(plan, heard)
        name = "ask_back" if isinstance(plan, ClarifyPlan) else "refuse"
        return _asking(name, plan.message, plan.options, heard.language)

    def plan(self, heard: Heard, shown: Shown | None = None) -> Plan:
        """What the rules make of the question, follow-ups included; `shown` was listed before."""
        ctx = replace(self.ctx, lexicon=_with_placeholders(self.ctx.lexicon, heard))
        before = Before()
        for question in heard.earlier:
            plan = plan_by_rules(question, ctx, before)
            if isinstance(plan, QueryPlan):
                before = Before(plan.draft, None, plan.queries[0].spec.metrics)
            elif isinstance(plan, ToolPlan):
                before = Before(plan.draft, _named(plan), before.metrics, task=plan.task)
            elif isinstance(plan, ClarifyPlan) and plan.draft is not None:
                before = Before(plan.draft, None, before.metrics, not plan.draft.metrics)
        return plan_by_rules(heard.question, ctx, replace(before, shown=shown or before.shown))

    def _tools(self, plan: ToolPlan, heard: Heard) -> Reply:
        """The calls of other tools, then what their tellers say of the rows that were told."""
        held = [step for step in heard.steps if "citation" in step[1]]
        if not held:
            return Reply(calls=tuple(ToolCall(c.tool, c.arguments) for c in plan.calls))
        as_of = self.ctx.calendar.as_of
        told = [_of_tool(call, body, as_of) for call, body in held]
        return Reply(tell(told, heard.language).template)

    def _query(self, plan: QueryPlan, heard: Heard) -> Reply:
        held = [step for step in heard.steps if "citation" in step[1]]
        if not held:
            return Reply(
                calls=tuple(ToolCall("query", q.spec.as_arguments()) for q in plan.queries)
            )
        as_of = self.ctx.calendar.as_of
        told = [_told(at, *step, plan, as_of) for at, step in enumerate(held)]
        if len(held) == len(plan.queries) and not heard.repaired:
            further = _further(plan, told[0].number, told[0].result)
            if further is not None:
                return Reply(calls=(further,))
        return Reply(narrate(plan.built, told, heard.language))

    def _meta(self, plan: MetaPlan, heard: Heard) -> Reply:
        language = heard.language
        if plan.kind == "help" or (plan.kind == "how_computed" and not plan.metrics):
            options = (
                examples(Draft(), self.ctx, language)
                if plan.kind == "help"
                else definitions(self.ctx, language)
            )
            return _asking(
                "ask_back", Note("想问什么？", "What do you want to know?"), options, language
            )
        name = "freshness" if plan.kind == "as_of" else "explain"
        if not heard.steps:
            arguments = {} if name == "freshness" else {"metrics": list(plan.metrics)}
            return Reply(calls=(ToolCall(name, arguments),))
        rows = int(heard.steps[-1][1].get("rows_held", 1))
        return Reply(replies.meta_template(name, rows, language))


def _named(plan: ToolPlan) -> Shown | None:
    """The partners that a question to a tool named."""
    uses = plan.task.draft.positive_filters if plan.task is not None else []
    labels = [label for use in uses if use.dimension == "partner" for label in use.labels]
    return Shown("partner", tuple(labels)) if labels else None


def _listed_by(heard: Heard) -> str | None:
    """The dimension that the answer before listed."""
    if not heard.answered_by or heard.answered_by[0].get("rollup"):
        return None
    names = heard.answered_by[0].get("dimensions") or [None]
    return names[-1]  # type: ignore[no-any-return]


def _by_conditions(plan: QueryPlan, before: Mapping[str, Any], listed: str) -> QueryPlan:
    """A plan about more listed members than were told: what picked them, not who they are.

    As it is where conditions cannot stand for them: a ranking, or those of another period.
    """
    earlier, main = QuerySpec.model_validate(before), plan.queries[0]
    if (
        earlier.limit is not None
        or earlier.top_per is not None
        or _days(earlier) != _days(main.spec)
    ):
        return plan
    conditions = [
        condition
        for where in (earlier.where, main.spec.where)
        for condition in (where.items if isinstance(where, All) else (where,))
        if condition is not None
        and not (isinstance(condition, Filter) and condition.member == listed)
    ]
    spec = main.spec.model_copy(
        update={
            "where": All(items=tuple(conditions)) if conditions else None,
            "metric_filters": (*earlier.metric_filters, *main.spec.metric_filters),
        }
    )
    return replace(plan, queries=(replace(main, spec=spec), *plan.queries[1:]))


def _days(spec: QuerySpec) -> tuple[date | None, date | None]:
    return (spec.time.start, spec.time.end_excl) if spec.time else (None, None)


def _column(body: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """The members that a result was told to hold."""
    at = [column["name"] for column in body["columns"]].index(name)
    return tuple(dict.fromkeys(str(row[at]) for row in body.get("rows", []) if row[at] is not None))


def _asking(name: str, message: Note, options: Sequence[Option], language: Language) -> Reply:
    text = message.zh if language is Language.ZH else message.en
    key = "options" if name == "ask_back" else "nearest"
    return Reply(calls=(ToolCall(name, {"message": text, key: [o.question for o in options]}),))


def _with_placeholders(lexicon: Lexicon, heard: Heard) -> Lexicon:
    """The lexicon with the placeholders of the conversation as members."""
    entries: dict[str, list[Entry]] = defaultdict(list, lexicon.entries)
    for text in (*heard.earlier, heard.question):
        for match in PLACEHOLDER.finditer(text):
            entries[match[0]] = [Entry("value", match[1], match[0])]
    for member in heard.members:
        if PLACEHOLDER.fullmatch(member["text"]):
            entries[member["text"]] = [
                Entry("value", meant["dimension"], meant["member"]) for meant in member["means"]
            ]
    return Lexicon(lexicon.fold, entries, {}, lexicon.labels)


def _told(
    place: int, call: ToolCall, body: Mapping[str, Any], plan: QueryPlan, as_of: date
) -> Told:
    """A result as far as it was told; figures that were withheld are taken to be there."""
    number = int(body["citation"])
    columns = tuple(
        Column(c["name"], Unit(c["unit"]), c["name"], c["name"], c.get("currency"))
        for c in body["columns"]
    )
    held = int(body["rows_held"])
    rows: list[tuple[Scalar, ...]] = [tuple(row) for row in body.get("rows", [])]
    unknown: tuple[Scalar, ...] = tuple("?" if c.unit is Unit.TEXT else 1 for c in columns)
    rows += [unknown] * (held - len(rows))
    query = plan.queries[min(place, len(plan.queries) - 1)]
    spec = query.spec.as_arguments()
    arguments: dict[str, object] = dict(call.arguments) if call.name == "query" else {"spec": spec}
    result = ToolResult(
        call.name, arguments, "", 0, "", as_of, columns, tuple(rows), int(body["row_count"]),
        bool(body["truncated"]),
    )  # fmt: skip
    role = query.role if call.name == "query" else call.name
    return Told(role, Citation(str(number), number, result))


def _of_tool(call: ToolCall, body: Mapping[str, Any], as_of: date) -> Told:
    """A result of another tool as far as it was told."""
    number = int(body["citation"])
    columns = tuple(
        Column(c["name"], Unit(c["unit"]), c["name"], c["name"], c.get("currency"))
        for c in body["columns"]
    )
    rows: list[tuple[Scalar, ...]] = [tuple(row) for row in body.get("rows", [])]
    unknown: tuple[Scalar, ...] = tuple("?" if c.unit is Unit.TEXT else 1 for c in columns)
    rows += [unknown] * (int(body["rows_held"]) - len(rows))
    result = ToolResult(
        call.name, dict(call.arguments), "", 0, "", as_of, columns, tuple(rows),
        int(body["row_count"]), bool(body["truncated"]),
    )  # fmt: skip
    return Told(call.name, Citation(str(number), number, result))


def _further(plan: QueryPlan, number: int, result: ToolResult) -> ToolCall | None:
    """The difference of two members, or what a ranking makes up together."""
    spec = plan.queries[0].spec
    two = len(spec.row_keys) == 1 and len(result.rows) == 2 and spec.compare is None
    if (plan.built.difference or plan.built.contest) and two:
        at = result.column_index(spec.row_keys[0])
        first, second = (row[at] for row in result.rows)
        if "?" not in (first, second):
            return ToolCall("difference", {"citation": number, "first": first, "second": second})
    picked = spec.limit is not None or bool(spec.focus)
    shares = len(spec.shares) == 1 and not spec.shares[0].within
    if picked and shares and len(result.rows) > 1 and not result.truncated and spec.compare is None:
        return ToolCall("concentration", {"citation": number})
    return None
