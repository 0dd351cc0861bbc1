"""What stands at a place of a capture, and whether an identifier of a claim is in it: boundaries and hard cases."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.errors import BadInputError, ChokepointError, NotFoundError, TooLargeError
from chokepoint.model.identity import Entity
from chokepoint.package.place import LIMIT, Region, fold, holds, region

TEXT = b"first\nsecond\r\nthird\rfourth"
SHA = "7aa585e6fd0a895c295c4bea2ddb071eed1e5775f437602b577a54eef7f61044"


@pytest.mark.parametrize(
    ("place", "stands"),
    [
        ("line 1", "first"),
        ("line 4", "fourth"),
        ("lines 1-4", "first\nsecond\nthird\nfourth"),
        ("lines 2-3", "second\nthird"),
        ("lines 2 - 3", "second\nthird"),
        ("lines 2\N{EN DASH}3", "second\nthird"),
        ("line 2-3", "second\nthird"),
        ("lines 3", "third"),
        (" line 1 ", "first"),
        ("line 1, the headline", "first"),
        ("line 1,", "first"),
        ("line 1, with, more\ncommas", "first"),
        ("line 001", "first"),
    ],
)
def test_lines_are_named_in_these_ways(place, stands):
    assert region(TEXT, place) == stands


@pytest.mark.parametrize(
    "place", ["line 0", "line 5", "lines 0-1", "lines 3-5", "lines 3-2", "row 0", "row 9", "record 0"]
)
def test_a_place_outside_the_capture_is_not_found(place):
    with pytest.raises(NotFoundError, match="there is no"):
        region(TEXT, place)


@pytest.mark.parametrize(
    "place",
    [
        "line",
        "line one",
        "Line 1",
        "line 1 2",
        "row",
        "row -1",
        "page",
        "paragraph",
        "entity",
        "lines 1-",
        "1",
        "a/b",
        "line 1.0",
    ],
)
def test_a_place_of_no_known_form_is_refused_with_its_words(place):
    with pytest.raises(BadInputError, match="unknown form of place"):
        region(TEXT, place)


@pytest.mark.parametrize("size", [LIMIT - 1, LIMIT, LIMIT + 1, 4 * LIMIT])
def test_a_region_is_cut_at_its_limit(size):
    assert len(region(b"x" * size, "line 1")) == min(size, LIMIT)
    assert len(region(json.dumps(["x" * size]).encode(), "/0")) <= LIMIT


@pytest.mark.parametrize(("depth", "taken"), [(1, True), (99, True), (101, False), (5000, False)])
def test_yaml_is_read_to_a_depth_that_crashes_nothing(depth, taken):
    document = b"- " * depth + b"leaf"
    if taken:
        assert region(document, "/" + "/".join("0" * depth)) == "leaf"
    else:
        with pytest.raises(TooLargeError):
            region(document, "/0")


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("é".encode(), "é"),
        ("é".encode("latin-1"), "é"),
        ("\ufeffé".encode(), "é"),
        ("é".encode("utf-16"), "é"),
        (b"", ""),
        (b"\x00", "\x00"),
    ],
    ids=["utf-8", "latin-1", "bom", "utf-16", "empty", "nul"],
)
def test_encodings_are_told_apart(data, text):
    assert region(data, "line 1").removeprefix("\ufeff") == text


def test_one_reader_reads_places_of_all_forms():
    reader = Region(b'{"a": ["x", "y"]}')
    assert reader.at("/a/1") == "y"
    assert reader.at("line 1") == '{"a": ["x", "y"]}'
    assert reader.at("record 2") == "y"


@given(st.binary(max_size=80), st.text(max_size=20))
def test_no_place_in_no_bytes_fails_otherwise_than_in_words(data, place):
    with suppress(ChokepointError):
        assert isinstance(region(data, place), str)


STANDS = [
    (Entity("domain-name", "evil.com"), "see evil.com now"),
    (Entity("domain-name", "evil.com"), "EVIL.COM"),
    (Entity("domain-name", "evil.com"), "evil[.]com"),
    (Entity("domain-name", "evil.com"), "evil(dot)com"),
    (Entity("domain-name", "evil.com"), "https://evil.com/path"),
    (Entity("domain-name", "evil.com"), "www.evil.com"),
    (Entity("domain-name", "evil.com"), "ev\u200bil.com"),
    (Entity("domain-name", "evil.com"), "ｅｖｉｌ．ｃｏｍ"),
    (Entity("domain-name", "evil.com"), "ที่evil.comครับ"),
    (Entity("domain-name", "xn--mnchen-3ya.de"), "münchen.de"),
    (Entity("domain-name", "xn--mnchen-3ya.de"), "xn--mnchen-3ya.de"),
    (Entity("url", "https://evil.com/a"), "hxxps://evil[.]com/a"),
    (Entity("url", "https://evil.com/"), "evil.com"),
    (Entity("email-addr", "bob@evil.com"), "bob[at]evil[.]com"),
    (Entity("ipv4-addr", "192.0.2.1"), "192[.]0[.]2[.]1"),
    (Entity("file", f"sha256:{SHA}"), SHA.upper()),
    (Entity("bank-account", "iban:DE89370400440532013000"), "DE89 3704 0044 0532 0130 00"),
    (Entity("phone-number", "+66812345678"), "+66 81-234-5678"),
    (Entity("phone-number", "+66812345678"), "(+66) 81.234.5678"),
    (Entity("user-account", "twitter:evil_man"), "follow @evil_man"),
    (Entity("malware", "ryuk"), "the Ryuk ransomware"),
    (Entity("group", "bad gang"), "Bad-Gang struck"),
    (Entity("group", "bad gang"), "bad_gang"),
    (Entity("group", "กลุ่ม"), "โดยกลุ่มนี้"),
    ("a text", "here is A  Text of it"),
]
ABSENT = [
    (Entity("domain-name", "evil.com"), "notevil.com"),
    (Entity("domain-name", "evil.com"), "evil.com.example"),
    (Entity("domain-name", "evil.com"), "evil.community"),
    (Entity("domain-name", "evil.com"), "evil-com"),
    (Entity("domain-name", "evil.com"), ""),
    (Entity("email-addr", "bob@evil.com"), "jbob@evil.com"),
    (Entity("email-addr", "bob@evil.com"), "j.bob@evil.com"),
    (Entity("email-addr", "bob@evil.com"), "bob@evil.com.au"),
    (Entity("ipv4-addr", "192.0.2.1"), "192.0.2.10"),
    (Entity("ipv4-addr", "192.0.2.1"), "1192.0.2.1"),
    (Entity("file", f"sha256:{SHA}"), SHA[:-1]),
    (Entity("file", f"sha256:{SHA}"), SHA + "0"),
    (Entity("user-account", "twitter:me"), "follow me"),
    (Entity("malware", "ryuk"), "ryukyu islands"),
    (Entity("malware", "ryuk"), "aryuk"),
    (Entity("group", "bad gang"), "bad old gang"),
    (Entity("crypto-address", "19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds"), "19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kd"),
    ("a text", "atext"),
]


@pytest.mark.parametrize(("entity", "text"), STANDS, ids=range(len(STANDS)))
def test_it_stands_there_as_people_write_it(entity, text):
    assert holds(text, entity)


@pytest.mark.parametrize(("entity", "text"), ABSENT, ids=range(len(ABSENT)))
def test_what_only_resembles_it_is_not_it(entity, text):
    assert not holds(text, entity)


@pytest.mark.parametrize(("entity", "text"), STANDS[:20], ids=range(20))
def test_words_around_it_take_nothing_away(entity, text):
    assert holds(f"before, {text}; after", entity)


def test_the_raw_form_is_enough_for_a_subject_that_was_normalised():
    one = Entity("malware", "ryuk")
    assert holds("the RYUK 2.0 family", Entity("malware", "ryuk two"), "RYUK 2.0")
    assert not holds("nothing here", one, "RYUK")
    assert not holds("nothing here", one, "")


@given(st.text(max_size=60))
def test_folding_is_done_once(text):
    assert fold(fold(text)) == fold(text)
    assert "  " not in fold(text)
    assert fold(text) == fold(text).strip()


@given(st.from_regex(r"[a-z]{3,10}\.(com|net|org)", fullmatch=True), st.text("abc .", max_size=10))
def test_a_domain_is_found_exactly_where_it_stands_alone(name, around):
    assert holds(f"{around} {name} {around}", Entity("domain-name", name))
    assert not holds(f"x{name}x", Entity("domain-name", name))
