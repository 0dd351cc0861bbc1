from __future__ import annotations

import json

import pytest
from line_reading import claims, document, excerpt, rejected, skipped, triples

from chokepoint.collect.meta_csv import MetaCsv, MetaJson
from chokepoint.model.claim import Interval

FLAT = "indicator_type,indicator_value,comment,ds\n"
CHAIN = "Tactic ,Technique,Procedure,Indicator,Notes\n"
PATH = "csv/Q1_2024/Q1_2024_CHINA_BASED_CIB_NETWORK.csv"
CAMPAIGN = "campaign:q1 2024 china based cib network"


def read(text, path=PATH):
    return list(MetaCsv().read(document(text, path)))


def chain(indicator, note="", head="0. Acquiring assets,0.6 Acquiring domains,0.6.2 Acquiring domains"):
    return CHAIN + f'{head},"{indicator}","{note}"\n'


def test_a_real_file_of_the_chain_layout_is_read_with_its_blanks_carried_down():
    items = list(MetaCsv().read(excerpt("meta_chain.csv", "csv/Q3_2024/Q3_2024 IRAN_BASED_CIB_NETWORK.csv")))
    campaign = "campaign:q3 2024 iran based cib network"
    assert ("domain-name:jerusalem-news.com", "indicates", campaign) in triples(items)
    assert ("user-account:telegram:weredevils0g", "indicates", campaign) in triples(items)
    assert ("user-account:twitter:zeus_is_talking", "indicates", campaign) in triples(items)
    assert (campaign, "located-in", "country:ir") in triples(items)
    assert (campaign, "observation", "0.9.1 Acquiring Facebook assets: 48 accounts") in triples(items)
    assert not rejected(items)


def test_the_address_of_a_profile_becomes_the_account():
    items = read(chain("https://twitter[.]com/SaraSil39636921"))
    assert ("user-account:twitter:sarasil39636921", "indicates", CAMPAIGN) in triples(items)
    assert not any(claim.subject.kind == "url" for claim in claims(items))


@pytest.mark.parametrize(
    "text",
    [
        "63 accounts",
        "7,704 Facebook accounts",
        "About 50 accounts on Facebook",
        "Posing as a local journalist",
    ],
)
def test_counts_and_descriptions_are_observations_of_the_operation(text):
    observations = [claim.object for claim in claims(read(chain(text))) if claim.property == "observation"]
    assert observations == [f"0.6.2 Acquiring domains: {text}"]


def test_an_indicator_inside_words_is_found_and_its_note_kept():
    items = read(chain("info[at]amc239[.]com, hosted with a mail service", "seen once"))
    assert ("email-addr:info@amc239.com", "indicates", CAMPAIGN) in triples(items)
    assert ("email-addr:info@amc239.com", "description", "seen once") in triples(items)


@pytest.mark.parametrize("comments", ["Comments", "Commernts", "Note", "Notes"])
def test_the_column_of_notes_is_found_under_any_name(comments):
    text = f"Tactic,Technique,Procedure,Indicator,{comments}\n0,0.6,0.6.1 x,bingechat[.]net,Hosts a RAT\n"
    assert ("domain-name:bingechat.net", "description", "Hosts a RAT") in triples(read(text))


def test_the_flat_layout_gives_days_and_groups_named_in_comments():
    items = read(
        FLAT + "domain_name,tocaoonline.com,APT32: Domain,2020-12-10\n", "csv/2020_12_taking_action.csv"
    )
    assert ("domain-name:tocaoonline.com", "indicates", "group:apt32") in triples(items)
    assert Interval("2020-12-10", "2020-12-11") in {claim.observed for claim in claims(items)}


def test_json_says_the_same_as_the_csv():
    row = {
        "indicator_type": "domain_name",
        "indicator_value": "bnt2.live",
        "comment": "UNC788, Iran",
        "ds": "2022-04-07",
    }
    path = "2022_04_metas_adversarial_threat_report_q1"
    as_json = MetaJson().read(document(json.dumps([row]), f"json/{path}.json"))
    as_csv = read(FLAT + 'domain_name,bnt2.live,"UNC788, Iran",2022-04-07\n', f"csv/{path}.csv")
    assert triples(list(as_json)) == triples(as_csv)


def test_json_records_without_a_value_are_rejected_and_extra_fields_kept():
    rows = [
        {"indicator_type": "url"},
        7,
        {"indicator_type": "ip", "indicator_value": "192.0.2.1", "asn": 64500},
    ]
    items = list(MetaJson().read(document(json.dumps(rows), "x.json")))
    assert [part.place for part in rejected(items)] == ["/0", "/1"]
    assert ("ipv4-addr:192.0.2.1", "attribute", "asn: 64500") in triples(items)


def test_both_layouts_may_stand_in_one_file():
    items = read(FLAT + "domain_name,a-one.com,x,2022-04-07\n,,,\n" + chain("b-two.com"))
    found = triples(items)
    assert ("domain-name:a-one.com", "indicates", CAMPAIGN) in found
    assert ("domain-name:b-two.com", "indicates", CAMPAIGN) in found
    assert skipped(items) == {"header row": 2, "blank line": 1}


@pytest.mark.parametrize(
    ("name", "countries"),
    [
        (
            "Q1_2023_ Togo _ Burkina Faso-based_CIB_network.csv",
            {("located-in", "country:tg"), ("located-in", "country:bf")},
        ),
        (
            "Q1_2023_Venezuela_US-based_CIB_network.csv",
            {("located-in", "country:ve"), ("located-in", "country:us")},
        ),
        ("Q2 2023 Türkiye-based CIB network 1.csv", {("located-in", "country:tr")}),
        (
            "Q1_2024_MOLDOVA_&_MADAGASCAR_TARGETING_CIB_NETWORK.csv",
            {("targets", "country:md"), ("targets", "country:mg")},
        ),
        ("2021_07_taking_action_against_hackers_in_iran.csv", {("located-in", "country:ir")}),
        ("2023_05_malware_iocs.csv", set()),
    ],
)
def test_the_file_name_tells_where_the_operation_sits_or_aims(name, countries):
    items = read(chain("a-one.com"), f"csv/{name}")
    assert {
        (name, thing) for _, name, thing in triples(items) if name in {"located-in", "targets"}
    } == countries


def test_a_file_that_was_updated_later_dates_nothing_by_its_quarter():
    items = read(chain("a-one.com"), "csv/Q2_2023_Doppelganger_Russia_based_CIB_network_updated.csv")
    assert {claim.observed for claim in claims(items)} == {None}
    assert any(
        str(claim.object) == "campaign:q2 2023 doppelganger russia based cib network"
        for claim in claims(items)
    )


def test_a_bad_value_is_rejected_and_the_next_row_read():
    items = read(FLAT + "domain_name,nodot,x,2022-04-07\ndomain_name,b-two.com,x,2022-04-07\n")
    assert rejected(items)[0].place == "line 2"
    assert ("domain-name:b-two.com", "indicates", CAMPAIGN) in triples(items)


def test_recognition_is_by_the_header_alone():
    assert MetaCsv().recognises(document(FLAT + "a,b,c,d\n", "renamed.bin"))
    assert MetaCsv().recognises(document("words\n\n" + CHAIN, "renamed.bin"))
    assert not MetaCsv().recognises(document("domain,ip\n", "meta-threat-research/csv/x.csv"))
    assert MetaJson().recognises(document('[{"indicator_type": "ip", "indicator_value": "x"}]', "y"))
    assert not MetaJson().recognises(document('{"indicator": 1}', "y.json"))
