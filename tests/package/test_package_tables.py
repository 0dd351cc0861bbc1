"""Tables run nothing in a spreadsheet and lose nothing on the way."""

import csv
import io
from dataclasses import replace

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st
from package_sample import KEY, KEYED, facts, seal

from chokepoint.model.identity import Entity
from chokepoint.package.privacy import Discretion, pseudonym
from chokepoint.package.tables import COLUMNS, claims_csv, claims_graphml
from chokepoint.values.cells import guard, unguard

CLAIMS = seal(facts()).claims
RISKY = "=+-@\t\r"


@given(st.text())
def test_a_guarded_cell_never_begins_a_formula(cell):
    assert not guard(cell).startswith(tuple(RISKY))


@given(st.text("='+-@a\t\r", max_size=6) | st.text())
def test_unguarding_gives_back_every_cell(cell):
    assert unguard(guard(cell)) == cell


@given(st.text("abc.:/ '0", max_size=8))
def test_harmless_cells_are_left_alone(cell):
    assert guard(cell) == cell


@given(st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=40))
def test_any_value_comes_back_out_of_the_file(value):
    claim = replace(CLAIMS[0], subject=Entity("domain-name", value))
    rows = list(csv.reader(io.StringIO(claims_csv([claim], Discretion(minimised=KEYED)), newline="")))
    assert rows[0] == list(COLUMNS)
    assert unguard(rows[1][COLUMNS.index("subject")]) == value


def test_one_row_a_claim_in_order():
    rows = list(csv.DictReader(io.StringIO(claims_csv(CLAIMS, Discretion(minimised=KEYED)), newline="")))
    assert [row["record"] for row in rows] == [claim.record for claim in CLAIMS]
    assert {row["simulated"] for row in rows} == {"simulated"}
    assert rows[3]["object_kind"] == ""


@pytest.mark.parametrize("payload", ["=cmd|'/C calc'!A0", "@SUM(1+1)", "+1+1", "-2+3", "\t=1", "\r=1", "'=1"])
def test_known_injections_are_defused_in_the_file(payload):
    claim = replace(CLAIMS[0], origin=payload)
    row = next(csv.DictReader(io.StringIO(claims_csv([claim], Discretion(minimised=KEYED)), newline="")))
    assert row["origin"].startswith("'")


def test_persons_are_pseudonyms_in_tables():
    jane = Entity("person", "jane doe")
    claims = [replace(CLAIMS[0], subject=jane), replace(CLAIMS[0], object=jane)]
    for text in (
        claims_csv(claims, Discretion(minimised=KEYED)),
        claims_graphml(claims, Discretion(minimised=KEYED)),
    ):
        assert "jane" not in text
        assert pseudonym(jane, KEY) in text


def test_graphml_holds_every_entity_and_every_link():
    root = fromstring(claims_graphml(CLAIMS, Discretion(minimised=KEYED)))
    ns = "{http://graphml.graphdrawing.org/xmlns}"
    links = [claim for claim in CLAIMS if isinstance(claim.object, Entity)]
    nodes = {node.get("id") for node in root.iter(f"{ns}node")}
    assert nodes == {end.id for claim in links for end in (claim.subject, claim.object)}
    edges = list(root.iter(f"{ns}edge"))
    assert len(edges) == len(links)
    declared = {one.get("id") for one in root.iter(f"{ns}key")}
    used = {one.get("key") for one in root.iter(f"{ns}data")}
    assert used <= declared


@given(st.text(max_size=30))
def test_graphml_is_well_formed_whatever_is_in_it(value):
    claim = replace(CLAIMS[0], subject=Entity("domain-name", value), origin=value)
    text = claims_graphml([claim], Discretion(minimised=KEYED))
    assert fromstring(text.encode("utf-8", "replace")) is not None
