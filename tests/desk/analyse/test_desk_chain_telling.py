"""The chain's plan in a package: rows, curve, picture, and who may be told of it."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING

import pytest
from chain_world import HOST, ONE, TWO, W1, A, accept, chained
from desk_world import RED, entity

from chokepoint.desk.analyse import load_snapshot
from chokepoint.desk.analyse.chain.telling import chain_parts, finding_parts
from chokepoint.desk.hand import Dispatch, build
from chokepoint.desk.hand.finding import Subject, finding_about
from chokepoint.desk.watch.oversight import flag_safety
from chokepoint.model.marking import Tlp
from chokepoint.package.findings import FindingKind
from chokepoint.package.privacy import Discretion

if TYPE_CHECKING:
    from pathlib import Path

    from desk_world import World

    from chokepoint.package.findings import Finding

AT_ONE = f"{W1} at {ONE}"


def told(world: World, member: str = "bank", **options: object) -> dict[str, object]:
    answer, view = chained(world, member, **options), load_snapshot(world.open(member))
    return finding_parts(answer, view.entities({node for part in answer.part_of.values() for node in part}))


def about(world: World, name: object = A, member: str = "bank") -> Finding:
    view = load_snapshot(world.open(member))
    [node] = [at for at, one in view.entities(range(view.snapshot.size)).items() if one == name]
    rows = [row for row in range(len(view.snapshot.subject)) if int(view.snapshot.subject[row]) == node]
    return finding_about(view, Subject("it", rows, [node]), Discretion())


def test_a_package_about_a_thing_of_the_chain_holds_the_plan(shops: World) -> None:
    finding = about(shops)
    assert finding.kind is FindingKind.CHOKE_POINT
    assert len(finding.plan) == len(chained(shops).steps)
    assert finding.curve is not None
    assert finding.chain is not None
    assert any("certified gap" in line for line in finding.explanation)


def test_a_package_about_something_else_says_nothing_of_the_chain(market: World) -> None:
    lone = entity("domain-name:lone.cc")
    accept(market, (lone, "indicates", entity("malware:x")))
    finding = about(market, lone)
    assert finding.kind is FindingKind.STRUCTURAL
    assert (finding.plan, finding.curve, finding.chain) == ((), None, None)


def test_each_row_says_who_acts_on_what_and_names_no_other(shops: World) -> None:
    rows = {str(row.target): row for row in told(shops)["plan"]}
    assert rows[str(W1)].mode == "cooperation on its account"
    assert rows[str(W1)].by == "exchange one"
    assert rows[str(W1)].takes_over == "others like it, after 30 days"
    assert rows[str(HOST)].mode == "takedown"
    assert rows[str(HOST)].by == "vendor"
    for row in rows.values():
        assert "First ask for preservation of" in row.why
        assert not any(name in row.why for name in ("a.cc", "19Cb", "exchange"))
        assert row.last_seen == "2026-01-24"


def test_the_picture_holds_the_flow_through_each_thing(shops: World) -> None:
    chain, answer = told(shops)["chain"], chained(shops)
    [victims] = [stop for stop in chain.stops if not stop.parts]
    assert victims is chain.stops[0]
    assert victims.column == "victim"
    held_out = answer.document["flow_before_heldout"] / sum(one["weight"] for one in answer.tree["stages"])
    assert victims.before == pytest.approx(held_out, rel=0.05)
    ends = [stop for stop in chain.stops if stop.column == "cash-out"]
    assert {stop.parts for stop in ends} == {(ONE,), (TWO,)}
    assert sum(stop.before for stop in ends) == pytest.approx(victims.before)
    assert sum(stop.after for stop in ends) == pytest.approx(victims.after)
    assert victims.after < victims.before


def test_the_picture_marks_what_is_struck(shops: World) -> None:
    chain, answer = told(shops)["chain"], chained(shops)
    struck = {" at ".join(map(str, stop.parts)) for stop in chain.stops if stop.struck}
    assert struck == {step["id"] for step in answer.steps}


def test_an_account_in_reserve_is_drawn_where_flow_moves_there(shops: World) -> None:
    def accounts(**options: object) -> set[str]:
        stops = told(shops, **options)["chain"].stops
        return {" at ".join(map(str, stop.parts)) for stop in stops if stop.column == "account"}

    assert f"{W1} at {TWO}" in accounts()
    assert f"{W1} at {TWO}" not in accounts(budget=0.0)


def test_what_is_needed_is_joined_to_who_needs_it(shops: World) -> None:
    chain = told(shops)["chain"]
    [need] = [way for way in chain.ways if way.need]
    assert chain.stops[need.start].parts == (HOST,)
    assert chain.stops[need.end].parts == (A,)
    assert chain.stops[need.start].column == "enabler"


def test_the_curve_is_the_answers_with_its_band(shops: World) -> None:
    curve, answer = told(shops)["curve"], chained(shops)
    assert curve.days == tuple(point.day for point in answer.curve)
    assert curve.after == tuple(point.after for point in answer.curve)
    assert (curve.low, curve.high) == tuple(
        tuple(getattr(point, end) for point in answer.curve) for end in ("low", "high")
    )
    assert curve.unit == "flow to cash-outs in sightings"


def test_the_finding_says_what_the_chain_does_not_know(shops: World) -> None:
    lines = {line.label: line.value for line in told(shops)["coverage"]}
    assert lines["laundering"] == "nothing on the chain"
    assert lines["cash-out"] == "2 on the chain"
    assert lines["Unexplained"] == "0 without a known cash-out, 0 without known victims"


def test_the_report_draws_curve_and_chain(shops: World, tmp_path: Path) -> None:
    build(shops.open("bank"), "a.cc", tmp_path / "package")
    page = unescape((tmp_path / "package" / "report.html").read_text("utf-8"))
    assert "The chain before and after" in page
    assert page.count('class="flow"') == 2
    assert page.count('class="band"') == 2
    assert "exchange one" in page
    assert "a[.]cc" in page
    assert "http://a.cc" not in page


def test_nothing_is_said_of_a_chain_that_holds_what_is_withheld(market: World) -> None:
    view = load_snapshot(market.open("bank"))
    answer = chained(market)
    nodes = [answer.part_of[str(A)][0]]
    assert chain_parts(view, answer, about=nodes)[0]
    assert chain_parts(view, answer, about=nodes, withheld=frozenset({ONE})) == ({}, [])
    assert chain_parts(view, None, about=nodes) == ({}, [])


def test_a_package_is_silent_on_the_chain_once_somebody_on_it_is_at_risk(
    market: World, tmp_path: Path
) -> None:
    flag_safety(market.open("police"), TWO, "somebody inside talks to us")
    build(market.open("bank"), "a.cc", tmp_path / "package")
    page = (tmp_path / "package" / "report.html").read_text("utf-8")
    assert "The chain before and after" not in page
    assert "exchange two" not in page


def test_recipients_get_the_chain_that_all_of_them_may_see(market: World, tmp_path: Path) -> None:
    secret = entity("domain-name:secret.cc")
    accept(market, (secret, "requests-payment-to", W1))
    market.say("bank", (W1, "amount", "77"), marking=RED, path="hidden")
    build(market.open("bank"), "a.cc", tmp_path / "package", Dispatch(recipients=frozenset({"police"})))
    page = (tmp_path / "package" / "report.html").read_text("utf-8")
    assert "sightings" in page
    assert "BTC" not in page


def test_the_finding_is_as_closed_as_what_the_chain_rests_on(market: World) -> None:
    assert about(market).marking.tlp is Tlp.GREEN
