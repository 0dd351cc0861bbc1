"""Every field of a cluster ends as a claim, a rejection at its pointer, or a named skip."""

from __future__ import annotations

from itertools import permutations

import pytest
from structured_reading import Reading, made, read

from chokepoint.collect.misp_galaxy import KINDS, RELATIONS, REVERSED, MispGalaxy, kind_of
from chokepoint.model.claim import Nature
from chokepoint.model.vocabulary import vocabulary

A, B, C, D = (f"{letter * 8}-0000-4000-8000-000000000000" for letter in "abcd")
FOX = "group:winter fox"


def galaxy(*values, sort: str = "threat-actor", **head) -> dict:
    return {"type": sort, "name": sort, "uuid": D, "source": "MISP Project", "values": list(values), **head}


def told(*values, sort: str = "threat-actor", **head) -> Reading:
    return read(MispGalaxy(), made(galaxy(*values, sort=sort, **head)))


def fox(**meta) -> Reading:
    return told({"value": "Winter Fox", "uuid": A, "meta": meta})


WHOLE = {
    "value": "Winter Fox",
    "uuid": A,
    "description": "Winter Fox uses FoxLock against banks.",
    "meta": {
        "synonyms": ["WF", "winter fox"],
        "refs": ["https://lab.example.org/wf"],
        "country": "KH",
        "attribution-confidence": "50",
        "cfr-suspected-victims": ["Thailand", "Private banks"],
        "targeted-sector": ["Finance"],
        "nested": {"first": ["b"], "second": {"third": 7}},
        "colour": "#fff",
    },
    "related": [
        {
            "dest-uuid": B,
            "type": "uses",
            "tags": ['estimative-language:likelihood-probability="very-likely"'],
        },
        {"dest-uuid": C, "type": "similar"},
    ],
}
FOXLOCK = {
    "value": "FoxLock",
    "uuid": B,
    "meta": {
        "date": "January 2024",
        "price": "1 BTC",
        "extensions": [".fox"],
        "links": ["http://foxlock-leak.com/"],
        "ransomnotes": ["Your files are encrypted. Write to pay@foxlock-leak.com"],
        "type": ["ransomware"],
    },
    "related": [{"dest-uuid": A, "type": "used-by"}],
}


def test_two_galaxies_say_exactly_what_was_written_down_by_hand():
    files = [made(galaxy(WHOLE)), made(galaxy(FOXLOCK, sort="ransomware"), path="r.json")]
    lock = "malware:foxlock"
    note = FOXLOCK["meta"]["ransomnotes"][0]
    for order in permutations(files):
        reading = read(MispGalaxy(), *order)
        assert reading.said == {
            (FOX, "name", "Winter Fox"),
            (FOX, "description", WHOLE["description"]),
            (FOX, "alias", "WF"),
            (FOX, "reference", "https://lab.example.org/wf"),
            (FOX, "located-in", "country:kh"),
            (FOX, "attribute", "attribution-confidence: 50"),
            (FOX, "targets", "country:th"),
            (FOX, "attribute", "cfr-suspected-victims: Private banks"),
            (FOX, "attribute", "targeted-sector: Finance"),
            (FOX, "attribute", "nested.first: b"),
            (FOX, "attribute", "nested.second.third: 7"),
            (FOX, "uses", lock),
            (FOX, "mentioned-with", lock),
            (lock, "name", "FoxLock"),
            (lock, "date", "January 2024"),
            (lock, "price", "1 BTC"),
            (lock, "category", "ransomware"),
            (lock, "attribute", "extensions: .fox"),
            (lock, "attribute", f"ransomnotes: {note}"),
            (lock, "contact", "domain-name:foxlock-leak.com"),
            (lock, "contact", "email-addr:pay@foxlock-leak.com"),
            ("email-addr:pay@foxlock-leak.com", "hosted-at", "domain-name:foxlock-leak.com"),
        }
        assert reading.rejected == []
        assert dict(reading.skipped) == {
            "alias that is the name in other letters": 1,
            "cluster fields without facts (colour, uuid, tags, name attribution)": 1,
            "relation to a cluster in none of the files (attack patterns and the like)": 1,
        }


def test_a_home_country_is_an_assessment_with_the_confidence_that_stands_beside_it():
    claim = fox(country="KH", **{"attribution-confidence": "75"}).claim(FOX, "located-in")
    assert (claim.nature, claim.provenance.grading.credibility) == (Nature.ASSESSMENT, "2")
    assert claim.provenance.grading.original == "stix-confidence:75"


@pytest.mark.parametrize("sure", ["101", "1000", "-1", "high", "", None, ["50"]], ids=repr)
def test_a_confidence_off_its_scale_grades_nothing_and_the_country_stays(sure):
    claim = fox(country="KH", **{"attribution-confidence": sure}).claim(FOX, "located-in")
    assert not claim.provenance.grading.original.startswith("stix")


@pytest.mark.parametrize(
    ("word", "credibility"),
    [
        pytest.param("almost-certain", "2", id="almost-certain"),
        pytest.param("likely", "2", id="likely"),
        pytest.param("roughly-even-chance", "3", id="even"),
        pytest.param("unlikely", "4", id="unlikely"),
        pytest.param("almost-no-chance", "5", id="no-chance"),
    ],
)
def test_estimative_language_grades_a_relation(word, credibility):
    tag = f'estimative-language:likelihood-probability="{word}"'
    reading = told(
        {"value": "Winter Fox", "uuid": A, "related": [{"dest-uuid": B, "type": "similar", "tags": [tag]}]},
        {"value": "Frost", "uuid": B},
    )
    assert reading.claim(FOX, "similar-to").provenance.grading.credibility == credibility


@pytest.mark.parametrize("sort", sorted(RELATIONS))
def test_each_relation_links_the_cluster_to_the_other(sort):
    reading = told(
        {"value": "Winter Fox", "uuid": A, "related": [{"dest-uuid": B, "type": sort}]},
        {"value": "Frost", "uuid": B},
    )
    assert (FOX, RELATIONS[sort], "group:frost") in reading.said
    assert vocabulary().property(RELATIONS[sort]).is_link


@pytest.mark.parametrize("sort", sorted(REVERSED))
def test_each_passive_relation_links_the_other_to_the_cluster(sort):
    reading = told(
        {"value": "Winter Fox", "uuid": A, "related": [{"dest-uuid": B, "type": sort}]},
        {"value": "Frost", "uuid": B},
    )
    assert ("group:frost", REVERSED[sort], FOX) in reading.said


def test_a_relation_of_a_type_that_nobody_knows_is_related_to():
    reading = told(
        {"value": "Winter Fox", "uuid": A, "related": [{"dest-uuid": B.upper(), "type": "admires"}]},
        {"value": "Frost", "uuid": B},
    )
    assert (FOX, "related-to", "group:frost") in reading.said


def test_clusters_without_a_uuid_are_never_the_other_end_of_a_relation():
    lost = {"value": "Winter Fox", "related": [{"type": "uses"}, {"dest-uuid": "", "type": "uses"}]}
    reading = told(lost, {"value": "Frost"}, {"value": "Thaw", "uuid": ""})
    assert {prop for _, prop, _ in reading.said} == {"name"}
    assert [one.place for one in reading.rejected] == ["/values/0/related/0", "/values/0/related/1"]


def test_a_uuid_of_two_clusters_ties_neither_in_any_order():
    related = {"value": "Winter Fox", "uuid": A, "related": [{"dest-uuid": B, "type": "similar"}]}
    for order in permutations([related, {"value": "Frost", "uuid": B}, {"value": "Thaw", "uuid": B}]):
        reading = told(*order)
        assert reading.objects("similar-to") == set()
        assert len(reading.rejected) == 1
        assert reading.rejected[0].place.endswith("/uuid")


def test_a_cluster_read_twice_is_no_stranger_to_itself():
    reading = read(MispGalaxy(), made(galaxy(WHOLE)), made(galaxy(WHOLE)))
    assert reading.rejected == []


def test_relations_in_a_circle_and_to_oneself_end():
    circle = [
        {
            "value": "One",
            "uuid": A,
            "related": [{"dest-uuid": B, "type": "similar"}, {"dest-uuid": A, "type": "similar"}],
        },
        {"value": "Two", "uuid": B, "related": [{"dest-uuid": A, "type": "similar"}]},
    ]
    reading = told(*circle)
    assert {one for one in reading.said if one[1] == "similar-to"} == {
        ("group:one", "similar-to", "group:two"),
        ("group:two", "similar-to", "group:one"),
    }
    assert reading.skipped["relation between two clusters of one name"] == 1


@pytest.mark.parametrize(
    "cluster",
    [
        5,
        "x",
        None,
        [],
        {},
        {"value": ""},
        {"value": None},
        {"value": ["a"]},
        {"value": {"a": 1}},
        {"value": "---"},
    ],
    ids=repr,
)
def test_a_cluster_without_a_name_is_rejected_and_the_others_are_read(cluster):
    reading = told(cluster, {"value": "Winter Fox", "uuid": A})
    assert [one.place.startswith("/values/0") for one in reading.rejected] == [True]
    assert "Mend: " in reading.rejected[0].reason
    assert (FOX, "name", "Winter Fox") in reading.said


@pytest.mark.parametrize(
    ("field", "value", "place"),
    [
        pytest.param("meta", [1], "/values/0/meta", id="list-for-meta"),
        pytest.param("meta", "x", "/values/0/meta", id="text-for-meta"),
        pytest.param("related", "x", "/values/0/related", id="text-for-related"),
        pytest.param("related", ["x"], "/values/0/related/0", id="text-for-a-relation"),
        pytest.param("description", ["x"], "/values/0/description", id="list-for-description"),
        pytest.param("meta", {"synonyms": [["x"]]}, "/values/0/meta/synonyms", id="list-for-synonym"),
    ],
)
def test_a_field_of_the_wrong_type_is_rejected_and_the_name_stays(field, value, place):
    reading = told({"value": "Winter Fox", "uuid": A, field: value})
    found = [one.place for one in reading.rejected] or [
        c.place for c in reading.claims if c.property == "attribute"
    ]
    assert found == [place]
    assert (FOX, "name", "Winter Fox") in reading.said


def test_a_synonym_of_the_wrong_type_costs_only_itself_and_the_others_keep_their_pointers():
    reading = fox(synonyms=["WF", {"a": 1}, None, "Frosty"])
    assert {(c.object, c.place) for c in reading.claims if c.property == "alias"} == {
        ("WF", "/values/0/meta/synonyms/0"),
        ("Frosty", "/values/0/meta/synonyms/3"),
    }
    assert [one.place for one in reading.rejected] == ["/values/0/meta/synonyms/1"]


def test_of_one_field_without_end_the_first_hundred_values_are_kept():
    reading = fox(deep={"a": [{"b": n} for n in range(150)]})
    assert len(reading.objects("attribute")) == 100
    assert reading.skipped["values of one unknown field after the first 100"] == 50


@pytest.mark.parametrize("sort", sorted(KINDS))
def test_each_galaxy_names_entities_of_its_kind(sort):
    value = "Thailand" if KINDS[sort] == "country" else "Winter Fox"
    kinds = {claim.subject.kind for claim in told({"value": value, "uuid": A}, sort=sort).claims}
    assert kinds == {KINDS[sort]}


@pytest.mark.parametrize(
    ("sort", "category", "kind"),
    [
        pytest.param("new-actors", "actor", "group", id="unknown-actors"),
        pytest.param("new-tools", "Tool", "malware", id="unknown-tools"),
        pytest.param("new-attack-pattern", "tool", "", id="techniques"),
        pytest.param("sector", "sector", "", id="sectors"),
        pytest.param("", "", "", id="nothing-said"),
    ],
)
def test_a_galaxy_that_nobody_listed_is_read_by_its_category(sort, category, kind):
    assert kind_of(sort, category) == kind


def test_a_galaxy_of_techniques_is_counted_by_its_clusters():
    reading = told(
        {"value": "Phishing", "uuid": A}, {"value": "Smishing", "uuid": B}, sort="mitre-attack-pattern"
    )
    assert reading.claims == []
    assert dict(reading.skipped) == {"galaxy mitre-attack-pattern: no actors or things of the vocabulary": 2}
