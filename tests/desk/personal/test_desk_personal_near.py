"""Whose an identifier is: only visible links of ownership tell, against the definition."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from desk_world import World, entity

from chokepoint.desk.personal.veil import OWNED, folded
from chokepoint.model.marking import Marking, Tlp
from chokepoint.store import persons

if TYPE_CHECKING:
    from collections.abc import Callable

    from chokepoint.model.identity import Entity

GREEN, SECRET = Marking(tlp=Tlp.GREEN), Marking(tlp=Tlp.RED, audience=frozenset({"bank"}))
JANE, JOHN, HANDLE = entity("person:jane doe"), entity("person:john roe"), entity("persona:darkcat")
MAILS = [entity(f"email-addr:box{number}@mail.example") for number in range(5)]
SITE = entity("domain-name:evil.com")
SAID = [
    (JANE, "account", MAILS[0]),
    (MAILS[1], "controlled-by", JANE),
    (JANE, "mentioned-with", MAILS[2]),
    (HANDLE, "account", MAILS[2]),
    (SITE, "contact", MAILS[3]),
    (JOHN, "uses", MAILS[0]),
]
HIDDEN = [(JOHN, "account", MAILS[3]), (JANE, "account", MAILS[4])]
EVERYTHING = [JANE, JOHN, HANDLE, *MAILS, SITE]


@pytest.fixture(scope="module")
def street(worlds: Callable[[], World]) -> World:
    world = worlds()
    world.say("bank", *SAID, marking=GREEN)
    world.say("bank", *HIDDEN, marking=SECRET, path="secret.txt")
    return world


def owners(world: World, who: str) -> dict[Entity, set[Entity]]:
    reader = world.open(who).reader
    with reader.connect() as connection:
        numbers = {one: eid for one in EVERYTHING if (eid := reader.eid(connection, one)) is not None}
        found = persons.beside(reader, connection, numbers.values(), kinds={"person"}, properties=OWNED)
        names = {eid: one for one, eid in numbers.items()}
    return {names[eid]: {names[other] for other in ones} for eid, ones in found.items()}


def by_definition(said: list[tuple[Entity, str, Entity]]) -> dict[Entity, set[Entity]]:
    found: dict[Entity, set[Entity]] = {}
    for subject, name, thing in said:
        for one, other in ((subject, thing), (thing, subject)):
            if name in OWNED and other.kind == "person":
                found.setdefault(one, set()).add(other)
    return found


@pytest.mark.parametrize(
    ("who", "said"),
    [
        pytest.param("bank", SAID + HIDDEN, id="who sees all"),
        pytest.param("police", SAID, id="who sees a part"),
        pytest.param("nobody", [], id="the public, who sees none"),
    ],
)
def test_owners_are_the_persons_that_visible_links_of_ownership_name(street: World, who: str, said) -> None:
    assert owners(street, who) == by_definition(said)


@pytest.mark.parametrize("who", ["bank", "police", "nobody"])
def test_persons_of_the_map_are_those_that_a_visible_claim_names(street: World, who: str) -> None:
    reader = street.open(who).reader
    with reader.connect() as connection:
        found = set(persons.of_kinds(reader, connection, {"person", "persona"}))
    assert found == (set() if who == "nobody" else {JANE, JOHN, HANDLE})


def test_no_kind_at_all_is_nobody(street: World) -> None:
    reader = street.open("bank").reader
    with reader.connect() as connection:
        assert list(persons.of_kinds(reader, connection, set())) == []
        assert persons.beside(reader, connection, [1, 2], kinds=set(), properties=OWNED) == {}
        assert persons.beside(reader, connection, [], kinds={"person"}, properties=OWNED) == {}


@pytest.mark.parametrize(
    ("one", "minimised"),
    [
        pytest.param(JANE, True, id="a person"),
        pytest.param(MAILS[0], True, id="the account of two persons"),
        pytest.param(MAILS[1], True, id="what a person controls"),
        pytest.param(MAILS[2], False, id="what stands beside a person in a text"),
        pytest.param(MAILS[3], False, id="a criminal's contact"),
        pytest.param(HANDLE, False, id="a criminal's alias"),
        pytest.param(SITE, False, id="no personal data"),
    ],
)
def test_who_is_minimised_for_somebody_who_sees_a_part(street: World, one: Entity, minimised: bool) -> None:
    assert (one in folded(street.open("police"), [one])) is minimised


def test_a_hidden_owner_minimises_for_those_who_know_alone(street: World) -> None:
    assert MAILS[3] in folded(street.open("bank"), [MAILS[3]])
    assert MAILS[3] not in folded(street.open("police"), [MAILS[3]])


def test_what_the_map_does_not_hold_is_the_askers_own_and_stays(street: World) -> None:
    assert folded(street.open("police"), [entity("person:never heard")]) == frozenset()


def test_of_nobody_nobody_is_minimised(street: World) -> None:
    assert folded(street.open("police"), []) == frozenset()
