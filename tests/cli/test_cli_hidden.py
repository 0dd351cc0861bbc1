"""Fail closed: hidden and absent read the same, to the byte, on every verb that looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from cli_desk import Desk

WALLET = "19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds"
TEXT = f"evil.com other.com {WALLET} 1.2.3.4 https://evil.com/a\nbad gang\nsecret gang\n"
LOOKS = [
    ["show", "evil.com"],
    ["show", "evil.com", "--json"],
    ["show", "other.com"],
    ["show", "other.com", "--json"],
    ["show", "secret gang", "--json"],
    ["show", WALLET[:10] + "...", "--json"],
    ["search", "e"],
    ["search", "evil", "--json"],
    ["search", "secret", "--json"],
    ["search", "secret"],
    ["path", "evil.com", WALLET],
    ["path", "evil.com", "bad gang", "--json"],
    ["path", "evil.com", "secret gang"],
    ["path", "evil.com", "secret gang", "--json"],
    ["identity", "list"],
    ["identity", "list", "--json"],
    ["review", "list"],
    ["review", "list", "--json"],
    ["case", "list"],
    ["case", "list", "--json"],
    ["case", "show", "case-00000000"],
    ["check"],
    ["check", "--json"],
    ["review", "vote", "00000000", "--confirm", "--reason", "x"],
    ["identity", "confirm", "evil.com", "other.com", "--reason", "x"],
    ["identity", "confirm", "secret gang", "bad gang", "--reason", "x", "--json"],
]


def seen(desk: Desk, words: list[str]) -> tuple[int, str, str]:
    result = desk.run(*words, who="police", given=TEXT if words[0] == "check" else None)
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def visible(desk: Desk) -> Desk:
    """What the police may see: a note by the vendor."""
    desk.ok(
        "note",
        "evil.com belongs to them",
        "--link",
        "evil.com",
        "indicates",
        "group:bad gang",
        "--tlp",
        "GREEN",
        who="vendor",
    )
    desk.ok("note", "a wallet", "--about", WALLET, "--tlp", "CLEAR", who="vendor")
    return desk


def hide(desk: Desk) -> None:
    """What the bank says for its own eyes."""
    red = ["--tlp", "RED", "--to", "bank"]
    desk.ok("note", "evil.com asks for it", "--link", "evil.com", "requests-payment-to", WALLET, *red)
    desk.ok("note", "other.com is theirs", "--link", "other.com", "indicates", "group:secret gang", *red)
    desk.ok("note", "1.2.3.4 serves https://evil.com/a", *red)
    desk.ok("note", "one gang", "--link", "group:bad gang", "alias", "secret gang", *red)
    desk.ok("identity", "confirm", "bad gang", "secret gang", "--reason", "informant", *red)
    desk.ok(
        "identity", "confirm", "group:bad gang", "secret gang", "--reason", "informant, shared by mistake"
    )
    desk.ok("case", "open", "Secret case", "--purpose", "p", "--review", "2027-01-01", "--tlp", "RED")


def test_every_look_is_the_same_with_and_without_hidden_records(visible: Desk):
    before = [seen(visible, words) for words in LOOKS]
    hide(visible)
    after = [seen(visible, words) for words in LOOKS]
    for words, one, two in zip(LOOKS, before, after, strict=True):
        assert one == two, words


def test_the_hidden_records_are_there_for_their_owner(visible: Desk):
    """Else the test above would prove nothing."""
    hide(visible)
    assert visible.json("show", "secret gang")["entity"]
    assert visible.json("path", "evil.com", WALLET)["paths"]
    assert visible.json("case", "list")["cases"]
    assert visible.json("identity", "list")["identity"]


def test_a_hidden_claim_cannot_be_voted_on_by_its_id(visible: Desk):
    hide(visible)
    claims = visible.json("show", "secret gang")["claims"]
    absent = visible.run("review", "vote", "0" * 64, "--confirm", "--reason", "x", who="police")
    for claim in claims:
        result = visible.run("review", "vote", claim["id"], "--confirm", "--reason", "x", who="police")
        assert result.exit_code == 1
        assert result.stderr.replace(claim["id"], "X") == absent.stderr.replace("0" * 64, "X")


def test_a_hidden_case_cannot_be_touched(visible: Desk):
    hide(visible)
    [case] = visible.json("case", "list")["cases"]
    absent = visible.run("case", "task", "case-00000000", "x", who="police")
    result = visible.run("case", "task", case["id"], "x", who="police")
    assert result.stderr.replace(case["id"], "X") == absent.stderr.replace("case-00000000", "X")


def test_saying_what_is_hidden_already_is_new_to_the_speaker(visible: Desk):
    """`known` counts one's own organisation's claims only: it tells nobody what another has said."""
    hide(visible)
    words = ["note", "other.com is theirs", "--link", "other.com", "indicates", "group:secret gang"]
    assert visible.json(*words, who="police")["claims"]["known"] == 0
    assert visible.json(*words, who="police")["claims"]["new"] == 0


def test_verify_tells_a_simulated_viewer_no_counts(visible: Desk):
    hide(visible)
    assert visible.json("verify", who="police").keys() == {"holds", "head"}


def test_collecting_tells_nothing_of_what_others_hold(visible: Desk, tmp_path: Path):
    hide(visible)
    file = tmp_path / "list.txt"
    file.write_text("other.com\nevil.com\nmore.com\n", "utf-8")
    totals = visible.json("collect", str(file), who="police")["totals"]
    assert totals["claims"]["known"] == 0
