"""What one atlas publishes as a MISP event another reads as it was said: things of every kind, links and words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from package_sample import KEYED
from test_package_comes_back import HOST, OTHER, PUBLISHED, TEXTS, THINGS, said

from chokepoint.collect.base import Document, Rejected
from chokepoint.collect.misp_event import MispEvent
from chokepoint.model.claim import Claim
from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR, Marking, Tlp
from chokepoint.model.vocabulary import vocabulary
from chokepoint.package.misp import misp_event
from chokepoint.package.privacy import Discretion
from chokepoint.package.stix.bundle import Cover

COVER = Cover(
    title="Winter", created="2024-05-01T09:30:00Z", organisation="Example Police", marking=CLEAR, discretion=Discretion(minimised=KEYED)
)  # fmt: skip
MORE = THINGS | {"persona": "dark seller", "site": "fox compound", "known-list": "good names"}
LINKS = sorted(name for name, one in vocabulary().properties.items() if one.is_link)


def read(*claims, cover: Cover = COVER, **more) -> list:
    numbered = [replace(claim, record=f"{number:064x}") for number, claim in enumerate(claims)]
    document = Document(path="event.json", data=misp_event(numbered, cover), **more)
    return list(MispEvent().read(document))


def triples(items) -> set[tuple[Entity, str, Entity | str]]:
    assert not [one for one in items if isinstance(one, Rejected)]
    return {(one.subject, one.property, one.object) for one in items if isinstance(one, Claim)}


@pytest.mark.parametrize("kind", sorted(MORE))
def test_a_thing_of_every_kind_comes_back_at_either_end(kind):
    thing = Entity(kind, MORE[kind])
    found = triples(read(said(thing, "related-to", HOST), said(OTHER, "uses", thing)))
    assert {(thing, "related-to", HOST), (OTHER, "uses", thing)} <= found


@pytest.mark.parametrize("name", LINKS)
def test_every_link_comes_back_as_what_it_was_and_the_way_it_went(name):
    assert (HOST, name, OTHER) in triples(read(said(HOST, name, OTHER)))
    assert (OTHER, name, HOST) in triples(read(said(OTHER, name, HOST)))


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize(
    "thing", [HOST, OTHER, Entity("phone-number", "+66812345678")], ids=lambda one: one.kind
)
def test_every_text_comes_back_on_the_thing_that_it_was_said_of(name, thing):
    found = triples(read(said(thing, name, "some words")))
    assert (thing, name, "some words") in found
    campaign = Entity("campaign", "winter")
    assert (campaign, "observation", "some words") not in found


def test_nothing_of_how_an_object_is_built_becomes_a_claim():
    found = triples(read(said(HOST, "alias", "fox"), said(OTHER, "uses", HOST)))
    assert not {
        thing for _, _, thing in found if thing in {"domain-name", "malware", "snow loader", "evil-test.com"}
    }


def test_each_text_is_as_closed_as_its_own_label():
    claims = (said(HOST, "alias", "fox", marking=Marking(tlp=Tlp.RED)), said(HOST, "alias", "wolf"))
    items = read(*claims, cover=replace(COVER, marking=CLEAR))
    labels = {
        one.object: one.provenance.marking.tlp
        for one in items
        if isinstance(one, Claim) and one.property == "alias"
    }
    assert labels == {"fox": Tlp.RED, "wolf": Tlp.CLEAR}


@pytest.mark.parametrize("tlp", list(Tlp), ids=lambda tlp: tlp.name)
def test_the_label_of_an_event_closes_all_that_is_in_it(tlp):
    items = read(
        said(HOST, "alias", "fox"), said(OTHER, "uses", HOST), cover=replace(COVER, marking=Marking(tlp=tlp))
    )
    # For AMBER, MISP has no word between a community and the receiving organisation only: the stricter one.
    expected = Tlp.AMBER_STRICT if tlp is Tlp.AMBER else tlp
    assert {one.provenance.marking.tlp for one in items if isinstance(one, Claim)} == {expected}


def test_nobody_who_may_not_be_named_comes_back_by_name():
    person = Entity("person", "jane doe")
    items = read(
        said(person, "controlled-by", OTHER),
        cover=replace(COVER, discretion=Discretion(open_edition=True, minimised=KEYED)),
    )
    assert "jane" not in repr(items)


def test_the_sample_comes_back_whole():
    found = triples(read(*PUBLISHED))
    assert {(one.subject, one.property, one.object) for one in PUBLISHED} <= found


@given(st.sampled_from(sorted(MORE)), st.sampled_from(sorted(MORE)), st.sampled_from(LINKS))
def test_any_two_things_are_joined_again_as_they_were(left, right, name):
    one, other = Entity(left, MORE[left]), Entity(right, MORE[right])
    if one != other:
        assert (one, name, other) in triples(read(said(one, name, other)))


@given(st.text(min_size=1, max_size=80).filter(lambda text: text.strip() == text and "\0" not in text))
def test_any_words_come_back(words):
    whole = words.encode("utf-8", "replace").decode()
    assert (OTHER, "description", whole) in triples(read(said(OTHER, "description", whole)))
