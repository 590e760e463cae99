"""Scopes: what is limited, and a hash that means the same limits."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from leadline.access import EVERYTHING, LOCAL_OWNER, Principal, Scope

SETS = st.none() | st.frozensets(st.text(max_size=3), max_size=3)
SCOPES = st.builds(Scope, SETS, SETS)


class TestScope:
    def test_nothing_limited_is_everything(self) -> None:
        assert EVERYTHING.unlimited
        assert EVERYTHING.digest == "all"
        assert Scope() == EVERYTHING

    def test_an_empty_set_is_a_limit(self) -> None:
        nothing = Scope(regions=frozenset())
        assert not nothing.unlimited
        assert nothing.digest != EVERYTHING.digest

    def test_regions_and_partners_are_not_confused(self) -> None:
        name = frozenset({"华东"})
        assert Scope(regions=name).digest != Scope(partners=name).digest

    @given(SCOPES, SCOPES)
    def test_equal_digests_mean_equal_scopes(self, one: Scope, other: Scope) -> None:
        assert (one.digest == other.digest) == (one == other)

    @given(SCOPES)
    def test_a_digest_fits_its_column(self, scope: Scope) -> None:
        assert len(scope.digest) <= 16


class TestPrincipal:
    def test_the_owner_of_the_machine_sees_all(self) -> None:
        assert LOCAL_OWNER.scope.unlimited
        assert "admin" in LOCAL_OWNER.roles

    def test_overseeing_takes_a_role_and_sight_of_all_data(self) -> None:
        region = Scope(regions=frozenset({"华东"}))
        assert LOCAL_OWNER.oversees
        assert Principal("王伟", frozenset({"analyst"})).oversees
        assert not Principal("王伟", frozenset({"manager"})).oversees
        assert not Principal("王伟", frozenset({"admin", "analyst"}), region).oversees

    def test_has_no_roles_unless_given(self) -> None:
        assert Principal("王伟") == Principal("王伟", frozenset(), EVERYTHING)
