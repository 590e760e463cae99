"""Orders, prices, customers, and the papers that follow them."""

from __future__ import annotations

import numpy as np

from evals.world.customers import NEW_SALE, NOBODY, ORDER_TYPES
from evals.world.partners import STABLE
from evals.world.products import CUT, FLOOR_SHARE, IS_HARDWARE, LAUNCHED, PRICE_CENTS, TAX_RATE
from evals.world.world import World
from tests.evals.world.conftest import Written


class TestOrders:
    def test_are_sorted_and_numbered_by_day(self, world: World) -> None:
        orders = world.orders
        assert (np.diff(orders.day) >= 0).all()
        assert orders.number == sorted(set(orders.number))

    def test_each_has_lines_that_count_from_one_and_differ_in_product(self, world: World) -> None:
        lines = world.lines
        assert np.unique(lines.order).tolist() == list(range(world.orders.count))
        pairs = lines.order * len(IS_HARDWARE) + lines.product
        assert len(np.unique(pairs)) == len(pairs)
        firsts = np.flatnonzero(np.diff(lines.order, prepend=-1))
        assert set(lines.line_no[firsts]) == {1}

    def test_the_last_day_has_one(self, world: World) -> None:
        assert world.orders.day.max() == world.timeline.days - 1

    def test_stock_orders_hold_hardware_only_and_no_customer(self, world: World) -> None:
        stock = world.orders.stock
        assert IS_HARDWARE[world.lines.product[stock[world.lines.order]]].all()
        assert (world.orders.assignment.customer[stock] == NOBODY).all()
        assert (world.orders.assignment.customer[~stock] != NOBODY).all()

    def test_nobody_orders_before_joining_or_after_leaving(self, world: World) -> None:
        orders = world.orders
        assert (orders.day >= world.partners.first_day[orders.partner]).all()
        assert (orders.day < world.plan.leaves[orders.partner]).all()

    def test_stable_partners_order_steadily(self, world: World) -> None:
        # A Poisson count has variance = mean; a steady one much less around its own expectation.
        steady = np.flatnonzero(
            (world.partners.archetype == STABLE) & (world.plan.leaves > world.timeline.days + 365)
        )
        customers_only = ~world.orders.stock
        month = world.timeline.month_of_day[world.orders.day]
        counts = np.zeros((world.partners.count, 36))
        np.add.at(counts, (world.orders.partner[customers_only], month[customers_only]), 1)
        expected = world.demand.orders * (
            1 - np.where(world.partners.stocking[:, None], world.demand.stock_share(), 0)
        )
        spread = ((counts - expected)[steady] ** 2).mean() / expected[steady].mean()
        assert spread < 0.75


class TestPrices:
    def test_a_line_adds_up(self, world: World) -> None:
        money, lines = world.lines.money, world.lines
        assert (money.list_amount == money.unit_price * lines.quantity).all()
        assert (money.amount + money.discount == money.list_amount).all()
        assert np.allclose(money.tax, money.amount * TAX_RATE[lines.product], atol=0.5)
        assert (lines.quantity >= 1).all()

    def test_only_diverted_lines_go_below_the_floor(self, world: World) -> None:
        money, lines = world.lines.money, world.lines
        below = money.amount < money.list_amount * FLOOR_SHARE[lines.product] - 1
        case = world.orders.assignment.case[lines.order]
        true_case = np.array([not c.approved for c in world.plan.diversion] + [False])[case]
        assert below.tolist() == true_case.tolist()
        assert true_case.any()

    def test_the_price_cut_counts_from_its_day(self, world: World) -> None:
        lines = world.lines
        cut = lines.product == CUT
        day = world.orders.day[lines.order]
        before, after = cut & (day < world.plan.cut_day), cut & (day >= world.plan.cut_day)
        assert set(lines.money.unit_price[before]) == {int(PRICE_CENTS[CUT])}
        assert set(lines.money.unit_price[after]) == {world.plan.cut_price_cents}
        assert world.plan.cut_price_cents < PRICE_CENTS[CUT] * 0.87

    def test_a_promotion_stands_on_lines_of_its_time_only(self, world: World) -> None:
        lines = world.lines
        day = world.orders.day[lines.order]
        for number, campaign in enumerate(world.campaigns):
            days = day[lines.money.promotion == number]
            assert len(days)
            assert campaign.first <= days.min()
            assert days.max() <= campaign.last

    def test_the_new_product_sells_from_its_launch_on(self, world: World) -> None:
        days = world.orders.day[world.lines.order[world.lines.product == LAUNCHED]]
        assert 0 <= days.min() - world.plan.launch_day < 15


class TestCustomers:
    def test_a_customer_is_new_once(self, world: World) -> None:
        who = world.orders.assignment
        first_sales = who.customer[who.order_type == NEW_SALE]
        assert len(np.unique(first_sales)) == len(first_sales)

    def test_all_three_order_types_are_common(self, world: World) -> None:
        share = np.bincount(world.orders.assignment.order_type) / world.orders.count
        assert len(share) == len(ORDER_TYPES)
        assert share.min() > 0.12

    def test_prospects_have_not_ordered(self, world: World) -> None:
        who = world.orders.assignment
        ordered = np.unique(who.customer[who.customer != NOBODY])
        assert not who.customers.prospect[ordered].any()

    def test_customers_sit_mostly_where_their_partner_does(self, world: World) -> None:
        customers = world.orders.assignment.customers
        home = world.partners.places.province[customers.partner]
        assert 0.85 < (customers.places.province == home).mean() < 0.95


class TestPapers:
    def test_what_is_open_is_what_was_not_paid(self, full: Written) -> None:
        receivables = full.csv("ERP/应收单.csv")
        payments = full.csv("ERP/回款.csv").drop(full.bad("payments"))
        paid = payments["收款金额"].str.replace("[￥,]", "", regex=True).astype(float)
        by_order = paid.groupby(payments["订单号"]).sum()
        expected = receivables["应收金额"].astype(float) - receivables["订单号"].map(
            by_order
        ).fillna(0)
        assert np.allclose(expected, receivables["未核销金额"].astype(float), atol=0.005)
        assert (receivables["未核销金额"].astype(float) >= 0).all()

    def test_a_receivable_is_its_order_with_tax(self, full: Written) -> None:
        lines = full.csv("ERP/销售订单明细.csv").drop(full.bad("lines"))
        gross = lines["金额"].astype(float) + lines["税额"].astype(float)
        by_order = gross.groupby(lines["订单号"]).sum().round(2)
        receivables = full.csv("ERP/应收单.csv").set_index("订单号")["应收金额"].astype(float)
        assert np.allclose(receivables, by_order[receivables.index], atol=0.005)

    def test_returns_are_part_of_their_line_and_come_after_it(self, world: World) -> None:
        returns, lines = world.returns, world.lines
        assert (returns.quantity >= 1).all()
        assert (returns.quantity <= lines.quantity[returns.line]).all()
        assert (returns.amount <= lines.money.amount[returns.line]).all()
        assert (returns.day > world.orders.day[lines.order[returns.line]]).all()

    def test_each_return_has_a_negative_invoice_in_brackets(self, full: Written) -> None:
        amounts = full.csv("ERP/销售发票.csv")["价税合计"]
        returned = len(full.csv("ERP/退货单.csv")) - len(full.bad("returns"))
        assert amounts.str.fullmatch(r"（[\d,]+\.\d\d）").sum() == returned

    def test_leavers_pay_later_and_later(self, full: Written) -> None:
        receivables = full.csv("ERP/应收单.csv").set_index("订单号")
        payments = full.csv("ERP/回款.csv").drop(full.bad("payments"))
        due = receivables.loc[payments["订单号"], "到期日"].to_numpy().astype("datetime64[D]")
        paid = payments["收款日期"].str.replace("/", "-").to_numpy().astype("datetime64[D]")
        booked = receivables.loc[payments["订单号"], "立账日期"].to_numpy().astype("datetime64[D]")
        late = (paid - due).astype(int)
        leaving = np.zeros(len(payments), dtype=bool)
        for entry in full.truth["churners"]:
            mine = (payments["伙伴编码"] == entry["partner"]).to_numpy()
            leaving |= mine & (booked > np.datetime64(entry["fades_from"]))
        assert late[leaving].mean() > late[~leaving].mean() + 15
