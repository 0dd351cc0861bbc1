"""Laws of all structured formats: what one record costs, what order and repetition change, and what is never silent."""

from __future__ import annotations

import json
from contextlib import suppress
from itertools import permutations

import pytest
from structured_reading import Reading, read
from structured_worlds import LINES, TREES, WORLDS, World

from chokepoint.collect.registry import collectors, recognise
from chokepoint.model.errors import BadInputError, ChokepointError
from chokepoint.package.place import Region
from chokepoint.store.base import claim_row

every_format = pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.name)
every_tree = pytest.mark.parametrize("world", TREES, ids=lambda world: world.name)


def told(world: World, records) -> Reading:
    return read(world.collector(), world.document(records))


def sentences(reading: Reading) -> set[tuple]:
    return {
        (str(c.subject), c.property, str(c.object), c.observed, c.nature, c.provenance.marking)
        for c in reading.claims
    }


def attempt(world: World, document) -> tuple[Reading, ChokepointError | None]:
    """What is read of a document, and why it was refused if it was."""
    try:
        return read(world.collector(), document), None
    except ChokepointError as refusal:
        return Reading(), refusal


def at(world: World, reading: Reading, number: int) -> set[tuple[str, str, str]]:
    """What is said in the record of that number."""
    return {
        (str(c.subject), c.property, str(c.object)) for c in reading.claims if world.holds(number, c.place)
    }


@every_format
def test_a_small_world_is_recognised_and_read_whole(world):
    document = world.document(world.records)
    assert recognise(document, collectors()).name == world.collector().name
    reading = told(world, world.records)
    assert reading.rejected == []
    assert all(at(world, reading, number) for number in range(len(world.records)))


@every_format
def test_every_place_is_found_again_in_the_document(world):
    document = world.document(world.records)
    regions = Region(document.data)
    for claim in told(world, world.records).claims:
        if claim.place != "file name":
            assert regions.at(claim.place)


@every_format
def test_the_order_of_records_does_not_matter(world):
    expected = sentences(told(world, world.records))
    for order in list(permutations(world.records))[1:6]:
        assert sentences(told(world, order)) == expected


@every_format
def test_a_record_that_stands_twice_says_nothing_new_and_loses_nothing(world):
    once, twice = told(world, world.records), told(world, [*world.records, *world.records])
    assert sentences(twice) == sentences(once)
    assert twice.rejected == []


@every_format
def test_a_document_that_is_read_twice_in_a_run_says_nothing_new(world):
    document = world.document(world.records)
    assert sentences(read(world.collector(), document, document)) == sentences(told(world, world.records))


@every_format
def test_a_record_less_takes_nothing_from_the_others(world):
    whole = sentences(told(world, world.records))
    for number in range(len(world.records)):
        fewer = sentences(told(world, [one for at, one in enumerate(world.records) if at != number]))
        assert fewer <= whole
        assert fewer != whole


@every_format
def test_splitting_a_document_in_two_says_the_same(world):
    halves = world.document(world.records[:1]), world.document(world.records[1:])
    assert sentences(read(world.collector(), *halves)) == sentences(told(world, world.records))


@every_format
def test_a_document_without_records_is_refused_or_says_nothing_of_any_record(world):
    reading = Reading()
    with suppress(BadInputError):
        reading = told(world, [])
    whole = told(world, world.records)
    assert not any(at(world, whole, number) & reading.said for number in range(len(world.records)))


ABSENT = [None, "", [], {}, [None], "  "]
"""Values that stand for nothing."""
ODD = [
    True,
    -1,
    1.5,
    10**30,
    "x",
    "\x00",
    "\u202e",
    "\ud800",
    "é" * 3_000,
    ["x"],
    {"a": 1},
    [[1]],
    [{"a": [1]}],
    {"": {"": 1}},
]
"""Values that are something, most of them of the wrong type wherever they stand."""


def put(tree, path, value):
    """The tree with another value at a path of keys and indices."""
    if not path:
        return value
    copy = dict(tree) if isinstance(tree, dict) else list(tree)
    copy[path[0]] = put(copy[path[0]], path[1:], value)
    return copy


def paths(tree, above=()):
    """Every path below the top."""
    if above:
        yield above
    entries = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in entries:
        yield from paths(value, (*above, key))


def spoilt(world: World, value):
    """The world's documents with that value at one place each, with the number of the record that it stands in."""
    for number, record in enumerate(world.records):
        for path in list(paths(record)) or [()]:
            yield number, path, put(list(world.records), (number, *path), value)


@every_tree
@pytest.mark.parametrize("value", [*ABSENT, *ODD], ids=lambda value: ascii(value)[:16])
def test_a_value_of_the_wrong_type_anywhere_costs_no_more_than_its_own_record(world, value):
    whole = told(world, world.records)
    others = {number: at(world, whole, number) for number in range(len(world.records))}
    for number, path, records in spoilt(world, value):
        reading = told(world, records)
        for other, said in others.items():
            if other != number:
                assert said <= at(world, reading, other) | reading.said, (path, other)
        for claim in reading.claims:
            if (
                "\0" not in f"{claim.subject.value}{claim.object}{claim.provenance.origin}"
            ):  # refused: by gather
                claim_row(claim, b"k" * 32)


@every_tree
@pytest.mark.parametrize("value", ODD, ids=lambda value: ascii(value)[:16])
def test_what_a_wrong_value_takes_away_is_never_taken_away_silently(world, value):
    whole = told(world, world.records)
    skipped = sum(whole.skipped.values())
    for number, path, records in spoilt(world, value):
        reading = told(world, records)
        lost = whole.said - reading.said
        something = (
            bool(reading.said - whole.said or reading.rejected) or sum(reading.skipped.values()) > skipped
        )
        assert not lost or something, (number, path, lost)


@every_tree
@pytest.mark.parametrize("value", [["x"], {"a": 1}], ids=["list", "mapping"])
def test_each_rejection_names_the_record_that_it_is_of_and_how_to_mend_it(world, value):
    for number, path, records in spoilt(world, value):
        for one in told(world, records).rejected:
            assert world.holds(number, one.place), (path, one)
            assert "Mend: " in one.reason, one


@every_tree
@pytest.mark.parametrize("junk", [None, True, 5, 1.5, "junk", [], {}, ["x"], {"a": 1}], ids=repr)
def test_among_records_what_is_none_is_reported_and_the_others_are_taken(world, junk):
    whole = told(world, world.records)
    reading = told(world, [*world.records, junk])
    assert whole.said <= reading.said
    assert reading.rejected or reading.skipped - whole.skipped or reading.said - whole.said
    for one in reading.rejected:
        assert world.holds(len(world.records), one.place) or "line" in one.place, one
        assert "Mend: " in one.reason


@every_tree
@pytest.mark.parametrize("depth", [5, 60, 300, 2_000])
def test_a_value_nested_too_deep_never_breaks_a_reader(world, depth):
    for opening, closing in (("[", "]"), ('{"a":', "}")):
        nested = opening * depth + "1" + closing * depth
        document = world.document([*world.records, "@deep@"])
        data = document.data.replace(b'"@deep@"', nested.encode())
        reading, refused = attempt(world, type(document)(path=document.path, data=data))
        assert reading.claims or (refused and depth >= 60)


CUTS = [0.1, 0.3, 0.5, 0.7, 0.9, 0.99]


@every_format
@pytest.mark.parametrize("share", CUTS)
def test_a_document_cut_off_is_refused_with_a_place_or_gives_what_stood_before_the_cut(world, share):
    document = world.document(world.records)
    cut = type(document)(path=document.path, data=document.data[: int(len(document.data) * share)])
    reading, refused = attempt(world, cut)
    assert refused is None or (refused.reason and (refused.place or refused.mend))
    whole = told(world, world.records)
    last = {claim for claim in reading.said if claim not in whole.said}
    assert len(last) <= 6, "more than what the last record can have become"


@pytest.mark.parametrize("world", LINES, ids=lambda world: world.name)
@pytest.mark.parametrize(
    "junk",
    ["\x00", "\u202eevil", "\ufffd" * 50, "a" * 40_000, '"open quote', ",,,,,,,,,,,", "\t", "<not><closed>"],
    ids=lambda junk: ascii(junk)[:14],
)
def test_a_line_of_rubbish_costs_no_more_than_itself(world, junk):
    if world.name == "stix1":
        junk = junk.replace("<", "&lt;").replace("\x00", "&#32;")
    whole = told(world, world.records)
    reading = told(world, [*world.records, junk])
    assert whole.said <= reading.said


@every_format
@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_another_encoding_of_the_same_text_says_the_same(world, encoding):
    document = world.document(world.records)
    encoded = type(document)(path=document.path, data=document.data.decode().encode(encoding))
    assert sentences(read(world.collector(), encoded)) == sentences(told(world, world.records))


@every_tree
def test_keys_that_stand_twice_nan_and_lone_surrogates_are_reported_and_the_rest_is_read(world):
    document = world.document([*world.records, "@odd@"])
    odd = b'{"k": 1, "k": 2, "nan": NaN, "lone": "\\ud800"}'
    reading = read(
        world.collector(), type(document)(path=document.path, data=document.data.replace(b'"@odd@"', odd))
    )
    assert told(world, world.records).said <= reading.said
    assert reading.rejected
    if document.data.startswith((b"{", b"[")):
        assert any("more than once" in one.reason for one in reading.rejected)
        assert any("NaN" in one.reason for one in reading.rejected)
        assert any("surrogate" in one.reason for one in reading.rejected)


@every_tree
def test_pretty_printing_changes_no_sentence(world):
    document = world.document(world.records)
    if document.data.startswith((b"{", b"[")):
        pretty = json.dumps(
            json.loads(document.data), indent=2, ensure_ascii=False, separators=(" , ", " : ")
        ).encode()
        assert sentences(
            read(world.collector(), type(document)(path=document.path, data=pretty))
        ) == sentences(told(world, world.records))
