"""Files brought in by the browser: what came in and what was refused, line by line, for whoever sent them alone."""

from __future__ import annotations

import io
import re
import sqlite3
import tarfile
from typing import TYPE_CHECKING, Any

import pytest
from selectolax.lexbor import LexborHTMLParser
from web_desk import shown

from chokepoint.desk.keeping.erase import erase
from chokepoint.desk.keeping.incoming import REGISTER
from chokepoint.model.identity import Entity
from chokepoint.model.marking import Tlp, Viewer
from chokepoint.model.role import Role
from chokepoint.store.erasing import forget_accounts
from chokepoint.web import intake
from chokepoint.web.pages import collect

if TYPE_CHECKING:
    from pathlib import Path

    from httpx import Response
    from web_desk import Person, Web

    from chokepoint.store.base import StoredClaim

TABLE = b"domain,ip\nevil-one.com,10.2.3.4\nbad line,999.1.1.1\n"
LIST = b"evil-one.com\nevil-two.com\nnot one\n"


def send(person: Person, *files: tuple[str, bytes], **fields: str) -> Response:
    """Send files as the form does; the page with their account, or the refusal."""
    person.get("/collect")
    given: Any = [("file", one) for one in files] or [("file", ("", b""))]
    answer = person.ask("POST", "/collect", data={"csrf": person.token()} | fields, files=given)
    if answer.status_code != 303:
        return answer
    person.client.app.state.office.intake.settle()
    return person.get(answer.headers["location"])


def said(web: Web, who: str = "vendor") -> list[StoredClaim]:
    """Claims that an organisation has said."""
    atlas = web.office.opened_by(Viewer(organisation=who))
    with atlas.reader.connect() as connection:
        found = list(atlas.reader.claims(connection, range(1, 200)))
    return [one for one in found if one.contributor == who]


def table(page: str, caption: str) -> list[list[str]]:
    """The rows of the table with a caption, as text."""
    for found in re.findall(r"<table.*?</table>", page, re.DOTALL):
        if caption in shown(found[: found.index("<thead")]):
            rows = re.findall(r"<tr>(.*?)</tr>", found[found.index("<tbody") :], re.DOTALL)
            return [
                [shown(f"<p>{cell}</p>") for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)]
                for row in rows
            ]
    return []


@pytest.fixture
def vendor(fresh: Web) -> Person:
    return fresh.signed_in("vendor")


class TestTaking:
    def test_a_list_comes_in_and_its_account_says_what(self, fresh: Web, vendor: Person):
        page = send(vendor, ("list.txt", b"evil-one.com\nevil-two.com\n")).text
        assert "2 new claims, 0 known, 0 refused" in shown(page)
        assert table(page, "File by file")[0][:6] == ["list.txt", "plain-list", "2", "0", "Domain 2", "–"]
        assert {one.claim.subject.value for one in said(fresh)} == {"evil-one.com", "evil-two.com"}

    def test_links_are_counted_by_kind(self, vendor: Person):
        page = send(vendor, ("t.csv", TABLE)).text
        assert table(page, "File by file")[0][4:6] == ["Domain 1, IPv4 address 1", "resolves to 1"]

    def test_what_was_refused_is_told_line_by_line_with_its_mend(self, vendor: Person):
        page = send(vendor, ("t.csv", TABLE)).text
        told = table(page, "Refused in")
        assert told[0][0] == "line 3, column 'domain'"
        assert all(reason.endswith(" · compare it with the source") for _, reason in told)
        assert "999[.]1[.]1[.]1" in told[1][1]

    def test_what_was_skipped_is_told_by_rule(self, vendor: Person):
        assert "header row 1" in table(send(vendor, ("t.csv", TABLE)).text, "File by file")[0][7]

    def test_how_a_table_was_read_is_told(self, vendor: Person):
        told = LexborHTMLParser(send(vendor, ("t.csv", TABLE)).text).css_first(".lines").text().split("\n")
        assert told[:2] == [
            "Columns:",
            "  'domain': Domain, what each row is about (header, and 50% of the values fit)",
        ]
        assert told[-1] == "taken as it was proposed: nobody confirmed it"

    def test_how_a_table_was_read_is_told_in_the_language_of_whoever_sent_it(self, vendor: Person):
        vendor.get("/collect")
        vendor.post("/look", language="th", next="/collect")
        told = LexborHTMLParser(send(vendor, ("t.csv", TABLE)).text).css_first(".lines").text()
        vendor.post("/look", language="en", next="/collect")
        assert re.findall(r"[A-Za-z]{2,}", told) == ["domain", "ip", "IPv"]

    def test_the_same_file_again_adds_nothing(self, fresh: Web, vendor: Person):
        send(vendor, ("list.txt", b"evil-one.com\n"))
        before = len(said(fresh))
        assert "0 new claims, 1 known" in shown(send(vendor, ("list.txt", b"evil-one.com\n")).text)
        assert len(said(fresh)) == before

    def test_several_files_have_a_row_each_and_a_broken_one_holds_up_no_other(self, vendor: Person):
        page = send(
            vendor, ("a.txt", b"evil-one.com"), ("b.json", b'{"type":"bundle","objects":[{'), ("c.txt", b"")
        ).text
        rows = table(page, "File by file")
        assert [(row[0], row[2], row[6]) for row in rows] == [
            ("a.txt", "1", "0"),
            ("b.json", "0", "1"),
            ("c.txt", "0", "1"),
        ]

    def test_members_of_an_archive_are_told_one_by_one(self, vendor: Person):
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w:gz") as archive:
            for name in ("one.txt", "two.txt"):
                info = tarfile.TarInfo(name)
                info.size = 12
                archive.addfile(info, io.BytesIO(b"evil-one.com"))
        page = send(vendor, ("lot.tar.gz", packed.getvalue())).text
        assert [row[0].replace("[.]", ".") for row in table(page, "File by file")] == [
            "lot.tar.gz!one.txt",
            "lot.tar.gz!two.txt",
        ]

    def test_the_options_mark_grade_and_attribute_the_claims(self, fresh: Web, vendor: Person):
        send(vendor, ("list.txt", b"evil-one.com"), origin="The List", grade="b3", tlp="red")
        source = said(fresh)[0].claim.provenance
        assert (source.origin, source.grading.code, source.marking.tlp) == ("The List", "B3", Tlp.RED)

    def test_without_options_claims_are_amber_and_nobody_elses(self, fresh: Web, vendor: Person):
        send(vendor, ("list.txt", b"evil-one.com"))
        assert said(fresh)[0].claim.provenance.marking.tlp is Tlp.AMBER
        assert "Nothing that you may see" in shown(fresh.signed_in("bank").get("/search?q=evil-one.com").text)

    def test_a_format_that_was_chosen_is_the_one_that_reads(self, vendor: Person):
        assert (
            table(send(vendor, ("t.csv", TABLE), format="plain-list").text, "File by file")[0][1]
            == "plain-list"
        )

    def test_the_claims_are_the_persons_and_not_the_organisations_alone(self, fresh: Web):
        ann = fresh.hired("vendor/ann", Role.INVESTIGATOR)
        send(ann, ("list.txt", b"evil-one.com"))
        assert [one.id for one in fresh.office.intake.of(Viewer(organisation="vendor"))] == []
        assert len(said(fresh)) == 1

    def test_nothing_of_the_files_stays_behind_where_they_waited(self, fresh: Web, vendor: Person):
        send(vendor, ("list.txt", b"evil-one.com"))
        assert list((fresh.atlas.folder / intake.FOLDER).iterdir()) == []


class TestLanguages:
    """The reasons of refused lines are told to each reader in their language."""

    @pytest.mark.parametrize(
        ("language", "why"),
        [
            ("en", "is no identifier that we know · compare it with the source"),
            ("fr", "n’est pas un identifiant que nous connaissons · comparez avec la source"),
            ("sw", "si kitambulisho tunachojua · ilinganishe na chanzo"),
        ],
    )
    def test_a_refused_line_says_why(self, vendor: Person, language: str, why: str):
        vendor.get("/collect")
        vendor.post("/look", language=language)
        told = shown(send(vendor, ("list.txt", LIST), format="plain-list").text)
        assert why in told
        assert "not one" in told

    def test_a_file_sent_again_is_told_in_each_language_too(self, vendor: Person):
        send(vendor, ("list.txt", LIST), format="plain-list")
        vendor.post("/look", language="fr")
        told = shown(send(vendor, ("list.txt", LIST), format="plain-list").text)
        assert "n’est pas un identifiant que nous connaissons" in told

    def test_what_a_line_holds_is_cut_and_harmless_whatever_the_language(self, vendor: Person):
        line = "<script>alert(1)</script> \u202e" + "x" * 900
        vendor.get("/collect")
        vendor.post("/look", language="ar")
        page = send(
            vendor, ("list.txt", f"evil-one.com\nevil-two.com\n{line}\n".encode()), format="plain-list"
        ).text
        assert "alert" in page
        assert "<script>alert" not in page
        assert "\u202e" not in page
        assert "x" * 500 not in page


class TestHostile:
    NAMES = (
        pytest.param("../../../etc/passwd", "passwd", id="a way up"),
        pytest.param("C:\\Users\\x\\list.txt", "list.txt", id="a way of Windows"),
        pytest.param("<script>alert(1)<b>.txt", "<script>alert(1)<b>.txt", id="a tag"),
        pytest.param("a\u202egpj.txt", "a_gpj.txt", id="turned round"),
        pytest.param("รายการ.txt", "รายการ.txt", id="Thai"),
        pytest.param("x" * 500 + ".txt", "x" * 20, id="long"),
        pytest.param(".hidden.txt", "hidden.txt", id="a leading dot"),
    )

    @pytest.mark.parametrize(("name", "expected"), NAMES)
    def test_a_name_is_shown_harmless_and_never_a_place_of_the_server(
        self, fresh: Web, vendor: Person, name: str, expected: str
    ):
        page = send(vendor, (name, b"evil-one.com")).text
        assert expected.replace("[.]", ".") in table(page, "File by file")[0][0].replace("[.]", ".")
        for text in (page, vendor.get("/collect").text):
            assert str(fresh.atlas.folder) not in text
            assert "<script>alert" not in text
            assert "\u202e" not in text
        assert not (fresh.atlas.folder / "passwd").exists()

    def test_two_files_of_one_name_are_both_read(self, fresh: Web, vendor: Person):
        page = send(vendor, ("a.txt", b"evil-one.com"), ("x/a.txt", b"evil-two.com")).text
        assert sorted(row[0] for row in table(page, "File by file")) == ["a (2).txt", "a.txt"]
        assert len(said(fresh)) == 2

    def test_what_stands_in_a_refused_line_is_shown_harmless(self, vendor: Person):
        hostile = "domain,ip\nevil-one.com,10.2.3.4\n<img src=x>\u202e http://evil.com,<b>\n".encode()
        page = send(vendor, ("t.csv", hostile)).text
        assert table(page, "Refused in")
        assert "<img" not in page
        assert "\u202e" not in page
        assert "http://evil.com" not in page

    def test_a_refusal_of_the_ledger_tells_no_place_of_the_server(
        self, fresh: Web, vendor: Person, monkeypatch: pytest.MonkeyPatch
    ):
        def refuse(_atlas: object, paths: list[Any], *_: object) -> None:
            raise intake.RefusedError(f"{paths[0]}/list.txt cannot be", mend="ask somebody")

        monkeypatch.setattr(intake, "gather", refuse)
        page = send(vendor, ("list.txt", b"evil-one.com")).text
        assert "list.txt cannot be · ask somebody" in shown(page)
        assert str(fresh.atlas.folder) not in page
        assert "incoming" not in page

    def test_a_fault_of_ours_is_noted_and_tells_nothing(
        self, vendor: Person, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ):
        def break_(*_: object) -> None:
            raise ValueError("secret innards")

        monkeypatch.setattr(intake, "gather", break_)
        page = send(vendor, ("list.txt", b"evil-one.com")).text
        assert "Something went wrong here" in shown(page)
        assert "secret innards" not in page
        assert "secret innards" in caplog.text


class TestRefusing:
    @pytest.mark.parametrize(
        ("fields", "told"),
        [
            pytest.param({"grade": "Z9"}, "use A to F", id="a grade"),
            pytest.param({"tlp": "purple"}, "use CLEAR", id="a label"),
            pytest.param({"format": "docx9"}, "unknown format", id="a format"),
            pytest.param({"origin": "x" * 201}, "publisher", id="a publisher too long"),
            pytest.param({"origin": "a\u202eb"}, "publisher", id="a publisher turned round"),
        ],
    )
    def test_an_option_that_is_none_is_told_and_nothing_is_taken(
        self, fresh: Web, vendor: Person, fields: dict[str, str], told: str
    ):
        answer = send(vendor, ("list.txt", b"evil-one.com"), **fields)
        assert answer.status_code == 422
        assert told in shown(answer.text)
        assert said(fresh) == []
        assert fresh.office.intake.of(Viewer(organisation="vendor")) == []

    def test_what_was_written_stands_in_the_form_again(self, vendor: Person):
        page = send(vendor, ("list.txt", b"x.com"), grade="Z9", origin='The "List"', tlp="green").text
        assert 'value="The &#34;List&#34;"' in page
        assert '<option value="green" selected>' in page

    def test_no_file_is_told(self, vendor: Person):
        answer = send(vendor)
        assert answer.status_code == 403
        assert "no file is chosen" in shown(answer.text)

    def test_a_file_too_large_is_told_by_name_and_the_others_are_taken(
        self, fresh: Web, vendor: Person, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(collect, "LARGEST", 1 << 20)
        page = send(vendor, ("a.txt", b"evil-one.com"), ("big.txt", b"x" * (1 + (1 << 20)))).text
        rows = {row[0]: row for row in table(page, "File by file")}
        assert rows["a.txt"][2] == "1"
        assert "more than 1 MB · cut it into smaller files" in table(page, "Refused in big.txt")[0][1]
        assert len(said(fresh)) == 1

    def test_a_file_of_exactly_the_limit_is_taken(self, vendor: Person, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(collect, "LARGEST", 12)
        assert "1 new claim," in shown(send(vendor, ("a.txt", b"evil-one.com")).text)

    def test_one_that_is_all_too_large_is_refused_with_the_mend(
        self, vendor: Person, monkeypatch: pytest.MonkeyPatch
    ):
        monkeypatch.setattr(collect, "LARGEST", 5)
        answer = send(vendor, ("a.txt", b"evil-one.com"))
        assert answer.status_code == 403
        assert "have whoever runs this desk take it in whole" in shown(answer.text)

    def test_too_many_files_are_refused(self, vendor: Person, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(collect, "MOST", 2)
        answer = send(vendor, *((f"{number}.txt", b"x") for number in range(3)))
        assert answer.status_code == 403
        assert "3 files are too many at once" in shown(answer.text)

    def test_a_request_beyond_the_limit_is_refused_before_it_is_read(self, vendor: Person):
        vendor.get("/collect")
        length = str(collect.LARGEST_SENDING + 1)
        answer = vendor.ask(
            "POST",
            "/collect",
            content=b"x",
            headers={"content-length": length, "content-type": "multipart/form-data; boundary=b"},
        )
        assert answer.status_code == 413
        assert "Send less at once" in shown(answer.text)

    def test_a_forged_form_takes_nothing(self, fresh: Web, vendor: Person):
        answer = vendor.ask(
            "POST", "/collect", data={"csrf": "forged"}, files=[("file", ("a.txt", b"evil-one.com"))]
        )
        assert answer.status_code == 403
        assert said(fresh) == []

    def test_who_may_not_speak_is_offered_no_form_and_refused(self, fresh: Web):
        ann = fresh.hired("vendor/ann", Role.VETTER)
        assert 'type="file"' not in ann.get("/collect").text
        answer = send(ann, ("a.txt", b"evil-one.com"))
        assert answer.status_code == 403
        assert "may not put claims" in shown(answer.text)
        assert said(fresh) == []
        assert not (fresh.atlas.folder / intake.FOLDER).exists()

    def test_it_is_closed_to_whoever_is_not_signed_in(self, fresh: Web):
        assert fresh.visitor().get("/collect").status_code == 303


class TestOwn:
    def test_the_last_sendings_are_listed_the_newest_first(self, vendor: Person):
        send(vendor, ("a.txt", b"evil-one.com"))
        send(vendor, ("a.txt", b"evil-one.com"), ("c.txt", b""))
        rows = table(vendor.get("/collect").text, "Your sendings")
        assert [(row[0], row[2:]) for row in rows] == [
            ("a.txt and 1 more", ["done", "0", "1", "1"]),
            ("a.txt", ["done", "1", "0", "0"]),
        ]

    @pytest.mark.parametrize("who", ["bank", "vendor/ben"])
    def test_of_somebody_elses_sending_nothing_is_learnt(self, fresh: Web, vendor: Person, who: str):
        send(vendor, ("secret-name.txt", b"evil-one.com"))
        name = fresh.office.intake.of(Viewer(organisation="vendor"))[0].id
        other = fresh.hired(who, Role.INVESTIGATOR) if "/" in who else fresh.signed_in(who)
        assert "secret-name" not in other.get("/collect").text
        asked, absent = other.get(f"/collect/{name}"), other.get("/collect/nothing")
        assert asked.status_code == absent.status_code == 404
        bare = [re.sub(r'name="csrf" value="[^"]+"', "", one.text) for one in (asked, absent)]
        assert bare[0] == bare[1]

    def test_an_account_is_kept_for_some_days_and_no_longer(self, fresh: Web, vendor: Person):
        send(vendor, ("a.txt", b"evil-one.com"))
        fresh.clock.passes(intake.KEPT - 60)
        assert len(fresh.office.intake.of(Viewer(organisation="vendor"))) == 1
        fresh.clock.passes(61)
        assert fresh.office.intake.of(Viewer(organisation="vendor")) == []
        assert len(said(fresh)) == 1


def test_an_erasure_reaches_the_accounts_of_what_was_brought_in(vendor: Person, fresh: Web):
    page = send(
        vendor, ("about-jane-roe-of-thonburi.csv", b"domain,ip\njane-roe-of-thonburi,999.1.1.1\n")
    ).text
    assert "jane-roe-of-thonburi" in shown(page)
    founder = fresh.office.opened_by(Viewer(organisation="bank"))
    erase(founder, Entity("group", "copper lantern"), reason="asked", basis="Art. 17")
    folder = founder.folder
    for file in (folder / REGISTER, folder / f"{REGISTER}-wal"):
        assert b"jane-roe-of-thonburi" not in (file.read_bytes() if file.exists() else b"")


def test_an_atlas_without_a_web_desk_is_erased_in_all_the_same(tmp_path: Path):
    forget_accounts(tmp_path / "absent.sqlite")
    assert not (tmp_path / "absent.sqlite").exists()
    sqlite3.connect(tmp_path / "other.sqlite").close()
    forget_accounts(tmp_path / "other.sqlite")
