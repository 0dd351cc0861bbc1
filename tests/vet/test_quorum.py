"""A quorum of words that tell something: whoever confirms the false as readily as the true is none of two."""

from __future__ import annotations

from fractions import Fraction

from court import HOUSES, Coalition, stand
from hypothesis import example, given
from hypothesis import strategies as st

from chokepoint.model.judgement import Verdict
from chokepoint.vet.belief import Record, telling
from chokepoint.vet.policy import VERDICTS

STAMP = Record(found=90, denied=5, caught=2, passed=48)
GOOD = Record(found=90, denied=5, caught=45, passed=5)


def heard(votes: list[tuple], records: dict[int, Record], **more):
    return stand([(0, 0, "B2", 1)], votes, more.pop("coalition", None), calibration=records, **more)


def test_a_quorum_counts_nobody_who_confirms_the_false_as_readily_as_the_true():
    """Two stamps do not accept what two who look would; a stamp that nobody has measured yet counts."""
    votes = [(0, 2, 1), (0, 3, 1)]
    for records, confirmed in (({}, 2), ({2: STAMP}, 1), ({2: STAMP, 3: STAMP}, 0), ({2: GOOD, 3: GOOD}, 2)):
        found = heard(votes, records)
        assert found.confirmations.tolist() == [confirmed]
        accepted = VERDICTS[int(found.verdict[0])] is Verdict.ACCEPTED
        assert accepted == (confirmed == 2)


def test_a_word_that_tells_nothing_moves_no_belief():
    assert heard([(0, 2, 1)], {2: STAMP}).belief[0] == heard([], {}).belief[0]


def test_the_dispute_of_whoever_confirms_everything_blocks_all_the_same():
    """A record measured on confirmations is no reason to pass over dissent."""
    found = heard([(0, 2, -1), (0, 3, 1), (0, 4, 1)], {2: STAMP})
    assert VERDICTS[int(found.verdict[0])] is Verdict.DISPUTED


def test_a_mate_who_tells_nothing_does_not_stand_in_for_one_who_does():
    """Of two that are one family one is counted, and not the stamp."""
    tied = Coalition(parents={2: frozenset(HOUSES[:1]), 3: frozenset(HOUSES[:1])})
    for stamp in (2, 3):
        assert heard([(0, 2, 1), (0, 3, 1)], {stamp: STAMP}, coalition=tied).confirmations.tolist() == [1]


@given(st.tuples(*[st.integers(0, 60)] * 4))
@example((2, 0, 0, 2))
@example((0, 5, 0, 0))
def test_a_word_tells_where_it_makes_what_it_confirms_half_again_as_likely(counts):
    """Exactly that is enough, and of whom nothing was measured nothing is said."""
    found, denied, caught, passed = counts
    sensitivity = Fraction(4 + found, 5 + found + denied)
    false_alarm = Fraction(1 + passed, 5 + caught + passed)
    assert telling(Record(*counts)) == (not any(counts) or 2 * sensitivity >= 3 * false_alarm)
