"""A map with a private person and a victim in it, named in every kind of words, for whoever looks outside a case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desk_world import entity

from chokepoint.collect.operations_csv import figure_of
from chokepoint.desk.canvas import Placed, save_view
from chokepoint.desk.hypothesis import add_evidence, add_hypotheses, open_inquiry
from chokepoint.desk.identity import decide
from chokepoint.desk.personal.stating import state_role
from chokepoint.desk.vetting.review import vote
from chokepoint.desk.work.act import Operation
from chokepoint.desk.work.case import Case, open_case
from chokepoint.desk.work.impact import Published, add
from chokepoint.desk.work.note import Draft
from chokepoint.desk.work.operation import act, open_operation
from chokepoint.desk.work.outcome import Hit, record
from chokepoint.desk.work.reserve import reserve
from chokepoint.model.claim import Interval, parse_day
from chokepoint.model.judgement import Sameness, Vote
from chokepoint.model.marking import Marking, Tlp

if TYPE_CHECKING:
    from desk_world import World

GREEN = Marking(tlp=Tlp.GREEN)
SITE, GANG, MULE = entity("domain-name:evil.com"), entity("group:red fox"), entity("group:grey mule")
JANE, VERA = entity("person:jane doe"), entity("person:vera victim")
JANES = entity("email-addr:jane.doe@home.example"), entity("phone-number:+66811111111")
VERAS = entity("email-addr:vera.v@home.example"), entity("phone-number:+66822222222")
FLAT = entity("site:12 quiet lane")
WALLET = entity("crypto-address:btc:19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds")
SAID = (
    ((SITE, "contact", JANE), "evil.com is registered to Jane Doe, jane.doe[@]home[.]example"),
    ((JANE, "account", JANES[0]), "JANE DOE writes from Jane.Doe@home.example"),
    ((JANE, "account", JANES[1]), "Doe, Jane answers +66 81 111 1111"),
    ((VERA, "account", VERAS[0]), "Vera   Victim <vera.v@home.example>"),
    ((VERA, "account", VERAS[1]), "VICTIM, Vera: 082-222-2222"),
    ((JANE, "located-in", FLAT), "Jane Doe lives at 12 Quiet Lane"),
    ((SITE, "attributed-to", GANG), "evil.com belongs to the red fox"),
    ((SITE, "description", "run for Jane Doe by others"), "it is run for Jane Doe by others"),
    ((VERA, "pays", WALLET), "she pays 19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds"),
    ((SITE, "requests-payment-to", WALLET), "evil.com asks for payment"),
    ((SITE, "controlled-by", MULE), "ask vera.v@home.example, who saw the grey mule"),
)
SPELT = (
    *("jane doe", "doe, jane", "jane.doe", "vera   victim", "vera victim", "victim, vera", "vera.v"),
    *("6681111", "81 111 1111", "6682222", "082-222-2222", "quiet lane", JANE.id, VERA.id),
)
"""How somebody is named in the world, case folded; none of it may stand in an answer."""
SEEN = Interval("2026-01-10", "2026-01-12")
HIT = parse_day("2026-01-05")
KENYA = ("Kenya Police", "https://police.example/x", "page 3, says Jane Doe", "2026-01-05")


@dataclass(frozen=True, slots=True)
class Town:
    """The world with what is asked about it."""

    world: World
    claims: tuple[str, ...]
    operation: str
    inquiry: str
    view: str
    case: Case


def build(world: World) -> Town:
    """The bank tells all of it; the vendor has a case of its own, in which nobody's role was recorded."""
    text = "\n".join(line for _, line in SAID)
    seqs = world.say(
        "bank",
        *(one for one, _ in SAID),
        text=text,
        grade="A1",
        marking=GREEN,
        path="Jane Doe.txt",
        observed=SEEN,
    )
    ids = world.ids("bank", seqs)
    bank, police, vendor = (world.open(who) for who in ("bank", "police", "vendor"))
    state_role(bank, str(VERA), "victim", Draft(text="she reported it", marking=GREEN))
    vote(vendor, [ids[6]], Vote.CONFIRM, "seen")
    vote(police, ids[:7], Vote.CONFIRM, "told by Victim, Vera and by Jane Doe on +66 81 111 1111")
    decide(bank, (str(JANE), str(GANG)), Sameness.UNSURE, reason="Jane Doe signs as fox", marking=GREEN)
    decide(bank, (str(GANG), str(MULE)), Sameness.SAME, reason="the same wallet", marking=GREEN)
    led = open_operation(bank, Operation(id="", name="Quiet Fox", marking=GREEN))
    act(bank, led.id, str(JANE), ("arrest", "2026-01-05", "police of Jane Doe"))
    act(bank, led.id, "evil.com", ("takedown", "2026-01-06", "a registrar"))
    for one in (JANES[1], SITE):
        record(bank, Hit(entity=one, mode="takedown", on=HIT, gone=parse_day("2026-01-09")), GREEN)
    cells = {"measure": "arrests", "value": "20..24", "country": "KE"}
    add(bank, "Quiet Fox", figure_of(cells), Published(*KENYA, GREEN))
    asked = open_inquiry(bank, "Is it Jane Doe?", GREEN)
    add_hypotheses(bank, asked.id, [str(JANE), str(GANG)])
    add_evidence(bank, asked.id, ids[:7])
    things = [Placed(id=str(one), x=1, y=2) for one in (JANE, SITE, FLAT, *JANES, *VERAS)]
    view = save_view(bank, "around Jane Doe", things, marking=GREEN)
    case = open_case(vendor, Case(id="", title="Fox", purpose="p", owner="ann", review_date="2026-12-01"))
    reserve(vendor, case.id, [str(JANE), "evil.com"])
    return Town(world, tuple(ids), led.id, asked.id, view, case)
