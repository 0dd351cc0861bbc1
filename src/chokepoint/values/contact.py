"""Ways to reach people: phone numbers and accounts on platforms."""

from __future__ import annotations

import re
import unicodedata

from chokepoint.model.errors import NotValidError
from chokepoint.model.said import Said
from chokepoint.values import platforms
from chokepoint.values.defang import refang
from chokepoint.values.internet import parse_email, split_url
from chokepoint.values.names import country_names

_international = re.compile(r"(?:\+|00)[0-9]{6,17}").fullmatch
_short = re.compile(r"[*#]?[0-9]{3,6}#?").fullmatch
_filler = re.compile(r"[\s().\u2010-\u2015/\u00a0-]+")
_account = re.compile(r"([^:：]{1,30}?)\s?[:：]\s?(.{1,300})", re.DOTALL).fullmatch
_linked = re.compile(r"(?:https?://|www\.)?[\w.-]+\.[a-z]{2,6}/", re.IGNORECASE).match


def parse_phone(text: str) -> str:
    """E.164 (`+66…`), or `country:code` for short numbers that one country only knows (`th:1441`).

    National numbers are read where the country stands before them (`th:081-234-5678`).

    Raises:
        NotValidError: no country, or a number that its numbering plan does not allow.
    """
    cleaned = unicodedata.normalize("NFKC", text).strip().removeprefix("tel:")
    country, mark, rest = cleaned.partition(":")
    country = country.strip().lower()
    if not mark or country not in country_names():
        country, rest = "", cleaned
    digits = _filler.sub("", re.sub(r"\(0\)", "", rest))
    if country and _short(digits) and len(digits) <= 6:
        return national_number(digits, country) or f"{country}:{digits}"
    if not _international(digits) and not country:
        raise NotValidError(
            Said("{text!r} has no country code", text=text[:40]), mend="write +66… or th:081…"
        )
    number = national_number(digits, country)
    if not number:
        raise NotValidError(Said("{text!r} is no number of its country's numbering plan", text=text[:40]))
    return number


def national_number(digits: str, country: str, *, lenient: bool = False) -> str:
    """E.164 of a number written for readers in a country (alpha-2); empty where its plan lacks it.

    Args:
        digits: without punctuation; with `+` or `00` where the country's code stands first.
        country: alpha-2, either case; empty for a number with a code.
        lenient: the length alone decides, as for ranges kept for fiction or given out last month.
    """
    import phonenumbers  # noqa: PLC0415 - slow to load, and only phone numbers need it

    written = "+" + digits[2:] if digits.startswith("00") else digits
    if written.startswith("+521") and len(written) == 14:
        written = "+52" + written[4:]  # the 1 of mobile phones, which Mexico gave up in 2019
    try:
        number = phonenumbers.parse(written, country.upper() or None)
    except phonenumbers.NumberParseException:
        return ""
    if lenient:
        good = phonenumbers.is_possible_number(number)
    elif written.startswith("+"):  # of full length: not one that is called within a town alone
        told = phonenumbers.is_possible_number_with_reason(number)
        good = told == phonenumbers.ValidationResult.IS_POSSIBLE
    else:
        good = phonenumbers.is_valid_number(number)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if good else ""


def valid_number(e164: str) -> bool:
    """Whether a number in E.164 lies in a range that its country has given out."""
    import phonenumbers  # noqa: PLC0415 - slow to load, and only phone numbers need it

    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(e164, None))
    except phonenumbers.NumberParseException:
        return False


def calling_code(country: str) -> str:
    """The digits that stand before a country's (alpha-2) numbers abroad; `0` where it has none."""
    import phonenumbers  # noqa: PLC0415 - slow to load, and only phone numbers need it

    return str(phonenumbers.country_code_for_region(country.upper()))


def parse_account(text: str) -> str:
    """`platform:handle` in lower case, from `platform:handle` or the address of a profile.

    Raises:
        NotValidError: an unknown platform, or a handle that it does not issue.
    """
    cleaned = unicodedata.normalize("NFKC", refang(text)).strip()
    if _linked(cleaned):
        return _from_profile(cleaned)
    found = _account(cleaned)
    if not found:
        raise NotValidError(Said("{text!r} names no platform", text=text[:60]), mend="write platform:handle")
    platform = platforms.by_name().get(found[1].strip().lower())
    if platform is None:
        raise NotValidError(
            Said("unknown platform {name!r}", name=found[1][:40]),
            mend=Said("one of {known}", known=", ".join(_names())),
        )
    return account(platform.name, found[2])


def _names() -> list[str]:
    return sorted({platform.name for platform in platforms.by_name().values()})


def _from_profile(text: str) -> str:
    parts = split_url(text)
    named = platforms.profile(parts.host.value, parts.rest)
    if named is None:
        raise NotValidError(Said("{text!r} is no address of a profile on a known platform", text=text[:80]))
    return account(*named)


def account(platform: str, handle: str) -> str:
    """The normal form of a handle on a platform.

    Raises:
        NotValidError: the platform issues no such handle, or the checksum of a Tox identifier fails.
    """
    if _linked(handle.strip()):
        return _from_profile(handle.strip())
    bare = _bare_handle(platform, handle)
    shape = platforms.by_name()[platform].handle
    if not bare or not shape.fullmatch(bare):
        raise NotValidError(
            Said("{handle!r} is no handle of {platform}", handle=handle[:60], platform=platform)
        )
    if platform == "tox" and len(bare) == 76 and not tox_holds(bare):
        raise NotValidError("the checksum of the Tox identifier does not hold")
    if platform == "whatsapp" and bare.isdigit():
        bare = "+" + bare
    return f"{platform}:{bare}"


def _bare_handle(platform: str, handle: str) -> str:
    written = unicodedata.normalize("NFKC", handle).strip().lstrip("@")
    if platform == "jabber" or (platform == "mastodon" and "@" in written):
        return parse_email(written)
    bare = " ".join(written.casefold().split()).lstrip("@")
    return bare.replace(" ", "") if platform in {"tox", "session", "qq"} else bare


def tox_holds(digits: str) -> bool:
    """Whether 76 hexadecimal digits end in the XOR of their words. Source: The Tox Reference, "Tox ID"."""
    words = [int(digits[at : at + 4], 16) for at in range(0, 76, 4)]
    total = 0
    for word in words:
        total ^= word
    return total == 0
