"""One contract for all structured collectors: what they recognise, that nothing is lost or breaks them."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structured_reading import CLASSES, SAMPLES, Reading, read, sample

from chokepoint.collect.base import Document
from chokepoint.collect.ofac import Ofac
from chokepoint.model.claim import Claim
from chokepoint.model.errors import BadInputError, ChokepointError
from chokepoint.model.identity import Entity
from chokepoint.model.marking import Marking, Tlp
from chokepoint.model.vocabulary import vocabulary
from chokepoint.package.place import Region, holds
from chokepoint.store.base import claim_row, read_claim
from chokepoint.values.registry import value_type

NAMES = sorted(SAMPLES)
BY_NAME = {cls.name: cls for cls in CLASSES}


def fresh(name: str):
    return BY_NAME[SAMPLES[name]]()


def read_sample(name: str, **more) -> Reading:
    return read(fresh(name), sample(name, **more))


@pytest.mark.parametrize("name", NAMES)
def test_each_sample_is_recognised_by_its_own_collector_alone(name):
    assert [cls.name for cls in CLASSES if cls().recognises(sample(name))] == [SAMPLES[name]]


@pytest.mark.parametrize("name", [name for name in NAMES if SAMPLES[name] != "ofac"])
def test_the_name_of_a_file_has_no_part_in_recognising_it(name):
    renamed = sample(name, path="x.dat")
    assert [cls.name for cls in CLASSES if cls().recognises(renamed)] == [SAMPLES[name]]


@pytest.mark.parametrize("name", [name for name in NAMES if SAMPLES[name] == "ofac"])
def test_no_list_of_addresses_is_called_sanctioned_without_anybody_saying_so(name):
    assert not Ofac().recognises(sample(name, path="x.txt"))
    assert not Ofac().recognises(sample(name, path="addresses_BTC.txt"))


@pytest.mark.parametrize("name", [name for name in NAMES if not name.endswith(".txt")])
def test_a_byte_order_mark_does_not_hide_a_format(name):
    document = sample(name)
    assert fresh(name).recognises(replace(document, data=b"\xef\xbb\xbf" + document.data))


@pytest.mark.parametrize("name", NAMES)
def test_every_claim_speaks_the_vocabulary_and_fits_the_ledger(name):
    words, document = vocabulary(), sample(name)
    reading = read(fresh(name), document)
    assert reading.claims or reading.skipped or reading.rejected
    for claim in reading.claims:
        prop = words.property(claim.property)
        assert words.kind(claim.subject.kind)
        assert prop.is_link == isinstance(claim.object, Entity), claim
        if isinstance(claim.object, Entity):
            assert words.kind(claim.object.kind)
            assert claim.object != claim.subject
        else:
            assert claim.object.strip()
        row = claim_row(claim, b"k" * 32)
        assert read_claim(row.payload, claim.provenance.marking) == claim


@pytest.mark.parametrize("name", NAMES)
def test_every_claim_points_into_its_capture(name):
    document = sample(name)
    for claim in read(fresh(name), document).claims:
        assert claim.place
        assert claim.provenance.capture == document.sha256
        assert claim.provenance.origin


@pytest.mark.parametrize("name", NAMES)
def test_every_value_is_in_its_normal_form(name):
    for claim in read_sample(name).claims:
        for entity in (claim.subject, claim.object):
            if isinstance(entity, Entity):
                assert value_type(entity.kind).parse(entity.value) == entity.value


@pytest.mark.parametrize("name", NAMES)
def test_every_place_can_be_found_again(name):
    document = sample(name)
    lines = document.data.count(b"\n") + 1
    for claim in read(fresh(name), document).claims:
        if claim.place.startswith("line"):
            first, _, last = claim.place.split()[1].rstrip(",").partition("-")
            assert 1 <= int(first) <= int(last or first) <= lines
        else:
            assert claim.place.startswith("/")


WORDED_BY_US = {"attribute", "pattern", "identifier", "targets", "located-in"}


@pytest.mark.parametrize("name", NAMES)
def test_who_reads_the_place_sees_the_subject_or_the_object(name):
    document = sample(name)
    regions = Region(document.data)
    for claim in read(fresh(name), document).claims:
        if claim.property not in WORDED_BY_US:
            there = regions.at(claim.place)
            assert holds(there, claim.subject, claim.raw) or holds(there, claim.object), claim


@pytest.mark.parametrize("name", NAMES)
def test_intervals_are_never_empty_or_reversed(name):
    for claim in read_sample(name).claims:
        if claim.observed and claim.observed.start and claim.observed.end:
            assert claim.observed.start < claim.observed.end


@pytest.mark.parametrize("name", NAMES)
def test_reading_twice_gives_the_same(name):
    assert read_sample(name).claims == read_sample(name).claims


@pytest.mark.parametrize("name", NAMES)
def test_no_content_ever_loosens_the_marking_of_its_document(name):
    strict = read_sample(name, marking=Marking(tlp=Tlp.RED))
    assert all(claim.provenance.marking.tlp == Tlp.RED for claim in strict.claims)


@pytest.mark.parametrize("name", NAMES)
def test_an_origin_that_a_person_names_is_never_overridden(name):
    reading = read_sample(name, origin="Desk 4", origin_given=True)
    assert {claim.provenance.origin for claim in reading.claims} <= {"Desk 4"}


@pytest.mark.parametrize("name", NAMES)
def test_a_truncated_file_is_bad_input_with_a_reason_and_never_a_crash(name):
    document, reasons = sample(name), []
    for share in (0.2, 0.5, 0.8, 0.97):
        cut = replace(document, data=document.data[: int(len(document.data) * share)])
        try:
            read(fresh(name), cut)
        except ChokepointError as error:
            reasons.append(error.reason)
    assert all(reasons)


@pytest.mark.parametrize("name", NAMES)
def test_flipped_bytes_never_break_a_collector(name):
    document, dice, reasons = sample(name), random.Random(name), []  # noqa: S311 - damage, not secrets
    for _ in range(12):
        data = bytearray(document.data)
        for _ in range(dice.randint(1, 8)):
            data[dice.randrange(len(data))] = dice.randrange(256)
        damaged = replace(document, data=bytes(data))
        collector = fresh(name)
        collector.recognises(damaged)
        try:
            for claim in read(collector, damaged).claims:
                claim_row(claim, b"k" * 32)
        except ChokepointError as error:
            reasons.append(error.reason)
    assert all(reasons)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.binary(max_size=400), st.sampled_from(["", "[", "{", "tags:\n- ", "- name: ", "<stix:STIX_Package "])
)
def test_recognising_never_raises(data, start):
    document = Document(path="sanctioned_BTC.txt", data=start.encode() + data)
    for cls in CLASSES:
        assert cls().recognises(document) in (True, False)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=8) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


def put(tree, path, value):
    """The JSON tree with another value at a path of keys and indices."""
    if not path:
        return value
    copy = dict(tree) if isinstance(tree, dict) else list(tree)
    copy[path[0]] = put(copy[path[0]], path[1:], value)
    return copy


def paths(tree, above=()):
    yield above
    entries = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in entries:
        yield from paths(value, (*above, key))


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_value_of_the_wrong_type_anywhere_costs_no_more_than_its_own_part(data):
    name = data.draw(st.sampled_from([name for name in NAMES if name.endswith(".json")]))
    tree = json.loads(sample(name).data)
    where = data.draw(st.sampled_from(list(paths(tree))[1:]))
    broken = json.dumps(put(tree, where, data.draw(JUNK))).encode()
    try:
        reading = read(fresh(name), replace(sample(name), data=broken))
    except BadInputError:
        return
    for claim in reading.claims:
        claim_row(claim, b"k" * 32)


def test_each_collector_has_a_name_of_its_own():
    names = sorted(cls.name for cls in CLASSES)
    assert all(left != right for left, right in pairwise(names))


def test_finishing_an_unused_collector_gives_nothing():
    for cls in CLASSES:
        assert list(cls().finish()) == []


@pytest.mark.parametrize("name", NAMES)
def test_finishing_twice_says_nothing_twice(name):
    collector = fresh(name)
    list(collector.read(sample(name)))
    list(collector.finish())
    assert [item for _, item in collector.finish() if isinstance(item, Claim)] == []
