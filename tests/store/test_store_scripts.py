"""Search finds a name in every script by any part of it that is long enough, on every engine."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_world import RED, link, say, seen_by, source, texts

from chokepoint.store import lookup

FOUND = [
    pytest.param("evil-bank.example", "il-ban", id="latin"),
    pytest.param("EVIL-BANK.example", "evil-bank", id="latin-capitals-by-small"),
    pytest.param("übergrößen-fälscher", "größen", id="german"),
    pytest.param("contrefaçon-élysée", "façon", id="french"),
    pytest.param("ılık-dolandırıcı", "landırı", id="turkish-dotless"),
    pytest.param("łódź-oszuści", "oszuś", id="polish"),
    pytest.param("lừa-đảo-việt", "đảo", id="vietnamese"),
    pytest.param("песчаный-червь", "червь", id="russian"),
    pytest.param("шахрайство-київ", "київ", id="ukrainian"),
    pytest.param("απάτη-αθήνα", "αθήνα", id="greek"),
    pytest.param("ხელოვნება-თბილისი", "თბილ", id="georgian"),
    pytest.param("խարդախություն", "դախու", id="armenian"),
    pytest.param("احتيال-بنك", "حتيال", id="arabic"),
    pytest.param("کلاهبرداری", "بردار", id="persian"),
    pytest.param("הונאה-בנקאית", "בנקא", id="hebrew"),
    pytest.param("धोखाधड़ी-बैंक", "धोखा", id="hindi"),
    pytest.param("প্রতারণা-ব্যাংক", "তারণা", id="bengali"),
    pytest.param("மோசடி-வங்கி", "மோசடி", id="tamil"),
    pytest.param("మోసం-బ్యాంకు", "మోసం", id="telugu"),
    pytest.param("ธนาคารปลอมหลอกลวง", "ปลอมหลอก", id="thai-without-spaces"),
    pytest.param("ເວັບໄຊປອມ", "ໄຊປອມ", id="lao"),
    pytest.param("គេហទំព័រក្លែងក្លាយ", "ក្លែង", id="khmer"),
    pytest.param("လိမ်လည်မှု", "လည်မှု", id="burmese"),
    pytest.param("诈骗网站银行", "网站银", id="chinese"),
    pytest.param("詐欺サイト銀行", "サイト", id="japanese"),
    pytest.param("사기웹사이트은행", "사이트", id="korean"),
    pytest.param("የማጭበርበር-ድር", "ጭበርበ", id="amharic"),
    pytest.param("ཟོག་རྫུན་ཅན", "རྫུན", id="tibetan"),
    pytest.param("ᠮᠣᠩᠭᠣᠯ-ᠬᠤᠯᠠᠭᠠᠢ", "ᠬᠤᠯᠠ", id="mongolian"),
    pytest.param("😀😈💰-wallet", "😈💰-", id="emoji"),
    pytest.param("𝒻𝒶𝓃𝒸𝓎-name", "𝒶𝓃𝒸", id="beyond-the-first-plane"),
    pytest.param("аpple-with-cyrillic-a", "аppl", id="homograph-by-itself"),
    pytest.param("zero\u200bwidth.example", "o\u200bw", id="zero-width"),
    pytest.param("\u202eelpmaxe", "\u202eelp", id="right-to-left-override"),
    pytest.param("it's-a-quote", "t's", id="quote"),
    pytest.param('say-"hello"', '"hel', id="double-quote"),
    pytest.param("100%-safe_pay", "0%-s", id="percent"),
    pytest.param("under_score", "r_s", id="underscore"),
    pytest.param("back\\slash", "k\\s", id="backslash"),
    pytest.param("semi;colon--comment", ";colon--", id="sql-comment"),
    pytest.param("tab\there", "b\th", id="tab"),
    pytest.param("NEAR(a b)*^:col", "NEAR(a", id="words-of-the-search-engine"),
]
NOT_FOUND = [
    pytest.param("xyz-nowhere", id="absent"),
    pytest.param("evil_bank", id="underscore-is-no-wildcard"),
    pytest.param("evil%example", id="percent-is-no-wildcard"),
    pytest.param("apple-with-cyrillic", id="homograph-by-its-double"),
    pytest.param("zerowidth", id="zero-width-left-out"),
]


@pytest.fixture(scope="module")
def filled(lasting):
    """All the names, and each once more where only the bank may see it."""
    names = [one.values[0] for one in FOUND]
    say(lasting, [link(name, "10.0.0.1") for name in names])
    hidden = source("hidden.txt", RED)
    say(lasting, [link(f"{name} hidden", "10.0.0.1", hidden) for name in names], ["hidden.txt"])
    return lasting


def found(atlas, words, limit=10_000):
    with atlas.reader.connect() as connection:
        eids = lookup.holding(atlas.reader, connection, words, limit)
        known = atlas.reader.entities(connection, eids)
        return [known[eid].value for eid in eids]


@pytest.mark.parametrize(("name", "part"), FOUND)
def test_a_name_is_found_by_a_part_of_it(filled, name, part):
    assert name in found(filled, part)
    assert f"{name} hidden" in found(filled, part)


@pytest.mark.parametrize(("name", "part"), FOUND)
def test_a_stranger_finds_the_open_one_alone(filled, name, part):
    seen = found(seen_by(filled, "stranger"), part)
    assert name in seen
    assert not [one for one in seen if one.endswith("hidden")]


@pytest.mark.parametrize(("name", "part"), FOUND)
def test_a_name_is_found_by_the_whole_of_it_and_by_its_ends(filled, name, part):
    for words in (name, name[:3], name[-3:]):
        assert name in found(filled, words)


@pytest.mark.parametrize("words", NOT_FOUND)
def test_what_stands_in_no_name_is_not_found(filled, words):
    assert found(filled, words) == []


@pytest.mark.parametrize("words", ["欺", "站银", "銀", "은", "ธน"])
def test_one_or_two_letters_find_too(filled, words):
    expected = {one.values[0] for one in FOUND if words in one.values[0]}
    assert {one for one in found(filled, words) if not one.endswith("hidden")} == expected
    assert expected


def test_the_shortest_come_first_and_no_more_than_asked_for(filled):
    seen = found(filled, "an", 3)
    assert len(seen) == 3
    assert seen == sorted(seen, key=lambda name: (len(name), name))
    assert seen == found(filled, "an")[:3]


@pytest.mark.parametrize("limit", [0, 1, 2])
def test_a_limit_counts_only_what_is_seen(filled, limit):
    assert len(found(seen_by(filled, "stranger"), "example", limit)) == limit


@given(value=texts, more=texts, chosen=st.data())
@settings(max_examples=12)
def test_any_part_of_any_name_finds_it(filled, value, more, chosen):
    name = value + more
    say(filled, [link(name, "10.0.0.9")])
    start = chosen.draw(st.integers(0, len(name) - 1))
    part = name[start : chosen.draw(st.integers(start + 1, len(name)))]
    seen = found(filled, part)
    assert name in seen
    assert all(part.lower() in one.lower() or part.casefold() in one.casefold() for one in seen)


@given(value=texts, size=st.integers(1, 5))
@settings(max_examples=12)
def test_a_beginning_finds_exactly_what_begins_so(filled, value, size):
    say(filled, [link(value, "10.0.0.8")])
    with filled.reader.connect() as connection:
        begun = lookup.starting(filled.reader, connection, value[:size], 10_000)
        known = filled.reader.entities(connection, begun)
        whole = lookup.starting(filled.reader, connection, "", 100_000)
        names = filled.reader.entities(connection, whole)
    assert value in {one.value for one in known.values()}
    assert {one.value for one in known.values()} == {
        one.value for one in names.values() if one.value.startswith(value[:size])
    }
