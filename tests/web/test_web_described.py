"""What a form says of a member, word by word, and what a browser sends of files: laws and edges without a desk."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar.datastructures import UploadFile

from chokepoint.collect.base import Rejected
from chokepoint.desk.gather import FileReport, GatherReport
from chokepoint.model.errors import NotValidError
from chokepoint.model.marking import Tlp
from chokepoint.model.member import Capability, Member, Mode, Sector
from chokepoint.model.role import COALITION, Role
from chokepoint.web.intake import options_of
from chokepoint.web.pages.access import SHOWN, AccessPage, Asked
from chokepoint.web.pages.collect import CollectForm, formats
from chokepoint.web.pages.member import DescribeForm, described
from chokepoint.web.pages.people import GIVEN, PersonForm
from chokepoint.web.show.account import WORDS, Gathering, Wishes, account_of

KNOWN = Member(
    name="vendor",
    sector=Sector.VENDOR,
    country="ke",
    capabilities=frozenset({Capability(Mode.TAKEDOWN)}),
    parents=frozenset({"Acme"}),
    feeds=frozenset({"List A"}),
)
names = st.frozensets(st.text("abcXYZ 09-", min_size=1, max_size=20).map(str.strip).filter(bool), max_size=5)


class TestDescribed:
    @pytest.mark.parametrize(
        ("form", "expected"),
        [
            pytest.param(
                DescribeForm(sector="police"), {"sector": Sector.LAW_ENFORCEMENT}, id="a sector's other word"
            ),
            pytest.param(DescribeForm(country=" UK "), {"country": "gb"}, id="a country's other code"),
            pytest.param(
                DescribeForm(capabilities="Seizure , freeze:crypto-address,"),
                {
                    "capabilities": frozenset(
                        {Capability(Mode.SEIZURE), Capability(Mode.FREEZE, "crypto-address")}
                    )
                },
                id="levers replace those there were",
            ),
            pytest.param(
                DescribeForm(parents="Umbrella"),
                {"parents": frozenset({"Acme", "Umbrella"})},
                id="a tie is added",
            ),
            pytest.param(DescribeForm(parents=" , ,"), {}, id="nothing between commas"),
            pytest.param(DescribeForm(lift="Acme"), {"parents": frozenset()}, id="a tie is lifted"),
            pytest.param(DescribeForm(lift="Nobody"), {}, id="a tie that is none is lifted"),
            pytest.param(
                DescribeForm(parents="Acme", lift="Acme"),
                {"parents": frozenset()},
                id="lifting wins over adding",
            ),
            pytest.param(
                DescribeForm(feeds="Acme", lift="Acme"),
                {"parents": frozenset(), "feeds": frozenset({"List A"})},
                id="a name is lifted wherever it stands",
            ),
        ],
    )
    def test_a_form_changes_what_it_names_and_nothing_else(
        self, form: DescribeForm, expected: dict[str, object]
    ):
        kept = DescribeForm(capabilities="takedown") if not form.capabilities else form
        form.capabilities = kept.capabilities
        assert described(KNOWN, form) == replace(KNOWN, **expected)  # type: ignore[arg-type]

    def test_levers_that_are_taken_out_of_the_field_are_gone(self):
        assert described(KNOWN, DescribeForm()).capabilities == frozenset()

    @given(names, names)
    def test_ties_only_grow_where_none_is_lifted(self, there: frozenset[str], added: frozenset[str]):
        known = replace(KNOWN, feeds=there)
        told = described(known, DescribeForm(feeds=", ".join(sorted(added)))).feeds
        assert there <= told
        assert {" ".join(name.split()) for name in added} <= told

    @given(names)
    def test_saying_the_same_twice_changes_nothing_more(self, added: frozenset[str]):
        form = DescribeForm(sector="bank", country="th", capabilities="takedown", origins=",".join(added))
        once = described(KNOWN, form)
        assert described(once, form) == once

    def test_the_name_is_never_what_a_form_says(self):
        assert described(KNOWN, DescribeForm(name="bank")).name == "vendor"


class TestRoles:
    @pytest.mark.parametrize(
        ("ticked", "roles"),
        [
            pytest.param("", [], id="none"),
            pytest.param("vetter", [Role.VETTER], id="one comes as no list"),
            pytest.param(["vetter", "administrator"], [Role.VETTER, Role.ADMINISTRATOR], id="several"),
            pytest.param(["", "vetter"], [Role.VETTER], id="an empty one beside"),
        ],
    )
    def test_what_is_ticked_is_read(self, ticked: list[str] | str, roles: list[Role]):
        assert PersonForm(role=ticked).roles == roles

    @pytest.mark.parametrize("ticked", ["king", ["vetter", "king"], "VETTER!"])
    def test_a_word_that_is_no_role_is_refused(self, ticked: list[str] | str):
        with pytest.raises(NotValidError) as caught:
            _ = PersonForm(role=ticked).roles
        assert caught.value.mend

    def test_somebody_who_works_here_has_at_least_one(self):
        with pytest.raises(NotValidError) as caught:
            _ = PersonForm(role=[]).some_roles
        assert caught.value.mend

    def test_every_role_is_either_an_organisations_or_the_coalitions_to_give(self):
        assert set(GIVEN) | COALITION == set(Role)
        assert not set(GIVEN) & COALITION


class TestFiles:
    one, other = (UploadFile("text/plain", name) for name in ("a.txt", "b.txt"))

    @pytest.mark.parametrize(
        ("sent", "count"),
        [
            pytest.param(None, 0, id="no field"),
            pytest.param("", 0, id="the empty text of a browser without a choice"),
            pytest.param(one, 1, id="one"),
            pytest.param([one, other], 2, id="several"),
            pytest.param(["", one, "text"], 1, id="texts between"),
            pytest.param([], 0, id="an empty list"),
        ],
    )
    def test_only_files_count(self, sent: object, count: int):
        assert len(CollectForm(file=sent).files) == count

    def test_every_format_can_be_chosen_once(self):
        assert list(formats()) == sorted(set(formats()))
        assert {"stix2", "table", "pdf", "misp-event"} <= set(formats())

    @pytest.mark.parametrize("label", list(Tlp), ids=lambda label: label.name)
    def test_a_label_is_taken_as_the_form_writes_it(self, label: Tlp):
        word = label.label.removeprefix("TLP:").lower()
        assert options_of(Wishes(tlp=word)).marking.tlp is label

    @pytest.mark.parametrize(
        "wishes",
        [Wishes(tlp="purple"), Wishes(tlp=""), Wishes(grade="B"), Wishes(grade="B9"), Wishes(grade="22")],
        ids=["another label", "no label", "half a grade", "no figure", "no letter"],
    )
    def test_a_wish_that_is_none_is_refused(self, wishes: Wishes):
        with pytest.raises(NotValidError):
            options_of(wishes)

    def test_without_a_grade_the_source_keeps_its_own(self):
        assert options_of(Wishes()).grading is None
        assert options_of(Wishes(grade="c4")).grading is not None

    def test_a_proposed_mapping_is_taken_only_where_that_was_wished(self):
        assert not options_of(Wishes()).confirmed
        assert options_of(Wishes(confirmed=True)).confirmed


class TestTelling:
    @pytest.mark.parametrize(
        ("state", "over"),
        [("waiting", False), ("reading", False), ("done", True), ("refused", True), ("failed", True)],
    )
    def test_a_sending_is_over_when_nothing_reads_it_any_more(self, state: str, over: bool):
        sending = Gathering(
            id="x", names=("a",), state=state, made=0, account=account_of(GatherReport(files=()), str)
        )
        assert sending.over is over

    def test_a_long_reason_is_cut(self):
        report = FileReport(path="a", rejected=[Rejected("p" * 900, "r" * 900)])
        (told,) = account_of(GatherReport(files=(report,)), str).files[0].rejected
        assert [len(word) for word in told] == [WORDS, WORDS]

    def test_what_there_is_most_of_is_told_first_and_nothing_is_left_out(self):
        report = FileReport(path="a")
        report.entities.update({"person": 1, "url": 5, "domain-name": 3})
        told = account_of(GatherReport(files=(report,)), str).files[0].entities
        assert told == (("url", 5), ("domain-name", 3), ("person", 1))

    @given(st.booleans(), st.integers(0, 4 * SHOWN))
    def test_pages_of_the_log_lead_to_each_other_and_never_past_an_end(self, more: bool, start: int):
        page = AccessPage(asked=Asked(start=start), looks=(), more=more, watches=False, speaks=False)
        assert bool(page.newer) == (start > 0)
        assert bool(page.older) == more
        assert "start=-" not in page.newer + page.older
