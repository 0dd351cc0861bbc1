"""One contract for all forms in which an atlas takes its own exports back: each is read claim for claim."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from package_sample import KEYED
from test_package_comes_back import HOST, OTHER, PUBLISHED, TEXTS, said
from test_package_csv_back import LINKS, MORE

from chokepoint.collect.base import Document, Rejected, Skipped
from chokepoint.collect.registry import collectors, recognise
from chokepoint.model.claim import Claim, Interval, Nature
from chokepoint.model.identity import Entity
from chokepoint.model.marking import Marking, Pap, Tlp
from chokepoint.package.ftm import export_ftm
from chokepoint.package.maltego import export_mtgx
from chokepoint.package.privacy import Discretion
from chokepoint.package.tables import claims_csv

if TYPE_CHECKING:
    from collections.abc import Callable

FORMS: dict[str, tuple[Callable[..., bytes], str]] = {
    "ftm": (export_ftm, "map.ftm.json"),
    "maltego": (export_mtgx, "map.mtgx"),
    "csv": (lambda claims, discreet: claims_csv(claims, discreet).encode(), "map.csv"),
}
WHOLE = ("ftm", "maltego")
"""Forms that keep how exactly a day was known."""
every_form = pytest.mark.parametrize("form", FORMS)


def back(form: str, *claims, name: str = "", **more) -> list[Claim]:
    write, usual = FORMS[form]
    data = write(
        [replace(claim, record=f"{at:064x}") for at, claim in enumerate(claims)], Discretion(minimised=KEYED)
    )
    document = Document(path=name or usual, data=data, **more)
    collector = recognise(document, collectors())
    items = [*collector.read(document), *(item for _, item in collector.finish())]
    assert not [one for one in items if isinstance(one, Rejected)]
    return [one for one in items if isinstance(one, Claim)]


def sentence(one) -> tuple:
    return one.subject, one.property, one.object


@every_form
@pytest.mark.parametrize("kind", sorted(MORE))
def test_a_thing_of_every_kind_comes_back_at_both_ends(form, kind):
    thing = Entity(kind, MORE[kind])
    claims = (said(thing, "related-to", HOST), said(OTHER, "uses", thing))
    assert {sentence(one) for one in back(form, *claims)} == {sentence(one) for one in claims}


@every_form
def test_every_property_comes_back_from_every_sort_of_subject(form):
    subjects = (HOST, OTHER, Entity("organisation", "bad company"), Entity("event", "fox raid"))
    claims = [said(one, name, Entity("country", "th")) for one, name in product(subjects, LINKS)]
    claims += [said(one, name, f"words on {name}") for one, name in product(subjects, TEXTS)]
    assert {sentence(one) for one in back(form, *claims)} == {sentence(one) for one in claims}


@every_form
def test_the_sample_comes_back_with_days_origins_grades_and_places(form):
    def told(one, source):
        return (*sentence(one), one.observed and one.observed[:2], source.origin, one.place)

    found = {told(one, one.provenance) for one in back(form, *PUBLISHED)}
    assert found == {told(one, one) for one in PUBLISHED}


@every_form
def test_a_form_is_known_by_what_is_in_it_and_not_by_its_name(form):
    claims = (said(HOST, "uses", OTHER),)
    assert [sentence(one) for one in back(form, *claims, name="renamed.bin")] == [
        sentence(one) for one in claims
    ]


@every_form
@pytest.mark.parametrize("given_label", [Tlp.CLEAR, Tlp.AMBER, Tlp.RED], ids=lambda tlp: tlp.name)
@pytest.mark.parametrize("label", list(Tlp), ids=lambda tlp: tlp.name)
def test_no_label_is_loosened_whichever_way_it_goes(form, label, given_label):
    claim = said(HOST, "uses", OTHER, marking=Marking(tlp=label))
    (found,) = back(form, claim, marking=Marking(tlp=given_label))
    assert found.provenance.marking.tlp is max(label, given_label)


@every_form
@pytest.mark.parametrize(
    "marking",
    [
        Marking(tlp=Tlp.GREEN, audience=frozenset({"bank", "police/ann"})),
        Marking(tlp=Tlp.AMBER, cases=frozenset({"c1"}), audience=frozenset({"bank"})),
        Marking(tlp=Tlp.RED, pap=Pap.RED, handling=frozenset({"H1", "H2"}), audience=frozenset({"bank"})),
    ],
    ids=["recipients", "a case", "everything"],
)
def test_recipients_cases_permissions_and_codes_go_with_the_claim(form, marking):
    (found,) = back(form, said(HOST, "uses", OTHER, marking=marking))
    assert found.provenance.marking == marking


@pytest.mark.parametrize("form", WHOLE)
@pytest.mark.parametrize("precision", ["second", "day", "month", "year"])
def test_how_exactly_a_day_was_known_goes_with_the_claim(form, precision):
    observed = Interval("2024-01-01", "2025-01-01", precision)
    (found,) = back(form, said(HOST, "uses", OTHER, observed=observed))
    assert found.observed == observed


@every_form
@pytest.mark.parametrize("nature", list(Nature), ids=lambda nature: nature.value)
def test_a_fact_stays_a_fact_and_an_assessment_an_assessment(form, nature):
    (found,) = back(form, said(HOST, "uses", OTHER, nature=nature))
    assert found.nature is nature


@every_form
def test_an_origin_that_a_person_names_goes_before_the_exports(form):
    (found,) = back(form, said(HOST, "uses", OTHER), origin="Desk 4", origin_given=True)
    assert found.provenance.origin == "Desk 4"


@every_form
@pytest.mark.parametrize(
    ("subject", "edition"),
    [
        pytest.param(Entity("person", "jane doe"), Discretion(minimised=KEYED), id="a person"),
        pytest.param(
            Entity("persona", "dark seller"), Discretion(open_edition=True, minimised=KEYED), id="a persona"
        ),
        pytest.param(Entity("document", "th:passport:AA1234567"), Discretion(minimised=KEYED), id="a paper"),
        pytest.param(
            Entity("phone-number", "+66812345678"),
            Discretion(open_edition=True, minimised=KEYED),
            id="a contact",
        ),
    ],
)
def test_who_may_not_be_named_is_skipped_by_rule_at_either_end_and_costs_no_other_claim(
    form, subject, edition
):
    write, name = FORMS[form]
    claims = [said(subject, "related-to", HOST), said(OTHER, "uses", subject), said(OTHER, "uses", HOST)]
    data = write([replace(claim, record=f"{at:064x}") for at, claim in enumerate(claims)], edition)
    document = Document(path=name, data=data)
    items = list(recognise(document, collectors()).read(document))
    assert not [one for one in items if isinstance(one, Rejected)]
    assert [sentence(one) for one in items if isinstance(one, Claim)] == [(OTHER, "uses", HOST)]
    rule = "claim on somebody or something that the export does not name"
    assert [one.rule for one in items if isinstance(one, Skipped)].count(rule) >= 2


@every_form
@settings(max_examples=25)
@given(
    pairs=st.lists(
        st.tuples(st.sampled_from(sorted(MORE)), st.sampled_from(sorted(MORE)), st.sampled_from(LINKS))
        .filter(lambda pair: pair[0] != pair[1]), min_size=1, max_size=6, unique=True,
    )
)  # fmt: skip
def test_any_map_comes_back_and_exporting_it_again_changes_nothing(form, pairs):
    claims = [said(Entity(left, MORE[left]), name, Entity(right, MORE[right])) for left, right, name in pairs]
    found = back(form, *claims)
    assert sorted(map(repr, map(sentence, found))) == sorted(map(repr, map(sentence, claims)))
    again = [
        said(one.subject, one.property, one.object, origin=one.provenance.origin, place=one.place)
        for one in found
    ]
    assert {sentence(one) for one in back(form, *again)} == {sentence(one) for one in claims}
