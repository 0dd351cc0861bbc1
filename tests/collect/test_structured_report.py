"""What `collect --json` tells of each format, key by key as the contract has it, beside what its collector said."""

from __future__ import annotations

import hashlib
from collections import Counter

import pytest
from structured_reading import read
from structured_worlds import WORLDS, World

from chokepoint.model.identity import Entity
from cli_desk import Desk

KEYS = {"path", "format", "capture", "claims", "entities", "links", "rejected", "skipped"}
every_format = pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.name)


def file_of(world: World, kind: str) -> str:
    return f"{kind}-{world.name}/{world.document(world.records).path}"


def documents(world: World) -> dict[str, bytes]:
    """A sound and a damaged file of the format: the second holds a record that is none."""
    damaged = [*world.records, '<stix:Indicator id="x:none"/>' if world.name == "stix1" else "@@none"]
    return {
        file_of(world, "sound"): world.document(world.records).data,
        file_of(world, "damaged"): world.document(damaged).data,
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("formats")
    for world in WORLDS:
        for path, data in documents(world).items():
            (root / path).parent.mkdir(exist_ok=True)
            (root / path).write_bytes(data)
    return root


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> Desk:
    desk = Desk(tmp_path_factory.mktemp("desk") / "atlas")
    desk.ok("init")
    return desk


@pytest.fixture(scope="module")
def told(desk, folder) -> dict:
    return desk.json("collect", str(folder), "--yes")


@pytest.fixture(scope="module")
def files(told) -> dict[str, dict]:
    return {file["path"]: file for file in told["files"]}


@every_format
@pytest.mark.parametrize("kind", ["sound", "damaged"])
def test_a_file_has_every_key_of_the_contract_in_its_shape(files, world, kind):
    file = files[file_of(world, kind)]
    assert set(file) >= KEYS
    assert file["format"] == world.collector().name
    assert set(file["claims"]) == {"new", "known"}
    for counts in (file["entities"], file["links"], file["skipped"]):
        assert all(isinstance(name, str) and count > 0 for name, count in counts.items())
    for part in file["rejected"]:
        assert set(part) == {"place", "reason"}
        assert part["place"]
        assert "Mend: " in part["reason"]


@every_format
@pytest.mark.parametrize("kind", ["sound", "damaged"])
def test_the_capture_is_the_hash_of_the_very_bytes(files, folder, world, kind):
    path = file_of(world, kind)
    assert files[path]["capture"] == hashlib.sha256((folder / path).read_bytes()).hexdigest()


@every_format
def test_a_sound_file_counts_what_its_collector_said(files, world):
    file, reading = files[file_of(world, "sound")], read(world.collector(), world.document(world.records))
    entities = {claim.subject for claim in reading.claims} | {
        claim.object for claim in reading.claims if isinstance(claim.object, Entity)
    }
    links = {(c.subject, c.property, c.object) for c in reading.claims if isinstance(c.object, Entity)}
    assert file["claims"] == {"new": len(set(reading.claims)), "known": 0}
    assert file["entities"] == dict(Counter(entity.kind for entity in entities))
    assert file["links"] == dict(Counter(name for _, name, _ in links))
    assert file["skipped"] == dict(reading.skipped)
    assert file["rejected"] == []


@every_format
def test_a_damaged_file_loses_nothing_sound_and_names_what_was_none(files, world):
    sound, damaged = files[file_of(world, "sound")], files[file_of(world, "damaged")]
    for key in ("entities", "links"):
        assert all(damaged[key].get(name, 0) >= count for name, count in sound[key].items())
    noted = damaged["rejected"] or Counter(damaged["skipped"]) - Counter(sound["skipped"])
    assert noted or damaged["claims"]["new"] > sound["claims"]["new"]


def test_the_totals_add_up_the_files(told):
    totals, files = told["totals"], told["files"]
    assert totals["claims"]["new"] == sum(file["claims"]["new"] for file in files)
    assert totals["claims"]["known"] == sum(file["claims"]["known"] for file in files)
    assert totals["rejected"] == sum(len(file["rejected"]) for file in files)
    added = Counter()
    for file in files:
        added.update(file["skipped"])
    assert totals["skipped"] == dict(added)


def test_collecting_the_folder_again_adds_nothing_and_knows_everything(desk, folder, told):
    again = desk.json("collect", str(folder), "--yes")
    new, known = told["totals"]["claims"]["new"], told["totals"]["claims"]["known"]
    assert again["totals"]["claims"] == {"new": 0, "known": new + known}
    for before, after in zip(told["files"], again["files"], strict=True):
        for key in KEYS - {"claims"}:
            assert after[key] == before[key], (before["path"], key)


@every_format
def test_the_format_can_be_asked_for_by_its_name(desk, folder, world):
    name = world.collector().name
    [file] = desk.json("collect", str(folder / file_of(world, "sound")), "--format", name)["files"]
    assert file["format"] == name


def test_the_report_for_people_says_what_came_in_and_what_was_refused(desk, folder):
    said = desk.ok("collect", str(folder / file_of(WORLDS[0], "damaged")))
    assert "stix2" in said
    assert "/objects/6" in said
    assert "Mend: " in said
