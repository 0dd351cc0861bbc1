from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.link.names import Alias, Name, is_proposed, key, propose


def told(names, aliases=()):
    return {
        (p.left, p.right): p.sameness
        for p in propose([Name(*n) for n in names], [Alias(*a) for a in aliases])
    }


def test_one_distinctive_name_in_two_records_is_proposed_as_one():
    assert told([(1, "group", "Lazarus Group"), (2, "group", "lazarusgroup")]) == {(1, 2): 1}


def test_an_alias_that_is_the_others_name_is_proposed_as_one():
    found = told(
        [(1, "malware", "Samas-Samsam"), (2, "malware", "SamSam")], [(1, "SamSam Ransomware", "misp")]
    )
    assert found == {(1, 2): 1}


def test_malware_and_tool_may_be_one_but_group_and_malware_never():
    assert told([(1, "malware", "Sliver"), (2, "tool", "sliver")]) == {(1, 2): 1}
    assert told([(1, "malware", "Gelsemium"), (2, "group", "Gelsemium")]) == {}
    assert told([(1, "malware", "Carbanak"), (2, "group", "FIN7")], [(2, "Carbanak", "misp")]) == {}


def test_kinds_that_are_no_actors_or_things_are_passed_over():
    assert told([(1, "domain-name", "example.com"), (2, "domain-name", "example.com")]) == {}


@pytest.mark.parametrize("name", ["Loader", "APT", "Agent", "RAT", "42", "x", "", "   ", "Unknown Group"])
def test_generic_short_and_empty_names_join_nothing(name):
    assert key(name) == ""
    assert told([(1, "malware", name), (2, "malware", name)]) == {}


def test_short_names_carry_less_than_long_ones():
    (short,) = propose([Name(1, "malware", "Ryuk"), Name(2, "malware", "ryuk")], [])
    (long,) = propose([Name(1, "malware", "Snatchwalker"), Name(2, "malware", "snatchwalker")], [])
    assert short.belief < long.belief


def test_an_alias_that_unrelated_actors_claim_is_unsure():
    names = [(1, "group", "Oilrig"), (2, "group", "Chrysene"), (3, "group", "Greenbug")]
    aliases = [(2, "OilRig", "a"), (3, "OilRig", "a")]
    found = told(names, aliases)
    assert set(found.values()) == {0}
    assert (1, 2) in found


def test_an_alias_that_related_records_of_one_actor_claim_is_not_ambiguous():
    names = [(1, "group", "Dukes"), (2, "group", "APT29"), (3, "group", "apt29 g0016")]
    found = told(names, [(2, "The Dukes", "a"), (3, "The Dukes", "b"), (2, "Dukes", "a"), (3, "Dukes", "b")])
    assert found[1, 2] == 1
    assert found[2, 3] == 1


def test_a_single_common_alias_is_unsure_and_two_make_one():
    names = [(1, "group", "Cleaver"), (2, "group", "Helix Kitten")]
    one = [(1, "Cobalt Gypsy", "a"), (2, "Cobalt Gypsy", "b")]
    assert told(names, one) == {(1, 2): 0}
    two = [*one, (1, "Crambus", "a"), (2, "Crambus", "b")]
    assert told(names, two) == {(1, 2): 1}


def test_each_proposal_tells_what_it_saw_on_both_sides():
    names = [Name(1, "malware", "Samas-Samsam"), Name(2, "malware", "SamSam - S0370")]
    (proposal,) = propose(names, [Alias(1, "SamSam Ransomware", "misp"), Alias(1, "samsam", "mitre")])
    assert [f.name for f in proposal.features] == [
        "alias is the other's name", "another origin gives the alias too", "same kind",
    ]  # fmt: skip
    assert proposal.features[0][1:3] == ("SamSam Ransomware", "SamSam - S0370")
    assert "'SamSam Ransomware' and 'SamSam - S0370' (+11 bits)" in proposal.reason
    total = sum(f.bits for f in proposal.features)
    assert proposal.belief == pytest.approx(min(0.99, 1 / (1 + 2 ** (7 - total))))


def test_a_name_that_a_crowd_bears_is_no_evidence():
    crowd = [(n, "organisation", "Nightfall") for n in range(60)]
    assert told(crowd) == {}


names = st.lists(
    st.tuples(
        st.integers(1, 6),
        st.sampled_from(("group", "malware", "tool", "organisation", "person")),
        st.sampled_from(("Lazarus", "Ryuk", "SamSam", "FIN7", "Turla", "Loader", "ลาซารัส")),
    ),
    max_size=8,
    unique_by=lambda n: n[0],
)
aliases = st.lists(
    st.tuples(
        st.integers(1, 6), st.sampled_from(("Samas", "Hidden Cobra", "Snake", "Turla")), st.sampled_from("ab")
    ),
    max_size=8,
)


@given(names, aliases, st.randoms(use_true_random=False))
def test_the_order_of_input_does_not_matter(some, also, random):
    mixed = told(random.sample(some, len(some)), random.sample(also, len(also)))
    assert mixed == told(some, also)


@given(names, aliases)
def test_proposals_stay_within_compatible_kinds_and_never_pair_one_with_itself(some, also):
    kinds = {n[0]: n[1] for n in some}
    for left, right in told(some, also):
        assert left < right
        pair = {kinds[left], kinds[right]}
        assert len(pair) == 1 or pair == {"malware", "tool"}


@given(st.text(max_size=60))
def test_any_text_has_a_key_or_none_and_a_key_is_its_own_key_or_generic(text):
    found = key(text)
    assert isinstance(found, str)
    assert " " not in found


@pytest.mark.parametrize(
    ("names", "aliases"),
    [
        pytest.param(["Qakbot", "QakBot Malware"], [], id="same-name"),
        pytest.param(["Qakbot", "Pinkslipbot"], [(1, "Qakbot")], id="alias-of-the-other"),
        pytest.param(["Qakbot", "Pinkslipbot"], [(0, "Quakbotnet"), (1, "Quakbotnet")], id="common-alias"),
    ],
)
def test_the_reason_of_a_proposal_is_known_from_a_persons(names, aliases):
    book = [Name(eid, "malware", name) for eid, name in enumerate(names)]
    found = propose(book, [Alias(eid, alias, "vendor") for eid, alias in aliases])
    assert [is_proposed(one.reason) for one in found] == [True]
    assert not is_proposed(f"our analyst says: {found[0].reason}")
