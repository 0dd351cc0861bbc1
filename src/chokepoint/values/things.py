"""Devices and documents of people."""

from __future__ import annotations

import re

from chokepoint.model.errors import NotValidError
from chokepoint.model.said import Said

_mac = re.compile(r"[0-9a-f]{2}(?:([:-]?)[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}").fullmatch
_typed = re.compile(r"(?!(?:[0-9a-f]{1,2}[:-]){3})([a-z][a-z0-9-]{1,29}):([\w .:/+-]{2,120})").fullmatch
_number = re.compile(r"[\w /.-]{3,60}").fullmatch


def parse_device(text: str) -> str:
    """`imei:` with its check digit verified, `mac:` in pairs with colons, or `type:value` for other marks.

    Raises:
        NotValidError: an IMEI whose check digit fails, or no type.
    """
    lowered = text.strip().lower()
    name, mark, body = lowered.partition(":")
    if not mark or name not in {"imei", "mac"}:
        name, body = "", lowered
    digits = re.sub(r"[\s-]", "", body)
    if name == "imei" or (not name and re.fullmatch(r"[0-9]{15}", digits)):
        return f"imei:{_checked_imei(digits)}"
    if _mac(body.strip()):
        pairs = re.sub(r"[^0-9a-f]", "", body)
        return "mac:" + ":".join(pairs[at : at + 2] for at in range(0, 12, 2))
    found = _typed(lowered)
    if not found or name == "mac":
        raise NotValidError(
            Said("{text!r} is no mark of a device", text=text[:60]), mend="write imei:, mac: or type:value"
        )
    return f"{found[1]}:{' '.join(found[2].split())}"


def _checked_imei(digits: str) -> str:
    """Source: 3GPP TS 23.003, annex B (Luhn over the first 14 digits)."""
    if not re.fullmatch(r"[0-9]{15}", digits):
        raise NotValidError("an IMEI has 15 digits")
    total = sum(sum(divmod(int(digit) * (1 + place % 2), 10)) for place, digit in enumerate(digits))
    if total % 10:
        raise NotValidError("the check digit of the IMEI does not hold")
    return digits


def parse_document(text: str) -> str:
    """A document's number in capitals without spaces, after its country and type where they are written.

    `th:passport:AA1234567` stays so; a bare number stands alone.

    Raises:
        NotValidError: no number.
    """
    *head, number = text.strip().split(":")
    bare = re.sub(r"[\s/.-]", "", number).upper()
    if not _number(number.strip()) or len(bare) < 3 or len(head) > 2 or not re.search(r"[0-9]", bare):
        raise NotValidError(
            Said("{text!r} is no document number", text=text[:60]), mend="write country:type:number"
        )
    return ":".join([*(part.strip().lower() for part in head), bare])
