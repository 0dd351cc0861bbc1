"""The fast reader of patterns never says anything but what the grammar says."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chokepoint.collect.base import Rejected
from chokepoint.collect.stix2.observables import from_pattern
from chokepoint.collect.stix2.patterns import LONGEST, Comparison, _by_library, _plain, comparisons
from chokepoint.model.identity import Entity

LENIENT = re.compile(r"\\[^'\\]").search
VALUES = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x24F, exclude_categories=["Cc"]), min_size=1, max_size=12
)
PATHS = st.sampled_from(
    [
        "domain-name:value",
        "url:value",
        "file:hashes.MD5",
        "file:hashes.'SHA-256'",
        "email-message:from_ref.value",
        "x-a:b.c",
    ]
)


def quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


TESTS = st.builds(lambda path, value: f"{path} = {quoted(value)}", PATHS, VALUES)
OBSERVATIONS = st.builds(
    lambda tests, join: f"[{f' {join} '.join(tests)}]",
    st.lists(TESTS, min_size=1, max_size=3),
    st.sampled_from(["OR", "AND"]),
)
PATTERNS = st.builds(
    lambda parts, join: f" {join} ".join(parts),
    st.lists(OBSERVATIONS, min_size=1, max_size=2),
    st.sampled_from(["OR", "AND", "FOLLOWEDBY"]),
)


@settings(max_examples=30)
@given(PATTERNS)
def test_the_fast_reader_agrees_with_the_grammar(pattern):
    quick = _plain(pattern)
    assert quick is not None
    assert sorted(quick) == sorted(_by_library(pattern))


@given(PATTERNS, st.integers(0, 200), st.sampled_from("[]'=:( ANDOR*.-_0"))
@settings(max_examples=40)
def test_the_fast_reader_takes_nothing_that_the_grammar_refuses(pattern, at, odd):
    damaged = pattern[:at] + odd + pattern[at:]
    quick = _plain(damaged)
    if quick is not None and not LENIENT(damaged):
        assert sorted(quick) == sorted(_by_library(damaged))


def test_a_needless_backslash_is_forgiven():
    assert comparisons(r"[url:value = 'http:\/\/x']")[0].values == ("http://x",)


@given(st.text(max_size=80))
@settings(max_examples=30)
def test_any_text_is_comparisons_or_a_value_error(content):
    found: tuple[Comparison, ...] = ()
    with suppress(ValueError):
        found = comparisons(content)
    assert all(isinstance(test, Comparison) for test in found)


def test_a_pattern_beyond_the_limit_is_refused_at_once():
    with pytest.raises(ValueError, match="limit"):
        comparisons("[" + "a" * LONGEST)


def test_escaped_quotes_belong_to_the_value():
    assert comparisons(r"[url:value = 'http://x/\'a\\b']")[0].values == (r"http://x/'a\b",)


@pytest.mark.parametrize(
    "pattern", ["[a:b = 'c'", "a:b = 'c'", "[a:b = 'c'] [d:e = 'f']", "[a:b = 'c' XOR a:b = 'd']", ""]
)
def test_half_a_pattern_is_left_to_the_grammar(pattern):
    assert _plain(pattern) is None


def test_members_of_a_set_are_values_of_their_own():
    assert comparisons("[ipv4-addr:value IN ('1.2.3.4','5.6.7.8')]")[0].values == ("1.2.3.4", "5.6.7.8")


@pytest.mark.parametrize(
    ("sort", "path", "value", "entity"),
    [
        ("domain-name", "value", "evil.com", Entity("domain-name", "evil.com")),
        ("domain-name", "value", "a" * 16 + ".onion", Entity("onion-service", "a" * 16 + ".onion")),
        ("domain-name", "resolves_to_refs.value", "1.2.3.4", Entity("ipv4-addr", "1.2.3.4")),
        ("network-traffic", "dst_ref.value", "1.2.3.4", Entity("ipv4-addr", "1.2.3.4")),
        ("email-message", "from_ref.value", "x@evil.com", Entity("email-addr", "x@evil.com")),
        ("file", "hashes.SHA-1", "A" * 40, Entity("file", "sha1:" + "a" * 40)),
        ("artifact", "hashes.MD5", "a" * 32, Entity("file", "md5:" + "a" * 32)),
        ("file", "hashes.IMPHASH", "a" * 32, Entity("file", "imphash:" + "a" * 32)),
        ("autonomous-system", "number", "13335", Entity("autonomous-system", "AS13335")),
        ("url", "value", "tcp://1.2.3.4:443", Entity("ipv4-addr", "1.2.3.4")),
        ("url", "value", "file://evil.com@80/x", Entity("domain-name", "evil.com")),
        ("x-misp-whatever", "value", "evil.com", Entity("domain-name", "evil.com")),
        ("file", "name", "x.exe", None),
        ("mutex", "name", "x", None),
        ("windows-registry-key", "key", "x", None),
    ],
)
def test_each_path_names_its_identifier_or_none(sort, path, value, entity):
    assert from_pattern(sort, path, value) == entity


def test_a_value_that_is_none_of_its_path_is_rejected():
    assert isinstance(from_pattern("ipv4-addr", "value", "1.2.3.400"), Rejected)
    assert isinstance(from_pattern("file", "hashes.MD5", "short"), Rejected)
