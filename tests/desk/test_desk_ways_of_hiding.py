"""However a record is hidden, no flow of the desk tells whoever may not see it that it is there."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from desk_world import CLOCK, World, entity

from chokepoint.collect.base import Document
from chokepoint.desk.analyse import choke
from chokepoint.desk.hand import build, export
from chokepoint.desk.identity import decide, judgements, to_json
from chokepoint.desk.looking.check import check
from chokepoint.desk.looking.look import search, show
from chokepoint.desk.looking.route import path
from chokepoint.desk.member import everybody
from chokepoint.desk.people.circle import groups, make_group
from chokepoint.desk.vetting.calibration import calibrate
from chokepoint.desk.vetting.queue import queue
from chokepoint.desk.vetting.review import in_capture, recall, vote, votes_on
from chokepoint.desk.watch.access import log
from chokepoint.desk.work.case import Case, cases, open_case
from chokepoint.model.claim import on_day
from chokepoint.model.errors import ChokepointError
from chokepoint.model.judgement import Sameness, Vote
from chokepoint.model.marking import Marking, Pap, Tlp
from chokepoint.store.base import IDENTITY, RecordRow
from chokepoint.store.canonical import canonical

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chokepoint.desk.atlas import Atlas

EVIL, LISTED, OTHER = (entity(f"domain-name:{name}.com") for name in ("evil", "listed", "other"))
GANG, FRIENDS, SECRET = entity("group:bad gang"), entity("group:bad friends"), entity("group:secret gang")
HOST, WALLET = entity("ipv4-addr:10.1.2.3"), entity("crypto-address:19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds")
LIST = entity("known-list:top websites")
PASTED = "evil.com other.com\nbad gang\nsecret gang\nhttps://evil.com/login\n10.1.2.3\n"

WAYS: dict[str, Callable[[World], Marking]] = {
    "red for another member": lambda _: Marking(tlp=Tlp.RED, audience=frozenset({"bank"})),
    "amber of another member": lambda _: Marking(tlp=Tlp.AMBER),
    "amber strict of another member": lambda _: Marking(tlp=Tlp.AMBER_STRICT),
    "amber for a third member": lambda _: Marking(tlp=Tlp.AMBER, audience=frozenset({"vendor"})),
    "red for a colleague": lambda _: Marking(tlp=Tlp.RED, audience=frozenset({"police/ann", "bank"})),
    "green for a group": lambda world: Marking(tlp=Tlp.GREEN, audience=frozenset({group(world)})),
    "amber in a case": lambda world: Marking(tlp=Tlp.AMBER, cases=frozenset({case(world)})),
    "with codes and pap": lambda _: Marking(tlp=Tlp.AMBER, pap=Pap.RED, handling=frozenset({"H2"})),
}


def group(world: World) -> str:
    return make_group(world.open("bank"), "Closed desk", ["bank", "vendor"]).scope


def case(world: World) -> str:
    draft = Case(id="", title="Closed case", purpose="p", owner="o", review_date="2027-01-01")
    return open_case(world.open("bank"), replace(draft, members=("bank", "vendor"))).id


def tell_first(world: World) -> None:
    """What everybody sees, its first half."""
    said = [(EVIL, "indicates", GANG), (LISTED, "indicates", FRIENDS), (EVIL, "requests-payment-to", WALLET)]
    ids = world.ids("vendor", world.say("vendor", *said, grade="A1", observed=on_day("2026-01-20")))
    for name in ("bank", "police"):
        vote(world.open(name), ids[:2], Vote.CONFIRM, "checked")


def tell_last(world: World) -> None:
    """What everybody sees, its second half."""
    world.say("bank", (EVIL, "resolves-to", HOST), (LISTED, "resolves-to", HOST), path="dns.txt")
    world.say("vendor", (GANG, "alias", "Worst Gang"), path="names.txt")
    decide(world.open("vendor"), (str(GANG), str(FRIENDS)), Sameness.UNSURE, reason="alike")


def hide(world: World, marking: Marking) -> None:
    """What the bank says under a marking that keeps the police out: of what they see, and of more."""
    about: dict[str, Any] = {"marking": marking, "origin": "informant", "grade": "A1"}
    first = world.say("bank", (EVIL, "indicates", GANG), (OTHER, "indicates", SECRET), path="h1", **about)
    world.say("bank", (LISTED, "listed-on", LIST), (EVIL, "compromised-by", GANG), path="h2", **about)
    world.say("bank", (GANG, "alias", "Secret Gang"), (SECRET, "uses", EVIL), path="h3", **about)
    world.say("bank", *[(entity(f"domain-name:h{n}.com"), "resolves-to", HOST) for n in range(9)], **about)
    recalled = world.say("bank", (FRIENDS, "uses", LISTED), path="h4", **about)
    put(
        world,
        IDENTITY,
        marking,
        left=list(GANG),
        right=list(SECRET),
        permille=900,
        reason="r",
        sameness="same",
    )
    ids = world.ids("bank", [*first, *recalled])
    put(world, "vote/1", marking, claims=seen_by_bank(world), reason="no", vote="dispute")
    recall(world.open("bank"), ids[-1:], "wrong")
    with_case = Case(
        id="", title="Another", purpose="p", owner="o", review_date="2027-01-01", marking=marking
    )
    open_case(world.open("bank"), with_case)
    show(world.open("bank"), "evil.com")


def seen_by_bank(world: World) -> list[str]:
    return [one.stored.id for one in show(world.open("bank"), "evil.com").evidence]


def put(world: World, kind: str, marking: Marking, **said: object) -> None:
    """A record under a marking that no verb would give it."""
    atlas = world.open("bank")
    atlas.ledger.append(atlas.speaker(), [RecordRow(kind, canonical(said), marking)])


def exported(form: str) -> Callable[[Atlas], object]:
    def flow(atlas: Atlas) -> object:
        out = io.BytesIO()
        return export(atlas, form, out).to_json(), out.getvalue().decode("utf-8", "replace")

    return flow


def packed(atlas: Atlas) -> object:
    built = build(atlas, "evil.com", atlas.folder / "cache" / "package")
    page = (built.folder / "report.html").read_text("utf-8")
    return built.title, built.claims, built.refused, page


def refused(flow: Callable[[Atlas], object]) -> Callable[[Atlas], object]:
    """The words in which something is refused."""

    def words(atlas: Atlas) -> object:
        with pytest.raises(ChokepointError) as caught:
            flow(atlas)
        return type(caught.value).__name__, str(caught.value), caught.value.place, caught.value.mend

    return words


FLOWS: dict[str, Callable[[Atlas], object]] = {
    "show a site": lambda atlas: show(atlas, "evil.com").to_json(),
    "show a gang": lambda atlas: show(atlas, "bad gang").to_json(),
    "show by an alias": lambda atlas: show(atlas, "worst gang").to_json(),
    "show by a hidden alias": lambda atlas: show(atlas, "secret gang").to_json(),
    "show a host": lambda atlas: show(atlas, "10.1.2.3").to_json(),
    "show what is accepted": lambda atlas: show(atlas, "evil.com", accepted=True).to_json(),
    "search": lambda atlas: [hit.to_json() for text in ("e", "gang", ".com") for hit in search(atlas, text)],
    "search what is accepted": lambda atlas: [hit.to_json() for hit in search(atlas, "gang", accepted=True)],
    "check": lambda atlas: [line.to_json() for line in check(atlas, Document(path="p", data=PASTED.encode()))],
    "path": lambda atlas: path(atlas, "evil.com", "bad friends").to_json(),
    "path to a wallet": lambda atlas: path(atlas, "listed.com", str(WALLET)).to_json(),
    "path to what is hidden": lambda atlas: path(atlas, "evil.com", "secret gang").to_json(),
    "queue": lambda atlas: [(one.contributor, str(one.claim)) for one in queue(atlas)],
    "votes": lambda atlas: votes_on(atlas, [one.stored.id for one in show(atlas, "evil.com").evidence]),
    "identities": lambda atlas: to_json(judgements(atlas)),
    "identities of one": lambda atlas: to_json(judgements(atlas, "bad gang")),
    "cases": lambda atlas: [one.to_json() for one in cases(atlas)],
    "groups": lambda atlas: [one.to_json() for one in groups(atlas)],
    "members": lambda atlas: sorted(everybody(atlas)),
    "calibration": lambda atlas: calibrate(atlas).to_json(),
    "choke": lambda atlas: choke(atlas).to_json(),
    "csv": exported("csv"),
    "stix": exported("stix"),
    "misp": exported("misp"),
    "graphml": exported("graphml"),
    "package": packed,
    "own looks": lambda atlas: {(one.who, one.entry.verb) for one in log(atlas) if one.organisation != "police"},
    "no such case": refused(lambda atlas: open_case(atlas, replace(Case(id="", title="t", purpose="p", owner="o", review_date="2027-01-01"), marking=Marking(cases=frozenset({"case-0"}))))),
    "no such capture": refused(lambda atlas: in_capture(atlas, "0000")),
    "vote on nothing": refused(lambda atlas: vote(atlas, ["0" * 64], Vote.CONFIRM, "guess")),
}  # fmt: skip


def plain(said: object) -> str:
    """As text; by the salts of nought below the same record has the same id in all atlases."""
    return json.dumps(said, default=sorted, sort_keys=True)


@pytest.fixture(scope="module", autouse=True)
def no_chance() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("os.urandom", bytes)
        yield


@pytest.fixture(scope="module")
def without(worlds: Callable[[], World]) -> dict[str, str]:
    """What each flow tells the police where nothing is hidden."""
    world = worlds()
    tell_first(world)
    tell_last(world)
    return {name: plain(flow(world.open("police"))) for name, flow in FLOWS.items()}


@pytest.fixture(scope="module", params=list(WAYS))
def hiding(request: pytest.FixtureRequest, worlds: Callable[[], World]) -> World:
    """The same with hidden records between the two halves, under each way of hiding in turn."""
    world = worlds()
    marking = WAYS[request.param](world)
    tell_first(world)
    hide(world, marking)
    tell_last(world)
    return world


@pytest.mark.parametrize("flow", list(FLOWS))
def test_a_flow_gives_the_same_bytes_with_and_without_hidden_records(hiding: World, without, flow: str):
    assert plain(FLOWS[flow](hiding.open("police"))) == without[flow]


def test_the_hidden_records_change_what_their_owner_is_told(hiding: World, without):
    """Else the tests above would prove nothing."""
    atlas = hiding.open("bank")
    assert "informant" in plain(FLOWS["show a site"](atlas))
    assert "informant" not in without["show a site"]
    assert plain(FLOWS["search"](atlas)) != without["search"]


def test_the_visible_flows_say_something(without):
    """An empty answer is the same everywhere."""
    assert "bad gang" in without["show a site"]
    assert '"status": "known"' in without["check"]
    assert '"hops": [{' in without["path"]
    assert without["own looks"] == "[]"
    assert CLOCK[:4] in without["choke"]
