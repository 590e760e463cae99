"""Questions to begin with: each can be answered on the data at hand, in its own language."""

from __future__ import annotations

import pytest

from agents.openers import OFFERED, openers
from leadline.access import Scope
from leadline.types import Language
from tests.agents.channel import SOUTH, Channel


class TestOpeners:
    @pytest.mark.parametrize("language", list(Language))
    def test_each_is_answered_in_its_language(self, channel: Channel, language: Language) -> None:
        found = openers(channel.context(), language)
        assert 3 <= len(found) <= OFFERED
        assert len({option.question for option in found}) == len(found)
        for option in found:
            answer = channel.ask(option.question)
            assert (answer.status, answer.language) == ("answered", language), option

    def test_what_the_scope_does_not_hold_is_not_offered(self, channel: Channel) -> None:
        offered = openers(channel.context(SOUTH.scope), Language.ZH)
        for option in offered:
            assert channel.ask(option.question, as_=SOUTH).status == "answered", option

    def test_nothing_to_see_is_nothing_to_ask(self, channel: Channel) -> None:
        nothing = Scope(regions=frozenset())
        assert all("伙伴" not in o.question for o in openers(channel.context(nothing), Language.ZH))
