"""Words of foreign formats and what they mean here, from `formats.toml`."""

from __future__ import annotations

from typing import Any

from chokepoint.values.tables import table


def _tables() -> dict[str, Any]:
    return table("formats", "collect")


def words(name: str) -> tuple[str, ...]:
    """The words of a list, in its order."""
    return tuple(map(str, _tables()[name]))


def meanings(name: str) -> dict[str, str]:
    """Each word of a table with the meaning that it is listed under."""
    return {str(word): meaning for meaning, listed in _tables()[name].items() for word in listed}
