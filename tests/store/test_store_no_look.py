"""On each engine whoever may not look reads nothing, leaves no connection open, and moved people no second voice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from store_world import link, say, seen_by

from chokepoint.desk.people.staff import invite, join, let_go, set_roles
from chokepoint.desk.vetting.review import vote as cast
from chokepoint.model.errors import RefusedError
from chokepoint.model.judgement import Vote
from chokepoint.model.role import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from chokepoint.desk.atlas import Atlas


def hired(one: Atlas, organisation: str, user: str, role: Role = Role.VETTER) -> Atlas:
    join(seen_by(one, organisation, user), invite(seen_by(one, organisation), user, [role]))
    return seen_by(one, organisation, user)


def test_an_administrator_opens_no_reader_and_leaves_no_connection(anywhere: Callable[..., Atlas]) -> None:
    one = anywhere("bank", "police", "vendor")
    [seq] = say(one, [link("evil.com", "192.0.2.1")]).seqs
    ada = hired(one, "bank", "ada", Role.ADMINISTRATOR)
    for _ in range(12):  # more than any pool holds
        with pytest.raises(RefusedError, match="bank/ada may not look"), ada.reader.connect() as connection:
            ada.reader.state(connection)
    set_roles(seen_by(one, "bank"), "ada", [Role.ADMINISTRATOR, Role.VETTER])
    reader = ada.reader
    with reader.connect() as connection:
        assert [claim.seq for claim in reader.claims(connection, [seq])] == [seq]


def test_who_moves_has_no_second_voice_on_any_engine(anywhere: Callable[..., Atlas]) -> None:
    one = anywhere("bank", "police", "vendor")
    [seq] = say(one, [link("evil.com", "192.0.2.1")]).seqs
    reader = one.reader
    with reader.connect() as connection:
        [name] = [claim.id for claim in reader.claims(connection, [seq])]
    cast(hired(one, "police", "ann"), [name], Vote.CONFIRM, "looked")
    let_go(seen_by(one, "police"), "ann")
    moved = hired(one, "vendor", "ann")
    with pytest.raises(RefusedError, match="at another organisation"):
        cast(moved, [name], Vote.CONFIRM, "looked again")
