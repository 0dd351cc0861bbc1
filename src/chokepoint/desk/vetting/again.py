"""`review list --again`: what those who voted should look at a second time.

What they confirmed waits for them where their word holds no more, as its day has passed or evidence speaks
against it, and where members disagree and most confirm.

One who disputed alone may have erred, and one who confirmed may not have seen why another disputes. Both have
voted, so that each may read what the other says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from chokepoint.desk.personal.cover import shown, spoken_of
from chokepoint.desk.personal.words import cover_of
from chokepoint.desk.vetting.rules import spoken_against
from chokepoint.desk.vetting.standing import of_claims
from chokepoint.desk.watch.access import saw
from chokepoint.model.judgement import Verdict
from chokepoint.store import judged
from chokepoint.vet.standing import ANSWERING

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.vetting.standing import Standing
    from chokepoint.store.base import StoredClaim
    from chokepoint.store.reading import Reader

REOPENED = frozenset({Verdict.EXPIRED, Verdict.DISPUTED})


def again(atlas: Atlas, *, limit: int = 40) -> list[StoredClaim]:
    """Claims to look at again: confirmed by a word that lapsed, or disputed and confirmed by enough members.

    Of the latter, as many as could answer the dispute, and only such on which the viewer's organisation has
    said yes or no before the newest word of the other side; those with most first.

    Raises:
        RefusedError: a person without the right to look.
    """
    reader = atlas.reader
    with reader.connect() as connection:
        unread, lapsed = _unread(reader, connection)
        stored = list(reader.claims(connection, sorted({*unread, *lapsed})))
        standing = of_claims(reader, connection, stored)
    found = [
        one
        for one in stored
        if (one.seq in unread and _split(standing[one.seq]))
        or (one.seq in lapsed and standing[one.seq].verdict in REOPENED)
    ]
    found.sort(key=lambda one: (standing[one.seq].disputes - standing[one.seq].confirmations, one.seq))
    found = found[:limit]
    saw(atlas, "review", "", [one.claim.subject for one in found])
    texts = [one.claim.object for one in found if isinstance(one.claim.object, str)]
    cover = cover_of(atlas, spoken_of(found), texts)
    return [shown(one, cover) for one in found]


def _split(standing: Standing) -> bool:
    """Whether those who confirm are enough to answer the dispute, and have not."""
    enough = max(ANSWERING, standing.disputes + 1)
    return standing.verdict is Verdict.DISPUTED and not standing.blind and standing.confirmations >= enough


def _unread(reader: Reader, connection: Connection) -> tuple[set[int], set[int]]:
    """Positions of claims of which the newest word of the viewer's organisation was cast before the opposite.

    A confirmation that does not say that it knows the dissent is cast before it, whenever that was. Then
    those of which that word is a confirmation that holds no more.
    """
    votes = judged.read_votes(reader, connection)
    numbers = {name: number for number, name in reader.organisations(connection).items()}
    mine = votes.organisation == numbers.get(reader.viewer.organisation, -1)
    real = np.flatnonzero(~votes.simulated)
    claims, row = np.unique(votes.claim, return_inverse=True)
    newest = {}
    for name, who, only in (("own", mine, 0), ("yes", ~mine, 1), ("no", ~mine, -1)):
        rows = real[who[real] & ((votes.vote[real] == only) | (only == 0))]
        newest[name] = np.full(len(claims), -1, np.int64)
        np.maximum.at(newest[name], row[rows], rows)  # rows are in ledger order
    own = newest["own"]
    word = np.where(own >= 0, votes.vote[own], 0)
    unread = (word > 0) & ~votes.despite[own] & (newest["no"] >= 0)
    late = np.where(word > 0, newest["no"], newest["yes"]) > own
    against, since = spoken_against(reader, connection, claims[word > 0].tolist())
    newer = np.zeros(len(claims), np.int64)
    newer[np.searchsorted(claims, against)] = since
    over = (word > 0) & ((votes.until[own] <= reader.today) | (votes.position[own] < newer))
    return set(claims[unread | ((word != 0) & late)].tolist()), set(claims[over].tolist())
