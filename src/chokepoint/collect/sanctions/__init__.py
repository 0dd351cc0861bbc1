"""Sanctions lists as the authorities publish them: who is listed, under which names and identifiers."""

from __future__ import annotations

from chokepoint.collect.sanctions.collector import Sanctions

__all__ = ["Sanctions"]
