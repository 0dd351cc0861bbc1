"""Personas and identities in STIX: who is one person, how they are reached, and fields that nobody named."""

from __future__ import annotations

import pytest
from stix2_making import relation, sid, thing, told

IVAN = sid("threat-actor", 5)


def actor(**more):
    return thing("threat-actor", 5, name="DarkIvan", **more)


@pytest.mark.parametrize(
    ("level", "kind"),
    [
        ("individual", "persona"),
        ("organization", "group"),
        ("team", "group"),
        ("Individual ", "group"),
        (None, "group"),
    ],
)
def test_a_threat_actor_is_a_persona_where_it_is_one_individual(level, kind):
    more = {} if level is None else {"resource_level": level}
    assert (f"{kind}:darkivan", "alias", "D4rk1van") in told(actor(aliases=["D4rk1van"], **more)).said


def test_a_persona_is_attributed_to_the_person_behind_it_as_an_assessment():
    person = thing("identity", 6, name="Ivan Examplev", identity_class="individual")
    reading = told(actor(resource_level="individual"), person, relation(IVAN, "attributed-to", person["id"]))
    tie = next(claim for claim in reading.claims if claim.property == "attributed-to")
    assert (str(tie.subject), str(tie.object)) == ("persona:darkivan", "person:ivan examplev")
    assert tie.nature.value == "assessment"


def test_an_account_is_tied_to_its_persona():
    account = thing("user-account", 7, account_login="dark_ivan", account_type="telegram")
    reading = told(actor(resource_level="individual"), account, relation(account["id"], "related-to", IVAN))
    assert ("user-account:telegram:dark_ivan", "related-to", "persona:darkivan") in reading.said


def test_of_a_person_who_is_targeted_only_the_name_is_taken():
    reached = {"contact_information": "erika@opfer-example.com", "x_home": "Road 1", "description": "retired"}
    person = thing("identity", 6, name="Erika Opfer", identity_class="individual", **reached)
    reading = told(actor(), relation(IVAN, "targets", person["id"]), person)
    assert {said for said in reading.said if "opfer" in f"{said[0]} {said[2]}".lower()} == {
        ("person:erika opfer", "name", "Erika Opfer"),
        ("group:darkivan", "targets", "person:erika opfer"),
    }
    assert not [said for said in reading.said if "Road 1" in said[2] or "retired" in said[2]]


def test_how_a_person_who_is_no_target_is_reached_is_told():
    person = thing("identity", 6, name="Ivan Examplev", identity_class="individual")
    said = told(actor(), {**person, "contact_information": "ivan@evil-mail.com"}).said
    assert ("person:ivan examplev", "contact", "email-addr:ivan@evil-mail.com") in said


def identity(**more):
    return told(thing("identity", 6, name="Acme", identity_class="organization", **more))


def test_how_an_identity_is_reached_is_told_by_its_identifiers():
    said = identity(contact_information="ivan@evil-mail.com, +44 7911 123456, @dark_ivan on Telegram").said
    assert {one[1:] for one in said if one[1] in {"contact", "account"}} == {
        ("contact", "email-addr:ivan@evil-mail.com"),
        ("contact", "phone-number:+447911123456"),
        ("account", "user-account:telegram:dark_ivan"),
    }


def test_how_an_identity_is_reached_is_kept_as_text_where_nothing_in_it_is_known():
    assert ("organisation:acme", "attribute", "contact_information: ask at the desk") in identity(
        contact_information="ask at the desk"
    ).said


@pytest.mark.parametrize(
    ("more", "texts"),
    [
        pytest.param(
            {"sectors": ["technology", "finance"]}, {"sectors: technology", "sectors: finance"}, id="a list"
        ),
        pytest.param({"x_acme_note": "seen twice"}, {"x_acme_note: seen twice"}, id="a custom field"),
        pytest.param(
            {"x_acme": {"a": 1, "b": ["c"]}}, {"x_acme.a: 1", "x_acme.b: c"}, id="a nested custom field"
        ),
        pytest.param({"x_mitre_version": "1.0"}, set(), id="of a publisher's own system"),
        pytest.param(
            {"confidence": 80, "lang": "en", "revoked": False}, set(), id="of the object, not the thing"
        ),
    ],
)
def test_fields_that_nobody_named_are_kept_as_found(more, texts):
    assert {one[2] for one in identity(**more).said if one[1] == "attribute"} == texts


def test_a_field_that_nobody_named_stands_at_its_pointer():
    reading = identity(**{"x_acme/note": "seen twice"})
    found = next(claim for claim in reading.claims if claim.property == "attribute")
    assert found.place == "/objects/0/x_acme~1note"


def test_no_field_of_one_object_floods_the_map():
    reading = identity(x_acme=[f"v{number}" for number in range(150)])
    assert sum(claim.property == "attribute" for claim in reading.claims) == 100
    assert reading.skipped["values of one unknown field after the first 100"] == 50
