"""Policies written as trees: what they mean, what is refused, and that nothing is lost on the way."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.model.errors import BadInputError, NotValidError, RefusedError, TooLargeError
from chokepoint.store.canonical import canonical
from chokepoint.vet.policy import (
    NAMED,
    AboutCrime,
    AllOf,
    ByProperty,
    Confirmations,
    MinBelief,
    NoUnresolvedDispute,
    SourceAtLeast,
    Tally,
)
from chokepoint.vet.tree import DEEPEST, FEWEST, MOST, NEVER, SomeOf, deep, fewest, form_of, leaves, policy_of

PROPERTIES = ("attributed-to", "resolves-to", "uses")
TWO = {"confirmations": 2}

leaf_forms = st.one_of(
    st.fixed_dictionaries({"confirmations": st.integers(1, 4)}),
    st.fixed_dictionaries({"sectors": st.integers(1, 3)}),
    st.fixed_dictionaries({"origins": st.integers(1, 3)}),
    st.fixed_dictionaries({"belief": st.integers(1, 999).map(lambda mille: f"{mille / 1000:.3f}")}),
    st.fixed_dictionaries({"source": st.sampled_from("ABCDE")}),
    st.sampled_from(
        [{"evidence": "fact"}, {"undisputed": True}, {"about-crime": True}, {"policy": "frozen"}]
    ),
)


def inner_forms(inner):
    lists = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        lists.map(lambda parts: {"all": parts}),
        lists.map(lambda parts: {"any": parts}),
        lists.flatmap(lambda p: st.integers(1, len(p)).map(lambda n: {"at-least": n, "of": p})),
        st.builds(
            lambda table, other: {"property": table, "otherwise": other},
            st.dictionaries(st.sampled_from(PROPERTIES), inner, min_size=1),
            inner,
        ),
    )


forms = st.recursive(leaf_forms, inner_forms, max_leaves=8).map(lambda form: {"all": [TWO, form]})


def every_tally() -> list[dict[str, object]]:
    """Statements of all kinds that a rule can tell apart, one by one."""
    names = ("belief", "confirmations", "disputes", "sectors", "origins", "facts", "reliability", "innocent")
    values = ((0.3, 0.7), (1, 2, 3), (0, 1), (1, 2), (1, 2), (False, True), (0, 3, 5), (False, True))
    return [
        dict(zip((*names, "property"), (*one, prop), strict=True))
        for one, prop in itertools.product(itertools.product(*values), (None, *PROPERTIES[:2]))
    ]


ROWS = every_tally()
TALLY = Tally(
    belief=np.array([row["belief"] for row in ROWS]),
    confirmations=np.array([row["confirmations"] for row in ROWS], np.int32),
    disputes=np.array([row["disputes"] for row in ROWS], np.int32),
    sectors=np.array([row["sectors"] for row in ROWS], np.int32),
    origins=np.array([row["origins"] for row in ROWS], np.int32),
    facts=np.array([row["facts"] for row in ROWS], np.bool_),
    reliability=np.array([row["reliability"] for row in ROWS], np.int8),
    innocent=np.array([row["innocent"] for row in ROWS], np.bool_),
    property=np.array([PROPERTIES.index(r["property"]) if r["property"] else -1 for r in ROWS], np.int16),
    properties=PROPERTIES,
)


MEANINGS = {
    "all": lambda form, row: all(says(part, row) for part in form["all"]),
    "any": lambda form, row: any(says(part, row) for part in form["any"]),
    "at-least": lambda form, row: [says(p, row) for p in form["of"]].count(True) >= form["at-least"],
    "property": lambda form, row: says(form["property"].get(row["property"], form["otherwise"]), row),
    "confirmations": lambda form, row: row["confirmations"] >= form["confirmations"],
    "sectors": lambda form, row: row["sectors"] >= form["sectors"],
    "origins": lambda form, row: row["origins"] >= form["origins"],
    "belief": lambda form, row: row["belief"] >= float(form["belief"]),
    "source": lambda form, row: row["reliability"] <= "ABCDE".index(form["source"]),
    "evidence": lambda _form, row: row["facts"],
    "undisputed": lambda _form, row: row["disputes"] == 0,
    "about-crime": lambda _form, row: not row["innocent"],
    "policy": lambda _form, _row: False,
}


def says(form, row) -> bool:
    """What a tree says of one statement, read as the documentation has it and by nothing of ours."""
    return next(meaning for key, meaning in MEANINGS.items() if key in form)(form, row)


@given(forms)
def test_a_tree_accepts_what_its_words_say_of_each_statement(form):
    expected = [says(form, row) and not row["disputes"] and not row["innocent"] for row in ROWS]
    assert policy_of(form).holds(TALLY).tolist() == expected


@given(forms)
def test_a_policy_is_the_same_after_it_was_written_and_read(form):
    policy = policy_of(form)
    written = json.loads(canonical(form_of(policy)))
    assert policy_of(written) == policy
    assert form_of(policy_of(written)) == written
    assert str(policy_of(written)) == str(policy)


@given(forms)
def test_no_tree_accepts_what_fewer_organisations_confirm_than_its_shape_tells(form):
    policy = policy_of(form)
    held = policy.holds(TALLY) & (TALLY.sectors <= TALLY.confirmations)
    assert fewest(policy) >= FEWEST
    assert (TALLY.confirmations[held] >= fewest(policy)).all()


@pytest.mark.parametrize("name", NAMED)
def test_each_named_policy_can_be_written_as_a_tree(name):
    assert policy_of(form_of(NAMED[name])) == NAMED[name]
    assert policy_of({"policy": name}) == NAMED[name]


def test_what_is_disputed_or_not_about_crime_is_not_accepted_though_a_tree_forgets_it():
    assert policy_of(TWO) == AllOf((Confirmations(2), NoUnresolvedDispute(), AboutCrime()))
    assert policy_of({"all": [TWO, {"undisputed": True}]}) == AllOf(
        (Confirmations(2), NoUnresolvedDispute(), AboutCrime())
    )


def test_a_guard_in_one_branch_alone_is_asked_for_besides():
    policy = policy_of({"any": [{"all": [TWO, {"undisputed": True}]}, {"confirmations": 5}]})
    assert str(policy).endswith(" and no unresolved dispute and nobody says that it is not about crime)")


def test_properties_with_one_rule_are_told_together_and_the_others_follow():
    strict, many = {"policy": "strict"}, {"confirmations": 9}
    policy = policy_of(
        {"property": {"b": strict, "c": many, "a": strict}, "otherwise": {"policy": "default"}}
    )
    assert isinstance(policy, AllOf)
    table = policy.parts[0]
    assert isinstance(table, ByProperty)
    assert table.names == {"a", "b"}
    assert isinstance(table.otherwise, ByProperty)
    assert table.otherwise.names == {"c"}


def test_some_of_several_is_told_in_words():
    rule = SomeOf(2, (Confirmations(2), SourceAtLeast("B"), MinBelief(0.9)))
    assert str(rule) == (
        "(at least 2 of: 2 confirming organisations other than the contributors; "
        "a source of reliability B or better; belief at least 0.9)"
    )


@pytest.mark.parametrize("letter", ["F", "", "AB", "a", "G", "\x00", "Ａ"])
def test_a_reliability_that_cannot_suffice_fails_when_it_is_written(letter):
    with pytest.raises(NotValidError, match="A, B, C, D, E"):
        SourceAtLeast(letter)


@pytest.mark.parametrize(
    ("form", "place", "mend"),
    [
        pytest.param(None, "rule", "choose one of: all, any", id="no rule at all"),
        pytest.param([], "rule", "choose one of", id="a list is no rule"),
        pytest.param({}, "rule", "choose one of", id="an empty table"),
        pytest.param({"quorum": 3}, "rule", "choose one of", id="unknown key"),
        pytest.param({"sectors": 2, "origins": 2}, "rule", "all = ", id="two rules in one table"),
        pytest.param(
            {"all": [TWO], "of": [TWO]}, "rule", "at-least goes with of", id="of without its number"
        ),
        pytest.param({"of": [TWO]}, "rule", "at-least goes with of", id="of alone"),
        pytest.param({"at-least": 1}, "rule", "at-least goes with of", id="number of nothing"),
        pytest.param({"otherwise": TWO}, "rule", "property with otherwise", id="otherwise alone"),
        pytest.param({"property": {"uses": TWO}}, "rule", "property with", id="nothing for all else"),
        pytest.param({"all": []}, "rule.all", "[{…}, {…}]", id="all of nothing"),
        pytest.param({"any": []}, "rule.any", "[{…}, {…}]", id="any of nothing"),
        pytest.param({"all": TWO}, "rule.all", "[{…}, {…}]", id="a table where a list is wanted"),
        pytest.param({"all": [TWO, {"any": [TWO, 7]}]}, "rule.all[1].any[1]", "choose one", id="deep inside"),
        pytest.param({"at-least": 2, "of": [TWO]}, "rule.at-least", "1 to 1", id="more than there are"),
        pytest.param({"at-least": 0, "of": [TWO]}, "rule.at-least", "1 to 1", id="none of them"),
        pytest.param({"at-least": 1, "of": []}, "rule.of", "[{…}, {…}]", id="one of nothing"),
        pytest.param({"confirmations": 0}, "rule.confirmations", "1 to 1000", id="nobody"),
        pytest.param({"confirmations": 1001}, "rule.confirmations", "1 to 1000", id="one too many"),
        pytest.param({"confirmations": True}, "rule.confirmations", "1 to 1000", id="a truth is no number"),
        pytest.param({"sectors": "2"}, "rule.sectors", "1 to 1000", id="a text is no number"),
        pytest.param({"origins": 2.0}, "rule.origins", "1 to 1000", id="a fraction is no number"),
        pytest.param({"belief": 0}, "rule.belief", "0.001 to 0.999", id="belief nought"),
        pytest.param({"belief": 1}, "rule.belief", "0.001 to 0.999", id="belief that none reaches"),
        pytest.param({"belief": 0.12345}, "rule.belief", "0.001 to 0.999", id="finer than thousandths"),
        pytest.param({"belief": float("nan")}, "rule.belief", "0.001 to 0.999", id="not a number"),
        pytest.param({"belief": "high"}, "rule.belief", "0.001 to 0.999", id="belief in words"),
        pytest.param({"belief": 10**400}, "rule.belief", "0.001 to 0.999", id="belief beyond floats"),
        pytest.param({"belief": True}, "rule.belief", "0.001 to 0.999", id="belief as a truth"),
        pytest.param({"source": "F"}, "rule.source", "A, B, C, D, E", id="F never suffices"),
        pytest.param({"source": ["A"]}, "rule.source", "A, B, C, D, E", id="a list of sources"),
        pytest.param({"evidence": "assessment"}, "rule.evidence", "fact", id="no such evidence"),
        pytest.param({"policy": "lenient"}, "rule.policy", "default, strict", id="no such policy"),
        pytest.param({"undisputed": False}, "rule.undisputed", "leave it out", id="a guard switched off"),
        pytest.param({"about-crime": 1}, "rule.about-crime", "leave it out", id="a number is no truth"),
        pytest.param({"property": {}, "otherwise": TWO}, "rule.property", "{NAME = ", id="empty table"),
        pytest.param(
            {"property": [TWO], "otherwise": TWO}, "rule.property", "{NAME", id="list of properties"
        ),
    ],
)
def test_a_node_that_is_none_is_refused_with_its_place_and_mend(form, place, mend):
    with pytest.raises(BadInputError) as refused:
        policy_of(form)
    assert refused.value.place == place
    assert mend in refused.value.mend


def test_a_property_that_is_unknown_is_named_with_those_near_it():
    form = {"property": {"atributed-to": TWO}, "otherwise": TWO}
    with pytest.raises(BadInputError, match="near it: attributed-to") as refused:
        policy_of(form, known=PROPERTIES)
    assert refused.value.place == "rule.property"
    assert policy_of(form), "a record may name properties that this version does not know"


@pytest.mark.parametrize(
    "form",
    [
        pytest.param({"confirmations": 1}, id="one voice"),
        pytest.param({"belief": 0.9}, id="belief alone, which graded sources can give"),
        pytest.param({"any": [TWO, {"source": "A"}]}, id="a branch that asks nobody"),
        pytest.param({"at-least": 1, "of": [TWO, {"sectors": 1}]}, id="the weakest of several"),
        pytest.param({"property": {"uses": TWO}, "otherwise": {"origins": 3}}, id="else nobody"),
        pytest.param({"property": {"uses": {"origins": 3}}, "otherwise": TWO}, id="nobody for a property"),
    ],
)
def test_a_rule_by_which_one_organisation_suffices_is_refused(form):
    with pytest.raises(RefusedError, match="fewer than 2 organisations"):
        policy_of(form)


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        pytest.param({"sectors": 3}, 3, id="sectors are of as many organisations"),
        pytest.param({"all": [TWO, {"confirmations": 4}]}, 4, id="the strictest of all"),
        pytest.param({"any": [{"confirmations": 3}, {"confirmations": 5}]}, 3, id="the laxest of any"),
        pytest.param(
            {"at-least": 2, "of": [{"confirmations": 2}, {"confirmations": 7}, {"sectors": 3}]},
            3,
            id="the second laxest of which two are wanted",
        ),
        pytest.param({"policy": "frozen"}, NEVER, id="nothing is accepted"),
    ],
)
def test_how_many_must_confirm_is_read_from_the_shape(form, expected):
    assert fewest(policy_of(form)) == expected


def nested(many: int) -> dict[str, object]:
    form: dict[str, object] = TWO
    for _ in range(many):
        form = {"all": [form, TWO]}
    return form


def test_a_tree_may_be_so_deep_and_no_deeper():
    assert deep(policy_of(nested(DEEPEST - 1))) == DEEPEST
    for many in (DEEPEST, DEEPEST + 1, 100, 5_000):
        with pytest.raises(TooLargeError, match="within one another"):
            policy_of(nested(many))


def test_a_guard_that_has_to_be_added_counts_towards_the_depth():
    form: dict[str, object] = TWO
    for _ in range(DEEPEST - 1):
        form = {"any": [form, TWO]}
    with pytest.raises(TooLargeError):
        policy_of(form)
    assert policy_of(form["any"][0])


def test_a_tree_may_have_so_many_leaves_and_no_more():
    assert leaves(policy_of({"all": [TWO] * (MOST - 2)})) == MOST, "with the two guards"
    with pytest.raises(TooLargeError):
        policy_of({"all": [TWO] * (MOST - 1)})


def test_named_policies_count_by_their_own_leaves():
    own = leaves(NAMED["default"])
    assert policy_of({"all": [{"policy": "default"}] * (MOST // own)})
    with pytest.raises(TooLargeError):
        policy_of({"all": [{"policy": "default"}] * (MOST // own + 1)})


def test_a_chain_of_tables_ends_in_an_error_not_in_a_crash():
    form: dict[str, object] = TWO
    for number in range(5_000):
        form = {"property": {f"p{number}": TWO}, "otherwise": form}
    with pytest.raises(TooLargeError):
        policy_of(form)
