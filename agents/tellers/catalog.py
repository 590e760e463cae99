"""Which teller words which tool's result."""

from __future__ import annotations

from collections.abc import Sequence

from agents.narrate import Told
from agents.tellers.allocation import tell_allocation, tell_allocation_summary
from agents.tellers.anomalies import tell_diversion, tell_revenue_anomalies, tell_stuffing
from agents.tellers.churn import tell_churn, tell_churn_quality
from agents.tellers.contributions import tell_contributions
from agents.tellers.data_quality import tell_data_quality
from agents.tellers.forecast import tell_forecast, tell_forecast_series
from agents.tellers.forecast_accuracy import tell_forecast_accuracy
from agents.tellers.happenings import tell_happenings
from agents.tellers.health import tell_health, tell_health_evidence, tell_health_summary
from agents.tellers.inventory_risk import tell_inventory_risk
from agents.tellers.partner_history import tell_partner_timeline, tell_partner_trend
from agents.tellers.partners import (
    tell_compare_partners,
    tell_profile,
    tell_profile_card,
    tell_similar_partners,
)
from agents.tellers.segments import tell_segment_summary, tell_segments
from agents.tellers.telling import Teller, Telling
from leadline.errors import NotFoundError
from leadline.types import Language

TELLERS: dict[str, Teller] = {
    "inventory_risk": tell_inventory_risk,
    "allocation": tell_allocation,
    "allocation_summary": tell_allocation_summary,
    "happenings": tell_happenings,
    "data_quality": tell_data_quality,
    "forecast": tell_forecast,
    "forecast_series": tell_forecast_series,
    "forecast_accuracy": tell_forecast_accuracy,
    "contributions": tell_contributions,
    "stuffing": tell_stuffing,
    "diversion": tell_diversion,
    "revenue_anomalies": tell_revenue_anomalies,
    "profile": tell_profile,
    "profile_card": tell_profile_card,
    "compare_partners": tell_compare_partners,
    "similar_partners": tell_similar_partners,
    "partner_timeline": tell_partner_timeline,
    "partner_trend": tell_partner_trend,
    "health": tell_health,
    "health_summary": tell_health_summary,
    "health_evidence": tell_health_evidence,
    "segments": tell_segments,
    "segment_summary": tell_segment_summary,
    "churn": tell_churn,
    "churn_quality": tell_churn_quality,
}

COMPANIONS: frozenset[str] = frozenset({"forecast_series", "allocation_summary"})
"""Tools whose results stand beside another's, which tells them."""


def tell_first(told: Sequence[Told], language: Language) -> Telling | None:
    """The words for the first result that has a teller, the others beside it; None without any."""
    own = [item for item in told if item.result.tool in TELLERS]
    own.sort(key=lambda item: item.result.tool in COMPANIONS)
    return tell(own, language) if own else None


def tell(told: Sequence[Told], language: Language) -> Telling:
    """The words for the results of one plan; the first one's teller speaks.

    Raises:
        NotFoundError: no teller knows the first result's tool.
    """
    name = told[0].result.tool
    if name not in TELLERS:
        raise NotFoundError(f"no teller for results of {name}")
    return TELLERS[name](told, language)
