"""How each statement stands for one viewer: belief and verdict from its claims and the votes on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from chokepoint.model.judgement import Verdict
from chokepoint.vet.ballots import SPAN, ClaimColumns, VoteColumns, newest, words
from chokepoint.vet.belief import (
    CAP,
    Ballots,
    Evidence,
    ballot_logits,
    evidence_logits,
    origin_counts,
    telling,
)
from chokepoint.vet.policy import VERDICTS, WORST, Tally, verdicts
from chokepoint.vet.setting import Setting
from chokepoint.vet.ties import untied

if TYPE_CHECKING:
    from chokepoint.vet.ballots import Cast, Words
    from chokepoint.vet.ties import Ties

Longs = NDArray[np.int64]
Ints = NDArray[np.int32]
Bytes = NDArray[np.int8]
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]

ANSWERING = 3
"""Organisations that must confirm in the knowledge of a dispute before it counts as answered."""
_OPEN = tuple(VERDICTS.index(one) for one in (Verdict.PROPOSED, Verdict.DISPUTED))


@dataclass(frozen=True, slots=True, kw_only=True)
class Standings:
    """How statements stand, S rows.

    Attributes:
        belief: float32 (S,).
        verdict: int8 (S,), index into `policy.VERDICTS`.
        simulated: bool (S,), whether simulated votes decided the verdict; where they did not,
            belief and verdict are those of the real votes alone.
        confirmations, disputes: int32 (S,), organisations on either side that count.
        withheld: bool (S,), whether an organisation's newest word is that it must not be disclosed; also
            where the viewer is still to vote, for what was disclosed cannot be taken back.
        blind: bool (S,), whether votes are kept from a viewer who is still to vote.
        spoken: bool (S,), whether the viewer's organisation voted on it or contributed to it, in whatever
            way: it waits for no word of theirs.
    """

    belief: NDArray[np.float32]
    verdict: Bytes
    simulated: Flags
    confirmations: Ints
    disputes: Ints
    withheld: Flags
    blind: Flags
    spoken: Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class _Base:
    """What the claims alone say of S statements."""

    statement: Longs
    ever: Longs | None
    claims: ClaimColumns
    logit: Floats
    origins: Ints
    facts: Flags
    reliability: Bytes
    relation: NDArray[np.int16]
    recalled: Flags
    reopened: Longs
    ties: Ties

    @property
    def count(self) -> int:
        return len(self.logit)


def judge(
    statement: Longs, claims: ClaimColumns, votes: VoteColumns, *, count: int, setting: Setting | None = None
) -> Standings:
    """Belief and verdict of each statement.

    A vote counts once an organisation and statement: a standing dispute on any of its claims
    outweighs confirmations of others. Contributors' own confirmations count for nothing, nor do those of
    whoever is tied to them.

    Args:
        statement: int64 (C,), the statement that each claim is evidence for, -1 for none.
        claims: the claims.
        votes: all visible votes; those on other claims are passed over.
        count: number of statements.
        setting: under which rules and for whom.
    """
    rules = setting or Setting()
    base = _base(statement, claims, votes, count=count, rules=rules)
    cast = newest(base.statement, claims.seq, votes, votes.vote)
    real = cast.where(~cast.simulated)
    innocent = _denied(base, votes, rules.answers.crime if rules.answers else None)
    tally, verdict = _stand(base, real, innocent, rules)
    simulated = np.zeros(count, np.bool_)
    if cast.simulated.any():
        staged, staged_verdict = _stand(base, cast, innocent, rules)
        simulated = staged_verdict != verdict
        verdict = np.where(simulated, staged_verdict, verdict)
        tally = _where(simulated, staged, tally)
    blind = _blind(base, _spoken(base, real, base.statement, rules.viewer), verdict, rules)
    if blind.any():
        nothing = np.zeros(len(real.row), np.bool_)
        bare, bare_verdict = _stand(base, real.where(nothing), np.zeros(count, np.bool_), rules)
        verdict, tally = np.where(blind, bare_verdict, verdict), _where(blind, bare, tally)
    return Standings(
        belief=tally.belief.astype(np.float32),
        verdict=verdict.astype(np.int8),
        simulated=simulated & ~blind,
        confirmations=tally.confirmations,
        disputes=tally.disputes,
        withheld=_denied(base, votes, rules.answers.disclose if rules.answers else None),
        blind=blind,
        spoken=_spoken(base, cast, statement, rules.viewer),
    )


def _base(statement: Longs, claims: ClaimColumns, votes: VoteColumns, *, count: int, rules: Setting) -> _Base:
    live = (statement >= 0) & ~np.isin(claims.seq, rules.recalled)
    said = np.bincount(statement[statement >= 0], minlength=count) > 0
    of_live = np.where(live, statement, -1)
    used = np.flatnonzero(live)
    at = statement[used]
    evidence = Evidence(
        statement=at,
        origin=claims.origin[used],
        reliability=claims.reliability[used],
        credibility=claims.credibility[used],
        count=count,
    )
    reliability = np.full(count, WORST - 1, np.int8)
    np.minimum.at(reliability, at, claims.reliability[used])
    facts = np.zeros(count, np.bool_)
    relation = np.full(count, -1, np.int16)
    if rules.traits is not None:
        facts[at[~rules.traits.assessment[used]]] = True
        np.maximum.at(relation, at, rules.traits.property[used])
    reopened = np.full(count, -1, np.int64)
    if len(rules.contradicted) and len(claims.seq):
        row = np.minimum(np.searchsorted(claims.seq, rules.contradicted), len(claims.seq) - 1)
        hit = (claims.seq[row] == rules.contradicted) & live[row]
        np.maximum.at(reopened, statement[row[hit]], rules.contradicted_at[hit])
    most = max(int(numbers.max(initial=-1)) for numbers in (claims.owner, votes.organisation))
    return _Base(
        statement=of_live,
        ever=None if (of_live == statement).all() else statement,
        claims=claims,
        logit=evidence_logits(evidence),
        origins=origin_counts(evidence).astype(np.int32),
        facts=facts,
        reliability=reliability,
        relation=relation,
        recalled=said & (np.bincount(at, minlength=count) == 0),
        reopened=reopened,
        ties=rules.ties or untied(most + 1),
    )


def _where(chosen: Flags, one: Tally, other: Tally) -> Tally:
    names = [name for name in Tally.__slots__ if name != "properties"]
    arrays = {name: np.where(chosen, getattr(one, name), getattr(other, name)) for name in names}
    return Tally(**arrays, properties=one.properties)


def _stand(base: _Base, cast: Cast, innocent: Flags, rules: Setting) -> tuple[Tally, Bytes]:
    """Tally and verdict by these votes: by all of them, then by those that still hold."""
    tally = _tally(base, cast, innocent, rules)
    stale = np.zeros(len(cast.row), np.bool_)
    if rules.answers is not None:
        late = rules.answers.until[cast.source] <= rules.today
        before = rules.answers.position[cast.source] < base.reopened[cast.statement]
        stale = (cast.vote > 0) & (late | before)
    if not stale.any():
        return tally, verdicts(tally, rules.policy, recalled=base.recalled)
    fresh = _tally(base, cast.where(~stale), innocent, rules)
    standing = rules.policy.holds(fresh)
    verdict = verdicts(tally, rules.policy, recalled=base.recalled, standing=standing)
    lapsed = verdict == VERDICTS.index(Verdict.EXPIRED)
    verdict[lapsed & (base.reopened >= 0)] = VERDICTS.index(Verdict.DISPUTED)
    return _where(lapsed, fresh, tally), verdict


def _tally(base: _Base, cast: Cast, innocent: Flags, rules: Setting) -> Tally:
    mute = [number for number, record in rules.calibration.items() if not telling(record)]
    said = words(cast, base.claims, base.statement, base.ties, ever=base.ever, mute=mute)
    said_for = said.counted & (said.vote > 0)
    counted = Ballots(
        statement=said.statement[said.counted],
        organisation=said.organisation[said.counted],
        vote=said.vote[said.counted],
    )
    logit = base.logit + ballot_logits(counted, base.count, rules.calibration)
    return Tally(
        belief=1.0 / (1.0 + np.exp(-np.clip(logit, -CAP, CAP))),
        confirmations=np.bincount(said.statement[said_for], minlength=base.count).astype(np.int32),
        disputes=_unanswered(base, cast, said, rules),
        sectors=_sectors(said, said_for, base),
        origins=base.origins,
        facts=base.facts,
        reliability=base.reliability,
        innocent=innocent,
        property=base.relation,
        properties=rules.traits.properties if rules.traits else (),
    )


def _unanswered(base: _Base, cast: Cast, said: Words, rules: Setting) -> Ints:
    """Disputes of each statement, int32 (S,); 0 where they were answered.

    They are answered where at least `ANSWERING` independent organisations, and more than dispute, confirm in
    the knowledge of every dispute.
    """
    against = said.counted & (said.vote < 0)
    disputes = np.bincount(said.statement[against], minlength=base.count).astype(np.int32)
    if rules.answers is None or not disputes.any():
        return disputes
    newest_dispute = np.full(base.count, -1, np.int64)
    no = cast.vote < 0
    np.maximum.at(newest_dispute, cast.statement[no], rules.answers.position[cast.source[no]])
    knowing = (cast.vote > 0) & rules.answers.despite[cast.source]
    knowing &= rules.answers.position[cast.source] > newest_dispute[cast.statement]
    spoken = cast.statement[knowing] * SPAN + cast.organisation[knowing]
    pairs = said.statement * SPAN + said.organisation
    answering = said.counted & (said.vote > 0) & np.isin(pairs, spoken)
    answers = np.bincount(said.statement[answering], minlength=base.count)
    return np.where(answers >= np.maximum(ANSWERING, disputes + 1), 0, disputes).astype(np.int32)


def _sectors(said: Words, confirming: Flags, base: _Base) -> Ints:
    sector = base.ties.sector[said.organisation[confirming]]
    pairs = np.sort(said.statement[confirming][sector >= 0] * SPAN + sector[sector >= 0])
    first = np.diff(pairs, prepend=-1) != 0  # faster than the hashing of np.unique
    return np.bincount(pairs[first] // SPAN, minlength=base.count).astype(np.int32)


def _denied(base: _Base, votes: VoteColumns, said: Bytes | None) -> Flags:
    """Where an organisation's newest real answer to one question is no."""
    denied = np.zeros(base.count, np.bool_)
    if said is not None:
        cast = newest(base.statement, base.claims.seq, votes, said)
        denied[cast.statement[(cast.vote < 0) & ~cast.simulated]] = True
    return denied


def _spoken(base: _Base, cast: Cast, statement: Longs, viewer: int | None) -> Flags:
    """Statements on which the viewer has a word among these, or a claim among those of `statement`."""
    spoken = np.zeros(base.count, np.bool_)
    if viewer is not None:
        spoken[cast.statement[cast.organisation == viewer]] = True
        spoken[statement[(base.claims.owner == viewer) & (statement >= 0)]] = True
    return spoken


def _blind(base: _Base, spoken: Flags, verdict: Bytes, rules: Setting) -> Flags:
    """Open statements, and drawn ones, on which a viewer may still vote, unmoved by others."""
    if rules.viewer is None:
        return np.zeros(base.count, np.bool_)
    asked = np.zeros(base.count, np.bool_)
    asked[base.statement[np.isin(base.claims.seq, rules.drawn) & (base.statement >= 0)]] = True
    return (asked | np.isin(verdict, _OPEN)) & ~spoken
