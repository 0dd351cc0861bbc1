"""Which Maltego entity type a kind becomes and the other way, and our own types for kinds that Maltego lacks.

Source: entity definitions of the Maltego client (maltego-trx, canari); `.entity` files as in `.mtz` archives.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import quoteattr

from chokepoint.model.vocabulary import vocabulary
from chokepoint.values.platforms import by_name
from chokepoint.values.tables import table

if TYPE_CHECKING:
    from collections.abc import Iterable


class MaltegoType(NamedTuple):
    """A Maltego entity type with the name and label of its main property."""

    name: str
    main: str
    label: str


_WALLET = "properties.cryptocurrencyaddress"


@cache
def standard() -> dict[str, MaltegoType]:
    """Maltego's own type of each kind that has one."""
    return {kind: MaltegoType(*entry) for kind, entry in table("mtgx/types")["written"].items()}


def own_types(kinds: Iterable[str]) -> list[str]:
    """Those kinds, sorted, for which Maltego has no type, so that a graph must define ours."""
    return sorted(set(kinds) - standard().keys())


def kind_of(name: str) -> str:
    """The kind of a Maltego type's entities, `user-account:<platform>` for affiliations; empty if unknown.

    >>> kind_of("maltego.DNSName"), kind_of("maltego.affiliation.Twitter"), kind_of("chokepoint.Group")
    ('domain-name', 'user-account:twitter', 'group')
    """
    room, _, last = name.rpartition(".")
    if room == "maltego.affiliation":
        return f"user-account:{last.lower()}" if last.lower() in by_name() else "persona"
    found = _kinds().get(name, "")
    return table("mtgx/types")["read"].get(last, found) if room.startswith("maltego") else found


@cache
def _kinds() -> dict[str, str]:
    """Kinds by the type that each is written as; of two kinds with one type, the first."""
    found: dict[str, str] = {}
    for kind in (*standard(), *vocabulary().kinds):
        found.setdefault(type_of(kind).name, kind)
    return found


def type_of(kind: str, value: str = "") -> MaltegoType:
    """The type that an entity is written as: Maltego's where it has one, else ours (`chokepoint.<Kind>`)."""
    if kind == "crypto-address" and value.startswith(("1", "3", "bc1")):
        return MaltegoType("maltego.BTCAddress", _WALLET, "Cryptocurrency Address")
    if kind == "crypto-address" and value.startswith("0x"):
        return MaltegoType("maltego.ETHAddress", _WALLET, "Cryptocurrency Address")
    if kind in standard():
        return standard()[kind]
    name = "".join(part.capitalize() for part in kind.split("-"))
    return MaltegoType(f"chokepoint.{name}", f"properties.{name.lower()}", vocabulary().kind(kind).label)


def definition(kind: str) -> tuple[str, str]:
    """File name and content that define one of our types, so that Maltego can offer to import it."""
    made = type_of(kind)
    label = quoteattr(made.label)
    main = quoteattr(made.main)
    text = f"""<MaltegoEntity id={quoteattr(made.name)} displayName={label} displayNamePlural={label} \
description={quoteattr(f"{made.label}, as Chokepoint records it")} category="Chokepoint" \
smallIconResource="General/Entity" largeIconResource="General/Entity" allowedRoot="true" \
conversionOrder="2147483647" visible="true">
 <BaseEntities><BaseEntity>maltego.Phrase</BaseEntity></BaseEntities>
 <Properties value={main} displayValue={main}>
  <Groups/>
  <Fields>
   <Field name={main} type="string" nullable="true" hidden="false" readonly="false" description="" \
displayName={label}>
    <SampleValue>-</SampleValue>
   </Field>
  </Fields>
 </Properties>
</MaltegoEntity>
"""
    return f"Entities/{made.name}.entity", text
