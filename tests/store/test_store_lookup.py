"""What people look up, on every engine: each answer in full, and the same answer without what is hidden."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from store_world import RED, capture, link, record, same, say, seen_by, source

from chokepoint.model.claim import Claim
from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR, Marking, Tlp
from chokepoint.store import lookup
from chokepoint.store.base import UNKNOWN_DAY
from chokepoint.store.interning import Space
from chokepoint.store.siblings import siblings

EVIL, GANG = Entity("domain-name", "evil.example"), Entity("group", "Sand Worm")
BEAR = Entity("group", "Voodoo Bear")
PERSON = Entity("person", "Ann Example")
HOST = Entity("ipv4-addr", "10.1.1.1")
ABSENT = Entity("domain-name", "absent.example")
OPEN, SECRET = source("open.txt", origin="an open list"), source("secret.txt", RED, "an informant")
MEMBERS = source("members.txt", Marking(tlp=Tlp.GREEN), "a member")
SAID = (
    Claim(EVIL, "resolves-to", HOST, "1", OPEN),
    Claim(EVIL, "indicates", GANG, "2", OPEN),
    Claim(GANG, "alias", "Voodoo Bear", "3", OPEN),
    Claim(GANG, "alias", "the WORM of sands", "4", OPEN),
    Claim(PERSON, "alias", "Voodoo Bear", "5", OPEN),
    Claim(Entity("domain-name", "secret.example"), "indicates", GANG, "6", SECRET),
    Claim(EVIL, "resolves-to", Entity("ipv4-addr", "10.9.9.9"), "7", SECRET),
    Claim(GANG, "alias", "informant's Voodoo Bear", "8", SECRET),
    Claim(BEAR, "uses", EVIL, "9", MEMBERS),
)
OPEN_ONES, MEMBERS_ONES = (0, 1, 2, 3, 4), (0, 1, 2, 3, 4, 8)
SEES = {"bank": tuple(range(9)), "police": MEMBERS_ONES, "stranger": OPEN_ONES}
viewers = pytest.mark.parametrize("viewer", SEES)


class World(NamedTuple):
    """An atlas in which all was said, with the positions of the claims."""

    atlas: object
    seqs: tuple[int, ...]

    def of(self, viewer):
        """What one viewer asks with."""
        return seen_by(self.atlas, viewer).reader

    def shown(self, viewer, *numbers):
        """Positions of those of these claims that a viewer may see."""
        return [self.seqs[number] for number in numbers if number in SEES[viewer]]


@pytest.fixture(scope="module")
def world(lasting):
    seqs = []
    for claim in SAID:
        path = {OPEN.capture: "open.txt", SECRET.capture: "secret.txt"}.get(
            claim.provenance.capture, "members.txt"
        )
        seqs += say(lasting, [claim], [path]).seqs
    told = [same(GANG, BEAR), same(EVIL, ABSENT), same(GANG, EVIL, RED)]
    lasting.ledger.append(lasting.speaker(), told)
    return World(lasting, tuple(seqs))


@viewers
def test_known_gives_a_number_to_what_the_viewers_map_holds(world, viewer):
    reader = world.of(viewer)
    asked = [
        EVIL,
        GANG,
        HOST,
        BEAR,
        ABSENT,
        Entity("domain-name", "secret.example"),
        Entity("malware", "Sand Worm"),
    ]
    with reader.connect() as connection:
        found = lookup.known(reader, connection, asked)
        assert reader.entities(connection, found.values()) == {number: one for one, number in found.items()}
    expected = {EVIL, GANG, HOST}
    expected |= {BEAR} if viewer != "stranger" else set()
    expected |= {Entity("domain-name", "secret.example")} if viewer == "bank" else set()
    assert set(found) == expected


@viewers
def test_hidden_and_absent_have_the_same_number_which_is_none(world, viewer):
    reader = world.of(viewer)
    with reader.connect() as connection:
        assert reader.eid(connection, ABSENT) is None
        hidden = reader.eid(connection, Entity("domain-name", "secret.example"))
    assert (hidden is None) == (viewer != "bank")


@viewers
def test_claim_counts_count_what_is_seen(world, viewer):
    reader = world.of(viewer)
    with reader.connect() as connection:
        known = lookup.known(reader, connection, [EVIL, GANG])
        counts = lookup.claim_counts(reader, connection, list(known.values()))
    assert counts[known[EVIL]] == len(world.shown(viewer, 0, 1, 6, 8))
    assert counts[known[GANG]] == len(world.shown(viewer, 1, 2, 3, 5, 7))


@viewers
def test_about_lists_the_newest_first_and_no_more_than_asked_for(world, viewer):
    reader = world.of(viewer)
    with reader.connect() as connection:
        eid = reader.eid(connection, GANG)
        whole = reader.about(connection, eid)
        assert whole == sorted(world.shown(viewer, 1, 2, 3, 5, 7), reverse=True)
        for limit in range(7):
            assert reader.about(connection, eid, limit=limit) == whole[:limit]


@viewers
def test_paths_are_told_of_captures_that_are_seen(world, viewer):
    reader = world.of(viewer)
    with reader.connect() as connection:
        paths = lookup.paths_of(reader, connection, world.seqs)
    expected = dict.fromkeys(world.shown(viewer, *OPEN_ONES), "open.txt")
    expected |= dict.fromkeys(world.shown(viewer, 5, 6, 7), "secret.txt")
    assert paths == expected | dict.fromkeys(world.shown(viewer, 8), "members.txt")


@viewers
def test_captures_are_given_with_their_marking_in_ledger_order(world, viewer):
    reader = world.of(viewer)
    with reader.connect() as connection:
        found = lookup.captures_of(reader, connection, world.seqs)
    labels = [marking.tlp for marking, _ in found]
    assert labels == [Tlp.CLEAR, *[Tlp.RED] * (viewer == "bank"), *[Tlp.GREEN] * (viewer != "stranger")]
    assert all(len(name) == 64 for _, name in found)


@viewers
def test_which_records_are_seen_says_nothing_of_those_that_are_not(world, viewer):
    reader = world.of(viewer)
    with reader.connect() as connection:
        assert lookup.records_seen(reader, connection, [*world.seqs, 10**9]) == set(
            world.shown(viewer, *range(9))
        )
        assert lookup.records_seen(reader, connection, []) == set()


@viewers
def test_judgements_are_given_between_things_of_the_map_alone(world, viewer):
    reader = world.of(viewer)
    with reader.connect() as connection:
        whole = lookup.sames(reader, connection, 10)
        about = lookup.sames_of(reader, connection, reader.eid(connection, GANG))
    pairs = [{one.left, one.right} for one in whole]
    assert pairs == [
        *([{GANG, EVIL}] if viewer == "bank" else []),
        *([{GANG, BEAR}] if viewer != "stranger" else []),
    ]
    assert [one.id for one in about] == [one.id for one in whole][::-1]
    assert all(
        (one.organisation, one.sameness, one.said) == ("bank", "same", {"reason": "r"}) for one in whole
    )


def test_the_newest_judgements_come_first_and_as_many_as_asked_for(world):
    reader = world.of("bank")
    with reader.connect() as connection:
        whole = [one.id for one in lookup.sames(reader, connection, 10)]
        assert [one.id for one in lookup.sames(reader, connection, 1)] == whole[:1]
        assert lookup.sames(reader, connection, 0) == []


@viewers
@pytest.mark.parametrize(
    ("words", "claims"),
    [
        pytest.param("Voodoo Bear", (2, 4, 7), id="as-written"),
        pytest.param("voodoo bear", (2, 4, 7), id="small"),
        pytest.param("VOODOO-BEAR", (2, 4, 7), id="other-marks-between"),
        pytest.param("worm sands", (3, 4), id="with-something-between"),
        pytest.param("bear voodoo", (4,), id="in-another-order"),
        pytest.param("qzx%", (4,), id="a-wildcard-of-sql"),
    ],
)
def test_a_name_is_borne_by_claims_in_which_its_words_stand_in_order(world, viewer, words, claims):
    """What is sealed cannot be compared here: claim 4, of a person, is always given for the reader to read."""
    reader = world.of(viewer)
    with reader.connect() as connection:
        found = lookup.bearing(reader, connection, words)
    assert [one.seq for one in found] == world.shown(viewer, *claims)
    assert all(one.claim.property == "alias" for one in found)


@viewers
def test_links_of_subjects_say_who_says_what(world, viewer):
    reader = world.of(viewer)
    with reader.connect() as connection:
        known = lookup.known(reader, connection, [EVIL, GANG, HOST])
        found = lookup.links_of(
            reader, connection, known.values(), ["resolves-to", "indicates", "unheard-of"]
        )
        objects = reader.entities(connection, [one.object for one in found])
    told = [(one.property, objects[one.object].value, one.origin, one.contributor) for one in found]
    assert told == [
        ("resolves-to", "10.1.1.1", "an open list", "bank"),
        ("indicates", "Sand Worm", "an open list", "bank"),
        *([("resolves-to", "10.9.9.9", "an informant", "bank")] if viewer == "bank" else []),
    ]


def test_links_under_no_property_or_of_nobody_are_none(world):
    reader = world.of("bank")
    with reader.connect() as connection:
        eid = reader.eid(connection, EVIL)
        assert lookup.links_of(reader, connection, [eid], []) == []
        assert lookup.links_of(reader, connection, [], ["indicates"]) == []


@viewers
def test_texts_are_found_of_some_or_of_all(world, viewer):
    reader = world.of(viewer)
    with reader.connect() as connection:
        gang = reader.eid(connection, GANG)
        whole = world.shown(viewer, 2, 3, 4, 7)
        assert lookup.texts_of(reader, connection, None, limit=100) == whole
        assert lookup.texts_of(reader, connection, [gang], limit=100) == world.shown(viewer, 2, 3, 7)
        assert lookup.texts_of(reader, connection, [], limit=100) == []


@pytest.mark.parametrize("limit", [0, 1, 2, 3, 4, 5])
def test_texts_stop_one_past_the_limit_so_that_more_is_known_of(world, limit):
    reader = world.of("bank")
    with reader.connect() as connection:
        assert len(lookup.texts_of(reader, connection, None, limit=limit)) == min(4, limit + 1)


@viewers
@pytest.mark.parametrize("digits", [1, 2, 8, 15, 16, 17, 63, 64])
def test_the_beginning_of_an_id_leads_to_the_claims_that_begin_so(world, viewer, digits):
    reader = world.of("bank")
    with reader.connect() as connection:
        every = {one.seq: one.id for one in reader.claims(connection, world.seqs)}
    mine = world.of(viewer)
    with mine.connect() as connection:
        for seq in world.seqs:
            found = lookup.claim_ids(mine, connection, every[seq][:digits])
            fitting = {
                every[one]
                for one in world.shown(viewer, *range(9))
                if every[one].startswith(every[seq][:digits])
            }
            assert set(found) <= fitting
            assert len(found) == min(2, len(fitting))


@pytest.mark.parametrize("beginning", ["g", "0x", "A", "a" * 65, "%", "' OR 1"], ids=repr)
def test_what_begins_no_id_leads_nowhere(world, beginning):
    reader = world.of("bank")
    with reader.connect() as connection:
        assert lookup.claim_ids(reader, connection, beginning) == []


@viewers
def test_labels_and_origins_are_those_of_what_is_seen(world, viewer):
    reader = world.of(viewer)
    with reader.connect() as connection:
        labels, origins = reader.labels(connection), set(reader.names(connection, Space.ORIGIN).values())
    expected = {
        "bank": ({Tlp.CLEAR, Tlp.GREEN, Tlp.RED}, {"an open list", "a member", "an informant"}),
        "police": ({Tlp.CLEAR, Tlp.GREEN}, {"an open list", "a member"}),
        "stranger": ({Tlp.CLEAR}, {"an open list"}),
    }
    assert (labels, origins) == expected[viewer]


@viewers
def test_claims_with_a_property_are_found_in_order(world, viewer):
    reader = world.of(viewer)
    with reader.connect() as connection:
        assert reader.with_property(connection, ["alias", "uses"]) == world.shown(viewer, 2, 3, 4, 7, 8)
        assert reader.with_property(connection, []) == []
        texts = reader.with_property(connection, ["alias", "uses"], texts=True)
        shown = reader.claims(connection, reader.with_property(connection, ["alias", "uses"]))
        assert texts == [one.seq for one in shown if isinstance(one.claim.object, str)]
        assert reader.with_property(connection, ["never-said"]) == []


@viewers
def test_captures_are_named_by_the_oldest_name_that_is_seen(world, viewer):
    reader = world.of(viewer)
    asked = [capture(path).sha256 for path in ("open.txt", "secret.txt", "members.txt", "no.txt")]
    with reader.connect() as connection:
        found = reader.captures(connection, asked)
    names = {"open.txt"} | ({"members.txt"} if viewer != "stranger" else set())
    assert set(found.values()) == names | ({"secret.txt"} if viewer == "bank" else set())


@viewers
def test_a_map_is_read_in_columns(world, viewer):
    reader = world.of(viewer)
    with reader.connect() as connection:
        links = reader.links(connection)
        nodes = reader.nodes(connection, links.object)
    assert links.seq.tolist() == world.shown(viewer, 0, 1, 5, 6, 8)
    assert set(links.start.tolist()) == set(links.end.tolist()) == {UNKNOWN_DAY}
    assert set(nodes.value) == {SAID[world.seqs.index(seq)].object.value for seq in links.seq.tolist()}


def test_older_claims_that_say_the_same_are_found_beside_those_at_hand(world):
    """Each claim at hand is said again by the police, so that the bank's older one is its sibling."""
    police = seen_by(world.atlas, "police")
    again = say(police, [SAID[1], SAID[2]], ["open.txt"]).seqs
    reader = world.of("stranger")
    with reader.connect() as connection:
        gang = reader.eid(connection, GANG)
        found = siblings(reader, connection, gang, again)
    assert [(one.seq, one.twin, one.contributor) for one in found] == [
        (world.seqs[1], again[0], "bank"),
        (world.seqs[2], again[1], "bank"),
    ]
    assert {(one.origin, one.reliability, one.credibility) for one in found} == {("an open list", 1, 2)}


def test_a_record_of_an_older_version_is_read_with_those_of_its_kind(world):
    atlas = world.atlas
    atlas.ledger.append(atlas.speaker(), [record("organisation/1", {"name": "x", "public_key": "00"})])
    with atlas.reader.connect() as connection:
        bodies = [body for _, _, body in atlas.reader.records(connection, "organisation/2")]
        assert any(b'"organisation/1"' in body for body in bodies)
        assert not any(
            b'"organisation/2"' in body for _, _, body in atlas.reader.records(connection, "organisation/1")
        )


def test_the_marking_of_records_that_are_no_claims_is_told_to_those_who_see_them(world):
    atlas = world.atlas
    seqs = atlas.ledger.append(
        atlas.speaker(), [record("test/1", {"n": 1}), record("test/1", {"n": 2}, RED)]
    ).seqs
    with atlas.reader.connect() as connection:
        assert [one.tlp for one in atlas.reader.markings_at(connection, seqs).values()] == [
            Tlp.CLEAR,
            Tlp.RED,
        ]
    reader = world.of("police")
    with reader.connect() as connection:
        assert reader.markings_at(connection, seqs) == {seqs[0]: CLEAR}


@viewers
@pytest.mark.parametrize("many", [False, True], ids=["one by one", "whole table"])
@pytest.mark.parametrize(
    ("asked", "expected"),
    [((0,), (0, 9)), ((1,), (1,)), ((6,), (6,)), ((2,), ()), ((), ()), ((5, 9), (0, 5, 9))],
)
def test_links_like_some_are_all_that_state_the_same(
    lasting_twins, viewer, many, asked, expected, monkeypatch
):
    """Claim 9 is claim 0 in another's mouth; 1 has the same subject and another object; 6 is secret; 2 a text."""
    monkeypatch.setattr("chokepoint.store.columns.FEW", -1 if many else 20_000)
    world, again = lasting_twins
    seqs = (*world.seqs, again)
    reader = world.of(viewer)
    with reader.connect() as connection:
        found = reader.links_like(connection, np.array(sorted(seqs[one] for one in asked), np.int64))
        everything = reader.links(connection)
    seen = {seqs[one] for one in expected if one in SEES[viewer] or one == 9}
    assert set(found.seq.tolist()) & {*seqs} == seen
    at = np.isin(everything.seq, found.seq)
    assert all(
        getattr(found, name).tolist() == getattr(everything, name)[at].tolist()
        for name in found.__dataclass_fields__
    )


@pytest.fixture(scope="module")
def lasting_twins(world):
    """The world with claim 0 said again by the police."""
    return world, say(seen_by(world.atlas, "police"), [SAID[0]], ["open.txt"]).seqs[0]


@pytest.mark.parametrize("until", range(6))
def test_what_is_known_of_a_thing_is_told_up_to_the_readers_position(anywhere, until):
    made = anywhere()
    seqs = []
    for number in range(3):
        path = f"{number}.txt"
        seqs += say(made, [link(f"{number}.example", "10.0.0.1", source(path))], [path]).seqs
    now = made.reader
    with now.connect() as connection:
        hub = now.eid(connection, Entity("ipv4-addr", "10.0.0.1"))
        position = seqs[0] - 1 + until
        then = now.as_of(position, 0)
        known = [seq for seq in reversed(seqs) if seq <= position]
        assert then.about(connection, hub) == known
        assert then.about(connection, hub, limit=1) == known[:1]
        assert lookup.claim_counts(then, connection, [hub]) == {hub: len(known)}
