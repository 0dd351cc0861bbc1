"""The demonstration: ends well on any corpus, says only what it computed, and again the same."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from desk_corpus import SHARED, stix, two_sources, warning_list
from desk_world import CLOCK, RED, World, entity

from chokepoint.choke.holders import STAGES, kept
from chokepoint.desk.analyse import ChokeOptions, choke_view, load_snapshot
from chokepoint.desk.demo import run
from chokepoint.desk.demo import run as demo
from chokepoint.desk.demo.corpus import choose
from chokepoint.desk.demo.finding import (
    MEMBERS,
    STRETCHES,
    Found,
    content,
    headline,
    statements_of,
    summarise,
)
from chokepoint.desk.gather import GatherReport
from chokepoint.desk.gather.report import FileReport
from chokepoint.desk.handing.publish import MARK, read
from chokepoint.desk.vetting.casting import Cast
from chokepoint.desk.vetting.review import simulate
from chokepoint.model.claim import on_day
from chokepoint.model.errors import BadInputError, NotFoundError
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import Viewer
from chokepoint.package.verify import verify
from chokepoint.settings import Settings
from chokepoint.wiring import make_atlas

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from chokepoint.desk.atlas import Atlas
    from chokepoint.desk.demo import DemoReport


@pytest.fixture
def demonstrate(tmp_path: Path) -> Iterator[Callable[[Path], tuple[DemoReport, list[str]]]]:
    """Run the demonstration in `tmp_path/out` on a corpus; the report and what was said."""
    atlases: list[Atlas] = []

    def make(folder: Path, organisation: str) -> Atlas:
        given = Settings(atlas=folder, viewer=Viewer(organisation=organisation))
        atlases.append(replace(make_atlas(given), clock=lambda: CLOCK))
        return atlases[-1]

    def go(corpus: Path) -> tuple[DemoReport, list[str]]:
        said: list[str] = []
        report = run(tmp_path / "out", corpus=corpus, make=make, say=said.append)
        return report, [line for line in said if "seconds in all" not in line]

    yield go
    for atlas in atlases:
        atlas.engine.dispose()
        atlas.vault._engine.dispose()


def rows(out: Path) -> dict[str, int]:
    """What the demonstration's ledger holds."""
    atlas = World(out / "atlas").open("Demonstration desk")
    with atlas.engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one()
            for name in ("records", "batches", "claims", "votes", "sames")
        }
    atlas.engine.dispose()
    return found


def corpus(tmp_path: Path) -> Path:
    folder = two_sources(tmp_path / "in")
    warning_list(folder / "misp-warninglists" / "good" / "list.json", "Good", ["only-beta.com"])
    return folder


def test_it_ends_with_a_package_that_its_own_files_prove(demonstrate, tmp_path: Path) -> None:
    report, said = demonstrate(corpus(tmp_path))
    assert report.package == tmp_path / "out" / "package"
    proof = verify(read(report.package))
    assert proof.failures == ()
    assert [claim.proved for claim in proof.claims] == [True] * 6
    assert proof.simulated
    assert any("cannot be dispatched" in line for line in said)
    assert report.report.read_bytes() == (report.package / "report.html").read_bytes()


def test_a_second_run_says_the_same_and_adds_nothing(demonstrate, tmp_path: Path) -> None:
    folder = corpus(tmp_path)
    first, _ = demonstrate(folder)
    before, files = rows(tmp_path / "out"), read(first.package)
    second, said = demonstrate(folder)
    third, again = demonstrate(folder)
    assert rows(tmp_path / "out") == before
    assert said == again
    assert read(second.package) == files
    assert first.found.answer.to_json() == second.found.answer.to_json() == third.found.answer.to_json()


def test_a_new_file_in_the_corpus_adds_only_itself(demonstrate, tmp_path: Path) -> None:
    folder = corpus(tmp_path)
    demonstrate(folder)
    before = rows(tmp_path / "out")
    stix(folder / "gamma-org" / "new.json", "Emotet", ["brand-new.cc"])
    report, _ = demonstrate(folder)
    after = rows(tmp_path / "out")
    assert report.gathered.new == after["claims"] - before["claims"] > 0
    assert after["votes"] == before["votes"]


def test_records_hidden_from_the_members_change_no_byte(demonstrate, tmp_path: Path) -> None:
    folder = corpus(tmp_path)
    demonstrate(folder)
    shown, said = demonstrate(folder)
    files, page = read(shown.package), shown.report.read_bytes()
    world = World(tmp_path / "out" / "atlas")
    world.join("Stranger")
    world.say(
        "Stranger",
        (entity(f"domain-name:{SHARED[0]}"), "indicates", entity("malware:secretgang")),
        marking=RED,
    )
    world.say("Stranger", (entity("malware:dridex"), "alias", "Secretgang"), marking=RED, path="alias")
    world.say(
        "Stranger",
        (entity(f"domain-name:{SHARED[1]}"), "listed-on", entity("known-list:x")),
        marking=RED,
        path="l",
    )
    world.close()
    again, said_again = demonstrate(folder)
    assert said_again == said
    assert read(again.package) == files
    assert again.report.read_bytes() == page


def test_a_corpus_in_which_nothing_crosses_sources_ends_well(demonstrate, tmp_path: Path) -> None:
    stix(tmp_path / "in" / "alpha-lab" / "one.json", "Dridex", ["only-one.cc"])
    report, said = demonstrate(tmp_path / "in")
    assert (report.package, report.proof) == (None, None)
    assert any("No package was made" in line for line in said)
    page = report.report.read_text("utf-8")
    assert "alpha-lab" in page
    assert "there is no package" in page
    assert report.to_json()["package"] is None
    assert json.dumps(report.to_json())


def test_a_single_list_without_any_date_or_link_ends_well(demonstrate, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "domains.txt").write_text("evil.com\nbad.net\nworse.org\n")
    report, said = demonstrate(tmp_path / "in")
    assert report.package is None
    assert report.gathered.new > 0
    assert report.found.answer.as_of.isoformat() == CLOCK[:10]
    assert "<html" in report.report.read_text("utf-8")
    assert any("Nothing is accepted yet" in line for line in said)


def test_a_second_run_on_a_poor_corpus_is_the_same_too(demonstrate, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "domains.txt").write_text("evil.com\nbad.net\n")
    demonstrate(tmp_path / "in")
    before = rows(tmp_path / "out")
    page = (tmp_path / "out" / "report.html").read_bytes()
    demonstrate(tmp_path / "in")
    assert rows(tmp_path / "out") == before
    assert len((tmp_path / "out" / "report.html").read_bytes()) == pytest.approx(len(page), abs=50)


def test_an_older_package_goes_when_nothing_is_accepted_any_more(demonstrate, tmp_path: Path) -> None:
    report, _ = demonstrate(corpus(tmp_path))
    assert report.proof is not None
    claims = [claim.record for claim in report.proof.claims]
    dispute = Cast(organisation=MEMBERS[2], vote=Vote.DISPUTE, reason="a mistake", claims=tuple(claims))
    world = World(tmp_path / "out" / "atlas")
    simulate(world.open("Demonstration desk"), [dispute])
    world.close()
    again, said = demonstrate(corpus(tmp_path))
    assert again.package is None
    assert not (tmp_path / "out" / "package").exists()
    assert any("No package was made" in line for line in said)
    assert "a mistake" in again.report.read_text("utf-8")


@pytest.mark.parametrize(
    ("prepare", "error", "reason"),
    [
        (lambda _: None, NotFoundError, "no such folder"),
        (lambda folder: folder.mkdir(), BadInputError, "empty"),
        (lambda folder: (folder / "deep" / "er").mkdir(parents=True), BadInputError, "empty"),
        (
            lambda folder: (folder.mkdir(), (folder / "x.bin").write_bytes(b"\x00\x01")),
            BadInputError,
            "no claim",
        ),
    ],
)
def test_a_corpus_without_anything_in_it_is_a_clear_error(
    demonstrate, tmp_path: Path, prepare: Callable[[Path], object], error: type[Exception], reason: str
) -> None:
    prepare(tmp_path / "in")
    with pytest.raises(error, match=reason) as told:
        demonstrate(tmp_path / "in")
    assert told.value.mend
    assert str(tmp_path / "in") in told.value.place


def test_without_a_folder_it_takes_what_packages_carry(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("chokepoint.desk.demo.corpus._data", lambda name: [tmp_path / name])
    found = choose(None)
    assert found.paths == (tmp_path / "pymispgalaxies", tmp_path / "pymispwarninglists")
    assert "pymispgalaxies" in found.told


def test_without_a_folder_and_packages_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chokepoint.desk.demo.corpus._data", lambda _: [])
    with pytest.raises(NotFoundError) as error:
        choose(None)
    assert "CORPUS" in error.value.mend


def test_what_other_code_left_is_cleared_and_nothing_else(demonstrate, tmp_path: Path) -> None:
    folder = corpus(tmp_path)
    demonstrate(folder)
    (tmp_path / "out" / "diary.txt").write_text("mine")
    (tmp_path / "out" / ".chokepoint-demo").write_text("other code")
    report, _ = demonstrate(folder)
    assert report.gathered.known == 0
    assert (tmp_path / "out" / "diary.txt").read_text() == "mine"


# The finding, on atlases whose truth is known.


def lively(world: World, *, votes: bool) -> Found:
    """Domains and accounts of one gang, seen lately."""
    gang = entity("malware:gang")
    fresh = on_day("2026-01-20")
    names = [entity(f"domain-name:n{number}.{tld}") for number, tld in enumerate(("cc", "cc", "ru", "top"))]
    names.append(entity("user-account:telegram:gang"))
    seqs = world.say("bank", *[(name, "indicates", gang) for name in names], observed=fresh, grade="A1")
    if votes:
        ids = tuple(world.ids("bank", seqs))
        for member in ("police", "vendor"):
            cast = Cast(organisation=member, vote=Vote.CONFIRM, reason="by rule", claims=ids)
            simulate(world.open("bank"), [cast])
    view = load_snapshot(world.open("bank"))
    return Found(view=view, answer=choke_view(view, ChokeOptions()), vetted=(), all=())


def nothing() -> GatherReport:
    return GatherReport(files=())


@pytest.mark.parametrize("votes", [True, False])
def test_the_sensitivity_is_computed_from_the_levers(world: World, votes: bool) -> None:
    found = lively(world, votes=votes)
    levers = found.answer.plan or found.answer.leads
    told = content(found, summarise(nothing(), found, ()), frozenset(MEMBERS)).finding.sensitivity
    assert len(told) == 1 + len(STRETCHES)
    for (words, stretch), line in zip(STRETCHES, told[1:], strict=True):
        effect = levers[0].share * kept(levers[0].kind, STAGES, stretch=stretch)
        assert words in line.label
        assert f"{effect:.1%}" in line.value
        assert f"{levers[0].lasting:.1%}" in line.value
        assert "first" in line.note


def test_without_levers_nothing_is_said_of_sensitivity(world: World) -> None:
    view = load_snapshot(world.open("bank"))
    found = Found(view=view, answer=choke_view(view, ChokeOptions()), vetted=(), all=())
    told = content(found, summarise(nothing(), found, ()), frozenset(MEMBERS)).finding
    assert told.sensitivity == ()
    assert told.curve is None
    assert headline(found) == "No vetted target is alive, and no vetted link crosses sources"


def test_the_headline_names_the_first_lever_and_its_share(world: World) -> None:
    planned = lively(world, votes=True)
    best = planned.answer.plan[0]
    assert best.holder.name in headline(planned)
    assert f"{best.share:.0%}" in headline(planned)


def test_an_unvetted_lead_is_never_told_as_a_target(world: World) -> None:
    found = lively(world, votes=False)
    assert "First lead to vet" in headline(found)
    told = content(found, summarise(nothing(), found, ()), frozenset(MEMBERS)).finding
    assert told.plan == ()
    assert any("nobody has vetted" in warning for warning in told.warnings)
    assert statements_of(found) == []


def test_the_curve_starts_at_what_is_left_and_grows_back(world: World) -> None:
    found = lively(world, votes=True)
    curve = content(found, summarise(nothing(), found, ()), frozenset(MEMBERS)).finding.curve
    assert curve is not None
    assert curve.after[0] == pytest.approx(1.0 - found.answer.plan[0].share)
    assert list(curve.after) == sorted(curve.after)
    assert len(curve.days) == len(curve.before) == len(curve.after)


def test_the_package_carries_the_plans_statements_once_each(world: World) -> None:
    found = lively(world, votes=True)
    rows_ = statements_of(found)
    assert len(rows_) == len(set(rows_)) == sum(lever.count for lever in found.answer.plan)


def test_the_summary_counts_what_the_snapshot_holds(world: World) -> None:
    found = lively(world, votes=True)
    files = (
        FileReport(path="lab/a.json", format="stix2", capture="1", new=4),
        FileReport(path="lab/b.json", format="plain-list", capture="2", known=2),
        FileReport(path="lone.txt", format="text", capture="3", origin="someone", new=1),
    )
    summary = summarise(GatherReport(files=files), found, ())
    assert dict(summary.kinds) == {"domain-name": 4, "user-account": 1, "malware": 1}
    assert dict(summary.verdicts) == {"accepted": 5}
    assert summary.simulated == 5
    assert [(line.source, line.format, line.claims) for line in summary.sources] == [
        ("lab", "plain-list, stix2", 6),
        ("someone", "text", 1),
    ]


def test_its_json_holds_figures_that_the_package_bears_out(demonstrate, tmp_path: Path) -> None:
    report, _ = demonstrate(corpus(tmp_path))
    said = json.loads(json.dumps(report.to_json()))
    manifest = json.loads((report.package / MARK).read_bytes())
    assert said["package"]["claims"] == said["package"]["proved"] == len(manifest["claims"])
    assert said["collected"]["claims"]["new"] == report.gathered.new
    assert said["crossings"] == {"vetted": 1, "all": 1}
    assert demo is run
