"""YAML as text: no surprise types, no objects, no bombs; every mapping knows its line."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from structured_reading import DATA

from chokepoint.collect.tree import Mapping, peek_records, read_records, read_yaml
from chokepoint.model.errors import BadInputError, TooLargeError

WORDS = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_categories=["Cs", "Cc", "Cn"]), max_size=12
)
KEYS = st.from_regex(r"[a-z][a-z0-9]{0,8}", fullmatch=True)
TREES = st.recursive(
    WORDS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=20
)
RECORDS = st.lists(
    st.dictionaries(KEYS, WORDS | st.lists(WORDS, max_size=3), min_size=1, max_size=4), min_size=1, max_size=8
)


@given(TREES)
def test_what_the_reference_library_writes_is_read_back(tree):
    found, defects = read_yaml(yaml.safe_dump(tree, allow_unicode=True))
    assert found == tree
    assert defects == []


@given(TREES)
def test_the_reader_agrees_with_the_reference_library_on_untyped_yaml(tree):
    written = yaml.safe_dump(tree, default_flow_style=None)
    assert read_yaml(written)[0] == yaml.load(written, yaml.BaseLoader)  # noqa: S506 - BaseLoader makes only texts


@given(RECORDS)
def test_each_record_knows_the_line_on_which_it_starts(records):
    written = yaml.safe_dump(records, allow_unicode=True, sort_keys=False)
    lines = written.splitlines()
    for record in read_records(written.encode()).items:
        assert lines[record.line - 1].startswith("-")
    found = read_records(written.encode()).items
    assert [record.value for record in found] == records
    assert len({record.line for record in found}) == len(records)


@pytest.mark.parametrize(
    "written", ["0x1F", "1e5", "NO", "2019-07-18", "010", "1_000", "12:30:45", "!!int 5", "yes"]
)
def test_a_scalar_stays_the_text_that_it_is(written):
    assert read_yaml(f"a: {written}")[0] == {"a": written.removeprefix("!!int ")}


@pytest.mark.parametrize("written", ["a:", "a: ~", "a: null"])
def test_an_empty_value_is_none(written):
    assert read_yaml(written)[0] == {"a": None}


def test_a_quoted_null_is_a_text():
    assert read_yaml("a: 'null'")[0] == {"a": "null"}


@pytest.mark.parametrize(
    "written", ["!!python/object/apply:os.system ['true']", "!!python/name:os.system x", "!custom x"]
)
def test_a_tag_never_makes_an_object(written):
    found, _ = read_yaml(f"a: {written}")
    assert found["a"] in (["true"], "x")


def test_aliases_stand_for_the_same_value():
    assert read_yaml("a: &x {b: c}\nd: *x\n")[0] == {"a": {"b": "c"}, "d": {"b": "c"}}


def test_a_merge_key_gives_what_the_mapping_lacks():
    found, defects = read_yaml("base: &b {x: '1', y: '2'}\nchild: {<<: *b, y: '3'}\n")
    assert found["child"] == {"x": "1", "y": "3"}
    assert len(defects) <= 1


def test_a_billion_laughs_are_refused_at_once():
    rows = ["a0: &a0 [x,x,x,x,x,x,x,x,x,x]"]
    rows += [f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 15)]
    with pytest.raises(TooLargeError):
        read_yaml("\n".join(rows))


def test_an_alias_of_itself_is_refused():
    with pytest.raises(BadInputError):
        read_yaml("a: &x [*x]")


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_a_hundred_thousand_levels_are_refused_and_do_not_bring_the_process_down(opening):
    with pytest.raises(BadInputError):
        read_yaml(opening * 100_000)


def test_a_key_that_is_a_list_is_refused():
    with pytest.raises(BadInputError):
        read_yaml("? [a]\n: b")


def test_a_repeated_key_is_reported_with_its_line_and_the_last_counts():
    found, defects = read_yaml("a: 1\nb: 2\na: 3\n")
    assert found == {"a": "3", "b": "2"}
    assert [defect.place for defect in defects] == ["line 3"]


def test_a_nested_mapping_knows_its_line():
    found, _ = read_yaml("a:\n  b: 1\nc:\n- d: 2\n")
    assert isinstance(found["a"], Mapping)
    assert found["a"].line == 2
    assert found["c"][0].line == 4


@given(st.text(max_size=100))
def test_no_text_at_all_raises_anything_but_bad_input(content):
    try:
        read_yaml(content)
    except BadInputError:
        return


BREAKS = ["  wrong: [", "\t tab: x", "  a: 'open", "  x: y: z", " - stray", "  k: @at"]


@given(st.integers(0, 9), st.sampled_from(BREAKS))
def test_a_broken_record_costs_only_itself(position, broken):
    rows = []
    for number in range(10):
        rows += [f"- name: n{number}", f"  url: u{number}"] + ([broken] if number == position else [])
    found = read_records("\n".join(rows).encode())
    names = {record.value.get("name") for record in found.items if isinstance(record.value, dict)}
    assert {f"n{number}" for number in range(10) if number not in (position, position + 1)} <= names
    if broken != " - stray":
        assert found.defects


def test_a_record_indented_wrongly_is_read_as_a_record_of_its_own():
    found = read_records(b"- name: a\n  x: 1\n  - name: b\n  x: 2\n- name: c\n")
    assert [record.value["name"] for record in found.items] == ["a", "b", "c"]
    assert [record.line for record in found.items] == [1, 3, 5]
    assert found.defects[0].place == "line 3"


def test_the_real_broken_file_gives_all_its_seventeen_records():
    found = read_records((DATA / "cryptoscamdb/uris.yaml").read_bytes())
    assert len(found.items) == 17
    assert [defect.place for defect in found.defects] == ["line 35"]


def test_a_broken_record_under_a_key_leaves_the_head_in_place():
    data = b"title: T\ncurrency: BTC\ntags:\n- address: a\n- address: [\n- address: c\n"
    found = read_records(data, "tags")
    assert found.head == {"title": "T", "currency": "BTC"}
    assert [record.value["address"] for record in found.items] == ["a", "c"]


def test_a_head_after_the_list_is_a_head_too():
    found = read_records(b"tags:\n- address: a\ntitle: T\n", "tags")
    assert found.head == {"title": "T"}
    assert len(found.items) == 1


def test_broken_entries_of_a_mapping_cost_only_themselves():
    found = read_records(b"'1':\n  ip: 1.1.1.1\n'2':\n  ip: [\n'3':\n  ip: 3.3.3.3\n")
    assert [record.key for record in found.items] == ["1", "3"]


def test_a_document_that_is_no_list_is_refused():
    with pytest.raises(BadInputError):
        read_records(b"just words")
    with pytest.raises(BadInputError):
        read_records(b"- a\n- b\n", "tags")


def test_an_empty_document_has_no_records():
    assert read_records(b"").items == []


def test_a_peek_reads_the_first_records_of_a_cut_head():
    rows = "".join(f"- name: n{number}\n  url: http://x{number}.com\n" for number in range(3_000))
    assert peek_records(rows.encode()[:65_536])[0] == ("", {"name": "n0", "url": "http://x0.com"})
    assert len(peek_records(rows.encode()[:65_536])) == 8


@given(st.binary(max_size=300))
def test_a_peek_never_raises(head):
    peek_records(head)
    peek_records(b"tags:\n" + head, "tags")


def test_a_tag_that_asks_for_code_is_told_and_not_obeyed():
    tree, defects = read_yaml("a: !!python/object/apply:os.getcwd []\nb: !!str 7\n")
    assert tree == {"a": [], "b": "7"}
    [part] = defects
    assert part.place == "line 1"
    assert "is not obeyed" in part.reason
