"""Words are read for identifiers only where one may stand in them: nobody is named by that who was not before."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.identity import Entity
from chokepoint.package import redact
from chokepoint.package.redact import Redactor

HIDDEN = [
    Entity("email-addr", "jane.doe@mail.example"),
    Entity("phone-number", "+66812345678"),
    Entity("bank-account", "iban:gb82west12345698765432"),
    Entity("user-account", "telegram:jane_doe_77"),
    Entity("crypto-address", "19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds"),
    Entity("email-addr", "a@b.co"),
]
SPELT = {
    "as it is": lambda value: value,
    "upper case": str.upper,
    "defanged": lambda value: value.replace(".", "[.]").replace("@", "[at]"),
    "in words": lambda value: value.replace(".", " dot ").replace("@", " at "),
    "in groups": lambda value: " ".join(value[at : at + 4] for at in range(0, len(value), 4)),
    "in wide letters": lambda value: "".join(
        chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in value
    ),
    "by numbers": lambda value: "".join(f"&#{ord(one)};" for one in value),
    "in an address": lambda value: (
        f"https://forum.example/?who={value.replace('@', '%40').replace(':', '%3A')}"
    ),
    "without its kind": lambda value: value.rpartition(":")[2],
    "with nothing that shows": "\u200b".join,
    "in Thai figures": lambda value: value.translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")),
    "in Arabic figures": lambda value: value.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
    "accents apart": lambda value: unicodedata.normalize("NFD", value),
}


def both(words: str, hidden: list[Entity]) -> tuple[str, str]:
    """What is told of words, and what would be were all of them read."""
    names = {one: f"thing {number}" for number, one in enumerate(hidden)}
    every = Redactor(names)
    every._reads_all = True
    return Redactor(names).told(words), every.told(words)


@pytest.mark.parametrize("spelt", SPELT)
@pytest.mark.parametrize("one", HIDDEN, ids=[f"{one.kind} {number}" for number, one in enumerate(HIDDEN)])
def test_an_identifier_gives_way_as_if_everything_were_read(one: Entity, spelt: str) -> None:
    told, wanted = both(f"pay to {SPELT[spelt](one.value)} by Monday, or call", [one])
    assert told == wanted


@pytest.mark.parametrize(
    "number", ["+๖๖ ๘๑ ๒๓๔ ๕๖๗๘", "٠٨١-٢٣٤-٥٦٧٨", "๐๘๑๒๓๔๕๖๗๘"], ids=["Thai", "Arabic", "at home"]
)
def test_a_number_in_the_figures_of_another_script_is_never_told(number: str) -> None:
    told = Redactor({Entity("phone-number", "+66812345678"): "them"}).told(f"call {number} now")
    assert number not in told


@given(
    st.lists(
        st.sampled_from([*(make(one.value) for one in HIDDEN for make in SPELT.values()), "pay", "to 12 34"])
    )
)
def test_so_it_does_beside_any_others(parts: list[str]) -> None:
    told, wanted = both(" ".join(parts), HIDDEN)
    assert told == wanted


def test_words_in_which_nothing_hidden_can_stand_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    read = []
    monkeypatch.setattr(redact, "scan", lambda words: read.append(words) or [])
    said = Redactor(dict.fromkeys(HIDDEN[:5], "thing"))
    for words in ("line 12", "evil.com serves the kit", "call 0800 11 22 33", "/objects/3/name"):
        assert said.told(words) == words
    assert read == []
    said.told("write to jane.doe at mail.example")
    assert len(read) == 1
