"""What a person may mean on the command line, what a whole text is, what follows from a value, how it is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.errors import NotValidError
from chokepoint.model.identity import Entity
from chokepoint.model.vocabulary import vocabulary
from chokepoint.values import registry
from chokepoint.values.tables import table

ACTORS = [kind for kind in table("names")["kinds"] if kind != "country"]


@pytest.mark.parametrize("kind", sorted(vocabulary().kinds))
@pytest.mark.parametrize(
    "write", [str, str.upper, str.title, " {} ".format], ids=["as-is", "capitals", "title", "blanks"]
)
def test_a_kind_before_a_colon_is_read_in_any_case(kind, write):
    value = {
        "domain-name": "evil.com",
        "url": "http://evil.com/a",
        "ipv4-addr": "1.2.3.4",
        "ipv6-addr": "2001:db8::1",
        "autonomous-system": "AS1",
        "x509-certificate": "sha1:" + "ab" * 20,
        "email-addr": "bob@evil.com",
        "phone-number": "+66812345678",
        "user-account": "telegram:evil_bot",
        "crypto-address": "1AfroW44dzHkjgbLEMLB3EvGDFegfkRewM",
        "crypto-transaction": "ab" * 32,
        "bank-account": "iban:DE89370400440532013000",
        "payment-card": "411111…1111",
        "payment-handle": "cashapp:$evil",
        "file": "sha256:" + "ab" * 32,
        "onion-service": "avaddongun7rngel.onion",
        "device": "mac:00:1a:2b:3c:4d:5e",
        "tracking-id": "google-analytics:UA-12345-6",
        "document": "AA1234567",
        "country": "th",
    }.get(kind, "lazarus group")
    assert registry.query(f"{write(kind)}:{value}") == [Entity(kind, value)]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Group:Lazarus Group", Entity("group", "lazarus group")),
        ("group: Lazarus", Entity("group", "lazarus")),
        ("Country:Thailand", Entity("country", "th")),
        ("evil[.]com", Entity("domain-name", "evil.com")),
        ("HXXP://EVIL[.]COM/a", Entity("url", "http://evil.com/a")),
        ("telegram:@evil_bot", Entity("user-account", "telegram:evil_bot")),
        ("ไลน์:evil99", Entity("user-account", "line:evil99")),
        ("X:evil", Entity("user-account", "twitter:evil")),
        ("@evil99", Entity("user-account", "twitter:evil99")),
        ("＠evil99", Entity("user-account", "twitter:evil99")),
        ("Thailand", Entity("country", "th")),
        ("Lazarus Group", Entity("group", "lazarus group")),
        (
            "btc:1AfroW44dzHkjgbLEMLB3EvGDFegfkRewM",
            Entity("crypto-address", "1AfroW44dzHkjgbLEMLB3EvGDFegfkRewM"),
        ),
        ("cashapp:$evil", Entity("payment-handle", "cashapp:$evil")),
        ("sha256:" + "AB" * 32, Entity("file", "sha256:" + "ab" * 32)),
        ("http://evil.com:8080/x", Entity("url", "http://evil.com:8080/x")),
    ],
)
def test_the_likeliest_meaning_comes_first(text, first):
    assert registry.query(text)[0] == first


def test_a_bare_handle_is_tried_on_the_stated_platforms_in_their_order():
    found = [entity.value.partition(":")[0] for entity in registry.query("@evil99")]
    assert found == [name for name in table("platforms")["guessed"] if name in found]
    assert len(found) >= 6


def test_a_bare_name_is_tried_as_every_kind_of_actor_and_thing():
    found = registry.query("Wizard Spider")
    assert [entity.kind for entity in found] == ACTORS
    assert {entity.value for entity in found} == {"wizard spider"}


@pytest.mark.parametrize("text", ["", "   ", "\n", "\u200b", "!!!", "x" * 10_001])
def test_nothing_means_nothing(text):
    assert registry.query(text) == []


@pytest.mark.parametrize(
    "text", ["domain-name:not a host", "ipv4-addr:1.2.3", "Country:Atlantis", "url:javascript:x", "file:xyz"]
)
def test_a_named_kind_with_a_value_that_is_none_of_it_is_refused_with_a_reason(text):
    with pytest.raises(NotValidError) as refusal:
        registry.query(text)
    assert refusal.value.reason


@given(st.text(max_size=60))
def test_a_query_gives_normal_forms_or_a_reason(text):
    try:
        found = registry.query(text)
    except NotValidError:
        return
    assert all(registry.parse(*entity) == entity for entity in found)
    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        pytest.param("(evil.com)", "domain-name", "evil.com", id="brackets"),
        pytest.param("<http://evil.com/>", "url", "http://evil.com/", id="angles"),
        pytest.param("„evil.com“", "domain-name", "evil.com", id="german-quotes"),
        pytest.param("evil.com。", "domain-name", "evil.com", id="japanese-stop"),
        pytest.param("evil.com、", "domain-name", "evil.com", id="japanese-comma"),
        pytest.param("EVIL.COM!", "domain-name", "evil.com", id="exclamation"),
        pytest.param("evil.com:443", "domain-name", "evil.com", id="port"),
        pytest.param("[2001:db8::1]", "ipv6-addr", "2001:db8::1", id="ipv6-brackets"),
        pytest.param("2001:db8::", "ipv6-addr", "2001:db8::", id="ipv6-colons"),
        pytest.param("1.2.3.0/24", "ipv4-addr", "1.2.3.0/24", id="network"),
        pytest.param("as64500", "autonomous-system", "AS64500", id="network-number"),
        pytest.param("+44 20 7946 0018", "phone-number", "+442079460018", id="phone"),
        pytest.param("mailto:Bob@Evil.com", "email-addr", "bob@evil.com", id="mailto"),
        pytest.param("ftp://evil.com/x", "url", "ftp://evil.com/x", id="ftp"),
        pytest.param("http://[::1]/", "url", "http://[::1]/", id="ipv6-page"),
        pytest.param("05" + "ab" * 32, "user-account", "session:05" + "ab" * 32, id="session"),
        pytest.param("GTM-ABC123", "tracking-id", "google-tag-manager:GTM-ABC123", id="tracker"),
        pytest.param("md5:" + "AB" * 16, "file", "md5:" + "ab" * 16, id="named-digest"),
        pytest.param("bitcoincash:qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a", "crypto-address", "qpm2qsznhks23z7629mms6s4cwef74vcwvy22gdx6a", id="cashaddr"),
    ],
)  # fmt: skip
def test_a_whole_text_is_the_one_thing_that_it_is(text, kind, value):
    assert registry.detect(text) == Entity(kind, value)


@pytest.mark.parametrize(
    "text",
    ["evil.com evil.org", "evil.com\nevil.org", "see evil.com", "evil", "com", "12:30", "a:b", "http://", "@", "1.2.3.4.5", "DE89370400440532013001", "GB00", "+1", "AS", "::", "[]", "()", "\x00", "…", "“”", "a@b", "x" * 64],
)  # fmt: skip
def test_a_text_that_is_no_single_thing_is_not_guessed_at(text):
    found = registry.detect(text)
    assert found is None or found == Entity("ipv6-addr", "::")


@pytest.mark.parametrize(
    ("entity", "implied"),
    [
        (Entity("url", "http://a.evil.com/x"), [("hosted-at", Entity("domain-name", "a.evil.com"))]),
        (Entity("url", "http://1.2.3.4/x"), [("hosted-at", Entity("ipv4-addr", "1.2.3.4"))]),
        (Entity("url", "http://[2001:db8::1]/"), [("hosted-at", Entity("ipv6-addr", "2001:db8::1"))]),
        (Entity("url", "https://t.me/evil_chan"), [("related-to", Entity("user-account", "telegram:evil_chan"))]),
        (Entity("url", "https://t.me/joinchat/x"), [("hosted-at", Entity("domain-name", "t.me"))]),
        (Entity("domain-name", "a.b.evil.com"), [("subdomain-of", Entity("domain-name", "evil.com"))]),
        (Entity("domain-name", "evil.com"), []),
        (Entity("domain-name", "a.site.wordpress.com"), [("subdomain-of", Entity("domain-name", "site.wordpress.com"))]),
        (Entity("email-addr", "bob@evil.com"), [("hosted-at", Entity("domain-name", "evil.com"))]),
        (Entity("email-addr", "bob@gmail.com"), []),
        (Entity("email-addr", "bob@avaddongun7rngel.onion"), [("hosted-at", Entity("onion-service", "avaddongun7rngel.onion"))]),
        (Entity("ipv4-addr", "1.2.3.4"), []),
        (Entity("group", "evil.com"), []),
    ],
    ids=lambda value: str(value)[:40] if isinstance(value, Entity) else "",
)  # fmt: skip
def test_what_follows_from_a_value_alone_is_told(entity, implied):
    assert list(registry.derived(entity)) == implied


@pytest.mark.parametrize(
    ("entity", "shown"),
    [
        (Entity("domain-name", "evil.com"), "evil[.]com"),
        (Entity("url", "https://evil.com/a.b"), "hxxps://evil[.]com/a.b"),
        (Entity("email-addr", "bob@evil.com"), "bob@evil[.]com"),
        (Entity("ipv4-addr", "1.2.3.4"), "1[.]2[.]3[.]4"),
        (Entity("ipv6-addr", "2001:db8::1"), "2001:db8::1"),
        (Entity("user-account", "telegram:evil_bot"), "telegram:evil_bot"),
        (Entity("user-account", "jabber:bob@evil.com"), "jabber:bob@evil[.]com"),
        (Entity("payment-handle", "paypal:bob@evil.com"), "paypal:bob@evil[.]com"),
        (Entity("country", "th"), "Thailand"),
        (Entity("country", "zz"), "ZZ"),
        (Entity("group", "lazarus group"), "lazarus group"),
        (Entity("group", "lаzarus"), "l<U+0430>zarus"),
        (Entity("group", "лазарь"), "лазарь"),
        (Entity("group", "a\u202eb"), "a<U+202E>b"),
        (Entity("phone-number", "+66812345678"), "+66812345678"),
        (Entity("domain-name", "xn--mller-kva.de"), "xn--mller-kva[.]de (müller[.]de, Latin letters)"),
        (Entity("url", "http://xn--80ak6aa92e.com/"), "hxxp://xn--80ak6aa92e[.]com/ (аррӏе[.]com, Cyrillic and Latin letters)"),
    ],
    ids=lambda value: value.kind if isinstance(value, Entity) else "",
)  # fmt: skip
def test_a_value_is_shown_harmless_and_with_nothing_hidden(entity, shown):
    assert registry.show(entity) == shown


@pytest.mark.parametrize("kind", sorted(vocabulary().kinds))
def test_a_kind_refuses_a_document_and_an_empty_text(kind):
    with pytest.raises(NotValidError, match="characters"):
        registry.parse(kind, "a" * (registry.LONGEST + 1))
    with pytest.raises(NotValidError):
        registry.parse(kind, "")


@pytest.mark.parametrize("kind", sorted(vocabulary().kinds))
@pytest.mark.parametrize(
    "text",
    [
        "\x00",
        "\ud800",
        "\u202e",
        " " * 50,
        "\n\n",
        "a\x00b",
        "'; DROP TABLE x; --",
        "<script>",
        "../../etc/passwd",
        "%00",
        "{{7*7}}",
        "\U0010ffff",
    ],
)
def test_hostile_texts_are_a_value_or_a_refusal_and_never_a_failure(kind, text):
    try:
        entity = registry.parse(kind, text)
    except NotValidError as refusal:
        reason = refusal.reason
    else:
        reason = registry.show(entity)
        assert registry.parse(kind, entity.value) == entity
    assert reason
