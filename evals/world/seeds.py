"""Random streams: one per subject, so that a new subject does not move the others."""

from __future__ import annotations

from zlib import crc32

import numpy as np


def stream(seed: int, subject: str) -> np.random.Generator:
    """The generator of one subject.

    It is the child that `SeedSequence(seed).spawn` would make under a key taken from the
    subject's name instead of a running number, so the order of subjects does not matter.
    """
    return np.random.default_rng(
        np.random.SeedSequence(entropy=seed, spawn_key=(crc32(subject.encode()),))
    )
