"""Binding claims into a package: what goes in, what proves it, and what a folder may be written over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest
from desk_world import CLOCK, World, entity
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.desk.analyse import load_snapshot
from chokepoint.desk.handing.publish import MARK, Content, bind, material, read, write
from chokepoint.desk.looking.tell import standings
from chokepoint.desk.vetting.casting import Cast
from chokepoint.desk.vetting.review import Besides, simulate, vote
from chokepoint.desk.vetting.standing import Standing
from chokepoint.desk.work.note import Draft, note
from chokepoint.model.claim import Nature, on_day
from chokepoint.model.errors import LedgerError, RefusedError
from chokepoint.model.judgement import Answer, Verdict, Vote
from chokepoint.model.marking import Marking, Tlp
from chokepoint.package.choose import Audience
from chokepoint.package.findings import Finding, FindingKind, Picture
from chokepoint.package.manifest import ENVELOPE
from chokepoint.package.parts import Package
from chokepoint.package.privacy import Minimised
from chokepoint.package.verify import verify

if TYPE_CHECKING:
    from pathlib import Path

SITE, GANG = entity("domain-name:evil.com"), entity("group:bad gang")
SAID = (SITE, "indicates", GANG)
ACCEPTED = Standing(belief=0.99, verdict=Verdict.ACCEPTED)


def package_of(world: World, who: str = "bank", **audience: object) -> Package:
    view = load_snapshot(world.open(who))
    finding = Finding(
        title="t", kind=FindingKind.STRUCTURAL, as_of="2026-02-03", position="p", code_version="0"
    )
    given_ = {"organisations": frozenset({who}), **audience}
    content = Content(title="t", finding=finding, picture=Picture(), audience=Audience(**given_))  # type: ignore[arg-type]
    return bind(view.atlas, material(view.atlas, standings(view, range(len(view.snapshot.subject)))), content)


def accepted(world: World, **about: object) -> list[str]:
    ids = world.ids("bank", world.say("bank", SAID, grade="A1", **about))
    for who in ("police", "vendor"):
        vote(world.open(who), ids, Vote.CONFIRM, f"checked by {who}")
    return ids


# --- material ---


def test_a_claim_goes_in_whole(world: World) -> None:
    seqs = world.say(
        "bank", SAID, grade="A1", origin="Phish List", place="page 3", observed=on_day("2026-01-20")
    )
    [claim] = material(world.open("bank"), {seqs[0]: ACCEPTED}).claims
    assert [claim.record] == world.ids("bank", seqs)
    assert (claim.subject, claim.property, claim.object) == SAID
    assert (claim.place, claim.origin, claim.grading, claim.contributor) == (
        "page 3",
        "Phish List",
        "A1",
        "bank",
    )
    assert (claim.belief, claim.verdict, claim.simulated) == (0.99, "accepted", False)
    assert claim.observed is not None
    assert claim.observed.start == "2026-01-20"
    assert claim.nature is Nature.FACT
    assert claim.votes == ()


def test_each_claim_brings_its_votes_with_their_reasons(world: World) -> None:
    accepted(world)
    view = load_snapshot(world.open("bank"))
    [claim] = material(view.atlas, standings(view, [0])).claims
    assert sorted((one.organisation, one.vote, one.reason, one.simulated) for one in claim.votes) == [
        ("police", "confirm", "checked by police", False),
        ("vendor", "confirm", "checked by vendor", False),
    ]


def test_each_claim_brings_its_record_batch_proof_and_capture(world: World) -> None:
    [seq] = world.say("bank", SAID)
    matter = material(world.open("bank"), {seq: ACCEPTED})
    [claim] = matter.claims
    record = matter.records[claim.record]
    assert record.id == claim.record
    assert record.batch.organisation == "bank"
    assert record.index < record.batch.size
    assert matter.captures[claim.capture].data == b"bank list.txt bank"
    assert matter.captures[claim.capture].path == "list.txt"


def test_without_evidence_no_byte_of_a_capture_is_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    [seq] = world.say("bank", SAID)
    atlas = world.open("bank")
    monkeypatch.setattr(type(atlas.vault), "get", lambda *_: pytest.fail("a capture was read"))
    matter = material(atlas, {seq: ACCEPTED}, evidence=False)
    assert (matter.records, matter.captures) == ({}, {})
    assert len(matter.claims) == 1


def test_a_claim_that_the_viewer_may_not_see_is_not_there_to_be_bound(world: World) -> None:
    [seq] = world.say("bank", SAID, marking=Marking(tlp=Tlp.AMBER))
    assert material(world.open("police"), {seq: ACCEPTED}).claims == ()
    assert len(material(world.open("bank"), {seq: ACCEPTED}).claims) == 1


def test_claims_come_in_the_order_of_the_ledger_whatever_was_asked_first(world: World) -> None:
    seqs = world.say(
        "bank", *[(entity(f"domain-name:n{number}.com"), "indicates", GANG) for number in range(5)]
    )
    found = material(world.open("bank"), dict.fromkeys(reversed(seqs), ACCEPTED)).claims
    assert [claim.subject.value for claim in found] == [f"n{number}.com" for number in range(5)]


def test_bytes_with_a_nought_are_no_text(world: World) -> None:
    atlas = world.open("bank")
    note(atlas, Draft(text="evil.com \x00 in a note"))
    note(atlas, Draft(text="evil.org in plain words"))
    seqs = range(1, 40)
    kinds = {
        one.data: one.media_type for one in material(atlas, dict.fromkeys(seqs, ACCEPTED)).captures.values()
    }
    assert kinds == {
        b"evil.com \x00 in a note": "application/octet-stream",
        b"evil.org in plain words": "text/plain",
    }


@pytest.mark.parametrize(("count", "refused"), [(3, False), (4, True)])
def test_one_package_holds_no_more_than_it_may(
    world: World, monkeypatch, count: int, *, refused: bool
) -> None:
    monkeypatch.setattr("chokepoint.desk.handing.publish.MOST", 3)
    seqs = world.say(
        "bank", *[(entity(f"domain-name:n{number}.com"), "indicates", GANG) for number in range(count)]
    )
    asked = dict.fromkeys(seqs, ACCEPTED)
    assert len(material(world.open("bank"), asked, evidence=False).claims) == count
    if refused:
        with pytest.raises(RefusedError, match="4 claims are too many") as caught:
            material(world.open("bank"), asked)
        assert "at most 3" in caught.value.mend
    else:
        assert len(material(world.open("bank"), asked).claims) == count


# --- binding ---


def test_a_package_is_signed_proved_and_dated(world: World) -> None:
    ids = accepted(world)
    package = package_of(world)
    assert [claim.record for claim in package.claims] == ids
    manifest = msgspec.json.decode(package.files[MARK])
    assert manifest["created"] == CLOCK
    proof = verify(package.files)
    assert [claim.proved for claim in proof.claims] == [
        False
    ]  # the capture of this test does not name the site
    assert not proof.simulated


def test_what_stands_in_its_capture_is_proved_to_the_bytes(world: World) -> None:
    note(
        world.open("bank"),
        Draft(text="evil.com is theirs", links=(("evil.com", "indicates", "group:bad gang"),)),
    )
    atlas = world.open("bank")
    reader = atlas.reader
    with reader.connect() as connection:
        ids = [one.id for one in reader.claims(connection, range(1, 60))]
    for who in ("police", "vendor"):
        vote(world.open(who), ids, Vote.CONFIRM, "read it", besides=Besides(crime=Answer.YES))
    proof = verify(package_of(world).files)
    assert proof.claims
    assert all(claim.proved for claim in proof.claims)


def test_a_package_on_simulated_votes_says_so_in_every_part(world: World) -> None:
    ids = tuple(world.ids("bank", world.say("bank", SAID, grade="A1")))
    for who in ("police", "vendor"):
        simulate(world.open("bank"), [Cast(organisation=who, vote=Vote.CONFIRM, reason="rule", claims=ids)])
    package = package_of(world)
    assert verify(package.files).simulated
    assert msgspec.json.decode(package.files[MARK])["simulated"] is True


def test_nothing_that_may_go_is_refused_as_a_whole(world: World) -> None:
    world.say("bank", SAID)
    with pytest.raises(RefusedError, match="none of 1 claims"):
        package_of(world)


def test_the_same_claims_make_the_same_bytes(world: World) -> None:
    accepted(world)
    assert package_of(world).files == package_of(world).files


# --- folders ---


def small(**files: bytes) -> Package:
    package = Package.__new__(Package)
    object.__setattr__(package, "files", {MARK: b"{}", ENVELOPE: b"{}", **files})
    return package


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    package = small(**{"captures/aa/1": b"\x00\xff", "report.html": "ไทย".encode()})
    assert read(write(package, tmp_path / "deep" / "package")) == package.files


@given(
    st.dictionaries(
        st.text("abc/", min_size=1).filter(
            lambda one: (
                one.strip("/") == one
                and "//" not in one
                and not any(part in {"", "."} for part in one.split("/"))
            )
        ),
        st.binary(),
        max_size=4,
    ).filter(
        lambda files: (
            not any(one != other and other.startswith(one + "/") for one in files for other in files)
        )
    )
)
def test_any_files_come_back_as_they_went(tmp_path_factory, files: dict[str, bytes]) -> None:
    package = small(**files)
    assert read(write(package, tmp_path_factory.mktemp("package") / "p")) == package.files


def test_an_older_package_leaves_no_file_behind(tmp_path: Path) -> None:
    write(small(**{"captures/old": b"1"}), tmp_path / "p")
    write(small(**{"captures/new": b"2"}), tmp_path / "p")
    assert sorted(read(tmp_path / "p")) == ["captures/new", ENVELOPE, MARK]


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(["manifest.json", "app.js"], id="a web application with a manifest of its own"),
        pytest.param(["manifest.json"], id="another program's manifest alone"),
        pytest.param([MARK, ENVELOPE, "diary.txt"], id="a package beside a diary"),
        pytest.param([MARK, ENVELOPE, "letters/one"], id="a package beside a folder of letters"),
        pytest.param(["captures/one"], id="captures of no package"),
    ],
)
def test_nothing_is_deleted_for_a_package_that_is_not_one_itself(tmp_path: Path, names: list[str]) -> None:
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("mine")
    with pytest.raises(RefusedError, match="other things"):
        write(small(), tmp_path)
    assert all((tmp_path / name).read_text() == "mine" for name in names)


def test_a_package_whose_writing_is_cut_off_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = small(**{"stix.json": b"1", "records.jsonl": b"2", "captures/one": b"3"})
    whole = type(tmp_path).write_bytes

    def full(path: Path, data: bytes) -> int:
        if path.name == "stix.json":
            raise OSError(28, "No space left on device")
        return whole(path, data)

    monkeypatch.setattr(type(tmp_path), "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        write(package, tmp_path / "p")
    with pytest.raises(LedgerError, match="no package here"):
        read(tmp_path / "p")


@pytest.mark.parametrize("made", ["missing", "empty"])
def test_a_new_or_empty_folder_is_taken(tmp_path: Path, made: str) -> None:
    folder = tmp_path / "p"
    if made == "empty":
        folder.mkdir()
    assert write(small(), folder) == folder


def test_a_folder_with_anything_else_is_left_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "diary.txt").write_text("mine")
    with pytest.raises(RefusedError, match="other things") as caught:
        write(small(), tmp_path)
    assert caught.value.place == str(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["diary.txt"]


@pytest.mark.parametrize("what", ["nothing", "a file", "a folder of that name"])
def test_where_no_package_lies_reading_says_so(tmp_path: Path, what: str) -> None:
    if what == "a file":
        (tmp_path / "other").write_text("x")
    elif what == "a folder of that name":
        (tmp_path / MARK).mkdir()
    with pytest.raises(LedgerError, match="no package here") as caught:
        read(tmp_path)
    assert MARK in caught.value.mend


def test_a_link_out_of_a_package_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("mine")
    folder = write(small(), tmp_path / "p")
    (folder / "link").symlink_to(tmp_path / "secret")
    assert list(read(folder)) == [ENVELOPE, MARK]


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("สมชาย ใจดี", id="as it is"),
        pytest.param(
            "\\u0e2a\\u0e21\\u0e0a\\u0e32\\u0e22 \\u0e43\\u0e08\\u0e14\\u0e35", id="as JSON escapes it"
        ),
        pytest.param(
            "%E0%B8%AA%E0%B8%A1%E0%B8%8A%E0%B8%B2%E0%B8%A2+%E0%B9%83%E0%B8%88%E0%B8%94%E0%B8%B5",
            id="in an address",
        ),
        pytest.param("&#3626;&#3617;&#3594;&#3634;&#3618; &#3651;&#3592;&#3604;&#3637;", id="in a page"),
    ],
)
def test_a_capture_that_names_somebody_in_other_letters_does_not_leave_whole(
    world: World, written: str
) -> None:
    world.say("bank", (entity("person:สมชาย ใจดี"), "uses", GANG), path="known")
    accepted(world, path="evidence", text=f"evil.com bad gang\n{written} pays them\n")
    minimised = Minimised(key=b"a key of thirty-two bytes ......")
    files = package_of(world, organisations=frozenset({"bank", "police"}), minimised=minimised).files
    assert [
        name for name in files if name.startswith("captures/") and not name.endswith(".excerpt.json")
    ] == []
    assert written.encode() not in b"".join(files.values())
