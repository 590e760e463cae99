"""Formulas in symbols say what the compiler computes."""

from __future__ import annotations

import pytest

from knowledge.semantic.formula import formula_text
from knowledge.semantic.model import load_model

METRICS = load_model().metrics


class TestFormulaText:
    @pytest.mark.parametrize(
        ("metric", "text"),
        [
            ("amount", "Σ order_line.amount"),
            ("orders", "count distinct(order_line.order_id)"),
            ("order_lines", "count(order_line)"),
            (
                "gross_margin",
                "Σ (order_line.amount − order_line.cost_amount) [cost_amount known]",
            ),
            ("average_unit_price", "Σ order_line.amount ÷ Σ order_line.quantity"),
            ("days_since_last_order", "days from max(order_line.order_date) to the as-of date"),
            ("won_opportunities", "count(opportunity) [outcome = won]"),
            (
                "overdue_amount",
                "Σ receivable.open_amount [due_on < as-of date]",
            ),
            (
                "stock_value",
                (
                    "Σ (inventory_snapshot.units_balance × inventory_snapshot.unit_cost)"
                    " [unit_cost known], at the last day of count"
                ),
            ),
            ("attainment", "amount ÷ Σ target.amount [measure of amount]"),
            ("target_amount", "Σ target.amount [measure of amount]"),
        ],
    )
    def test_by_kind(self, metric: str, text: str) -> None:
        assert formula_text(METRICS[metric]) == text

    def test_days_are_summed_between_two_dates(self) -> None:
        assert formula_text(METRICS["sales_cycle_days"]).startswith(
            "Σ days(opportunity.created_on … opportunity.closed_on)"
        )

    def test_names_every_column_that_every_metric_reads(self) -> None:
        for metric in METRICS.values():
            text = formula_text(metric)
            for measure in metric.measures:
                assert all(column in text for column in measure.columns()), metric.name
                assert all(v in text for _c, values in measure.where for v in values)
