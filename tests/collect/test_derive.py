"""What follows from a value is said once, where it first stands."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chokepoint.collect.base import Document, Rejected, Sentences, Skipped
from chokepoint.collect.derive import LONGEST_TEXT, with_derived
from chokepoint.model.claim import Claim
from chokepoint.model.identity import Entity
from chokepoint.model.marking import Marking, Tlp
from chokepoint.values.registry import parse

SOURCE = Document(path="x", data=b"", marking=Marking(tlp=Tlp.AMBER)).provenance
NAME = Entity("malware", "ryuk")


def said(*texts: str, place: str = "line 1") -> list[Claim]:
    say = Sentences(SOURCE, place)
    return [say.say(parse("url" if "/" in one else "domain-name", one), "indicates", NAME) for one in texts]


def links(items) -> list[tuple[str, str, str]]:
    return [
        (str(c.subject), c.property, str(c.object))
        for c in items
        if isinstance(c, Claim) and c.property != "indicates"
    ]


def test_a_web_address_is_at_its_host_and_the_host_below_its_domain():
    assert links(with_derived(said("http://shop.evil.co.th/pay"))) == [
        ("url:http://shop.evil.co.th/pay", "hosted-at", "domain-name:shop.evil.co.th"),
        ("domain-name:shop.evil.co.th", "subdomain-of", "domain-name:evil.co.th"),
    ]


def test_a_mailbox_is_at_its_domain_and_that_below_the_registered_one():
    claim = Sentences(SOURCE, "x").say(NAME, "contact", parse("email-addr", "boss@mx.evil.com"))
    assert links(with_derived([claim, claim]))[1:3] == [
        ("email-addr:boss@mx.evil.com", "hosted-at", "domain-name:mx.evil.com"),
        ("domain-name:mx.evil.com", "subdomain-of", "domain-name:evil.com"),
    ]


def test_a_mailbox_at_a_free_provider_joins_nothing():
    claim = Sentences(SOURCE, "x").say(NAME, "contact", parse("email-addr", "boss@protonmail.com"))
    assert list(with_derived([claim])) == [claim]


def test_a_link_is_said_once_a_document():
    assert len(links(with_derived(said("http://a.evil.com/1", "http://a.evil.com/2", "a.evil.com")))) == 3


def test_a_link_that_the_document_says_itself_is_not_said_again():
    say = Sentences(SOURCE, "line 1")
    mine = say.say(parse("url", "http://evil.com/"), "hosted-at", parse("domain-name", "evil.com"))
    assert list(with_derived([mine])) == [mine]


def test_a_derived_link_keeps_place_and_marking_but_claims_no_time():
    say = Sentences(SOURCE, "line 7", None)
    for claim in with_derived([say.say(parse("domain-name", "a.evil.com"), "indicates", NAME)]):
        assert claim.place == "line 7"
        assert claim.provenance.marking.tlp == Tlp.AMBER
        assert claim.observed is None


def test_an_object_is_derived_from_as_well():
    claim = Sentences(SOURCE, "x").say(NAME, "contact", parse("url", "http://evil.com/x"))
    assert links(with_derived([claim]))[-1][2] == "domain-name:evil.com"


def test_rejections_and_skips_pass_through_in_order():
    items = [Rejected("line 1", "why"), Skipped("rule"), *said("evil.com")]
    assert list(with_derived(items)) == items


def test_a_text_too_long_for_a_claim_is_cut_and_the_cut_is_reported():
    claim = Sentences(SOURCE, "x").say(NAME, "description", "a" * (LONGEST_TEXT + 1))
    cut, skip = with_derived([claim])
    assert len(cut.object) == LONGEST_TEXT + 1
    assert cut.object.endswith("…")
    assert isinstance(skip, Skipped)


@given(
    st.lists(
        st.sampled_from(["http://a.evil.com/x", "b.evil.com", "evil.com", "http://evil.com/y"]), max_size=12
    )
)
def test_no_claim_is_lost_and_no_derived_link_repeated(texts):
    given_claims = said(*texts)
    found = list(with_derived(given_claims))
    assert [claim for claim in found if claim.property == "indicates"] == given_claims
    assert len(set(links(found))) == len(links(found))
