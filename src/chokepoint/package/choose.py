"""Which claims may go to whom: by marking, by verdict, and by the rules on natural persons."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chokepoint.model.handling import has, meaning
from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR, Marking, Tlp, Viewer, may_see
from chokepoint.package.parts import Refusal
from chokepoint.package.privacy import NOBODY, discretion, places_a_person, tells_of_a_person

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from chokepoint.package.findings import Finding
    from chokepoint.package.parts import PackageClaim
    from chokepoint.package.privacy import Discretion, Minimised


CLAIM, CASE = "claim", "case"
"""As which a flag names a single claim, by its record id, and a whole case, beside the kinds of entities."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """For whom a package is made.

    Attributes:
        organisations: the recipients; none means the public, for whom only TLP:CLEAR is fit.
        readers: the same as viewers, with the circles that they are in; without them only names count.
        sender: whose own copy is no passing on.
        judicial: whether it is for use in judicial proceedings.
        acknowledged: whether somebody has read and accepted the providers' own restrictions (H3).
        withheld: entities, claims and cases that a veto or a safety flag keeps out of every package.
        minimised: whom their role, or their owner's, keeps out of sight.
        released: natural persons whose name a named human of the sender's released.
        at_most: the strictest label that the package may carry.
        verdicts: which statements may go in.
    """

    organisations: frozenset[str] = frozenset()
    readers: frozenset[Viewer] = frozenset()
    sender: str = ""
    judicial: bool = False
    acknowledged: bool = False
    withheld: frozenset[Entity] = frozenset()
    minimised: Minimised = NOBODY
    released: frozenset[Entity] = frozenset()
    at_most: Tlp = Tlp.RED
    verdicts: frozenset[str] = frozenset({"accepted"})

    @property
    def public(self) -> bool:
        """Whether the edition is open to all."""
        return not self.organisations or self.at_most is Tlp.CLEAR

    def discreet(self, claims: Iterable[PackageClaim]) -> Discretion:
        """What may be shown of these claims to this audience."""
        return discretion(
            claims,
            open_edition=self.public,
            released=self.released,
            minimised=self.minimised,
            withheld=self.withheld,
        )

    def permits(self, claim: PackageClaim) -> bool:
        """Whether every recipient may see the claim, and its label is not above the package's."""
        if claim.marking.tlp > (Tlp.CLEAR if self.public else self.at_most):
            return False
        readers = self.viewers or [Viewer(organisation="")]
        return all(may_see(one, claim.marking, claim.owner or claim.contributor) for one in readers)

    @property
    def viewers(self) -> list[Viewer]:
        """The recipients as viewers, in the order of their names."""
        known = {one.organisation: one for one in self.readers}
        return [known.get(name, Viewer(organisation=name)) for name in sorted(self.organisations)]

    def bound(self, claim: PackageClaim) -> str:
        """Why a veto, a safety flag, a vote or a handling code keeps the claim out; empty where none does.

        Its provider's permission to pass on (H2) is that the provider itself named the recipient.
        """
        spoken_of = {claim.subject, claim.object, Entity(CLAIM, claim.record)}
        spoken_of |= {Entity(CASE, name) for name in claim.marking.cases}
        if not self.withheld.isdisjoint(spoken_of):
            return "it is withheld, for somebody's safety or by an overseer's veto"
        if claim.restrained:
            return "an organisation that vetted it says that it must not be disclosed"
        codes = claim.marking.handling
        owner, told = claim.owner or claim.contributor, claim.contributor or "its contributor"
        others = [one for one in self.viewers if one.organisation not in (self.sender, owner)]
        unnamed = [one for one in others if one.names.isdisjoint(claim.marking.audience)]
        if has(codes, "H2") and (self.public or unnamed):
            return f"{meaning('H2')}: {told} named no such recipient"
        if has(codes, "H1") and self.judicial and owner != self.sender:
            return f"{meaning('H1')}: ask {told}"
        if has(codes, "H3") and not self.acknowledged:
            return "; ".join(sorted(one for one in codes if has([one], "H3")))
        return ""


def choose(
    claims: Sequence[PackageClaim], audience: Audience
) -> tuple[tuple[PackageClaim, ...], tuple[Refusal, ...]]:
    """The claims that may go, in the order given, and a refusal with its rule for each that may not.

    Refusals are for the sender: a recipient must not learn how much there is that they may not see.
    """
    discreet = audience.discreet(claims)
    chosen: list[PackageClaim] = []
    refused: list[Refusal] = []
    for claim in claims:
        refusal = _refusal(claim, audience, discreet)
        if refusal:
            refused.append(refusal)
        else:
            chosen.append(claim)
    return tuple(chosen), tuple(refused)


def _refusal(claim: PackageClaim, audience: Audience, discreet: Discretion) -> Refusal | None:
    if not audience.permits(claim):
        return Refusal(
            what=claim.record,
            rule="marking",
            reason=f"{claim.marking.tlp.label} may not go to every recipient of this package",
        )
    if reason := audience.bound(claim):
        return Refusal(what=claim.record, rule="handling", reason=reason)
    if claim.verdict not in audience.verdicts:
        return Refusal(what=claim.record, rule="verdict", reason=f"its statement is {claim.verdict}")
    ends = (claim.subject, claim.object) if isinstance(claim.object, Entity) else (claim.subject,)
    if audience.public and places_a_person(claim):
        return Refusal(
            what=claim.record, rule="home", reason="an open edition never says where somebody lives"
        )
    private = isinstance(claim.object, str) and tells_of_a_person(claim, discreet)
    if audience.public and (private or not all(discreet.may_name(end) for end in ends)):
        return Refusal(
            what=claim.record, rule="person", reason="an open edition holds no private person's data"
        )
    return None


def strictest(markings: Iterable[Marking]) -> Marking:
    """The join of all markings; CLEAR of none."""
    joined = CLEAR
    for marking in markings:
        joined = joined.join(marking)
    return joined


def fit_for(finding: Finding, audience: Audience) -> Finding:
    """The finding as the audience may have it: an open edition holds no plans (DESIGN §9)."""
    if not audience.public:
        return finding
    note = "The plan of action is withheld from this TLP:CLEAR edition." if finding.plan else ""
    return replace(
        finding,
        plan=(),
        curve=None,
        chain=None,
        sensitivity=(),
        explanation=() if finding.plan else finding.explanation,
        title="Findings of this map" if finding.plan else finding.title,
        warnings=(*finding.warnings, note) if note else finding.warnings,
        marking=CLEAR,
    )
