"""A map in a line a statement, for tests of the crime script: no ledger, no belief."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from chokepoint.choke.script import read_script
from chokepoint.model.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chokepoint.choke.script import Script

KINDS = tuple(sorted(vocabulary().kinds))
PROPERTIES = tuple(sorted(name for name, one in vocabulary().properties.items() if one.is_link))
SHORT = {
    "d": "domain-name", "w": "crypto-address", "o": "organisation", "c": "campaign", "h": "ipv4-addr",
    "m": "malware", "u": "user-account", "s": "service", "g": "group", "f": "file", "b": "bank-account",
    "a": "asset", "p": "person", "x": "castle",
}  # fmt: skip
"""First letters of names and the kinds that they stand for; the last is none of the vocabulary."""

Said = tuple[str, str, str]


class Map:
    """Nodes by name, in the order in which they come up."""

    def __init__(self, said: Sequence[Said], same: Mapping[str, str] | None = None) -> None:
        self.names = list(dict.fromkeys(name for left, _, right in said for name in (left, right)))
        at = {name: number for number, name in enumerate(self.names)}
        kinds = (*KINDS, "castle")
        self.snapshot: Any = SimpleNamespace(
            size=len(self.names),
            kind=np.array([kinds.index(SHORT[name[0]]) for name in self.names], np.int16),
            kind_names=kinds,
            property_names=PROPERTIES,
            cluster=np.array([at[(same or {}).get(name, name)] for name in self.names], np.int32),
            subject=np.array([at[left] for left, _, _ in said], np.int32),
            relation=np.array([PROPERTIES.index(name) for _, name, _ in said], np.int16),
            object=np.array([at[right] for _, _, right in said], np.int32),
        )

    def read(self, usable: Sequence[bool] | None = None, laundering: Sequence[str] = ()) -> Script:
        """The script of the statements that count."""
        count = len(self.snapshot.subject)
        mask = np.ones(count, np.bool_) if usable is None else np.array(usable, np.bool_)
        return read_script(self.snapshot, mask, [self.names.index(name) for name in laundering])

    def named(self, nodes: Any) -> set[str]:
        """Names of nodes."""
        return {self.names[int(node)] for node in nodes}

    def pairs(self, pairs: Any) -> set[tuple[str, str]]:
        """Pairs by name."""
        ends = zip(pairs.tail.tolist(), pairs.head.tolist(), strict=True)
        return {(self.names[tail], self.names[head]) for tail, head in ends}


def said(text: str) -> list[Said]:
    """`d1 requests-payment-to w1; w1 pays o1` as statements."""
    return [tuple(line.split()) for line in text.split(";") if line.strip()]  # type: ignore[misc]
