"""Lists that hold what they mean and what they do not: the exceptions are never told as indicators."""

from __future__ import annotations

import json
from typing import Any

import pytest
from line_reading import claims, document, skipped

from chokepoint.collect import prose
from chokepoint.collect.registry import collectors, recognise
from chokepoint.collect.table_cells import Verdicts

CONFIG: dict[str, Any] = {
    "version": 2,
    "tolerance": 1,
    "fuzzylist": ["cryptokitties.co", "metamask.io"],
    "whitelist": ["coinbase.com", "dappradar.co"],
    "blacklist": ["evil-metamask.com", "fake-opensea.io"],
}
"""As https://github.com/MetaMask/eth-phishing-detect publishes it."""


def read(text: str, path: str) -> list[Any]:
    given = document(text, path)
    return list(recognise(given, collectors()).read(given))


def told(items: list[Any]) -> set[tuple[str, str, str]]:
    return {
        (one.subject.value, one.property, getattr(one.object, "value", one.object)) for one in claims(items)
    }


@pytest.mark.parametrize("indent", [None, 2])
def test_the_sites_that_a_phishing_list_protects_are_context(indent: int | None) -> None:
    found = {one[:1] + one[2:] for one in told(read(json.dumps(CONFIG, indent=indent), "src/config.json"))}
    told_of = "config.json (context: it stands under {!r})".format
    assert found >= {(site, told_of("whitelist")) for site in CONFIG["whitelist"]}
    assert found >= {(site, told_of("fuzzylist")) for site in CONFIG["fuzzylist"]}
    rest = {site for site, what in found if "(indicator" in what}
    assert rest == {"evil-metamask.com", "fake-opensea.io"}


def test_a_list_that_is_scanned_in_parts_clears_in_all_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    good = [f"good-{number}.com" for number in range(40)]
    text = json.dumps({"whitelist": good, "blacklist": ["bad-site.com"]}, indent=1)
    monkeypatch.setattr(prose, "CHUNK", 200)
    found = {one.entity.value: one.role for _, one in prose.found_in(text)}
    assert found == {**dict.fromkeys(good, "context"), "bad-site.com": "indicator"}


def test_records_under_exceptions_are_skipped_by_name() -> None:
    tree = {
        "exceptions": [{"domain": "good.com"}, {"domain": "fine.org"}],
        "domains": [{"domain": "bad-site.com", "allowed_ips": ["8.8.8.8"]}],
    }
    items = read(json.dumps(tree), "list.json")
    assert told(items) == {("bad-site.com", "attribute", "allowed_ips: 8.8.8.8")}
    assert skipped(items)["exception of the list"] == 2


@pytest.mark.parametrize(
    ("header", "cell"),
    [("isWhitelisted", "true"), ("false_positive", "1"), ("verdict", "benign"), ("label", "False positive")],
)
def test_a_row_that_clears_itself_is_told_as_legitimate(header: str, cell: str) -> None:
    text = f"domain,ip,{header}\ngood.com,8.8.8.8,{cell}\nbad-site.com,185.220.101.45,no\n"
    found = told(read(text, "phishing-feed.csv"))
    good = {one for one in found if one[0] in {"good.com", "8.8.8.8"}}
    assert {one[:2] for one in good} == {("good.com", "legitimate"), ("8.8.8.8", "legitimate")}
    assert ("bad-site.com", "resolves-to", "185.220.101.45") in found


@pytest.mark.parametrize("cell", ["", "false", "0", "no", "unsafe", "safe cracking scam", "x" * 41])
def test_a_row_that_does_not_clear_itself_is_not_cleared(cell: str) -> None:
    assert not Verdicts(["whitelisted", "label"]).clear([cell, cell])
