"""The vocabulary: kinds of entities and properties, read from `vocabulary.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from chokepoint.model.errors import NotValidError
from chokepoint.model.said import Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """A way in which somebody can act on an entity of a kind.

    Attributes:
        mode: takedown, seizure, freeze, arrest, sanction, notification or cooperation.
        by: who pulls it, in words.
        sector: the sector of a member that can.
        lead_days: days from decision to effect.
        cost: in units of one registrar takedown.
        only: crypto-asset codes to which the lever is limited; empty means all.
    """

    mode: str
    by: str
    sector: str
    lead_days: float
    cost: float
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of entity; see the head of `vocabulary.toml` for each field."""

    name: str
    label: str
    stix: str
    icon: str
    family: str
    personal: bool = False
    shared: bool = False
    reassigned: bool = False
    phase: str = ""
    replace_days: tuple[float, float] = (30.0, 1.0)
    replace_source: str = ""
    levers: tuple[Lever, ...] = ()
    ftm: str = "Asset"


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """An attribute or a link type; see `vocabulary.toml` for each field."""

    name: str
    label: str
    kind: str
    reverse: str = ""
    joins: bool = True
    loose: bool = False
    flow: str = ""
    stix: str = ""
    ftm: str = ""
    single: bool = False
    chain: str = ""

    @property
    def is_link(self) -> bool:
        """Whether the object is an entity."""
        return self.kind == "link"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a way to act does: probability that it works, and collateral a target (registrar takedown = 1)."""

    success: float
    collateral: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainWords:
    """Which words place things in a value chain; see `[chain]` in `vocabulary.toml`."""

    cash_out: tuple[str, ...]
    laundering: tuple[str, ...]
    coerced: tuple[str, ...]
    amounts: tuple[str, ...]
    prior: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """All kinds and properties by name, the phases of the crime script in order, and how modes fare."""

    kinds: dict[str, Kind]
    properties: dict[str, Property]
    phases: tuple[str, ...]
    chain: ChainWords
    modes: dict[str, Effect]

    def kind(self, name: str) -> Kind:
        """The kind of that name.

        Raises:
            NotValidError: the vocabulary has none.
        """
        try:
            return self.kinds[name]
        except KeyError:
            raise NotValidError(
                Said("unknown kind {name!r}", name=name[:60]),
                mend=Said("use one of {names}", names=", ".join(self.kinds)),
            ) from None

    def property(self, name: str) -> Property:
        """The property of that name.

        Raises:
            NotValidError: the vocabulary has none.
        """
        try:
            return self.properties[name]
        except KeyError:
            raise NotValidError(
                Said("unknown property {name!r}", name=name[:60]),
                mend=Said("use one of {names}", names=", ".join(self.properties)),
            ) from None


def _kind(name: str, table: dict[str, Any]) -> Kind:
    levers = tuple(
        Lever(**{**lever, "only": tuple(lever.get("only", ()))}) for lever in table.pop("levers", ())
    )
    if "replace_days" in table:
        median, spread = table.pop("replace_days")
        table["replace_days"] = (float(median), float(spread))
    return Kind(name=name, levers=levers, **table)


def _chain(table: dict[str, Any]) -> ChainWords:
    prior = float(table.pop("prior"))
    return ChainWords(**{name: tuple(words) for name, words in table.items()}, prior=prior)


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary that ships with this version; read once."""
    text = resources.files("chokepoint.model").joinpath("vocabulary.toml").read_text("utf-8")
    tables = tomllib.loads(text)
    return Vocabulary(
        kinds={name: _kind(name, dict(table)) for name, table in tables["kind"].items()},
        properties={name: Property(name=name, **table) for name, table in tables["property"].items()},
        phases=tuple(tables["phases"]["order"]),
        chain=_chain(tables["chain"]),
        modes={name: Effect(**table) for name, table in tables["mode"].items()},
    )
