"""A brief as Markdown: headings, lists, and the evidence at the end."""

from __future__ import annotations

from agents.briefs.brief import Brief
from leadline.types import Language
from tools.catalog import tool


def title_of(brief: Brief) -> str:
    """The heading: whose brief, of which week."""
    if brief.language is Language.ZH:
        return f"渠道周报 · {brief.manager.label} · {brief.week.name}"
    return f"Channel brief · {brief.manager.label} · {brief.week.name}"


def subtitle_of(brief: Brief) -> str:
    """The days it covers, the data it rests on, and whether the week was over."""
    first, last = brief.week.first.isoformat(), brief.as_of.isoformat()
    if brief.language is Language.ZH:
        note = "，本周未结束" if brief.partial else ""
        return f"{first} 至 {last}{note}；数据截至 {last}，快照 {brief.snapshot}"
    note = ", the week was not over" if brief.partial else ""
    return f"{first} to {last}{note}; data as of {last}, snapshot {brief.snapshot}"


def sources_title(language: Language) -> str:
    """The heading over the citations."""
    return "引用" if language is Language.ZH else "Citations"


def source_lines(brief: Brief) -> list[tuple[int, str, str]]:
    """Number, what it is, and the id under which it opens and runs again."""
    found = []
    for citation in brief.citations:
        described = tool(citation.result.tool)
        name = (
            described.description_zh if brief.language is Language.ZH else described.description_en
        )
        found.append((citation.number, name, citation.citation_id))
    return found


def to_markdown(brief: Brief) -> str:
    """The whole brief; ends with a line break."""
    parts = [f"# {title_of(brief)}", "", subtitle_of(brief), ""]
    if not brief.sections:
        parts += [nothing(brief.language), ""]
    for section in brief.sections:
        parts += [f"## {section.title}", ""]
        for line in section.lines:
            parts.append(f"- {line.text}" if line.kind == "item" else f"{line.text}\n")
        parts.append("")
    if brief.citations:
        parts += [f"## {sources_title(brief.language)}", ""]
        parts += [f"{number}. {name} `{key}`" for number, name, key in source_lines(brief)]
        parts.append("")
    return "\n".join(parts)


def nothing(language: Language) -> str:
    """What is said where no section has anything."""
    if language is Language.ZH:
        return "本周没有可写的内容：所辖范围内没有数据。"
    return "Nothing to report: there is no data within this scope."
