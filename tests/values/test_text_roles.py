"""Roles in the words of seven languages: near words before far ones, brackets, lists, negation, closing lines, columns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.identity import Entity
from chokepoint.values.text import scan
from chokepoint.values.text.candidate import Candidate
from chokepoint.values.text.places import PUBLIC, host_of, is_reference, public
from chokepoint.values.text.words import words

BAD, FINE = "indicator", "context"


def roles(text):
    return [one.role for one in scan(text)]


def by_value(text):
    return {one.entity.value: one.role for one in scan(text)}


FAKE = {
    "en": ["the fake site {}", "{} is a phishing site", "{} is not the official site", "beware of {}", "malware from {}", "C2: {}", "stolen by {}", "the scam page {}"],
    "th": ["เว็บปลอม {}", "มิจฉาชีพใช้ {}", "หลอกลวงผ่าน {}", "{} เป็นเว็บปลอม", "อย่ากดลิงก์ {}", "คนร้ายใช้ {}"],
    "fr": ["le faux site {}", "site frauduleux {}", "{} est une arnaque", "hameçonnage sur {}", "les escrocs utilisent {}", "{} n'est pas le site officiel"],
    "de": ["die gefälschte Seite {}", "Betrüger nutzen {}", "{} ist eine Betrugsseite, ein Fakeshop", "Schadsoftware von {}", "die Täter verwenden {}"],
    "es": ["la página falsa {}", "estafa en {}", "los estafadores usan {}", "{} es un sitio fraudulento", "{} no es la página oficial"],
    "ja": ["偽サイト {}", "フィッシングサイト {} に注意", "{} は詐欺サイトです", "攻撃者は {} を使う", "悪質なサイト {}"],
    "tr": ["sahte site {}", "dolandırıcılar {} kullanıyor", "{} sahte bir site", "oltalama adresi {}", "zararlı adres {}"],
}  # fmt: skip
REAL = {
    "en": ["Scam alert. The official site is {}", "Fraud! the real site {}", "phishing: report it to {}", "A scam. Source: {}", "Scams. For more information see {}", "Malware. {} is legitimate"],
    "th": ["ภัยออนไลน์ เว็บไซต์จริงคือ {}", "เตือนภัย สอบถามเพิ่มเติม {}", "เตือนภัย แจ้งความได้ที่ {}", "ระวังภัย ข้อมูลเพิ่มเติม {}"],
    "fr": ["Alerte. Le site officiel est {}", "Alerte. Signalez sur {}", "Alerte. Pour plus d'informations : {}", "Alerte. Le vrai site est {}"],
    "de": ["Warnung. Die offizielle Seite ist {}", "Warnung. Weitere Informationen: {}", "Warnung. Die echte Seite ist {}", "Warnung. Rückfragen an {}"],
    "es": ["Alerta. El sitio oficial es {}", "Alerta. Denuncie en {}", "Alerta. Más información en {}", "Alerta. La web real es {}"],
    "ja": ["注意。公式サイトは {}", "注意。お問い合わせは {}", "注意。詳しくは {}", "注意。正規のサイトは {}"],
    "tr": ["Uyarı. Resmi site {}", "Uyarı. İhbar için {}", "Uyarı. Gerçek site {}", "Uyarı. Ayrıntılı bilgi: {}"],
}  # fmt: skip
SAID = [
    pytest.param(form, role, id=f"{lang}-{role}-{at}")
    for role, table in ((BAD, FAKE), (FINE, REAL))
    for lang, forms in table.items()
    for at, form in enumerate(forms)
]


@pytest.mark.parametrize(("form", "role"), SAID)
@pytest.mark.parametrize(
    "value",
    ["some-house.com", "https://some-house.com/a", "desk1@some-house.com"],
    ids=["host", "page", "mailbox"],
)
def test_words_of_every_language_call_an_identifier_bad_or_official(form, role, value):
    assert roles(form.format(value)) == [role]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("The fake site a-house.com copies the real site b-house.com.", [BAD, FINE], id="each-its-own"),
        pytest.param("The real site b-house.com, not the fake a-house.com.", [FINE, BAD], id="turned"),
        pytest.param("Real: b-house.com. Fake: a-house.com.", [FINE, BAD], id="labels"),
        pytest.param("Phishing sites: a-house.com, b-house.com and c-house.com.", [BAD, BAD, BAD], id="list"),
        pytest.param("Official sites: a-house.com, b-house.com and c-house.com.", [FINE, FINE, FINE], id="official-list"),
        pytest.param("a-house.com (fake), b-house.com (official)", [BAD, FINE], id="brackets"),
        pytest.param("a-house.com (the real one is b-house.com) is a phishing site", [BAD, FINE], id="inside-brackets"),
        pytest.param("the fake official account at a-house.com", [BAD], id="a-bad-word-governs"),
        pytest.param("criminals pose as the bank's fraud department on a-house.com", [BAD], id="posing-as"),
        pytest.param("The official site is b-house.com, not a-house.com.", [FINE, BAD], id="negation"),
        pytest.param("Die offizielle Seite ist b-house.com, nicht a-house.com.", [FINE, BAD], id="german-negation"),
        pytest.param("El sitio oficial es b-house.com y no a-house.com.", [FINE, BAD], id="spanish-negation"),
        pytest.param("Le site officiel est b-house.com et non a-house.com.", [FINE, BAD], id="french-negation"),
        pytest.param("เว็บจริง b-house.com ไม่ใช่ a-house.com", [FINE, BAD], id="thai-negation"),
        pytest.param("ธนาคารใช้ b-house.com เท่านั้น มิจฉาชีพใช้ a-house.com", [FINE, BAD], id="thai-tail"),
        pytest.param("Malware was reported to desk1@b-house.com", [FINE], id="reported-to"),
        pytest.param("Malware. References: hxxp://b-house[.]com/x", [FINE], id="reference"),
    ],
)  # fmt: skip
def test_the_nearest_word_that_governs_decides(text, expected):
    assert roles(text) == expected


@pytest.mark.parametrize(
    "text",
    ["ab12cd34" * 8, "1AfroW44dzHkjgbLEMLB3EvGDFegfkRewM", "avaddongun7rngel.onion"],
    ids=["digest", "wallet", "onion"],
)
def test_a_source_beside_it_makes_no_digest_wallet_or_hidden_service_harmless(text):
    assert roles(f"Malware report. Source: {text}") == [BAD]
    assert roles(f"Malware report. The legitimate one is {text}") == [FINE]


@pytest.mark.parametrize(
    "closing",
    [
        "Contact: {}",
        "Enquiries: {}",
        "Rückfragen: {}",
        "Kontakt: {}",
        "Contact presse : {}",
        "Contacto: {}",
        "お問い合わせ {}",
        "ติดต่อ {}",
        "İletişim: {}",
        "Bilgi: {}",
    ],
)
def test_who_warns_prints_their_own_contact_on_the_last_lines(closing):
    text = (
        "The bank's police desk warns.\nPhishing at a-house.com.\nIt wants passwords.\n\n"
        + closing.format("desk1@b-house.com")
    )
    assert roles(text) == [BAD, FINE]


def test_a_contact_in_the_midst_of_a_report_is_not_its_closing():
    text = "Police warning.\nThe gang writes:\ncontact desk1@a-house.com\n" + "They want money.\n" * 8
    assert roles(text) == [BAD]


@pytest.mark.parametrize("word", ["phishing", "scam", "malware"])
def test_a_bad_word_in_another_sentence_colours_what_nothing_calls_official(word):
    assert roles(f"This is about {word}. Look at some-house.com.") == [BAD]


def test_a_long_text_without_a_word_of_crime_names_nobody_malicious():
    text = "A walk through the hills in May is pleasant. " * 60 + "Shops: a-house.com and b-house.com."
    assert roles(text) == [FINE, FINE]
    assert roles(text + " The police seized drugs.") == [BAD, BAD]


def test_a_hidden_service_is_suspect_wherever_it_stands():
    text = "A walk through the hills in May is pleasant. " * 60 + "avaddongun7rngel.onion"
    assert roles(text) == [BAD]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            "fake site,real site,seen\na-house.com,b-house.com,1\nc-house.com,d-house.com,2",
            [BAD, FINE, BAD, FINE],
        ),
        ("| phishing | official |\n|---|---|\n| a-house.com | b-house.com |", [BAD, FINE]),
        ("site;note;x\na-house.com;phishing;1\nb-house.com;the real site;2", [BAD, FINE]),
    ],
    ids=["commas", "pipes", "notes"],
)
def test_a_column_or_a_cell_beside_it_says_what_a_cell_is(rows, expected):
    assert roles(rows) == expected


@pytest.mark.parametrize(
    ("host", "is_public"),
    [
        ("police.go.th", True),
        ("www.gov.uk", True),
        ("service.gov.uk", True),
        ("polizei.de", True),
        ("www.polizei.de", True),
        ("ministerio.gob.pe", True),
        ("usom.gov.tr", True),
        ("europol.europa.eu", True),
        ("mit.edu", True),
        ("chula.ac.th", True),
        ("gov.com", False),
        ("police.com", False),
        ("gov.evil.com", False),
        ("police-go.th", False),
        ("notgov.uk", False),
        ("evil.co.th", False),
        ("", False),
    ],
)
def test_a_public_body_is_known_by_a_suffix_that_only_they_are_given(host, is_public):
    assert public(host) == (PUBLIC if is_public else "")


@pytest.mark.parametrize(
    ("kind", "value", "host"),
    [
        ("domain-name", "evil.com", "evil.com"),
        ("email-addr", "bob@evil.com", "evil.com"),
        ("url", "http://evil.com/x", "evil.com"),
        ("url", "http://1.2.3.4/x", ""),
        ("url", "http://avaddongun7rngel.onion/", ""),
        ("ipv4-addr", "1.2.3.4", ""),
        ("file", "md5:" + "ab" * 16, ""),
    ],
)
def test_the_host_in_a_candidate_is_its_domain(kind, value, host):
    assert host_of(Candidate(Entity(kind, value), 0, 1)) == host


@pytest.mark.parametrize(
    ("kind", "value", "host", "refers"),
    [
        ("url", "https://www.virustotal.com/gui/x", "www.virustotal.com", True),
        ("domain-name", "github.com", "github.com", True),
        ("url", "https://github.com/evil", "github.com", False),
        ("url", "https://twitter.com/evil/status/1", "twitter.com", False),
        ("url", "https://twitter.com/search?q=x", "twitter.com", True),
        ("email-addr", "bob@gmail.com", "gmail.com", False),
        ("email-addr", "security@google.com", "google.com", True),
        ("domain-name", "evil.com", "evil.com", False),
        ("domain-name", "notgithub.com", "notgithub.com", False),
    ],
)
def test_a_site_that_reports_refer_to_is_no_ones_profile_there(kind, value, host, refers):
    assert is_reference(Candidate(Entity(kind, value), 0, 1), host) is refers


@pytest.mark.parametrize("host", sorted(words("role", "reference_hosts"))[::4])
def test_a_reference_is_context_until_it_is_called_bad_or_made_harmless(host):
    assert FINE in roles(f"Malware spreads.\nSeen by others at https://{host}/search?q=12")
    harmless = host.replace(".", "[.]")
    assert BAD in roles(f"malware was loaded from the malicious hxxps://{harmless}/some/report-12")


@given(
    st.sampled_from([one for table in (FAKE, REAL) for forms in table.values() for one in forms]),
    st.integers(0, 3),
)
def test_blank_lines_around_a_sentence_change_no_role(form, count):
    text = form.format("some-house.com")
    assert roles("\n" * count + text + "\n" * count) == roles(text)


@given(
    st.sampled_from([one for forms in FAKE.values() for one in forms]),
    st.sampled_from([one for forms in REAL.values() for one in forms]),
)
def test_two_sentences_apart_are_judged_apart(bad, good):
    text = f"{bad.format('a-house.com')}.\n\n\n{good.format('b-house.com')}."
    assert by_value(text) == {"a-house.com": BAD, "b-house.com": FINE}
