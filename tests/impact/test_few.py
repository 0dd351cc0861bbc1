from __future__ import annotations

from itertools import product

import pytest
from figures import cells
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.impact.few import K, held_back, is_of_victims


def held(*texts: str) -> set[str]:
    """What is held back of figures of one operation, as text."""
    found = held_back(cells(*(("fox", text) for text in texts)))
    return {one.figure.text for cell in found for one in cell.said}


def test_what_was_published_of_two_neighbours_does_not_tell_the_few_of_one_of_them():
    assert held("victims in LK: 31", "victims in LK+NR: 40") == {"victims in LK: 31"}


@pytest.mark.parametrize(
    ("told", "kept_back"),
    [
        pytest.param(["victims: 10"], {"victims: 10"}, id="ten"),
        pytest.param(["victims: 11"], set(), id="eleven"),
        pytest.param(["victims: 1"], {"victims: 1"}, id="one"),
        pytest.param(["victims: 0"], set(), id="nobody"),
        pytest.param(["victims: less than 11"], set(), id="said so that nobody is pointed at"),
        pytest.param(["victims: 5 to 40"], {"victims: 5 to 40"}, id="a range that begins low"),
        pytest.param(["victims: 50", "victims in KE: 39"], set(), id="eleven elsewhere"),
        pytest.param(["victims: 50", "victims in KE: 40"], {"victims in KE: 40"}, id="ten elsewhere"),
        pytest.param(["victims: 50", "victims in KE: 50"], set(), id="nobody elsewhere"),
        pytest.param(["victims: 50", "victims in KE: 20", "victims in GH: 25"], {"victims in KE: 20"}, id="both together would tell"),
        pytest.param(["victims in GH+KE: 60", "victims in KE+UG: 60", "victims in KE: 55"], {"victims in KE: 55"}, id="two pairs"),
        pytest.param(["arrests: 3"], set(), id="no victims"),
        pytest.param(["trafficking victim origin countries: 7"], set(), id="countries are no people"),
        pytest.param(["victims: 50", "victim reports in KE: 45"], set(), id="another measure tells nothing"),
    ],
)  # fmt: skip
def test_counts_of_victims_are_shown_unless_one_to_ten_would_follow(told, kept_back):
    assert held(*told) == kept_back


def test_figures_of_another_operation_tell_nothing():
    found = cells(("fox", "victims: 50"), ("wolf", "victims in KE: 45"))
    assert held_back(found) == frozenset()


def test_of_conflicting_counts_each_is_looked_at():
    found = cells(("fox", "victims: 50", "one"), ("fox", "victims: 90", "two"), ("fox", "victims in KE: 45"))
    assert {cell.where for cell in held_back(found)} == {("KE",)}


@pytest.mark.parametrize(
    "measure",
    [
        "victims",
        "victims identified",
        "trafficking victims",
        "victim ips",
        "people rescued",
        "children rescued from scam centres",
        "survivors of trafficking",
        "trafficked workers",
        "complainants",
    ],
)
def test_measures_of_victims_are_known_by_their_words(measure):
    assert is_of_victims(measure)


PLACES = ("GH", "KE", "NG")
regions = st.sets(st.sampled_from(PLACES), max_size=3).map(lambda some: tuple(sorted(some)))


@given(st.lists(st.integers(0, 30), min_size=4, max_size=4), st.sets(regions, min_size=1, max_size=5))
def test_no_sum_or_difference_of_what_is_shown_tells_of_one_to_ten_victims(people, wanted):
    """Brute force: every combination with signs that yields the count of some set of places."""
    where = dict(zip((*PLACES, "elsewhere"), people, strict=True))

    def inside(region):
        return set(region) or set(where)

    told = []
    for region in sorted(wanted):
        place = f" in {'+'.join(region)}" if region else ""
        told.append(("fox", f"victims{place}: {sum(where[one] for one in inside(region))}"))
    found = cells(*told)
    hidden = held_back(found)
    shown = [(inside(cell.where), int(cell.least)) for cell in found if cell not in hidden]
    for signs in product((-1, 0, 1), repeat=len(shown)):
        vector = {
            place: sum(sign for sign, (region, _) in zip(signs, shown, strict=True) if place in region)
            for place in (*PLACES, "elsewhere")
        }
        if any(signs) and set(vector.values()) <= {0, 1}:
            count = sum(sign * value for sign, (_, value) in zip(signs, shown, strict=True))
            assert not 0 < count < K, (shown, signs)


@given(st.sets(regions, min_size=1, max_size=5), st.randoms(use_true_random=False))
def test_the_order_in_which_figures_came_decides_nothing(wanted, chance):
    told = [
        ("fox", f"victims{' in ' + '+'.join(r) if r else ''}: {20 * (len(r) or 4) + len(r)}") for r in wanted
    ]
    first = held_back(cells(*told))
    chance.shuffle(told)
    assert held_back(cells(*told)) == first


@pytest.mark.parametrize(
    "measure",
    [
        "arrests",
        "losses",
        "cash seized",
        "trafficking victim origin countries",
        "domains taken down",
        "rescues",
    ],
)
def test_measures_of_things_and_of_suspects_are_none_of_victims(measure):
    assert not is_of_victims(measure)


def test_the_few_who_were_rescued_in_a_country_are_not_told():
    assert held("people rescued: 40", "people rescued in KE: 3") == {"people rescued in KE: 3"}
