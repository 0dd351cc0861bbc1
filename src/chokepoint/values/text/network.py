"""Web addresses, hosts, e-mail addresses, IP addresses and onion services in a text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chokepoint.model.identity import Entity
from chokepoint.values import platforms
from chokepoint.values.internet import split_url
from chokepoint.values.suffix import is_tld
from chokepoint.values.text.candidate import Candidate, Taken, attempt
from chokepoint.values.text.hostname import Trimmed, hinted, plausible, trim
from chokepoint.values.text.words import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.values.text.view import View

_SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3000-\u30ff\u3400-\u9fff\uff00-\uffef"
_WIDE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u9fff"
_CLOSING = "\\[\\]<>\"'`|\\^{}\u2018-\u201f\u00ab\u00bb\u2039\u203a\u3000-\u303f"
_PATH = rf"(?:[/?#][^\s{_CLOSING}{_SPACELESS}]{{0,2000}}+)?"
_PICTURED = "\\w\u0900-\u0dff\u2600-\u27bf\U0001f300-\U0001faff-"
"""What labels of a host may hold behind `://`: there, a picture is a letter; elsewhere it adorns the text."""
_LABEL = rf"(?:(?![{_SPACELESS}])[\w\u0900-\u0dff-]){{1,63}}+"
_url = re.compile(
    rf"(?:https?|ftps?):/{{1,3}}(?:[\w.%+~-]{{1,64}}+(?::[^\s@/:]{{0,64}})?@)?"
    rf"(?P<host>\[[0-9a-fA-F:.]{{3,45}}\]|[{_PICTURED}]{{1,63}}+(?:\.[{_PICTURED}]{{1,63}}+)*)\.?(?P<port>:[0-9]{{1,5}}:?)?(?P<path>{_PATH})",
    re.IGNORECASE,
)
_host = re.compile(
    rf"(?:(?<![\w@.-])|(?<=(?<!\w)\*\.))(?P<host>{_LABEL}(?:\.{_LABEL})++)(?P<port>:[0-9]{{1,5}}:?(?![0-9]))?(?P<path>/[^\s{_CLOSING}{_SPACELESS}]{{0,2000}}+)?"
    rf"|(?<=[{_SPACELESS}])(?P<glued>[A-Za-z0-9-]{{1,63}}+(?:\.[A-Za-z0-9-]{{1,63}}+)++)(?P<gluedpath>/[^\s{_CLOSING}{_SPACELESS}]{{0,2000}}+)?"
    rf"|(?<![\w@.-])(?P<wide>(?:[0-9-]{{0,8}}|[A-Za-z0-9]{{1,30}}-)[{_WIDE}][{_WIDE}0-9-]{{0,62}}+(?:\.(?:[A-Za-z0-9-]{{1,63}}+|[{_WIDE}]{{1,63}}+))++)"
)
_email = re.compile(
    rf"(?<![A-Za-z0-9._-])(?P<local>[A-Za-z0-9_](?:[A-Za-z0-9._%+~-]{{0,63}}+))@(?P<host>{_LABEL}(?:\.{_LABEL})++)"
)
_SAID_DOT = r" (?:dot|DOT|punto|punkt|point|nokta|จุด|ドット) "
_words_email = re.compile(
    r"(?<![\w.+-])(?P<local>[A-Za-z0-9_][\w.+-]{1,63}+) (?:at|AT|arroba|arobase|ät|แอท|アット) "
    rf"(?P<host>[A-Za-z0-9-]{{1,63}}+(?:(?:{_SAID_DOT}|\.)[A-Za-z0-9-]{{2,63}}+){{1,3}})"
)
_words_host = re.compile(
    rf"(?<![\w.@-])(?P<host>[A-Za-z0-9-]{{3,63}}+(?:{_SAID_DOT}[A-Za-z0-9-]{{2,24}}+){{1,3}}+)(?![\w-])"
)
_said_dot = re.compile(_SAID_DOT)
_ipv4 = re.compile(
    rf"(?:(?<![\w.])|(?<=[{_SPACELESS}]))(?<!\w-)(?<!::ffff:)(?<!::FFFF:)(?P<ip>[0-9]{{1,3}}(?:\.[0-9]{{1,3}}){{3}})(?P<mask>/[0-9]{{1,2}}(?![0-9/]))?"
    r"(?![A-Za-z0-9_]|\.[0-9]|\.[a-z]{2,4}\b|-[0-9])"
)
_ipv6 = re.compile(
    r"(?<![\w:.])(?=[0-9a-fA-F:]{3,45})[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,8}+(?:(?:\.[0-9]{1,3}){3})?(?:/[0-9]{1,3})?(?![\w:])"
)
_onion = re.compile(r"(?<![a-z2-7])(?P<name>[a-z2-7]{56}|[a-z2-7]{16})\.onion(?![\w-])")
_round = re.compile(r"[1-9][0-9]*\.0\.0\.0(?![0-9/])")
"""The number of a release; a network of that size is written with its mask."""

_program = re.compile(r"[\w.]*[A-Za-z]\.[A-Z][A-Za-z]+[`\"']? $")
"""The name of a program library (`Costura.Fody`) right before a number."""
_released = re.compile(r"[0-9.]+\s?(?:sürüm|版|バージョン|version)")
_leads_to_number = re.compile(
    r"\w{0,4}\W{0,3}(?:(?:is|ist|est|es|la|à|a|de|der|du|del|vor|avant|antes|anterior\w*|antérieur\w*|before|prior"
    r"|to|than|number|no|nr|nummer|ensamblado|l'outil|tool|app|nuestra|our|คือ|ล่าสุด|ครั้งที่|ที่|は|の)\W{0,3}){0,6}"
).fullmatch

_no_mailbox = re.compile(
    r"(?:message-id|references|in-reply-to|content-id) ?: ?(?:<[^<>\s]*>\s*)*[<\[]?[^@\s]*$"
).search
_next_sentence = re.compile(r"(?<=[\w/)])[)\]][.,;:!?]+(?=[A-ZÀ-Þ¿¡])").search
"""The end of an address in brackets and of its sentence, without a blank before the next one."""
_trailing = ".,;:!?…。、，；：！？)]}*_'\"`+"


def find(view: View, taken: Taken) -> Iterator[Candidate]:
    """Every network identifier of a text, in no particular order; its spans are marked as taken."""
    for finder in (_urls, _links, _emails, _spelt_emails, _onions, _ipv4s, _ipv6s, _hosts, _spelt_hosts):
        for candidate in finder(view, taken):
            taken.add(candidate.start, candidate.end)
            yield candidate


def _urls(view: View, taken: Taken) -> Iterator[Candidate]:
    for found in _url.finditer(view.text):
        yield from _url_candidates(view, taken, found)


_link = re.compile(
    r"(?:tg:(?://)?resolve\?domain=(?P<telegram>\w{3,64})|line:(?://)ti/p/(?:~|%40|@)?(?P<line>[\w.-]{3,60})"
    r"|whatsapp:(?://)send/?\?phone=\+?(?P<whatsapp>[0-9]{8,15}))",
    re.IGNORECASE,
)


def _links(view: View, taken: Taken) -> Iterator[Candidate]:
    """Addresses that open a messenger at an account."""
    for found in _link.finditer(view.text):
        platform = found.lastgroup or ""
        account = attempt("user-account", f"{platform}:{found[platform]}")
        if account and taken.free(*found.span()):
            yield Candidate(account, *found.span())


def _url_candidates(view: View, taken: Taken, found: re.Match[str]) -> Iterator[Candidate]:
    host = found["host"]
    literal = host.startswith("[") or host.replace(".", "").isdigit()
    trimmed = Trimmed(host, len(host)) if literal else trim(host, glued=not host.isascii())
    start = found.start()
    if trimmed is None:
        taken.add(start, found.end())
        return
    after_host = found.start("host") + trimmed.length
    whole = trimmed.length == len(host)
    end = max(after_host, start + len(tidy(found[0]))) if whole else after_host
    entity = attempt("url", view.text[start : found.start("host")] + trimmed.text + view.text[after_host:end])
    if entity is None:
        taken.add(start, found.end())
        return
    defanged = (
        view.defanged(start, end) or view.text[start : start + 4] != view.source[view.origin(start) :][:4]
    )
    yield Candidate(entity, start, end, defanged)
    yield from _inside(entity, start, end, defanged)


def _inside(entity: Entity, start: int, end: int, defanged: bool) -> Iterator[Candidate]:
    """The account whose profile an address is, with its phone number; the onion service that it leads to."""
    parts = split_url(entity.value)
    named = platforms.profile(parts.host.value, parts.rest)
    account = attempt("user-account", ":".join(named)) if named else None
    if account:
        yield Candidate(account, start, end, defanged)
        if account.value.startswith("whatsapp:+"):
            yield Candidate(Entity("phone-number", account.value[9:]), start, end, defanged)
    elif parts.host.kind == "onion-service":
        yield Candidate(parts.host, start, end, defanged)


def tidy(text: str) -> str:
    """A web address without the punctuation of the sentence around it; balanced brackets stay."""
    if found := _next_sentence(text):
        text = text[: found.end()]
    while text and text[-1] in _trailing:
        opening = {")": "(", "]": "[", "}": "{"}.get(text[-1])
        if opening and text.count(opening) >= text.count(text[-1]) and text.count(opening):
            break
        text = text[:-1]
    return text


def _emails(view: View, taken: Taken) -> Iterator[Candidate]:
    if "@" not in view.text:
        return
    for found in _email.finditer(view.text):
        start = found.start()
        host = found["host"]
        onion = _onion.fullmatch(host.lower())
        trimmed = Trimmed(host, len(host)) if onion else trim(host)
        if trimmed is None or not taken.free(start, found.end()):
            continue
        end = found.start("host") + trimmed.length
        raw = f"{found['local']}@{trimmed.text}"
        yield from _mail_candidate(view, start, end, raw)


def _mail_candidate(view: View, start: int, end: int, raw: str) -> Iterator[Candidate]:
    kind, text = "email-addr", raw
    if _no_mailbox(view.before(start, 200)):
        return
    if view.text[max(0, start - 1) : start] == "@":
        kind, text, start = "user-account", f"mastodon:{raw}", start - 1
    elif pattern("hint", "jabber").search(view.before(start, 40)):
        kind, text = "user-account", f"jabber:{raw}"
    entity = attempt(kind, text)
    if entity:
        yield Candidate(entity, start, end, view.defanged(start, end))


def _spelt_emails(view: View, taken: Taken) -> Iterator[Candidate]:
    if not _said_dot.search(view.text):
        return
    for found in _words_email.finditer(view.text):
        host = _said_dot.sub(".", found["host"])
        if "dot" in host.split(".") or (host == found["host"] and " at " in found[0].lower()):
            continue
        entity = attempt("email-addr", f"{found['local']}@{host}")
        if entity and taken.free(*found.span()):
            yield Candidate(entity, found.start(), found.end(), defanged=True)


def _spelt_hosts(view: View, taken: Taken) -> Iterator[Candidate]:
    """`evil-shop dot com`, where the name is no word of the language or words around speak of sites."""
    if not _said_dot.search(view.text):
        return
    for found in _words_host.finditer(view.text):
        host = _said_dot.sub(".", found["host"])
        entity = attempt("domain-name", host) if is_tld(host.rpartition(".")[2].lower()) else None
        if entity is None or not taken.free(*found.span()):
            continue
        if re.search(r"[-0-9]", host.partition(".")[0]) or hinted(view, *found.span()):
            yield Candidate(entity, found.start(), found.end(), defanged=True)


def _onions(view: View, taken: Taken) -> Iterator[Candidate]:
    if ".onion" not in view.low:
        return
    for found in _onion.finditer(view.low):
        start, end = found.span()
        entity = attempt("onion-service", found[0])
        if entity is None or not taken.free(start, end):
            continue
        yield Candidate(entity, start, end, view.defanged(start, end))
        path = re.compile(rf"/[^\s{_CLOSING}{_SPACELESS}]{{1,2000}}").match(view.text, end)
        if path and len(tidy(path[0])) > 1:
            address = attempt("url", found[0] + tidy(path[0]))
            taken.add(end, path.end())
            if address:
                yield Candidate(address, start, end + len(tidy(path[0])), view.defanged(start, end))


def _in_number(text: str, start: int) -> bool:
    """Whether figures and a comma stand before, as in `1,234.5.6.7`, and no other address or cell."""
    before = text[max(0, start - 24) : start]
    return bool(_figure(before)) and not _cell(before)


_figure = re.compile(r"[0-9],$").search
_cell = re.compile(
    r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?::[0-9]{1,5}|/[0-9]{1,2})?,$|(?:^|[\n,;|\t])[0-9]{4,19},$"
).search


def _ipv4s(view: View, taken: Taken) -> Iterator[Candidate]:
    for found in _ipv4.finditer(view.text):
        if _in_number(view.text, found.start()):
            continue
        start, end = found.span()
        rest = view.text[end : end + 1]
        if (rest == "/" and not found["mask"]) or _port_and_path.match(view.text, end):
            continue
        if not taken.free(start, end) or _is_version(view, start):
            continue
        entity = attempt("ipv4-addr", found[0])
        if entity:
            yield Candidate(entity, start, end, view.defanged(start, end), _reserved(entity.value))


_port_and_path = re.compile(r":[0-9]{1,5}/[\w?]")


def _is_version(view: View, start: int) -> bool:
    before = view.before(start, 24)
    if _round.match(view.text, start) or _program.search(view.text, max(0, start - 40), start):
        return True
    if before.endswith("/") and not before.endswith("//"):
        return True
    if _released.match(view.after(start, 40)):
        return True
    said = view.before(start, 48)
    found = list(pattern("hint", "version").finditer(said))
    return bool(found) and bool(_leads_to_number(said[found[-1].end() :]))


_RESOLVERS = frozenset(
    ["8.8.8.8", "8.8.4.4", "1.1.1.1", "1.0.0.1", "9.9.9.9", "149.112.112.112", "208.67.222.222"]
)


def _reserved(value: str) -> str:
    first, second, *_ = (int(part) for part in value.partition("/")[0].split("."))
    if first in {0, 127} or first >= 224:
        return "an address that leads nowhere on the internet"
    if value in _RESOLVERS:
        return "a public resolver, which everybody asks"
    private = first == 10 or (first == 192 and second == 168) or (first == 172 and 16 <= second < 32)
    return "a private address, different in every network" if private else ""


def _ipv6s(view: View, taken: Taken) -> Iterator[Candidate]:
    if "::" not in view.text and view.text.count(":") < 7:
        return
    for found in _ipv6.finditer(view.text):
        groups = [group for group in re.split(r"[:/]", found[0]) if group]
        if (
            (len(groups) < 3 and "." not in found[0])
            or not any(c.isdigit() for c in found[0])
            or not taken.free(*found.span())
        ):
            continue
        entity = attempt("ipv6-addr", found[0].rstrip(":") if not found[0].endswith("::") else found[0])
        if entity:
            yield Candidate(entity, found.start(), found.end(), view.defanged(*found.span()))


def _hosts(view: View, taken: Taken) -> Iterator[Candidate]:
    for found in _host.finditer(view.text):
        group = "host" if found["host"] else "glued" if found["glued"] else "wide"
        start = found.start(group)
        if not taken.free(start, found.end(group)):
            continue
        path = found["path"] or found["gluedpath"] or ""
        if group == "host" and found[group].replace(".", "").isdigit():
            yield from _numeric_url(view, found, path)
            continue
        yield from _host_candidates(view, found, group, path)


def _numeric_url(view: View, found: re.Match[str], path: str) -> Iterator[Candidate]:
    start, end = found.start(), found.start() + len(tidy(found[0]))
    if len(path) < 2 or _is_version(view, start) or found[0].count(".") < 3:
        return
    entity = attempt("url", view.text[start:end])
    if entity:
        yield Candidate(entity, start, end, view.defanged(start, end))


def _host_candidates(view: View, found: re.Match[str], group: str, path: str) -> Iterator[Candidate]:
    start = found.start(group)
    trimmed = trim(found[group])
    if trimmed is None:
        return
    end = start + trimmed.length
    whole = trimmed.length == len(found[group])
    tidied = tidy(path) if whole else ""
    defanged = view.defanged(start, end)
    if not plausible(view, start, end, defanged=defanged, path=tidied):
        return
    if len(tidied) > 1:
        end = found.start("path" if group == "host" else "gluedpath") + len(tidied)
        entity = attempt("url", view.text[start:end])
    else:
        entity = attempt("domain-name", trimmed.text)
    if entity is None or not is_tld(trimmed.tld):
        return
    yield Candidate(entity, start, end, defanged)
    if entity.kind == "url":
        yield from _inside(entity, start, end, defanged)
