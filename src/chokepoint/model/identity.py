"""Entities: the nodes that claims speak of."""

from __future__ import annotations

import hashlib
from typing import NamedTuple


class Entity(NamedTuple):
    """A node, named by its kind in the vocabulary and its normalised value.

    A named tuple because millions are made while collecting; `value` is always the
    normal form that `chokepoint.values` gives, never the text as it was found.
    """

    kind: str
    value: str

    @property
    def id(self) -> str:
        """A stable public identifier, equal in every atlas that knows the same identifier."""
        return entity_id(self.kind, self.value)

    def __str__(self) -> str:
        """The entity as it is written on the command line: `kind:value`."""
        return f"{self.kind}:{self.value}"


def entity_id(kind: str, value: str) -> str:
    """`kind--` and 128 bits of SHA-256 over kind and value, in hexadecimal.

    >>> entity_id("domain-name", "evil.com")[:13]
    'domain-name--'
    """
    digest = hashlib.sha256(f"{kind}\x1f{value}".encode("utf-8", "surrogatepass")).hexdigest()
    return f"{kind}--{digest[:32]}"
