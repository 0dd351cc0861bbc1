"""Chokepoint, the open cybercrime atlas: claims in, choke points and provable packages out.

`chokepoint.api` has the verbs of the command line as functions over an `Atlas`.
"""

from importlib import import_module as _import

__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """The functions for programs, loaded when they are first asked for: `--help` needs none of them."""
    if name != "api":
        raise AttributeError(f"module 'chokepoint' has no attribute {name!r}")
    return _import("chokepoint.api")
