"""For which statements that are not vetted yet an organisation may answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from chokepoint.desk.vetting.rules import setting_of
from chokepoint.model.judgement import Verdict
from chokepoint.package.provisional import UNVETTED
from chokepoint.store.interning import Space
from chokepoint.store.judged import read_votes
from chokepoint.vet.ballots import barred_from
from chokepoint.vet.policy import VERDICTS
from chokepoint.vet.standing import judge
from chokepoint.vet.ties import untied

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from sqlalchemy import Connection

    from chokepoint.desk.analyse import View
    from chokepoint.store.reading import Reader


def approvable(view: View, rows: Sequence[int]) -> list[int]:
    """Those statements for whose disclosure the viewer's organisation may answer.

    They are accepted; or it is as independent of them as their vetters must be, and nobody disputes them,
    though it be still to vote: what was disclosed cannot be taken back. Whatever it sees counts, though no
    recipient sees it.
    """
    snapshot, atlas = view.snapshot, replace(view.atlas, beside=())
    vetted = snapshot.verdict == VERDICTS.index(Verdict.ACCEPTED)
    claims = {row: snapshot.claim_seq[snapshot.claims(row)] for row in rows if not vetted[row]}
    if not claims:
        return list(rows)
    reader = atlas.reader
    with reader.connect() as connection:
        unfit = _not_to_approve(reader, connection, np.unique(np.concatenate(list(claims.values()))))
    return [row for row in rows if row not in claims or not np.isin(claims[row], unfit).any()]


def _not_to_approve(reader: Reader, connection: Connection, seqs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Positions of claims, of statements like these, that the viewer may not vet or somebody disputes."""
    links = reader.links_like(connection, seqs)
    votes = read_votes(reader, connection, links.seq.tolist())
    origins = reader.names(connection, Space.ORIGIN)
    rules = setting_of(reader, connection, votes, origins=origins, claims=links.seq.tolist())
    sentences = np.stack([links.subject, links.property.astype(np.int64), links.object])
    found, statement = np.unique(sentences, axis=1, return_inverse=True)
    statement, count = statement.ravel().astype(np.int64), found.shape[1]
    standing = judge(statement, links, votes, count=count, setting=replace(rules, viewer=None))
    ours = np.full(count, rules.viewer, np.int64)
    tied = barred_from(np.arange(count), ours, links, (statement, rules.ties or untied(count)))
    disputed = ~np.isin(standing.verdict, [VERDICTS.index(Verdict(one)) for one in UNVETTED])
    return links.seq[(tied | disputed)[statement]]
