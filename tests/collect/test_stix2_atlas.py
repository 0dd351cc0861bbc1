"""The extension by which an atlas tells property, origin and grading: read where it is whole, else as if absent."""

from __future__ import annotations

import pytest
from stix2_making import EVIL, RYUK, relation, sid, thing, told

from chokepoint.model.claim import Interval, Nature
from chokepoint.model.source import Grading

KEY = "extension-definition--7f3c1f0a-3d43-4d2b-9c53-0a4f8e9d1f11"
WHOLE = {
    "extension_type": "property-extension",
    "property": "controlled-by",
    "record": "0" * 64,
    "origin": "Unit 42",
    "grading": "B2",
    "nature": "fact",
}
HOST = thing("domain-name", 7, value="evil.com")
LEFT, RIGHT = HOST["id"], RYUK["id"]
AUTHOR = thing("identity", 3, name="Example Police", identity_class="organization")


def extended(**changes):
    found = {**WHOLE, **changes}
    return {KEY: {key: value for key, value in found.items() if value is not ...}}


def link(extensions, sort="uses", **more):
    joined = relation(
        LEFT, sort, RIGHT, created_by_ref=AUTHOR["id"], confidence=90, extensions=extensions, **more
    )
    reading = told(AUTHOR, HOST, RYUK, joined)
    assert not reading.rejected
    (found,) = [
        one for one in reading.claims if {str(one.subject), str(one.object)} == {"domain-name:evil.com", "malware:ryuk"}
        and one.property != "mentioned-with"
    ]  # fmt: skip
    return found


def note(extensions, content="evil.com is also known as: snow", abstract="is also known as", **more):
    return told(
        HOST,
        thing(
            "note", 9, abstract=abstract, content=content, object_refs=[LEFT], extensions=extensions, **more
        ),
    )


def test_a_whole_extension_tells_property_origin_grade_and_nature():
    found = link(extended(nature="assessment"))
    assert found.property == "controlled-by"
    assert found.provenance.origin == "Palo Alto Networks Unit 42"
    assert found.provenance.grading.code == "B2"
    assert found.nature is Nature.ASSESSMENT


def test_without_it_the_relationship_its_creator_and_its_confidence_count():
    found = link({})
    assert (found.property, found.provenance.origin) == ("uses", "Example Police")
    assert found.provenance.grading == Grading("F", "2", "stix-confidence:90")


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("nonsense", id="no property"),
        pytest.param("alias", id="a property of texts"),
        pytest.param("", id="empty"),
        pytest.param(None, id="null"),
        pytest.param(["controlled-by"], id="a list"),
        pytest.param({"controlled-by": 1}, id="a mapping"),
        pytest.param(7, id="a number"),
        pytest.param("controlled-by\0", id="with a NUL"),
        pytest.param("Controlled-By", id="in capitals"),
    ],
)
def test_a_property_that_joins_nothing_leaves_the_type_of_the_relationship(name):
    assert link(extended(property=name)).property == "uses"


@pytest.mark.parametrize("key", ["property", "record", "origin", "grading", "nature"])
def test_an_extension_that_lacks_a_key_is_somebody_elses(key):
    found = link(extended(**{key: ...}))
    assert (found.property, found.provenance.origin) == ("uses", "Example Police")
    assert found.provenance.grading.original == "stix-confidence:90"


@pytest.mark.parametrize(
    "extensions",
    [
        None,
        "x",
        5,
        [],
        [WHOLE],
        {KEY: None},
        {KEY: "x"},
        {KEY: [WHOLE]},
        {"": {}},
        {KEY: {"property": WHOLE}},
    ],
    ids=repr,
)
def test_extensions_of_any_shape_break_nothing(extensions):
    assert link(extensions).property == "uses"


@pytest.mark.parametrize(
    "grade", ["", "Z9", "B", "B22", None, 5, ["B2"], {"B": 2}, "\u202eB2", "b 2"], ids=ascii
)
def test_a_grade_that_is_none_is_no_grade_and_the_senders_confidence_none_either(grade):
    assert link(extended(grading=grade, origin="Some Lab")).provenance.grading.code == "F6"


def test_a_publisher_that_we_know_has_our_grade_where_none_is_told():
    assert link(extended(grading="")).provenance.grading.original == "publisher:B2"


@pytest.mark.parametrize("origin", ["", None, 7.5e300, ["Unit 42"], {}])
def test_an_origin_that_names_nobody_leaves_the_creator(origin):
    found = link(extended(origin=origin)).provenance.origin
    assert found in {"Example Police", "7.5e+300"}


def test_a_very_long_origin_is_cut():
    assert len(link(extended(origin="x" * 10_000)).provenance.origin) <= 120


@pytest.mark.parametrize("nature", ["", None, "opinion", "FACT", 1, ["assessment"]])
def test_what_is_no_nature_is_a_fact(nature):
    assert link(extended(nature=nature)).nature is Nature.FACT


def test_a_property_that_is_told_is_never_turned_round():
    found = link(extended(property="controlled-by"), sort="controls")
    assert (str(found.subject), str(found.object)) == ("domain-name:evil.com", "malware:ryuk")
    turned = link({}, sort="controls")
    assert (str(turned.subject), turned.property) == ("malware:ryuk", "controlled-by")


@pytest.mark.parametrize(
    ("times", "own", "others"),
    [
        pytest.param(
            {"start_time": "2024-03-05T00:00:00Z", "stop_time": "2024-03-06T00:00:00Z"},
            Interval("2024-03-05", "2024-03-06"), Interval("2024-03-05", "2024-03-07"), id="both",
        ),
        pytest.param({"start_time": "2024-03-05T00:00:00Z"}, Interval("2024-03-05", ""), Interval("2024-03-05", ""), id="start"),
        pytest.param({"stop_time": "2024-03-06T00:00:00Z"}, Interval("", "2024-03-06"), Interval("", "2024-03-07"), id="stop"),
        pytest.param({}, None, None, id="neither"),
        pytest.param(
            {"start_time": "2024-03-05T08:00:00Z", "stop_time": "2024-03-05T18:00:00Z"},
            Interval("2024-03-05", "2024-03-06"),
            Interval("2024-03-05", "2024-03-06"),
            id="hours of one day",
        ),
        pytest.param(
            {"start_time": "2024-03-06T00:00:00Z", "stop_time": "2024-03-05T00:00:00Z"},
            Interval("2024-03-05", "2024-03-07"),
            Interval("2024-03-05", "2024-03-07"),
            id="the wrong way round",
        ),
        pytest.param({"start_time": "soon", "stop_time": ["2024"]}, None, None, id="no moments"),
    ],
)  # fmt: skip
def test_the_end_of_an_atlas_is_the_first_day_after_and_that_of_others_the_last(times, own, others):
    assert link(extended(), **times).observed == own
    assert link({}, **times).observed == others


def test_the_words_of_a_note_are_those_after_its_label():
    assert ("alias", "snow") in note(extended(property="alias")).about("domain-name:evil.com")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param("evil.com is also known as: a: b is also known as: c", "a: b is also known as: c", id="the label twice"),
        pytest.param("evil.com is also known as: two\nlines", "two\nlines", id="two lines"),
        pytest.param("evil.com is also known as: \u202ewons", "\u202ewons", id="what hides"),
    ],
)  # fmt: skip
def test_only_the_first_label_is_taken_off(content, words):
    assert ("alias", words) in note(extended(property="alias"), content).about("domain-name:evil.com")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("controlled-by", "evil.com is also known as: snow", id="a property that joins things"),
        pytest.param("nonsense", "evil.com is also known as: snow", id="no property"),
        pytest.param("alias", "evil.com: snow", id="no label"),
        pytest.param("alias", "evil.com is also known as: ", id="no words"),
    ],
)
def test_a_note_that_is_not_as_atlases_write_it_is_an_observation(name, content):
    said = note(extended(property=name), content).about("domain-name:evil.com")
    assert ("observation", f"is also known as {content}".strip()) in said
    assert "alias" not in {prop for prop, _ in said}


def test_a_note_of_somebody_else_is_an_observation():
    assert ("observation", "is also known as evil.com is also known as: snow") in note({}).about(
        "domain-name:evil.com"
    )


@pytest.mark.parametrize(
    ("account", "entity"),
    [
        pytest.param({"user_id": "telegram:evil_bot", "account_login": "evil_bot"}, "telegram:evil_bot", id="of an atlas"),
        pytest.param({"user_id": "telegram:evil_bot"}, "telegram:evil_bot", id="without login"),
        pytest.param({"user_id": "17", "account_login": "evil_bot", "account_type": "telegram"}, "telegram:evil_bot", id="of others"),
        pytest.param({"user_id": "unheard-of:evil_bot"}, "", id="no platform"),
        pytest.param({"user_id": "telegram:"}, "", id="no handle"),
        pytest.param({"user_id": 17, "account_login": ["a"]}, "", id="no texts"),
        pytest.param({"user_id": "1:2:3"}, "", id="numbers"),
    ],
)  # fmt: skip
def test_an_account_is_read_with_the_platform_that_its_user_id_begins_with(account, entity):
    reading = told(thing("user-account", 4, **account))
    assert {one.subject.value for one in reading.claims if one.subject.kind == "user-account"} == (
        {entity} - {""}
    )


@pytest.mark.parametrize(
    ("pattern", "entity"),
    [
        ("[user-account:user_id = 'telegram:evil_bot']", "user-account:telegram:evil_bot"),
        ("[payment-handle:value = 'cashapp:$evil']", "payment-handle:cashapp:$evil"),
        ("[tracking-id:value = 'google-analytics:UA-12345-6']", "tracking-id:google-analytics:UA-12345-6"),
        ("[device:value = 'imei:490154203237518']", "device:imei:490154203237518"),
        ("[user-account:user_id = 'evil_bot']", ""),
    ],
)
def test_patterns_of_an_atlas_name_the_things_that_it_means(pattern, entity):
    reading = told(RYUK, {**EVIL, "pattern": pattern}, relation(sid("indicator"), "indicates", RYUK["id"]))
    assert {str(one.subject) for one in reading.claims if one.property == "indicates"} == ({entity} - {""})
