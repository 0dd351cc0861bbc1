"""A line of prose that names what is bad is a statement, not the name of a campaign."""

from __future__ import annotations

import pytest

from chokepoint.collect.base import Document
from chokepoint.collect.titles import about, title_of

WALLET = "19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds"


def campaign(text: str, name: str = "r.txt") -> str:
    found = about(Document(path=name, data=text.encode()), text)
    return "" if found is None else found.value


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(
            f"Police warn: evil-pay.com asks victims to pay to {WALLET} now", id="a site and a wallet"
        ),
        pytest.param("please block boss@evil-pay.com and everything that it sends", id="a mailbox"),
        pytest.param("call from +44 7911 123456 yesterday, he asked for my card", id="a number"),
        pytest.param("we saw evil[.]com and 185.220.101.4 in our logs today", id="defanged"),
        pytest.param(f"Send 0.2 BTC to {WALLET}", id="few words and a wallet"),
        pytest.param("call +66 81 234 5678 now", id="few words and a number"),
        pytest.param("blocked 185.220.101.4", id="few words and an address"),
    ],
)
def test_a_line_that_names_indicators_is_no_title(line: str) -> None:
    assert title_of(f"{line}\n") == ""
    assert campaign(f"{line}\n") == ""


@pytest.mark.parametrize(
    ("text", "title"),
    [
        pytest.param("Scams of evil.com\n\ntext\n", "Scams of evil.com", id="few words and a site"),
        pytest.param(
            "Silverfish campaign\n\nThe site evil.com asks for money.\n", "Silverfish campaign", id="plain"
        ),
        pytest.param(
            "# The fall of evil.com and its many sisters\n\ntext\n",
            "The fall of evil.com and its many sisters",
            id="marked",
        ),
        pytest.param("Scams by evil.com\n====\n\ntext\n", "Scams by evil.com", id="underlined"),
        pytest.param(
            "The long road of the Silverfish gang through Europe\n\nx\n",
            "The long road of the Silverfish gang through Europe",
            id="many words",
        ),
        pytest.param("evil.com\n\nsome text\n", "evil.com", id="alone"),
    ],
)
def test_a_heading_stays_one(text: str, title: str) -> None:
    assert title_of(text) == title


@pytest.mark.parametrize(
    "line",
    [
        pytest.param('36,"AEROCARIBBEAN AIRLINES",-0- ,"CUBA",-0- ,-0-', id="a row of a sanctions list"),
        pytest.param("2026-01-01;Müller;DE89370400440532013000;12,00", id="a row with semicolons"),
        pytest.param("2026-01-01\tMüller\tDE89370400440532013000", id="a row with tabs"),
        pytest.param("127.0.0.1 localhost", id="a line of a hosts file"),
        pytest.param("2024-01-02 03:04:05 - evil-a.com: c2", id="a line of a log"),
        pytest.param("[02/01/2024, 03:04] evil-a.com", id="a line of a log in brackets"),
        pytest.param("::1             localhost", id="a line of a hosts file, IPv6"),
    ],
)
def test_a_row_of_data_names_no_campaign(line):
    """Else an innocent company of the first row is what the indicators of all other rows point at."""
    assert title_of(f"{line}\nevil-shop.com is bad\n") == ""


@pytest.mark.parametrize(
    "line",
    [
        "LockBit, BlackCat, Cl0p, Play and Akira",
        "Fraud in Kenya; victims; losses",
        "3.1 million dollars gone",
        "Operation Endgame 2.0",
    ],
)
def test_a_title_with_lists_and_figures_is_one(line):
    assert title_of(f"{line}\nevil-shop.com is bad\n") == line


@pytest.mark.parametrize(
    "first",
    ["evil-a[.]example-bad.com", "hxxps://evil-a[.]com/x", "185.220[.]101[.]46", "# evil-a.com", WALLET],
)
def test_a_first_line_that_is_an_indicator_is_no_campaign(first: str) -> None:
    assert campaign(f"{first}\nevil-b(.)com\nevil-c dot com and evil-d dot com\n", "list.txt") == ""


def test_a_title_that_speaks_of_an_indicator_still_names_its_campaign() -> None:
    assert campaign("# Clone of evil-a.com\n\nIt asks for cards.\n", "list.txt") == "clone of evil a com"


@pytest.mark.parametrize("ending", [": indicators", " – Indicators", " - IOC list", ": Appendix"])
def test_a_word_on_what_a_list_is_is_no_part_of_a_campaigns_name(ending: str) -> None:
    assert campaign(f"# NovaTrade{ending}\n\nThey use evil-a.com.\n") == "novatrade"
