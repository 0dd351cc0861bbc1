"""CSV, GraphML, MISP and Maltego: the hard cases of each form, and what all of them owe to persons and marks."""

import csv
import io
import json
from dataclasses import replace

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st
from package_sample import KEY, KEYED, RYUK, TESLA, WALLET, WHEN, facts, seal, vetted

from chokepoint.collect.base import Document, Rejected
from chokepoint.collect.mtgx import Mtgx
from chokepoint.model.claim import Claim, Interval, Nature
from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR, Marking, Tlp
from chokepoint.package.ftm import export_ftm
from chokepoint.package.maltego import export_mtgx
from chokepoint.package.misp import misp_event
from chokepoint.package.privacy import Discretion, Minimised, pseudonym
from chokepoint.package.redact import WITHHELD
from chokepoint.package.stix.bundle import Cover
from chokepoint.package.tables import COLUMNS, claims_csv, claims_graphml
from chokepoint.package.whole import ends, named, whole
from chokepoint.values.cells import guard, unguard
from chokepoint.values.mtgx import read_mtgx

BASE = vetted(seal(facts()).claims)[0]
OPEN = Discretion(minimised=KEYED)
JANE = Entity("person", "jane doe")
GRAPHML = "{http://graphml.graphdrawing.org/xmlns}"


def claim(subject=TESLA, name="related-to", thing=WALLET, **changes):
    return replace(BASE, **{"subject": subject, "property": name, "object": thing, "raw": ""} | changes)


def rows(*claims, discreet=OPEN):
    return list(csv.DictReader(io.StringIO(claims_csv(claims, discreet), newline="")))


def event(*claims, discreet=OPEN):
    cover = Cover(title="t", created=WHEN, organisation="o", marking=CLEAR, discretion=discreet)
    return json.loads(misp_event(claims, cover))["Event"]


def graph(*claims, discreet=OPEN):
    root = fromstring(claims_graphml(claims, discreet))
    nodes = {
        node.get("id"): {data.get("key"): data.text for data in node} for node in root.iter(f"{GRAPHML}node")
    }
    return nodes, list(root.iter(f"{GRAPHML}edge"))


FORMS = {
    "csv": claims_csv,
    "graphml": claims_graphml,
    "misp": lambda claims, discreet: json.dumps(event(*claims, discreet=discreet), ensure_ascii=False),
    "ftm": lambda claims, discreet: export_ftm(claims, discreet).decode(),
    "maltego": lambda claims, discreet: repr(read_mtgx(export_mtgx(claims, discreet))) if claims else "",
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("end", ["subject", "object"])
def test_an_unnamed_person_is_a_pseudonym_in_every_form(form, end):
    told = FORMS[form]([replace(claim(raw="JANE DOE" if end == "subject" else ""), **{end: JANE})], OPEN)
    assert pseudonym(JANE, KEY) in told
    assert "jane" not in told.casefold()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["alias", "description", "observation"])
def test_words_about_them_are_withheld_in_every_form(form, name):
    told = FORMS[form]([claim(JANE, name, "Jane Q. Doe of Leeds")], OPEN)
    assert "Leeds" not in told
    assert WITHHELD in told


@pytest.mark.parametrize("form", FORMS)
def test_a_person_whom_an_authority_named_is_named_in_every_form(form):
    told = FORMS[form](
        [claim(JANE, "alias", "Jane Q. Doe")], Discretion(public_persons=frozenset({JANE}), minimised=KEYED)
    )
    assert "jane doe" in told
    assert "Jane Q. Doe" in told


@pytest.mark.parametrize("form", [form for form in FORMS if form != "graphml"])
def test_every_form_tells_of_label_grade_and_origin(form):
    told = FORMS[form]([claim(marking=Marking(tlp=Tlp.AMBER), grading="C3", origin="Unit 42")], OPEN)
    assert "TLP:AMBER" in told
    assert "C3" in told
    assert "Unit 42" in told


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_nothing_is_whole(form):
    assert isinstance(FORMS[form]([], OPEN), str)


@pytest.mark.parametrize(
    "value", ["a,b", 'a"b', "a\nb", "a\r\nb", " a ", "\t", "=1+1", "'=1", "''", "ก", "\x00"]
)
@pytest.mark.parametrize("column", ["subject", "object", "origin", "place", "contributor"])
def test_any_cell_comes_back_and_runs_nothing(column, value):
    changes = {"subject": Entity("malware", value)} if column == "subject" else {}
    changes |= {"object": value, "property": "alias"} if column == "object" else {}
    changes |= {column: value} if column in ("origin", "place", "contributor") else {}
    (row,) = rows(replace(claim(), **changes))
    assert unguard(row[column]) == value
    assert not row[column].startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("cell", ["", "'", "''", "'=", "''=", "=", "'a", "a'", "'''+1"])
def test_guarding_is_undone_by_unguarding(cell):
    assert unguard(guard(cell)) == cell
    assert guard(guard(cell)) == guard(cell) or guard(cell).startswith("'")


@pytest.mark.parametrize(
    ("observed", "cells"),
    [
        (None, ("", "")),
        (Interval("2016-01-01", "2016-01-02"), ("2016-01-01", "2016-01-02")),
        (Interval("", "2016-01-02"), ("", "2016-01-02")),
        (Interval("2016-01-01", ""), ("2016-01-01", "")),
    ],
)
def test_an_interval_has_two_cells(observed, cells):
    (row,) = rows(claim(observed=observed))
    assert (row["observed_from"], row["observed_until"]) == cells


def test_columns_never_change_their_order():
    """Programs read them by number too."""
    assert claims_csv([], OPEN) == ",".join(COLUMNS) + "\r\n"
    assert COLUMNS[:5] == ("subject_kind", "subject", "property", "object_kind", "object")
    assert COLUMNS[-1] == "record"


def test_a_graph_has_one_node_an_entity_and_one_edge_a_link():
    claims = [claim(), claim(record="1" * 64), claim(RYUK, "uses", TESLA), claim(RYUK, "alias", "hermes")]
    nodes, edges = graph(*claims)
    assert set(nodes) == {TESLA.id, WALLET.id, RYUK.id}
    assert len(edges) == 3
    assert nodes[RYUK.id]["said.alias"] == "hermes"


def test_several_words_under_one_property_stand_one_a_line():
    nodes, _ = graph(
        claim(RYUK, "alias", "one"), claim(RYUK, "alias", "two"), claim(RYUK, "status", "active")
    )
    assert nodes[RYUK.id]["said.alias"] == "one\ntwo"
    assert nodes[RYUK.id]["said.status"] == "active"


@given(st.text(max_size=40))
def test_what_xml_cannot_hold_is_replaced_and_never_breaks_the_graph(value):
    nodes, _ = graph(claim(Entity("malware", value or "x"), "alias", value))
    (node,) = nodes.values()
    assert len(node["label"] or "") <= len(value or "x")


@pytest.mark.parametrize(
    ("entity", "sort", "value"),
    [
        (Entity("onion-service", "x.onion"), "domain", "x.onion"),
        (Entity("ipv6-addr", "2001:db8::1"), "ip-dst", "2001:db8::1"),
        (Entity("file", "md5:abc"), "md5", "abc"),
        (Entity("file", "crc32:abc"), "text", "crc32:abc"),
        (Entity("bank-account", "iban:DE1"), "iban", "DE1"),
        (Entity("bank-account", "th:014:1"), "text", "th:014:1"),
        (Entity("user-account", "github:evil"), "github-username", "evil"),
        (Entity("user-account", "line:evil"), "text", "line:evil"),
        (WALLET, "btc", WALLET.value),
        (Entity("crypto-address", "0x" + "a" * 40), "text", "0x" + "a" * 40),
        (Entity("group", "lazarus"), "threat-actor", "lazarus"),
        (Entity("service", "mixer"), "text", "mixer"),
    ],
)
def test_misp_has_its_own_type_for_what_it_knows_and_text_for_the_rest(entity, sort, value):
    made = event(claim(entity, "related-to", TESLA))
    values = [(one["type"], one["value"]) for each in made["Object"] for one in each["Attribute"]]
    assert (sort, value) in values


def test_a_misp_event_is_not_published_by_itself_and_goes_where_its_label_lets_it():
    made = event(claim())
    assert (made["published"], made["distribution"]) == (False, "3")
    assert made["Tag"] == [{"name": "tlp:clear"}]
    assert made["date"] == "2024-05-01"


def test_a_misp_event_of_the_same_claims_is_the_same_event():
    one, other = event(claim(), claim(record="1" * 64)), event(claim(record="1" * 64), claim())
    assert one["uuid"] == other["uuid"]
    assert event(claim(record="2" * 64))["uuid"] != one["uuid"]


def test_a_whole_claim_holds_no_float_and_names_every_part():
    said = whole(claim(observed=Interval("2016-01-01", ""), nature=Nature.ASSESSMENT, belief=1 / 3), OPEN)
    assert said["belief"] == "0.3333"
    assert said["observed"] == ["2016-01-01", "", "day"]
    assert said["nature"] == "assessment"
    assert not any(isinstance(value, float) for value in said.values())
    assert set(said) >= {"record", "capture", "place", "origin", "grading", "marking", "verdict", "simulated"}


def test_ends_are_named_alike_wherever_a_form_needs_them():
    assert ends(claim(), OPEN) == (TESLA, WALLET)
    assert ends(claim(thing="text", name="alias"), OPEN) == (TESLA, "text")
    assert named(JANE, OPEN) == Entity("person", pseudonym(JANE, KEY))


def test_what_maltego_gets_comes_back_with_markings_grades_and_times():
    one = claim(
        marking=Marking(tlp=Tlp.GREEN), grading="C3", observed=Interval("2016-01-01", "2017-01-01", "year")
    )
    items = list(Mtgx().read(Document(path="x.mtgx", data=export_mtgx([one], OPEN))))
    (back,) = [item for item in items if isinstance(item, Claim)]
    assert not [item for item in items if isinstance(item, Rejected)]
    assert (back.subject, back.property, back.object) == (TESLA, "related-to", WALLET)
    assert back.provenance.marking.tlp is Tlp.GREEN
    assert back.provenance.grading.code == "C3"
    assert back.observed == one.observed
    assert back.place == one.place


def of_csv(text):
    return {
        cell
        for row in csv.DictReader(io.StringIO(text, newline=""))
        for cell in (row["subject"], row["object"])
    }


MASKED = {
    "csv": lambda said, discreet: of_csv(claims_csv(said, discreet)),
    "graphml": lambda said, discreet: {node["label"] for node in graph(*said, discreet=discreet)[0].values()},
    "misp": lambda said, discreet: {
        one["Attribute"][0]["value"] for one in event(*said, discreet=discreet)["Object"]
    },
    "ftm": lambda said, discreet: {
        name
        for line in export_ftm(said, discreet).splitlines()
        for name in json.loads(line)["properties"].get("name", ())
    },
    "maltego": lambda said, discreet: {
        dict(one.properties)["chokepoint.value"] for one in read_mtgx(export_mtgx(said, discreet))[0]
    },
}


@pytest.mark.parametrize("form", MASKED)
def test_two_things_that_are_masked_alike_are_not_one_thing_to_other_tools(form):
    anna, asta = Entity("email-addr", "anna.a@mail.example"), Entity("email-addr", "asta.a@mail.example")
    discreet = Discretion(minimised=replace(KEYED, hidden=frozenset({anna, asta})))
    said = [
        claim(Entity("group", "ring one"), "contact", anna, record="1" * 64),
        claim(Entity("group", "ring two"), "contact", asta, record="2" * 64),
        claim(Entity("group", "ring three"), "contact", asta, record="3" * 64),
    ]
    masked = [one for one in MASKED[form](said, discreet) if "•••" in one]
    assert len(masked) == 2
    assert all(one.startswith("a•••a@m•••e ") for one in masked)
    assert not any("anna" in one or "asta" in one for one in masked)
    assert MASKED[form](said, discreet) == MASKED[form](said[::-1], discreet)


def test_a_mask_without_a_key_says_nothing_of_what_is_masked():
    mail = Entity("email-addr", "anna.a@mail.example")
    assert Discretion(minimised=Minimised(hidden=frozenset({mail}))).apart(mail) == "a•••a@m•••e"
