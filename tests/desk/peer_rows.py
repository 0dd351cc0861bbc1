"""The published leaks of peers, and which test replays which: `@peer("CVE-…")` above it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

ROWS = Path(__file__).parents[1] / "data" / "peers" / "peer_cves.csv"


def rows() -> list[dict[str, str]]:
    """The table as it was published, a dictionary a row."""
    with ROWS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def peer(number: str) -> pytest.MarkDecorator:
    """Says that a test does what the row of that number asks of our product."""
    return pytest.mark.peer(number)
