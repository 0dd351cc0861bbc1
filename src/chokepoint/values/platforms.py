"""Platforms on which people have accounts: their names, their hosts, and how a profile's address looks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """One platform.

    Attributes:
        name: as it stands before the colon of a user-account.
        hosts: registered hosts of its profile pages.
        path: profile path → group `handle`; None where profiles have no address.
        handle: what the platform issues as a handle.
        words: other names by which people call it.
    """

    name: str
    hosts: tuple[str, ...] = ()
    path: re.Pattern[str] | None = None
    handle: re.Pattern[str]
    words: tuple[str, ...] = ()


_FREE = r"[^\s:/?#@][^\n\t]{0,79}"
_ANY = r"(?:@|%40)?(?P<handle>[\w.%+-]{2,100})"
_RESERVED = frozenset(
    [
        "home",
        "login",
        "signin",
        "signup",
        "register",
        "search",
        "explore",
        "share",
        "sharer",
        "sharer.php",
        "intent",
        "hashtag",
        "about",
        "help",
        "privacy",
        "terms",
        "tos",
        "policies",
        "settings",
        "i",
        "status",
        "watch",
        "groups",
        "events",
        "marketplace",
        "gaming",
        "pages",
        "photo",
        "photo.php",
        "photos",
        "permalink.php",
        "story.php",
        "dialog",
        "plugins",
        "tr",
        "ads",
        "business",
        "legal",
        "download",
        "downloads",
        "apps",
        "app",
        "features",
        "pricing",
        "joinchat",
        "addstickers",
        "proxy",
        "socks",
        "addtheme",
        "iv",
        "s",
        "p",
        "reel",
        "reels",
        "stories",
        "tv",
        "accounts",
        "tag",
        "tags",
        "video",
        "videos",
        "live",
        "discover",
        "music",
        "feed",
        "results",
        "playlist",
        "shorts",
        "embed",
        "channel",
        "c",
        "user",
        "u",
        "r",
        "t",
        "m",
        "directory",
        "developer",
        "developers",
        "api",
        "blog",
        "jobs",
        "careers",
        "company",
        "school",
        "in",
        "pub",
        "topics",
        "trending",
        "notifications",
        "orgs",
        "sponsors",
        "marketplace",
        "security",
        "contact",
        "new",
        "invite",
        "channels",
        "oauth2",
        "widget",
        "en",
        "th",
        "de",
        "fr",
        "es",
        "ja",
        "tr",
        "topic",
        "l.php",
        "media",
        "reg",
        "recover",
        "web",
        "docs",
        "rsrc.php",
        "ajax",
        "v",
        "www",
        "wiki",
        "node",
    ]
)


def _platform(name: str, hosts: str = "", path: str = "", **more: str) -> Platform:
    return Platform(
        name=name,
        hosts=tuple(hosts.split()),
        path=re.compile(path) if path else None,
        handle=re.compile(more.get("handle", r"[\w.$+-]{1,80}")),
        words=tuple(more.get("words", "").split("|")) if more.get("words") else (),
    )


_PLATFORMS: tuple[Platform, ...] = (
    _platform(
        "twitter",
        "twitter.com x.com mobile.twitter.com",
        rf"/(?:#!/)?{_ANY}",
        handle=r"\w{1,30}",
        words="x|ทวิตเตอร์|ツイッター",
    ),
    _platform(
        "telegram",
        "t.me telegram.me telegram.dog",
        r"/(?:s/)?(?P<handle>[\w-]{3,64})",
        handle=r"[\w+-]{3,64}",
        words="tg|เทเลแกรม|テレグラム",
    ),
    _platform(
        "facebook",
        "facebook.com m.facebook.com fb.com web.facebook.com fb.me mbasic.facebook.com",
        r"/(?:profile\.php\?id=(?P<id>[0-9]{4,20})|(?:pages|people|pg|groups)/(?:[^/?#]+/)?"
        r"(?P<page>[^/?#]{2,100})|(?P<handle>[\w.%-]{2,100}))",
        handle=_FREE,
        words="fb|เฟซบุ๊ก|เฟสบุ๊ค|เฟซบุ๊ค|เฟสบุ๊ก|フェイスブック",
    ),
    _platform(
        "instagram",
        "instagram.com",
        rf"/{_ANY}",
        handle=r"[\w.]{1,40}",
        words="ig|insta|อินสตาแกรม|ไอจี|インスタグラム|インスタ",
    ),
    _platform(
        "tiktok",
        "tiktok.com vm.tiktok.com",
        r"/@(?P<handle>[\w.]{2,40})",
        handle=r"[\w.]{1,40}",
        words="ติ๊กต็อก|ติ๊กต่อก",
    ),
    _platform(
        "youtube",
        "youtube.com m.youtube.com",
        r"/(?:@|c/|user/|channel/)(?P<handle>[\w.%-]{2,100})",
        handle=_FREE,
        words="ยูทูบ",
    ),
    _platform(
        "reddit", "reddit.com old.reddit.com", r"/(?:u|user)/(?P<handle>[\w-]{2,30})", handle=r"[\w/-]{2,30}"
    ),
    _platform("vk", "vk.com vkontakte.ru m.vk.com", r"/(?P<handle>[\w.]{2,50})", words="vkontakte"),
    _platform(
        "line",
        "line.me page.line.me lin.ee",
        r"/(?:R/)?(?:ti/p/|ti/g2?/)?(?:@|%40|~)?(?P<handle>[\w.-]{3,60})",
        handle=r"[\w.$+-]{2,60}",
        words="ไลน์|ライン",
    ),
    _platform(
        "whatsapp",
        "wa.me api.whatsapp.com",
        r"/(?:send/?\?phone=|message/)?(?P<handle>\+?[0-9A-Za-z]{6,30})",
        handle=r"\+?\w{6,40}",
        words="whats app|whatsap|wapp|ワッツアップ|วอตส์แอป|วอทส์แอป",
    ),
    _platform("wechat", words="weixin|微信|วีแชท"),
    _platform("skype", handle=r"[\w.:,$+-]{2,80}"),
    _platform(
        "discord",
        "discord.gg discord.com discordapp.com",
        r"/(?:invite/|users/)?(?P<handle>[\w-]{2,40})",
        handle=r"[\w.#+-]{2,60}",
    ),
    _platform("github", "github.com", r"/(?P<handle>[A-Za-z0-9-]{1,39})", handle=r"[a-z0-9-]{1,39}"),
    _platform("gitlab", "gitlab.com", r"/(?P<handle>[\w.-]{2,60})"),
    _platform("medium", "medium.com", r"/@(?P<handle>[\w.-]{1,60})"),
    _platform("linkedin", "linkedin.com", r"/(?:in|company)/(?P<handle>[\w%-]{2,100})", handle=_FREE),
    _platform("pinterest", "pinterest.com", r"/(?P<handle>\w{2,40})"),
    _platform("gettr", "gettr.com", r"/user/(?P<handle>\w{2,40})"),
    _platform("ok", "ok.ru", r"/(?:profile/|group/)?(?P<handle>[\w.]{2,50})", words="odnoklassniki"),
    _platform("rumble", "rumble.com", r"/(?:user|c)/(?P<handle>[\w-]{2,60})"),
    _platform("quora", "quora.com", r"/profile/(?P<handle>[\w%-]{2,100})", handle=_FREE),
    _platform("weibo", "weibo.com", r"/(?:u/|n/)?(?P<handle>[\w%-]{2,60})", handle=_FREE, words="微博"),
    _platform("tumblr", "tumblr.com", r"/(?P<handle>[\w-]{2,40})"),
    _platform("mastodon", handle=r"[\w.-]{1,60}(?:@[\w.-]{3,100})?"),
    _platform("steam", "steamcommunity.com", r"/(?:id|profiles)/(?P<handle>[\w-]{2,60})"),
    _platform("patreon", "patreon.com", r"/(?P<handle>[\w-]{2,60})"),
    _platform("truthsocial", "truthsocial.com", r"/@(?P<handle>\w{2,40})"),
    _platform("gab", "gab.com", r"/(?P<handle>\w{2,40})"),
    _platform("bitchute", "bitchute.com", r"/channel/(?P<handle>[\w-]{2,60})"),
    _platform("threads", "threads.net", r"/@(?P<handle>[\w.]{2,40})"),
    _platform("snapchat", "snapchat.com", r"/add/(?P<handle>[\w.-]{2,40})"),
    _platform("livejournal"),
    _platform("bluesky", "bsky.app", r"/profile/(?P<handle>[\w.-]{2,100})"),
    _platform("pastebin", "pastebin.com", r"/u/(?P<handle>[\w-]{2,40})"),
    _platform("viber", handle=r"\+?[\w.-]{3,40}"),
    _platform("signal", handle=r"\+?[\w.-]{3,40}"),
    _platform("tox", handle=r"[0-9a-f]{76}|[0-9a-f]{64}"),
    _platform("session", handle=r"05[0-9a-f]{64}"),
    _platform("jabber", handle=r"[\w.+-]{1,64}@[\w.-]{3,100}", words="xmpp"),
    _platform("threema", handle=r"\*?[a-z0-9]{7,8}"),
    _platform("wire"),
    _platform("wickr"),
    _platform("icq", "icq.im", r"/(?P<handle>\w{4,60})"),
    _platform("qq", handle=r"[0-9]{5,12}"),
    _platform("kakaotalk", words="kakao|카카오톡"),
    _platform("zalo", "zalo.me", r"/(?P<handle>\w{4,40})"),
    _platform("bitcointalk", handle=_FREE),
    _platform("simplex", handle=r"\S{3,300}"),
    _platform("element", handle=r"@?[\w.:-]{3,100}", words="matrix"),
    _platform("briar", handle=r"\S{3,100}"),
    _platform("keybase", "keybase.io", r"/(?P<handle>\w{2,40})"),
)


@cache
def by_name() -> dict[str, Platform]:
    """Platforms by name and by every word for them, in lower case."""
    table = {word: platform for platform in _PLATFORMS for word in platform.words}
    return table | {platform.name: platform for platform in _PLATFORMS}


@cache
def by_host() -> dict[str, Platform]:
    """Platforms by the host of their profiles, without `www.`."""
    return {host: platform for platform in _PLATFORMS for host in platform.hosts}


def profile(host: str, rest: str) -> tuple[str, str] | None:
    """Platform and handle that a profile's address names; None where it is no profile.

    Args:
        host: normalised host of the address.
        rest: its path and query.
    """
    platform = by_host().get(host.removeprefix("www."))
    if platform is None or platform.path is None:
        return None
    found = platform.path.match(rest)
    if not found:
        return None
    handle = next((found[name] for name in ("id", "page", "handle") if found.groupdict().get(name)), "")
    handle = unquote(handle).strip("/").lstrip("@").rstrip(".").lower()
    if not handle or (handle in _RESERVED and platform.name != "line"):
        return None
    if _goes_deeper(platform.name, rest[found.end() :]):
        return None
    return (platform.name, handle) if platform.handle.fullmatch(handle) else None


_DEEP = {"github", "gitlab", "medium", "linkedin", "discord", "tumblr", "icq"}


def _goes_deeper(name: str, tail: str) -> bool:
    """Whether the address goes on to something that only lies under the profile, as a repository does."""
    below = tail.partition("?")[0].strip("/")
    if name in _DEEP or name in {"whatsapp", "line"}:
        return bool(below)
    return bool(below) and not below.startswith(
        ("status", "posts", "about", "photos", "videos", "with_replies")
    )
