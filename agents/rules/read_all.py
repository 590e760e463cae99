"""The order in which a question's tokens are read; every reader leaves what is not its own."""

from __future__ import annotations

from agents.rules.read import Reading, read_filters, settle_lexicon
from agents.rules.read_bounds import read_bounds, read_duration_bounds, read_multiples
from agents.rules.read_counts import read_conditions, read_counts
from agents.rules.read_dims import read_dims, read_grain
from agents.rules.read_growth import read_compare, read_growth
from agents.rules.read_metrics import read_metrics, read_outcome
from agents.rules.read_ranking import read_place, read_ranking
from agents.rules.read_share import read_share
from agents.rules.read_time import read_times


def read_shape(r: Reading) -> None:
    """Everything but names: metrics, splits, ranking, growth, conditions, periods, shares."""
    read_metrics(r)
    read_outcome(r)
    read_grain(r)
    read_counts(r)
    read_ranking(r)
    read_growth(r)
    read_dims(r)
    read_conditions(r)
    read_bounds(r)
    read_multiples(r)
    read_place(r)
    read_duration_bounds(r)
    read_compare(r)
    read_times(r)
    read_share(r)


def read_query(r: Reading) -> None:
    """All readers, for a question about figures."""
    settle_lexicon(r)
    _free_pronouns(r)
    read_filters(r)
    read_shape(r)


_PRONOUNS = ("they", "them", "their", "他们", "它们", "她们", "these", "those", "其中")


def _free_pronouns(r: Reading) -> None:
    """ "Top 10 partners and their share": the pronoun points into its own sentence."""
    named = [t.entries[0].name for t in r.tokens if t.kind == "value" and t.entries]
    listed = len(named) > len(set(named))
    for token in r.tokens:
        if listed and token.kind == "handle":
            token.kind = "stop"  # "London, Paris and Berlin – these three cities"
    own = any(t.kind == "dim" for t in r.tokens) and r.has(
        "top", "superlative", "threshold", "which"
    )
    for token in r.tokens:
        if own and token.kind == "handle" and token.text in _PRONOUNS:
            token.kind = "stop"
