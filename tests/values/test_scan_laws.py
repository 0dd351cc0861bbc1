"""Laws of the scanner: what stands anywhere is found, two texts hold what each holds, and work grows linearly."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.identity import Entity
from chokepoint.values import registry
from chokepoint.values.text import scan
from chokepoint.values.text.candidate import Taken
from chokepoint.values.text.words import alternation

FOUND = {
    "domain": ("evil-shop.com", "domain-name", "evil-shop.com"),
    "defanged": ("evil-shop[.]com", "domain-name", "evil-shop.com"),
    "address": ("https://evil-shop.com/pay", "url", "https://evil-shop.com/pay"),
    "defanged-address": ("hxxps[://]evil-shop[.]com/pay", "url", "https://evil-shop.com/pay"),
    "mailbox": ("boss@evil-shop.com", "email-addr", "boss@evil-shop.com"),
    "onion": ("avaddongun7rngel.onion", "onion-service", "avaddongun7rngel.onion"),
    "ipv4": ("91.206.14.77", "ipv4-addr", "91.206.14.77"),
    "ipv6": ("2a10:c943:100:4f::a2", "ipv6-addr", "2a10:c943:100:4f::a2"),
    "bitcoin": ("1AfroW44dzHkjgbLEMLB3EvGDFegfkRewM", "crypto-address", "1AfroW44dzHkjgbLEMLB3EvGDFegfkRewM"),
    "segwit": ("bc1qxy2kgdygjrsqtzq2n0yrf2493p83kkfjhx0wlh", "crypto-address", "bc1qxy2kgdygjrsqtzq2n0yrf2493p83kkfjhx0wlh"),
    "ethereum": ("0xd0cc2b24980cbcca47ef755da88b220a82291407", "crypto-address", "0xd0cc2b24980cbcca47ef755da88b220a82291407"),
    "tron": ("TBHTJqAy4DhHhmT3dNceJYNRz4SdLofLre", "crypto-address", "TBHTJqAy4DhHhmT3dNceJYNRz4SdLofLre"),
    "sha256": ("ab12cd34" * 8, "file", "sha256:" + "ab12cd34" * 8),
    "md5": ("ab12cd34" * 4, "file", "md5:" + "ab12cd34" * 4),
    "iban": ("DE89 3704 0044 0532 0130 00", "bank-account", "iban:DE89370400440532013000"),
    "phone": ("+66 81 234 5678", "phone-number", "+66812345678"),
    "profile": ("https://t.me/evil_chan", "user-account", "telegram:evil_chan"),
    "tox": ("7367b422cd7498d5f2aaf33f58f67a332f8520cf0279a5fbb4611e0121ae421ae1d49aceabb2", "user-account", "tox:7367b422cd7498d5f2aaf33f58f67a332f8520cf0279a5fbb4611e0121ae421ae1d49aceabb2"),
}  # fmt: skip
PROSE = {
    "en": "The victims were told to pay within a day, or else the parcel would go back.",
    "th": "ผู้เสียหายถูกหลอกให้โอนเงินภายในหนึ่งวัน มิฉะนั้นพัสดุจะถูกส่งคืน",
    "fr": "Les victimes ont été invitées à payer le jour même, faute de quoi le colis repartirait.",
    "de": "Die Opfer sollten am selben Tag zahlen, sonst gehe das Paket zurück.",
    "es": "Las víctimas debían pagar ese mismo día, o el paquete sería devuelto.",
    "ja": "被害者は一日以内に支払うように言われた。そうしないと荷物は返送される。",
    "tr": "Mağdurlardan aynı gün ödeme yapmaları istendi, yoksa paket geri gidecekti.",
}
forms = pytest.mark.parametrize(("written", "kind", "value"), FOUND.values(), ids=FOUND)


@forms
@pytest.mark.parametrize("language", PROSE)
def test_an_identifier_between_any_two_words_of_any_language_is_found(written, kind, value, language):
    prose = PROSE[language]
    blanks = [at for at, c in enumerate(prose) if c == " "] or [prose.index("。") + 1]
    for at in (0, blanks[0], blanks[len(blanks) // 2], len(prose)):
        text = f"{prose[:at]} {written} {prose[at:]}"
        assert Entity(kind, value) in [one.entity for one in scan(text)], text


@forms
@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "({})",
        "[{}]",
        "<{}>",
        '"{}"',
        "“{}”",
        "«{}»",
        "„{}“",
        "「{}」",
        "`{}`",
        "**{}**",
        "| {} |",
        "- {}",
        "{};",
        "{},",
        "{}!",
        "\t{}\t",
        "<td>{}</td>",
        "{}\r\n",
    ],
)
def test_punctuation_of_any_kind_hides_nothing_and_adds_nothing(written, kind, value, around):
    found = [one.entity for one in scan(f"seen:\n{around.format(written)}\nyes")]
    assert Entity(kind, value) in found
    assert len(found) == (2 if kind == "user-account" and written.startswith("http") else 1)


@forms
def test_what_is_found_stands_where_it_says(written, kind, value):
    text = f"erste Zeile\nzweite mit ü {written} darin\n"
    (found,) = (one for one in scan(text) if tuple(one.entity) == (kind, value))
    assert text[found.start : found.end] == found.raw == written
    assert found.line == 2
    assert written.replace("[.]", ".").replace("hxxps[://]", "https://")[:12] in found.context


@forms
def test_what_is_found_whole_is_detected_alone(written, kind, value):
    if kind != "user-account":
        assert registry.detect(written) == Entity(kind, value)


pieces = st.lists(st.sampled_from([one[0] for one in FOUND.values()] + list(PROSE.values())), max_size=5).map(
    "\n\n".join
)


@given(pieces, pieces)
def test_two_texts_one_after_another_hold_what_each_holds(one, other):
    together = {tuple(found.entity) for found in scan(f"{one}\n\n\n{other}")}
    assert together == {tuple(found.entity) for text in (one, other) for found in scan(text)}


@given(pieces, pieces)
def test_what_stands_later_moves_by_what_stands_before(one, other):
    if scan(one) or not scan(other):
        return
    head = f"{one}\n\n\n"
    moved = [(found.start + len(head), found.end + len(head), found.entity) for found in scan(other)]
    assert [(found.start, found.end, found.entity) for found in scan(head + other)] == moved


@given(st.text(max_size=300))
def test_every_find_is_a_normal_form_with_a_place_a_role_and_a_reason(text):
    last = 0
    for found in scan(text):
        assert last <= found.start < found.end <= len(text)
        assert text[found.start : found.end] == found.raw
        assert found.line == text.count("\n", 0, found.start) + 1
        assert registry.parse(*found.entity) == found.entity
        assert found.role in {"indicator", "context"}
        assert found.reason
        assert len(found.context) <= 160
        assert "\n" not in found.context
        last = found.start


@given(st.text(alphabet=st.sampled_from("ab.@:/[]()-_ \n\u200b\u0301%+0123456789ü"), max_size=120))
def test_no_two_finds_of_one_kind_overlap(text):
    last: dict[str, int] = {}
    for found in scan(text):
        assert found.start >= last.get(found.entity.kind, 0)
        last[found.entity.kind] = found.end


@pytest.mark.parametrize(
    "hidden",
    ["\u200b", "\u00ad", "\u2060", "\ufeff", "\u200e"],
    ids=["zero-width", "soft-hyphen", "joiner", "byte-order", "direction"],
)
@forms
def test_a_hidden_character_in_the_midst_of_it_hides_nothing(hidden, written, kind, value):
    at = len(written) // 2
    text = f"go {written[:at]}{hidden}{written[at:]} now"
    assert Entity(kind, value) in [one.entity for one in scan(text)]


def work(text):
    """Calls of Python functions that a scan of the text makes: work, counted and not timed."""
    count = 0

    def counted(_frame, event, _argument):
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(counted)
    try:
        scan(text)
    finally:
        sys.setprofile(None)
    return count


UNITS = {
    "domains": "evil-{}.com ",
    "defanged": "evil-{}[.]com ",
    "mailboxes": "bob{}@evil.com\n",
    "addresses": "http://evil.com/{}\n",
    "phones": "+6681234{:04d} ",
    "handles": "telegram @evil_{}\n",
    "cues": "fake site official site {} ",
    "headings": "## Phishing {}\n\nevil-{}.com\n\n",
    "tables": "a;b{};c\n",
    "brackets": "[({{{}\n",
    "hexadecimal": "{:032x} ",
    "words": "kein Wort {} ist böse. ",
    "thai": "ไลน์ไอดี evil{} ",
    "accents": "e\u0301{} ",
}


@pytest.mark.parametrize("unit", UNITS.values(), ids=UNITS)
def test_twice_the_text_is_at_most_a_little_more_than_twice_the_work(unit):
    small, large = ("".join(unit.format(at, at) for at in range(size)) for size in (150, 300))
    scan(small)
    assert work(large) <= 2.6 * work(small)


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)), max_size=12),
    st.integers(0, 60),
    st.integers(1, 20),
)
def test_a_span_is_free_exactly_where_nothing_was_taken(spans, start, size):
    taken = Taken(80)
    for first, length in spans:
        taken.add(first, first + length)
    marked = {at for first, length in spans for at in range(first, first + length)}
    assert taken.free(start, start + size) == (not marked & set(range(start, start + size)))


words = st.lists(st.text(alphabet="abc", min_size=1, max_size=8), min_size=1, max_size=8, unique=True)


@given(words, st.text(alphabet="abc .", max_size=40))
def test_words_that_share_their_beginnings_match_as_a_plain_search_would(entries, text):
    import re  # noqa: PLC0415 - for this oracle alone

    def stands(word, at):
        ends = at + len(word)
        before, after = text[at - 1 : at] if at else "", text[ends : ends + 1]
        return text.startswith(word, at) and not before.isalpha() and (len(word) >= 6 or not after.isalpha())

    wanted, at = [], 0
    while at < len(text):
        here = max((word for word in entries if stands(word, at)), key=len, default="")
        wanted += [here] if here else []
        at += len(here) or 1
    found = re.findall(alternation(tuple(entries)), text)
    assert found == wanted
