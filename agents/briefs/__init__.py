"""The weekly brief (周报): what changed and why, what comes, whom to act on, what to do.

Deterministic: sections are written over the tools' results, every figure is a slot that evidence
fills, and the verifier checks every line. The brief of a week knows nothing of later days.
"""
