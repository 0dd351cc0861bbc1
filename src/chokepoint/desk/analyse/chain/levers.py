"""Who can act on a thing by name: operators that its value tells of, and members that can."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chokepoint.choke.holders import Holder, holder_of
from chokepoint.choke.weave import Action
from chokepoint.model.member import Mode
from chokepoint.model.vocabulary import vocabulary
from chokepoint.values.registry import show
from chokepoint.values.wallet.address import assets

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chokepoint.model.identity import Entity
    from chokepoint.model.member import Member
    from chokepoint.model.vocabulary import Lever

GENTLE = frozenset({"notification", "cooperation"})
NEVER = frozenset({"arrest", "sanction"})
"""No plan holds them: the first is for investigators, the second for governments."""
EACH = 0.01
"""Cost of every further identifier in one request, in registrar takedowns."""
ASKED = "cooperation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Levers:
    """What can be done to whom, under the options of one question.

    Attributes:
        members: of the coalition, with their capabilities.
        closed: names (case-folded) of things and holders that are passed over.
        modes_out: modes that are not wanted.
        caps: jurisdictions with a cap; of a holder in several, a capped one counts.
    """

    members: Sequence[Member]
    closed: frozenset[str] = frozenset()
    modes_out: frozenset[str] = frozenset()
    caps: Mapping[str, float] | None = None

    def on(self, entity: Entity, *, count: int = 1, gentle: bool = False) -> tuple[Action, ...]:
        """The actions on a thing of so many identifiers; only gentle ones where it is a victim's."""
        if self.is_closed(entity):
            return ()
        found: list[Action] = []
        for at, lever in enumerate(vocabulary().kind(entity.kind).levers):
            if lever.mode in NEVER | self.modes_out or (gentle and lever.mode not in GENTLE):
                continue
            if lever.only and not set(lever.only) & set(assets(entity.value)):
                continue
            who = self._holders(entity, lever, first=at == 0)
            if who and all(lever.mode != one.mode for one in found):
                found.append(self._action(lever, who, count))
        return tuple(found)

    def asked(self, holder: Entity, country: str) -> tuple[Action, ...]:
        """What a named company can be asked to do about one account with it."""
        name = show(holder)
        if self.is_closed(holder) or ASKED in self.modes_out:
            return ()
        lever = next(one for one in vocabulary().kind("crypto-address").levers if one.mode == ASKED)
        return (self._action(lever, [(name, (country.upper(),) if country else ())], 1),)

    def is_closed(self, entity: Entity) -> bool:
        """Whether it is passed over, for whatever reason."""
        names = (show(entity), entity.value, str(entity))
        return any(name.casefold() in self.closed for name in names)

    def _holders(self, entity: Entity, lever: Lever, *, first: bool) -> list[tuple[str, tuple[str, ...]]]:
        """Names and jurisdictions; the operator holds the first lever of the kind."""
        named: Holder | None = holder_of(entity) if first else None
        found = [(named.name, named.jurisdictions)] if named else []
        found += [
            (one.name, (one.country.upper(),) if one.country else ())
            for one in self.members if one.pulls(Mode(lever.mode), entity.kind)
        ]  # fmt: skip
        return [holder for holder in found if holder[0].casefold() not in self.closed]

    def _action(self, lever: Lever, who: list[tuple[str, tuple[str, ...]]], count: int) -> Action:
        effect = vocabulary().modes[lever.mode]
        laws = who[0][1]
        capped = [law for law in laws if law in (self.caps or {})]
        return Action(
            mode=lever.mode,
            who=tuple(name for name, _ in who),
            jurisdiction=next(iter(capped or laws), ""),
            cost=lever.cost * (1.0 + EACH * (count - 1)),
            collateral=effect.collateral * count,
            success=effect.success,
            lead_days=lever.lead_days,
        )
