"""The tree over all records: however it grows, its heads and proofs are those of RFC 9162."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, text
from store_world import link, said_to, say, source, vote

from chokepoint.model.errors import LedgerError
from chokepoint.proof import merkle
from chokepoint.proof.merkle import Leaf, Span
from chokepoint.store import schema, tree
from chokepoint.store.tree import TILE, Edge, Growth, Log

SIZES = [0, 1, 2, 255, 256, 257, 511, 512, 600, 1025]


def leaf(number: int) -> bytes:
    return number.to_bytes(32, "big")


class World:
    """A records table of ids alone, and the tree over it."""

    def __init__(self) -> None:
        self.engine = create_engine("sqlite://")
        schema.metadata.create_all(self.engine)
        self.leaves: list[bytes] = []

    @contextmanager
    def open(self):
        with self.engine.begin() as connection:
            yield connection

    def grow(self, growth: Growth, count: int) -> None:
        first = len(self.leaves) + 1
        fresh = [leaf(number) for number in range(first, first + count)]
        rows = [{"seq": seq, "id": one} for seq, one in enumerate(fresh, first)]
        sql = "INSERT INTO records (seq, id, kind, salt, body) VALUES (:seq, :id, 1, x'', x'')"
        with self.open() as connection:
            if rows:
                connection.execute(text(sql), rows)
            growth.extend(connection, merkle.leaf_hashes(fresh))
        self.leaves += fresh

    def growth(self) -> Growth:
        with self.open() as connection:
            return Growth(connection, len(self.leaves))

    def tiles(self):
        with self.open() as connection:
            return connection.execute(text("SELECT * FROM tree ORDER BY level, number")).all()

    def log(self, connection) -> Log:
        return Log(connection, len(self.leaves))


@pytest.fixture
def small_tiles(monkeypatch):
    """Tiles of four, so that a tree of a hundred leaves has four levels of them."""
    monkeypatch.setattr(tree, "BITS", 2)
    monkeypatch.setattr(tree, "TILE", 4)


@given(st.lists(st.integers(0, 30), max_size=8))
def test_however_it_grows_the_head_is_that_of_the_rfc(small_tiles, steps):
    world, growth = World(), None
    growth = world.growth()
    for step in steps:
        world.grow(growth, step)
        assert growth.root() == merkle.root(world.leaves)
        assert growth.size == len(world.leaves)


@given(st.lists(st.integers(0, 30), max_size=8), st.data())
def test_an_edge_read_back_is_the_edge_that_grew(small_tiles, steps, data):
    world = World()
    growth = world.growth()
    for step in steps:
        world.grow(growth, step)
        if data.draw(st.booleans()):
            growth = world.growth()
    assert growth.root() == world.growth().root() == merkle.root(world.leaves)


@given(st.integers(0, 120))
def test_tiles_made_late_are_those_that_would_have_been_made(small_tiles, count):
    world = World()
    world.grow(world.growth(), count)
    kept = world.tiles()
    with world.open() as connection:
        connection.execute(text("DELETE FROM tree"))
    assert world.growth().root() == merkle.root(world.leaves)
    assert world.tiles() == kept


@settings(max_examples=25)
@given(st.integers(1, 150), st.data())
def test_every_proof_holds_under_the_heads_of_every_size(small_tiles, count, data):
    world = World()
    world.grow(world.growth(), count)
    size = data.draw(st.integers(1, count))
    old = data.draw(st.integers(1, size))
    number = data.draw(st.integers(0, size - 1))
    with world.open() as connection:
        log = world.log(connection)
        root = log.root(size)
        assert root == merkle.root(world.leaves[:size])
        hashes = log.inclusion(number, size)
        assert hashes == merkle.Tree(world.leaves[:size]).proof(number)
        merkle.check_inclusion(merkle.leaf_hash(world.leaves[number]), Leaf(number, size), (hashes, root))
        heads = merkle.root(world.leaves[:old]), root
        merkle.check_consistency(Span(0, old, size), heads, log.consistency(old, size))


@pytest.mark.parametrize("count", SIZES)
def test_with_tiles_of_256_the_heads_and_proofs_are_the_same(count):
    world = World()
    world.grow(world.growth(), count)
    assert [row.level for row in world.tiles()] == [1] * (count // 256)
    with world.open() as connection:
        log = world.log(connection)
        assert log.root() == world.growth().root() == merkle.root(world.leaves)
        for number in {0, count // 2, count - 1} - {-1} if count else set():
            assert log.inclusion(number) == merkle.Tree(world.leaves).proof(number)


def test_an_append_writes_a_row_only_when_a_tile_is_whole():
    world = World()
    growth = world.growth()
    world.grow(growth, 255)
    assert world.tiles() == []
    world.grow(growth, 1)
    assert [(row.level, row.number) for row in world.tiles()] == [(1, 0)]


def test_a_proof_reads_one_tile_a_level(monkeypatch):
    world = World()
    world.grow(world.growth(), 70_000)
    read = []
    monkeypatch.setattr(tree, "_nodes", _counting(read, tree._nodes))
    with world.open() as connection:
        log = world.log(connection)
        hashes = log.inclusion(65_535)
        assert len(hashes) == 17
        assert sum(read) <= 5 * 256
        assert log.consistency(65_536)


def _counting(read, nodes):
    def counted(*given):
        found = nodes(*given)
        read.append(len(found))
        return found

    return counted


@pytest.mark.parametrize(("number", "size"), [(-1, 5), (5, 5), (0, 6), (0, 0)])
def test_what_is_not_in_the_log_is_not_proved(number, size):
    world = World()
    world.grow(world.growth(), 5)
    with world.open() as connection, pytest.raises(LedgerError):
        world.log(connection).inclusion(number, size)


@pytest.mark.parametrize(("old", "size"), [(0, 5), (4, 3), (5, 6), (-1, 5)])
def test_no_proof_leads_from_where_nothing_was_or_to_where_nothing_is(old, size):
    world = World()
    world.grow(world.growth(), 5)
    with world.open() as connection, pytest.raises(LedgerError):
        world.log(connection).consistency(old, size)


def test_a_missing_tile_is_told():
    world = World()
    world.grow(world.growth(), 600)
    with world.open() as connection:
        connection.execute(text("DELETE FROM tree WHERE number = 0"))
        with pytest.raises(LedgerError, match="gap"):
            world.log(connection).root()


def heads_of(atlas):
    with atlas.engine.connect() as connection:
        ids = connection.execute(text("SELECT id FROM records ORDER BY seq")).scalars().all()
        return Log(connection, len(ids)).root(), merkle.root(ids)


def test_the_ledger_grows_its_tree_with_every_append(atlas):
    one = atlas("bank", "police")
    for part in range(3):
        path = f"{part}.txt"
        say(one, [link(f"{part}-{n}.example", "10.0.0.1", source(path)) for n in range(300)], [path])
        one.ledger.append(one.speaker(), [vote(["00" * 32])])
        kept, expected = heads_of(one)
        assert kept == expected


def test_two_writers_in_turn_grow_one_tree(atlas, opened):
    one = atlas("bank", "police")
    two = opened(one.folder, "police")
    for part in range(4):
        path = f"{part}.txt"
        writer = (one, two)[part % 2]
        say(writer, [link(f"{part}-{n}.example", "10.0.0.1", source(path)) for n in range(200)], [path])
    kept, expected = heads_of(one)
    assert kept == expected
    assert len(said_to(one)) == 800


def test_an_append_that_is_refused_leaves_the_tree_as_it_was(atlas):
    one = atlas("bank", "police")
    say(one, [link(f"{n}.example", "10.0.0.1") for n in range(300)])
    before = heads_of(one)
    with pytest.raises(LedgerError):
        say(one, [link("x.example", "10.0.0.1", source("not-given.txt"))])
    assert heads_of(one) == before
    say(one, [link("y.example", "10.0.0.1")])
    kept, expected = heads_of(one)
    assert kept == expected


@pytest.mark.parametrize(("tiles", "rest"), [(0, 1), (1, 0), (1, 3), (2, 255), (TILE + 1, 3)])
def test_an_edge_grown_by_heads_of_whole_tiles_is_that_of_their_leaves(tiles: int, rest: int) -> None:
    """As verification grows it, which may begin with a tile."""
    heads = [merkle.head([leaf(number)] * TILE) for number in range(tiles)]
    after = [leaf(number) for number in range(rest)]
    by_tile, by_leaf = Edge(), Edge()
    rows = by_tile.extend(heads, level=1) + by_tile.extend(after)
    expected = by_leaf.extend([leaf(number) for number in range(tiles) for _ in range(TILE)] + after)
    assert sorted(rows) == sorted(expected)
    assert (by_tile.size, by_tile.root()) == (by_leaf.size, by_leaf.root())
    assert by_tile.size == tiles * TILE + rest
