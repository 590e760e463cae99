"""Which three things to do."""

from __future__ import annotations

from agents.briefs.actions import ACTIONS, actions, chosen
from agents.briefs.desk import Finding, Section


def found(kind: str, weight: float) -> Finding:
    return Finding(kind, f"{kind} {weight}", weight)


class TestChosen:
    def test_the_heaviest_first(self) -> None:
        picked = chosen([found("a", 1), found("b", 3), found("c", 2)])
        assert [f.kind for f in picked] == ["b", "c", "a"]

    def test_different_in_kind_before_more_of_one(self) -> None:
        picked = chosen([found("a", 9), found("a", 8), found("a", 7), found("b", 1), found("c", 2)])
        assert [(f.kind, f.weight) for f in picked] == [("a", 9), ("c", 2), ("b", 1)]

    def test_more_of_one_kind_where_there_are_no_others(self) -> None:
        picked = chosen([found("a", 9), found("a", 8), found("b", 1), found("a", 7)])
        assert [(f.kind, f.weight) for f in picked] == [("a", 9), ("a", 8), ("b", 1)]

    def test_at_most_three(self) -> None:
        assert len(chosen([found(k, 1) for k in "abcde"])) == ACTIONS

    def test_of_nothing_nothing(self) -> None:
        assert chosen([]) == ()


class TestSection:
    def test_takes_the_findings_of_all(self) -> None:
        sections = [
            Section("x", "甲", "X", findings=(found("a", 1),)),
            Section("y", "乙", "Y", findings=(found("b", 2),)),
        ]
        assert [line.template for line in actions(sections).lines] == ["b 2", "a 1"]
