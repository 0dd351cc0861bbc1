"""The JSON of the verbs that look, key by key and value by value (DESIGN §10): other programs rely on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from desk_world import CLOCK, World, entity

from chokepoint.collect.base import Document
from chokepoint.desk.analyse import ChokeOptions, choke
from chokepoint.desk.identity import decide, judgements, to_json
from chokepoint.desk.looking.check import check
from chokepoint.desk.looking.look import search, show
from chokepoint.desk.looking.route import path
from chokepoint.desk.vetting.review import Besides, vote, votes_on
from chokepoint.model.claim import on_day
from chokepoint.model.judgement import Answer, Sameness, Vote

if TYPE_CHECKING:
    from collections.abc import Callable

SITE = {"kind": "domain-name", "value": "evil.com", "id": "domain-name--aefbdd031e7fbb1f7258a21bd6edcbb3"}
GANG = {"kind": "group", "value": "bad gang", "id": "group--08f5bebb0d06ff8766bc9c0b2c76809b"}
HOST = {"kind": "ipv4-addr", "value": "10.1.2.3", "id": "ipv4-addr--cf76f9e608414fdd9563c4f65871f8f0"}
SHOP = {"kind": "domain-name", "value": "shop.com", "id": "domain-name--55542a127fb960dd7f4c690709ae87d5"}
DAY = {"start": "2026-01-20", "end": "2026-01-21", "precision": "day"}


@pytest.fixture(scope="module")
def told(worlds: Callable[[], World]) -> tuple[World, list[str]]:
    """A site of a gang, vetted; its host, not vetted, that a shop shares; and the ids of the claims."""
    world = worlds()
    site, gang, host = entity("domain-name:evil.com"), entity("group:bad gang"), entity("ipv4-addr:10.1.2.3")
    first = world.say(
        "vendor", (site, "indicates", gang), (site, "resolves-to", host), (site, "status", "live"),
        grade="A1", observed=on_day("2026-01-20"), origin="Phish List",
    )  # fmt: skip
    second = world.say("bank", (entity("domain-name:shop.com"), "resolves-to", host), path="dns.txt")
    world.say("bank", (host, "listed-on", entity("known-list:cloud ranges")), path="known.txt")
    ids = world.ids("vendor", [*first, *second])
    more = Besides(crime=Answer.YES, disclose=Answer.NO, until="2026-06-01")
    vote(world.open("bank"), ids[:1], Vote.CONFIRM, "seen it", besides=more)
    vote(world.open("police"), ids[:1], Vote.CONFIRM, "seen too")
    decide(world.open("bank"), ("bad gang", "evil.com"), Sameness.UNSURE, reason="odd")
    return world, ids


def capture(world: World) -> str:
    return show(world.open("vendor"), "evil.com").evidence[0].stored.claim.provenance.capture


def accused(world: World, ids: list[str]) -> dict[str, Any]:
    """The claim that ties the site to the gang, as everybody who has voted reads it."""
    return {
        "id": ids[0],
        "property": "indicates",
        "subject": SITE,
        "object": GANG,
        "origin": "Phish List",
        "source": {"path": "list.txt", "place": "line 1", "capture": capture(world)},
        "interval": DAY,
        "belief": 0.9944,
        "verdict": "accepted",
        "simulated": False,
        "marking": "TLP:CLEAR",
        "grading": "A1",
        "nature": "fact",
        "contributor": "vendor",
        "recorded_at": CLOCK,
    }


def test_show_gives_each_claim_whole(told) -> None:
    world, ids = told
    shown = show(world.open("bank"), "evil.com").to_json()
    base = accused(world, ids)
    unvoted = base | {"belief": 0.9168, "verdict": "proposed", "contributor": None}
    place = {"path": "list.txt", "capture": capture(world)}
    assert shown["claims"] == [
        unvoted
        | {"id": ids[2], "property": "status", "object": "live", "source": place | {"place": "line 3"}},
        unvoted
        | {"id": ids[1], "property": "resolves-to", "object": HOST, "source": place | {"place": "line 2"}},
        base,
    ]


def test_show_says_what_it_is_about_and_what_bears_on_it(told) -> None:
    world, _ = told
    shown = show(world.open("bank"), "evil.com").to_json()
    assert {name: shown[name] for name in shown if name != "claims"} == {
        "entity": SITE,
        "query": "evil.com",
        "origins": ["Phish List"],
        "identity": [
            {
                "left": GANG,
                "right": SITE,
                "sameness": "unsure",
                "permille": 500,
                "reason": "odd",
                "organisation": "bank",
            }
        ],
        "also": [],
        "warnings": [],
        "more": False,
        "notes": [],
    }


@pytest.mark.parametrize("text", ["absent.com", "nobody at all", "", "1HB5XMLmzFVj8ALj6mfBsbifRoD4miY36v"])
def test_show_of_the_unknown_has_two_keys(told, text: str) -> None:
    world, _ = told
    assert show(world.open("bank"), text).to_json() == {"entity": None, "query": text}


def test_a_claim_without_interval_says_null(told) -> None:
    world, ids = told
    [claim] = show(world.open("bank"), "shop.com").to_json()["claims"]
    assert claim["interval"] is None
    assert (claim["id"], claim["contributor"], claim["origin"]) == (ids[3], "bank", "bank")


def test_a_warning_names_the_list_and_its_publisher(told) -> None:
    world, _ = told
    [warning] = show(world.open("bank"), "10.1.2.3").to_json()["warnings"]
    assert "'cloud ranges'" in warning
    assert warning.endswith("of bank")


def test_search_gives_entity_claims_belief_and_verdict(told) -> None:
    world, _ = told
    assert [hit.to_json() for hit in search(world.open("bank"), "evil")] == [
        SITE | {"claims": 3, "belief": 0.9944, "verdict": "accepted", "said": None}
    ]


def test_check_gives_a_line_for_each_line_that_holds_something(told) -> None:
    world, ids = told
    pasted = b"call evil[.]com\nnothing here\nhttps://evil.com/x\n"
    first, second = (one.to_json() for one in check(world.open("bank"), Document(path="p", data=pasted)))
    [site] = first["found"]
    assert (first["place"], first["text"]) == ("line 1", "call evil[.]com")
    assert [one["id"] for one in site.pop("claims")] == [ids[0], ids[2], ids[1]]
    assert site == SITE | {
        "status": "known",
        "known_by": ["Phish List"],
        "belief": 0.9944,
        "verdict": "accepted",
        "shared": [],
        "conflicts": [],
        "near": [],
        "role": "indicator",
        "reason": "written so that nobody opens it by accident",
    }
    [page] = second["found"]
    assert second == {"place": "line 3", "text": "https://evil.com/x", "found": [page]}
    assert page == {
        "kind": "url",
        "value": "https://evil.com/x",
        "id": "url--702ec355cb8505cee11edff9f1cb2d23",
        "status": "new",
        "known_by": [],
        "belief": None,
        "verdict": None,
        "claims": [],
        "shared": [],
        "conflicts": [],
        "near": [SITE],
        "role": "indicator",
        "reason": "named in a report of crime, and nothing calls it official",
    }


def test_check_of_shared_things_names_list_origin_and_what_is_listed(told) -> None:
    world, _ = told
    [line] = check(world.open("bank"), Document(path="p", data=b"10.1.2.3"))
    [host] = line.to_json()["found"]
    assert host["status"] == "shared"
    assert host["shared"] == [
        {"list": "cloud ranges", "origin": "bank", "listed": "10.1.2.3", "parked": False}
    ]


def test_path_gives_each_hop_whole(told) -> None:
    world, ids = told
    [route] = path(world.open("bank"), "bad gang", "shop.com").to_json()["paths"]

    def hop(start: dict[str, str], end: dict[str, str], number: int, **more: object) -> dict[str, Any]:
        place, origin = ("dns.txt", "bank") if number == 3 else ("list.txt", "Phish List")
        source = {"path": place, "place": f"line {number % 3 + 1}"}
        interval = None if number == 3 else {"start": "2026-01-20", "end": "2026-01-21"}
        return {
            "from": start,
            "to": end,
            "claim": ids[number],
            "origin": origin,
            "source": source,
            "interval": interval,
            "origins": [origin],
            "evidence": [{"claim": ids[number], "origin": origin, "source": source}],
            **more,
        }

    assert route["hops"] == [
        hop(GANG, SITE, 0, property="indicates", forward=False, belief=0.9944, verdict="accepted"),
        hop(SITE, HOST, 1, property="resolves-to", forward=True, belief=0.9168, verdict="proposed"),
        hop(HOST, SHOP, 3, property="resolves-to", forward=False, belief=0.8808, verdict="proposed"),
    ]


def test_path_says_of_the_whole_what_it_is_worth(told) -> None:
    world, _ = told
    answer = path(world.open("bank"), "bad gang", "shop.com").to_json()
    [route] = answer.pop("paths")
    assert answer == {"from": "bad gang", "to": "shop.com", "unknown": [], "same": False, "complete": True}
    assert {name: route[name] for name in route if name not in {"hops", "warnings"}} == {
        "belief": 0.803,
        "single_source": False,
        "joins": False,
        "attribution": True,
        "codes": ["shared-infrastructure", "time"],
        "origins": ["Phish List", "bank"],
    }
    assert len(route["warnings"]) == len(route["codes"])
    assert all(sentence.startswith("10[.]1[.]2[.]3: ") for sentence in route["warnings"])


@pytest.mark.parametrize(
    ("ends", "more"),
    [
        (("evil.com", "absent.com"), {"unknown": ["absent.com"]}),
        (("none.com", "absent.com"), {"unknown": ["none.com", "absent.com"]}),
        (("evil.com", "hxxp://evil[.]com/"), {"same": True}),
    ],
    ids=["one unknown", "both unknown", "one thing twice"],
)
def test_path_without_a_path_says_why(told, ends: tuple[str, str], more: dict[str, object]) -> None:
    world, _ = told
    answer = path(world.open("bank"), *ends).to_json()
    empty = {"from": ends[0], "to": ends[1], "paths": [], "unknown": [], "same": False, "complete": True}
    assert answer == empty | more


def test_votes_give_every_answer(told) -> None:
    world, ids = told
    plain = {"crime": "", "disclose": "", "until": "", "despite": False, "simulated": False}
    plain |= {"counts": True, "why": "counts towards the quorum"}
    assert votes_on(world.open("vendor"), ids) == {
        ids[0]: [
            plain
            | {
                "organisation": "bank",
                "vote": "confirm",
                "reason": "seen it",
                "crime": "yes",
                "disclose": "no",
                "until": "2026-06-01",
            },
            plain | {"organisation": "police", "vote": "confirm", "reason": "seen too"},
        ]
    }


def test_identity_list_gives_the_judgement_with_its_id(told) -> None:
    world, _ = told
    found = judgements(world.open("police"))
    assert to_json(found) == {
        "identity": [
            {
                "id": found[0].id,
                "left": GANG,
                "right": SITE,
                "sameness": "unsure",
                "permille": 500,
                "reason": "odd",
                "organisation": "bank",
            }
        ]
    }


def test_choke_names_who_can_do_what_by_when(told) -> None:
    world, _ = told
    [step] = choke(world.open("bank")).to_json()["plan"]
    regrown = step.pop("regrown")
    sensitivity = step.pop("sensitivity")
    assert step == {
        "step": 1,
        "actor": "bad gang",
        "holder": "Verisign (US)",
        "mode": "cooperation",
        "how": "suspend the listed domains and the registrations of the same accounts",
        "kind": "domain-name",
        "count": 1,
        "total": 1,
        "share": 1.0,
        "lasting": 0.0137,
        "cost": 1.01,
        "jurisdictions": ["US"],
        "lead_days": 3,
        "last_seen": "2026-01-20",
        "start": "2026-01-20",
        "effect": "2026-01-23",
        "preserve_first": "the registration, payment and log-in records of the registrant's account and the zone",
    }
    assert [one["day"] for one in regrown] == [7, 30, 90, 365]
    assert list(sensitivity) == ["replacement_days_x0.5", "replacement_days_x2"]


def test_choke_says_for_which_day_and_how_much_it_knows(told) -> None:
    world, _ = told
    answer = choke(world.open("bank")).to_json()
    kept = (
        "as_of",
        "alive_since",
        "structural_only",
        "measure",
        "accepted",
        "biggest_hub",
        "leads",
        "chains",
    )
    assert {name: answer[name] for name in kept} == {
        "as_of": "2026-01-20",
        "alive_since": "2025-07-24",
        "structural_only": True,
        "measure": "lever concentration",
        "accepted": 1,
        "biggest_hub": {"name": "evil[.]com", "links": 2, "reason": "it is in the plan"},
        "leads": [],
        "chains": 0,
    }
    assert {name for name, one in answer["coverage"].items() if one["known"]} == {"lure", "enabler", "actor"}
    assert answer["coverage"]["lure"] == {"known": 2, "alive": 1}
    assert "reserved" not in answer


def test_choke_names_what_is_reserved_to_a_coordinator_alone(told) -> None:
    world, _ = told
    held = frozenset({"evil.com"})
    for coordinator, shown in ((True, ["evil[.]com"]), (False, None)):
        options = ChokeOptions(reserved=held, coordinator=coordinator)
        answer = choke(world.open("bank"), options).to_json()
        assert answer.get("reserved") == shown
        assert answer["plan"] == []
