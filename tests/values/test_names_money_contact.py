"""Names, money, contacts, digests, devices and documents."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.errors import NotValidError
from chokepoint.values import contact, digest, money, names, platforms, things


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Lazarus_Group", "lazarus group"),
        ("  APT-28 (Fancy  Bear) ", "apt 28 fancy bear"),
        ("Ｆｕｌｌ", "full"),
        ("GOLD™LOWELL", "goldtmlowell"),
        ("O'Neil", "oneil"),
        ("ติ๊กต็อก", "ติ๊กต็อก"),
        ("مُحَمَّد", "مُحَمَّد"),
        ("サイバー", "サイバー"),
        ("evil\u200bname", "evilname"),
        ("Straße", "strasse"),
    ],
)
def test_a_name_is_folded_and_keeps_the_marks_of_every_script(text, value):
    assert names.parse_name(text) == value


@given(st.text(min_size=1, max_size=60))
def test_a_normal_name_is_left_alone_and_case_never_matters(text):
    try:
        value = names.parse_name(text)
    except NotValidError:
        return
    assert names.parse_name(value) == value
    assert names.parse_name(f"__{text}  ") == value


@pytest.mark.parametrize("text", ["", "___", "!?", "\u200b", "x" * 2000])
def test_what_names_nothing_is_refused(text):
    with pytest.raises(NotValidError):
        names.parse_name(text)


def test_squashed_names_meet():
    assert names.squash("lazarus group") == names.squash("lazarusgroup") == "lazarusgroup"


@pytest.mark.parametrize(
    "value", ["agent", "loader", "apt", "x", "ab", "the bank", "1234", "admin user", "rat"]
)
def test_common_names_join_nothing(value):
    assert names.generic(value)


@pytest.mark.parametrize("value", ["lazarus group", "fin7", "wizard spider", "emotet", "น้ํา ตาล", "apt28"])
def test_telling_names_may_join(value):
    assert not names.generic(value)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("TH", "th"),
        ("tha", "th"),
        ("Thailand", "th"),
        ("UK", "gb"),
        ("Russian Federation", "ru"),
        ("Türkiye", "tr"),
        ("The Netherlands", "nl"),
        ("USA", "us"),
        ("Côte d'Ivoire", "ci"),
        ("South Korea", "kr"),
        ("iran", "ir"),
        ("Korea, North", "kp"),
        ("Congo, Democratic Republic of the", "cd"),
        ("Congo, Republic of the", "cg"),
        ("Bahamas, The", "bs"),
        ("Iran (Islamic Republic of)", "ir"),
        ("Venezuela (Bolivarian Republic of)", "ve"),
        ("North Macedonia, The Republic of", "mk"),
        ("State of Palestine", "ps"),
    ],
)
def test_a_country_is_its_code_from_code_or_name(text, code):
    assert names.parse_country(text) == code


@pytest.mark.parametrize("code", sorted(names.country_names()))
def test_every_country_parses_from_each_of_its_spellings(code):
    assert names.parse_country(code) == code
    assert names.parse_country(names.country_names()[code]) == code


@pytest.mark.parametrize(
    "text", ["Atlantis", "Paris, Texas", "Congo (Democratic Republic)", "Korea, East", ""]
)
def test_no_country_is_invented(text):
    """A town before a comma is no country, and one Congo is not taken for the other."""
    with pytest.raises(NotValidError):
        names.parse_country(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("DE89 3704 0044 0532 0130 00", "iban:DE89370400440532013000"),
        ("iban:gb29 nwbk 6016 1331 9268 19", "iban:GB29NWBK60161331926819"),
        ("th:Kasikornbank:123-4-56789-0", "th:kasikornbank:1234567890"),
    ],
)
def test_a_bank_account_is_an_iban_or_stands_with_its_bank(text, value):
    assert money.parse_bank_account(text) == value


@pytest.mark.parametrize("text", ["DE89370400440532013001", "1234567890", "zz:bank:12345678", "th::123456"])
def test_an_account_without_bank_or_with_bad_check_digits_is_refused(text):
    with pytest.raises(NotValidError):
        money.parse_bank_account(text)


@given(st.integers(10**11, 10**19 - 1))
def test_no_full_card_number_is_ever_kept(number):
    with pytest.raises(NotValidError) as refusal:
        money.parse_payment_card(str(number))
    assert str(number) not in str(refusal.value)


def test_a_card_is_its_first_six_and_last_four_digits():
    assert money.parse_payment_card("411111******1111") == "411111…1111"
    assert money.parse_payment_card("411111 xxxx 1111") == "411111…1111"
    with pytest.raises(NotValidError, match="full card numbers"):
        money.parse_payment_card("4111 1111 1111 1111")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("cashapp:Evil", "cashapp:$evil"),
        ("https://cash.app/$Evil", "cashapp:$evil"),
        ("https://paypal.me/Evil", "paypal:evil"),
        ("promptpay:081-234-5678", "promptpay:+66812345678"),
        ("upi:bob@okaxis", "upi:bob@okaxis"),
        ("perfectmoney:u1234567", "perfectmoney:U1234567"),
        ("WebMoney:Z123456789012", "webmoney:Z123456789012"),
    ],
)
def test_a_payment_handle_stands_with_its_service(text, value):
    assert money.parse_payment_handle(text) == value
    assert money.parse_payment_handle(value) == value


@pytest.mark.parametrize("text", ["evil", "nosuch:evil", "webmoney:12", "upi:bob"])
def test_a_payment_handle_of_no_service_is_refused(text):
    with pytest.raises(NotValidError):
        money.parse_payment_handle(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("+66 81 234 5678", "+66812345678"),
        ("0066812345678", "+66812345678"),
        ("th:081-234-5678", "+66812345678"),
        ("th:1441", "th:1441"),
        ("de:030 / 12345678", "+493012345678"),
        ("tel:+44 (0)20 7946 0018", "+442079460018"),
        ("＋８１９０１２３４５６７８", "+819012345678"),
        ("jp:#9110", "jp:#9110"),
    ],
)
def test_a_phone_number_is_international_or_a_short_code_of_its_country(text, value):
    assert contact.parse_phone(text) == value


@pytest.mark.parametrize("text", ["0812345678", "12", "+", "+1", "hello", "zz:12345678", "th:99"])
def test_a_phone_number_without_country_or_plan_is_refused(text):
    with pytest.raises(NotValidError):
        contact.parse_phone(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Twitter:@Evil_1", "twitter:evil_1"),
        ("https://x.com/Evil_1?lang=en", "twitter:evil_1"),
        ("https://t.me/s/evilchan", "telegram:evilchan"),
        ("https://www.facebook.com/profile.php?id=100012345678", "facebook:100012345678"),
        ("https://www.facebook.com/DESMonitor/", "facebook:desmonitor"),
        ("https://www.tiktok.com/@evil.one", "tiktok:evil.one"),
        ("https://youtube.com/channel/UCabc_123", "youtube:ucabc_123"),
        ("https://www.reddit.com/user/Evil/", "reddit:evil"),
        ("https://line.me/R/ti/p/@evil", "line:evil"),
        ("https://wa.me/66812345678", "whatsapp:+66812345678"),
        ("https://github.com/evil", "github:evil"),
        ("hxxps://vk[.]com/evil", "vk:evil"),
        ("ไลน์:evil99", "line:evil99"),
        ("facebook:Evil Page", "facebook:evil page"),
        ("discord:evil#1234", "discord:evil#1234"),
        ("jabber:Bob@Exploit.im", "jabber:bob@exploit.im"),
    ],
)
def test_an_account_is_platform_and_handle_from_text_or_profile(text, value):
    assert contact.parse_account(text) == value
    assert contact.parse_account(value) == value


@pytest.mark.parametrize(
    "text",
    [
        "evil",
        "nosuch:evil",
        "twitter:",
        "twitter:with space",
        "https://evil.com/abc",
        "https://twitter.com/home",
        "https://github.com/evil/repository",
        "https://facebook.com/sharer.php?u=x",
        "tox:" + "ab" * 38 + "",
        "session:ab",
    ],
)
def test_what_is_no_profile_or_handle_is_refused(text):
    if text.startswith("tox:") and contact.tox_holds("ab" * 38):
        text = "tox:" + "ab" * 37 + "cd"
    with pytest.raises(NotValidError):
        contact.parse_account(text)


def test_a_tox_identifier_must_carry_its_checksum():
    good = "7367b422cd7498d5f2aaf33f58f67a332f8520cf0279a5fbb4611e0121ae421ae1d49aceabb2"
    assert contact.parse_account("tox:" + good.upper()) == "tox:" + good
    with pytest.raises(NotValidError, match="checksum"):
        contact.parse_account("tox:0" + good[1:])


def test_every_platform_takes_a_handle_that_it_may_issue():
    for name, platform in platforms.by_name().items():
        assert platform.name in platforms.by_name()
        assert name == name.lower()


@given(st.binary(min_size=32, max_size=32))
def test_a_bare_digest_is_named_by_its_length(data):
    text = data.hex()
    assert digest.parse_file(text.upper()) == f"sha256:{text}"
    assert digest.parse_file(f"SHA-256:{text}") == f"sha256:{text}"
    assert digest.parse_file(text[:40]) == f"sha1:{text[:40]}"
    assert digest.parse_file(f"imphash:{text[:32]}") == f"imphash:{text[:32]}"


@pytest.mark.parametrize("text", ["", "xyz", "ab" * 17, "sha1:" + "ab" * 16, "ssdeep:abc", "g" * 32])
def test_what_is_no_digest_is_refused(text):
    with pytest.raises(NotValidError):
        digest.parse_file(text)


def test_a_similarity_digest_keeps_its_case():
    value = "ssdeep:96:Vsf5cHYSmnT:KgIS8"
    assert digest.parse_file(value) == value


def test_devices_and_documents_have_marks():
    assert things.parse_device("490154203237518") == "imei:490154203237518"
    assert things.parse_device("00-1A-2B-3C-4D-5E") == "mac:00:1a:2b:3c:4d:5e"
    assert things.parse_device("serial:ab 12") == "serial:ab 12"
    assert things.parse_document("TH:Passport:aa 1234567") == "th:passport:AA1234567"
    assert things.parse_document("aa1234567") == "AA1234567"
    for text in ("490154203237519", "mac:12", "x"):
        with pytest.raises(NotValidError):
            things.parse_device(text)
    for text in ("", "no", "a:b:c:d1234"):
        with pytest.raises(NotValidError):
            things.parse_document(text)
