"""What stands under `whitelist`, `exclude` and their like is accused of nothing, however the file is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.values.text import scan
from chokepoint.values.text.exempt import exempt_at, exempt_parts, exempts


@pytest.mark.parametrize(
    "key",
    [
        *("whitelist", "WhiteList", "white_list", "allowlist", "allow-list", "allow", "allowed_domains"),
        *("fuzzylist", "exclude", "excludeDomains", "excluded", "exclusions", "safe", "safe_list", "legit"),
        *("legitimate", "benign_hosts", "false_positive", "falsePositives", "exceptions", "isWhitelisted"),
        "known_good",
    ],
)
def test_a_key_that_clears_is_known_however_it_is_written(key: str) -> None:
    assert exempts(key)


@pytest.mark.parametrize(
    "key",
    ["blacklist", "unsafe", "not_safe", "non-benign", "disallow", "illegitimate", "safe_browsing", "", "_-"],
)
def test_a_key_that_accuses_or_says_nothing_clears_nobody(key: str) -> None:
    assert not exempts(key)


def roles(text: str) -> dict[str, str]:
    return {one.entity.value: one.role for one in scan(text)}


BAD, GOOD = {"bad-site.com": "indicator"}, {"good.com": "context", "fine.org": "context"}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('{"whitelist": ["good.com", "fine.org"], "blacklist": ["bad-site.com"]}', id="one line"),
        pytest.param(
            '{"blacklist":["bad-site.com"],\n"whitelist":\n[\n"good.com",\n"fine.org"\n]\n}', id="lines"
        ),
        pytest.param('{"safe": {"a": ["good.com"], "b": "fine.org"}, "x": "bad-site.com"}', id="nested"),
        pytest.param('{"exclude": "good.com", "benign": "fine.org", "c2": "bad-site.com"}', id="values"),
        pytest.param(
            '{"exceptions": ["a ] \\" b", "good.com", "fine.org"], "c2": ["bad-site.com"]}', id="quotes"
        ),
        pytest.param('{"allow": ["good.com", "fine.org"', id="cut short"),
        pytest.param("exclude:\n  - good.com\n  - fine.org\ndomains:\n  - bad-site.com\n", id="yaml"),
        pytest.param("domains:\n- bad-site.com\nallowed:\n- good.com\n- fine.org\n", id="yaml flush"),
        pytest.param(
            "a:\n  safe: good.com\n  false_positives: [fine.org]\n  c2: bad-site.com\n", id="yaml flow"
        ),
        pytest.param(
            "r:\n  exclude:\n    x:\n      y: good.com\n\n    z: fine.org\n  c2: bad-site.com\n", id="deep"
        ),
        pytest.param(
            "'whitelist': ['good.com', 'fine.org']\n'blacklist': ['bad-site.com']\n", id="single quotes"
        ),
    ],
)
def test_only_what_stands_under_the_key_is_cleared(text: str) -> None:
    found = roles(text)
    assert {**BAD, **found} == {**GOOD, **BAD}


def test_the_reason_names_the_key() -> None:
    [one] = scan('{"fuzzylist": ["metamask.io"], "tolerance": 1}')
    assert (one.role, one.reason) == ("context", "it stands under 'fuzzylist'")


def test_even_what_is_written_harmless_stays_cleared() -> None:
    assert roles('{"false_positive": ["hxxp://good[.]com/x"]}') == {"http://good.com/x": "context"}


def test_a_word_in_prose_is_no_key() -> None:
    text = "The scam site bad-site.com is not on any whitelist: it steals passwords."
    assert roles(text) == BAD


@given(st.text(alphabet='":{}[]\n -ab\\', max_size=60))
def test_parts_stand_in_order_apart_and_within_the_text(middle: str) -> None:
    text = f'"exclude": {middle} "safe": {middle}'
    parts = exempt_parts(text)
    edges = [edge for part in parts for edge in (part.start, part.end)]
    assert parts
    assert edges == sorted(edges)
    assert edges[-1] <= len(text)
    assert all(exempt_at(parts, part.start) == part.key for part in parts if part.start < part.end)
