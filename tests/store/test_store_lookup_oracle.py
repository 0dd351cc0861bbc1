"""Every look-up against the same question asked of a plain list of what the viewer may see."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from crowd import ENTITIES, MEMBERS, VIEWERS, Told, as_viewer, opened
from store_world import record, seen_by

from chokepoint.model.identity import Entity
from chokepoint.store import lookup

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.desk.atlas import Atlas
    from chokepoint.model.marking import Marking


@pytest.fixture(scope="module")
def crowd(crowded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Atlas]:
    yield from opened(Path(shutil.copytree(crowded, tmp_path_factory.mktemp("crowd") / "atlas")))


@pytest.fixture(params=VIEWERS, ids=[name or "the public" for name in VIEWERS])
def told(crowd: Atlas, request: pytest.FixtureRequest) -> Iterator[Told]:
    yield from as_viewer(crowd, request.param)


def test_the_crowd_is_worth_asking(told: Told) -> None:
    seen = len(told.claims)
    assert seen < 160
    assert seen > (20 if told.reader.viewer.organisation == "" else 60)


def test_known_are_those_of_which_a_visible_claim_speaks(told: Told) -> None:
    found = lookup.known(told.reader, told.connection, [*ENTITIES, Entity("malware", "nowhere")])
    assert set(found) == told.named() & set(ENTITIES)
    assert {entity: told.eid(entity) for entity in found} == found


def test_known_of_nothing_is_nothing(told: Told) -> None:
    assert lookup.known(told.reader, told.connection, []) == {}


@pytest.mark.parametrize("prefix", ["a", "aa", "aaa.example", "A", "a%", "a_", "ค้า", "zzz", "example"])
@pytest.mark.parametrize("limit", [1, 3, 100])
def test_starting_is_the_beginning_of_the_sorted_list(told: Told, prefix: str, limit: int) -> None:
    fitting = sorted((one for one in told.named() if one.value.startswith(prefix)), key=_by_value)
    found = lookup.starting(told.reader, told.connection, prefix, limit)
    assert told.entities(found) == fitting[:limit]


def _by_value(entity: Entity) -> tuple[str, str]:
    return entity.value, entity.kind


def _by_length(entity: Entity) -> tuple[int, str, str]:
    return len(entity.value), entity.value, entity.kind


@pytest.mark.parametrize(
    "words", ["a", "aa", "exam", "EXAM", "b.ex", "%", "_", "a%b", "a_b", "ค้า", "\\", "zzz"]
)
@pytest.mark.parametrize("limit", [1, 4, 100])
def test_holding_is_what_holds_the_words_shortest_first(told: Told, words: str, limit: int) -> None:
    fitting = sorted((one for one in told.named() if words.lower() in one.value.lower()), key=_by_length)
    found = lookup.holding(told.reader, told.connection, words, limit)
    assert told.entities(found) == fitting[:limit]


def test_claims_are_counted_at_both_ends_and_once_where_both_are_one(told: Told) -> None:
    counted = Counter(
        end for one in told.claims for end in {one.claim.subject, one.claim.object} if isinstance(end, Entity)
    )
    eids = {told.eid(entity): entity for entity in told.named()}
    found = lookup.claim_counts(told.reader, told.connection, [*eids, 10_000_000])
    assert found.pop(10_000_000) == 0
    assert {eids[eid]: count for eid, count in found.items()} == dict(counted)


def test_what_is_about_an_entity_is_told_newest_first(told: Told) -> None:
    for entity in told.named():
        mine = [one.seq for one in told.claims if entity in (one.claim.subject, one.claim.object)]
        found = told.reader.about(told.connection, told.eid(entity))
        assert found == sorted(mine, reverse=True)
        assert told.reader.about(told.connection, told.eid(entity), limit=2) == found[:2]


def test_a_claims_path_is_the_one_under_which_its_contributor_took_it_in(told: Told) -> None:
    found = lookup.paths_of(told.reader, told.connection, [one.seq for one in told.claims])
    for one in told.claims:
        if one.seq in found:
            assert found[one.seq].split()[0] == one.contributor


def test_paths_of_what_is_hidden_are_not_told(told: Told, crowd: Atlas) -> None:
    whole = range(1, told.reader.position(told.connection) + 1)
    found = lookup.paths_of(told.reader, told.connection, whole)
    may = {capture for capture, _ in _captures(told)}
    assert len(set(found.values())) <= len(may)


def _captures(told: Told) -> list[tuple[str, Marking]]:
    found = lookup.captures_of(told.reader, told.connection, [one.seq for one in told.claims])
    return [(name, marking) for marking, name in found]


def test_captures_are_told_once_each_and_in_ledger_order(told: Told) -> None:
    names = [name for name, _ in _captures(told)]
    assert len(names) == len(set(names))
    where = {name: seq for seq, name, _ in told.reader.records(told.connection, "capture/1")}
    assert [where[name] for name in names] == sorted(where[name] for name in names)


def test_records_seen_are_the_claims_and_whatever_else_is_visible(told: Told) -> None:
    last = told.reader.position(told.connection)
    found = lookup.records_seen(told.reader, told.connection, range(1, last + 10))
    others = {
        seq
        for kind in ("capture/1", "identity/1", "organisation/2", "recall/1", "vote/2")
        for seq, _, _ in told.reader.records(told.connection, kind)
    }
    assert found == {one.seq for one in told.claims} | others


@pytest.mark.parametrize("length", [1, 6, 12, 64])
def test_a_claim_is_found_by_the_beginning_of_its_id(told: Told, length: int) -> None:
    ids = [one.id for one in told.claims]
    for name in ids[::7]:
        fitting = [one for one in ids if one.startswith(name[:length])]
        found = lookup.claim_ids(told.reader, told.connection, name[:length])
        assert len(found) == min(2, len(fitting))
        assert set(found) <= set(fitting)


def test_no_beginning_finds_what_is_hidden(told: Told, crowd: Atlas) -> None:
    mine = {one.id for one in told.claims}
    for member in MEMBERS:
        other = seen_by(crowd, member).reader
        with other.connect() as connection:
            names = [one.id for one in other.claims(connection, range(1, other.position(connection) + 1))]
        for name in set(names) - mine:
            assert lookup.claim_ids(told.reader, told.connection, name) == []


@pytest.mark.parametrize("words", ["x" * 65, "g", "AB", "0x12", " ", "%"])
def test_what_is_no_beginning_of_an_id_finds_nothing(told: Told, words: str) -> None:
    assert lookup.claim_ids(told.reader, told.connection, words) == []


@pytest.mark.parametrize("words", ["gold lowell", "Gold-Lowell", "GOLD", "samsam", "lowell gold", "nobody"])
def test_an_alias_is_borne_whatever_stands_between_its_words(told: Told, words: str) -> None:
    parts = [part for part in "".join(c if c.isalnum() else " " for c in words.lower()).split() if part]

    def bears(text: str) -> bool:
        at = 0
        for part in parts:
            at = text.lower().find(part, at)
            if at < 0:
                return False
            at += len(part)
        return True

    found = lookup.bearing(told.reader, told.connection, words)
    wanted = [
        one for one in told.claims if one.claim.property == "alias" and isinstance(one.claim.object, str)
    ]
    fitting = [one.seq for one in wanted if bears(str(one.claim.object))]
    assert {one.seq for one in found} >= set(fitting)
    assert all(one.claim.property == "alias" for one in found)
    assert [one.seq for one in found] == sorted(one.seq for one in found)


@pytest.mark.parametrize(
    "names", [("resolves-to",), ("resolves-to", "indicates"), ("alias",), ("never-said",), ()]
)
def test_links_are_listed_with_who_says_them_and_where(told: Told, names: tuple[str, ...]) -> None:
    eids = {told.eid(entity): entity for entity in told.named()}
    found = lookup.links_of(told.reader, told.connection, eids, names)
    assert [
        (eids[one.subject], one.property, eids[one.object], one.origin, one.contributor) for one in found
    ] == [
        (
            one.claim.subject,
            one.claim.property,
            one.claim.object,
            one.claim.provenance.origin,
            one.contributor,
        )
        for one in told.claims
        if one.claim.property in names and isinstance(one.claim.object, Entity)
    ]


def test_links_of_some_subjects_are_theirs_alone(told: Told) -> None:
    some = {told.eid(entity) for entity in sorted(told.named())[:3]}
    found = lookup.links_of(told.reader, told.connection, some, ("resolves-to", "indicates"))
    assert {one.subject for one in found} <= some


def test_texts_of_all_are_the_positions_of_all_texts(told: Told) -> None:
    texts = [one.seq for one in told.claims if isinstance(one.claim.object, str)]
    assert lookup.texts_of(told.reader, told.connection, None, limit=1_000) == texts


@pytest.mark.parametrize("limit", [0, 1, 5])
def test_a_search_for_texts_goes_one_past_its_limit_and_no_farther(told: Told, limit: int) -> None:
    eids = [told.eid(entity) for entity in told.named()]
    for subjects in (None, eids):
        found = lookup.texts_of(told.reader, told.connection, subjects, limit=limit)
        assert len(found) == limit + 1
        assert found == sorted(found)


def test_texts_of_nothing_are_none(told: Told) -> None:
    assert lookup.texts_of(told.reader, told.connection, [], limit=10) == []


def judgements(told: Told) -> list[tuple[Entity, Entity]]:
    """The visible judgements between things that the viewer's map names, in ledger order."""
    found = []
    for _, _, body in told.reader.records(told.connection, "identity/1"):
        said = msgspec.json.decode(body)["payload"]
        pair = Entity(*said["left"]), Entity(*said["right"])
        if set(pair) <= told.named():
            found.append(pair)
    return found


def test_judgements_are_told_newest_first_between_things_on_the_map(told: Told) -> None:
    found = lookup.sames(told.reader, told.connection, 100)
    assert [(one.left, one.right) for one in found] == judgements(told)[::-1]
    assert [one.id for one in lookup.sames(told.reader, told.connection, 2)] == [one.id for one in found[:2]]


def test_judgements_of_one_thing_are_those_that_name_it(told: Told) -> None:
    for entity in told.named():
        found = lookup.sames_of(told.reader, told.connection, told.eid(entity))
        assert [(one.left, one.right) for one in found] == [
            pair for pair in judgements(told) if entity in pair
        ]


def test_an_unknown_record_kind_reads_as_nothing(told: Told) -> None:
    assert list(told.reader.records(told.connection, "nothing/1")) == []


def test_a_record_between_two_readings_is_in_the_second_alone(crowd: Atlas) -> None:
    reader = crowd.reader
    with reader.connect() as connection:
        before = lookup.records_seen(reader, connection, range(1, 10_000))
        crowd.ledger.append(crowd.speaker(), [record("note/1", {"text": "later"})])
        assert lookup.records_seen(reader, connection, range(1, 10_000)) == before
    with reader.connect() as connection:
        assert len(lookup.records_seen(reader, connection, range(1, 10_000))) == len(before) + 1
