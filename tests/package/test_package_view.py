"""What the report's templates are given: every text decided, every order fixed, nothing left to guess."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from package_sample import (
    ATLAS,
    FILE,
    KEY,
    KEYED,
    SAMSAM,
    TESLA,
    WALLET,
    WHEN,
    captures,
    facts,
    finding,
    picture,
    seal,
)

from chokepoint.model.claim import Interval
from chokepoint.model.errors import NotValidError
from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR, Marking, Pap, Tlp
from chokepoint.model.vocabulary import vocabulary
from chokepoint.package.document import content_policy, render
from chokepoint.package.findings import CountryCount, Event, FindingKind, Node, Picture
from chokepoint.package.parts import CastVote
from chokepoint.package.privacy import Discretion, pseudonym
from chokepoint.package.redact import WITHHELD
from chokepoint.package.report import Report
from chokepoint.package.view import MOST_ROWS, Namer, make_page, when

CLAIMS = seal(facts()).claims
JANE = Entity("person", "jane doe")


def page(**changes):
    base = Report(
        title="Two wallets",
        created=WHEN,
        organisation="Example Police",
        atlas=ATLAS,
        marking=CLEAR,
        finding=finding(),
        picture=picture(),
        claims=CLAIMS,
        captures=captures(),
    )
    return make_page(replace(base, **changes))


def voted(*votes, **changes):
    return replace(CLAIMS[0], votes=tuple(CastVote(*vote) for vote in votes), **changes)


def test_the_head_of_a_page():
    made = page()
    assert (made.title, made.organisation, made.atlas) == ("Two wallets", "Example Police", ATLAS)
    assert (made.created, made.as_of) == ("2024-05-01 09:30 UTC", "2024-05-01")
    assert (made.marking, made.level, made.audience) == ("TLP:CLEAR", "clear", "")
    assert not made.simulated


@pytest.mark.parametrize(
    ("marking", "label", "level"),
    [
        (Marking(tlp=Tlp.CLEAR), "TLP:CLEAR", "clear"),
        (Marking(tlp=Tlp.AMBER_STRICT), "TLP:AMBER+STRICT", "amber-strict"),
        (Marking(tlp=Tlp.RED, pap=Pap.RED), "TLP:RED · PAP:RED", "red"),
        (Marking(tlp=Tlp.GREEN, pap=Pap.CLEAR), "TLP:GREEN", "green"),
    ],
)
def test_a_label_is_written_as_it_is_published_and_never_translated(marking, label, level):
    made = page(marking=marking)
    assert (made.marking, made.level) == (label, level)


def test_recipients_stand_in_the_order_of_their_names():
    made = page(marking=Marking(tlp=Tlp.AMBER, audience=frozenset({"police", "bank", "Ärzte"})))
    assert made.audience == "bank, police, Ärzte"


@pytest.mark.parametrize("kind", FindingKind)
def test_only_a_structural_answer_calls_itself_so(kind):
    assert page(finding=replace(finding(), kind=kind)).structural is (kind is FindingKind.STRUCTURAL)


def test_targets_are_numbered_from_one_in_the_order_of_the_plan():
    made = page().targets
    assert [(one.number, one.target, one.kind, one.mode) for one in made] == [
        (1, WALLET.value, "Crypto address", "cooperation"),
        (2, "teslagive[.]net", "Domain", "takedown"),
    ]


def test_a_step_against_its_claim_is_told_from_the_other_side():
    forward, backward = page().routes[0].steps
    assert (forward.link, forward.start, forward.end) == (
        "asks for payment to",
        str(FILE.value),
        WALLET.value,
    )
    assert backward.link == vocabulary().property("requests-payment-to").reverse
    assert (backward.start, backward.end) == (WALLET.value, "samsam")
    assert (backward.start_kind, backward.end_kind) == ("Crypto address", "Malware")


@pytest.mark.parametrize("name", [name for name, one in vocabulary().properties.items() if one.is_link])
@pytest.mark.parametrize("backward", [False, True], ids=["forward", "backward"])
def test_every_link_reads_in_both_directions(name, backward):
    hop = replace(finding().routes[0].hops[0], property=name, backward=backward)
    route = replace(finding().routes[0], hops=(hop,))
    (step,) = Namer(Discretion(minimised=KEYED)).route(route).steps
    word = vocabulary().property(name)
    assert step.link == ((word.reverse or word.label) if backward else word.label)
    assert step.link


def test_evidence_is_told_with_source_grade_and_time():
    row = page().evidence[0]
    assert (row.subject, row.kind) == (FILE.value, "File")
    assert (row.link, row.object) == ("asks for payment to", WALLET.value)
    assert (row.when, row.source) == ("2016-01-01", "samsa.csv")
    assert row.grade == "usually reliable source, probably true"


def test_a_capture_that_is_not_there_is_named_by_its_hash():
    assert page(captures={}).evidence[0].source == CLAIMS[0].capture[:12]


@pytest.mark.parametrize("count", [0, 1, MOST_ROWS - 1, MOST_ROWS, MOST_ROWS + 1])
def test_so_many_rows_of_evidence_and_no_more(count):
    made = page(claims=(CLAIMS[0],) * count)
    assert len(made.evidence) == min(count, MOST_ROWS)
    assert made.more == max(0, count - MOST_ROWS)


@pytest.mark.parametrize("grading", ["", "B", "Z9", "2B", "b2", "B22"])
def test_a_grade_that_is_none_is_refused_and_not_shown(grading):
    with pytest.raises(NotValidError):
        page(claims=(replace(CLAIMS[0], grading=grading),))


def test_votes_are_added_up_by_organisation():
    claims = (
        voted(("b", "confirm", "seen", False), ("a", "dispute", "parked", False)),
        voted(("b", "confirm", "seen", False), ("a", "unsure", "", False)),
        voted(("b", "dispute", "gone", True)),
    )
    made = page(claims=claims).voters
    assert [(one.organisation, one.confirmed, one.disputed, one.unsure) for one in made] == [
        ("a", 0, 1, 1),
        ("b", 2, 1, 0),
    ]
    assert [one.simulated for one in made] == [False, True]
    assert made[1].reasons == ("seen", "gone")


def test_three_reasons_of_an_organisation_are_shown_each_once():
    claims = tuple(voted(("a", "confirm", reason, False)) for reason in ("1", "2", "1", "3", "4"))
    assert page(claims=claims).voters[0].reasons == ("1", "2", "3")


def test_dissent_is_shown_beside_consent():
    text = render(
        Report(
            title="t", created=WHEN, organisation="o", atlas=ATLAS, marking=CLEAR, finding=finding(),
            claims=(voted(("a", "confirm", "seen", False), ("b", "dispute", "it is parked", False)),),
        )
    )  # fmt: skip
    assert "it is parked" in text


def test_phases_follow_the_crime_script_and_targets_come_first():
    made = page().phases
    order = [phase.name for phase in made]
    assert order == [name for name in vocabulary().phases if name in order]
    payment = next(phase for phase in made if phase.name == "payment")
    assert payment.entities[0][0] == WALLET.value
    assert "target" in payment.entities[0][2]
    rest = [label for label, _, _ in payment.entities[1:]]
    assert rest == sorted(rest)


def test_a_node_with_a_phase_of_its_own_stands_there():
    nodes = (Node("a", "a", "domain-name", 0, 0, phase="cash-out"), Node("b", "b", "country", 0, 0))
    made = page(picture=Picture(nodes=nodes)).phases
    assert [(phase.name, len(phase.entities)) for phase in made] == [("cash-out", 1)]


def test_a_kind_that_nobody_knows_is_named_as_it_is():
    made = page(picture=Picture(nodes=(Node("a", "a", "unheard-of", 0, 0, phase="lure"),))).phases
    assert made[0].entities[0][1] == "unheard-of"


def test_countries_are_named_and_the_largest_comes_first():
    counts = (CountryCount("th", 2), CountryCount("DE", 9), CountryCount("us", 2), CountryCount("xx", 1))
    assert page(picture=Picture(countries=counts)).countries == (
        ("Germany", 9),
        ("Thailand", 2),
        ("United States of America", 2),
        ("XX", 1),
    )


@pytest.mark.parametrize("count", [1, 12, 13, 40])
def test_small_countries_are_added_up_after_twelve(count):
    codes = "TH US DE FR GB NL SE NO FI DK PL CZ AT CH IT ES PT GR TR RO BG HU SK SI HR RS UA BY LT LV EE IE IS JP KR CN IN ID MY SG"
    counts = tuple(CountryCount(code, 40 - k) for k, code in enumerate(codes.split()[:count]))
    text = render(
        Report(
            title="t", created=WHEN, organisation="o", atlas=ATLAS, marking=CLEAR, finding=finding(),
            picture=Picture(countries=counts),
        )
    )  # fmt: skip
    assert (f"{count - 12} other countries" in text) is (count > 12)


@pytest.mark.parametrize("edition", [False, True], ids=["members", "public"])
def test_an_unnamed_person_is_a_pseudonym_wherever_the_page_speaks_of_them(edition):
    plan = replace(finding().plan[0], target=JANE, mode="referral")
    claim = replace(CLAIMS[0], subject=JANE, property="alias", object="J. D.")
    made = page(
        discretion=Discretion(open_edition=edition, minimised=KEYED),
        finding=replace(finding(), plan=(plan,)),
        claims=(claim, replace(CLAIMS[0], object=JANE)),
        picture=Picture(nodes=(Node(str(JANE), "Jane Doe", "person", 0, 0),)),
    )
    name = pseudonym(JANE, KEY)
    assert made.targets[0].target == name
    assert (made.evidence[0].subject, made.evidence[0].object) == (name, WITHHELD)
    assert made.evidence[1].object == name
    assert made.picture.nodes[0].label == name


def test_a_node_that_is_no_entity_keeps_its_label():
    nodes = (Node("a cluster", "3 wallets", "crypto-address", 0, 0), Node("url:x", "y", "domain-name", 0, 0))
    assert [one.label for one in page(picture=Picture(nodes=nodes)).picture.nodes] == ["3 wallets", "y"]


def test_labels_of_events_hold_no_live_address():
    events = (Event("2020-01-01", "", "evil-login.com went up"),)
    assert page(picture=Picture(events=events)).picture.events[0].label == "evil-login[.]com went up"


def test_a_finding_without_a_curve_has_none_drawn():
    made = page(finding=replace(finding(), curve=None))
    assert (made.curve_wide, made.curve_tall) == ("", "")
    assert page().curve_wide != page().curve_tall != ""


@pytest.mark.parametrize(
    ("start", "end", "precision", "shown"),
    [
        ("2016-01-01", "2016-01-02", "second", "2016-01-01"),
        ("2016-01-31", "2016-02-01", "month", "2016-01"),
        ("2016-01-01", "2016-03-01", "month", "2016-01 to 2016-02"),
        ("2016-01-01", "2018-01-01", "year", "2016 to 2017"),
        ("2016-02-28", "2016-03-01", "day", "2016-02-28 to 2016-02-29"),
        ("", "2016-01-01", "year", "until 2015"),
        ("2016-01-01", "", "month", "since 2016-01"),
        ("", "0001-01-01", "day", "until 0001-01-01"),
        ("2016-01-01", "0001-01-01", "day", "2016-01-01 to 0001-01-01"),
    ],
)
def test_half_open_intervals_are_told_by_their_last_day(start, end, precision, shown):
    assert when(Interval(start, end, precision)) == shown


@given(st.dates(), st.integers(1, 400))
def test_no_interval_is_told_to_end_before_it_began(first, days):
    last = first.fromordinal(min(first.toordinal() + days, first.max.toordinal()))
    told = when(Interval(first.isoformat(), last.isoformat()))
    start, _, end = told.partition(" to ")
    assert start <= (end or start)


@pytest.mark.parametrize("style", ["", "a{}", "ก"])
def test_the_policy_names_one_style_sheet_and_forbids_all_else(style):
    policy = content_policy(style)
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert policy != content_policy(style + " ")
    assert "unsafe" not in policy
    assert "http" not in policy


def test_the_drawn_network_shows_what_the_page_may_show():
    nodes = (Node(str(JANE), "Jane Doe", "person", 0, 0), Node(str(SAMSAM), "samsam", "malware", 1, 1))
    text = render(
        Report(
            title="t", created=WHEN, organisation="o", atlas=ATLAS, marking=CLEAR, finding=finding(),
            picture=Picture(nodes=nodes), discretion=Discretion(minimised=KEYED),
        )
    )  # fmt: skip
    assert "Jane" not in text
    assert text.count(pseudonym(JANE, KEY)) >= 3
    assert TESLA.value not in text
