"""STIX 2 objects, in one file or many, in any order."""

from __future__ import annotations

import json
from itertools import permutations

import pytest
import stix2
from hypothesis import given
from hypothesis import strategies as st
from stix2_making import AMBER, EVIL, RED_2, RYUK, WHEN, bundle, indicator, relation, sid, thing, told
from structured_reading import made, read, sample

from chokepoint.collect.stix2 import Stix2
from chokepoint.model.claim import Interval, Nature
from chokepoint.model.errors import BadInputError
from chokepoint.model.marking import Tlp


def test_the_real_bundle_ties_its_files_to_the_campaign():
    reading = read(Stix2(), sample("stix2/zeppelin.json"))
    tied = [claim for claim in reading.claims if claim.property == "indicates"]
    assert len({claim.subject for claim in tied}) == 4
    assert {str(claim.object) for claim in tied} == {"campaign:zeppelin ransomware"}
    assert any("attack-pattern" in rule for rule in reading.skipped)


def test_a_bundle_without_a_report_is_about_what_its_file_is_named_for():
    reading = read(Stix2(), sample("stix2/2024-02-14-Danabot.json"))
    assert reading.objects("indicates") == {"campaign:danabot"}
    assert "ipv4-addr" in {claim.subject.kind for claim in reading.claims}


@pytest.mark.parametrize("order", list(permutations(["a-relationship", "group", "malware"])))
def test_one_object_a_file_meets_in_any_order(order):
    reading = read(Stix2(), *(sample(f"stix2/mitre/{name}.json") for name in order))
    assert ("group:wizard spider", "uses", "malware:ryuk") in reading.said
    assert ("group:wizard spider", "identifier", "mitre:G0102") in reading.said
    assert {claim.provenance.origin for claim in reading.claims} == {"MITRE ATT&CK"}


def test_a_relationship_to_nothing_is_counted_when_all_is_read():
    reading = read(Stix2(), sample("stix2/mitre/a-relationship.json"))
    assert reading.claims == []
    assert reading.skipped["relationship to an object in none of the files"] == 1


def test_an_indicator_indicates_what_its_relationship_says():
    reading = told(EVIL, RYUK, relation(EVIL["id"], "indicates", RYUK["id"]))
    assert ("domain-name:evil.com", "indicates", "malware:ryuk") in reading.said
    assert len([c for c in reading.claims if c.property == "indicates"]) == 1


def test_an_indicator_without_relationship_indicates_what_its_report_is_about():
    refs = [EVIL["id"], RYUK["id"]]
    report = thing("report", 3, name="News of the week", published=WHEN, object_refs=refs)
    assert told(EVIL, RYUK, report).objects("indicates") == {"malware:ryuk"}
    alone = thing("report", 3, name="Big scam wave", published=WHEN, object_refs=[EVIL["id"]])
    assert told(EVIL, alone).objects("indicates") == {"campaign:big scam wave"}


def test_an_indicator_that_nothing_explains_is_still_told():
    reading = told(EVIL)
    assert ("domain-name:evil.com", "category", "indicator without named threat") in reading.said


def test_every_identifier_of_a_pattern_is_found():
    pattern = (
        "[file:hashes.'SHA-256' = '" + "a" * 64 + "' AND file:hashes.MD5 = '" + "b" * 32 + "'] OR "
        "[ipv4-addr:value IN ('1.2.3.4', '1.2.3.5')] FOLLOWEDBY "
        "[url:value = 'http://evil.com/x'] WITHIN 5 SECONDS"
    )
    found = {who for who, prop, _ in told(indicator(pattern), path="Ryuk.json").said if prop == "indicates"}
    assert found == {
        f"file:sha256:{'a' * 64}",
        f"file:md5:{'b' * 32}",
        "ipv4-addr:1.2.3.4",
        "ipv4-addr:1.2.3.5",
        "url:http://evil.com/x",
    }


def test_a_pattern_without_identifier_is_kept_as_a_pattern():
    reading = told(indicator("[file:name LIKE '%evil%']"), path="Ryuk.json")
    assert ("campaign:ryuk", "pattern", "[file:name LIKE '%evil%']") in reading.said
    assert "file:name" in " ".join(told(indicator("[file:name LIKE '%evil%']")).skipped)


def test_what_a_pattern_excludes_is_not_indicated():
    reading = told(indicator("[ipv4-addr:value != '1.2.3.4']"), path="Ryuk.json")
    assert reading.objects("indicates") == set()
    assert reading.objects("pattern")


def test_a_broken_pattern_is_rejected_with_its_pointer_and_the_rest_taken():
    reading = told(
        indicator("[domain-name:value = ", 1),
        indicator("[domain-name:value = 'evil.com']", 2),
        path="Ryuk.json",
    )
    assert [one.place for one in reading.rejected] == ["/objects/0/pattern"]
    assert ("domain-name:evil.com", "indicates", "campaign:ryuk") in reading.said


def test_a_pattern_in_another_language_is_skipped_by_its_name():
    rule = thing("indicator", 1, pattern="rule x {}", pattern_type="yara", valid_from=WHEN)
    assert told(rule).skipped == {"indicator in the language yara": 1}


def test_two_indicators_of_one_id_are_both_told():
    reading = told(EVIL, indicator("[domain-name:value = 'worse.com']"), path="Ryuk.json")
    assert {who for who, prop, _ in reading.said if prop == "indicates"} == {
        "domain-name:evil.com",
        "domain-name:worse.com",
    }


def test_benign_and_compromised_indicators_accuse_nobody():
    fine = indicator("[domain-name:value = 'fine.com']", 1, indicator_types=["benign"])
    hacked = indicator("[domain-name:value = 'hacked.com']", 2, labels=["compromised"])
    reading = told(fine, hacked, path="Ryuk.json")
    assert ("domain-name:fine.com", "legitimate", "campaign:ryuk") in reading.said
    assert ("domain-name:hacked.com", "compromised-by", "campaign:ryuk") in reading.said
    assert reading.objects("indicates") == set()


def test_an_indicator_is_valid_in_its_interval():
    timed = indicator("[domain-name:value = 'evil.com']", valid_until="2024-02-01T00:00:00Z")
    assert told(timed, path="Ryuk.json").claim("domain-name:evil.com", "indicates").observed == Interval(
        "2024-01-02", "2024-02-02"
    )


def test_the_predefined_markings_of_both_tlp_versions_are_known():
    assert told({**EVIL, "object_marking_refs": [AMBER]}).claims[0].provenance.marking.tlp == Tlp.AMBER
    assert told({**EVIL, "object_marking_refs": [AMBER, RED_2]}).claims[0].provenance.marking.tlp == Tlp.RED


@pytest.mark.parametrize("first", [True, False])
def test_a_marking_defined_in_another_file_is_waited_for(first):
    marking = {
        "type": "marking-definition",
        "id": sid("marking-definition"),
        "created": WHEN,
        "name": "TLP:AMBER+STRICT",
    }
    files = [
        made(marking, path="m.json"),
        made({**EVIL, "object_marking_refs": [marking["id"]]}, path="i.json"),
    ]
    reading = read(Stix2(), *(files if first else reversed(files)))
    assert {claim.provenance.marking.tlp for claim in reading.claims} == {Tlp.AMBER_STRICT}


def test_a_marking_with_an_unknown_label_is_rejected():
    marking = {
        "type": "marking-definition",
        "id": sid("marking-definition"),
        "definition_type": "tlp",
        "definition": {"tlp": "purple"},
    }
    assert "purple" in told(marking, EVIL).rejected[0].reason


def test_the_creator_is_the_origin_in_any_order():
    creator = thing("identity", 9, name="ESET", identity_class="organization")
    files = [made(creator, path="c.json"), made({**EVIL, "created_by_ref": creator["id"]}, path="i.json")]
    for order in (files, files[::-1]):
        reading = read(Stix2(), *order)
        assert {c.provenance.origin for c in reading.claims if c.subject.kind == "domain-name"} == {"ESET"}


def test_confidence_grades_the_information():
    grading = told({**EVIL, "confidence": 85}).claims[0].provenance.grading
    assert (grading.credibility, grading.original) == ("2", "stix-confidence:85")
    assert told({**EVIL, "confidence": "high"}).claims


@pytest.mark.parametrize(
    ("sort", "more", "entity"),
    [
        ("intrusion-set", {}, "group:x one"),
        ("threat-actor", {}, "group:x one"),
        ("malware", {}, "malware:x one"),
        ("tool", {}, "tool:x one"),
        ("campaign", {}, "campaign:x one"),
        ("infrastructure", {}, "service:x one"),
        ("incident", {}, "event:x one"),
        ("identity", {"identity_class": "organization"}, "organisation:x one"),
        ("identity", {"identity_class": "individual"}, "person:x one"),
        ("location", {"region": "r"}, "site:x one"),
    ],
)
def test_each_domain_object_stands_for_its_kind(sort, more, entity):
    about = told(thing(sort, name="X One", description="d", aliases=["Why"], **more)).about(entity)
    assert {("name", "X One"), ("description", "d"), ("alias", "Why")} <= about


@pytest.mark.parametrize(
    "skipped",
    [
        thing("attack-pattern", name="T"),
        thing("course-of-action", name="C"),
        thing("vulnerability", name="V"),
        thing("x-mitre-tactic", name="T"),
        thing("malware", name="Old", revoked=True),
        thing("malware", name="Old", x_mitre_deprecated=True),
        thing("identity", name="Banks", identity_class="class"),
        thing("malware"),
        thing("opinion"),
    ],
)
def test_what_is_no_actor_or_thing_is_skipped_with_its_relationships(skipped):
    reading = told(skipped, RYUK, relation(RYUK["id"], "uses", skipped["id"]))
    assert "uses" not in {claim.property for claim in reading.claims}
    assert sum(reading.skipped.values()) >= 2


@pytest.mark.parametrize(
    ("sort", "claim"),
    [
        ("uses", ("group:bear", "uses", "malware:ryuk")),
        ("attributed-to", ("group:bear", "attributed-to", "malware:ryuk")),
        ("hosts", ("malware:ryuk", "hosted-at", "group:bear")),
        ("compromises", ("malware:ryuk", "compromised-by", "group:bear")),
        ("never-heard", ("group:bear", "related-to", "malware:ryuk")),
    ],
)
def test_each_relationship_has_its_link(sort, claim):
    bear = thing("intrusion-set", 5, name="Bear")
    reading = told(bear, RYUK, relation(bear["id"], sort, RYUK["id"], start_time=WHEN))
    assert claim in reading.said
    said = reading.claim(claim[0], claim[1])
    assert said.observed == Interval("2024-01-02", "")
    assert (said.nature is Nature.ASSESSMENT) == (sort == "attributed-to")


def test_a_country_is_where_a_group_is():
    bear, home = thing("intrusion-set", 5, name="Bear"), thing("location", 6, country="RU", name="Russia")
    assert ("group:bear", "located-in", "country:ru") in told(
        bear, home, relation(bear["id"], "originates-from", home["id"])
    ).said


def test_observables_of_both_versions_are_found():
    new = [
        thing("domain-name", 1, value="evil.com", resolves_to_refs=[sid("ipv4-addr", 2)]),
        thing("ipv4-addr", 2, value="1.2.3.4"),
        thing("file", 3, hashes={"MD5": "a" * 32, "SHA-256": "b" * 64}, name="x.exe"),
        thing("user-account", 4, account_type="twitter", account_login="bad_guy"),
        thing("cryptocurrency-wallet", 5, value="12t9YDPgwueZ9NyMgw519p7AA8isjr6SMw"),
    ]
    reading = told(*new, path="Ryuk.json")
    assert ("domain-name:evil.com", "resolves-to", "ipv4-addr:1.2.3.4") in reading.said
    assert (f"file:md5:{'a' * 32}", "same-file", f"file:sha256:{'b' * 64}") in reading.said
    assert ("user-account:twitter:bad_guy", "mentioned-with", "campaign:ryuk") in reading.said
    inside = {
        "0": {"type": "domain-name", "value": "evil.com", "resolves_to_refs": ["1"]},
        "1": {"type": "ipv4-addr", "value": "1.2.3.4"},
    }
    old = thing(
        "observed-data", 7, objects=inside, number_observed=3, first_observed=WHEN, last_observed=WHEN
    )
    reading = told(old)
    assert ("domain-name:evil.com", "resolves-to", "ipv4-addr:1.2.3.4") in reading.said
    assert ("domain-name:evil.com", "observation", "observed 3 times") in reading.said


def test_a_sighting_is_an_observation_in_its_interval():
    bank = thing("identity", 9, name="Bank", identity_class="organization")
    seen = thing(
        "sighting",
        8,
        sighting_of_ref=EVIL["id"],
        where_sighted_refs=[bank["id"]],
        count=7,
        first_seen=WHEN,
        last_seen=WHEN,
    )
    claim = told(EVIL, bank, seen).claim("domain-name:evil.com", "observation")
    assert (claim.object, claim.observed) == ("sighted 7 times by Bank", Interval("2024-01-02", "2024-01-03"))


def test_a_note_is_an_observation_on_what_it_speaks_of():
    note = thing("note", 8, content="still up", object_refs=[RYUK["id"]])
    assert ("malware:ryuk", "observation", "still up") in told(RYUK, note).said


def test_the_marking_of_a_single_field_counts_for_the_whole_object():
    reading = told({**EVIL, "granular_markings": [{"marking_ref": AMBER, "selectors": ["name"]}]})
    assert {claim.provenance.marking.tlp for claim in reading.claims} == {Tlp.AMBER}
    assert reading.skipped["marking of single fields (applied to the whole object)"] == 1


def test_a_bundle_list_or_single_object_is_read_and_others_refused():
    for content in (bundle(EVIL), [EVIL], EVIL, {"objects": [EVIL], "more": False}, [bundle(EVIL)]):
        document = made(content)
        assert Stix2().recognises(document)
        assert read(Stix2(), document).claims
    for content in ({"type": "bundle", "id": "bundle--1"}, [], {"objects": []}):
        with pytest.raises(BadInputError):
            read(Stix2(), made(content))


def test_parts_of_a_bundle_that_are_no_objects_are_rejected():
    reading = told(EVIL, 5, {"id": "x"}, None)
    assert [one.place for one in reading.rejected] == ["/objects/1", "/objects/2", "/objects/3"]


def test_a_relationship_between_crowds_is_refused_before_it_multiplies():
    many = " OR ".join(f"ipv4-addr:value = '1.2.{n // 250}.{n % 250}'" for n in range(150))
    left, right = indicator(f"[{many}]", 1), indicator(f"[{many}]", 2)
    reading = told(left, right, relation(left["id"], "related-to", right["id"]))
    assert any("150 × 150" in one.reason for one in reading.rejected)


HOSTS = st.lists(st.from_regex(r"[a-z]{3,9}\.com", fullmatch=True), min_size=1, max_size=8, unique=True)


@given(HOSTS, st.randoms())
def test_how_objects_are_spread_over_files_changes_nothing(hosts, dice):
    things = [RYUK]
    for number, host in enumerate(hosts, 10):
        one = indicator(f"[domain-name:value = '{host}']", number)
        things += [one, relation(one["id"], "indicates", RYUK["id"])]
    together = {claim for claim in told(*things).said if claim[1] == "indicates"}
    dice.shuffle(things)
    files = [made(one, path=f"{number}.json") for number, one in enumerate(things)]
    apart = {claim for claim in read(Stix2(), *files).said if claim[1] == "indicates"}
    assert together == apart == {(f"domain-name:{host}", "indicates", "malware:ryuk") for host in hosts}


def test_the_same_objects_written_by_the_reference_library_are_read():
    family = stix2.v21.Malware(name="Ryuk", is_family=True)
    found = stix2.v21.Indicator(
        pattern="[domain-name:value = 'evil.com']", pattern_type="stix", valid_from=WHEN
    )
    link = stix2.v21.Relationship(found, "indicates", family)
    document = made(json.loads(stix2.v21.Bundle(family, found, link).serialize()))
    assert ("domain-name:evil.com", "indicates", "malware:ryuk") in read(Stix2(), document).said


def nameless(title: str, *about: dict) -> dict:
    """A report that its maker gave no id."""
    made_up = thing("report", name=title, published=WHEN, object_refs=[one["id"] for one in about])
    return {key: value for key, value in made_up.items() if key != "id"}


def test_reports_without_an_id_keep_each_its_own_subject():
    emotet = thing("malware", 3, name="Emotet", is_family=True)
    reading = told(RYUK, emotet, nameless("First", RYUK), nameless("Second", emotet))
    assert ("malware:ryuk", "mentioned-in", "First") in reading.said
    assert ("malware:emotet", "mentioned-in", "Second") in reading.said
    assert ("malware:ryuk", "name", "Second") not in reading.said


@pytest.mark.parametrize("count", [1, 2, 7])
def test_what_a_report_is_about_is_told_once_however_often_it_is_asked(count):
    found = [indicator(f"[domain-name:value = 'evil{number}.com']", number) for number in range(1, count + 1)]
    report = thing(
        "report", 90, name="First", published=WHEN, object_refs=[RYUK["id"], *(f["id"] for f in found)]
    )
    reading = told(RYUK, *found, report)
    assert len(reading.objects("indicates")) == 1
    assert len([claim for claim in reading.claims if claim.property == "indicates"]) == count


@pytest.mark.parametrize("refs", [None, {}, [1, {"a": 1}], "x", [["y"]]], ids=str)
def test_references_of_any_shape_end_no_reading(refs):
    odd = indicator("[domain-name:value = 'evil.com']", 4, object_marking_refs=refs, created_by_ref=refs)
    reading = told(RYUK, odd, relation(odd["id"], "indicates", RYUK["id"]))
    assert ("domain-name:evil.com", "indicates", "malware:ryuk") in reading.said
