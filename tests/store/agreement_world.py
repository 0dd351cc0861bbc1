"""An atlas with something of each kind that has a table of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store_world import RED, ids_of, link, record, same, say, seen_by, source, vote

from chokepoint.desk.people.staff import invite
from chokepoint.model.claim import Claim, Interval, Nature
from chokepoint.model.identity import Entity
from chokepoint.model.role import Role
from chokepoint.store.base import CIRCLE

if TYPE_CHECKING:
    from chokepoint.desk.atlas import Atlas

ANN, BEA = Entity("person", "Ann Nobody"), Entity("person", "Bea Bystander")


def fill(one: Atlas) -> None:
    """Something of each kind that has a table: claims, judgements, votes, recalls, circles, people."""
    observed = Interval("2026-01-02", "2026-02-03", "day")
    dated = Claim(
        Entity("domain-name", "d.example"),
        "resolves-to",
        Entity("ipv4-addr", "10.0.0.2"),
        "line 9",
        source(),
        observed,
        Nature.ASSESSMENT,
    )
    say(one, [link("a.example", "10.0.0.1"), dated, Claim(ANN, "alias", "Annie", "line 2", source())])
    say(one, [Claim(BEA, "knows", ANN, "line 3", source()), link("c.example", "10.0.0.3")])
    say(one, [link("s.example", "10.0.0.1", source("s.txt", RED))], ["s.txt"])
    police = seen_by(one, "police")
    police.ledger.append(police.speaker(), [vote(ids_of(police)[:2]), same(ANN, BEA)])
    members = {"scope": "group:ring", "members": ["bank", "police"]}
    said = [
        record("recall/1", {"claims": ids_of(one)[:1], "reason": "wrong"}),
        record(CIRCLE, members),
        record("outcome/1", {"entity": list(ANN), "what": "arrested"}),
    ]
    one.ledger.append(one.speaker(), said[:1] + said[2:])
    one.ledger.append(one.speaker(), said[1:2])
    invite(one, "ann", [Role.VETTER])
