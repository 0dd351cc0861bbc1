"""Where levers concentrate: the table of holders, regrowth against scipy's log-normal, shares by plain counting."""

from __future__ import annotations

import math
import tomllib
from collections import defaultdict
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from chokepoint.choke.holders import (
    STAGES,
    Holder,
    Live,
    concentrations,
    holder_of,
    kept,
    lead_days,
    preserve_first,
    regrowth,
)
from chokepoint.model.identity import Entity
from chokepoint.model.vocabulary import vocabulary
from chokepoint.values.mailboxes import providers
from chokepoint.values.names import country_names
from chokepoint.values.platforms import by_name
from chokepoint.values.suffix import is_tld

TABLE = tomllib.loads(resources.files("chokepoint.choke").joinpath("holders.toml").read_text("utf-8"))
TLDS = [tld for tlds in TABLE["registries"].values() for tld in tlds]
KINDS = sorted(vocabulary().kinds)
TODAY, SINCE = 20_000, 19_820

# --- who holds a lever ---


def test_every_suffix_of_a_registry_is_one_and_has_one_registry():
    assert [tld for tld in TLDS if not is_tld(tld)] == []
    assert len(TLDS) == len(set(TLDS))


def test_every_platform_that_has_a_holder_is_one_that_values_know():
    assert set(TABLE["platforms"]) <= set(by_name())


@pytest.mark.parametrize(
    "name", sorted({*TABLE["registries"], *TABLE["platforms"].values(), *providers().values()})
)
def test_every_holder_is_named_with_the_countries_whose_law_it_is_under(name):
    holder = Holder(name=name, mode="cooperation", how="ask")
    assert holder.jurisdictions
    assert {code.lower() for code in holder.jurisdictions} <= set(country_names())


@pytest.mark.parametrize(
    ("name", "countries"),
    [
        ("Verisign (US)", ("US",)), ("Identity Digital (US/IE)", ("US", "IE")), ("Nobody Known", ()),
        ("A (B) Company (TH)", ("TH",)), ("", ()), ("(TH)", ("TH",)),
    ],
)  # fmt: skip
def test_the_countries_of_a_holder_are_read_off_its_name(name, countries):
    assert Holder(name=name, mode="cooperation", how="ask").jurisdictions == countries


@given(st.sampled_from(TLDS), st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), min_size=1, max_size=4))
def test_a_host_has_the_holder_of_its_last_label_however_deep_it_lies(tld, labels):
    found = holder_of(Entity("domain-name", ".".join([*labels, tld])))
    assert found is not None
    assert tld in TABLE["registries"][found.name]


@pytest.mark.parametrize("kind", KINDS)
def test_only_what_is_registered_with_somebody_by_name_has_a_holder_and_that_is_asked_to_cooperate(kind):
    found = holder_of(Entity(kind, "telegram:boss@gmail.com"))
    assert found is None or (
        kind in {"domain-name", "user-account", "email-addr"} and found.mode == "cooperation"
    )


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_says_what_to_preserve_before_a_hit_and_how_long_it_takes(kind):
    assert preserve_first(kind)
    levers = vocabulary().kind(kind).levers
    assert lead_days(kind) == (levers[0].lead_days if levers else 0)


# --- how soon it is back ---


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("stretch", [0.25, 1.0, 4.0])
def test_what_is_back_by_a_day_is_the_distribution_of_a_log_normal(kind, stretch):
    median, spread = vocabulary().kind(kind).replace_days
    wanted = stats.lognorm(s=spread, scale=median * stretch)
    found = regrowth(kind, stretch=stretch)
    assert [day for day, _ in found] == [day for day, _ in STAGES]
    assert [share for _, share in found] == pytest.approx([wanted.cdf(day) for day, _ in STAGES])


@given(st.floats(0.1, 1000), st.floats(0.1, 3), st.floats(0.1, 10))
def test_half_is_back_on_the_median_day_whatever_the_spread(median, spread, stretch):
    ((_, share),) = regrowth(
        "url", ((max(1, round(median * stretch)), 1.0),), times={"url": (max(1, round(median * stretch)) / stretch, spread)}, stretch=stretch
    )  # fmt: skip
    assert share == pytest.approx(0.5)


@given(st.sampled_from(KINDS), st.floats(0.1, 10), st.floats(1.01, 10))
def test_slower_replacement_keeps_more_of_a_hit(kind, stretch, more):
    assert kept(kind, stretch=stretch * more) >= kept(kind, stretch=stretch)


@given(
    st.sampled_from(KINDS),
    st.lists(st.tuples(st.integers(1, 2_000), st.floats(0.01, 5)), min_size=1, max_size=5),
    st.floats(0.1, 9),
)
def test_weights_of_stages_count_in_proportion_only(kind, stages, factor):
    scaled = [(day, weight * factor) for day, weight in stages]
    assert kept(kind, scaled) == pytest.approx(kept(kind, stages))
    lasting = [1 - share for _, share in regrowth(kind, stages)]
    assert min(lasting) - 1e-9 <= kept(kind, stages) <= max(lasting) + 1e-9


def test_times_that_were_learnt_stand_in_for_those_of_the_vocabulary_for_their_kind_alone():
    times = {"url": (1_000.0, 0.5)}
    assert kept("url", times=times) > 0.9 > kept("url")
    assert kept("domain-name", times=times) == kept("domain-name")


# --- whose identifiers ---

HOSTS = ("a.com", "b.com", "c.cc", "d.live", "e.unheard", "f.co.th", "g.xyz")
people = st.lists(
    st.builds(
        Live,
        entity=st.one_of(
            st.sampled_from(HOSTS).map(lambda name: Entity("domain-name", name)),
            st.sampled_from(["telegram:a", "line:b", "nowhere:c"]).map(
                lambda name: Entity("user-account", name)
            ),
            st.just(Entity("ipv4-addr", "1.2.3.4")),
        ),
        actor=st.sampled_from(["fox", "owl"]),
        last_seen=st.integers(SINCE - 2, TODAY),
        belief=st.sampled_from([0.2, 0.5, 0.9]),
        handle=st.integers(0, 99),
    ),
    max_size=14,
)


@given(people)
def test_shares_and_numbers_are_those_of_a_plain_count(live):
    alive = [one for one in live if one.last_seen >= SINCE]
    wanted = defaultdict(list)
    for one in alive:
        if holder := holder_of(one.entity):
            wanted[one.actor, one.entity.kind, holder.name].append(one)
    found = {(one.actor, one.kind, one.holder.name): one for one in concentrations(live, since=SINCE)}
    assert set(found) == set(wanted)
    for (actor, kind, name), members in wanted.items():
        lever = found[actor, kind, name]
        alike = [one for one in alive if (one.actor, one.entity.kind) == (actor, kind)]
        assert (lever.count, lever.total) == (len(members), len(alike))
        assert lever.share == pytest.approx(
            sum(one.belief for one in members) / sum(one.belief for one in alike)
        )
        assert lever.lasting == pytest.approx(lever.share * kept(kind))
        assert lever.last_seen == max(one.last_seen for one in members)
        assert sorted(lever.handles) == sorted(one.handle for one in members)
        assert lever.if_faster <= lever.lasting <= lever.if_slower
        assert lever.cost == pytest.approx(1 + len(members) / 100)


@given(people, st.randoms(use_true_random=False))
def test_the_order_of_identifiers_decides_no_lever_and_the_best_comes_first(live, chance):
    first = concentrations(live, since=SINCE)
    worth = [one.lasting * math.log1p(one.count) for one in first]
    assert worth == pytest.approx(sorted(worth, reverse=True))
    chance.shuffle(live)
    again = concentrations(live, since=SINCE)
    assert sorted(
        (one.actor, one.kind, one.holder.name, one.count, round(one.share, 9)) for one in first
    ) == sorted((one.actor, one.kind, one.holder.name, one.count, round(one.share, 9)) for one in again)


@given(people)
def test_an_identifier_without_a_holder_lowers_every_share_of_its_kind_and_raises_none(live):
    more = [
        *live,
        Live(entity=Entity("domain-name", "x.unheard"), actor="fox", last_seen=TODAY, belief=0.9, handle=7),
    ]
    before = {(one.actor, one.kind, one.holder.name): one.share for one in concentrations(live, since=SINCE)}
    after = {(one.actor, one.kind, one.holder.name): one.share for one in concentrations(more, since=SINCE)}
    for key, share in before.items():
        touched = key[:2] == ("fox", "domain-name")
        assert after[key] < share if touched else after[key] == pytest.approx(share)


def test_nobody_alive_has_no_lever():
    old = Live(entity=Entity("domain-name", "a.com"), actor="fox", last_seen=SINCE - 1, belief=0.9, handle=1)
    assert concentrations([], since=SINCE) == concentrations([old], since=SINCE) == []


def test_identifiers_of_no_belief_are_a_lever_on_nothing() -> None:
    live = [Live(entity=Entity("domain-name", "a.cc"), actor="fox", last_seen=SINCE, belief=0.0, handle=1)]
    [lever] = concentrations(live, since=SINCE)
    assert (lever.share, lever.lasting, lever.count) == (0.0, 0.0, 1)


def test_a_lever_on_many_comes_before_one_on_the_only_identifier_of_an_actor() -> None:
    many = [("a", f"n{at}.cc") for at in range(40)] + [("a", f"n{at}.ru") for at in range(10)]
    live = [
        Live(entity=Entity("domain-name", name), actor=actor, last_seen=SINCE, belief=0.9, handle=at)
        for at, (actor, name) in enumerate([*many, ("b", "only.cc")])
    ]
    first, *rest = concentrations(live, since=SINCE)
    assert (first.actor, first.count) == ("a", 40)
    assert next(one for one in rest if one.actor == "b").share == 1.0 > first.share
