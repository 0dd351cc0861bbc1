"""Every kind of the vocabulary parses, shows and refuses with a reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.errors import NotValidError
from chokepoint.model.identity import Entity
from chokepoint.model.vocabulary import vocabulary
from chokepoint.values import registry
from normal_forms import NORMAL


@pytest.mark.parametrize("kind", sorted(vocabulary().kinds))
def test_the_normal_form_of_every_kind_parses_to_itself(kind):
    value = NORMAL.get(kind, "lazarus group")
    assert registry.parse(kind, value) == Entity(kind, value)


@pytest.mark.parametrize("kind", sorted(vocabulary().kinds))
@given(text=st.text(max_size=60))
def test_parsing_any_text_gives_a_stable_normal_form_or_a_reason(kind, text):
    try:
        entity = registry.parse(kind, text)
    except NotValidError:
        return
    assert registry.parse(kind, entity.value) == entity
    assert registry.show(entity).isprintable()


@given(text=st.text(max_size=80))
def test_whatever_is_detected_parses_to_the_same_entity(text):
    found = registry.detect(text)
    if found:
        assert registry.parse(found.kind, found.value) == found


@given(text=st.text(max_size=80))
def test_a_query_never_fails_on_bare_text(text):
    if text.partition(":")[0] in vocabulary().kinds:
        return
    assert all(isinstance(entity, Entity) for entity in registry.query(text))


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("evil.com", "domain-name", "evil.com"),
        ("  Evil[.]COM. ", "domain-name", "evil.com"),
        ("evil.com:8080", "domain-name", "evil.com"),
        ("“evil(.)com”,", "domain-name", "evil.com"),
        ("hxxps://evil[.]com:443/a#x", "url", "https://evil.com/a"),
        ("evil.com/pay.php", "url", "http://evil.com/pay.php"),
        ("1.2.3.4:443", "ipv4-addr", "1.2.3.4"),
        ("1.2.3[.]4", "ipv4-addr", "1.2.3.4"),
        ("10.1.2.3/8", "ipv4-addr", "10.0.0.0/8"),
        ("[2001:DB8:0:0::1]:443", "ipv6-addr", "2001:db8::1"),
        ("bob[at]evil(dot)com", "email-addr", "bob@evil.com"),
        ("AB" * 16, "file", "md5:" + "ab" * 16),
        ("ab" * 20, "file", "sha1:" + "ab" * 20),
        ("0x" + "AB" * 32, "crypto-transaction", "0x" + "ab" * 32),
        ("avaddongun7rngel.onion", "onion-service", "avaddongun7rngel.onion"),
        ("+66 81 234 5678", "phone-number", "+66812345678"),
        ("DE89 3704 0044 0532 0130 00", "bank-account", "iban:DE89370400440532013000"),
        ("AS13335", "autonomous-system", "AS13335"),
        ("UA-12345-6", "tracking-id", "google-analytics:UA-12345-6"),
    ],
)
def test_a_whole_text_is_detected_through_defanging_quotes_and_ports(text, kind, value):
    assert registry.detect(text) == Entity(kind, value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "hello",
        "hello world",
        "scam.php",
        "readme.txt",
        "1.2.3",
        "256.1.1.1",
        "com",
        "co.uk",
        "@handle",
        "0812345678",
        "AbsW4eYQ4PMgrQipKE8jaHGyHzNtcyKstoWGurmB2a2B",
        "evil.com and evil.org",
        "a" * 20_000,
        "javascript:alert(1)",
        "…",
    ],
)
def test_what_is_no_single_identifier_is_not_detected(text):
    assert registry.detect(text) is None


def test_an_unknown_kind_is_refused_with_the_known_ones():
    with pytest.raises(NotValidError, match="unknown kind"):
        registry.parse("wallet-thing", "x")


def test_a_document_is_no_value():
    with pytest.raises(NotValidError, match="characters"):
        registry.parse("domain-name", "a" * 20_000)


def test_a_web_address_tells_its_host_and_a_profile_tells_its_account():
    assert registry.derived(Entity("url", "http://evil.com/a")) == (
        ("hosted-at", Entity("domain-name", "evil.com")),
    )
    assert registry.derived(Entity("url", "http://1.2.3.4/a")) == (
        ("hosted-at", Entity("ipv4-addr", "1.2.3.4")),
    )
    assert registry.derived(Entity("url", "https://x.com/Evil")) == (
        ("related-to", Entity("user-account", "twitter:evil")),
    )
    onion = Entity("onion-service", "avaddongun7rngel.onion")
    assert registry.derived(Entity("url", "http://a.avaddongun7rngel.onion/x")) == (("hosted-at", onion),)


def test_a_host_tells_what_somebody_registered():
    above = registry.derived(Entity("domain-name", "a.b.evil.co.th"))
    assert above == (("subdomain-of", Entity("domain-name", "evil.co.th")),)
    assert registry.derived(Entity("domain-name", "evil.co.th")) == ()
    assert registry.derived(Entity("domain-name", "union83939k.wordpress.com")) == ()


def test_a_mailbox_tells_its_domain_or_hidden_service():
    assert registry.derived(registry.parse("email-addr", "Boss@Evil-Pay.com")) == (
        ("hosted-at", Entity("domain-name", "evil-pay.com")),
    )
    assert registry.derived(registry.parse("email-addr", "boss@mail.evil-pay.co.th")) == (
        ("hosted-at", Entity("domain-name", "mail.evil-pay.co.th")),
    )
    assert registry.derived(registry.parse("email-addr", "boss@avaddongun7rngel.onion")) == (
        ("hosted-at", Entity("onion-service", "avaddongun7rngel.onion")),
    )


@pytest.mark.parametrize("domain", ["gmail.com", "mx.gmail.com", "yahoo.co.jp", "cock.li", "wordpress.com"])
def test_a_mailbox_that_anybody_can_have_tells_nothing(domain):
    assert registry.derived(registry.parse("email-addr", f"boss@{domain}")) == ()


def test_a_query_takes_kinds_platforms_handles_and_names():
    assert registry.query("group:Lazarus Group") == [Entity("group", "lazarus group")]
    assert registry.query("twitter:Abc") == [Entity("user-account", "twitter:abc")]
    assert registry.query("btc:1AfroW44dzHkjgbLEMLB3EvGDFegfkRewM")[0].kind == "crypto-address"
    assert {entity.kind for entity in registry.query("@abc")} == {"user-account"}
    assert registry.query("evil[.]com") == [Entity("domain-name", "evil.com")]
    assert registry.query("Russia")[0] == Entity("country", "ru")
    named = registry.query("Lazarus_Group")
    assert named[0] == Entity("group", "lazarus group")
    assert len({entity.kind for entity in named}) == len(named)
    assert registry.query("  ") == []


@pytest.mark.parametrize(
    ("entity", "shown"),
    [
        (Entity("domain-name", "evil.com"), "evil[.]com"),
        (Entity("url", "https://evil.com/a.php"), "hxxps://evil[.]com/a.php"),
        (Entity("email-addr", "bob@evil.com"), "bob@evil[.]com"),
        (Entity("ipv4-addr", "1.2.3.4"), "1[.]2[.]3[.]4"),
        (Entity("country", "th"), "Thailand"),
    ],
)
def test_what_is_shown_is_no_live_link(entity, shown):
    assert registry.show(entity) == shown


def test_hidden_and_look_alike_letters_are_spelt_out():
    assert "Cyrillic" in registry.show(registry.parse("domain-name", "аpple.com"))
    assert registry.show(Entity("persona", "\u0430dmin")) == "<U+0430>dmin"
    assert registry.show(Entity("persona", "evil\u202egpj.exe")) == "evil<U+202E>gpj.exe"
    assert registry.show(Entity("person", "иван")) == "иван"


@given(
    st.sampled_from(["evil.com", "bob@evil.com", "1.2.3.4"]),
    st.sampled_from([("[.]", "."), ("(.)", "."), ("[dot]", "."), (" [.] ", ".")]),
)
def test_defanging_never_changes_what_is_detected(text, style):
    assert registry.detect(text.replace(style[1], style[0])) == registry.detect(text)
