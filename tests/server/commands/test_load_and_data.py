"""`leadline load` and `leadline data`, as a person at the terminal meets them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
import typer
from typer.testing import CliRunner, Result

from knowledge.warehouse.lineage import IMPORT_BATCH
from leadline.database import make_engine
from leadline.errors import InputError, LeadlineError, MappingError, NotReadyError, SourceFileError
from server.commands import data
from server.commands.load import load

MAPPING = """\
source: erp
currency: CNY
files:
  - file: p.csv
    tables:
      partner: {columns: {ext_id: 编码, name: 名称, joined_on: 签约}}
  - file: o.csv
    tables:
      sales_order: {columns: {order_no: 单号, order_date: 日期, partner: 伙伴}}
      order_line:
        columns: {order: 单号, line_no: {const: 1}, quantity: {const: 1}, amount: 金额}
"""
PARTNERS = "编码,名称,签约\nP1,云帆,2024-01-05\nP2,云帆,2024-02-30\nP3,云舟,—\nP4,云帆,\n"
ORDERS = "单号,日期,伙伴,金额\nA,2026-01-05,P1,100.5\nB,2026-02-05,P9,7\n合计,,,107.5\n"

app = typer.Typer()
app.command()(load)
app.add_typer(data.app, name="data")

Run = Callable[..., Result]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "p.csv").write_text(PARTNERS, encoding="utf-8")
    (folder / "o.csv").write_text(ORDERS, encoding="utf-8")
    (tmp_path / "map").mkdir()
    (tmp_path / "map" / "erp.yaml").write_text(MAPPING, encoding="utf-8")
    return folder


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.delenv("LEADLINE_DATABASE_URL", raising=False)
    monkeypatch.setenv("COLUMNS", "160")

    def runner(*words: str, language: str = "en") -> Result:
        monkeypatch.setenv("LEADLINE_LANGUAGE", language)
        return CliRunner().invoke(app, [*words, "--data-dir", str(tmp_path / "data")])

    return runner


@pytest.fixture
def loaded(run: Run, source: Path, tmp_path: Path) -> Result:
    return run("load", str(source), "--mapping", str(tmp_path / "map" / "erp.yaml"))


def figures(output: str, table: str) -> list[str]:
    """The numbers behind a table's name."""
    line = next(line for line in output.splitlines() if line.startswith(table))
    return line.split()[1:]


class TestLoad:
    def test_counts_notices_and_the_snapshot(self, loaded: Result) -> None:
        assert loaded.exit_code == 0, loaded.output
        # read, inserted, updated, unchanged, merged, skipped, rejected
        assert figures(loaded.output, "partner") == ["4", "3", "0", "0", "0", "0", "1"]
        assert figures(loaded.output, "sales_order") == ["3", "1", "0", "0", "0", "1", "1"]
        assert figures(loaded.output, "order_line") == ["3", "1", "0", "0", "0", "1", "1"]
        assert "2 partners share the name '云帆'; kept apart by id (P1, P4)" in loaded.output
        assert "o.csv: 1 total rows skipped" in loaded.output
        assert "3 rows were rejected; see leadline data errors" in loaded.output
        assert "Snapshot 1: " in loaded.output
        assert "as of 2026-01-05" in loaded.output

    def test_in_chinese(self, run: Run, source: Path, tmp_path: Path) -> None:
        result = run("load", str(source), "-m", str(tmp_path / "map" / "erp.yaml"), language="zh")
        assert "2 条伙伴记录同名“云帆”" in result.output
        assert "3 行被拒收" in result.output
        assert "数据截至 2026-01-05" in result.output

    def test_the_same_files_change_nothing(
        self, run: Run, loaded: Result, source: Path, tmp_path: Path
    ) -> None:
        again = run("load", str(source), "-m", str(tmp_path / "map" / "erp.yaml"))
        assert "The same files by the same mapping as load 1: nothing changed." in again.output
        assert "Snapshot 1: " in again.output
        assert loaded.exit_code == again.exit_code == 0

    def test_a_corrected_file_updates_by_key(
        self, run: Run, loaded: Result, source: Path, tmp_path: Path
    ) -> None:
        (source / "p.csv").write_text(
            PARTNERS.replace("02-30", "02-28").replace("云舟", "云洲"), "utf-8"
        )
        again = run("load", str(source), "-m", str(tmp_path / "map" / "erp.yaml"))
        # P2 is new, P3 has another name, P1 and P4 stay
        assert figures(again.output, "partner") == ["4", "1", "1", "2", "0", "0", "0"]
        assert "Snapshot 2: " in again.output
        assert loaded.exit_code == 0

    def test_the_instance_comes_with_the_mapping_once(
        self, run: Run, source: Path, tmp_path: Path
    ) -> None:
        offered = tmp_path / "map" / "leadline.yaml"
        offered.write_text("name: 演示\ncurrency: CNY\n", encoding="utf-8")
        mapping = str(tmp_path / "map" / "erp.yaml")
        own = tmp_path / "data" / "leadline.yaml"
        assert (
            "Instance settings of '演示' copied to"
            in run("load", str(source), "-m", mapping).output
        )
        assert own.read_text("utf-8") == offered.read_text("utf-8")
        own.write_text("name: 自己的\n", encoding="utf-8")
        assert "copied" not in run("load", str(source), "-m", mapping).output
        assert own.read_text("utf-8") == "name: 自己的\n"

    @pytest.mark.parametrize(
        ("file", "text", "error"),
        [
            ("p.csv", "编码,名字\nP1,x\n", MappingError),
            ("p.csv", '编码,名称,签约\nP1,"x,\n' + "P2,y,\n" * 3, SourceFileError),
            ("p.csv", "", SourceFileError),
        ],
    )
    def test_a_broken_file_changes_nothing(
        self,
        run: Run,
        loaded: Result,
        source: Path,
        tmp_path: Path,
        file: str,
        text: str,
        error: type[LeadlineError],
    ) -> None:
        (source / file).write_text(text, encoding="utf-8")
        result = run("load", str(source), "-m", str(tmp_path / "map" / "erp.yaml"))
        assert isinstance(result.exception, error)
        assert loaded.exit_code == 0
        assert "Snapshot 1, as of 2026-01-05" in run("data", "status").output
        engine = make_engine(f"sqlite:///{tmp_path / 'data' / 'leadline.db'}")
        with engine.connect() as connection:
            assert connection.scalar(sa.select(sa.func.count()).select_from(IMPORT_BATCH)) == 1
        engine.dispose()

    def test_a_mapping_error_leaves_no_trace(self, run: Run, source: Path, tmp_path: Path) -> None:
        (tmp_path / "map" / "leadline.yaml").write_text("name: x\n", encoding="utf-8")
        broken = tmp_path / "map" / "broken.yaml"
        broken.write_text(MAPPING.replace("名称", "名字"), encoding="utf-8")
        result = run("load", str(source), "-m", str(broken))
        assert isinstance(result.exception, MappingError)
        assert not (tmp_path / "data" / "leadline.yaml").exists()

    def test_the_data_directory_is_no_source(self, run: Run, source: Path, tmp_path: Path) -> None:
        (tmp_path / "data").mkdir()
        mapping = str(tmp_path / "map" / "erp.yaml")
        assert isinstance(run("load", str(tmp_path / "data"), "-m", mapping).exception, InputError)

    def test_old_snapshots_go_and_cited_ones_stay(
        self, run: Run, source: Path, tmp_path: Path
    ) -> None:
        mapping = tmp_path / "map" / "erp.yaml"
        (tmp_path / "map" / "leadline.yaml").write_text("keep_snapshots: 2\n", encoding="utf-8")
        for number in range(1, 4):
            (source / "o.csv").write_text(ORDERS.replace("100.5", str(number)), "utf-8")
            run("load", str(source), "-m", str(mapping))
        kept = sorted(p.name for p in (tmp_path / "data" / "snapshots").iterdir() if p.is_dir())
        assert kept == ["000002", "000003"]
        engine = make_engine(f"sqlite:///{tmp_path / 'data' / 'leadline.db'}")
        from knowledge.warehouse.answers import CITATION

        with engine.begin() as connection:
            values = dict.fromkeys(CITATION.c.keys(), "x") | {"number": 1, "snapshot_no": 2}
            connection.execute(sa.insert(CITATION).values(**values))
        engine.dispose()
        (source / "o.csv").write_text(ORDERS.replace("100.5", "4"), "utf-8")
        run("load", str(source), "-m", str(mapping))
        kept = sorted(p.name for p in (tmp_path / "data" / "snapshots").iterdir() if p.is_dir())
        assert kept == ["000002", "000003", "000004"]  # 2 is cited, 3 and 4 are the newest two
        assert "cited" in run("data", "snapshots").output


class TestData:
    def test_status(self, run: Run, loaded: Result, source: Path) -> None:
        output = run("data", "status").output
        assert loaded.exit_code == 0
        assert "Snapshot 1, as of 2026-01-05" in output
        assert "Source erp: load 1" in output
        assert f"{source}: 2 files, 10 rows read, 3 rejected (3 errors)" in output
        assert figures(output, "partner ") == ["3"]
        assert "伙伴 partner" in run("data", "status", language="zh").output

    def test_errors(self, run: Run, loaded: Result) -> None:
        output = run("data", "errors").output
        assert loaded.exit_code == 0
        rows = [
            line.split(maxsplit=3) for line in output.splitlines() if line.strip()[:1].isdigit()
        ]
        assert [row[:3] for row in rows] == [
            ["3", "签约", "2024-02-30"],
            ["3", "伙伴", "P9"],
            ["3", "单号", "B"],
        ]
        assert "refers to a row that is not there: partner P9" in output
        assert "不是日期" in run("data", "errors", language="zh").output

    def test_errors_by_load_source_and_number(
        self, run: Run, loaded: Result, source: Path, tmp_path: Path
    ) -> None:
        (source / "p.csv").write_text(PARTNERS.replace("02-30", "02-28"), "utf-8")
        run("load", str(source), "-m", str(tmp_path / "map" / "erp.yaml"))
        assert "签约" not in run("data", "errors").output  # only the newest load counts
        assert "签约" in run("data", "errors", "--load", "1").output
        assert "No rows were rejected." in run("data", "errors", "--source", "crm").output
        assert "only the first 1 are shown" in run("data", "errors", "--limit", "1").output
        assert loaded.exit_code == 0

    def test_snapshots(self, run: Run, loaded: Result, tmp_path: Path) -> None:
        assert loaded.exit_code == 0
        output = run("data", "snapshots", "--verify").output
        assert any(line.split()[:2] == ["1", "2026-01-05"] for line in output.splitlines())
        assert "in force" in output
        manifest = tmp_path / "data" / "snapshots" / "000001" / "manifest.json"
        table = json.loads(manifest.read_text("utf-8"))["tables"]["partner"]["file"]
        with (manifest.parent / table).open("ab") as file:
            file.write(b"x")
        assert isinstance(run("data", "snapshots", "--verify").exception, LeadlineError)

    def test_publish(self, run: Run, loaded: Result) -> None:
        assert loaded.exit_code == 0
        assert "Snapshot 1 is in force, as of 2026-01-05." in run("data", "publish").output

    @pytest.mark.parametrize("command", ["status", "errors", "snapshots", "publish"])
    def test_before_the_first_load(self, run: Run, tmp_path: Path, command: str) -> None:
        result = run("data", command)
        assert isinstance(result.exception, NotReadyError)
        assert "leadline load" in result.exception.hint
        assert not (tmp_path / "data").exists()


def test_brackets_in_names_are_no_markup(run: Run, source: Path, tmp_path: Path) -> None:
    """Rich would take [red] for a colour and [/] for an error."""
    (source / "p.csv").write_text("编码,名称,签约\nP1,[red]x[/],[/bad]\n", encoding="utf-8")
    result = run("load", str(source), "-m", str(tmp_path / "map" / "erp.yaml"))
    assert result.exit_code == 0, result.output
    assert "[/bad]" in run("data", "errors").output
