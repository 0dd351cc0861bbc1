"""Who is still to vote is told neither who contributed nor how others voted, by whatever flow they ask."""

from __future__ import annotations

import io
import json
import shutil
from typing import TYPE_CHECKING

import pytest
from desk_world import World, entity, exported

from chokepoint.collect.base import Document
from chokepoint.desk.analyse import choke
from chokepoint.desk.hand import export
from chokepoint.desk.handing.remark import remark
from chokepoint.desk.keeping.checkpoint import prove
from chokepoint.desk.looking.check import check
from chokepoint.desk.looking.look import search, show
from chokepoint.desk.looking.route import path
from chokepoint.desk.vetting.queue import queue
from chokepoint.desk.vetting.review import Besides, recall, vote, votes_on
from chokepoint.desk.work.note import Draft, note
from chokepoint.model.errors import ChokepointError
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import CLEAR, Tlp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chokepoint.desk.atlas import Atlas

CONTRIBUTORS = ("bank", "police")
WALLET = "19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds"
LINKS = (("evil.com", "indicates", "group:bad gang"), ("evil.com", "requests-payment-to", WALLET))


def ids(atlas: Atlas) -> list[str]:
    return [one.stored.id for one in show(atlas, "evil.com").evidence]


def refused(flow: Callable[[Atlas], object]) -> Callable[[Atlas], object]:
    def words(atlas: Atlas) -> object:
        with pytest.raises(ChokepointError) as caught:
            flow(atlas)
        return str(caught.value)

    return words


FLOWS: dict[str, Callable[[Atlas], object]] = {
    "show": lambda atlas: show(atlas, "evil.com").to_json(),
    "search": lambda atlas: [one.to_json() for one in search(atlas, "evil")],
    "check": lambda atlas: [one.to_json() for one in check(atlas, Document(path="p", data=b"evil.com"))],
    "path": lambda atlas: path(atlas, "bad gang", WALLET).to_json(),
    "queue": lambda atlas: [(one.contributor, str(one.claim)) for one in queue(atlas)],
    "votes": lambda atlas: votes_on(atlas, ids(atlas)),
    "choke": lambda atlas: choke(atlas).to_json(),
    "csv": exported("csv"),
    "graphml": exported("graphml"),
    "stix": exported("stix"),
    "remark": refused(lambda atlas: remark(atlas, ids(atlas), CLEAR, "open it")),
    "prove": refused(lambda atlas: prove(atlas, ids(atlas)[0])),
    "recall": refused(lambda atlas: recall(atlas, ids(atlas), "wrong")),
    "despite": refused(
        lambda atlas: vote(atlas, ids(atlas), Vote.CONFIRM, "so", besides=Besides(despite=True))
    ),
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def no_chance() -> Iterator[None]:
    """With salts of nought an id depends on the record alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("os.urandom", bytes)
        yield


@pytest.fixture(scope="module")
def noted(worlds: Callable[[], World]) -> dict[str, World]:
    """The same note by each of two members, in an atlas each."""
    made = {}
    for who in CONTRIBUTORS:
        made[who] = worlds()
        note(made[who].open(who), Draft(text="seen on evil.com", links=LINKS))
    return made


def told(world: World, flow: str) -> str:
    atlas = world.open("vendor")
    text = json.dumps(FLOWS[flow](atlas), default=str)
    for number, name in enumerate(sorted(ids(atlas), key=text.find)):
        text = text.replace(name, f"ID{number}").replace(name[:12], f"ID{number}")
    return text


@pytest.mark.parametrize("flow", [name for name in FLOWS if name != "stix"])
def test_the_answer_is_the_same_whoever_contributed(noted: dict[str, World], flow: str) -> None:
    """By what no member owns, such as the words of the note, they may still be guessed at."""
    assert told(noted["bank"], flow) == told(noted["police"], flow)


@pytest.mark.parametrize("flow", list(FLOWS))
def test_no_answer_names_the_contributor(noted: dict[str, World], flow: str) -> None:
    for who, world in noted.items():
        assert who not in told(world, flow)


@pytest.mark.parametrize("flow", ["show", "check", "path"])
def test_whoever_has_voted_is_told_the_contributor(noted: dict[str, World], tmp_path, flow: str) -> None:
    world = World(shutil.copytree(noted["bank"].folder, tmp_path / "atlas"))
    vote(world.open("vendor"), ids(world.open("vendor")), Vote.UNSURE, "cannot tell")
    assert "bank" in told(world, flow)
    world.close()


@pytest.mark.parametrize("flow", ["show", "check", "path"])
def test_the_contributor_reads_its_own_name(noted: dict[str, World], flow: str) -> None:
    assert "bank" in json.dumps(FLOWS[flow](noted["bank"].open("bank")), default=str)


@pytest.mark.parametrize(
    ("at_most", "named"), [(Tlp.CLEAR, False), (Tlp.AMBER_STRICT, True)], ids=["public", "own house"]
)
def test_a_file_names_the_contributor_where_none_of_its_readers_is_still_to_vote(
    noted: dict[str, World], at_most: Tlp, named: bool
) -> None:
    out = io.BytesIO()
    export(noted["bank"].open("bank"), "csv", out, at_most=at_most)
    assert (b"bank" in out.getvalue()) is named


def test_a_publisher_who_is_no_contributor_is_always_named(worlds: Callable[[], World]) -> None:
    """Sources are what a vetter judges by; only the member who brought them stays unknown."""
    world = worlds()
    world.say("bank", (entity("domain-name:evil.com"), "indicates", entity("group:bad gang")), origin="OFAC")
    assert "OFAC" in told(world, "show")
    assert "OFAC" in told(world, "csv")
    [route] = path(world.open("vendor"), "evil.com", "bad gang").routes
    assert route.origins == ("OFAC",)
