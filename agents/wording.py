"""Words for the parts of a query: its period, its filters, its grouping, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from knowledge.semantic.calendar import same_elapsed
from knowledge.semantic.model import load_model
from knowledge.semantic.spec import Condition, Filter, QuerySpec
from leadline.evidence import ToolResult
from leadline.types import Language, Period

GRAIN_WORDS = {
    "day": ("日", "day"),
    "week": ("周", "week"),
    "month": ("月", "month"),
    "quarter": ("季度", "quarter"),
    "half": ("半年", "semester"),
    "year": ("年", "year"),
}


def spec_of(result: ToolResult) -> QuerySpec | None:
    """The query behind a result; None for tools that run no query."""
    if result.tool == "query":
        return QuerySpec.model_validate(result.arguments)
    if result.tool in ("contributions", "forecast", "forecast_series"):
        asked = {k: v for k, v in result.arguments.items() if k in ("time", "compare", "where")}
        metric = result.arguments.get("metric", "amount")
        return QuerySpec.model_validate({"metrics": (metric,), **asked})
    inner = result.arguments.get("spec")
    return QuerySpec.model_validate(inner) if inner is not None else None


def spec_part(result: ToolResult, part: str, language: Language) -> str:
    """The text of a slot that speaks of the query: row_count, time, base or where."""
    if part == "row_count":
        return f"{result.row_count:,}"
    spec = spec_of(result)
    if spec is None:
        return ""
    if part == "time":
        return time_words(spec, language)
    if part == "base":
        return base_words(spec, result.as_of, language)
    return where_words(spec, language)


def time_words(spec: QuerySpec, language: Language) -> str:
    """The named period ("2013 年第三季度"), or that all data counts."""
    if spec.time is None or (spec.time.start is None and spec.time.end_excl is None):
        return "全部期间" if language is Language.ZH else "all periods"
    label = spec.time.label if language is Language.ZH else spec.time.label_en or spec.time.label
    if label:
        return label
    last = spec.time.end_excl - timedelta(days=1) if spec.time.end_excl else None
    return f"{spec.time.start or ''} … {last or ''}"


def base_words(spec: QuerySpec, as_of: date, language: Language) -> str:
    """The days that a comparison is made with."""
    compare = spec.compare
    if compare is None or compare.start is None or compare.end_excl is None:
        return "上期" if language is Language.ZH else "the period before"
    base = Period(compare.start, compare.end_excl)
    time = spec.time
    if compare.align == "elapsed" and time and time.start and time.end_excl:
        base = same_elapsed(Period(time.start, time.end_excl), base, as_of)
    return str(base)


def where_words(spec: QuerySpec, language: Language) -> str:
    """The filters, e.g. "Bikes、Germany（不含 France）"."""
    included = [str(v) for f in filters_of(spec.where) if f.op == "in" for v in f.values]
    excluded = [str(v) for f in filters_of(spec.where) if f.op == "not_in" for v in f.values]
    if language is Language.ZH:
        text = "、".join(_short(included, language))
        without = "、".join(_short(excluded, language))
        return text + (f"（不含{without}）" if without else "")
    text = ", ".join(_short(included, language))
    without = ", ".join(_short(excluded, language))
    return text + (f" (without {without})" if without else "")


def _short(labels: list[str], language: Language) -> list[str]:
    """At most six names, then how many more."""
    if len(labels) <= 6:
        return labels
    return [*labels[:5], "等" if language is Language.ZH else "and others"]


def filters_of(condition: Condition | None) -> Iterator[Filter]:
    """Every single filter of a condition."""
    if condition is None:
        return
    if isinstance(condition, Filter):
        yield condition
        return
    for item in condition.items:
        yield from filters_of(item)


def key_label(name: str, language: Language) -> str:
    """What a row key (grain or dimension) is called."""
    if name in GRAIN_WORDS:
        return GRAIN_WORDS[name][0 if language is Language.ZH else 1]
    label = load_model().dimensions[name].label.get(language)
    return label if language is Language.ZH else label.lower()


def metric_label(name: str, language: Language) -> str:
    """What a metric is called inside a sentence."""
    label = load_model().metrics[name].label.get(language)
    return label if language is Language.ZH else label[0].lower() + label[1:]
