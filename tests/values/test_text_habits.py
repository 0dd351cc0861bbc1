"""How people write identifiers in the wild, a habit at a time, and what only looks like one."""

import pytest

from chokepoint.values.text import scan


def found(text):
    return [tuple(one.entity) for one in scan(text)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("write to bob at evil dot com today", "bob@evil.com"),
        ("escribe a bob arroba evil punto com", "bob@evil.com"),
        ("écrire à bob arobase evil point fr", "bob@evil.fr"),
        ("mail: bob.x @ evil.com", "bob.x@evil.com"),
        ("bob{at}evil{dot}com", "bob@evil.com"),
        ("bob[ät]evil[punkt]de", "bob@evil.de"),
        ("bob(แอท)evil(จุด)com", "bob@evil.com"),
        ("bob&#64;evil&#46;com", "bob@evil.com"),
        ("ｂｏｂ＠ｅｖｉｌ．ｃｏｍ", "bob@evil.com"),
        ("bob@ev\u200bil.com", "bob@evil.com"),
        ("<bob@evil.com>,", "bob@evil.com"),
    ],
)
def test_a_mailbox_is_read_however_it_is_hidden(text, value):
    assert ("email-addr", value) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "dinner @ example.com tonight",
        "Message-ID: <2024@mail.evil.com>",
        "References: <a1@mx.evil.com>",
        "meet at noon dot dot dot",
    ],
)
def test_what_is_no_mailbox_is_none(text):
    assert not [value for kind, value in found(text) if kind == "email-addr"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("visit the website evil-shop dot online now", "evil-shop.online"),
        ("la web gana99 punto net", "gana99.net"),
        ("scb-เงินกู้.com", "xn--scb--8do9a4i5iubxdtf.com"),
        ("募集サイトはevil.work。", "evil.work"),
        ("our e-mails come from @bank.com", "bank.com"),
        ("lost money at evil.app yesterday", "evil.app"),
        ("voir correos-envio.es)", "correos-envio.es"),
        ("update.evil.cc", "update.evil.cc"),
        ("host login.bank.example", "login.bank.example"),
    ],
)
def test_a_host_is_read_however_it_is_written(text, value):
    assert ("domain-name", value) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "the dot com bubble",
        "LINE ID: shop.th",
        "line id ： my_shop.th",
        "loader-2.1.0.7.zip",
        "release 22.0.0.0 is out",
        "Office 16.0.1.2",
        "value = object.name;",
    ],
)
def test_what_only_looks_like_a_host_or_address_is_none(text):
    kinds = {kind for kind, _ in found(text)}
    assert not kinds & {"domain-name", "url", "ipv4-addr"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ไอดีไลน์ mayjob_2", "line:mayjob_2"),
        ("LINEの「@brand90」", "line:brand90"),
        ("LINE Official: @scb", "line:scb"),
        ("Telegram lucia_vip22", "telegram:lucia_vip22"),
        ("Instagram id - priya.trades", "instagram:priya.trades"),
        ("X handle @evil_x", "twitter:evil_x"),
        ("ig den yaz @merve_b", "instagram:merve_b"),
        ("インスタの@yuki_jp", "instagram:yuki_jp"),
        ("Skype ID live:.cid.evil", "skype:live:.cid.evil"),
        ("whatsapp +44 7911 123456", "whatsapp:+447911123456"),
        ("WhatsApp'tan +90 541 222 33 44", "whatsapp:+905412223344"),
    ],
)
def test_an_account_is_read_where_its_platform_is_named(text, value):
    assert ("user-account", value) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "https://t.me/+AbCdEf123456",
        "https://t.me/joinchat/AAAAAE",
        "telegram said so",
        "Telegram v8.4.2",
        "instagram reels",
        "ออนไลน์ shop_99",
    ],
)
def test_an_invitation_or_a_plain_word_is_no_account(text):
    assert not [value for kind, value in found(text) if kind == "user-account"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("โทร ๐๘๑-๑๑๑-๒๒๒๒", "+66811112222"),
        ("電話 ０８０−１２３４−５６７８ です", "+818012345678"),
        ("電話 ０８０ー１２３４ー５６７８ です", "+818012345678"),
        ("call +44 7700 900122", "+447700900122"),
        ("Texts came from 447911 123456 in the UK", "+447911123456"),
        ("phone 9123 4567 (SG)", "+6591234567"),
        ("rief von 044 668 18 00 an, siehe sbb.ch, admin.ch und twint.ch", "+41446681800"),
        ("Lima, Perú: celular 987 654 321, www.policia.gob.pe", "+51987654321"),
        ("appelez le 06 39 98 12 34", "+33639981234"),
        ("0212 555 01 23'ten arandı", "+902125550123"),
        ("victims were called from 98765 43210 in Mumbai, see cybercrime.gov.in", "+919876543210"),
    ],
)
def test_a_phone_number_is_read_as_its_country_writes_it(text, value):
    assert ("phone-number", value) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "on 12.03.2024 at 10:30",
        "parcel TH012345678901A",
        "account 123-4-56789-0",
        "€ 1.250.000,00",
        "IMEI 356938035643809",
        "since 2019-2024",
    ],
)
def test_what_is_no_phone_number_is_none(text):
    assert not [value for kind, value in found(text) if kind == "phone-number"]


def test_one_more_of_a_list_of_transactions_is_no_digest():
    first, second, digest = "ab12cd78" * 8, "cd34ab90" * 8, "ef56ab12" * 8
    text = f"two tx: {first}, {second}. The sample has SHA256 {digest}"
    assert [kind for kind, _ in found(text)] == ["crypto-transaction", "crypto-transaction", "file"]


def test_the_path_of_a_page_drawn_in_the_browser_is_kept_and_an_anchor_is_not():
    assert found("https://evil.com/#/login?c=1 https://bad.com/a#top") == [
        ("url", "https://evil.com/#/login?c=1"),
        ("url", "https://bad.com/a"),
    ]


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Scam alert. The official site is bank.com, not bank.co.", ["context", "indicator"]),
        ("fake.com imitates TWINT (real site: twint.ch)", ["indicator", "context"]),
        (
            "Call +44 20 7946 0958 (the bank's real number) or the scam line +44 161 850 9921",
            ["context", "indicator"],
        ),
        ("เว็บปลอม evil.com ส่วนธนาคารใช้ bank.co.th เท่านั้น", ["indicator", "context"]),
        (
            "Phishing at evil.com.\nContact the police: a@police.gov.uk or 0300 123 2040",
            ["indicator", "context", "context"],
        ),
        ("The scam site is evil.com.\n\nBank press office\nContact: pr@bank.com", ["indicator", "context"]),
    ],
    ids=["negation", "brackets-of-another", "own-brackets", "thai-only", "beside-public", "closing"],
)
def test_official_contacts_are_told_from_malicious_ones(text, roles):
    assert [one.role for one in scan(text)] == roles
