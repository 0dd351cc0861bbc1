"""What leaves the atlas: accepted, proved, by marking, and computed from what its recipients may see."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from desk_corpus import SHARED, stix, two_sources, warning_list
from desk_world import CLOCK, RED, entity

from chokepoint.desk.analyse import load_snapshot
from chokepoint.desk.gather import GatherOptions, gather
from chokepoint.desk.hand import Dispatch, build, export
from chokepoint.desk.handing.publish import MARK, material, read
from chokepoint.desk.keeping.reread import reread
from chokepoint.desk.looking.tell import (
    between_nodes,
    countries,
    drawn,
    iso,
    markings,
    picture,
    routes,
    standings,
    telling,
)
from chokepoint.desk.vetting.casting import Cast
from chokepoint.desk.vetting.review import choose_policy, simulate, vote
from chokepoint.graph.columns import UNKNOWN
from chokepoint.graph.crossing import crossings
from chokepoint.model.claim import on_day
from chokepoint.model.errors import LedgerError, NotFoundError, RefusedError
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import CLEAR, Marking, Tlp
from chokepoint.package.verify import verify
from chokepoint.vet.policy import NAMED

if TYPE_CHECKING:
    from pathlib import Path

    from desk_world import World

    from chokepoint.desk.atlas import Atlas

NOBODY = frozenset[str]()
CIRCLE = frozenset({"police", "vendor"})


@pytest.fixture
def gathered(world: World, tmp_path: Path) -> World:
    """Two publishers' bundles, taken in by the bank."""
    gather(world.open("bank"), [two_sources(tmp_path / "in")])
    return world


def about(world: World, *values: str, who: str = "bank") -> list[str]:
    """Record ids of the link claims about some subjects."""
    reader = world.open(who).reader
    with reader.connect() as connection:
        seqs = reader.links(connection).seq.tolist()
        return [c.id for c in reader.claims(connection, seqs) if c.claim.subject.value in values]


def accept(world: World, *values: str) -> None:
    for member in ("police", "vendor"):
        vote(world.open(member), about(world, *values, who=member), Vote.CONFIRM, f"{member} saw it too")


def pretend(world: World, *values: str) -> None:
    ids = tuple(about(world, *values))
    casts = [
        Cast(organisation=n, vote=Vote.CONFIRM, reason="by rule", claims=ids) for n in ("police", "vendor")
    ]
    simulate(world.open("bank"), casts)


def ledger(atlas: Atlas) -> int:
    with atlas.engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM records").scalar_one())


def test_a_package_of_accepted_claims_verifies_back_to_the_bytes(gathered: World, tmp_path: Path) -> None:
    accept(gathered, *SHARED)
    built = build(gathered.open("bank"), "", tmp_path / "out")
    proof = verify(read(built.folder))
    assert proof.failures == ()
    assert len(proof.claims) == built.claims == 6
    assert all(claim.proved for claim in proof.claims)
    assert not built.simulated
    assert json.loads((built.folder / MARK).read_bytes())["dispatchable"] is True


@pytest.mark.parametrize("chosen", ["", "attribution"], ids=["none chosen", "attribution chosen"])
def test_a_report_names_the_rule_by_which_its_statements_were_accepted(
    gathered: World, tmp_path: Path, chosen: str
) -> None:
    accept(gathered, *SHARED)
    if chosen:
        choose_policy(gathered.open("bank"), chosen)
    report = (build(gathered.open("bank"), "", tmp_path / "out").folder / "report.html").read_text("utf-8")
    rule = str(NAMED[chosen or "default"])[1:-1]
    assert f"{chosen or 'default'}: {rule}" in report


def test_a_package_on_simulated_votes_is_watermarked_and_cannot_be_dispatched(
    gathered: World, tmp_path: Path
) -> None:
    pretend(gathered, *SHARED)
    built = build(gathered.open("bank"), "", tmp_path / "out")
    manifest = json.loads((built.folder / MARK).read_bytes())
    assert built.simulated
    assert manifest["simulated"] is True
    assert manifest["dispatchable"] is False
    assert all(claim["simulated"] for claim in manifest["claims"])
    assert "SIMULATED" in (built.folder / "report.html").read_text("utf-8")
    assert verify(read(built.folder)).simulated


def test_one_simulated_vote_that_decides_watermarks_the_whole(gathered: World, tmp_path: Path) -> None:
    ids = about(gathered, SHARED[0])
    vote(gathered.open("police"), ids, Vote.CONFIRM, "seen")
    cast = Cast(organisation="vendor", vote=Vote.CONFIRM, reason="by rule", claims=tuple(ids))
    simulate(gathered.open("bank"), [cast])
    accept(gathered, SHARED[1])
    built = build(gathered.open("bank"), "dridex", tmp_path / "out")
    assert json.loads((built.folder / MARK).read_bytes())["dispatchable"] is False


def test_building_appends_nothing_and_is_the_same_each_time(gathered: World, tmp_path: Path) -> None:
    accept(gathered, *SHARED)
    bank = gathered.open("bank")
    before = ledger(bank)
    build(bank, "", tmp_path / "one")
    build(bank, "", tmp_path / "two")
    assert ledger(bank) == before
    assert read(tmp_path / "one") == read(tmp_path / "two")


def test_without_anything_accepted_there_is_no_package_and_it_says_how_to_get_one(
    gathered: World, tmp_path: Path
) -> None:
    with pytest.raises(RefusedError, match="accepted") as error:
        build(gathered.open("bank"), "dridex", tmp_path / "out")
    assert "review" in error.value.mend
    assert not (tmp_path / "out").exists()


def test_a_target_that_nobody_knows_is_not_found(gathered: World, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        build(gathered.open("bank"), "never-seen.example", tmp_path / "out")


def test_a_package_on_a_target_holds_what_is_accepted_about_it(gathered: World, tmp_path: Path) -> None:
    accept(gathered, SHARED[0])
    built = build(gathered.open("bank"), SHARED[0], tmp_path / "out")
    manifest = json.loads((built.folder / MARK).read_bytes())
    assert {tuple(claim["subject"]) for claim in manifest["claims"]} == {("domain-name", SHARED[0])}
    assert built.claims == 2


def closed_source(world: World, tmp_path: Path, marking: Marking) -> None:
    """A third bundle of the bank's own, not for everybody."""
    path = stix(tmp_path / "own" / "informant.json", "Secretgang", [SHARED[0], "informant-told.com"])
    gather(world.open("bank"), [path], GatherOptions(marking=marking))


@pytest.mark.parametrize("marking", [RED, Marking(tlp=Tlp.AMBER), Marking(tlp=Tlp.AMBER_STRICT)])
def test_closed_records_change_no_byte_of_a_package_for_others(
    gathered: World, tmp_path: Path, marking: Marking
) -> None:
    accept(gathered, *SHARED)
    bank = gathered.open("bank")
    build(bank, "dridex", tmp_path / "before", Dispatch(recipients=CIRCLE))
    closed_source(gathered, tmp_path, marking)
    build(gathered.open("bank"), "dridex", tmp_path / "after", Dispatch(recipients=CIRCLE))
    before, after = (
        {f"{who}/{name}": data for who in CIRCLE for name, data in read(tmp_path / when / who).items()}
        for when in ("before", "after")
    )
    assert before.keys() == after.keys()
    assert [name for name in before if before[name] != after[name]] == []
    told = b"".join(after.values()).lower()
    assert b"informant" not in told
    assert b"secretgang" not in told


def test_the_owner_finds_in_its_own_package_what_is_closed_to_others_once_it_is_vetted(
    gathered: World, tmp_path: Path
) -> None:
    closed_source(gathered, tmp_path, Marking(tlp=Tlp.AMBER, audience=CIRCLE))
    accept(gathered, *SHARED)
    built = build(gathered.open("bank"), SHARED[0], tmp_path / "own-package")
    assert b"secretgang" in b"".join(read(built.folder).values()).lower()
    manifest = json.loads((built.folder / MARK).read_bytes())
    assert "AMBER" in str(manifest["marking"])


@pytest.mark.parametrize("marking", [CLEAR, Marking(tlp=Tlp.AMBER)], ids=["clear", "amber"])
def test_a_package_tells_of_nothing_that_is_not_vetted(
    gathered: World, tmp_path: Path, marking: Marking
) -> None:
    accept(gathered, *SHARED)
    closed_source(gathered, tmp_path, marking)
    built = build(gathered.open("bank"), SHARED[0], tmp_path / "out")
    files = read(built.folder)
    for name in ("report.html", "manifest.json", "stix.json"):
        assert b"secretgang" not in files[name].lower(), name
    assert "AMBER" not in str(json.loads(files[MARK])["marking"])


def test_a_package_draws_what_it_proves_and_no_other_accepted_link(gathered: World, tmp_path: Path) -> None:
    """Accepted links two hops away are on the map, and would stand in the report without a proof."""
    accept(gathered, *SHARED)
    built = build(gathered.open("bank"), SHARED[0], tmp_path / "out")
    files = read(built.folder)
    assert {tuple(claim["subject"]) for claim in json.loads(files[MARK])["claims"]} == {
        ("domain-name", SHARED[0])
    }
    rows = files["report.html"].decode().split("The same in words", 1)[1].split("</table>", 1)[0]
    assert SHARED[0].replace(".", "[.]") in rows
    assert SHARED[1].replace(".", "[.]") not in rows


def test_a_recipient_who_may_see_nothing_of_it_gets_no_package(world: World, tmp_path: Path) -> None:
    two_sources(tmp_path / "in")
    marking = Marking(tlp=Tlp.AMBER, audience=frozenset({"police", "vendor"}))
    world.join("stranger")
    gather(world.open("bank"), [tmp_path / "in"], GatherOptions(marking=marking))
    accept(world, *SHARED)
    assert build(world.open("bank"), "dridex", tmp_path / "ok", Dispatch(recipients=CIRCLE)).claims
    with pytest.raises((RefusedError, NotFoundError)):
        build(world.open("bank"), "dridex", tmp_path / "no", Dispatch(recipients=CIRCLE | {"stranger"}))
    assert not (tmp_path / "no").exists()


@pytest.mark.parametrize("form", ["stix", "csv", "maltego"])
def test_an_export_leaves_out_what_is_not_clear(gathered: World, tmp_path: Path, form: str) -> None:
    out = io.BytesIO()
    before = export(gathered.open("bank"), form, out)
    closed_source(gathered, tmp_path, Marking(tlp=Tlp.GREEN))
    again = io.BytesIO()
    after = export(gathered.open("bank"), form, again)
    assert after.claims == before.claims > 0
    assert after.left_out == before.left_out + 4  # two links, two attributes
    if form != "maltego":  # an archive carries more than its words
        assert again.getvalue() == out.getvalue()
        assert b"informant-told" not in again.getvalue()


def test_an_export_says_no_belief_that_rests_on_closed_claims(gathered: World, tmp_path: Path) -> None:
    """Votes on closed claims of the same sentence raise what the owner believes, and nothing else."""
    out = io.BytesIO()
    export(gathered.open("bank"), "csv", out, target=SHARED[0])
    path = stix(tmp_path / "own" / "informant.json", "Dridex", [SHARED[0]])
    marking = Marking(tlp=Tlp.AMBER, audience=CIRCLE)
    gather(gathered.open("bank"), [path], GatherOptions(marking=marking, origin="informant"))
    view = load_snapshot(gathered.open("bank"))
    assert int(view.snapshot.origins.max()) == 2
    again = io.BytesIO()
    export(gathered.open("bank"), "csv", again, target=SHARED[0])
    assert again.getvalue() == out.getvalue()


def test_an_export_keeps_the_mark_of_simulated_votes(gathered: World) -> None:
    pretend(gathered, *SHARED)
    out = io.BytesIO()
    done = export(gathered.open("bank"), "stix", out)
    assert done.simulated == 6
    assert b"simulated" in out.getvalue().lower()


def test_an_export_of_what_is_wholly_closed_holds_nothing_and_counts_it(world: World, tmp_path: Path) -> None:
    gather(world.open("bank"), [two_sources(tmp_path / "in")], GatherOptions(marking=Marking(tlp=Tlp.GREEN)))
    out = io.BytesIO()
    done = export(world.open("bank"), "csv", out, target="dridex")
    assert done.claims == 0
    assert done.left_out > 0
    assert b"dridex" not in out.getvalue().lower()


def test_too_much_for_one_export_is_refused(gathered: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chokepoint.desk.hand.plain.MOST", 3)
    with pytest.raises(RefusedError, match="too many"):
        export(gathered.open("bank"), "csv", io.BytesIO())


def test_too_much_for_one_package_is_refused(gathered: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chokepoint.desk.handing.publish.MOST", 3)
    view = load_snapshot(gathered.open("bank"))
    held = standings(view, range(len(view.snapshot.subject)))
    with pytest.raises(RefusedError, match="too many"):
        material(view.atlas, held)
    assert len(material(view.atlas, held, evidence=False).claims) == len(held)


def test_a_folder_with_other_things_is_left_alone(gathered: World, tmp_path: Path) -> None:
    accept(gathered, *SHARED)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "diary.txt").write_text("mine")
    with pytest.raises(RefusedError, match="other things"):
        build(gathered.open("bank"), "", tmp_path / "mine")
    assert (tmp_path / "mine" / "diary.txt").read_text() == "mine"


def test_an_older_package_is_replaced_whole(gathered: World, tmp_path: Path) -> None:
    accept(gathered, *SHARED)
    build(gathered.open("bank"), "", tmp_path / "out")
    (tmp_path / "out" / "captures" / ("0" * 64)).write_bytes(b"left over")
    build(gathered.open("bank"), "", tmp_path / "out")
    assert verify(read(tmp_path / "out")).failures == ()


def test_where_there_is_no_package_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="no package here"):
        read(tmp_path)


def test_a_link_out_of_a_package_is_not_followed(gathered: World, tmp_path: Path) -> None:
    accept(gathered, *SHARED)
    build(gathered.open("bank"), "", tmp_path / "out")
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "out" / "link").symlink_to(tmp_path / "secret")
    assert "link" not in read(tmp_path / "out")


def test_a_package_that_was_tampered_with_does_not_hold(gathered: World, tmp_path: Path) -> None:
    accept(gathered, *SHARED)
    build(gathered.open("bank"), "", tmp_path / "out")
    [capture, *_] = sorted((tmp_path / "out" / "captures").iterdir())
    capture.write_bytes(capture.read_bytes().replace(b"pay-now", b"pay-not"))
    proof = verify(read(tmp_path / "out"))
    assert proof.failures or not all(claim.proved for claim in proof.claims)


def test_rereading_finds_the_sentences_that_stand_in_their_captures(gathered: World) -> None:
    bank = gathered.open("bank")
    view = load_snapshot(bank)
    seqs = view.snapshot.claim_seq.tolist()
    assert set(reread(bank, seqs)) == set(seqs)
    made_up = gathered.say(
        "bank", (entity("domain-name:made-up.com"), "indicates", entity("malware:nothing"))
    )
    assert reread(bank, made_up) == ()
    assert reread(bank, [*seqs[:2], *made_up]) == tuple(sorted(seqs[:2]))


def test_rereading_passes_over_what_the_viewer_may_not_see(gathered: World, tmp_path: Path) -> None:
    closed_source(gathered, tmp_path, RED)
    bank = gathered.open("bank")
    seqs = load_snapshot(bank).snapshot.claim_seq.tolist()
    seen = load_snapshot(gathered.open("police")).snapshot.claim_seq.tolist()
    assert set(reread(gathered.open("police"), seqs)) == set(seen) < set(seqs)


def test_routes_tell_the_source_and_place_of_every_step(gathered: World) -> None:
    view = load_snapshot(gathered.open("bank"))
    [route] = routes(view, telling(view, crossings(view.snapshot)))
    assert {hop.source for hop in route.hops} == {"alpha-lab/dridex.json", "beta-cert/qakbot.json"}
    assert all(hop.place.startswith("/objects/") for hop in route.hops)
    assert all(hop.record for hop in route.hops)
    assert "3 shared identifiers" in route.title
    assert 0.0 < route.belief < 1.0


def test_names_that_are_nearly_the_same_are_no_discovery(world: World) -> None:
    first, second, host = (
        entity("malware:lockbit"),
        entity("malware:lockbit 2.0"),
        entity("domain-name:x.com"),
    )
    world.say("bank", (host, "indicates", first), origin="a")
    world.say("bank", (host, "indicates", second), origin="b", path="b")
    view = load_snapshot(world.open("bank"))
    found = crossings(view.snapshot)
    assert len(found) == 1
    assert telling(view, found) == []


def test_pictures_and_routes_are_the_same_each_time(gathered: World) -> None:
    drawings = []
    for _ in range(2):
        view = load_snapshot(gathered.open("bank"))
        [one] = telling(view, crossings(view.snapshot))
        drawings.append((picture(view, [one.left, one.right]), routes(view, [one])))
    assert drawings[0] == drawings[1]


def test_a_picture_draws_each_node_once_and_edges_between_them_only(gathered: World) -> None:
    view = load_snapshot(gathered.open("bank"))
    drawing = picture(view, range(view.snapshot.size), targets=[0])
    ids = [node.id for node in drawing.nodes]
    assert len(ids) == len(set(ids)) == view.snapshot.size
    assert all(edge.start in ids and edge.end in ids for edge in drawing.edges)
    assert [node.flags for node in drawing.nodes].count(("target",)) == 1
    assert all(np.isfinite((node.x, node.y)).all() for node in drawing.nodes)


def test_a_picture_of_nothing_is_empty(world: World) -> None:
    view = load_snapshot(world.open("bank"))
    drawing = picture(view, [])
    assert (drawing.nodes, drawing.edges, drawing.events, drawing.countries) == ((), (), (), ())


def test_a_picture_is_capped(world: World) -> None:
    gang = entity("malware:gang")
    world.say("bank", *[(entity(f"domain-name:n{n}.com"), "indicates", gang) for n in range(30)])
    view = load_snapshot(world.open("bank"))
    [node] = [n for n, entity_ in view.entities(range(view.snapshot.size)).items() if entity_ == gang]
    assert len(picture(view, [node], cap=5).nodes) == 5
    assert len(drawn(view, [node], cap=5)) == 4


def test_known_good_things_are_drawn_as_shared_and_joining_nothing(world: World, tmp_path: Path) -> None:
    warning_list(tmp_path / "misp-warninglists" / "g" / "list.json", "List of known CDN domains", ["cdn.com"])
    gather(world.open("bank"), [tmp_path / "misp-warninglists"])
    world.say("bank", (entity("domain-name:cdn.com"), "indicates", entity("malware:gang")))
    view = load_snapshot(world.open("bank"))
    drawing = picture(view, range(view.snapshot.size))
    assert {node.id: node.flags for node in drawing.nodes}["domain-name:cdn.com"] == ("shared",)
    assert [edge.warning for edge in drawing.edges] == ["shared or parked: joins nothing"]


def test_the_timeline_has_the_dated_statements_newest_first(world: World) -> None:
    gang = entity("malware:gang")
    for day in ("2023-05-01", "2024-05-01"):
        world.say(
            "bank", (entity(f"domain-name:d{day}.com"), "indicates", gang), observed=on_day(day), path=day
        )
    world.say("bank", (entity("domain-name:undated.com"), "indicates", gang), path="u")
    view = load_snapshot(world.open("bank"))
    events = picture(view, range(view.snapshot.size)).events
    assert [event.start for event in events] == ["2024-05-01", "2023-05-01"]
    assert {event.label for event in events} == {"indicates"}
    assert events[0].ends == ("domain-name:d2024-05-01.com", str(gang))


def test_countries_count_each_group_once_under_all_its_names(world: World) -> None:
    country = entity("country:ru")
    world.say("bank", (entity("group:a"), "located-in", country), (entity("group:b"), "located-in", country))
    world.say("bank", (entity("organisation:c"), "located-in", country), path="o")
    world.say("police", (entity("group:a"), "located-in", country))
    [found] = countries(load_snapshot(world.open("bank")))
    assert (found.country, found.entities) == ("RU", 2)


def test_markings_of_statements_are_those_of_all_their_claims(world: World) -> None:
    sentence = (entity("domain-name:x.com"), "indicates", entity("malware:gang"))
    world.say("bank", sentence)
    world.say("bank", sentence, marking=Marking(tlp=Tlp.GREEN), path="g")
    view = load_snapshot(world.open("bank"))
    assert markings(view, [0]) == {CLEAR, Marking(tlp=Tlp.GREEN)}
    assert markings(view, []) == set()


def test_between_nodes_gives_the_ties_of_a_crossing_and_no_others(gathered: World) -> None:
    view = load_snapshot(gathered.open("bank"))
    [one] = telling(view, crossings(view.snapshot))
    rows = between_nodes(view, one)
    subjects = {entity_.value for entity_ in view.entities(view.snapshot.subject[rows]).values()}
    assert len(rows) == 6
    assert subjects == set(SHARED)


def test_days_are_told_as_dates_and_unknown_ones_not_at_all() -> None:
    assert (iso(0), iso(19_723), iso(UNKNOWN)) == ("1970-01-01", "2024-01-01", "")
    assert CLOCK.startswith(iso(20_487))
