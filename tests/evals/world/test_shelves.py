"""Stock: every box is accounted for, shelves are filled sensibly, stuffing overflows them."""

from __future__ import annotations

import numpy as np
import pytest

from evals.world.partners import GROWTH, STABLE
from evals.world.products import IS_HARDWARE
from evals.world.shelves import cover_days
from evals.world.stock import week_ends
from evals.world.timeline import LAST_DAY
from evals.world.world import World
from tests.evals.world.conftest import Written


class TestShelves:
    def test_every_box_is_accounted_for(self, world: World) -> None:
        shelves = world.shelves
        change = np.diff(shelves.balance, axis=1)
        moved = (shelves.received - shelves.sold - shelves.returned)[:, 1:]
        assert (change == moved).all()
        assert shelves.balance.min() >= 0

    def test_what_arrives_was_ordered(self, world: World) -> None:
        arrival = world.delivery.ship_day[world.lines.order] + 1
        stock = (world.lines.shelf_line >= 0) & (arrival < world.timeline.days)
        assert world.shelves.received.sum() == world.lines.quantity[stock].sum()

    def test_what_goes_back_is_on_a_return_of_the_line(self, world: World) -> None:
        of_shelf = world.lines.shelf_line[world.returns.line] >= 0
        assert world.shelves.returned.sum() == world.returns.quantity[of_shelf].sum()

    def test_only_regular_dealers_keep_stock(self, world: World) -> None:
        partners = world.partners
        assert set(partners.archetype[partners.stocking]) == {GROWTH, STABLE}
        assert set(world.shelves.partner) == set(np.flatnonzero(partners.stocking))
        assert IS_HARDWARE[world.shelves.product].all()

    def test_a_usual_shelf_lasts_about_a_month(self, world: World) -> None:
        days = range(400, world.timeline.days, 60)
        planted = {episode.partner for episode in world.plan.stuffing}
        loyal = [
            int(partner)
            for partner in np.unique(world.shelves.partner)
            if partner not in planted
            and world.plan.leaves[partner] > world.timeline.days
            and world.partners.first_day[partner] < 0
        ]
        cover = [cover_days(world.shelves, partner, day) for partner in loyal for day in days]
        assert 20 < np.median(cover) < 50
        assert np.quantile(cover, 0.95) < 100

    def test_stuffed_shelves_overflow_and_genuine_ones_empty(self, world: World) -> None:
        stuffed: list[float] = []
        genuine: list[float] = []
        for episode in world.plan.stuffing:
            day = min(episode.quarter.last + 30, world.timeline.days - 1)
            cover = cover_days(world.shelves, episode.partner, day)
            (genuine if episode.genuine else stuffed).append(cover)
        assert min(stuffed) > 2 * max(genuine)

    def test_end_customers_do_not_know_of_quarter_ends(self, world: World) -> None:
        late = np.zeros(world.timeline.days, dtype=bool)
        for quarter in world.timeline.quarters():
            late[quarter.last - 9 : quarter.last + 1] = True
        stock = world.orders.stock & (world.orders.episode < 0)
        ordered = np.bincount(world.orders.day[stock], minlength=world.timeline.days)
        sold = world.shelves.sold.sum(axis=0)
        assert sold[late].mean() / sold[~late].mean() < 1.25
        assert ordered[late].mean() / ordered[~late].mean() > 1.7


class TestHeadOffice:
    def test_every_box_is_accounted_for(self, world: World) -> None:
        head = world.head_office
        change = np.diff(head.balance, axis=2)
        assert (change == (head.received - head.shipped)[:, :, 1:]).all()
        assert head.balance.min() >= 0

    def test_the_planted_ends_of_the_scale(self, world: World) -> None:
        head = world.head_office
        weeks = head.balance[:, :, 20:].mean(axis=2) / head.shipped[:, :, 20:].mean(axis=2)
        assert weeks[head.overstocked] == weeks.max()
        assert weeks[head.short] == weeks.min()
        assert weeks[head.overstocked] > 2.2 * np.median(weeks)
        assert (head.balance[(*head.short, slice(20, None))] == 0).mean() > 0.3


class TestFiles:
    def test_stock_is_counted_on_saturdays_up_to_the_last_day(self, full: Written) -> None:
        table = full.parquet("库存/库存快照.parquet")
        days = table["快照日期"].dt
        assert set(days.dayofweek) == {5}
        assert table["快照日期"].max().date() == LAST_DAY
        assert not table.duplicated(["快照日期", "仓库编码", "产品编码"]).any()

    def test_the_weeks_cover_all_movements(self, full: Written, world: World) -> None:
        table = full.parquet("库存/库存快照.parquet")
        own = table[table["伙伴编码"].notna()]
        assert own["入库数量"].sum() == world.shelves.received.sum()
        assert own["出库数量"].sum() == world.shelves.sold.sum() + world.shelves.returned.sum()
        assert len(week_ends(world.timeline)) == table["快照日期"].nunique()

    def test_sell_through_is_what_left_the_shelves(self, full: Written, world: World) -> None:
        table = full.csv("库存/动销.csv")
        assert table["动销数量"].astype(int).sum() == world.shelves.sold.sum()
        assert not table.duplicated(["伙伴编码", "产品编码", "月份"]).any()
        assert table["动销金额"].astype(float).sum() == pytest.approx(
            (table["动销金额"].astype(float)).round(2).sum()
        )
