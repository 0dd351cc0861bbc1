"""IPv6 ranges are found by bisection: the same answers as asking each, at the cost of few."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.link.ranges import Ranges

near = st.integers(0, 600).map(lambda low: ipaddress.IPv6Address((0x2001 << 112) + low))
networks = st.tuples(near, st.integers(118, 128), st.sampled_from([1, 2, 4])).map(
    lambda one: (ipaddress.IPv6Network((int(one[0]), one[1]), strict=False), one[2])
)


def closed(*entries: tuple[str, int]) -> Ranges:
    ranges = Ranges()
    for entry, bit in entries:
        assert ranges.add(entry, bit)
    ranges.close()
    return ranges


@given(held=st.lists(networks, max_size=12), asked=near)
def test_an_address_has_the_bits_of_all_ranges_that_hold_it(held, asked):
    ranges = closed(*((str(network), bit) for network, bit in held))
    expected = 0
    for network, bit in held:
        expected |= bit if asked in network else 0
    assert ranges.match_v6(str(asked)) == expected


@pytest.mark.parametrize(
    ("address", "bits"),
    [
        pytest.param("2001:db8::", 1, id="first"),
        pytest.param("2001:db8:0:ffff:ffff:ffff:ffff:ffff", 0, id="between two of them"),
        pytest.param("2001:db8::ffff:ffff:ffff:ffff", 1, id="last"),
        pytest.param("2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", 0, id="one before"),
        pytest.param("2001:db9::1", 3, id="single in another's range"),
        pytest.param("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", 4, id="the very last of all"),
        pytest.param("::", 0, id="the very first of all"),
        pytest.param("no address", 0, id="none"),
        pytest.param("2001:db8::1%eth0", 1, id="with a scope"),
    ],
)
def test_the_borders_of_ranges_are_theirs(address: str, bits: int) -> None:
    ranges = closed(
        ("2001:db8::/64", 1), ("2001:db9::/32", 2), ("2001:db9::1", 1), ("ffff::/16", 4), ("2001:db8::/80", 1)
    )
    assert ranges.match_v6(address) == bits


def test_an_address_is_compared_with_few_of_many_ranges() -> None:
    """The work is counted, not timed."""
    ranges = closed(*((f"2001:db8:{number:x}::/48", 1) for number in range(0, 4_000, 2)))
    [(_, start, end)] = ranges._closed_v6
    looked: list[int] = []

    class Counting(list[int]):
        def __getitem__(self, at):
            looked.append(at)
            return super().__getitem__(at)

    ranges._closed_v6 = [(1, Counting(start), end)]
    assert ranges.match_v6("2001:db8:7d0::1") == 1
    assert ranges.match_v6("2001:db8:7d1::1") == 0
    assert len(looked) <= 2 * 12
