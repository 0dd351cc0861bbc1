"""Money outside the chains: bank accounts, payment cards as tokens, payment handles."""

from __future__ import annotations

import re
import unicodedata

from chokepoint.model.errors import NotValidError
from chokepoint.model.said import Said
from chokepoint.values.internet import parse_email
from chokepoint.values.names import country_code
from chokepoint.values.tables import table

_iban_shape = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}").fullmatch
_local_account = re.compile(r"([a-z]{2}):([^:]{1,80}):([0-9A-Za-z /.-]{4,40})").fullmatch
_masked = re.compile(r"([0-9]{6})(?:[*xX•●…. -]{1,24})([0-9]{4})").fullmatch
_digits = re.compile(r"[0-9]{12,19}").fullmatch
_handle = re.compile(r"([a-z0-9-]{2,20}):(.{2,120})", re.DOTALL).fullmatch


def parse_bank_account(text: str) -> str:
    """`iban:` and the number without spaces, or `country:bank:number` where no IBAN exists.

    Raises:
        NotValidError: the IBAN's check digits fail, or country, bank or number is missing.
    """
    cleaned = unicodedata.normalize("NFKC", text).strip()
    bare = re.sub(r"[\s-]", "", cleaned.upper().removeprefix("IBAN").lstrip(": "))
    if _iban_shape(bare) and not _local_account(cleaned):
        return f"iban:{_checked_iban(bare)}"
    found = _local_account(cleaned.lower())
    if not found:
        raise NotValidError(Said("{text!r} is no IBAN and no country:bank:number", text=text[:60]))
    number = re.sub(r"[\s/.-]", "", found[3])
    if not number:
        raise NotValidError(Said("{text!r} holds no account number", text=text[:60]))
    bank = " ".join(found[2].split())
    return f"{country_code(found[1])}:{bank}:{number}"


def _checked_iban(number: str) -> str:
    """ISO 13616: moved to the end, letters as two digits, the remainder by 97 is 1; length by country.

    Check digits are 98 less a remainder: 00, 01 and 99 are none, though the remainder holds for them too.
    """
    from stdnum import iban  # noqa: PLC0415 - slow to load, and only accounts need it

    try:
        if number[2:4] in {"00", "01", "99"}:
            raise iban.InvalidChecksum
        return str(iban.validate(number, check_country=False))
    except iban.ValidationError:
        raise NotValidError(
            Said("the check digits of IBAN {number}… do not hold", number=number[:4])
        ) from None


def parse_payment_card(text: str) -> str:
    """`first6…last4`; a full card number is refused and never kept.

    Even hashed it would give the number away: with ten digits known, a million guesses find the rest.

    Raises:
        NotValidError: a full number, or another form.
    """
    cleaned = re.sub(r"(?<=[0-9])[ -](?=[0-9])", "", text.strip().removeprefix("card:"))
    if _digits(cleaned):
        raise NotValidError(
            "full card numbers are never kept", mend="write the first six and last four: 411111…1111"
        )
    found = _masked(cleaned)
    if not found:
        raise NotValidError("a card is written as its first six and last four digits: 411111…1111")
    return f"{found[1]}…{found[2]}"


_UPPER = {"perfectmoney", "webmoney", "payeer"}


def parse_payment_handle(text: str) -> str:
    """`service:handle`, in lower case except for services that write capitals; PromptPay phones in E.164.

    Raises:
        NotValidError: no service, an unknown one, or a handle that the service does not issue.
    """
    cleaned = unicodedata.normalize("NFKC", text).strip().lower()
    found = _handle(_from_link(cleaned))
    if not found:
        raise NotValidError(
            Said("{text!r} names no payment service", text=text[:60]), mend="write service:handle"
        )
    service, handle = found[1], found[2].strip()
    forms: dict[str, str] = table("payments")["handle"]
    if service not in forms:
        raise NotValidError(
            Said("unknown payment service {service!r}", service=service),
            mend=Said("one of {known}", known=", ".join(forms)),
        )
    handle = _tidied(service, handle)
    if not re.fullmatch(forms[service], handle):
        raise NotValidError(
            Said("{handle!r} is no handle of {platform}", handle=handle[:60], platform=service)
        )
    return f"{service}:{handle.upper() if service in _UPPER else handle}"


def _from_link(text: str) -> str:
    bare = re.sub(r"^https?://(?:www\.)?", "", text)
    for link, service in table("payments")["link"].items():
        if bare.startswith(link + "/"):
            return f"{service}:{bare[len(link) + 1 :].split('/')[0].split('?')[0]}"
    return text


def _tidied(service: str, handle: str) -> str:
    if "." in handle.rpartition("@")[2] and handle.find("@") > 0:
        return parse_email(handle)
    if service == "cashapp":
        return "$" + handle.lstrip("$")
    if service in {"venmo", "wise"}:
        return handle.lstrip("@")
    if service in {"promptpay", "truemoney"}:
        digits = re.sub(r"[\s-]", "", handle)
        return "+66" + digits[1:] if re.fullmatch(r"0[0-9]{8,9}", digits) else digits
    return (
        re.sub(r"[\s-]", "", handle)
        if handle.replace(" ", "").replace("-", "").lstrip("+").isdigit()
        else handle
    )
