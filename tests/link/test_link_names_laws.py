"""Names and aliases: what joins, what only hints, how the bits add, and what no name can do."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chokepoint.link.names import (
    ALIAS_BITS,
    AMBIGUOUS_BITS,
    ANOTHER_ORIGIN_BITS,
    MOST_CLAIMANTS,
    NAME_BITS,
    PRIOR_BITS,
    SAME_FROM,
    SAME_KIND_BITS,
    SHARED_ALIAS_BITS,
    UNSURE_FROM,
    Alias,
    Name,
    key,
    propose,
)


def proposals(names, aliases=()):
    return propose([Name(*one) for one in names], [Alias(*one) for one in aliases])


def told(names, aliases=()):
    return {(one.left, one.right): one.sameness for one in proposals(names, aliases)}


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("Lazarus Group", "lazarus"),
        ("LAZARUS GROUP", "lazarus"),
        ("lazarus-group", "lazarus"),
        ("lazarus_group", "lazarus"),
        ("lazarusgroup", "lazarus"),
        ("Lazarus  Group ", "lazarus"),
        ("The Lazarus Group", "thelazarus"),
        ("SamSam - S0370", "samsam"),
        ("SamSam Ransomware", "samsam"),
        ("Samas Ransomware Malware", "samas"),
        ("Boss Spider", "bossspider"),
        ("FIN7", "fin7"),
        ("APT28", "apt28"),
        ("APT 28", "apt28"),
        ("TA505 (G0092)", "ta505"),
        ("Ｌａｚａｒｕｓ", "lazarus"),
        ("Emotet botnet", "emotet"),
        ("Gozi-ISFB", "goziisfb"),
        ("Conti actor", "conti"),
    ],
)
def test_what_of_a_name_is_compared(name, wanted):
    assert key(name) == wanted


@pytest.mark.parametrize(
    "name",
    ["", " ", "x", "ab", "Group", "Ransomware Group", "The", "malware", "Agent", "---", "\u200b", "🔥"],
)
def test_what_is_too_short_or_common_is_not_compared(name):
    assert key(name) == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Turla", "Тurla"),
        ("APT28", "APT29"),
        ("FIN7", "FIN 6"),
        ("Lazarus", "Lazarust"),
        ("Ryuk", "Ryuk2"),
        ("Cobalt Group", "Cobalt Strike"),
    ],
    ids=["homograph", "next number", "another number", "a letter more", "a version", "half a name"],
)
def test_names_that_only_look_alike_are_not_proposed(one, other):
    assert told([(1, "group", one), (2, "group", other)]) == {}


def test_the_bits_of_a_name_grow_with_its_letters_up_to_a_ceiling():
    each, most = NAME_BITS
    for name in ("lokibot", "snatchwalker"):
        (made,) = proposals([(1, "malware", name), (2, "malware", name.upper())])
        bits = {feature.name: feature.bits for feature in made.features}
        assert bits["same name"] == pytest.approx(min(each * len(name), most))
        assert bits["same kind"] == SAME_KIND_BITS


@pytest.mark.parametrize(
    ("names", "aliases"),
    [
        ([(1, "malware", "Samas"), (2, "malware", "SamSam")], [(1, "SamSam", "a")]),
        ([(1, "malware", "Samas"), (2, "tool", "SamSam")], [(1, "SamSam", "a"), (1, "SamSam", "b")]),
        (
            [(1, "group", "Grim"), (2, "group", "Otherwise")],
            [(1, "Wizard Spider", "a"), (2, "wizardspider", "b")],
        ),
        ([(1, "group", "Lazarus"), (2, "group", "lazarus group")], []),
    ],
    ids=["alias is the name", "by two origins", "common alias", "equal names"],
)
def test_belief_is_what_the_features_add_up_to(names, aliases):
    (made,) = proposals(names, aliases)
    total = sum(feature.bits for feature in made.features)
    assert made.belief == pytest.approx(min(1 / (1 + 2 ** (PRIOR_BITS - total)), 0.99))
    assert made.sameness == (made.belief >= SAME_FROM)
    assert [feature.bits for feature in made.features] == sorted(
        (f.bits for f in made.features), reverse=True
    )


def test_an_alias_that_is_the_others_name_weighs_less_than_a_name_and_more_than_a_common_alias():
    length = len("wizardspider")
    weights = [min(each * length, most) for each, most in (NAME_BITS, ALIAS_BITS, SHARED_ALIAS_BITS)]
    assert weights == sorted(weights, reverse=True)
    assert len(set(weights)) == 3


def test_a_second_origin_for_an_alias_adds_a_feature_that_names_both():
    (made,) = proposals(
        [(1, "malware", "Samas"), (2, "malware", "SamSam")], [(1, "SamSam", "misp"), (1, "samsam", "attack")]
    )
    (confirmed,) = [f for f in made.features if f.name == "another origin gives the alias too"]
    assert (confirmed.left, confirmed.right, confirmed.bits) == ("attack", "misp", ANOTHER_ORIGIN_BITS)


def test_the_same_origin_twice_confirms_nothing():
    (made,) = proposals(
        [(1, "malware", "Samas"), (2, "malware", "SamSam")], [(1, "SamSam", "misp"), (1, "SAMSAM", "misp")]
    )
    assert not [f for f in made.features if f.name.startswith("another origin")]


def test_an_alias_that_unrelated_actors_claim_weighs_against():
    made = proposals(
        [(1, "group", "Sofacy"), (2, "group", "Turla Snake"), (3, "group", "Winnti Umbrella")],
        [(2, "Winnti Umbrella", "a"), (1, "Winnti Umbrella", "b")],
    )
    assert all(one.sameness == 0 for one in made)
    for one in made:
        assert AMBIGUOUS_BITS in [feature.bits for feature in one.features]


def test_a_feature_shows_the_names_as_they_were_written():
    (made,) = proposals([(1, "group", "Lazarus Group"), (2, "group", "LAZARUS")])
    assert {(f.left, f.right) for f in made.features if f.name == "same name"} == {
        ("Lazarus Group", "LAZARUS")
    }
    assert "same name: 'Lazarus Group' and 'LAZARUS' (+" in made.reason


@pytest.mark.parametrize(
    ("one", "other", "joined"),
    [
        ("malware", "tool", True),
        ("organisation", "service", True),
        ("group", "group", True),
        ("campaign", "campaign", True),
        ("group", "malware", False),
        ("group", "campaign", False),
        ("group", "organisation", False),
        ("malware", "organisation", False),
        ("person", "person", False),
        ("persona", "persona", False),
        ("site", "site", False),
        ("domain-name", "domain-name", False),
        ("user-account", "user-account", False),
    ],
)
def test_which_kinds_may_be_one_another_by_name(one, other, joined):
    found = told([(1, one, "Snatchwalker"), (2, other, "Snatchwalker")])
    assert found == ({(1, 2): 1} if joined else {})


def test_an_alias_of_an_unknown_entity_is_passed_over():
    assert told([(1, "malware", "Samas")], [(7, "Samas", "a")]) == {}


def test_an_alias_that_is_its_bearers_own_name_says_nothing():
    assert told([(1, "malware", "Samas")], [(1, "Samas", "a"), (1, "SAMAS ransomware", "b")]) == {}


@pytest.mark.parametrize(("bearers", "proposed"), [(MOST_CLAIMANTS, True), (MOST_CLAIMANTS + 1, False)])
def test_a_name_is_evidence_up_to_a_number_of_bearers(bearers, proposed):
    found = told([(at, "malware", "Snatchwalker") for at in range(bearers)])
    assert len(found) == (bearers * (bearers - 1) // 2 if proposed else 0)


def test_an_entity_with_several_names_is_joined_by_any_of_them():
    names = [(1, "malware", "Samas"), (1, "malware", "Snatchwalker"), (2, "malware", "snatchwalker")]
    assert told(names) == {(1, 2): 1}


def test_two_shared_names_weigh_more_than_one():
    names = [(1, "group", "Grim"), (2, "group", "Otherwise")]
    aliases = [(1, "Wizard Spider", "a"), (2, "Wizard Spider", "b")]
    more = [*aliases, (1, "Gold Blackburn", "a"), (2, "Gold Blackburn", "b")]
    (few,), (many,) = proposals(names, aliases), proposals(names, more)
    assert many.belief > few.belief
    assert (few.sameness, many.sameness) == (0, 1)


NAMES = st.sampled_from(
    ["Samas", "SamSam", "Snatchwalker", "Wizard Spider", "Lazarus Group", "Loader", "x", ""]
)
KINDS = st.sampled_from(["malware", "tool", "group", "organisation", "person"])
named = st.lists(st.tuples(st.integers(1, 6), KINDS, NAMES), max_size=8, unique_by=lambda row: row[0])
also = st.lists(st.tuples(st.integers(1, 7), NAMES, st.sampled_from("ab")), max_size=8)


@settings(max_examples=150, deadline=None)
@given(named, also)
def test_every_proposal_rests_on_a_name_that_both_bear(names, aliases):
    words = {eid: {key(name)} for eid, _, name in names}
    for eid, alias, _ in aliases:
        words.get(eid, set()).add(key(alias))
    for made in proposals(names, aliases):
        assert (words[made.left] & words[made.right]) - {""}
        assert made.belief >= UNSURE_FROM
        assert made.features


@settings(max_examples=100, deadline=None)
@given(named, also, st.integers(1, 500))
def test_larger_numbers_for_everybody_only_rename(names, aliases, shift):
    moved = told([(a + shift, *rest) for a, *rest in names], [(a + shift, *rest) for a, *rest in aliases])
    assert moved == {(a + shift, b + shift): word for (a, b), word in told(names, aliases).items()}


@settings(max_examples=100, deadline=None)
@given(named, also)
def test_nobody_is_proposed_twice_and_never_with_themselves(names, aliases):
    pairs = [(made.left, made.right) for made in proposals(names, aliases)]
    assert len(pairs) == len(set(pairs))
    assert all(left < right for left, right in pairs)
    assert pairs == sorted(pairs)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40), st.text(max_size=40))
def test_equal_names_are_joined_whatever_their_script_unless_there_is_nothing_to_compare(name, other):
    found = told([(1, "malware", name), (2, "malware", name)])
    assert set(found) <= {(1, 2)}
    if len(key(name)) >= 6:
        assert found == {(1, 2): 1}
    if key(name) != key(other):
        assert told([(1, "malware", name), (2, "malware", other)]) == {}


@pytest.mark.parametrize("names", [[], [(1, "malware", "Samas")]])
def test_few_names_propose_nothing(names):
    assert told(names) == {}


def test_three_bearers_of_a_name_make_three_pairs():
    found = told([(at, "malware", "Snatchwalker") for at in (3, 1, 2)])
    assert set(found) == set(combinations((1, 2, 3), 2))
