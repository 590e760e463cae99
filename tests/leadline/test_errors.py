"""One tree of errors, each saying what to do with it."""

from __future__ import annotations

import re

import pytest

from leadline import errors
from leadline.errors import (
    AccessError,
    BusyError,
    InputError,
    LeadlineError,
    MappingError,
    NotFoundError,
    TooOftenError,
)


def all_errors() -> list[type[LeadlineError]]:
    found = [LeadlineError]
    for kind in found:
        found += kind.__subclasses__()
    return [kind for kind in found if kind.__module__ == errors.__name__]


class TestTree:
    def test_the_docstring_names_every_class_under_its_parent(self) -> None:
        text = errors.__doc__ or ""
        parents = {0: "LeadlineError"}
        drawn: dict[str, str] = {}
        for match in re.finditer(r"^    ([│ ]*)[├└]── (\w+)", text, re.MULTILINE):
            depth = len(match[1]) // 4 + 1
            parents[depth] = match[2]
            drawn[match[2]] = parents[depth - 1]
        assert drawn == {kind.__name__: kind.__bases__[0].__name__ for kind in all_errors()[1:]}

    def test_only_what_passes_by_itself_is_worth_a_retry(self) -> None:
        assert [kind for kind in all_errors() if kind.retryable] == [BusyError, TooOftenError]

    def test_every_exit_code_is_a_failure_and_every_status_an_error(self) -> None:
        for kind in all_errors():
            assert 1 <= kind.exit_code <= 125
            assert 400 <= kind.http_status <= 599

    def test_the_callers_own_errors_share_an_exit_code(self) -> None:
        assert {kind.exit_code for kind in all_errors() if issubclass(kind, InputError)} == {2}


class TestMessages:
    def test_shows_the_hint_on_its_own_line(self) -> None:
        assert str(InputError("bad unit", hint="write 万元")) == "bad unit\n  → write 万元"
        assert str(InputError("bad unit")) == "bad unit"

    def test_a_mapping_error_says_where(self) -> None:
        error = MappingError("no such table", where="m.yaml:12")
        assert (error.message, error.where) == ("m.yaml:12: no such table", "m.yaml:12")
        assert str(MappingError("no such table")) == "no such table"

    @pytest.mark.parametrize(
        ("error", "told"),
        [
            (NotFoundError("no answer 7", hint="list them"), "no answer 7 list them"),
            (AccessError("not your region"), "not your region"),
            (BusyError("/srv/leadline.db is locked"), "BusyError"),
            (LeadlineError("row 5: 王伟"), "LeadlineError"),
        ],
    )
    def test_a_model_is_told_only_what_it_may_know(self, error: LeadlineError, told: str) -> None:
        assert error.model_text() == told
