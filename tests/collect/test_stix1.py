"""STIX 1 packages, read without entities."""

from __future__ import annotations

import pytest
from stix1_making import domain, indicator, package, properties
from structured_reading import Reading, read, sample, text

from chokepoint.collect.base import Document
from chokepoint.collect.stix1 import Stix1
from chokepoint.model.claim import Interval
from chokepoint.model.errors import BadInputError, TooLargeError
from chokepoint.model.marking import Tlp


def told(*parts: str, path: str = "wave.xml") -> Reading:
    return read(Stix1(), text(package(*parts), path=path))


def test_the_real_package_names_groups_files_and_domains():
    reading = read(Stix1(), sample("stix1/bangladesh.xml"))
    assert "group:apt32" in reading.objects("indicates")
    assert {claim.subject.kind for claim in reading.claims} >= {"file", "domain-name"}
    assert all(claim.place.startswith("lines ") for claim in reading.claims)


@pytest.mark.parametrize(
    ("content", "entity"),
    [
        (domain(), "domain-name:evil.com"),
        (properties("URI", "<o:Value>http://evil.com/x</o:Value>"), "url:http://evil.com/x"),
        (properties("URI", "<o:Value>evil.com</o:Value>"), "domain-name:evil.com"),
        (properties("Address", "<o:Address_Value>1.2.3.4</o:Address_Value>"), "ipv4-addr:1.2.3.4"),
        (properties("Address", "<o:Address_Value>x@evil.com</o:Address_Value>"), "email-addr:x@evil.com"),
        (properties("Hostname", "<o:Hostname_Value>a.evil.com</o:Hostname_Value>"), "domain-name:a.evil.com"),
        (
            properties(
                "File",
                "<o:Hashes><common:Hash><common:Type>SHA1</common:Type>"
                f"<common:Simple_Hash_Value>{'A' * 40}</common:Simple_Hash_Value></common:Hash></o:Hashes>",
            ),
            f"file:sha1:{'a' * 40}",
        ),
    ],
)
def test_each_object_names_its_identifier(content, entity):
    assert {who for who, prop, _ in told(indicator(content)).said if prop == "indicates"} == {entity}


def test_several_values_in_one_element_are_several_identifiers():
    reading = told(indicator(domain("a.com##comma##b.com")))
    assert {who for who, prop, _ in reading.said if prop == "indicates"} == {
        "domain-name:a.com",
        "domain-name:b.com",
    }


def test_a_title_describes_and_its_group_is_indicated():
    reading = told(indicator(domain(), "Arid Viper: Android C2 Domain"))
    assert ("domain-name:evil.com", "indicates", "group:arid viper") in reading.said
    assert ("description", "Arid Viper: Android C2 Domain") in reading.about("domain-name:evil.com")
    assert reading.claims[0].observed == Interval("", "2022-10-14")


def test_a_country_or_a_common_word_before_the_colon_is_no_group():
    for title in ("Iran: related Domain", "Malicious: Domain"):
        assert not any(
            thing.startswith("group:") for thing in told(indicator(domain(), title)).objects("indicates")
        )


def test_the_header_names_the_campaign_and_marks_the_package():
    header = (
        "<stix:STIX_Header><stix:Title>Big scam</stix:Title><stix:Description>d</stix:Description>"
        '<stix:Handling><marking:Marking><marking:Marking_Structure color="AMBER"/></marking:Marking>'
        "</stix:Handling></stix:STIX_Header>"
    )
    reading = told(header, indicator(domain()))
    assert ("domain-name:evil.com", "indicates", "campaign:big scam") in reading.said
    assert {claim.provenance.marking.tlp for claim in reading.claims} == {Tlp.AMBER}


def test_a_header_with_an_unknown_colour_refuses_the_package():
    header = '<stix:STIX_Header><marking:Marking_Structure color="PURPLE"/></stix:STIX_Header>'
    with pytest.raises(BadInputError):
        told(header, indicator(domain()))


def test_an_indicator_points_to_malware_that_stands_after_it():
    pointer = '<indicator:Indicated_TTP><c:TTP idref="x:t-1"/></indicator:Indicated_TTP>'
    after = (
        '<stix:TTPs><stix:TTP id="x:t-1"><ttp:Behavior><ttp:Malware><ttp:Malware_Instance>'
        "<ttp:Name>Ryuk</ttp:Name>"
        "</ttp:Malware_Instance></ttp:Malware></ttp:Behavior></stix:TTP></stix:TTPs>"
    )
    assert ("domain-name:evil.com", "indicates", "malware:ryuk") in told(
        indicator(domain(), more=pointer), after
    ).said


def test_a_threat_actor_is_a_group():
    title = "<ta:Title>Evil Bear</ta:Title>"
    actor = f'<stix:Threat_Actors><stix:Threat_Actor id="a">{title}</stix:Threat_Actor></stix:Threat_Actors>'
    assert ("group:evil bear", "name", "Evil Bear") in told(actor, indicator(domain())).said


def test_a_value_that_is_none_is_rejected_with_its_line_and_other_objects_are_counted():
    reading = told(indicator(domain("no domain") + properties("Mutex", "<o:Name>x</o:Name>")))
    assert [one.place.split("-")[0] for one in reading.rejected] == ["lines 2"]
    assert reading.skipped["CybOX Mutex without identifier of the vocabulary"] == 1


@pytest.mark.parametrize(
    "attack",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x SYSTEM "http://evil.com/x.dtd">',
    ],
)
def test_entities_and_doctypes_are_refused(attack):
    with pytest.raises(BadInputError):
        read(Stix1(), text(attack + package(indicator(domain()))))


def test_a_cut_package_keeps_what_was_read_before_the_cut():
    content = package(indicator(domain()), indicator(domain("b.com")))
    items = Stix1().read(text(content[: content.rindex("<cybox:Object>")]))
    first = next(items)
    with pytest.raises(BadInputError) as caught:
        list(items)
    assert caught.value.place.startswith("line ")
    assert str(first.subject) == "domain-name:evil.com"


def test_a_package_nested_too_deep_is_refused():
    with pytest.raises(TooLargeError):
        told("<a>" * 10_000 + "</a>" * 10_000)


def test_other_xml_is_not_recognised():
    assert not Stix1().recognises(text("<html><body>stix.mitre.org</body></html>"))
    assert not Stix1().recognises(Document(path="x", data=b""))
    assert Stix1().recognises(text(package(indicator(domain()))))
    assert Stix1().recognises(Document(path="x", data=package(indicator(domain())).encode("utf-16")))
