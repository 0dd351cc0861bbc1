"""The newest looks are the same whether all records are read or as few as it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from desk_world import entity

from chokepoint.desk.people.staff import appoint
from chokepoint.desk.watch import access
from chokepoint.desk.watch.access import log, record_looks, saw
from chokepoint.model.role import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk_world import World

    from chokepoint.desk.atlas import Atlas

SITE, GANG = entity("domain-name:evil.com"), entity("group:bad gang")
RECORDED_LATE = 40
"""Minute of a look whose record is made when all others' are."""


def minute(number: int) -> str:
    return f"2026-03-01T{number // 60:02}:{number % 60:02}:00.000Z"


@pytest.fixture(scope="module")
def olga(worlds: Callable[[], World]) -> Atlas:
    """An overseer's atlas: 90 looks of three members in 30 records, of which the vendor's are recorded last."""
    world = worlds()
    appoint(world.open("bank"), "vendor/olga", Role.OVERSEER)
    for number in range(90):
        world.clock = minute(number)
        who = "vendor" if number == RECORDED_LATE else ("bank", "police")[number % 2]
        saw(world.open(who), "show", str(number), [SITE if number % 5 else GANG])
        if number % 3 == 2 and who != "vendor":
            record_looks(world.open("bank"), own=True)
            record_looks(world.open("police"), own=True)
    world.clock = minute(100)
    return world.open("vendor", "olga")


def asked(found: list[access.Seen]) -> list[str]:
    return [one.entry.asked for one in found]


def test_looks_come_by_their_moment_even_where_a_record_came_late(olga: Atlas) -> None:
    assert asked(log(olga)) == [str(number) for number in range(89, -1, -1)]


@pytest.mark.parametrize("most", [0, 1, 2, 49, 50, 51, 89, 90, 91])
def test_so_many_of_the_newest_are_the_first_of_all(olga: Atlas, most: int) -> None:
    assert log(olga, most=most) == log(olga)[:most]


@pytest.mark.parametrize(
    "sought",
    [
        pytest.param({"about": GANG}, id="about an entity"),
        pytest.param({"who": "police"}, id="of a member"),
        pytest.param({"who": "vendor"}, id="of whom there is one"),
        pytest.param({"case": ""}, id="outside any case"),
        pytest.param({"case": "case-none"}, id="for a case without any"),
    ],
)
@pytest.mark.parametrize("most", [1, 7, 200])
def test_the_newest_that_fit_are_the_first_of_all_that_fit(olga: Atlas, sought, most: int) -> None:
    assert log(olga, **sought, most=most) == log(olga, **sought)[:most]


def test_few_records_are_read_for_few_looks(olga: Atlas, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []
    real = access.read_envelope
    monkeypatch.setattr(access, "read_envelope", lambda body: opened.append(body) or real(body))
    log(olga)
    every = len(opened)
    opened.clear()
    log(olga, most=3)
    assert len(opened) <= 5 < every


def test_looks_of_one_moment_come_in_one_order_however_many_are_asked_for(world: World) -> None:
    for number in range(8):
        saw(world.open("bank"), "show", str(number), [SITE])
        if number % 3 == 0:
            record_looks(world.open("bank"), own=True)
    every = asked(log(world.open("bank")))
    assert sorted(every) == [str(number) for number in range(8)]
    assert [asked(log(world.open("bank"), most=most)) for most in range(9)] == [
        every[:most] for most in range(9)
    ]
