"""Siblings: exactly the older claims in sight that say the same, however they are found."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from store_world import AMBER, RED, capture, link, say, seen_by, source

from chokepoint.model.claim import Claim
from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR
from chokepoint.store.base import grade_codes
from chokepoint.store.siblings import siblings

HUB = Entity("malware", "hub")
OTHERS = [Entity("domain-name", f"{letter}.com") for letter in "ab"]
TEXTS = ["one name", "another"]

said = st.lists(
    st.tuples(
        st.sampled_from(["bank", "police"]),
        st.sampled_from(["indicates", "alias"]),
        st.booleans(),
        st.integers(0, 1),
        st.sampled_from([CLEAR, RED, AMBER]),
        st.sampled_from(["x", "y"]),
    ),
    min_size=1,
    max_size=14,
)


def tell(atlas, history):
    """One claim an entry about the hub, from either end, each out of a file of its own."""
    for number, (who, name, forth, other, marking, origin) in enumerate(history):
        path = f"{number}.txt"
        one, two = (HUB, OTHERS[other]) if forth else (OTHERS[other], HUB)
        thing = TEXTS[other] if name == "alias" else two
        subject = HUB if name == "alias" else one
        claim = Claim(subject, name, thing, "line 1", replace(source(path, marking), origin=origin))
        say(seen_by(atlas, who), [claim], [path])


@settings(max_examples=40)
@given(said, st.integers(1, 6))
def test_siblings_are_the_older_claims_that_say_the_same(atlas, tmp_path_factory, history, newest):
    made = atlas("bank", "police", name=tmp_path_factory.mktemp("siblings").name)
    tell(made, history)
    reader = made.reader
    with reader.connect() as connection:
        hub = reader.eid(connection, HUB)
        if hub is None:
            return
        every = list(reader.claims(connection, reader.about(connection, hub)))
        shown, older = every[-newest:], every[:-newest]
        found = siblings(reader, connection, hub, [one.seq for one in shown])
    by_seq = {one.seq: one for one in every}
    sentence = {one.seq: (one.claim.subject, one.claim.property, one.claim.object) for one in every}
    at_hand = {sentence[one.seq] for one in shown}
    assert [one.seq for one in found] == [one.seq for one in older if sentence[one.seq] in at_hand]
    for one in found:
        claim = by_seq[one.seq]
        assert sentence[one.twin] == sentence[one.seq]
        assert one.twin in {shown_one.seq for shown_one in shown}
        assert (one.origin, one.contributor) == (claim.claim.provenance.origin, claim.contributor)
        assert (one.reliability, one.credibility) == grade_codes(claim.claim.provenance.grading)


def test_of_nothing_there_are_no_siblings(atlas):
    made = atlas()
    say(made, [link("a.com", "10.0.0.1")])
    with made.reader.connect() as connection:
        assert siblings(made.reader, connection, 1, []) == []


def test_what_another_thing_is_said_to_be_is_no_sibling(atlas):
    """The hub's claim must be the same sentence, not one with the same end and property."""
    made = atlas()
    for number, subject in enumerate(("a.com", "b.com", "a.com")):
        name = f"{number}.txt"
        say(made, [link(subject, "10.0.0.1", source(name))], [name])
    assert capture("0.txt") != capture("2.txt")
    reader = made.reader
    with reader.connect() as connection:
        hub = reader.eid(connection, Entity("ipv4-addr", "10.0.0.1"))
        newest, *older = reader.about(connection, hub)
        [found] = siblings(reader, connection, hub, [newest])
    assert (found.seq, found.twin) == (older[-1], newest)
