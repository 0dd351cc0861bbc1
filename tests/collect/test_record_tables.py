"""Records in JSON read as tables: each record a row at its pointer or line, nothing lost, nothing too deep."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from line_reading import claims, document, rejected, skipped

from chokepoint.collect.record_tables import DEEPEST, flattened, peeked
from chokepoint.collect.registry import collectors, recognise
from chokepoint.collect.rows import LONGEST_CELL
from chokepoint.collect.tables import MOST_COLUMNS
from chokepoint.collect.tabular import Tabular
from chokepoint.model.claim import Interval
from chokepoint.package.place import Region, holds

WALLET = "12QtD5BFwRsdNsAZY76UVE1xyCGNTojH9h"
ONE = {"domain": "bad-example.net", "ip": "185.220.101.45", "first_seen": "2024-03-01"}
TWO = {"domain": "worse-example.net", "wallet": {"coin": "BTC", "address": WALLET}}


def read(tree: Any, path: str = "case/list.json") -> list[Any]:
    return list(Tabular().read(document(json.dumps(tree), path)))


def told(items: list[Any]) -> set[tuple[str, str, str, str]]:
    return {
        (one.place, one.subject.value, one.property, getattr(one.object, "value", one.object))
        for one in claims(items)
    }


def test_each_record_of_an_array_is_a_row_at_its_pointer() -> None:
    assert told(read([ONE, TWO])) == {
        ("/0", "bad-example.net", "resolves-to", "185.220.101.45"),
        ("/1", "worse-example.net", "requests-payment-to", WALLET),
        ("/1", "worse-example.net", "attribute", "wallet.coin: BTC"),
    }


def test_the_day_in_a_record_is_when_it_was_seen() -> None:
    found = {one.subject.value: one.observed for one in claims(read([ONE, TWO]))}
    assert found == {"bad-example.net": Interval("2024-03-01", ""), "worse-example.net": None}


@pytest.mark.parametrize(
    ("tree", "places"),
    [
        pytest.param([ONE, TWO], {"/0", "/1"}, id="an array"),
        pytest.param({"urls": [ONE, TWO], "status": "ok"}, {"/urls/0", "/urls/1"}, id="a list within"),
        pytest.param({"a": ONE, "b": TWO}, {"/a", "/b"}, id="a mapping of records"),
        pytest.param({"7": [ONE], "8": [TWO]}, {"/7/0", "/8/0"}, id="a mapping of lists"),
        pytest.param({"a/b": [ONE], "c~d": [TWO]}, {"/a~1b/0", "/c~0d/0"}, id="keys that pointers escape"),
    ],
)
def test_records_are_found_where_feeds_keep_them(tree: Any, places: set[str]) -> None:
    paper = document(json.dumps(tree), "case/list.json")
    assert recognise(paper, collectors()).name == "table"
    found = claims(Tabular().read(paper))
    assert {one.place for one in found} == places
    regions = Region(paper.data)
    assert all(holds(regions.at(one.place), one.subject) for one in found)


def test_each_line_of_json_lines_is_a_row_and_a_broken_one_costs_no_other() -> None:
    text = f"{json.dumps(ONE)}\n{{broken\n\n[1]\n{json.dumps(TWO)}\n"
    paper = document(text, "case/feed.jsonl")
    assert recognise(paper, collectors()).name == "table"
    items = list(Tabular().read(paper))
    assert {one.place for one in claims(items)} == {"line 1", "line 5"}
    assert [one.place for one in rejected(items)] == ["line 2", "line 4"]


def test_what_stands_beside_the_records_is_counted_or_told() -> None:
    items = read({"urls": [ONE], "status": "ok", "page": 1, "source": {"name": "x"}})
    assert skipped(items) == {"field beside the records": 2}
    assert [one.place for one in rejected(items)] == ["/source"]


def test_what_is_no_record_in_a_list_of_records_is_told_at_its_pointer() -> None:
    assert [one.place for one in rejected(read([ONE, "text", 7, TWO]))] == ["/1", "/2"]


def test_a_cell_that_is_not_what_its_field_says_is_told_and_the_record_taken() -> None:
    items = read([ONE, {**ONE, "domain": "worse-example.net", "ip": "not an ip"}])
    assert [one.place for one in rejected(items)] == ["/1, column 'ip'"]
    assert "worse-example.net" in {one.subject.value for one in claims(items)}


@pytest.mark.parametrize(
    "tree",
    [
        pytest.param([1, 2, 3], id="numbers"),
        pytest.param({"name": "x", "version": 2}, id="a lone object without things"),
        pytest.param([{"colour": "red"}, {"colour": "blue"}], id="records about nothing known"),
        pytest.param([], id="nothing"),
    ],
)
def test_json_without_records_about_things_is_left_to_others(tree: Any) -> None:
    assert not Tabular().recognises(document(json.dumps(tree), "case/list.json"))


def test_the_kind_of_an_indicator_is_no_indicator() -> None:
    items = read([{"ioc": "evil-example.top", "ioc_type": "domain", "malware": "Lumma Stealer"}] * 2)
    assert rejected(items) == []
    assert ("/0", "evil-example.top", "indicates", "lumma stealer") in told(items)


@pytest.mark.parametrize("name", ["urlhaus.json", "array.json", "threatfox_full.json", "records.jsonl"])
def test_the_name_of_a_feed_is_no_campaign(name: str) -> None:
    items = read([{**ONE, "threat": "malware_download"}], f"feeds/{name}")
    assert not [one for one in claims(items) if one.property == "indicates"]


def test_several_values_of_a_field_are_several_things() -> None:
    found = told(read([{"sha256": "ab" * 32, "urls": ["http://evil-a.com/x", "http://evil-b.com/y"]}]))
    assert {value for _, _, name, value in found if name == "related-to"} == {
        "http://evil-a.com/x",
        "http://evil-b.com/y",
    }


def test_fields_beyond_the_limit_are_cut_and_told() -> None:
    items = read([{"domain": "bad-example.net", **{f"f{n}": n for n in range(MOST_COLUMNS)}}])
    assert [one.place for one in rejected(items)] == ["/0"]
    assert len(claims(items)) == MOST_COLUMNS - 1


@pytest.mark.parametrize(("length", "places"), [(LONGEST_CELL, []), (LONGEST_CELL + 1, ["/1"])])
def test_a_field_that_is_cut_is_told_at_its_record(length: int, places: list[str]) -> None:
    tree = [{"domain": "evil-a.com"}, {"domain": "evil-b.com", "note": "x" * length}]
    items = list(Tabular().read(document(json.dumps(tree), "feed.json")))
    assert [one.place for one in rejected(items)] == places
    assert {one.place for one in claims(items)} == {"/0", "/1"}


def test_what_is_nested_too_deep_is_kept_as_text() -> None:
    tree: Any = "x"
    for _ in range(DEEPEST + 3):
        tree = {"a": tree}
    ((name, text),) = flattened(tree).items()
    assert name == ".".join("a" * DEEPEST)
    assert json.loads(text) == {"a": {"a": {"a": "x"}}}


@given(
    st.recursive(
        st.text(min_size=1).filter(str.strip) | st.integers() | st.none() | st.just(""),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=3)
        ),
        max_leaves=12,
    )
)
def test_flattening_loses_no_value(tree: Any) -> None:
    def leaves(node: Any) -> list[str]:
        if isinstance(node, dict):
            return [leaf for value in node.values() for leaf in leaves(value)]
        if isinstance(node, list):
            return [leaf for value in node for leaf in leaves(value)]
        return [str(node).strip()] if node not in (None, "") else []

    told_texts = "\n".join(flattened({"k": tree}).values())
    assert all(leaf in told_texts or json.dumps(leaf)[1:-1] in told_texts for leaf in leaves(tree))


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"{",
        b"[",
        b"[[[[",
        b'{"a":',
        b"[{]",
        b'{"a":{"b":{"c":',
        b"[" * 70_000,
        b'{"a":' * 20_000,
        b"\xff\xfe[\x00",
    ],
    ids=[
        "empty",
        "brace",
        "bracket",
        "deep",
        "open",
        "crossed",
        "cut",
        "deepest list",
        "deepest object",
        "utf16",
    ],
)
def test_a_hostile_beginning_holds_no_records_and_breaks_nothing(head: bytes) -> None:
    assert peeked(head) == []


def test_records_cut_off_by_the_end_of_the_beginning_still_show_those_before() -> None:
    assert peeked(json.dumps([ONE, TWO]).encode()[:-5]) == [ONE]


@pytest.mark.parametrize(
    ("tree", "places"),
    [
        pytest.param({"data": {"urls": [ONE, TWO]}}, {"/data/urls/0", "/data/urls/1"}, id="wrapped twice"),
        pytest.param(
            {"took": 3, "hits": {"total": 2, "hits": [{"_source": ONE}, {"_source": TWO}]}},
            {"/hits/hits/0", "/hits/hits/1"},
            id="of a search engine",
        ),
        pytest.param(
            {"meta": {"page": 1}, "data": {"list": [ONE, TWO]}},
            {"/data/list/0", "/data/list/1"},
            id="beside its head",
        ),
        pytest.param(
            {"a": {**ONE, "seen": [{"by": "x"}]}, "b": {**ONE, "domain": "worse-example.net", "seen": []}},
            {"/a", "/b"},
            id="records that hold lists themselves",
        ),
    ],
)
def test_records_are_found_under_what_wraps_them(tree: Any, places: set[str]) -> None:
    paper = document(json.dumps(tree), "case/list.json")
    assert recognise(paper, collectors()).name == "table"
    found = claims(Tabular().read(paper))
    assert {one.place for one in found} == places
    assert all(
        one.subject.value in {"bad-example.net", "worse-example.net", "185.220.101.45"} for one in found
    )


def test_what_stands_beside_wrapped_records_is_told_at_its_pointer() -> None:
    items = read({"data": {"urls": [ONE], "source": {"name": "x"}, "page": 1}, "took": 3})
    assert [one.place for one in rejected(items)] == ["/data/source"]
    assert skipped(items) == {"field beside the records": 2}


def test_a_list_of_plain_values_beside_wrapped_records_is_told_once() -> None:
    items = read({"data": {"urls": [ONE]}, "tags": ["a", "b", "c"]})
    assert [one.place for one in rejected(items)] == ["/tags"]
