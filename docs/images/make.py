"""Draw `ask.svg` for the README: a real conversation with the demo channel, as a terminal shows it.

leadline demo --data-dir /tmp/demo
python docs/images/make.py /tmp/demo
"""

from __future__ import annotations

import html
import io
import re
import sys
from itertools import groupby
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.cells import cell_len
from rich.console import Console

from agents.bootstrap import open_service
from agents.conversation import Conversation
from leadline.settings import read_settings
from server.answer_view import print_answer

QUESTIONS = (
    "本季度各大区销售额及同比",
    "Who are the top 5 partners by sales this year, with their share?",
    "这5家合计多少？",
)
CELL_WIDTH = 12.2
"""Width of a character cell in rich's picture."""
FONTS = "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', 'Noto Sans CJK SC', monospace"


def local_frame() -> str:
    """Rich's frame without its web fonts, so that the picture fetches nothing."""
    frame = re.sub(r"@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
    return frame.replace("Fira Code, monospace", FONTS).replace("full-width", "normal")


def with_wide_characters(svg: str) -> str:
    """Rich gives a Chinese character the width of one cell; it takes two.

    Each text is cut where wide and narrow characters meet, and each piece put where its cells are.
    """

    def pieces(match: re.Match[str]) -> str:
        cell, made = float(match["x"]) / CELL_WIDTH, ""
        for wide, run in groupby(html.unescape(match["text"]), key=lambda c: cell_len(c) > 1):
            text = "".join(run)
            width = len(text) * (2 if wide else 1)
            made += (
                f'<text{match["before"]}x="{cell * CELL_WIDTH:g}"{match["between"]}'
                f'textLength="{width * CELL_WIDTH:g}"{match["after"]}>'
                f"{html.escape(text).replace(' ', '&#160;')}</text>"
            )
            cell += width
        return made

    parts = (
        r'(?P<before>[^>]*? )x="(?P<x>[\d.]+)"(?P<between>[^>]*?)'
        r'textLength="[\d.]+"(?P<after>[^>]*)'
    )
    return re.sub(rf"<text{parts}>(?P<text>[^<]*)</text>", pieces, svg)


def main() -> None:
    """Ask the demo instance named on the command line and write the picture beside this file."""
    service, talk = open_service(read_settings(sys.argv[1])), Conversation()
    console = Console(
        record=True, width=92, file=io.StringIO(), force_terminal=True, highlight=False
    )
    for number, question in enumerate(QUESTIONS):
        console.print(("\n" if number else "") + f"? {question}", style="bold cyan", markup=False)
        print_answer(service.ask(question, conversation=talk), console)
    svg = console.export_svg(title="leadline ask", code_format=local_frame())
    Path(__file__).with_name("ask.svg").write_text(with_wide_characters(svg), encoding="utf-8")


if __name__ == "__main__":
    main()
