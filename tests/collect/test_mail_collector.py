"""E-mail: its sender and what its texts name; never whom it was sent to, nor who might be behind it."""

from __future__ import annotations

import base64

import pytest
from line_reading import document

from chokepoint.collect.base import Rejected, Skipped
from chokepoint.collect.mail import Mail
from chokepoint.collect.registry import collectors, recognise
from chokepoint.model.claim import Claim, Interval
from chokepoint.model.identity import Entity
from chokepoint.package.place import Region, holds

WALLET = "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"
HEAD = (
    "Return-Path: <bounce@nova-mail.top>\n"
    "Delivered-To: eva.victim@example.net\n"
    "Received: from mail.nova-mail.top (unknown [185.220.101.9])\n\tby mx.victims-bank.com; Tue\n"
    "From: =?utf-8?b?0J3QvtCy0LA=?= <support@nova-mail.top>\n"
    "To: eva.victim@example.net\n"
    "Subject: Pay at tradenova-invest.com\n"
    "Date: Tue, 20 Jan 2026 23:30:00 -0200\n"
    "Message-ID: <77@relay.example.net>\n"
    "MIME-Version: 1.0\n"
)
LEAVES = [
    f"Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\nSend to {WALLET[:20]}=\n{WALLET[20:]}\n",
    "Content-Type: text/html\nContent-Transfer-Encoding: base64\n\n"
    + base64.encodebytes(b'<p>Hello</p>\n<a href="http://login-nova.net/pay">here</a>').decode(),
    "Content-Type: application/pdf; name=bill.pdf\nContent-Transfer-Encoding: base64\n\nJVBERi0=\n",
]
BODY = (
    "Content-Type: multipart/mixed; boundary=b\n\n" + "".join(f"--b\n{leaf}" for leaf in LEAVES) + "--b--\n"
)
MESSAGE = (HEAD + BODY).encode()


@pytest.fixture(scope="module")
def items():
    return list(Mail().read(document(MESSAGE, "lure.eml")))


@pytest.fixture(scope="module")
def claims(items):
    return [item for item in items if isinstance(item, Claim)]


def test_a_message_is_recognised_before_what_it_holds_is_taken_for_a_page():
    assert recognise(document(MESSAGE, "renamed.html"), collectors()).name == "mail"


@pytest.mark.parametrize(
    ("kind", "value", "place"),
    [
        pytest.param("email-addr", "bounce@nova-mail.top", "part 0 line 1", id="where it bounces to"),
        pytest.param("domain-name", "mail.nova-mail.top", "part 0 line 3", id="the server that sent it"),
        pytest.param("ipv4-addr", "185.220.101.9", "part 0 line 3", id="its address"),
        pytest.param("email-addr", "support@nova-mail.top", "part 0 line 4", id="the sender"),
        pytest.param("domain-name", "tradenova-invest.com", "part 0 line 6", id="the subject"),
        pytest.param("crypto-address", WALLET, "part 1 line 1", id="across a soft line break"),
        pytest.param("url", "http://login-nova.net/pay", "part 2 line 2", id="a link under base64"),
    ],
)
def test_what_a_message_names_is_mentioned_in_it_at_its_part_and_line(claims, kind, value, place):
    [found] = [one for one in claims if one.subject == Entity(kind, value) and one.property == "mentioned-in"]
    assert found.place == f"message 1 {place}"
    assert str(found.object).startswith("Pay at tradenova-invest.com (indicator")
    assert found.observed == Interval("2026-01-21", "2026-01-22", "day")


def test_a_message_accuses_nobody(claims):
    """A sender's address is easily forged, and a file's name is no campaign."""
    assert {one.property for one in claims} <= {
        "mentioned-in",
        "at-host",
        "hosted-at",
        "subdomain-of",
        "mentioned-with",
    }


@pytest.mark.parametrize("hidden", ["eva.victim", "victims-bank.com", "relay.example.net"])
def test_recipients_and_their_servers_are_left_out(claims, hidden):
    assert not any(hidden in f"{one.subject.value} {one.object} {one.raw}" for one in claims)


def test_each_header_and_part_is_a_claim_a_skip_or_a_rejection(items):
    skipped = {item.rule: item.count for item in items if isinstance(item, Skipped)}
    assert skipped["recipient, who may be a victim"] == 2
    assert skipped["header that tells of no sender"] == 4  # Date, Message-ID, MIME-Version, Content-Type
    [rejected] = [item for item in items if isinstance(item, Rejected)]
    assert rejected.place == "message 1 part 3"
    assert "'bill.pdf' of application/pdf is not read. Mend: save it" in rejected.reason


def test_every_claim_is_proved_at_its_place(claims):
    region = Region(MESSAGE)
    assert all(holds(region.at(one.place), one.subject, one.raw) for one in claims)


@pytest.mark.parametrize(
    "date",
    [
        "",
        "yesterday",
        "Tue, 99 Jan 2026 10:00:00 +0000",
        "Thu, 1 Jan 1970 00:00:00 +0000",
        "1 Jan 9999 0:0:0",
    ],
)
def test_a_day_that_cannot_be_is_none(date):
    text = HEAD.replace("Tue, 20 Jan 2026 23:30:00 -0200", date) + "\nsee login-nova.net\n"
    found = [item for item in Mail().read(document(text, "x.eml")) if isinstance(item, Claim)]
    assert found
    assert {one.observed for one in found} == {None}


def test_messages_of_a_mailbox_keep_their_own_subject_and_the_utc_day_on_which_they_were_sent():
    other = HEAD.replace("20 Jan", "21 Jan").replace("Pay at", "Hurry to").encode() + b"\nlogin-nova.net\n"
    box = b"From a@b Tue\n" + HEAD.encode() + b"\nlogin-nova.net\n\nFrom a@b Wed\n" + other
    found = [
        (one.place.partition(" part")[0], str(one.object).partition(" (")[0], one.observed.start)
        for one in Mail().read(document(box, "in.mbox"))
        if isinstance(one, Claim) and one.place.endswith("part 1 line 1") and one.observed
    ]
    assert found == [
        ("message 1", "Pay at tradenova-invest.com", "2026-01-21"),
        ("message 2", "Hurry to tradenova-invest.com", "2026-01-22"),
    ]


def test_a_mailbox_that_grows_too_large_says_so_and_keeps_what_was_read():
    parts = "".join("--b\n\nlogin-nova.net\n" for _ in range(501))
    text = "From a@b Tue\n" + HEAD + "\nsee pay-nova.net\n\nFrom a@b Wed\n" + HEAD
    text += "Content-Type: multipart/mixed; boundary=b\n\n" + parts + "--b--\n"
    items = list(Mail().read(document(text, "in.mbox")))
    assert any(isinstance(item, Claim) and item.subject.value == "pay-nova.net" for item in items)
    [rejected] = [item for item in items if isinstance(item, Rejected)]
    assert rejected.place == "message 2"
    assert "more than 500 parts" in rejected.reason
