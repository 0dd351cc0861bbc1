"""Every relationship type: which link it becomes, in which direction, as fact or as judgement."""

from __future__ import annotations

import pytest
from stix2_making import EVIL, RYUK, WHEN, indicator, relation, sid, thing, told

from chokepoint.collect.stix2.links import LEFT_OUT, LINKS, MOST_PAIRS, REVERSED
from chokepoint.model.claim import Interval, Nature
from chokepoint.model.vocabulary import vocabulary

FOX = thing("intrusion-set", 5, name="Winter Fox")
LEFT, RIGHT = "group:winter fox", "malware:ryuk"
JUDGED = {"attributed-to", "located-in", "targets", "impersonates", "similar-to", "variant-of"}


def linked(sort: str, **more):
    return told(FOX, RYUK, relation(FOX["id"], sort, RYUK["id"], **more))


@pytest.mark.parametrize("sort", sorted(LINKS))
def test_a_relationship_links_its_source_to_its_target(sort):
    claim = linked(sort).claim(LEFT, LINKS[sort])
    assert str(claim.object) == RIGHT
    assert claim.nature == (Nature.ASSESSMENT if LINKS[sort] in JUDGED else Nature.FACT)
    assert vocabulary().property(LINKS[sort]).is_link


@pytest.mark.parametrize("sort", sorted(REVERSED))
def test_a_relationship_in_the_passive_of_our_words_links_its_target_to_its_source(sort):
    claim = linked(sort).claim(RIGHT, REVERSED[sort])
    assert str(claim.object) == LEFT
    assert vocabulary().property(REVERSED[sort]).is_link


@pytest.mark.parametrize("sort", ["admires", "related-to", "x-own", ""])
def test_a_relationship_of_any_other_type_is_related_to(sort):
    assert (LEFT, "related-to", RIGHT) in linked(sort).said


@pytest.mark.parametrize("sort", sorted(LEFT_OUT))
def test_a_relationship_that_says_nothing_of_crime_is_counted_by_its_type(sort):
    reading = linked(sort)
    assert {prop for _, prop, _ in reading.said} == {"name"}
    assert reading.skipped[f"relationship {sort}"] == 1


def test_its_own_time_goes_before_that_of_its_indicator():
    validity = indicator("[domain-name:value = 'evil.com']", valid_until="2024-02-02T00:00:00Z")
    own = {"start_time": "2023-05-01T00:00:00Z", "stop_time": "2023-06-01T00:00:00Z"}
    timed = told(validity, RYUK, relation(validity["id"], "indicates", RYUK["id"], **own))
    assert timed.claim("domain-name:evil.com", "indicates").observed == Interval("2023-05-01", "2023-06-02")
    inherited = told(validity, RYUK, relation(validity["id"], "indicates", RYUK["id"]))
    assert inherited.claim("domain-name:evil.com", "indicates").observed == Interval(
        "2024-01-02", "2024-02-03"
    )


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        pytest.param({"revoked": True}, 0, id="revoked"),
        pytest.param({"x_mitre_deprecated": True}, 0, id="deprecated"),
        pytest.param({"revoked": False}, 1, id="not-revoked"),
        pytest.param({"revoked": "false"}, 1, id="revoked-in-words"),
    ],
)
def test_a_revoked_relationship_is_counted_and_says_nothing(fields, said):
    reading = linked("uses", **fields)
    assert len(reading.objects("uses")) == said
    assert reading.skipped["revoked STIX object"] == 1 - said


@pytest.mark.parametrize(
    "ends",
    [
        pytest.param({"source_ref": ""}, id="no-source"),
        pytest.param({"target_ref": None}, id="no-target"),
        pytest.param({"source_ref": ["a"], "target_ref": {"a": 1}}, id="no-texts"),
    ],
)
def test_a_relationship_without_an_end_is_rejected_where_it_stands(ends):
    broken = {**relation(FOX["id"], "uses", RYUK["id"]), **ends}
    reading = told(FOX, RYUK, broken)
    assert [one.place for one in reading.rejected] == ["/objects/2"]
    assert "Mend: " in reading.rejected[0].reason
    assert reading.objects("uses") == set()


@pytest.mark.parametrize(
    ("other", "rule"),
    [
        pytest.param(thing("attack-pattern", 9, name="T"), "technique", id="technique"),
        pytest.param(thing("malware", 9, name="Old", revoked=True), "revoked", id="revoked-end"),
        pytest.param(
            thing("identity", 9, name="Banks", identity_class="class"), "sector or class", id="class"
        ),
    ],
)
def test_a_relationship_of_what_was_left_out_is_left_out_under_its_rule(other, rule):
    reading = told(FOX, other, relation(FOX["id"], "uses", other["id"]))
    assert [
        count
        for name, count in reading.skipped.items()
        if name.startswith("relationship of a") and rule in name
    ] == [1]
    assert reading.objects("uses") == set()


def test_all_identifiers_of_an_indicator_are_linked_each_once():
    both = indicator(
        "[domain-name:value = 'a.com' OR domain-name:value = 'b.com' OR domain-name:value = 'a.com']"
    )
    reading = told(both, RYUK, relation(both["id"], "indicates", RYUK["id"]))
    assert sorted(str(c.subject) for c in reading.claims if c.property == "indicates") == [
        "domain-name:a.com",
        "domain-name:b.com",
    ]


@pytest.mark.parametrize("more", [0, 1])
def test_a_relationship_of_too_many_pairs_is_rejected_as_one(more):
    per_side = 100
    left = indicator(" OR ".join(f"[domain-name:value = 'a{n}.com']" for n in range(per_side + more)), 1)
    right = indicator(" OR ".join(f"[domain-name:value = 'b{n}.com']" for n in range(per_side)), 2)
    reading = told(left, right, relation(left["id"], "related-to", right["id"]), path="_.json")
    assert per_side * per_side == MOST_PAIRS
    assert len(reading.rejected) == more
    assert len([c for c in reading.claims if c.property == "related-to"]) == (0 if more else MOST_PAIRS)


def test_a_relationship_of_an_indicator_that_names_nothing_is_counted():
    empty = indicator("[mutex:name = 'm']")
    reading = told(empty, RYUK, relation(empty["id"], "indicates", RYUK["id"]))
    assert reading.skipped["relationship of an object that names no identifier"] == 1


def test_an_indicator_is_about_whom_its_relationships_name_and_not_also_about_its_report():
    report = thing("report", 7, name="On foxes", published=WHEN, object_refs=[EVIL["id"], FOX["id"]])
    reading = told(EVIL, RYUK, FOX, report, relation(EVIL["id"], "indicates", RYUK["id"]))
    assert reading.objects("indicates") == {"malware:ryuk"}
    assert told(EVIL, FOX, report).objects("indicates") == {"group:winter fox"}


@pytest.mark.parametrize(("count", "about"), [(1, 1), (6, 6), (7, 0)])
def test_a_report_about_more_than_a_handful_of_things_is_about_its_title(count, about):
    names = [thing("malware", 100 + number, name=f"Lock {number}x") for number in range(count)]
    report = thing(
        "report",
        7,
        name="Locks of winter",
        published=WHEN,
        object_refs=[EVIL["id"], *(one["id"] for one in names)],
    )
    indicated = told(EVIL, report, *names).objects("indicates")
    assert len(indicated) == (about or 1)
    assert ("campaign:locks of winter" in indicated) is (about == 0)


def test_a_report_prefers_campaigns_to_malware_to_groups():
    campaign = thing("campaign", 8, name="Winter 24")
    ordered = [FOX, RYUK, campaign]
    for number, expected in enumerate([LEFT, RIGHT, "campaign:winter 24"], 1):
        inside = ordered[:number]
        report = thing(
            "report", 7, name="All", published=WHEN, object_refs=[EVIL["id"], *(one["id"] for one in inside)]
        )
        assert told(EVIL, report, *inside).objects("indicates") == {expected}


def test_a_sighting_of_nothing_known_is_counted():
    reading = told(RYUK, thing("sighting", 9, sighting_of_ref=sid("malware", 404)))
    assert reading.skipped["STIX sighting of an object in none of the files so far"] == 1


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        pytest.param(
            {"type": "opinion", "opinion": "agree", "explanation": "seen"},
            "opinion: agree - seen",
            id="opinion",
        ),
        pytest.param(
            {"type": "opinion", "opinion": "strongly-disagree"},
            "opinion: strongly-disagree",
            id="bare-opinion",
        ),
        pytest.param(
            {"type": "note", "abstract": "Reuse", "content": "same key"}, "Reuse same key", id="note"
        ),
        pytest.param({"type": "note", "content": "same key"}, "same key", id="bare-note"),
    ],
)
def test_a_remark_is_an_observation_on_all_that_it_speaks_of(fields, text):
    remark = {**thing(fields["type"], 9, object_refs=[RYUK["id"], FOX["id"]]), **fields}
    reading = told(remark, RYUK, FOX)
    assert {(who, thing) for who, prop, thing in reading.said if prop == "observation"} == {
        (RIGHT, text),
        (LEFT, text),
    }


@pytest.mark.parametrize(
    "fields", [{"type": "opinion"}, {"type": "note"}, {"type": "note", "content": ["x"]}], ids=str
)
def test_a_remark_without_words_is_counted(fields):
    reading = told(RYUK, {**thing(fields["type"], 9, object_refs=[RYUK["id"]]), **fields})
    assert reading.objects("observation") == set()
    assert (
        sum(count for rule, count in reading.skipped.items() if rule.startswith(f"STIX {fields['type']}"))
        == 1
    )


def test_a_note_on_more_than_fifty_objects_counts_the_rest():
    many = [thing("malware", 100 + number, name=f"Lock {number}x") for number in range(53)]
    reading = told(*many, thing("note", 9, content="c", object_refs=[one["id"] for one in many]))
    assert len([claim for claim in reading.claims if claim.property == "observation"]) == 50
    assert reading.skipped["note on more than 50 objects: the further ones"] == 3
