"""Maltego graphs (`.mtgx`): a zip of GraphML in Maltego's dialect with the entity types that it uses."""

from chokepoint.values.mtgx.archive import MtgxEntity, MtgxLink, write_mtgx
from chokepoint.values.mtgx.reading import is_mtgx, read_mtgx
from chokepoint.values.mtgx.types import definition, kind_of, own_types, type_of

CLAIM = "chokepoint.claim"
KIND = "chokepoint.kind"
VALUE = "chokepoint.value"

__all__ = [
    "CLAIM",
    "KIND",
    "VALUE",
    "MtgxEntity",
    "MtgxLink",
    "definition",
    "is_mtgx",
    "kind_of",
    "own_types",
    "read_mtgx",
    "type_of",
    "write_mtgx",
]
