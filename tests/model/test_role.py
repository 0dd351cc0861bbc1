"""Roles and rights: what each may do, what nobody may, and reading them as people write them."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.errors import NotValidError
from chokepoint.model.role import COALITION, RIGHTS, WHOLE, Right, Role, parse_role, rights

sets = st.frozensets(st.sampled_from(Role))


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        (
            Role.INVESTIGATOR,
            {Right.LOOK, Right.SPEAK, Right.SHARE, Right.UNFOLD},
            {Right.VET, Right.PEOPLE, Right.RELEASE},
        ),
        (Role.VETTER, {Right.LOOK, Right.VET}, {Right.SPEAK, Right.SHARE, Right.PEOPLE, Right.UNFOLD}),
        (Role.ADMINISTRATOR, {Right.PEOPLE}, set(Right) - {Right.PEOPLE}),
        (
            Role.COORDINATOR,
            {Right.LOOK, Right.SPEAK, Right.VET, Right.SHARE, Right.RELEASE, Right.UNFOLD},
            {Right.PEOPLE, Right.WATCH},
        ),
        (Role.OVERSEER, {Right.LOOK, Right.WATCH}, set(Right) - {Right.LOOK, Right.WATCH}),
    ],
)
def test_each_role_may_do_its_work_and_nothing_else(role, may, may_not):
    assert rights([role]) == may
    assert not rights([role]) & may_not


def test_every_role_has_rights_and_every_right_somebody_who_has_it():
    assert set(RIGHTS) == set(Role)
    assert rights(Role) == set(Right)


@given(sets, sets)
def test_two_roles_together_may_what_either_may(one, other):
    assert rights(one | other) == rights(one) | rights(other)


def test_without_a_role_nobody_may_do_anything():
    assert rights([]) == frozenset()


def test_who_gives_rights_to_people_cannot_look_and_who_watches_cannot_speak():
    assert Right.LOOK not in rights([Role.ADMINISTRATOR])
    assert not {Right.SPEAK, Right.VET, Right.SHARE, Right.PEOPLE} & rights([Role.OVERSEER])


def test_an_organisation_as_a_whole_may_all_but_watch_over_others():
    assert frozenset(Right) - WHOLE == {Right.WATCH}


def test_the_founder_gives_exactly_the_roles_of_the_coalition():
    assert frozenset({Role.COORDINATOR, Role.OVERSEER}) == COALITION
    own = set(Role) - COALITION
    assert Right.WATCH not in rights(own)


@pytest.mark.parametrize(
    "pair", list(combinations(Role, 2)), ids=lambda pair: "-".join(one.value for one in pair)
)
def test_no_two_roles_are_the_same(pair):
    assert RIGHTS[pair[0]] != RIGHTS[pair[1]]


@pytest.mark.parametrize("role", Role, ids=lambda role: role.value)
@pytest.mark.parametrize(
    "write", [str, str.upper, str.title, " {} ".format], ids=["as-is", "capitals", "title", "blanks"]
)
def test_a_role_is_read_however_people_write_it(role, write):
    assert parse_role(write(role.value)) is role


@pytest.mark.parametrize("text", ["", "boss", "vetter2", "over seer", "админ", "x" * 500])
def test_an_unknown_role_is_refused_shortly_and_the_known_ones_named(text):
    with pytest.raises(NotValidError) as refusal:
        parse_role(text)
    assert all(role.value in refusal.value.mend for role in Role)
    assert len(refusal.value.reason) < 100


@given(st.text(max_size=20))
def test_nothing_is_guessed_from_what_is_no_role(text):
    try:
        found = parse_role(text)
    except NotValidError:
        return
    assert text.strip().casefold() == found.value
