"""Random histories of an atlas, and what a viewer's snapshot says without the store's own numbers."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from desk_world import RED, World, entity
from hypothesis import strategies as st

from chokepoint.desk.analyse import load_snapshot
from chokepoint.desk.handing.remark import remark
from chokepoint.desk.identity import decide
from chokepoint.desk.keeping.erase import erase
from chokepoint.desk.vetting.review import choose_policy, recall, vote
from chokepoint.model.claim import on_day
from chokepoint.model.errors import NotFoundError, RefusedError
from chokepoint.model.judgement import Sameness, Vote
from chokepoint.model.marking import CLEAR

if TYPE_CHECKING:
    from chokepoint.desk.analyse import View

THINGS = tuple(
    map(
        entity,
        (
            "domain-name:a.com", "domain-name:b.com", "ipv4-addr:9.9.9.1", "malware:m", "malware:n",
            "group:g", "email-addr:x@b.com", "country:ru", "organisation:exchange", "person:ann",
            "crypto-address:19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds",
        ),
    )
)  # fmt: skip
LIST = entity("known-list:parking domains ip")
LINKS = ("indicates", "resolves-to", "contact", "controlled-by", "listed-on", "status", "legitimate")
TEXTS = {"listed-on": LIST, "status": "live", "legitimate": "yes"}

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
taken = st.one_of(
    st.tuples(st.just("recall"), st.sampled_from(("bank", "police")), st.integers(0, 30)),
    st.tuples(
        st.just("remark"),
        st.sampled_from(("bank", "police")),
        st.integers(0, 30),
        st.sampled_from((CLEAR, RED)),
    ),
    st.tuples(st.just("erase"), st.just("bank"), things),
    st.tuples(st.just("policy"), st.just("bank"), st.sampled_from(("default", "frozen"))),
)
"""What takes something away, or changes by what all is judged."""
histories = st.lists(st.one_of(sayings, sayings, sayings, votes, sames), min_size=1, max_size=10)
upheavals = st.lists(st.one_of(sayings, sayings, sayings, votes, sames, taken), min_size=1, max_size=14)


def perform(world: World, action: tuple[Any, ...], number: int) -> None:
    """One action of a history; what is refused to its maker, or is about what they do not see, does nothing."""
    what, who, *rest = action
    if what == "say":
        subject, name, thing, marking, origin, day = rest
        about: dict[str, Any] = {"observed": on_day(day)} if day else {}
        world.say(
            who,
            (THINGS[subject], name, TEXTS.get(name, THINGS[thing])),
            marking=marking,
            origin=origin,
            path=f"{number}",
            **about,
        )
    elif what == "same":
        left, right, word = rest
        pair = (str(THINGS[left]), str(THINGS[right]))
        if left != right and all(_knows(world, who, THINGS[end]) for end in (left, right)):
            decide(world.open(who), pair, word, reason="said so")
    elif what == "erase":
        with suppress(RefusedError, NotFoundError):
            erase(world.open(who), THINGS[rest[0]], reason="asked", basis="law")
    elif what == "policy":
        choose_policy(world.open(who), rest[0])
    else:
        _about_a_claim(world, what, who, rest)


def _about_a_claim(world: World, what: str, who: str, rest: list[Any]) -> None:
    seqs = _seen(world, who)
    if not seqs:
        return
    ids, atlas = world.ids(who, [seqs[rest[0] % len(seqs)]]), world.open(who)
    with suppress(RefusedError):  # nobody vets their own, or takes back what is not theirs
        if what == "vote":
            vote(atlas, ids, rest[1], "looked")
        elif what == "recall":
            recall(atlas, ids, "wrong")
        else:
            remark(atlas, ids, rest[1], "told otherwise")


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
