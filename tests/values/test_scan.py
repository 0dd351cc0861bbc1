"""The scanner: labelled reports in seven languages, real ones too, and laws that any text must obey."""

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chokepoint.model.errors import TooLargeError
from chokepoint.values import registry
from chokepoint.values.text import scan, scanner
from chokepoint.values.text.view import View

REPORTS = Path(__file__).parent.parent / "data" / "reports"
STRICT = {"domain-name", "email-addr", "onion-service", "crypto-address", "file", "ipv4-addr", "ipv6-addr"}
LOOSE = {"phone-number", "user-account"}
CORPUS = Path(__file__).parents[2].parent / "shared" / "data" / "corpus"


def found_in(text):
    """(kind, value) → role of the first place."""
    roles = {}
    for indicator in scan(text):
        roles.setdefault(tuple(indicator.entity), indicator.role)
    return roles


def values(text, kind):
    return [indicator.entity.value for indicator in scan(text) if indicator.entity.kind == kind]


def measure(paths):
    """F1 for each kind, and the share of right roles, over labelled reports."""
    right, wrong, missed, roles = Counter(), Counter(), Counter(), Counter()
    for path in paths:
        wanted = {
            (label["kind"], label["value"]): label["role"]
            for label in json.loads(path.read_text("utf-8"))["labels"]
        }
        found = found_in(path.with_suffix(".txt").read_text("utf-8"))
        right.update(kind for kind, value in wanted if (kind, value) in found)
        missed.update(kind for kind, value in wanted if (kind, value) not in found)
        wrong.update(kind for kind, value in found if (kind, value) not in wanted)
        roles.update(found[key] == role for key, role in wanted.items() if key in found)
    f1 = {
        kind: 2 * right[kind] / (2 * right[kind] + wrong[kind] + missed[kind])
        for kind in right | wrong | missed
    }
    return f1, roles[True] / roles.total()


@pytest.mark.parametrize(
    "folder", [REPORTS, REPORTS / "real", REPORTS / "unseen"], ids=["written", "real", "unseen"]
)
def test_labelled_reports_are_read_as_well_as_promised(folder):
    paths = sorted(folder.glob("*.json"))
    assert len(paths) >= 7
    f1, roles = measure(paths)
    assert STRICT & f1.keys()
    assert all(f1[kind] >= 0.95 for kind in STRICT & f1.keys()), f1
    assert all(f1[kind] >= 0.85 for kind in LOOSE & f1.keys()), f1
    assert roles >= 0.95


@pytest.mark.parametrize("language", ["en", "th", "de", "fr", "es", "ja", "tr"])
def test_every_language_alone_tells_official_from_malicious(language):
    paths = sorted(REPORTS.glob(f"{language}-*.json"))
    assert len(paths) >= 3
    assert measure(paths)[1] >= 0.9


@settings(max_examples=60)
@given(st.text(max_size=300))
def test_any_text_gives_indicators_that_stand_where_they_say(text):
    for indicator in scan(text):
        assert text[indicator.start : indicator.end] == indicator.raw
        assert registry.parse(indicator.entity.kind, indicator.entity.value) == indicator.entity
        assert indicator.role in {"indicator", "context"}
        assert indicator.reason
        assert len(indicator.context) <= 160
        assert "\n" not in indicator.context


HIDDEN = st.sampled_from(["\u200b", "\u00ad", "\u202e", "\ufeff"])


@given(HIDDEN, st.integers(1, 7))
def test_hidden_characters_hide_nothing(character, at):
    domain = "evil.com"
    text = f"phishing at {domain[:at]}{character}{domain[at:]} today"
    (indicator,) = scan(text)
    assert indicator.entity.value == domain
    assert indicator.raw.replace(character, "") == domain


@pytest.mark.parametrize(
    "style",
    [
        "evil[.]com",
        "evil(.)com",
        "evil[dot]com",
        "evil{.}com",
        "evil [.] com",
        "+evil[.]com+",
        "`evil.com`",
        "evil . com",
        "ｅｖｉｌ．ｃｏｍ",
        "evil[.com",
        "evil\\.com",
        "«evil.com»",
        "「evil.com」",
        "evil.com…",
        "evil.com。",
        "(evil.com)",
        "evil.com'dan",
        "evil.com-Webseite",
        "เว็บไซต์evil.comและ",
        "偽サイトevil.comです",
        "|evil.com|",
        "EVIL.COM",
        "evil.com:8080",
    ],
)
def test_a_domain_is_found_in_every_dress(style):
    assert values(f"phishing: {style} !", "domain-name") == ["evil.com"]


@pytest.mark.parametrize(
    "text",
    [
        "open scam.php now",
        "see readme.txt",
        "invoice.zip attached",
        "run payload.sh",
        "in README.md",
        "cmd.exe",
        "main.py",
        "System.IO",
        "node.js",
        "uses System.Net",
        "Win32/Turla.AN",
        "MSIL/Agent.CC",
        "version 1.2.3.4",
        "v1.2.3.4",
        "Chrome/49.0.26.112",
        "ASP.NET",
        "C:\\Users\\a\\main.rs",
        "file named update.app",
        "12.03.2024",
        "10:30:45",
        "1,250,000 victims",
        "e.g. this",
        "a@b",
        "@",
        "...",
    ],
)
def test_files_versions_code_and_dates_are_no_hosts(text):
    assert not {i.entity.kind for i in scan(text + " in the malware report")} & {
        "domain-name",
        "url",
        "ipv4-addr",
        "phone-number",
    }


@pytest.mark.parametrize(
    "text",
    [
        "the domain evil.zip",
        "visit evil.sh",
        "evil[.]py",
        "www.evil.md",
        "https://evil.rs/",
        "C2 server evil.cc",
    ],
)
def test_a_word_about_networks_makes_a_host_of_a_file_name(text):
    assert {i.entity.kind for i in scan(text)} <= {"domain-name", "url"}
    assert scan(text)


def test_a_host_of_a_url_or_email_is_not_reported_again():
    kinds = [i.entity.kind for i in scan("phishing https://evil.com/a and bob@evil.org")]
    assert kinds == ["url", "email-addr"]


def test_digests_wallets_transactions_and_tox_are_told_apart():
    tox = "7367B422CD7498D5F2AAF33F58F67A332F8520CF0279A5FBB4611E0121AE421AE1D49ACEABB2"
    digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    assert values("sample " + "7d99e7ad21b54f07e857fc06e54425cd17de3003", "file") == [
        "sha1:7d99e7ad21b54f07e857fc06e54425cd17de3003"
    ]
    assert values(f"hash {digest}", "file") == [f"sha256:{digest}"]
    assert values(f"txid: {digest}", "crypto-transaction") == [digest]
    assert values(f"0x{digest}", "crypto-transaction") == [f"0x{digest}"]
    assert values(tox, "user-account") == [f"tox:{tox.lower()}"]
    assert values("session 05" + digest, "user-account") == [f"session:05{digest}"]
    assert values("Your ID: 5d41402abc4b2a76b9719d911017c592", "file") == []
    assert values("0xd0cc2b24980cbcca47ef755da88b220a82291407", "crypto-address")


def test_an_address_with_a_broken_checksum_is_no_wallet():
    assert values("pay 1AfroW44dzHkjgbLEMLB3EvGDFegfkRewN", "crypto-address") == []
    assert values("SOL wallet AbsW4eYQ4PMgrQipKE8jaHGyHzNtcyKstoWGurmB2a2B", "crypto-address")
    assert values("key AbsW4eYQ4PMgrQipKE8jaHGyHzNtcyKstoWGurmB2a2B", "crypto-address") == []


@pytest.mark.parametrize(
    ("text", "account"),
    [
        ("LINE ID: evil99", "line:evil99"),
        ("LINE: @evil99", "line:evil99"),
        ("ไลน์ไอดี evil99", "line:evil99"),
        ("แอดไลน์ @evil99", "line:evil99"),
        ("Line Official @evil99", "line:evil99"),
        ("LINE ID「evil99」", "line:evil99"),
        ("Telegram: @evil99", "telegram:evil99"),
        ("@evil99 (Telegram)", "telegram:evil99"),
        ("t.me/evil99", "telegram:evil99"),
        ("Telegram-Kanal @evil99", "telegram:evil99"),
        ("cuenta de Instagram @evil99", "instagram:evil99"),
        ("@evil99 sur Telegram", "telegram:evil99"),
        ("Telegram hesabı @evil99", "telegram:evil99"),
        ("X/Twitter @evil99", "twitter:evil99"),
        ("Twitter (@evil99)", "twitter:evil99"),
        ("TikTok: @evil99", "tiktok:evil99"),
        ("WeChat ID: evil99", "wechat:evil99"),
        ("เพจ “ดี มาก”", "facebook:ดี มาก"),
        ('Facebook page "Evil Co"', "facebook:evil co"),
        ("page Facebook « Evil Co »", "facebook:evil co"),
        ("Facebook-Seite „Evil Co“", "facebook:evil co"),
        ("WhatsApp: +44 7911 123456", "whatsapp:+447911123456"),
        ("jabber evil99@exploit.im", "jabber:evil99@exploit.im"),
    ],
)
def test_an_account_is_found_by_the_words_of_seven_languages(text, account):
    assert account in values(text, "user-account")


@pytest.mark.parametrize(
    "text",
    [
        "ออนไลน์ @home",
        "オンライン @home",
        "line up here",
        "telegram was used",
        "Facebook and Telegram",
        "an x in a box",
    ],
)
def test_a_platform_without_a_handle_is_no_account(text):
    assert values(text, "user-account") == []


@pytest.mark.parametrize(
    ("text", "language", "number"),
    [
        ("โทร 081-234-5678", "th", "+66812345678"),
        ("โทร. 0-2645-9000-19", "th", "+6626459000"),
        ("สายด่วน 1441 หรือ 1599", "th", "th:1599"),
        ("Tel. 030/12345678", "de", "+493012345678"),
        ("le 06 12 34 56 78", "fr", "+33612345678"),
        ("teléfono 611 223 344", "es", "+34611223344"),
        ("電話 03-1234-5678", "ja", "+81312345678"),
        ("電話は０９０－１２３４－５６７８です", "ja", "+819012345678"),
        ("0532 111 22 33 numaralı", "tr", "+905321112233"),
        ("call (202) 456-1111", "en", "+12024561111"),
        ("+66 81 234 5678", "en", "+66812345678"),
    ],
)
def test_a_phone_number_is_read_as_its_readers_write_it(text, language, number):
    assert number in [i.entity.value for i in scan(text, lang_hint=language)]


@pytest.mark.parametrize(
    "text",
    [
        "เลขบัญชี 123-4-56789-0",
        "account 081-234-5678",
        "IBAN DE89 3704 0044 0532 0130 00",
        "2024-03-12",
        "12 345 678 €",
        "CVE-2021-44228",
    ],
)
def test_account_numbers_dates_and_amounts_are_no_phones(text):
    assert values(text, "phone-number") == []


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("The fake website evil.com copies the official website bank.com.", ["indicator", "context"]),
        ("The official website is bank.com. The phishing site is evil.com.", ["context", "indicator"]),
        ("evil.com is a phishing site.", ["indicator"]),
        ("evil.com is not the official website.", ["indicator"]),
        ("Nice shops: shop.com and other.com", ["indicator", "indicator"]),
        (
            "A walk through the hills of the north. " * 50 + "Nice shops: shop.com and a.com",
            ["context", "context"],
        ),
        ("Malware found. Source: https://blog.example.org/x", ["context"]),
        ("The hacked site moph.go.th served malware", ["indicator"]),
        ("Malware was reported to cyber.go.th", ["context"]),
        ("Scam! เว็บปลอม evil.com ส่วนเว็บไซต์จริงคือ bank.com", ["indicator", "context"]),
        ("## Official contacts\n- bank.com\n\n## Phishing\n- evil.com", ["context", "indicator"]),
    ],
)
def test_roles_follow_what_the_sentence_or_section_says(text, roles):
    assert [indicator.role for indicator in scan(text)] == roles


@pytest.mark.parametrize(
    "unit",
    [
        ".",
        "@",
        "[",
        "a1",
        "a.",
        "a-",
        "1 ",
        "a@",
        "\n",
        "ก",
        "line id ",
        "http://",
        "เพจ “",
        "1.",
        ":",
        "ab:",
        "[.]a",
        "โทร ",
        "tel 1",
        "#\n",
        "ü.",
        '"',
        "/",
        "((",
        "fake ",
    ],
)
def test_hostile_repetition_ends(unit):
    text = unit * (120_000 // len(unit))
    assert len(scan(text)) <= len(text)


def test_more_than_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr(scanner, "LARGEST", 10)
    with pytest.raises(TooLargeError, match="at most"):
        scan("x" * 11)


@given(st.text(alphabet="ab.[]() \u200bｅ\n", max_size=60))
def test_every_offset_of_the_view_leads_back_into_the_text(text):
    view = View(text)
    offsets = [view.origin(at) for at in range(len(view.text) + 1)]
    assert offsets == sorted(offsets)
    assert len(view.low) == len(view.text)
    assert all(0 <= at <= len(text) for at in offsets)


def test_the_ransom_notes_of_the_corpus_yield_their_contacts():
    folder = CORPUS / "ransom-notes"
    if not folder.is_dir():
        pytest.skip(f"no corpus at {folder}")
    note = (folder / "ryuk").glob("*.txt")
    text = "\n".join(path.read_text("utf-8", "replace") for path in note)
    kinds = {indicator.entity.kind for indicator in scan(text)}
    assert "email-addr" in kinds
