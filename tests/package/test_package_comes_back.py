"""What one atlas publishes as STIX another reads as it was said: things, links, words, days, origins and labels."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from package_sample import facts, seal

from chokepoint.collect.base import Document, Rejected
from chokepoint.collect.origins import origin_of
from chokepoint.collect.stix2 import Stix2
from chokepoint.model.claim import Claim, Interval, Nature
from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR, Marking, Pap, Tlp
from chokepoint.model.source import parse_grading
from chokepoint.model.vocabulary import vocabulary
from chokepoint.package.privacy import Discretion
from chokepoint.package.stix.bundle import Cover, bundle, bundle_bytes
from normal_forms import NORMAL

PUBLISHED = seal(facts()).claims
PLAIN = replace(PUBLISHED[0], votes=(), simulated=False, marking=CLEAR, record="0" * 64)
COVER = Cover(
    title="Winter", created="2024-05-01T09:30:00Z", organisation="Example Police", marking=CLEAR, discretion=Discretion()
)  # fmt: skip
HOST, OTHER = Entity("domain-name", "evil-test.com"), Entity("malware", "snow loader")
NAMES = {
    "organisation": "bad company",
    "group": "winter fox",
    "campaign": "winter fox",
    "malware": "fox lock",
    "tool": "fox drill",
    "service": "fox hosting",
    "asset": "fox yacht",
    "event": "fox raid",
}
THINGS = {kind: value for kind, value in NORMAL.items() if kind not in {"payment-card", "document"}} | NAMES
LINKS = sorted(name for name, said in vocabulary().properties.items() if said.is_link and said.stix)
TEXTS = sorted(name for name, said in vocabulary().properties.items() if not said.is_link)
NOT_IN_STIX = sorted(name for name, said in vocabulary().properties.items() if said.is_link and not said.stix)


def said(subject: Entity, name: str, thing: Entity | str, **more):
    return replace(PLAIN, subject=subject, property=name, object=thing, raw="", **more)


def read(*claims, cover: Cover = COVER, **more) -> list:
    numbered = [replace(claim, record=f"{number:064x}") for number, claim in enumerate(claims)]
    document = Document(path="feed.json", data=bundle_bytes(numbered, cover), **more)
    collector = Stix2()
    items = [*collector.read(document), *(item for _, item in collector.finish())]
    assert not [item for item in items if isinstance(item, Rejected)]
    return [item for item in items if isinstance(item, Claim)]


def back(claim, **more) -> Claim:
    """The claim that says again what was published; relationships are read last."""
    meant = (claim.subject, claim.property, claim.object)
    found = [one for one in read(claim, **more) if (one.subject, one.property, one.object) == meant]
    assert found
    return found[-1]


@pytest.mark.parametrize("kind", sorted(THINGS))
def test_a_thing_of_every_kind_that_stix_can_tell_comes_back_at_either_end(kind):
    thing = Entity(kind, THINGS[kind])
    assert back(said(thing, "related-to", HOST)).subject == thing
    assert back(said(HOST, "related-to", thing)).object == thing


@pytest.mark.parametrize("name", LINKS)
@pytest.mark.parametrize("ends", [(HOST, OTHER), (OTHER, HOST)], ids=["host first", "malware first"])
def test_every_link_comes_back_as_what_it_was_and_the_way_it_went(name, ends):
    assert back(said(ends[0], name, ends[1])).property == name


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("words", ["some words", "evil-test.com alias: other", "ประตู <b>\n=1+1"], ids=ascii)
def test_every_text_comes_back_word_for_word_under_its_property(name, words):
    assert back(said(OTHER, name, words)).object == words


@pytest.mark.parametrize("name", NOT_IN_STIX)
def test_what_stix_has_no_relationship_for_comes_back_as_an_observation_of_both(name):
    known = Entity("known-list", "good names")
    observed = {one.subject for one in read(said(HOST, name, known)) if one.property == "observation"}
    assert observed == {HOST}


@pytest.mark.parametrize("platform", ["telegram", "twitter", "line", "facebook", "github"])
def test_an_account_comes_back_with_its_platform_also_where_stix_has_no_word_for_it(platform):
    account = Entity("user-account", f"{platform}:evilbot")
    assert back(said(account, "indicates", OTHER)).subject == account


@pytest.mark.parametrize(
    "observed",
    [
        pytest.param(None, id="undated"),
        pytest.param(Interval("2024-03-05", "2024-03-06"), id="one day"),
        pytest.param(Interval("2024-03-05", "2025-01-01"), id="many days"),
        pytest.param(Interval("2024-03-05", ""), id="no end"),
        pytest.param(Interval("", "2024-03-06"), id="no beginning"),
    ],
)
def test_an_interval_neither_grows_nor_shrinks_from_atlas_to_atlas(observed):
    claim = said(HOST, "resolves-to", Entity("ipv4-addr", "1.2.3.4"), observed=observed)
    for _ in range(3):
        claim = replace(claim, observed=back(claim).observed)
    assert claim.observed == observed


def test_a_copy_of_a_copy_still_has_the_root_publisher_as_its_origin():
    claim = said(HOST, "resolves-to", Entity("ipv4-addr", "1.2.3.4"), origin="Ransomwhere", grading="C3")
    first = back(claim, cover=replace(COVER, organisation="Bank One"))
    again = back(
        replace(claim, origin=first.provenance.origin, grading=first.provenance.grading.code),
        cover=replace(COVER, organisation="Bank Two"),
    )
    assert first.provenance.origin == again.provenance.origin == origin_of("Ransomwhere")
    assert again.provenance.grading.code == "C3"


@pytest.mark.parametrize("belief", [0.02, 0.5, 0.999])
@pytest.mark.parametrize("grade", ["A1", "B2", "C3", "F6"])
def test_the_belief_of_the_sender_never_becomes_the_grade_of_the_source(grade, belief):
    claim = said(HOST, "hosted-at", Entity("ipv4-addr", "1.2.3.4"), grading=grade, belief=belief)
    assert back(claim).provenance.grading.code == grade


def test_the_person_who_collects_names_the_origin_and_nobody_overrides_it():
    claim = said(HOST, "resolves-to", Entity("ipv4-addr", "1.2.3.4"))
    assert back(claim, origin="Desk 4", origin_given=True).provenance.origin == "Desk 4"


@pytest.mark.parametrize("nature", list(Nature), ids=lambda nature: nature.value)
@pytest.mark.parametrize("name", ["attributed-to", "uses", "controlled-by", "similar-to"])
def test_a_fact_stays_a_fact_and_an_assessment_an_assessment(name, nature):
    assert back(said(OTHER, name, Entity("group", "winter fox"), nature=nature)).nature is nature


@pytest.mark.parametrize(("tlp", "pap"), list(product(Tlp, [Pap.CLEAR, Pap.AMBER])), ids=str)
def test_no_label_is_loosened_on_the_way(tlp, pap):
    marking = Marking(tlp=tlp, pap=pap)
    found = back(said(HOST, "resolves-to", Entity("ipv4-addr", "1.2.3.4"), marking=marking))
    assert (found.provenance.marking.tlp, found.provenance.marking.pap) == (tlp, pap)


def test_the_order_of_claims_changes_nothing_that_is_read():
    claims = [said(HOST, name, OTHER) for name in LINKS]

    def links(found):
        return {(one.subject, one.property, one.object) for one in found if one.property != "identifier"}

    assert links(read(*claims)) == links(read(*reversed(claims)))


def test_the_sample_comes_back_whole():
    found = {(one.subject, one.property, one.object) for one in read(*PUBLISHED)}
    assert {(one.subject, one.property, one.object) for one in PUBLISHED} <= found


@given(
    st.sampled_from(sorted(THINGS)), st.sampled_from(sorted(THINGS)), st.sampled_from(LINKS), st.sampled_from(["A1", "B2", "D4", "F6"])
)  # fmt: skip
def test_any_two_things_are_joined_again_as_they_were(left, right, name, grade):
    one, other = Entity(left, THINGS[left]), Entity(right, THINGS[right])
    if one != other:
        found = back(said(one, name, other, grading=grade))
        assert found.provenance.grading == replace(
            parse_grading(grade), original=found.provenance.grading.original
        )


@given(
    st.text(min_size=1, max_size=80).filter(
        lambda text: text.strip() and text.strip() == text and "\0" not in text
    )
)
def test_any_words_come_back(words):
    whole = words.encode("utf-8", "replace").decode()
    assert back(said(OTHER, "description", whole)).object == whole


def test_a_reader_who_knows_no_extension_still_has_a_valid_relationship():
    made = bundle(
        [said(HOST, "requests-payment-to", Entity("crypto-address", THINGS["crypto-address"]))], COVER
    )
    for one in made["objects"]:
        if one["type"] == "relationship":
            del one["extensions"]
    collector = Stix2()
    items = [*collector.read(Document(path="feed.json", data=json.dumps(made).encode()))]
    items += [item for _, item in collector.finish()]
    assert "related-to" in {one.property for one in items if isinstance(one, Claim)}
