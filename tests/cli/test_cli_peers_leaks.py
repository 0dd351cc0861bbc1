"""Authorisation leaks that were published of other platforms, replayed on ours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from cli_desk import Desk

WALLET = "19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds"
LINK = ("--link", "evil.com", "requests-payment-to", WALLET)
RED = ("--tlp", "RED", "--to", "bank")
VOTE = ("--confirm", "--reason", "seen by us")


def say(desk: Desk, text: str, *more: str, who: str = "bank") -> list[str]:
    """A note about one thing; the ids of what was said of it by whom."""
    desk.ok("note", text, *more, who=who)
    about = more[more.index("--about") + 1] if "--about" in more else LINK[1]
    return [claim["id"] for claim in claims(desk, about, who)]


def claims(desk: Desk, entity: str, who: str, *more: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.json("show", entity, *more, who=who).get("claims", [])
    return found


def without_ids(answer: str) -> str:
    """An answer without the ids that are made from the value itself."""
    return re.sub(r"--[0-9a-f]{32}", "--ID", answer)


@pytest.fixture
def both_ends(desk: Desk) -> Desk:
    """Two things that all may see, and a link between them that the bank keeps to itself."""
    say(desk, "evil.com copies us", "--about", "evil.com", "--tlp", "CLEAR")
    say(desk, "a wallet of thieves", "--about", WALLET, "--tlp", "CLEAR")
    say(desk, "paid by the informant", *LINK, *RED)
    return desk


@pytest.mark.parametrize("who", ["police", "vendor"])
class TestRelationInference:
    """A hidden relation shown as "restricted", counted, or drawn because both its ends are visible."""

    def test_no_claim_of_the_link_is_in_either_dossier(self, both_ends: Desk, who: str):
        for entity in ("evil.com", WALLET):
            assert {claim["property"] for claim in claims(both_ends, entity, who)} == {"observation"}

    def test_no_word_of_the_link_is_in_the_text_of_a_dossier(self, both_ends: Desk, who: str):
        for entity in ("evil.com", WALLET):
            shown = both_ends.ok("show", entity, who=who).lower()
            assert "informant" not in shown
            assert "restricted" not in shown
            assert "hidden" not in shown

    def test_no_path_leads_over_it(self, both_ends: Desk, who: str):
        assert both_ends.json("path", "evil.com", WALLET, who="bank")["paths"]
        assert both_ends.json("path", "evil.com", WALLET, who=who)["paths"] == []

    @pytest.mark.parametrize("form", ["csv", "stix", "graphml", "ftm", "misp"])
    def test_no_export_holds_it(self, both_ends: Desk, who: str, form: str):
        both_ends.run("export", form, "evil.com", "--out", str(both_ends.atlas.parent / "out"), who=who)
        written = "".join(
            path.read_text("utf-8") for path in both_ends.atlas.parent.glob("out*") if path.is_file()
        )
        assert WALLET not in written
        assert "informant" not in written


class TestHistory:
    """What was visible once, read again through the history after its owner has withdrawn it."""

    def test_a_marking_counts_for_all_past_moments(self, desk: Desk):
        ids = say(desk, "evil.com copies us", "--about", "evil.com", "--tlp", "CLEAR")
        assert claims(desk, "evil.com", "police")
        desk.ok("remark", *ids, *RED, "--reason", "the source is in danger")
        assert desk.json("show", "evil.com", who="police")["entity"] is None
        tomorrow = desk.run("path", "evil.com", WALLET, "--as-of", "2999-01-01", "--json", who="police")
        assert "copies us" not in tomorrow.output

    def test_the_change_itself_tells_nobody_what_changed(self, desk: Desk):
        ids = say(desk, "evil.com copies us", "--about", "evil.com", "--tlp", "CLEAR")
        desk.ok("remark", *ids, *RED, "--reason", "the source is in danger")
        for verb in (["log"], ["log", "list"], ["search", "danger"], ["search", "copies"]):
            assert "danger" not in desk.run(*verb, "--json", who="police").stdout.replace('"danger"', "")


class TestCorrelation:
    """That somebody else holds the same value, read off a count, a mark or the answer to one's own upload."""

    def test_a_value_that_another_hides_is_new_to_who_pastes_it(self, desk: Desk):
        say(desk, "hidden.example asks for money", "--about", "hidden.example", *RED)
        hidden = desk.run("check", "--json", who="police", given="hidden.example\n").stdout
        absent = desk.run("check", "--json", who="police", given="absent.example\n").stdout
        assert without_ids(hidden) == without_ids(absent.replace("absent", "hidden"))

    def test_a_value_that_another_hides_counts_as_new_when_collected(self, desk: Desk):
        say(desk, "hidden.example asks for money", "--about", "hidden.example", *RED)
        counted = []
        for name in ("hidden", "absent"):
            path = desk.atlas.parent / f"{name}.txt"
            path.write_text(f"{name}.example\n", "utf-8")
            told = desk.json("collect", str(path), who="police")["totals"]
            counted.append((told["claims"], told["entities"], told["links"]))
        assert counted[0] == counted[1]


class TestAllOrganisations:
    """A platform's own organisation, its administrators or its overseers that read everything."""

    def test_the_founder_sees_no_more_than_another_member(self, desk: Desk):
        say(desk, "hidden.example is theirs", "--about", "hidden.example", *RED[:3], "vendor", who="vendor")
        assert claims(desk, "hidden.example", "vendor")
        for who in ("bank", "police"):
            assert desk.json("show", "hidden.example", who=who)["entity"] is None

    @pytest.mark.parametrize("marking", ["RED", "AMBER+STRICT"])
    def test_a_record_that_names_no_other_is_its_owners(self, desk: Desk, marking: str):
        say(desk, "hidden.example is theirs", "--about", "hidden.example", "--tlp", marking, who="vendor")
        assert desk.json("show", "hidden.example", who="bank")["entity"] is None


class TestOneIdChecked:
    """A request that names what one may change, and beside it what one may not."""

    def test_marking_ones_own_claim_and_anothers_changes_neither(self, desk: Desk):
        own = say(desk, "evil.com copies us", "--about", "evil.com", "--tlp", "CLEAR", who="police")
        other = say(desk, "bad.example copies us", "--about", "bad.example", "--tlp", "CLEAR", who="bank")
        refused = desk.run("remark", *own, *other, "--tlp", "RED", "--reason", "mine", who="police")
        assert refused.exit_code == 1
        assert claims(desk, "bad.example", "vendor")
        assert claims(desk, "evil.com", "vendor")

    def test_a_vote_on_a_visible_and_a_hidden_claim_reaches_the_hidden_one_in_no_way(self, desk: Desk):
        visible = say(desk, "they pay there", *LINK, "--tlp", "CLEAR")[:1]
        hidden = say(desk, "bad.example copies us", "--about", "bad.example", *RED)
        refused = desk.run("review", "vote", *visible, *hidden, *VOTE, who="police")
        absent = desk.run("review", "vote", *visible, "0" * 64, *VOTE, who="police")
        assert refused.exit_code == absent.exit_code == 1
        assert refused.stderr.replace(hidden[0], "X") == absent.stderr.replace("0" * 64, "X")
        assert claims(desk, "bad.example", "bank")[0]["verdict"] == "proposed"

    def test_a_batch_with_ones_own_claim_confirms_nothing_of_ones_own(self, desk: Desk):
        own = say(desk, "evil.com copies us", "--about", "evil.com", "--tlp", "CLEAR", who="police")
        other = say(desk, "bad.example copies us", "--about", "bad.example", "--tlp", "CLEAR", who="bank")
        desk.run("review", "vote", *own, *other, *VOTE, who="police")
        (one,) = claims(desk, "evil.com", "vendor")
        assert one["verdict"] == "proposed"
        desk.ok("review", "vote", *own, *VOTE, who="bank")
        (one,) = claims(desk, "evil.com", "vendor")
        assert one["verdict"] == "proposed", "one confirmation of another, and one of its own"

    def test_a_task_of_ones_own_case_is_no_way_into_anothers(self, desk: Desk):
        opened = ("--purpose", "p", "--review", "2099-01-31", "--task", "ask the registrar", "--tlp", "RED")
        theirs = desk.json("case", "open", "Theirs", *opened, who="bank/ann")["case"]["id"]
        mine = desk.json("case", "open", "Mine", *opened, who="police/bob")["case"]["id"]
        for words in (("done", theirs, "1"), ("task", theirs, "mine now"), ("show", theirs)):
            real = desk.run("case", *words, who="police/bob")
            made_up = desk.run(
                "case", *(w.replace(theirs, "case-" + "0" * 32) for w in words), who="police/bob"
            )
            assert real.exit_code == made_up.exit_code == 1
            assert real.stdout == made_up.stdout == ""
        desk.ok("case", "done", mine, "1", who="police/bob")
        assert "[ ] ask the registrar" in desk.ok("case", "show", theirs, who="bank/ann")

    def test_an_erasure_by_who_contributed_nothing_takes_nothing(self, desk: Desk):
        say(desk, "hidden.example is theirs", "--about", "hidden.example", *RED[:3], "vendor", who="vendor")
        real = desk.run("erase", "hidden.example", "--reason", "asked", "--yes", who="police")
        made_up = desk.run("erase", "absent.example", "--reason", "asked", "--yes", who="police")
        assert (real.exit_code, real.stderr) == (
            made_up.exit_code,
            made_up.stderr.replace("absent", "hidden"),
        )
        assert claims(desk, "hidden.example", "vendor")
