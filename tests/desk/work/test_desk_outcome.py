"""Outcomes and guesses: what may be recorded, who sees it, and what it does to the expected time of replacement."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from chain_world import HOST, A, chained
from desk_world import RED, entity

from chokepoint.choke.times import expected_times
from chokepoint.desk.work.outcome import (
    Hit,
    guess,
    guesses,
    outcomes,
    read_times,
    record,
    times_for,
    times_in,
)
from chokepoint.model.errors import BadInputError, ChokepointError, NotFoundError, NotValidError, RefusedError
from chokepoint.model.marking import CLEAR
from chokepoint.model.vocabulary import vocabulary

if TYPE_CHECKING:
    from pathlib import Path

    from desk_world import World

DAY = date(2026, 1, 5)
MEDIAN = vocabulary().kind("domain-name").replace_days[0]


def hit(**about: object) -> Hit:
    return Hit(**{"entity": A, "mode": "takedown", "on": DAY, "back": date(2026, 1, 9), **about})  # type: ignore[arg-type]


def test_an_outcome_is_read_back_as_it_was_recorded(world: World) -> None:
    told = [hit(), hit(entity=HOST, mode="seizure", back=None, gone=date(2026, 2, 1))]
    for one in told:
        record(world.open("bank"), one, CLEAR)
    assert outcomes(world.open("police")) == told


def test_an_outcome_about_an_account_is_sealed_and_read_back(world: World) -> None:
    account = hit(entity=entity("user-account:telegram:shop"))
    record(world.open("bank"), account, CLEAR)
    assert outcomes(world.open("bank")) == [account]


@pytest.mark.parametrize(
    ("about", "error"),
    [
        pytest.param({"back": None}, RefusedError, id="neither back nor gone"),
        pytest.param({"gone": date(2026, 1, 8)}, RefusedError, id="back and gone"),
        pytest.param({"back": date(2026, 1, 4)}, RefusedError, id="back before it was hit"),
        pytest.param({"back": date(2026, 2, 4)}, RefusedError, id="back tomorrow"),
        pytest.param({"mode": "nuke"}, NotValidError, id="no such mode"),
        pytest.param({"mode": ""}, NotValidError, id="no mode"),
    ],
)
def test_an_outcome_that_cannot_be_is_refused(
    world: World, about: dict[str, object], error: type[ChokepointError]
) -> None:
    with pytest.raises(error) as caught:
        record(world.open("bank"), hit(**about), CLEAR)
    assert caught.value.mend
    assert outcomes(world.open("bank")) == []


@pytest.mark.parametrize(
    "about",
    [{"back": DAY}, {"back": date(2026, 2, 3)}, {"back": None, "gone": DAY}],
    ids=["back the same day", "back today", "gone on the day"],
)
def test_the_first_and_the_last_possible_day_are_taken(world: World, about: dict[str, object]) -> None:
    record(world.open("bank"), hit(**about), CLEAR)
    assert len(outcomes(world.open("bank"))) == 1


def test_the_day_of_an_outcome_is_counted_from_the_hit() -> None:
    assert hit().as_outcome().days == 4.0
    assert hit().as_outcome().back
    gone = hit(back=None, gone=date(2026, 1, 25)).as_outcome()
    assert (gone.days, gone.back, gone.kind) == (20.0, False, "domain-name")


def test_what_is_gone_longer_makes_the_plan_last_longer(market: World) -> None:
    before = chained(market).document["flow_after"]
    for _ in range(6):
        record(market.open("bank"), hit(back=None, gone=date(2026, 2, 3), on=date(2025, 6, 1)), CLEAR)
    after = chained(market).document["flow_after"]
    assert after < before


def test_outcomes_that_one_may_not_see_change_nothing(world: World) -> None:
    before = times_for(world.open("police"), {})
    record(world.open("bank"), hit(), RED)
    assert times_for(world.open("police"), {}) == before
    assert outcomes(world.open("police")) == []
    assert times_for(world.open("bank"), {}) != before


def test_an_organisations_newest_guess_counts_for_itself(world: World) -> None:
    guess(world.open("bank"), "domain-name", (9.0, 0.5), CLEAR)
    guess(world.open("bank"), "domain-name", (12.5, 0.7), CLEAR)
    guess(world.open("police"), "domain-name", (99.0, 1.0), CLEAR)
    assert guesses(world.open("bank")) == {"domain-name": (12.5, 0.7)}
    assert times_for(world.open("vendor"), {}) == expected_times()


def test_what_is_given_now_goes_before_a_guess_and_outcomes_move_both(world: World) -> None:
    bank = world.open("bank")
    guess(bank, "domain-name", (9.0, 0.5), CLEAR)
    assert times_for(bank, {"domain-name": (30.0, 0.5)})["domain-name"] == (30.0, 0.5)
    record(bank, hit(), CLEAR)
    assert 4.0 < times_for(bank, {"domain-name": (30.0, 0.5)})["domain-name"][0] < 30.0
    assert 4.0 < times_for(bank, {})["domain-name"][0] < 9.0


@pytest.mark.parametrize(
    ("kind", "times"),
    [
        ("domain-name", (0.0, 1.0)),
        ("domain-name", (-1.0, 1.0)),
        ("domain-name", (float("nan"), 1.0)),
        ("domain-name", (float("inf"), 1.0)),
        ("domain-name", (36_501.0, 1.0)),
        ("domain-name", (1.0, 0.0)),
        ("domain-name", (1.0, 11.0)),
        ("no-such-kind", (1.0, 1.0)),
    ],
    ids=["0 days", "negative", "nan", "infinite", "a century", "no spread", "too wide", "no kind"],
)
def test_a_guess_that_is_none_is_refused(world: World, kind: str, times: tuple[float, float]) -> None:
    with pytest.raises(NotValidError) as caught:
        guess(world.open("bank"), kind, times, CLEAR)
    assert caught.value.mend
    assert guesses(world.open("bank")) == {}


def test_a_guess_of_minutes_is_kept_as_an_hour(world: World) -> None:
    guess(world.open("bank"), "url", (0.001, 1.0), CLEAR)
    assert guesses(world.open("bank"))["url"] == (1 / 24, 1.0)


def test_a_file_of_times_gives_days_or_days_and_spread() -> None:
    text = 'domain-name = 2.5\n"ipv4-addr" = [4, 0.3]\n'
    wide = vocabulary().kind("domain-name").replace_days[1]
    assert read_times(text, "times.toml") == {"domain-name": (2.5, wide), "ipv4-addr": (4.0, 0.3)}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        pytest.param("domain-name", "times.toml", id="no TOML"),
        pytest.param("castle = 3", "times.toml: castle", id="no kind"),
        pytest.param("domain-name = 0", "times.toml: domain-name", id="no time"),
        pytest.param("domain-name = 'soon'", "times.toml: domain-name", id="a word"),
        pytest.param("domain-name = [1]", "times.toml: domain-name", id="one too few"),
        pytest.param("domain-name = [1, 2, 3]", "times.toml: domain-name", id="one too many"),
        pytest.param("domain-name = {days = 1}", "times.toml: domain-name", id="a table"),
        pytest.param("domain-name = nan", "times.toml: domain-name", id="nan"),
        pytest.param("domain-name = inf", "times.toml: domain-name", id="inf"),
        pytest.param("domain-name = 1\ndomain-name = 2", "times.toml", id="twice"),
        pytest.param(
            f"domain-name = 1{'0' * 400}", "times.toml: domain-name", id="more days than a number holds"
        ),
        pytest.param(f"domain-name = [1, 1{'0' * 400}]", "times.toml: domain-name", id="a spread of so many"),
        pytest.param(f"domain-name = {'9' * 5000}", "times.toml", id="more figures than are read"),
        pytest.param(f"domain-name = {'[' * 100_000}", "times.toml", id="brackets without end"),
        pytest.param("domain-name = 2026-01-01", "times.toml: domain-name", id="a day"),
    ],
)
def test_a_bad_file_of_times_is_named_with_the_place(text: str, place: str) -> None:
    with pytest.raises(BadInputError) as caught:
        read_times(text, "times.toml")
    assert caught.value.place == place
    assert caught.value.mend


def test_an_empty_file_of_times_changes_nothing() -> None:
    assert read_times("# nothing\n", "times.toml") == {}


@pytest.mark.parametrize(
    ("data", "error"),
    [(b"\xff\xfe", BadInputError), (b"#" * ((1 << 20) + 1), BadInputError), (None, NotFoundError)],
    ids=["no UTF-8", "too large", "no file"],
)
def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, data: bytes | None, error: type[ChokepointError]
) -> None:
    path = tmp_path / "times.toml"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(error) as caught:
        times_in(path)
    assert caught.value.place == str(path)


def test_a_file_of_a_megabyte_is_read(tmp_path: Path) -> None:
    path = tmp_path / "times.toml"
    path.write_bytes(b"url = 3\n#" + b"x" * ((1 << 20) - 9))
    assert times_in(path)["url"][0] == 3.0
