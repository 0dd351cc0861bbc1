"""Accounts on platforms in a text: a platform's name, perhaps words, and a handle; pages by their names."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from chokepoint.model.errors import NotValidError
from chokepoint.model.identity import Entity
from chokepoint.values import platforms
from chokepoint.values.contact import account
from chokepoint.values.text.candidate import Candidate, Taken
from chokepoint.values.text.words import alternation, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.values.text.view import View

_LABELLED = [
    "twitter",
    "telegram",
    "facebook",
    "instagram",
    "tiktok",
    "youtube",
    "reddit",
    "vk",
    "line",
    "whatsapp",
    "wechat",
    "skype",
    "discord",
    "github",
    "snapchat",
    "wickr",
    "icq",
    "qq",
    "kakaotalk",
    "zalo",
    "threema",
    "viber",
    "signal",
    "wire",
    "mastodon",
    "weibo",
]
_HANDLE = (
    r"(?!(?:line|telegram|facebook|whatsapp|twitter|instagram|wechat|tiktok|viber|skype)(?![a-z0-9_]))"
    r"[a-z0-9_](?:[a-z0-9_.#+-]{0,39}[a-z0-9_])"
)
_AT = re.compile(
    r"(?<![\w@./-])@(?P<handle>[A-Za-z0-9_][A-Za-z0-9_.-]{1,39}+)|(?<=[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff])@(?P<glued>[A-Za-z0-9_][A-Za-z0-9_.-]{1,39}+)"
)
_quoted = re.compile(
    r"\s?(?:[:：]\s?)?(?:ที่ชื่อ|ชื่อว่า|ชื่อ|nommée?|namens|named|called|llamada|名)?\s?[“\"«「『‘„]\s?(?P<name>[^\n“”\"«»「」『』‘’„]{2,70}?)\s?[”\"»」』’“]"
)
_after_colon = re.compile(
    r"\s?[:：]\s?(?P<name>[^\W_][^\n,|;:()“”\"@/]{1,48}?)(?=\s*(?:$|[,|;()\n。、]|\s{2}|\.(?:\s|$)|\s(?:และ|หรือ|and|or|und|oder|et|ou|y|o|ve|veya|line|ไลน์|ทวิต|เว็บ|โทร|tel)\b|\s(?:และ|หรือ|รวมทั้ง|ไลน์|ทวิต|เว็บ|โทร)))",
    re.IGNORECASE | re.MULTILINE,
)


@cache
def _platform_pattern() -> str:
    names = {word for name in _LABELLED for word in (name, *platforms.by_name()[name].words)}
    plain = set(words("handle", "plain_words"))
    return alternation(tuple(names - plain))


@cache
def _labels() -> re.Pattern[str]:
    """Platform names; in `ออนไลน์` and `オンライン` (online) the name of LINE is no name."""
    filler = alternation(words("handle", "filler"))
    sep = rf"(?:[\s\-\u2010・/]{{0,2}}(?:{filler})){{0,4}}\s?"
    names = _platform_pattern().replace("ไลน์", "(?<!ออน)ไลน์").replace("ライン", "(?<!オン)ライン")
    return re.compile(
        rf"(?P<platform>{names}"
        r"|(?<![a-z])line(?= ?(?:id|official|oa|@|[:：]|ไอดี|アカウント|の?id|公式|-id|-konto|hesab))"
        r"|(?<![a-z'])x(?=(?:/twitter)? ?(?:[:：]|@|\(|アカウント|account))"
        r"|(?<![a-z])(?:ig|tg|fb)(?=\s?[:：@]))"
        rf"(?:/(?:twitter|x)|/line|/telegram)?(?P<words>{sep})"
        r"(?P<sep>[:：=]|[\s(「『“\"‘«「]+(?=@)|は|」は)?"
        rf"[\s(「『“\"‘«]*(?P<handle>@?{_HANDLE})?"
    )


def find(view: View, taken: Taken) -> Iterator[Candidate]:
    """Every account of a text that words name; its spans are marked as taken."""
    spots: list[tuple[int, int, str]] = []
    for found in _labels().finditer(view.low):
        name = platforms.by_name()[found["platform"]].name
        spots.append((found.start(), found.end("platform"), name))
        candidate = _labelled(view, taken, found, name)
        if candidate:
            taken.add(candidate.start, candidate.end)
            yield candidate
    for finder in (_pages, _at_handles, _whatsapp):
        for candidate in finder(view, taken, spots):
            if finder is not _whatsapp:
                taken.add(candidate.start, candidate.end)
            yield candidate


def _labelled(view: View, taken: Taken, found: re.Match[str], name: str) -> Candidate | None:
    handle = found["handle"]
    if not handle or not taken.free(found.start("handle"), found.end("handle")):
        return None
    named_id = re.search(
        r"id|ไอดี|handle|user|usuario|pseudo|identifiant|kennung|nutzername|kullanıcı|ユーザ", found["words"]
    )
    if not handle.startswith("@"):
        if not (named_id or found["sep"]) or not _like_a_handle(handle, name, bool(named_id)):
            return None
        if name == "facebook" and not named_id:
            return None
    return _made(view, name, found.start("handle"), found.end("handle"))


def _like_a_handle(handle: str, name: str, named: bool) -> bool:
    if handle in _WORDS or len(handle) < 3:
        return False
    if name in {"whatsapp", "viber", "signal"}:
        return False
    if handle.isdigit():
        return name in {"icq", "qq", "wechat", "line", "kakaotalk"} and len(handle) >= 5
    return named or len(handle) >= 4 or any(c.isdigit() or c in "_." for c in handle)


_WORDS = frozenset(
    [
        "and",
        "the",
        "for",
        "with",
        "this",
        "that",
        "group",
        "channel",
        "account",
        "page",
        "contact",
        "support",
        "official",
        "message",
        "messages",
        "number",
        "chat",
        "bot",
        "http",
        "https",
        "www",
        "und",
        "der",
        "die",
        "das",
        "oder",
        "auf",
        "für",
        "mit",
        "les",
        "des",
        "une",
        "pour",
        "est",
        "sur",
        "par",
        "dans",
        "avec",
        "los",
        "las",
        "una",
        "por",
        "con",
        "para",
        "ist",
        "ile",
        "veya",
        "için",
        "bir",
        "olan",
        "adlı",
        "gibi",
        "hesabı",
        "hesap",
        "kanalı",
        "grubu",
        "numarası",
        "also",
        "not",
        "are",
        "was",
        "via",
        "link",
        "links",
        "users",
        "user",
        "posts",
        "video",
        "videos",
        "app",
        "apps",
        "web",
        "application",
        "messenger",
        "download",
        "downloads",
        "email",
        "e-mail",
        "mail",
        "phone",
        "tel",
        "fax",
        "none",
        "n.a",
        "yok",
        "keine",
    ]
)


def _made(view: View, name: str, start: int, end: int) -> Candidate | None:
    while end > start and view.text[end - 1] in ".-_+#" and view.text[end - 1] != "_":
        end -= 1
    try:
        return Candidate(Entity("user-account", account(name, view.text[start:end])), start, end)
    except NotValidError:
        return None


def _at_handles(view: View, taken: Taken, spots: list[tuple[int, int, str]]) -> Iterator[Candidate]:
    """`@handle` with the platform named before it on the same line, or right after it."""
    for found in _AT.finditer(view.text):
        start, end = found.span()
        if not taken.free(start, end):
            continue
        name = _platform_near(view, start, end, spots)
        candidate = _made(view, name, start, end) if name else None
        if candidate:
            yield candidate


_behind = re.compile(
    r"[)\]」』”\"']?\s?(?:[(（]|on |auf |sur |en |bei |über |via |ใน|ทาง|บน|\(on |の|ที่)?\s?"
    r"(?P<platform>twitter|telegram|instagram|tiktok|line|facebook|x\b|youtube|whatsapp|ทวิตเตอร์|ไลน์|เทเลแกรม|wechat|discord|snapchat|テレグラム|ツイッター)"
)


def _platform_near(view: View, start: int, end: int, spots: list[tuple[int, int, str]]) -> str:
    behind = _behind.match(view.after(end, 24))
    if behind:
        return platforms.by_name()[behind["platform"]].name
    line_start = view.line_span(view.line_of(start))[0]
    lowest = max(line_start, start - 120)
    at = _index(spots, start) - 1
    if at >= 0 and spots[at][0] >= lowest:
        between = view.low[spots[at][1] : start]
        return "" if re.search(r"[.!?] [a-z]", between) and "@" not in between else spots[at][2]
    return ""


def _index(spots: list[tuple[int, int, str]], offset: int) -> int:
    low, high = 0, len(spots)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if spots[middle][0] < offset else (low, middle)
    return low


@cache
def _page_pattern() -> re.Pattern[str]:
    return re.compile(alternation(words("handle", "page")))


def _pages(view: View, taken: Taken, _spots: list[tuple[int, int, str]]) -> Iterator[Candidate]:
    """Facebook pages by name: in quotation marks, or after a colon up to the next stop."""
    for label in _page_pattern().finditer(view.low):
        found = _quoted.match(view.text, label.end()) or _after_colon.match(view.text, label.end())
        if found is None:
            found = _quoted_before(view, label)
        if not found:
            continue
        start, end = found.span("name")
        if (
            taken.free(start, end)
            and len(found["name"].split(" ")[0]) >= 2
            and found["name"].lower() not in _WORDS
        ):
            candidate = _made(view, "facebook", start, end)
            if candidate:
                yield candidate


_quoted_name = re.compile(
    r"[“\"«「『‘„](?P<name>[^\n“”\"«»「」『』‘’„]{2,70})[”\"»」』’“]\s?(?:adlı|isimli|という|と題する|名義の)\s?(?:sahte\s?)?$"
)


def _quoted_before(view: View, label: re.Match[str]) -> re.Match[str] | None:
    first = max(view.line_span(view.line_of(label.start()))[0], label.start() - 90)
    opening = max((view.text.rfind(mark, first, label.start()) for mark in '“"«「『‘„'), default=-1)
    if opening > first and view.text[opening] == '"':
        opening = view.text.rfind('"', first, opening)
    return _quoted_name.match(view.text, opening, label.start()) if opening >= 0 else None


_phone = re.compile(r"[^\n0-9+]{0,24}?(?P<number>\+[0-9][0-9 ().-]{7,20}[0-9])")


def _whatsapp(view: View, _taken: Taken, spots: list[tuple[int, int, str]]) -> Iterator[Candidate]:
    """A WhatsApp account is its phone number: found a second time, beside the number itself."""
    for _, end, name in spots:
        found = _phone.match(view.text, end) if name == "whatsapp" else None
        if found:
            digits = "+" + re.sub(r"[^0-9]", "", found["number"])
            candidate = Candidate(
                Entity("user-account", f"whatsapp:{digits}"), found.start("number"), found.end("number")
            )
            yield candidate
