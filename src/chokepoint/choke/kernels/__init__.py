"""Compiled inner loops (numba, cached on disk). Import these modules inside functions only."""

from __future__ import annotations

import hashlib
from pathlib import Path

from numba import config

_HERE = Path(__file__).parent


def _edition() -> str:
    """Names the sources of all kernels as they are: sizes and times of change."""
    marks = sorted((one.name, one.stat().st_size, one.stat().st_mtime_ns) for one in _HERE.glob("*.py"))
    return hashlib.sha256(repr(marks).encode()).hexdigest()[:16]


def _cache() -> None:
    """Keep what is compiled apart for each edition of the sources.

    numba compiles a kernel anew when its own file has changed, and not when a kernel that it calls has: after
    an update it would go on with the old one's code. Where the sources lie in a folder that may not be
    written, numba's own place stays, which is the user's.
    """
    place = _HERE / "__pycache__" / _edition()
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError:
        return
    vars(config)["CACHE_DIR"] = str(place)  # numba makes its settings at import, unseen by type checkers


if not vars(config)["CACHE_DIR"]:
    _cache()
