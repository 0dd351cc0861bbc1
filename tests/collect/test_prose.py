"""What indicators in running text say: of the subject, of each other, and what is left unsaid."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from line_reading import claims, document, skipped

from chokepoint.collect import prose
from chokepoint.collect.base import Skipped
from chokepoint.collect.prose import About, account_or, chunks, found_in, is_row, said
from chokepoint.model.claim import Claim, Interval
from chokepoint.model.identity import Entity

CAMPAIGN = Entity("campaign", "silverfish")
WHEN = Interval("2023-05-01", "2023-05-04")
MD5, SHA1 = "44d88612fea8a8f36de82e1278abb02f", "3395856ce81f2b7382dee72602f798b642f14140"


def tell(text: str, subject: Entity | None = CAMPAIGN) -> list:
    about = About(subject=subject, title="Silverfish", provenance=document("x").provenance, observed=WHEN)
    return list(said(text, about, lambda number, _raw: f"line {number}"))


def lines(text: str, subject: Entity | None = CAMPAIGN) -> list[str]:
    return [f"{one.place}: {one.subject} {one.property} {one.object}" for one in claims(tell(text, subject))]


def test_what_a_text_calls_bad_indicates_its_subject():
    assert lines("The fraudulent site evil-one[.]com is live.") == [
        "line 1: domain-name:evil-one.com indicates campaign:silverfish"
    ]


def test_what_a_text_calls_official_is_only_mentioned_with_the_reason():
    [line] = lines("Report it to the police at https://www.actionfraud.police.uk please.")
    assert line.startswith(
        "line 1: url:https://www.actionfraud.police.uk/ mentioned-in Silverfish (context: "
    )


def test_a_text_about_nothing_only_mentions_and_says_the_role():
    [line] = lines("The fraudulent site evil-one[.]com is live.", None)
    assert line.startswith("line 1: domain-name:evil-one.com mentioned-in Silverfish (indicator: ")


def test_claims_carry_when_the_text_was_published():
    assert {one.observed for one in claims(tell("The fraudulent site evil-one[.]com is live."))} == {WHEN}


def test_the_profile_of_an_account_is_the_account():
    page = Entity("url", "https://t.me/ghost_scam")
    assert account_or(page) == Entity("user-account", "telegram:ghost_scam")
    assert account_or(Entity("url", "https://evil-one.com/ghost")) == Entity(
        "url", "https://evil-one.com/ghost"
    )
    assert account_or(Entity("domain-name", "t.me")) == Entity("domain-name", "t.me")


def test_the_link_of_a_sentence_keeps_how_its_subject_was_written():
    items = claims(
        tell("They call from 0157 12345678 in Germany and use the fake site falsche-polizei[.]de today.")
    )
    for one in items:
        if one.property == "mentioned-with":
            assert one.raw in {"0157 12345678", "falsche-polizei[.]de"}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param(
            "| evil-one.com | evil-two.com |",
            ["domain-name:evil-one.com mentioned-with domain-name:evil-two.com"],
            id="two cells",
        ),
        pytest.param(
            "| evil-one.com | evil-two.com | evil-three.com |",
            [
                "domain-name:evil-one.com mentioned-with domain-name:evil-two.com",
                "domain-name:evil-one.com mentioned-with domain-name:evil-three.com",
            ],
            id="the first with each other",
        ),
        pytest.param("| evil-one.com | evil-one.com |", [], id="one thing twice"),
        pytest.param(
            f"| {MD5} | {SHA1} |", [f"file:md5:{MD5} same-file file:sha1:{SHA1}"], id="hashes of one file"
        ),
        pytest.param(
            f"| {MD5} | {MD5[::-1]} |", [f"file:md5:{MD5} mentioned-with file:md5:{MD5[::-1]}"], id="of two"
        ),
        pytest.param("| evil-one.com |", [], id="a row of one"),
    ],
)
def test_cells_of_a_row_belong_to_the_first(row: str, expected: list[str]):
    found = [
        one
        for one in claims(tell(f"# Indicators\n\n{row}\n"))
        if one.property in {"mentioned-with", "same-file"}
    ]
    assert [f"{one.subject} {one.property} {one.object}" for one in found] == expected


def test_a_row_of_very_many_cells_ties_the_first_few():
    row = "| " + " | ".join(f"evil{number}.com" for number in range(30)) + " |"
    found = [one for one in claims(tell(f"# Indicators\n\n{row}\n")) if one.property == "mentioned-with"]
    assert len(found) == prose.PAIRS - 1


@pytest.mark.parametrize(
    ("line", "row"),
    [
        ("| a | b |", True),
        ("  | a | b |  ", True),
        ("|a|", True),
        ("|a", False),
        ("a | b", False),
        ("", False),
        ("|", False),
        ("||", True),
    ],
)
def test_a_row_begins_with_a_bar_and_has_another(line: str, row: bool):
    assert is_row(line) is row


def test_silent_and_blank_lines_are_counted_once_each():
    assert skipped(tell("words here\n\n  \nThe fraudulent site evil-one[.]com\nmore words")) == {
        "text without an indicator": 2,
        "blank line": 2,
    }


def test_a_text_without_a_silent_line_skips_nothing():
    assert not [one for one in tell("The fraudulent site evil-one[.]com") if isinstance(one, Skipped)]


def test_a_line_that_says_two_things_is_taken_once():
    text = "The fraudulent sites evil-one[.]com and evil-two[.]com\nwords"
    assert skipped(tell(text)) == {"text without an indicator": 1}


@given(
    st.lists(st.sampled_from(["evil-one.com", "x", "", "192.0.2.7", "a longer line of words"]), max_size=30)
)
def test_a_text_read_in_pieces_says_what_the_whole_says(parts: list[str]):
    text = "\n".join(parts)
    whole = [(line, one.entity) for line, one in found_in(text)]
    before = prose.CHUNK
    prose.CHUNK = 40
    try:
        pieces = [(line, one.entity) for line, one in found_in(text)]
    finally:
        prose.CHUNK = before
    assert pieces == whole


@given(st.text("ab \n", max_size=200), st.integers(1, 30))
def test_pieces_put_together_are_the_text_and_know_their_line(text: str, length: int):
    before = prose.CHUNK
    prose.CHUNK = length
    try:
        pieces = list(chunks(text))
    finally:
        prose.CHUNK = before
    assert "".join(piece for _, piece in pieces) == text
    at = 0
    for first, piece in pieces:
        assert first == text.count("\n", 0, at)
        at += len(piece)


def test_every_item_is_a_claim_or_a_skip():
    assert all(
        isinstance(one, Claim | Skipped) for one in tell("evil-one[.]com\n\n| a.com | b.com |\nwords\n")
    )
