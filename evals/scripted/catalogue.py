"""All faults that are tried, and the table of what comes of them for the documentation.

The table is run over real HTTP by `tests/agents/llm/test_faults.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from evals.scripted.faults import OUTCOMES, Fault
from evals.scripted.plan_faults import PLAN_FAULTS
from evals.scripted.wire_faults import WIRE_FAULTS
from evals.scripted.word_faults import WORD_FAULTS
from leadline.types import Language

FAULTS: tuple[Fault, ...] = (*WIRE_FAULTS, *PLAN_FAULTS, *WORD_FAULTS)

_HEADS = {
    Language.ZH: "| 故障 | 结果 | 回退代码 |",
    Language.EN: "| fault | outcome | fallback code |",
}


def table(language: Language) -> Iterator[str]:
    """Lines of a Markdown table: fault, outcome, code."""
    zh = language is Language.ZH
    yield _HEADS[language]
    yield "|---|---|---|"
    for fault in FAULTS:
        outcome = OUTCOMES[fault.outcome][0 if zh else 1]
        code = f"`{fault.code}`" if fault.code else ""
        yield f"| {fault.zh if zh else fault.en} | {outcome} | {code} |"


def main() -> None:
    """Put the table into the documentation."""
    folder = Path(__file__).resolve().parents[2] / "docs" / "how-to"
    for language, name in (
        (Language.EN, "language-model.md"),
        (Language.ZH, "language-model.zh-CN.md"),
    ):
        page = folder / name
        before, begin, rest = page.read_text(encoding="utf-8").partition("<!-- faults -->\n")
        after = rest.partition("<!-- end -->")
        lines = "".join(f"{line}\n" for line in table(language))
        page.write_text(f"{before}{begin}{lines}{after[1]}{after[2]}", encoding="utf-8")


if __name__ == "__main__":
    main()
