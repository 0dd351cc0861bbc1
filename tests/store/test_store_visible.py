"""`may_see` in Python and its predicate in SQL are one rule: equal over every combination that matters."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine

from chokepoint.model.marking import CLEAR, Marking, Pap, Tlp, Viewer, may_see
from chokepoint.store import visible
from chokepoint.store.circles import Speaking, circles_of, project_circle
from chokepoint.store.interning import Interner
from chokepoint.store.schema import metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

ORGANISATIONS = ("bank", "police", "vendor")
USERS = ("", "ann", "bob")
PUBLIC = Viewer(organisation="")
GROUP = "group:11111111-2222-4333-8444-555555555555"
OTHER = "group:99999999-2222-4333-8444-555555555555"
CASES = ("case-aa", "case-bb")
SCOPES = (GROUP, OTHER, *(f"case:{name}" for name in CASES))
TERMS = (*ORGANISATIONS, "bank/ann", "police/bob", GROUP, OTHER)
PEOPLE = [*ORGANISATIONS, *(f"{name}/{user}" for name in ORGANISATIONS for user in USERS if user)]
VIEWERS = [
    Viewer(organisation=""),
    Viewer(organisation="", user="ann"),
    Viewer(organisation="stranger"),
    *(Viewer(organisation=name, user=user) for name in ORGANISATIONS for user in USERS),
]
MARKINGS = [
    Marking(tlp=tlp, audience=frozenset(audience), cases=frozenset(cases))
    for tlp in Tlp
    for size in range(4)
    for audience in itertools.combinations(TERMS, size)
    for count in range(3)
    for cases in itertools.combinations(CASES, count)
]


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql(
            "INSERT INTO organisations (number, name, public_key) VALUES (1,'bank',x'')"
        )
        connection.exec_driver_sql(
            "INSERT INTO organisations (number, name, public_key) VALUES (2,'police',x'')"
        )
        connection.exec_driver_sql(
            "INSERT INTO organisations (number, name, public_key) VALUES (3,'vendor',x'')"
        )
        yield connection
    engine.dispose()


def fill(connection: Connection, marks: list[Marking]) -> dict[int, tuple[Marking, str]]:
    """Every marking as given by every organisation, by number."""
    interner = Interner(connection)
    return {
        interner.marking(owner, marking): (marking, name)
        for owner, name in enumerate(ORGANISATIONS, 1)
        for marking in marks
    }


def people(connection: Connection, circles: dict[str, list[str]], left: tuple[str, ...] = ()) -> None:
    connection.exec_driver_sql("DELETE FROM memberships")
    for scope, members in [*circles.items(), (visible.LEFT, left)]:
        for member in members:
            connection.exec_driver_sql("INSERT INTO memberships VALUES (?, ?)", (scope, member))


def held(viewer: Viewer, circles: dict[str, list[str]], left: tuple[str, ...]) -> Viewer:
    """The viewer with what these circles give them, worked out anew and by other means than the SQL."""
    names = {
        viewer.organisation,
        f"{viewer.organisation}/{viewer.user}" if viewer.user else viewer.organisation,
    }
    if viewer.organisation not in ORGANISATIONS or names & set(left):
        return Viewer(organisation="")
    inside = {scope for scope, members in circles.items() if names & set(members)}
    return replace(
        viewer,
        groups=frozenset(scope for scope in inside if scope.startswith("group:")),
        cases=frozenset(scope.removeprefix("case:") for scope in inside if scope.startswith("case:")),
    )


def some_circles(chance: random.Random) -> dict[str, list[str]]:
    return {scope: chance.sample(PEOPLE, chance.randint(0, 3)) for scope in SCOPES}


def test_python_and_sql_agree_on_more_than_a_million_cases(connection):
    """All labels x up to three recipients x cases x owners x viewers, in many states of the circles."""
    table = fill(connection, MARKINGS)
    chance = random.Random(7)  # noqa: S311 - a repeatable draw
    cases = 0
    while cases < 1_000_000:
        circles, left = some_circles(chance), tuple(chance.sample(PEOPLE, chance.choice((0, 0, 0, 1, 2))))
        people(connection, circles, left)
        for viewer in VIEWERS:
            by_sql = visible.visible(connection, viewer)
            one = held(viewer, circles, left)
            by_python = {number for number, (mark, owner) in table.items() if may_see(one, mark, owner)}
            assert by_sql == by_python, (viewer, circles, left)
            assert visible.resolved(connection, viewer) == one
            cases += len(table)


@pytest.mark.parametrize("most", list(Tlp))
def test_a_look_up_to_a_label_gives_that_label_and_milder_ones(connection, most):
    table = fill(connection, MARKINGS[::7])
    viewer = Viewer(organisation="bank", user="ann")
    everything = visible.visible(connection, viewer)
    assert visible.visible(connection, viewer, most) == {
        number for number in everything if table[number][0].tlp <= most
    }


names = st.one_of(
    st.sampled_from(TERMS),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6).filter(
        lambda name: not name.startswith(("case:", "\x00"))
    ),
)


@given(
    st.builds(
        Marking,
        tlp=st.sampled_from(list(Tlp)),
        pap=st.sampled_from(list(Pap)),
        audience=st.frozensets(names, max_size=4),
        cases=st.frozensets(st.sampled_from([*CASES, "", "%", "'"]), max_size=2),
        handling=st.frozensets(st.sampled_from(["H0", "H2", "H3: 'quoted\""]), max_size=2),
    ),
    st.sampled_from(VIEWERS),
    st.integers(0, 2),
)
@settings(max_examples=300)
def test_python_and_sql_agree_on_hostile_names_too(marking, viewer, owner):
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.connect() as connection:
        for number, name in enumerate(ORGANISATIONS, 1):
            connection.exec_driver_sql(
                "INSERT INTO organisations (number, name, public_key) VALUES (?, ?, x'')", (number, name)
            )
        number = Interner(connection).marking(owner + 1, marking)
        seen = number in visible.visible(connection, viewer)
        assert seen == may_see(visible.resolved(connection, viewer), marking, ORGANISATIONS[owner])
        assert visible.markings(connection, frozenset({number})) == {number: marking}
    engine.dispose()


def test_a_viewer_is_believed_a_name_and_nothing_else(connection):
    """Groups and cases come from the ledger; what the asker brings along counts for nothing."""
    table = fill(connection, [Marking(tlp=Tlp.GREEN, cases=frozenset({"case-aa"})), CLEAR])
    liar = Viewer(organisation="", cases=frozenset({"case-aa"}), groups=frozenset({GROUP}))
    assert {table[number][0] for number in visible.visible(connection, liar)} == {CLEAR}
    assert visible.resolved(connection, liar) == PUBLIC


def circle(connection: Connection, scope: str, members: list[str], owner: int = 1) -> None:
    by = Speaking(1, owner, ORGANISATIONS[owner - 1])
    project_circle(connection, {"scope": scope, "members": members, "name": "x"}, by)


def readers(connection: Connection, scope: str) -> set[str]:
    """Everybody who sees a record that names nobody but this circle, its owner apart."""
    table = fill(connection, [Marking(tlp=Tlp.RED, audience=frozenset({scope}))])
    return {
        person
        for person in PEOPLE
        if set(
            visible.visible(
                connection, Viewer(organisation=person.split("/")[0], user=person.partition("/")[2])
            )
        )
        & set(table)
    }


@given(st.lists(st.sampled_from(PEOPLE), unique=True))
def test_the_readers_of_a_group_are_exactly_those_listed(members):
    """A peer's "all organisations" flag gave readers whom the list did not name; here only the list counts."""
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.connect() as connection:
        for number, name in enumerate(ORGANISATIONS, 1):
            connection.exec_driver_sql(
                "INSERT INTO organisations (number, name, public_key) VALUES (?, ?, x'')", (number, name)
            )
        circle(connection, GROUP, members)
        listed = set(members) | {one for one in PEOPLE if one.partition("/")[0] in members}
        assert readers(connection, GROUP) == listed
        assert readers(connection, OTHER) == set()
    engine.dispose()


@pytest.mark.parametrize("word", ["*", "all", "everybody", "", "%", "ORG", "bank/*", "group:*"])
def test_no_word_among_the_members_means_everybody(connection, word):
    circle(connection, GROUP, [word])
    assert readers(connection, GROUP) == set()


@pytest.mark.parametrize("flag", ["all_orgs", "active", "releasability", "roaming", "sync"])
def test_a_flag_beside_the_members_opens_nothing(connection, flag):
    said = {"scope": GROUP, "members": ["bank"], "name": "x", flag: True}
    project_circle(connection, said, Speaking(1, 1, "bank"))
    assert readers(connection, GROUP) == {"bank", "bank/ann", "bank/bob"}


def test_a_circle_stays_with_whoever_recorded_it_first(connection):
    circle(connection, GROUP, ["bank"], owner=1)
    circle(connection, GROUP, ["vendor", "police"], owner=3)
    assert readers(connection, GROUP) == {"bank", "bank/ann", "bank/bob"}


def test_whoever_is_in_another_circle_can_take_out_their_own_people_alone(connection):
    circle(connection, GROUP, ["bank", "police", "vendor", "vendor/ann"], owner=1)
    circle(connection, GROUP, ["vendor", "vendor/ann", "police", "bank"], owner=3)
    assert readers(connection, GROUP) == {one for one in PEOPLE if not one.startswith("vendor")}


def test_an_organisation_whose_name_begins_like_another_takes_nobody_out(connection):
    circle(connection, GROUP, ["bank", "bankers", "bank2/ann"], owner=1)
    project_circle(connection, {"scope": GROUP, "members": ["bank"], "name": ""}, Speaking(2, 3, "ban"))
    [found] = circles_of(connection, Viewer(organisation="bank"))
    assert found.members == ("bank", "bank2/ann", "bankers")


def test_nobody_departs_by_a_circle_record(connection):
    """Who has left is no circle that an organisation could make and put others into."""
    circle(connection, visible.LEFT, ["police"], owner=1)
    circle(connection, "role:overseer", ["bank"], owner=1)
    assert visible.resolved(connection, Viewer(organisation="police")).organisation == "police"
    assert connection.exec_driver_sql("SELECT count(*) FROM memberships").scalar_one() == 0


def test_a_circle_is_told_to_its_members_and_its_owner_alone(connection):
    circle(connection, GROUP, ["police/bob"], owner=1)
    circle(connection, "case:case-aa", ["vendor"], owner=2)
    told = {
        viewer: {one.scope for one in circles_of(connection, viewer)}
        for viewer in VIEWERS
        if circles_of(connection, viewer)
    }
    by_bank = {Viewer(organisation="bank", user=user): {GROUP} for user in USERS}
    by_police = {Viewer(organisation="police", user=user): {"case:case-aa"} for user in USERS}
    by_vendor = {Viewer(organisation="vendor", user=user): {"case:case-aa"} for user in USERS}
    assert told == {
        **by_bank,
        **by_police,
        **by_vendor,
        Viewer(organisation="police", user="bob"): {"case:case-aa", GROUP},
    }
