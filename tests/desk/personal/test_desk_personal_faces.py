"""Every face of the desk shows natural persons minimised to whoever looks outside a case, and all else as it is."""
# ruff: noqa: ARG005 - every face is asked alike, with or without more of the town

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from chain_world import ONE, W1, A, accept, ask, chain
from desk_world import entity
from faces_world import FLAT, GANG, GREEN, JANE, JANES, SAID, SITE, SPELT, VERA, VERAS, Town, build

from chokepoint.desk.analyse import ChokeOptions, choke
from chokepoint.desk.canvas import begin, branches, expand, find_view, open_view, overview, piece, views
from chokepoint.desk.hand import export
from chokepoint.desk.hypothesis import find_inquiry, inquiries, matrix
from chokepoint.desk.identity import decide, judgements
from chokepoint.desk.looking.look import search, show
from chokepoint.desk.looking.route import path
from chokepoint.desk.looking.source import NAMES, source
from chokepoint.desk.personal.stating import state_role
from chokepoint.desk.personal.veil import all_unveiled, unveiled, veil
from chokepoint.desk.vetting.queue import queue
from chokepoint.desk.vetting.review import votes_on
from chokepoint.desk.work.act import Operation
from chokepoint.desk.work.aftermath import around
from chokepoint.desk.work.impact import impact
from chokepoint.desk.work.meeting import meeting
from chokepoint.desk.work.note import Draft
from chokepoint.desk.work.operation import act, find_operation, open_operation, operations
from chokepoint.desk.work.outcome import outcomes
from chokepoint.desk.work.reserve import reserve
from chokepoint.model.errors import ChokepointError, RefusedError
from chokepoint.model.judgement import Sameness
from chokepoint.package.redact import WITHHELD

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk_world import World

    from chokepoint.desk.atlas import Atlas


LENT = entity("bank-account:iban:gb82west12345698765432")


@pytest.fixture(scope="module")
def town(worlds: Callable[[], World]) -> Town:
    return build(worlds())


def _export(form: str) -> Callable[[Atlas, Town], str]:
    def face(atlas: Atlas, town: Town) -> str:
        out = io.BytesIO()
        export(atlas, form, out, names=[str(one) for one in (SITE, GANG, JANE, *VERAS)])
        return out.getvalue().decode()

    return face


def _choke(atlas: Atlas, town: Town) -> object:
    found = choke(atlas, ChokeOptions(horizon=90))
    return (found, found.lines(), found.to_json())


ALL = [str(one) for one in (JANE, VERA, *JANES, *VERAS, FLAT, SITE, GANG)]
FACES: dict[str, tuple[Callable[[Atlas, Town], Any], str]] = {
    "review list": (lambda a, t: queue(a), "evil.com"),
    "review votes": (lambda a, t: votes_on(a, t.claims), "confirm"),
    "source": (lambda a, t: [source(a, one) for one in t.claims], "evil.com belongs to the red fox"),
    "identity list": (lambda a, t: judgements(a), "the same wallet"),
    "identity list of one": (lambda a, t: judgements(a, "jane doe"), "unsure"),
    "operation list": (lambda a, t: operations(a), "evil.com"),
    "operation show": (lambda a, t: find_operation(a, t.operation), "a registrar"),
    "outcome list": (lambda a, t: outcomes(a), "evil.com"),
    "impact": (lambda a, t: impact(a, "Quiet Fox"), "Kenya Police"),
    "impact in JSON": (lambda a, t: impact(a).to_json(), "Kenya Police"),
    "around an operation": (lambda a, t: around(a, find_operation(a, t.operation)), "evil.com"),
    "meeting": (lambda a, t: meeting(a, t.case), "evil.com"),
    "map begun": (lambda a, t: begin(a, "evil.com"), "evil.com"),
    "map begun at a person": (lambda a, t: begin(a, "jane doe"), "evil.com"),
    "map of all": (lambda a, t: piece(a, ALL), "red fox"),
    "map expanded": (lambda a, t: expand(a, str(JANE), ("account", False), beside=[str(SITE)]), "evil.com"),
    "map from above": (lambda a, t: overview(a), "evil.com"),
    "branches": (lambda a, t: branches(a, str(JANE)), "located-in"),
    "kept views": (lambda a, t: views(a), "bank"),
    "kept view": (lambda a, t: (find_view(a, t.view), open_view(a, t.view)), "evil.com"),
    "inquiries": (lambda a, t: [one.question for one in inquiries(a)], "Is it"),
    "inquiry": (lambda a, t: find_inquiry(a, t.inquiry).question, "Is it"),
    "matrix": (lambda a, t: matrix(a, t.inquiry).to_json(), "red fox"),
    "choke": (_choke, "red fox"),
    "show": (lambda a, t: show(a, "evil.com").evidence, "red fox"),
    "search": (lambda a, t: search(a, "jane doe"), "(other)"),
    "path": (lambda a, t: path(a, str(JANES[0]), str(GANG)).routes, "red fox"),
    "graphml": (_export("graphml"), "graphml"),
}


@pytest.mark.parametrize("face", FACES)
def test_nobody_is_named_and_the_rest_is_shown(town: Town, face: str) -> None:
    ask, ordinary = FACES[face]
    said = repr(ask(town.world.open("vendor"), town)).replace("\\'", "'")
    assert ordinary in said
    assert [one for one in SPELT if one in said.casefold()] == []


@pytest.mark.parametrize("face", [name for name in FACES if name not in {"search", "inquiries", "inquiry"}])
def test_the_contributor_sees_no_more_than_others(town: Town, face: str) -> None:
    said = repr(FACES[face][0](town.world.open("bank"), town)).casefold()
    assert [one for one in SPELT if one in said] == []


# --- words of a source ---


def _words(town: Town, line: int) -> tuple[str, str]:
    found = source(town.world.open("vendor"), town.claims[line - 1])
    return found.text, found.problem


def test_a_name_in_the_words_of_a_source_gives_way_to_the_pseudonym(town: Town) -> None:
    text, problem = _words(town, 8)
    assert text.startswith("it is run for Person ")
    assert text.endswith(" (other) by others")
    assert problem == ""


def test_an_address_that_is_written_defanged_gives_way_too(town: Town) -> None:
    text, _ = _words(town, 1)
    assert text.startswith("evil.com is registered to Person ")
    assert "[@]" not in text


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(3, id="the surname first"),
        pytest.param(4, id="more blanks than the name has"),
        pytest.param(5, id="a victim with the number as it is written at home"),
    ],
)
def test_words_that_spell_a_name_in_another_way_are_kept_back_with_the_reason(town: Town, line: int) -> None:
    assert _words(town, line) == ("", NAMES)


def test_somebody_of_whom_the_claim_does_not_speak_is_not_named_by_its_words(town: Town) -> None:
    text, _ = _words(town, 11)
    assert "grey mule" in text
    assert "vera" not in text


def test_words_that_name_nobody_are_shown_as_they_stand(town: Town) -> None:
    assert _words(town, 7) == (SAID[6][1], "")


# --- reasons and questions ---


def test_a_reason_that_names_somebody_is_kept_back_and_the_vote_is_not(town: Town) -> None:
    [cast] = votes_on(town.world.open("bank"), [town.claims[0]])[town.claims[0]]
    assert (cast["organisation"], cast["vote"], cast["reason"]) == ("police", "confirm", WITHHELD)


def test_a_reason_that_names_nobody_is_told(town: Town) -> None:
    cast = votes_on(town.world.open("bank"), [town.claims[6]])[town.claims[6]]
    assert "seen" in {one["reason"] for one in cast}


def test_a_judgement_on_somebody_is_told_without_its_reason(town: Town) -> None:
    [one] = judgements(town.world.open("vendor"), "jane doe")
    assert one.said["reason"] == WITHHELD
    assert one.right == GANG


# --- pseudonyms lead back ---


def pseudonym(town: Town, who: str = "vendor") -> str:
    atlas = town.world.open(who)
    return str(veil(atlas, [JANE]).entity(JANE))


def test_a_map_grows_from_a_pseudonym(town: Town) -> None:
    vendor = town.world.open("vendor")
    name = pseudonym(town)
    found = expand(vendor, name, ("account", False))
    assert found.nodes[0].id == name
    assert len(found.nodes) == 1 + len(JANES)


def test_what_a_map_holds_can_be_asked_for_again_by_its_ids(town: Town) -> None:
    vendor = town.world.open("vendor")
    ids = [one.id for one in piece(vendor, ALL).nodes if one.kind != FLAT.kind]
    assert [one.id for one in piece(vendor, ids).nodes] == ids


def test_where_somebody_lives_is_on_the_map_without_the_address_and_leads_nowhere(town: Town) -> None:
    vendor = town.world.open("vendor")
    [home] = [one for one in piece(vendor, ALL).nodes if one.kind == FLAT.kind]
    assert home.label.startswith("a withheld address ")
    assert piece(vendor, [home.id]).nodes == ()


def test_a_site_without_its_tenant_is_shown(town: Town) -> None:
    [site] = piece(town.world.open("vendor"), [str(FLAT)]).nodes
    assert site.label == FLAT.value


def test_things_of_a_kept_view_lie_where_they_were_put_under_their_pseudonyms(town: Town) -> None:
    _, shown, places = open_view(town.world.open("vendor"), town.view)
    assert {one.id for one in places} <= {one.id for one in shown.nodes}
    assert pseudonym(town) in {one.id for one in places}


def test_many_pseudonyms_lead_back_as_each_does(town: Town) -> None:
    vendor = town.world.open("vendor")
    told = [str(one) for one in veil(vendor, [JANE, VERA, *JANES]).names.values()]
    asked = [*told, "evil.com", "Person aaaaaaaa (other)", told[0]]
    assert all_unveiled(vendor, asked) == [unveiled(vendor, one) for one in asked]
    assert str(JANE) in all_unveiled(vendor, told)


def test_another_members_pseudonym_is_not_on_the_map(town: Town) -> None:
    assert piece(town.world.open("police"), [pseudonym(town, "vendor")]).nodes == ()


def test_what_is_decided_by_a_pseudonym_is_about_the_person_and_names_nobody(town: Town) -> None:
    vendor = town.world.open("vendor")
    found = decide(vendor, (pseudonym(town), str(GANG)), Sameness.DIFFERENT, reason="other hours")
    assert "jane" not in json.dumps(found.to_json())
    with vendor.reader.connect() as connection:
        assert vendor.reader.eid(connection, JANE) is not None
    assert "other hours" not in repr(judgements(vendor, "jane doe"))
    assert len(judgements(vendor, "jane doe")) == 2


# --- choke points ---


@pytest.fixture(scope="module")
def fraud(worlds: Callable[[], World]) -> World:
    """A value chain through the account of somebody who is herself a victim."""
    world = chain(worlds())
    accept(world, (A, "requests-payment-to", LENT), (LENT, "controlled-by", ONE), times=5)
    world.say("bank", (VERA, "account", LENT), path="lent", marking=GREEN)
    state_role(world.open("bank"), str(VERA), "victim", Draft(text="she lent it", marking=GREEN))
    return world


def test_a_chain_through_a_victims_account_does_not_tell_the_account(fraud: World) -> None:
    found = ask(fraud, "police")
    assert found.chain is not None
    shown = str(veil(fraud.open("police"), [LENT]).entity(LENT))
    told = repr((found, found.lines(), found.to_json()))
    assert shown in told
    assert LENT.value not in told
    assert W1.value in told


def test_what_is_excluded_under_its_pseudonym_is_excluded(fraud: World) -> None:
    shown = veil(fraud.open("police"), [LENT]).entity(LENT).value
    by_value, by_pseudonym = (
        ask(fraud, "police", without=frozenset({one})).to_json() for one in (str(LENT), shown)
    )
    assert by_value == by_pseudonym


# --- what is refused names nobody ---


def _led(town: Town) -> tuple[Atlas, str, str]:
    vendor = town.world.open("vendor")
    return vendor, open_operation(vendor, Operation(id="", name="Refused")).id, pseudonym(town)


REFUSED: dict[str, Callable[[Town], object]] = {
    "a takedown of a person": lambda t: act(*_led(t), ("takedown", "2026-01-05", "x")),
    "a person with themselves": lambda t: decide(
        t.world.open("vendor"), (pseudonym(t), pseudonym(t)), Sameness.SAME, reason="r"
    ),
}


@pytest.mark.parametrize("refusal", REFUSED)
def test_a_refusal_tells_what_was_asked_and_not_who_it_is(town: Town, refusal: str) -> None:
    with pytest.raises(ChokepointError) as told:
        REFUSED[refusal](town)
    assert isinstance(told.value, RefusedError)
    assert "jane" not in repr((told.value.reason, told.value.place, told.value.mend)).casefold()


def test_an_action_recorded_under_a_pseudonym_is_told_under_it(town: Town) -> None:
    vendor, one, who = (
        _led(town)[0],
        open_operation(town.world.open("vendor"), Operation(id="", name="Net")).id,
        pseudonym(town),
    )
    [action] = act(vendor, one, who, ("arrest", "2026-01-05", "police")).actions
    assert str(action.entity) == who


def test_what_a_case_reserves_is_told_under_pseudonyms(town: Town) -> None:
    vendor, who = town.world.open("vendor"), pseudonym(town)
    assert [str(one) for one in reserve(vendor, town.case.id, [who, "evil.com"])] == [who, str(SITE)]
