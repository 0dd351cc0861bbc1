"""Exported chats: what messages name is mentioned on their day, and nobody's name is taken."""

from __future__ import annotations

import json
from typing import Any

import pytest
from line_reading import claims, document, rejected, skipped, unaccounted

from chokepoint.collect.chat import Chat
from chokepoint.collect.registry import collectors, recognise
from chokepoint.model.claim import Interval
from chokepoint.package.place import Region, holds

WALLET = "12QtD5BFwRsdNsAZY76UVE1xyCGNTojH9h"
DAY = Interval("2024-03-15", "2024-03-16")


def read(text: str, path: str = "case/_chat.txt") -> list[Any]:
    return list(Chat().read(document(text, path)))


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("15.03.24, 10:16 - {}", id="German Android"),
        pytest.param("15/03/2024, 10:16 - {}", id="British Android"),
        pytest.param("3/15/24, 10:16 AM - {}", id="American Android"),
        pytest.param("3/15/24, 10:16\u202fPM - {}", id="American with a narrow space"),
        pytest.param("15/3/24 10:16 a. m. - {}", id="Spanish Android"),
        pytest.param("2024-03-15, 10:16 - {}", id="Swedish Android"),
        pytest.param("[15.03.24, 10:16:02] {}", id="German iPhone"),
        pytest.param("\u200e[3/15/24, 10:16:02 AM] {}", id="American iPhone with a mark"),
        pytest.param("[15/03/2024, 10:16:02] {}", id="British iPhone"),
        pytest.param("15/3/2567 10:16 - {}", id="Thai with a Buddhist year"),
        pytest.param("15.03.24, 10.16 - {}", id="Finnish with dots in the time"),
    ],
)
def test_a_message_is_read_in_the_locale_of_the_phone(line: str) -> None:
    text = "\n".join([line.format("Max Muster: hello"), line.format(f"Max Muster: pay to {WALLET}")]) + "\n"
    paper = document(text, "case/_chat.txt")
    assert recognise(paper, collectors()).name == "chat"
    found = claims(Chat().read(paper))
    assert [(one.subject.value, one.place, one.observed) for one in found] == [(WALLET, "line 2", DAY)]


def test_nobodys_name_is_taken_and_a_number_in_its_place_is_mentioned() -> None:
    items = read(
        "15.03.24, 10:16 - Erika Opfer: see evil-a.com\n"
        "15.03.24, 10:17 - +49 170 1234567: or evil-b.com\n"
        "15.03.24, 10:18 - Erika Opfer hat die Gruppe verlassen\n"
    )
    assert {one.subject.value for one in claims(items)} == {"evil-a.com", "evil-b.com", "+491701234567"}
    assert not [one for one in claims(items) if "Opfer" in f"{one.object} {one.raw}"]
    assert skipped(items)["writer of a message, who may be a victim"] == 1


def test_a_chat_is_about_nothing_whatever_its_file_is_called() -> None:
    items = read(
        "15.03.24, 10:16 - A: evil-a.com\n15.03.24, 10:17 - B: x\n", "x/WhatsApp Chat with Erika Opfer.txt"
    )
    assert {one.property for one in claims(items)} == {"mentioned-in"}
    assert all(str(one.object).startswith("a WhatsApp chat") for one in claims(items))


def test_a_message_of_several_lines_has_the_day_of_its_first() -> None:
    items = read("15.03.24, 10:16 - A: look\nhere: evil-a.com\n16.03.24, 09:00 - A: evil-b.com\n")
    assert [(one.subject.value, one.place, one.observed.start) for one in claims(items)] == [
        ("evil-a.com", "line 2", "2024-03-15"),
        ("evil-b.com", "line 3", "2024-03-16"),
    ]


@pytest.mark.parametrize(
    ("days", "start"),
    [
        pytest.param(("3/4/24", "1/5/24"), "2024-04-03", id="only day first runs forwards"),
        pytest.param(("3/4/24", "3/5/24", "4/2/24"), "2024-03-04", id="only month first runs forwards"),
        pytest.param(("3/4/24", "3/4/24"), None, id="both orders would do"),
        pytest.param(("3/4/24", "3/25/24"), "2024-03-04", id="a day above twelve"),
    ],
)
def test_days_that_can_be_read_two_ways_are_read_as_time_runs(
    days: tuple[str, ...], start: str | None
) -> None:
    items = read("".join(f"{day}, 10:16 - A: evil-{at}.com\n" for at, day in enumerate(days)))
    first = claims(items)[0].observed
    assert (first.start if first else None) == start


def test_every_line_of_a_chat_is_accounted_for() -> None:
    text = "15.03.24, 10:16 - A: evil-a.com\n\nno\n15.03.24, 10:17 - +49 170 1234567: x\n"
    items = [one for one in read(text) if "writer" not in getattr(one, "rule", "")]
    assert unaccounted(text, items) == 0


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("15.03.24, 10:16 - A: one line\n", id="a lone line"),
        pytest.param(
            "Report of 15.03.24\n15.03.24, 10:16 - A: x\n15.03.24, 10:17 - A: x\n", id="a title before"
        ),
        pytest.param(
            "2024-01-02 03:04:05 - evil-a.com: c2\n2024-01-02 03:04:06 - 185.220.101.45: c2\n",
            id="a dated list with what each is",
        ),
        pytest.param(
            "2024-01-02 03:04:05 - evil-a.com\n2024-01-02 03:04:06 - evil-b.com\n", id="a dated list"
        ),
        pytest.param(
            "[2024-01-02 03:04:05] evil-a.com: up\n[2024-01-02 03:04:06] evil-a.com: down\n", id="a log"
        ),
        pytest.param("domain,ip\nevil-a.com,185.220.101.45\n", id="a table"),
        pytest.param("{}", id="an object"),
    ],
)
def test_what_only_looks_a_little_like_a_chat_is_none(text: str) -> None:
    assert not Chat().recognises(document(text, "case/_chat.txt"))


def telegram(*messages: Any, **more: Any) -> dict[str, Any]:
    return {"name": "Invest Example", "type": "public_channel", "id": 1, "messages": list(messages), **more}


def message(text: Any, number: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "type": "message",
        "date": "2024-03-15T10:00:00",
        "date_unixtime": "1710496800",
        "from": "Max",
        "from_id": "user1",
        "text": text,
        **more,
    }


def said(tree: dict[str, Any]) -> list[Any]:
    paper = document(json.dumps(tree), "case/result.json")
    assert recognise(paper, collectors()).name == "chat"
    return list(Chat().read(paper))


def test_a_message_of_telegram_is_read_though_its_text_is_cut_by_styles() -> None:
    tree = telegram(
        message(
            [
                "Pay ",
                {"type": "code", "text": WALLET},
                {"type": "text_link", "text": " here", "href": "https://evil-a.com/x"},
            ]
        )
    )
    found = claims(said(tree))
    assert {
        (one.subject.value, one.place, str(one.object)[:14])
        for one in found
        if one.property == "mentioned-in"
    } == {
        (WALLET, "/messages/0/text", "Invest Example"),
        ("https://evil-a.com/x", "/messages/0/text", "Invest Example"),
    }
    region = Region(json.dumps(tree).encode())
    assert all(
        holds(region.at(one.place), one.subject, one.raw) for one in found if one.property == "mentioned-in"
    )


def test_telegrams_moments_are_utc_days() -> None:
    late = message("evil-a.com", date="2024-03-16T01:30:00", date_unixtime="1710545400")
    assert claims(said(telegram(late)))[0].observed == DAY


def test_a_chat_with_one_person_tells_no_name() -> None:
    items = said(telegram(message("evil-a.com"), type="personal_chat", name="Erika Opfer"))
    assert not [one for one in claims(items) if "Opfer" in str(one.object)]
    assert skipped(items)["writer of a message, who may be a victim"] == 1


def test_all_chats_of_a_whole_account_are_read_each_at_its_place() -> None:
    whole = {
        "chats": {"list": [telegram(message("evil-a.com")), telegram(message("evil-b.com")), {"name": "x"}]}
    }
    items = said(whole)
    assert {one.place for one in claims(items)} == {
        "/chats/list/0/messages/0/text",
        "/chats/list/1/messages/0/text",
    }
    assert [one.place for one in rejected(items)] == ["/chats/list/2"]


@pytest.mark.parametrize("odd", [7, None, "text", ["list"]])
def test_what_is_no_message_is_told_and_the_others_taken(odd: Any) -> None:
    items = said(telegram(odd, message("evil-a.com")))
    assert [one.place for one in rejected(items)] == ["/messages/0"]
    assert len(claims(items)) == 1


@pytest.mark.parametrize("text", [None, 7, {}, [], [None, 7], {"text": None}, [[["evil-a.com"]]]])
def test_a_text_of_another_shape_breaks_nothing(text: Any) -> None:
    said(telegram(message(text)))


def test_a_number_that_writes_is_context_and_tied_to_nothing_that_it_writes_of() -> None:
    items = read(
        "15.03.24, 10:16 - A: hi\n"
        f"15.03.24, 10:17 - +49 170 1234567: I paid {WALLET} for evil-b.com\n"
        "15.03.24, 10:18 - A: call +49 171 7654321\n"
    )
    told = {one.subject.value: str(one.object) for one in claims(items) if one.property == "mentioned-in"}
    assert told["+491701234567"] == "a WhatsApp chat (context: it writes in the chat, and may be a victim's)"
    assert told["+491717654321"].startswith("a WhatsApp chat (indicator")
    assert not [one for one in claims(items) if "+491701234567" in repr(one.object)]
    assert {one.property for one in claims(items) if one.subject.value == "+491701234567"} == {"mentioned-in"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        pytest.param("forwarded_from", "Erika Opfer", id="forwarded"),
        pytest.param(
            "contact_information", {"first_name": "Erika", "phone_number": "+49 170 1234567"}, id="contact"
        ),
        pytest.param("members", ["Erika Opfer"], id="members"),
        pytest.param("actor", "Erika Opfer", id="actor"),
    ],
)
def test_a_name_beside_a_message_is_counted_and_not_taken(field: str, value: Any) -> None:
    items = said(telegram(message("see evil-a.com", **{field: value})))
    assert {one.subject.value for one in claims(items)} == {"evil-a.com"}
    assert skipped(items)["name in a chat, who may be a victim"] == 1


def test_a_button_of_telegram_is_read_at_its_place() -> None:
    button = {"type": "url", "text": "Deposit", "data": "https://evil-pay.com/in"}
    found = claims(said(telegram(message("hello", inline_bot_buttons=[[button]]))))
    assert [(one.subject.value, one.place) for one in found if one.property == "mentioned-in"] == [
        ("https://evil-pay.com/in", "/messages/0/inline_bot_buttons/0/0")
    ]


def discord(**more: Any) -> dict[str, Any]:
    one = {
        "id": "10",
        "timestamp": "2024-03-15T08:00:00.000+00:00",
        "content": f"send to {WALLET}",
        "author": {
            "id": "99",
            "name": "scammer#1",
            "avatarUrl": "https://cdn.discordapp.com/avatars/99/x.png",
        },
        "embeds": [{"title": "Join", "url": "https://evil-pump.com", "description": "win"}],
        "mentions": [{"id": "77", "name": "Erika Opfer"}],
        **more,
    }
    return {
        "guild": {"id": "1", "name": "Crypto Pumps"},
        "channel": {"id": "2", "type": "GuildTextChat"},
        "messages": [one],
    }


def test_a_chat_of_discord_is_read_for_what_is_written_and_not_for_pictures() -> None:
    items = said(discord())
    assert {(one.subject.value, one.place) for one in claims(items) if one.property == "mentioned-in"} == {
        (WALLET, "/messages/0/content"),
        ("https://evil-pump.com/", "/messages/0/embeds/0"),
    }
    assert {one.observed.start for one in claims(items) if one.observed} == {"2024-03-15"}
    assert "Opfer" not in repr(claims(items))


@pytest.mark.parametrize(
    "field", ["embeds", "inline_bot_buttons", "mentions", "author", "timestamp", "content"]
)
@pytest.mark.parametrize("value", [None, 3, "x", [], [3], {}, [[3]]], ids=repr)
def test_a_field_of_the_wrong_shape_breaks_no_chat(field: str, value: Any) -> None:
    assert said(discord(**{field: value})) is not None
