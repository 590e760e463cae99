"""Asking back and refusing: the words, and the nearest questions that can be answered.

Every option is a whole question in the asker's language, so picking it is asking it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from agents.plan import ClarifyPlan, Plan, RefusePlan
from agents.rules.context import PlannerContext
from agents.rules.draft import Draft, Note
from knowledge.semantic.lexicon import Entry
from leadline.evidence import Option
from leadline.types import Language

MAX_OPTIONS = 6


def _option(text: str) -> Option:
    return Option(text, text)


def _metric(draft: Draft, ctx: PlannerContext) -> str | None:
    for name in draft.metrics:
        if ctx.available.has_metric(name):
            return name
    return ctx.default_metric()


def examples(draft: Draft, ctx: PlannerContext, language: Language) -> tuple[Option, ...]:
    """A few questions near the draft that can be answered here."""
    name = _metric(draft, ctx)
    if name is None:
        return ()
    label = ctx.metric_label(name, language)
    dims = [
        d
        for d in ("region", "partner", "product_category", "product", "salesperson")
        if ctx.available.carries(name, d)
    ]
    if language is Language.ZH:
        first = [f"今年的{label}是多少？"]
        first += [f"今年各{ctx.dimension_label(d, language)}的{label}" for d in dims[:2]]
        first += (
            [f"今年{label}前 10 的{ctx.dimension_label(dims[1], language)}"]
            if len(dims) > 1
            else []
        )
    else:
        low = label.lower()
        first = [f"What is the {low} this year?"]
        first += [
            f"{label} by {ctx.dimension_label(d, language).lower()} this year" for d in dims[:2]
        ]
        first += (
            [f"Top 10 {ctx.dimension_label(dims[1], language).lower()}s by {low} this year"]
            if len(dims) > 1
            else []
        )
    return tuple(_option(q) for q in first[:MAX_OPTIONS])


def definitions(ctx: PlannerContext, language: Language) -> tuple[Option, ...]:
    """Questions for the definition of the usual metrics."""
    names = [m for m in ctx.model.metrics if ctx.available.has_metric(m)][:MAX_OPTIONS]
    zh = language is Language.ZH
    return tuple(
        _option(
            f"{ctx.metric_label(m, language)}怎么算？"
            if zh
            else f"How is {ctx.metric_label(m, language).lower()} calculated?"
        )
        for m in names
    )


def bare(draft: Draft, ctx: PlannerContext, language: Language) -> ClarifyPlan:
    """A metric alone: ask for the period or the cut."""
    name = draft.metrics[0]
    label = ctx.metric_label(name, language)
    dims = [
        d
        for d in ("region", "partner", "product_category", "salesperson")
        if ctx.available.carries(name, d)
    ]
    if language is Language.ZH:
        questions = [f"{when}{label}是多少？" for when in ("本月", "本季度", "今年")]
        questions.append(f"总{label}是多少？")
        questions += [f"今年各{ctx.dimension_label(d, language)}的{label}" for d in dims[:2]]
    else:
        low = label.lower()
        questions = [
            f"What is the {low} {when}?" for when in ("this month", "this quarter", "this year")
        ]
        questions.append(f"What is the total {low}?")
        questions += [
            f"{label} by {ctx.dimension_label(d, language).lower()} this year" for d in dims[:2]
        ]
    message = Note(
        f"想看哪段时间、按什么维度的{label}？",
        f"Which period or cut of {label.lower()} do you want?",
    )
    return ClarifyPlan(message, tuple(_option(q) for q in questions[:MAX_OPTIONS]), draft)


def which_metric(draft: Draft, ctx: PlannerContext, language: Language) -> ClarifyPlan:
    """Members or a period without a metric."""
    names = [
        m
        for m in (
            "amount",
            "orders",
            "quantity",
            "gross_margin",
            "won_amount",
            "opportunities",
            "payment_amount",
        )
        if ctx.available.has_metric(m)
    ]
    subject = _subject(draft, language)
    if language is Language.ZH:
        lead = subject or "总"
        questions = [f"{lead}{ctx.metric_label(m, language)}是多少？" for m in names]
    else:
        lead = "What is the" if subject else "What is the total"
        questions = [f"{lead} {ctx.metric_label(m, language).lower()}{subject}?" for m in names]
    message = Note("想看哪个指标？", "Which figure do you want?")
    return ClarifyPlan(message, tuple(_option(q) for q in questions[:MAX_OPTIONS]), draft)


def _subject(draft: Draft, language: Language) -> str:
    labels = [label for f in draft.positive_filters for label in f.labels][:3]
    time = draft.time
    if language is Language.ZH:
        when = time.label_zh.replace(" ", "") if time else ""
        return when + "、".join(labels) + ("的" if labels or when else "")
    members = f" of {' and '.join(labels)}" if labels else ""
    return members + (f" for {time.label_en}" if time else "")


def best_by_what(draft: Draft, ctx: PlannerContext, language: Language) -> ClarifyPlan:
    """ "The best partner": best by which figure?"""
    dims = draft.all_dims() or ["partner"]
    thing = ctx.dimension_label(dims[0], language)
    names = [
        m
        for m in ("amount", "gross_margin", "gross_margin_rate", "orders", "won_amount")
        if ctx.available.has_metric(m)
    ]
    if language is Language.ZH:
        questions = [f"{ctx.metric_label(m, language)}最高的{thing}" for m in names]
        questions.append(f"今年{ctx.metric_label(names[0], language)}增长最快的{thing}")
    else:
        questions = [
            f"Which {thing.lower()} has the highest {ctx.metric_label(m, language).lower()}?"
            for m in names
        ]
        questions.append(
            f"Which {thing.lower()} is growing fastest in "
            f"{ctx.metric_label(names[0], language).lower()} this year?"
        )
    message = Note("“最好”按哪个指标来看？", "Best by which figure?")
    return ClarifyPlan(message, tuple(_option(q) for q in questions[:MAX_OPTIONS]), draft)


def which_one(
    spelling: str, entries: Sequence[Entry], text: str, ctx: PlannerContext, language: Language
) -> ClarifyPlan:
    """A spelling with several meanings."""
    options = []
    for entry in entries[:MAX_OPTIONS]:
        if entry.kind == "value":
            kind = ctx.dimension_label(entry.name, language)
            label = (
                f"{entry.label}（{kind}）" if language is Language.ZH else f"{entry.label} ({kind})"
            )
            options.append(Option(label, text.replace(spelling, entry.label or spelling, 1)))
        else:
            name = (
                ctx.metric_label(entry.name, language)
                if entry.kind == "metric"
                else ctx.dimension_label(entry.name, language)
            )
            options.append(Option(name, text.replace(spelling, name.casefold(), 1)))
    more = len(entries) - len(options)
    rest_zh = f"（另有 {more} 个）" if more > 0 else ""
    rest_en = f" ({more} more)" if more > 0 else ""
    message = Note(
        f"“{spelling}”对应不止一个对象{rest_zh}，指的是哪一个？",
        f"“{spelling}” can mean more than one thing{rest_en}. Which one?",
    )
    return ClarifyPlan(message, tuple(options))


def no_rows_to_point_at(ctx: PlannerContext, language: Language) -> ClarifyPlan:
    """Pointing at a list ("these five") when nothing was listed before."""
    return ClarifyPlan(
        Note(
            "前面没有列出可以指代的对象，请说出名称",
            "Nothing was listed before: please give the names",
        ),
        examples(Draft(), ctx, language),
    )


def listed_or_all(ctx: PlannerContext, language: Language) -> ClarifyPlan:
    """A list of the first few, now split otherwise: of those, or of all?"""
    return ClarifyPlan(
        Note(
            "是只看刚才列出的这些，还是看全部？请说“这些按…看”或完整的问题",
            "Only those just listed, or all? Say “these by …”, or ask the whole question",
        ),
        examples(Draft(), ctx, language),
    )


def not_placed(words: list[str], draft: Draft, ctx: PlannerContext, language: Language) -> Plan:
    """Words that are known but found no place in the query."""
    quoted = "、".join(f"“{w}”" for w in words)
    message = Note(
        f"没能确定{quoted}在这个问题里的意思，请换一种说法",
        f"It is not clear how {', '.join(f'“{w}”' for w in words)} belongs in this question;"
        " please rephrase",
    )
    return ClarifyPlan(message, examples(draft, ctx, language), draft)


def unknown_words(
    words: Iterable[str],
    near: Sequence[Entry],
    draft: Draft,
    ctx: PlannerContext,
    language: Language,
) -> Plan:
    """Words that mean nothing here: "did you mean" where something is near, else a refusal."""
    quoted = [f"“{w}”" for w in words]
    zh, en = "、".join(quoted), ", ".join(quoted)
    words = list(words)
    names = list(
        dict.fromkeys(_name(e, ctx, language) for e in near if not e.kind.startswith("absent"))
    )
    if names and len(quoted) == 1:
        word = next(iter(words))
        options = tuple(
            Option(n, n if not draft.metrics else _with(draft, n, ctx, language))
            for n in names[:MAX_OPTIONS]
        )
        return ClarifyPlan(
            Note(
                f"不认识{zh}。是指以下之一吗？",
                f"{en} is not known here. Did you mean one of these?",
            ),
            options if word else (),
        )
    return RefusePlan(
        Note(
            f"数据里没有与{zh}对应的指标、维度或名称，无法回答",
            f"There is no metric, dimension or name for {en} in the data,"
            " so this cannot be answered",
        ),
        examples(draft, ctx, language),
    )


def _with(draft: Draft, name: str, ctx: PlannerContext, language: Language) -> str:
    label = ctx.metric_label(draft.metrics[0], language)
    return f"{name}的{label}" if language is Language.ZH else f"{label} of {name}"


def _name(entry: Entry, ctx: PlannerContext, language: Language) -> str:
    if entry.kind == "value":
        return entry.label or ""
    if entry.kind == "metric":
        return ctx.metric_label(entry.name, language)
    return ctx.dimension_label(entry.name, language)


def unknown_group(word: str, draft: Draft, ctx: PlannerContext, language: Language) -> RefusePlan:
    """A grouping that the data does not carry."""
    metric = _metric(draft, ctx)
    dims = [d for d in ctx.model.dimensions if metric and ctx.available.carries(metric, d)]
    zh = "、".join(ctx.dimension_label(d, Language.ZH) for d in dims[:8])
    en = ", ".join(ctx.dimension_label(d, Language.EN).lower() for d in dims[:8])
    return RefusePlan(
        Note(
            f"数据里没有“{word}”这个维度，无法这样分组。可用的维度：{zh}",
            f"The data has no dimension “{word}”, so it cannot be grouped that way."
            f" Available: {en}",
        ),
        examples(draft, ctx, language),
    )


def absent(entry: Entry, draft: Draft, ctx: PlannerContext, language: Language) -> RefusePlan:
    """A metric or dimension that is known, but without data here."""
    if entry.kind == "absent_metric":
        return no_data(entry.name, ctx, language)
    zh, en = (ctx.dimension_label(entry.name, lang) for lang in (Language.ZH, Language.EN))
    return RefusePlan(
        Note(f"当前数据没有“{zh}”这个维度", f"The data loaded here has no {en.lower()}"),
        examples(draft, ctx, language),
    )


def no_data(metric: str, ctx: PlannerContext, language: Language) -> RefusePlan:
    """A metric whose tables are empty here."""
    zh, en = (ctx.metric_label(metric, lang) for lang in (Language.ZH, Language.EN))
    return RefusePlan(
        Note(
            f"当前数据没有“{zh}”所需的记录，无法回答",
            f"The data loaded here holds nothing for {en.lower()}, so this cannot be answered",
        ),
        examples(Draft(), ctx, language),
    )


def not_by(
    metric: str, dimension: str, draft: Draft, ctx: PlannerContext, language: Language
) -> RefusePlan:
    """A metric that cannot be split by a dimension."""
    dims = [d for d in ctx.model.dimensions if ctx.available.carries(metric, d)]
    zh = "、".join(ctx.dimension_label(d, Language.ZH) for d in dims[:8]) or "无"
    en = ", ".join(ctx.dimension_label(d, Language.EN).lower() for d in dims[:8]) or "none"
    m_zh, m_en = (ctx.metric_label(metric, lang) for lang in (Language.ZH, Language.EN))
    d_zh, d_en = (ctx.dimension_label(dimension, lang) for lang in (Language.ZH, Language.EN))
    return RefusePlan(
        Note(
            f"“{m_zh}”在当前数据里不能按“{d_zh}”拆分或筛选。可用的维度：{zh}",
            f"{m_en} cannot be split or filtered by {d_en.lower()} in this data. Available: {en}",
        ),
        examples(draft, ctx, language),
    )


def outside_span(
    metric: str, draft: Draft, ctx: PlannerContext, language: Language
) -> RefusePlan | None:
    """A period that lies wholly before or after the data."""
    span = ctx.available.span(metric)
    time = draft.time
    if time is None or span is None:
        return None
    as_of = ctx.calendar.as_of
    later = time.start is not None and time.start > max(as_of, span.last)
    earlier = time.end_excl is not None and time.end_excl <= span.start
    if not (later or earlier):
        return None
    first, last = span.start, max(span.start, min(span.last, as_of))
    return RefusePlan(
        Note(
            f"{time.label_zh}没有数据：数据从 {first} 到 {last}",
            f"There is no data for {time.label_en}: it runs from {first} to {last}",
        ),
        examples(draft, ctx, language),
    )


_BEYOND = {
    "advice": (
        "只回答数据能证明的事实，不给建议",
        "Only facts that the data proves are answered, not advice",
    ),
    "incentive": ("当前数据没有激励方案", "There are no incentive plans in the data"),
    "weekday": ("数据不能按星期几拆分", "The data cannot be split by day of the week"),
    "alert": ("暂不提供预警", "Alerts are not available yet"),
}


def beyond(kind: str, draft: Draft, ctx: PlannerContext, language: Language) -> RefusePlan:
    """Something that no tool here computes."""
    zh, en = _BEYOND[kind]
    return RefusePlan(
        Note(f"{zh}。可以改问下面的问题", f"{en}. These can be answered instead"),
        examples(draft, ctx, language),
    )


def nothing(ctx: PlannerContext, language: Language) -> ClarifyPlan:
    """Nothing was asked."""
    return ClarifyPlan(
        Note("请告诉我想看什么", "What would you like to know?"), examples(Draft(), ctx, language)
    )
