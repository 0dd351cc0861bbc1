"""A pulse of OTX is a campaign: whose it is, what it uses, whom it targets and by what one knows it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from line_reading import claims, document, read_as, rejected, skipped

from chokepoint.collect.list_syntax import EXCEPTION
from chokepoint.collect.otx import NO_KIND
from chokepoint.model.marking import Tlp

SHA256 = "c323d49f16e6ad3a8f3f1ca78249385d703db2e33722476424ac3536f7043748"
PULSE: dict[str, Any] = {
    "id": "5f3a",
    "name": "Operation Dust Storm",
    "description": "Letters to banks",
    "author_name": "AlienVault",
    "adversary": "Kimsuky",
    "malware_families": ["AgentTesla", {"id": "Emotet", "display_name": "Emotet", "target": None}],
    "targeted_countries": ["India", "United Kingdom"],
    "industries": ["Banking"],
    "created": "2023-08-01T12:34:56.123",
    "TLP": "white",
    "references": ["https://reports.example.com/dust"],
    "tags": ["rat"],
    "indicators": [
        {"type": "IPv4", "indicator": "185.220.101.45", "title": "", "description": "C2", "role": None},
        {"type": "FileHash-SHA256", "indicator": SHA256, "title": "Dropper", "role": "malware_hosting"},
        {"type": "hostname", "indicator": "www.bad-site.com"},
        {"type": "URL", "indicator": "http://bad-site.com/x"},
        {"type": "email", "indicator": "a@bad-site.com"},
        {"type": "YARA", "indicator": "abc"},
    ],
}


def read(tree: Any) -> list[Any]:
    return read_as("otx", document(json.dumps(tree), "feed/pulses.json"))


def told(items: list[Any], *, of: str) -> set[tuple[str, str]]:
    return {
        (one.property, getattr(one.object, "value", one.object))
        for one in claims(items)
        if one.subject.value == of
    }


def test_the_pulse_names_whose_campaign_it_is_what_it_uses_and_whom_it_targets() -> None:
    assert told(read([PULSE]), of="operation dust storm") == {
        ("attributed-to", "kimsuky"),
        ("uses", "agenttesla"),
        ("uses", "emotet"),
        ("targets", "in"),
        ("targets", "gb"),
        ("description", "Letters to banks"),
        ("reference", "https://reports.example.com/dust"),
        ("category", "rat"),
        ("attribute", "targeted industry: Banking"),
    }


def test_targeted_countries_are_nobodys_home() -> None:
    assert not any(one.property == "located-in" for one in claims(read([PULSE])))


def test_every_indicator_indicates_the_campaign_at_its_pointer() -> None:
    found = {(one.place, one.subject.value) for one in claims(read([PULSE])) if one.property == "indicates"}
    assert found == {
        ("/0/indicators/0", "185.220.101.45"),
        ("/0/indicators/1", f"sha256:{SHA256}"),
        ("/0/indicators/2", "www.bad-site.com"),
        ("/0/indicators/3", "http://bad-site.com/x"),
        ("/0/indicators/4", "a@bad-site.com"),
    }


def test_title_description_and_role_are_the_indicators_own() -> None:
    items = read([PULSE])
    assert told(items, of="185.220.101.45") >= {("description", "C2")}
    assert told(items, of=f"sha256:{SHA256}") >= {("description", "Dropper"), ("role", "malware_hosting")}


def test_a_rule_is_skipped_by_name_and_a_broken_address_refused() -> None:
    broken = {**PULSE, "indicators": [*PULSE["indicators"], {"type": "IPv4", "indicator": "1.2.3"}, 7, {}]}
    items = read([broken])
    assert skipped(items)[NO_KIND] == 1
    assert [one.place for one in rejected(items)] == [f"/0/indicators/{at}" for at in (6, 7, 8)]


@pytest.mark.parametrize("wrap", ["results", "pulses", ""])
def test_a_pulse_alone_in_a_list_or_in_an_answer_says_the_same(wrap: str) -> None:
    items = read({"count": 1, wrap: [PULSE]} if wrap else PULSE)
    assert ("attributed-to", "kimsuky") in told(items, of="operation dust storm")


def test_what_the_pulse_calls_benign_indicates_nothing() -> None:
    pulse = {**PULSE, "indicators": [{"type": "domain", "indicator": "good.com", "role": "benign"}]}
    items = read([pulse])
    assert told(items, of="good.com") == set()
    assert skipped(items)[EXCEPTION] == 1


@pytest.mark.parametrize(("label", "tlp"), [("amber", Tlp.AMBER), ("green", Tlp.GREEN), ("white", Tlp.CLEAR)])
def test_every_claim_is_as_closed_as_its_pulse(label: str, tlp: Tlp) -> None:
    items = read([{**PULSE, "TLP": label}])
    assert {one.provenance.marking.tlp for one in claims(items)} == {tlp}


def test_a_pulse_under_an_unknown_label_is_not_taken() -> None:
    items = read([{**PULSE, "TLP": "mauve"}, PULSE])
    assert [one.place for one in rejected(items)] == ["/0/TLP"]
    assert not any(one.place.startswith("/0") for one in claims(items))


@pytest.mark.parametrize(
    "value", [None, 7, "text", [], {"a": 1}], ids=["null", "number", "text", "list", "map"]
)
@pytest.mark.parametrize(
    "key", ["adversary", "malware_families", "targeted_countries", "tags", "description"]
)
def test_a_field_of_another_type_costs_no_indicator(key: str, value: Any) -> None:
    found = [one for one in claims(read([{**PULSE, key: value}])) if one.property == "indicates"]
    assert len(found) == 5


@pytest.mark.parametrize("value", [7, "text", {"a": 1}], ids=["number", "text", "map"])
def test_indicators_that_are_no_list_are_refused(value: Any) -> None:
    items = read([{**PULSE, "indicators": value, "x": {"indicator": 1}}])
    assert [one.place for one in rejected(items)] == ["/0/indicators"]
