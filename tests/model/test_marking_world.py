"""Who may see what, over every marking of a small world, against the sentences of TLP 2.0 written out one by one."""

from __future__ import annotations

from itertools import combinations, product

import pytest

from chokepoint.model.marking import CLEAR, Marking, Pap, Tlp, Viewer, kept_by, may_see

GROUP, ROLE, CASE = "group:1", "role:overseer", "c1"
RECIPIENTS = ("bank", "bank/ann", GROUP, ROLE)
AUDIENCES = [frozenset(chosen) for size in range(3) for chosen in combinations(RECIPIENTS, size)]
CASES = [frozenset(), frozenset({CASE}), frozenset({CASE, "c2"})]
MARKINGS = [
    Marking(tlp=tlp, audience=audience, cases=cases)
    for tlp, audience, cases in product(Tlp, AUDIENCES, CASES)
]
VIEWERS = {
    "public": Viewer(organisation=""),
    "owner": Viewer(organisation="police"),
    "owner-on-the-case": Viewer(organisation="police", user="joe", cases=frozenset({CASE, "c2"})),
    "bank": Viewer(organisation="bank"),
    "ann-of-bank": Viewer(organisation="bank", user="ann"),
    "bob-of-bank": Viewer(organisation="bank", user="bob", cases=frozenset({CASE})),
    "in-the-group": Viewer(organisation="vendor", groups=frozenset({GROUP}), cases=frozenset({CASE})),
    "overseer": Viewer(organisation="ngo", user="eve", groups=frozenset({ROLE})),
    "stranger": Viewer(organisation="telecom", cases=frozenset({CASE, "c2"})),
}


def by_the_text(viewer: Viewer, marking: Marking) -> bool:
    """What `police` recorded, by the sentences of DESIGN §9 and of TLP 2.0."""
    named = any(
        name in marking.audience
        for name in (viewer.organisation, f"{viewer.organisation}/{viewer.user}", *viewer.groups)
        if name and not name.endswith("/")
    )
    if not viewer.organisation:  # the public: CLEAR is for all, unless it was addressed or belongs to a case
        return marking.tlp == Tlp.CLEAR and not marking.audience and not marking.cases
    if any(case not in viewer.cases for case in marking.cases):  # need-to-know before all else
        return False
    if named or marking.tlp == Tlp.RED:  # of RED the named recipients and nobody else
        return named
    if viewer.organisation == "police" or marking.audience:  # its owner sees it; what is addressed, no others
        return viewer.organisation == "police"
    mild = {Tlp.CLEAR, Tlp.GREEN}  # members; AMBER of a case is for its clients, who have the need-to-know
    return marking.tlp in mild or (marking.tlp == Tlp.AMBER and bool(marking.cases))


@pytest.mark.parametrize("viewer", VIEWERS.values(), ids=VIEWERS)
def test_every_marking_shows_itself_to_whom_the_text_says(viewer):
    for marking in MARKINGS:
        assert may_see(viewer, marking, "police") == by_the_text(viewer, marking), marking


@pytest.mark.parametrize("viewer", VIEWERS.values(), ids=VIEWERS)
def test_what_a_join_shows_both_parts_show(viewer):
    for one, other in product(MARKINGS[::3], MARKINGS[::4]):
        if may_see(viewer, one.join(other), "police"):
            assert may_see(viewer, one, "police"), (one, other)
            assert may_see(viewer, other, "police"), (one, other)


def test_a_join_hides_from_a_stranger_whatever_one_part_hides():
    stranger = VIEWERS["stranger"]
    for one, other in product(MARKINGS[::3], MARKINGS[::4]):
        hidden = not may_see(stranger, one, "police") or not may_see(stranger, other, "police")
        assert not (hidden and may_see(stranger, one.join(other), "police"))


def test_a_stricter_label_shows_itself_to_no_more_people():
    for audience, cases in product(AUDIENCES, CASES):
        for mild, strict in combinations(Tlp, 2):
            for viewer in VIEWERS.values():
                if may_see(viewer, Marking(tlp=strict, audience=audience, cases=cases), "police"):
                    assert may_see(viewer, Marking(tlp=mild, audience=audience, cases=cases), "police")


@pytest.mark.parametrize(
    "marking", MARKINGS[::7], ids=lambda one: "-".join(one.to_form()[0:1] + one.to_form()[2]) or "clear"
)
def test_every_marking_is_read_back_from_the_form_of_an_envelope(marking):
    assert Marking.from_form(marking.to_form()) == marking


def test_a_form_lists_recipients_cases_and_codes_in_order():
    marking = Marking(
        tlp=Tlp.AMBER_STRICT,
        pap=Pap.RED,
        audience=frozenset({"vendor", "bank/ann"}),
        cases=frozenset({"c2"}),
        handling=frozenset({"H2", "H0"}),
    )
    assert marking.to_form() == (
        "TLP:AMBER+STRICT",
        "PAP:RED",
        ("bank/ann", "case:c2", "vendor"),
        ("H0", "H2"),
    )


@pytest.mark.parametrize(
    ("one", "other", "joined"),
    [
        pytest.param(Marking(tlp=Tlp.GREEN), Marking(tlp=Tlp.CLEAR), Marking(tlp=Tlp.GREEN), id="labels"),
        pytest.param(
            Marking(tlp=Tlp.AMBER, audience=frozenset({"a", "b"})),
            Marking(tlp=Tlp.AMBER, audience=frozenset({"b", "c"})),
            Marking(tlp=Tlp.AMBER, audience=frozenset({"b"})),
            id="overlap",
        ),
        pytest.param(
            Marking(tlp=Tlp.GREEN, audience=frozenset({"a"})),
            Marking(tlp=Tlp.GREEN, audience=frozenset({"b"})),
            Marking(tlp=Tlp.AMBER),
            id="no-overlap-leaves-the-owner",
        ),
        pytest.param(
            Marking(tlp=Tlp.GREEN, audience=frozenset({"a"}), cases=frozenset({"c"})),
            Marking(tlp=Tlp.GREEN, audience=frozenset({"b"})),
            Marking(tlp=Tlp.AMBER_STRICT, cases=frozenset({"c"})),
            id="no-overlap-with-a-case",
        ),
        pytest.param(
            Marking(tlp=Tlp.AMBER, audience=frozenset({"bank"})),
            Marking(tlp=Tlp.AMBER, audience=frozenset({"bank/ann"})),
            Marking(tlp=Tlp.AMBER, audience=frozenset({"bank/ann"})),
            id="a-person-of-the-organisation",
        ),
        pytest.param(
            Marking(pap=Pap.RED, handling=frozenset({"H1"})),
            Marking(pap=Pap.GREEN, handling=frozenset({"H2"})),
            Marking(pap=Pap.RED, handling=frozenset({"H1", "H2"})),
            id="permissions-and-codes",
        ),
        pytest.param(
            Marking(tlp=Tlp.RED, audience=frozenset({"a"})),
            Marking(tlp=Tlp.CLEAR),
            Marking(tlp=Tlp.RED, audience=frozenset({"a"})),
            id="clear-narrows-nothing",
        ),
    ],
)
def test_a_join_is_worked_out_as_the_lattice_says(one, other, joined):
    assert one.join(other) == other.join(one) == joined


@pytest.mark.parametrize("tlp", Tlp, ids=lambda tlp: tlp.name)
def test_whoever_records_red_for_nobody_is_its_recipient(tlp):
    kept = kept_by(Marking(tlp=tlp), "police")
    assert kept.audience == (frozenset({"police"}) if tlp is Tlp.RED else frozenset())
    assert may_see(VIEWERS["owner"], kept, "police")


def test_the_names_of_a_viewer_are_the_organisation_the_person_and_the_groups():
    assert VIEWERS["ann-of-bank"].names == {"bank", "bank/ann"}
    assert VIEWERS["in-the-group"].names == {"vendor", GROUP}
    assert VIEWERS["public"].names == frozenset()
    assert Viewer(organisation="", user="ann").person == ""


@pytest.mark.parametrize(("marking", "is_open"), [(CLEAR, True), (Marking(tlp=Tlp.AMBER), False), (Marking(tlp=Tlp.AMBER, cases=frozenset({"c"})), True), (Marking(tlp=Tlp.RED, cases=frozenset({"c"})), False), (Marking(audience=frozenset({"a"})), False)], ids=["clear", "amber", "amber-with-case", "red-with-case", "addressed"])  # fmt: skip
def test_a_marking_is_open_where_neither_recipients_nor_its_label_narrow_it(marking, is_open):
    assert marking.is_open is is_open
