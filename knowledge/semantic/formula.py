"""A metric's formula as one line, in symbols and the names of tables and columns.

It is made from the typed formula that the compiler reads, so it cannot say anything else than what
is computed; the words of `definition` are for people, this is for whoever checks them.
"""

from __future__ import annotations

from knowledge.semantic.model import Balance, DaysSince, Measure, Metric, Ratio

BALANCES: dict[Balance, str] = {
    "last_snapshot": "at the last day of count",
    "open_interval": "open at that day",
    "registered": "on file at that day",
}


def formula_text(metric: Metric) -> str:
    """For example `Σ (order_line.amount − order_line.cost_amount) [cost_amount known]`."""
    formula = metric.formula
    if isinstance(formula, Measure):
        text = _measure(formula, metric.fact)
    elif isinstance(formula, Ratio):
        numerator = _measure(formula.numerator, metric.fact)
        text = f"{numerator} ÷ {_measure(formula.denominator, metric.fact)}"
    elif isinstance(formula, DaysSince):
        text = f"days from {_measure(formula.latest, metric.fact)} to the as-of date"
    else:
        goal = f"Σ target.amount [measure of {formula.metric}]"
        text = goal if formula.kind == "target" else f"{formula.metric} ÷ {goal}"
    return f"{text}, {BALANCES[metric.balance]}" if metric.balance else text


def _measure(measure: Measure, metric_fact: str) -> str:
    fact = measure.fact or metric_fact
    conditions = [f"{column} known" for column in measure.known]
    conditions += [f"{column} = {' | '.join(values)}" for column, values in measure.where]
    if measure.due_before_as_of:
        conditions.append(f"{measure.due_before_as_of} < as-of date")
    limited = f" [{', '.join(conditions)}]" if conditions else ""
    return f"{_aggregate(measure, fact)}{limited}"


def _aggregate(measure: Measure, fact: str) -> str:
    if measure.column is None:
        return f"count({fact})"
    value = f"{fact}.{measure.column}"
    if measure.function == "sum":
        return f"Σ {_summed(measure, fact, value)}"
    name = measure.function.replace("_", " ")
    return f"{name}({value})"


def _summed(measure: Measure, fact: str, value: str) -> str:
    if measure.days_since is not None:
        return f"days({fact}.{measure.days_since} … {value})"
    if measure.minus is not None:
        value = f"({value} − {fact}.{measure.minus})"
    if measure.times is not None:
        value = f"({value} × {fact}.{measure.times})"
    return value
