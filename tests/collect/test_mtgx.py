"""Maltego graphs: exports come back claim for claim, drawn graphs as entities and links, hostile ones with reasons."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from line_reading import claims, document, rejected, skipped, triples

from chokepoint.collect.mtgx import Mtgx
from chokepoint.collect.registry import collectors, recognise
from chokepoint.model.claim import Interval, Nature
from chokepoint.model.errors import BadInputError
from chokepoint.model.identity import Entity
from chokepoint.model.marking import Marking, Tlp
from chokepoint.values.mtgx import CLAIM, KIND, VALUE, MtgxEntity, MtgxLink, type_of, write_mtgx

EVIL = Entity("domain-name", "evil.com")
HOST = Entity("ipv4-addr", "192.0.2.1")
SAID = {
    "subject": list(EVIL),
    "property": "resolves-to",
    "object": list(HOST),
    "capture": "ab" * 32,
    "place": "line 3",
    "origin": "Somebody",
    "grading": "B2",
    "graded": "tagpack:forensic",
    "observed": ["2020-01-01", "2020-02-01", "month"],
    "nature": "assessment",
    "marking": ["TLP:GREEN", "PAP:CLEAR", [], ["H1"]],
    "raw": "evil[.]com",
    "contributor": "bank",
    "belief": "0.7312",
    "verdict": "accepted",
    "simulated": True,
    "record": "cd" * 32,
}


def node(name: str, kind: str, value: str, *more: tuple[str, str], notes: str = "") -> MtgxEntity:
    """An entity as a person draws it."""
    return MtgxEntity(id=name, type=kind, properties=(("main", value), *more), notes=notes)


def ours(name: str, entity: Entity, *more: tuple[str, str], shown: str = "") -> MtgxEntity:
    """An entity as an export writes it."""
    made = type_of(*entity)
    main = (made.main, shown or entity.value)
    return MtgxEntity(
        id=name, type=made.name, properties=(main, (KIND, entity.kind), (VALUE, entity.value), *more)
    )


def line(source: str, target: str, *properties: tuple[str, str]) -> MtgxLink:
    return MtgxLink(source=source, target=target, properties=properties)


def read(entities, links=(), **more):
    return list(Mtgx().read(document(write_mtgx(entities, links), "desk/case 7.mtgx", **more)))


def exported(**changed):
    text = json.dumps({**SAID, **changed})
    return read([ours("n0", EVIL), ours("n1", HOST)], [line("n0", "n1", (CLAIM, text))])


def test_a_claim_of_an_export_comes_back_whole():
    (claim,) = claims(exported())
    source = claim.provenance
    assert (claim.subject, claim.property, claim.object) == (EVIL, "resolves-to", HOST)
    assert (source.capture, claim.place, source.origin) == ("ab" * 32, "line 3", "Somebody")
    assert (source.grading.code, source.grading.original) == ("B2", "tagpack:forensic")
    assert claim.observed == Interval("2020-01-01", "2020-02-01", "month")
    assert claim.nature is Nature.ASSESSMENT
    assert source.marking == Marking(tlp=Tlp.GREEN, handling=frozenset({"H1"}))
    assert claim.raw == "evil[.]com"


def test_attributes_of_an_export_come_back_from_the_entity_that_carries_them():
    text = json.dumps({**SAID, "property": "description", "object": "a page\nof lies"})
    (claim,) = claims(read([ours("n0", EVIL, (CLAIM, text))]))
    assert (claim.property, claim.object) == ("description", "a page\nof lies")


def test_belief_and_verdict_are_no_claims_and_left_out_by_name():
    assert skipped(exported(simulated=False)) == {
        "belief and verdict of the sender": 1,
        "entity that the claims of the export name": 2,
    }
    assert skipped(exported())["simulated verdict of the sender"] == 1


def test_nothing_is_derived_from_an_export_that_it_does_not_say():
    page = Entity("url", "https://www.evil.com/a")
    text = json.dumps(
        {**SAID, "subject": list(page), "property": "hosted-at", "object": ["domain-name", "www.evil.com"]}
    )
    assert len(claims(read([ours("n0", page), ours("n1", EVIL)], [line("n0", "n1", (CLAIM, text))]))) == 1


def test_a_person_may_name_the_origin_and_tighten_the_marking_of_an_export():
    text = json.dumps(SAID)
    (claim,) = claims(
        read(
            [ours("n0", EVIL), ours("n1", HOST)],
            [line("n0", "n1", (CLAIM, text))],
            origin="Partner",
            origin_given=True,
            marking=Marking(tlp=Tlp.AMBER),
        )
    )
    assert claim.provenance.origin == "Partner"
    assert claim.provenance.marking.tlp is Tlp.AMBER


def test_a_milder_marking_does_not_loosen_that_of_an_export():
    red = ["TLP:RED", "PAP:RED", ["police/ann"], []]
    (claim,) = claims(exported(marking=red))
    assert claim.provenance.marking.tlp is Tlp.RED
    assert claim.provenance.marking.audience == {"police/ann"}


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"subject": ["domain-name", "EVIL.com"]}, "normal form"),
        ({"subject": ["domain-name", "no domain"]}, "cannot be taken"),
        ({"subject": ["starship", "evil.com"]}, "unknown kind"),
        ({"subject": "evil.com"}, "not readable"),
        ({"property": "loves"}, "unknown property"),
        ({"object": "a text"}, "is a link"),
        ({"property": "description"}, "is a attribute"),
        ({"capture": "../../etc/passwd"}, "no SHA-256"),
        ({"capture": "AB" * 32}, "no SHA-256"),
        ({"place": ""}, "place or origin"),
        ({"origin": "x" * 500}, "place or origin"),
        ({"grading": "Z9"}, "reliability"),
        ({"grading": "excellent"}, "Admiralty"),
        ({"nature": "rumour"}, "neither fact nor assessment"),
        ({"marking": ["TLP:PURPLE", "PAP:CLEAR", [], []]}, "TLP"),
        ({"marking": ["TLP:CLEAR", "PAP:LOUD", [], []]}, "PAP"),
        ({"marking": None}, "not readable"),
        ({"observed": ["2020-02-01", "2020-01-01", "day"]}, "interval"),
        ({"observed": ["2020-01-01", "2020-01-01", "day"]}, "interval"),
        ({"observed": ["20200101", "", "day"]}, "interval"),
        ({"observed": ["yesterday", "", "day"]}, "ISO 8601"),
        ({"observed": ["", "", "eon"]}, "interval"),
        ({"raw": "x" * 200_000}, "100,000"),
    ],
)
def test_a_claim_that_no_atlas_exports_is_refused_with_its_place(changed, reason):
    items = exported(**changed)
    assert claims(items) == []
    (problem,) = rejected(items)
    assert problem.place == "link 1"
    assert reason in problem.reason
    assert "Mend:" in problem.reason


@pytest.mark.parametrize("text", ["{", "[]", "null", '"x"', "[" * 100_000, '{"subject":NaN}', "\ud800"])
def test_a_claim_that_somebody_broke_does_not_lose_the_others(text):
    items = read(
        [ours("n0", EVIL), ours("n1", HOST)],
        [line("n0", "n1", (CLAIM, text)), line("n0", "n1", (CLAIM, json.dumps(SAID)))],
    )
    assert len(claims(items)) == 1
    assert [problem.place for problem in rejected(items)] == ["link 1"]


def test_a_drawn_graph_gives_entities_of_their_types_and_links_with_their_label():
    items = read(
        [
            node("n0", "maltego.Domain", "EVIL[.]com"),
            node("n1", "maltego.Person", "Jane Doe"),
            node("n2", "maltego.affiliation.Telegram", "@cash_boss"),
        ],
        [
            line(
                "n0",
                "n1",
                ("maltego.link.manual.type", "registered by"),
                ("maltego.link.manual.description", "seen in WHOIS"),
            ),
            line("n1", "n2"),
        ],
    )
    assert triples(items) == {
        ("domain-name:evil.com", "related-to", "person:jane doe"),
        ("domain-name:evil.com", "attribute", "link to person:jane doe: registered by: seen in WHOIS"),
        ("person:jane doe", "related-to", "user-account:telegram:cash_boss"),
    }
    assert {claim.place for claim in claims(items)} == {"link 1", "link 2"}
    assert {claim.provenance.origin for claim in claims(items)} == {"Test"}


def test_what_follows_from_a_drawn_address_is_said_as_elsewhere():
    items = read([node("n0", "maltego.URL", "https://www.evil.com/a")])
    assert ("url:https://www.evil.com/a", "hosted-at", "domain-name:www.evil.com") in triples(items)


def test_notes_and_further_properties_are_kept():
    items = read(
        [
            node(
                "n0",
                "maltego.Domain",
                "evil.com",
                ("whois-info", "none"),
                ("fqdn", "evil.com"),
                notes="call them\n",
            )
        ]
    )
    assert triples(items) == {
        ("domain-name:evil.com", "attribute", "whois-info: none"),
        ("domain-name:evil.com", "observation", "call them"),
    }


def test_an_entity_that_stands_alone_is_mentioned_in_the_graph():
    assert ("domain-name:evil.com", "mentioned-in", "case 7.mtgx") in triples(
        read([node("n0", "maltego.Domain", "evil.com")])
    )


def test_a_phrase_is_taken_where_it_is_an_identifier():
    items = read(
        [node("n0", "maltego.Phrase", "192.0.2.1"), node("n1", "maltego.Phrase", "who is this?")],
        [line("n0", "n1")],
    )
    assert {str(claim.subject) for claim in claims(items)} == {"ipv4-addr:192.0.2.1"}
    (problem,) = rejected(items)
    assert problem.place == "entity 2"
    assert skipped(items)["link to an entity that could not be taken"] == 1


def test_what_a_person_adds_to_an_export_is_read_beside_its_claims():
    items = read(
        [
            ours("n0", EVIL, ("bookmark", "look again")),
            ours("n1", HOST),
            node("n2", "maltego.Domain", "other.com"),
        ],
        [line("n0", "n1", (CLAIM, json.dumps(SAID))), line("n2", "n0")],
    )
    assert triples(items) == {
        ("domain-name:evil.com", "resolves-to", "ipv4-addr:192.0.2.1"),
        ("domain-name:evil.com", "attribute", "bookmark: look again"),
        ("domain-name:other.com", "related-to", "domain-name:evil.com"),
    }


def test_a_value_that_a_person_changed_is_told_and_its_claims_are_not():
    items = read(
        [ours("n0", EVIL, shown="evil.net"), ours("n1", HOST)], [line("n0", "n1", (CLAIM, json.dumps(SAID)))]
    )
    assert ("domain-name:evil.com", "resolves-to", "ipv4-addr:192.0.2.1") in triples(items)
    (problem,) = rejected(items)
    assert "evil.com" in problem.reason
    assert "evil.net" in problem.reason
    assert any(str(claim.subject) == "domain-name:evil.net" for claim in claims(items))


def test_links_to_nowhere_to_themselves_and_second_entities_of_one_name_are_told():
    items = read(
        [node("n0", "maltego.Domain", "evil.com"), node("n0", "maltego.Domain", "other.com")],
        [line("n0", "n7"), line("n0", "n0")],
    )
    assert {problem.place for problem in rejected(items)} == {"entity 2", "link 1"}
    assert skipped(items)["link of an entity with itself"] == 1


def test_an_empty_graph_and_a_damaged_archive_are_refused():
    with pytest.raises(BadInputError, match="without entities"):
        read([])
    whole = write_mtgx([node("n0", "maltego.Domain", "evil.com")], [])
    for data in (whole[:-60], whole[:40], b"PK\x03\x04"):
        with pytest.raises(BadInputError):
            list(Mtgx().read(document(data)))


def test_a_graph_is_recognised_by_content_and_before_all_others():
    data = write_mtgx([node("n0", "maltego.Domain", "evil.com")], [])
    assert recognise(document(data, "renamed.zip"), collectors()).name == "maltego"
    assert not Mtgx().recognises(document("Graphs/Graph1.graphml"))
    assert not Mtgx().recognises(document(b"PK\x03\x04.graphml"))


TEXTS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["evil.com", "@a_b", "maltego.Domain", "domain-name", KIND, VALUE, CLAIM, "\x00"]),
)
DRAWN = st.lists(
    st.builds(
        MtgxEntity,
        id=st.sampled_from("abc"),
        type=TEXTS,
        properties=st.lists(st.tuples(TEXTS, TEXTS), max_size=4).map(tuple),
        notes=TEXTS,
    ),
    min_size=1,
    max_size=5,
)
LINES = st.lists(
    st.builds(
        MtgxLink,
        source=st.sampled_from("abcd"),
        target=st.sampled_from("abcd"),
        properties=st.lists(st.tuples(TEXTS, TEXTS), max_size=3).map(tuple),
    ),
    max_size=5,
)


@given(DRAWN, LINES)
def test_every_entity_and_link_of_any_graph_is_said_refused_or_skipped_by_name(entities, links):
    items = read(entities, links)
    told = {item.place for item in (*claims(items), *rejected(items))}
    rules = skipped(items)
    untold = {f"link {number}" for number in range(1, len(links) + 1)} - told
    by_rule = ("link to an entity that could not be taken", "link of an entity with itself")
    assert len(untold) == sum(rules.get(rule, 0) for rule in by_rule)
    unseen = {f"entity {number}" for number in range(1, len(entities) + 1)} - told
    named = {
        end for claim in claims(items) for end in (claim.subject, claim.object) if isinstance(end, Entity)
    }
    assert len(unseen) <= rules.get("entity that the claims of the export name", 0) + len(named) * len(
        entities
    )
    assert bool(unseen) <= bool(named or rules)
