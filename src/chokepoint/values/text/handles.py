"""Accounts on platforms in a text: a platform's name, perhaps words, and a handle; pages by their names."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from chokepoint.model.errors import NotValidError
from chokepoint.model.identity import Entity
from chokepoint.values import platforms
from chokepoint.values.contact import account
from chokepoint.values.suffix import is_tld
from chokepoint.values.text.candidate import Candidate, Taken, attempt
from chokepoint.values.text.words import alternation, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.values.text.view import View

_HANDLE = (
    r"(?!(?:line|telegram|facebook|whatsapp|twitter|instagram|wechat|tiktok|viber|skype)(?![a-z0-9_]))"
    r"(?:live:[a-z0-9_.-]{2,39}[a-z0-9_]|[a-z0-9_](?:[a-z0-9_.#+-]{0,39}[a-z0-9_]))"
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
    names = {
        word for name in words("handle", "platform") for word in (name, *platforms.by_name()[name].words)
    }
    plain = set(words("handle", "plain_words"))
    return alternation(tuple(names - plain))


@cache
def _labels() -> re.Pattern[str]:
    """A platform's name, words that may follow it, and a handle where one stands there."""
    filler = rf"{alternation(words('handle', 'filler'))}|[\u0e00-\u0e7f]{{1,15}} "
    sep = rf"(?:[\s\-\u2010・/]{{0,2}}(?:{filler})){{0,4}}\s?"
    names = _platform_pattern()
    return re.compile(
        rf"(?P<platform>{names}"
        r"|(?<![a-z])line(?=[\sのはが:：「『(\"“]{0,4}@"
        r"| ?(?:グループ|id|official|oa|@|[:：]|ไอดี|アカウント|の?id|公式|-id|-konto|hesab))"
        r"|(?<=sur )x(?=, )|(?<=auf )x(?=, )|(?<=on )x(?=, )|(?<=en )x(?=, )"
        r"|(?<![a-z'])x(?=(?:/twitter)? ?(?:[:：]|@|\(|の|で|では|アカウント|account|handle|profil"
        r"|konto|compte|cuenta|hesab))"
        r"|(?<![a-z])(?:ig|tg|fb|insta)(?=\s?[:：@]|[^\n@.,;]{0,16}@))"
        rf"(?:/(?:twitter|x)|/line|/telegram)?(?P<words>{sep})"
        r"(?P<sep>[:：=]|\s?[-–]\s(?=@?[a-z0-9_.]{4,})|[\s(「『“\"‘«「]+(?=@)|は|」は)?"
        rf"[\s(「『“\"‘«]*(?P<handle>@?{_HANDLE})?"
    )


_ONLINE = ("ออน", "オン")
"""Before the name of LINE these make the word for online, and no name."""


def find(view: View, taken: Taken) -> Iterator[Candidate]:
    """Every account of a text that words name; its spans are marked as taken."""
    spots: list[tuple[int, int, str]] = []
    for found in _labels().finditer(view.low):
        if view.before(found.start(), 3).endswith(_ONLINE):
            continue
        name = platforms.by_name()[found["platform"]].name
        spots.append((found.start(), found.end("platform"), name))
        candidate = _labelled(view, taken, found, name)
        if candidate:
            taken.add(candidate.start, candidate.end)
            yield candidate
    spots += (
        (found.start(), found.end(), _host_names()[found[0][:-1]]) for found in _hosts().finditer(view.low)
    )
    spots.sort()
    for finder in (_pages, _id_handles, _at_handles):
        for candidate in finder(view, taken, spots):
            taken.add(candidate.start, candidate.end)
            yield candidate


@cache
def _host_names() -> dict[str, str]:
    return {host: platform.name for host, platform in platforms.by_host().items()}


@cache
def _hosts() -> re.Pattern[str]:
    """Hosts of profiles: what an address says of its line, a name of the platform would say."""
    names = "|".join(re.escape(host) for host in _host_names())
    return re.compile(rf"(?<![a-z0-9-])(?:{names})/")


_id_word = re.compile(r"id|ไอดี|handle|user|usuario|pseudo|identifiant|kennung|nutzername|kullanıcı|ユーザ")
_id_before = re.compile(r"(?:ไอดี|(?<![a-z])id(?: de)?)\s?$")


def _labelled(view: View, taken: Taken, found: re.Match[str], name: str) -> Candidate | None:
    handle = found["handle"]
    if not handle or not taken.free(found.start("handle"), found.end("handle")):
        return None
    named_id = _id_word.search(found["words"]) or _id_before.search(view.before(found.start(), 16))
    if not handle.startswith("@"):
        if not (named_id or found["sep"] or _odd(handle, name) or _glued(found)) or not _like_a_handle(
            handle, name, bool(named_id)
        ):
            return None
        if name == "facebook" and not named_id:
            return None
    return _made(view, name, found.start("handle"), found.end("handle"))


_invented = re.compile(
    r"(?=[a-z0-9_.]*[a-z])(?=[a-z0-9.]*_|[a-z0-9_.]+#[0-9]{4}$|[a-z_.]+[0-9]{2}|[a-z]+\.[a-z]+[0-9])[a-z][a-z0-9_.]{4,39}"
    r"(?:#[0-9]{4})?"
)
_BARE = frozenset(
    ["telegram", "instagram", "tiktok", "snapchat", "skype", "wechat", "line", "twitter", "discord"]
)


def _glued(found: re.Match[str]) -> bool:
    """Latin letters with a digit or a mark right behind a platform's Thai name: `ไลน์hr.hailong`."""
    thai = found["platform"][0] >= "\u0e00" and found.end("platform") == found.start("handle")
    return thai and bool(re.search(r"[._0-9]", found["handle"]))


_id_label = re.compile(
    rf"(?:(?<![a-z])id|ไอดี)\s?(?:[:：]|は|คือ|(?:is|ist|est|es)(?= ))\s?[「『“\"]?(?P<handle>@?{_HANDLE})"
)


def _id_handles(view: View, taken: Taken, spots: list[tuple[int, int, str]]) -> Iterator[Candidate]:
    """A second handle of a line, called an id, on the platform that the line named before it."""
    for found in _id_label.finditer(view.low):
        start, end = found.span("handle")
        name = _platform_near(view, start, end, spots) if taken.free(start, end) else ""
        if name and _invented.fullmatch(found["handle"].lstrip("@")):
            candidate = _made(view, name, start, end)
            if candidate:
                yield candidate


def _odd(handle: str, name: str) -> bool:
    """Whether a word right behind a platform's name is no word of a language: `telegram lucia_vip22`."""
    return name in _BARE and bool(_invented.fullmatch(handle))


def _like_a_handle(handle: str, name: str, named: bool) -> bool:
    if handle in words("handle", "never") or len(handle) < 3 or _telephone(handle):
        return False
    if name in {"whatsapp", "viber", "signal"}:
        return False
    if handle.isdigit():
        return name in {"icq", "qq", "wechat", "line", "kakaotalk"} and len(handle) >= 5
    return named or len(handle) >= 4 or any(c.isdigit() or c in "_." for c in handle)


_telephone = re.compile(r"[0-9+]+(?:[.-][0-9]+)+").fullmatch


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
        candidate = _made(view, name, start, end) if name else _mail_domain(view, start, end)
        if candidate:
            yield candidate


_mails = re.compile(r"mail|อีเมล|correo|courriel|メール|e-posta|eposta|sender|absender")


def _mail_domain(view: View, start: int, end: int) -> Candidate | None:
    """`our e-mails come from @bank.com`: the domain of the mailboxes."""
    host = view.text[start + 1 : end].rstrip(".-")
    known = "." in host and is_tld(host.rpartition(".")[2].lower()) and _mails.search(view.before(start, 60))
    entity = attempt("domain-name", host) if known else None
    return Candidate(entity, start + 1, start + 1 + len(host)) if entity else None


_behind = re.compile(
    r"[)\]」』”\"']?\s?(?:[(（]|on |auf |sur |en |bei |über |via |ใน|ทาง|บน|\(on |の|ที่)?\s?"
    r"(?P<platform>twitter|telegram|instagram|insta\b|ig\b|tg\b|tiktok|line|facebook|x\b|youtube|whatsapp|ทวิตเตอร์|ไลน์|เทเลแกรม|wechat|discord|snapchat|テレグラム|ツイッター)"
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
    return _platform_above(view, start, spots, at)


def _platform_above(view: View, start: int, spots: list[tuple[int, int, str]], at: int) -> str:
    """In talk, a bare `@handle` answers a line or two below the platform's last handle."""
    first = view.lines[max(0, view.line_of(start) - 2)]
    if at < 0 or spots[at][0] < max(first, start - 240):
        return ""
    handle = view.low.find("@", spots[at][1], spots[at][1] + 30)
    return spots[at][2] if handle >= 0 and not view.before(start, 240).count("@") else ""


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
            and found["name"].lower() not in words("handle", "never")
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
