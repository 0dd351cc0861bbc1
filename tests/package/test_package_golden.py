"""Golden files: what a fixed atlas of five captures becomes in every form that leaves.

A change that is meant is taken over with `CHOKEPOINT_GOLDEN=write`, and read before it is committed.
"""

import csv
import io
import json
import os
import re
import zipfile
from hashlib import sha256

import pytest
from package_sample import DATA, WHEN, captures, facts, finding, picture, seal, summary, vetted

from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR
from chokepoint.package.document import render
from chokepoint.package.drawing.curve import curve_svg
from chokepoint.package.drawing.network import network_svg
from chokepoint.package.drawing.timeline import timeline_svg
from chokepoint.package.ftm import export_ftm
from chokepoint.package.maltego import export_mtgx
from chokepoint.package.manifest import ENVELOPE, MANIFEST, RECORDS
from chokepoint.package.misp import misp_event
from chokepoint.package.privacy import Discretion
from chokepoint.package.report import Report
from chokepoint.package.stix.bundle import Cover, bundle_bytes
from chokepoint.package.tables import claims_csv, claims_graphml

CLAIMS = seal(facts()).claims
OPEN = Discretion()
COVER = Cover(
    title="Two wallets",
    created=WHEN,
    organisation="Example Police",
    marking=CLEAR,
    discretion=OPEN,
    simulated=True,
)


def graph_of(archive):
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return opened.read("Graphs/Graph1.graphml")


def words_of(page):
    """A page as it is read: its text, a block a line, without style and drawings."""
    body = re.sub(r"<style>.*?</style>|<svg.*?</svg>", "", page, flags=re.DOTALL)
    lines = re.sub(r"<[^>]+>", "\n", re.sub(r"</?(span|strong|abbr|a|b)\b[^>]*>", " ", body)).splitlines()
    return "\n".join(filter(None, (" ".join(line.split()) for line in lines))) + "\n"


def page():
    return render(
        Report(
            title="Two wallets behind SamSam and Ryuk",
            created=WHEN,
            organisation="Example Police",
            atlas="0f" * 16,
            marking=CLEAR,
            finding=finding(),
            picture=picture(),
            summary=summary(),
            claims=CLAIMS,
            captures=captures(),
            simulated=True,
        )
    )


FORMS = {
    "claims.csv": lambda: claims_csv(CLAIMS, OPEN).encode(),
    "claims.graphml": lambda: claims_graphml(CLAIMS, OPEN).encode(),
    "claims.ftm.json": lambda: export_ftm(CLAIMS, OPEN),
    "event.misp.json": lambda: misp_event(CLAIMS, COVER),
    "export.stix.json": lambda: bundle_bytes(CLAIMS, COVER),
    "graph.mtgx.graphml": lambda: graph_of(export_mtgx(CLAIMS, OPEN)),
    "report.txt": lambda: words_of(page()).encode(),
    "network.svg": lambda: network_svg(picture().nodes, picture().edges).encode(),
    "timeline.svg": lambda: timeline_svg(picture().events, as_of="2024-05-01").encode(),
    "curve.svg": lambda: curve_svg(finding().curve).encode(),
}


@pytest.mark.parametrize("name", FORMS)
def test_every_form_is_what_it_was_byte_for_byte(name):
    golden, made = DATA / "golden" / name, FORMS[name]()
    if os.environ.get("CHOKEPOINT_GOLDEN") == "write":
        golden.write_bytes(made)
    assert made == golden.read_bytes()


@pytest.mark.parametrize("name", FORMS)
def test_making_a_form_again_gives_the_same_bytes(name):
    assert FORMS[name]() == FORMS[name]()


@pytest.mark.parametrize("name", ["claims.csv", "claims.graphml", "claims.ftm.json", "event.misp.json"])
def test_every_claim_is_in_every_form(name):
    text = FORMS[name]().decode()
    for claim in CLAIMS:
        if name == "claims.graphml" and not isinstance(claim.object, Entity):
            assert claim.object in text
        else:
            assert claim.record in text


@pytest.mark.parametrize("name", [name for name in FORMS if not name.endswith(".svg")])
def test_no_form_loses_that_votes_were_simulated(name):
    text = FORMS[name]().decode()
    assert "SIMULATED" in text or "simulated" in text


MADE_OF = {
    "claims.csv": lambda claims: claims_csv(claims, OPEN),
    "claims.graphml": lambda claims: claims_graphml(claims, OPEN),
    "claims.ftm.json": lambda claims: export_ftm(claims, OPEN).decode(),
    "graph.mtgx.graphml": lambda claims: graph_of(export_mtgx(claims, OPEN)).decode(),
}


@pytest.mark.parametrize("name", MADE_OF)
def test_what_people_vetted_is_called_simulated_in_no_form(name):
    text = MADE_OF[name](vetted(CLAIMS))
    marks = re.findall(r"[^\n]{0,40}simulated[^\n]{0,12}", text, re.IGNORECASE)
    harmless = (
        '"simulated":false', 'key="simulated">false', "verdict,simulated,origin", 'attr.name="simulated"',
        'key id="simulated"', "simulated&quot;:false",
    )  # fmt: skip
    assert [mark for mark in marks if not any(one in mark for one in harmless)] == []


def test_the_record_of_the_first_claim_written_out_by_hand():
    """SamSam's sample and wallet as Unit 42 published them: row 2 of its CSV, in every column."""
    rows = list(csv.DictReader(io.StringIO(FORMS["claims.csv"]().decode(), newline="")))
    capture = sha256((DATA / "samsa.csv").read_bytes()).hexdigest()
    assert rows[0] == {
        "subject_kind": "file",
        "subject": "sha256:7aa585e6fd0a895c295c4bea2ddb071eed1e5775f437602b577a54eef7f61044",
        "property": "requests-payment-to",
        "object_kind": "crypto-address",
        "object": "19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds",
        "belief": "0.9300",
        "verdict": "accepted",
        "simulated": "simulated",
        "origin": "Unit 42",
        "grading": "B2",
        "observed_from": "2016-01-01",
        "observed_until": "2016-01-02",
        "nature": "fact",
        "marking": "TLP:CLEAR",
        "pap": "PAP:CLEAR",
        "recipients": "",
        "codes": "",
        "contributor": "Example Police",
        "capture": capture,
        "place": "row 2",
        "record": CLAIMS[0].record,
    }


def test_the_stated_place_of_that_claim_holds_both_its_ends():
    lines = (DATA / "samsa.csv").read_text("utf-8").splitlines()
    assert "7aa585e6fd0a895c295c4bea2ddb071eed1e5775f437602b577a54eef7f61044" in lines[1]
    assert "19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds" in lines[1]


def test_the_golden_manifest_lists_the_golden_files(package):
    manifest = json.loads((DATA / "golden" / MANIFEST).read_bytes())
    hashes = {one["name"]: one["sha256"] for one in manifest["files"]}
    for name in (RECORDS, "stix.json"):
        assert sha256((DATA / "golden" / name).read_bytes()).hexdigest() == hashes[name]
    assert set(hashes) | {MANIFEST, ENVELOPE} == set(package.files)


def test_the_report_is_read_in_the_order_that_people_decide_in():
    lines = FORMS["report.txt"]().decode().splitlines()[1:]
    heads = [
        "SIMULATED", "Two wallets behind SamSam and Ryuk", "Where to strike, and why", "What hangs together",
        "Where it is placed", "When it was seen", "What no single source showed", "What came in",
        "What every statement rests on", "Who voted",
    ]  # fmt: skip
    spots = [next(k for k, line in enumerate(lines) if line.startswith(head)) for head in heads]
    answer = [spot for head, spot in zip(heads, spots, strict=True) if head != "What came in"]
    assert answer == sorted(answer)
