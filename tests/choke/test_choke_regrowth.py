"""How hits regrow by kind and how levers add up, against scipy's log-normal and sums by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import lognorm
from test_holders import SINCE, TODAY, live

from chokepoint.choke.holders import (
    STAGES,
    Holder,
    concentrations,
    holder_of,
    kept,
    lead_days,
    preserve_first,
    regrowth,
)
from chokepoint.model.identity import Entity
from chokepoint.model.vocabulary import vocabulary

LEVERED = sorted(name for name, kind in vocabulary().kinds.items() if kind.levers)


@pytest.mark.parametrize("kind", LEVERED)
def test_the_share_that_is_back_is_the_log_normal_of_the_vocabulary(kind):
    median, spread = vocabulary().kind(kind).replace_days
    wanted = [lognorm.cdf(day, spread, scale=median) for day, _ in STAGES]
    assert [share for _, share in regrowth(kind)] == pytest.approx(wanted)


@pytest.mark.parametrize("kind", LEVERED)
def test_half_is_back_at_the_median(kind):
    median, _ = vocabulary().kind(kind).replace_days
    ((day, share),) = regrowth(kind, ((median, 1.0),))
    assert (day, share) == (median, pytest.approx(0.5))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(LEVERED), st.floats(0.1, 10), st.floats(1.01, 5))
def test_a_stretch_of_the_median_is_a_stretch_of_time(kind, stretch, factor):
    median, _ = vocabulary().kind(kind).replace_days
    day = median * factor
    plain = regrowth(kind, ((day, 1.0),))[0][1]
    assert regrowth(kind, ((day * stretch, 1.0),), stretch=stretch)[0][1] == pytest.approx(plain)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(LEVERED), st.floats(0.1, 10), st.floats(1.1, 5))
def test_slower_replacement_keeps_more_down(kind, stretch, factor):
    assert kept(kind, stretch=stretch * factor) >= kept(kind, stretch=stretch)


@pytest.mark.parametrize("kind", LEVERED)
def test_what_stays_down_is_the_weighted_mean_over_the_stages(kind):
    stages = ((7, 1.0), (30, 3.0))
    back = dict(regrowth(kind, stages))
    assert kept(kind, stages) == pytest.approx((1.0 * (1 - back[7]) + 3.0 * (1 - back[30])) / 4)


@pytest.mark.parametrize("kind", LEVERED)
def test_weights_need_not_sum_to_one(kind):
    assert kept(kind, tuple((day, 8 * weight) for day, weight in STAGES)) == pytest.approx(kept(kind))


def test_the_stages_are_a_week_a_month_a_quarter_and_a_year_alike():
    assert [day for day, _ in STAGES] == [7, 30, 90, 365]
    assert sum(weight for _, weight in STAGES) == 1


@pytest.mark.parametrize("kind", LEVERED)
def test_the_lead_time_is_that_of_the_first_lever(kind):
    assert lead_days(kind) == vocabulary().kind(kind).levers[0].lead_days


def test_what_nobody_can_act_on_has_no_lead_time():
    assert lead_days("country") == 0.0


def test_each_kind_that_can_be_hit_says_what_is_lost_with_it():
    assert "registration" in preserve_first("domain-name")
    assert "log-in records" in preserve_first("user-account")
    assert "mailbox" in preserve_first("email-addr")
    assert preserve_first("ipv4-addr") == "what is hosted there and its logs"


@pytest.mark.parametrize(
    ("name", "countries"),
    [
        ("Verisign (US)", ("US",)),
        ("Identity Digital (US/IE)", ("US", "IE")),
        ("Somebody", ()),
        ("", ()),
        ("A (B) Ltd (TH)", ("TH",)),
    ],
)
def test_the_countries_of_a_holder_stand_in_brackets_behind_its_name(name, countries):
    assert Holder(name=name, mode="cooperation", how="").jurisdictions == countries


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("evil.co.uk", "Nominet (GB)"),
        ("uk", "Nominet (GB)"),
        ("xn--evil.de", "DENIC (DE)"),
        ("a.de.ru", "Coordination Center for TLD RU (RU)"),
        ("evil.com.", None),
        ("evil.COM", None),
        ("", None),
        ("com.evil", None),
        ("evil.comm", None),
    ],
)
def test_the_registry_is_that_of_the_last_label_alone(value, name):
    holder = holder_of(Entity("domain-name", value))
    assert (holder.name if holder else None) == name


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("telegram:twitter:x", "Telegram (AE)"),
        ("telegram", "Telegram (AE)"),
        ("Telegram:x", None),
        ("x:telegram", None),
        (":x", None),
    ],
)
def test_the_platform_is_what_stands_before_the_first_colon(value, name):
    holder = holder_of(Entity("user-account", value))
    assert (holder.name if holder else None) == name


@pytest.mark.parametrize("value", ["x@gmail.com.evil.org", "gmail.com@evil.org", "x@GMAIL.com", "x@", ""])
def test_a_mailbox_belongs_to_the_host_behind_its_last_at(value):
    assert holder_of(Entity("email-addr", value)) is None


def test_what_is_asked_names_the_identifiers_and_never_the_service():
    hows = {
        kind: holder_of(Entity(kind, value)).how
        for kind, value in (
            ("domain-name", "a.com"),
            ("user-account", "line:x"),
            ("email-addr", "a@gmail.com"),
        )
    }
    assert all("the listed" in how for how in hows.values())
    assert len(set(hows.values())) == 3


def test_the_share_is_of_belief_and_not_of_heads():
    found = concentrations([live("a.cc", belief=0.9), live("b.ru", belief=0.1)], since=SINCE)
    assert {lever.holder.name: lever.share for lever in found} == {
        "Verisign (US)": pytest.approx(0.9),
        "Coordination Center for TLD RU (RU)": pytest.approx(0.1),
    }


def test_a_lever_costs_a_request_and_a_hundredth_for_each_identifier():
    (lever,) = concentrations([live(f"n{at}.cc") for at in range(25)], since=SINCE)
    assert lever.cost == pytest.approx(1.25)


def test_faster_and_slower_replacement_stand_on_either_side():
    (lever,) = concentrations([live("a.cc")], since=SINCE)
    assert lever.if_faster < lever.lasting < lever.if_slower <= lever.share
    assert lever.lasting == pytest.approx(kept("domain-name"))
    assert lever.if_slower == pytest.approx(kept("domain-name", stretch=2.0))


def test_kinds_do_not_share_a_lever_though_one_holder_has_both():
    mail = live("x.cc")._replace(entity=Entity("email-addr", "a@gmail.com"))
    tube = live("x.cc")._replace(entity=Entity("user-account", "youtube:x"))
    found = concentrations([mail, tube], since=SINCE)
    assert sorted((lever.kind, lever.count, lever.total) for lever in found) == [
        ("email-addr", 1, 1),
        ("user-account", 1, 1),
    ]


def test_evidence_of_the_very_day_counts():
    assert len(concentrations([live("a.cc", last_seen=SINCE)], since=SINCE)) == 1


def test_among_evidence_of_one_day_the_identifiers_stand_in_order():
    members = [live(name, handle=at) for at, name in enumerate(("c.cc", "a.cc", "b.cc"))]
    (lever,) = concentrations(members, since=SINCE)
    assert lever.handles == (1, 2, 0)


def test_nothing_alive_is_no_lever():
    assert concentrations([], since=SINCE) == []


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(("cc", "ru", "live", "unknown-tld")), st.sampled_from("xyz"),
            st.integers(0, 400), st.floats(0.05, 1),
        ),
        min_size=1, max_size=25,
    )
)  # fmt: skip
def test_counts_and_shares_are_sums_over_the_living(rows):
    members = [
        live(f"n{at}.{tld}", actor=actor, last_seen=TODAY - age, belief=belief, handle=at)
        for at, (tld, actor, age, belief) in enumerate(rows)
    ]
    alive = [one for one in members if one.last_seen >= SINCE]
    for lever in concentrations(members, since=SINCE):
        mine = [one for one in alive if one.actor == lever.actor]
        under = [one for one in mine if holder_of(one.entity) == lever.holder]
        assert (lever.count, lever.total) == (len(under), len(mine))
        total = sum(one.belief for one in mine)
        assert lever.share == pytest.approx(sum(one.belief for one in under) / total)
        assert sorted(lever.handles) == sorted(one.handle for one in under)
        assert lever.last_seen == max(one.last_seen for one in under)
        assert np.isfinite(lever.lasting)
