"""Do briefs mention what was planted, say nothing empty, come in time? `python -m bench.briefs`.

For chosen weeks of a simulated channel, briefs are written for all managers (seven regions), each
knowing only what was known at the end of the week, nothing computed beforehand:

* planted events of that week that the data can show by then are looked up in the brief of their
  region: a partner that stops ordering (`churn`), one pushed to buy at the quarter's end
  (`stuffing`), a new product, our price cut, a competitor's price cut. An event counts as mentioned
  where its subject is named: partner, product or competitor;
* where a longer episode only begins (`diversion`, `hot_spot`, `decline`) nothing has happened yet
  that a row could show; for these the brief of eight weeks later is looked at, without a target;
* filler: a line in which no slot was filled from evidence, other than the one line that says what
  had no data; a line that a brief holds twice; a section without lines; a sentence (figures and
  names taken out) that stands in every manager's brief of the week although it names no figure.

Weeks: those with the most events that can be known, one per quarter, then those of the product and
price events; all within the last year of the data.
"""

from __future__ import annotations

import argparse
import os
import re
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from agents.briefs.brief import Brief, write_brief
from agents.briefs.managers import Manager, managers
from agents.briefs.markdown import to_markdown
from agents.briefs.week import Week, week_of
from bench.inventory import channel
from bench.measure import report, write_results
from evals.instances import CHANNEL_MAPPING
from knowledge.semantic.frames import read_frame
from knowledge.semantic.model import load_model
from knowledge.warehouse.derived import DerivedStore
from knowledge.warehouse.rewind import derived_root, rewind
from knowledge.warehouse.snapshot import Snapshot
from leadline.settings import INSTANCE_FILE, Settings, read_settings
from leadline.types import Language
from tools.definition import ToolContext

AT_ONCE: Final = ("churn", "stuffing", "launch", "price_cut", "competitor_price_cut")
LATER: Final = ("diversion", "hot_spot", "decline")
LATER_WEEKS: Final = 8
TOGETHER_S: Final = 60.0


@dataclass(frozen=True)
class Event:
    """One planted event and the word by which a brief would name it."""

    day: date
    kind: str
    region: str | None
    words: tuple[str, ...]


def events_of(truth: dict[str, Any], snapshot: Snapshot) -> list[Event]:
    """The planted events with the labels of their subjects."""
    partner = read_frame(snapshot, "partner", ("ext_id", "label")).set_index("ext_id")["label"]
    product = read_frame(snapshot, "product", ("sku", "label")).set_index("sku")["label"]
    found = []
    for event in truth["events"]:
        subject = str(event["subject"])
        words = tuple(re.split(r"[、 ]", str(partner.get(subject, product.get(subject, subject)))))
        if event["kind"] in ("launch", "price_cut", "churn", "stuffing", "diversion"):
            words = (str(partner.get(subject, product.get(subject, subject))),)
        day = date.fromisoformat(event["date"])
        found.append(Event(day, event["kind"], event["region"], words))
    return found


def chosen_weeks(events: Sequence[Event], as_of: date, most: int) -> list[Week]:
    """Weeks to write of: see the module's text."""
    since = as_of - timedelta(days=365)
    recent = [
        e for e in events if e.kind in AT_ONCE and since < e.day and week_of(e.day).last <= as_of
    ]
    count = Counter(week_of(e.day) for e in recent)
    ranked = sorted(count, key=lambda w: (-count[w], w.first))
    picked: list[Week] = []
    for week in ranked:
        quarter = (week.last.year, (week.last.month - 1) // 3)
        if quarter not in {(w.last.year, (w.last.month - 1) // 3) for w in picked}:
            picked.append(week)
    special = [week_of(e.day) for e in recent if e.region is None or "competitor" in e.kind]
    return sorted(set(picked[:most] + special), key=lambda w: w.first)


def is_named(event: Event, briefs: dict[str, str]) -> bool:
    """Whether the brief of the event's region names it; of everywhere: whether all do."""
    texts = list(briefs.values()) if event.region is None else [briefs[event.region]]
    return all(any(word in text for word in event.words) for text in texts)


def filler(written: Sequence[Brief]) -> list[str]:
    """Lines that say nothing."""
    found: list[str] = []
    bare: Counter[str] = Counter()
    for brief in written:
        seen: set[str] = set()
        for section in brief.sections:
            if not section.lines:
                found.append(f"{brief.manager.name}: section {section.key} is empty")
            for line in section.lines:
                if line.text in seen:
                    found.append(f"{brief.manager.name}: twice: {line.text}")
                seen.add(line.text)
                if line.slots == 0 and not line.text.startswith(
                    ("无数据，未写", "No data, left out")
                ):
                    found.append(f"{brief.manager.name}: no figure: {line.text}")
                if not line.figures and line.slots == 0:
                    bare[line.text] += 1
    found += [f"in every brief: {text}" for text, n in bare.items() if n == len(written) > 1]
    return found


def instance(folder: Path) -> Settings:
    """Settings with the users of the simulated channel: a manager for each region."""
    words = CHANNEL_MAPPING.parent / INSTANCE_FILE
    (folder / INSTANCE_FILE).write_bytes(words.read_bytes())
    return read_settings(folder, environ={})


def write_all(
    people: Sequence[Manager], week: Week, snapshot: Snapshot, root: Path
) -> tuple[list[Brief], float, float]:
    """Everybody's brief of a week, and what it took together: seconds, and seconds of processor."""
    started, worked = time.perf_counter(), time.process_time()
    then = rewind(snapshot, week.last, root)
    derived = DerivedStore(derived_root(then, root))
    written = [
        write_brief(
            manager,
            week,
            ToolContext(then, manager.scope, load_model(), 1000, derived),
            Language.ZH,
        )
        for manager in people
    ]
    texts = [to_markdown(brief) for brief in written]
    seconds = time.perf_counter() - started
    assert len(texts) == len(people)  # noqa: S101 - written while the clock ran
    return written, seconds, time.process_time() - worked


def measured(seed: int, kept: Path | None, most: int, *, later: bool) -> dict[str, Any]:
    """One channel: which events were named, filler, seconds per week."""
    with channel(seed, kept) as (snapshot, truth), tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        people = managers(instance(folder), snapshot)
        events = events_of(truth, snapshot)
        weeks = chosen_weeks(events, snapshot.as_of, most)
        named: Counter[str] = Counter()
        planted: Counter[str] = Counter()
        missed, empty = [], []
        seconds: dict[str, float] = {}
        processor: dict[str, float] = {}
        for week in weeks:
            written, took, worked = write_all(people, week, snapshot, folder / "derived")
            texts = {b.manager.regions[0]: to_markdown(b) for b in written}
            seconds[week.name] = round(took, 1)
            processor[week.name] = round(worked, 1)
            empty += filler(written)
            for event in events:
                if event.kind in AT_ONCE and week.first <= event.day <= week.last:
                    planted[event.kind] += 1
                    if is_named(event, texts):
                        named[event.kind] += 1
                    else:
                        missed.append([week.name, event.kind, event.region, *event.words])
        found = {
            "weeks": seconds,
            "processor_seconds": processor,
            "load_average": os.getloadavg()[0],
            "managers": len(people),
            "planted": dict(planted),
            "named": dict(named),
            "missed": missed,
            "filler": empty,
        }
        if later:
            found["later"] = _later(events, people, snapshot, folder / "derived")
        return found


def _later(
    events: Sequence[Event], people: Sequence[Manager], snapshot: Snapshot, root: Path
) -> dict[str, str]:
    """Episodes of the last year, in the brief of eight weeks after they began."""
    since = snapshot.as_of - timedelta(days=365)
    named: Counter[str] = Counter()
    planted: Counter[str] = Counter()
    for event in events:
        week = week_of(event.day + timedelta(weeks=LATER_WEEKS))
        if event.kind not in LATER or event.day <= since or week.last > snapshot.as_of:
            continue
        who = [m for m in people if event.region in m.regions]
        written, _, _ = write_all(who, week, snapshot, root)
        planted[event.kind] += 1
        named[event.kind] += is_named(event, {str(event.region): to_markdown(written[0])})
    return {kind: f"{named[kind]} of {count}" for kind, count in planted.items()}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run everything, print a table, write JSON."""
    parser = argparse.ArgumentParser(description="briefs of the simulated channel")
    parser.add_argument("--seeds", type=int, nargs="*", default=[1, 2, 3, 4, 5])
    parser.add_argument("--kept", type=Path, help="folder with SEED/truth.json and SEED/data")
    parser.add_argument("--weeks", type=int, default=2, help="weeks with the most events")
    parser.add_argument("--later", action="store_true", help="also look eight weeks later")
    chosen = parser.parse_args(arguments)
    results: dict[str, Any] = {}
    rows: list[tuple[str, str, str]] = []
    planted: Counter[str] = Counter()
    named: Counter[str] = Counter()
    for seed in chosen.seeds:
        found = measured(seed, chosen.kept, chosen.weeks, later=chosen.later)
        results[f"channel {seed}"] = found
        planted.update(found["planted"])
        named.update(found["named"])
        slowest = max(found["weeks"].values())
        weeks = ", ".join(f"{week} {took:.0f} s" for week, took in found["weeks"].items())
        rows.append((f"channel {seed}: {found['managers']} managers", weeks, ""))
        shown = f"{slowest:.0f} s"
        rows.append(("  slowest week, all managers", shown, f"< {TOGETHER_S:.0f} s"))
        worked = f"{max(found['processor_seconds'].values()):.0f} s"
        rows.append((f"  its processor time (load {found['load_average']:.0f})", worked, ""))
        rows.append(("  filler", str(len(found["filler"])), "0"))
        rows += [
            (f"  {kind}, 8 weeks on", text, "") for kind, text in found.get("later", {}).items()
        ]
    for kind in AT_ONCE:
        rows.append((f"named in its week: {kind}", f"{named[kind]} of {planted[kind]}", "all"))
    report("Weekly briefs of the simulated channel", rows)
    print(write_results("briefs", {"results": results}))


if __name__ == "__main__":
    main()
