from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.collect.mapping import (
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
from chokepoint.collect.mapping.links import _LINKS
from chokepoint.collect.mapping.words import _words
from chokepoint.model.errors import NotValidError
from chokepoint.model.identity import Entity
from chokepoint.model.vocabulary import vocabulary
from chokepoint.values import platforms, registry


def roles(mapping: Mapping) -> dict[str, str]:
    return {c.header: (f"{c.role}:{c.kind}" if c.role == "entity" else c.role) for c in mapping.columns}


@pytest.mark.parametrize(
    ("header", "meaning"),
    [
        ("Domain", "domain-name"),
        ("โดเมน", "domain-name"),
        ("Nom de domaine", "domain-name"),
        ("ドメイン名", "domain-name"),
        ("เบอร์โทรศัพท์", "phone-number"),
        ("Téléphone", "phone-number"),
        ("Telefonnummer", "phone-number"),
        ("Teléfono", "phone-number"),
        ("電話番号", "phone-number"),
        ("Telefon numarası", "phone-number"),
        ("เลขบัญชี", "bank-account"),
        ("Kontonummer", "bank-account"),
        ("口座番号", "bank-account"),
        ("Hesap numarası", "bank-account"),
        ("BTC Wallet", "crypto-address"),
        ("Cüzdan adresi", "crypto-address"),
        ("ウォレット", "crypto-address"),
        ("LINE ID", "line"),
        ("Telegram", "telegram"),
        ("Tarih", "date"),
        ("Fecha", "date"),
        ("วันที่", "date"),
        ("日付", "date"),
        ("Betrag", "amount"),
        ("จำนวนเงิน", "amount"),
        ("金額", "amount"),
        ("First seen (UTC)", "first-seen"),
        ("Version", "plain"),
        ("Threat actor", "group"),
        ("Ülke", "country"),
        ("Zeppelin", ""),
        ("", ""),
    ],
)
def test_headers_of_seven_languages_are_understood(header, meaning):
    assert hint(header)[1] == meaning


def test_every_word_of_the_table_leads_to_a_kind_role_or_platform():
    roles_known = {
        "name-server",
        "first-seen",
        "last-seen",
        "date",
        "amount",
        "category",
        "status",
        "description",
        "indicator",
        "plain",
        "bank",
        "marking",
    }
    for word, section, meaning in _words():
        assert word
        if section == "kind":
            assert meaning in vocabulary().kinds
        elif section == "platform":
            assert meaning in platforms.by_name()
        else:
            assert meaning in roles_known


def test_values_overrule_headers():
    mapping = propose(["thing", "Date"], [["evil-one.com", "192.0.2.1"], ["bad-two.org", "192.0.2.2"]])
    assert roles(mapping) == {"thing": "entity:domain-name", "Date": "entity:ipv4-addr"}


def test_the_subject_is_the_most_particular_identifier():
    rows = [["evil-one.com", "a" * 64, "x"], ["bad-two.org", "b" * 64, "y"]]
    assert propose(["d", "h", "n"], rows).subject == 1
    assert propose(["d", "n"], [["a-b.com", "x"]]).subject == 0


def test_a_table_without_anything_to_be_about_has_no_subject():
    assert propose(["colour", "size"], [["red", "3"], ["blue", "4"]]).subject == -1


def test_a_version_that_looks_like_an_address_is_none():
    assert (
        roles(propose(["Hash", "Version"], [["a" * 64, "1.0.0.0"], ["b" * 64, "2.1.1.0"]]))["Version"]
        == "attribute"
    )


def test_a_bare_name_is_a_malware_beside_a_hash_and_a_person_beside_an_account():
    assert roles(propose(["SHA256", "Name"], [["a" * 64, "samsam"]]))["Name"] == "entity:malware"
    assert roles(propose(["Phone", "Name"], [["+66812345678", "Somchai"]]))["Name"] == "entity:persona"
    assert roles(propose(["Domain", "Name"], [["a-b.com", "whatever"]]))["Name"] == "attribute"


def test_mixed_indicators_in_one_column_are_told_value_by_value():
    rows = [["evil.com"], ["192.0.2.1"], ["a" * 64], ["bob@evil.com"]]
    assert roles(propose(["IOC"], [[*row, "x"] for row in rows]))["IOC"] == "entity:"


def test_dates_are_read_in_the_order_that_the_column_shows():
    rows = [["a-b.com", "12/9/15 23:02"], ["c-d.com", "12/16/15 22:32"]]
    column = propose(["Domain", "Compile Time"], rows).columns[1]
    assert (column.role, column.day_first) == ("date", False)


def test_handles_of_a_platform_named_by_the_header_are_accounts():
    column = propose(["LINE ID", "x"], [["scam_helper", "1"]]).columns[0]
    assert entity_of("scam_helper", column.kind) == Entity("user-account", "line:scam_helper")


@pytest.mark.parametrize("value", ["", " - ", "N/A", "null", "Unknown", "?", "ไม่มี"])
def test_placeholders_are_blank(value):
    assert is_blank(value)


def test_a_mapping_survives_its_json():
    mapping = propose(["Domain", "IP", "Seen", "Colour"], [["a-b.com", "192.0.2.1", "2020-01-02", "red"]])
    assert from_json(mapping.to_json()) == mapping
    assert mapping.unmapped == ("Colour",)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "null",
        '{"version": 2}',
        '{"version": 1}',
        '{"version": 1, "headers": [], "columns": [{"index": 0}], "subject": 0}',
        "9" * 5000,
        "[" * 100_000,
    ],
)
def test_what_is_no_mapping_is_refused(text):
    with pytest.raises(NotValidError):
        from_json(text)


def test_a_mapping_with_an_unknown_kind_is_refused():
    mapping = json.loads(propose(["Domain", "x"], [["a-b.com", "1"]]).to_json())
    mapping["columns"][0]["kind"] = "spaceship"
    with pytest.raises(NotValidError):
        from_json(json.dumps(mapping))


def test_the_fingerprint_is_of_the_headers_alone():
    one = propose(["Domain", "IP"], [["a-b.com", "192.0.2.1"]])
    other = propose(["DOMAIN ", "ip"], [["c-d.com", "192.0.2.9"]])
    assert one.fingerprint == other.fingerprint == fingerprint(["domain", "IP"])
    assert one.fingerprint != fingerprint(["IP", "Domain"])


def test_the_explanation_names_every_column_and_what_is_kept():
    mapping = propose(["Domain", "Colour"], [["a-b.com", "red"]])
    told = explain(mapping)
    assert "'Domain': Domain, what each row is about" in told
    assert "Kept as found: Colour" in told


@pytest.mark.parametrize(
    ("left", "right", "name"),
    [
        (("domain-name", "a-b.com"), ("ipv4-addr", "192.0.2.1"), "resolves-to"),
        (("domain-name", "a-b.com"), ("crypto-address", "x"), "requests-payment-to"),
        (("file", "sha256:" + "a" * 64), ("crypto-address", "x"), "requests-payment-to"),
        (("file", "sha256:" + "a" * 64), ("file", "md5:" + "a" * 32), "same-file"),
        (("file", "sha256:" + "a" * 64), ("malware", "samsam"), "indicates"),
        (("malware", "samsam"), ("group", "boss spider"), "attributed-to"),
        (("domain-name", "a-b.com"), ("country", "th"), "located-in"),
        (("phone-number", "+66812345678"), ("email-addr", "a@b.com"), "mentioned-with"),
    ],
)
def test_two_cells_of_a_row_are_linked_by_their_kinds_either_way_round(left, right, name):
    one, other = Entity(*left), Entity(*right)
    assert link_between(one, other) == (name, False)
    back = link_between(other, one)
    assert back == (name, name not in {"same-file", "mentioned-with"})


def test_every_link_is_a_property_of_the_vocabulary_that_joins_entities():
    for subjects, objects, name in _LINKS:
        assert vocabulary().property(name).is_link
        assert (subjects | objects) <= set(vocabulary().kinds)


cell = st.sampled_from(
    ["", "a-b.com", "192.0.2.1", "x", "2020-01-01", "5", "N/A", "bob@evil.com", "=cmd|' /C calc'!A0", "ไทย"]
)


@given(st.lists(st.text(max_size=15), max_size=5), st.lists(st.lists(cell, max_size=6), max_size=10))
def test_any_table_gets_a_mapping_that_covers_every_column(headers, rows):
    mapping = propose(headers, rows)
    width = len(headers) or max(map(len, rows), default=0)
    assert [column.index for column in mapping.columns] == list(range(width))
    assert mapping.subject == -1 or mapping.columns[mapping.subject].role == "entity"
    assert from_json(mapping.to_json()) == mapping


@given(st.text(max_size=40))
def test_a_cell_never_raises_under_any_kind(text):
    for kind in (
        "",
        "domain-name",
        "phone-number",
        "user-account:line",
        "malware",
        "country",
        "crypto-address",
    ):
        found = entity_of(text, kind)
        assert found is None or registry.value_type(found.kind)


def test_national_phone_numbers_are_read_where_the_language_tells_the_country():
    german = propose(["Webseite", "Telefonnummer", "Bemerkung"], [["evil.de", "030 901820", "zahlte nicht"]])
    [phones] = [column for column in german.columns if column.header == "Telefonnummer"]
    assert (phones.role, phones.kind) == ("entity", "phone-number:DE")
    assert entity_of("030 901820", phones.kind) == Entity("phone-number", "+4930901820")
    assert entity_of("+66 81 234 5678", phones.kind) == Entity("phone-number", "+66812345678")
    assert "of DE" in explain(german)
    assert from_json(german.to_json()) == german


def test_national_phone_numbers_of_an_english_table_are_guessed_for_no_country():
    english = propose(["website", "phone"], [["evil.com", "030 901820"]])
    assert roles(english)["phone"] == "attribute"


@pytest.mark.parametrize(
    "header",
    [
        "Group Type",
        "Alias Type",
        "Entity_SubjectType",
        "Entity_EU_ReferenceNumber",
        "Malware class",
        "Company No",
    ],
)
def test_a_header_that_speaks_of_the_type_or_number_of_a_thing_names_no_thing(header: str) -> None:
    assert hint(header) == ("", "")


@pytest.mark.parametrize("header", ["Email ID", "Mobile No", "Wallet number", "Country code"])
def test_an_identifier_keeps_its_kind_though_its_header_says_number(header: str) -> None:
    assert hint(header)[0] == "kind"


@pytest.mark.parametrize(
    "header", ["DOB", "Date of birth", "Geburtsdatum", "生年月日", "дата рождения", "วันเกิด"]
)
def test_nobody_is_observed_on_the_day_of_their_birth(header: str) -> None:
    mapping = propose(("Domain", header), [["evil-example.com", "1987-03-15"]] * 3)
    assert roles(mapping)[header] == "attribute"


@pytest.mark.parametrize(
    ("days", "why"),
    [
        (["03/04/2026", "05/04/2026"], "03/04/2026 may be read two ways: write 2026-01-31"),
        (["soon", "later"], "kept as it is"),
        (["03/03/2026", "soon"], "kept as it is"),
    ],
)
def test_a_column_of_days_that_is_not_read_says_why(days: list[str], why: str) -> None:
    mapping = propose(("Domain", "First seen"), [[f"evil-{at}.com", day] for at, day in enumerate(days)])
    column = mapping.columns[1]
    if "two ways" in why:
        assert (column.role, column.why) == ("attribute", why)
    else:
        assert "two ways" not in column.why


@pytest.mark.parametrize("header", ["compound_name", "compound", "Scam compound"])
def test_a_compound_is_a_place_and_no_person(header: str) -> None:
    rows = [["KK Park", "bad-site.com"], ["Shwe Kokko", "bad-site.org"]]
    mapping = propose([header, "domain"], rows)
    assert (mapping.columns[0].role, mapping.columns[0].kind) == ("entity", "site")
    assert mapping.subject == 1


@pytest.mark.parametrize(
    "header", ["building_name", "hotel name", "location name", "facilityName", "park_name"]
)
def test_the_name_of_premises_is_no_persons(header: str) -> None:
    mapping = propose([header, "phone"], [["Grand Palace", "+66812345678"], ["Old Mill", "+66812345679"]])
    assert mapping.columns[0].role == "attribute"
