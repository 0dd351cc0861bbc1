"""MISP's distribution closes an event, an object, a report or an attribute; tags and --tlp join it."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from misp_making import attribute, event, part, thing, told
from structured_reading import Reading, made, read

from chokepoint.collect.base import Document
from chokepoint.collect.misp_event import MispEvent
from chokepoint.collect.misp_sharing import distributed, narrowed
from chokepoint.collect.walk import walk
from chokepoint.model.errors import NotValidError
from chokepoint.model.marking import CLEAR, Marking, Tlp

EVIL, GOOD = "evil.com", "other.com"
STRICT = Marking(tlp=Tlp.AMBER_STRICT)


def about(reading: Reading, value: str) -> set[str]:
    return {
        claim.provenance.marking.tlp.label
        for claim in reading.claims
        if value in f"{claim.subject} {claim.object}"
    }


def told_why(reading: Reading) -> list[str]:
    return [rule for rule in reading.skipped if rule.startswith("distribution")]


@pytest.mark.parametrize(
    ("level", "tag", "label"),
    [
        pytest.param("0", "", "TLP:AMBER+STRICT", id="own organisation"),
        pytest.param(0, "", "TLP:AMBER+STRICT", id="as a number"),
        pytest.param(" 0 ", "", "TLP:AMBER+STRICT", id="with spaces"),
        pytest.param("1", "", "TLP:GREEN", id="community"),
        pytest.param("2", "", "TLP:GREEN", id="connected communities"),
        pytest.param("3", "", "TLP:CLEAR", id="all"),
        pytest.param("4", "", "TLP:AMBER+STRICT", id="sharing group"),
        pytest.param(None, "", "TLP:CLEAR", id="none said"),
        pytest.param("", "", "TLP:CLEAR", id="empty"),
        pytest.param("0", "tlp:white", "TLP:AMBER+STRICT", id="stricter than its tag"),
        pytest.param("3", "tlp:green", "TLP:GREEN", id="laxer than its tag"),
        pytest.param("1", "tlp:amber", "TLP:AMBER", id="community under amber"),
        pytest.param("4", "tlp:red", "TLP:RED", id="group under red"),
    ],
)
def test_an_event_is_as_closed_as_its_distribution_and_its_tag(level, tag: str, label: str) -> None:
    more = {"Tag": [{"name": tag}]} if tag else {}
    reading = told(attribute("domain", EVIL), distribution=level, **more)
    assert {claim.provenance.marking.tlp.label for claim in reading.claims} == {label}
    assert not reading.rejected


@pytest.mark.parametrize("level", ["6", "-1", "x", "33", True, False, [0], {"level": 0}, 1.5, [], {}])
def test_an_event_under_an_unknown_distribution_is_refused_as_a_whole(level) -> None:
    reading = told(attribute("domain", EVIL), distribution=level)
    assert not reading.claims
    [refused] = reading.rejected
    assert "distribution" in refused.reason
    assert "Mend: " in refused.reason


def test_an_event_inherits_its_distribution_from_nothing() -> None:
    assert not told(attribute("domain", EVIL), distribution="5").claims


@pytest.mark.parametrize(
    ("level", "label"),
    [
        ("0", "TLP:AMBER+STRICT"),
        ("1", "TLP:GREEN"),
        ("3", "TLP:CLEAR"),
        ("4", "TLP:AMBER+STRICT"),
        ("5", "TLP:CLEAR"),
    ],
)
def test_an_attribute_of_its_own_distribution_closes_itself_alone(level: str, label: str) -> None:
    reading = told(attribute("domain", EVIL, distribution=level), attribute("domain", GOOD))
    assert about(reading, EVIL) == {label}
    assert about(reading, GOOD) == {"TLP:CLEAR"}


def test_an_attribute_opens_nothing_that_its_event_closes() -> None:
    reading = told(attribute("domain", EVIL, distribution="3"), distribution="1")
    assert about(reading, EVIL) == {"TLP:GREEN"}


def test_an_attributes_tag_and_distribution_join() -> None:
    reading = told(attribute("domain", EVIL, distribution="0", Tag=[{"name": "tlp:red"}]))
    assert about(reading, EVIL) == {"TLP:RED"}


def test_an_attribute_under_an_unknown_distribution_is_refused_alone() -> None:
    reading = told(attribute("domain", EVIL, distribution="9"), attribute("domain", GOOD))
    assert about(reading, EVIL) == set()
    assert about(reading, GOOD) == {"TLP:CLEAR"}
    assert [one.place for one in reading.rejected] == ["/Event/Attribute/0"]


@pytest.mark.parametrize(
    ("level", "label"), [("0", "TLP:AMBER+STRICT"), ("2", "TLP:GREEN"), ("5", "TLP:CLEAR")]
)
def test_an_object_closes_all_that_stands_in_it(level: str, label: str) -> None:
    inside = thing(
        "domain-ip",
        part("domain", "domain", EVIL, distribution="5"),
        part("ip-dst", "ip", "93.184.216.34"),
        distribution=level,
        comment="the panel",
    )
    reading = told(attribute("domain", GOOD), Object=[inside])
    assert about(reading, EVIL) == about(reading, "93.184.216.34") == {label}
    assert about(reading, GOOD) == {"TLP:CLEAR"}


def test_an_object_under_an_unknown_distribution_is_refused_with_all_in_it() -> None:
    reading = told(Object=[thing("domain-ip", part("domain", "domain", EVIL), distribution="7")])
    assert about(reading, EVIL) == set()
    assert [one.place for one in reading.rejected] == ["/Event/Object/0"]


def test_the_text_of_a_report_is_as_closed_as_the_report() -> None:
    reading = told(EventReport=[{"name": "On it", "content": f"see {EVIL}", "distribution": "0"}])
    assert about(reading, EVIL) == about(reading, "On it") == {"TLP:AMBER+STRICT"}


def test_a_report_under_an_unknown_distribution_is_refused() -> None:
    reading = told(EventReport=[{"name": "On it", "content": f"see {EVIL}", "distribution": "8"}])
    assert about(reading, EVIL) == set()


def test_a_file_that_became_stricter_than_asked_says_why() -> None:
    reading = told(attribute("domain", EVIL, distribution="4"), distribution="1")
    assert sorted(told_why(reading)) == [
        "distribution 1 closes it to TLP:GREEN (this community)",
        "distribution 4 closes it to TLP:AMBER+STRICT (a sharing group)",
    ]


def test_a_file_that_the_person_closed_as_much_says_nothing() -> None:
    document = made({"Event": event(attribute("domain", EVIL), distribution="0")}, marking=STRICT)
    reading = read(MispEvent(), document)
    assert about(reading, EVIL) == {"TLP:AMBER+STRICT"}
    assert told_why(reading) == []


def test_what_the_person_asks_for_joins_a_milder_distribution() -> None:
    document = made({"Event": event(attribute("domain", EVIL), distribution="1")}, marking=STRICT)
    assert about(read(MispEvent(), document), EVIL) == {"TLP:AMBER+STRICT"}


def test_narrowing_never_opens_and_counts_only_what_it_closed() -> None:
    for before in (CLEAR, Marking(tlp=Tlp.GREEN), STRICT):
        for level in ("0", "1", "2", "3", "4", "5", None):
            tally: Counter[str] = Counter()
            after = narrowed(before, {"distribution": level}, tally)
            assert after == before.join(after)
            assert sum(tally.values()) == (after != before)


def test_a_distribution_that_is_none_is_named_with_its_mend() -> None:
    with pytest.raises(NotValidError, match="6") as caught:
        distributed({"distribution": 6})
    assert "0 to 5" in str(caught.value.advice)


def openly(content: dict, public: str = "CERT-B", **more) -> Reading:
    return read(MispEvent(), made({"Event": content}, public=public, **more))


def test_a_default_distribution_closes_no_event_that_its_creator_put_on_the_open_web() -> None:
    inner = [attribute("domain", EVIL, distribution="0")]
    reading = openly(
        event(*inner, distribution="0", Object=[thing("x", part("domain", "domain", GOOD), distribution=0)])
    )
    assert {claim.provenance.marking.tlp.label for claim in reading.claims} == {"TLP:CLEAR"}
    assert about(reading, EVIL)
    assert about(reading, GOOD)
    assert "distribution 0 of an event that its creator put on the open web" in reading.skipped


@pytest.mark.parametrize(
    ("content", "public"),
    [
        pytest.param({"distribution": "0", "Orgc": {"name": "CERT-C"}}, "CERT-B", id="somebody else's event"),
        pytest.param({"distribution": "0", "Orgc": "CERT-B"}, "CERT-B", id="a creator that is no record"),
        pytest.param({"distribution": "0"}, "", id="a source that nobody knows to be open"),
        pytest.param({"distribution": "4"}, "CERT-B", id="a sharing group"),
    ],
)
def test_a_distribution_that_may_be_meant_closes_an_event_wherever_it_lies(
    content: dict, public: str
) -> None:
    reading = openly(event(attribute("domain", EVIL), **content), public)
    assert {claim.provenance.marking.tlp.label for claim in reading.claims} == {"TLP:AMBER+STRICT"}


def test_an_open_source_takes_no_tag_or_asked_for_marking_away() -> None:
    tagged = event(attribute("domain", EVIL), distribution="0", Tag=[{"name": "tlp:green"}])
    assert about(openly(tagged), EVIL) == {"TLP:GREEN"}
    assert about(openly(tagged, marking=Marking(tlp=Tlp.RED)), EVIL) == {"TLP:RED"}


def test_events_in_the_folder_of_a_source_that_publishes_openly_are_open(tmp_path) -> None:
    folder = tmp_path / "eset-malware-ioc" / "machete"
    folder.mkdir(parents=True)
    body = {"Event": event(attribute("domain", EVIL), distribution="0", Orgc={"name": "ESET"})}
    (folder / "event.json").write_text(json.dumps(body))
    found = [one for one in walk([tmp_path]) if isinstance(one, Document)]
    assert [one.public for one in found] == ["ESET"]
    assert {claim.provenance.marking for claim in read(MispEvent(), found[0]).claims} == {CLEAR}
