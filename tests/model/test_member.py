"""Members: words that are understood, names that are told apart, ties that only the founder lifts."""

from __future__ import annotations

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
    name_key,
    parse_capability,
    parse_sector,
    parse_ties,
    retold,
)
from chokepoint.model.vocabulary import vocabulary

names = st.sampled_from(["acme", "globex", "initech", "hooli"])
ties = st.frozensets(names, max_size=3)
profiles = st.builds(
    Member,
    name=names,
    sector=st.none() | st.sampled_from(Sector),
    country=st.sampled_from(["", "th", "ch"]),
    capabilities=st.frozensets(st.builds(Capability, st.sampled_from(Mode)), max_size=2),
    parents=ties,
    origins=ties,
    feeds=ties,
)


@pytest.mark.parametrize("sector", Sector, ids=lambda one: one.name)
@pytest.mark.parametrize("write", [str.upper, str.title, lambda word: word.replace(" ", "-"), " {} ".format])
def test_a_sector_is_read_however_people_write_it(sector, write):
    assert parse_sector(write(sector.value)) is sector


def test_police_are_law_enforcement():
    assert parse_sector("Police") is Sector.LAW_ENFORCEMENT


@pytest.mark.parametrize("word", ["", "banks", "гос", "x" * 1000])
def test_an_unknown_sector_is_refused_and_the_known_ones_named(word):
    with pytest.raises(NotValidError) as caught:
        parse_sector(word)
    assert "law enforcement" in caught.value.mend
    assert len(caught.value.reason) < 120


def test_every_lever_of_the_vocabulary_is_a_mode_and_a_sector_that_members_have():
    sectors = {sector.value for sector in Sector}
    modes = {mode.value for mode in Mode}
    levers = [lever for kind in vocabulary().kinds.values() for lever in kind.levers]
    assert levers
    assert {lever.mode for lever in levers} <= modes
    assert {lever.sector for lever in levers} <= sectors


@given(mode=st.sampled_from(Mode), kind=st.sampled_from(["", *sorted(vocabulary().kinds)]))
def test_a_capability_is_read_back_as_it_is_written(mode, kind):
    assert parse_capability(str(Capability(mode, kind))) == Capability(mode, kind)
    assert parse_capability(f"  {str(Capability(mode, kind)).upper()}") == Capability(mode, kind)


@pytest.mark.parametrize("word", ["", "shoot", "freeze:unicorn", ":domain-name", "freeze:crypto-address:btc"])
def test_an_unknown_capability_is_refused(word):
    with pytest.raises(NotValidError) as caught:
        parse_capability(word)
    assert caught.value.mend


def test_a_member_pulls_the_levers_it_names_and_no_others():
    member = Member(name="x", capabilities=frozenset({Capability(Mode.FREEZE, "crypto-address")}))
    assert member.pulls(Mode.FREEZE, "crypto-address")
    assert not member.pulls(Mode.FREEZE, "bank-account")
    assert not member.pulls(Mode.SEIZURE, "crypto-address")
    anywhere = Member(name="x", capabilities=frozenset({Capability(Mode.FREEZE)}))
    assert anywhere.pulls(Mode.FREEZE, "bank-account")


@pytest.mark.parametrize(
    "pair",
    [
        ("Bank", "BANK"),
        ("Bank-of Siam", "bank of siam"),
        ("bank", "bаnk"),
        ("Société Générale", "SOCIETE GENERALE"),
        ("police", "polıce"),
        ("bank", "b\u200bank"),
        ("bank1", "bankl"),
        ("ｂａｎｋ", "bank"),
        ("Ελλαδα", "ΕΛΛΑΔΑ"),
        ("burn", "bum"),
    ],
    ids=range(10),
)
def test_spellings_that_pass_for_each_other_have_one_key(pair):
    assert name_key(pair[0]) == name_key(pair[1])


@pytest.mark.parametrize(
    "pair",
    [
        ("bank", "banks"),
        ("Krung Thai", "Krungsri"),
        ("ธนาคารกรุงไทย", "ธนาคารกรุงเทพ"),
        ("กา", "กี"),
        ("بنك", "بنوك"),
        ("银行", "銀座"),
    ],
    ids=range(6),
)
def test_names_that_differ_keep_different_keys(pair):
    assert name_key(pair[0]) != name_key(pair[1])


@given(st.text(max_size=40))
def test_a_key_does_not_depend_on_case_spaces_or_punctuation(name):
    assert name_key(f" {name}!") == name_key(name)
    if name.isascii():
        assert name_key(name.upper()) == name_key(name.lower()) == name_key(name)


@given(known=profiles, said=profiles, by=names, founder=names)
def test_one_word_alone_lifts_no_tie(known, said, by, founder):
    now = retold(known, said, by=by, founder=founder)
    assert now.parents >= known.parents
    assert now.origins >= known.origins
    assert now.feeds >= known.feeds


@given(known=profiles, words=st.lists(profiles, max_size=5), by=names, founder=names)
def test_however_often_one_party_says_so_no_tie_ends(known, words, by, founder):
    now = known
    for said in words:
        now = retold(now, said, by=by, founder=founder)
    assert now.parents >= known.parents
    assert now.origins >= known.origins
    assert now.feeds >= known.feeds


WORDS = st.tuples(st.sampled_from(["bank", "founder", "stranger"]), profiles)


@given(records=st.lists(WORDS, max_size=8))
def test_a_tie_stands_until_both_have_told_the_profile_without_it_since_it_was_last_told(records):
    """Oracle: of each tie, who told the profile without it after whoever of the two last stated it."""
    now = Member(name="bank")
    lifted: dict[str, dict[str, bool]] = {"bank": {}, "founder": {}}
    standing: set[str] = set()
    for by, said in records:
        now = retold(now, said, by=by, founder="founder")
        if by == "stranger":
            continue
        for tie in said.feeds - standing:
            lifted["bank"][tie] = lifted["founder"][tie] = False
        standing |= said.feeds
        for tie in sorted(standing):
            lifted[by][tie] = tie not in said.feeds
        standing -= {tie for tie in standing if lifted["bank"][tie] and lifted["founder"][tie]}
        assert now.feeds == standing


@given(known=profiles, said=profiles, by=names, founder=names)
def test_nobody_changes_its_own_sector_or_country_once_they_are_known(known, said, by, founder):
    now = retold(known, said, by=by, founder=founder)
    if by == known.name:
        assert now.sector is (known.sector or said.sector)
        assert now.country == (known.country or said.country)


@given(known=profiles, said=profiles, by=names, founder=names)
def test_a_stranger_s_word_changes_nothing_and_nobody_is_renamed(known, said, by, founder):
    now = retold(known, said, by=by, founder=founder)
    assert now.name == known.name
    if by not in {known.name, founder}:
        assert now == known


@given(known=profiles, said=profiles)
def test_the_founder_s_word_on_another_stands_and_adds_ties(known, said):
    now = retold(known, said, by="founder", founder="founder")
    if known.name != "founder":
        assert (now.sector, now.country, now.capabilities) == (said.sector, said.country, said.capabilities)
        assert now.parents == known.parents | said.parents


def test_ties_are_tidied_and_empty_ones_left_out():
    assert parse_ties(["  Acme   Holding ", "", " "]) == frozenset({"Acme Holding"})


@pytest.mark.parametrize(
    "names",
    [["x" * (LONGEST_TIE + 1)], ["a\x00b"], ["\u202eknab"], [str(n) for n in range(MOST_TIES + 1)]],
    ids=range(4),
)
def test_a_tie_that_names_nothing_is_refused(names):
    with pytest.raises(NotValidError) as caught:
        parse_ties(names)
    assert caught.value.mend
