from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from line_reading import claims, document, excerpt, rejected, skipped, triples, unaccounted

from books import sheet, workbook
from chokepoint.collect.mapping import propose
from chokepoint.collect.tables import header_row
from chokepoint.collect.tabular import Tabular
from chokepoint.model.claim import Interval
from chokepoint.model.errors import BadInputError, TooLargeError

SAMSA = "unit42-iocs/text/samsa/updated_iocs.csv"
FILE = "file:sha256:7aa585e6fd0a895c295c4bea2ddb071eed1e5775f437602b577a54eef7f61044"
WALLET = "crypto-address:19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds"


def read(text, path="desk/table.csv", mappings=None):
    return list(Tabular(mappings).read(document(text, path)))


def test_the_first_chain_of_the_corpus_comes_out_of_the_real_rows():
    items = list(Tabular().read(excerpt("samsa_updated_iocs.csv", SAMSA)))
    found = triples(items)
    page = "url:http://union83939k.wordpress.com/"
    assert any(
        subject.startswith("file:sha256:7aa585e6") and name == "requests-payment-to" and thing == WALLET
        for subject, name, thing in found
    )
    assert any(
        subject.startswith("file:sha256:7aa585e6") and name == "related-to" and thing == page
        for subject, name, thing in found
    )
    assert any(
        subject.startswith("file:sha256:7aa585e6") and (name, thing) == ("indicates", "malware:samsam")
        for subject, name, thing in found
    )
    assert (page, "requests-payment-to", WALLET) in found
    assert (WALLET, "amount", "1.99992909 (Money Received)") in found
    assert (page, "hosted-at", "domain-name:union83939k.wordpress.com") in found


def test_placeholder_values_of_a_test_row_are_rejected_cell_by_cell():
    items = list(Tabular().read(excerpt("samsa_updated_iocs.csv", SAMSA)))
    assert {part.place for part in rejected(items)} == {
        "line 2, column 'Web URI'",
        "line 2, column 'BTC Wallet'",
    }
    assert not any(
        "test" in claim.subject.value for claim in claims(items) if claim.subject.kind != "malware"
    )


def test_a_table_without_a_header_row_is_read_by_its_values():
    items = list(Tabular().read(excerpt("keybase_panels.txt", "unit42-iocs/text/keybase/keybase_panels.txt")))
    assert any(
        claim.property == "related-to" and str(claim.object).startswith("url:http://0x90.io")
        for claim in claims(items)
    ) or any(claim.subject.kind == "file" for claim in claims(items))
    assert any(claim.observed for claim in claims(items))
    assert any(str(claim.object) == "campaign:keybase" for claim in claims(items))


def test_domains_of_a_named_folder_indicate_it():
    items = read(
        "Domain,Domain Use\n0hyoung.net,Associated w/ Malware Actor\n1-ships.com,Malware\n",
        "unit42-iocs/text/silverterrier/domains.csv",
    )
    assert ("domain-name:0hyoung.net", "indicates", "campaign:silverterrier") in triples(items)
    assert ("domain-name:1-ships.com", "category", "Malware") in triples(items)


def test_a_table_that_speaks_of_no_crime_indicates_nothing():
    items = read("Customer,Website\nNorthwind,https://northwind.example.com/\n", "sales/customers.csv")
    assert not any(claim.property == "indicates" for claim in claims(items))


def test_every_unmapped_column_is_kept_and_explained():
    collector = Tabular()
    items = list(
        collector.read(document("domain;colour;shape\na-b.com;red;round\nc-d.com;blue;\n", "desk/t.csv"))
    )
    assert ("domain-name:a-b.com", "attribute", "colour: red") in triples(items)
    assert ("domain-name:c-d.com", "attribute", "colour: blue") in triples(items)
    assert "Kept as found: colour, shape" in collector.explanations["desk/t.csv"]


def test_dates_give_the_interval_in_which_a_row_was_seen():
    items = read("domain,ip,first seen,last seen\na-b.com,192.0.2.1,2020-01-02,2020-03-04\n")
    (claim,) = [claim for claim in claims(items) if claim.property == "resolves-to"]
    assert claim.observed == Interval("2020-01-02", "2020-03-05")


def test_a_date_that_cannot_be_read_for_sure_is_kept_as_found():
    items = read("domain,date\na-b.com,3/4/2020\nc-d.com,5/6/2020\n")
    assert ("domain-name:a-b.com", "attribute", "date: 3/4/2020") in triples(items)
    assert {claim.observed for claim in claims(items)} == {None}


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        (
            "โดเมน,เบอร์โทรศัพท์,จำนวนเงิน",
            "a-b.com,+66812345678,5000",
            ("domain-name:a-b.com", "amount", "5000 (จำนวนเงิน)"),
        ),
        (
            "Domaine,Adresse IP",
            "a-b.com,192.0.2.1",
            ("domain-name:a-b.com", "resolves-to", "ipv4-addr:192.0.2.1"),
        ),
        ("Domäne,Schadsoftware", "a-b.com,Emotet", ("domain-name:a-b.com", "indicates", "malware:emotet")),
        ("Dominio,Grupo", "a-b.com,FIN7", ("domain-name:a-b.com", "indicates", "group:fin7")),
        ("ドメイン,国", "a-b.com,JP", ("domain-name:a-b.com", "located-in", "country:jp")),
        ("Alan adı,Kampanya", "a-b.com,Kartal", ("domain-name:a-b.com", "indicates", "campaign:kartal")),
        (
            "Domain,Nameserver",
            "a-b.com,ns1.evil.com",
            ("domain-name:a-b.com", "name-server", "domain-name:ns1.evil.com"),
        ),
        (
            "Domain,Wallet",
            f"a-b.com,{WALLET.partition(':')[2]}",
            ("domain-name:a-b.com", "requests-payment-to", WALLET),
        ),
        (
            "Telegram,Wallet",
            f"@cash_boss,{WALLET.partition(':')[2]}",
            ("user-account:telegram:cash_boss", "requests-payment-to", WALLET),
        ),
        (
            "MD5,SHA256",
            "a" * 32 + "," + "b" * 64,
            ("file:md5:" + "a" * 32, "same-file", "file:sha256:" + "b" * 64),
        ),
    ],
)
def test_cells_of_a_row_are_linked_by_what_they_are(header, row, expected):
    assert expected in triples(read(f"{header}\n{row}\n"))


def test_several_values_in_one_cell_are_all_taken():
    items = read('domain,ip\na-b.com,"192.0.2.1; 192.0.2.2"\nc-d.com,192.0.2.3\n')
    assert {thing for _, name, thing in triples(items) if name == "resolves-to"} == {
        f"ipv4-addr:192.0.2.{at}" for at in (1, 2, 3)
    }


def test_lines_above_the_header_are_skipped_by_rule():
    items = read("Report of the week\n\ndomain,ip\na-b.com,192.0.2.1\nc-d.com,192.0.2.2\n")
    assert skipped(items)["line before the header row"] == 2
    assert ("domain-name:a-b.com", "resolves-to", "ipv4-addr:192.0.2.1") in triples(items)


def test_second_header_rows_and_blank_lines_are_skipped_by_rule():
    items = read("domain,ip\na-b.com,192.0.2.1\n\ndomain,ip\nc-d.com,192.0.2.2\n")
    assert skipped(items) == {"header row": 2, "blank line": 1}


def test_ragged_rows_are_reported_and_still_read():
    items = read("domain,ip\na-b.com,192.0.2.1,extra\nc-d.com\ne-f.com,192.0.2.3\n")
    assert "extra" in rejected(items)[0].reason
    assert ("domain-name:a-b.com", "resolves-to", "ipv4-addr:192.0.2.1") in triples(items)
    assert skipped(items)["row shorter than the header"] == 1


def test_formulas_are_data_and_nothing_else():
    items = read('domain,note\na-b.com,=cmd|\' /C calc\'!A0\nc-d.com,"=HYPERLINK(""x"")"\n')
    assert ("domain-name:a-b.com", "description", "=cmd|' /C calc'!A0") in triples(items)


def test_a_saved_mapping_is_used_for_the_next_file_with_the_same_headers():
    headers = ["where", "what"]
    chosen = propose(headers, [["a-b.com", "x"]]).to_json()
    first = Tabular()
    list(first.read(document("where,what\na-b.com,x\n", "t.csv")))
    assert first.used == {propose(headers, [["a-b.com", "x"]]).fingerprint: chosen}
    other = chosen.replace('"role": "attribute"', '"role": "category"')
    items = read("where,what\nc-d.com,spam\n", mappings={propose(headers, []).fingerprint: other})
    assert ("domain-name:c-d.com", "category", "spam") in triples(items)


def test_a_spoilt_saved_mapping_is_proposed_anew():
    fingerprint = propose(["domain", "ip"], []).fingerprint
    assert ("domain-name:a-b.com", "resolves-to", "ipv4-addr:192.0.2.1") in triples(
        read("domain,ip\na-b.com,192.0.2.1\n", mappings={fingerprint: "{}"})
    )


def test_every_sheet_of_a_workbook_is_a_table_with_places_of_its_own():
    data = workbook(
        ("Sites", sheet([["domain", "ip"], ["a-b.com", "192.0.2.1"]])),
        ("Wallets", sheet([["wallet", "amount"], [WALLET.partition(":")[2], "2.5"]])),
        ("Empty", sheet([])),
    )
    assert Tabular().recognises(document(data, "renamed.bin"))
    items = read(data, "desk/book.xlsx")
    assert ("domain-name:a-b.com", "resolves-to", "ipv4-addr:192.0.2.1") in triples(items)
    assert (WALLET, "amount", "2.5 (amount)") in triples(items)
    assert {claim.place for claim in claims(items)} >= {"sheet 'Sites', row 2", "sheet 'Wallets', row 2"}


def test_merged_cells_hold_for_every_row_they_cover():
    rows = [["campaign", "domain"], ["Blue Heron", "a-b.com"], ["", "c-d.com"]]
    items = read(workbook(("S", sheet(rows, merged=["A2:A3"]))), "b.xlsx")
    assert ("domain-name:c-d.com", "indicates", "campaign:blue heron") in triples(items)


def test_hidden_rows_and_values_of_formulas_are_read():
    rows = [["domain", "ip"], ["hidden", "a-b.com", "192.0.2.1"], [("CONCAT(1)", "c-d.com"), "192.0.2.2"]]
    items = read(workbook(("S", sheet(rows))), "b.xlsx")
    assert ("domain-name:a-b.com", "resolves-to", "ipv4-addr:192.0.2.1") in triples(items)
    assert ("domain-name:c-d.com", "resolves-to", "ipv4-addr:192.0.2.2") in triples(items)


def test_a_damaged_workbook_says_so():
    with pytest.raises(BadInputError):
        read(workbook(("S", sheet([["a", "b"]])))[:300] + b"xl/workbook", "b.xlsx")


def test_a_workbook_that_unfolds_to_a_flood_is_refused_before_it_is_opened():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/workbook.xml", b" " * 20_000_000)
    with pytest.raises(TooLargeError):
        read(out.getvalue(), "b.xlsx")


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("domain,ip\na-b.com,192.0.2.1\n", True),
        ("a-b.com\t192.0.2.1\nc-d.com\t192.0.2.2\n", True),
        ("colour,size\nred,3\nblue,4\n", False),
        ("This report, as promised, names a-b.com.\nIt was long.\n", False),
        ("= Title\n\na-b.com, c\nd, e\n", False),
        ('{"a": 1, "b": 2}', False),
        ("a-b.com\nc-d.com\n", False),
    ],
)
def test_a_table_is_known_by_its_columns(text, known):
    assert Tabular().recognises(document(text, "renamed.bin")) is known


@pytest.mark.parametrize(
    ("rows", "at"),
    [
        ([["domain", "ip"], ["a-b.com", "192.0.2.1"]], 0),
        ([["Title", ""], ["", ""], ["domain", "ip"], ["a-b.com", "192.0.2.1"]], 2),
        ([["a-b.com", "192.0.2.1"], ["c-d.com", "192.0.2.2"]], -1),
        ([], -1),
    ],
)
def test_the_header_row_is_found_or_known_to_be_absent(rows, at):
    assert header_row(rows) == at


cell = st.sampled_from(["", "a-b.com", "192.0.2.1", "x y", "2020-01-01", "N/A", "=1+1"])


@settings(max_examples=60)
@given(st.lists(st.tuples(cell, cell, cell), max_size=10))
def test_every_line_ends_in_a_claim_a_rejection_or_a_skip(rows):
    text = "domain,ip,colour\nfirst.com,192.0.2.9,red\n" + "".join(",".join(row) + "\n" for row in rows)
    assert unaccounted(text.rstrip("\n"), read(text)) <= 0


def test_a_title_merged_over_all_columns_is_no_header():
    rows = [["IOC report", "", ""], ["Domain", "IP", "Malware"], ["evil.com", "192.0.2.7", "Emotet"]]
    items = read(workbook(("S", sheet(rows, merged=["A1:C1"]))), "b.xlsx")
    assert ("domain-name:evil.com", "resolves-to", "ipv4-addr:192.0.2.7") in triples(items)
    assert ("domain-name:evil.com", "indicates", "malware:emotet") in triples(items)
    assert skipped(items)["line before the header row"] == 1
    assert not rejected(items)


def test_a_header_that_names_an_identifier_is_believed_where_nothing_better_stands():
    items = read("domain,colour\nfirst.com,red\n" + "x y,blue\n" * 9)
    assert ("domain-name:first.com", "attribute", "colour: red") in triples(items)
    assert len([one for one in rejected(items) if "column" in one.place]) == 9


def test_a_table_about_nothing_known_accounts_for_every_row():
    items = read("colour,taste\nred,sweet\nblue,sour\n")
    assert skipped(items)["row of a table about nothing known"] == 3
    assert [one.place for one in rejected(items)] == ["line 1"]
