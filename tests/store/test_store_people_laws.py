"""Registers, appointments, departures and vetoes against a register kept by hand, in any order of records."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine

from chokepoint.model.identity import Entity
from chokepoint.model.marking import Viewer
from chokepoint.model.role import COALITION, RIGHTS, WHOLE, Right, Role
from chokepoint.store import people
from chokepoint.store.base import CIRCLE, REMARKING, VOTE
from chokepoint.store.circles import Speaking
from chokepoint.store.erasures import entity_digest
from chokepoint.store.schema import metadata
from chokepoint.store.visible import resolved

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

SECRET = b"s" * 32
ORGANISATIONS = ("bank", "police", "vendor")
FOUNDER = ORGANISATIONS[0]
USERS = ("ann", "bob")
EVIL, JANE = Entity("domain-name", "evil.com"), Entity("person", "jane doe")
OWN_ROLES = sorted((role for role in Role if role not in COALITION), key=lambda role: role.value)

organisations = st.sampled_from(ORGANISATIONS)
users = st.sampled_from(USERS)


@dataclass
class Register:
    """What the records say, worked out without a database."""

    kept: set[str] = field(default_factory=set)
    active: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    own: dict[str, set[Role]] = field(default_factory=dict)
    given: dict[str, set[Role]] = field(default_factory=dict)
    vetoed: set[Entity] = field(default_factory=set)

    def person(self, by: str, said: dict[str, Any]) -> None:
        name = f"{by}/{said['person']}"
        self.kept.add(by)
        self.own[name] = set()
        self.active.discard(name)
        self.gone.discard(name)
        if said["state"] == "left":
            self.gone.add(name)
            self.given[name] = set()
        elif said["state"] == "active":
            self.active.add(name)
            self.own[name] = {role for role in OWN_ROLES if role.value in said["roles"]}

    def appointment(self, by: str, said: dict[str, Any]) -> None:
        roles = [role for role in COALITION if role.value == said["role"]]
        if by == FOUNDER and roles:
            held = self.given.setdefault(said["person"], set())
            (held.add if said["held"] else held.discard)(roles[0])

    def departure(self, by: str, said: dict[str, Any]) -> None:
        name = said["organisation"]
        if name == FOUNDER or (by != FOUNDER and not (by == name and said["left"])):
            return
        (self.gone.add if said["left"] else self.gone.discard)(name)

    def roles(self, person: str) -> set[Role]:
        return self.own.get(person, set()) | self.given.get(person, set())

    def rights(self, organisation: str, user: str) -> set[Right]:
        person = f"{organisation}/{user}"
        if organisation in self.gone or (user and person in self.gone):
            return set()
        if not user:
            return set(WHOLE)
        held = {right for role in self.roles(person) for right in RIGHTS[role]}
        if organisation not in self.kept:
            return held | WHOLE
        return held if person in self.active else set()


persons = st.fixed_dictionaries(
    {
        "person": users,
        "roles": st.lists(st.sampled_from([role.value for role in Role] + ["emperor"]), max_size=3),
        "state": st.sampled_from(["active", "invited", "left"]),
    }
).map(lambda said: ("person", said))
appointments = st.fixed_dictionaries(
    {
        "person": st.builds("{}/{}".format, organisations, users),
        "role": st.sampled_from([role.value for role in Role] + ["emperor"]),
        "held": st.booleans(),
    }
).map(lambda said: ("appointment", said))
departures = st.fixed_dictionaries({"organisation": organisations, "left": st.booleans()}).map(
    lambda said: ("departure", said)
)
words = st.tuples(organisations, st.one_of(persons, appointments, departures))
KINDS = {"person": people.PERSON, "appointment": people.APPOINTMENT, "departure": people.DEPARTURE}


@contextmanager
def members() -> Iterator[Connection]:
    """Three members and nobody registered."""
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.connect() as connection:
        for number, name in enumerate(ORGANISATIONS, 1):
            connection.exec_driver_sql("INSERT INTO organisations VALUES (?, ?, x'')", (number, name))
        yield connection
    engine.dispose()


@pytest.fixture
def connection() -> Iterator[Connection]:
    with members() as connection:
        yield connection


def put(connection: Connection, by: str, kind: str, said: dict[str, Any], user: str = "") -> None:
    speaker = Speaking(1, ORGANISATIONS.index(by) + 1, by, user)
    people.project_people(connection, kind, said, speaker)


def register(connection: Connection, by: str, user: str, *roles: Role, state: str = "active") -> None:
    said = {"person": user, "roles": [role.value for role in roles], "state": state}
    put(connection, by, people.PERSON, said)


def appoint(connection: Connection, person: str, role: Role, *, by: str = FOUNDER, held: bool = True) -> None:
    put(connection, by, people.APPOINTMENT, {"person": person, "role": role.value, "held": held})


@settings(max_examples=150, deadline=None)
@given(st.lists(words, max_size=14))
def test_rights_are_what_a_register_kept_by_hand_gives(history):
    register, known = Register(), [(name, user) for name in ORGANISATIONS for user in ("", *USERS)]
    with members() as connection:
        for by, (kind, said) in history:
            getattr(register, kind)(by, said)
            put(connection, by, KINDS[kind], said)
        for organisation, user in known:
            expected = register.rights(organisation, user)
            assert people.rights_of(connection, organisation, user) == expected
            told = people.refused(connection, organisation, user, [VOTE])
            assert (told == "") is (Right.VET in expected)
            mapped = resolved(connection, Viewer(organisation=organisation, user=user)).organisation
            outside = bool({organisation, f"{organisation}/{user}"} & register.gone) or bool(
                user and organisation in register.kept and f"{organisation}/{user}" not in register.active
            )
            assert mapped == ("" if outside else organisation)


@settings(max_examples=60, deadline=None)
@given(st.lists(words, max_size=10))
def test_the_same_history_twice_is_the_same_register(history):
    """Rebuilding the projections replays the log from the beginning over what is there."""
    with members() as connection:
        for by, (kind, said) in history:
            put(connection, by, KINDS[kind], said)
        first = sorted(map(tuple, connection.exec_driver_sql("SELECT scope, member FROM memberships")))
        connection.exec_driver_sql("DELETE FROM memberships")
        for by, (kind, said) in history:
            put(connection, by, KINDS[kind], said)
        assert (
            sorted(map(tuple, connection.exec_driver_sql("SELECT scope, member FROM memberships"))) == first
        )


@given(st.lists(st.tuples(st.sampled_from(["police", "vendor"]), appointments), max_size=8))
def test_nobody_but_the_founder_makes_an_overseer(history):
    with members() as connection:
        for by, (kind, said) in history:
            put(connection, by, KINDS[kind], said)
        for name in ORGANISATIONS:
            for user in USERS:
                assert people.roles_of(connection, f"{name}/{user}") == frozenset()


def test_an_organisation_cannot_give_its_people_roles_of_the_coalition(connection):
    register(connection, "police", "bob", Role.OVERSEER, Role.COORDINATOR, Role.VETTER)
    assert people.roles_of(connection, "police/bob") == {Role.VETTER}


def test_an_organisation_cannot_take_a_role_of_the_coalition_by_changing_its_own(connection):
    appoint(connection, "police/bob", Role.OVERSEER)
    register(connection, "police", "bob", Role.VETTER)
    register(connection, "police", "bob", Role.INVESTIGATOR)
    assert people.roles_of(connection, "police/bob") == {Role.OVERSEER, Role.INVESTIGATOR}


def test_whoever_leaves_leaves_every_role_behind(connection):
    register(connection, "police", "bob", Role.VETTER)
    appoint(connection, "police/bob", Role.OVERSEER)
    register(connection, "police", "bob", state="left")
    register(connection, "police", "bob", Role.VETTER)
    assert people.roles_of(connection, "police/bob") == {Role.VETTER}


def test_an_invitation_alone_gives_nothing(connection):
    register(connection, "police", "bob", Role.VETTER, state="invited")
    assert people.rights_of(connection, "police", "bob") == frozenset()
    assert people.has_register(connection, "police")


def test_the_first_person_of_a_register_ends_the_freedom_of_the_others(connection):
    assert Right.VET in people.rights_of(connection, "police", "eve")
    register(connection, "police", "bob", Role.VETTER)
    assert people.rights_of(connection, "police", "eve") == frozenset()
    assert people.rights_of(connection, "vendor", "eve") == WHOLE


def test_a_register_stays_one_when_everybody_has_left(connection):
    register(connection, "police", "bob", Role.VETTER)
    register(connection, "police", "bob", state="left")
    assert people.has_register(connection, "police")
    assert people.rights_of(connection, "police", "eve") == frozenset()


def test_a_person_of_one_organisation_is_nobody_in_another(connection):
    register(connection, "police", "bob", Role.VETTER)
    register(connection, "vendor", "ann", Role.VETTER)
    assert people.rights_of(connection, "vendor", "bob") == frozenset()


@pytest.mark.parametrize("name", ["police2", "polic", "police/bob/x", "", "pol%", "POLICE"])
def test_names_that_only_look_alike_share_no_register(connection, name):
    register(connection, "police", "bob", Role.VETTER)
    assert not people.has_register(connection, name)


def test_the_founder_cannot_be_made_to_leave(connection):
    for by in ORGANISATIONS:
        put(connection, by, people.DEPARTURE, {"organisation": FOUNDER, "left": True})
    assert not people.departed(connection, FOUNDER)


def test_a_member_leaves_by_its_own_word_and_returns_by_the_founders_alone(connection):
    put(connection, "police", people.DEPARTURE, {"organisation": "police", "left": True})
    assert people.departed(connection, "police")
    put(connection, "police", people.DEPARTURE, {"organisation": "police", "left": False})
    put(connection, "vendor", people.DEPARTURE, {"organisation": "police", "left": False})
    assert people.departed(connection, "police")
    put(connection, FOUNDER, people.DEPARTURE, {"organisation": "police", "left": False})
    assert not people.departed(connection, "police")


def test_no_member_puts_another_out(connection):
    put(connection, "vendor", people.DEPARTURE, {"organisation": "police", "left": True})
    assert not people.departed(connection, "police")


@pytest.mark.parametrize(
    ("kind", "right"),
    [
        pytest.param(VOTE, Right.VET, id="a vote"),
        pytest.param(CIRCLE, Right.SHARE, id="a circle"),
        pytest.param(REMARKING, Right.SHARE, id="a re-marking"),
        pytest.param(people.PERSON, Right.PEOPLE, id="a person"),
        pytest.param(people.OVERSIGHT, Right.WATCH, id="a veto"),
        pytest.param("claim/1", Right.SPEAK, id="a claim"),
        pytest.param("case/1", Right.SPEAK, id="a case"),
        pytest.param("something/9", Right.SPEAK, id="a kind of later days"),
    ],
)
def test_each_kind_of_record_needs_its_right(connection, kind, right):
    for role in OWN_ROLES:
        register(connection, "police", "bob", role)
        told = people.refused(connection, "police", "bob", [kind])
        assert (told == "") is (right in RIGHTS[role])
        assert told in ("", f"police/bob may not {right.value}")


@pytest.mark.parametrize("kind", [people.ACCESS, people.ALARM])
def test_the_log_takes_the_looks_of_whoever_has_left(connection, kind):
    put(connection, "police", people.DEPARTURE, {"organisation": "police", "left": True})
    assert people.refused(connection, "police", "", [kind]) == ""
    assert "has left" in people.refused(connection, "police", "", [kind, VOTE])


def test_several_kinds_at_once_need_every_right(connection):
    register(connection, "police", "bob", Role.VETTER)
    assert people.refused(connection, "police", "bob", [VOTE]) == ""
    assert people.refused(connection, "police", "bob", [VOTE, "claim/1"]) != ""
    assert people.refused(connection, "police", "bob", []) == ""


def oversee(connection: Connection, by: str, user: str, entity: Entity, word: str) -> None:
    put(connection, by, people.OVERSIGHT, {"entity": [*entity], "word": word}, user)


def test_anybody_flags_and_an_overseer_alone_lifts(connection):
    put(connection, "vendor", people.SAFETY, {"entity": [*JANE]})
    for by, user in (("vendor", ""), ("vendor", "ann"), (FOUNDER, "ann"), (FOUNDER, "")):
        oversee(connection, by, user, JANE, "lift")
        assert people.withheld(connection, SECRET) == {JANE}
    appoint(connection, "police/olga", Role.OVERSEER)
    oversee(connection, "police", "olga", JANE, "lift")
    assert people.withheld(connection, SECRET) == frozenset()


def test_whoever_is_no_overseer_vetoes_nothing(connection):
    appoint(connection, "police/olga", Role.COORDINATOR)
    oversee(connection, "police", "olga", EVIL, "veto")
    oversee(connection, "vendor", "olga", EVIL, "veto")
    assert people.withheld(connection, SECRET) == frozenset()


def test_an_overseer_whose_appointment_ended_vetoes_no_more_and_the_old_veto_stays(connection):
    appoint(connection, "police/olga", Role.OVERSEER)
    oversee(connection, "police", "olga", EVIL, "veto")
    appoint(connection, "police/olga", Role.OVERSEER, held=False)
    oversee(connection, "police", "olga", EVIL, "lift")
    oversee(connection, "police", "olga", JANE, "veto")
    assert people.withheld(connection, SECRET) == {EVIL}


@given(st.text(min_size=1, max_size=30).filter(lambda text: "\x1f" not in text))
def test_a_withheld_value_is_read_back_to_the_letter(value):
    entity = Entity("person", value.encode("utf-8", "replace").decode())
    with members() as connection:
        put(connection, "vendor", people.SAFETY, {"entity": [*entity]})
        assert people.withheld(connection, SECRET) == {entity}


def test_a_value_with_the_mark_between_kind_and_value_stays_whole(connection):
    entity = Entity("person", "a\x1fb")
    put(connection, "vendor", people.SAFETY, {"entity": [*entity]})
    assert people.withheld(connection, SECRET) == {entity}


def name_it(connection: Connection, *entities: Entity) -> None:
    """As interning does when somebody speaks of them."""
    for number, one in enumerate(entities, 1):
        kind = {"person": 1, "domain-name": 2}[one.kind]
        connection.exec_driver_sql("INSERT OR IGNORE INTO names VALUES (1, ?, ?)", (kind, one.kind))
        connection.exec_driver_sql(
            "INSERT INTO entities (eid, kind, value) VALUES (?, ?, ?)", (number, kind, one.value)
        )


def flag(connection: Connection, entity: Entity) -> None:
    put(connection, "vendor", people.SAFETY, {"entity": [*entity]})


def conceal(connection: Connection, *entities: Entity) -> None:
    people.conceal(connection, SECRET, {entity_digest(SECRET, one) for one in entities})


def held_words(connection: Connection) -> str:
    return repr(connection.exec_driver_sql("SELECT scope, member FROM memberships").all())


def test_of_an_erased_person_who_is_withheld_no_letter_is_kept(connection):
    for one in (JANE, EVIL):
        flag(connection, one)
    conceal(connection, JANE)
    assert JANE.value not in held_words(connection)
    assert EVIL.value in held_words(connection)


def test_an_erased_person_is_withheld_once_they_are_named_again_and_nobody_else(connection):
    flag(connection, JANE)
    conceal(connection, JANE)
    assert people.withheld(connection, SECRET) == frozenset()
    name_it(connection, JANE, Entity("person", "jane doer"), EVIL)
    assert people.withheld(connection, SECRET) == {JANE}


def test_without_the_secret_of_the_atlas_nobody_tries_a_name_on_what_is_kept(connection):
    flag(connection, JANE)
    conceal(connection, JANE)
    name_it(connection, JANE)
    assert people.withheld(connection, b"t" * 32) == frozenset()


def test_an_overseer_lifts_what_was_erased_and_a_new_flag_holds_again(connection):
    appoint(connection, "police/olga", Role.OVERSEER)
    flag(connection, JANE)
    conceal(connection, JANE)
    name_it(connection, JANE)
    oversee(connection, "police", "olga", JANE, "lift")
    assert people.withheld(connection, SECRET) == frozenset()
    flag(connection, JANE)
    assert people.withheld(connection, SECRET) == {JANE}


def test_an_erasure_after_the_lift_keeps_neither_name_nor_digest(connection):
    appoint(connection, "police/olga", Role.OVERSEER)
    flag(connection, JANE)
    conceal(connection, JANE)
    name_it(connection, JANE)
    oversee(connection, "police", "olga", JANE, "lift")
    conceal(connection, JANE)
    assert JANE.value not in held_words(connection)
    assert people.withheld(connection, SECRET) == frozenset()


def test_concealing_twice_is_concealing_once(connection):
    flag(connection, JANE)
    conceal(connection, JANE)
    before = held_words(connection)
    conceal(connection, JANE)
    assert held_words(connection) == before


def test_a_lift_of_what_was_never_erased_keeps_no_word_of_it(connection):
    appoint(connection, "police/olga", Role.OVERSEER)
    flag(connection, JANE)
    oversee(connection, "police", "olga", JANE, "lift")
    assert JANE.value not in held_words(connection)
