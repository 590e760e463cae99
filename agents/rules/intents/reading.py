"""A question that another tool than the query answers → a plan, a question back, or a refusal."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from agents.plan import ClarifyPlan, Plan, PlannerTrace, RefusePlan, Task, ToolPlan
from agents.rules.before import Before
from agents.rules.context import PlannerContext
from agents.rules.draft import Draft, FilterUse, Note
from agents.rules.followup import first_as_handle, handled_labels, patch
from agents.rules.hindrance import hindrance
from agents.rules.intents import asking, causes
from agents.rules.intents.catalog import HEADS, INTENTS, TOOL_WORDS, intent
from agents.rules.intents.task import Intent, Settled
from agents.rules.mend import Mending, mend
from agents.rules.read import Reading, read_filters, settle_lexicon
from agents.rules.read_all import read_shape
from agents.rules.text import fold, spoken_language
from agents.rules.tokens import Token, cover
from agents.rules.tracing import members_named, trace_cover
from leadline.types import Language

HARMLESS = frozenset(
    {
        *("stop", "pronoun", "and", "which", "how_much", "also", "follow", "by", "each", "bought"),
        *("versus", "comparative", "total", "scope_all", "different", "rank", "vague", "put"),
    }
)
"""Kinds of words that change nothing that a tool is told."""

ALWAYS = frozenset(
    {"notes", "growth_filter", "growth_on", "growth_ranked", "total", "summing", "vague"}
    | {"order_metric", "direction", "counted"}
)
"""Parts of a draft that say nothing by themselves."""

_KINDS: dict[str, tuple[str, ...]] = {
    "metrics": ("metric", "unit_metric", "verb", "how_many"),
    "dims": ("dim",),
    "outer_dims": ("dim",),
    "grain": ("grain", "grain_noun", "trend"),
    "filters": ("value",),
    "time": ("time",),
    "base_time": ("time",),
    "compare": ("compare", "target"),
    "growth": ("growth",),
    "top": ("top", "superlative", "number"),
    "ranked": ("superlative", "top", "rank", "fastest"),
    "nth": ("nth",),
    "bounds": ("threshold", "multiple"),
    "share": ("share",),
    "rollup": ("rollup", "how_many", "count_grain", "avg_by"),
    "attained": ("attained", "attained_verb"),
    "dormant_days": ("dormant",),
    "no_orders": ("no_orders",),
    "contest": ("versus", "comparative"),
    "difference": ("difference",),
    "cumulative": ("cumulative",),
}
"""Which words stand for a part of a draft: to name them where the tool cannot take it."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of reading a question as one for a tool."""

    plan: Plan
    trace: PlannerTrace


@dataclass(slots=True)
class _Said:
    """The question as read with the words of all tools."""

    reading: Reading
    mending: Mending
    trace: PlannerTrace
    language: Language
    notes: tuple[Note, ...]
    words: tuple[str, ...] = ()


def attempt(question: str, ctx: PlannerContext, before: Before) -> Attempt | None:
    """Read a question as one for a tool; None where no word of it asks for one."""
    text = fold(question)
    if not any(head.search(text) for head in HEADS):
        return None
    said = _read(question, text, ctx)
    heads = _heads(said.reading)
    if not heads:
        return None
    return Attempt(_planned(said, heads, ctx, before), said.trace)


def attempt_bare(question: str, ctx: PlannerContext, before: Before) -> Attempt | None:
    """Read a question without a tool's own word: a follow-up, or partners compared."""
    said = _read(question, fold(question), ctx)
    if _heads(said.reading):
        return None
    plan = _follow(said, ctx, before) if before.task is not None else None
    if plan is None:
        plan = _about_partners(said, ctx)
    return Attempt(plan, said.trace) if plan is not None else None


def compares(question: str) -> bool:
    """Whether a word of the question sets things against each other."""
    return any(pattern.search(fold(question)) for pattern in _VERSUS)


_VERSUS = tuple(w.pattern for w in TOOL_WORDS if w.kind == "versus")


def _read(question: str, text: str, ctx: PlannerContext) -> _Said:
    covered = cover(text, ctx.lexicon, ctx.calendar, words=TOOL_WORDS)
    mending = mend(covered, ctx.lexicon)
    if mending.extra or mending.notes:
        covered = cover(mending.text, ctx.lexicon, ctx.calendar, mending.extra, TOOL_WORDS)
    reading = Reading(covered, ctx)
    trace = PlannerTrace()
    trace_cover(trace, covered, mending)
    settle_lexicon(reading)
    read_filters(reading)
    notes = [*reading.draft.notes]
    notes += [Note(f"“{a}”按“{b}”理解", f"“{a}” read as “{b}”") for a, b in mending.notes]
    _own_marks(reading)
    read_shape(reading)
    _lone_number(reading)
    language = spoken_language(question, members_named(trace))
    words = dict.fromkeys(_word(t) for t in reading.tokens if t.kind in ("tool", "aid"))
    if any(t.text.startswith("多少") or t.kind == "how_many" for t in reading.tokens):
        words["counted"] = None
    said = _Said(reading, mending, trace, language, tuple(notes), tuple(words))
    said.words = (*said.words, str(language))
    return said


def _own_marks(r: Reading) -> None:
    """各分群, by segment: the word splits by what the tool itself tells apart."""
    for token in r.of("each", "by", "distribution"):
        after = r.after(token)
        if after is not None and after.kind in ("tool", "aid"):
            token.used = True


def _lone_number(r: Reading) -> None:
    """最相似的3家, the 15 partners: a number of members is how many are wanted."""
    numbers = list(r.of("number"))
    if len(numbers) != 1 or r.draft.top is not None:
        return
    amount, at = numbers[0].amount, r.tokens.index(numbers[0]) + 1
    after = r.tokens[at] if at < len(r.tokens) else None
    counts = after is not None and (after.kind == "dim" or after.text in ("家", "个", "名", "位"))
    if counts and amount is not None and amount.value == int(amount.value) >= 1:
        numbers[0].used = True
        r.draft.top = int(amount.value)


def _word(token: Token) -> str:
    if token.number is not None:
        return f"{token.value}={token.number}"
    return {"ahead:half": "ahead:months=6", "ahead:year": "ahead:months=12"}.get(
        token.value, token.value
    )


def _heads(r: Reading) -> set[str]:
    return {t.value for t in r.tokens if t.kind == "tool"}


def _marks(r: Reading) -> set[str]:
    return {t.value for t in r.tokens if t.kind in ("tool", "aid")}


def _choose(r: Reading, heads: set[str]) -> Intent | None:
    """The first intent that understands all the tools' words of the question."""
    marks = _marks(r)
    for found in INTENTS:
        known = found.heads | found.needs | found.aids
        if heads & found.heads and found.needs <= marks <= known:
            return found
    return None


def _planned(said: _Said, heads: set[str], ctx: PlannerContext, before: Before) -> Plan:
    r = said.reading
    if before.task is not None and heads == {"why"} and _says_only_why(r):
        again = _reasons(said, ctx, before.task)
        if again is not None:
            return again
    found = _choose(r, heads)
    hindered = hindrance(r, ctx, said.mending, said.language, before.draft)
    if hindered is not None:
        return hindered
    if found is None:
        words = [t.text for t in r.tokens if t.kind in ("tool", "aid")]
        return asking.not_placed(words, said.language)
    pointed = _point(r, before)
    if pointed is not None:
        return asking.ask(*pointed, language=said.language)
    task = Task(found.name, r.draft, said.words)
    inherited: tuple[Note, ...] = ()
    if found.name == "why":
        task, inherited = _why_task(task, r, before)
    elif r.has("follow") and not r.draft.filters and before.draft is not None:
        task, inherited = _same_members(task, before.draft)
    return _settle(task, found, said, ctx, inherited)


def _settle(
    task: Task, found: Intent, said: _Said, ctx: PlannerContext, notes: tuple[Note, ...] = ()
) -> Plan:
    """The plan, if everything that was said reaches the tool."""
    left = _left(said.reading, task.draft, found)
    if left:
        said.trace.decisions.append(f"unused: {left}")
        return asking.not_placed(left, said.language)
    done = found.settle(task, ctx)
    if not isinstance(done, Settled):
        return done
    said.trace.decisions.append(f"tool: {found.name}")
    kept = Draft(filters=list(task.draft.filters), any_of=task.draft.any_of)
    if found.name == "why":
        kept = causes.patched(task.draft)
    task = replace(task, draft=task.draft.copy())
    return ToolPlan(done.calls, (*said.notes, *notes, *done.notes), kept, task)


def _left(r: Reading, draft: Draft, found: Intent) -> list[str]:
    """Words that this intent has no place for."""
    known = found.heads | found.needs | found.aids
    left = []
    for token in r.tokens:
        if token.kind in ("tool", "aid"):
            if token.value not in known:
                left.append(token.text)
        elif token.kind == "how_many" and found.counts:
            continue
        elif not token.used and token.kind not in HARMLESS:
            left.append(token.text)
    if draft.direction == "asc" and found.name != "health":
        left += _texts(r, ("superlative", "top", "rank_asc"))
    if r.has("distribution") and found.name != "segments":
        left += _texts(r, ("distribution",))
    empty = Draft()
    for part in fields(Draft):
        name = part.name
        if name in found.fields or name in ALWAYS or getattr(draft, name) == getattr(empty, name):
            continue
        if name == "dims" and found.name != "why" and set(draft.dims) <= {"partner"}:
            continue
        left += _texts(r, _KINDS.get(name, ())) or [name]
    return list(dict.fromkeys(left))


def _texts(r: Reading, kinds: tuple[str, ...]) -> list[str]:
    return [t.text for t in r.tokens if t.kind in kinds]


# --------------------------------------------------------------------------------- follow-ups


def _point(r: Reading, before: Before) -> tuple[str, str] | None:
    """Put the members that a pronoun points at in its place; or why it points at nothing."""
    first_as_handle(r, before.shown)
    if not r.has("handle"):
        return None
    if before.shown is None:
        return (
            "前面没有列出可以指代的对象，请说出名称",
            "Nothing was listed before: please give the names",
        )
    labels = handled_labels(r, before.shown)
    for token in r.of("handle"):
        token.used = True
    r.draft.filters = [f for f in r.draft.filters if f.dimension != before.shown.dimension]
    r.draft.filters.append(FilterUse(before.shown.dimension, labels))
    return None


def _same_members(task: Task, old: Draft) -> tuple[Task, tuple[Note, ...]]:
    """ "And their health?" after a question about 华东: the places and partners stay."""
    kept = [f for f in old.filters if f.dimension in ("partner", "region")]
    if not kept:
        return task, ()
    draft = task.draft.copy()
    draft.filters = kept
    names = "、".join(label for f in kept for label in f.labels[:5])
    note = Note(f"沿用前面的范围：{names}", f"within what was asked before: {names}")
    return replace(task, draft=draft), (note,)


def _why_task(task: Task, r: Reading, before: Before) -> tuple[Task, tuple[Note, ...]]:
    """What the question leaves out of a change stands in the question before it."""
    if before.draft is None or r.draft.metrics:
        return task, ()
    old = before.draft
    base = causes.patched(old)
    picked = bool(old.bounds or old.ranked or old.growth or old.attained)
    shown = before.shown
    if picked and shown is not None and base.dims[-1:] == [shown.dimension] and not r.draft.filters:
        base.filters = [f for f in base.filters if f.dimension != shown.dimension]
        base.filters.append(FilterUse(shown.dimension, shown.labels))
    draft = patch(base, r, shown)
    if draft is None:
        return task, ()
    single = {f.dimension for f in draft.positive_filters if len(f.labels) == 1}
    draft.dims = [d for d in draft.all_dims() if d not in single]
    draft.outer_dims = []
    return replace(task, draft=draft), ()


def _says_only_why(r: Reading) -> bool:
    d = r.draft
    return not (d.metrics or d.filters or d.time or d.all_dims() or d.growth or d.compare)


def _reasons(said: _Said, ctx: PlannerContext, old: Task) -> Plan | None:
    """ "Why?" after an answer that holds its reasons: the same again, for one partner."""
    if old.intent == "why":
        drilled = replace(old, words=(*old.words, "drill", str(said.language)))
        return _settle(drilled, intent("why"), said, ctx)
    if old.intent not in ("churn", "segments", "health"):
        return None
    partners = [
        label for f in old.draft.positive_filters if f.dimension == "partner" for label in f.labels
    ]
    if len(partners) != 1:
        return asking.ask(
            "每一行都带有原因；想细看哪一家，请说出名称",
            "Each line gives its reasons; to look closer, name one partner",
            language=said.language,
        )
    done = intent(old.intent).settle(old, ctx)
    return (
        ToolPlan(done.calls, done.notes, Draft(filters=list(old.draft.filters)), old)
        if isinstance(done, Settled)
        else done
    )


def _follow(said: _Said, ctx: PlannerContext, before: Before) -> Plan | None:
    """The last task with what the question says put in its place."""
    r, old = said.reading, before.task
    assert old is not None  # noqa: S101 - the caller looked
    d = r.draft
    if d.metrics and old.intent not in ("why", "forecast"):
        return None
    says = bool(d.filters or d.time or d.all_dims() or d.top or d.metrics or d.compare) or r.has(
        "handle"
    )
    opens = r.has("follow", "also", "handle") or (
        bool(r.tokens) and r.tokens[0].kind in ("and", "by")
    )
    marks = _marks(r)
    if not (says or marks) or not (opens or marks or (says and len(r.tokens) <= _SHORT)):
        return None
    if hindrance(r, ctx, said.mending, said.language, before.draft) is not None:
        return None
    pointed = _point(r, before)
    if pointed is not None:
        return None
    draft = patch(old.draft, r, before.shown)
    if draft is None:
        return None
    found = intent(old.intent)
    kept = [w for w in old.words if w not in ("zh", "en") and not _replaced(w, said.words)]
    task = Task(old.intent, draft, tuple(dict.fromkeys([*kept, *said.words])))
    return _settle(task, found, said, ctx)


_SHORT = 4
"""A question of so few words that names members only leans on the one before."""


def _replaced(word: str, new: tuple[str, ...]) -> bool:
    group = word.split("=", maxsplit=1)[0].split(":", maxsplit=1)[0]
    return ":" in word and any(w.split("=")[0].split(":")[0] == group for w in new)


def _about_partners(said: _Said, ctx: PlannerContext) -> Plan | None:
    """Two partners set against each other, or one and nothing but "how is it"."""
    r = said.reading
    named = [f for f in r.draft.positive_filters if f.dimension == "partner"]
    only = len(r.draft.filters) == len(named) == 1 and not r.doubtful
    if not only or r.draft.metrics or r.draft.time or r.draft.top:
        return None
    labels = named[0].labels
    if len(labels) > 1 and r.has("versus") and not r.has("which", "comparative"):
        found = intent("compare")
    elif len(labels) == 1 and any(t.value == "view" for t in r.tokens if t.kind == "stop"):
        found = intent("profile")
    else:
        return None
    task = Task(found.name, r.draft, said.words)
    plan = _settle(task, found, said, ctx)
    return plan if isinstance(plan, (ToolPlan, ClarifyPlan, RefusePlan)) else None
