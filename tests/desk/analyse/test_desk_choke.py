"""Where to strike: on accepted, live, guilty things with a named holder; everything else is left alone."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from desk_world import CLOCK, RED, entity

from chokepoint.choke.holders import STAGES, kept, regrowth
from chokepoint.desk.analyse import ChokeOptions, choke, choke_view, load_snapshot
from chokepoint.desk.analyse.answer import EPOCH
from chokepoint.desk.analyse.choke import ALIVE_DAYS, last_seen
from chokepoint.desk.vetting.review import vote
from chokepoint.graph.columns import UNKNOWN
from chokepoint.model.claim import Interval, on_day
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import Marking, Tlp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desk_world import World

    from chokepoint.desk.analyse import ChokeAnswer, View
    from chokepoint.model.identity import Entity

GANG = entity("malware:gang")
TODAY = date.fromisoformat(CLOCK[:10])
FRESH = on_day(TODAY - timedelta(days=10))
OLD = on_day(TODAY - timedelta(days=ALIVE_DAYS + 20))


def site(name: str) -> Entity:
    return entity(f"domain-name:{name}")


def accuse(
    world: World, *names: str, accepted: bool = True, observed: Interval | None = FRESH, **about: object
) -> list[int]:
    """Domains that indicate the gang, confirmed by two members where accepted."""
    about = {"path": f"{names}{observed}", "grade": "A1"} | about
    seqs = world.say("bank", *[(site(name), "indicates", GANG) for name in names], observed=observed, **about)
    if accepted:
        confirm(world, seqs)
    return seqs


def confirm(world: World, seqs: Sequence[int]) -> None:
    for member in ("police", "vendor"):
        vote(world.open(member), world.ids(member, list(seqs)), Vote.CONFIRM, "seen here too")


def targets(world: World, options: ChokeOptions | None = None) -> tuple[set[str], set[str], ChokeAnswer]:
    """Values that plan and leads rest on."""
    view = load_snapshot(world.open("bank"))
    answer = choke_view(view, options or ChokeOptions())
    return named(view, answer.plan), named(view, answer.leads), answer


def named(view: View, levers: Sequence[object]) -> set[str]:
    rows = [handle for lever in levers for handle in lever.handles]  # type: ignore[attr-defined]
    subjects = [int(view.snapshot.subject[row]) for row in rows]
    return {entity.value for entity in view.entities(subjects).values()}


def test_accepted_live_things_make_the_plan_and_proposed_ones_leads_only(world: World) -> None:
    accuse(world, "a.cc", "b.cc")
    accuse(world, "c.cc", accepted=False)
    plan, leads, answer = targets(world)
    assert plan == {"a.cc", "b.cc"}
    assert leads == {"c.cc"}
    assert answer.accepted == 2
    assert answer.plan[0].holder.name == "Verisign (US)"


def test_without_votes_there_is_no_plan_and_it_says_why(world: World) -> None:
    accuse(world, "a.cc", accepted=False)
    plan, leads, answer = targets(world)
    assert (plan, leads) == (set(), {"a.cc"})
    assert "Nothing is accepted yet" in answer.reasons()[0]


def test_dead_things_are_no_targets_and_it_says_so(world: World) -> None:
    accuse(world, "a.cc", observed=OLD)
    accuse(world, "b.cc", observed=None)
    plan, leads, answer = targets(world, ChokeOptions(as_of=TODAY))
    assert plan | leads == set()
    assert "No vetted target is alive" in answer.reasons()[0]


def test_disputed_things_are_neither_targets_nor_leads(world: World) -> None:
    seqs = accuse(world, "a.cc")
    vote(world.open("police"), world.ids("police", seqs), Vote.DISPUTE, "a customer of ours")
    plan, leads, _ = targets(world)
    assert plan | leads == set()


@pytest.mark.parametrize("accepted", [True, False])
def test_a_hacked_site_is_its_owners_and_no_target(world: World, accepted: bool) -> None:
    accuse(world, "victim.cc", "evil.cc", accepted=accepted)
    world.say("vendor", (site("victim.cc"), "compromised-by", GANG), path="hacked")
    plan, leads, answer = targets(world)
    assert plan | leads == {"evil.cc"}
    assert answer.left_out["hacked and thus a victim's"] == 1


@pytest.mark.parametrize(
    ("hacked", "accused", "spared"),
    [
        ("shop.victim.cc", "victim.cc", True),
        ("victim.cc", "shop.victim.cc", True),
        ("shop.victim.cc", "mail.victim.cc", True),
        ("victim.cc", "victim-of-none.cc", False),
    ],
)
def test_names_of_one_registration_share_the_shield_of_a_hacked_one(
    world: World, hacked: str, accused: str, spared: bool
) -> None:
    accuse(world, accused)
    world.say("vendor", (site(hacked), "compromised-by", GANG), path="hacked")
    for name in {hacked, accused}:
        if name.count(".") > 1:
            world.say(
                "vendor", (site(name), "subdomain-of", site(name.split(".", 1)[1])), path=f"under {name}"
            )
    plan, leads, _ = targets(world)
    assert (accused not in plan | leads) is spared


@pytest.mark.parametrize("accepted", [True, False])
def test_what_a_known_good_list_holds_is_no_target_nor_what_lies_below_it(
    world: World, accepted: bool
) -> None:
    world.say(
        "vendor", (site("shared.cc"), "listed-on", entity("known-list:list of known cdn domains")), path="l"
    )
    accuse(world, "shared.cc", "customer.shared.cc", "evil.cc", accepted=accepted)
    world.say("vendor", (site("customer.shared.cc"), "subdomain-of", site("shared.cc")), path="under")
    plan, leads, answer = targets(world)
    assert plan | leads == {"evil.cc"}
    assert sum(answer.left_out.values()) == 2


def test_what_a_source_calls_legitimate_is_no_target(world: World) -> None:
    accuse(world, "a.cc", "b.cc")
    world.say("vendor", (site("a.cc"), "legitimate", entity("campaign:reviewed")), path="good")
    assert targets(world)[0] == {"b.cc"}


def test_what_nobody_by_name_can_act_on_is_no_target(world: World) -> None:
    accuse(world, "a.unknown-tld", "b.cc")
    plan, _, answer = targets(world)
    assert plan == {"b.cc"}
    assert answer.plan[0].total == 2


def test_evidence_after_the_day_asked_for_is_ignored(world: World) -> None:
    accuse(world, "early.cc", observed=on_day("2024-01-10"))
    accuse(world, "late.cc", observed=on_day("2025-06-01"))
    plan, _, answer = targets(world, ChokeOptions(as_of=date(2024, 2, 1)))
    assert plan == {"early.cc"}
    assert answer.accepted == 1
    assert answer.as_of == date(2024, 2, 1)
    assert answer.since == date(2024, 2, 1) - timedelta(days=ALIVE_DAYS)
    assert all((EPOCH + timedelta(days=lever.last_seen)) <= answer.as_of for lever in answer.plan)


def test_a_later_answer_holds_the_later_evidence(world: World) -> None:
    accuse(world, "early.cc", observed=on_day("2024-01-10"))
    accuse(world, "late.cc", observed=on_day("2025-06-01"))
    plan, _, answer = targets(world, ChokeOptions(as_of=date(2025, 7, 1)))
    assert plan == {"late.cc"}
    assert answer.accepted == 2


def test_later_claims_change_no_byte_of_an_earlier_answer(world: World) -> None:
    accuse(world, "a.cc", "b.tv", observed=on_day("2024-01-10"))
    options = ChokeOptions(as_of=date(2024, 2, 1))
    before = json.dumps(targets(world, options)[2].to_json())
    accuse(world, "c.cc", "d.ru", observed=on_day("2025-01-10"))
    accuse(world, "e.cc", observed=on_day("2024-02-02"), accepted=False)
    assert json.dumps(targets(world, options)[2].to_json()) == before


@pytest.mark.parametrize(
    ("observed", "as_of", "seen"),
    [
        (Interval("2024-01-01", "2024-02-01"), "2024-06-01", "2024-01-31"),
        (Interval("2024-01-01", "2024-02-01"), "2024-01-15", "2024-01-01"),
        (Interval("2024-01-01", "2024-02-01"), "2024-01-31", "2024-01-31"),
        (Interval("2024-01-01", ""), "2024-06-01", "2024-01-01"),
        (Interval("2024-01-01", ""), "2023-06-01", ""),
        (Interval("", "2024-02-01"), "2024-06-01", "2024-01-31"),
        (Interval("", "2024-02-01"), "2024-01-15", ""),
        (None, "2024-06-01", ""),
    ],
)
def test_last_evidence_of_life_is_the_last_day_that_had_come(
    world: World, observed: Interval | None, as_of: str, seen: str
) -> None:
    accuse(world, "a.cc", observed=observed, accepted=False)
    [day] = last_seen(load_snapshot(world.open("bank")).snapshot, date.fromisoformat(as_of)).tolist()
    assert (EPOCH + timedelta(days=day)).isoformat() == seen if seen else day == UNKNOWN


def test_the_newest_of_several_sightings_counts(world: World) -> None:
    for day in ("2024-03-01", "2024-01-01", "2024-02-01"):
        accuse(world, "a.cc", observed=Interval(day, ""), accepted=False, path=day)
    [day_] = last_seen(load_snapshot(world.open("bank")).snapshot, TODAY).tolist()
    assert EPOCH + timedelta(days=day_) == date(2024, 3, 1)


def test_each_statement_has_the_last_day_of_its_own_claims_however_many_the_others_have(world: World) -> None:
    for name, days in {"a.cc": ("2024-03-01", "2024-01-01"), "b.cc": (), "c.cc": ("2024-02-01",)}.items():
        for day in days or ("",):
            observed = Interval(day, "") if day else None
            accuse(world, name, observed=observed, accepted=False, path=f"{name} {day}")
    view = load_snapshot(world.open("bank"))
    named = view.entities(view.snapshot.subject.tolist())
    found = dict(
        zip(
            [named[node].value for node in view.snapshot.subject.tolist()],
            last_seen(view.snapshot, TODAY).tolist(),
            strict=True,
        )
    )
    day = (date(2024, 3, 1) - EPOCH).days
    assert found == {"a.cc": day, "b.cc": UNKNOWN, "c.cc": (date(2024, 2, 1) - EPOCH).days}


def test_a_map_of_nothing_was_never_seen(world: World) -> None:
    assert last_seen(load_snapshot(world.open("bank")).snapshot, TODAY).tolist() == []


def test_without_a_day_asked_for_the_newest_evidence_up_to_today_counts(world: World) -> None:
    accuse(world, "a.cc", observed=on_day("2024-01-10"))
    accuse(world, "future.cc", observed=on_day("2031-01-01"))
    answer = targets(world)[2]
    assert answer.as_of == date(2024, 1, 10)
    assert targets(world)[0] == {"a.cc"}


def test_without_any_dated_claim_the_answer_is_of_today(world: World) -> None:
    accuse(world, "a.cc", observed=None)
    answer = targets(world)[2]
    assert answer.as_of == TODAY
    assert answer.plan == ()


def test_an_empty_atlas_has_an_honest_answer(world: World) -> None:
    answer = choke(world.open("bank"))
    assert (answer.plan, answer.leads, answer.accepted, answer.chain) == ((), (), 0, None)
    assert answer.structural_only
    assert any("Nothing is accepted" in line for line in answer.lines())


def test_budget_and_top_bound_the_plan(world: World) -> None:
    accuse(world, "a.cc", "b.ru", "c.live", "d.top")
    assert len(targets(world)[2].plan) == 4
    assert len(targets(world, ChokeOptions(top=2))[2].plan) == 2
    bounded = targets(world, ChokeOptions(budget=2.5))[2].plan
    assert len(bounded) == 2
    assert sum(lever.cost for lever in bounded) <= 2.5
    assert targets(world, ChokeOptions(budget=0.5))[2].plan == ()


def test_top_bounds_the_leads(world: World) -> None:
    accuse(world, "a.cc", "b.ru", "c.live", "d.top", accepted=False)
    assert len(targets(world, ChokeOptions(top=3))[2].leads) == 3


def test_a_shorter_horizon_counts_more_as_lasting_and_says_over_how_many_days(world: World) -> None:
    accuse(world, "a.cc")
    week = targets(world, ChokeOptions(horizon=7))[2]
    year = targets(world, ChokeOptions(horizon=365))[2]
    assert week.plan[0].lasting > year.plan[0].lasting
    assert "over 7 days" in week.reasons()[0]
    assert "over 365 days" in year.reasons()[0]


@pytest.mark.parametrize("kind", ["domain-name", "user-account", "email-addr"])
def test_slower_replacement_never_shrinks_the_effect(kind: str) -> None:
    effects = [kept(kind, STAGES, stretch=stretch) for stretch in (0.5, 1.0, 2.0, 10.0)]
    assert effects == sorted(effects)
    assert 0.0 < effects[0] < effects[-1] < 1.0
    assert regrowth(kind, STAGES, stretch=1.0) == regrowth(kind, STAGES)
    assert kept(kind, STAGES[:1]) == pytest.approx(1.0 - regrowth(kind, STAGES[:1])[0][1])


def test_a_payment_chain_to_a_named_cash_out_is_no_longer_structural_only(world: World) -> None:
    wallet = entity("crypto-address:19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds")
    seqs = world.say("bank", (site("a.cc"), "requests-payment-to", wallet), grade="A1", path="p")
    seqs += world.say(
        "bank", (wallet, "controlled-by", entity("organisation:exchange")), grade="A1", path="q"
    )
    assert choke(world.open("bank")).structural_only
    confirm(world, seqs)
    answer = choke(world.open("bank"))
    assert answer.chain is not None
    assert not answer.structural_only


def test_coverage_counts_phases_known_and_alive(world: World) -> None:
    accuse(world, "a.cc")
    accuse(world, "b.cc", observed=OLD)
    coverage = targets(world)[2].coverage
    assert sum(known for known, _ in coverage.values()) >= 2
    assert all(alive <= known for known, alive in coverage.values())
    assert sum(known for known, _ in coverage.values()) > sum(alive for _, alive in coverage.values())


def test_the_answer_as_json_says_what_the_lines_say(world: World) -> None:
    accuse(world, "a.cc", "b.ru")
    accuse(world, "c.cc", accepted=False)
    answer = choke(world.open("bank"))
    said = json.loads(json.dumps(answer.to_json()))
    assert said["alive_since"] == answer.since.isoformat()
    assert [one["holder"] for one in said["plan"]] == [lever.holder.name for lever in answer.plan]
    assert tuple(said["explanation"]) == answer.explanation()
    assert all(line in answer.lines() for line in said["explanation"])
    assert "do not act" in " ".join(said["explanation"])


def test_what_the_viewer_may_not_see_changes_no_byte_of_the_answer(world: World) -> None:
    accuse(world, "a.cc", "b.ru")
    accuse(world, "c.cc", accepted=False)
    police = world.open("police")
    before = choke(police)
    world.say("bank", (site("a.cc"), "compromised-by", GANG), marking=RED, path="hidden", observed=FRESH)
    world.say(
        "bank", (site("secret.cc"), "indicates", GANG), marking=RED, path="hidden 2", observed=on_day(TODAY)
    )
    world.say("bank", (site("b.ru"), "listed-on", entity("known-list:ours")), marking=RED, path="hidden 3")
    after = choke(world.open("police"))
    assert json.dumps(after.to_json()) == json.dumps(before.to_json())
    assert after.lines() == before.lines()
    assert json.dumps(choke(world.open("bank", "")).to_json()) != json.dumps(before.to_json())


def test_the_cached_snapshot_is_the_built_one(world: World) -> None:
    accuse(world, "a.cc", "b.ru")
    bank = world.open("bank")
    built = load_snapshot(bank).snapshot.to_arrays()
    mapped = load_snapshot(bank).snapshot.to_arrays()
    assert built.keys() == mapped.keys()
    assert all((built[name] == mapped[name]).all() for name in built)


def test_two_viewers_do_not_share_a_cache(world: World) -> None:
    accuse(world, "a.cc")
    world.say("bank", (site("secret.cc"), "indicates", GANG), marking=RED, path="hidden")
    assert load_snapshot(world.open("bank")).snapshot.size == 3
    assert load_snapshot(world.open("police")).snapshot.size == 2


def test_a_plan_for_recipients_rests_on_what_they_may_see(world: World) -> None:
    accuse(world, "a.cc")
    amber = Marking(tlp=Tlp.AMBER, audience=frozenset({"police", "vendor"}))
    accuse(world, "closed.cc", marking=amber)
    bank = world.open("bank")
    assert targets(world)[0] == {"a.cc", "closed.cc"}
    shared = bank.shared_with([], Tlp.GREEN)
    view = load_snapshot(shared)
    assert named(view, choke_view(view, ChokeOptions()).plan) == {"a.cc"}
