"""Which Maltego entity type a kind becomes, and the types of our own for kinds that Maltego lacks.

Source: entity definitions of the Maltego client (maltego-trx, canari); `.entity` files as in `.mtz` archives.
"""

from __future__ import annotations

from typing import NamedTuple
from xml.sax.saxutils import quoteattr

from chokepoint.model.vocabulary import vocabulary


class MaltegoType(NamedTuple):
    """A Maltego entity type with the name and label of its main property."""

    name: str
    main: str
    label: str


_WALLET = "properties.cryptocurrencyaddress"
STANDARD = {
    "domain-name": MaltegoType("maltego.Domain", "fqdn", "Domain Name"),
    "onion-service": MaltegoType("maltego.Domain", "fqdn", "Domain Name"),
    "url": MaltegoType("maltego.URL", "short-title", "Short title"),
    "ipv4-addr": MaltegoType("maltego.IPv4Address", "ipv4-address", "IP Address"),
    "ipv6-addr": MaltegoType("maltego.IPv6Address", "ipv6-address", "IP Address"),
    "autonomous-system": MaltegoType("maltego.AS", "as.number", "AS Number"),
    "email-addr": MaltegoType("maltego.EmailAddress", "email", "Email Address"),
    "phone-number": MaltegoType("maltego.PhoneNumber", "phonenumber", "Phone Number"),
    "user-account": MaltegoType("maltego.Alias", "alias", "Alias"),
    "persona": MaltegoType("maltego.Alias", "alias", "Alias"),
    "person": MaltegoType("maltego.Person", "person.fullname", "Full Name"),
    "organisation": MaltegoType("maltego.Organization", "title", "Name"),
    "file": MaltegoType("maltego.Hash", "properties.hash", "Hash"),
    "crypto-address": MaltegoType("maltego.CryptocurrencyAddress", _WALLET, "Cryptocurrency Address"),
    "crypto-transaction": MaltegoType(
        "maltego.CryptocurrencyTransaction",
        "properties.cryptocurrencytransaction",
        "Cryptocurrency Transaction",
    ),
    "tracking-id": MaltegoType("maltego.UniqueIdentifier", "properties.uniqueidentifier", "Uniqueidentifier"),
    "device": MaltegoType("maltego.Device", "properties.device", "Device"),
    "country": MaltegoType("maltego.Location", "location.name", "Name"),
    "site": MaltegoType("maltego.Location", "location.name", "Name"),
}


def type_of(kind: str, value: str = "") -> MaltegoType:
    """The type that an entity is written as: Maltego's where it has one, else ours (`chokepoint.<Kind>`)."""
    if kind == "crypto-address" and value.startswith(("1", "3", "bc1")):
        return MaltegoType("maltego.BTCAddress", _WALLET, "Cryptocurrency Address")
    if kind == "crypto-address" and value.startswith("0x"):
        return MaltegoType("maltego.ETHAddress", _WALLET, "Cryptocurrency Address")
    if kind in STANDARD:
        return STANDARD[kind]
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
