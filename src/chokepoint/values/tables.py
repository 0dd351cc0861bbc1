"""Tables that ship beside the code: words, forms and names that people correct without reading it."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any


@cache
def table(name: str, room: str = "values") -> dict[str, Any]:
    """The tables of a `.toml` file of a room, read once; `name` is its path there without the ending."""
    place = resources.files(f"chokepoint.{room}").joinpath(f"{name}.toml")
    return tomllib.loads(place.read_text("utf-8"))
