"""Nothing hidden shows: not by what is said, not by numbers, not by order, whenever it was recorded."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from desk_world import RED, World, entity, sha

from chokepoint.desk.analyse import choke, load_snapshot
from chokepoint.desk.connect import connect
from chokepoint.desk.hand import export
from chokepoint.desk.identity import decide
from chokepoint.desk.looking.tell import countries, picture, routes, standings, telling
from chokepoint.desk.vetting.casting import Cast
from chokepoint.desk.vetting.queue import queue
from chokepoint.desk.vetting.review import simulate, vote
from chokepoint.graph.crossing import crossings
from chokepoint.model.claim import on_day
from chokepoint.model.judgement import Sameness, Vote
from chokepoint.model.marking import Marking, Tlp
from chokepoint.store.canonical import read_envelope

if TYPE_CHECKING:
    from collections.abc import Iterator

A, B = entity("malware:alphabot"), entity("malware:zetaware")
NAMES = ("m.cc", "b.cc", "z.cc", "a.ru", "q.live", "c.cc")
SITES = tuple(entity(f"domain-name:{name}") for name in NAMES)
SECRET = entity("malware:secretgang")
FRESH = on_day("2026-01-20")
BANK_ONLY = Marking(tlp=Tlp.RED, audience=frozenset({"bank"}))


def tell_open(world: World) -> None:
    """What everybody may see: two families tied by several domains, told by two publishers, and votes."""
    first = world.say("vendor", *[(site, "indicates", A) for site in SITES[:5]], origin="alpha", observed=FRESH,
                      grade="A1", path="one")  # fmt: skip
    second = world.say(
        "vendor", *[(site, "indicates", B) for site in SITES[1:]], origin="beta", grade="A1", path="two"
    )
    world.say(
        "vendor",
        (A, "alias", "Alpha Bot"),
        (B, "located-in", entity("country:ru")),
        origin="alpha",
        path="three",
    )
    world.say(
        "vendor", (entity("group:zeta"), "located-in", entity("country:ru")), origin="alpha", path="four"
    )
    ids = tuple(world.ids("vendor", [*first[:4], *second[:4]]))
    for member in ("police", "bank"):
        simulate(
            world.open("vendor"), [Cast(organisation=member, vote=Vote.CONFIRM, reason="rule", claims=ids)]
        )


def tell_hidden(world: World) -> None:
    """What the bank keeps to itself, about the same things in another order, and about others."""
    mine: dict[str, Any] = {"marking": RED, "origin": "informant", "observed": on_day("2026-02-01")}
    world.say("bank", (SITES[2], "indicates", B), path="h0", **mine)
    world.say("bank", *[(site, "indicates", SECRET) for site in reversed(SITES)], path="h1", **mine)
    world.say("bank", (B, "alias", "Alpha Bot"), (A, "alias", "Secretgang"), path="h2", **mine)
    world.say(
        "bank",
        (SITES[0], "compromised-by", B),
        (SITES[2], "listed-on", entity("known-list:ours")),
        path="h3",
        **mine,
    )
    world.say("bank", (entity("group:zeta"), "alias", "Secretgang"), (SECRET, "located-in", entity("country:ru")),
              path="h4", **mine)  # fmt: skip
    world.say(
        "bank", *[(entity(f"domain-name:h{n}.cc"), "indicates", A) for n in range(40)], path="h5", **mine
    )
    world.say("bank", (entity(f"file:{sha('x')}"), "indicates", A), path="h6", **mine)


def judge_hidden(world: World) -> None:
    """The bank's word on what only it sees, by mistake for everybody to see; and a vote on a closed claim."""
    bank = world.open("bank")
    connect(bank)
    decide(bank, ("malware:alphabot", "malware:secretgang"), Sameness.SAME, reason="informant")
    decide(bank, ("malware:zetaware", "malware:secretgang"), Sameness.SAME, reason="informant")
    closed = Marking(tlp=Tlp.RED, audience=frozenset({"bank", "vendor"}))
    seqs = world.say("vendor", (SITES[3], "indicates", A), path="closed", marking=closed)
    vote(bank, world.ids("bank", seqs), Vote.DISPUTE, "informant")


def looks(world: World) -> str:
    """Everything that the police can be told, as text."""
    police = world.open("police")
    view = load_snapshot(police)
    found = crossings(view.snapshot)
    accepted = crossings(view.snapshot, accepted_only=True)
    entities = view.entities(range(view.snapshot.size))
    order = sorted(entities, key=lambda node: str(entities[node]))
    nodes = range(view.snapshot.size)
    told = [
        json.dumps(choke(police).to_json()),
        repr(choke(police).lines()),
        repr([(str(entities[one.left]), str(entities[one.right]), one.belief, one.score) for one in found]),
        repr([plain(route) for route in routes(view, telling(view, found))]),
        repr([plain(route) for route in routes(view, telling(view, accepted))]),
        repr(countries(view)),
        repr(sorted(str(one) for one in standings(view, range(len(view.snapshot.subject))).values())),
        repr([(str(entities[n]), int(view.snapshot.flags[n]), int(view.snapshot.degree[n])) for n in order]),
        repr(sorted((node.id, node.flags) for node in picture(view, nodes).nodes)),
        repr(sorted(picture(view, nodes).edges)),
        repr(picture(view, nodes).countries),
        repr([str(claim.claim) for claim in queue(police)]),
        csv(world),
    ]
    return "\n".join(told)


def plain(route: object) -> object:
    """A route without the ids of its records, which carry a random salt."""
    hops = [(hop.start, hop.end, hop.property, hop.origin, hop.place, hop.belief) for hop in route.hops]  # type: ignore[attr-defined]
    return (route.title, hops, route.belief, route.warnings)  # type: ignore[attr-defined]


def csv(world: World) -> str:
    out = io.BytesIO()
    export(world.open("police"), "csv", out)
    return "\n".join(
        line.rpartition(",")[0].partition(",")[2] for line in out.getvalue().decode().splitlines()
    )


@pytest.fixture
def other(fresh: Path, tmp_path: Path) -> Iterator[World]:
    """A second atlas with the same members."""
    made = World(Path(shutil.copytree(fresh, tmp_path / "other")))
    yield made
    made.close()


def test_records_hidden_later_change_no_byte(world: World) -> None:
    tell_open(world)
    before = looks(world)
    tell_hidden(world)
    judge_hidden(world)
    assert looks(world) == before


def test_records_hidden_earlier_change_no_byte(world: World, other: World) -> None:
    """Also where they named first what everybody sees by now, and so gave it its number."""
    tell_open(world)
    tell_hidden(other)
    tell_open(other)
    judge_hidden(other)
    assert looks(other) == looks(world)


def test_the_hidden_records_are_there_for_their_owner(world: World) -> None:
    """Else the tests above would prove nothing."""
    tell_open(world)
    police = looks(world)
    tell_hidden(world)
    judge_hidden(world)
    view = load_snapshot(world.open("bank"))
    values = {one.value for one in view.entities(range(view.snapshot.size)).values()}
    assert {"secretgang", "h1.cc"} <= values
    assert len(view.snapshot.bond_left) > 0
    assert "secretgang" not in police


def test_a_judgement_on_what_is_hidden_joins_nothing_for_others(world: World) -> None:
    """Two visible things that a hidden third ties together stay two."""
    tell_open(world)
    tell_hidden(world)
    judge_hidden(world)
    view = load_snapshot(world.open("police"))
    assert len(view.snapshot.bond_left) == 0
    assert (view.snapshot.cluster == range(view.snapshot.size)).all()
    reader = world.open("police").reader
    with reader.connect() as connection:
        assert len(reader.sames(connection).left) == 0


def test_what_another_may_not_see_changes_no_proposal(world: World, other: World) -> None:
    tell_open(world)
    tell_hidden(other)
    tell_open(other)
    assert connect(other.open("police")).to_json() == connect(world.open("police")).to_json()


def test_the_public_sees_what_is_clear_and_no_more(world: World) -> None:
    tell_open(world)
    tell_hidden(world)
    bank = world.open("bank")
    out = io.BytesIO()
    done = export(bank, "csv", out)
    assert b"secretgang" not in out.getvalue()
    assert b"informant" not in out.getvalue()
    assert done.left_out > 0


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (Marking(), Marking()),
        (Marking(tlp=Tlp.GREEN), Marking(tlp=Tlp.GREEN)),
        (Marking(tlp=Tlp.AMBER), Marking(tlp=Tlp.AMBER_STRICT)),
        (RED, BANK_ONLY),
    ],
)
def test_a_judgement_is_as_closed_as_the_claims_by_which_both_are_known(
    world: World, given: Marking, kept: Marking
) -> None:
    world.say("bank", (SITES[0], "indicates", A), path="open")
    world.say("bank", (SITES[0], "indicates", SECRET), path="closed", marking=given)
    decide(world.open("bank"), ("malware:alphabot", "malware:secretgang"), Sameness.SAME, reason="seen")
    with world.open("bank").engine.connect() as connection:
        [body] = connection.exec_driver_sql("SELECT body FROM records ORDER BY seq DESC LIMIT 1").scalars()
    assert Marking.from_form(read_envelope(body).marking) == kept
