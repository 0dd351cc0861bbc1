from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st
from line_reading import claims, document, excerpt, rejected, skipped, triples, unaccounted

from chokepoint.collect.campaign_csv import CampaignCsv
from chokepoint.model.claim import Interval

HEAD = "type,indicator,classification,detected_date\n"


def read(text, path="csv/vane_viper_20250912.csv"):
    return list(CampaignCsv().read(document(text, path)))


def test_each_row_indicates_the_campaign_of_the_file_name_with_class_and_day():
    items = read(HEAD + "domain,evil-one.com,malicious,2025-06-15\n")
    assert triples(items) == {
        ("domain-name:evil-one.com", "indicates", "campaign:vane viper"),
        ("domain-name:evil-one.com", "category", "malicious"),
    }
    assert {claim.observed for claim in claims(items)} == {Interval("2025-06-15", "2025-06-16")}
    assert {claim.place for claim in claims(items)} == {"line 2"}


def test_a_real_file_with_a_byte_order_mark_and_defanged_names_is_read():
    items = list(CampaignCsv().read(excerpt("olympics.csv", "csv/olympics_20240729_iocs.csv")))
    assert ("domain-name:ticketsparis24.com", "indicates", "campaign:olympics") in triples(items)
    assert not rejected(items)
    assert (
        next(claim.raw for claim in claims(items) if claim.property == "indicates") == "ticketsparis24[.]com"
    )


@pytest.mark.parametrize(
    "order", ["type,indicator,classification,detected_date", "detected_date,indicator,type,classification"]
)
def test_the_columns_are_found_by_their_names(order):
    cells = {
        "type": "ip",
        "indicator": "192[.]0[.]2[.]7",
        "classification": "malicious",
        "detected_date": "2025-01-02",
    }
    row = ",".join(cells[name] for name in order.split(","))
    assert ("ipv4-addr:192.0.2.7", "indicates", "campaign:vane viper") in triples(read(f"{order}\n{row}\n"))


def test_recognition_is_by_content_under_any_name():
    assert CampaignCsv().recognises(document(HEAD + "domain,a.com,x,2020-01-01\n", "renamed.dat"))
    assert CampaignCsv().recognises(document(("\ufeff" + HEAD).encode("utf-16"), "renamed.dat"))
    assert not CampaignCsv().recognises(document("domain,ip\na.com,192.0.2.1\n", "infoblox/csv/x.csv"))
    assert not CampaignCsv().recognises(document("type,indicator\ndomain,a.com\n"))


def test_a_legitimate_row_never_indicates():
    items = read(HEAD + "domain,kind.org,legitimate,2022-03-09\n", "csv/ukraine_russia_legitimate_iocs.csv")
    assert triples(items) == {("domain-name:kind.org", "legitimate", "known-list:ukraine russia legitimate")}


def test_a_legitimate_row_among_others_is_legitimate_in_the_campaign():
    items = read(HEAD + "domain,kind.org,legitimate,2022-03-09\ndomain,evil.org,malicious,2022-03-09\n")
    assert ("domain-name:kind.org", "legitimate", "campaign:vane viper") in triples(items)
    assert ("domain-name:evil.org", "indicates", "campaign:vane viper") in triples(items)
    assert not any(
        claim.property == "indicates" and claim.subject.value == "kind.org" for claim in claims(items)
    )


def test_a_classification_that_starts_the_file_name_is_the_campaign():
    items = read(HEAD + "domain,a-b.my,vextrio,2025-06-21\n", "csv/vextrio_unveiled_20250806.csv")
    assert ("domain-name:a-b.my", "indicates", "campaign:vextrio") in triples(items)


@pytest.mark.parametrize("kind", ["nameserver", "redirect", "ddga", "suspicious"])
def test_rows_of_every_classification_keep_it(kind):
    assert ("domain-name:ns1.evil.com", "category", kind) in triples(
        read(HEAD + f"domain,ns1.evil.com,{kind},2025-06-21\n")
    )


def test_second_headers_blank_lines_and_lines_before_the_header_are_skipped_by_rule():
    items = read(
        "some words\n" + HEAD + "domain,a.com,x,2020-01-01\n\n" + HEAD + "domain,b.com,x,2020-01-01\n"
    )
    assert skipped(items) == {"line before the header row": 1, "header row": 2, "blank line": 1}
    assert len({claim.subject for claim in claims(items)}) == 2


def test_a_bad_indicator_is_rejected_with_its_line_and_the_rest_is_read():
    items = read(HEAD + "domain,not a domain,x,2020-01-01\ndomain,b.com,x,2020-01-01\n")
    (bad,) = rejected(items)
    assert bad.place == "line 2"
    assert ("domain-name:b.com", "indicates", "campaign:vane viper") in triples(items)


def test_a_bad_date_is_reported_and_the_row_taken_without_it():
    items = read(HEAD + "domain,b.com,x,soon\n")
    assert "soon" in rejected(items)[0].reason
    assert {claim.observed for claim in claims(items)} == {None}


def test_a_short_row_is_rejected():
    assert rejected(read(HEAD + "domain\n"))[0].place == "line 2"


def test_a_type_that_names_no_kind_is_kept_with_the_campaign():
    items = read(HEAD + "telfhash,t1abc,malicious,2020-01-01\n")
    assert triples(items) == {("campaign:vane viper", "attribute", "telfhash: t1abc")}


def test_columns_beyond_the_layout_are_kept():
    items = read(HEAD.strip() + ",actor\ndomain,b.com,x,2020-01-01,Puma\n")
    assert ("domain-name:b.com", "attribute", "actor: Puma") in triples(items)


def test_a_file_whose_name_says_nothing_still_has_one_campaign():
    items = read(HEAD + "domain,a.com,x,2020-01-01\ndomain,b.com,x,2020-01-01\n", "data.csv")
    campaigns = {str(claim.object) for claim in claims(items) if claim.property == "indicates"}
    assert len(campaigns) == 1
    assert campaigns.pop().startswith("campaign:list ")


def test_the_packed_name_tells_as_the_plain_one():
    packed = gzip.decompress(gzip.compress((HEAD + "domain,a.com,x,2020-01-01\n").encode()))
    assert "campaign:usps" in {
        str(claim.object) for claim in claims(read(packed, "csv/usps_cta_20231219.csv.gz"))
    }


rows = st.lists(
    st.tuples(
        st.sampled_from(["domain", "ip", "url", "sha256", "odd", ""]),
        st.sampled_from(["a.com", "b[.]org", "192.0.2.1", "rubbish text", "", "hxxp://c.com/x"]),
        st.sampled_from(["malicious", "legitimate", ""]),
        st.sampled_from(["2020-01-01", "bad", ""]),
    ),
    max_size=12,
)


@given(rows)
def test_every_line_ends_in_a_claim_a_rejection_or_a_skip(table):
    text = HEAD + "".join(",".join(row) + "\n" for row in table)
    assert unaccounted(text.rstrip("\n"), read(text)) == 0
