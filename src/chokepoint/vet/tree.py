"""Policies as trees of plain values: how a file, a record and a package write them, and how they are read.

A node is a table with one of these keys (`at-least` goes with `of`, `property` with `otherwise`):

    all = [NODE, …]                    every part holds
    any = [NODE, …]                    one part holds
    at-least = N, of = [NODE, …]       N parts hold
    property = {NAME = NODE, …}, otherwise = NODE
    confirmations = N                  independent organisations that confirm
    sectors = N                        distinct sectors of those
    origins = N                        independent root publishers
    belief = 0.001 to 0.999            a number or its decimal text
    evidence = "fact"                  seen, not only concluded
    source = "A" to "E"                the reliability of the best source, Admiralty Code
    undisputed = true, about-crime = true
    policy = NAME                      one of `chokepoint.vet.policy.NAMED`

Whatever a tree says, nothing is accepted in spite of an unresolved dispute, or of somebody's word that it is
not about crime; nor without the confirmation of `FEWEST` organisations.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, cast

import numpy as np

from chokepoint.model.errors import BadInputError, RefusedError, TooLargeError
from chokepoint.vet.policy import (
    NAMED,
    SOURCES,
    AboutCrime,
    AllOf,
    AnyOf,
    ByProperty,
    Composed,
    Confirmations,
    DistinctSectors,
    IndependentOrigins,
    MinBelief,
    NoUnresolvedDispute,
    SourceAtLeast,
    StatedAsFact,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from typing import Any

    from chokepoint.vet.policy import Flags, Policy, Tally

    Form = dict[str, Any]

FEWEST = 2
"""Organisations without whose confirmation no policy accepts anything."""
DEEPEST = 8
"""Nodes within nodes; what is `otherwise` lies as deep as its table."""
MOST = 200
"""Leaves of a tree, named policies counted by their own."""
HIGHEST = 1_000
NEVER = 1_000_000
MILLE = 1_000
GUARDS: tuple[Policy, ...] = (NoUnresolvedDispute(), AboutCrime())


@dataclass(frozen=True, slots=True)
class SomeOf(Composed):
    """At least so many parts hold, 1 to all of them."""

    least: int
    parts: tuple[Policy, ...]

    def holds(self, tally: Tally) -> Flags:
        """A flag a statement, (S,)."""
        held: Flags = np.sum([part.holds(tally) for part in self.parts], axis=0) >= self.least
        return held

    def __str__(self) -> str:
        """The rule in words."""
        return f"(at least {self.least} of: " + "; ".join(map(str, self.parts)) + ")"


NUMBERS: Mapping[str, Callable[[int], Policy]] = {
    "confirmations": Confirmations,
    "sectors": DistinctSectors,
    "origins": IndependentOrigins,
}
WORDS: Mapping[str, Mapping[object, Policy]] = {
    "evidence": {"fact": StatedAsFact()},
    "source": {letter: SourceAtLeast(letter) for letter in SOURCES},
    "policy": cast("Mapping[object, Policy]", NAMED),
}
GIVEN: Mapping[str, Policy] = {"undisputed": NoUnresolvedDispute(), "about-crime": AboutCrime()}
PAIRS = {"at-least": "of", "property": "otherwise"}
KEYS = ("all", "any", *PAIRS, "belief", *NUMBERS, *WORDS, *GIVEN)


def policy_of(form: object, *, place: str = "rule", known: Collection[str] | None = None) -> Policy:
    """The policy that a tree writes, with `GUARDS` where it does not ask for them itself.

    Args:
        form: the tree.
        place: where it stands, for errors.
        known: properties that it may name; None for any.

    Raises:
        BadInputError: a node that is none, or says something that cannot be asked.
        TooLargeError: more than `MOST` leaves, or deeper than `DEEPEST`.
        RefusedError: it accepts something that fewer than `FEWEST` organisations confirm.
    """
    try:
        rule = guarded(_node(form, place, DEEPEST, known))
        if leaves(rule) > MOST or deep(rule) > DEEPEST:
            raise _too_large(place)
    except RecursionError:
        raise _too_large(place) from None
    if fewest(rule) < FEWEST:
        raise RefusedError(
            f"it accepts what fewer than {FEWEST} organisations confirm",
            place=place,
            mend=f"ask in every branch for confirmations = {FEWEST} or more, or sectors",
        )
    return rule


def form_of(policy: Policy) -> Form:
    """The tree of a policy in canonical values, without floats; `policy_of` reads it as the same policy."""
    match policy:
        case AllOf(()) | AnyOf(()):
            return {"policy": "frozen"}
        case AllOf(parts):
            return {"all": list(map(form_of, parts))}
        case AnyOf(parts):
            return {"any": list(map(form_of, parts))}
        case SomeOf(least, parts):
            return {"at-least": least, "of": list(map(form_of, parts))}
        case ByProperty(names, special, otherwise):
            own = form_of(special)
            return {"property": dict.fromkeys(sorted(names), own), "otherwise": form_of(otherwise)}
    return _leaf_form(policy)


def _leaf_form(policy: Policy) -> Form:
    if isinstance(policy, MinBelief):
        return {"belief": f"{policy.least:.3f}"}
    if isinstance(policy, SourceAtLeast):
        return {"source": policy.letter}
    for key, one in GIVEN.items():
        if one == policy:
            return {key: True}
    for key, kind in NUMBERS.items():
        if isinstance(policy, cast("type", kind)):
            return {key: cast("Confirmations", policy).least}
    return {"evidence": "fact"}


def guarded(rule: Policy) -> Policy:
    """The rule and those of `GUARDS` that it does not imply already."""
    lacking = tuple(guard for guard in GUARDS if not implies(rule, guard))
    if not lacking:
        return rule
    return AllOf((*(rule.parts if isinstance(rule, AllOf) else (rule,)), *lacking))


def implies(rule: Policy, leaf: Policy) -> bool:
    """Whether nothing is accepted by the rule that the leaf does not hold for, as its shape shows."""
    match rule:
        case AllOf(parts):
            return not parts or any(implies(part, leaf) for part in parts)
        case AnyOf(parts):
            return all(implies(part, leaf) for part in parts)
        case SomeOf(least, parts):
            return sum(not implies(part, leaf) for part in parts) < least
        case ByProperty(_, special, otherwise):
            return implies(special, leaf) and implies(otherwise, leaf)
    return rule == leaf


def fewest(rule: Policy) -> int:
    """How many organisations at least confirm whatever the rule accepts; `NEVER`: it accepts nothing."""
    match rule:
        case Confirmations(least) | DistinctSectors(least):
            return least
        case AllOf(parts):
            return max(map(fewest, parts), default=NEVER)
        case AnyOf(parts):
            return min(map(fewest, parts), default=NEVER)
        case SomeOf(least, parts):
            return sorted(map(fewest, parts))[least - 1]
        case ByProperty(_, special, otherwise):
            return min(fewest(special), fewest(otherwise))
    return 0


def leaves(rule: Policy) -> int:
    """How many leaves the tree of a policy has; a table's once for each property that it names."""
    match rule:
        case AllOf(parts) | AnyOf(parts) | SomeOf(_, parts):
            return sum(map(leaves, parts)) or 1
        case ByProperty(names, special, otherwise):
            return len(names) * leaves(special) + leaves(otherwise)
    return 1


def deep(rule: Policy) -> int:
    """How many nodes of a policy's tree lie within one another, 1 for a leaf."""
    match rule:
        case AllOf(parts) | AnyOf(parts) | SomeOf(_, parts):
            return 1 + max(map(deep, parts), default=0)
        case ByProperty(_, special, otherwise):
            return max(1 + deep(special), deep(otherwise))
    return 1


def wrong(place: str, reason: str, mend: str) -> BadInputError:
    """The error that a rule is none; operators alone read it, so no catalogue of the web desk's holds it."""
    return BadInputError(reason, place=place, mend=mend)


def _node(form: object, place: str, left: int, known: Collection[str] | None) -> Policy:
    if left < 1:
        raise _too_large(place)
    key, value, beside = _parts(form, place)
    at = f"{place}.{key}"
    if key in {"all", "any", "at-least"}:
        listed = beside if key == "at-least" else value
        parts = _list(listed, f"{place}.of" if key == "at-least" else at, left, known)
        if key == "at-least":
            return SomeOf(_number(value, at, len(parts)), parts)
        return AllOf(parts) if key == "all" else AnyOf(parts)
    if key == "property":
        return _table(value, beside, place, left=left, known=known)
    return _leaf(key, value, at)


def _parts(form: object, place: str) -> tuple[str, object, object]:
    """The key of a node, its value, and that of the key which goes with it."""
    if not isinstance(form, dict) or not form:
        raise wrong(place, "a rule is a table with one key", _choose())
    for key in form:
        if key not in KEYS and key not in PAIRS.values():
            raise wrong(place, f"{str(key)[:40]!r} is no rule", _choose())
    key = next((key for key in form if key in KEYS), "")
    wanted = {key, PAIRS[key]} if key in PAIRS else {key}
    if not key or set(form) != wanted:
        raise wrong(
            place,
            "these keys do not make one rule",
            "one key a table: put several into all = [{…}, {…}]; at-least goes with of, "
            "property with otherwise",
        )
    return key, form[key], form.get(PAIRS.get(key, ""))


def _list(value: object, place: str, left: int, known: Collection[str] | None) -> tuple[Policy, ...]:
    if not isinstance(value, list) or not value:
        raise wrong(place, "a list of rules is wanted, of one at least", "write [{…}, {…}]")
    if len(value) > MOST:
        raise _too_large(place)
    return tuple(_node(one, f"{place}[{at}]", left - 1, known) for at, one in enumerate(value))


def _table(
    value: object, otherwise: object, place: str, *, left: int, known: Collection[str] | None
) -> Policy:
    at = f"{place}.property"
    if not isinstance(value, dict) or not value:
        raise wrong(at, "a table of rules by property is wanted", "write {NAME = {…}}")
    groups: dict[Policy, set[str]] = {}
    for name in sorted(map(str, value)):
        if known is not None and name not in known:
            raise wrong(
                at,
                f"no property is called {name[:60]!r}",
                "near it: " + (", ".join(get_close_matches(name[:60], known)) or "none, see docs/vetting.md"),
            )
        groups.setdefault(_node(value[name], f"{at}.{name}", left - 1, known), set()).add(name)
    rule = _node(otherwise, f"{place}.otherwise", left, known)
    for special, names in reversed(groups.items()):
        rule = ByProperty(frozenset(names), special, rule)
    return rule


def _leaf(key: str, value: object, place: str) -> Policy:
    if key in NUMBERS:
        return NUMBERS[key](_number(value, place, HIGHEST))
    if key == "belief":
        return MinBelief(_belief(value, place))
    if key in GIVEN:
        if value is not True:
            raise wrong(place, "it can only be asked for", "write true, or leave it out")
        return GIVEN[key]
    found = WORDS[key].get(value) if isinstance(value, str) else None
    if found is None:
        raise wrong(
            place, f"{str(value)[:40]!r} is none of them", "choose one of: " + ", ".join(map(str, WORDS[key]))
        )
    return found


def _number(value: object, place: str, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
        raise wrong(place, "a whole number is wanted", f"write 1 to {most}")
    return value


def _belief(value: object, place: str) -> float:
    try:
        number = float(value) if isinstance(value, (int, float, str)) and not isinstance(value, bool) else 0.0
    except (ValueError, OverflowError):
        number = 0.0
    if not 0 < number < 1 or round(number * MILLE) / MILLE != number:
        raise wrong(place, "a belief is wanted, in thousandths", "write 0.001 to 0.999, such as 0.95")
    return number


def _choose() -> str:
    return "choose one of: " + ", ".join(KEYS)


def _too_large(place: str) -> TooLargeError:
    return TooLargeError(
        f"more than {MOST} rules, or {DEEPEST} within one another",
        place=place,
        mend=f"say it in fewer: {', '.join(NAMED)} stand for several",
    )
