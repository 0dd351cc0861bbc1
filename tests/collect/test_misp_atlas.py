"""Objects of another atlas in a MISP event, whole and spoilt: each costs itself and says where."""

from __future__ import annotations

import json

import pytest
from misp_making import event
from structured_reading import read, text

from chokepoint.collect.misp_event import MispEvent
from chokepoint.model.marking import Tlp

UUID = "5f1d0000-0000-4000-8000-00000000000"


def word(relation: str, value, sort: str = "text", **more) -> dict:
    return {"type": sort, "object_relation": relation, "value": value, "to_ids": False, **more}


def entity(kind="domain-name", value="evil.com", *words: dict, sort="domain", number=1, **more) -> dict:
    inside = [word("value", value, sort), word("kind", kind), *words]
    return {"name": "chokepoint-entity", "uuid": f"{UUID}{number}", "Attribute": inside, **more}


def told(*things: dict):
    document = text(json.dumps({"Event": event(Object=list(things))}), path="event.json")
    return read(MispEvent(), document)


def named(reading) -> set[str]:
    return {str(one.subject) for one in reading.claims if one.property == "mentioned-with"}


def test_an_object_is_its_entity_and_its_words_are_said_of_it():
    reading = told(entity("domain-name", "evil.com", word("alias", "fox"), word("description", "a shop")))
    assert {("alias", "fox"), ("description", "a shop")} <= reading.about("domain-name:evil.com")
    assert named(reading) == {"domain-name:evil.com"}


@pytest.mark.parametrize(
    ("kind", "value", "sort", "found"),
    [
        pytest.param("file", "ab" * 32, "sha256", f"file:sha256:{'ab' * 32}", id="a digest without its name"),
        pytest.param("bank-account", "DE89370400440532013000", "iban", "bank-account:iban:DE89370400440532013000", id="an IBAN"),
        pytest.param("user-account", "evil_bot", "twitter-id", "user-account:twitter:evil_bot", id="an account of a type"),
        pytest.param("user-account", "line:evil_bot", "text", "user-account:line:evil_bot", id="an account in words"),
        pytest.param("group", "Winter Fox", "threat-actor", "group:winter fox", id="an actor"),
        pytest.param("onion-service", "avaddongun7rngel.onion", "domain", "onion-service:avaddongun7rngel.onion", id="an onion"),
        pytest.param("malware", "evil.com", "text", "malware:evil com", id="a name that looks like a host"),
        pytest.param("url", "evil.com", "domain", "url:http://evil.com/", id="the kind goes before the type"),
    ],
)  # fmt: skip
def test_kind_type_and_value_together_name_the_entity(kind, value, sort, found):
    assert named(told(entity(kind, value, sort=sort))) == {found}


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        pytest.param("ufo", "evil.com", id="no kind"),
        pytest.param("", "evil.com", id="no word for it"),
        pytest.param(None, "evil.com", id="null"),
        pytest.param(["domain-name"], "evil.com", id="a list"),
        pytest.param("domain-name", "", id="no value"),
        pytest.param("domain-name", {"a": 1}, id="a mapping"),
        pytest.param("domain-name", "no host at all", id="no host"),
        pytest.param("ipv4-addr", "999.1.1.1", id="no address"),
        pytest.param("document", "t•••7", id="masked"),
        pytest.param("malware", "\0", id="NUL"),
        pytest.param("malware", "x" * 5_000, id="too long"),
    ],
)
def test_an_object_that_names_nothing_is_rejected_and_the_next_is_read(kind, value):
    reading = told(entity(kind, value, word("alias", "fox")), entity(value="good.com", number=2))
    assert named(reading) == {"domain-name:good.com"}
    assert reading.rejected
    assert all("/Object/0" in one.place for one in reading.rejected)


def test_references_between_objects_are_links_under_their_own_names():
    reference = {"referenced_uuid": f"{UUID}2", "relationship_type": "requests-payment-to"}
    wallet = entity("crypto-address", "19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds", sort="btc", number=2)
    reading = told(entity(ObjectReference=[reference]), wallet)
    assert reading.objects("requests-payment-to") == {"crypto-address:19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds"}


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param(word("uses", "a link as a word"), id="a link"),
        pytest.param(word("nonsense", "x"), id="no property"),
        pytest.param(word("", "x"), id="no relation"),
        pytest.param(word("alias", ""), id="no words"),
        pytest.param(word("alias", ["x"]), id="a list of words"),
        pytest.param(word(["alias"], "x"), id="a list of relations"),
    ],
)
def test_words_of_no_property_are_skipped_by_rule_and_cost_no_other(odd):
    reading = told(entity("domain-name", "evil.com", odd, word("alias", "fox")))
    assert ("alias", "fox") in reading.about("domain-name:evil.com")
    assert reading.skipped["word of an atlas's object that is no property"] == 1


@pytest.mark.parametrize("gone", [True, 1, "1", "true"])
def test_words_that_were_taken_back_are_not_said(gone):
    reading = told(entity("domain-name", "evil.com", word("alias", "fox", deleted=gone)))
    assert not reading.objects("alias")


def test_an_object_that_was_taken_back_is_not_read():
    reading = told(entity("domain-name", "evil.com", word("alias", "fox"), deleted=True))
    assert not named(reading)
    assert reading.skipped["deleted object"] == 1


def test_a_word_under_an_unknown_label_is_refused_alone():
    labelled = word("alias", "fox", Tag=[{"name": "tlp:purple"}])
    reading = told(entity("domain-name", "evil.com", labelled, word("alias", "wolf")))
    assert reading.objects("alias") == {"wolf"}
    assert [one.place for one in reading.rejected] == ["/Event/Object/0/Attribute/2"]


def test_a_word_is_as_closed_as_its_label_and_no_looser_than_the_event():
    closed = word("alias", "fox", Tag=[{"name": "tlp:red"}])
    reading = told(
        entity("domain-name", "evil.com", closed, word("alias", "wolf", Tag=[{"name": "tlp:clear"}]))
    )
    assert {one.object: one.provenance.marking.tlp for one in reading.claims if one.property == "alias"} == {
        "fox": Tlp.RED, "wolf": Tlp.CLEAR,
    }  # fmt: skip


def test_a_template_of_another_name_is_read_as_any_object():
    other = entity("domain-name", "evil.com", word("alias", "fox"))
    other["name"] = "domain-ip"
    assert ("alias", "fox") not in told(other).about("domain-name:evil.com")
