"""A name in letters and the same name in punycode are one identity, wherever a host may stand."""

from __future__ import annotations

import idna
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.errors import NotValidError
from chokepoint.model.identity import Entity
from chokepoint.model.said import Said
from chokepoint.values import host, registry
from chokepoint.values.text import scan

PAIRS = {
    "german": ("müller-bank.de", "xn--mller-bank-9db.de"),
    "sharp-s": ("straße.de", "xn--strae-oqa.de"),
    "french": ("société-générale.fr", "xn--socit-gnrale-eebbcb.fr"),
    "spanish": ("españa-ayuda.es", "xn--espaa-ayuda-4db.es"),
    "turkish": ("türkiye-kargo.com", "xn--trkiye-kargo-dlb.com"),
    "thai": ("ธนาคาร.ไทย", "xn--42c3bd5b5db.xn--o3cw4h"),
    "japanese": ("例え.jp", "xn--r8jz45g.jp"),
    "katakana-suffix": ("ファッション.コム", "xn--bck1b9a5dre4c.xn--tckwe"),
    "cyrillic": ("пример.рф", "xn--e1afmkfd.xn--p1ai"),
    "greek": ("παράδειγμα.ελ", "xn--hxajbheg2az3al.xn--qxam"),
    "arabic": ("مثال.السعودية", "xn--mgbh0fb.xn--mgberp4a5d4ar"),
    "hindi": ("उदाहरण.भारत", "xn--p1b6ci4b4b3a.xn--h2brj9c"),
    "chinese": ("例子.中国", "xn--fsqu00a.xn--fiqs8s"),
    "korean": ("실례.com", "xn--9n2bp8q.com"),
    "subdomain": ("www.bücher.co.uk", "www.xn--bcher-kva.co.uk"),
}
ids = pytest.mark.parametrize(("letters", "ascii_name"), PAIRS.values(), ids=PAIRS)
unicode_labels = st.text(
    alphabet=st.sampled_from("abcdefghijklmnop0123456789äöüßéèñçğışøåλμпрстф日本語例えカナ한글"),
    min_size=1,
    max_size=12,
)


@ids
def test_the_pair_is_what_the_idna_library_makes_of_it(letters, ascii_name):
    assert idna.encode(letters).decode() == ascii_name


@ids
def test_a_domain_has_one_value_in_both_spellings(letters, ascii_name):
    wanted = Entity("domain-name", ascii_name)
    capitals = letters if "ß" in letters else letters.upper()  # SS is another host
    for spelling in (letters, ascii_name, capitals, ascii_name.upper(), f"{letters}."):
        assert registry.parse("domain-name", spelling) == wanted
        assert registry.detect(spelling) == wanted
        assert registry.query(spelling) == [wanted]


@ids
def test_a_web_address_a_mailbox_and_their_hosts_are_one_in_both_spellings(letters, ascii_name):
    for spelling in (letters, ascii_name):
        url = registry.parse("url", f"https://{spelling}/pay?x=1")
        assert url.value == f"https://{ascii_name}/pay?x=1"
        assert ("hosted-at", Entity("domain-name", ascii_name)) in registry.derived(url)
        mailbox = registry.parse("email-addr", f"bob@{spelling}")
        assert mailbox.value == f"bob@{ascii_name}"
        assert ("hosted-at", Entity("domain-name", ascii_name)) in registry.derived(mailbox)


@ids
def test_accounts_and_payment_handles_that_hold_a_host_are_one_in_both_spellings(letters, ascii_name):
    for kind, form in (
        ("user-account", "jabber:bob@{}"),
        ("user-account", "mastodon:bob@{}"),
        ("payment-handle", "paypal:bob@{}"),
        ("payment-handle", "skrill:bob@{}"),
        ("payment-handle", "wise:bob@{}"),
    ):
        spelled = {registry.parse(kind, form.format(one)).value for one in (letters, ascii_name)}
        assert spelled == {form.format(ascii_name)}


@ids
def test_a_text_that_names_both_spellings_names_one_domain(letters, ascii_name):
    text = f"The phishing site {letters} moved.\nIts punycode is {ascii_name}, say the police.\n"
    assert {tuple(one.entity) for one in scan(text)} == {("domain-name", ascii_name)}


@ids
def test_a_text_with_both_spellings_of_an_address_names_one_address(letters, ascii_name):
    text = f"open http://{letters}/login then http://{ascii_name}/login or mail bob@{ascii_name}"
    found = {tuple(one.entity) for one in scan(text)}
    assert found == {("url", f"http://{ascii_name}/login"), ("email-addr", f"bob@{ascii_name}")}


@ids
def test_the_letters_come_back_for_people(letters, ascii_name):
    assert host.unicode_host(ascii_name) == letters
    assert letters.replace(".", "[.]") in registry.show(Entity("domain-name", ascii_name))


@given(unicode_labels)
def test_any_label_and_its_punycode_have_one_normal_form(label):
    try:
        ascii_label = idna.encode(label, uts46=True).decode()
    except idna.IDNAError:
        return
    letters, punycode = f"{label}.com", f"{ascii_label}.com"
    assert host.parse_domain(letters) == host.parse_domain(punycode) == punycode
    assert host.parse_domain(host.unicode_host(punycode)) == punycode


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("mu\u0308ller.de", "xn--mller-kva.de"),
        ("MU\u0308LLER.DE", "xn--mller-kva.de"),
        ("ｍüller．ｄｅ", "xn--mller-kva.de"),
        ("mül\u200bler.de", "xn--mller-kva.de"),
        ("mül\u00adler[.]de", "xn--mller-kva.de"),
        ("müller。de", "xn--mller-kva.de"),
        ("müller｡de", "xn--mller-kva.de"),
        ("XN--MLLER-KVA.de", "xn--mller-kva.de"),
    ],
    ids=[
        "decomposed",
        "decomposed-capitals",
        "full-width",
        "zero-width",
        "soft-hyphen",
        "ideographic-dot",
        "half-width-dot",
        "capital-punycode",
    ],
)
def test_other_spellings_of_the_same_letters_are_the_same_host(written, value):
    assert registry.parse("domain-name", written).value == value
    assert registry.detect(written) == Entity("domain-name", value)


@pytest.mark.parametrize("text", ["mu\u0308ller.de", "e\u0301vil.com", "pen\u0303a.es", "a\u0323\u0302n.vn"])
def test_a_host_with_loose_accents_is_found_whole_in_a_text(text):
    (found,) = scan(f"fake shop at {text} today")
    assert found.entity == registry.parse("domain-name", text)
    assert found.raw == text


def test_loose_accents_over_no_letter_are_left_alone():
    assert [one.entity.value for one in scan("\u0301\u0301 evil.com .\u0301")] == ["evil.com"]


def test_a_full_stop_of_japanese_between_latin_letters_is_a_dot_and_elsewhere_a_stop():
    assert [one.entity.value for one in scan("偽サイト evil。com に注意")] == ["evil.com"]
    assert scan("偽サイトに注意。comは関係ない") == []


@pytest.mark.parametrize(
    ("label", "reason"),
    [
        ("a b", "label"),
        ("evil!", "label"),
        ("-", "label"),
        ("a\u0000b", "label"),
        ("ü" * 64, "63"),
        ("a\ud800b", "label"),
        ("\u0301", "label"),
        ("٪", "label"),
    ],
    ids=["space", "mark", "hyphen", "nul", "long", "surrogate", "accent-alone", "arabic-percent"],
)
def test_a_label_that_nobody_can_register_is_refused(label, reason):
    with pytest.raises(NotValidError, match=reason):
        host.ascii_host(f"{label}.com")


def test_pictures_are_labels_where_a_registry_sells_them():
    assert registry.parse("domain-name", "☃.net").value == "xn--n3h.net"
    assert host.unicode_host("xn--n3h.net") == "☃.net"
    assert [one.entity.value for one in scan("open http://i❤.ws/x")] == ["http://xn--i-7iq.ws/x"]


def test_a_picture_before_a_host_adorns_it():
    assert [one.entity.value for one in scan("✅evil.com 👉 bad-shop.com")] == ["evil.com", "bad-shop.com"]


@pytest.mark.parametrize("label", ["xn--", "xn--99999999999999", "xn--a", "xn---"])
def test_punycode_that_decodes_to_nothing_is_shown_as_it_is(label):
    assert host.unicode_host(f"{label}.com").endswith(".com")
    assert registry.show(Entity("domain-name", f"{label}.com")).startswith(f"{label}[.]com")


@pytest.mark.parametrize(
    ("fake", "real", "script"),
    [
        ("аррӏе.com", "apple.com", "Cyrillic and Latin"),
        ("раураӏ.com", "paypal.com", "Cyrillic and Latin"),
        ("gооgle.com", "google.com", "Cyrillic and Latin"),
        ("bаnk.co.th", "bank.co.th", "Cyrillic and Latin"),
        ("αmazon.com", "amazon.com", "Greek and Latin"),
        ("ｇｏｏｇｌｅ.com", None, ""),
    ],
)
def test_a_look_alike_is_another_host_and_its_script_is_named(fake, real, script):
    entity = registry.parse("domain-name", fake)
    if real is None:
        assert entity.value == "google.com"
        return
    assert entity != registry.parse("domain-name", real)
    assert entity.value.startswith("xn--")
    assert f"{script} letters" in registry.show(entity)


@pytest.mark.parametrize(
    ("name", "above"),
    [
        ("a.b.evil.com", "evil.com"),
        ("evil.com", ""),
        ("www.xn--mller-kva.de", "xn--mller-kva.de"),
        ("x.y.evil.co.th", "evil.co.th"),
        ("shop.wordpress.com", ""),
        ("a.shop.wordpress.com", "shop.wordpress.com"),
        ("deep.a.github.io", "a.github.io"),
        ("co.uk", ""),
    ],
)
def test_above_a_host_lies_what_somebody_registered(name, above):
    assert host.parent(name) == above


def test_a_name_of_253_characters_is_a_host_and_one_more_is_none():
    most = ".".join(["a" * 63] * 3 + ["b" * 57, "com"])
    assert len(most) == 253
    assert host.parse_domain(most) == most
    with pytest.raises(NotValidError, match="at most 253"):
        host.parse_domain("a." + most.replace("bb", "b", 1))
    with pytest.raises(NotValidError, match="at most 253"):
        host.parse_domain("a." * 5000 + "com")


def test_a_label_of_63_characters_is_one_and_one_more_is_none():
    assert host.parse_domain("a" * 63 + ".com") == "a" * 63 + ".com"
    with pytest.raises(NotValidError, match="no label"):
        host.parse_domain("a" * 64 + ".com")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("a..com", "an empty label is no part of a host name", id="empty"),
        pytest.param("-a-.com", "{label!r} is no label of a host name", id="strokes"),
    ],
)
def test_a_label_that_is_none_is_told_by_one_whole_message_that_faces_can_say(text, message):
    with pytest.raises(NotValidError) as refused:
        host.parse_domain(text)
    reason = refused.value.said[0]
    assert isinstance(reason, Said)
    assert reason.message == message
