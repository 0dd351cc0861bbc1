"""Addresses of profiles on every platform: whose they are, and which of a platform's addresses are nobody's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from minting import tox

from chokepoint.model.errors import NotValidError
from chokepoint.model.identity import Entity
from chokepoint.values import contact, platforms, registry
from chokepoint.values.internet import split_url
from chokepoint.values.tables import table
from chokepoint.values.text import scan

PROFILES = {
    "https://twitter.com/Evil_One": "twitter:evil_one",
    "https://x.com/@Evil_One": "twitter:evil_one",
    "https://mobile.twitter.com/evil_one/status/12345": "twitter:evil_one",
    "https://twitter.com/#!/evil_one": "twitter:evil_one",
    "https://t.me/evil_chan": "telegram:evil_chan",
    "https://telegram.me/evil_chan": "telegram:evil_chan",
    "https://t.me/s/evil_chan?before=1": "telegram:evil_chan",
    "https://www.facebook.com/evil.page": "facebook:evil.page",
    "https://m.facebook.com/profile.php?id=61559204417735&mibextid=x": "facebook:61559204417735",
    "https://www.facebook.com/people/Evil-One/100012345678901": "facebook:100012345678901",
    "https://www.facebook.com/groups/evilgroup": "facebook:evilgroup",
    "https://fb.com/evil.page/posts/1": "facebook:evil.page",
    "https://www.instagram.com/evil.one/": "instagram:evil.one",
    "https://instagram.com/evil.one?igsh=abc": "instagram:evil.one",
    "https://www.tiktok.com/@evil.one": "tiktok:evil.one",
    "https://youtube.com/@EvilOne": "youtube:evilone",
    "https://www.youtube.com/c/EvilOne": "youtube:evilone",
    "https://www.youtube.com/user/EvilOne/videos": "youtube:evilone",
    "https://www.reddit.com/u/evil-one": "reddit:evil-one",
    "https://old.reddit.com/user/evil_one/": "reddit:evil_one",
    "https://vk.com/id12345": "vk:id12345",
    "https://line.me/ti/p/~evil99": "line:evil99",
    "https://line.me/R/ti/p/%40evil99": "line:evil99",
    "https://page.line.me/evil99": "line:evil99",
    "https://lin.ee/AbCd123": "line:abcd123",
    "https://wa.me/447911123456": "whatsapp:+447911123456",
    "https://wa.me/+447911123456": "whatsapp:+447911123456",
    "https://api.whatsapp.com/send?phone=447911123456": "whatsapp:+447911123456",
    "https://discord.gg/evilclub": "discord:evilclub",
    "https://discord.com/invite/evilclub": "discord:evilclub",
    "https://discord.com/users/123456789012345678": "discord:123456789012345678",
    "https://github.com/evil-org": "github:evil-org",
    "https://gitlab.com/evil.org": "gitlab:evil.org",
    "https://medium.com/@evil.one": "medium:evil.one",
    "https://www.linkedin.com/in/evil-one-123/": "linkedin:evil-one-123",
    "https://www.linkedin.com/company/evil-co": "linkedin:evil-co",
    "https://www.pinterest.com/evilone/": "pinterest:evilone",
    "https://gettr.com/user/evilone": "gettr:evilone",
    "https://ok.ru/profile/123456": "ok:123456",
    "https://rumble.com/c/EvilOne": "rumble:evilone",
    "https://weibo.com/u/1234567890": "weibo:1234567890",
    "https://steamcommunity.com/id/evilone": "steam:evilone",
    "https://www.patreon.com/evilone": "patreon:evilone",
    "https://truthsocial.com/@evilone": "truthsocial:evilone",
    "https://gab.com/evilone": "gab:evilone",
    "https://www.bitchute.com/channel/evilone/": "bitchute:evilone",
    "https://www.threads.net/@evil.one": "threads:evil.one",
    "https://www.snapchat.com/add/evil.one": "snapchat:evil.one",
    "https://bsky.app/profile/evil.bsky.social": "bluesky:evil.bsky.social",
    "https://pastebin.com/u/evilone": "pastebin:evilone",
    "https://icq.im/evilone": "icq:evilone",
    "https://zalo.me/0912345678": "zalo:0912345678",
    "https://keybase.io/evilone": "keybase:evilone",
}
NOBODYS = [
    "https://twitter.com/",
    "https://twitter.com/home",
    "https://x.com/search?q=evil",
    "https://x.com/i/flow/login",
    "https://t.me/joinchat/AAAAAE",
    "https://t.me/addstickers/Evil",
    "https://t.me/proxy?server=1",
    "https://www.facebook.com/sharer/sharer.php?u=x",
    "https://www.facebook.com/login",
    "https://www.instagram.com/p/Cabc123/",
    "https://www.instagram.com/reel/Cabc123/",
    "https://www.tiktok.com/discover/evil",
    "https://www.youtube.com/watch?v=abc",
    "https://www.youtube.com/results?search_query=x",
    "https://www.reddit.com/r/scams/",
    "https://github.com/evil/repository",
    "https://github.com/features",
    "https://gitlab.com/group/project",
    "https://medium.com/some-story-123",
    "https://www.linkedin.com/jobs/view/1",
    "https://www.linkedin.com/in/evil/details/skills",
    "https://discord.com/channels/1/2",
    "https://bsky.app/search",
    "https://pastebin.com/AbCd1234",
    "https://evil.com/twitter.com/evil",
    "https://nottwitter.com/evil",
    "https://twitter.com.evil.com/evil",
]


@pytest.mark.parametrize(("address", "account"), PROFILES.items())
def test_the_address_of_a_profile_is_its_account(address, account):
    assert contact.parse_account(address) == account
    assert registry.parse("user-account", account) == Entity("user-account", account)


@pytest.mark.parametrize(("address", "account"), PROFILES.items())
def test_a_profile_in_a_text_is_address_and_account(address, account):
    found = {tuple(one.entity) for one in scan(f"The scammer's profile is {address} until May")}
    assert ("user-account", account) in found
    assert ("url", registry.parse("url", address).value) in found


@pytest.mark.parametrize("address", NOBODYS)
def test_other_addresses_of_a_platform_are_nobodys(address):
    with pytest.raises(NotValidError):
        contact.parse_account(address)
    assert not [one for one in scan(f"see {address} now") if one.entity.kind == "user-account"]


@pytest.mark.parametrize("word", sorted(table("platforms")["reserved"]))
def test_a_page_of_the_platform_itself_is_no_handle(word):
    parts = split_url(f"https://twitter.com/{word}")
    assert platforms.profile(parts.host.value, parts.rest) is None


def test_every_platform_of_the_table_is_known_by_its_name_its_words_and_its_hosts():
    entries = table("platforms")["platform"]
    for name, entry in entries.items():
        known = platforms.by_name()[name]
        assert all(platforms.by_name()[word] is known for word in entry.get("words", ()))
        assert all(platforms.by_host()[host] is known for host in entry.get("hosts", ()))
    words = [
        word for entry in entries.values() for word in (*entry.get("words", ()), *entry.get("hosts", ()))
    ]
    assert len(words) == len(set(words))
    assert not set(words) & set(entries)


def test_a_platform_with_hosts_reads_their_paths_and_one_without_reads_none():
    for platform in platforms.by_name().values():
        assert bool(platform.hosts) == (platform.path is not None)


@given(st.sampled_from(sorted(PROFILES)), st.sampled_from(["http://", "https://", "hxxps://", ""]))
def test_the_scheme_of_a_profile_does_not_matter(address, scheme):
    assert contact.parse_account(scheme + address.removeprefix("https://")) == PROFILES[address]


@pytest.mark.parametrize(
    ("platform", "handle", "normal"),
    [
        pytest.param("twitter", "@Evil_One", "evil_one", id="at-sign"),
        pytest.param("twitter", "ＥＶＩＬ", "evil", id="full-width"),
        pytest.param("telegram", "+447911123456", "+447911123456", id="telephone"),
        pytest.param("facebook", "Evil  Page\u00a0Co", "evil page co", id="page-name"),
        pytest.param("facebook", "เพจ ปลอม", "เพจ ปลอม", id="thai-page"),
        pytest.param("discord", "Evil#1234", "evil#1234", id="number-sign"),
        pytest.param("skype", "live:.cid.abc123", "live:.cid.abc123", id="live-id"),
        pytest.param("icq", "12345678", "12345678", id="figures"),
        pytest.param("qq", "12 345 678", "12345678", id="grouped-figures"),
        pytest.param("wechat", "$Evil+1", "$evil+1", id="marks"),
        pytest.param("jabber", "Bob@Müller.de", "bob@xn--mller-kva.de", id="host-in-letters"),
        pytest.param("whatsapp", "447911123456", "+447911123456", id="figures-are-a-telephone"),
        pytest.param("threema", "*ABCDEFG", "*abcdefg", id="gateway"),
        pytest.param("mastodon", "@bob@Social.Example", "bob@social.example", id="mastodon-host"),
        pytest.param("element", "@bob:matrix.org", "bob:matrix.org", id="matrix"),
    ],
)
def test_a_handle_has_one_normal_form(platform, handle, normal):
    assert contact.account(platform, handle) == f"{platform}:{normal}"
    assert contact.account(platform, normal) == f"{platform}:{normal}"


@pytest.mark.parametrize(
    ("platform", "handle"),
    [
        ("twitter", ""),
        ("twitter", "@"),
        ("twitter", "a b"),
        ("twitter", "a" * 31),
        ("telegram", "ab"),
        ("telegram", "a" * 65),
        ("github", "evil_one"),
        ("github", "a" * 40),
        ("qq", "1234"),
        ("qq", "1234567890123"),
        ("threema", "short"),
        ("session", "05" + "a" * 63),
        ("session", "06" + "a" * 64),
        ("tox", "a" * 75),
        ("jabber", "nobody"),
        ("jabber", "bob@evil.php"),
        ("instagram", "evil one"),
    ],
)
def test_what_a_platform_does_not_issue_is_refused(platform, handle):
    with pytest.raises(NotValidError):
        contact.account(platform, handle)


@given(st.binary(min_size=36, max_size=36), st.integers(0, 75), st.integers(1, 15))
def test_a_tox_identifier_holds_by_its_checksum_and_breaks_with_any_digit(body, at, step):
    digits = tox(body)
    assert contact.tox_holds(digits)
    assert registry.detect(digits.upper()) == Entity("user-account", f"tox:{digits}")
    changed = digits[:at] + f"{(int(digits[at], 16) + step) % 16:x}" + digits[at + 1 :]
    assert not contact.tox_holds(changed)
    with pytest.raises(NotValidError, match="checksum"):
        contact.parse_account(f"tox:{changed}")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("evil", "names no platform"),
        ("myspace:evil", "unknown platform 'myspace'"),
        (":evil", "names no platform"),
        ("https://evil.com/x", "no address of a profile"),
        ("twitter：", "names no platform"),
        ("x" * 31 + ":a", "names no platform"),
    ],
)
def test_a_text_that_names_no_account_is_refused_by_what_is_wrong(text, reason):
    with pytest.raises(NotValidError, match=reason):
        contact.parse_account(text)


def test_an_unknown_platform_is_refused_with_the_known_ones():
    with pytest.raises(NotValidError) as refusal:
        contact.parse_account("myspace:evil")
    assert "telegram" in refusal.value.mend
    assert "ทวิตเตอร์" not in refusal.value.mend
