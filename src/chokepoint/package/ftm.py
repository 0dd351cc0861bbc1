"""Claims as FollowTheMoney entities, one JSON object a line, as Aleph, OpenAleph and yente import them.

Source: FollowTheMoney model 4 (followthemoney.tech, "Model explorer"). Every entity of the atlas is an
entity of the schema that the vocabulary names for its kind. Every claim is one of its own too: a link is an
`UnknownLink`, an `Ownership` or a `Payment` where both ends are of the schemata that these ask for, or a
`Sanction`; a text is a `Note`. So each claim keeps its origin, period, belief, verdict and marking, which a
value of an FtM property cannot. What FtM tools match on stands in the entity's own properties besides.
The key `chokepoint`, which FtM tools pass over, holds the claim whole, for `collect`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR
from chokepoint.model.vocabulary import vocabulary
from chokepoint.package.sign import canonical_json
from chokepoint.package.whole import ends, whole
from chokepoint.values import wallet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from chokepoint.model.claim import Interval
    from chokepoint.package.parts import PackageClaim
    from chokepoint.package.privacy import Discretion

    Values = Mapping[str, Sequence[str]]

SIMULATED = "chokepoint:simulated"
_PARTIES = frozenset({"LegalEntity", "Person", "Organization"})
_ASSETS = frozenset({"Asset", "BankAccount"})
_EVERYWHERE = frozenset({"name", "alias", "description", "keywords", "notes", "publisher", "sourceUrl"})
_BESIDES = dict.fromkeys(_PARTIES, frozenset({"status", "idNumber"})) | {"Event": frozenset({"date"})}
_FORMS = {
    "date": re.compile(r"\d{4}(-\d{2}(-\d{2})?)?").fullmatch,
    "sourceUrl": re.compile(r"https?://[^\s/]+\S*", re.IGNORECASE).fullmatch,
}
_REACHED = {"email-addr": "email", "phone-number": "phone", "url": "website"}


def export_ftm(claims: Sequence[PackageClaim], discretion: Discretion) -> bytes:
    """The claims as JSON lines in UTF-8: first the things by id, then the claims by record.

    The order in which claims are given changes nothing.

    Args:
        claims: that the reader may have.
        discretion: who may be named; others are written under their pseudonym, their id made of it too.
    """
    told = sorted(claims, key=lambda claim: claim.record)
    things: dict[Entity, list[PackageClaim]] = defaultdict(list)
    for claim in told:
        for end in ends(claim, discretion):
            if isinstance(end, Entity):
                things[end].append(claim)
    lines = [
        *(_thing(one, things[one], discretion) for one in sorted(things, key=lambda one: one.id)),
        *(_claim(claim, discretion) for claim in told),
    ]
    return b"".join(canonical_json(line) + b"\n" for line in lines)


def _line(name: str, schema: str, properties: Values, **more: Any) -> dict[str, Any]:
    """One entity, the values of each property once and in order."""
    kept = {key: list(dict.fromkeys(filter(None, values))) for key, values in properties.items()}
    filled = {key: values for key, values in kept.items() if values}
    return {"id": name, "schema": schema, "properties": filled, "datasets": ["chokepoint"], **more}


def _schema(entity: Entity) -> str:
    return vocabulary().kind(entity.kind).ftm


def _thing(entity: Entity, claims: Sequence[PackageClaim], discretion: Discretion) -> dict[str, Any]:
    """An entity with what FtM tools match on, and whether a simulated vote stands behind any of it."""
    properties: dict[str, list[str]] = defaultdict(list)
    for name, value in _identifying(entity):
        properties[name].append(value)
    if entity.kind in _REACHED and _schema(entity) == "UserAccount" and discretion.may_name(entity):
        properties[_REACHED[entity.kind]].append(entity.value)
    properties["keywords"].append(entity.kind)
    marking = CLEAR
    for claim in claims:
        marking = marking.join(claim.marking)
        subject, thing = ends(claim, discretion)
        if subject == entity:
            for name, value in _inline(entity, claim, thing, discretion):
                properties[name].append(value)
        if claim.watermarked:
            properties["keywords"].append(SIMULATED)
    properties["keywords"].append(marking.tlp.label)
    return _line(entity.id, _schema(entity), properties)


def _identifying(entity: Entity) -> Iterator[tuple[str, str]]:
    """The properties that say which thing it is, the name first."""
    schema, value = _schema(entity), entity.value
    head, mark, rest = value.partition(":")
    yield "name", value
    if schema == "UserAccount":
        platform = mark and entity.kind in ("user-account", "payment-handle")
        yield "username", rest if platform else value
        yield "service", head if platform else vocabulary().kind(entity.kind).label
    elif schema == "CryptoWallet":
        yield "publicKey", value
        yield "currency", next(iter(wallet.assets(value)), "")
    elif schema == "BankAccount":
        yield ("iban", rest) if head == "iban" else ("accountNumber", value)
    elif schema == "Address":
        yield "full", value
    elif schema == "Territory":
        yield "territoryCode", value
        yield "country", value


def _inline(
    entity: Entity, claim: PackageClaim, thing: Entity | str, discretion: Discretion
) -> Iterator[tuple[str, str]]:
    """What of a claim stands in its subject's own properties."""
    schema = _schema(entity)
    if isinstance(thing, str):
        word = vocabulary().property(claim.property)
        fits = word.ftm in _EVERYWHERE | _BESIDES.get(schema, frozenset())
        formed = word.ftm not in _FORMS or bool(_FORMS[word.ftm](thing))
        fitting = fits and formed and word.ftm != "notes"
        yield (word.ftm, thing) if fitting else ("notes", f"{word.label}: {thing}")
    elif claim.property == "located-in" and thing.kind == "country":
        yield "country", thing.value
    elif schema in _PARTIES and claim.property in ("contact", "website") and thing.kind in _REACHED:
        shown = isinstance(claim.object, Entity) and discretion.may_name(claim.object)
        yield _REACHED[thing.kind], thing.value if shown else ""


def _claim(claim: PackageClaim, discretion: Discretion) -> dict[str, Any]:
    """The claim as an entity of its own, under its record's id."""
    subject, thing = ends(claim, discretion)
    label = vocabulary().property(claim.property).label
    told = {"summary": [_told(claim)], "publisher": [claim.origin]}
    evidence = f"{claim.place} of capture {claim.capture}"
    if isinstance(thing, str):
        schema = "Note"
        said: dict[str, Sequence[str]] = {"entity": [subject.id], "name": [label], "description": [thing]}
        told["notes"] = [evidence]
    else:
        schema, said = _joined(subject, claim, thing)
        start, end = _days(claim.observed)
        said |= {"startDate": [start], "endDate": [end]}
        told |= {"description": [evidence], "recordId": [claim.record]}
    return _line(claim.record, schema, {**said, **told}, chokepoint=whole(claim, discretion))


def _joined(subject: Entity, claim: PackageClaim, thing: Entity) -> tuple[str, dict[str, Sequence[str]]]:
    """The schema of a link and its ends; an `UnknownLink` wherever an end is none that another may have."""
    label = vocabulary().property(claim.property)
    schema, kinds = label.ftm, (_schema(subject), _schema(thing))
    if schema == "Sanction":
        return schema, {"entity": [subject.id], "authority": [thing.value]}
    if schema == "Ownership" and kinds[0] in _ASSETS and kinds[1] in _PARTIES:
        return schema, {"owner": [thing.id], "asset": [subject.id], "role": [label.label]}
    if schema == "Payment" and _PARTIES.issuperset(kinds):
        return schema, {"payer": [subject.id], "beneficiary": [thing.id], "purpose": [label.label]}
    return "UnknownLink", {"subject": [subject.id], "object": [thing.id], "role": [label.label]}


def _told(claim: PackageClaim) -> str:
    """How sure it is and who may see it, in one line."""
    mark = " (SIMULATED)" if claim.watermarked else ""
    return (
        f"{claim.verdict}{mark}, belief {claim.belief:.2f}; grade {claim.grading}; {claim.nature.value}; "
        f"{claim.marking.tlp.label}"
    )


def _days(observed: Interval | None) -> tuple[str, str]:
    """First and last day of a half-open interval, as precise as its source: `2016` for a year.

    >>> _days(None)
    ('', '')
    """
    if observed is None:
        return "", ""
    return observed.days
