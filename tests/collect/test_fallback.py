from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from line_reading import claims, document, rejected, triples, unaccounted

from chokepoint.collect.base import Rejected
from chokepoint.collect.fallback import Fallback, guessed
from chokepoint.model.said import Said, advised


def read(data):
    return list(Fallback().read(document(data, "odd/thing.xyz")))


def test_text_of_an_unknown_format_mentions_what_it_holds_and_says_no_more():
    items = read('{"odd": {"c2": "evil-one.com"}}')
    assert any(
        subject == "domain-name:evil-one.com" and name == "mentioned-in"
        for subject, name, _ in triples(items)
    )
    assert not any(claim.property == "indicates" for claim in claims(items))


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"MZ\x90\x00evil-one.com" + bytes(300), "Windows program"),
        (b"\x7fELF" + bytes(300), "Linux program"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(300), "archive"),
        (b"SQLite format 3\x00" + bytes(300), "database"),
        (bytes(range(256)) * 3, "unknown kind"),
    ],
)
def test_what_is_no_text_is_named_and_its_strings_are_not_read(data, word):
    items = read(data)
    assert not claims(items)
    assert word in rejected(items)[0].reason
    assert guessed(data) in rejected(items)[0].reason


@given(st.binary(min_size=1, max_size=500))
def test_nothing_is_ever_silent(data):
    assert Fallback().recognises(document(data))
    assert read(data)


@given(st.lists(st.sampled_from(["x: evil-one.com", "", "words", "192.0.2.1"]), min_size=1, max_size=12))
def test_every_line_ends_in_a_claim_a_rejection_or_a_skip(lines):
    text = "\n".join(["key = 1", *lines])
    assert unaccounted(text, read(text)) == 0


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("in/deep.json", b"[" * 10_000 + b"]" * 10_000),
        ("in/deep.txt", b'{"a":' * 10_000 + b"1" + b"}" * 10_000),
        ("in/deep.yaml", b"- " * 10_000 + b"x"),
        ("in/cut.json", b'{"a": [1, 2'),
    ],
)
def test_data_that_cannot_be_read_as_such_is_told_before_it_is_read_as_text(path, data):
    items = list(Fallback().read(document(data, path)))
    [part] = rejected(items)
    assert part.place.startswith("line 1")
    assert "read as plain text. Mend: " in part.reason


def test_a_part_that_is_refused_is_plain_text_for_programs_and_a_sentence_for_faces():
    told = Rejected(
        "line 3", advised(Said("{text!r} is no IPv6 address", text="x"), "compare it with the source")
    )
    plain = told.to_json()
    assert plain == {"place": "line 3", "reason": "'x' is no IPv6 address. Mend: compare it with the source"}
    assert type(plain["reason"]) is str
    assert told.reason.values["why"].values == {"text": "x"}
