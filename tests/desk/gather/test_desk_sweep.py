"""The cyclic collector rests during a run, works between batches, and is as it was afterwards."""

from __future__ import annotations

import gc
import weakref
from typing import TYPE_CHECKING

import pytest

from chokepoint.desk.gather import sweep as sweeping
from chokepoint.desk.gather.sweep import unhurried

if TYPE_CHECKING:
    from collections.abc import Iterator


class Knot:
    """Something that only the cyclic collector can free."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def _switched_on_before_and_after() -> Iterator[None]:
    assert gc.isenabled()
    yield
    assert gc.isenabled()


def knot() -> weakref.ref[Knot]:
    return weakref.ref(Knot())


def test_nothing_is_looked_for_until_asked() -> None:
    with unhurried():
        assert not gc.isenabled()
        made = [knot() for _ in range(5_000)]
        assert all(one() is not None for one in made)


def test_a_sweep_frees_what_was_made_since_the_last() -> None:
    with unhurried() as sweep:
        for _ in range(3):
            made = knot()
            sweep()
            assert made() is None


def test_what_outlives_a_batch_is_freed_by_a_later_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "OLD", 4)
    with unhurried() as sweep:
        held = Knot()
        made = weakref.ref(held)
        sweep()
        del held
        sweep()
        assert made() is not None
        sweep()
        sweep()
        assert made() is None


def test_it_is_switched_on_again_after_a_failure() -> None:
    with pytest.raises(KeyError), unhurried():
        raise KeyError


def test_where_it_was_off_it_stays_off() -> None:
    gc.disable()
    try:
        with unhurried() as sweep:
            sweep()
        assert not gc.isenabled()
    finally:
        gc.enable()
