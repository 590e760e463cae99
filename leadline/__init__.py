"""The kernel: settings, errors, types, clock, access, evidence, database, retry.

Nothing here knows about partners, questions or files; every other package may import it, and it
imports none of them.
"""

__version__ = "0.1.0"
