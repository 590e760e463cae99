"""Which partners a list is about: by name, region, segment, never outside the scope."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from leadline.access import Scope
from leadline.errors import SpecError
from tests.agents.channel import BOYUAN, EAST, HENGXIN, NANYUE, Channel
from tools.partner_filters import PartnerFilters, chosen_partners, one_partner, read_partners


def labels(channel: Channel, filters: PartnerFilters, scope: Scope | None = None) -> list[str]:
    context = channel.tools() if scope is None else channel.tools(scope)
    return list(chosen_partners(filters, context)["partner"])


class TestReading:
    def test_each_partner_once_with_its_places(self, channel: Channel) -> None:
        table = read_partners(channel.snapshot)
        assert len(table) == 10
        row = table.set_index("partner").loc[HENGXIN]
        assert (row["region"], row["territory"], row["partner_tier"]) == ("华东", "浙江", "金牌")
        assert (row["ext_id"], row["partner_type"]) == ("P01", "代理商")
        assert str(row["last_order_date"].date()) == "2025-10-03"

    def test_a_partner_that_never_ordered_has_no_day(self, channel: Channel) -> None:
        row = one_partner("新芽科技有限公司", channel.tools())
        assert row.isna()["last_order_date"]

    def test_inside_a_scope(self, channel: Channel) -> None:
        # 恒信, 博远, and one of the two called 同名商贸
        assert len(read_partners(channel.snapshot, EAST.scope)) == 3


class TestChoosing:
    def test_everybody_where_nothing_is_asked(self, channel: Channel) -> None:
        assert len(labels(channel, PartnerFilters())) == 10

    def test_by_region(self, channel: Channel) -> None:
        found = labels(channel, PartnerFilters(regions=("华北",)))
        assert found == ["京创数码有限公司", "宏图集团"]

    def test_by_name_and_region_together(self, channel: Channel) -> None:
        filters = PartnerFilters(partners=(HENGXIN, NANYUE), regions=("华南",))
        assert labels(channel, filters) == [NANYUE]

    def test_by_segment(self, channel: Channel) -> None:
        context = channel.tools()
        ids = dict(read_partners(channel.snapshot)[["partner", "partner_id"]].to_numpy())
        segment_of = {ids[HENGXIN]: "stable", ids[BOYUAN]: "opportunistic"}
        filters = PartnerFilters(segments=("stable",))
        assert list(chosen_partners(filters, context, segment_of)["partner"]) == [HENGXIN]

    def test_segments_without_any_are_refused(self, channel: Channel) -> None:
        with pytest.raises(SpecError, match="no segments"):
            labels(channel, PartnerFilters(segments=("stable",)))

    def test_a_region_without_partners_is_empty_not_unknown(self, channel: Channel) -> None:
        filters = PartnerFilters(partners=(HENGXIN,), regions=("Overseas",))
        assert labels(channel, filters) == []


class TestNames:
    @pytest.mark.parametrize("name", [HENGXIN, "P01"])
    def test_by_label_or_number(self, channel: Channel, name: str) -> None:
        assert one_partner(name, channel.tools())["partner"] == HENGXIN

    def test_a_shared_name_names_both(self, channel: Channel) -> None:
        with pytest.raises(SpecError, match="2 partners") as caught:
            one_partner("同名商贸", channel.tools())
        assert "同名商贸 (P08); 同名商贸 (P09)" in caught.value.hint

    def test_a_shared_name_of_which_one_is_in_scope(self, channel: Channel) -> None:
        assert one_partner("同名商贸", channel.tools(EAST.scope))["ext_id"] == "P08"

    def test_an_unknown_name_shows_the_nearest(self, channel: Channel) -> None:
        with pytest.raises(SpecError, match="恒信可技") as caught:
            one_partner("恒信可技有限公司", channel.tools())
        assert HENGXIN in caught.value.hint

    def test_a_foreign_partner_is_unknown(self, channel: Channel) -> None:
        with pytest.raises(SpecError, match="there is no partner") as caught:
            one_partner(NANYUE, channel.tools(EAST.scope))
        assert "南粤" not in caught.value.hint

    def test_a_foreign_region_is_unknown(self, channel: Channel) -> None:
        with pytest.raises(SpecError, match="there is no region") as caught:
            labels(channel, PartnerFilters(regions=("华南",)), EAST.scope)
        assert caught.value.hint == "did you mean: 华东"

    def test_a_partner_knows_the_regions_of_its_own(self, channel: Channel) -> None:
        own = Scope(partners=frozenset({HENGXIN}))
        assert labels(channel, PartnerFilters(regions=("华东",)), own) == [HENGXIN]
        with pytest.raises(SpecError, match="there is no region"):
            labels(channel, PartnerFilters(regions=("华北",)), own)


class TestLimits:
    def test_cautious_unless_a_page_asks(self) -> None:
        assert PartnerFilters().limit == 10
        assert PartnerFilters(limit=5000, everything=True).limit == 5000
        with pytest.raises(ValidationError, match="everything"):
            PartnerFilters(limit=201)

    @pytest.mark.parametrize("limit", [0, 5001])
    def test_bounds(self, limit: int) -> None:
        with pytest.raises(ValidationError):
            PartnerFilters(limit=limit, everything=True)

    def test_no_names_is_not_every_name(self) -> None:
        with pytest.raises(ValidationError):
            PartnerFilters(partners=())
