from __future__ import annotations

from collections import Counter

import pytest

from evals.cases import DATASETS, Case, dataset_path, read_cases
from evals.sampling import Selection, Suite, select
from leadline.errors import InputError, NotFoundError
from tests.evals.answers import case

SUITES = (
    Suite("a", tuple(case(id=f"a-{n}", question=f"q{n}", kind="total") for n in range(80))),
    Suite(
        "b",
        (
            *(case(id=f"b-{n}", question=f"q{n}", kind="top") for n in range(19)),
            case(id="b-19", question="q19", kind="share"),
        ),
    ),
)


def paired(number: int) -> tuple[Case, Case]:
    zh, en = f"c-{number}-zh", f"c-{number}-en"
    return case(id=zh, lang="zh", pair=en), case(id=en, lang="en", pair=zh)


def ids(suites: tuple[Suite, ...]) -> list[str]:
    return [c.id for suite in suites for c in suite.cases]


class TestNamed:
    def test_everything_by_default(self) -> None:
        assert select(SUITES, Selection()) == SUITES

    def test_only_these_in_the_order_of_their_set(self) -> None:
        assert ids(select(SUITES, Selection(cases=("b-3", "a-7", "a-1")))) == ["a-1", "a-7", "b-3"]

    def test_a_set_without_any_is_left_out(self) -> None:
        assert [s.dataset for s in select(SUITES, Selection(cases=("b-3",)))] == ["b"]

    def test_an_unknown_one_is_named(self) -> None:
        with pytest.raises(NotFoundError, match="no case 'x-1' in a, b"):
            select(SUITES, Selection(cases=("a-1", "x-1")))


class TestSample:
    def test_is_in_proportion_with_each_kind_at_least_once(self) -> None:
        # the first of three kinds, then 80 : 19 : 1 of the other 17
        drawn = select(SUITES, Selection(sample=20))
        kinds = Counter(c.kind for suite in drawn for c in suite.cases)
        assert sum(kinds.values()) == 20
        assert kinds["share"] == 1
        assert 14 <= kinds["total"] <= 17

    def test_the_seed_decides(self) -> None:
        first = ids(select(SUITES, Selection(sample=20, seed=1)))
        assert ids(select(SUITES, Selection(sample=20, seed=1))) == first
        assert ids(select(SUITES, Selection(sample=20, seed=2))) != first

    def test_a_larger_one_holds_the_smaller(self) -> None:
        small = set(ids(select(SUITES, Selection(sample=10))))
        assert small < set(ids(select(SUITES, Selection(sample=40))))

    def test_paraphrases_go_together(self) -> None:
        suite = Suite("c", tuple(c for n in range(30) for c in paired(n)))
        drawn = select((suite,), Selection(sample=11))
        assert len(ids(drawn)) == 10  # an eleventh would part a pair
        assert all(c.pair in ids(drawn) for c in drawn[0].cases)

    def test_more_than_there_are_is_all(self) -> None:
        assert select(SUITES, Selection(sample=1000)) == SUITES

    def test_draws_from_what_was_named(self) -> None:
        named = tuple(f"a-{n}" for n in range(10))
        drawn = ids(select(SUITES, Selection(cases=named, sample=4)))
        assert len(drawn) == 4
        assert set(drawn) < set(named)

    def test_of_the_golden_sets_has_every_kind_and_language(self) -> None:
        golden = tuple(Suite(name, read_cases(dataset_path(name))) for name in DATASETS)
        drawn = [c for suite in select(golden, Selection(sample=250)) for c in suite.cases]
        every = [c for suite in golden for c in suite.cases]
        assert 248 <= len(drawn) <= 250
        assert {c.kind for c in drawn} == {c.kind for c in every}
        assert {c.lang for c in drawn} == {"zh", "en", "mixed"}

    @pytest.mark.parametrize("selection", [Selection(sample=0), Selection(repeat=0)])
    def test_of_nothing_is_refused(self, selection: Selection) -> None:
        with pytest.raises(InputError, match="none"):
            select(SUITES, selection)
