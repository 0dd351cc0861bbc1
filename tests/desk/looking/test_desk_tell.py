"""What a report draws and says of the map: names, ties, flags, dates, countries, each as the claims have it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from desk_world import World, entity

from chokepoint.desk.analyse import load_snapshot
from chokepoint.desk.connect import connect
from chokepoint.desk.identity import decide
from chokepoint.desk.looking.tell import (
    DRAWN,
    MOST_EVENTS,
    acceptance,
    between_nodes,
    countries,
    drawn,
    iso,
    markings,
    picture,
    routes,
    standings,
    telling,
)
from chokepoint.desk.vetting.casting import Cast
from chokepoint.desk.vetting.review import simulate, vote
from chokepoint.graph.columns import UNKNOWN
from chokepoint.graph.crossing import crossings
from chokepoint.model.claim import between, on_day, parse_day
from chokepoint.model.judgement import Sameness, Vote
from chokepoint.model.marking import CLEAR, Marking, Tlp
from chokepoint.package.privacy import Discretion, pseudonym
from chokepoint.store.base import CALIBRATION, RecordRow
from chokepoint.store.canonical import canonical

if TYPE_CHECKING:
    from chokepoint.desk.analyse import View
    from chokepoint.model.identity import Entity

A, B = entity("malware:alphabot"), entity("malware:zetaware")
SITES = tuple(entity(f"domain-name:n{number}.cc") for number in range(4))
GREEN = Marking(tlp=Tlp.GREEN)


def node(view: View, wanted: Entity) -> int:
    entities = view.entities(range(view.snapshot.size))
    return next(number for number, one in entities.items() if one == wanted)


def view_of(world: World, who: str = "bank") -> View:
    return load_snapshot(world.open(who))


def two_families(world: World) -> None:
    """Two families that two publishers tie to the same sites."""
    world.say(
        "vendor",
        *[(site, "indicates", A) for site in SITES],
        origin="alpha lab",
        path="a",
        observed=on_day("2026-01-20"),
    )
    world.say("bank", *[(site, "indicates", B) for site in SITES], origin="beta cert", path="b")


def test_a_report_tells_the_belief_that_measurement_asks_for_too(world: World) -> None:
    """Else a reader held what waits for it against the rule that it names."""
    bank = world.open("bank")
    said = {"organisations": [], "rings": [], "close": [], "apart": [], "usual": [800, 800], "bar": 950}
    bank.ledger.append(bank.speaker(), [RecordRow(CALIBRATION, canonical(said), GREEN)])
    assert "belief at least 0.95" in str(acceptance(view_of(world, "police")).value)


# --- days ---


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (0, "1970-01-01"),
        (-1, "1969-12-31"),
        (20487, "2026-02-03"),
        (UNKNOWN, ""),
        (UNKNOWN + 3_000_000_000, None),
    ],
)
def test_a_day_number_is_told_as_its_date(day: int, told: str | None) -> None:
    if told is None:
        with pytest.raises(OverflowError):
            iso(day)
    else:
        assert iso(day) == told


# --- crossings as routes ---


def test_a_crossing_is_told_by_both_names_and_how_many_things_tie_them(world: World) -> None:
    two_families(world)
    view = view_of(world)
    [route] = routes(view, telling(view, crossings(view.snapshot)))
    names = sorted(("alphabot", "zetaware"))
    assert route.title in {
        f"{names[0]} and {names[1]}, by 4 shared identifiers",
        f"{names[1]} and {names[0]}, by 4 shared identifiers",
    }
    assert not route.single_source
    assert {hop.origin for hop in route.hops} == {"alpha lab", "beta cert"}


def test_a_crossing_by_one_thing_counts_nothing(world: World) -> None:
    world.say("vendor", (SITES[0], "indicates", A), origin="alpha lab", path="a")
    world.say("bank", (SITES[0], "indicates", B), origin="beta cert", path="b")
    view = view_of(world)
    [route] = routes(view, crossings(view.snapshot))
    assert "shared identifiers" not in route.title


@pytest.mark.parametrize(
    ("one", "other", "kept"),
    [
        ("alphabot", "zetaware", True),
        ("alphabot", "alpha bot", False),
        ("alphabot", "alphabot 2", False),
        ("emotet", "emotet loader", False),
        ("qakbot", "qbot", False),
        ("dridex", "trickbot", True),
    ],
)
def test_names_that_are_nearly_one_are_no_discovery(
    world: World, one: str, other: str, *, kept: bool
) -> None:
    for number, name in enumerate((one, other)):
        world.say(
            "vendor",
            (SITES[0], "indicates", entity(f"malware:{name}")),
            origin=f"o{number}",
            path=f"{number}",
        )
    view = view_of(world)
    found = crossings(view.snapshot)
    assert found
    assert bool(telling(view, found)) is kept


def test_a_hop_tells_the_best_graded_record_with_its_place_and_date(world: World) -> None:
    two_families(world)
    world.say(
        "vendor", (SITES[0], "indicates", A), origin="rumour", grade="F6", path="rumour", place="page 9"
    )
    view = view_of(world)
    [route] = routes(view, telling(view, crossings(view.snapshot)))
    hop = next(one for one in route.hops if {one.start, one.end} & {A})
    assert (hop.source, hop.place) == (
        "a",
        f"line {1 + SITES.index(hop.end if hop.start == A else hop.start)}",
    )
    assert hop.observed is not None
    assert hop.observed.start == "2026-01-20"
    assert hop.verdict == "proposed"
    assert len(hop.record) == 64


def test_a_hop_that_a_simulated_vote_decided_says_so(world: World) -> None:
    two_families(world)
    view = view_of(world)
    ids = tuple(stored.id for stored in view.claims_at(view.snapshot.claim_seq.tolist()).values())
    for member in ("police", "vendor"):
        simulate(
            world.open("bank"), [Cast(organisation=member, vote=Vote.CONFIRM, reason="rule", claims=ids)]
        )
    view = view_of(world)
    [route] = routes(view, telling(view, crossings(view.snapshot)))
    assert any(hop.simulated for hop in route.hops)


def test_persons_at_the_ends_of_a_route_are_named_only_where_they_may_be(world: World) -> None:
    boss = entity("person:ivan ivanov")
    world.say("vendor", (SITES[0], "controlled-by", boss), origin="alpha lab", path="a")
    world.say("bank", (SITES[0], "indicates", B), origin="beta cert", path="b")
    view = view_of(world)
    found = crossings(view.snapshot)
    [hidden] = routes(view, found)
    [named] = routes(view, found, Discretion(public_persons=frozenset({boss})))
    assert pseudonym(boss, view.atlas.pseudonym_key) in hidden.title
    assert "ivanov" not in hidden.title
    assert "ivan ivanov" in named.title


def test_between_two_ends_lie_the_ties_of_both_and_nothing_else(world: World) -> None:
    two_families(world)
    world.say("bank", (SITES[0], "resolves-to", entity("ipv4-addr:9.9.9.9")), path="dns")
    view = view_of(world)
    [found] = telling(view, crossings(view.snapshot))
    rows = between_nodes(view, found)
    assert len(rows) == 8
    assert {view.snapshot.property_names[view.snapshot.relation[row]] for row in rows} == {"indicates"}


# --- pictures ---


def test_a_picture_flags_targets_shared_things_and_things_with_two_lives(world: World) -> None:
    shop, old, new = (
        entity("domain-name:shop.com"),
        entity("organisation:bakery"),
        entity("campaign:drop catch gang"),
    )
    early = between(parse_day("2012-01-01"), parse_day("2014-01-01"))
    world.say("vendor", (shop, "legitimate", old), observed=early, path="old", origin="registry")
    world.say("vendor", (shop, "indicates", new), observed=on_day("2024-01-01"), path="new", origin="report")
    host = entity("ipv4-addr:10.1.2.3")
    world.say("vendor", (shop, "resolves-to", host), path="dns")
    world.say("bank", (host, "listed-on", entity("known-list:cloud ranges")), path="known")
    connect(world.open("bank"))
    view = view_of(world)
    told = {one.id: one.flags for one in picture(view, [node(view, shop)], targets=[node(view, new)]).nodes}
    assert told[str(new)] == ("target",)
    assert told[str(host)] == ("shared",)
    assert told[str(shop)] == ("two lives",)
    assert told[str(old)] == ()


def test_an_edge_says_what_ties_how_sure_and_why_it_joins_nothing(world: World) -> None:
    host = entity("ipv4-addr:10.1.2.3")
    world.say("vendor", (SITES[0], "indicates", A), (SITES[0], "resolves-to", host), grade="A1")
    world.say("bank", (host, "listed-on", entity("known-list:cloud ranges")), path="known")
    view = view_of(world)
    edges = {edge.property: edge for edge in picture(view, [node(view, SITES[0])]).edges}
    assert edges["indicates"].warning == ""
    assert edges["resolves-to"].warning == "shared or parked: joins nothing"
    assert edges["indicates"].belief == pytest.approx(0.9168, abs=1e-3)
    assert edges["indicates"].verdict == "proposed"


def test_names_that_are_judged_one_are_drawn_as_one_cluster_with_their_tie(world: World) -> None:
    two_families(world)
    for who in ("bank", "police"):
        decide(world.open(who), ("alphabot", "zetaware"), Sameness.SAME, reason="one author")
    view = view_of(world)
    drawing = picture(view, [node(view, A)])
    groups = {one.id: one.cluster for one in drawing.nodes}
    assert groups[str(A)] == groups[str(B)] != ""
    assert {groups[str(site)] for site in SITES} == {""}
    [bond] = [edge for edge in drawing.edges if edge.property == "same-as"]
    assert bond.assessment
    assert {bond.start, bond.end} == {str(A), str(B)}


def test_a_picture_is_no_larger_than_it_may_be_and_keeps_its_centre(world: World) -> None:
    many = [(entity(f"domain-name:m{number}.cc"), "indicates", A) for number in range(DRAWN + 20)]
    world.say("bank", *many)
    view = view_of(world)
    drawing = picture(view, range(view.snapshot.size))
    assert len(drawing.nodes) == DRAWN
    assert str(A) in {one.id for one in picture(view, [node(view, A)], cap=5).nodes}
    assert len(picture(view, [node(view, A)], cap=5).nodes) == 5
    assert len(drawn(view, [node(view, A)], cap=5)) == 4


def test_a_picture_is_the_same_however_its_centres_are_ordered(world: World) -> None:
    two_families(world)
    view = view_of(world)
    centres = [node(view, A), node(view, B)]
    one, other = picture(view, centres), picture(view, centres[::-1])
    assert {each.id for each in one.nodes} == {each.id for each in other.nodes}
    assert picture(view, centres) == one


# --- dates ---


def test_the_timeline_tells_the_newest_first_and_no_more_than_it_can_show(world: World) -> None:
    for number in range(MOST_EVENTS + 5):
        day = f"20{10 + number // 12:02d}-{1 + number % 12:02d}-01"
        world.say(
            "bank", (SITES[0], "indicates", entity(f"malware:m{number}")), observed=on_day(day), path=day
        )
    view = view_of(world)
    events = picture(view, range(view.snapshot.size)).events
    starts = [event.start for event in events]
    assert len(events) == MOST_EVENTS
    assert starts == sorted(starts, reverse=True)
    assert "2010-01-01" not in starts


def test_what_is_undated_is_on_no_timeline(world: World) -> None:
    world.say("bank", (SITES[0], "indicates", A))
    view = view_of(world)
    assert picture(view, [node(view, A)]).events == ()


def test_an_event_keeps_both_its_ends_and_its_tie_in_words(world: World) -> None:
    observed = between(parse_day("2024-01-01"), parse_day("2024-02-29"))
    world.say(
        "bank",
        (SITES[0], "requests-payment-to", entity("crypto-address:19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds")),
        observed=observed,
    )
    view = view_of(world)
    [event] = picture(view, [node(view, SITES[0])]).events
    assert (event.start, event.end) == ("2024-01-01", "2024-03-01")
    assert event.label == "asks for payment to"
    assert event.ends == ("domain-name:n0.cc", "crypto-address:19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds")


# --- countries, standings, markings ---


def test_countries_count_groups_and_campaigns_and_nothing_else(world: World) -> None:
    russia, china = entity("country:ru"), entity("country:cn")
    world.say(
        "bank",
        (entity("group:one"), "located-in", russia),
        (entity("campaign:two"), "located-in", russia),
        (entity("group:three"), "located-in", china),
        (entity("organisation:bank of x"), "located-in", china),
        (A, "located-in", china),
    )
    told = [(one.country, one.entities) for one in countries(view_of(world))]
    assert told == [("RU", 2), ("CN", 1)]


def test_a_group_that_two_sources_place_alike_counts_once(world: World) -> None:
    for number in range(3):
        world.say(
            "bank",
            (entity("group:one"), "located-in", entity("country:ru")),
            path=f"{number}",
            origin=f"{number}",
        )
    assert [(one.country, one.entities) for one in countries(view_of(world))] == [("RU", 1)]


def test_every_claim_of_a_statement_stands_as_the_statement_does(world: World) -> None:
    first = world.say("bank", (SITES[0], "indicates", A), grade="A1")
    second = world.say("vendor", (SITES[0], "indicates", A), origin="elsewhere", path="b")
    for who in ("police",):
        vote(world.open(who), world.ids(who, first), Vote.CONFIRM, "seen")
    view = view_of(world)
    found = standings(view, range(len(view.snapshot.subject)))
    assert set(found) == {*first, *second}
    assert found[first[0]] == found[second[0]]


def test_the_markings_of_a_statement_are_those_of_all_its_claims_that_the_viewer_sees(world: World) -> None:
    world.say("bank", (SITES[0], "indicates", A))
    world.say("vendor", (SITES[0], "indicates", A), marking=GREEN, path="b")
    world.say("vendor", (SITES[0], "indicates", A), marking=Marking(tlp=Tlp.AMBER), path="c")
    assert markings(view_of(world), [0]) == {CLEAR, GREEN}
    assert markings(view_of(world, "vendor"), [0]) == {CLEAR, GREEN, Marking(tlp=Tlp.AMBER)}
    assert markings(view_of(world), []) == set()


def test_a_report_says_which_belief_the_measured_votes_ask_for_besides(world: World) -> None:
    world.say("bank", (A, "contact", SITES[0]))
    bank = world.open("bank")
    plain = acceptance(view_of(world))
    assert (plain.label, plain.value.partition(":")[0]) == ("Acceptance", "default")
    said = {"organisations": [], "rings": [], "close": [], "apart": {}, "usual": [800, 800], "bar": 931}
    bank.ledger.append(bank.speaker(), [RecordRow(CALIBRATION, canonical(said), CLEAR)])
    raised = acceptance(view_of(world)).value
    assert plain.value.removeprefix("default: ") in raised
    assert "belief at least 0.931" in raised
    assert raised.count("(") == raised.count(")")
