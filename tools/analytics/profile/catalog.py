"""All KPIs, listed category by category."""

from __future__ import annotations

from tools.analytics.profile.capability import CAPABILITY
from tools.analytics.profile.engagement import ENGAGEMENT
from tools.analytics.profile.investment import INVESTMENT
from tools.analytics.profile.kpi import Kpi
from tools.analytics.profile.mix import MIX
from tools.analytics.profile.pipeline import PIPELINE
from tools.analytics.profile.registration import REGISTRATION
from tools.analytics.profile.results import RESULTS
from tools.analytics.profile.risk import RISK

KPIS: tuple[Kpi, ...] = (
    *RESULTS,
    *MIX,
    *PIPELINE,
    *REGISTRATION,
    *ENGAGEMENT,
    *CAPABILITY,
    *INVESTMENT,
    *RISK,
)

KPI_BY_NAME = {kpi.name: kpi for kpi in KPIS}
