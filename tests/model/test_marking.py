"""Markings are a lattice, and one function says who may see what."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.errors import NotValidError
from chokepoint.model.marking import CLEAR, Marking, Pap, Tlp, Viewer, kept_by, may_see, parse_pap, parse_tlp

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ["bank", "police", "vendor"]
PUBLIC = Viewer(organisation="")

GROUP = "group:6e2f"
audiences = st.sets(st.sampled_from([*NAMES, "bank/ann", "police/bob", GROUP]), max_size=4).map(frozenset)
markings = st.builds(
    Marking,
    tlp=st.sampled_from(list(Tlp)),
    pap=st.sampled_from(list(Pap)),
    audience=audiences,
    cases=st.sets(st.sampled_from(["case-a", "case-b"])).map(frozenset),
    handling=st.sets(st.sampled_from(["H0", "H1", "H2", "H3"])).map(frozenset),
)
viewers = st.one_of(
    st.just(PUBLIC),
    st.builds(
        Viewer,
        organisation=st.sampled_from([*NAMES, "stranger"]),
        user=st.sampled_from(["", "ann", "bob"]),
        groups=st.sampled_from([frozenset(), frozenset({GROUP})]),
        cases=st.sets(st.sampled_from(["case-a", "case-b"])).map(frozenset),
    ),
)
owners = st.sampled_from(NAMES)


@given(markings, markings)
def test_joining_does_not_depend_on_the_order(one, other):
    assert one.join(other) == other.join(one)


@given(markings, markings, markings)
def test_joining_does_not_depend_on_the_grouping(one, two, three):
    assert one.join(two).join(three) == one.join(two.join(three))


@given(markings)
def test_a_marking_joined_with_itself_stays_itself(one):
    assert one.join(one) == one


@given(markings)
def test_clear_changes_nothing(one):
    assert one.join(CLEAR) == one


@given(markings)
def test_the_strictest_marking_swallows_every_other(one):
    strictest = Marking(
        tlp=Tlp.RED,
        pap=Pap.RED,
        cases=frozenset({"case-a", "case-b"}),
        handling=frozenset({"H0", "H1", "H2", "H3"}),
    )
    assert one.join(strictest) == strictest


@given(markings, markings)
def test_what_is_joined_in_is_absorbed_by_what_it_was_joined_to(one, other):
    joined = one.join(other)
    assert joined.join(one) == joined
    assert joined.join(other) == joined


@given(markings, markings, markings)
def test_joining_keeps_the_order_of_strictness(low, high, other):
    high = low.join(high)
    assert low.join(other).join(high.join(other)) == high.join(other)


@given(markings, markings, viewers, owners)
def test_whom_a_join_lets_see_both_of_its_parts_let_see(one, other, viewer, owner):
    if may_see(viewer, one.join(other), owner):
        assert may_see(viewer, one, owner)
        assert may_see(viewer, other, owner)


@given(markings, markings)
def test_a_joined_label_is_at_least_the_stricter_of_the_two(one, other):
    joined = one.join(other)
    assert joined.tlp >= max(one.tlp, other.tlp)
    assert joined.pap == max(one.pap, other.pap)
    assert joined.handling == one.handling | other.handling


def test_labels_without_recipients_join_to_the_stricter_label_and_nothing_else():
    for one in Tlp:
        for other in Tlp:
            assert Marking(tlp=one).join(Marking(tlp=other)) == Marking(tlp=max(one, other))


def test_recipients_without_a_common_one_leave_only_the_owner():
    joined = Marking(tlp=Tlp.GREEN, audience=frozenset({"bank"})).join(
        Marking(tlp=Tlp.GREEN, audience=frozenset({"police"}))
    )
    allowed = [name for name in NAMES if may_see(Viewer(organisation=name), joined, "vendor")]
    assert allowed == ["vendor"]


def test_an_owners_own_amber_gives_nothing_to_the_recipients_of_another():
    mine = Marking(tlp=Tlp.AMBER)
    shared = Marking(tlp=Tlp.AMBER, audience=frozenset({"police"}))
    assert not may_see(Viewer(organisation="police"), mine.join(shared), "bank")


def test_an_owners_own_amber_stays_its_own_when_joined_with_a_cases():
    """What a case's members may see and what its owner alone may see give what the owner's own on it may."""
    mine = Marking(tlp=Tlp.AMBER)
    shared = Marking(tlp=Tlp.AMBER, cases=frozenset({"case-a"}))
    other = Viewer(organisation="police", cases=frozenset({"case-a"}))
    own = Viewer(organisation="bank", user="ann", cases=frozenset({"case-a"}))
    assert may_see(other, shared, "bank")
    assert not may_see(other, mine.join(shared), "bank")
    assert may_see(own, mine.join(shared), "bank")
    assert not may_see(Viewer(organisation="bank", user="bob"), mine.join(shared), "bank")


def test_a_person_is_what_an_organisation_and_a_person_of_it_have_in_common():
    whole = Marking(tlp=Tlp.RED, audience=frozenset({"bank", "police"}))
    person = Marking(tlp=Tlp.RED, audience=frozenset({"bank/ann", "vendor"}))
    assert whole.join(person).audience == {"bank/ann"}


# The relations of a reader in the oracle, as viewers of a record that "owner" recorded. In this product need
# to know is had in a case: the record is marked with one wherever the label asks for it.
ON_IT = frozenset({"case-a"})
RELATIONS = {
    "named_recipient": Viewer(organisation="named", cases=ON_IT),
    "same_org_need_to_know": Viewer(organisation="owner", user="ann", cases=ON_IT),
    "client_of_org": Viewer(organisation="client", cases=ON_IT),
    "community_member": Viewer(organisation="member"),
    "public_channel": PUBLIC,
}


def oracle(vectors: Path) -> dict[tuple[str, str], bool]:
    lines = (vectors / "access_oracle.csv").read_text("utf-8").splitlines()
    table = csv.DictReader(line for line in lines if not line.startswith("#"))
    return {(row["label"], relation): row[relation] == "allow" for row in table for relation in RELATIONS}


def marked_as(tlp: Tlp, *, named: bool) -> Marking:
    """The label as the oracle means it: a case where there is need to know, a name where one is asked for."""
    return Marking(
        tlp=tlp,
        audience=frozenset({"named"}) if named and tlp > Tlp.GREEN else frozenset(),
        cases=ON_IT if tlp > Tlp.GREEN else frozenset(),
    )


def answers() -> dict[tuple[str, str], bool]:
    return {
        (tlp.label, relation): may_see(
            viewer, marked_as(tlp, named=tlp is not Tlp.AMBER or relation == "named_recipient"), "owner"
        )
        for tlp in Tlp
        for relation, viewer in RELATIONS.items()
    }


def test_who_may_see_what_agrees_with_the_texts_of_tlp(vectors):
    expected = oracle(vectors)
    assert len(expected) == 25
    assert answers() == expected


def test_without_the_need_to_know_nobody_sees_what_asks_for_it(vectors):
    """The owner's own people and named recipients included: the oracle's note on its own organisation."""
    for tlp in (Tlp.AMBER, Tlp.AMBER_STRICT, Tlp.RED):
        for named in (False, True):
            for viewer in RELATIONS.values():
                bare = replace(viewer, cases=frozenset({"case-b"}))
                assert not may_see(bare, marked_as(tlp, named=named), "owner")


@given(markings, viewers, owners)
def test_one_case_more_never_opens_a_marking_that_named_recipients(marking, viewer, owner):
    if marking.audience and may_see(viewer, replace(marking, cases=marking.cases | {"case-a"}), owner):
        assert may_see(viewer, marking, owner)


@given(markings)
def test_a_marking_is_read_back_from_its_form(marking):
    assert Marking.from_form(marking.to_form()) == marking


@given(markings, viewers, owners)
def test_leaving_a_group_or_a_case_shows_nothing_new(marking, viewer, owner):
    left = replace(viewer, groups=frozenset(), cases=frozenset())
    assert not may_see(left, marking, owner) or may_see(viewer, marking, owner)


def test_a_client_sees_amber_once_it_is_named():
    named = Marking(tlp=Tlp.AMBER, audience=frozenset({"client"}))
    assert may_see(Viewer(organisation="client"), named, "owner")


@given(viewers, owners)
def test_red_without_a_named_recipient_is_for_nobody(viewer, owner):
    assert not may_see(viewer, Marking(tlp=Tlp.RED), owner)


def test_red_named_to_a_person_is_not_for_their_colleagues():
    marking = Marking(tlp=Tlp.RED, audience=frozenset({"bank/ann"}))
    assert may_see(Viewer(organisation="bank", user="ann"), marking, "bank")
    assert not may_see(Viewer(organisation="bank", user="bob"), marking, "bank")
    assert not may_see(Viewer(organisation="bank"), marking, "bank")


def test_a_person_of_the_same_name_elsewhere_is_somebody_else():
    marking = Marking(tlp=Tlp.RED, audience=frozenset({"bank/ann"}))
    assert not may_see(Viewer(organisation="police", user="ann"), marking, "bank")


@given(st.sampled_from([Tlp.CLEAR, Tlp.GREEN]), owners)
def test_recipients_named_under_a_mild_label_keep_the_others_out(tlp, owner):
    marking = Marking(tlp=tlp, audience=frozenset({"police"}))
    assert may_see(Viewer(organisation="police"), marking, owner)
    assert not may_see(Viewer(organisation="stranger"), marking, owner)
    assert not may_see(PUBLIC, marking, owner)


@given(markings, owners)
def test_the_public_sees_what_is_clear_and_addressed_to_nobody(marking, owner):
    free = not marking.audience and not marking.cases
    assert may_see(PUBLIC, marking, owner) == (marking.tlp is Tlp.CLEAR and free)


@given(markings, viewers, owners)
def test_pap_and_handling_codes_do_not_decide_who_sees(marking, viewer, owner):
    bare = Marking(tlp=marking.tlp, audience=marking.audience, cases=marking.cases)
    assert may_see(viewer, marking, owner) == may_see(viewer, bare, owner)


@given(markings, owners)
def test_whoever_records_a_thing_can_see_it_unless_red_names_others(marking, owner):
    kept = kept_by(marking, owner)
    named = marking.tlp is Tlp.RED and bool(marking.audience)
    assert may_see(Viewer(organisation=owner, cases=marking.cases), kept, owner) or named


@given(markings, owners)
def test_recording_a_thing_changes_no_marking_but_red_for_nobody(marking, owner):
    kept = kept_by(marking, owner)
    if marking.tlp is Tlp.RED and not marking.audience:
        assert kept.audience == {owner}
        assert kept.cases == marking.cases
    else:
        assert kept == marking


@pytest.mark.parametrize("tlp", list(Tlp))
def test_a_label_is_read_back_as_it_is_written(tlp):
    assert parse_tlp(tlp.label) is tlp
    assert parse_tlp(tlp.label.lower()) is tlp
    assert parse_tlp(tlp.label.removeprefix("TLP:")) is tlp


@pytest.mark.parametrize("text", ["", "TLP:", "PURPLE", "TLP:EX:CHR", "UNCLEAR", "TLP:AMBER STRICT", "RED;"])
def test_a_label_that_is_none_is_refused_and_never_guessed(text):
    with pytest.raises(NotValidError) as caught:
        parse_tlp(text)
    assert caught.value.mend


def test_the_labels_of_the_taxonomy_are_known_and_its_inventions_are_not(vectors):
    taxonomy = json.loads((vectors / "markings" / "tlp.json").read_text("utf-8"))
    known = {}
    for predicate in taxonomy["predicates"]:
        try:
            known[predicate["value"]] = parse_tlp("tlp:" + predicate["value"])
        except NotValidError:
            known[predicate["value"]] = None
    assert known.pop("white") is Tlp.CLEAR
    assert {name for name, tlp in known.items() if tlp is None} == {"unclear", "ex:chr"}


@pytest.mark.parametrize("pap", list(Pap))
def test_a_permission_is_read_back_as_it_is_written(pap):
    assert parse_pap(f"PAP:{pap.name}") is parse_pap(pap.name.lower()) is pap


@pytest.mark.parametrize("text", ["", "PAP:", "PURPLE", "TLP:RED", "AMBER+STRICT"])
def test_a_permission_that_is_none_is_refused(text):
    with pytest.raises(NotValidError) as caught:
        parse_pap(text)
    assert caught.value.mend


def test_the_permissions_of_the_taxonomy_are_all_known(vectors):
    taxonomy = json.loads((vectors / "markings" / "PAP.json").read_text("utf-8"))
    assert {parse_pap(predicate["value"]) for predicate in taxonomy["predicates"]} == set(Pap)


def test_labels_are_ordered_from_mild_to_strict():
    labels = [tlp.label for tlp in sorted(Tlp)]
    assert labels == ["TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED"]
