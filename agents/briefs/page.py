"""A brief as one HTML page that needs nothing else: charts inline, no script, fit for print."""

from __future__ import annotations

import re
from html import escape
from typing import Final

from agents.briefs.brief import Brief, SaidLine
from agents.briefs.charts import to_svg
from agents.briefs.markdown import nothing, source_lines, sources_title, subtitle_of, title_of
from leadline.types import Language

STYLE: Final = """
:root { color-scheme: light; }
body { margin: 0 auto; max-width: 46rem; padding: 2rem 1.25rem; color: #1d2430; background: #fff;
  font: 15px/1.65 system-ui, "Noto Sans CJK SC", "Noto Sans SC", "PingFang SC",
  "Microsoft YaHei", sans-serif; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; }
.sub { color: #5b6472; margin: 0 0 1.5rem; }
h2 { font-size: 1.1rem; margin: 1.6rem 0 .5rem; padding-bottom: .25rem;
  border-bottom: 1px solid #d9dee5; }
ul { margin: 0; padding-left: 1.1rem; } li { margin: .3rem 0; }
.actions { background: #f3f6fa; border-left: 4px solid #3b6ea5; padding: .75rem 1rem .75rem 1.5rem;
  list-style: decimal; }
b.f { font-weight: 600; font-variant-numeric: tabular-nums; }
a { color: #3b6ea5; text-decoration: none; } a.mark { font-size: .8em; vertical-align: super; }
figure { margin: 1rem 0; break-inside: avoid; } svg { width: 100%; height: auto; }
svg text { font: 12px system-ui, "Noto Sans CJK SC", "Noto Sans SC", sans-serif; fill: #1d2430; }
figcaption { color: #5b6472; font-size: .85rem; }
ol.sources { font-size: .8rem; color: #5b6472; padding-left: 1.4rem; }
code { font-size: .9em; overflow-wrap: anywhere; }
@page { size: A4; margin: 16mm 14mm; }
@media print { body { max-width: none; padding: 0; font-size: 11pt; }
  h2 { break-after: avoid; } li { break-inside: avoid; } a { color: inherit; } }
"""

_MARK = re.compile(r"\[(\d+)\]")


def to_html(brief: Brief) -> str:
    """The whole page."""
    zh = brief.language is Language.ZH
    title = escape(title_of(brief))
    parts = [
        "<!doctype html>",
        f'<html lang="{"zh-CN" if zh else "en"}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title><style>{STYLE}</style></head><body>",
        f'<h1>{title}</h1><p class="sub">{escape(subtitle_of(brief))}</p>',
    ]
    if not brief.sections:
        parts.append(f"<p>{escape(nothing(brief.language))}</p>")
    for section in brief.sections:
        parts.append(f'<section id="{section.key}"><h2>{escape(section.title)}</h2>')
        tag = "ol" if section.key == "actions" else "ul"
        parts.append(f'<{tag} class="{section.key}">')
        parts += [f"<li>{_line(line)}</li>" for line in section.lines]
        parts.append(f"</{tag}>")
        parts += [to_svg(chart, brief.citations, brief.language) for chart in section.charts]
        parts.append("</section>")
    if brief.citations:
        heading = escape(sources_title(brief.language))
        parts.append(f'<section id="sources"><h2>{heading}</h2><ol class="sources">')
        parts += [
            f'<li id="c{number}">{escape(name)} <code>{escape(key)}</code></li>'
            for number, name, key in source_lines(brief)
        ]
        parts.append("</ol></section>")
    parts.append("</body></html>")
    return "\n".join(part for part in parts if part) + "\n"


def _line(line: SaidLine) -> str:
    """The line's text, its figures in bold, its marks linked to the citations."""
    parts, at = [], 0
    for figure in sorted(line.figures, key=lambda f: f.start):
        parts.append(_marked(line.text[at : figure.start]))
        shown = escape(line.text[figure.start : figure.end])
        parts.append(f'<b class="f" data-citation="{figure.citation}">{shown}</b>')
        at = figure.end
    parts.append(_marked(line.text[at:]))
    return "".join(parts)


def _marked(text: str) -> str:
    return _MARK.sub(r'<a class="mark" href="#c\1">[\1]</a>', escape(text))
