"""Long lists of records in YAML: what stands where, and what one broken record costs."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chokepoint.collect.tree import peek_records, read_records
from chokepoint.model.errors import BadInputError

HEAD = "title: T\ncreator: C\ntags:\n"
BROKEN = {
    "open-quote": "- address: 'x\n  label: y\n",
    "bad-indent": "- address: x\n label: y\n",
    "tab": "- address: x\n\tlabel: y\n",
    "colon-in-value": "- address: x\n  label: a: b: c\n",
    "open-list": "- address: [x\n  label: y\n",
    "open-mapping": "- {address: x\n",
    "lone-alias": "- address: *nobody\n",
    "bad-escape": '- address: "\\q"\n',
}


def sound(number: int) -> str:
    return f"- address: a{number}\n  label: l{number}\n"


def values(found) -> list[str]:
    return [
        record.value["address"]
        for record in found.items
        if isinstance(record.value, dict) and "address" in record.value
    ]


@pytest.mark.parametrize("indent", ["", "  ", "    "])
def test_records_of_a_list_under_a_key_come_with_their_lines_and_the_head_apart(indent):
    body = "".join(f"{indent}{line}\n" for line in (sound(0) + sound(1)).splitlines())
    found = read_records((HEAD + body).encode(), "tags")
    assert [(record.line, record.key, record.place) for record in found.items] == [
        (4, "", "lines 4-5"),
        (6, "", "lines 6-7"),
    ]
    assert found.head == {"title": "T", "creator": "C"}
    assert found.defects == []


def test_a_head_below_the_list_is_the_head_too():
    found = read_records(f"tags:\n{sound(0)}title: T\n".encode(), "tags")
    assert (values(found), found.head) == (["a0"], {"title": "T"})


@pytest.mark.parametrize(
    ("text", "keys", "places"),
    [
        pytest.param("1:\n  a: x\n2:\n  a: y\n", ["1", "2"], ["line 2", "line 4"], id="numbered"),
        pytest.param("- a: x\n- a: y\n", ["", ""], ["line 1", "line 2"], id="listed"),
        pytest.param("# note\n---\n- a: x\n", [""], ["line 3"], id="below-a-comment"),
        pytest.param("%YAML 1.1\n---\n- a: x\n", [""], ["line 3"], id="below-a-directive"),
        pytest.param("- {a: x}\n- {a: y,\n   b: z}\n", ["", ""], ["line 1", "lines 2-3"], id="flow"),
    ],
)
def test_a_whole_document_of_records_is_a_list_or_a_mapping(text, keys, places):
    found = read_records(text.encode())
    assert [record.key for record in found.items] == keys
    assert [record.place for record in found.items] == places


@pytest.mark.parametrize("broken", BROKEN.values(), ids=list(BROKEN))
@pytest.mark.parametrize("at", [0, 1, 2], ids=["first", "middle", "last"])
def test_a_broken_record_is_reported_with_its_line_and_the_others_are_taken(broken, at):
    parts = [sound(0), sound(1), sound(2)]
    parts.insert(at, broken)
    found = read_records((HEAD + "".join(parts)).encode(), "tags")
    assert set(values(found)) >= {"a0", "a1", "a2"}
    assert found.defects
    first = 4 + 2 * at
    assert all(one.place.startswith("line") for one in found.defects)
    assert any(abs(int(one.place.split()[1].partition("-")[0]) - first) <= 3 for one in found.defects)
    assert found.head == {"title": "T", "creator": "C"}


@settings(max_examples=40)
@given(st.lists(st.sampled_from([None, *BROKEN.values()]), min_size=2, max_size=7))
def test_however_many_are_broken_no_sound_record_is_lost(kinds):
    body = "".join(broken or sound(number) for number, broken in enumerate(kinds))
    expected = {f"a{number}" for number, broken in enumerate(kinds) if broken is None}
    try:
        found = read_records((HEAD + body).encode(), "tags")
    except BadInputError:
        assert not expected
        return
    assert expected <= set(values(found))
    assert bool(found.defects) == (len(expected) < len(kinds))


def test_a_broken_head_costs_the_head_and_says_so():
    found = read_records(f"title: 'open\ntags:\n{sound(0)}".encode(), "tags")
    assert (values(found), found.head) == (["a0"], {})
    assert any("head of the file is lost" in one.reason for one in found.defects)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        pytest.param("- a\n- b\n", "tags", id="list-for-a-head"),
        pytest.param("just words", "tags", id="words"),
        pytest.param("tags: words\n", "tags", id="text-for-the-list"),
        pytest.param("'open", "tags", id="broken-and-no-list"),
        pytest.param("'open", "", id="broken"),
        pytest.param("just words", "", id="words-for-records"),
    ],
)
def test_a_document_without_such_a_list_is_refused(text, key):
    with pytest.raises(BadInputError) as refusal:
        read_records(text.encode(), key)
    assert refusal.value.reason


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n", "tags:\n", "tags: []\n", "tags: ~\n"])
def test_no_records_are_none(text):
    key = "tags" if text.startswith("tags") else ""
    assert read_records(text.encode(), key).items == []


def test_a_key_that_stands_twice_in_a_record_is_reported_with_its_line_and_the_last_counts():
    found = read_records(f"tags:\n{sound(0)}- address: a\n  address: b\n".encode(), "tags")
    assert values(found) == ["a0", "b"]
    assert [(one.place, "more than once" in one.reason) for one in found.defects] == [("line 5", True)]


@pytest.mark.parametrize("scalar", ["0x10", "1e5", "NO", "2024-01-01", "010", "1_000", "12:30:45", "null"])
def test_scalars_stay_the_texts_that_they_are(scalar):
    expected = None if scalar == "null" else scalar
    assert read_records(f"- a: {scalar}\n".encode()).items[0].value == {"a": expected}


def test_a_merge_key_gives_what_the_anchor_has_and_never_overwrites():
    text = "base: &b {label: x, abuse: scam}\ntags:\n- <<: *b\n  address: a\n  label: own\n"
    assert read_records(text.encode(), "tags").items[0].value == {
        "label": "own",
        "abuse": "scam",
        "address": "a",
    }


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_records_in_every_unicode_encoding_are_read(encoding):
    assert values(read_records((HEAD + sound(0)).encode(encoding), "tags")) == ["a0"]


def test_bytes_that_are_no_text_are_reported_and_read_as_replacement():
    found = read_records(HEAD.encode() + b"- address: a\xff\xfe\n", "tags")
    assert values(found) == ["a\ufffd\ufffd"]
    assert [one.place for one in found.defects] == ["line 4"]


def test_only_the_first_records_are_peeked_at_and_a_cut_in_the_last_does_not_matter():
    body = "".join(sound(number) for number in range(20))
    peeked = peek_records((HEAD + body).encode()[:-5], "tags")
    assert [value["address"] for _, value in peeked] == [f"a{number}" for number in range(8)]
    cut = peek_records((HEAD + sound(0) + "- address: 'cut").encode(), "tags")
    assert cut[0][1]["address"] == "a0"


@pytest.mark.parametrize(
    "data",
    [b"", b"\x00\x01", b"{", b"<xml/>", b"plain words\n", b"tags: x\n", b"other:\n- a: b\n"],
    ids=ascii,
)
def test_what_holds_no_such_list_peeks_nothing(data):
    assert peek_records(data, "tags") == ()


@settings(max_examples=60)
@given(st.binary(max_size=200))
def test_peeking_never_fails(data):
    assert isinstance(peek_records(data), tuple)
    assert isinstance(peek_records(b"tags:\n- " + data, "tags"), tuple)
