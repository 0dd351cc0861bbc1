"""A table of claims that one atlas exports another reads claim for claim, whatever spreadsheets would make of it."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from package_sample import KEYED
from test_package_comes_back import HOST, OTHER, PLAIN, PUBLISHED, TEXTS, THINGS, said

from chokepoint.collect.atlas_csv import AtlasCsv
from chokepoint.collect.base import Document, Rejected, Skipped
from chokepoint.collect.registry import collectors, recognise
from chokepoint.model.claim import Claim, Interval, Nature
from chokepoint.model.identity import Entity
from chokepoint.model.marking import Marking, Tlp
from chokepoint.model.vocabulary import vocabulary
from chokepoint.package.privacy import Discretion
from chokepoint.package.tables import COLUMNS, claims_csv

OPEN = Discretion()
MORE = THINGS | {"persona": "dark seller", "site": "fox compound", "known-list": "good names"}
LINKS = sorted(name for name, one in vocabulary().properties.items() if one.is_link)


def export(*claims, discreet: Discretion = OPEN) -> str:
    return claims_csv(claims, discreet)


def read(text: str, **more) -> list:
    document = Document(path="claims.csv", data=text.encode("utf-8", "replace"), **more)
    assert recognise(document, collectors()).name == "atlas-csv"
    return list(AtlasCsv().read(document))


def back(claim, **more) -> Claim:
    items = read(export(claim), **more)
    assert not [one for one in items if isinstance(one, Rejected)], items
    (found,) = [one for one in items if isinstance(one, Claim)]
    return found


@pytest.mark.parametrize("kind", sorted(MORE))
def test_a_thing_of_every_kind_comes_back_at_either_end(kind):
    thing = Entity(kind, MORE[kind])
    assert back(said(thing, "related-to", HOST)).subject == thing
    assert back(said(OTHER, "uses", thing)).object == thing


@pytest.mark.parametrize("name", LINKS)
def test_every_link_comes_back_as_what_it_was(name):
    found = back(said(HOST, name, OTHER))
    assert (found.subject, found.property, found.object) == (HOST, name, OTHER)


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize(
    "words",
    [
        pytest.param("plain words", id="plain"),
        pytest.param('said "hi", twice', id="quotes and commas"),
        pytest.param("two\nlines", id="two lines"),
        pytest.param("=cmd|' /C calc'!A0", id="a formula"),
        pytest.param("+66 81 234 5678", id="a plus"),
        pytest.param("-5", id="a minus"),
        pytest.param("@fox", id="an at"),
        pytest.param("'=1", id="an apostrophe before a formula"),
        pytest.param("'quoted'", id="an apostrophe before words"),
        pytest.param("ประตู", id="Thai"),
    ],
)
def test_every_text_comes_back_word_for_word(name, words):
    assert back(said(OTHER, name, words)).object == words


@pytest.mark.parametrize(
    "observed",
    [None, Interval("2024-03-05", "2024-03-06"), Interval("2024-03-05", ""), Interval("", "2024-03-06")],
)
def test_days_come_back_as_they_were(observed):
    assert back(said(HOST, "uses", OTHER, observed=observed)).observed == observed


@pytest.mark.parametrize("tlp", list(Tlp), ids=lambda tlp: tlp.name)
def test_the_label_comes_back_and_is_never_looser_than_what_a_person_gives(tlp):
    claim = said(HOST, "uses", OTHER, marking=Marking(tlp=tlp))
    assert back(claim).provenance.marking.tlp is tlp
    given_too = back(claim, marking=Marking(tlp=Tlp.AMBER)).provenance.marking.tlp
    assert given_too is max(tlp, Tlp.AMBER)


def test_a_table_without_recipients_is_read_by_its_label_alone():
    """As earlier exports were."""
    table = list(csv.reader(io.StringIO(export(said(HOST, "uses", OTHER)))))
    kept = [at for at, name in enumerate(table[0]) if name not in {"pap", "recipients", "codes"}]
    out = io.StringIO()
    csv.writer(out).writerows([[row[at] for at in kept] for row in table])
    (found,) = [one for one in read(out.getvalue()) if isinstance(one, Claim)]
    assert found.provenance.marking == Marking(tlp=Tlp.CLEAR)


@pytest.mark.parametrize("grade", ["A2", "B2", "C3", "F6"])
@pytest.mark.parametrize("nature", list(Nature), ids=lambda nature: nature.value)
def test_origin_grade_nature_place_and_capture_come_back(grade, nature):
    claim = said(HOST, "uses", OTHER, grading=grade, nature=nature, origin="Ransomwhere", place="line 7")
    found = back(claim)
    assert (found.provenance.origin, found.provenance.grading.code) == ("Ransomwhere", grade)
    assert (found.nature, found.place, found.provenance.capture) == (nature, "line 7", claim.capture)


def test_the_sample_comes_back_whole_and_every_line_is_accounted_for():
    items = read(export(*PUBLISHED))
    found = {(one.subject, one.property, one.object) for one in items if isinstance(one, Claim)}
    assert found == {(one.subject, one.property, one.object) for one in PUBLISHED}
    rules = [one.rule for one in items if isinstance(one, Skipped)]
    assert rules.count("header row") == 1
    assert len([rule for rule in rules if "of the sender" in rule]) == len(PUBLISHED)


def test_what_an_edition_hides_does_not_come_back():
    person = Entity("person", "jane doe")
    text = export(
        said(person, "controlled-by", OTHER), discreet=Discretion(open_edition=True, minimised=KEYED)
    )
    assert "jane" not in repr(read(text))


def rewritten(change) -> str:
    """The export of one claim after somebody edited its row."""
    table = list(csv.reader(io.StringIO(export(said(HOST, "uses", OTHER), replace(PLAIN, record="1" * 64)))))
    cells = dict(zip(COLUMNS, table[1], strict=True)) | change
    out = io.StringIO()
    csv.writer(out).writerows([table[0], [cells[name] for name in COLUMNS], table[2]])
    return out.getvalue()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"subject_kind": "ufo"}, id="no kind"),
        pytest.param({"subject": "EVIL.com"}, id="no normal form"),
        pytest.param({"subject": ""}, id="no subject"),
        pytest.param({"property": "nonsense"}, id="no property"),
        pytest.param({"object_kind": ""}, id="a link without an end"),
        pytest.param({"property": "alias"}, id="a text with an end"),
        pytest.param({"grading": "Z9"}, id="no grade"),
        pytest.param({"marking": "TLP:PURPLE"}, id="no label"),
        pytest.param({"pap": "PAP:PINK"}, id="no permission"),
        pytest.param({"recipients": "bank; police"}, id="recipients that are no list"),
        pytest.param({"recipients": '{"bank": 1}'}, id="recipients in braces"),
        pytest.param({"recipients": "[" * 2_000}, id="recipients nested without end"),
        pytest.param({"codes": "[1]"}, id="a code that is a number"),
        pytest.param({"nature": "opinion"}, id="no nature"),
        pytest.param({"capture": "c"}, id="no capture"),
        pytest.param({"place": ""}, id="no place"),
        pytest.param({"origin": ""}, id="no origin"),
        pytest.param({"observed_from": "soon"}, id="no day"),
        pytest.param(
            {"observed_from": "2024-05-02", "observed_until": "2024-05-01"}, id="days that run backwards"
        ),
    ],
)
def test_an_edited_row_is_rejected_at_its_line_and_the_next_is_taken(change):
    items = read(rewritten(change))
    (refusal,) = [one for one in items if isinstance(one, Rejected)]
    assert refusal.place == "line 2"
    assert "Mend: " in refusal.reason
    assert len([one for one in items if isinstance(one, Claim)]) == 1


def test_a_row_of_another_width_is_rejected_at_its_line():
    items = read(export(said(HOST, "uses", OTHER)) + "domain-name,evil.com\r\n\r\n")
    assert [one.place for one in items if isinstance(one, Rejected)] == ["line 3"]
    assert [one.rule for one in items if isinstance(one, Skipped)][-1] == "blank line"


@pytest.mark.parametrize(
    "head",
    [
        "subject,property,object\n",
        ",".join(COLUMNS[:5]) + "\n",
        ",".join(reversed(COLUMNS)) + "\n",
        "",
        "subject_kind",
    ],
)
def test_a_table_of_somebody_else_is_left_to_others(head):
    assert not AtlasCsv().recognises(Document(path="x.csv", data=head.encode()))


@given(st.text(min_size=1, max_size=60).filter(lambda text: text.strip() == text and "\r" not in text))
def test_any_words_that_are_text_come_back(words):
    whole = words.encode("utf-8", "replace").decode()
    if all(one == "\n" or one.isprintable() for one in whole):
        assert back(said(OTHER, "description", whole)).object == whole
