"""Whether a dotted word is a host: where it ends in running text, and what else it could be."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import idna

from chokepoint.values.suffix import is_tld, public_suffix, registered_domain
from chokepoint.values.text.words import pattern, words

if TYPE_CHECKING:
    from chokepoint.values.text.view import View

_addresses = re.compile(r"\S*(?:[/?&]|&#)\S*")
_LONGEST = 253
_NOT_HOSTS = frozenset(["e.g", "i.e", "a.k.a", "p.s", "etc.and", "inc.com"])


_member_or_package = re.compile(
    r"(?:com|org|net|io)\.[a-z]\w*\.[\w.]+|(?:window|document|location|self|this|[a-z]+\.style|style)\.[a-z.]+"
).fullmatch
"""A package named backwards (`com.evil.app`), or a member of a page in program text (`location.host`)."""


class Trimmed(NamedTuple):
    """A host cut out of a dotted word: its text, and how many characters of the word it takes."""

    text: str
    length: int

    @property
    def tld(self) -> str:
        """Its top-level domain in A-labels."""
        return _ascii_tld(self.text.rpartition(".")[2])


@lru_cache(maxsize=4096)
def _ascii_tld(label: str) -> str:
    lowered = label.lower()
    if lowered.isascii():
        return lowered
    try:
        return idna.encode(lowered, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return ""


def trim(word: str, *, glued: bool = False) -> Trimmed | None:
    """The host at the beginning of a dotted word, or None.

    Looks through `evil.com-Seite`, `evil.com.Next` and, where `glued`, Thai or Japanese behind the ending.
    """
    head, _, last = word.rpartition(".")
    if not head or len(word) > _LONGEST:
        return None
    if is_tld(_ascii_tld(last)):
        return _checked(word)
    for mark in ("-", "_"):
        first = last.partition(mark)[0]
        if first != last and is_tld(_ascii_tld(first)):
            return _checked(f"{head}.{first}")
    ascii_part = re.match(r"[A-Za-z0-9-]+", last)
    if ascii_part and glued and is_tld(ascii_part[0].lower()):
        return _checked(f"{head}.{ascii_part[0]}")
    if (
        head.count(".")
        and (not last.isascii() or last[:1].isupper())
        and not head.rpartition(".")[2].isupper()
    ):
        return trim(head)
    return _longest_known(head, last) if glued else None


def _longest_known(head: str, last: str) -> Trimmed | None:
    """A top-level domain in another script with more of that script behind it."""
    for length in range(min(len(last), 12), 1, -1):
        if not last[:length].isascii() and is_tld(_ascii_tld(last[:length])):
            return _checked(f"{head}.{last[:length]}")
    return None


def _checked(host: str) -> Trimmed | None:
    bare = host.strip("-_")
    if bare != host and host[-1] in "-_":
        return None
    return Trimmed(host, len(host)) if len(host) <= 253 else None


def plausible(view: View, start: int, end: int, *, defanged: bool, path: str) -> bool:
    """Whether the dotted word between two offsets is meant as a host: no file, code or abbreviation."""
    low = view.text[start:end].lower()
    never = low in _NOT_HOSTS or public_suffix(low) == low or bool(_member_or_package(low))
    if never or "_" in registered_domain(low) or _is_handle(view, start, path):
        return False
    return defanged or low.startswith("www.") or _stands_as_host(view, start, end, path)


def _stands_as_host(view: View, start: int, end: int, path: str) -> bool:
    host = view.text[start:end]
    low = host.lower()
    tld = low.rpartition(".")[2]
    named_otherwise = low in words("ending", "product") or not _cased_like_a_host(host)
    if named_otherwise or _in_path(view, start, end) or not (host.isascii() or _bounded(view, start, end)):
        return False
    if not path and len(low.partition(".")[0]) == 1 and low.count(".") == 1 and len(tld) == 2:
        return hinted(view, start, end)
    if tld in words("ending", "file"):
        return _outweighs_file(view, start, end, deep=low.count(".") > 1, path=path)
    rare = tld in words("ending", "rarely_file") and pattern("hint", "file").search(view.before(start, 14))
    return not rare and not (tld in words("ending", "code") and _in_code(view, start, end))


_named_handle = re.compile(
    r"(?:line|ไลน์|ライン|telegram|instagram|insta|ig|tiktok|wechat|skype|snapchat)\W{0,3}(?:official )?"
    r"(?:id|ไอดี|handle|user(?:name)?|アカウント|usuario|benutzername|kullanıcı adı)\s?[:：]\s?$"
).search


def _is_handle(view: View, start: int, path: str) -> bool:
    """`LINE ID: shop.th`: a handle that only looks like a host."""
    return not path and bool(_named_handle(view.before(start, 40)))


def _cased_like_a_host(host: str) -> bool:
    """`System.Net` and `Turla.AN` are names in programs; `1212OCC.com` and `EVIL.COM` are hosts."""
    tld = host.rpartition(".")[2]
    return tld.islower() or not tld.isascii() or host.isupper() or not any(c.isupper() for c in tld)


def _in_path(view: View, start: int, end: int) -> bool:
    before, after = view.text[max(0, start - 2) : start], view.text[end : end + 1]
    called = after == "(" and view.text[end + 1 : end + 2].isascii()
    if (
        before.endswith(("\\", "$", "~/", "./"))
        or after == "\\"
        or called
        or (after == "/" and before.endswith("/"))
    ):
        return True
    return (
        before.endswith("/")
        and not before.endswith("//")
        and bool(before[:1].strip(" \t\n"))
        and before[0] not in ",;)|"
    )


def _bounded(view: View, start: int, end: int) -> bool:
    """A host in other letters stands by itself; in the midst of a sentence its ends are guesswork."""
    before, after = view.text[start - 1 : start], view.text[end : end + 1]
    return not before.isalnum() and not after.isalnum()


def _outweighs_file(view: View, start: int, end: int, *, deep: bool, path: str) -> bool:
    before = view.before(start, 60)
    if pattern("hint", "file").search(before + view.after(end, 20)):
        return False
    if path:
        return True
    if view.low[start:end].rpartition(".")[2] in words("ending", "mostly_file"):
        return bool(pattern("hint", "network").search(before[-24:]))
    if deep:
        return True
    return hinted(view, start, end) or _alone_on_line(view, start, end)


def hinted(view: View, start: int, end: int) -> bool:
    """Whether words on the line, or on the line above, speak of sites or servers."""
    line = view.line_of(start)
    above = view.low[view.line_span(max(0, line - 1))[0] : start][-160:]
    return bool(pattern("hint", "network").search(above + " " + view.after(end, 40)))


def _alone_on_line(view: View, start: int, end: int) -> bool:
    """One of a list of hosts: nothing else on its line, and a host on the line before or after."""
    line = view.line_of(start)
    first, last = view.line_span(line)
    if view.text[first:start].strip("-*•·+|` \t") or view.text[end:last].strip("-*+|` \t,;"):
        return False
    near = (
        view.low[view.line_span(max(0, line - 1))[0] : first]
        + view.low[last : last + 120].partition("\n\n")[0]
    )
    return bool(
        re.search(
            r"(?m)^[-*•+|` \t]*[a-z0-9-]+\.(?:com|net|org|info|xyz|top|ru|cn|online|site|cc|app)\b", near
        )
    )


def _in_code(view: View, start: int, end: int) -> bool:
    """Whether the line is program text; what its addresses hold does not count."""
    if "-" in view.text[start:end]:
        return False
    first, last = view.line_span(view.line_of(start))
    line = _addresses.sub("", view.text[max(first, start - 200) : min(last, end + 200)])
    return bool(re.search(r"[;{}]\s*$|\b[A-Za-z_]\w+\((?=[\x20-\x7e])|=\s*[\w'\"]|function|var |=>", line))
