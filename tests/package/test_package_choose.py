"""Nobody is given what their marking does not permit, and a refusal never tells the recipient."""

from dataclasses import replace
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st
from package_sample import KEYED, RYUK_MAIL, facts, finding, seal, vetted

from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR, Marking, Pap, Tlp, Viewer, may_see
from chokepoint.package.choose import Audience, choose, fit_for, strictest

CLAIMS = vetted(seal(facts()).claims)
NAMES = ("Alpha", "Beta", "Gamma")
MARKINGS = st.builds(
    Marking,
    tlp=st.sampled_from(Tlp),
    pap=st.sampled_from(Pap),
    audience=st.frozensets(st.sampled_from(NAMES)),
    handling=st.frozensets(st.sampled_from(("H0", "H1"))),
)


@given(
    st.lists(st.tuples(MARKINGS, st.sampled_from(NAMES)), max_size=8),
    st.frozensets(st.sampled_from(NAMES)),
    st.sampled_from(Tlp),
)
def test_every_recipient_may_see_everything_chosen_and_nothing_more_is_left_out(marks, names, at_most):
    claims = [
        replace(CLAIMS[0], marking=marking, contributor=owner, record=f"{number:064x}")
        for number, (marking, owner) in enumerate(marks)
    ]
    audience = Audience(organisations=names, at_most=at_most)
    chosen, refused = choose(claims, audience)
    taken = {claim.record for claim in chosen}
    for claim in claims:
        fit = claim.marking.tlp <= (Tlp.CLEAR if not names else at_most)
        readers = names or {""}
        seen = all(may_see(Viewer(organisation=name), claim.marking, claim.contributor) for name in readers)
        assert (claim.record in taken) == (fit and seen)
    assert {one.what for one in refused} == {claim.record for claim in claims} - taken


def marked(*codes: str, audience: frozenset[str] = frozenset(), tlp: Tlp = Tlp.GREEN):
    marking = Marking(tlp=tlp, audience=audience, handling=frozenset(codes))
    return replace(CLAIMS[0], marking=marking, contributor="Alpha")


def goes(claim, **about) -> bool:
    chosen, refused = choose([claim], Audience(**about))
    assert [one.rule for one in refused] == [] if chosen else ["handling"]
    return bool(chosen)


def test_what_may_not_be_passed_on_goes_to_those_whom_its_provider_named_and_to_nobody_else():
    both = frozenset({"Alpha", "Beta"})
    assert not goes(marked("H2"), organisations=both, sender="Alpha")
    assert not goes(marked("H2"), organisations=both | {"Gamma"}, sender="Gamma")
    assert goes(marked("H2", audience=both), organisations=both, sender="Alpha")
    assert goes(marked("H2"), organisations=frozenset({"Alpha", "Gamma"}), sender="Gamma")
    assert not goes(marked("H2", tlp=Tlp.CLEAR))


@pytest.mark.parametrize(
    ("code", "said"), [("H1", "ask its contributor"), ("H2", "its contributor named no")]
)
def test_a_rule_of_whom_a_reader_may_not_know_yet_is_told_without_their_name(code, said):
    claim = replace(marked(code), contributor="", owner="Alpha")
    audience = Audience(organisations=frozenset({"Gamma"}), sender="Beta", judicial=True)
    [refused] = choose([claim], audience)[1]
    assert said in refused.reason
    assert "Alpha" not in refused.reason


def test_a_provider_names_a_recipient_by_a_group_too():
    group = "group:6e2f"
    claim = marked("H2", audience=frozenset({group}))
    named = frozenset({Viewer(organisation="Beta", groups=frozenset({group}))})
    assert goes(claim, organisations=frozenset({"Beta"}), readers=named, sender="Alpha")
    assert choose([claim], Audience(organisations=frozenset({"Beta"}), sender="Alpha"))[0] == ()


def test_what_courts_may_not_use_stays_out_of_a_package_for_a_court_unless_it_is_the_senders_own():
    to = frozenset({"Beta"})
    assert goes(marked("H1"), organisations=to, sender="Beta")
    assert not goes(marked("H1"), organisations=to, sender="Beta", judicial=True)
    assert goes(marked("H1"), organisations=to, sender="Alpha", judicial=True)


def test_a_providers_own_restriction_is_shown_and_goes_only_once_it_is_acknowledged():
    to = frozenset({"Beta"})
    _, refused = choose([marked("H3: ask us first")], Audience(organisations=to))
    assert [one.reason for one in refused] == ["H3: ask us first"]
    assert goes(marked("H3: ask us first"), organisations=to, acknowledged=True)


def test_a_code_of_purpose_alone_keeps_nothing_back():
    assert goes(marked("H0"), organisations=frozenset({"Beta"}), sender="Gamma")


@given(st.lists(MARKINGS, max_size=6))
def test_a_package_carries_the_strictest_label_inside(markings):
    joined = strictest(markings)
    assert joined == reduce(Marking.join, markings, CLEAR)
    assert joined.tlp >= max((one.tlp for one in markings), default=Tlp.CLEAR)
    assert joined.pap == max((one.pap for one in markings), default=Pap.CLEAR)
    assert joined.handling == frozenset().union(*(one.handling for one in markings))


@pytest.mark.parametrize("verdict", ["proposed", "disputed", "rejected", "expired", "recalled"])
def test_only_accepted_statements_go_by_default(verdict):
    chosen, refused = choose([replace(CLAIMS[0], verdict=verdict)], Audience(minimised=KEYED))
    assert not chosen
    assert [one.rule for one in refused] == ["verdict"]


def test_other_verdicts_go_when_they_are_asked_for():
    proposed = replace(CLAIMS[0], verdict="proposed")
    chosen, _ = choose([proposed], Audience(verdicts=frozenset({"accepted", "proposed"})))
    assert chosen == (proposed,)


def test_an_open_edition_holds_no_unvetted_personal_data():
    simulated = seal(facts()).claims
    chosen, refused = choose(simulated, Audience(minimised=KEYED))
    assert all(RYUK_MAIL not in (claim.subject, claim.object) for claim in chosen)
    assert [one.rule for one in refused] == ["person"]


def test_vetted_criminal_contacts_may_be_published():
    chosen, _ = choose(CLAIMS, Audience(minimised=KEYED))
    assert any(claim.object == RYUK_MAIL for claim in chosen)


def test_an_open_edition_never_says_where_somebody_lives():
    claim = replace(
        CLAIMS[0],
        subject=Entity("persona", "x"),
        property="located-in",
        object=Entity("site", "12 some street"),
    )
    _, refused = choose([claim], Audience(minimised=KEYED))
    assert [one.rule for one in refused] == ["home"]


def test_members_may_have_what_the_public_may_not():
    person = replace(CLAIMS[0], subject=Entity("person", "jane doe"))
    assert choose([person], Audience(organisations=frozenset({"Alpha"}), minimised=KEYED))[0] == (person,)
    assert choose([person], Audience(minimised=KEYED))[0] == ()


def test_a_refusal_never_repeats_what_it_protects():
    secret = Entity("person", "jane doe")
    claims = [replace(CLAIMS[0], subject=secret, marking=Marking(tlp=tlp)) for tlp in Tlp]
    _, refused = choose(claims, Audience(minimised=KEYED))
    assert refused
    assert all("jane" not in repr(one) for one in refused)


def test_order_is_kept():
    assert choose(CLAIMS, Audience(minimised=KEYED))[0] == CLAIMS


def test_an_open_edition_holds_no_plan():
    fit = fit_for(finding(), Audience(minimised=KEYED))
    assert (fit.plan, fit.curve, fit.sensitivity, fit.explanation) == ((), None, (), ())
    assert fit.marking == CLEAR
    assert finding().title != fit.title
    assert any("withheld" in warning for warning in fit.warnings)


def test_members_get_the_finding_whole():
    assert fit_for(finding(), Audience(organisations=frozenset({"Alpha"}), minimised=KEYED)) == finding()


def test_a_finding_without_a_plan_keeps_its_words_in_an_open_edition():
    structural = replace(finding(), plan=(), curve=None)
    fit = fit_for(structural, Audience(minimised=KEYED))
    assert (fit.title, fit.explanation) == (structural.title, structural.explanation)
    assert fit.warnings == structural.warnings


@pytest.mark.parametrize(
    "marking",
    [Marking(cases=frozenset({"c1"})), Marking(audience=frozenset({"Alpha"}))],
    ids=["need-to-know", "recipients"],
)
def test_an_open_edition_holds_nothing_that_a_clear_label_narrows(marking):
    assert not Audience(minimised=KEYED).permits(replace(CLAIMS[0], marking=marking))
    assert Audience(minimised=KEYED).permits(replace(CLAIMS[0], marking=CLEAR))
