"""Tables of unknown layout: what headers and values suggest, where a share tips over, what never changes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.collect.mapping import (
    Column,
    Mapping,
    entity_of,
    explain,
    fingerprint,
    from_json,
    hint,
    is_blank,
    link_between,
    propose,
)
from chokepoint.collect.mapping.links import IDENTIFIERS, NAMES
from chokepoint.collect.mapping.propose import SAMPLE
from chokepoint.collect.mapping.words import BLANKS, normal
from chokepoint.model.identity import Entity

HASH = "d41d8cd98f00b204e9800998ecf8427e"
CELLS = st.sampled_from(
    [
        "",
        "-",
        "8.8.4.4",
        "bad-site.ru",
        HASH,
        "words",
        "1,200",
        "2020-04-03",
        "TLP:RED",
        "a@bad-site.ru",
        "ชื่อ",
    ]
)
HEADERS = st.sampled_from(["", "IP", "domain", "e-mail", "name", "TLP", "date", "Betrag", "ธนาคาร", "remark"])
TABLES = st.integers(1, 5).flatmap(
    lambda width: st.tuples(
        st.lists(HEADERS, min_size=width, max_size=width),
        st.lists(st.lists(CELLS, max_size=width + 1), max_size=6),
    )
)


def only(header: str, values: list[str]) -> Column:
    """The column proposed for these values, beside one that the rows are surely about."""
    mapping = propose(["sha256", header], [[f"{at:064x}", value] for at, value in enumerate(values, 1)])
    assert mapping.subject >= 0
    return mapping.columns[1]


@pytest.mark.parametrize(
    ("header", "meaning"),
    [
        ("Номер телефона", "phone-number"),
        ("银行账号", "bank-account"),
        ("지갑 주소", "crypto-address"),
        ("Số tài khoản", "bank-account"),
        ("Nomor rekening", "bank-account"),
        ("رقم الهاتف", "phone-number"),
        ("Endereço IP", "ipv4-addr"),
        ("Indirizzo web", "url"),
        ("Domeinnaam", "domain-name"),
        ("Dernière vue", "last-seen"),
        ("เลขที่บัญชี", "bank-account"),
        ("被害額", "amount"),
        ("Hesap sahibi", "persona"),
        ("ไอดีไลน์", "line"),
    ],
)
@pytest.mark.parametrize("dress", ["{}", "  {} ", "{}:", "[{}]", "{}?"])
def test_a_header_is_understood_whatever_signs_stand_around_it(header, meaning, dress):
    assert hint(dress.format(header))[1] == meaning
    assert hint(dress.format(header.upper()))[1] == meaning


@pytest.mark.parametrize(
    "header", ["", "   ", "###", "12345", "shipment", "recipient", "hostility", "z" * 5000]
)
def test_a_header_suggests_nothing_by_a_part_of_a_word(header):
    assert hint(header) == ("", "")


@given(st.sampled_from(sorted(BLANKS)), st.text(" \t\n", max_size=3))
def test_a_blank_is_one_in_any_case_and_between_any_spaces(word, space):
    assert is_blank(space + word.upper() + space)
    assert not is_blank(word + "x1")


@given(TABLES)
def test_a_proposal_comes_back_from_its_json_as_it_was(table):
    mapping = propose(*table)
    assert from_json(mapping.to_json()) == mapping
    assert from_json(mapping.to_json()).to_json() == mapping.to_json()


@given(TABLES)
def test_a_person_is_shown_a_line_for_each_column_and_one_subject_at_most(table):
    mapping = propose(*table)
    shown = explain(mapping)
    assert all(f"  {column.header!r}: " in shown for column in mapping.columns)
    assert shown.count(", what each row is about") == (mapping.subject >= 0)
    assert ("no column holds what a row could be about" in shown) == (mapping.subject < 0)


@given(TABLES)
def test_rows_without_any_cell_change_nothing(table):
    headers, rows = table
    assert propose(headers, [[], *rows, []]).columns == propose(headers, rows).columns


@given(st.permutations([("IP", "8.8.4.4"), ("Domain", "bad-site.ru"), ("md5", HASH), ("TLP", "TLP:RED")]))
def test_the_order_of_columns_changes_neither_their_roles_nor_the_subject(pairs):
    mapping = propose([header for header, _ in pairs], [[value for _, value in pairs]])
    assert mapping.columns[mapping.subject].header == "md5"
    found = {column.header: (column.role, column.kind) for column in mapping.columns}
    assert found == {
        "IP": ("entity", "ipv4-addr"),
        "Domain": ("entity", "domain-name"),
        "md5": ("entity", "file"),
        "TLP": ("marking", ""),
    }


@pytest.mark.parametrize(
    ("fitting", "role"), [(10, "entity"), (6, "entity"), (5, "attribute"), (0, "attribute")]
)
def test_a_column_without_a_telling_header_is_told_by_six_values_in_ten(fitting, role):
    values = [f"bad-site{at}.ru" for at in range(fitting)] + ["some words"] * (10 - fitting)
    assert only("thing", values).role == role


@pytest.mark.parametrize(("fitting", "role"), [(3, "entity"), (2, "entity"), (1, "attribute")])
def test_a_telling_header_needs_two_values_in_ten_where_the_row_is_about_something_else(fitting, role):
    values = [f"a{at}@bad-site.ru" for at in range(fitting)] + ["some words"] * (10 - fitting)
    assert only("email", values).role == role


def test_a_telling_header_needs_one_value_where_the_rows_are_about_nothing_else():
    rows = [["a@bad-site.ru"], *[["some words"]] * 9]
    (column,) = propose(["email"], rows).columns
    assert (column.role, column.kind, column.why) == (
        "entity",
        "email-addr",
        "header, and a value that fits",
    )
    assert propose(["email"], rows[1:]).subject == -1


def test_blank_cells_count_neither_for_nor_against():
    column = only("thing", ["bad-site.ru", "-", "n/a", "", "NULL", "ไม่มี", "?"])
    assert (column.kind, column.why) == ("domain-name", "100% of the values are domain-name")


def test_a_column_of_blanks_is_kept_and_says_why():
    assert only("email", ["-", "", "n/a"]) == Column(
        index=1, header="email", role="attribute", why="no values"
    )


def test_rows_beyond_the_sample_are_not_looked_at():
    rows = [["some words"]] * (SAMPLE - 1)
    assert propose(["email"], [*rows, ["a@bad-site.ru"]]).subject == 0
    assert propose(["email"], [*rows, ["words"], ["a@bad-site.ru"]]).subject == -1


def test_cells_beyond_the_headers_make_no_column_and_without_headers_all_do():
    rows = [["8.8.4.4"], ["8.8.8.8", "bad-site.ru", "x"]]
    assert propose(["ip"], rows).headers == ("ip",)
    assert propose([], rows).headers == ("column 1", "column 2", "column 3")


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Amount", "1,200.50"),
        ("ยอดเงิน", "฿1,200"),
        ("Betrag", "1.200,50 €"),
        ("Montant", "1 200"),
        ("金額", "¥1200"),
    ],
)
def test_sums_of_money_are_told_in_the_writing_of_their_land(header, value):
    assert only(header, [value]).role == "amount"
    assert only(header, [value] * 6 + ["much"] * 4).role == "amount"
    assert only(header, [value] * 5 + ["much"] * 5).role == "attribute"


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("First seen", "first-seen"),
        ("最終確認日", "last-seen"),
        ("Дата", "date"),
        ("วันที่", "date"),
        ("Ngày", "date"),
    ],
)
def test_a_header_of_days_needs_two_days_in_ten(header, role):
    assert only(header, ["2020-04-03"] * 2 + ["soon"] * 8).role == role
    assert only(header, ["2020-04-03"] + ["soon"] * 9).role == "attribute"


@pytest.mark.parametrize(("days", "role"), [(10, "date"), (9, "date"), (8, "attribute")])
def test_days_under_a_header_that_says_nothing_must_be_nine_in_ten(days, role):
    assert only("thing", ["2020-04-03"] * days + ["soon"] * (10 - days)).role == role


def test_one_day_beyond_the_twelfth_tells_the_order_of_its_column_alone():
    mapping = propose(
        ["md5", "date", "first seen"],
        [[HASH, "13/04/2020", "04/13/2020"], [HASH, "03/04/2020", "03/04/2020"]],
    )
    assert [column.day_first for column in mapping.columns[1:]] == [True, False]


@pytest.mark.parametrize(
    ("values", "role"),
    [(["Emotet"], "entity"), (["12345"], "attribute"), (["w" * 121], "attribute"), (["w" * 120], "entity")],
)
def test_a_name_is_short_and_no_number(values, role):
    assert only("malware", values).role == role


def test_a_bank_is_of_the_accounts_in_its_row_only_where_there_are_accounts():
    headers = ["เบอร์โทร", "ธนาคาร", "เลขบัญชี"]
    rows = [["081-234-5678", "กสิกรไทย", "123-4-56789-0"], ["089-234-5678", "กรุงเทพ", "223-4-56789-0"]]
    mapping = propose(headers, rows)
    assert [column.kind for column in mapping.columns] == ["phone-number:TH", "", "bank-account:TH"]
    assert mapping.columns[1].role == "bank"
    assert mapping.subject == 2
    alone = propose(headers[:2], [row[:2] for row in rows])
    assert alone.columns[1].role == "attribute"


def test_a_name_server_is_never_what_a_row_is_about():
    mapping = propose(["name server", "remark"], [["ns1.bad-site.ru", "some words"]])
    assert mapping.columns[0].role == "name-server"
    assert mapping.subject == -1


@pytest.mark.parametrize("kind", ["", "domain-name", "url", "file", "email-addr", "bank-account:TH"])
@pytest.mark.parametrize("value", ["", " ", "\x00", "://", "a" * 3000, "\ud800", "=cmd|' /C calc'!A0"])
def test_a_cell_that_is_nothing_becomes_no_entity_and_no_error(value, kind):
    assert entity_of(value, kind) is None


def test_layouts_are_one_by_the_words_and_order_of_their_headers_and_not_by_signs_or_case():
    known = fingerprint(["Domain", "IP", "Name"])
    assert fingerprint([" DOMAIN_", "[ip]", "name:"]) == known
    others = (["IP", "Domain", "Name"], ["Domain IP", "Name"], ["Domain", "IP", "Name", ""], ["Domain", "IP"])
    assert known not in map(fingerprint, others)
    assert len(set(map(fingerprint, others))) == len(others)


@given(st.text(max_size=30))
def test_the_form_in_which_headers_compare_is_final(header):
    assert normal(normal(header)) == normal(header)


@given(st.sampled_from([*IDENTIFIERS, *NAMES]), st.sampled_from([*IDENTIFIERS, *NAMES]))
def test_a_link_has_one_name_and_turns_with_its_ends(left, right):
    one, other = Entity(left, "a"), Entity(right, "b")
    name, turned = link_between(one, other)
    assert link_between(other, one)[0] == name
    if name not in {"mentioned-with", "same-file"}:
        assert link_between(other, one)[1] is not turned


def test_a_mapping_corrected_by_hand_is_taken_as_the_person_wants_it():
    mapping: Mapping = propose(["thing"], [["some words"]])
    mended = replace(
        mapping, columns=(replace(mapping.columns[0], role="entity", kind="malware"),), subject=0
    )
    assert from_json(mended.to_json()) == mended
    assert mended.fingerprint == mapping.fingerprint
    assert mended.unmapped == ()
