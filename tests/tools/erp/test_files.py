"""Reading a folder by a mapping: what each option of a mapping does to the rows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from textwrap import dedent

import pytest

from knowledge.warehouse.batch import Tally
from leadline.errors import MappingError, SourceFileError
from tests.tools.erp.reading import read, read_table, write
from tools.erp.files import ReadProgress, read_source
from tools.erp.mapping import parse_mapping

PARTNERS = """
    source: s
    files:
      - file: p.csv
        tables:
          partner:
            columns:
              ext_id: code
              name: {name}
"""


def partner(column: str) -> str:
    """A mapping of partners whose name is mapped so."""
    return PARTNERS.replace("{name}", column)


class TestColumns:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        write(
            tmp_path,
            "p.csv",
            """
            code,first,last,kind
            P1,Ann,Lee,A
            P2,Bo,,b
            P3,,,C
            """,
        )
        write(tmp_path, "kinds.csv", "kind,label,group\nA,Agent,1\nb,Broker,2\n")
        write(tmp_path, "groups.csv", "id,title\n1,Big\n2,Small\n")
        return tmp_path

    @pytest.mark.parametrize(
        ("column", "names"),
        [
            ("{column: first, default: none}", ["Ann", "Bo", "none"]),
            ("{const: x}", ["x", "x", "x"]),
            ('{template: "{code}: {kind}"}', ["P1: A", "P2: b", "P3: C"]),
            ("{join: [first, last], default: '?'}", ["Ann Lee", "Bo", "?"]),
            ("{join: [last, first], separator: '/', default: '?'}", ["Lee/Ann", "Bo", "?"]),
            ("{column: kind, map: {A: Agent, b: ~}, default: none}", ["Agent", "none", "C"]),
            ("{column: kind, map: {A: Agent}, unmatched: empty, default: z}", ["Agent", "z", "z"]),
            ("{template: '{@row}.{@file}'}", ["2.p", "3.p", "4.p"]),
        ],
    )
    def test_where_a_value_comes_from(self, folder: Path, column: str, names: list[str]) -> None:
        found = read_table(folder, partner(column))
        assert found.column("ext_id") == ["P1", "P2", "P3"]
        assert found.column("name") == names

    @pytest.mark.parametrize(
        ("lookup", "names"),
        [
            ("{file: kinds.csv, by: kind, take: label}", ["Agent", "Broker", "C"]),
            ("{file: kinds.csv, by: kind, take: '{group}-{label}'}", ["1-Agent", "2-Broker", "C"]),
            (
                (
                    "[{file: kinds.csv, by: kind, take: group}, "
                    "{file: groups.csv, by: id, take: title}]"
                ),
                ["Big", "Small", "C"],
            ),
        ],
    )
    def test_look_ups(self, folder: Path, lookup: str, names: list[str]) -> None:
        column = f"{{column: kind, lookup: {lookup}, unmatched: keep}}"
        assert read_table(folder, partner(column)).column("name") == names

    def test_a_part_of_a_text(self, tmp_path: Path) -> None:
        write(tmp_path, "p.csv", "code,contact\nP1,张三/138\nP2,李四\n")
        split = "{column: contact, split: {by: '/', part: %d}, default: none}"
        for part, names in ((1, ["张三", "李四"]), (-1, ["138", "李四"]), (2, ["138", "none"])):
            assert read_table(tmp_path, partner(split % part)).column("name") == names

    def test_unknown_values_are_row_errors_where_asked(self, folder: Path) -> None:
        found = read_table(folder, partner("{column: kind, map: {A: Agent}, unmatched: error}"))
        assert found.reasons() == [(3, "kind", "unknown_value"), (4, "kind", "unknown_value")]
        assert found.errors[0].value == "b"

    def test_a_look_up_that_finds_nothing_is_a_row_error(self, folder: Path) -> None:
        found = read_table(
            folder, partner("{column: kind, lookup: {file: kinds.csv, by: kind, take: label}}")
        )
        assert found.reasons() == [(4, "kind", "lookup_failed")]
        assert found.column("name") == ["Agent", "Broker"]

    def test_an_unreadable_cell_refuses_its_row_or_is_left_empty(self, tmp_path: Path) -> None:
        write(tmp_path, "p.csv", "code,staff\nP1,12\nP2,about 30\n")
        text = PARTNERS.replace("{name}", "code") + "              employees: {column: staff%s}\n"
        strict = read_table(tmp_path, text % "")
        assert strict.reasons() == [(3, "staff", "bad_number")]
        assert strict.column("employees") == [12]
        lenient = read_table(tmp_path, text % ", invalid: empty")
        assert lenient.errors == []
        assert lenient.column("employees") == [12, None]
        assert [(n.code, dict(n.values)) for n in lenient.notices] == [
            ("emptied", {"column": "staff", "count": 1})
        ]

    def test_a_required_column_that_is_empty(self, tmp_path: Path) -> None:
        write(tmp_path, "p.csv", "code,name,city\nP1,x,\nP2,,沪\n,y,京\nP4,z,津\n")
        text = (
            PARTNERS.replace("{name}", "name")
            + "              city: {column: city, required: true}\n"
        )
        found = read_table(tmp_path, text)
        assert found.reasons() == [
            (2, "city", "missing"),
            (3, "name", "missing"),
            (4, "code", "missing"),
        ]
        assert found.column("ext_id") == ["P4"]

    def test_two_bad_cells_of_a_row_count_as_one_row(self, tmp_path: Path) -> None:
        write(tmp_path, "p.csv", "code,name,staff,since\nP1,x,many,long ago\n")
        text = PARTNERS.replace("{name}", "name") + (
            "              employees: staff\n              joined_on: since\n"
        )
        found = read_table(tmp_path, text)
        assert len(found.errors) == 2
        assert found.tally == Tally(read=1, rejected=1)


class TestRows:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        write(
            tmp_path,
            "p.csv",
            """
            code,name,state
            P1,a,open
            P2,b,closed
            P3,c,
            合计,3,
            """,
        )
        return tmp_path

    @pytest.mark.parametrize(
        ("where", "codes"),
        [
            ("state: open", ["P1"]),
            ("state: [open, closed]", ["P1", "P2"]),
            ("state: {not: closed}", ["P1", "P3"]),
            ("state: {empty: true}", ["P3"]),
            ("state: {empty: false}", ["P1", "P2"]),
        ],
    )
    def test_conditions(self, folder: Path, where: str, codes: list[str]) -> None:
        text = dedent(partner("name")) + f"        where: {{{where}}}\n"
        found = read_table(folder, text)
        assert found.column("ext_id") == codes
        assert found.tally.filtered == 3 - len(codes)
        assert (found.tally.totals, found.tally.read) == (1, 4)

    def test_totals_are_skipped_and_told_once_per_file(self, folder: Path) -> None:
        text = partner("name") + "          customer: {columns: {ext_id: code, name: name}}\n"
        found = read(folder, text)
        notices = [n for table in found.values() for n in table.notices]
        assert [(n.code, n.values["count"]) for n in notices] == [("totals_skipped", 1)]
        assert [table.tally.totals for table in found.values()] == [1, 1]

    def test_totals_can_be_kept(self, folder: Path) -> None:
        text = partner("name").replace("- file: p.csv", "- file: p.csv\n        totals: false")
        assert "合计" in read_table(folder, text).column("ext_id")

    def test_rows_keep_their_numbers(self, folder: Path) -> None:
        assert read_table(folder, partner("name")).row_nos == [2, 3, 4]


class TestSeveralFiles:
    def test_a_pattern_reads_all_files_as_one(self, tmp_path: Path) -> None:
        write(tmp_path, "p_2.csv", "code,name\nP2,b\n")
        write(tmp_path, "p_1.csv", "name,code\na,P1\n")
        write(tmp_path, "~$p_3.csv", "a lock file of Excel")
        found = read_table(tmp_path, partner("name").replace("p.csv", "p_*.csv"))
        assert found.column("ext_id") == ["P1", "P2"]

    def test_one_file_feeds_several_tables_in_loading_order(self, tmp_path: Path) -> None:
        write(tmp_path, "o.csv", "no,line,day,amount\nA,1,2026-01-05,10\nA,2,2026-01-05,5\n")
        found = read(
            tmp_path,
            """
            source: s
            currency: CNY
            files:
              - file: o.csv
                tables:
                  order_line:
                    columns: {order: no, line_no: line, quantity: {const: 1}, amount: amount}
                  sales_order: {columns: {order_no: no, order_date: day}}
            """,
        )
        assert list(found) == ["sales_order", "order_line"]
        order = found["sales_order"].rows
        assert order == [
            {"ext_id": "A", "order_no": "A", "order_date": date(2026, 1, 5), "currency": "CNY"}
        ]
        assert found["order_line"].column("ext_id") == ["A|1", "A|2"]
        assert found["order_line"].column("order_id") == ["A", "A"]
        assert found["sales_order"].tally == Tally(read=2, merged=1)

    def test_tables_filled_from_files_with_other_columns(self, tmp_path: Path) -> None:
        write(tmp_path, "a.csv", "code,name,city\nP1,a,沪\n")
        write(tmp_path, "b.csv", "code,name,tier\nP2,b,金\n")
        found = read_table(
            tmp_path,
            """
            source: s
            files:
              - {file: a.csv, tables: {partner: {columns: {ext_id: code, name: name, city: city}}}}
              - {file: b.csv, tables: {partner: {columns: {ext_id: code, name: name, tier: tier}}}}
            """,
        )
        assert found.columns == ("ext_id", "name", "tier", "city")
        assert found.rows == [
            {"ext_id": "P1", "name": "a", "tier": None, "city": "沪"},
            {"ext_id": "P2", "name": "b", "tier": "金", "city": None},
        ]

    def test_an_optional_file_may_be_absent(self, tmp_path: Path) -> None:
        write(tmp_path, "p.csv", "code,name\nP1,a\n")
        absent = "{file: q.csv, optional: true, tables: {region: {columns: {ext_id: a, name: b}}}}"
        text = partner("name") + f"      - {absent}\n"
        assert list(read(tmp_path, text)) == ["partner"]


class TestUnits:
    def test_taken_from_the_header_and_told(self, tmp_path: Path) -> None:
        write(tmp_path, "p.csv", "code,营业额（万元）\nP1,1.5\n")
        text = partner("code") + "              annual_revenue: 营业额\n"
        found = read_table(tmp_path, text)
        assert found.column("annual_revenue") == [Decimal(15_000)]
        assert [(n.code, n.values["unit"]) for n in found.notices] == [("unit_from_header", "万元")]

    def test_the_mapping_wins_over_the_header(self, tmp_path: Path) -> None:
        write(tmp_path, "p.csv", "code,营业额（万元）\nP1,1.5\n")
        text = partner("code") + "              annual_revenue: {column: 营业额, unit: 亿元}\n"
        found = read_table(tmp_path, text)
        assert found.column("annual_revenue") == [Decimal(150_000_000)]
        assert [n.code for n in found.notices] == ["unit_differs"]

    def test_a_unit_of_the_sheet_is_for_money_only(self, tmp_path: Path) -> None:
        write(tmp_path, "o.csv", "单位：万元,,,\n单号,行,数量,金额\nA,1,3,1.2\n")
        found = read_table(
            tmp_path,
            """
            source: s
            files:
              - file: o.csv
                tables:
                  order_line: {columns: {order: 单号, line_no: 行, quantity: 数量, amount: 金额}}
            """,
            "order_line",
        )
        assert found.column("quantity") == [3]
        assert found.column("amount") == [Decimal(12_000)]

    def test_lost_digits_are_told(self, tmp_path: Path) -> None:
        write(tmp_path, "p.csv", "code,income\nP1,1.23456\nP2,2\n")
        found = read_table(tmp_path, partner("code") + "              annual_revenue: income\n")
        assert [(n.code, n.values["count"]) for n in found.notices] == [("rounded", 1)]


class TestNames:
    def test_partners_of_one_name_stay_apart_and_are_told(self, tmp_path: Path) -> None:
        write(tmp_path, "p.csv", "code,name\nP1,云帆\nP2,云舟\nP3,云帆\n")
        found = read_table(tmp_path, partner("name"))
        assert found.column("ext_id") == ["P1", "P2", "P3"]
        assert [dict(n.values) for n in found.notices] == [
            {"count": 2, "name": "云帆", "keys": "P1, P3"}
        ]

    def test_one_uscc_is_one_company(self, tmp_path: Path) -> None:
        write(tmp_path, "p.csv", "code,name,tax\nP1,云帆,X1\nP3,云帆,X1\n")
        found = read_table(tmp_path, partner("name") + "              uscc: tax\n")
        assert found.notices == []

    def test_a_long_list_of_them_is_cut(self, tmp_path: Path) -> None:
        rows = "".join(f"P{n},n{n // 2}\n" for n in range(60))  # 30 names, each twice
        write(tmp_path, "p.csv", "code,name\n" + rows)
        notices = read_table(tmp_path, partner("name")).notices
        assert [n.code for n in notices] == ["shared_name"] * 20 + ["more_shared_names"]
        assert notices[-1].values["count"] == 10


class TestFaults:
    """Everything that a header can tell stops the load before the first row."""

    def test_a_missing_file(self, tmp_path: Path) -> None:
        write(tmp_path, "q.csv", "code,name\n")
        with pytest.raises(SourceFileError, match=r"m\.yaml:4: no file 'p.csv'") as caught:
            read_source(tmp_path, parse_mapping(partner("name"), "m.yaml"))
        assert "'q.csv'" in caught.value.hint

    def test_a_missing_look_up_file(self, tmp_path: Path) -> None:
        write(tmp_path, "p.csv", "code,name\n")
        lookup = "{column: code, lookup: {file: x.csv, by: a, take: b}}"
        with pytest.raises(SourceFileError, match=r"m\.yaml:9: no file 'x.csv'"):
            read_source(tmp_path, parse_mapping(partner(lookup), "m.yaml"))

    def test_a_missing_column(self, tmp_path: Path) -> None:
        write(tmp_path, "p.csv", "code,nmae\nP1,x\n")
        with pytest.raises(
            MappingError, match=r"^m\.yaml:9: p\.csv has no column 'name'"
        ) as caught:
            read_source(tmp_path, parse_mapping(partner("name"), "m.yaml"))
        assert "'nmae'" in caught.value.hint

    def test_a_missing_column_of_a_look_up_file(self, tmp_path: Path) -> None:
        write(tmp_path, "p.csv", "code,kind\nP1,A\n")
        write(tmp_path, "k.csv", "kind,label\nA,x\n")
        lookup = "{column: kind, lookup: {file: k.csv, by: kind, take: lable}}"
        with pytest.raises(MappingError, match=r"^m\.yaml:9: k\.csv has no column 'lable'"):
            read_source(tmp_path, parse_mapping(partner(lookup), "m.yaml"))

    def test_a_column_name_with_two_meanings(self, tmp_path: Path) -> None:
        write(tmp_path, "p.csv", "code,name,name\nP1,x,y\n")
        with pytest.raises(MappingError, match="means several columns"):
            read_source(tmp_path, parse_mapping(partner("name"), "m.yaml"))

    def test_a_look_up_with_two_answers(self, tmp_path: Path) -> None:
        write(tmp_path, "p.csv", "code,kind\nP1,A\n")
        write(tmp_path, "k.csv", "kind,label\nA,x\nA,y\n")
        lookup = "{column: kind, lookup: {file: k.csv, by: kind, take: label}}"
        with pytest.raises(SourceFileError, match="kind 'A' stands for 'x' and for 'y'"):
            read_source(tmp_path, parse_mapping(partner(lookup), "m.yaml"))

    def test_a_source_that_is_no_folder(self, tmp_path: Path) -> None:
        with pytest.raises(SourceFileError, match="is not a folder"):
            read_source(tmp_path / "none", parse_mapping(partner("name"), "m.yaml"))

    def test_a_missing_condition_column(self, tmp_path: Path) -> None:
        write(tmp_path, "p.csv", "code,name\nP1,x\n")
        text = dedent(partner("name")) + "        where: {state: open}\n"
        with pytest.raises(MappingError, match=r"^m\.yaml:10: p\.csv has no column 'state'"):
            read_source(tmp_path, parse_mapping(text, "m.yaml"))


class TestTheBatch:
    def test_files_hashes_and_origin(self, tmp_path: Path) -> None:
        path = write(tmp_path, "p.csv", "code,name\nP1,x\n")
        write(tmp_path, "k.csv", "kind,label\nP1,x\n")
        lookup = "{column: code, lookup: {file: k.csv, by: kind, take: label}}"
        mapping = parse_mapping(partner(lookup), "m.yaml")
        batch = read_source(tmp_path, mapping)
        assert [(file.path, file.size_bytes) for file in batch.files] == [
            ("k.csv", 16),
            ("p.csv", 15),
        ]
        assert (batch.source, batch.kind, batch.origin) == ("s", "files", str(tmp_path))
        assert read_source(tmp_path, mapping).content_hash == batch.content_hash
        path.write_text("code,name\nP1,y\n", encoding="utf-8")
        assert read_source(tmp_path, mapping).content_hash != batch.content_hash

    def test_progress_tells_both_passes(self, tmp_path: Path) -> None:
        write(tmp_path, "p.csv", "code,name\nP1,x\nP2,y\n")
        seen: list[ReadProgress] = []
        batch = read_source(tmp_path, parse_mapping(partner("name"), "m.yaml"), seen.append)
        for table in batch.tables:
            list(table.chunks)
        assert [(p.table, p.file, p.phase, p.rows, p.total) for p in seen] == [
            ("partner", "p.csv", "scan", 2, None),
            ("partner", "p.csv", "read", 2, 2),
        ]

    def test_headings_travel_with_the_rows(self, tmp_path: Path) -> None:
        write(tmp_path, "o.csv", "单号,日期,伙伴\nA,2026-01-05,P1\n")
        text = """
            source: s
            files:
              - file: o.csv
                tables:
                  sales_order: {columns: {order_no: 单号, order_date: 日期, partner: 伙伴}}
            """
        batch = read_source(tmp_path, parse_mapping(dedent(text), "m"))
        (chunk,) = next(batch.tables).chunks
        assert chunk.labels["partner_id"] == "伙伴"
