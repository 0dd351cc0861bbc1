"""The demonstration's finding and summary: every word and figure follows from the map that it was made from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from desk_world import CLOCK, World, entity

from chokepoint.choke.holders import MEASURE
from chokepoint.collect.base import Rejected
from chokepoint.desk.analyse import ChokeOptions, choke_view, load_snapshot
from chokepoint.desk.connect import connect
from chokepoint.desk.demo.corpus import choose
from chokepoint.desk.demo.finding import (
    CURVE_DAYS,
    MEMBERS,
    SAMPLES,
    Found,
    content,
    headline,
    lives,
    statements_of,
    summarise,
)
from chokepoint.desk.demo.handing import DISPUTES, disputes, publish
from chokepoint.desk.gather import GatherReport
from chokepoint.desk.gather.report import FileReport
from chokepoint.desk.handing.publish import MARK
from chokepoint.desk.looking.tell import telling
from chokepoint.desk.vetting.casting import Cast
from chokepoint.desk.vetting.review import recall, simulate, vote
from chokepoint.graph.crossing import crossings
from chokepoint.model.claim import between, on_day, parse_day
from chokepoint.model.errors import BadInputError, NotFoundError
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import Marking, Tlp
from chokepoint.package.findings import FindingKind, Line

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

A, B = entity("malware:alphabot"), entity("malware:zetaware")
SITES = tuple(entity(f"domain-name:n{number}.cc") for number in range(3))
ALIVE, DEAD = on_day("2026-01-20"), on_day("2020-01-20")
NOTHING = GatherReport(files=())


def two_families(
    world: World, *, observed: Any = None, members: tuple[str, ...] = ("bank", "police")
) -> list[str]:
    """Two families that two publishers tie to the same sites, confirmed by rule."""
    world.join("home")
    seqs = world.say(
        "home",
        *[(site, "indicates", A) for site in SITES],
        origin="alpha lab",
        path="a",
        observed=observed,
        grade="A1",
    )
    seqs += world.say(
        "home",
        *[(site, "indicates", B) for site in SITES],
        origin="beta cert",
        path="b",
        observed=observed,
        grade="A1",
    )
    ids = world.ids("home", seqs)
    for name in members:
        cast = Cast(organisation=name, vote=Vote.CONFIRM, reason="found again", claims=tuple(ids))
        simulate(world.open("home"), [cast])
    return ids


def found_in(world: World, who: str = "home") -> Found:
    view = load_snapshot(world.open(who))
    return Found(
        view=view,
        answer=choke_view(view, ChokeOptions()),
        vetted=tuple(telling(view, crossings(view.snapshot, accepted_only=True))),
        all=tuple(telling(view, crossings(view.snapshot))),
    )


def told(found: Found) -> Any:
    return content(found, summarise(NOTHING, found, ()), frozenset(MEMBERS)).finding


# --- the headline says the strongest thing that is true ---


def test_a_vetted_target_that_is_alive_comes_first(world: World) -> None:
    two_families(world, observed=ALIVE)
    found = found_in(world)
    assert headline(found) == "Verisign (US) can reach 100% of the live domains of alphabot"
    assert told(found).title == headline(found)


def test_a_lead_is_told_as_a_lead_where_nothing_vetted_is_alive(world: World) -> None:
    two_families(world, observed=ALIVE, members=())
    assert headline(found_in(world)).startswith(
        "No vetted target is alive. First lead to vet: 100% of the live domains"
    )


def test_a_crossing_is_told_where_nothing_is_alive_at_all(world: World) -> None:
    """Of old evidence nothing can be struck; what no single source showed is still worth telling."""
    two_families(world, observed=DEAD)
    world.say(
        "home", (entity("domain-name:x.cc"), "indicates", entity("malware:other")), observed=ALIVE, path="x"
    )
    found = found_in(world)
    assert found.answer.plan == ()
    bare = replace(found, answer=replace(found.answer, leads=()))
    assert headline(bare) == "alphabot and zetaware share identifiers that no single source ties together"


def test_nothing_is_told_of_an_empty_map(world: World) -> None:
    world.join("home")
    assert headline(found_in(world)) == "No vetted target is alive, and no vetted link crosses sources"


# --- the finding can be repeated ---


def test_a_finding_says_when_by_which_measure_and_what_counts_as_accepted(world: World) -> None:
    two_families(world, observed=ALIVE)
    one = told(found_in(world))
    assert one.as_of == "2026-01-20"
    assert one.position == f"all claims recorded by {CLOCK[:10]}"
    assert [line.label for line in one.parameters] == ["Evidence of life", "Measure", "Acceptance"]
    assert (one.parameters[0].value, one.parameters[1].value) == ("180 days", MEASURE)
    assert one.marking == Marking(tlp=Tlp.GREEN)


@pytest.mark.parametrize(
    ("money", "kind"), [(False, FindingKind.STRUCTURAL), (True, FindingKind.CHOKE_POINT)]
)
def test_only_a_payment_chain_makes_more_of_it_than_structure(
    world: World, *, money: bool, kind: FindingKind
) -> None:
    ids = two_families(world, observed=ALIVE)
    if money:
        wallet, exchange = (
            entity("crypto-address:19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds"),
            entity("service:exchange"),
        )
        seqs = world.say(
            "home",
            (SITES[0], "requests-payment-to", wallet),
            (wallet, "controlled-by", exchange),
            grade="A1",
            path="m",
        )
        ids = world.ids("home", seqs)
        for name in ("bank", "police"):
            simulate(
                world.open("home"),
                [Cast(organisation=name, vote=Vote.CONFIRM, reason="r", claims=tuple(ids))],
            )
    assert told(found_in(world)).kind is kind


def test_each_row_of_the_plan_says_what_takes_over_and_when_it_was_last_alive(world: World) -> None:
    two_families(world, observed=ALIVE)
    row = told(found_in(world)).plan[0]
    assert row.by == "Verisign (US)"
    assert row.target in SITES
    assert row.why == "3 of 3 live identifiers of alphabot depend on it"
    assert row.last_seen == "2026-01-20"
    assert row.takes_over == f"new registrations elsewhere: half are back by day {row.down_days:.0f}"


def test_a_lead_says_how_much_is_still_gone_after_a_week_and_a_year(world: World) -> None:
    two_families(world, observed=ALIVE, members=())
    one = told(found_in(world))
    lead = one.leads[0]
    assert (lead.holder, lead.reach, lead.share) == ("Verisign (US)", "3 of 3", 1.0)
    assert 0.0 < lead.year <= lead.week < 0.2
    assert "The first lead, once vetted:" in one.explanation[-1]


def test_the_curve_goes_from_what_is_left_back_to_all(world: World) -> None:
    two_families(world, observed=ALIVE)
    curve = told(found_in(world)).curve
    assert curve is not None
    assert curve.days == (0.0, *map(float, CURVE_DAYS))
    assert set(curve.before) == {1.0}
    assert curve.after[0] == pytest.approx(0.0)
    assert 0.9 < curve.after[-1] <= 1.0
    assert curve.unit == "share of alphabot's live domains that work"


def test_coverage_says_of_each_phase_what_is_known_and_what_is_blank(world: World) -> None:
    two_families(world, observed=ALIVE)
    lines = {line.label: line for line in told(found_in(world)).coverage}
    assert lines["lure"].value == "3 known, 3 alive"
    assert lines["cash-out"].value == "nothing known"
    assert lines["cash-out"].note == "a plan cannot see what flows through this phase"
    assert lines["lure"].note == ""


# --- warnings ---


@pytest.mark.parametrize(
    ("observed", "members", "words"),
    [
        (ALIVE, ("bank", "police"), ["simulated by rule; the package cannot be dispatched"]),
        (ALIVE, (), ["nobody has vetted. Vet them", "so there is no package"]),
        (DEAD, ("bank", "police"), ["simulated by rule"]),
    ],
    ids=["a plan", "leads alone", "a crossing alone"],
)
def test_the_page_warns_of_what_it_rests_on(world: World, observed, members, words: list[str]) -> None:
    two_families(world, observed=observed, members=members)
    found = found_in(world)
    if observed is DEAD:
        world.say("home", (entity("domain-name:x.cc"), "indicates", A), observed=ALIVE, path="x")
        found = replace(found_in(world), answer=replace(found.answer, plan=(), leads=()))
    warnings = told(found).warnings
    assert len(warnings) == len(words)
    for words_, warning in zip(words, warnings, strict=True):
        assert words_ in warning


# --- what the package carries ---


def test_without_a_plan_the_package_carries_the_ties_of_the_crossing(world: World) -> None:
    two_families(world, observed=DEAD)
    found = found_in(world)
    bare = replace(found, answer=replace(found.answer, plan=(), leads=()))
    assert len(statements_of(bare)) == 6
    assert len(set(statements_of(bare))) == 6


def test_what_the_plan_and_the_crossing_share_is_carried_once(world: World) -> None:
    two_families(world, observed=ALIVE)
    rows = statements_of(found_in(world))
    assert len(rows) == len(set(rows)) == 6


def test_no_more_than_six_hundred_statements_are_carried(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chokepoint.desk.demo.finding.MOST_CLAIMS", 4)
    two_families(world, observed=ALIVE)
    assert len(statements_of(found_in(world))) == 4


def test_where_nothing_is_accepted_a_page_says_why_and_an_older_package_goes(
    world: World, tmp_path: Path
) -> None:
    two_families(world, observed=ALIVE)
    said: list[str] = []
    found = found_in(world)
    members = frozenset(MEMBERS)
    for name in members:
        world.join(name)
    assert publish(tmp_path, found_in(world), summarise(NOTHING, found, ()), said.append) is not None
    assert (tmp_path / "package" / MARK).exists()
    bare = replace(found, vetted=(), answer=replace(found.answer, plan=(), leads=()))
    said.clear()
    assert publish(tmp_path, bare, summarise(NOTHING, bare, ()), said.append) is None
    assert not (tmp_path / "package").exists()
    assert "No package was made: nothing is accepted that is alive or that crosses sources." in said[0]
    assert "there is no package" in (tmp_path / "report.html").read_text("utf-8")


# --- the summary ---


def test_disputes_are_told_with_the_reasons_of_those_who_dispute(world: World) -> None:
    ids = two_families(world, members=())
    vote(world.open("bank"), ids[:1], Vote.DISPUTE, "our customer")
    vote(world.open("police"), ids[:1], Vote.DISPUTE, "a shop")
    vote(world.open("vendor"), ids[:1], Vote.UNSURE, "who knows")
    [line] = disputes(found_in(world))
    assert (line.label, line.value) == ("n0[.]cc indicates alphabot", "disputed")
    assert line.note == "a shop; our customer"


def test_no_more_disputes_are_told_than_a_reader_takes_in(world: World) -> None:
    world.join("home")
    seqs = world.say(
        "home", *[(entity(f"domain-name:d{number}.cc"), "indicates", A) for number in range(DISPUTES * 3)]
    )
    vote(world.open("bank"), world.ids("home", seqs), Vote.DISPUTE, "no")
    lines = disputes(found_in(world))
    assert len(lines) == DISPUTES
    assert len({line.label for line in lines}) == DISPUTES


def test_a_map_without_disputes_tells_none(world: World) -> None:
    two_families(world)
    assert disputes(found_in(world)) == ()


def test_names_that_changed_hands_are_told_and_hosts_are_not(world: World) -> None:
    world.join("home")
    early, late = between(parse_day("2012-01-01"), parse_day("2013-01-01")), on_day("2024-01-01")
    new = entity("campaign:drop catch gang")
    for name in ("shop.com", "bakery.org"):
        site = entity(f"domain-name:{name}")
        world.say(
            "home",
            (site, "legitimate", entity("organisation:bakery")),
            observed=early,
            path=f"o{name}",
            origin="registry",
        )
        world.say("home", (site, "indicates", new), observed=late, path=f"n{name}", origin="report")
    connect(world.open("home"))
    assert lives(found_in(world).view) == ["bakery[.]org", "shop[.]com"]


def file(path: str, **more: Any) -> FileReport:
    return FileReport(path=path, **more)


def test_sources_are_told_by_folder_the_largest_first_with_what_was_refused(world: World) -> None:
    world.join("home")
    bad = Rejected("line 3", "no such form")
    files = (
        file("small/a.csv", format="csv", new=1, rejected=[bad, bad]),
        file("large/b.json", format="stix2", new=5, known=2),
        file("large/c.zip!d.csv", format="csv", new=1),
        file("unread.bin", rejected=[bad]),
    )
    summary = summarise(GatherReport(files=files), found_in(world), ())
    assert [(line.source, line.format, line.claims, line.rejected) for line in summary.sources] == [
        ("large", "csv, stix2", 8, 0),
        ("small", "csv", 1, 2),
    ]
    assert {line.label for line in summary.rejected} == {"small/a.csv, line 3", "unread.bin, line 3"}


def test_refused_parts_are_told_of_as_many_files_as_fit(world: World) -> None:
    world.join("home")
    files = tuple(
        file(f"s{number}/a.csv", format="csv", rejected=[Rejected("line 1", f"reason {number}")] * 5)
        for number in range(SAMPLES * 4)
    )
    lines = summarise(GatherReport(files=files), found_in(world), ()).rejected
    assert len(lines) == SAMPLES
    assert len({line.label for line in lines}) == SAMPLES


def test_the_summary_tells_crossings_with_their_publishers_and_disputes_as_given(world: World) -> None:
    two_families(world)
    given = (Line("a", "disputed", "b"),)
    summary = summarise(NOTHING, found_in(world), given)
    [crossing] = summary.crossings
    assert crossing.note == "alpha lab; beta cert"
    assert summary.disputes == given
    assert summary.simulated == 6
    assert dict(summary.verdicts) == {"accepted": 6}


def test_real_votes_are_not_counted_as_simulated(world: World) -> None:
    ids = two_families(world, members=())
    for name in ("bank", "police"):
        vote(world.open(name), ids, Vote.CONFIRM, "seen")
    recall(world.open("home"), ids[:1], "wrong")
    summary = summarise(NOTHING, found_in(world), ())
    assert summary.simulated == 0
    assert dict(summary.verdicts) == {"accepted": 5, "recalled": 1}


# --- the corpus ---


def test_a_folder_that_is_given_is_the_corpus_and_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "a.txt").write_text("evil.com")
    chosen = choose(tmp_path)
    assert chosen.paths == (tmp_path,)
    assert str(tmp_path) in chosen.told


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda folder: folder / "none", NotFoundError, "no such folder"),
        (lambda folder: folder, BadInputError, "the folder is empty"),
        (lambda folder: [(folder / "sub").mkdir(), folder][1], BadInputError, "the folder is empty"),
        (lambda folder: [(folder / "f").write_text("x"), folder / "f"][1], NotFoundError, "no such folder"),
    ],
    ids=["not there", "empty", "empty within", "a file"],
)
def test_what_is_no_corpus_is_refused_with_its_place(
    tmp_path: Path, make: Callable[[Path], Path], error: type[Exception], words: str
) -> None:
    given = make(tmp_path)
    with pytest.raises(error, match=words) as caught:
        choose(given)
    assert caught.value.place == str(given)  # type: ignore[attr-defined]
