"""What is not vetted leaves under one person's name, for 72 hours, and says so wherever it is read."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from package_sample import KEY, KEYED, WHEN, facts, key, request, seal, vetted
from stix2validator import ValidationOptions, validate_string
from test_package_verify import POLICE, reasons, resealed

from chokepoint.model.errors import RefusedError
from chokepoint.model.identity import Entity
from chokepoint.model.judgement import Verdict
from chokepoint.package.build import build
from chokepoint.package.choose import Audience
from chokepoint.package.manifest import MANIFEST
from chokepoint.package.parts import Provisional
from chokepoint.package.privacy import discretion, pseudonym
from chokepoint.package.provisional import HOURS, UNVETTED, approved
from chokepoint.package.verify import verify

ANN = approved("Example Police/ann", "children at risk", WHEN)
JANE = Entity("person", "jane doe")


def claims(*verdicts):
    told = vetted(seal(facts()).claims)
    return tuple(
        replace(one, verdict=verdicts[number] if number < len(verdicts) else "accepted")
        for number, one in enumerate(told)
    )


def made(*verdicts, provisional=ANN, allowed=UNVETTED):
    audience = Audience(organisations=frozenset({POLICE, "CERT Example"}), verdicts=allowed, minimised=KEYED)
    asked = replace(request(), claims=claims(*verdicts), audience=audience, provisional=provisional)
    return build(asked, key(POLICE).sign)


def test_72_hours_are_counted_from_the_making():
    assert approved("bank/ann", "why", "2026-02-27T23:00:00.000Z").until == "2026-03-02T23:00:00.000Z"
    assert approved("bank/ann", "why", "2024-02-28T12:34:56.789Z").until == "2024-03-02T12:34:56.789Z"


@pytest.mark.parametrize(
    "created",
    [
        "2026-02-28T00:00:00.000+14:00",
        "2026-02-27T10:00:00.000Z",
        "2026-02-26T22:00:00-12:00",
        "2026-02-27T10:00:00",
    ],
)
def test_72_hours_are_72_hours_in_every_time_zone(created):
    assert approved("bank/ann", "why", created).until == "2026-03-02T10:00:00.000Z"


@given(st.integers(0, 7_000_000_000))
def test_it_holds_until_its_last_moment_and_not_a_moment_longer(second):
    created = f"{datetime.fromtimestamp(second, UTC):%Y-%m-%dT%H:%M:%S}.000Z"
    one = approved("bank/ann", "why", created)
    assert not one.over(created)
    assert one.over(one.until)
    assert approved("bank/ann", "why", one.until).until > one.until


@pytest.mark.parametrize("approver", ["", "bank", "bank/", "/ann", "/"])
def test_nobody_in_particular_approves_nothing(approver):
    with pytest.raises(RefusedError, match="one named person") as refused:
        approved(approver, "why", WHEN)
    assert "--as ORG/USER" in refused.value.mend


@pytest.mark.parametrize("reason", ["", " ", "\n\t"])
def test_an_approval_without_a_reason_is_none(reason):
    with pytest.raises(RefusedError, match="needs a reason"):
        approved("bank/ann", reason, WHEN)


def test_a_package_says_in_every_part_that_it_is_not_vetted_by_whom_why_and_until_when():
    package = made("proposed")
    manifest = json.loads(package.files[MANIFEST])
    assert manifest["provisional"] == ["Example Police/ann", "children at risk", "2024-05-04T09:30:00.000Z"]
    page = package.files["report.html"].decode()
    for words in ("UNVETTED", "Example Police/ann", "children at risk", "2024-05-04 09:30 UTC"):
        assert words in page
    bundle = json.loads(package.files["stix.json"])
    report = next(one for one in bundle["objects"] if one["type"] == "report")
    assert "unvetted" in report["labels"]
    statements = {
        one["id"]: one["definition"]["statement"] for one in bundle["objects"] if "definition" in one
    }
    (unvetted,) = [name for name, text in statements.items() if text == ANN.label]
    marked = [one for one in bundle["objects"] if "object_marking_refs" in one and one["type"] != "identity"]
    assert all(unvetted in one["object_marking_refs"] for one in marked)


def test_its_bundle_is_valid_stix():
    text = made("proposed").files["stix.json"].decode()
    assert validate_string(text, ValidationOptions(version="2.1", strict=False)).is_valid


def test_it_proves_itself_and_tells_its_reader():
    outcome = verify(made("proposed").files)
    assert outcome.proved
    assert outcome.provisional == ANN


def test_a_vetted_package_has_no_word_of_it_at_all():
    package = made(provisional=None, allowed=frozenset({"accepted"}))
    assert b"rovisional" not in package.files[MANIFEST]
    assert b"UNVETTED" not in package.files["report.html"]
    assert b"nvetted" not in package.files["stix.json"]
    assert verify(package.files).provisional is None


def test_what_is_not_accepted_cannot_leave_without_saying_so():
    outcome = verify(resealed(dict(made("proposed").files), lambda manifest, _: manifest.pop("provisional")))
    assert not outcome.proved
    assert "it holds what is proposed and does not say that it is unvetted" in reasons(outcome)


@pytest.mark.parametrize("verdict", sorted({one.value for one in Verdict} - UNVETTED))
def test_nobody_can_approve_what_is_disputed_or_worse(verdict):
    package = made(verdict)
    assert len(package.claims) == len(facts()) - 1
    assert {one.rule for one in package.refusals} == {"verdict"}
    forged = dict(made("proposed").files)

    def change(manifest, _):
        manifest["claims"][0]["verdict"] = verdict

    assert f"it holds what is {verdict}, which nobody can approve" in reasons(
        verify(resealed(forged, change))
    )


@pytest.mark.parametrize(
    ("form", "reason"),
    [
        pytest.param(
            ["Example Police/ann", "why", "2024-05-04T09:30:00.001Z"], "more than 72 hours", id="longer"
        ),
        pytest.param(
            ["Example Police/ann", "why", "9999-12-31T00:00:00.000Z"], "more than 72 hours", id="for ever"
        ),
        pytest.param(["Example Police", "why", ANN.until], "who approved it", id="nobody named"),
        pytest.param(["Example Police/ann", " ", ANN.until], "who approved it", id="no reason"),
        pytest.param(["Example Police/ann", "why", "soon"], "who approved it", id="no moment"),
        pytest.param(["Example Police/ann", "why", "2024-05-04T09:30:00"], "who approved it", id="no zone"),
        pytest.param(
            ["Example Police/ann", "why", "2024-05-04T23:30:00.000+14:00"],
            "who approved it",
            id="a zone whose clock every page would show as UTC",
        ),
    ],
)
def test_an_approval_that_says_less_or_allows_more_does_not_hold(form, reason):
    def change(manifest, _):
        manifest["provisional"] = form

    outcome = verify(resealed(dict(made("proposed").files), change))
    assert not outcome.proved
    assert any(reason in one for one in reasons(outcome))


def test_a_shorter_time_holds():
    def change(manifest, _):
        manifest["provisional"][2] = "2024-05-02T00:00:00.000Z"

    assert verify(resealed(dict(made("proposed").files), change)).proved


def test_a_hostile_reason_is_shown_and_does_nothing():
    nasty = Provisional("bank/<b>ann", "<script>alert(1)</script>\u202egnp.exe", ANN.until)
    page = made("proposed", provisional=nasty).files["report.html"].decode()
    assert "<script" not in page
    assert "<b>ann" not in page
    assert "\u202e" not in page
    assert "&lt;script&gt;" in page


def test_the_label_is_as_long_as_what_it_says():
    assert ANN.label == (
        "UNVETTED: approved by Example Police/ann until 2024-05-04 09:30 UTC, because children at risk"
    )
    assert HOURS == 72


def test_a_released_name_stands_in_an_edition_for_named_recipients_and_in_no_open_one():
    released = frozenset({JANE})
    assert (
        discretion([], open_edition=False, released=released, minimised=KEYED).label(JANE, "Jane Doe")
        == "Jane Doe"
    )
    assert discretion([], open_edition=True, released=released, minimised=KEYED).label(
        JANE, "Jane Doe"
    ) == pseudonym(JANE, KEY)
    assert discretion([], open_edition=False, minimised=KEYED).label(JANE, "Jane Doe") == pseudonym(JANE, KEY)


def test_a_release_names_nobody_else():
    rules = discretion([], open_edition=False, released=frozenset({JANE}), minimised=KEYED)
    other = Entity("person", "john roe")
    assert rules.label(other, "John Roe") == pseudonym(other, KEY)


@pytest.mark.parametrize("names", [frozenset(), frozenset({"Alpha"})])
def test_an_audience_applies_releases_only_where_it_is_named(names):
    audience = Audience(organisations=names, released=frozenset({JANE}), minimised=KEYED)
    assert audience.discreet([]).may_name(JANE) is bool(names)


# --- whose contributor is not told ---


def unnamed(*verdicts, provisional=ANN):
    """Each claim without the contributor, on which a recipient is still to vote, and without its record."""
    audience = Audience(organisations=frozenset({POLICE, "CERT Example"}), verdicts=UNVETTED, minimised=KEYED)
    told = tuple(replace(one, contributor="", owner=one.contributor) for one in claims(*verdicts))
    asked = replace(request(), claims=told, audience=audience, provisional=provisional)
    return build(asked, key(POLICE).sign)


def test_a_claim_whose_contributor_is_not_told_is_its_senders_word():
    everything = ["proposed"] * len(claims())
    package = unnamed(*everything)
    assert package.files["records.jsonl"] == b""
    found = verify(package.files)
    assert found.proved, reasons(found)
    assert all(one.vouched and "contributor" in one.withheld for one in found.claims)


@pytest.mark.parametrize("provisional", [ANN, None], ids=["among what is not vetted", "in a vetted package"])
def test_an_accepted_claim_without_its_record_is_never_proved(provisional):
    found = verify(unnamed(provisional=provisional).files)
    assert not found.proved
    assert not any(one.proved for one in found.claims)
