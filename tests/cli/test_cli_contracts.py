"""The JSON shapes that other programs rely on (DESIGN §10), and what the values in them mean."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from matrix_world import WALLET

from chokepoint.model.judgement import Verdict
from chokepoint.model.marking import Tlp
from chokepoint.model.vocabulary import vocabulary

VERDICTS = {one.value for one in Verdict}
LABELS = {one.label for one in Tlp}
HEX = re.compile(r"[0-9a-f]{64}").fullmatch


def ask(place, *words, who="police"):
    return json.loads(place.ok(who, *words, "--json"))


SHAPES = {
    "show evil.com": {
        "entity": {"kind", "value", "id"},
        "claims": {
            "id",
            "property",
            "subject",
            "object",
            "origin",
            "source",
            "interval",
            "belief",
            "verdict",
            "marking",
        },
        "origins": None,
        "identity": None,
    },
    f"path evil.com {WALLET}": {"paths": {"belief", "single_source", "warnings", "hops"}},
    "search evil": {"query": None, "hits": {"kind", "value", "id", "claims", "belief", "verdict"}},
    "check pasted.txt": {"files": {"path", "lines"}, "rejected": None},
    "extract pasted.txt": {"files": {"path", "indicators", "rejected"}},
    "review list": {
        "claims": {"id", "subject", "property", "object", "origin", "grading", "contributor", "marking"}
    },
    "review policy": {"policy": None, "name": None, "rule": None, "policies": None},
    "identity list": {"identity": {"id", "left", "right", "sameness", "reason", "organisation"}},
    "case list": {"cases": {"id", "title", "purpose", "owner", "review_date", "tasks", "status", "marking"}},
    "group list": {"groups": {"group", "name", "owner", "members"}},
    "member list": {"members": {"name", "sector", "country", "capabilities", "parents", "origins", "feeds"}},
    "choke": {"as_of": None, "structural_only": None, "plan": None, "explanation": None, "coverage": None},
    "dismantle edges.txt": {
        "order": None,
        "auc": None,
        "method": None,
        "cpu_s": None,
        "nodes": None,
        "edges": None,
    },
    "connect": {"same": None, "unsure": None, "split": None, "known": None},
    "verify --quick": {"holds": None},
    "package list": {"packages": None},
    "export csv --out x.csv": {"form": None, "claims": None, "left_out": None, "simulated": None},
    "log": {"looks": {"who", "at", "verb", "asked", "case", "entities", "claims", "to"}},
    "sources": {"sources": {"name", "title", "origin", "licence", "address", "grade"}},
}


@pytest.mark.parametrize(
    "words", SHAPES, ids=[words.partition(" ")[0] + f"-{k}" for k, words in enumerate(SHAPES)]
)
def test_a_verb_answers_in_its_shape(place, words):
    answer = ask(place, *words.split())
    for name, keys in SHAPES[words].items():
        assert name in answer, (words, name)
        held = answer[name]
        if keys is not None:
            first = held if isinstance(held, dict) else held[0]
            assert keys <= set(first), (words, name, keys - set(first))


def test_a_claim_of_a_dossier_says_everything_that_is_known_of_it(place):
    for one in ask(place, "show", "evil.com")["claims"]:
        assert HEX(one["id"])
        assert one["property"] in vocabulary().properties
        assert one["verdict"] in VERDICTS
        assert one["marking"] in LABELS
        assert 0 <= one["belief"] <= 1
        assert set(one["source"]) >= {"path", "place"}
        assert one["subject"]["kind"] in vocabulary().kinds
        assert isinstance(one["object"], str | dict)
        assert one["interval"] is None or set(one["interval"]) >= {"start", "end"}


@pytest.mark.parametrize("query", ["nothing.com", "0" * 64, "person:nobody", "%", "'"])
def test_what_is_unknown_is_null_with_the_query(place, query):
    answer = ask(place, "show", query)
    assert answer["entity"] is None
    assert answer["query"] == query


def test_a_list_of_entities_gives_a_line_each_in_its_order(place):
    (place.folder / "asked.txt").write_text(f"nothing.com\nevil.com\n\n{WALLET}\n", "utf-8")
    lines = [json.loads(line) for line in place.ok("police", "show", "--from", "asked.txt").splitlines()]
    assert [one["entity"] and one["entity"]["value"] for one in lines] == [None, "evil.com", WALLET]


def test_every_hop_of_a_path_carries_its_claim_source_and_belief(place):
    for path in ask(place, "path", "evil.com", "listed.com")["paths"]:
        assert isinstance(path["single_source"], bool)
        product = 1.0
        for hop in path["hops"]:
            assert set(hop) >= {"from", "to", "property", "claim", "origin", "source", "interval", "belief"}
            product *= hop["belief"]
        assert path["belief"] <= min(hop["belief"] for hop in path["hops"]) + 1e-9
        assert path["belief"] == pytest.approx(product, abs=0.02)
        ends = [path["hops"][0]["from"], path["hops"][-1]["to"]]
        assert [str(end) if isinstance(end, str) else end["value"] for end in ends] == [
            "evil.com",
            "listed.com",
        ]


def test_a_path_is_a_chain_without_a_gap(place):
    for path in ask(place, "path", "evil.com", "listed.com")["paths"]:
        hops = path["hops"]
        assert all(one["to"] == other["from"] for one, other in pairwise(hops))


def test_a_path_both_ways_is_the_same_path(place):
    there, back = (
        ask(place, "path", *ends)["paths"] for ends in (("evil.com", WALLET), (WALLET, "evil.com"))
    )
    assert [one["belief"] for one in there] == pytest.approx([one["belief"] for one in back])


def test_between_an_entity_and_itself_nothing_is_told_as_a_finding(place):
    answer = ask(place, "path", "evil.com", "evil.com")
    assert answer["same"] is True
    assert answer["paths"] == []


def test_collect_tells_each_file_and_the_sum_of_all(place):
    (place.folder / "in").mkdir(exist_ok=True)
    (place.folder / "in" / "a.txt").write_text("first-new.com\nsecond-new.com\n", "utf-8")
    (place.folder / "in" / "b.txt").write_text("third-new.com\nno indicator at all\n", "utf-8")
    answer = ask(place, "collect", "in", "--tlp", "AMBER", who="charity")
    assert [Path(one["path"]).name for one in answer["files"]] == ["a.txt", "b.txt"]
    for one in answer["files"]:
        assert set(one) >= {"path", "format", "capture", "claims", "entities", "links", "rejected", "skipped"}
        assert HEX(one["capture"])
    totals = answer["totals"]
    assert totals["claims"]["new"] == sum(one["claims"]["new"] for one in answer["files"]) > 0
    assert totals["entities"]["domain-name"] == 3
    again = ask(place, "collect", "in", "--tlp", "AMBER", who="charity")["totals"]["claims"]
    assert again == {"new": 0, "known": totals["claims"]["new"]}


def test_extract_tells_what_where_and_in_which_role(place):
    (one,) = ask(place, "extract", "pasted.txt")["files"]
    for found in one["indicators"]:
        assert set(found) >= {"kind", "value", "place", "context", "role", "reason"}
        assert found["role"] in {"indicator", "context"}
        assert found["kind"] in vocabulary().kinds
        assert re.fullmatch(r"line \d+", found["place"])
    assert ("crypto-address", WALLET) in [(found["kind"], found["value"]) for found in one["indicators"]]


def test_check_gives_a_status_to_each_thing_of_each_line(place):
    (one,) = ask(place, "check", "pasted.txt")["files"]
    known = {thing["status"] for line in one["lines"] for thing in line.get("things", line.get("found", []))}
    assert known <= {"known", "new", "conflicting", "parked", "shared"}
    assert len(one["lines"]) >= 2


def test_an_order_of_removal_names_every_node_once(place):
    answer = ask(place, "dismantle", "edges.txt")
    assert sorted(answer["order"]) == ["a", "b", "c", "d"]
    assert (answer["nodes"], answer["edges"]) == (4, 4)
    assert 0 < answer["auc"] <= 1
    assert answer["cpu_s"] >= 0


def test_a_package_says_what_it_holds_and_its_proof_says_the_same(place):
    built = ask(place, "package", "build", "evil.com", "--out", "contract")
    proved = ask(place, "package", "verify", "contract")
    assert built["claims"] == len(proved["claims"]) == 3
    assert proved["holds"] is True
    assert proved["failures"] == []
    assert proved["title"] == built["title"] == "evil.com"
    assert HEX(proved["key"])
    for one in proved["claims"]:
        assert HEX(one["id"])
        assert one["proved"] is True


def test_a_package_that_does_not_hold_exits_1_and_still_answers_in_its_shape(place):
    ask(place, "package", "build", "evil.com", "--out", "broken")
    (place.folder / "broken" / "stix.json").write_text("{}", "utf-8")
    code, out, err = place.run("police", "package", "verify", "broken", "--json")
    answer = json.loads(out)
    assert (code, err, answer["holds"]) == (1, "", False)
    assert answer["failures"] == [{"step": 2, "about": "stix.json", "reason": "this file was altered"}]


@pytest.mark.parametrize("form", ["stix", "misp", "ftm", "maltego", "graphml", "csv"])
def test_every_form_of_export_counts_what_it_wrote(place, form):
    answer = ask(place, "export", form, "evil.com", "--out", f"out.{form}")
    assert answer["form"] == form
    assert answer["claims"] == 4
    assert answer["simulated"] == 0
    data = (place.folder / f"out.{form}").read_bytes()
    assert data
    if form in ("stix", "misp"):
        json.loads(data)
    if form == "ftm":
        claims = [one for one in map(json.loads, data.splitlines()) if "chokepoint" in one]
        assert len(claims) == answer["claims"]
    if form == "csv":
        assert len(data.decode().strip().split("\r\n")) == answer["claims"] + 1


@pytest.mark.parametrize("form", ["stix", "misp", "ftm", "maltego", "graphml", "csv"])
def test_no_form_of_export_holds_what_is_not_clear(place, form):
    place.ok("police", "export", form, "--out", "whole")
    data = (place.folder / "whole").read_bytes()
    assert b"it is theirs" not in data
    assert b"listed.com" not in data


def test_every_look_is_in_the_log_of_whoever_looked(place):
    ask(place, "search", "unheard-of-thing", who="bank")
    looks = ask(place, "log", who="bank")["looks"]
    assert {one["who"] for one in looks} == {"bank"}
    assert ("search", "unheard-of-thing") in [(one["verb"], one["asked"]) for one in looks]


def test_an_error_is_a_document_with_reason_place_and_mend(place):
    code, out, err = place.run("police", "case", "show", "Unknown", "--json")
    assert code == 1
    told = json.loads(out)["error"]
    assert told == {"reason": "no such case", "place": "Unknown", "mend": "`chokepoint case list` shows them"}
    assert told["reason"] in err


def test_numbers_are_numbers_and_absent_things_are_null_never_empty_words(place):
    answer = ask(place, "show", "evil.com")
    assert all(isinstance(one["belief"], float) for one in answer["claims"])
    assert all(one["interval"] is None for one in answer["claims"])
    assert isinstance(answer["origins"], list)
