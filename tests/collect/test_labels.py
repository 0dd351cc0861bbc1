"""Labels of other formats: whatever their number, order and case, the strictest wins, and none is passed over."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.collect.labels import asked_for
from chokepoint.model.errors import NotValidError
from chokepoint.model.marking import Marking, Pap, Tlp

TLP = {"clear": Tlp.CLEAR, "white": Tlp.CLEAR, "green": Tlp.GREEN, "amber": Tlp.AMBER,
       "amber+strict": Tlp.AMBER_STRICT, "red": Tlp.RED}  # fmt: skip
PAP = {"clear": Pap.CLEAR, "white": Pap.CLEAR, "green": Pap.GREEN, "amber": Pap.AMBER, "red": Pap.RED}
words = st.one_of(
    st.tuples(st.just("tlp"), st.sampled_from(sorted(TLP))),
    st.tuples(st.just("pap"), st.sampled_from(sorted(PAP))),
)
cases = st.sampled_from([str.lower, str.upper, str.title])


@given(st.lists(words, min_size=1, max_size=6), cases, st.randoms())
def test_the_strictest_of_each_scheme_wins_in_any_order_and_case(labels, case, random):
    asked = [(case(scheme), case(word)) for scheme, word in labels]
    random.shuffle(asked)
    found = asked_for(asked)
    assert found.tlp == max((TLP[word] for scheme, word in labels if scheme == "tlp"), default=Marking().tlp)
    assert found.pap == max((PAP[word] for scheme, word in labels if scheme == "pap"), default=Marking().pap)


@given(st.lists(words, max_size=4), words)
def test_one_label_more_never_opens_anything(labels, more):
    before, after = asked_for(labels), asked_for([*labels, more])
    if before is not None:
        assert after.tlp >= before.tlp
        assert after.pap >= before.pap


@pytest.mark.parametrize("labels", [[], [("type", "osint")], [("", "red")], [("admiralty-scale", "a")]])
def test_where_nothing_says_who_may_see_it_nothing_is_asked_for(labels):
    assert asked_for(labels) is None


@pytest.mark.parametrize("word", ["", "purple", "amber-strict-ish", "red green", "gr\u0435en"])
def test_a_colour_that_nobody_knows_is_refused_and_hides_behind_no_other(word):
    with pytest.raises(NotValidError):
        asked_for([("tlp", "clear"), ("tlp", word)])


@pytest.mark.parametrize("word", ["", "purple", "blue", "WHITE-ISH"])
def test_a_level_of_use_that_nobody_knows_restricts_as_the_strictest(word):
    assert asked_for([("pap", word)]).pap is Pap.RED
