"""Re-marking at random: at every moment each sees what the newest word of each originator lets them see."""

from __future__ import annotations

import random
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from crowd import MARKINGS, MEMBERS, all_claims, as_viewer, opened
from store_world import record, seen_by, vote

from chokepoint.model.marking import CLEAR, Marking, Tlp, Viewer, kept_by, may_see
from chokepoint.store import judged
from chokepoint.store.base import REMARKING, VOTE
from chokepoint.store.verifying import verify_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.desk.atlas import Atlas

VIEWERS = (*MEMBERS, "")


@dataclass
class Marked:
    """Whose each record is and how it is marked now, kept by hand."""

    owner: dict[str, str] = field(default_factory=dict)
    marking: dict[str, Marking] = field(default_factory=dict)

    def remark(self, by: str, names: list[str], marking: Marking) -> None:
        kept = kept_by(marking, by)
        self.marking.update((name, kept) for name in names if self.owner.get(name) == by)

    def seen(self, viewer: str) -> set[str]:
        who = Viewer(organisation=viewer)
        return {name for name, marking in self.marking.items() if may_see(who, marking, self.owner[name])}


@pytest.fixture
def crowd(crowded: Path, tmp_path: Path) -> Iterator[Atlas]:
    yield from opened(Path(shutil.copytree(crowded, tmp_path / "atlas")))


def known(crowd: Atlas) -> Marked:
    found = Marked()
    for one in all_claims(crowd):
        found.owner[one.id] = one.contributor
        found.marking[one.id] = one.claim.provenance.marking
    return found


def remark(atlas: Atlas, by: str, names: list[str], marking: Marking) -> None:
    one = seen_by(atlas, by)
    form = msgspec.to_builtins(kept_by(marking, by).to_form())
    one.ledger.append(one.speaker(), [record(REMARKING, {"marking": form, "reason": "r", "records": names})])


def seen(atlas: Atlas, viewer: str) -> set[str]:
    return {one.id for told in as_viewer(atlas, viewer) for one in told.claims}


def test_after_every_word_each_sees_what_they_may(crowd: Atlas) -> None:
    chance, marked = random.Random(7), known(crowd)  # noqa: S311 - not for secrets
    names = list(marked.owner)
    for _ in range(25):
        by, chosen, marking = chance.choice(MEMBERS), chance.sample(names, 8), chance.choice(MARKINGS)
        remark(crowd, by, chosen, marking)
        marked.remark(by, chosen, marking)
        viewer = chance.choice(VIEWERS)
        assert seen(crowd, viewer) == marked.seen(viewer)
    for viewer in VIEWERS:
        assert seen(crowd, viewer) == marked.seen(viewer)


def test_a_claim_is_read_under_its_newest_marking(crowd: Atlas) -> None:
    one = next(one for one in all_claims(crowd) if one.contributor == "bank")
    for marking in (Marking(tlp=Tlp.RED), CLEAR, Marking(tlp=Tlp.GREEN)):
        remark(crowd, "bank", [one.id], marking)
        (now,) = [each for each in all_claims(crowd) if each.id == one.id]
        assert now.claim.provenance.marking.tlp is marking.tlp
        assert (now.claim.subject, now.claim.place) == (one.claim.subject, one.claim.place)


@pytest.mark.parametrize("by", ["police", "vendor"])
def test_nobody_else_changes_a_marking_by_any_id(crowd: Atlas, by: str) -> None:
    mine = [one.id for one in all_claims(crowd) if one.contributor == "bank"]
    before = {viewer: seen(crowd, viewer) for viewer in VIEWERS}
    remark(crowd, by, mine, CLEAR)
    assert {viewer: seen(crowd, viewer) for viewer in VIEWERS} == before


def test_own_and_others_records_in_one_word_change_ones_own_alone(crowd: Atlas) -> None:
    claims = all_claims(crowd)
    remark(crowd, "bank", [one.id for one in claims], CLEAR)
    for one in all_claims(crowd):
        before = next(each for each in claims if each.id == one.id)
        wanted = CLEAR if one.contributor == "bank" else before.claim.provenance.marking
        assert one.claim.provenance.marking.tlp is wanted.tlp


def test_a_vote_is_re_marked_by_whoever_cast_it(crowd: Atlas) -> None:
    target = next(one for one in all_claims(crowd) if one.claim.provenance.marking == CLEAR)
    police = seen_by(crowd, "police")
    before = _votes(crowd, "vendor")
    (at,) = police.ledger.append(police.speaker(), [vote([target.id])]).seqs
    name = _votes(crowd, "vendor")[at]
    remark(crowd, "bank", [name], Marking(tlp=Tlp.RED))
    assert at in _votes(crowd, "vendor")
    remark(crowd, "police", [name], Marking(tlp=Tlp.RED))
    assert _votes(crowd, "vendor") == before
    assert at in _votes(crowd, "police")
    for told in as_viewer(crowd, "vendor"):
        assert at not in judged.read_votes(told.reader, told.connection).position.tolist()


def _votes(crowd: Atlas, viewer: str) -> dict[int, str]:
    """Ids of the visible votes by position."""
    reader = seen_by(crowd, viewer).reader
    with reader.connect() as connection:
        return {position: name for position, name, _ in reader.records(connection, VOTE)}


@pytest.mark.parametrize("names", [[], ["0" * 64], ["0" * 64, "f" * 64]])
def test_a_word_on_nothing_that_there_is_changes_nothing(crowd: Atlas, names: list[str]) -> None:
    before = {viewer: seen(crowd, viewer) for viewer in VIEWERS}
    remark(crowd, "bank", names, CLEAR)
    assert {viewer: seen(crowd, viewer) for viewer in VIEWERS} == before


def test_whoever_sees_more_or_less_has_a_new_data_position_and_others_the_old(crowd: Atlas) -> None:
    mine = next(
        one
        for one in all_claims(crowd)
        if one.contributor == "bank" and one.claim.provenance.marking.tlp is Tlp.RED
    )
    before = {viewer: _position(crowd, viewer) for viewer in VIEWERS}
    remark(crowd, "bank", [mine.id], Marking(tlp=Tlp.AMBER_STRICT))
    after = {viewer: _position(crowd, viewer) for viewer in VIEWERS}
    assert after["bank"] > before["bank"]
    assert after[""] == before[""]
    assert after["vendor"] == before["vendor"]


def _position(crowd: Atlas, viewer: str) -> tuple[int, ...]:
    reader = seen_by(crowd, viewer).reader
    with reader.connect() as connection:
        return reader.data_position(connection)


def test_the_log_verifies_after_every_change(crowd: Atlas) -> None:
    chance, names = random.Random(11), [one.id for one in all_claims(crowd)]  # noqa: S311 - not for secrets
    for _ in range(5):
        remark(crowd, chance.choice(MEMBERS), chance.sample(names, 5), chance.choice(MARKINGS))
    assert verify_ledger(crowd.engine, crowd.id).records > 165
