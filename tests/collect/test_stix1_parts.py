"""STIX 1 packages as their publishers write them: references, nesting, handling, times and confidence."""

from __future__ import annotations

import pytest
from stix1_making import domain, package, properties
from structured_reading import Reading, read, text

from chokepoint.collect.stix1 import Stix1
from chokepoint.model.claim import Interval, Nature
from chokepoint.model.marking import Tlp
from chokepoint.package.place import Region, holds

CAMPAIGN = "campaign:fox package"
MD5, SHA256 = (
    "d41d8cd98f00b204e9800998ecf8427e",
    "db87cee52504ca5732bad49ddb1d5b8551c011c1891996d58aacae47f66585ed",
)
HEADER = "<stix:STIX_Header><stix:Title>Fox package</stix:Title></stix:STIX_Header>"


def told(*parts: str) -> Reading:
    return read(Stix1(), text(package(HEADER, *parts), path="x.xml"))


def red(color: str = "RED") -> str:
    return f'<indicator:Handling><marking:Marking><marking:Marking_Structure color="{color}"/></marking:Marking></indicator:Handling>'


def observable(inside: str, name: str = "x:o-1") -> str:
    return f'<cybox:Observable id="{name}"><cybox:Object>{inside}</cybox:Object></cybox:Observable>'


def indicator(inside: str, name: str = "x:i-1", attributes: str = "") -> str:
    return f'<stix:Indicators><stix:Indicator id="{name}" {attributes}>{inside}</stix:Indicator></stix:Indicators>'


def holding(inside: str = "", value: str = "evil.com", **more) -> str:
    return indicator(
        f"{inside}<indicator:Observable><cybox:Object>{domain(value)}</cybox:Object></indicator:Observable>",
        **more,
    )


TTP = '<stix:TTPs><stix:TTP id="x:t-1"><ttp:Behavior><ttp:Malware_Instance><ttp:Name>FoxLock</ttp:Name></ttp:Malware_Instance></ttp:Behavior></stix:TTP></stix:TTPs>'
ACTOR = '<stix:Threat_Actors><stix:Threat_Actor id="x:a-1"><ta:Title>Winter Fox</ta:Title>{}</stix:Threat_Actor></stix:Threat_Actors>'
WAVE = '<stix:Campaigns><stix:Campaign id="x:c-1"><c:Title>Fox winter</c:Title>{}</stix:Campaign></stix:Campaigns>'
TO_TTP, TO_ACTOR, TO_WAVE = (
    '<c:TTP idref="x:t-1"/>',
    '<c:Threat_Actor idref="x:a-1"/>',
    '<c:Campaign idref="x:c-1"/>',
)
EVIL = "domain-name:evil.com"


def test_a_package_of_everything_says_exactly_what_was_written_down_by_hand():
    file = properties(
        "File",
        "<o:File_Name>fox.exe</o:File_Name>"
        f"<common:Hash><common:Type>MD5</common:Type><common:Simple_Hash_Value>{MD5}</common:Simple_Hash_Value></common:Hash>"
        f"<common:Hash><common:Type>SHA-256</common:Type><common:Simple_Hash_Value>{SHA256}</common:Simple_Hash_Value></common:Hash>",
    )
    reading = told(
        observable(
            properties("Address", "<o:Address_Value>91.243.44.40##comma##91.243.44.41</o:Address_Value>")
        ),
        holding(f"<indicator:Title>Fox C2</indicator:Title>{TO_TTP}"),
        indicator('<indicator:Title>Both</indicator:Title><indicator:Observable idref="x:o-1"/>', "x:i-2"),
        indicator(
            f"<indicator:Observable><cybox:Object>{file}</cybox:Object></indicator:Observable>", "x:i-3"
        ),
        TTP,
        WAVE.format(TO_ACTOR),
        ACTOR.format(TO_TTP),
    )
    addresses = ("ipv4-addr:91.243.44.40", "ipv4-addr:91.243.44.41")
    md5, sha256 = f"file:md5:{MD5}", f"file:sha256:{SHA256}"
    assert reading.said == {
        (CAMPAIGN, "name", "Fox package"),
        *((one, "indicates", CAMPAIGN) for one in (*addresses, EVIL, md5, sha256)),
        *((one, "description", "Both") for one in addresses),
        (EVIL, "description", "Fox C2"),
        (EVIL, "indicates", "malware:foxlock"),
        (md5, "same-file", sha256),
        (md5, "name", "fox.exe"),
        ("malware:foxlock", "name", "FoxLock"),
        ("campaign:fox winter", "name", "Fox winter"),
        ("campaign:fox winter", "attributed-to", "group:winter fox"),
        ("group:winter fox", "name", "Winter Fox"),
        ("group:winter fox", "uses", "malware:foxlock"),
    }
    assert reading.rejected == []
    assert not reading.skipped


POINTING = (observable(domain()), indicator('<indicator:Observable idref="x:o-1"/>' + TO_TTP), TTP)


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (2, 1, 0), (1, 2, 0)], ids=str)
def test_references_are_followed_wherever_the_other_part_stands(order):
    reading = told(*(POINTING[number] for number in order))
    assert {(EVIL, "indicates", CAMPAIGN), (EVIL, "indicates", "malware:foxlock")} <= reading.said
    assert not reading.skipped


def test_the_place_of_what_is_pointed_to_is_where_it_stands():
    document = text(package(HEADER, *POINTING), path="x.xml")
    regions = Region(document.data)
    claims = [claim for claim in read(Stix1(), document).claims if str(claim.subject) == EVIL]
    assert len(claims) == 3
    assert all(holds(regions.at(claim.place), claim.subject, claim.raw) for claim in claims)


@pytest.mark.parametrize(
    ("part", "rule"),
    [
        pytest.param(holding('<c:TTP idref="x:absent"/>'), "reference to a technique or to a part of another file", id="ttp"),
        pytest.param(WAVE.format('<c:Threat_Actor idref="x:absent"/>'), "reference to a technique or to a part of another file", id="actor"),
        pytest.param(WAVE.format(TO_WAVE), "reference to a technique or to a part of another file", id="itself"),
        pytest.param(indicator('<indicator:Observable idref="x:absent"/>'), "STIX 1 indicator without identifier of the vocabulary", id="observable"),
        pytest.param(indicator(""), "STIX 1 indicator without identifier of the vocabulary", id="empty"),
        pytest.param("<stix:TTPs><stix:TTP id='x'><ttp:Title>Phishing</ttp:Title></stix:TTP></stix:TTPs>", "STIX 1 TTP without a name (a technique)", id="technique"),
        pytest.param(observable(properties("Mutex", "<o:Name>m</o:Name>")), "CybOX Mutex without identifier of the vocabulary", id="mutex"),
    ],
)  # fmt: skip
def test_what_leads_nowhere_is_counted_and_invents_nothing(part, rule):
    reading = told(part)
    assert reading.skipped[rule] == 1
    assert {prop for _, prop, _ in reading.said} <= {"name", "indicates"}


@pytest.mark.parametrize(
    ("other", "said"),
    [
        pytest.param(WAVE.format(TO_ACTOR) + ACTOR.format(""), ("campaign:fox winter", "attributed-to", "group:winter fox"), id="campaign-to-actor"),
        pytest.param(ACTOR.format(TO_WAVE) + WAVE.format(""), ("campaign:fox winter", "attributed-to", "group:winter fox"), id="actor-to-campaign"),
        pytest.param(WAVE.format(TO_TTP) + TTP, ("campaign:fox winter", "uses", "malware:foxlock"), id="campaign-to-malware"),
        pytest.param(ACTOR.format(TO_TTP) + TTP, ("group:winter fox", "uses", "malware:foxlock"), id="actor-to-malware"),
    ],
)  # fmt: skip
def test_campaigns_actors_and_malware_are_tied_as_they_point(other, said):
    reading = told(other)
    assert said in reading.said
    attributed = [claim.nature for claim in reading.claims if claim.property == "attributed-to"]
    assert set(attributed) <= {Nature.ASSESSMENT}


@pytest.mark.parametrize("negated", ["true", "1", "TRUE"])
def test_a_negated_indicator_says_nothing_of_what_was_not_there(negated):
    reading = told(holding(attributes=f'negate="{negated}"'))
    assert EVIL not in {who for who, _, _ in reading.said}
    assert reading.skipped["negated STIX 1 indicator (says what was not there)"] == 1
    assert (EVIL, "indicates", CAMPAIGN) in told(holding(attributes='negate="false"')).said


def valid(start: str, end: str) -> str:
    return (
        f"<indicator:Valid_Time_Position><indicator:Start_Time>{start}</indicator:Start_Time>"
        f"<indicator:End_Time>{end}</indicator:End_Time></indicator:Valid_Time_Position>"
    )


@pytest.mark.parametrize(
    ("inside", "attributes", "observed"),
    [
        pytest.param(valid("2015-02-01T00:00:00Z", "2015-03-01T00:00:00Z"), "", Interval("2015-02-01", "2015-03-02"), id="both"),
        pytest.param(valid("2015-02-01", ""), "", Interval("2015-02-01", ""), id="start"),
        pytest.param(valid("soon", "later"), 'timestamp="2015-02-01T00:00:00Z"', Interval("", "2015-02-02"), id="no-days"),
        pytest.param("", 'timestamp="2015-02-01T00:00:00Z"', Interval("", "2015-02-02"), id="written-then"),
        pytest.param("", 'timestamp="soon"', None, id="no-time"),
    ],
)  # fmt: skip
def test_an_indicator_holds_in_its_valid_time_or_until_it_was_written(inside, attributes, observed):
    assert told(holding(inside, attributes=attributes)).claim(EVIL, "indicates").observed == observed


@pytest.mark.parametrize(
    ("word", "credibility"),
    [("High", "2"), ("medium", "3"), ("Low", "4"), ("None", "5"), ("Unknown", "6"), ("Sure", "6")],
)
def test_a_word_of_confidence_grades_the_information_and_an_odd_one_does_not(word, credibility):
    confidence = f"<indicator:Confidence><c:Value>{word}</c:Value></indicator:Confidence>"
    grading = told(holding(confidence)).claim(EVIL, "indicates").provenance.grading
    assert (grading.reliability, grading.credibility) == ("F", credibility)
    assert grading.original == ("" if word == "Sure" else f"stix1-confidence:{word}")


def told_of(reading: Reading, word: str) -> set[Tlp]:
    return {c.provenance.marking.tlp for c in reading.claims if word in f"{c.subject} {c.object}"}


def test_handling_of_one_indicator_marks_it_alone():
    reading = told(holding(red()), holding(value="fine.com", name="x:i-2"))
    assert (told_of(reading, "evil.com"), told_of(reading, "fine.com")) == ({Tlp.RED}, {Tlp.CLEAR})


def test_handling_of_an_indicator_never_loosens_that_of_its_package():
    amber = f"<stix:STIX_Header><stix:Title>Fox package</stix:Title>{red('AMBER')}</stix:STIX_Header>"
    reading = read(Stix1(), text(package(amber, holding(red("WHITE")))))
    assert told_of(reading, "evil.com") == {Tlp.AMBER}


@pytest.mark.parametrize("order", [1, -1])
def test_what_points_to_a_red_part_is_as_red_as_it(order):
    reds = ACTOR.format(red() + TO_TTP)
    reading = told(*(WAVE.format(TO_ACTOR), reds, TTP, holding(TO_ACTOR))[::order])
    assert told_of(reading, "winter fox") == {Tlp.RED}
    assert reading.claim("campaign:fox winter", "name").provenance.marking.tlp == Tlp.CLEAR


@pytest.mark.parametrize(
    ("part", "lost"),
    [
        pytest.param(holding(red("PURPLE")), "evil.com", id="indicator"),
        pytest.param(ACTOR.format(red("PURPLE")), "winter fox", id="actor"),
    ],
)
def test_a_colour_that_nobody_knows_refuses_what_it_marks_and_the_rest_is_taken(part, lost):
    reading = told(part, holding(value="fine.com", name="x:i-2"), WAVE.format(TO_ACTOR))
    assert not any(lost in f"{claim.subject} {claim.object}" for claim in reading.claims)
    assert ["PURPLE" in one.reason and "Mend: " in one.reason for one in reading.rejected] == [True]
    assert ("domain-name:fine.com", "indicates", CAMPAIGN) in reading.said


def test_a_ttp_written_out_inside_an_indicator_is_indicated_by_it():
    inside = TTP.replace("<stix:TTPs>", "<indicator:Indicated_TTP>").replace(
        "</stix:TTPs>", "</indicator:Indicated_TTP>"
    )
    for written in (inside, inside.replace(' id="x:t-1"', "")):
        assert (EVIL, "indicates", "malware:foxlock") in told(holding(written)).said


def test_an_indicator_written_out_inside_a_campaign_is_read():
    inside = f'<c:Related_Indicator><stix:Indicator id="x:i-9"><indicator:Observable><cybox:Object>{domain()}</cybox:Object></indicator:Observable></stix:Indicator></c:Related_Indicator>'
    assert (EVIL, "indicates", CAMPAIGN) in told(WAVE.format(inside)).said


def test_two_indicators_of_one_id_both_speak():
    reading = told(holding(), holding(value="other.com"))
    assert {who for who, prop, _ in reading.said if prop == "indicates"} == {EVIL, "domain-name:other.com"}


@pytest.mark.parametrize(
    "namespace",
    [
        pytest.param("http://cybox.mitre.org/objects#DomainNameObject-1", id="mitre"),
        pytest.param("http://docs.oasis-open.org/cti/ns/cybox/objects/domain-name-1", id="oasis"),
        pytest.param("urn:example:own", id="own"),
    ],
)
def test_the_namespace_of_an_object_does_not_matter(namespace):
    inside = f'<cybox:Properties xmlns:d="{namespace}" xsi:type="d:DomainNameObjectType"><d:Value>evil.com</d:Value></cybox:Properties>'
    assert (EVIL, "indicates", CAMPAIGN) in told(observable(inside)).said


def test_the_order_of_parts_does_not_matter():
    parts = [
        holding(TO_TTP),
        TTP,
        WAVE.format(TO_ACTOR),
        ACTOR.format(""),
        observable(domain("b.com"), "x:o-2"),
    ]
    assert told(*parts).said == told(*parts[::-1]).said
