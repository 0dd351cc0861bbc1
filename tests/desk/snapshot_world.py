"""Random histories of an atlas, and what a viewer's snapshot says without the store's own numbers."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from desk_world import RED, World, entity
from hypothesis import strategies as st

from chokepoint.desk.analyse import load_snapshot
from chokepoint.desk.identity import decide
from chokepoint.desk.review import vote
from chokepoint.model.claim import on_day
from chokepoint.model.errors import RefusedError
from chokepoint.model.judgement import Sameness, Vote
from chokepoint.model.marking import CLEAR

if TYPE_CHECKING:
    from chokepoint.desk.analyse import View

THINGS = tuple(
    map(
        entity,
        (
            "domain-name:a.com", "domain-name:b.com", "ipv4-addr:9.9.9.1", "malware:m", "malware:n",
            "group:g", "email-addr:x@b.com", "country:ru",
        ),
    )
)  # fmt: skip
LINKS = ("indicates", "resolves-to", "contact", "listed-on", "status")
LIST = entity("known-list:parking domains ip")

things = st.integers(0, len(THINGS) - 1)
sayings = st.tuples(
    st.just("say"), st.sampled_from(("bank", "police")), things, st.sampled_from(LINKS), things,
    st.sampled_from((CLEAR, RED)), st.sampled_from(("x", "y", "z")), st.sampled_from(("", "2024-01-05")),
)  # fmt: skip
votes = st.tuples(
    st.just("vote"), st.sampled_from(("bank", "police", "vendor")), st.integers(0, 30),
    st.sampled_from(list(Vote)),
)  # fmt: skip
sames = st.tuples(
    st.just("same"), st.sampled_from(("bank", "police")), things, things, st.sampled_from(list(Sameness))
)
histories = st.lists(st.one_of(sayings, sayings, sayings, votes, sames), min_size=1, max_size=10)


def perform(world: World, action: tuple[Any, ...], number: int) -> None:
    """One action of a history; a vote or judgement on what its maker does not see does nothing."""
    what, who, *rest = action
    if what == "say":
        subject, name, thing, marking, origin, day = rest
        wanted: Any = {"listed-on": LIST, "status": "live"}.get(name, THINGS[thing])
        about: dict[str, Any] = {"observed": on_day(day)} if day else {}
        world.say(
            who, (THINGS[subject], name, wanted), marking=marking, origin=origin, path=f"{number}", **about
        )
    elif what == "vote":
        seqs = _seen(world, who)
        if seqs:
            ids = world.ids(who, [seqs[rest[0] % len(seqs)]])
            with suppress(RefusedError):  # nobody vets their own
                vote(world.open(who), ids, rest[1], "looked")
    else:
        left, right, word = rest
        pair = (str(THINGS[left]), str(THINGS[right]))
        if left != right and all(_knows(world, who, THINGS[end]) for end in (left, right)):
            decide(world.open(who), pair, word, reason="said so")


def _seen(world: World, who: str) -> list[int]:
    reader = world.open(who).reader
    with reader.connect() as connection:
        return [one.seq for one in reader.claims(connection, range(1, reader.position(connection) + 1))]


def _knows(world: World, who: str, thing: Any) -> bool:
    reader = world.open(who).reader
    with reader.connect() as connection:
        return reader.eid(connection, thing) is not None


def plain(view: View) -> dict[str, Any]:
    """All of a snapshot, with entities and claims instead of the store's numbers for them."""
    snapshot = view.snapshot
    entities = view.entities(range(snapshot.size))
    claims = view.claims_at(snapshot.claim_seq.tolist())
    arrays = snapshot.to_arrays()
    told = {
        name: array.tolist() for name, array in arrays.items() if name not in {"eid", "by_eid", "claim_seq"}
    }
    told["nodes"] = [str(entities[node]) for node in range(snapshot.size)]
    told["claims"] = [str(claims[seq].claim) for seq in snapshot.claim_seq.tolist()]
    told["texts"] = bytes(arrays["texts"])
    return told


def seen(world: World, who: str) -> dict[str, Any]:
    """The snapshot of a member as it is now."""
    return plain(load_snapshot(world.open(who)))
