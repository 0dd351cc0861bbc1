"""Collected again under a stricter label, or found to hold something stricter: the strictest wins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from desk_corpus import stix
from test_desk_gather import Fake

from chokepoint.desk.gather import GatherOptions, gather, run
from chokepoint.desk.gather import parse as parsing
from chokepoint.desk.gather.stricter import own
from chokepoint.desk.handing.remark import remark
from chokepoint.model.marking import CLEAR, Marking, Tlp
from chokepoint.store.base import REMARKING

if TYPE_CHECKING:
    from pathlib import Path

    from desk_world import World

    from chokepoint.desk.gather import GatherReport

GREEN, AMBER = Marking(tlp=Tlp.GREEN), Marking(tlp=Tlp.AMBER)
STRICT = Marking(tlp=Tlp.AMBER_STRICT)
RED = Marking(tlp=Tlp.RED, audience=frozenset({"bank"}))


def take(world: World, path: Path, marking: Marking = CLEAR, who: str = "bank") -> GatherReport:
    return gather(world.open(who), [path], GatherOptions(marking=marking))


def seen(world: World, who: str) -> tuple[list[str], int]:
    """The labels of the links that a member sees, and how many captures."""
    reader = world.open(who).reader
    with reader.connect() as connection:
        seqs = reader.with_property(connection, ["indicates"])
        claims = list(reader.claims(connection, seqs))
        sha256s = {one.claim.provenance.capture for one in claims} | set(
            connection.exec_driver_sql("SELECT sha256 FROM captures").scalars()
        )
        labels = sorted({one.claim.provenance.marking.tlp.label for one in claims})
        return labels, len(reader.captures(connection, sha256s))


def remarkings(world: World, who: str = "bank") -> int:
    reader = world.open(who).reader
    with reader.connect() as connection:
        return len(list(reader.records(connection, REMARKING)))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return stix(tmp_path / "lab" / "x.json", "Dridex", ["first.com", "second.com"])


def test_claims_and_bytes_taken_again_under_a_stricter_label_are_closed_to_others(
    world: World, path: Path
) -> None:
    first = take(world, path)
    assert seen(world, "police") == (["TLP:CLEAR"], 1)
    second = take(world, path, STRICT)
    assert (second.new, second.known, second.closed, second.laxer) == (0, first.new, first.new, 0)
    assert seen(world, "police") == ([], 0)
    assert seen(world, "bank") == (["TLP:AMBER+STRICT"], 1)


def test_taking_again_under_a_laxer_label_opens_nothing_and_re_marks_nothing(
    world: World, path: Path
) -> None:
    take(world, path, STRICT)
    report = take(world, path, GREEN)
    assert (report.new, report.closed, remarkings(world)) == (0, 0, 0)
    assert seen(world, "police")[0] == []


def test_taking_again_under_the_same_label_re_marks_nothing(world: World, path: Path) -> None:
    take(world, path, GREEN)
    assert take(world, path, GREEN).closed == remarkings(world) == 0


def test_what_another_organisation_said_of_the_same_file_keeps_its_label(world: World, path: Path) -> None:
    take(world, path, who="police")
    take(world, path)
    take(world, path, STRICT)
    assert seen(world, "vendor") == (["TLP:CLEAR"], 1)


def test_what_is_red_for_the_organisation_is_still_seen_by_it(world: World, path: Path) -> None:
    take(world, path, STRICT)
    assert take(world, path, RED).closed > 0
    assert seen(world, "bank")[0] == ["TLP:RED"]


def test_the_originator_may_downgrade_what_was_closed(world: World, path: Path) -> None:
    take(world, path)
    take(world, path, STRICT)
    atlas = world.open("bank")
    with atlas.reader.connect() as connection:
        seqs = atlas.reader.with_property(connection, ["indicates"])
    ids = world.ids("bank", list(seqs))
    remark(atlas, ids, GREEN, "the label was a mistake", captures=True)
    assert seen(world, "police")[0] == ["TLP:GREEN"]


def test_who_may_not_share_is_told_how_many_stay_laxer(
    world: World, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = take(world, path)
    monkeypatch.setattr("chokepoint.desk.gather.stricter.may_share", lambda _atlas: False)
    report = take(world, path, STRICT)
    assert (report.closed, report.laxer) == (0, first.new)
    assert report.files[0].to_json()["claims"]["laxer"] == first.new
    assert remarkings(world) == 0


def test_one_sentence_closed_further_down_closes_the_capture_of_a_file_cut_before_it(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fakes
) -> None:
    monkeypatch.setattr(parsing, "ROWS", 2)
    fakes(Fake()).marked = {"secret.example": RED}
    names = ["a.example", "b.example", "c.example", "secret.example", "d.example"]
    (tmp_path / "0.fake").write_text("\n".join(names) + "\n")
    take(world, tmp_path / "0.fake")
    assert seen(world, "police") == (["TLP:CLEAR"], 0)
    assert seen(world, "bank") == (["TLP:CLEAR", "TLP:RED"], 1)


def test_the_bytes_of_a_file_are_its_organisations_alone_until_it_is_wholly_read(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fakes
) -> None:
    monkeypatch.setattr(parsing, "ROWS", 2)
    fakes(Fake())
    (tmp_path / "0.fake").write_text("a.example\nb.example\nc.example\nd.example\ne.example\n")
    between: list[tuple[list[str], int]] = []
    append = run.Appender.append

    def told(self: run.Appender, parts: list[parsing.Part]) -> None:
        append(self, parts)
        between.append(seen(world, "police"))

    monkeypatch.setattr(run.Appender, "append", told)
    take(world, tmp_path / "0.fake")
    assert [captures for _, captures in between] == [0, 0, 1]
    again = take(world, tmp_path / "0.fake")
    assert (again.new, again.closed) == (0, 0)
    assert seen(world, "police") == (["TLP:CLEAR"], 1)
    assert remarkings(world) == 1


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        pytest.param(CLEAR, STRICT, id="open"),
        pytest.param(Marking(tlp=Tlp.AMBER, audience=frozenset({"police"})), STRICT, id="recipients"),
        pytest.param(
            Marking(tlp=Tlp.RED, audience=frozenset({"bank/ann"})),
            Marking(tlp=Tlp.RED, audience=frozenset({"bank/ann"})),
            id="one user",
        ),
        pytest.param(
            Marking(cases=frozenset({"1"})), Marking(tlp=Tlp.AMBER_STRICT, cases=frozenset({"1"})), id="case"
        ),
        pytest.param(
            Marking(handling=frozenset({"H2"})),
            Marking(tlp=Tlp.AMBER_STRICT, handling=frozenset({"H2"})),
            id="handling",
        ),
    ],
)
def test_ones_own_marking_is_of_the_organisation_and_never_of_more_of_it(
    given: Marking, kept: Marking
) -> None:
    assert own(given, "bank") == kept
