"""Sign-ins on their way: whose they are, that each ends once, and that the register gives none away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from web_desk import Clock

from chokepoint.web.guard.register import Register
from chokepoint.web.signin.oidc import journey as module
from chokepoint.web.signin.oidc.journey import JOIN, LINK, PATIENCE, SIGN_IN, Journeys


@pytest.fixture(scope="module")
def clock():
    return Clock()


@pytest.fixture(scope="module")
def register(tmp_path_factory, clock):
    made = Register(tmp_path_factory.mktemp("register") / "web.sqlite", clock)
    yield made
    made.close()


@pytest.fixture(scope="module")
def journeys(register):
    return Journeys(register)


@given(
    goal=st.sampled_from([SIGN_IN, LINK, JOIN]),
    who=st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    carried=st.text(max_size=40),
    cookie=st.text(min_size=1, max_size=20),
)
def test_what_set_out_comes_back_whole(journeys, goal, who, carried, cookie):
    begun = journeys.begin(cookie, "work", goal, who=who, carried=carried)
    assert journeys.end(cookie, "work", begun.state) == begun
    assert (begun.goal, begun.who, begun.carried, begun.provider) == (goal, who, carried, "work")


def test_it_ends_once(journeys):
    begun = journeys.begin("c", "work", SIGN_IN)
    assert journeys.end("c", "work", begun.state) is not None
    assert journeys.end("c", "work", begun.state) is None


@pytest.mark.parametrize(
    ("cookie", "provider", "change"),
    [
        pytest.param("d", "work", str, id="another browser"),
        pytest.param("", "work", str, id="a browser without a cookie"),
        pytest.param("c", "club", str, id="another provider"),
        pytest.param("c", "work", str.lower, id="a state in other case"),
        pytest.param("c", "work", lambda state: state[:-1], id="a state that is cut"),
        pytest.param("c", "work", lambda state: state + " ", id="a state with a blank"),
        pytest.param("c", "work", lambda _: "", id="no state"),
    ],
)
def test_it_is_of_one_browser_one_provider_and_one_state(journeys, cookie, provider, change):
    begun = journeys.begin("c", "work", SIGN_IN)
    assert journeys.end(cookie, provider, change(begun.state)) is None
    assert journeys.end("c", "work", begun.state) == begun, "whoever guesses wrong ends nobody's"


def test_nobody_sets_out_without_a_cookie_and_comes_back(journeys):
    begun = journeys.begin("", "work", SIGN_IN)
    assert journeys.end("", "work", begun.state) is None


def test_it_is_over_after_ten_minutes_and_forgotten_when_the_next_begins(journeys, register, clock):
    begun, late = journeys.begin("c", "work", SIGN_IN), journeys.begin("c", "work", SIGN_IN)
    clock.passes(PATIENCE - 1)
    assert journeys.end("c", "work", begun.state) == begun
    clock.passes(1)
    assert journeys.end("c", "work", late.state) is None
    journeys.begin("c", "work", SIGN_IN)
    assert (
        register.row("SELECT COUNT(*) AS n FROM journeys WHERE until <= :now", now=register.now())["n"] == 0
    )


def test_verifier_and_nonce_have_the_length_that_the_specification_asks_for_and_differ(journeys):
    begun = journeys.begin("c", "work", SIGN_IN)
    assert 43 <= len(begun.verifier) <= 128
    assert begun.verifier.isascii()
    assert set(begun.verifier) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
    assert len({begun.state, begun.verifier, begun.nonce}) == 3


def test_whoever_reads_the_register_reads_no_state_no_verifier_and_nothing_carried(journeys, register):
    begun = journeys.begin("the cookie", "work", JOIN, who="bank/bob", carried="the invitation")
    kept = b"".join(
        value if isinstance(value, bytes) else str(value).encode()
        for row in register.rows("SELECT * FROM journeys")
        for value in tuple(row)
    )
    for secret in (begun.state, begun.verifier, begun.nonce, begun.carried, "the cookie"):
        assert secret.encode() not in kept


def test_another_process_of_the_same_desk_ends_what_this_one_began(journeys, register):
    begun = journeys.begin("c", "work", SIGN_IN, carried="/x")
    assert Journeys(register).end("c", "work", begun.state) == begun


def test_another_desk_cannot_read_the_verifier_off_a_state(journeys, tmp_path, clock):
    other = Register(tmp_path / "web.sqlite", clock)
    begun = journeys.begin("c", "work", SIGN_IN)
    there = Journeys(other)
    assert there._made("verifier", begun.state) != begun.verifier
    other.close()


def test_of_very_many_those_that_began_first_are_forgotten(journeys, register, clock, monkeypatch):
    monkeypatch.setattr(module, "MOST", 3)
    begun = []
    for _ in range(5):
        begun.append(journeys.begin("c", "work", SIGN_IN))
        clock.passes(1)
    assert [journeys.end("c", "work", one.state) is not None for one in begun] == [False] * 2 + [True] * 3
