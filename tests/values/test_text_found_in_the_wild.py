"""What reports really hold: glued scripts, wrapped codes, release numbers, messengers' own addresses."""

from __future__ import annotations

import pytest

from chokepoint.values.text import scan

XMR = "49HqitRzdnhYjgTEAhgGpCfsjdTeMbUTU6cyR4JV1R7k2Eej9rGT8JpFiYDa4tZM6RZiFrHmMzgSrhHEqpDYKBe5B2ufNsL"
SOLANA = "AbsW4eYQ4PMgrQipKE8jaHGyHzNtcyKstoWGurmB2a2B"
SHA256 = "b392c97ea5a1b1db8d034935961a7698df184f5ff2c3e825431890e6da01a7e1"


def found(text, lang=""):
    return [tuple(one.entity) for one in scan(text, lang_hint=lang)]


def kinds(text):
    return {kind for kind, _ in found(text)}


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("検体は139[.]180[.]203[.]41と通信します", ["139.180.203.41"]),
        ("通信先は45.76.209.150です", ["45.76.209.150"]),
        ("เซิร์ฟเวอร์156.67.221.9ตั้งอยู่", ["156.67.221.9"]),
        ("服务器1.2.3.4和5.6.7.8", ["1.2.3.4", "5.6.7.8"]),
    ],
    ids=["japanese-defanged", "japanese", "thai", "chinese"],
)
def test_an_address_stands_between_letters_that_need_no_blank(text, addresses):
    assert [value for kind, value in found(text) if kind == "ipv4-addr"] == addresses


@pytest.mark.parametrize(
    "text",
    [
        "Versionen vor 22.7.2.6 sind betroffen",
        "versions prior to 7.4.4.1 are affected",
        "versions antérieures à 7.4.4.1",
        "The assembly version is 1.0.14.2.",
        "Version de l'outil : 1.9.0.44",
        "la versión de ensamblado 1.0.0.17",
        "รุ่นล่าสุดคือ 5.12.0.3",
        "PTT_Kargo.apk (3.2.0.11 sürümü)",
        "`Costura.Fody` 5.7.0.1 is used",
        "X-Mailer: Sendmail.NET 5.3.1.2",
        "バージョンは4.8.1.2です",
        "build 3.4.5.6",
        "Chrome 120.0.6099.109",
    ],
)
def test_the_number_of_a_release_is_no_address(text):
    assert "ipv4-addr" not in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "the new version calls home to 91.2.3.4",
        "version 2 of the kit reports to server 91.2.3.4",
        "The version differs. 91.2.3.4 is its server",
        "samples of version 3 contact 91.2.3.4:443",
    ],
)
def test_a_version_that_is_only_spoken_of_hides_no_address(text):
    assert ("ipv4-addr", "91.2.3.4") in found(text)


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("certificate for *.alphatrade24.io", "alphatrade24.io"),
        ("a wildcard *.a.evil-shop.com record", "a.evil-shop.com"),
        ("サイト evil-shop.com(全角)", "evil-shop.com"),
        ("2. login．sankaku-direct．com（全角で表示）", "login.sankaku-direct.com"),
    ],
)
def test_a_host_is_found_behind_a_star_and_before_a_wide_bracket(text, host):
    assert found(text) == [("domain-name", host)]


@pytest.mark.parametrize(
    "text",
    ["el paquete com.prestofacil.mx", "org.telegram.messenger.web", "if (location.host == x)", "document.title.trim()", "d.style.top = 3", "window.open(x)", "evil.call(x)"],
)  # fmt: skip
def test_packages_and_members_of_programs_are_no_hosts(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("(https://www.cnmv.es/portal/advertencias).El mismo", "https://www.cnmv.es/portal/advertencias"),
        ("[x](https://evil.com/a/b).Next", "https://evil.com/a/b"),
        ("(https://evil.com/a_(b)).Next", "https://evil.com/a_(b)"),
        ("https://evil.com/a.Next", "https://evil.com/a.Next"),
    ],
)
def test_an_address_in_brackets_ends_with_its_sentence_even_without_a_blank(text, address):
    assert found(text) == [("url", address)]


@pytest.mark.parametrize(
    ("text", "accounts"),
    [
        ("contact tg://resolve?domain=jl_security", ["telegram:jl_security"]),
        ("contact tg:resolve?domain=jl_security&x=1", ["telegram:jl_security"]),
        ("add line://ti/p/~jane_siam", ["line:jane_siam"]),
        ("add line://ti/p/@shop99", ["line:shop99"]),
        ("chat whatsapp://send?phone=447911123456", ["whatsapp:+447911123456"]),
    ],
)
def test_an_address_that_opens_a_messenger_names_an_account(text, accounts):
    assert [value for kind, value in found(text) if kind == "user-account"] == accounts


def test_a_link_to_a_chat_names_its_telephone_too():
    assert set(found("write https://wa.me/34644718290")) == {
        ("url", "https://wa.me/34644718290"),
        ("user-account", "whatsapp:+34644718290"),
        ("phone-number", "+34644718290"),
    }


@pytest.mark.parametrize(
    ("text", "account"),
    [
        ("grâce à @hacker_pro sur insta", "instagram:hacker_pro"),
        ("write @hacker_pro on tg", "telegram:hacker_pro"),
        ("Sur X, notre seul compte est @BanqueRhodane", "twitter:banquerhodane"),
        ("Auf X, nur @BankHaus", "twitter:bankhaus"),
        ("Xの募集垢は@white_an_ken", "twitter:white_an_ken"),
        ("公式LINEは@sankakubankです", "line:sankakubank"),
        ("LINEグループの先生のIDはmori_sensei777、", "line:mori_sensei777"),
        ("ไลน์ @siam168vip กับ ID: jane_siam ค่ะ", "line:jane_siam"),
        ("ให้ติดต่อไลน์hr.hailongหรือโทร", "line:hr.hailong"),
        ("วีแชทนายทุน dragon_wei668", "wechat:dragon_wei668"),
        ("por WeChat como lao_k_2020", "wechat:lao_k_2020"),
        ("y por Discord como kcapataz#4471", "discord:kcapataz#4471"),
        ("[t.me/quetzal](https://t.me/quetzal) y atiende como @quetzal_adm.", "telegram:quetzal_adm"),
        ("[09:03] Telegram @finanz_mentor\n[09:05] bis Januar @lukas_kapital", "telegram:lukas_kapital"),
    ],
)
def test_a_handle_is_read_by_the_platform_that_its_line_or_talk_names(text, account):
    assert ("user-account", account) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        'Telegram - grupo "OSINT"',
        "Telegram canal",
        "Telegram @finanz\n\n\n\nund viel später @lukas",
        "the customer ID: abcdef_12",
        "ออนไลน์hr.shop",
        "Discord como siempre",
    ],
)
def test_a_word_that_only_stands_near_a_platform_is_no_handle(text):
    assert not [value for kind, value in found(text) if kind == "user-account" and value != "telegram:finanz"]


@pytest.mark.parametrize(
    "gap", ["\n", "\n      ", " \n  ", "\n| "], ids=["break", "indented", "blank-break", "cell"]
)
def test_a_wallet_that_a_line_breaks_is_whole_by_its_checksum(gap):
    for at in (40, 47, 60):
        assert found(f"XMR {XMR[:at]}{gap}{XMR[at:]}") == [("crypto-address", XMR)]


def test_two_lines_that_are_no_wallet_together_stay_two_lines():
    text = f"{XMR[:47]}\n{XMR[46:]}"
    assert found(text) == []


@pytest.mark.parametrize("gap", ["\n", " ", "\n  "], ids=["break", "blank", "indented"])
def test_a_digest_that_a_column_breaks_is_whole_where_a_word_names_it(gap):
    text = f"SHA256 {SHA256[:32]}{gap}{SHA256[32:]}"
    assert found(text) == [("file", f"sha256:{SHA256}")]


def test_two_digests_in_two_columns_stay_two():
    one, two = SHA256[:32], SHA256[32:]
    assert found(f"first {one} second {two}") == [("file", f"md5:{one}"), ("file", f"md5:{two}")]


@pytest.mark.parametrize(
    "text",
    [f"{SOLANA} (SOL)", f"Solana: {SOLANA}", f"Solana\n{SOLANA}", f"SOL {SOLANA}", f"ส่งเข้าโซลานา {SOLANA}"],
    ids=["behind", "before", "line-above", "code", "thai"],
)
def test_a_solana_address_is_read_where_words_beside_it_say_so(text):
    assert ("crypto-address", SOLANA) in found(text)


def test_a_solana_key_without_a_word_is_no_address():
    assert found(f"key {SOLANA}") == []


@pytest.mark.parametrize(
    ("text", "lang", "number"),
    [
        pytest.param("電話：03-6811-0610", "ja", "+81368110610", id="wide-colon"),
        pytest.param("Tel:030/12345678", "de", "+493012345678", id="colon"),
        pytest.param("mit der Rufnummer\n0511 89746120 an", "de", "+4951189746120", id="label-above"),
        pytest.param("Telefon\n  0511 9873-0.", "de", "+4951198730", id="label-above-indented"),
        pytest.param("1. 0033 7 56 91 83 40\n2. 0033 7 56 91 83 41", "fr", "+33756918341", id="list"),
        pytest.param("desde +52 1 55 4182 7730", "es", "+525541827730", id="old-mexican-mobile"),
        pytest.param("444 0 333'ü arayın", "tr", "+904440333", id="turkish-444"),
    ],
)
def test_a_phone_number_is_read_in_the_layouts_of_reports(text, lang, number):
    assert ("phone-number", number) in found(text, lang)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("第0318-2025-07号", "ja"),
        ("受付番号は20241108-77-4410です", "ja"),
        ("末尾が0110の番号", "ja"),
        ("numbers ending in 0110", "en"),
        ("会員番号 090-1234-5678", "ja"),
    ],
)
def test_numbers_of_documents_and_endings_of_numbers_are_no_phones(text, lang):
    assert not [value for kind, value in found(text, lang) if kind == "phone-number"]
