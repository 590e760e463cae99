"""How evaluation runs look in the terminal, in Chinese or English."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from evals.recorded.tape import RENEW
from evals.report import LEAST_RIGHT, MOST_SILENTLY_WRONG, PlanningTotals, Summary, Tally
from evals.scorers import VERDICTS, Verdict
from leadline.types import Language

if TYPE_CHECKING:
    from rich.console import Console

    from evals.run import Result
    from evals.store import Run

VERDICT_WORDS: dict[Verdict, str] = {
    "right": "正确",
    "clarified_instead": "误反问",
    "refused_instead": "误拒答",
    "silently_wrong": "静默错误",
    "wrong_status": "状态不符",
    "error": "出错",
}


def within(language: Language, zh: str, en: str) -> str:
    """The one of two texts that is in `language`."""
    return zh if language is Language.ZH else en


def verdict_word(language: Language, verdict: Verdict) -> str:
    """A verdict for a person."""
    return within(language, VERDICT_WORDS[verdict], verdict.replace("_", " "))


def percent(share: float | None) -> str:
    """A share for a person."""
    return "–" if share is None else f"{share:.1%}"


def milliseconds(value: float | None) -> str:
    """A time for a person."""
    return "–" if value is None else f"{value:,.0f} ms"


def cost_text(cost: object, currency: str | None) -> str:
    """A cost for a person; a dash where no price is set."""
    return "–" if cost is None else f"{cost} {currency or ''}".strip()


def print_begun(console: Console, language: Language, run_id: str) -> None:
    """The id of a run while it lasts, for whoever has to go on with it."""
    told = within(
        language,
        f"评测 {run_id} 开始；若中断，用 --resume {run_id} 续跑",
        f"run {run_id} begins; if it is cut off, go on with --resume {run_id}",
    )
    console.print(told, style="dim", highlight=False, soft_wrap=True)


def print_run(
    console: Console,
    language: Language,
    run: Run,
    results: Sequence[Result],
    summary: Summary,
    *,
    failures: bool,
) -> None:
    """A run: where asked for its failures, then counts by group, then what it comes to."""
    if failures:
        print_failures(console, language, results, summary)
    for zh, en, tallies in (
        ("按题型", "By kind", summary.by_kind),
        ("按语言", "By language", summary.by_language),
        ("按数据集", "By data set", summary.by_dataset),
    ):
        console.print(tally_table(language, within(language, zh, en), tallies))
    for line in summary_lines(language, summary):
        console.print(line, highlight=False, soft_wrap=True, markup=False)
    for name, fact in run.instances.items():
        if "skipped" in fact:
            told = within(language, f"{name}：跳过，", f"{name}: skipped, ") + str(fact["skipped"])
            console.print(told, style="yellow", soft_wrap=True, markup=False)
    model = f" · {run.setup.model}" if run.setup.model else ""
    label = f" · {run.setup.label}" if run.setup.label else ""
    console.print(
        within(language, "评测 ", "run ")
        + f"{run.run_id} · {run.setup.planner}{model} · {run.setup.code_version}{label}",
        style="dim",
        highlight=False,
        soft_wrap=True,
        markup=False,
    )


def tally_table(language: Language, title: str, tallies: Sequence[Tally]) -> Table:
    """Counts per group, with a column for each way of going wrong that there was."""
    wrongs = [v for v in VERDICTS[1:] if any(tally.verdicts[v] for tally in tallies)]
    grid = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    grid.add_column(within(language, "组", "group"), no_wrap=True)
    headings = [
        within(language, "题数", "cases"),
        within(language, "正确", "right"),
        within(language, "正确率", "right %"),
        *(verdict_word(language, verdict) for verdict in wrongs),
    ]
    for heading in headings:
        grid.add_column(heading, justify="right")
    for tally in tallies:
        rest = (str(tally.verdicts[verdict] or "·") for verdict in wrongs)
        share = percent(tally.right_share)
        grid.add_row(tally.group, str(tally.cases), str(tally.right), share, *rest)
    return grid


def summary_lines(language: Language, summary: Summary) -> tuple[str, ...]:
    """A run in a few plain lines."""
    lines = [_gates(language, summary), _agreement(language, summary), _rates(language, summary)]
    if summary.attempts > 1:
        lines.append(_attempts(language, summary))
    lines.append(_planning(language, summary.planning))
    p50, p95 = milliseconds(summary.latency_p50_ms), milliseconds(summary.latency_p95_ms)
    lines.append(within(language, f"耗时 p50 {p50}，p95 {p95}", f"latency p50 {p50}, p95 {p95}"))
    return tuple(lines)


def _gates(language: Language, summary: Summary) -> str:
    silent = summary.verdicts["silently_wrong"]
    share = percent(summary.right_share)
    if language is Language.ZH:
        return (
            f"{'通过' if summary.passed else '未通过'}：{summary.cases} 题中 {summary.right} 题正确"
            f"（{share}，门槛 {LEAST_RIGHT:.0%}）；静默错误 {silent}（上限 {MOST_SILENTLY_WRONG}）"
        )
    return (
        f"{'PASS' if summary.passed else 'FAIL'}: {summary.right} of {summary.cases} right "
        f"({share}, gate {LEAST_RIGHT:.0%}); "
        f"{silent} silently wrong (gate {MOST_SILENTLY_WRONG})"
    )


def _agreement(language: Language, summary: Summary) -> str:
    agreeing, identical = percent(summary.pairs_agreeing), percent(summary.pairs_identical)
    followups = percent(summary.followup_accuracy)
    if language is Language.ZH:
        return (
            f"中英文同题一致 {agreeing}（共 {summary.pairs} 对，引用完全相同 {identical}）；"
            f"追问正确 {followups}（共 {summary.followups} 题）；"
            f"正确但多给了指标：{summary.unasked}"
        )
    return (
        f"zh/en pairs that agree: {agreeing} of {summary.pairs} "
        f"(citing the very same rows: {identical}); "
        f"follow-ups right: {followups} of {summary.followups}; "
        f"right with metrics nobody asked for: {summary.unasked}"
    )


def _rates(language: Language, summary: Summary) -> str:
    refusal, asking = summary.refusal, summary.clarification
    found = {
        "拒答": ("refusals", refusal.precision, refusal.recall),
        "反问": ("clarifications", asking.precision, asking.recall),
        "数字引用": ("citations", summary.citation_precision, summary.citation_recall),
    }
    if language is Language.ZH:
        return "；".join(
            f"{zh}：精确率 {percent(precision)}，召回率 {percent(recall)}"
            for zh, (_en, precision, recall) in found.items()
        )
    return "; ".join(
        f"{en}: precision {percent(precision)}, recall {percent(recall)}"
        for en, precision, recall in found.values()
    )


def _attempts(language: Language, summary: Summary) -> str:
    right, steady = percent(summary.pass_all), percent(summary.steady)
    return within(
        language,
        f"每题 {summary.attempts} 次：次次正确 {right}，次次证据相同 {steady}",
        f"pass^{summary.attempts}: {right} right each time; same evidence each time: {steady}",
    )


def _planning(language: Language, planning: PlanningTotals) -> str:
    planners = ", ".join(f"{name} {n}" for name, n in planning.planners.items()) or "–"
    fallbacks = ", ".join(f"{code} {n}" for code, n in planning.fallbacks.items())
    line = within(language, f"由谁规划：{planners}", f"planned by: {planners}")
    line += within(language, "；回退：", "; fallbacks: ") + (fallbacks or "0")
    if not planning.llm_calls:
        return line
    calls, read, written = planning.llm_calls, planning.input_tokens, planning.output_tokens
    cost, p50 = cost_text(planning.cost, planning.currency), milliseconds(planning.llm_p50_ms)
    return line + within(
        language,
        f"；模型调用 {calls} 次，输入 {read:,}、输出 {written:,} token，费用 {cost}，p50 {p50}",
        f"; model: {calls} calls, {read:,} tokens in / {written:,} out, cost {cost}, p50 {p50}",
    )


def print_failures(
    console: Console, language: Language, results: Sequence[Result], summary: Summary
) -> None:
    """Every answer that is not right or that says more than was asked, and the pairs apart."""
    for result in results:
        if not result.right or result.ruling.unasked:
            _print_failure(console, language, result)
    for first, second in summary.disagreeing_pairs:
        told = within(language, "不一致：", "disagree: ") + f"{first} / {second}"
        console.print(told, style="yellow", highlight=False, markup=False)


def _print_failure(console: Console, language: Language, result: Result) -> None:
    asked = " → ".join((*result.case.context, result.case.question))
    answer = result.answer or {}
    verdict = verdict_word(language, result.ruling.verdict)
    console.print(f"[red]{verdict}[/] {result.case.id}: {escape(asked)}", soft_wrap=True)
    more = within(language, "多给了：", "unasked: ") + ", ".join(result.ruling.unasked)
    console.print(
        f"  {result.ruling.reason or more}", highlight=False, soft_wrap=True, markup=False
    )
    if answer.get("reading"):
        told = within(language, "  理解为：", "  read as: ") + str(answer["reading"])
        console.print(told, style="dim", soft_wrap=True, markup=False)


def print_unrecorded(console: Console, language: Language, unrecorded: Sequence[str]) -> None:
    """Requests to a recorded model that were on no tape, and how to renew the tapes."""
    if not unrecorded:
        return
    told = within(
        language,
        f"{len(unrecorded)} 个请求没有录制的回复，例如：{unrecorded[0]}；重新录制：{RENEW}",
        f"{len(unrecorded)} requests have no recorded reply, such as {unrecorded[0]}; "
        f"renew the recordings: {RENEW}",
    )
    console.print(told, style="red", highlight=False, soft_wrap=True, markup=False)


def print_runs(console: Console, language: Language, runs: Sequence[Run]) -> None:
    """The runs, newest first; of one that was cut off, how far it came."""
    if not runs:
        console.print(
            within(
                language,
                "还没有评测记录，运行 `leadline eval run`",
                "no runs yet: `leadline eval run`",
            )
        )
        return
    grid = Table(box=None, pad_edge=False, header_style="bold")
    for zh, en in (
        ("编号", "run"),
        ("开始", "started"),
        ("规划", "planner"),
        ("模型", "model"),
        ("题数", "cases"),
        ("正确率", "right"),
        ("静默错误", "silently wrong"),
        ("回退", "fallbacks"),
        ("p50", "p50"),
        ("费用", "cost"),
        ("备注", "label"),
    ):
        grid.add_column(within(language, zh, en), no_wrap=en in {"run", "started"})
    for run in runs:
        grid.add_row(*_run_row(language, run))
    console.print(grid)


def _run_row(language: Language, run: Run) -> tuple[str, ...]:
    totals = run.totals
    head = (
        run.run_id,
        f"{run.started_at:%Y-%m-%d %H:%M}",
        run.setup.planner,
        escape(run.setup.model or "–"),
    )
    label = escape(run.setup.label)
    if totals is None:
        cut = within(language, "未完成", "unfinished")
        return (*head, str(run.asked), cut, "", "", "", "", label)
    share = percent(totals.right / totals.cases if totals.cases else None)
    return (
        *head,
        str(totals.cases),
        f"[{'green' if totals.passed else 'red'}]{share}[/]",
        str(totals.silently_wrong),
        str(totals.fallbacks),
        milliseconds(totals.latency_p50_ms),
        cost_text(totals.cost, totals.currency),
        label,
    )
