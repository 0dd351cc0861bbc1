"""A claim whose marking was changed leaves in a package under today's, and the package still holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from test_desk_publish import package_of

from chokepoint.desk.handing.remark import remark
from chokepoint.desk.vetting.review import Besides, vote
from chokepoint.desk.work.note import Draft, note
from chokepoint.model.judgement import Answer, Vote
from chokepoint.model.marking import CLEAR, Marking, Tlp
from chokepoint.package.manifest import MANIFEST, Manifest, decode, marking_form
from chokepoint.package.verify import verify

if TYPE_CHECKING:
    from desk_world import World

GREEN, AMBER = Marking(tlp=Tlp.GREEN), Marking(tlp=Tlp.AMBER)
TOLD = Draft(text="evil.com is theirs", links=(("evil.com", "indicates", "group:bad gang"),), marking=GREEN)


def vetted(world: World) -> list[str]:
    note(world.open("bank"), TOLD)
    reader = world.open("bank").reader
    with reader.connect() as connection:
        ids = [one.id for one in reader.claims(connection, range(1, 60))]
    for who in ("police", "vendor"):
        vote(world.open(who), ids, Vote.CONFIRM, "read it", besides=Besides(crime=Answer.YES))
    return ids


@pytest.mark.parametrize("then", [AMBER, CLEAR], ids=["stricter", "milder"])
def test_a_package_of_claims_marked_anew_is_proved_and_says_whose_word_the_marking_is(
    world: World, then: Marking
) -> None:
    remark(world.open("bank"), vetted(world), then, "the raid is over")
    package = package_of(world)
    manifest = decode(package.files[MANIFEST], Manifest, "a manifest")
    assert {entry.marking for entry in manifest.claims} == {marking_form(then)}
    outcome = verify(package.files)
    assert outcome.proved
    assert {one.withheld for one in outcome.claims} == {("marking",)}
    assert outcome.vouched == len(outcome.claims)
    assert {capture.file for capture in manifest.captures} == {f"captures/{manifest.captures[0].sha256}"}


def test_a_package_under_the_markings_of_its_records_rests_on_nobodys_word(world: World) -> None:
    vetted(world)
    outcome = verify(package_of(world).files)
    assert outcome.proved
    assert outcome.vouched == 0
