"""Accounts that words name, in seven languages: labels, separators, pages by name, and words that are none."""

from __future__ import annotations

import pytest

from chokepoint.values.text import scan


def accounts(text):
    return [one.entity.value for one in scan(text) if one.entity.kind == "user-account"]


LABELS = {
    "telegram": ["Telegram: @{}", "Telegram @{}", "on Telegram (@{})", "Telegram-Kanal @{}", "canal de Telegram @{}", "compte Telegram @{}", "Telegram kanalı @{}", "เทเลแกรม @{}", "テレグラム「@{}」", "@{} on Telegram", "@{} auf Telegram", "@{} sur Telegram", "@{} en Telegram", "Telegram ID {}", "TG: @{}"],
    "line": ["LINE ID: {}", "LINE ID {}", "Line @{}", "ไลน์ไอดี {}", "ไอดีไลน์ {}", "แอดไลน์ @{}", "LINE公式アカウント「@{}」", "ラインID：{}", "LINE Official: @{}", "LINE OA @{}", "ID LINE: {}"],
    "instagram": ["Instagram: @{}", "Instagram @{}", "IG: @{}", "insta @{}", "cuenta de Instagram @{}", "Instagram hesabı @{}", "インスタグラム @{}", "อินสตาแกรม @{}", "Instagram account {}"],
    "twitter": ["Twitter: @{}", "X: @{}", "X (@{})", "X/Twitter @{}", "X account @{}", "Xアカウント @{}", "ทวิตเตอร์ @{}", "Twitter handle {}", "compte X @{}"],
    "tiktok": ["TikTok: @{}", "TikTok @{}", "ติ๊กต็อก @{}", "TikTok-Konto @{}"],
    "wechat": ["WeChat ID: {}", "WeChat: {}", "微信：{}", "วีแชท {}"],
    "skype": ["Skype: {}", "Skype ID {}", "Skype-Name: {}"],
    "discord": ["Discord: {}", "Discord user {}"],
    "snapchat": ["Snapchat: {}", "Snapchat @{}"],
}  # fmt: skip
CASES = [
    pytest.param(platform, form, id=f"{platform}-{at}")
    for platform, forms in LABELS.items()
    for at, form in enumerate(forms)
]


@pytest.mark.parametrize(("platform", "form"), CASES)
def test_a_handle_is_read_behind_and_before_its_platforms_name(platform, form):
    assert accounts(form.format("evil_shop99")) == [f"{platform}:evil_shop99"]


@pytest.mark.parametrize(("platform", "form"), CASES[::3])
@pytest.mark.parametrize("end", [".", ",", ")", "、", "。", " และ", " und mehr", "\n"])
def test_a_handle_ends_with_its_sentence(platform, form, end):
    assert accounts(form.format("evil_shop99") + end) == [f"{platform}:evil_shop99"]


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ('Facebook page "Evil Co"', "evil co"),
        ("Facebook page: Evil Co, see below", "evil co"),
        ("the Facebook group “Quick Loans”", "quick loans"),
        ("page Facebook « Crédit Rapide »", "crédit rapide"),
        ("la página de Facebook «Dinero Ya»", "dinero ya"),
        ("Facebook-Seite „Schnelles Geld“", "schnelles geld"),
        ("เพจ “เงินด่วน”", "เงินด่วน"),
        ("เพจเฟซบุ๊กชื่อ “เงินด่วน ทันใจ”", "เงินด่วน ทันใจ"),
        ("Facebookページ「即日融資」", "即日融資"),
        ("“Hızlı Kredi” adlı Facebook sayfası", "hızlı kredi"),
    ],
)
def test_a_page_is_read_by_its_name(text, page):
    assert accounts(text) == [f"facebook:{page}"]


@pytest.mark.parametrize(
    "text",
    [
        "online @home",
        "ออนไลน์ @home",
        "オンライン @home",
        "deadline @noon",
        "the line was cut",
        "line up at the door",
        "Telegram was used by the group",
        "über Telegram und WhatsApp",
        "sur Telegram et Instagram",
        "por Telegram y por correo",
        "Telegram üzerinden",
        "Telegramで連絡",
        "an x in the box",
        "the signal was lost",
        "wire transfer",
        "Facebook page of the police",
        "session key 123",
        "Discord servers",
        "Instagram and TikTok videos",
        "follow us @",
        "email me @ noon",
        "@",
        "@@@@",
        "a@b",
        "WeChat pay",
        "LINE official account",
        "Skype for Business",
        "twitter.com",
    ],
)
def test_a_platform_that_is_only_spoken_of_is_no_account(text):
    assert accounts(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Telegram @one_evil and @two_evil", ["telegram:one_evil", "telegram:two_evil"]),
        ("Telegram @one_evil, Instagram @two_evil", ["telegram:one_evil", "instagram:two_evil"]),
        ("IG: @one_evil / TikTok: @two_evil", ["instagram:one_evil", "tiktok:two_evil"]),
        ("LINE ID: one_evil, two_evil@shop.com", ["line:one_evil"]),
        ("@one_evil on Telegram and @two_evil on Instagram", ["telegram:one_evil", "instagram:two_evil"]),
        ("Telegram: @one_evil\n\n\n\nmail: x@evil.com", ["telegram:one_evil"]),
    ],
    ids=["list", "two-platforms", "slash", "mailbox", "behind", "mail"],
)
def test_several_handles_each_have_their_platform(text, found):
    assert accounts(text) == found


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("jabber: bob@exploit.im", "jabber:bob@exploit.im"),
        ("XMPP bob@exploit.im", "jabber:bob@exploit.im"),
        ("follow @bob@infosec.exchange", "mastodon:bob@infosec.exchange"),
        ("Session 05" + "ab" * 32, "session:05" + "ab" * 32),
        ("WhatsApp +44 7911 123456", "whatsapp:+447911123456"),
        ("WhatsApp: 07911 123456 (UK, London, British police)", "whatsapp:+447911123456"),
        ("ICQ: 123456789", "icq:123456789"),
        ("QQ：123456789", "qq:123456789"),
    ],
)
def test_accounts_of_other_forms_are_read_by_their_form_and_word(text, value):
    assert value in accounts(text)


@pytest.mark.parametrize("mark", ["<", "\u202e", "\x00"], ids=["tag", "override", "nul"])
def test_a_hostile_mark_ends_a_handle_and_is_never_part_of_it(mark):
    for value in accounts(f"Telegram: @evil_shop{mark}script"):
        assert mark not in value
