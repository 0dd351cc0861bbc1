"""Names that pass for each other, words for sectors and levers, and what a member may say of itself."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.errors import NotValidError
from chokepoint.model.member import (
    LONGEST_TIE,
    MOST_TIES,
    Capability,
    Member,
    Mode,
    Sector,
    Waiver,
    name_key,
    parse_capability,
    parse_sector,
    parse_ties,
    retold,
)

LOOKALIKES = {"а": "a", "е": "e", "о": "o", "р": "p", "с": "c", "у": "y", "х": "x", "і": "i", "α": "a", "ο": "o", "0": "o", "1": "l", "3": "e", "5": "s", "ı": "i", "ł": "l", "ø": "o"}  # fmt: skip


@pytest.mark.parametrize(
    ("foreign", "latin"), LOOKALIKES.items(), ids=[f"U+{ord(c):04X}" for c in LOOKALIKES]
)
def test_a_letter_that_passes_for_a_latin_one_makes_no_other_name(foreign, latin):
    assert name_key(f"b{foreign}nk") == name_key(f"b{latin}nk")


@given(
    st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=20),
    st.sampled_from(" .-_/&'\u200b\u00ad"),
    st.data(),
)
def test_marks_between_letters_make_no_other_name(name, mark, data):
    at = data.draw(st.integers(0, len(name)))
    assert name_key(name[:at] + mark + name[at:]) == name_key(name)


@given(st.text(alphabet="abcdeghijkopqstuxyzäéíñöü", min_size=1, max_size=20))
def test_accents_and_the_way_they_are_composed_make_no_other_name(name):
    loose = unicodedata.normalize("NFD", name)
    bare = "".join(c for c in loose if not unicodedata.combining(c))
    assert name_key(name) == name_key(loose) == name_key(bare)


@given(st.text(max_size=30))
def test_a_key_of_a_key_is_the_key(name):
    once = name_key(name)
    assert name_key(once) == name_key(name_key(once))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bank", "police"),
        ("bank a", "bank b"),
        ("ธนาคาร", "ธนาคาม"),
        ("กา", "กี"),
        ("", "a"),
        ("東京", "京都"),
        ("bank 2", "bank 4"),
    ],
    ids=["words", "letters", "thai", "thai-vowels", "empty", "japanese", "figures"],
)
def test_names_that_a_reader_tells_apart_stay_apart(one, other):
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize(("pair", "whole"), [("rn", "m"), ("vv", "w")])
def test_two_letters_that_pass_for_one_are_that_one(pair, whole):
    assert name_key(f"co{pair}ercial") == name_key(f"co{whole}ercial")


@pytest.mark.parametrize(
    ("text", "sector"),
    [
        ("police", Sector.LAW_ENFORCEMENT),
        ("Law-Enforcement", Sector.LAW_ENFORCEMENT),
        ("law_enforcement", Sector.LAW_ENFORCEMENT),
        ("Financial  Institution", Sector.BANK),
        ("university", Sector.ACADEMIC),
        ("charity", Sector.NGO),
        ("CERT", Sector.COORDINATOR),
        ("isac", Sector.COORDINATOR),
        ("ISP", Sector.TELECOM),
        (" bank ", Sector.BANK),
    ],
)
def test_a_sector_is_read_by_the_words_that_people_use(text, sector):
    assert parse_sector(text) is sector


@pytest.mark.parametrize("text", ["", "banks", "policeman", "sector", "x" * 1000])
def test_an_unknown_sector_is_refused_with_every_known_one(text):
    with pytest.raises(NotValidError) as refusal:
        parse_sector(text)
    assert all(sector.value in refusal.value.mend for sector in Sector)


@pytest.mark.parametrize(
    ("text", "capability"),
    [
        ("takedown", Capability(Mode.TAKEDOWN)),
        ("Takedown:Domain-Name", Capability(Mode.TAKEDOWN, "domain-name")),
        (" freeze : crypto-address ", Capability(Mode.FREEZE, "crypto-address")),
        ("ARREST", Capability(Mode.ARREST)),
        ("seizure:", Capability(Mode.SEIZURE)),
    ],
)
def test_a_lever_is_a_mode_and_perhaps_a_kind_in_any_case(text, capability):
    assert parse_capability(text) == capability


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "way to act"),
        ("hack", "way to act"),
        ("takedown:wallets", "kind of entity"),
        (":domain-name", "way to act"),
    ],
)
def test_a_lever_of_no_known_mode_or_kind_is_refused_by_what_is_wrong(text, reason):
    with pytest.raises(NotValidError, match=reason):
        parse_capability(text)


def test_a_general_lever_acts_on_every_kind_and_a_special_one_on_its_own():
    general = Member(name="a", capabilities=frozenset({Capability(Mode.TAKEDOWN)}))
    special = Member(name="b", capabilities=frozenset({Capability(Mode.TAKEDOWN, "url")}))
    assert general.pulls(Mode.TAKEDOWN, "url")
    assert general.pulls(Mode.TAKEDOWN, "domain-name")
    assert special.pulls(Mode.TAKEDOWN, "url")
    assert not special.pulls(Mode.TAKEDOWN, "domain-name")
    assert not general.pulls(Mode.FREEZE, "url")


def test_as_many_ties_as_the_limit_are_taken_and_one_more_is_not():
    names = [f"house {number}" for number in range(MOST_TIES)]
    assert len(parse_ties(names)) == MOST_TIES
    assert len(parse_ties([*names, names[0], "  house   0 "])) == MOST_TIES
    with pytest.raises(NotValidError, match="201 names are too many"):
        parse_ties([*names, "one more"])


@pytest.mark.parametrize(("name", "taken"), [("x" * LONGEST_TIE, True), ("x" * (LONGEST_TIE + 1), False), ("a\x00b", False), ("a\u202eb", False), ("ธนาคาร", True)], ids=["longest", "longer", "nul", "override", "thai"])  # fmt: skip
def test_a_tie_is_a_name_that_can_be_printed(name, taken):
    if taken:
        assert parse_ties([name]) == {name}
        return
    with pytest.raises(NotValidError, match="names nothing"):
        parse_ties([name])


BANK = Member(name="bank", sector=Sector.BANK, country="th", parents=frozenset({"acme"}))
HALF = {by: frozenset({Waiver("parents", "acme", by)}) for by in ("bank", "founder")}


@pytest.mark.parametrize(
    ("said", "by", "result"),
    [
        pytest.param(Member(name="other", sector=Sector.NGO), "founder", Member(name="bank", sector=Sector.NGO, parents=frozenset({"acme"}), waived=HALF["founder"]), id="the-founder-decides-all-but-ties"),
        pytest.param(Member(name="bank", sector=Sector.NGO), "stranger", BANK, id="a-stranger-does-not"),
        pytest.param(Member(name="bank", sector=Sector.NGO, country="de"), "bank", replace(BANK, waived=HALF["bank"]), id="nobody-changes-its-own-sector"),
        pytest.param(Member(name="bank", parents=frozenset({"beta"})), "bank", Member(name="bank", sector=Sector.BANK, country="th", parents=frozenset({"acme", "beta"}), waived=HALF["bank"]), id="a-tie-is-added"),
        pytest.param(Member(name="bank", capabilities=frozenset({Capability(Mode.FREEZE)})), "bank", Member(name="bank", sector=Sector.BANK, country="th", parents=frozenset({"acme"}), capabilities=frozenset({Capability(Mode.FREEZE)}), waived=HALF["bank"]), id="levers-are-its-own-word"),
    ],
)  # fmt: skip
def test_what_a_record_changes_hangs_on_who_made_it(said, by, result):
    assert retold(BANK, said, by=by, founder="founder") == result


BARE = Member(name="bank", sector=Sector.BANK, country="th")


@pytest.mark.parametrize("order", [("bank", "founder"), ("founder", "bank")])
def test_a_tie_ends_once_both_have_lifted_it_and_can_be_told_anew(order):
    now = BANK
    for by in order:
        assert now.parents == {"acme"}
        now = retold(now, BARE, by=by, founder="founder")
    assert now == BARE
    anew = retold(now, BANK, by="founder", founder="founder")
    assert retold(anew, BARE, by="bank", founder="founder").parents == {"acme"}


def test_who_states_a_tie_anew_takes_back_the_half_of_ending_it():
    now = BANK
    for by, said in (("founder", BARE), ("founder", BANK), ("bank", BARE)):
        now = retold(now, said, by=by, founder="founder")
    assert now.parents == {"acme"}


def test_a_tie_to_the_founder_is_lifted_by_nobody_however_it_is_spelt():
    now = replace(BARE, parents=frozenset({"Founder."}), feeds=frozenset({"FOUNDER"}))
    for by in ("bank", "founder", "bank"):
        now = retold(now, BARE, by=by, founder="founder")
    assert (now.parents, now.feeds) == ({"Founder."}, {"FOUNDER"})


def test_a_founder_lifts_no_tie_of_its_own():
    founder = Member(name="founder", parents=frozenset({"acme"}), sector=Sector.BANK)
    told = retold(founder, Member(name="founder", sector=Sector.NGO), by="founder", founder="founder")
    assert (told.parents, told.sector) == (frozenset({"acme"}), Sector.BANK)


def test_an_empty_sector_and_country_may_be_filled_once():
    bare = Member(name="bank")
    once = retold(bare, Member(name="bank", sector=Sector.BANK, country="th"), by="bank", founder="f")
    again = retold(once, Member(name="bank", sector=Sector.NGO, country="de"), by="bank", founder="f")
    assert (again.sector, again.country) == (Sector.BANK, "th")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("بنك الرياض", "بنـك الريـاض", id="drawn long"),
        pytest.param("مُحَمَّد", "محمد", id="with its vowels"),
        pytest.param("أحمد", "احمد", id="without hamza"),
        pytest.param("آسيا", "اسيا", id="without madda"),
        pytest.param("علی", "علي", id="a Persian yeh"),
        pytest.param("على", "علي", id="a yeh without dots"),
        pytest.param("بانک", "بانك", id="a Persian kaf"),
        pytest.param("مؤسسة النور", "موسسه النور", id="teh marbuta as heh"),
        pytest.param("ٱلنور", "النور", id="alef wasla"),
        pytest.param("בַּנְק", "בנק", id="Hebrew points"),
        pytest.param("ธนาคาร๑๒", "ธนาคาร12", id="Thai digits"),
        pytest.param("بنك٢", "بنك2", id="Arabic digits"),
        pytest.param("بنك۲", "بنك٢", id="Persian digits"),
        pytest.param("จำกัด", "จํากัด", id="Thai sara am in two signs"),
    ],
)
def test_what_is_seldom_written_makes_no_other_name(one, other):
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("بنك", "بنوك", id="a letter more"),
        pytest.param("سلام", "شلام", id="Arabic dots"),
        pytest.param("กรุงเทพเพย์", "กรุงเทพเพย", id="a Thai mark that is spoken"),
        pytest.param("नेहा", "नहा", id="a Hindi vowel"),
        pytest.param("ธนาคาร๑", "ธนาคาร๒", id="other Thai digits"),
    ],
)
def test_what_every_reader_sees_makes_another_name(one, other):
    assert name_key(one) != name_key(other)
