"""Who holds the lever on an identifier, and where levers concentrate."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.choke.holders import STAGES, Live, concentrations, holder_of, regrowth
from chokepoint.model.identity import Entity
from chokepoint.model.vocabulary import vocabulary

TODAY = 20_000
SINCE = TODAY - 180


def live(
    name: str, *, actor: str = "squirrel", last_seen: int = TODAY, belief: float = 0.9, handle: int = 0
) -> Live:
    return Live(
        entity=Entity("domain-name", name), actor=actor, last_seen=last_seen, belief=belief, handle=handle
    )


@pytest.mark.parametrize(
    ("kind", "value", "name"),
    [
        ("domain-name", "evil.cc", "Verisign (US)"),
        ("domain-name", "a.b.evil.tv", "Verisign (US)"),
        ("domain-name", "scam.live", "Identity Digital (US/IE)"),
        ("user-account", "twitter:crook", "X Corp. (US)"),
        ("email-addr", "pay@protonmail.com", "Proton (CH)"),
    ],
)
def test_an_identifier_names_who_can_act_on_it(kind: str, value: str, name: str) -> None:
    holder = holder_of(Entity(kind, value))
    assert holder is not None
    assert holder.name == name


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("domain-name", "evil.unknown-tld"),
        ("domain-name", "cc"),
        ("email-addr", "pay@own-server.example"),
        ("user-account", "nowhere:crook"),
        ("ipv4-addr", "1.2.3.4"),
        ("malware", "ryuk"),
        ("country", "ru"),
        ("person", "john doe"),
        ("crypto-address", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"),
    ],
)
def test_what_has_no_named_holder_is_no_target(kind: str, value: str) -> None:
    holder = holder_of(Entity(kind, value))
    assert holder is None or value == "cc"


def test_shared_services_are_only_ever_asked_to_cooperate() -> None:
    for entity in (
        Entity("domain-name", "evil.com"),
        Entity("user-account", "telegram:x"),
        Entity("email-addr", "a@gmail.com"),
    ):
        holder = holder_of(entity)
        assert holder is not None
        assert holder.mode == "cooperation"


def test_the_share_is_of_all_live_identifiers_also_those_without_a_holder() -> None:
    found = concentrations(
        [live("a.cc"), live("b.tv"), live("c.unknown-tld"), live("d.unknown-tld")], since=SINCE
    )
    assert [(lever.holder.name, lever.count, lever.total) for lever in found] == [("Verisign (US)", 2, 4)]
    assert found[0].share == pytest.approx(0.5)


def test_old_evidence_is_no_evidence_of_life() -> None:
    assert concentrations([live("a.cc", last_seen=SINCE - 1)], since=SINCE) == []
    found = concentrations([live("a.cc"), live("b.cc", last_seen=SINCE - 1)], since=SINCE)
    assert found[0].count == found[0].total == 1


def test_what_is_replaced_within_days_does_little_lasting_damage() -> None:
    lever = concentrations([live("a.cc")], since=SINCE)[0]
    assert lever.share == 1.0
    assert lever.lasting < 0.1
    assert lever.regrown[-1][1] > 0.99


def test_the_newest_evidence_comes_first() -> None:
    members = [live("a.cc", last_seen=TODAY - day, handle=day) for day in (5, 1, 3)]
    lever = concentrations(members, since=SINCE)[0]
    assert lever.handles == (1, 3, 5)
    assert lever.last_seen == TODAY - 1


def test_actors_do_not_borrow_from_each_other() -> None:
    found = concentrations(
        [live("a.cc", actor="one"), live("b.cc", actor="two"), live("c.ru", actor="two")], since=SINCE
    )
    assert {(lever.actor, lever.holder.name): lever.total for lever in found} == {
        ("one", "Verisign (US)"): 1,
        ("two", "Verisign (US)"): 2,
        ("two", "Coordination Center for TLD RU (RU)"): 2,
    }


@given(kind=st.sampled_from(sorted(name for name, kind in vocabulary().kinds.items() if kind.levers)))
def test_regrowth_never_shrinks_and_stays_a_share(kind: str) -> None:
    shares = [share for _, share in regrowth(kind)]
    assert shares == sorted(shares)
    assert all(0.0 <= share <= 1.0 for share in shares)
    assert len(shares) == len(STAGES)


@given(
    names=st.lists(
        st.tuples(st.sampled_from(["cc", "ru", "live", "zz"]), st.integers(0, 400)), min_size=1, max_size=30
    )
)
def test_shares_of_one_actor_and_kind_never_pass_one(names: list[tuple[str, int]]) -> None:
    members = [live(f"n{i}.{tld}", last_seen=TODAY - age, handle=i) for i, (tld, age) in enumerate(names)]
    found = concentrations(members, since=SINCE)
    assert sum(lever.share for lever in found) <= 1.0 + 1e-9
    assert all(lever.count == len(lever.handles) <= lever.total for lever in found)
    assert all(lever.lasting <= lever.share for lever in found)


@given(order=st.permutations(range(6)))
def test_the_ranking_does_not_depend_on_the_order_of_the_input(order: list[int]) -> None:
    members = [
        live(f"n{i}.{tld}", handle=i) for i, tld in enumerate(["cc", "cc", "ru", "live", "live", "live"])
    ]
    straight = concentrations(members, since=SINCE)
    mixed = concentrations([members[i] for i in order], since=SINCE)
    assert [(lever.holder.name, lever.count) for lever in straight] == [
        (lever.holder.name, lever.count) for lever in mixed
    ]
