"""Mappings of table layouts: proposed, asked about once, kept for the next file, and told in the report."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chokepoint.collect.mapping import from_json, propose
from chokepoint.desk.gather import GatherOptions, decide, gather
from chokepoint.desk.gather import run as run_module
from chokepoint.desk.gather.mappings import FOLDER, REFUSED, UNCONFIRMED, load, save

TABLE = "domain,colour\na-b.com,red\nc-d.com,blue\n"
SAME = "domain,colour\ne-f.com,green\n"
OTHER = "wallet,shape\n19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds,round\n"
MAPPING = propose(["domain", "colour"], [["a-b.com", "red"]])


class Person:
    """Somebody who answers and remembers what was asked."""

    def __init__(self, *answers: str) -> None:
        self._answers = list(answers)
        self.asked: list[tuple[str, str]] = []

    def __call__(self, path: str, told: str) -> bool:
        self.asked.append((path, told))
        return not self._answers or self._answers.pop(0) == "y"


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "in"
    made.mkdir()
    (made / "a.csv").write_text(TABLE)
    (made / "b.csv").write_text(SAME)
    (made / "c.csv").write_text(OTHER)
    (made / "d.txt").write_text("The site evil.com is malicious, so is https://evil.com/login.\n")
    return made


def test_each_new_layout_is_asked_about_once_with_how_it_would_be_read(tmp_path, folder):
    person = Person()
    decided = decide(tmp_path / "atlas", [folder], person)
    assert [path for path, _ in person.asked] == ["a.csv", "c.csv"]
    assert "Kept as found: colour" in person.asked[0][1]
    assert decided.refused == frozenset()
    assert len(decided.mappings) == 2


def test_what_was_confirmed_is_kept_and_not_asked_about_again(tmp_path, folder):
    decide(tmp_path / "atlas", [folder], Person())
    again = Person()
    decided = decide(tmp_path / "atlas", [folder], again)
    assert again.asked == []
    assert decided.mappings == load(tmp_path / "atlas")
    assert MAPPING.fingerprint in decided.mappings


def test_a_no_leaves_out_every_file_of_the_layout_and_nothing_else(world, folder):
    atlas = world.open("bank")
    decided = decide(atlas.folder, [folder], Person("n", "y"))
    options = GatherOptions(mappings=decided.mappings, refused=decided.refused)
    report = gather(atlas, [folder], options)
    files = {file.path: file for file in report.files}
    assert files["a.csv"].skipped == files["b.csv"].skipped == {REFUSED: 1}
    assert files["a.csv"].capture == ""
    assert files["c.csv"].new > 0
    assert files["d.txt"].new > 0
    assert set(load(atlas.folder)) == set(decided.mappings)
    assert MAPPING.fingerprint not in load(atlas.folder)


def test_a_layout_that_was_refused_is_asked_about_at_the_next_run(tmp_path, folder):
    decide(tmp_path / "atlas", [folder / "a.csv"], Person("n"))
    again = Person()
    decide(tmp_path / "atlas", [folder / "a.csv"], again)
    assert len(again.asked) == 1


def test_without_a_word_the_proposal_is_taken_and_the_report_says_so(world, folder):
    atlas = world.open("bank")
    report = gather(atlas, [folder])
    files = {file.path: file for file in report.files}
    assert files["a.csv"].mapping.endswith(UNCONFIRMED)
    assert "Kept as found: colour" in files["a.csv"].mapping
    assert files["a.csv"].to_json()["mapping"] == files["a.csv"].mapping
    assert files["d.txt"].mapping == ""
    assert "mapping" not in files["d.txt"].to_json()
    assert load(atlas.folder) == {}


def test_taking_all_keeps_the_mappings_and_says_nothing_of_doubt(world, folder):
    atlas = world.open("bank")
    report = gather(atlas, [folder], GatherOptions(confirmed=True))
    told = [file.mapping for file in report.files if file.mapping]
    assert len(told) == 3
    assert not any(UNCONFIRMED in text for text in told)
    assert MAPPING.fingerprint in load(atlas.folder)
    later = gather(atlas, [folder / "b.csv"])
    assert later.files[0].mapping
    assert UNCONFIRMED not in later.files[0].mapping


def test_a_mapping_that_a_person_changed_is_used_and_not_overwritten(world, folder):
    atlas = world.open("bank")
    changed = MAPPING.to_json().replace('"role": "attribute"', '"role": "category"')
    save(atlas.folder, {MAPPING.fingerprint: changed})
    save(atlas.folder, {MAPPING.fingerprint: MAPPING.to_json()})
    report = gather(atlas, [folder / "a.csv"], GatherOptions(confirmed=True))
    assert "'colour': category" in report.files[0].mapping
    assert load(atlas.folder)[MAPPING.fingerprint].strip() == changed


def test_the_second_process_is_told_what_was_decided(world, folder, monkeypatch):
    monkeypatch.setattr(run_module, "BESIDE", 10)
    atlas = world.open("bank")
    decided = decide(atlas.folder, [folder], Person("n", "y"))
    report = gather(atlas, [folder], GatherOptions(mappings=decided.mappings, refused=decided.refused))
    files = {file.path: file for file in report.files}
    assert files["b.csv"].skipped == {REFUSED: 1}
    assert files["c.csv"].mapping
    assert UNCONFIRMED not in files["c.csv"].mapping


def test_a_receipt_is_found_again_once_the_mappings_are_kept(world, folder, monkeypatch):
    monkeypatch.setattr(run_module, "BESIDE", 10)
    atlas = world.open("bank")
    first = gather(atlas, [folder], GatherOptions(confirmed=True))
    assert MAPPING.fingerprint in load(atlas.folder)
    monkeypatch.setattr(run_module, "beside", lambda *_: pytest.fail("it was read again"))
    second = gather(atlas, [folder], GatherOptions(confirmed=True))
    assert (second.new, second.known) == (0, first.new + first.known)
    assert [file.mapping for file in second.files] == [file.mapping for file in first.files]


def test_one_new_sheet_makes_a_workbook_a_question(tmp_path):
    pytest.importorskip("python_calamine")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "book.xlsx").write_bytes(
        _workbook([["domain", "colour"], ["a-b.com", "red"]], [["wallet", "n"], ["x", "1"]])
    )
    save(tmp_path / "atlas", {MAPPING.fingerprint: MAPPING.to_json()})
    person = Person("n")
    decided = decide(tmp_path / "atlas", [folder], person)
    assert len(person.asked) == 1
    assert len(decided.refused) == 1


def test_tables_without_headers_are_known_by_what_their_columns_hold(tmp_path):
    (tmp_path / "hosts.csv").write_text("a-b.com,192.0.2.1\nc-d.com,192.0.2.2\n")
    (tmp_path / "more.csv").write_text("e-f.com,192.0.2.3\n")
    (tmp_path / "mails.csv").write_text("ann@a-b.com,2020-01-01\nbob@a-b.com,2020-01-02\n")
    person = Person()
    decide(tmp_path / "atlas", sorted(tmp_path.glob("*.csv")), person)
    assert {path for path, _ in person.asked} == {"hosts.csv", "mails.csv"}


def test_a_forced_format_that_is_no_table_asks_nothing(tmp_path, folder):
    person = Person()
    decide(tmp_path / "atlas", [folder], person, form="report")
    assert person.asked == []


def test_a_damaged_workbook_asks_nothing_and_is_told_when_it_is_read(world, tmp_path):
    (tmp_path / "bad.xlsx").write_bytes(_workbook([["domain"], ["a-b.com"]])[:-40])
    person = Person()
    decide(tmp_path / "atlas", [tmp_path / "bad.xlsx"], person)
    assert person.asked == []
    assert gather(world.open("bank"), [tmp_path / "bad.xlsx"]).rejected


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("0" * 32 + ".json", "{"),
        ("0" * 32 + ".json", json.dumps({"version": 99})),
        ("0" * 32 + ".json", "\ud800".encode("utf-8", "surrogatepass")),
        ("0" * 32 + ".json", "x" * 2_000_000),
        ("notes.json", MAPPING.to_json()),
        ("..json", MAPPING.to_json()),
    ],
)
def test_what_is_no_mapping_is_passed_over(tmp_path, name, text):
    (tmp_path / FOLDER).mkdir()
    data = text if isinstance(text, bytes) else text.encode()
    (tmp_path / FOLDER / name).write_bytes(data)
    assert load(tmp_path) == {}


def test_a_name_that_is_no_fingerprint_writes_no_file(tmp_path):
    save(tmp_path, {"../../escape": MAPPING.to_json(), "": MAPPING.to_json()})
    assert not (tmp_path / FOLDER).exists()


HEADERS = st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=6)


@given(HEADERS)
def test_any_mapping_is_kept_and_read_back_as_it_is(tmp_path_factory, headers):
    place = tmp_path_factory.mktemp("kept")
    mapping = propose(headers, [["a-b.com"] * len(headers)])
    try:
        mapping.to_json().encode()
    except UnicodeEncodeError:
        return
    save(place, {mapping.fingerprint: mapping.to_json()})
    assert from_json(load(place)[mapping.fingerprint]) == mapping


def _workbook(*sheets: list[list[str]]) -> bytes:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    pack = "http://schemas.openxmlformats.org/package/2006/relationships"
    names = "".join(f'<sheet name="S{at}" sheetId="{at}" r:id="r{at}"/>' for at in range(1, len(sheets) + 1))
    links = "".join(
        f'<Relationship Id="r{at}" Type="{rel}/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at in range(1, len(sheets) + 1)
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", "<x/>")
        book.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{pack}"><Relationship Id="r1" Type="{rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        book.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{main}" xmlns:r="{rel}"><sheets>{names}</sheets></workbook>'
        )
        book.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{pack}">{links}</Relationships>')
        for at, rows in enumerate(sheets, 1):
            cells = "".join(
                "<row>" + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row) + "</row>"
                for row in rows
            )
            book.writestr(
                f"xl/worksheets/sheet{at}.xml",
                f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>',
            )
    return out.getvalue()
