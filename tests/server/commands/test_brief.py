"""`leadline brief`: written, archived, shown again, proved."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.server.command_line import Run


class TestWriting:
    def test_prints_markdown(self, run: Run, data_dir: Path) -> None:
        done = run(
            "brief",
            "--for",
            "south",
            "--week",
            "2025-W45",
            "--lang",
            "zh",
            "--data-dir",
            str(data_dir),
        )
        assert done.code == 0
        assert done.out.startswith("# 渠道周报 · south（华南） · 2025-W45")
        # order B11: 30 + 10 thousand
        assert "本周销售额 4.00万元" in done.out

    def test_writes_files(self, run: Run, data_dir: Path, tmp_path: Path) -> None:
        done = run(
            "brief",
            "--for",
            "华南",
            "--week",
            "2025-W45",
            "--out",
            str(tmp_path),
            "--data-dir",
            str(data_dir),
        )
        assert done.code == 0
        names = {path.name for path in tmp_path.iterdir()}
        assert names == {"2025-W45-华南-en.md", "2025-W45-华南-en.html"}

    def test_is_archived_listed_shown_and_proved(self, run: Run, data_dir: Path) -> None:
        here = ("--data-dir", str(data_dir))
        made = run("brief", "--for", "south", "--week", "2025-W45", "--json", *here)
        first = json.loads(made.out)[0]
        listed = run("brief", "--list", "--week", "2025-W45", *here)
        assert first["brief_id"] in listed.out
        assert run("brief", "--show", first["brief_id"], *here).out == first["markdown"]
        proved = run("brief", "--replay", first["brief_id"], *here)
        assert proved.code == 0
        assert proved.out.count("equal 一致") == len(first["citations"])
        assert "NOT" not in proved.out

    def test_a_manager_gets_their_own_only(self, run: Run, data_dir: Path) -> None:
        here = ("--week", "2025-W45", "--data-dir", str(data_dir))
        assert run("brief", "--all", "--as", "south", *here).out.count("# ") >= 1
        refused = run("brief", "--for", "east", "--as", "south", *here)
        assert refused.code != 0
        assert "own regions only" in refused.err


class TestRefusals:
    @pytest.mark.parametrize(
        ("arguments", "word"),
        [
            ((), "one of"),
            (("--all", "--list"), "one of"),
            (("--for", "nobody", "--week", "2025-W45"), "nobody called"),
            (("--for", "south", "--week", "soon"), "is no week"),
            (("--for", "south", "--week", "2025-W48"), "data ends on 2025-11-20"),
            (("--for", "south", "--format", "docx"), "--format docx"),
            (("--for", "south", "--lang", "fr"), "--lang fr"),
            (("--show", "b0"), "no brief"),
        ],
    )
    def test_say_what_is_wrong(
        self, run: Run, data_dir: Path, arguments: tuple[str, ...], word: str
    ) -> None:
        done = run("brief", *arguments, "--data-dir", str(data_dir))
        assert done.code != 0
        assert word in done.err
