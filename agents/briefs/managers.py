"""Who gets a brief, and what of the channel is theirs.

A manager is a user of `leadline.yaml` whose regions are limited. Where the instance names none, the
data does: who owns a region; else who manages salespeople; else the salespeople, with the regions
that they sold in over the past year. `--for` finds any of them, and a region by its own name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from knowledge.semantic.frames import read_frame
from knowledge.semantic.members import nearest
from leadline.access import Principal, Scope
from leadline.errors import NotFoundError

if TYPE_CHECKING:
    import pandas as pd

    from knowledge.warehouse.snapshot import Snapshot
    from leadline.settings import Settings

Source = Literal["user", "region", "sales_manager", "salesperson"]
PAST_DAYS: Final = 365


@dataclass(frozen=True, slots=True)
class Manager:
    """Whom a brief is for. `scope` bounds all its figures."""

    name: str
    label: str
    scope: Scope
    source: Source

    @property
    def regions(self) -> tuple[str, ...]:
        """Their regions, by name."""
        return tuple(sorted(self.scope.regions or ()))


def managers(settings: Settings, snapshot: Snapshot) -> tuple[Manager, ...]:
    """Everybody who gets a brief when briefs are made for all, by name."""
    for found in (
        _users(settings),
        _region_owners(snapshot),
        _sales_managers(snapshot),
        _salespeople(snapshot),
        _regions(snapshot),
    ):
        if found:
            return found
    return ()


def find_manager(name: str, settings: Settings, snapshot: Snapshot) -> Manager:
    """Who is called `name`: a user, a region's owner, a sales manager, a salesperson, a region.

    Raises:
        NotFoundError: nobody is; the nearest names are the hint.
    """
    known: dict[str, Manager] = {}
    for found in (
        _regions(snapshot),
        _salespeople(snapshot),
        _sales_managers(snapshot),
        _region_owners(snapshot),
        _users(settings),
    ):
        known |= {manager.name: manager for manager in found}
    if name in known:
        return known[name]
    raise NotFoundError(
        f"nobody called {name!r} has regions of the channel", hint=nearest(name, list(known))
    )


def own_brief(principal: Principal) -> Manager:
    """The principal's own: their name, their scope."""
    return Manager(principal.name, _label(principal.name, principal.scope), principal.scope, "user")


def _label(name: str, scope: Scope) -> str:
    regions = "、".join(sorted(scope.regions or ()))
    return f"{name}（{regions}）" if regions and regions != name else name


def _users(settings: Settings) -> tuple[Manager, ...]:
    found = []
    for name, entry in sorted(settings.instance.users.items()):
        if entry.regions is not None:
            principal = settings.principal(name)
            found.append(Manager(name, _label(name, principal.scope), principal.scope, "user"))
    return tuple(found)


def _of(name: str, regions: list[str], source: Source) -> Manager:
    scope = Scope(regions=frozenset(regions))
    return Manager(name, _label(name, scope), scope, source)


def _regions(snapshot: Snapshot) -> tuple[Manager, ...]:
    labels = sorted(read_frame(snapshot, "region", ("label",))["label"].dropna())
    return tuple(_of(label, [label], "region") for label in labels)


def _region_owners(snapshot: Snapshot) -> tuple[Manager, ...]:
    table = read_frame(snapshot, "region", ("label", "owner")).dropna()
    return _grouped(table.rename(columns={"owner": "who"}), "region")


def _sales_managers(snapshot: Snapshot) -> tuple[Manager, ...]:
    people = read_frame(snapshot, "salesperson", ("manager", "region_id")).dropna()
    names = read_frame(snapshot, "region", ("id", "label")).set_index("id")["label"]
    table = people.assign(label=people["region_id"].map(names), who=people["manager"])
    return _grouped(table.dropna(subset=["label"]), "sales_manager")


def _salespeople(snapshot: Snapshot) -> tuple[Manager, ...]:
    """Salespeople and where they sold over the past year; outside staff of partners are none."""
    import pandas as pd

    people = read_frame(snapshot, "salesperson", ("id", "label", "partner_id"))
    own = people[people["partner_id"].isna()].set_index("id")["label"]
    lines = read_frame(snapshot, "order_line", ("salesperson_id", "region_id", "order_date"))
    since = pd.Timestamp(snapshot.as_of) - pd.Timedelta(days=PAST_DAYS)
    lines = lines[pd.to_datetime(lines["order_date"]) > since].dropna()
    names = read_frame(snapshot, "region", ("id", "label")).set_index("id")["label"]
    table = lines[["salesperson_id", "region_id"]].drop_duplicates()
    table = table.assign(who=table["salesperson_id"].map(own), label=table["region_id"].map(names))
    return _grouped(table.dropna(subset=["who", "label"]), "salesperson")


def _grouped(table: pd.DataFrame, source: Source) -> tuple[Manager, ...]:
    return tuple(
        _of(str(who), sorted(set(part["label"])), source)
        for who, part in table.groupby("who", sort=True)
    )
