"""Each verb as a person uses it, and as a program does."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    from cli_desk import Desk

WALLET = "19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds"


@pytest.fixture
def noted(desk: Desk) -> Desk:
    """The bank's note on evil.com, for the whole community."""
    words = ["note", f"evil.com asks for {WALLET}", "--link", "evil.com", "requests-payment-to", WALLET]
    desk.ok(*words, "--grade", "B2", "--when", "2026-01-31", "--tlp", "GREEN")
    return desk


def test_init_says_what_it_made(bare: Desk):
    told = bare.json("init", "--sector", "bank", "--country", "TH")
    assert told["organisation"] == "bank"
    assert Path(told["atlas"]) == bare.atlas
    assert (bare.atlas / "keys").is_dir()


def test_init_again_does_no_harm(bare: Desk):
    first = bare.json("init")
    bare.ok("note", "evil.com")
    assert bare.json("init") == first
    assert bare.json("search", "evil")["hits"]


def test_init_refuses_a_folder_of_other_things(bare: Desk):
    bare.atlas.mkdir()
    (bare.atlas / "photo.jpg").write_bytes(b"x")
    result = bare.run("init")
    assert result.exit_code == 1
    assert "other things" in result.stderr


def test_init_refuses_a_country_that_is_none(bare: Desk):
    assert bare.run("init", "--country", "Atlantis").exit_code == 1
    assert not bare.atlas.exists()


def test_sources_are_listed_with_licence_and_address(bare: Desk):
    told = bare.json("sources")["sources"]
    assert all(one["licence"] and one["address"].startswith("https://") for one in told)
    assert "CORPUS=" in bare.ok("sources")


def test_a_note_says_what_it_became(desk: Desk):
    text = desk.ok("note", "evil.com is live")
    assert "1 new" in text
    assert "TLP:AMBER" in text
    assert "evil[.]com" in text


def test_a_note_is_amber_unless_said_otherwise(desk: Desk):
    desk.ok("note", "evil.com is live")
    assert desk.json("show", "evil.com", who="police")["entity"] is None
    desk.ok("note", "evil.com is live again", "--tlp", "GREEN")
    assert desk.json("show", "evil.com", who="police")["entity"]


def test_a_note_may_name_its_recipients(desk: Desk):
    desk.ok("note", "evil.com is live", "--tlp", "red", "--to", "police", "--to", "bank")
    assert desk.json("show", "evil.com", who="police")["entity"]
    assert desk.json("show", "evil.com", who="vendor")["entity"] is None


def test_a_note_may_come_from_stdin(desk: Desk):
    told = desk.json("note", "-", given="first line\nsee evil[.]com")
    assert told["said"][0]["place"] == "line 2"


@pytest.mark.parametrize(
    "words",
    [["note", "nothing here"], ["note", "evil.com", "--grade", "Z9"], ["note", "evil.com", "--when", "soon"],
     ["note", "evil.com", "--tlp", "purple"], ["note"]],
)  # fmt: skip
def test_a_note_that_cannot_be_is_refused_with_a_mend(desk: Desk, words: list[str]):
    result = desk.run(*words)
    assert result.exit_code == 1
    assert "Mend:" in result.stderr


def test_show_draws_a_dossier(noted: Desk):
    text = noted.ok("show", "evil.com", who="police")
    assert text.startswith("Domain evil[.]com\n")
    assert "asks for payment to" in text
    assert "2026-01-31" in text
    assert "[TLP:GREEN]" in text


def test_show_reads_the_link_from_the_other_side(noted: Desk):
    assert "is paid through Domain evil[.]com" in noted.ok("show", WALLET)


def test_show_says_when_it_knows_nothing(noted: Desk):
    assert "Nothing that you may see is known" in noted.ok("show", "other.com")
    assert noted.json("show", "other.com") == {"entity": None, "query": "other.com"}


def test_show_from_a_list_answers_line_by_line(noted: Desk, tmp_path: Path):
    listing = tmp_path / "list.txt"
    listing.write_text(f"evil.com\n\n  other.com  \n{WALLET[:10]}...\nkind:nonsense\n", "utf-8")
    lines = noted.ok("show", "--from", str(listing), "--json").splitlines()
    told = [json.loads(line) for line in lines]
    assert [bool(one["entity"]) for one in told] == [True, False, True, False]
    assert told[1] == {"entity": None, "query": "other.com"}


@pytest.mark.parametrize("words", [["show"], ["show", "evil.com", "--from", "x"]])
def test_show_wants_one_thing_or_a_list(desk: Desk, words: list[str]):
    assert desk.run(*words).exit_code == 2


def test_show_prints_no_live_link_and_no_hidden_letter(desk: Desk):
    desk.ok(
        "note", "see http://evil.com/x\u202egpj.exe and evil.com\u200b \x1b[31mred", "--about", "evil.com"
    )
    text = desk.ok("show", "evil.com")
    assert "http://" not in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "<U+202E>" in text


def test_search_draws_a_table(noted: Desk):
    text = noted.ok("search", "evil")
    assert text.splitlines()[0].split() == ["found", "claims", "belief", "verdict"]
    assert "evil[.]com" in text
    assert "holds" in noted.ok("search", "zzzz")


def test_search_limits_are_told(desk: Desk):
    desk.ok("note", "a1.com a2.com a3.com")
    result = desk.run("search", ".com", "--limit", "2")
    assert "--limit shows more" in result.stderr


def test_a_path_is_drawn_with_its_sources(noted: Desk):
    text = noted.ok("path", "evil.com", WALLET, who="police")
    assert "asks for payment to" in text
    assert "(a member), note of " in text
    assert "one source already held all of it" in text


def test_a_path_to_the_unknown_says_so(noted: Desk):
    assert "is known of 'other.com'" in noted.ok("path", "evil.com", "other.com")
    assert "same thing" in noted.ok("path", "evil.com", "evil[.]com")
    assert noted.json("path", "evil.com", "other.com")["paths"] == []


def test_no_path_says_so(noted: Desk):
    noted.ok("note", "lonely.org is live", "--tlp", "GREEN")
    assert "No connection that you may see" in noted.ok("path", "evil.com", "lonely.org")


def test_check_reads_stdin(noted: Desk):
    text = noted.ok("check", given="evil[.]com\nnew[.]org\n")
    assert "1 known" in text
    assert "1 new" in text
    told = noted.json("check", given="evil[.]com\nnew[.]org\n")
    assert [line["found"][0]["status"] for line in told["files"][0]["lines"]] == ["known", "new"]


def test_check_reads_files_packed_or_not(noted: Desk, tmp_path: Path):
    (tmp_path / "a.txt").write_text("evil.com", "utf-8")
    (tmp_path / "b.txt.gz").write_bytes(gzip.compress(b"new.org"))
    told = noted.json("check", str(tmp_path / "a.txt"), str(tmp_path / "b.txt.gz"))
    assert [file["lines"][0]["found"][0]["value"] for file in told["files"]] == ["evil.com", "new.org"]


def test_check_of_nothing_says_so(noted: Desk):
    assert "No identifier" in noted.ok("check", given="nothing to see")


def test_check_of_a_missing_file_fails_with_its_name(noted: Desk, tmp_path: Path):
    result = noted.run("check", str(tmp_path / "missing.txt"))
    assert result.exit_code == 1
    assert "missing.txt" in result.stderr


def test_extract_needs_no_atlas(bare: Desk, tmp_path: Path):
    file = tmp_path / "report.txt"
    file.write_text(f"Pay to {WALLET}\nat hxxps://evil[.]com/pay\n", "utf-8")
    [one] = bare.json("extract", str(file))["files"]
    assert one["path"].endswith("report.txt")
    found = {(indicator["kind"], indicator["value"], indicator["place"]) for indicator in one["indicators"]}
    assert ("crypto-address", WALLET, "line 1") in found
    assert ("url", "https://evil.com/pay", "line 2") in found
    keys = {"kind", "value", "place", "context", "role", "reason"}
    assert all(indicator.keys() >= keys for indicator in one["indicators"])
    assert not bare.atlas.exists()


def test_extract_reads_stdin(bare: Desk):
    [one] = bare.json("extract", "-", given="see evil[.]com")["files"]
    assert one["indicators"][0]["value"] == "evil.com"


def test_extract_of_one_bad_file_keeps_the_others(bare: Desk, tmp_path: Path):
    (tmp_path / "bad.xlsx").write_bytes(b"\xd0\xcf\x11\xe0 no workbook")
    (tmp_path / "good.txt").write_text("evil[.]com", "utf-8")
    result = bare.run("extract", str(tmp_path / "bad.xlsx"), str(tmp_path / "good.txt"), "--json")
    assert result.exit_code == 0
    bad, good = json.loads(result.stdout)["files"]
    assert "workbook cannot be opened" in bad["rejected"][0]["reason"]
    assert good["indicators"]
    assert bare.run("extract", str(tmp_path / "bad.xlsx")).exit_code == 1


def test_a_case_from_opening_to_closing(desk: Desk):
    told = desk.json(
        "case", "open", "Romance", "ring", "--purpose", "protect", "--review", "2027-01-01", "--task", "call"
    )
    name = told["case"]["id"]
    assert told["case"]["owner"] == "bank"
    assert told["case"]["title"] == "Romance ring"
    assert "Romance ring" in desk.ok("case", "list")
    desk.ok("case", "task", name, "trace", "it")
    assert "[x] trace it" in desk.ok("case", "done", name, "2")
    assert "closed   frozen" in desk.ok("case", "close", name, "--reason", "frozen")
    assert "No open case" in desk.ok("case", "list")
    assert [one["status"] for one in desk.json("case", "list", "--closed")["cases"]] == ["closed"]
    assert desk.json("case", "show", name)["case"]["tasks"][1] == {"text": "trace it", "done": True}


def test_the_owner_of_a_case_is_who_opens_it(desk: Desk):
    told = desk.json("case", "open", "x", "--purpose", "p", "--review", "2027-01-01", who="bank/ann")
    assert told["case"]["owner"] == "ann"


def test_a_case_without_purpose_is_wrong_usage(desk: Desk):
    assert desk.run("case", "open", "x", "--review", "2027-01-01").exit_code == 2


def test_the_vetting_desk_from_queue_to_verdict(noted: Desk):
    waiting = noted.json("review", "list", who="police")["claims"]
    [claim] = [one for one in waiting if one["property"] == "requests-payment-to"]
    assert claim["contributor"] is None
    assert claim["id"][:12] in noted.ok("review", "list", who="police")
    for member in ("police", "vendor"):
        told = noted.json("review", "vote", claim["id"][:12], "--confirm", "--reason", "seen", who=member)
        assert told == {"votes": 1, "vote": "confirm", "claims": [claim["id"]]}
    verdicts = {one["property"]: one["verdict"] for one in noted.json("show", "evil.com")["claims"]}
    assert verdicts["requests-payment-to"] == "accepted"
    assert claim["id"] not in {one["id"] for one in noted.json("review", "list", who="police")["claims"]}


def test_nobody_vets_their_own(noted: Desk):
    claim = noted.json("show", "evil.com")["claims"][0]["id"]
    result = noted.run("review", "vote", claim, "--confirm", "--reason", "sure")
    assert result.exit_code == 1
    assert "own" in result.stderr


def test_a_vote_wants_a_word_and_a_reason(noted: Desk):
    assert noted.run("review", "vote", "abcdef", "--reason", "x", who="police").exit_code == 2
    assert noted.run("review", "vote", "abcdef", "--confirm", who="police").exit_code == 2
    assert noted.run("review", "vote", "abcdef", "--confirm", "--reason", "x", who="police").exit_code == 1


def test_the_policy_is_told_in_words(bare: Desk):
    assert "belief at least 0.8" in bare.json("review", "policy")["policy"]
    assert "Nobody vets their own" in bare.ok("review", "policy")


def test_an_empty_queue_says_so(desk: Desk):
    assert "Nothing waits" in desk.ok("review", "list")


def test_identity_is_confirmed_listed_and_undone(desk: Desk):
    desk.ok("note", "x", "--about", "group:lazarus", "--about", "group:hidden cobra", "--tlp", "GREEN")
    desk.ok(
        "identity", "confirm", "group:lazarus", "hidden cobra", "--reason", "US-CERT says so", who="police"
    )
    assert "same" in desk.ok("identity", "list")
    told = desk.json("identity", "split", "lazarus", "hidden cobra", "--reason", "no", who="vendor")
    assert told["sameness"] == "different"
    assert [one["organisation"] for one in desk.json("identity", "list", "lazarus")["identity"]] == [
        "vendor",
        "police",
    ]
    assert desk.json("show", "lazarus")["identity"][0]["sameness"] == "same"
    assert "says different" in desk.ok("show", "lazarus")


def test_no_judgement_says_so(desk: Desk):
    assert "No judgement" in desk.ok("identity", "list")


def test_verify_proves_ledger_and_vault(noted: Desk):
    told = noted.json("verify")
    assert told["holds"] is True
    assert "records" not in told
    assert "vault holds" in noted.ok("verify")
    assert "vault" not in noted.ok("verify", "--quick")


def test_verify_finds_an_altered_record(noted: Desk):
    import sqlite3  # noqa: PLC0415 - an intruder's tool

    with sqlite3.connect(noted.atlas / "ledger.sqlite") as intruder:
        intruder.execute(
            "UPDATE records SET body = replace(CAST(body AS TEXT), 'bank', 'bonk') WHERE seq = 1"
        )
    intruder.close()
    result = noted.run("verify")
    assert result.exit_code == 1
    assert "error:" in result.stderr


def test_verify_finds_an_altered_capture(noted: Desk):
    import sqlite3  # noqa: PLC0415 - an intruder's tool

    with sqlite3.connect(noted.atlas / "vault.sqlite") as intruder:
        intruder.execute("UPDATE captures SET packed = x'00'")
    intruder.close()
    assert noted.run("verify").exit_code == 1
    assert noted.run("verify", "--quick").exit_code == 0


EDGES = "a,b\nb,c\nc,d\nd,e\nb,d\n"


@pytest.mark.parametrize("form", ["plain", "gzip", "npz"])
def test_dismantle_reads_every_form_alike(bare: Desk, tmp_path: Path, form: str):
    file = tmp_path / f"edges.{form}"
    if form == "npz":
        np.savez(file, n=5, u=[0, 1, 2, 3, 1], v=[1, 2, 3, 4, 3])
    else:
        file.write_bytes(gzip.compress(EDGES.encode()) if form == "gzip" else EDGES.encode())
    told = bare.json("dismantle", str(file))
    assert told.keys() >= {"order", "auc", "method", "cpu_s", "nodes", "edges"}
    assert (told["nodes"], told["edges"]) == (5, 5)
    assert all(isinstance(node, int if form == "npz" else str) for node in told["order"])


def test_dismantle_keeps_whole_numbers_as_numbers(bare: Desk, tmp_path: Path):
    file = tmp_path / "edges.txt"
    file.write_text("10 20\n20 30\n", "utf-8")
    assert set(bare.json("dismantle", str(file))["order"]) <= {10, 20, 30}


def test_dismantle_tells_of_each_file_what_it_left_out(bare: Desk, tmp_path: Path):
    edges, costs = tmp_path / "edges.txt", tmp_path / "costs.txt"
    edges.write_text("hub a\nhub b\nhub c\n" + "alone\n" * 7, "utf-8")
    costs.write_text("a nan\nstranger 3\nhub 2\n", "utf-8")
    told = bare.run("dismantle", str(edges), "--cost", str(costs))
    assert told.exit_code == 0
    noted = [line for line in told.stderr.splitlines() if line.startswith(str(tmp_path))]
    assert [line.split(": ")[:2] for line in noted] == [
        *([str(edges), f"line {number}"] for number in range(4, 9)),
        [str(edges), "2 more broken lines were left out"],
        [str(costs), "line 1"],
        [str(costs), f"1 lines name no node of {edges}"],
    ]


@pytest.mark.parametrize("data", ["", "# nothing\n", "source,target\n", "a a\n"])
def test_dismantle_says_so_where_no_edge_joins_two_nodes(bare: Desk, tmp_path: Path, data: str):
    file = tmp_path / "edges.txt"
    file.write_text(data, "utf-8")
    told = bare.run("dismantle", str(file))
    assert told.exit_code == 0
    assert "nothing to take apart" in told.stdout
    assert "remove" not in told.stdout


@pytest.mark.parametrize("data", [b"PK\x03\x04 nothing", b"one\ntwo\n", b"\x1f\x8b\x08 broken"])
def test_dismantle_refuses_what_is_no_network(bare: Desk, tmp_path: Path, data: bytes):
    file = tmp_path / "edges"
    file.write_bytes(data)
    result = bare.run("dismantle", str(file))
    assert result.exit_code == 1
    assert "Traceback" not in result.stderr


def test_dismantle_of_a_missing_file_names_it(bare: Desk, tmp_path: Path):
    assert "missing.csv" in bare.run("dismantle", str(tmp_path / "missing.csv")).stderr


def chain() -> dict[str, object]:
    """Victims pay one wallet, which cashes out; the wallet can be frozen."""
    freeze = {"mode": "freeze", "cost": 1, "success": 1, "collateral": 0, "replacement_days": 30}
    return {
        "nodes": [
            {"id": "v", "kind": "site", "capacity": 10, "role": "victim", "modes": []},
            {"id": "w", "kind": "crypto-address", "capacity": 10, "role": None, "modes": [freeze]},
            {"id": "x", "kind": "service", "capacity": 10, "role": "cash-out", "modes": []},
        ],
        "edges": [{"from": "v", "to": "w", "belief": 1}, {"from": "w", "to": "x", "belief": 1}],
        "stages": [{"at_day": 0, "weight": 1}],
        "budget": 1,
        "worlds": 4,
        "seed": 1,
    }


def test_choke_plans_against_a_file(bare: Desk, tmp_path: Path):
    file = tmp_path / "network.json"
    file.write_text(json.dumps(chain()), "utf-8")
    told = bare.json("choke", "--network", str(file))
    assert told["plan"] == [{"id": "w", "mode": "freeze"}]
    assert told["flow_before"] == pytest.approx(10)
    assert told["flow_after"] == pytest.approx(0)
    text = bare.ok("choke", "--network", str(file))
    assert "freeze" in text
    assert "certified gap" in text
    assert bare.json("choke", "--network", str(file), "--budget", "0")["plan"] == []


@pytest.mark.parametrize("text", ["", "[]", "{", '{"nodes": []}', "[" * 100_000, '{"nodes": NaN}'])
def test_choke_refuses_what_is_no_network(bare: Desk, tmp_path: Path, text: str):
    file = tmp_path / "network.json"
    file.write_text(text, "utf-8")
    result = bare.run("choke", "--network", str(file), "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["error"]["reason"]


def test_a_package_that_is_none_is_refused(bare: Desk, tmp_path: Path):
    result = bare.run("package", "verify", str(tmp_path))
    assert result.exit_code == 1
    assert "no package here" in result.stderr


def test_a_package_whose_manifest_is_no_manifest_does_not_hold(bare: Desk, tmp_path: Path):
    (tmp_path / "manifest.json").write_text("{}", "utf-8")
    result = bare.run("package", "verify", str(tmp_path), "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["holds"] is False
    assert "does NOT hold" in bare.run("package", "verify", str(tmp_path)).stdout


def test_an_export_to_nowhere_is_wrong_usage(desk: Desk):
    assert desk.run("export", "maltego").exit_code == 2


def test_a_mailbox_leads_to_its_domain_in_one_hop_and_a_sentence_from_site_to_wallet(desk: Desk):
    desk.ok("note", f"The site evil-pay.com asks victims to pay to {WALLET} now")
    desk.ok("note", "Threats came from boss@evil-pay.com")
    for ends in (("boss@evil-pay.com", "evil-pay.com"), ("evil-pay.com", WALLET)):
        [path] = desk.json("path", *ends)["paths"]
        assert len(path["hops"]) == 1


def test_two_mailboxes_of_a_free_provider_have_no_path(desk: Desk):
    desk.ok("note", "Threats came from one.crook@gmail.com")
    desk.ok("note", "Threats came from another.crook@gmail.com")
    assert not desk.json("path", "one.crook@gmail.com", "another.crook@gmail.com")["paths"]
