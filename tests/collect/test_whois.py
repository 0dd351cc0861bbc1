"""Records of registries: what they say of a domain, and nothing of the registrar's help desk."""

from __future__ import annotations

import pytest
from line_reading import claims, document, rejected, skipped

from chokepoint.collect.registry import collectors, recognise
from chokepoint.collect.whois import Whois

RECORD = """   Domain Name: EVIL-PUMP.COM
   Registrar WHOIS Server: whois.namecheap.com
   Registrar URL: http://www.namecheap.com
   Creation Date: 2024-04-01T08:11:16Z
   Registrar: NameCheap, Inc.
   Registrar Abuse Contact Email: abuse@namecheap.com
   Registrar Abuse Contact Phone: +1.6613102107
   Domain Status: clientTransferProhibited https://icann.org/epp#clientTransferProhibited
   Name Server: DNS1.REGISTRAR-SERVERS.COM
   Registrant Name: Erika Muster
   Registrant Email: muster77@protonmail.com
   Registrant Phone: +44.2079460018
>>> Last update of whois database: 2024-05-02T08:00:00Z <<<
"""


def told(text: str) -> set[tuple[str, str, str]]:
    return {
        (one.subject.value, one.property, one.object if isinstance(one.object, str) else one.object.value)
        for one in claims(Whois().read(document(text, "whois.txt")))
        if one.property not in {"hosted-at", "subdomain-of"}
    }


def test_a_record_says_who_registered_where_and_when_and_no_name() -> None:
    assert recognise(document(RECORD, "x.txt"), collectors()).name == "whois"
    assert told(RECORD) == {
        ("evil-pump.com", "attribute", "registered: 2024-04-01T08:11:16Z"),
        ("evil-pump.com", "attribute", "registrar: NameCheap, Inc."),
        (
            "evil-pump.com",
            "attribute",
            "domain status: clientTransferProhibited https://icann.org/epp#clientTransferProhibited",
        ),
        ("evil-pump.com", "name-server", "dns1.registrar-servers.com"),
        ("evil-pump.com", "contact", "muster77@protonmail.com"),
        ("evil-pump.com", "contact", "+442079460018"),
    }


def test_the_registrars_desk_is_counted_and_no_contact_of_the_domain() -> None:
    items = list(Whois().read(document(RECORD)))
    assert "6613102107" not in repr(claims(items))
    assert "abuse@" not in repr(claims(items))
    assert skipped(items)["field of a registry or its help desk"] == 5
    assert not rejected(items)


def test_nothing_is_said_to_indicate_anything_because_it_is_registered() -> None:
    assert not {name for _, name, _ in told(RECORD)} & {"indicates", "mentioned-in"}


def seen(text: str) -> dict[str, set[str]]:
    """Days at which what is said was so, with an end or none, by property."""
    days: dict[str, set[str]] = {}
    for one in claims(Whois().read(document(text))):
        name = one.object.split(":")[0] if isinstance(one.object, str) else one.property
        days.setdefault(name, set()).add(f"{one.observed.start}/{one.observed.end}" if one.observed else "")
    return days


def test_only_the_registration_goes_back_to_its_day_all_else_is_of_the_day_of_the_answer() -> None:
    days = seen(RECORD)
    assert days["registered"] == {"2024-04-01/"}
    assert days["name-server"] == days["contact"] == days["registrar"] == {"2024-05-02/2024-05-03"}


def test_what_a_record_without_a_day_says_is_of_no_day() -> None:
    days = seen(RECORD.partition(">>>")[0])
    assert days["registered"] == {"2024-04-01/"}
    assert days["name-server"] == days["contact"] == {""}


def test_the_day_of_one_answer_is_not_that_of_the_next() -> None:
    other = RECORD.partition(">>>")[0].replace("EVIL-PUMP.COM", "bad-two.net")
    said = [one for one in claims(Whois().read(document(RECORD + other))) if one.property == "name-server"]
    assert [bool(one.observed) for one in said] == [True, False]


@pytest.mark.parametrize(
    "day", ["05-apr-2024", "2024.04.05 10:00:00", "2024-04-05", "2024-04-05T10:00:00+0300"]
)
def test_each_way_in_which_registries_write_a_day_is_read(day: str) -> None:
    assert seen(RECORD.replace("2024-04-01T08:11:16Z", day))["registered"] == {"2024-04-05/"}


@pytest.mark.parametrize(
    "value", ["REDACTED FOR PRIVACY", "Select Request Email Form at https://x.org", "x@whoisguard.com"]
)
def test_a_stand_in_for_the_registrant_is_no_contact(value: str) -> None:
    text = RECORD.replace("muster77@protonmail.com", value)
    assert ("evil-pump.com", "contact", "+442079460018") in told(text)
    assert len([one for one in told(text) if one[1] == "contact"]) == 1


def test_several_records_in_a_file_are_kept_apart() -> None:
    text = RECORD + RECORD.replace("EVIL-PUMP.COM", "bad-two.net").replace("muster77", "other88")
    assert ("bad-two.net", "contact", "other88@protonmail.com") in told(text)
    assert ("bad-two.net", "contact", "muster77@protonmail.com") not in told(text)


def test_a_broken_phone_is_refused_at_its_line() -> None:
    [refusal] = rejected(Whois().read(document(RECORD.replace("+44.2079460018", "+0.0"))))
    assert refusal.place == "line 12"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Domain: evil.com\nWe saw it yesterday.\n", id="a note"),
        pytest.param("Registrar: X\nCreation Date: 2020-01-01\n", id="no domain"),
        pytest.param(
            "Domain Name: none\nRegistrar: X\nCreation Date: 2020-01-01\n", id="no name of a domain"
        ),
    ],
)
def test_what_only_resembles_a_record_is_left_to_others(text: str) -> None:
    assert not Whois().recognises(document(text, "x.txt"))


def test_every_line_is_told_of_or_counted() -> None:
    items = list(Whois().read(document(RECORD)))
    lines = {one.place for one in claims(items)} | {"line 1"}
    assert len(lines) + sum(skipped(items).values()) == len(RECORD.split("\n"))
