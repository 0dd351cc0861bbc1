"""The right to look is asked where a reader is opened, so that no verb can forget it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from desk_world import entity

import chokepoint
from chokepoint.desk.people.staff import appoint, invite, join, let_go, set_roles, staff
from chokepoint.desk.watch.access import log, saw
from chokepoint.model.errors import RefusedError
from chokepoint.model.marking import Marking, Tlp
from chokepoint.model.role import Role
from chokepoint.store import judged

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk_world import World
    from sqlalchemy import Connection

    from chokepoint.store.reading import Reader

SAID = (entity("domain-name:evil.com"), "indicates", entity("malware:gang"))
READS: dict[str, Callable[[Reader, Connection], object]] = {
    "claims": lambda reader, connection: list(reader.claims(connection, [1, 2, 3])),
    "claims by id": lambda reader, connection: list(reader.claims_by_id(connection, ["0" * 64])),
    "links": lambda reader, connection: reader.links(connection),
    "names of members": lambda reader, connection: reader.organisations(connection),
    "votes": judged.read_votes,
    "recalls": judged.recalled,
    "markings": lambda reader, connection: reader.markings(connection),
    "labels": lambda reader, connection: reader.labels(connection),
    "state": lambda reader, connection: reader.state(connection),
    "records": lambda reader, connection: list(reader.records(connection, "case/1")),
}


def hired(world: World, user: str, *roles: Role) -> None:
    join(world.open("bank", user), invite(world.open("bank"), user, roles))


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_a_reader_of_an_administrators_reads_nothing_at_all(world, read):
    world.say("police", SAID)
    hired(world, "ada", Role.ADMINISTRATOR)
    reader = world.open("bank", "ada").reader
    with (
        reader.connect() as connection,
        pytest.raises(RefusedError, match="bank/ada may not look at the map"),
    ):
        read(reader, connection)


@pytest.mark.parametrize(
    "role", [role for role in Role if role is not Role.ADMINISTRATOR], ids=lambda r: r.value
)
def test_with_any_role_beside_an_administrator_looks(world, role):
    seqs = world.say("police", SAID)
    hired(world, "ada", Role.ADMINISTRATOR)
    if role in {Role.COORDINATOR, Role.OVERSEER}:
        appoint(world.open("bank"), "bank/ada", role)
    else:
        set_roles(world.open("bank"), "ada", [Role.ADMINISTRATOR, role])
    reader = world.open("bank", "ada").reader
    with reader.connect() as connection:
        assert len(list(reader.claims(connection, seqs))) == 1


def test_whoever_loses_the_right_to_look_reads_nothing_from_the_next_moment_on(world):
    """A reader that is already open asks again: no kept answer outlives the role."""
    seqs = world.say("police", SAID)
    hired(world, "ivo", Role.INVESTIGATOR)
    reader = world.open("bank", "ivo").reader
    with reader.connect() as connection:
        assert len(list(reader.claims(connection, seqs))) == 1
    set_roles(world.open("bank"), "ivo", [Role.ADMINISTRATOR])
    with reader.connect() as connection, pytest.raises(RefusedError):
        list(reader.claims(connection, seqs))


def test_who_has_left_sees_what_the_public_sees_and_is_told_of_no_role(world):
    """Refusing them would tell them apart from a stranger."""
    seqs = world.say("police", SAID) + world.say("police", SAID, marking=Marking(tlp=Tlp.GREEN), path="g")
    hired(world, "ivo", Role.INVESTIGATOR)
    let_go(world.open("bank"), "ivo")
    reader = world.open("bank", "ivo").reader
    with reader.connect() as connection:
        assert [one.seq for one in reader.claims(connection, seqs)] == seqs[:1]


def test_an_administrator_still_keeps_the_registers_and_reads_their_own_looks(world):
    hired(world, "ada", Role.ADMINISTRATOR)
    invite(world.open("bank", "ada"), "ben", [Role.VETTER])
    assert {one.user for one in staff(world.open("bank", "ada"))} == {"ada", "ben"}
    assert log(world.open("bank", "ada")) == []


def test_a_look_by_who_may_not_is_no_look_and_leaves_no_line(world):
    hired(world, "ada", Role.ADMINISTRATOR)
    with pytest.raises(RefusedError, match="may not look"):
        saw(world.open("bank", "ada"), "show", "evil.com")
    assert log(world.open("bank")) == []


def test_only_registers_and_ones_own_looks_are_read_without_the_right():
    """`books` is no way round: these files read people, members and looks alone, and no claim."""
    source = Path(chokepoint.__file__).parent
    using = {
        path.relative_to(source).as_posix()
        for path in source.rglob("*.py")
        if ".books" in path.read_text("utf-8")
    }
    assert using == {"desk/member.py", "desk/people/staff.py", "desk/watch/access.py"}
