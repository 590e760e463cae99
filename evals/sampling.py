"""Which cases a run asks: all, some by name, or a sample that stands for all.

A sample is drawn from every kind of every data set, in proportion and at least once while there is
room; paraphrases of one question go together. The same seed draws the same cases.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from evals.cases import Case
from leadline.errors import InputError, NotFoundError


@dataclass(frozen=True, slots=True)
class Suite:
    """The cases of one data set that are to be asked."""

    dataset: str
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """What a run asks, and how often.

    cases: only these ids; empty is all.
    sample: at most so many cases, drawn by `seed`; None is all.
    repeat: attempts at each case.
    recorded: the language model's replies are recorded ones.
    """

    cases: tuple[str, ...] = ()
    sample: int | None = None
    seed: int = 0
    repeat: int = 1
    recorded: bool = False


def select(suites: Sequence[Suite], selection: Selection) -> tuple[Suite, ...]:
    """The selected cases, each data set in its own order; data sets without any are left out.

    Raises:
        NotFoundError: an id that no data set has.
        InputError: a sample of no case, or no attempt.
    """
    if selection.sample is not None and selection.sample < 1:
        raise InputError(f"a sample of {selection.sample} cases is none")
    if selection.repeat < 1:
        raise InputError(f"{selection.repeat} attempts at each case are none")
    found = _named(suites, selection.cases) if selection.cases else tuple(suites)
    if selection.sample is not None:
        wanted = _sample(found, selection.sample, selection.seed)
        found = tuple(
            Suite(s.dataset, tuple(c for c in s.cases if (s.dataset, c.id) in wanted))
            for s in found
        )
    return tuple(s for s in found if s.cases)


def _named(suites: Sequence[Suite], ids: Iterable[str]) -> tuple[Suite, ...]:
    known = {case.id for suite in suites for case in suite.cases}
    for name in ids:
        if name not in known:
            sets = ", ".join(suite.dataset for suite in suites)
            raise NotFoundError(f"no case {name!r} in {sets}", hint="ids stand in evals/datasets")
    wanted = set(ids)
    return tuple(Suite(s.dataset, tuple(c for c in s.cases if c.id in wanted)) for s in suites)


def _sample(suites: Sequence[Suite], size: int, seed: int) -> set[tuple[str, str]]:
    """Dataset and id of the drawn cases: the first of each kind, then evenly through all kinds."""
    places: list[tuple[float, str, str, tuple[Case, ...]]] = []
    for suite in suites:
        for kind, units in _units_by_kind(suite.cases).items():
            drawn = sorted(units, key=lambda unit: _shuffled(seed, unit[0].id))
            for place, unit in enumerate(drawn):
                key = _shuffled(seed, f"{suite.dataset} {kind} {unit[0].id}")
                places.append((place / len(drawn), key, suite.dataset, unit))
    chosen: set[tuple[str, str]] = set()
    for _place, _key, dataset, unit in sorted(places, key=lambda p: p[:2]):
        if len(chosen) + len(unit) <= size:
            chosen |= {(dataset, case.id) for case in unit}
    return chosen


def _units_by_kind(cases: Sequence[Case]) -> Mapping[str, list[tuple[Case, ...]]]:
    """Per kind, the cases by question: a case and its paraphrase are one."""
    by_id = {case.id: case for case in cases}
    units: dict[str, list[tuple[Case, ...]]] = {}
    taken: set[str] = set()
    for case in cases:
        if case.id in taken:
            continue
        other = by_id.get(case.pair or "")
        unit = (case,) if other is None or other.id in taken else (case, other)
        taken |= {member.id for member in unit}
        units.setdefault(case.kind, []).append(unit)
    return units


def _shuffled(seed: int, text: str) -> str:
    return hashlib.sha256(f"{seed} {text}".encode()).hexdigest()
