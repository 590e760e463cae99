"""How two evaluation runs side by side look in the terminal, in Chinese or English."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from leadline.types import Language
from server.eval_view import cost_text, milliseconds, percent, verdict_word, within

if TYPE_CHECKING:
    from rich.console import Console

    from evals.compare import Difference, Flip, Rate
    from evals.store import Compared

SIGNIFICANT = 0.05
"""A p-value below which uneven flips are called no chance; the usual one."""


def print_comparison(console: Console, language: Language, compared: Compared) -> None:
    """Rates, flips with both texts, figures that contradict each other, and the odds of chance."""
    found = compared.comparison
    _print_runs(console, language, compared)
    _print_scope(console, language, compared)
    for zh, en, rates in (
        ("按题型", "By kind", found.by_kind),
        ("按语言", "By language", found.by_language),
        ("按数据集", "By data set", found.by_dataset),
    ):
        console.print(_rate_table(language, within(language, zh, en), rates))
    _print_flips(console, language, within(language, "变差", "regressed"), "red", found.regressed)
    _print_flips(console, language, within(language, "变好", "mended"), "green", found.mended)
    _print_differing(console, language, found.differing)
    for line in _lines(language, compared):
        console.print(line, highlight=False, soft_wrap=True, markup=False)


def _print_runs(console: Console, language: Language, compared: Compared) -> None:
    for name, run, side in (
        ("A", compared.a, compared.comparison.a),
        ("B", compared.b, compared.comparison.b),
    ):
        parts = [run.run_id, run.setup.planner, run.setup.model or "", run.setup.label]
        share = percent(side.right / compared.comparison.cases)
        right = within(language, f"正确 {side.right}（{share}）", f"{side.right} right ({share})")
        silent = within(language, "静默错误 ", "silently wrong ") + str(side.silently_wrong)
        told = " · ".join([*(part for part in parts if part), right, silent])
        console.print(f"{name}  {told}", highlight=False, soft_wrap=True, markup=False)


def _print_scope(console: Console, language: Language, compared: Compared) -> None:
    """What a reader must know before they believe the rest."""
    found, said = compared.comparison, []
    if found.only_a or found.only_b:
        said.append(
            within(
                language,
                f"两次评测的题目不同：只比较共有的 {found.cases} 题"
                f"（仅 A 有 {found.only_a}，仅 B 有 {found.only_b}）",
                f"the runs asked different cases: only the {found.cases} common ones are compared "
                f"({found.only_a} only in A, {found.only_b} only in B)",
            )
        )
    if found.changed:
        some = ", ".join(found.changed[:5]) + (" …" if len(found.changed) > 5 else "")
        said.append(
            within(
                language,
                f"{len(found.changed)} 题的标准答案已改：{some}",
                f"{len(found.changed)} cases expect something else now: {some}",
            )
        )
    for name in compared.a.instances.keys() & compared.b.instances.keys():
        a, b = compared.a.instances[name], compared.b.instances[name]
        other = [key for key in ("as_of", "model_version") if a.get(key) != b.get(key)]
        if other:
            said.append(
                within(language, f"{name} 的数据或口径不同：", f"{name} was not the same: ")
                + ", ".join(f"{key} {a.get(key)} / {b.get(key)}" for key in other)
            )
    for line in said:
        console.print(line, style="yellow", highlight=False, soft_wrap=True, markup=False)


def _rate_table(language: Language, title: str, rates: Sequence[Rate]) -> Table:
    grid = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    grid.add_column(within(language, "组", "group"))
    for heading in (within(language, "题数", "cases"), "A", "B", "B − A"):
        grid.add_column(heading, justify="right")
    for rate in rates:
        gap = rate.right_b - rate.right_a
        grid.add_row(
            rate.group,
            str(rate.cases),
            percent(rate.right_a / rate.cases),
            percent(rate.right_b / rate.cases),
            f"[{'green' if gap > 0 else 'red'}]{gap:+d}[/]" if gap else "·",
        )
    return grid


def _print_flips(
    console: Console, language: Language, title: str, style: str, flips: Sequence[Flip]
) -> None:
    for flip in flips:
        asked = " → ".join((*flip.context, flip.question))
        console.print(
            f"[{style}]{title}[/] {flip.dataset} {flip.case_id}: {escape(asked)}", soft_wrap=True
        )
        for name, verdict, reason, text in (
            ("A", flip.verdict_a, flip.reason_a, flip.text_a),
            ("B", flip.verdict_b, flip.reason_b, flip.text_b),
        ):
            why = f" ({reason})" if reason else ""
            told = f"  {name} {verdict_word(language, verdict)}{why}: {_short(text)}"
            console.print(told, highlight=False, soft_wrap=True, markup=False)


def _print_differing(console: Console, language: Language, differing: Sequence[Difference]) -> None:
    title = within(language, "数字不同", "figures differ")
    for item in differing:
        asked = " → ".join((*item.context, item.question))
        console.print(
            f"[red]{title}[/] {item.dataset} {item.case_id}: {escape(asked)}", soft_wrap=True
        )
        for told in (item.what, f"A: {_short(item.text_a)}", f"B: {_short(item.text_b)}"):
            console.print(f"  {told}", highlight=False, soft_wrap=True, markup=False)


def _lines(language: Language, compared: Compared) -> tuple[str, ...]:
    found = compared.comparison
    lost, won, p = len(found.regressed), len(found.mended), found.p_value
    chance = (
        within(language, "差异显著", "no chance")
        if p < SIGNIFICANT
        else within(language, "可能只是偶然", "may be chance")
    )
    ratio = "–" if found.latency_ratio is None else f"{found.latency_ratio:.2f}×"
    cost_ratio = "–" if found.cost_ratio is None else f"{found.cost_ratio:.2f}×"
    cost_a, cost_b = (cost_text(s.cost, s.currency) for s in (found.a, found.b))
    p50_a, p50_b = milliseconds(found.a.latency_p50_ms), milliseconds(found.b.latency_p50_ms)
    return (
        within(
            language,
            f"变差 {lost}，变好 {won}；McNemar 精确检验 p = {p:.3g}（{chance}）",
            f"{lost} regressed, {won} mended; McNemar's exact test p = {p:.3g} ({chance})",
        ),
        within(
            language,
            f"两边都作答 {found.both_answered} 题，其中数字不同 {len(found.differing)} 题",
            f"both answered {found.both_answered} cases; "
            f"figures differ on {len(found.differing)} of them",
        ),
        within(
            language,
            f"耗时 p50 {p50_a} → {p50_b}（{ratio}）；费用 {cost_a} → {cost_b}（{cost_ratio}）",
            f"latency p50 {p50_a} → {p50_b} ({ratio}); cost {cost_a} → {cost_b} ({cost_ratio})",
        ),
    )


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 200 else f"{line[:199]}…"
