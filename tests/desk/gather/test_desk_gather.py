"""`collect`: every part accounted for, nothing said twice, and no broken reader ends the run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import dying_reader
import pytest
from desk_corpus import stix, two_sources, warning_list
from hypothesis import given, settings
from hypothesis import strategies as st

from chokepoint.collect.base import Document, Rejected, Skipped
from chokepoint.desk.gather import FileReport, GatherOptions, GatherReport, gather, receipt
from chokepoint.desk.gather import beside as reading
from chokepoint.desk.gather import parse as parsing
from chokepoint.desk.gather import run as running
from chokepoint.desk.gather.parse import Parser, Task, media_type
from chokepoint.model.claim import Claim, Provenance
from chokepoint.model.errors import BadInputError, LedgerError, NotValidError
from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR, Marking, Tlp
from chokepoint.model.source import parse_grading

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from desk_world import World

    from chokepoint.desk.atlas import Atlas

BROKEN = (
    ValueError("a bug"),
    MemoryError(),
    RecursionError(),
    KeyError("x"),
    BadInputError("no such form", place="line 3", mend="send another"),
    StopIteration(),
    AssertionError(),
    UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid"),
)


class Fake:
    """A collector that reads `*.fake`: each line a domain, `bang` raising what it was made with."""

    name = "fake"

    def __init__(self, fault: BaseException | None = None, where: str = "read") -> None:
        self.fault = fault
        self.where = where
        self.marked: dict[str, Marking] = {}
        self.held: list[Document] = []

    def recognises(self, document: Document) -> bool:
        if document.name.endswith(".fake") and self.where == "recognises" and b"bang" in document.data:
            raise self.fault or ValueError
        return document.name.endswith(".fake")

    def read(self, document: Document) -> Iterator[Claim | Rejected | Skipped]:
        self.held.append(document)
        for number, line in enumerate(document.data.decode().splitlines(), 1):
            if line == "bang":
                if self.where == "read" and self.fault is not None:
                    raise self.fault
                yield Skipped("bang")
                continue
            yield claim(document, line, f"line {number}", self.marked.get(line))

    def finish(self) -> Iterator[tuple[Document, Claim | Rejected | Skipped]]:
        for document in self.held:
            if self.where == "finish":
                yield document, claim(document, "late.example", "line 1", None)
        if self.where == "finish" and self.fault is not None:
            raise self.fault


def claim(document: Document, domain: str, place: str, marking: Marking | None) -> Claim:
    source = document.provenance_from(marking=marking)
    return Claim(Entity("domain-name", domain), "indicates", Entity("malware", "x"), place, source)


def counts(atlas: Atlas) -> dict[str, int]:
    """Rows in the tables of an atlas."""
    with atlas.engine.connect() as connection:
        return {
            name: connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one()
            for name in ("records", "claims", "captures", "batches", "votes", "sames")
        }


def test_reported_counts_are_what_the_ledger_gained(world: World, tmp_path: Path) -> None:
    atlas = world.open("bank")
    before = counts(atlas)
    report = gather(atlas, [two_sources(tmp_path / "in")])
    after = counts(atlas)
    assert report.new == after["claims"] - before["claims"] > 0
    assert report.known == 0
    assert after["captures"] == len(report.files) == 2
    assert sum(claims for _, claims in report.by_format().values()) == report.new


def test_gathering_again_adds_nothing_and_says_so(world: World, tmp_path: Path) -> None:
    atlas = world.open("bank")
    folder = two_sources(tmp_path / "in")
    first = gather(atlas, [folder])
    before = counts(atlas)
    second = gather(atlas, [folder])
    assert counts(atlas) == before
    assert (second.new, second.known) == (0, first.new)


def test_a_second_organisation_says_the_same_for_itself(world: World, tmp_path: Path) -> None:
    folder = two_sources(tmp_path / "in")
    first = gather(world.open("bank"), [folder])
    second = gather(world.open("police"), [folder])
    assert second.new == first.new
    assert second.known == 0


def test_a_second_run_beside_answers_from_its_receipt(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BESIDE", 0)
    atlas = world.open("bank")
    folder = two_sources(tmp_path / "in")
    first = gather(atlas, [folder])
    before = counts(atlas)
    monkeypatch.setattr(running, "beside", lambda *_: pytest.fail("it read again"))
    told: list[FileReport] = []
    second = gather(atlas, [folder], progress=told.append)
    assert counts(atlas) == before
    assert (second.new, second.known) == (0, first.new)
    assert told == list(second.files)
    assert strip(second.to_json()) == strip(first.to_json())


def strip(said: dict[str, object]) -> str:
    """A report without what differs between a first and a second run."""
    text = json.dumps(said, sort_keys=True)
    whole = json.loads(text)
    for file in whole["files"]:
        file["claims"] = sum(file["claims"].values())
    whole["totals"]["claims"] = sum(whole["totals"]["claims"].values())
    return json.dumps(whole, sort_keys=True)


def test_the_same_claims_come_beside_as_in_one_process(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = two_sources(tmp_path / "in")
    alone = gather(world.open("bank"), [folder])
    monkeypatch.setattr(running, "BESIDE", 0)
    beside = gather(world.open("police"), [folder])
    assert strip(beside.to_json()) == strip(alone.to_json())


@pytest.mark.parametrize("change", ["bytes", "name", "marking", "origin", "skip", "organisation"])
def test_a_receipt_is_for_the_same_bytes_names_and_options_only(
    world: World, tmp_path: Path, change: str
) -> None:
    folder = two_sources(tmp_path / "in")
    atlas = world.open("bank")
    said = {
        "paths": (folder,),
        "key": b"k" * 32,
        "organisation": "bank",
        "at": atlas.clock(),
        "marking": CLEAR,
    }
    before = receipt.digest(Task(**said))
    assert receipt.digest(Task(**said | {"at": "2030-01-01T00:00:00.000Z"})) == before
    if change == "bytes":
        (folder / "alpha-lab" / "dridex.json").write_text("{}")
    elif change == "name":
        (folder / "alpha-lab").rename(folder / "gamma-lab")
    else:
        new = {
            "marking": Marking(tlp=Tlp.RED),
            "origin": "z",
            "skip": frozenset("z"),
            "organisation": "police",
        }
        said[change] = new[change]
    assert receipt.digest(Task(**said)) != before


def test_a_receipt_is_for_its_organisation_alone(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BESIDE", 0)
    folder = two_sources(tmp_path / "in")
    gather(world.open("bank"), [folder])
    for organisation, seen in (("bank", 1), ("police", 0)):
        reader = world.open(organisation).reader
        with reader.connect() as connection:
            assert len(list(reader.records(connection, receipt.GATHERING))) == seen


@pytest.mark.parametrize(("who", "seen"), [("ann", 1), ("bob", 0)])
def test_the_receipt_of_one_users_red_files_is_that_users(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, who: str, seen: int
) -> None:
    monkeypatch.setattr(running, "BESIDE", 0)
    marking = Marking(tlp=Tlp.RED, audience=frozenset({"bank/ann"}))
    gather(world.open("bank", "ann"), [two_sources(tmp_path / "in")], GatherOptions(marking=marking))
    reader = world.open("bank", who).reader
    with reader.connect() as connection:
        assert len(list(reader.records(connection, receipt.GATHERING))) == seen


@pytest.mark.parametrize("fault", BROKEN, ids=lambda fault: type(fault).__name__)
@pytest.mark.parametrize("where", ["read", "recognises", "finish"])
def test_a_collector_that_raises_is_reported_and_the_rest_goes_on(
    world: World, tmp_path: Path, fakes, fault: BaseException, where: str
) -> None:
    if where == "finish" and isinstance(fault, StopIteration):
        pytest.skip("a generator cannot raise it")
    fakes(Fake(fault, where))
    folder = two_sources(tmp_path / "in")
    (folder / "0.fake").write_text("good.example\nbang\nlost.example\n")
    (folder / "z.fake").write_text("after.example\n")
    report = gather(world.open("bank"), [folder])
    assert report.rejected == 1
    [part] = [part for file in report.files for part in file.rejected]
    assert part.reason
    assert part.place
    by_name = {file.path.rsplit("/", 1)[-1]: file for file in report.files}
    assert by_name["dridex.json"].new == by_name["qakbot.json"].new > 0
    assert by_name["z.fake"].new == 1 + (where == "finish")
    assert by_name["0.fake"].new == {"read": 1, "recognises": 0, "finish": 3}[where]


def test_a_name_with_nul_costs_its_line_alone(world: World, tmp_path: Path, fakes) -> None:
    fakes(Fake(None, "read"))
    (tmp_path / "0.fake").write_text("good.example\nnul\0.example\nafter.example\n")
    report = gather(world.open("bank"), [tmp_path / "0.fake"])
    [part] = [part for file in report.files for part in file.rejected]
    assert (report.new, report.rejected, part.place) == (2, 1, "line 2")
    assert "NUL" in part.reason


def test_a_broken_reader_says_which_file_and_what_to_do(world: World, tmp_path: Path, fakes) -> None:
    fakes(Fake(ValueError("a bug")))
    (tmp_path / "0.fake").write_text("bang\n")
    report = gather(world.open("bank"), [tmp_path / "0.fake"])
    [part] = report.files[0].rejected
    assert "0.fake" in part.place
    assert "fake" in part.reason
    assert "ValueError: a bug" in part.reason
    assert "Mend:" in part.reason


def test_a_format_that_nobody_knows_is_refused_at_once(world: World, tmp_path: Path) -> None:
    with pytest.raises(NotValidError, match="unknown format"):
        gather(world.open("bank"), [two_sources(tmp_path / "in")], GatherOptions(format="nonsense"))


def test_a_format_that_nobody_knows_is_refused_even_where_there_is_nothing_to_read(
    world: World, tmp_path: Path
) -> None:
    (tmp_path / "empty.txt").touch()
    with pytest.raises(NotValidError, match="unknown format"):
        gather(world.open("bank"), [tmp_path / "empty.txt"], GatherOptions(format="nonsense"))


def test_a_reading_process_that_dies_is_told_and_what_was_appended_stays(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BESIDE", 0)
    monkeypatch.setattr(reading, "_read", dying_reader.dies_after_one_batch)
    atlas = world.open("bank")
    folder = two_sources(tmp_path / "in")
    with pytest.raises(LedgerError, match="ended early") as error:
        gather(atlas, [folder])
    assert error.value.place == "papers/bomb.pdf ไทย"
    assert error.value.mend == "collect the other files without it; what was taken is kept"
    kept = counts(atlas)["claims"]
    assert kept > 0
    monkeypatch.undo()
    again = gather(atlas, [folder])
    assert again.new + again.known == counts(atlas)["claims"]
    assert again.known == kept


def test_an_error_of_the_reading_process_comes_through_whole(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BESIDE", 0)
    monkeypatch.setattr(reading, "_read", dying_reader.refuses)
    with pytest.raises(BadInputError) as error:
        gather(world.open("bank"), [two_sources(tmp_path / "in")])
    assert (error.value.reason, error.value.place, error.value.mend) == (
        "the disk is gone",
        "/data",
        "plug it in",
    )


def test_progress_tells_each_file_once_with_its_counts(world: World, tmp_path: Path) -> None:
    told: list[tuple[str, int]] = []
    report = gather(
        world.open("bank"),
        [two_sources(tmp_path / "in")],
        progress=lambda file: told.append((file.path, file.new)),
    )
    assert told == [(file.path, file.new) for file in report.files]
    assert all(new > 0 for _, new in told)


def test_a_large_file_is_cut_into_batches_and_counted_as_one(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fakes
) -> None:
    monkeypatch.setattr(parsing, "ROWS", 7)
    fakes(Fake())
    (tmp_path / "0.fake").write_text("".join(f"n{number}.example\n" for number in range(50)) + "bang\n")
    atlas = world.open("bank")
    report = gather(atlas, [tmp_path / "0.fake"])
    [file] = report.files
    assert file.new == counts(atlas)["claims"] == 50
    assert file.skipped == {"bang": 1}
    assert file.entities == {"domain-name": 50, "malware": 1}
    assert file.links == {"indicates": 50}
    assert counts(atlas)["captures"] == 1
    assert counts(atlas)["batches"] > 3 + 5


def test_claims_that_wait_for_the_last_file_are_counted_with_their_own(
    world: World, tmp_path: Path, fakes
) -> None:
    fakes(Fake(where="finish"))
    (tmp_path / "in").mkdir()
    for name in ("a", "b"):
        (tmp_path / "in" / f"{name}.fake").write_text(f"{name}.example\n")
    report = gather(world.open("bank"), [tmp_path / "in"])
    assert [(file.path, file.new) for file in report.files] == [("a.fake", 2), ("b.fake", 2)]


def test_claims_that_wait_are_counted_with_their_own_of_two_files_of_one_name(
    world: World, tmp_path: Path, fakes
) -> None:
    fakes(Fake(where="finish"))
    for folder, lines in (("a", "a.example\n"), ("b", "b.example\nbang\n")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "same.fake").write_text(lines)
    report = gather(world.open("bank"), [tmp_path / "a", tmp_path / "b"])
    assert [(file.path, file.new) for file in report.files] == [("same.fake", 2), ("same.fake", 2)]


@pytest.mark.parametrize("lines", ["secret.example\nopen.example\n", "open.example\nsecret.example\n"])
def test_a_capture_is_as_closed_as_the_most_closed_claim_in_it(
    world: World, tmp_path: Path, fakes, lines: str
) -> None:
    """Its bytes tell that claim too."""
    fakes(Fake()).marked = {"secret.example": Marking(tlp=Tlp.RED, audience=frozenset({"bank"}))}
    (tmp_path / "0.fake").write_text(lines)
    report = gather(world.open("bank"), [tmp_path / "0.fake"])
    sha256 = report.files[0].capture
    for organisation, seen in (("bank", 1), ("police", 0)):
        reader = world.open(organisation).reader
        with reader.connect() as connection:
            assert len(reader.captures(connection, [sha256])) == seen
            assert len(reader.links(connection).seq) == 1 + seen


def test_a_closed_file_without_any_claim_hides_its_name(world: World, tmp_path: Path) -> None:
    (tmp_path / "Operation Secret.txt").write_text("Nothing to be found in here.\n")
    options = GatherOptions(marking=Marking(tlp=Tlp.AMBER))
    report = gather(world.open("bank"), [tmp_path / "Operation Secret.txt"], options)
    assert report.new == 0
    for organisation, seen in (("bank", 1), ("police", 0)):
        reader = world.open(organisation).reader
        with reader.connect() as connection:
            assert len(reader.captures(connection, [report.files[0].capture])) == seen


def test_folders_left_out_by_request_are_counted_under_their_rule(world: World, tmp_path: Path) -> None:
    folder = two_sources(tmp_path / "in")
    report = gather(world.open("bank"), [folder], GatherOptions(skip=frozenset({"beta-cert"})))
    assert report.total("skipped")["left out by request"] == 1
    assert {file.path for file in report.files if file.new} == {"alpha-lab/dridex.json"}


def test_an_origin_named_by_a_person_stands_over_the_files_own(world: World, tmp_path: Path) -> None:
    atlas = world.open("bank")
    gather(
        atlas,
        [two_sources(tmp_path / "in")],
        GatherOptions(origin="our own lab", grading=parse_grading("A1")),
    )
    reader = atlas.reader
    with reader.connect() as connection:
        seqs = reader.links(connection).seq.tolist()
        sources = {claim.claim.provenance.origin for claim in reader.claims(connection, seqs)}
    assert sources == {"our own lab"}


def test_what_is_no_valid_claim_is_refused_with_its_place(world: World, tmp_path: Path, fakes) -> None:
    class Wild(Fake):
        def read(self, document: Document) -> Iterator[Claim]:
            yield claim(document, "good.example", "line 1", None)
            yield Claim(
                Entity("nonsense", "x"), "indicates", Entity("malware", "x"), "line 2", source(document)
            )
            yield Claim(Entity("domain-name", "x.example"), "nonsense", "x", "line 3", source(document))

    fakes(Wild())
    (tmp_path / "0.fake").write_text("x")
    report = gather(world.open("bank"), [tmp_path / "0.fake"])
    assert report.new + report.rejected == 3
    assert report.new >= 1
    assert all(part.place and part.reason for part in report.files[0].rejected)


def source(document: Document) -> Provenance:
    return document.provenance


def test_rejections_without_end_are_counted_and_not_all_kept(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fakes
) -> None:
    class Sour(Fake):
        def read(self, document: Document) -> Iterator[Rejected]:
            for number in range(30):
                yield Rejected(f"{document.name}, line {number}", "no")

    monkeypatch.setattr(parsing, "REJECTIONS", 10)
    fakes(Sour())
    (tmp_path / "0.fake").write_text("x")
    [file] = gather(world.open("bank"), [tmp_path / "0.fake"]).files
    assert len(file.rejected) == 10
    assert file.skipped == {"further rejections": 20}


def test_nothing_is_sent_before_its_capture_is_sealed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parsing, "ROWS", 2)
    sealed: set[str] = set()

    def seal(blobs: object) -> None:
        sealed.update(Document(path="", data=blob).sha256 for blob in blobs)  # type: ignore[attr-defined]

    task = Task(paths=(two_sources(tmp_path / "in"),), key=b"k" * 32, organisation="b", at="", marking=CLEAR)
    for parts in Parser(task, seal).batches():
        assert {part.capture.sha256 for part in parts if part.capture} <= sealed


@given(st.binary(max_size=200))
@settings(max_examples=40)
def test_any_bytes_have_a_media_type(data: bytes) -> None:
    assert "/" in media_type(Document(path="x", data=data))


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"%PDF-1.7", "application/pdf"),
        (b"\xef\xbb\xbf <?xml version='1.0'?>", "application/xml"),
        (b"\n<!DOCTYPE HTML>", "text/html"),
        (b'  {"a": 1}', "application/json"),
        (b"[1]", "application/json"),
        (b"a\x00b", "application/octet-stream"),
        (b"", "text/plain"),
        (b"evil.com\n", "text/plain"),
    ],
)
def test_the_beginning_of_the_bytes_says_what_they_are(data: bytes, name: str) -> None:
    assert media_type(Document(path="x", data=data)) == name


def test_totals_are_the_sums_of_their_files() -> None:
    files = (
        FileReport(path="a", format="x", capture="1", new=2, known=1),
        FileReport(path="b", format="x", capture="2", new=3, rejected=[Rejected("line 1", "no")]),
        FileReport(path="c", rejected=[Rejected("c", "no")]),
    )
    files[0].entities["domain-name"] = 2
    files[1].entities["domain-name"] = 3
    report = GatherReport(files=files)
    said = report.to_json()
    assert said["totals"]["claims"] == {"new": 5, "known": 1}
    assert said["totals"]["entities"] == {"domain-name": 5}
    assert said["totals"]["rejected"] == report.rejected == 2
    assert report.by_format() == {"": (1, 0), "x": (2, 6)}
    assert [file.taken for file in files] == [True, True, False]
    assert report.took_anything


def test_a_run_that_finds_nothing_took_nothing(world: World, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    report = gather(world.open("bank"), [tmp_path / "empty"])
    assert report.new == report.known == 0
    assert not any(file.capture for file in report.files)


def test_marked_objects_of_a_bundle_stay_closed_and_the_others_open(world: World, tmp_path: Path) -> None:
    path = stix(tmp_path / "lab" / "x.json", "Dridex", ["first.com", "second.com"], marking="red")
    warning_list(tmp_path / "misp-warninglists" / "good" / "list.json", "Good", ["good.example"])
    gather(world.open("bank"), [path.parent])
    seen = {}
    for organisation in ("bank", "police"):
        reader = world.open(organisation).reader
        with reader.connect() as connection:
            nodes = reader.links(connection)
            found = reader.entities(connection, {*nodes.subject.tolist(), *nodes.object.tolist()})
            seen[organisation] = {entity.value for entity in found.values()}
    assert seen["bank"] >= {"first.com", "second.com", "dridex"}
    assert seen["police"] >= {"second.com", "dridex"}
    assert "first.com" not in seen["police"]
