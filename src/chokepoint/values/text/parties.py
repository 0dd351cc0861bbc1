"""Whose an identifier is, where the words beside it say so: a victim's, an imitated brand's, a desk's."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from chokepoint.values.mailboxes import anybodys
from chokepoint.values.text.sections import CONTEXT, Role
from chokepoint.values.text.words import alternation, words

if TYPE_CHECKING:
    from chokepoint.values.text.candidate import Candidate
    from chokepoint.values.text.view import View

_REACH = 64
_SITES = frozenset({"domain-name", "url", "email-addr"})
_NEVER_A_VICTIMS = frozenset({"file", "onion-service", "crypto-transaction"})
_addressed = re.compile(
    r"(?:^|\n)[ \t>|*`-]*(?:to|cc|bcc|delivered-to|envelope-to|an|à|para|kime|alıcı|宛先|ถึง)\s?:[^:\n]*$"
    r"|\bfor <?$|\bby (?:[\w.-]+ \(\[?)?$"
)
_mail_head = re.compile(r"(?m)^[ \t>|*`-]*(?:received|return-path|reply-to|x-mailer|message-id) ?:")
_brand_between = re.compile(
    r"\W*(?:(?:al?|la|le|les|los|el|the|die|den|das|der|von|de|of|d|l|ของ)\W{1,2}){0,2}"
    r"(?:[^\n.:;]{0,48}[(\[`（「]{1,2})?[\[`]?"
)
_elsewhere = re.compile(
    r"\b(?:at|on|via|using|through|from|unter|auf|über|sur|en|con|desde|por|avec|with)\b|ที่|ผ่าน"
)

_MONEY = frozenset({"bank-account", "crypto-address", "payment-card", "payment-handle"})
_drawn_on = re.compile(
    r"\b(?:from|out of|von|vom|depuis|desde|da)(?: (?!to\b|into\b|an\b|auf\b|vers\b|a\b)\w+){0,3}[\s:(\"'`]*$"
)
_pays = re.compile(
    r"\b(?:paid|pays?|sent\b|transferr|wired|überw|gezahlt|zahlte|versé|payé|pagó|pagaron|envi[óa]|transfir)"
)


@cache
def _before_brand() -> re.Pattern[str]:
    return re.compile(alternation(words("cue", "imitation")))


@cache
def _behind_brand() -> re.Pattern[str]:
    return re.compile(rf"[`)\]）」'’]{{0,3}}\w{{0,4}}\s?(?:{alternation(words('cue', 'imitation_behind'))})")


@cache
def _victims() -> re.Pattern[str]:
    return re.compile(alternation(words("cue", "victim")))


@cache
def _paid() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, words("cue", "towards_criminals"))))


def party(view: View, candidate: Candidate) -> Role | None:
    """The role of what is said to be a victim's or an imitated brand's; None where nothing says so."""
    if candidate.entity.kind in _SITES and (brand := _imitated(view, candidate)):
        return Role(CONTEXT, f"what is imitated: {brand!r}")
    if candidate.entity.kind not in _NEVER_A_VICTIMS and (said := _victim(view, candidate)):
        return Role(CONTEXT, f"said to be a victim's: {said!r}")
    return None


def _imitated(view: View, candidate: Candidate) -> str:
    before = view.before(candidate.start, _REACH)
    for found in reversed(list(_before_brand().finditer(before))):
        between = before[found.end() :]
        if _brand_between.fullmatch(between) and not _elsewhere.search(between):
            return found[0]
        break
    behind = _behind_brand().match(view.after(candidate.end, 40))
    return behind[0].strip("`)]）」'’ ") if behind else ""


def _victim(view: View, candidate: Candidate) -> str:
    before = view.before(candidate.start, _REACH)
    addressed = _addressed.search(view.low[max(0, candidate.start - 90) : candidate.start])
    if addressed and _mail_head.search(view.low):
        return addressed[0].strip(" \n\t:<`*-")
    for found in reversed(list(_victims().finditer(before))):
        between = before[found.end() :]
        if not re.search(r"[.!?;。] ?\S", between) and not _paid().search(between) and "@" not in between:
            return found[0].strip()
        break
    return _payer(view, candidate) if candidate.entity.kind in _MONEY else ""


def _payer(view: View, candidate: Candidate) -> str:
    """Who pays from it, where that is a victim: `the victim sent 2 BTC from X to Y` says whose X is."""
    before = view.before(candidate.start, 200)
    drawn = _drawn_on.search(before)
    found = [*_victims().finditer(before[: drawn.start()])][-1:] if drawn else []
    for cue in found:
        between = before[cue.end() : drawn.start() if drawn else None]
        if _pays.search(between) and not re.search(r"[.!?;。] ", between):
            return cue[0].strip()
    return ""


def desk(candidate: Candidate, host: str) -> str:
    """`abuse` and the like before the @: the desk that takes reports (RFC 2142), at a host of one's own."""
    if candidate.entity.kind != "email-addr" or anybodys(host):
        return ""
    local = candidate.entity.value.partition("@")[0]
    return local if local in words("role", "desks") else ""
