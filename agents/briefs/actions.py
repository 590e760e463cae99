"""Three things to do: what the other sections found, the most money first, different in kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from agents.briefs.desk import Finding, Line, Section

ACTIONS: Final = 3


def chosen(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """At most three: the heaviest of each kind first, then the heaviest of what is left."""
    ranked = sorted(findings, key=lambda f: (-f.weight, f.kind, f.template))
    first = {finding.kind: finding for finding in reversed(ranked)}
    firsts = [finding for finding in ranked if first[finding.kind] is finding]
    rest = [finding for finding in ranked if finding not in firsts]
    return tuple(sorted((firsts + rest)[:ACTIONS], key=lambda f: -f.weight))


def actions(sections: Sequence[Section]) -> Section:
    """The section that says what to do; left out where nothing was found."""
    findings = [finding for section in sections for finding in section.findings]
    lines = tuple(Line(finding.template) for finding in chosen(findings))
    return Section("actions", "本周行动", "Actions", lines)
