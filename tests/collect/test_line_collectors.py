"""One contract for all line, table and text collectors, and the whole way of a bad input."""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from line_reading import claims, document

from chokepoint.collect.base import Document, Rejected, Skipped
from chokepoint.collect.campaign_csv import CampaignCsv
from chokepoint.collect.fallback import Fallback
from chokepoint.collect.html import Html
from chokepoint.collect.maltrail import Maltrail
from chokepoint.collect.meta_csv import MetaCsv, MetaJson
from chokepoint.collect.note import RansomNote
from chokepoint.collect.operations_csv import OperationsCsv
from chokepoint.collect.pdf import Pdf
from chokepoint.collect.plain_list import PlainList
from chokepoint.collect.registry import ORDER, collectors, named, recognise
from chokepoint.collect.report import Report
from chokepoint.collect.tabular import Tabular
from chokepoint.collect.walk import Problem, walk
from chokepoint.model.claim import Claim
from chokepoint.model.errors import ChokepointError, NotValidError
from chokepoint.model.identity import Entity
from chokepoint.model.vocabulary import vocabulary

OURS = (
    *(MetaJson, MetaCsv, CampaignCsv, OperationsCsv, Maltrail, Pdf, Html, RansomNote, PlainList, Tabular),
    *(Report, Fallback),
)
STARTS = (
    b"",
    b"type,indicator,classification,detected_date\n",
    b"indicator_type,indicator_value,comment,ds\n",
    b"Tactic,Technique,Procedure,Indicator\n",
    b"operation,country,measure,value\n",
    b"# Reference: https://a.com/x\n",
    b"domain,ip\na-b.com,192.0.2.1\n",
    b"<html><body>",
    b"= Title\n",
    b"evil-one.com\n",
    b"All your files are encrypted, bitcoin, tor browser\n",
    b'[{"indicator_type": 1, "indicator_value": "a-b.com"}, ',
)
pieces = st.lists(
    st.sampled_from(
        [
            b"evil-one.com",
            b",",
            b"\n",
            b'"',
            b";",
            b"|",
            b"192.0.2.1",
            b"\xff",
            b"\x00",
            b"<a href='x'>",
            b"=cmd()",
            b"2020-01-01",
            b"\xe0\xb9\x84\xe0\xb8\x97\xe0\xb8\xa2",
            b"bob@evil-one.com",
            b"\t",
        ]
    ),
    max_size=40,
).map(b"".join)


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(STARTS), pieces)
def test_no_collector_raises_anything_but_its_own_errors_and_all_it_gives_is_well_formed(start, tail):
    given_document = document(start + tail or b"x", "folder/heron.txt")
    for maker in OURS:
        collector = maker()
        if not collector.recognises(given_document):
            continue
        try:
            items = list(collector.read(given_document))
        except ChokepointError:
            continue
        for item in items:
            check(item)
        assert list(collector.finish()) == []


def check(item) -> None:
    assert isinstance(item, Claim | Rejected | Skipped)
    if isinstance(item, Skipped):
        assert item.rule
        assert item.count > 0
        return
    assert item.place
    if isinstance(item, Rejected):
        assert item.reason
        return
    known = vocabulary().property(item.property)
    assert known.is_link == isinstance(item.object, Entity)
    assert item.subject.kind in vocabulary().kinds
    assert item.provenance.origin in {"Test", "maltrail (aggregator)"}
    for value in (item.subject.value, str(item.object), item.raw):
        value.encode("utf-8")


@pytest.mark.parametrize("maker", OURS)
def test_every_collector_has_a_name_and_leaves_empty_rubbish_to_others(maker):
    collector = maker()
    assert collector.name
    if maker is not Fallback:
        assert not collector.recognises(document(b"\x00" * 50))


@pytest.mark.parametrize("maker", OURS)
def test_reading_twice_gives_the_same_claims(maker):
    text = "type,indicator,classification,detected_date\ndomain,evil-one.com,malicious,2020-01-01\n"
    given_document = document(text, "folder/heron.csv")
    if not maker().recognises(given_document):
        return
    assert list(maker().read(given_document)) == list(maker().read(given_document))


def test_the_collectors_are_asked_from_the_most_particular_to_the_last_resort():
    names = [name for _, name in ORDER]
    assert names[-1] == "Fallback"
    assert names.index("Maltrail") < names.index("PlainList") < names.index("Report")
    assert names.index("CampaignCsv") < names.index("Tabular")
    assert names.index("OperationsCsv") < names.index("Tabular")
    assert names.index("RansomNote") < names.index("Report")
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("type,indicator,classification,detected_date\ndomain,a-b.com,x,2020-01-01\n", "infoblox-csv"),
        ("Tactic,Technique,Procedure,Indicator\n1,2,3,a-b.com\n", "meta-csv"),
        ("operation,country,measure,value\nRed Card,KE,arrests,3\n", "operations-csv"),
        ("# Reference: https://a.com/x\n\nevil-one.com\n", "maltrail"),
        ("evil-one.com\nbad-two.org\n", "plain-list"),
        ("domain,ip\na-b.com,192.0.2.1\n", "table"),
        ("<html><body>words of a page</body></html>", "html"),
        ("All your files are encrypted. Pay bitcoin. Tor browser.", "ransom-note"),
        ("= Blue Heron\n\nA report of words.\n", "report"),
        ("x = 1\n", "text"),
        ("\x00\x01\x02" * 99, "text"),
    ],
)
def test_a_renamed_file_is_recognised_by_its_content(text, name):
    chosen = tuple(maker() for maker in OURS)
    assert recognise(document(text, "renamed/thing.bin"), chosen).name == name


def test_a_person_may_name_the_format_and_a_wrong_name_is_explained():
    chosen = tuple(maker() for maker in OURS)
    assert recognise(document("x"), named(chosen, "report")).name == "report"
    with pytest.raises(NotValidError, match="infoblox-csv"):
        named(chosen, "spaceship")


def test_the_registry_makes_new_collectors_for_each_run():
    first, second = collectors(), collectors()
    assert [type(one) for one in first] == [type(other) for other in second]
    assert all(one is not other for one, other in zip(first, second, strict=True))


def test_a_folder_of_bad_inputs_loses_nothing_of_the_good_one(tmp_path):
    bad = {
        "bomb.gz": gzip.compress(b"\x00" * 30_000_000),
        "cut.gz": gzip.compress(b"evil-zero.com\n" * 9999)[:60],
        "deep.json": b"[" * 10_000 + b"]" * 10_000,
        "nan.json": b'{"a": NaN, "a": Infinity, "s": "\\ud800"}',
        "entities.xml": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><x>&c;</x>',
        "program.exe": b"MZ" + bytes(range(256)) * 4,
        "wide.txt": "evil-wide.com\nbad-wide.org\n".encode("utf-16"),
        "broken.csv": b'domain,ip\n"open,192.0.2.1\nevil-two.com,192.0.2.2\n',
        "latin.txt": b"evil-three.com\n\xff\xfe\xfd\nevil-four.com\n" + b"evil-five.com\n" * 20,
        "empty.txt": b"",
        "bad.yaml": b"- name: x\n  url: y\n bad indent: [\n",
        "x;rm -rf.txt": b"evil-six.com\n",
    }
    for name, data in bad.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "good.txt").write_text("good-one.com\n")
    chosen = tuple(maker() for maker in OURS)
    seen, explained = set(), []
    for thing in walk([tmp_path]):
        if isinstance(thing, Problem):
            explained.append(thing.reason)
            continue
        assert isinstance(thing, Document)
        try:
            for item in recognise(thing, chosen).read(thing):
                if isinstance(item, Claim):
                    seen.add(item.subject.value)
                elif isinstance(item, Rejected):
                    explained.append(item.reason)
        except ChokepointError as error:
            explained.append(error.explain())
    assert {
        "good-one.com",
        "evil-wide.com",
        "evil-two.com",
        "evil-three.com",
        "evil-four.com",
        "evil-six.com",
    } <= seen
    assert all(explained)
    assert any("200 times" in reason for reason in explained)
    assert any("empty" in reason for reason in explained)


def test_json_of_an_unknown_layout_is_scanned_and_never_silent():
    data = json.dumps({"things": [{"c2": "evil-one.com"}]})
    chosen = tuple(maker() for maker in OURS)
    thing = document(data, "x.json")
    assert claims(recognise(thing, chosen).read(thing))
