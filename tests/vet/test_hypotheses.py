"""Competing hypotheses against a brute-force oracle, and the laws of Heuer's method."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.vet.hypotheses import Analysis, Item, Rating, analyse

CC, C, N, I, II = Rating  # noqa: E741 - as Heuer writes them
NAMES = ("a", "b", "c")
POINTS = {CC: 0, C: 0, N: 0, I: 1, II: 2}
ratings = st.lists(st.sampled_from(Rating), max_size=3)
items = st.builds(
    lambda permille, given: (permille, given),
    st.integers(0, 1000),
    st.fixed_dictionaries(dict.fromkeys(NAMES, ratings)),
)
matrices = st.lists(items, max_size=6).map(
    lambda rows: [Item(name=f"e{at}", permille=p, ratings=r) for at, (p, r) in enumerate(rows)]
)


def weights(evidence: list[Item]) -> dict[str, Fraction]:
    """By the definition: belief times the mean of 1 for I and 2 for II, added up."""
    found = dict.fromkeys(NAMES, Fraction(0))
    for item in evidence:
        for name in NAMES:
            given = item.ratings[name]
            if given:
                mean = Fraction(sum(POINTS[one] for one in given), len(given))
                found[name] += Fraction(item.permille, 1000) * mean
    return found


def firsts(evidence: list[Item]) -> set[str]:
    total = weights(evidence)
    return {name for name in NAMES if total[name] == min(total.values())}


def order(evidence: list[Item]) -> list[tuple[int, int]]:
    """How every two hypotheses compare."""
    total = weights(evidence)
    pairs = list(combinations(NAMES, 2))
    return [(total[one] < total[other], total[one] > total[other]) for one, other in pairs]


def one(permille: int = 1000, **given: Rating) -> Item:
    return Item(
        name="".join(given), permille=permille, ratings={name: [word] for name, word in given.items()}
    )


# --- against the oracle ---


@given(matrices)
def test_the_ranking_is_by_weighted_inconsistency(evidence: list[Item]) -> None:
    found = analyse(NAMES, evidence)
    assert dict(found.ranking) == weights(evidence)
    assert [weight for _, weight in found.ranking] == sorted(weights(evidence).values())
    assert found.first == firsts(evidence)


@given(matrices)
def test_an_item_turns_the_ranking_exactly_when_another_is_first_without_it(evidence: list[Item]) -> None:
    expected = [
        item.name
        for item in evidence
        if firsts([each for each in evidence if each != item]) != firsts(evidence)
    ]
    assert list(analyse(NAMES, evidence).turning) == expected


@given(matrices)
def test_an_item_stirs_exactly_when_the_order_alone_changes_without_it(evidence: list[Item]) -> None:
    expected = []
    for item in evidence:
        rest = [each for each in evidence if each != item]
        if firsts(rest) == firsts(evidence) and order(rest) != order(evidence):
            expected.append(item.name)
    assert list(analyse(NAMES, evidence).stirring) == expected


@given(matrices)
def test_no_smaller_set_of_wrong_items_lets_another_catch_up(evidence: list[Item]) -> None:
    fewest = analyse(NAMES, evidence).fewest
    first = firsts(evidence)
    if len(first) > 1:
        assert fewest == ()
        return
    sizes = [
        size
        for size in range(len(evidence) + 1)
        for wrong in combinations(evidence, size)
        if firsts([each for each in evidence if each not in wrong]) - first
    ]
    assert len(fewest) == min(sizes, default=0)
    if fewest:
        assert firsts([each for each in evidence if each.name not in fewest]) - first


@given(matrices)
def test_an_item_decides_nothing_exactly_when_it_goes_with_all_alike(evidence: list[Item]) -> None:
    points = {CC: 2, C: 1, N: 0, I: -1, II: -2}
    expected = []
    for item in evidence:
        means = {
            Fraction(sum(points[each] for each in item.ratings[name]), len(item.ratings[name]) or 1)
            for name in NAMES
        }
        if len(means) == 1:
            expected.append(item.name)
    assert list(analyse(NAMES, evidence).undiagnostic) == expected


# --- laws ---


@given(matrices, st.randoms(use_true_random=False))
def test_the_order_of_the_evidence_changes_no_weight(evidence: list[Item], chance) -> None:
    shuffled = list(evidence)
    chance.shuffle(shuffled)
    assert dict(analyse(NAMES, shuffled).ranking) == dict(analyse(NAMES, evidence).ranking)


@given(matrices)
def test_an_item_that_nobody_believes_changes_nothing(evidence: list[Item]) -> None:
    more = [*evidence, Item(name="x", permille=0, ratings={"a": [II], "b": [CC]})]
    assert analyse(NAMES, more).ranking == analyse(NAMES, evidence).ranking
    assert "x" not in analyse(NAMES, more).turning


@given(matrices, st.sampled_from([CC, C, N]))
def test_support_alone_never_lifts_a_hypothesis(evidence: list[Item], word: Rating) -> None:
    more = [*evidence, Item(name="x", permille=1000, ratings={"a": [word]})]
    assert analyse(NAMES, more).ranking == analyse(NAMES, evidence).ranking


@given(matrices)
def test_what_is_undiagnostic_turns_nothing(evidence: list[Item]) -> None:
    """Alike ratings of one organisation each weigh alike; means of several may be alike and weigh otherwise."""
    single = [
        Item(name=item.name, permille=item.permille, ratings={k: v[:1] for k, v in item.ratings.items()})
        for item in evidence
    ]
    found = analyse(NAMES, single)
    assert not set(found.undiagnostic) & {*found.turning, *found.stirring}


# --- by hand ---


def test_heuers_point_the_most_supported_may_be_the_least_tenable() -> None:
    """Three items support `a`, one speaks against it; nothing speaks against `b`."""
    evidence = [Item(name=f"s{at}", permille=1000, ratings={"a": [CC], "b": [N]}) for at in range(3)] + [
        Item(name="alibi", permille=900, ratings={"a": [II], "b": [C]})
    ]
    found = analyse(("a", "b"), evidence)
    assert found == Analysis(
        ranking=(("b", Fraction(0)), ("a", Fraction(9, 5))),
        first=frozenset({"b"}),
        undiagnostic=(),
        turning=("alibi",),
        stirring=(),
        fewest=("alibi",),
    )


def test_belief_weighs_a_doubtful_strong_item_below_a_sure_weak_one() -> None:
    found = analyse(("a", "b"), [one(300, a=II), one(700, b=I)])
    assert found.ranking == (("a", Fraction(3, 5)), ("b", Fraction(7, 10)))


def test_organisations_count_alike() -> None:
    item = Item(name="e", permille=1000, ratings={"a": [II, N, N], "b": [I]})
    assert dict(analyse(("a", "b"), [item]).ranking) == {"a": Fraction(2, 3), "b": Fraction(1)}


@pytest.mark.parametrize("names", [(), ("a",)], ids=["none", "one"])
def test_too_few_hypotheses_compete_with_nobody(names: tuple[str, ...]) -> None:
    found = analyse(names, [one(a=I)])
    assert found.first == frozenset(names)
    assert (found.turning, found.stirring, found.fewest) == ((), (), ())
    assert found.undiagnostic == ("a",)


def test_without_evidence_all_are_first() -> None:
    found = analyse(NAMES, [])
    assert found.first == frozenset(NAMES)
    assert [name for name, _ in found.ranking] == list(NAMES)


@pytest.mark.parametrize(
    ("word", "weight"), [(CC, 0), (C, 0), (N, 0), (I, 1), (II, 2)], ids=[each.value for each in Rating]
)
def test_only_inconsistency_weighs(word: Rating, weight: int) -> None:
    assert one(a=word).against("a") == weight


def test_what_was_not_rated_weighs_nothing() -> None:
    assert one(a=II).against("b") == 0
    assert one(a=II).tells_apart(("a", "b"))
    assert not one(a=N).tells_apart(("a", "b"))


@pytest.mark.parametrize(
    ("rows", "fewest"),
    [
        pytest.param([(1000, N, I), (1000, N, I)], 2, id="two equal items hold the rival back"),
        pytest.param([(1000, N, II), (1000, N, I)], 2, id="the strong one alone leaves it behind"),
        pytest.param([(1000, N, II), (1000, I, N)], 1, id="one falls, the rest turns it round"),
        pytest.param([(500, N, II), (500, N, I), (500, I, N)], 1, id="the strongest is taken first"),
        pytest.param([(1000, N, N)], 0, id="equal from the start"),
        pytest.param([(0, N, II)], 0, id="what nobody believes holds nobody back"),
    ],
)
def test_the_fewest_items_that_would_have_to_be_wrong(
    rows: list[tuple[int, Rating, Rating]], fewest: int
) -> None:
    evidence = [
        Item(name=f"e{at}", permille=permille, ratings={"a": [one], "b": [other]})
        for at, (permille, one, other) in enumerate(rows)
    ]
    assert len(analyse(("a", "b"), evidence).fewest) == fewest


@given(matrices)
def test_the_fewest_is_one_item_exactly_when_one_turns_it_or_ties_it(evidence: list[Item]) -> None:
    found = analyse(NAMES, evidence)
    if len(found.first) == 1:
        catching = [
            item for item in evidence if firsts([each for each in evidence if each != item]) - found.first
        ]
        assert (len(found.fewest) == 1) == bool(catching)


@given(st.lists(st.sampled_from(Rating), min_size=1, max_size=4), st.sampled_from(Rating))
def test_many_who_share_a_voice_weigh_as_one(given_, other):
    """Their mean stands for them, however many they are; who has no share is not heard."""
    share = [Fraction(1, len(given_))] * len(given_)
    item = Item(
        name="e",
        permille=1000,
        ratings={"a": [*given_, other, II]},
        shares={"a": [*share, Fraction(1), Fraction(0)]},
    )
    mean = Fraction(sum(POINTS[one] for one in given_), len(given_))
    assert item.against("a") == (mean + POINTS[other]) / 2
    more = Item(name="e", permille=1000, ratings={"a": [*given_, other] * 2}, shares={"a": [*share, 1] * 2})
    assert more.against("a") == item.against("a")
