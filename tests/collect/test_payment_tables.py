"""Tables of payments: who pays whom, how much of what and when; the expected claims are written by hand."""

from __future__ import annotations

import pytest
from line_reading import claims, document, rejected

from chokepoint.collect.mapping import explain, from_json, propose
from chokepoint.collect.mapping.words import party
from chokepoint.collect.tabular import Tabular

PAYER = "TJRyWwFs9wTFGZg3JbrVriFbNfCug5tDeC"
PAYEE = "TQn9Y2khEsLJW1ChVWFMSMeRDow5KcbLSE"
OTHER = "TVj7RNVHy6thbM7BWdSe9G6gXwKhjhdNZS"
IBANS = "GB33BUKB20201555555555", "DE89370400440532013000"
A, B = f"crypto-address:{PAYER}", f"crypto-address:{PAYEE}"
DAY = "@2026-09-20..2026-09-21"


def told(text, path="payments.csv"):
    items = list(Tabular().read(document(text, path)))
    assert not rejected(items)
    return [
        f"{claim.subject} {claim.property} {claim.object}"
        + (f" @{claim.observed.start}..{claim.observed.end}" if claim.observed else "")
        for claim in claims(items)
    ]


def test_a_chain_explorers_export_says_who_pays_whom_and_what_the_payee_got():
    assert told(f"from,to,value,asset,time\n{PAYER},{PAYEE},12500.5,USDT,2026-09-20T10:00:00Z\n") == [
        f"{A} pays {B} {DAY}",
        f"{B} amount 12500.5 USDT (value) {DAY}",
    ]


def test_the_order_of_columns_does_not_turn_a_payment_round():
    assert told(f"to,from,value,time\n{PAYEE},{PAYER},7,2026-09-20\n") == [
        f"{A} pays {B} {DAY}",
        f"{B} amount 7 (value) {DAY}",
    ]


def test_a_row_about_a_transaction_still_says_who_pays_whom():
    spent = "ab" * 32
    assert told(f"txhash,from,to,value\n{spent},{PAYER},{PAYEE},7\n") == [
        f"{A} pays {B}",
        f"crypto-transaction:{spent} mentioned-with {A}",
        f"crypto-transaction:{spent} mentioned-with {B}",
        f"{B} amount 7 (value)",
    ]


def test_a_banks_transfers_are_read_by_iso_20022_words():
    first, second = (f"bank-account:iban:{iban}" for iban in IBANS)
    rows = f"Debtor account;Creditor account;Amount;Currency;Date\n{IBANS[0]};{IBANS[1]};12.500,50;EUR;20.09.2026\n"
    assert told(rows) == [
        f"{first} pays {second} {DAY}",
        f"{second} amount 12.500,50 EUR (Amount) {DAY}",
    ]


def test_whoever_pays_themselves_pays_nobody():
    assert told(f"from,to,value\n{PAYER},{PAYER},7\n") == [f"{A} amount 7 (value)"]


def test_where_several_pay_nobody_knows_who_paid_whom():
    said = told(f"from,to,value\n{PAYER} {OTHER},{PAYEE},7\n{OTHER},{PAYEE},1\n{OTHER},{PAYEE},2\n")
    assert [line for line in said if " pays " in line] == 2 * [f"crypto-address:{OTHER} pays {B}"]
    assert f"{A} mentioned-with {B}" in said


def test_an_amount_without_a_currency_in_its_cell_is_kept_bare():
    assert told(f"from,to,value,asset\n{PAYER},{PAYEE},7,-\n{PAYEE},{OTHER},8,TRX\n")[1] == (
        f"{B} amount 7 (value)"
    )


@pytest.mark.parametrize(
    ("headers", "row"),
    [
        pytest.param(("from", "to"), ("evil.com", "evil.net"), id="hosts pay nobody"),
        pytest.param(("from", "note"), (PAYER, "x"), id="nobody is paid"),
        pytest.param(("wallet", "to"), (PAYER, PAYEE), id="nobody pays"),
        pytest.param(("from", "to", "to"), (PAYER, PAYEE, OTHER), id="two are paid"),
        pytest.param(("from the police", "to"), (PAYER, PAYEE), id="the header says more"),
    ],
)
def test_columns_are_no_payment_without_exactly_one_payer_and_one_payee(headers, row):
    mapping = propose(headers, [row])
    assert not {column.role for column in mapping.columns} & {"payer", "payee", "currency"}


@pytest.mark.parametrize(
    ("cell", "role"),
    [("USDT", "currency"), ("Tether, issued on Tron", "attribute"), ("0x55d398326f99", "attribute")],
)
def test_a_currency_is_a_code_and_no_sentence(cell, role):
    mapping = propose(("from", "to", "value", "asset"), [(PAYER, PAYEE, "7", cell)])
    assert mapping.columns[3].role == role


def test_without_an_amount_a_currency_is_kept_as_found():
    mapping = propose(("from", "to", "asset"), [(PAYER, PAYEE, "TRX")])
    assert mapping.unmapped == ("asset",)


def test_a_person_is_shown_who_pays_and_who_is_paid_before_it_is_taken():
    shown = explain(propose(("from", "to", "value", "asset"), [(PAYER, PAYEE, "7", "TRX")]))
    assert "'from': Crypto address, who pays in its row, what each row is about" in shown
    assert "'to': Crypto address, who is paid in its row" in shown
    assert "'asset': currency of the amount in its row" in shown


def test_a_saved_mapping_of_payments_reads_the_next_file_alike():
    mapping = propose(("from", "to", "value", "asset"), [(PAYER, PAYEE, "7", "TRX")])
    assert from_json(mapping.to_json()) == mapping


@pytest.mark.parametrize(
    ("payer", "payee"),
    [
        ("Sender", "Recipient"),
        ("ORDERING ACCOUNT", "Beneficiary account"),
        ("expéditeur", "bénéficiaire"),
        ("Auftraggeber", "Empfänger"),
        ("remitente", "destinatario"),
        ("remetente", "destinatário"),
        ("บัญชีผู้โอน", "บัญชีผู้รับ"),
        ("المرسل", "المستفيد"),
        ("mtumaji", "mpokeaji"),
        ("付款人", "收款人"),
        ("отправитель", "получатель"),
    ],
)
def test_the_parties_of_a_payment_are_known_in_many_languages(payer, payee):
    assert (party(payer), party(payee)) == ("payer", "payee")


def test_64_digits_are_a_transaction_under_its_header_and_a_file_under_a_files():
    digits = "cd" * 32
    assert propose(("tx hash",), [(digits,)]).columns[0].kind == "crypto-transaction"
    assert propose(("sha256",), [(digits,)]).columns[0].kind == "file"
    assert propose(("hash",), [(digits,)]).columns[0].kind == "file"
