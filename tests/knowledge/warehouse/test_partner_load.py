"""Partners across sources: one row per company, every name kept, slow changes remembered."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.warehouse.load import load_batch
from knowledge.warehouse.report import LoadReport
from knowledge.warehouse.stage import Counts
from tests.conftest import NewDatabase
from tests.knowledge.warehouse.batches import Row, at, batch, content, rows_of

CODE = "91110000600037341L"
OTHER_CODE = "91310000MA1FL0LJ34"
PHONE = "021-58888888"
HOME: Row = {"ext_id": "P1", "name": "上海云帆有限公司", "phone": PHONE, "tier": "金牌"}


def load(
    engine: sa.Engine, *partners: Row, source: str = "erp", on: date = date(2026, 3, 1)
) -> LoadReport:
    return load_batch(engine, batch({"partner": partners}, source=source), business_date=on)


def xrefs(engine: sa.Engine) -> list[tuple[Any, ...]]:
    """(source, ext_id, partner's name, matched_by, candidate's name)."""
    query = sa.text(
        "SELECT x.source, x.ext_id, p.name, x.matched_by, c.name FROM partner_xref x "
        "JOIN partner p ON p.id = x.partner_id LEFT JOIN partner c ON c.id = x.candidate_id "
        "ORDER BY x.source, x.ext_id"
    )
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(query)]


class TestOneSource:
    def test_same_names_stay_apart(self, engine: sa.Engine) -> None:
        twins: list[Row] = [{"ext_id": n, "name": "云帆", "phone": PHONE} for n in ("A", "B")]
        report = load(engine, *twins)
        assert (report.inserted, report.linked, report.to_review) == (2, 0, 0)
        assert [row[3] for row in xrefs(engine)] == ["key", "key"]

    def test_a_wrong_credit_code_is_left_empty_and_told(self, engine: sa.Engine) -> None:
        report = load(
            engine,
            {"ext_id": "A", "name": "甲", "uscc": "911100006000373410"},
            {"ext_id": "B", "name": "乙", "uscc": "9111 0000 6000 3734 1l"},
        )
        assert rows_of(engine, "partner", "uscc") == [(None,), (CODE,)]
        assert [(notice.code, notice.values["count"]) for notice in report.notices] == [
            ("bad_uscc", 1)
        ]

    def test_a_changed_row_updates_its_partner(self, engine: sa.Engine) -> None:
        load(engine, {"ext_id": "A", "name": "甲", "city": "上海"})
        report = load(engine, {"ext_id": "A", "name": "甲公司", "city": None})
        assert report.tables[0].counts == Counts(updated=1)
        assert rows_of(engine, "partner", "name", "city") == [("甲公司", None)]
        assert rows_of(engine, "partner_xref", "name_seen") == [("甲公司",)]

    def test_an_older_row_is_ignored(self, engine: sa.Engine) -> None:
        load(engine, {"ext_id": "A", "name": "新", "src_updated_at": at(9)})
        report = load(engine, {"ext_id": "A", "name": "旧", "src_updated_at": at(8)})
        assert report.tables[0].counts == Counts(stale=1)
        assert rows_of(engine, "partner", "name", "src_updated_at") == [("新", at(9))]

    def test_the_newest_date_of_unchanged_content_counts(self, engine: sa.Engine) -> None:
        load(engine, {"ext_id": "A", "name": "甲", "src_updated_at": at(1)})
        load(engine, {"ext_id": "A", "name": "甲", "src_updated_at": at(3)})
        report = load(engine, {"ext_id": "A", "name": "乙", "src_updated_at": at(2)})
        assert report.tables[0].counts == Counts(stale=1)


class TestAcrossSources:
    def test_the_same_code_is_the_same_partner(self, engine: sa.Engine) -> None:
        load(engine, {**HOME, "uscc": CODE})
        report = load(engine, {"ext_id": "7", "name": "云帆", "uscc": CODE}, source="crm")
        assert (report.linked, report.inserted) == (1, 0)
        assert xrefs(engine) == [
            ("crm", "7", "上海云帆有限公司", "uscc", None),
            ("erp", "P1", "上海云帆有限公司", "key", None),
        ]

    def test_phone_and_name_and_place_are_enough(self, engine: sa.Engine) -> None:
        load(engine, HOME)
        record: Row = {"ext_id": "7", "name": "云帆", "phone": "+86 21 58888888", "city": "上海"}
        load(engine, record, source="crm")
        assert xrefs(engine)[0] == ("crm", "7", "上海云帆有限公司", "phone+name", None)

    def test_a_near_match_is_queued_beside_its_candidate(self, engine: sa.Engine) -> None:
        load(engine, HOME)
        report = load(engine, {"ext_id": "7", "name": "上海云帆软件"}, source="crm")
        assert (report.inserted, report.linked, report.to_review) == (1, 0, 1)
        assert xrefs(engine)[0] == ("crm", "7", "上海云帆软件", "review", "上海云帆有限公司")

    def test_a_linked_row_fills_only_what_is_missing(self, engine: sa.Engine) -> None:
        load(engine, {**HOME, "uscc": CODE, "city": None})
        linked: Row = {
            "ext_id": "7",
            "name": "云帆",
            "uscc": CODE,
            "tier": "银牌",
            "city": "上海",
        }
        load(engine, linked, source="crm")
        assert rows_of(engine, "partner", "source", "name", "tier", "city") == [
            ("erp", "上海云帆有限公司", "金牌", "上海")
        ]

    def test_a_linked_row_loaded_again_changes_nothing(self, engine: sa.Engine) -> None:
        load(engine, {**HOME, "uscc": CODE})
        linked: Row = {"ext_id": "7", "name": "云帆", "uscc": CODE}
        load(engine, linked, source="crm")
        before = content(engine)
        report = load_batch(engine, batch({"partner": [linked]}, source="crm", content="again"))
        assert report.tables[0].counts == Counts(unchanged=1)
        assert content(engine) == before

    def test_facts_of_a_linked_source_reach_the_one_partner(self, engine: sa.Engine) -> None:
        load(engine, {**HOME, "uscc": CODE})
        payment: Row = {
            "ext_id": "Z1",
            "payment_no": "Z1",
            "partner_id": "7",
            "paid_on": date(2026, 1, 1),
            "amount": 5,
        }
        linked: Row = {"ext_id": "7", "name": "云帆", "uscc": CODE}
        load_batch(engine, batch({"partner": [linked], "payment": [payment]}, source="crm"))
        assert rows_of(engine, "payment", "partner_id") == rows_of(engine, "partner", "id")

    def test_partners_that_exist_are_never_merged_by_rule(self, engine: sa.Engine) -> None:
        load(engine, {**HOME, "uscc": CODE})
        load(engine, {"ext_id": "7", "name": "远航"}, source="crm")
        load(engine, {"ext_id": "7", "name": "远航", "uscc": CODE}, source="crm")
        assert xrefs(engine)[0] == ("crm", "7", "远航", "review", "上海云帆有限公司")
        assert len(rows_of(engine, "partner", "id")) == 2


class TestHistory:
    def history(self, engine: sa.Engine) -> list[tuple[Any, ...]]:
        found = rows_of(engine, "partner_history", "attribute", "value", "valid_from", "valid_to")
        return sorted(found, key=lambda row: (row[0], row[2]))

    def test_keeps_each_value_with_its_days(self, engine: sa.Engine) -> None:
        load(engine, {"ext_id": "A", "name": "甲", "tier": "银牌", "status": "签约"})
        load(
            engine,
            {"ext_id": "A", "name": "甲", "tier": "金牌", "status": "签约"},
            on=date(2026, 4, 1),
        )
        assert self.history(engine) == [
            ("status", "签约", date(2026, 3, 1), None),
            ("tier", "银牌", date(2026, 3, 1), date(2026, 4, 1)),
            ("tier", "金牌", date(2026, 4, 1), None),
        ]

    def test_the_sources_own_date_counts_in_its_own_timezone(self, engine: sa.Engine) -> None:
        # 2026-03-05 20:00 UTC is 2026-03-06 04:00 in Shanghai
        load(engine, {"ext_id": "A", "name": "甲", "tier": "银牌", "src_updated_at": at(5, 20)})
        assert self.history(engine) == [("tier", "银牌", date(2026, 3, 6), None)]

    def test_a_second_change_on_one_day_replaces_the_first(self, engine: sa.Engine) -> None:
        for tier in ("铜牌", "银牌", "金牌"):
            load(engine, {"ext_id": "A", "name": "甲", "tier": tier})
        assert self.history(engine) == [("tier", "金牌", date(2026, 3, 1), None)]

    def test_an_emptied_value_is_a_change(self, engine: sa.Engine) -> None:
        load(engine, {"ext_id": "A", "name": "甲", "owner": "王伟"})
        load(engine, {"ext_id": "A", "name": "甲", "owner": None}, on=date(2026, 4, 1))
        assert self.history(engine) == [
            ("owner", "王伟", date(2026, 3, 1), date(2026, 4, 1)),
            ("owner", None, date(2026, 4, 1), None),
        ]

    def test_regions_go_by_name_and_come_from_the_territory_too(self, engine: sa.Engine) -> None:
        places: dict[str, list[Row]] = {
            "region": [{"ext_id": "E", "name": "华东"}, {"ext_id": "S", "name": "华南"}],
            "territory": [{"ext_id": "SH", "name": "上海", "region_id": "E"}],
        }
        first: list[Row] = [{"ext_id": "A", "name": "甲", "region_id": None, "territory_id": "SH"}]
        then: list[Row] = [{"ext_id": "A", "name": "甲", "region_id": "S", "territory_id": "SH"}]
        for rows, day in ((first, 1), (then, 2)):
            load_batch(engine, batch({**places, "partner": rows}), business_date=date(2026, 3, day))
        assert self.history(engine) == [
            ("region", "华东", date(2026, 3, 1), date(2026, 3, 2)),
            ("region", "华南", date(2026, 3, 2), None),
        ]

    def test_other_changes_leave_no_trace_in_it(self, engine: sa.Engine) -> None:
        load(engine, {"ext_id": "A", "name": "甲", "tier": "金牌"})
        before = self.history(engine)
        load(engine, {"ext_id": "A", "name": "甲公司", "tier": "金牌"}, on=date(2026, 4, 1))
        assert self.history(engine) == before


PARTNER_ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "ext_id": st.sampled_from("ABCDE"),
            "name": st.sampled_from(["上海云帆", "云帆软件（上海）", "北京云帆", "远航"]),
            "uscc": st.sampled_from([None, None, CODE, OTHER_CODE]),
            "phone": st.sampled_from([None, PHONE, "13800138000"]),
            "tier": st.sampled_from([None, "金牌", "银牌"]),
        }
    ),
    unique_by=lambda row: row["ext_id"],
    max_size=5,
)


class TestLaws:
    @settings(
        max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(home=PARTNER_ROWS, linked=PARTNER_ROWS, data=st.data())
    def test_row_order_does_not_matter_and_every_record_has_one_partner(
        self, new_database: NewDatabase, home: list[Row], linked: list[Row], data: Any
    ) -> None:
        one, other = new_database(), new_database()
        for source, rows in (("erp", home), ("crm", linked)):
            load(one, *rows, source=source)
            load(other, *data.draw(st.permutations(rows)), source=source)
        assert content(one) == content(other)
        assert [(row[0], row[1]) for row in xrefs(one)] == sorted(
            (source, row["ext_id"])
            for source, rows in (("erp", home), ("crm", linked))
            for row in rows
        )
        codes = [code for (code,) in rows_of(one, "partner", "uscc") if code]
        assert len(codes) == len(set(codes))

    def test_two_records_of_one_source_with_one_code_are_one(self, engine: sa.Engine) -> None:
        report = load(
            engine,
            {"ext_id": "B", "name": "云帆二", "uscc": CODE},
            {"ext_id": "A", "name": "云帆一", "uscc": CODE},
        )
        # A comes first by its id, so it is the home record
        assert rows_of(engine, "partner", "ext_id", "name") == [("A", "云帆一")]
        assert report.linked == 1


@pytest.mark.parametrize("count", [700])
def test_history_is_read_in_several_queries(engine: sa.Engine, count: int) -> None:
    rows: list[Row] = [
        {"ext_id": f"{n:04d}", "name": f"P{n}", "tier": "银牌"} for n in range(count)
    ]
    load(engine, *rows)
    load(engine, *({**row, "tier": "金牌"} for row in rows), on=date(2026, 4, 1))
    found = rows_of(engine, "partner_history", "value", "valid_to")
    assert sorted(set(found), key=repr) == [("金牌", None), ("银牌", date(2026, 4, 1))]
    assert len(found) == 2 * count
