"""Tables as desks of many countries keep them: the expected claims are written by hand, in full."""

from __future__ import annotations

import io

import pytest
from line_reading import claims, document, rejected, skipped, unaccounted
from openpyxl import Workbook

from books import sheet, workbook
from chokepoint.collect.mapping import explain, propose
from chokepoint.collect.mapping.words import hint
from chokepoint.collect.tabular import Tabular

WALLET = "crypto-address:1BoatSLRHtKNngkdXEeobR76b53LETtpyT"
BTC = WALLET.partition(":")[2]


def told(text: str | bytes, path: str = "table.csv") -> list[str]:
    """Each claim as `line: subject property object @first..after`."""
    items = list(Tabular().read(document(text, path)))
    assert not rejected(items)
    return [
        f"{claim.place}: {claim.subject} {claim.property} {claim.object}"
        + (f" @{claim.observed.start}..{claim.observed.end}" if claim.observed else "")
        for claim in claims(items)
    ]


TABLES = {
    "German: semicolons, dotted days, decimal commas": (
        (
            "Domäne;IP-Adresse;Erstmals gesehen;Betrag;Bemerkung;Sachbearbeiter\n"
            "betrug-bank.de;185.220.101.5;03.04.2023;1.250,50 €;Fake-Shop;Müller\n"
        ),
        [
            "line 2: domain-name:betrug-bank.de resolves-to ipv4-addr:185.220.101.5 @2023-04-03..",
            "line 2: domain-name:betrug-bank.de amount 1.250,50 € (Betrag) @2023-04-03..",
            "line 2: domain-name:betrug-bank.de description Fake-Shop @2023-04-03..",
            "line 2: domain-name:betrug-bank.de attribute Sachbearbeiter: Müller @2023-04-03..",
        ],
    ),
    "French: days before months because the headers are French": (
        (
            "Nom de domaine;Adresse e-mail;Date de signalement;Montant;Victime\n"
            "arnaque-caf.fr;escroc@arnaque-caf.fr;12/05/2023;1 500,00;Dupont\n"
        ),
        [
            (
                "line 2: domain-name:arnaque-caf.fr mentioned-with email-addr:escroc@arnaque-caf.fr"
                " @2023-05-12..2023-05-13"
            ),
            "line 2: email-addr:escroc@arnaque-caf.fr hosted-at domain-name:arnaque-caf.fr",
            "line 2: domain-name:arnaque-caf.fr amount 1 500,00 (Montant) @2023-05-12..2023-05-13",
        ],
    ),
    "Spanish: an IBAN, and a phone that asks for payment to it": (
        (
            "Dominio,Teléfono,Cuenta bancaria,Fecha,Observaciones\n"
            "estafa-banco.es,+34 612 345 678,ES9121000418450200051332,15/03/2023,SMS falso\n"
        ),
        [
            (
                "line 2: domain-name:estafa-banco.es mentioned-with phone-number:+34612345678"
                " @2023-03-15..2023-03-16"
            ),
            (
                "line 2: domain-name:estafa-banco.es requests-payment-to"
                " bank-account:iban:ES9121000418450200051332 @2023-03-15..2023-03-16"
            ),
            (
                "line 2: phone-number:+34612345678 requests-payment-to"
                " bank-account:iban:ES9121000418450200051332 @2023-03-15..2023-03-16"
            ),
            "line 2: domain-name:estafa-banco.es description SMS falso @2023-03-15..2023-03-16",
        ],
    ),
    "Thai: national phone, account with its bank, Buddhist year": (
        (
            "โดเมน,หมายเลขโทรศัพท์,เลขบัญชี,ธนาคาร,วันที่,หมายเหตุ\n"
            "scam-th.com,081-234-5678,123-4-56789-0,กสิกรไทย,01/02/2566,หลอกลงทุน\n"
        ),
        [
            (
                "line 2: domain-name:scam-th.com mentioned-with phone-number:+66812345678"
                " @2023-02-01..2023-02-02"
            ),
            (
                "line 2: domain-name:scam-th.com requests-payment-to bank-account:th:กสิกรไทย:1234567890"
                " @2023-02-01..2023-02-02"
            ),
            (
                "line 2: phone-number:+66812345678 requests-payment-to bank-account:th:กสิกรไทย:1234567890"
                " @2023-02-01..2023-02-02"
            ),
            "line 2: domain-name:scam-th.com description หลอกลงทุน @2023-02-01..2023-02-02",
        ],
    ),
    "Japanese: national phone, year first": (
        (
            "ドメイン,電話番号,メールアドレス,初回確認日,備考\n"
            "nise-bank.jp,03-1234-5678,info@nise-bank.jp,2023/04/01,フィッシング\n"
        ),
        [
            "line 2: domain-name:nise-bank.jp mentioned-with phone-number:+81312345678 @2023-04-01..",
            "line 2: domain-name:nise-bank.jp mentioned-with email-addr:info@nise-bank.jp @2023-04-01..",
            "line 2: email-addr:info@nise-bank.jp hosted-at domain-name:nise-bank.jp",
            "line 2: domain-name:nise-bank.jp description フィッシング @2023-04-01..",
        ],
    ),
    "Turkish: national phone and IBAN": (
        (
            "Alan adı;Telefon;IBAN;Tarih;Açıklama\n"
            "sahte-banka.com.tr;0532 123 45 67;TR330006100519786457841326;05.06.2023;Oltalama\n"
        ),
        [
            (
                "line 2: domain-name:sahte-banka.com.tr mentioned-with phone-number:+905321234567"
                " @2023-06-05..2023-06-06"
            ),
            (
                "line 2: domain-name:sahte-banka.com.tr requests-payment-to"
                " bank-account:iban:TR330006100519786457841326 @2023-06-05..2023-06-06"
            ),
            (
                "line 2: phone-number:+905321234567 requests-payment-to"
                " bank-account:iban:TR330006100519786457841326 @2023-06-05..2023-06-06"
            ),
            "line 2: domain-name:sahte-banka.com.tr description Oltalama @2023-06-05..2023-06-06",
        ],
    ),
    "Russian: a wallet, dotted days": (
        f"Домен;Телефон;Кошелек;Дата;Комментарий\nmoshennik.ru;+7 912 345-67-89;{BTC};01.02.2023;Фишинг\n",
        [
            (
                "line 2: domain-name:moshennik.ru mentioned-with phone-number:+79123456789"
                " @2023-02-01..2023-02-02"
            ),
            f"line 2: domain-name:moshennik.ru requests-payment-to {WALLET} @2023-02-01..2023-02-02",
            f"line 2: phone-number:+79123456789 requests-payment-to {WALLET} @2023-02-01..2023-02-02",
            "line 2: domain-name:moshennik.ru description Фишинг @2023-02-01..2023-02-02",
        ],
    ),
    "Chinese": (
        f"域名,电话,钱包地址,日期,备注\nzhapian.com,+86 138 0013 8000,{BTC},2023-01-02,诈骗\n",
        [
            (
                "line 2: domain-name:zhapian.com mentioned-with phone-number:+8613800138000"
                " @2023-01-02..2023-01-03"
            ),
            f"line 2: domain-name:zhapian.com requests-payment-to {WALLET} @2023-01-02..2023-01-03",
            f"line 2: phone-number:+8613800138000 requests-payment-to {WALLET} @2023-01-02..2023-01-03",
            "line 2: domain-name:zhapian.com description 诈骗 @2023-01-02..2023-01-03",
        ],
    ),
    "Arabic, written from right to left": (
        "النطاق,البريد الإلكتروني,التاريخ\nihtiyal.com,a@ihtiyal.com,2023-01-02\n",
        [
            "line 2: domain-name:ihtiyal.com mentioned-with email-addr:a@ihtiyal.com @2023-01-02..2023-01-03",
            "line 2: email-addr:a@ihtiyal.com hosted-at domain-name:ihtiyal.com",
        ],
    ),
    "English: a person with accounts and a wallet": (
        f"Alias,Telegram,BTC wallet,Role\nghost,@ghost_scam,{BTC},boss\nking,@king_scam,,herder\n",
        [
            f"line 2: persona:ghost requests-payment-to {WALLET}",
            f"line 2: user-account:telegram:ghost_scam requests-payment-to {WALLET}",
            "line 2: persona:ghost account user-account:telegram:ghost_scam",
            f"line 2: {WALLET} attribute Role: boss",
            "line 3: persona:king account user-account:telegram:king_scam",
            "line 3: persona:king attribute Role: herder",
        ],
    ),
}


@pytest.mark.parametrize(("text", "expected"), TABLES.values(), ids=TABLES)
def test_a_table_says_all_of_this_and_nothing_else(text: str, expected: list[str]):
    assert told(text) == expected


@pytest.mark.parametrize(("text", "_expected"), TABLES.values(), ids=TABLES)
def test_every_line_of_it_is_a_claim_or_a_named_skip(text: str, _expected: list[str]):
    read = list(Tabular().read(document(text.removesuffix("\n"))))
    cells = "identifier of a victim, who may be a person"
    items = [one for one in read if getattr(one, "rule", "") != cells]
    assert unaccounted(text.removesuffix("\n"), items) == 0
    assert skipped(items) == {"header row": 1}
    assert skipped(read).get(cells, 0) == text.count("Dupont")


@pytest.mark.parametrize(("text", "expected"), TABLES.values(), ids=TABLES)
def test_the_same_table_as_a_workbook_says_the_same_at_its_rows(text: str, expected: list[str]):
    separator = ";" if ";" in text else ","
    book = workbook(("Blatt", sheet([line.split(separator) for line in text.strip().split("\n")])))
    assert told(book, "table.xlsx") == [line.replace("line ", "sheet 'Blatt', row ", 1) for line in expected]


@pytest.mark.parametrize(("text", "expected"), TABLES.values(), ids=TABLES)
@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16"])
def test_the_encoding_of_the_file_changes_nothing(text: str, expected: list[str], codec: str):
    assert told(text.encode(codec)) == expected


@pytest.mark.parametrize(("text", "expected"), TABLES.values(), ids=TABLES)
@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_the_ends_of_lines_change_nothing(text: str, expected: list[str], end: str):
    assert told(text.replace("\n", end)) == expected


@pytest.mark.parametrize("mark", ["\t", "|"])
def test_other_separators_change_nothing(mark: str):
    text, expected = TABLES["Chinese"]
    assert told(text.replace(",", mark)) == expected


HEADERS = {
    "kind domain-name": "Domain, domaine, Domäne, dominio, ドメイン, alan adı, โดเมน, домен, 域名, 도메인",
    "kind url": "URL, Website, site web, Webseite, enlace, リンク, bağlantı, เว็บไซต์, ссылка, 网址",
    "kind email-addr": "E-Mail, courriel, correo electrónico, メール, e-posta, อีเมล, 邮箱, 이메일",
    "kind phone-number": "Phone, téléphone, Telefonnummer, teléfono, 電話番号, telefon numarası, เบอร์โทร, 电话",
    "kind bank-account": "IBAN, numéro de compte, Kontonummer, cuenta bancaria, 口座番号, hesap numarası, เลขบัญชี",
    "kind crypto-address": "BTC Wallet, portefeuille, Geldbörse, billetera, ウォレット, cüzdan, กระเป๋าเงิน, кошелек, 钱包",
    "kind persona": "Account holder, titulaire, Kontoinhaber, sospechoso, 名義, hesap sahibi, ชื่อบัญชี",
    "kind country": "Country, pays, Land, país, 国, ülke, ประเทศ, страна, 国家",
    "role first-seen": "First seen (UTC), première vue, erstmals gesehen, primera vez, 初回確認日, ilk görülme, พบครั้งแรก",
    "role last-seen": "Last seen, dernière vue, zuletzt gesehen, última vez, 最終確認日, son görülme, พบล่าสุด",
    "role date": "Date reported, Datum, fecha, 日付, tarih, วันที่, дата, 日期",
    "role amount": "Amount (EUR), montant, Betrag, importe, 金額, tutar, จำนวนเงิน, сумма, 金额",
    "role description": "Comments, commentaire, Bemerkung, observaciones, 備考, açıklama, หมายเหตุ, комментарий, 备注",
    "role bank": "Bank, nom de la banque, Kreditinstitut, entidad bancaria, 銀行名, banka adı, ธนาคาร",
    "role marking": "TLP, tlp label, Traffic Light Protocol",
    "platform telegram": "Telegram, TG, เทเลแกรม, テレグラム",
    "platform line": "LINE ID, ไอดีไลน์, ライン",
}


@pytest.mark.parametrize(
    ("header", "meaning"),
    [
        pytest.param(header.strip(), tuple(meaning.split(" ")), id=f"{header.strip()} is {meaning}")
        for meaning, headers in HEADERS.items()
        for header in headers.split(",")
    ],
)
def test_a_header_is_understood_in_its_language(header: str, meaning: tuple[str, str]):
    assert hint(header) == meaning


@pytest.mark.parametrize(
    "header",
    ["", "-", "???", "Sachbearbeiter", "batch", "x", "12", "Ministry", "sipping", "landscape", "wholesale"],
)
def test_a_header_that_says_nothing_known_suggests_nothing(header: str):
    assert hint(header) == ("", "")


def days(header: str, *values: str) -> list[str]:
    rows = [[f"evil{number}.com", value] for number, value in enumerate(values)]
    text = "\n".join(",".join(f'"{cell}"' for cell in row) for row in [["domain", header], *rows])
    return [line.partition(" @")[2].partition("..")[0] for line in told(text)]


@pytest.mark.parametrize(
    ("header", "values", "expected"),
    [
        pytest.param("date", ["03.04.2023"], ["2023-04-03"], id="dots: the day first, in any language"),
        pytest.param("date", ["3/4/2023"], [""], id="slashes in English: nobody knows, kept as found"),
        pytest.param("date", ["3/4/2023", "3/24/2023"], ["2023-03-04", "2023-03-24"], id="a sibling tells"),
        pytest.param("date", ["3/4/2023", "24/3/2023"], ["2023-04-03", "2023-03-24"], id="and the other way"),
        pytest.param("date", ["5/5/2023"], ["2023-05-05"], id="both readings are one day"),
        pytest.param("date", ["2023-04-03T23:59:59Z"], ["2023-04-03"], id="a moment is its UTC day"),
        pytest.param("date", ["Apr 3, 2023"], ["2023-04-03"], id="an English month"),
        pytest.param("วันที่", ["3 เมษายน 2566"], ["2023-04-03"], id="a Thai month and year"),
        pytest.param("日付", ["2023年4月3日"], ["2023-04-03"], id="Japanese signs"),
        pytest.param("date", ["31.02.2023"], [""], id="a day that never was is kept as found"),
        pytest.param("date", ["03.04.1823"], [""], id="so is one before there were networks"),
        pytest.param("date", ["1/13/23"], ["2023-01-13"], id="a short year"),
    ],
)
def test_days_are_read_where_they_are_sure(header: str, values: list[str], expected: list[str]):
    assert days(header, *values) == expected


def test_a_day_that_is_not_sure_is_kept_in_the_words_of_its_column():
    assert told("domain,date\nevil.com,3/4/2023\n") == [
        "line 2: domain-name:evil.com attribute date: 3/4/2023"
    ]


def test_an_account_without_a_bank_beside_it_is_kept_and_joins_nothing():
    text = "โดเมน,เลขบัญชี,หมายเหตุ\nscam-th.com,123-4-56789-0,หลอกลงทุน\n"
    assert told(text) == [
        "line 2: domain-name:scam-th.com attribute เลขบัญชี: 123-4-56789-0",
        "line 2: domain-name:scam-th.com description หลอกลงทุน",
    ]


def test_an_account_whose_row_names_no_bank_is_refused_by_its_place():
    text = (
        "โดเมน,เลขบัญชี,ธนาคาร,หมายเหตุ\n"
        "scam-th.com,123-4-56789-0,กสิกรไทย,หลอกลงทุน\nfake-th.com,987-6-54321-0,,หลอกลงทุน\n"
    )
    items = list(Tabular().read(document(text)))
    assert [part.place for part in rejected(items)] == ["line 3, column 'เลขบัญชี'"]
    assert [str(claim.object) for claim in claims(items) if claim.property == "requests-payment-to"] == [
        "bank-account:th:กสิกรไทย:1234567890"
    ]


def test_an_english_table_does_not_guess_the_country_of_an_account():
    mapping = propose(["domain", "account number", "bank"], [["evil.com", "123-4-56789-0", "First Bank"]] * 3)
    assert [column.role for column in mapping.columns] == ["entity", "attribute", "attribute"]


def test_a_person_is_shown_how_accounts_and_labels_are_read():
    mapping = propose(
        ["โดเมน", "เลขบัญชี", "ธนาคาร", "tlp"], [["scam-th.com", "123-4-56789-0", "กสิกรไทย", "AMBER"]]
    )
    text = explain(mapping)
    assert "'เลขบัญชี': Bank account of TH" in text
    assert "'ธนาคาร': bank of the account in its row" in text
    assert "'tlp': who may see its row (TLP)" in text


def test_thousands_of_blank_rows_between_two_filled_ones_hide_neither():
    book, out = Workbook(write_only=True), io.BytesIO()
    page = book.create_sheet("Sites")
    for row in (["domain"], ["evil-first.com"], *([] for _ in range(5_000)), ["evil-last.com"]):
        page.append(row)
    book.save(out)
    items = list(Tabular().read(document(out.getvalue(), "t.xlsx")))
    assert [(claim.subject.value, claim.place) for claim in claims(items)] == [
        ("evil-first.com", "sheet 'Sites', row 2"),
        ("evil-last.com", "sheet 'Sites', row 5003"),
    ]
    assert skipped(items) == {"header row": 1, "blank line": 5_000}
