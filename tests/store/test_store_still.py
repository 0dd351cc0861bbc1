"""What is read once for a viewer and a state of the ledger: never another's, never yesterday's."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from chokepoint.desk.member import update
from chokepoint.desk.people.circle import make_group
from chokepoint.desk.personal.about import _told
from chokepoint.desk.vetting.draw import drawn_at
from chokepoint.desk.vetting.review import choose_policy
from chokepoint.desk.vetting.rules import calibration, chosen_policy
from chokepoint.model.errors import RefusedError
from chokepoint.model.marking import CLEAR, Marking, Tlp, Viewer
from chokepoint.settings import Settings
from chokepoint.store.base import POLICY, RecordRow
from chokepoint.store.canonical import canonical
from chokepoint.store.erasures import HOLD
from chokepoint.store.membership import members
from chokepoint.store.still import once, still
from chokepoint.wiring import make_atlas

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Connection

    from chokepoint.desk.atlas import Atlas
    from chokepoint.store.reading import Reader

VIEWERS = (
    Viewer(organisation="bank"),
    Viewer(organisation="police"),
    Viewer(organisation="vendor", user="v"),
)
RULES = (members, chosen_policy, calibration, _told)


class Counted:
    """A still function that says how often it was carried out."""

    def __init__(self) -> None:
        self.times = count(1)
        self.asked = still(self._once)

    def _once(self, reader: Reader, connection: Connection, *given: object, **named: object) -> int:
        del reader, connection, given, named
        return next(self.times)

    def __call__(self, atlas: Atlas, *given: object, **named: object) -> int:
        reader = atlas.reader
        with reader.connect() as connection:
            return self.asked(reader, connection, *given, **named)


@pytest.fixture
def one(atlas: Callable[..., Atlas]) -> Atlas:
    """An atlas of three members, seen by its founder."""
    return atlas()


def seen_by(atlas: Atlas, *viewers: Viewer) -> Atlas:
    return replace(atlas, viewer=viewers[0], beside=viewers[1:])


def say(atlas: Atlas, name: str = "strict", marking: Marking = CLEAR) -> None:
    atlas.ledger.append(atlas.speaker(), [RecordRow(POLICY, canonical({"name": name}), marking)])


def test_a_second_reading_of_the_same_state_takes_what_the_first_found(one: Atlas) -> None:
    counted = Counted()
    assert [counted(one), counted(one), counted(replace(one))] == [1, 1, 1]


def test_any_record_ends_it_for_everybody(one: Atlas) -> None:
    counted, other = Counted(), seen_by(one, VIEWERS[1])
    assert [counted(one), counted(other)] == [1, 2]
    say(one, marking=Marking(tlp=Tlp.RED))
    assert [counted(one), counted(other), counted(one), counted(other)] == [3, 4, 3, 4]


def test_inside_a_transaction_that_appends_nothing_is_kept(one: Atlas) -> None:
    """Its records may be undone, and others then stand at their positions: a kept answer would be of none."""
    counted, found = Counted(), []

    def then(connection: Connection) -> None:
        found.extend(counted.asked(one.reader, connection) for _ in range(2))
        raise RefusedError("undone")

    with pytest.raises(RefusedError, match="undone"):
        one.ledger.append(one.speaker(), [RecordRow(POLICY, canonical({"name": "strict"}), CLEAR)], then)
    say(one, "frozen")
    with pytest.raises(RefusedError, match="undone"):
        one.ledger.append(one.speaker(), [RecordRow(POLICY, canonical({"name": "strict"}), CLEAR)], then)
    assert found == [1, 2, 3, 4]


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(lambda one: seen_by(one, VIEWERS[1]), id="another organisation"),
        pytest.param(lambda one: seen_by(one, Viewer(organisation="bank", user="ann")), id="a person of it"),
        pytest.param(lambda one: seen_by(one, Viewer(organisation="")), id="the public"),
        pytest.param(lambda one: seen_by(one, *VIEWERS[:2]), id="somebody beside"),
        pytest.param(lambda one: replace(one, at_most=Tlp.GREEN), id="a milder label"),
        pytest.param(lambda one: replace(one, clock=lambda: "2027-01-01T00:00:00.000Z"), id="another day"),
    ],
)
def test_what_changes_who_looks_or_what_they_see_is_answered_anew(
    one: Atlas, changed: Callable[[Atlas], Atlas]
) -> None:
    counted = Counted()
    assert [counted(one), counted(changed(one)), counted(one), counted(changed(one))] == [1, 2, 1, 2]


def test_a_look_at_the_past_has_its_own_answers(one: Atlas) -> None:
    choose_policy(one, "strict")
    then = one.reader
    with then.connect() as connection:
        position = then.position(connection)
    choose_policy(one, "frozen")
    now = one.reader
    with now.connect() as connection:
        past = now.as_of(position, now.today)
        told = [chosen_policy(reader, connection)[0] for reader in (now, past, now, past)]
    assert told == ["frozen", "strict", "frozen", "strict"]


def test_arguments_tell_answers_apart(one: Atlas) -> None:
    counted = Counted()
    asked = [((1,), {}), ((2,), {}), ((), {"by": 1}), ((), {"by": 2}), ((1,), {"by": 1})]
    assert [counted(one, *given, **named) for given, named in asked] == [1, 2, 3, 4, 5]
    assert [counted(one, *given, **named) for given, named in asked] == [1, 2, 3, 4, 5]


def test_two_atlases_with_the_same_members_share_nothing(atlas: Callable[..., Atlas]) -> None:
    counted, here, there = Counted(), atlas(name="here"), atlas(name="there")
    assert [counted(here), counted(there), counted(here), counted(there)] == [1, 2, 1, 2]


def test_what_fails_is_not_kept(one: Atlas) -> None:
    answers: Iterator[int] = iter((0, 7))

    @still
    def shaky(reader: Reader, connection: Connection) -> float:
        del reader, connection
        return 7 / next(answers)

    reader = one.reader
    with reader.connect() as connection:
        with pytest.raises(ZeroDivisionError):
            shaky(reader, connection)
        assert shaky(reader, connection) == 1.0


def test_only_so_many_answers_are_kept_and_the_one_asked_for_longest_ago_goes_first(
    one: Atlas,
) -> None:
    times = count(1)
    asked = [once("what", one.engine, each, make=lambda: next(times), most=2) for each in "abacabc"]
    assert asked == [1, 2, 1, 3, 1, 4, 5]
    assert once("else", one.engine, "c", make=lambda: next(times), most=2) == 6


def test_a_policy_that_a_member_may_not_see_does_not_become_theirs_because_the_founder_looked(
    one: Atlas,
) -> None:
    say(one, "frozen", Marking(tlp=Tlp.RED, audience=frozenset({"bank"})))
    names = []
    for viewer in (*VIEWERS, VIEWERS[0]):
        reader = seen_by(one, viewer).reader
        with reader.connect() as connection:
            names.append(chosen_policy(reader, connection)[0])
    assert names == ["frozen", "default", "default", "frozen"]


acts = st.lists(
    st.one_of(
        st.tuples(st.just("policy"), st.sampled_from(["default", "strict", "frozen"])),
        st.tuples(st.just("hidden policy"), st.sampled_from(["default", "strict", "frozen"])),
        st.tuples(st.just("country"), st.sampled_from(["de", "th", "ke"])),
        st.tuples(st.just("group"), st.sampled_from(["one", "two"])),
        st.tuples(st.just("hold"), st.sampled_from(["a", "b"])),
        st.tuples(st.just("join"), st.just("")),
    ),
    max_size=5,
)


@hypothesis_settings(max_examples=8)
@given(acts)
def test_whatever_happens_everybody_reads_what_they_would_read_for_the_first_time(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("law") / "atlas"
    for name in ("bank", "police", "vendor"):
        atlas = make_atlas(Settings(atlas=folder, viewer=Viewer(organisation=name)))
    atlas = seen_by(atlas, VIEWERS[0])
    _agree(atlas)
    for number, (what, word) in enumerate(steps):
        _act(atlas, what, word, number)
        _agree(atlas)
    atlas.engine.dispose()
    atlas.vault._engine.dispose()


def _act(atlas: Atlas, what: str, word: str, number: int) -> None:
    own = Marking(tlp=Tlp.RED, audience=frozenset({"bank"}))
    if what == "policy":
        say(atlas, word)
    elif what == "hidden policy":
        say(atlas, word, own)
    elif what == "country":
        update(atlas, "police", lambda known: replace(known, country=word))
    elif what == "group":
        make_group(atlas, f"{word} {number}", ["police"])
    elif what == "hold":
        said = {"entity": word * 64, "holds": True, "reason": "a trial"}
        atlas.ledger.append(atlas.speaker(), [RecordRow(HOLD, canonical(said), own)])
    else:
        viewer = Viewer(organisation=f"newcomer {number}")
        make_atlas(Settings(atlas=atlas.folder, viewer=viewer)).engine.dispose()


def _agree(atlas: Atlas) -> None:
    for viewer in VIEWERS:
        reader = seen_by(atlas, viewer).reader
        with reader.connect() as connection:
            for rule in RULES:
                assert rule(reader, connection) == rule.__wrapped__(reader, connection)  # type: ignore[attr-defined]
            assert list(drawn_at(reader, connection)) == []
            numbers = connection.exec_driver_sql("SELECT number, name FROM organisations").all()
            assert dict(reader.organisations(connection)) == dict(map(tuple, numbers))
