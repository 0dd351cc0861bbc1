"""Campaign lists row by row: what each column says, second headers, and rows that are broken."""

from __future__ import annotations

import pytest
from structured_reading import Reading, read, text

from chokepoint.collect.campaign_csv import CampaignCsv
from chokepoint.model.claim import Interval

CAMPAIGN = "campaign:winter fox"
HEAD = "type,indicator,classification,detected_date"
MD5 = "d41d8cd98f00b204e9800998ecf8427e"


def told(*rows: str, head: str = HEAD, path: str = "winter_fox_20240305_iocs.csv") -> Reading:
    return read(CampaignCsv(), text("\n".join([head, *rows]) + "\n", path=path))


def test_a_list_says_exactly_what_was_written_down_by_hand():
    reading = told(
        "domain,fox.com,phishing,2024-03-05,hi",
        "ip,91.243.44.50,c2,,",
        "url,hxxp://fox.com/a,phishing,2024-03-06,",
        f"md5,{MD5},malware,2024-03-05,",
        "user-agent,Mozilla,c2,2024-03-05,",
        "domain,good.com,legitimate,2024-03-05,",
        "",
        "type,indicator,detected_date",
        "domain,late.com,2024-03-07",
        head=HEAD + ",note",
    )
    url, file = "url:http://fox.com/a", f"file:md5:{MD5}"
    assert reading.said == {
        ("domain-name:fox.com", "indicates", CAMPAIGN),
        ("domain-name:fox.com", "category", "phishing"),
        ("domain-name:fox.com", "attribute", "note: hi"),
        ("ipv4-addr:91.243.44.50", "indicates", CAMPAIGN),
        ("ipv4-addr:91.243.44.50", "category", "c2"),
        (url, "indicates", CAMPAIGN),
        (url, "hosted-at", "domain-name:fox.com"),
        (url, "category", "phishing"),
        (file, "indicates", CAMPAIGN),
        (file, "category", "malware"),
        (CAMPAIGN, "attribute", "user-agent: Mozilla"),
        ("domain-name:good.com", "legitimate", CAMPAIGN),
        ("domain-name:late.com", "indicates", CAMPAIGN),
    }
    assert reading.rejected == []
    assert dict(reading.skipped) == {"header row": 2, "blank line": 1}
    assert reading.claim("domain-name:late.com", "indicates").observed == Interval("2024-03-07", "2024-03-08")
    assert reading.claim("domain-name:late.com", "indicates").place == "line 10"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        pytest.param("sha256,zz,malware,2024-03-05", "'zz' is no sha256", id="digest"),
        pytest.param("domain,nohost,phishing,2024-03-05", "nohost", id="domain"),
        pytest.param("email,nobody,bec,2024-03-05", "nobody", id="mailbox"),
        pytest.param("ip,999.1.1.1,c2,2024-03-05", "999.1.1.1", id="address"),
        pytest.param("domain,,phishing,2024-03-05", "no domain is written", id="nothing-written"),
        pytest.param("mutex,,c2,2024-03-05", "", id="nothing-of-an-unknown-type"),
        pytest.param(",what is this,c2,2024-03-05", "'what is this'", id="no-type"),
        pytest.param("domain", "1 cells where the header has more", id="too-short"),
    ],
)
def test_a_row_that_names_nothing_is_rejected_with_its_line_and_the_next_is_read(row, reason):
    reading = told(row, "domain,next.com,phishing,2024-03-05")
    assert [one.place for one in reading.rejected] == ["line 2"]
    assert reason in reading.rejected[0].reason
    assert "Mend: " in reading.rejected[0].reason
    assert ("domain-name:next.com", "indicates", CAMPAIGN) in reading.said


@pytest.mark.parametrize("day", ["05/03/2024x", "2024-13-05", "soon", "2024-3-5", "99999999999999999"])
def test_a_date_that_is_none_costs_only_the_date(day):
    reading = told(f"domain,fox.com,phishing,{day}")
    assert [(one.place, "is no date" in one.reason) for one in reading.rejected] == [("line 2", True)]
    assert reading.claim("domain-name:fox.com", "indicates").observed is None


def test_cells_beyond_the_header_are_rejected_and_the_row_is_read():
    reading = told("domain,fox.com,phishing,2024-03-05,more,,still more")
    assert [one.place for one in reading.rejected] == ["line 2"]
    assert "2 cells beyond the header ('more')" in reading.rejected[0].reason
    assert ("domain-name:fox.com", "indicates", CAMPAIGN) in reading.said


@pytest.mark.parametrize("word", ["legitimate", "Benign", "WHITELIST", "allowlist", "good", "clean"])
def test_a_class_that_calls_a_row_good_never_makes_it_an_indicator(word):
    reading = told(f"domain,good.com,{word},2024-03-05")
    assert {prop for who, prop, _ in reading.said if who == "domain-name:good.com"} == {"legitimate"}


@pytest.mark.parametrize(
    ("head", "recognised"),
    [
        pytest.param(HEAD, True, id="all"),
        pytest.param("type,indicator,detected_date", True, id="without-class"),
        pytest.param("detected_date,indicator,type", True, id="another-order"),
        pytest.param('"Type","Indicator","Classification"', True, id="quoted-capitals"),
        pytest.param("type;indicator;classification", True, id="semicolons"),
        pytest.param("type\tindicator\tclassification", True, id="tabs"),
        pytest.param("sep=,\n" + HEAD, True, id="below-another-line"),
        pytest.param("type,indicator", False, id="too-little"),
        pytest.param("indicator,classification", False, id="without-type"),
    ],
)
def test_a_list_is_known_by_its_header(head, recognised):
    assert CampaignCsv().recognises(text(f"{head}\n")) is recognised


def test_lines_before_the_header_are_counted():
    reading = told("type,indicator,classification", "domain,fox.com,phishing", head="# Infoblox")
    assert reading.skipped["line before the header row"] == 1
    assert ("domain-name:fox.com", "indicates", CAMPAIGN) in reading.said


@pytest.mark.parametrize(
    ("path", "subject"),
    [
        pytest.param("winter_fox_20240305_iocs.csv", "campaign:winter fox", id="name-and-date"),
        pytest.param("infoblox/winter_fox-2.csv", "campaign:winter fox", id="second-part"),
    ],
)
def test_the_campaign_is_told_by_the_name_of_the_file(path, subject):
    assert told("domain,fox.com,phishing,2024-03-05", path=path).objects("indicates") == {subject}


def test_the_order_of_rows_does_not_matter():
    rows = ["domain,a.com,c2,2024-03-05", "ip,91.243.44.50,c2,2024-03-05", "domain,b.com,benign,"]
    assert told(*rows).said == told(*rows[::-1]).said
