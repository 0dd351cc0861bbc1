"""Figures of operations as a viewer sees them: sources, conflicts, sums, victims, and what is hidden."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from desk_world import RED, entity

from chokepoint.collect.operations_csv import figure_of
from chokepoint.desk.gather import GatherOptions, gather
from chokepoint.desk.vetting.review import vote
from chokepoint.desk.watch.access import log
from chokepoint.desk.work.act import Operation, Partner
from chokepoint.desk.work.impact import Published, add, impact
from chokepoint.desk.work.operation import open_operation
from chokepoint.model.claim import Interval
from chokepoint.model.errors import ChokepointError, NotFoundError, NotValidError, RefusedError
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import CLEAR
from chokepoint.store.base import RECALL, RecordRow
from chokepoint.store.canonical import canonical

if TYPE_CHECKING:
    from desk_world import World

    from chokepoint.desk.work.impact import Impact

REAL = Path(__file__).parents[2] / "data" / "collect" / "operations.csv"
FOX, WOLF = entity("event:operation fox"), entity("event:operation wolf")
MARCH, JUNE = Interval("2025-03-01", "2025-04-01"), Interval("2025-06-01", "2025-07-01")


@pytest.fixture(scope="module")
def real(worlds) -> Impact:
    """All that is published of nine real operations."""
    atlas = worlds().open("police")
    gather(atlas, [REAL], GatherOptions())
    return impact(atlas)


def figures(found: Impact, event: str) -> list[str]:
    return [one.figure.text for cell in found.of(event) for one in cell.said]


def of(found: Impact, measure: str, unit: str = "", where: tuple[str, ...] = ()):
    return next(one for one in found.totals if (one.measure, one.unit, one.where) == (measure, unit, where))


def test_all_real_figures_are_there_but_the_one_that_would_tell_of_nine_victims(real: Impact) -> None:
    assert len(real.names) == 10
    assert sum(len(cell.said) for cell in real.cells) == 148
    assert [(cell.operation, cell.measure, cell.where) for cell in real.held] == [
        ("operation secure", "victims", ("LK",))
    ]


def test_real_operations_are_called_as_they_were_published(real: Impact) -> None:
    assert set(real.names.values()) == {
        "Serengeti", "Serengeti 2.0", "Red Card", "Red Card 2.0", "Contender 2.0", "Contender 3.0", "Sentinel",
        "Secure", "Africa Cyber Surge II", "ATLAS AGGREGATE (2025 report, as relayed)",
    }  # fmt: skip


def test_arrests_are_added_over_operations_that_cannot_have_made_the_same(real: Impact) -> None:
    total = of(real, "arrests")
    assert total.least == 14 + 306 + 651 + 574 + 1006 + 1209 == 3760
    assert {real.names[left.cell.operation] for left in total.left_out} == {
        "Secure", "Contender 2.0", "Contender 3.0", "ATLAS AGGREGATE (2025 report, as relayed)",
    }  # fmt: skip


def test_the_aggregate_that_repeats_serengeti_2_is_in_no_sum(real: Impact) -> None:
    aggregate = next(event for event, span in real.spans.items() if span.report)
    assert real.names[aggregate].startswith("ATLAS AGGREGATE")
    assert all(cell.operation != aggregate for total in real.totals for cell in total.added)


def test_victims_identified_targeted_and_reported_are_three_things_and_never_added(real: Impact) -> None:
    measures = {total.measure for total in real.totals if "victim" in total.measure}
    assert measures == {"victims"}
    assert {cell.measure for cell in of(real, "victims").added} == {"victims"}


def test_money_of_two_currencies_is_never_added(real: Impact) -> None:
    assert {total.unit for total in real.totals if total.measure == "cash seized"} == set()
    cash = {cell.unit for cell in real.cells if cell.measure == "cash seized"}
    assert cash == {"USD", "VND"}


@pytest.mark.parametrize("measure", ["participating countries", "pct suspicious ips taken down"])
def test_participating_countries_and_shares_have_no_sum(real: Impact, measure: str) -> None:
    assert [total for total in real.totals if total.measure == measure] == []


def test_the_two_counts_of_arrests_in_kenya_stand_side_by_side_with_their_sources(real: Impact) -> None:
    [cell] = [cell for cell in real.cells if cell.conflict]
    assert (cell.operation, cell.where) == ("operation serengeti", ("KE",))
    told = [(one.figure.amount, real.sources[one.record]) for one in cell.said]
    assert [(amount, source.evidence.stored.claim.place) for amount, source in told] == [
        ("about 24", "line 10"), ("20", "line 11"),
    ]  # fmt: skip
    assert told[0][1].address == "https://kahawatungu.com/major-cybercrime-operation-nets-over-1000-suspects/"
    assert told[0][1].notes == ('published as "nearly two dozen"; SA24 says 20 - conflict',)


def test_every_real_figure_has_an_address_a_line_and_somebody_who_says_so(real: Impact) -> None:
    for cell in real.cells:
        for one in cell.said:
            source = real.sources[one.record]
            assert source.address.startswith("https://")
            assert source.evidence.path.endswith("operations.csv")
            assert one.origin


def test_the_json_of_the_real_figures_holds_numbers_as_published(real: Impact) -> None:
    document = json.loads(json.dumps(real.to_json()))
    secure = next(one for one in document["operations"] if one["name"] == "Secure")
    cash = next(one for one in secure["figures"] if one["measure"] == "cash seized")
    assert (cash["unit"], cash["where"], cash["said"][0]["low"]) == ("VND", ["VN"], "300000000")
    assert cash["said"][0]["notes"] == ["= USD 11,500 as published"]
    assert (secure["start"], secure["end"]) == ("2025-01-01", "2025-05-01")
    [victims] = [one for one in secure["figures"] if one["measure"] == "victims"]
    assert victims["where"] == ["LK", "NR"]
    assert document["held_back"] == [
        {"event": "event:operation secure", "measure": "victims", "where": ["LK"]}
    ]


def test_one_operation_is_found_by_its_name_with_or_without_the_word(world: World) -> None:
    world.say("bank", (FOX, "figure", "arrests: 3"), (WOLF, "figure", "arrests: 4"))
    atlas = world.open("police")
    for name in ("fox", "Operation Fox"):
        found = impact(atlas, name)
        assert list(found.names) == ["operation fox"]
        assert figures(found, "operation fox") == ["arrests: 3"]
        assert figures(found, "operation wolf") == []
    with pytest.raises(NotFoundError):
        impact(atlas, "bear")


def test_who_looked_at_which_operation_is_logged(world: World) -> None:
    world.say("bank", (FOX, "figure", "arrests: 3"))
    impact(world.open("police"), "fox")
    [seen] = [one for one in log(world.open("police")) if one.entry.verb == "impact"]
    assert (seen.who, seen.entry.asked) == ("police", "fox")


def test_figures_that_a_viewer_may_not_see_change_nothing_for_it(world: World) -> None:
    world.say("bank", (FOX, "figure", "arrests: 3"), (WOLF, "figure", "arrests: 4"), observed=MARCH)
    before = impact(world.open("police")).to_json()
    world.say("bank", (FOX, "figure", "arrests: 9"), (FOX, "figure", "victims: 90"), marking=RED, path="x")
    world.say("bank", (entity("event:operation bear"), "figure", "arrests: 1"), marking=RED, path="y")
    world.say("bank", (FOX, "part-of", WOLF), (FOX, "reference", "https://a.com"), marking=RED, path="z")
    assert impact(world.open("police")).to_json() == before
    assert impact(world.open("bank")).to_json() != before


def test_the_same_figure_of_one_publisher_taken_in_twice_counts_once(world: World) -> None:
    for organisation in ("bank", "vendor"):
        world.say(organisation, (FOX, "figure", "arrests: 3"), origin="a paper", path=organisation)
    assert figures(impact(world.open("police")), "operation fox") == ["arrests: 3"]


def test_accepted_figures_alone_are_shown_where_that_is_asked(world: World) -> None:
    seqs = world.say("bank", (FOX, "figure", "arrests: 3"), (FOX, "figure", "victims: 90"), grade="A1")
    [first, _] = world.ids("police", seqs)
    for who in ("police", "vendor"):
        vote(world.open(who), [first], Vote.CONFIRM, "seen")
    found = impact(world.open("police"), accepted=True)
    assert figures(found, "operation fox") == ["arrests: 3"]


def test_a_recalled_figure_is_left_out_and_counted(world: World) -> None:
    seqs = world.say("bank", (FOX, "figure", "arrests: 3"), (FOX, "figure", "victims: 90"))
    bank = world.open("bank")
    payload = canonical({"claims": world.ids("bank", seqs[:1]), "reason": "wrong"})
    bank.ledger.append(bank.speaker(), [RecordRow(RECALL, payload, CLEAR)])
    found = impact(world.open("police"))
    assert figures(found, "operation fox") == ["victims: 90"]
    assert found.fallen == 1


@pytest.mark.parametrize("text", ["many arrests", "arrests: ", "<script>", "arrests: 1e9"])
def test_a_text_that_says_no_figure_is_no_figure(world: World, text: str) -> None:
    world.say("bank", (FOX, "figure", text), (FOX, "figure", "arrests: 3"))
    assert figures(impact(world.open("police")), "operation fox") == ["arrests: 3"]


def test_figures_of_things_that_are_no_events_are_none_of_this(world: World) -> None:
    world.say("bank", (entity("domain-name:evil.com"), "figure", "arrests: 3"))
    assert impact(world.open("police")).names == {}


def test_countries_that_the_leader_names_keep_two_operations_apart(world: World) -> None:
    for event in (FOX, WOLF):
        world.say("bank", (event, "figure", "arrests: 3"), observed=MARCH, path=event.value)
    assert impact(world.open("bank")).totals == ()
    for name, code in (("Fox", "KE"), ("Wolf", "VN")):
        open_operation(world.open("bank"), Operation(id="", name=name, partners=(Partner(code),)))
    [total] = impact(world.open("bank")).totals
    assert total.least == 6


def test_a_part_is_not_counted_beside_its_whole(world: World) -> None:
    world.say("bank", (FOX, "figure", "arrests: 3"), observed=MARCH, path="a")
    world.say("bank", (WOLF, "figure", "arrests: 4"), observed=JUNE, path="b")
    assert of(impact(world.open("bank")), "arrests").least == 7
    world.say("vendor", (FOX, "part-of", WOLF))
    assert impact(world.open("bank")).totals == ()


def test_a_part_that_was_recalled_is_no_part(world: World) -> None:
    world.say("bank", (FOX, "figure", "arrests: 3"), observed=MARCH, path="a")
    world.say("bank", (WOLF, "figure", "arrests: 4"), observed=JUNE, path="b")
    vendor = world.open("vendor")
    seqs = world.say("vendor", (FOX, "part-of", WOLF))
    payload = canonical({"claims": world.ids("vendor", seqs), "reason": "wrong"})
    vendor.ledger.append(vendor.speaker(), [RecordRow(RECALL, payload, CLEAR)])
    assert of(impact(world.open("bank")), "arrests").least == 7


def test_what_is_said_of_things_that_are_no_operation_is_not_read(world: World) -> None:
    world.say("bank", (FOX, "figure", "arrests: 3"), path="a")
    before = impact(world.open("bank")).to_json()
    world.say(
        "bank",
        *((entity(f"domain-name:d{n}.com"), "reference", "https://a.com") for n in range(50)),
        path="b",
    )
    assert impact(world.open("bank")).to_json() == before


def test_an_operation_of_the_desk_without_figures_is_there_all_the_same(world: World) -> None:
    open_operation(world.open("bank"), Operation(id="", name="Fox"))
    found = impact(world.open("bank"), "fox")
    assert (dict(found.names), found.cells) == ({"operation fox": "Fox"}, ())


CELLS = {"measure": "arrests", "value": "20..24", "country": "KE"}
SAID = Published(source="Kenya Police", address="https://police.example/x", place="page 3", on="2026-01-05")


def test_a_figure_put_on_record_by_hand_has_source_address_place_and_day(world: World) -> None:
    noted = add(world.open("police"), "Fox", figure_of(CELLS), SAID)
    assert noted.new == len(noted.claims)
    found = impact(world.open("bank"), "Fox")
    [cell] = found.cells
    source = found.sources[cell.said[0].record]
    assert (cell.said[0].figure.text, cell.said[0].origin) == ("arrests in KE: 20 to 24", "Kenya Police")
    assert source.address == "https://police.example/x"
    assert "page 3" in source.notes[0]
    assert source.evidence.stored.claim.observed == Interval("2026-01-05", "2026-01-06")


def test_the_same_figure_by_hand_a_second_time_adds_nothing(world: World) -> None:
    add(world.open("police"), "Fox", figure_of(CELLS), SAID)
    assert add(world.open("police"), "Fox", figure_of(CELLS), SAID).new == 0


@pytest.mark.parametrize(
    ("cells", "said", "error"),
    [
        pytest.param({}, {"source": " "}, RefusedError, id="nobody says so"),
        pytest.param({}, {"on": ""}, RefusedError, id="no day"),
        pytest.param({}, {"on": "soon"}, NotValidError, id="a day that is none"),
        pytest.param({"measure": "victims", "value": "10"}, {}, RefusedError, id="ten victims"),
        pytest.param(
            {"measure": "victims", "value": "3..40"}, {}, RefusedError, id="a range from three victims"
        ),
        pytest.param({"measure": "victims", "value": "0"}, {}, None, id="no victim"),
        pytest.param({"measure": "victims", "value": "11"}, {}, None, id="eleven victims"),
        pytest.param({"measure": "arrests", "value": "1"}, {}, None, id="one arrest"),
    ],
)
def test_a_figure_says_who_and_when_and_points_at_no_victim(world: World, cells, said, error) -> None:
    figure, published = figure_of({**CELLS, **cells}), SAID._replace(**said)
    atlas = world.open("police")
    if error is None:
        assert add(atlas, "Fox", figure, published).new
        return
    with pytest.raises(error):
        add(atlas, "Fox", figure, published)
    with pytest.raises(ChokepointError):
        impact(atlas, "Fox")
