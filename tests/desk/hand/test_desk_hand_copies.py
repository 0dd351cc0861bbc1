"""A copy for each recipient: who leaks one is known by it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from desk_corpus import SHARED, two_sources
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.desk.gather import gather
from chokepoint.desk.hand import Dispatch, build
from chokepoint.desk.hand.copies import copies, folder_name
from chokepoint.desk.handing.dissemination import handed, standing_of, withdraw
from chokepoint.desk.handing.publish import MARK, read
from chokepoint.desk.vetting.review import vote
from chokepoint.model.errors import RefusedError
from chokepoint.model.judgement import Vote
from chokepoint.package.verify import signed_manifest, verify

if TYPE_CHECKING:
    from pathlib import Path

    from desk_world import World

    from chokepoint.desk.atlas import Atlas

TWO = Dispatch(recipients=frozenset({"police", "vendor"}))


@pytest.fixture
def bank(world: World, tmp_path: Path) -> Atlas:
    """The bank, with two publishers' claims that police and vendor confirmed."""
    gather(world.open("bank"), [two_sources(tmp_path / "in")])
    bank = world.open("bank")
    with bank.reader.connect() as connection:
        seqs = bank.reader.links(connection).seq.tolist()
    for who in ("police", "vendor"):
        vote(world.open(who), world.ids(who, seqs), Vote.CONFIRM, "seen")
    return world.open("bank")


def names_of_copies(folder: Path) -> set[str]:
    text = b"".join(read(folder).values()).decode("utf-8", "replace")
    return {signed_manifest(read(folder)).copy} & set(re.findall("[0-9a-f]{16}", text))


def test_each_of_several_recipients_gets_a_package_of_its_own_that_is_proved(
    bank: Atlas, tmp_path: Path
) -> None:
    built = build(bank, SHARED[0], tmp_path / "out", TWO)
    assert built.copies == {"police": tmp_path / "out" / "police", "vendor": tmp_path / "out" / "vendor"}
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"police", "vendor"}
    assert all(verify(read(folder)).proved for folder in built.copies.values())
    assert built.to_json()["copies"]["police"] == str(tmp_path / "out" / "police")


def test_copies_say_the_same_but_for_the_name_of_the_copy(bank: Atlas, tmp_path: Path) -> None:
    built = build(bank, SHARED[0], tmp_path / "out", TWO)
    police, vendor = (signed_manifest(read(built.copies[who])) for who in ("police", "vendor"))
    assert police.claims == vendor.claims
    assert len({police.copy, vendor.copy, ""}) == 3
    reports = [
        read(built.copies[who])["report.html"].replace(manifest.copy.encode(), b"COPY")
        for who, manifest in (("police", police), ("vendor", vendor))
    ]
    assert reports[0] == reports[1]


def test_a_copy_is_named_as_if_its_recipient_alone_had_been_named(bank: Atlas, tmp_path: Path) -> None:
    several = build(bank, SHARED[0], tmp_path / "out", TWO)
    build(bank, SHARED[0], tmp_path / "alone", Dispatch(recipients=frozenset({"police"})))
    assert names_of_copies(several.copies["police"]) == names_of_copies(tmp_path / "alone")


@pytest.mark.parametrize("to", [Dispatch(), Dispatch(recipients=frozenset({"police"}))], ids=["none", "one"])
def test_for_nobody_or_one_the_package_lies_in_the_folder_itself(
    bank: Atlas, tmp_path: Path, to: Dispatch
) -> None:
    built = build(bank, SHARED[0], tmp_path / "out", to)
    assert built.copies == {}
    assert (tmp_path / "out" / MARK).is_file()


def test_each_recipient_is_told_of_its_own_copy_and_the_sender_of_all(
    bank: Atlas, world: World, tmp_path: Path
) -> None:
    build(bank, SHARED[0], tmp_path / "out", TWO)
    assert sorted(one.to for one in handed(bank)) == [("police",), ("vendor",)]
    for who in ("police", "vendor"):
        assert [one.to for one in handed(world.open(who))] == [(who,)]


@pytest.mark.parametrize("who", ["police", "vendor"])
def test_taking_one_copy_back_leaves_the_other_standing(
    bank: Atlas, world: World, tmp_path: Path, who: str
) -> None:
    built = build(bank, SHARED[0], tmp_path / "out", TWO)
    mine = next(one for one in handed(bank) if one.to == (who,))
    withdraw(bank, mine.id, "sent to the wrong desk")
    for name, folder in built.copies.items():
        taken_back = standing_of(bank, read(folder)).withdrawn
        assert standing_of(bank, read(folder)).to == (name,)
        assert bool(taken_back) is (name == who)
        assert [bool(one.withdrawn) for one in handed(world.open(name))] == [name == who]


def test_older_copies_are_replaced_and_none_of_another_time_stays(bank: Atlas, tmp_path: Path) -> None:
    build(bank, SHARED[0], tmp_path / "out", TWO)
    both = Dispatch(recipients=frozenset({"police", "bank"}))
    build(bank, SHARED[0], tmp_path / "out", both)
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"police", "bank"}


def test_copies_take_the_place_of_an_older_package(bank: Atlas, tmp_path: Path) -> None:
    build(bank, SHARED[0], tmp_path / "out")
    build(bank, SHARED[0], tmp_path / "out", TWO)
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"police", "vendor"}


@pytest.mark.parametrize("there", ["notes.txt", "thesis/chapter.txt", "police/notes.txt"])
def test_nothing_else_is_written_over_and_nobody_is_told(
    bank: Atlas, world: World, tmp_path: Path, there: str
) -> None:
    other = tmp_path / "out" / there
    other.parent.mkdir(parents=True)
    other.write_text("mine")
    with pytest.raises(RefusedError, match="holds other things"):
        build(bank, SHARED[0], tmp_path / "out", TWO)
    assert other.read_text() == "mine"
    assert handed(world.open("police")) == []


def test_a_link_to_another_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "police").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RefusedError):
        copies(tmp_path / "out", ("police", "vendor"))


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../x",
        "a/b",
        "a\\b",
        "CON",
        "nul",
        "com1",
        "\u202egnp.exe",
        "a\x00b",
        "Ä" * 300,
        "x" * 41,
    ],
    ids=lambda name: ascii(name)[:20],
)
def test_names_that_a_file_must_not_have_are_written_safely(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]*-[0-9a-f]{16}", folder_name(name))
    assert len(folder_name(name)) <= 60


@pytest.mark.parametrize("name", ["police", "europol-ec3", "bank2", "x" * 40])
def test_a_plain_name_stays_as_it_is(name: str) -> None:
    assert folder_name(name) == name


@given(st.text(max_size=12), st.text(max_size=12))
def test_two_names_never_share_a_folder(one: str, other: str) -> None:
    assert (folder_name(one) == folder_name(other)) is (one == other)


@given(st.text(max_size=12))
def test_no_member_takes_anothers_folder_by_its_name(name: str) -> None:
    made = folder_name(name)
    assert made == name or folder_name(made) != made
