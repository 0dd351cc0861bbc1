"""Who may see what a STIX object says: markings of every spelling, and what happens to those nobody can read."""

from __future__ import annotations

from itertools import permutations

import pytest
from stix2_making import AMBER, EVIL, RED_2, RYUK, WHEN, relation, sid, thing, told
from structured_reading import made, read

from chokepoint.collect.stix2 import Stix2
from chokepoint.collect.stix2.markings import PERMISSIBLE, PREDEFINED, read_marking
from chokepoint.model.errors import NotValidError
from chokepoint.model.marking import Marking, Pap, Tlp

TLP_2 = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"


def definition(**more) -> dict:
    return {"type": "marking-definition", "id": sid("marking-definition", 77), "created": WHEN, **more}


def extension(label) -> dict:
    return {"extensions": {TLP_2: {"extension_type": "property-extension", "tlp_2_0": label}}}


def marked(marking: dict, **more) -> dict:
    return {**EVIL, "object_marking_refs": [marking["id"]], **more}


def labels(reading) -> set[Tlp]:
    return {claim.provenance.marking.tlp for claim in reading.claims}


@pytest.mark.parametrize(
    ("written", "tlp", "pap"),
    [
        pytest.param(
            {"definition_type": "tlp", "definition": {"tlp": "white"}}, Tlp.CLEAR, 0, id="tlp1-white"
        ),
        pytest.param(
            {"definition_type": "tlp", "definition": {"tlp": "amber"}}, Tlp.AMBER, 0, id="tlp1-amber"
        ),
        pytest.param(
            {"definition_type": "tlp", "definition": {"tlp": "RED"}}, Tlp.RED, 0, id="tlp1-capitals"
        ),
        pytest.param({"name": "TLP:GREEN"}, Tlp.GREEN, 0, id="name-alone"),
        pytest.param(
            {"name": "TLP:AMBER+STRICT", **extension("amber+strict")}, Tlp.AMBER_STRICT, 0, id="tlp2"
        ),
        pytest.param(extension("red"), Tlp.RED, 0, id="tlp2-without-a-name"),
        pytest.param({"name": "TLP:GREEN", **extension("red")}, Tlp.RED, 0, id="strictest-of-two-labels"),
        pytest.param({"name": "PAP:AMBER"}, Tlp.CLEAR, Pap.AMBER, id="pap-by-name"),
        pytest.param({"name": "PAP:WHITE"}, Tlp.CLEAR, Pap.CLEAR, id="pap-white"),
        pytest.param({"name": "PAP:MAUVE"}, Tlp.CLEAR, Pap.RED, id="unknown-pap-is-the-strictest"),
        pytest.param(
            {"definition_type": "PAP", "x_opencti_definition": "PAP:RED"},
            Tlp.CLEAR,
            Pap.RED,
            id="opencti-pap",
        ),
        pytest.param(
            {"definition_type": "statement", "definition": {"statement": "TLP:RED"}},
            Tlp.RED,
            0,
            id="label-as-statement",
        ),
        pytest.param(
            {"definition_type": "statement", "definition": {"statement": "(c) CERT-B"}},
            Tlp.CLEAR,
            0,
            id="statement",
        ),
        pytest.param({}, Tlp.CLEAR, 0, id="nothing-said"),
    ],
)
def test_a_definition_asks_for_its_strictest_label(written, tlp, pap):
    assert read_marking(definition(**written)) == Marking(tlp=tlp, pap=Pap(pap))


@pytest.mark.parametrize(
    "written",
    [
        pytest.param({"definition_type": "tlp", "definition": {"tlp": "purple"}}, id="unknown-colour"),
        pytest.param({"definition_type": "tlp", "definition": {"tlp": ["red"]}}, id="list-for-label"),
        pytest.param({"definition_type": "tlp", "definition": "red"}, id="text-for-definition"),
        pytest.param({"definition_type": "tlp"}, id="no-definition"),
        pytest.param({"definition_type": "ais", "definition": {"consent": "none"}}, id="foreign-kind"),
        pytest.param({"extensions": {"extension-definition--x": {"level": 9}}}, id="foreign-extension"),
        pytest.param(extension("purple"), id="unknown-colour-of-tlp2"),
        pytest.param(extension(None), id="null-of-tlp2"),
        pytest.param({"name": "TLP:PURPLE"}, id="unknown-colour-by-name"),
    ],
)
def test_a_marking_that_nobody_can_read_hides_what_it_marks(written):
    marking = definition(**written)
    with pytest.raises(NotValidError):
        read_marking(marking)
    reading = told(marking, marked(marking), RYUK)
    assert {str(claim.subject) for claim in reading.claims} == {"malware:ryuk"}
    assert [one.place for one in reading.rejected] == ["/objects/0", "/objects/1"]
    assert all("Mend: " in one.reason for one in reading.rejected)


def test_what_a_refused_object_stands_for_is_named_by_no_relationship_report_or_sighting():
    marking = definition(**extension("purple"))
    hidden = marked(marking)
    speaking = (
        relation(hidden["id"], "indicates", RYUK["id"]),
        thing("report", name="On evil", published=WHEN, object_refs=[hidden["id"], RYUK["id"]]),
        thing("sighting", sighting_of_ref=hidden["id"]),
        thing("note", content="seen", object_refs=[hidden["id"]]),
    )
    for order in (speaking, speaking[::-1]):
        reading = told(*order, hidden, marking, RYUK)
        assert not any("evil.com" in f"{claim.subject} {claim.object}" for claim in reading.claims)
        assert reading.skipped["relationship of a STIX object under a marking that was refused"] == 1


@pytest.mark.parametrize(
    ("number", "tlp"),
    list(PREDEFINED.items()),
    ids=[one.name + str(n) for n, one in enumerate(PREDEFINED.values())],
)
def test_each_fixed_id_needs_no_definition(number, tlp):
    reading = told({**EVIL, "object_marking_refs": [f"marking-definition--{number}"]})
    assert labels(reading) == {tlp}
    assert not reading.skipped


@pytest.mark.parametrize(("number", "pap"), list(PERMISSIBLE.items()), ids=[one.name for one in Pap])
def test_each_fixed_id_of_what_one_may_do_needs_no_definition(number, pap):
    """An indicator under PAP:RED is looked up nowhere, though its bundle leaves the definition out."""
    reading = told({**EVIL, "object_marking_refs": [f"marking-definition--{number}", RED_2]})
    assert {claim.provenance.marking for claim in reading.claims} == {Marking(tlp=Tlp.RED, pap=pap)}
    assert not reading.skipped


def test_a_fixed_id_cannot_be_redefined_to_something_looser():
    loose = {**definition(name="TLP:CLEAR"), "id": RED_2}
    assert labels(told(loose, {**EVIL, "object_marking_refs": [RED_2]})) == {Tlp.RED}


UNDEFINED = sid("marking-definition", 5)


@pytest.mark.parametrize(
    "written",
    [
        pytest.param({"object_marking_refs": [UNDEFINED]}, id="of the object"),
        pytest.param({"object_marking_refs": UNDEFINED}, id="without a list"),
        pytest.param({"object_marking_refs": ["TLP:GREEN"]}, id="no id"),
        pytest.param({"object_marking_refs": [{"id": UNDEFINED}]}, id="mapping for an id"),
        pytest.param({"object_marking_refs": [""]}, id="empty"),
        pytest.param({"object_marking_refs": [None]}, id="null"),
        pytest.param(
            {"granular_markings": [{"marking_ref": UNDEFINED, "selectors": ["name"]}]}, id="of a field"
        ),
        pytest.param({"granular_markings": [{"selectors": ["name"]}]}, id="of a field without a reference"),
        pytest.param({"granular_markings": ["red"]}, id="text for a field's marking"),
    ],
)
def test_what_a_marking_defined_in_no_file_marks_is_for_the_collectors_organisation_alone(written):
    reading = told({**EVIL, **written}, RYUK)
    assert {c.provenance.marking for c in reading.claims if "evil.com" in str(c.subject)} == {
        Marking(tlp=Tlp.AMBER_STRICT)
    }
    assert {c.provenance.marking for c in reading.claims if "ryuk" in str(c.subject)} <= {Marking()}
    assert sum(count for rule, count in reading.skipped.items() if "none of the files" in rule) == 1


def test_an_undefined_marking_beside_a_red_one_leaves_it_red():
    reading = told({**EVIL, "object_marking_refs": [UNDEFINED, RED_2]})
    assert labels(reading) == {Tlp.RED}


def test_a_relationship_under_an_undefined_marking_is_for_the_collectors_organisation_alone():
    said = relation(EVIL["id"], "indicates", RYUK["id"], object_marking_refs=[UNDEFINED])
    reading = told(EVIL, RYUK, said)
    assert reading.claim("domain-name:evil.com", "indicates").provenance.marking.tlp is Tlp.AMBER_STRICT
    assert sum(count for rule, count in reading.skipped.items() if "none of the files" in rule) == 1


def test_a_defined_statement_and_the_copyright_of_mitre_restrict_nobody():
    statement = definition(definition_type="statement", definition={"statement": "(c) CERT-B"})
    mitre = "marking-definition--fa42a846-8d90-4e51-bc29-71d5b4802168"
    reading = told(statement, {**EVIL, "object_marking_refs": [statement["id"], mitre]})
    assert labels(reading) == {Tlp.CLEAR}
    assert not [rule for rule in reading.skipped if "none of the files" in rule]


def test_the_copyright_of_mitre_defined_as_a_label_is_as_strict_as_that():
    mitre = "marking-definition--fa42a846-8d90-4e51-bc29-71d5b4802168"
    strict = {**definition(name="TLP:RED"), "id": mitre}
    assert labels(told(strict, {**EVIL, "object_marking_refs": [mitre]})) == {Tlp.RED}


def test_the_language_of_a_field_restricts_nobody():
    reading = told({**EVIL, "granular_markings": [{"lang": "de", "selectors": ["name"]}]})
    assert labels(reading) == {Tlp.CLEAR}


RED = {"object_marking_refs": [RED_2]}


@pytest.mark.parametrize(
    ("speaking", "prop"),
    [
        pytest.param(relation(EVIL["id"], "indicates", RYUK["id"]), "indicates", id="relationship"),
        pytest.param(thing("sighting", sighting_of_ref=EVIL["id"]), "observation", id="sighting"),
        pytest.param(thing("note", content="c", object_refs=[EVIL["id"]]), "observation", id="note"),
        pytest.param(
            thing("opinion", opinion="agree", object_refs=[EVIL["id"]]), "observation", id="opinion"
        ),
    ],
)
def test_who_speaks_of_a_red_object_is_as_red_as_it(speaking, prop):
    for order in permutations([{**EVIL, **RED}, RYUK, speaking]):
        reading = told(*order)
        about_evil = [claim for claim in reading.claims if "evil.com" in f"{claim.subject} {claim.object}"]
        assert prop in {claim.property for claim in about_evil}
        assert {claim.provenance.marking.tlp for claim in about_evil} == {Tlp.RED}


def test_a_relationship_is_as_red_as_its_target_too():
    reading = told(EVIL, {**RYUK, **RED}, relation(EVIL["id"], "indicates", RYUK["id"]))
    assert reading.claim("domain-name:evil.com", "indicates").provenance.marking.tlp == Tlp.RED


def test_a_report_is_as_red_as_what_it_is_about_and_mentions_the_rest_as_red_as_that():
    group = thing("intrusion-set", 5, name="Fox")
    report = thing("report", name="Ryuk again", published=WHEN, object_refs=[RYUK["id"], group["id"]])
    clear = told(report, RYUK, {**group, **RED})
    assert clear.claim("malware:ryuk", "mentioned-in").provenance.marking.tlp == Tlp.CLEAR
    assert clear.claim("group:fox", "mentioned-with").provenance.marking.tlp == Tlp.RED
    hidden = told(report, {**RYUK, **RED}, group)
    assert {c.provenance.marking.tlp for c in hidden.claims if "ryuk" in f"{c.subject}{c.object}"} == {
        Tlp.RED
    }


def test_observed_data_and_what_resolves_are_as_red_as_the_address_they_name():
    address = {**thing("ipv4-addr", value="1.2.3.4"), **RED}
    host = thing("domain-name", value="evil.com", resolves_to_refs=[address["id"]])
    seen = thing(
        "observed-data",
        first_observed=WHEN,
        last_observed=WHEN,
        number_observed=1,
        object_refs=[address["id"]],
    )
    reading = told(seen, host, address)
    assert {c.provenance.marking.tlp for c in reading.claims if "1.2.3.4" in f"{c.subject} {c.object}"} == {
        Tlp.RED
    }


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_a_red_object_in_a_file_of_its_own_reddens_what_other_files_say_of_it(order):
    link = relation(EVIL["id"], "indicates", RYUK["id"])
    files = [made(one, path=f"{n}.json") for n, one in enumerate([{**EVIL, **RED}, RYUK, link])]
    reading = read(Stix2(), *(files[n] for n in order))
    claims = [claim for claim in reading.claims if "evil.com" in f"{claim.subject} {claim.object}"]
    assert {claim.provenance.marking.tlp for claim in claims} == {Tlp.RED}


def test_two_markings_of_one_object_join_to_the_stricter_of_each_scale():
    pap = definition(name="PAP:AMBER")
    marking = told(pap, marked(pap, object_marking_refs=[AMBER, pap["id"]])).claims[0].provenance.marking
    assert (marking.tlp, marking.pap) == (Tlp.AMBER, Pap.AMBER)


def test_an_entry_of_granular_markings_that_is_only_a_language_marks_nothing():
    reading = told({**EVIL, "granular_markings": [{"lang": "de", "selectors": ["name"]}]})
    assert labels(reading) == {Tlp.CLEAR}
