"""The catalogue of KPIs: complete, distinct, said in both languages."""

from __future__ import annotations

import importlib
import pkgutil
import re

import pytest

import tools.analytics.profile as package
from leadline.types import Unit
from tools.analytics.profile.catalog import KPI_BY_NAME, KPIS
from tools.analytics.profile.facts import COLUMNS
from tools.analytics.profile.kpi import Kpi


class TestCatalogue:
    def test_lists_every_kpi_of_every_module(self) -> None:
        found: dict[str, Kpi] = {}
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            if module.name.endswith(".catalog"):
                continue
            for group in vars(importlib.import_module(module.name)).values():
                if isinstance(group, tuple):
                    found |= {item.name: item for item in group if isinstance(item, Kpi)}
        assert found == KPI_BY_NAME

    def test_there_are_forty_at_least_with_names_of_their_own(self) -> None:
        assert len(KPIS) == len(KPI_BY_NAME) >= 40
        assert len({k.label_zh for k in KPIS}) == len({k.label_en for k in KPIS}) == len(KPIS)

    def test_every_category_has_some(self) -> None:
        assert {kpi.category for kpi in KPIS} == {
            "results",
            "pipeline",
            "registration",
            "engagement",
            "capability",
            "investment",
            "risk",
        }

    @pytest.mark.parametrize("kpi", KPIS, ids=lambda k: k.name)
    def test_each_is_named_and_defined_in_both_languages(self, kpi: Kpi) -> None:
        assert re.fullmatch(r"[a-z_]+", kpi.name)
        for zh in (kpi.label_zh, kpi.definition_zh, kpi.counted_zh):
            assert re.search(r"[一-鿿]", zh)
        for en in (kpi.label_en, kpi.definition_en, kpi.counted_en):
            assert en
            assert not re.search(r"[一-鿿]", en)

    @pytest.mark.parametrize("kpi", KPIS, ids=lambda k: k.name)
    def test_each_needs_tables_that_are_read_and_has_a_unit_of_figures(self, kpi: Kpi) -> None:
        assert kpi.needs
        assert set(kpi.needs) <= COLUMNS.keys()
        assert kpi.unit not in (Unit.TEXT, Unit.DATE, Unit.EACH)
