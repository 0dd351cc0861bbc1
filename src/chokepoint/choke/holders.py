"""Who holds the lever on an identifier, and where levers concentrate.

Where the claims hold no value chain from victim to cash-out there is still a structural question with
an answer that can be acted on: of an actor's identifiers that were seen alive lately, which share
depends on one named lever-holder? The measure is the *lever concentration*: the share of live
identifiers under the holder, discounted by their regrowth over the horizon. It is structural only; it
says nothing about money.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from chokepoint.model.vocabulary import vocabulary
from chokepoint.values.mailboxes import providers
from chokepoint.values.tables import table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chokepoint.choke.times import Times
    from chokepoint.model.identity import Entity

MEASURE = "lever concentration"
PRESERVE = {
    "domain-name": "the registration, payment and log-in records of the registrant's account and the zone",
    "user-account": "the log-in records, messages and linked numbers of the account",
    "email-addr": "the log-in records and contents of the mailbox",
    "crypto-address": "the deposits, the identity papers and the log-in records behind the address",
    "bank-account": "the opening papers, log-in records and movements of the account",
    "payment-handle": "the opening papers, log-in records and movements of the account",
    "organisation": "the identity papers, log-in records and movements of the account",
    "service": "the identity papers, log-in records and movements of the account",
}
OTHER_RECORDS = "what is hosted there and its logs"
HOWS = {
    "domain-name": "suspend the listed domains and the registrations of the same accounts",
    "user-account": "close the listed accounts and preserve their log-in records",
    "email-addr": "close the listed mailboxes and preserve their log-in records",
}
STAGES = ((7, 0.25), (30, 0.25), (90, 0.25), (365, 0.25))


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Somebody who can act on an identifier.

    Attributes:
        name: the organisation, with its country.
        mode: cooperation for shared services; the request is about the identifier, never the service.
        how: what is asked of them, in words.
    """

    name: str
    mode: str
    how: str

    @property
    def jurisdictions(self) -> tuple[str, ...]:
        """Countries of the holder, as its name gives them: ISO 3166-1 alpha-2, none where none is named."""
        _, _, tail = self.name.rpartition("(")
        return tuple(tail.rstrip(")").split("/")) if tail != self.name else ()


class Live(NamedTuple):
    """An identifier of an actor with its last evidence of life; a named tuple, because a map has thousands.

    Attributes:
        entity: the identifier.
        actor: label of the actor or campaign that it indicates.
        last_seen: days since 1970-01-01.
        belief: that it belongs to the actor, 0–1.
        handle: the caller's number of the statement, to find the claims again.
    """

    entity: Entity
    actor: str
    last_seen: int
    belief: float
    handle: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Concentration:
    """One lever: an actor's live identifiers under one holder.

    Attributes:
        actor: whose identifiers.
        holder: who can act.
        kind: of the identifiers.
        count: identifiers under the holder.
        total: the actor's live identifiers of that kind.
        share: expected share of the actor's live identifiers that the lever reaches, 0–1.
        lasting: the share still gone on average over the horizon, 0–1, after regrowth.
        cost: in units of one registrar takedown.
        last_seen: newest evidence of life under the lever, days since 1970-01-01.
        regrown: share regrown by each stage, as (day, share).
        handles: the callers' statement numbers, newest evidence first.
        lead_days: from the request to its effect, as the vocabulary has it for the kind.
        if_faster, if_slower: `lasting` when everything is replaced twice as fast, or half as fast.
    """

    actor: str
    holder: Holder
    kind: str
    count: int
    total: int
    share: float
    lasting: float
    cost: float
    last_seen: int
    regrown: tuple[tuple[int, float], ...]
    handles: tuple[int, ...]
    lead_days: float = 0.0
    if_faster: float = 0.0
    if_slower: float = 0.0


@cache
def _tables() -> tuple[dict[str, str], dict[str, str]]:
    tables = table("holders", "choke")
    by_tld = {tld: name for name, tlds in tables["registries"].items() for tld in tlds}
    return by_tld, dict(tables["platforms"])


def holder_of(entity: Entity) -> Holder | None:
    """The named holder of a lever on the identifier; None where nobody is known by name.

    >>> holder_of(Entity("domain-name", "evil.cc")).name
    'Verisign (US)'
    """
    registries, platforms = _tables()
    if entity.kind == "domain-name":
        name = registries.get(entity.value.rpartition(".")[2])
    elif entity.kind == "user-account":
        name = platforms.get(entity.value.partition(":")[0])
    elif entity.kind == "email-addr":
        name = providers().get(entity.value.rpartition("@")[2])
    else:
        return None
    return _cooperating(name, entity.kind) if name else None


@cache
def _cooperating(name: str, kind: str) -> Holder:
    """Of the few names of the tables, for the few kinds of `HOWS`."""
    return Holder(name=name, mode="cooperation", how=HOWS[kind])


def regrowth(
    kind: str,
    stages: Sequence[tuple[int, float]] = STAGES,
    *,
    stretch: float = 1.0,
    times: Times | None = None,
) -> tuple[tuple[int, float], ...]:
    """Share of a hit identifier's function that is back by each stage's day, 0–1.

    The time to replace is log-normal with the median and spread that `times` or else the vocabulary gives;
    `stretch` multiplies the median, to ask what if replacement were slower (above 1) or quicker.
    """
    median, spread = (times or {}).get(kind) or vocabulary().kind(kind).replace_days
    middle = median * stretch
    return tuple(
        (day, 0.5 * (1.0 + math.erf(math.log(day / middle) / (spread * math.sqrt(2.0))))) for day, _ in stages
    )


def kept(
    kind: str,
    stages: Sequence[tuple[int, float]] = STAGES,
    *,
    stretch: float = 1.0,
    times: Times | None = None,
) -> float:
    """Share of a hit identifier's function still gone on the weighted average of the stages, 0–1."""
    back = regrowth(kind, stages, stretch=stretch, times=times)
    total = sum(weight for _, weight in stages)
    return sum(weight * (1.0 - share) for (_, share), (_, weight) in zip(back, stages, strict=True)) / total


def lead_days(kind: str) -> float:
    """Days from a request to its effect for a kind, by the vocabulary's first lever; 0 where it has none."""
    levers = vocabulary().kind(kind).levers
    return levers[0].lead_days if levers else 0.0


def preserve_first(kind: str) -> str:
    """What is lost when a hit on the kind succeeds, and is therefore asked for before it."""
    return PRESERVE.get(kind, OTHER_RECORDS)


def concentrations(
    live: Iterable[Live],
    *,
    since: int,
    stages: Sequence[tuple[int, float]] = STAGES,
    times: Times | None = None,
) -> list[Concentration]:
    """All levers on identifiers seen since a day; first those that last and reach many.

    Ranked by `lasting` times the logarithm of 1 + `count`: of an actor with one live identifier any holder
    has the whole.

    Args:
        live: identifiers of actors; those without a named holder only count in the totals.
        since: days since 1970-01-01; older evidence is no evidence of life.
        stages: (day, weight) over which damage is averaged.
        times: days to replacement by kind where they are not the vocabulary's.
    """
    beliefs: dict[tuple[str, str], list[float]] = defaultdict(list)
    groups: dict[tuple[str, str, Holder], list[Live]] = defaultdict(list)
    for one in live:
        if one.last_seen < since:
            continue
        actor, kind = one.actor, one.entity.kind
        beliefs[actor, kind].append(one.belief)
        holder = holder_of(one.entity)
        if holder is not None:
            groups[actor, kind, holder].append(one)
    found = [
        _lever(members, holder, beliefs[actor, kind], stages=stages, times=times)
        for (actor, kind, holder), members in groups.items()
    ]
    return sorted(
        found, key=lambda lever: (-lever.lasting * math.log1p(lever.count), lever.actor, lever.holder.name)
    )


def _lever(
    members: list[Live],
    holder: Holder,
    beliefs: list[float],
    *,
    stages: Sequence[tuple[int, float]],
    times: Times | None,
) -> Concentration:
    """One holder's part of an actor's identifiers of a kind, of which all are believed so."""
    kind = members[0].entity.kind
    every = sum(beliefs)
    share = sum(one.belief for one in members) / every if every else 0.0
    newest = sorted(members, key=_newest_first)
    return Concentration(
        actor=members[0].actor, holder=holder, kind=kind, count=len(members), total=len(beliefs), share=share,
        lasting=share * kept(kind, stages, times=times), cost=1.0 + 0.01 * len(members),
        last_seen=newest[0].last_seen, regrown=regrowth(kind, stages, times=times),
        handles=tuple(one.handle for one in newest), lead_days=lead_days(kind),
        if_faster=share * kept(kind, stages, stretch=0.5, times=times),
        if_slower=share * kept(kind, stages, stretch=2.0, times=times),
    )  # fmt: skip


def _newest_first(one: Live) -> tuple[int, Entity]:
    return -one.last_seen, one.entity
