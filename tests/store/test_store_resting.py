"""The search for cycles rests while an append lasts, and no longer."""

from __future__ import annotations

import gc

import pytest
from store_world import link, say, source

from chokepoint.model.errors import LedgerError
from chokepoint.store import ledger as ledger_module
from chokepoint.store.resting import resting


@pytest.fixture(params=[True, False], ids=["on", "off"])
def before(request):
    """Whether the search was on before; it is on again after the test."""
    if not request.param:
        gc.disable()
    yield request.param
    gc.enable()


def test_it_rests_inside_and_is_as_it_was_afterwards(before):
    with resting():
        assert not gc.isenabled()
    assert gc.isenabled() is before


def test_it_is_as_it_was_after_a_failure(before):
    with pytest.raises(KeyError), resting():
        raise KeyError
    assert gc.isenabled() is before


def test_rest_within_rest_ends_with_the_outer_one():
    with resting():
        with resting():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_rests_while_claims_are_entered(atlas, monkeypatch):
    seen = []
    project = ledger_module.project_claims

    def looking(*given):
        seen.append(gc.isenabled())
        project(*given)

    monkeypatch.setattr(ledger_module, "project_claims", looking)
    say(atlas("bank"), [link("evil.com", "1.2.3.4")])
    assert seen == [False]
    assert gc.isenabled()


def test_it_is_on_again_after_a_refused_append(atlas):
    with pytest.raises(LedgerError, match="not given"):
        say(atlas("bank"), [link("evil.com", "1.2.3.4", source("other.txt"))])
    assert gc.isenabled()
