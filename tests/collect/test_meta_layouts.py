"""Both layouts of Meta's indicators with every column, second headers, marks and breakage."""

from __future__ import annotations

import json

import pytest
from structured_reading import Reading, made, read, text

from chokepoint.collect.meta_csv import FLAT, MetaCsv, MetaJson, layout
from chokepoint.model.claim import Interval

OPERATION = "campaign:2024 fox network"
PATH = "2024_fox_network.csv"


def told(content: str, path: str = PATH) -> Reading:
    return read(MetaCsv(), text(content, path=path))


BOTH = """indicator_type,indicator_value,comment,ds,country
domain,fox[.]com,"C2, APT29",2024-03-05,KH
Tactic,Technique,Procedure,Indicator,Comments,Seen
Defense,Domains,Phishing sites,foxp[.]com,live,March
,,,https://facebook.com/fox.page,,April
,,Accounts,"12 accounts",,May
,,,,,

Tactic,Technique,Procedure,Indicator
Reach,Ads,Paid reach,$500 in ads
"""


def test_two_layouts_in_one_file_say_exactly_what_was_written_down_by_hand():
    fox, fake, page = "domain-name:fox.com", "domain-name:foxp.com", "user-account:facebook:fox.page"
    expected = {
        (OPERATION, "name", "2024 fox network"),
        (fox, "indicates", OPERATION),
        (fox, "indicates", "group:apt29"),
        (fox, "description", "C2, APT29"),
        (fox, "attribute", "country: KH"),
        (fake, "indicates", OPERATION),
        (fake, "category", "Phishing sites"),
        (fake, "description", "live"),
        (fake, "attribute", "seen: March"),
        (page, "indicates", OPERATION),
        (page, "category", "Phishing sites"),
        (page, "attribute", "seen: April"),
        (OPERATION, "observation", "Accounts: 12 accounts"),
        (OPERATION, "attribute", "seen: May"),
        (OPERATION, "observation", "Paid reach: $500 in ads"),
    }
    for content in (BOTH, "\ufeff" + BOTH, BOTH.replace("\n", "\r\n")):
        reading = told(content)
        assert reading.said == expected
        assert reading.rejected == []
        assert dict(reading.skipped) == {"header row": 3, "blank line": 2}
        assert reading.claim(fox, "description").observed == Interval("2024-03-05", "2024-03-06")


def test_utf_16_is_read_too():
    document = text("", path=PATH)
    as_utf16 = type(document)(path=PATH, data=BOTH.encode("utf-16"))
    assert MetaCsv().recognises(as_utf16)
    assert read(MetaCsv(), as_utf16).said == told(BOTH).said


@pytest.mark.parametrize(
    ("header", "flat", "comment", "others"),
    [
        pytest.param("indicator_type,indicator_value", True, -1, (), id="two-columns"),
        pytest.param("indicator_value,indicator_type,ds", True, -1, (), id="another-order"),
        pytest.param(
            "Indicator_Type,INDICATOR_VALUE,region", True, -1, ((2, "region"),), id="capitals-and-more"
        ),
        pytest.param("tactic,technique,procedure,indicator", False, -1, (), id="chain"),
        pytest.param(
            "tactic,technique,procedure,indicator,notes,more", False, 4, ((5, "more"),), id="chain-and-more"
        ),
        pytest.param("tactic,technique,procedure,indicator,,notes", False, 5, (), id="nameless-column"),
    ],
)
def test_a_header_says_where_each_column_stands(header, flat, comment, others):
    found = layout(header.split(","))
    assert (found.flat, found.comment, found.others) == (flat, comment, others)


@pytest.mark.parametrize(
    "header", ["indicator_type,ds", "tactic,technique,indicator", "type,indicator", "", "a,b"]
)
def test_another_header_is_none_of_the_layouts(header):
    assert layout(header.split(",")) is None
    assert not MetaCsv().recognises(text(f"{header}\nx,y,indicator\n"))


@pytest.mark.parametrize(
    ("row", "place", "reason"),
    [
        pytest.param("hash,zz,,", "line 2", "hash 'zz'", id="no-value-of-its-kind"),
        pytest.param("domain,,,", "line 2", "", id="no-value"),
        pytest.param(
            "domain,fox.com,,,x,extra", "line 2", "2 cells beyond the header ('x')", id="beyond-the-header"
        ),
    ],
)
def test_a_row_that_is_broken_is_rejected_with_its_line_and_the_next_is_read(row, place, reason):
    reading = told(f"indicator_type,indicator_value,comment,ds\n{row}\ndomain,good.com,,\n")
    assert [one.place for one in reading.rejected] == [place]
    assert reason in reading.rejected[0].reason
    assert "Mend: " in reading.rejected[0].reason
    assert ("domain-name:good.com", "indicates", OPERATION) in reading.said


def test_a_short_row_is_read_as_far_as_it_goes():
    assert ("domain-name:good.com", "indicates", OPERATION) in told(
        "indicator_type,indicator_value,comment,ds\ndomain,good.com\n"
    ).said


def test_an_open_quote_costs_its_line_and_not_the_file():
    reading = told('indicator_type,indicator_value,comment,ds\ndomain,a.com,"open,\ndomain,b.com,,\n')
    assert ("domain-name:b.com", "indicates", OPERATION) in reading.said
    assert [one.place for one in reading.rejected] == ["line 2"]


@pytest.mark.parametrize("day", ["", "soon", "2024-13-01", "03/05/2024", "0"])
def test_a_day_that_is_none_leaves_the_indicator_without_a_day_of_its_own(day):
    assert (
        told(f"indicator_type,indicator_value,comment,ds\ndomain,a.com,,{day}\n")
        .claim("domain-name:a.com", "indicates")
        .observed
        is None
    )


def test_blank_cells_carry_the_tactic_and_procedure_above_down_but_not_over_a_new_header():
    rows = "A,B,First,one.com\n,,,two.com\n,,Second,three.com\nTactic,Technique,Procedure,Indicator\n,,,four.com\n"
    reading = told(f"Tactic,Technique,Procedure,Indicator\n{rows}")
    said = {who.partition(":")[2]: thing for who, prop, thing in reading.said if prop == "category"}
    assert (said["one.com"], said["two.com"], said["three.com"]) == ("First", "First", "Second")
    assert said.get("four.com", "") == ""


FLAT_RECORD = {"indicator_type": "domain", "indicator_value": "fox.com", "comment": "x", "ds": "2024-03-05"}


def listed(*entries) -> Reading:
    return read(MetaJson(), made(list(entries), path="2024_fox_network.json"))


def test_the_json_list_says_what_the_table_says():
    table = "indicator_type,indicator_value,comment,ds\ndomain,fox.com,x,2024-03-05\n"
    assert listed(FLAT_RECORD).said == told(table).said


@pytest.mark.parametrize(
    "entry", [5, None, "x", [], {}, {"indicator_value": ""}, {"indicator_value": ["a"]}], ids=json.dumps
)
def test_an_entry_without_a_value_is_rejected_at_its_pointer_and_the_next_is_read(entry):
    reading = listed(entry, FLAT_RECORD)
    assert [one.place for one in reading.rejected] == ["/0"]
    assert "Mend: " in reading.rejected[0].reason
    assert ("domain-name:fox.com", "indicates", OPERATION) in reading.said


@pytest.mark.parametrize("value", [["a"], {"a": 1}], ids=["list", "mapping"])
@pytest.mark.parametrize("key", [key for key in FLAT if key != "indicator_value"])
def test_a_field_of_the_wrong_type_is_rejected_at_its_key(key, value):
    reading = listed({**FLAT_RECORD, key: value})
    assert [one.place for one in reading.rejected] == [f"/0/{key}"]
    assert ("domain-name:fox.com", "indicates", OPERATION) in reading.said


def test_further_fields_are_kept_and_nested_ones_under_their_path():
    reading = listed({**FLAT_RECORD, "country": "KH", "seen": {"by": ["A", "B"]}})
    assert reading.objects("attribute") == {"country: KH", "seen.by: A", "seen.by: B"}


def test_the_order_of_rows_does_not_matter_in_the_flat_layout():
    rows = ["domain,a.com,,", "domain,b.com,,", "url,http://c.com/x,,"]
    head = "indicator_type,indicator_value,comment,ds\n"
    assert told(head + "\n".join(rows)).said == told(head + "\n".join(rows[::-1])).said
