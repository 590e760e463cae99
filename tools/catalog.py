"""All tools, listed one by one; a planner can call these and nothing else."""

from __future__ import annotations

from typing import Any

from leadline.errors import NotFoundError
from tools.allocation import ALLOCATION, ALLOCATION_SUMMARY
from tools.churn import CHURN
from tools.churn_quality import CHURN_QUALITY
from tools.compare_partners import COMPARE_PARTNERS
from tools.concentration import CONCENTRATION
from tools.contributions import CONTRIBUTIONS
from tools.data_quality import DATA_QUALITY
from tools.definition import Tool
from tools.difference import DIFFERENCE
from tools.diversion import DIVERSION
from tools.explain import EXPLAIN
from tools.forecast import FORECAST
from tools.forecast_accuracy import FORECAST_ACCURACY
from tools.forecast_series import FORECAST_SERIES
from tools.freshness import FRESHNESS
from tools.happenings import HAPPENINGS
from tools.health import HEALTH
from tools.health_evidence import HEALTH_EVIDENCE
from tools.health_summary import HEALTH_SUMMARY
from tools.inventory_risk import INVENTORY_RISK
from tools.partner_timeline import PARTNER_TIMELINE
from tools.partner_trend import PARTNER_TREND
from tools.profile import PROFILE
from tools.profile_card import PROFILE_CARD
from tools.query import QUERY
from tools.revenue_anomalies import REVENUE_ANOMALIES
from tools.segment_summary import SEGMENT_SUMMARY
from tools.segments import SEGMENTS_TOOL
from tools.similar_partners import SIMILAR_PARTNERS
from tools.stuffing import STUFFING

TOOLS: tuple[Tool[Any], ...] = (
    QUERY,
    DIFFERENCE,
    CONCENTRATION,
    EXPLAIN,
    FRESHNESS,
    INVENTORY_RISK,
    ALLOCATION,
    ALLOCATION_SUMMARY,
    HAPPENINGS,
    DATA_QUALITY,
    CONTRIBUTIONS,
    DIVERSION,
    STUFFING,
    REVENUE_ANOMALIES,
    PROFILE,
    FORECAST,
    FORECAST_SERIES,
    FORECAST_ACCURACY,
    HEALTH,
    HEALTH_SUMMARY,
    COMPARE_PARTNERS,
    SIMILAR_PARTNERS,
    PROFILE_CARD,
    PARTNER_TREND,
    PARTNER_TIMELINE,
    HEALTH_EVIDENCE,
    SEGMENTS_TOOL,
    SEGMENT_SUMMARY,
    CHURN,
    CHURN_QUALITY,
)


def tool(name: str) -> Tool[Any]:
    """The tool called `name`.

    Raises:
        NotFoundError: there is none.
    """
    for candidate in TOOLS:
        if candidate.name == name:
            return candidate
    known = ", ".join(t.name for t in TOOLS)
    raise NotFoundError(f"no tool {name!r} (known: {known})")
