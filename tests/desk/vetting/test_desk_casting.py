"""Votes that come at once: each is judged as if it had come alone, and a question is asked for all of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from desk_world import RED, World, entity
from sqlalchemy import event

from chokepoint.desk.people.circle import change_group, make_group
from chokepoint.desk.vetting.casting import Ballot, Cast, cast_together
from chokepoint.desk.vetting.review import vote, votes_on
from chokepoint.model.errors import NotFoundError, RefusedError
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import Marking, Tlp, Viewer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.desk.atlas import Atlas

GANG = entity("malware:gang")
SHARED = Marking(tlp=Tlp.AMBER, audience=frozenset({"bank", "police"}))
SITES = [entity(f"domain-name:n{number}.com") for number in range(6)]


@pytest.fixture
def wide(world: World) -> Iterator[World]:
    """Members bank, police, vendor, ngo."""
    world.join("ngo")
    return world


def ballot(atlas: Atlas, claims: list[str], word: Vote = Vote.CONFIRM, **more: object) -> Ballot:
    return Ballot(
        atlas,
        Cast(organisation=atlas.viewer.organisation, vote=word, reason="seen", claims=tuple(claims), **more),  # type: ignore[arg-type]
    )


def outcome(made: object) -> object:
    return (type(made), str(made)) if isinstance(made, Exception) else (made.speaker, made.rows)  # type: ignore[attr-defined]


def asked(world: World) -> list[Ballot]:
    """Ballots of all kinds: own, hidden, absent, of the same statement, of a text, unread, allowed."""
    ids = world.ids("bank", world.say("bank", *[(site, "indicates", GANG) for site in SITES]))
    closed = world.ids("bank", world.say("bank", (SITES[0], "uses", GANG), marking=SHARED, path="a.txt"))
    texts = world.ids(
        "bank", world.say("bank", (SITES[0], "alias", "x"), (SITES[0], "alias", "y"), path="t.txt")
    )
    world.say("police", (SITES[1], "indicates", GANG), path="p.txt")
    world.say("police", (SITES[0], "alias", "y"), path="q.txt")
    world.say("vendor", (SITES[2], "indicates", GANG), path="v.txt", marking=RED)
    bank, police, vendor, ngo = (world.open(name) for name in ("bank", "police", "vendor", "ngo"))
    return [
        ballot(bank, ids[:1]),
        ballot(police, ids[:1]),
        ballot(police, ids[1:2]),
        ballot(police, ids[1:2], Vote.DISPUTE),
        ballot(police, closed),
        ballot(ngo, closed),
        ballot(ngo, ["0" * 64]),
        ballot(ngo, ["no id"]),
        ballot(vendor, ids[2:3]),
        ballot(ngo, ids[2:3]),
        ballot(police, texts[:1]),
        ballot(police, texts[1:]),
        ballot(police, [*ids[3:5], *closed, *texts[:1]]),
        ballot(ngo, [*ids[3:5], *closed]),
        ballot(ngo, ids[5:], despite=True),
        ballot(world.open("police", "ann"), ids[4:]),
        ballot(world.open("stranger"), closed),
    ]


def test_votes_that_come_at_once_are_judged_as_each_would_be_alone(wide: World) -> None:
    ballots = asked(wide)
    with ballots[0].atlas.engine.connect() as connection:
        together = cast_together(connection, ballots, {})
        alone = [cast_together(connection, [one], {})[0] for one in ballots]
        backwards = cast_together(connection, ballots[::-1], {})[::-1]
    assert list(map(outcome, together)) == list(map(outcome, alone)) == list(map(outcome, backwards))
    refused = [number for number, made in enumerate(together) if isinstance(made, Exception)]
    assert refused == [0, 2, 5, 6, 7, 8, 11, 13, 14, 16]
    assert [number for number in refused if isinstance(together[number], NotFoundError)] == [5, 6, 7, 13, 16]


def test_a_vote_at_once_with_others_asks_nothing_more_of_the_ledger(wide: World) -> None:
    """Sixteen voters share each question: that is what makes many votes cheap."""
    ids = wide.ids("bank", wide.say("bank", *[(site, "indicates", GANG) for site in SITES]))
    police, ngo = wide.open("police"), wide.open("ngo")
    counts = []
    memory: dict[object, object] = {}
    for ballots in ([], [police, ngo], [police, ngo], [police, ngo] * 20):
        said: list[str] = []
        with police.engine.connect() as connection:
            event.listen(connection, "before_cursor_execute", lambda *a, said=said: said.append(a[2]))
            cast_together(connection, [ballot(one, [ids[n % 6]]) for n, one in enumerate(ballots)], memory)
        counts.append(len(said))
    assert counts[2] == counts[3] < counts[1], "what voters may see is looked up once"


def test_a_refused_vote_stops_nobody_elses(wide: World) -> None:
    ids = wide.ids("bank", wide.say("bank", (SITES[0], "indicates", GANG)))
    with pytest.raises(RefusedError, match="their own"):
        vote(wide.open("bank"), ids, Vote.CONFIRM, "mine")
    assert vote(wide.open("police"), ids, Vote.CONFIRM, "seen") == 1
    assert [one["organisation"] for one in votes_on(wide.open("police"), ids)[ids[0]]] == ["police"]


def test_a_voter_whose_circle_has_closed_finds_no_claim_there(wide: World) -> None:
    """What it might see is remembered between votes, but not beyond a change of who is in which circle."""
    bank = wide.open("bank")
    group = make_group(bank, "desk", ["police"])
    closed = Marking(tlp=Tlp.AMBER, audience=frozenset({group.scope}))
    ids = wide.ids(
        "bank", wide.say("bank", *[(site, "indicates", GANG) for site in SITES[:2]], marking=closed)
    )
    police = replace(bank, viewer=Viewer(organisation="police"))
    assert vote(police, ids[:1], Vote.CONFIRM, "seen") == 1
    change_group(bank, "desk", remove=["police"])
    with pytest.raises(NotFoundError):
        vote(police, ids[1:], Vote.CONFIRM, "seen")


def test_a_claim_said_by_the_voter_a_moment_before_is_its_own_by_then(wide: World) -> None:
    """The question is asked in the transaction that appends the vote."""
    ids = wide.ids("bank", wide.say("bank", (SITES[0], "indicates", GANG)))
    police = wide.open("police")
    wide.say("police", (SITES[0], "indicates", GANG), path="same.txt")
    with pytest.raises(RefusedError, match="their own"):
        vote(police, ids, Vote.CONFIRM, "seen")


def test_of_many_texts_about_one_thing_the_voters_own_alone_are_refused(wide: World) -> None:
    words = [f"alias {number}" for number in range(40)]
    ids = wide.ids("bank", wide.say("bank", *[(SITES[0], "alias", word) for word in words]))
    wide.say("police", *[(SITES[0], "alias", word) for word in words[7:9]], path="police.txt")
    police = wide.open("police")
    with police.engine.connect() as connection:
        made = cast_together(connection, [ballot(police, [name]) for name in ids], {})
    assert [number for number, one in enumerate(made) if isinstance(one, RefusedError)] == [7, 8]
    assert vote(police, ids, Vote.DISPUTE, "no confirmation of one's own") == 40


def test_what_was_looked_up_for_one_vote_serves_no_other_records_place(wide: World) -> None:
    """Votes of several members in one transaction each reach the claims that they name."""
    ids = wide.ids("bank", wide.say("bank", *[(site, "indicates", GANG) for site in SITES]))
    police, ngo = wide.open("police"), wide.open("ngo")
    ballots = [ballot(police, ids[:2]), ballot(ngo, ids[1:3]), ballot(police, ids[3:4])]
    with police.engine.connect() as connection:
        made = cast_together(connection, ballots, {})
        rows = connection.exec_driver_sql("SELECT seq, id FROM records").all()
    seqs = {bytes(name): seq for seq, name in rows}
    assert all(one.places[name] == seqs[name] for one in made for name in one.places)  # type: ignore[union-attr]
    assert {name.hex() for one in made for name in one.places} == set(ids[:4])  # type: ignore[union-attr]
