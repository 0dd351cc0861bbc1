"""What a person reads: whole answers of the verbs, word for word, on one small map of five members."""

from __future__ import annotations

import json
import re
import shlex
from textwrap import dedent

import click
import pytest
from click.testing import CliRunner
from matrix_world import WALLET
from rich.cells import cell_len

from chokepoint.cli import face as faces

READ = {
    ("vendor", "show evil.com"): f"""
        Domain evil[.]com
        domain-name--aefbdd031e7fbb1f7258a21bd6edcbb3, 7 claims by a list, charity, vendor

        statement                                                              belief  verdict   when  evidence
        asks for payment to Crypto address {WALLET}    1.00  accepted        vendor note of 2026-02-03 line 2
        observation: a wallet                                                    1.00  accepted        vendor note of 2026-02-03 line 2
        observation: it is theirs                                                0.99  accepted        vendor note of 2026-02-03 line 2 [TLP:GREEN]
        is mentioned in: list.txt                                                0.99  accepted        a list list.txt line 1 [TLP:GREEN]
        indicates Group bad gang                                                 0.96  accepted        charity note of 2026-02-03 line 2; vendor note of 2026-02-03 line 2
        observation: the same                                                    0.95  accepted        charity note of 2026-02-03 line 2
        """,
    ("police", "show 'bad gang'"): """
        Group bad gang
        group--08f5bebb0d06ff8766bc9c0b2c76809b, 2 claims by charity, vendor

        statement                          belief  verdict   when  evidence
        is indicated by Domain evil[.]com    0.96  accepted        charity note of 2026-02-03 line 2; vendor note of 2026-02-03 line 2
        charity says same: Group good gang (said so)
        """,
    ("police", "show nothing.com"): """
        Nothing that you may see is known of 'nothing.com'.
        `chokepoint search` looks for parts of names.
        """,
    ("police", "search evil"): """
        found              claims  belief  verdict
        Domain evil[.]com       7    1.00  accepted
        """,
    ("police", "search zzz"): """
        Nothing that you may see holds 'zzz'.
        """,
    ("police", f"path evil.com {WALLET}"): f"""
        1. belief 1.00; one source already held all of it
           Domain evil[.]com
             asks for payment to  (1.00; vendor, note of 2026-02-03 line 2)
           Crypto address {WALLET}
        """,
    ("police", "path evil.com nothing.com"): """
        Nothing that you may see is known of 'nothing.com'.
        `chokepoint search` looks for parts of names.
        """,
    ("police", "check pasted.txt"): f"""
        place   what                                               status  how likely                     why
        line 1  Domain evil[.]com                                  known   almost certain, accepted       asks for payment to Crypto address {WALLET}, by a list, charity, vendor
                Domain other[.]com                                 new
                Crypto address {WALLET}  known   almost certain, accepted       is paid through Domain evil[.]com, by vendor
                IPv4 address 1[.]2[.]3[.]4                         known   roughly even chance, proposed  is mentioned in: list.txt, by a list
                Web address hxxps://evil[.]com/a                   new                                    Domain evil[.]com is known
        line 2  Group bad gang                                     known   almost certain, accepted       is indicated by Domain evil[.]com, by charity, vendor

        6 things: 4 known, 2 new
        """,
    ("vendor", "review list"): """
        Nothing waits for your word.
        """,
    ("bank", "group list"): """
        You are in no group. `chokepoint group make NAME ORG...` makes one.
        """,
    ("police", "group list"): """
        group                                       name       owner   members
        group:5e78a267-e57e-4271-b655-809be253ff0a  Open desk  vendor  police, vendor
        """,
    ("police", "case list"): """
        case                   title       owner   open tasks  review      marking
        case-e7c882b5c3eb2ace  Known case  police           0  2027-01-01  TLP:AMBER
        """,
    ("bank", "case list"): """
        No open case. `chokepoint case open TITLE --purpose TEXT --review DATE` opens one.
        """,
    ("police", "identity list"): """
        one             is    the other        sure  says     because
        Group bad gang  same  Group good gang  0.95  charity  said so
        """,
    ("police", "choke"): """
        As of 2026-02-03; alive means seen since 2025-08-07.
        No vetted target is alive: of 1 accepted statements none was seen since 2025-08-07 with a lever that a named holder can pull.
        Structural only: the claims hold no payment chain from a lure to a named cash-out, so nothing is said about money. Measure: lever concentration.
        The map knows: lure 2 (0 alive), payment 1 (0 alive), actor 2 (0 alive).
        It knows nothing of: victim, contact, laundering, cash-out, enabler.
        """,
    ("home", "erase --list"): """
        Nothing was erased, and nothing is held.
        """,
    ("police", "package list"): """
        Your organisation has sent no package to another member and got none.
        """,
    ("police", "people list"): """
        No register is kept: whoever has the keys speaks. `chokepoint people invite` begins one.
        """,
}


def read_at(place, who, words):
    code, out, err = place.run(who, *shlex.split(words))
    return code, "\n".join(line.rstrip() for line in out.rstrip().splitlines()), err


@pytest.mark.parametrize(
    ("who", "words"), READ, ids=[f"{who}-{words.split()[0]}-{k}" for k, (who, words) in enumerate(READ)]
)
def test_an_answer_reads_word_for_word(place, who, words):
    code, out, err = read_at(place, who, words)
    wanted = dedent(READ[who, words]).strip()
    assert (code, err) == (0, "")
    assert out == "\n".join(line.rstrip() for line in wanted.splitlines())


@pytest.mark.parametrize(
    ("who", "words"), READ, ids=[f"{who}-{words.split()[0]}-{k}" for k, (who, words) in enumerate(READ)]
)
def test_its_json_says_the_same_and_its_text_holds_no_live_address(place, who, words):
    code, out, _ = place.run(who, *shlex.split(words), "--json")
    assert code == 0
    assert isinstance(json.loads(out), dict)
    assert out.count("\n") == 1
    assert not re.search(r"https?://|[a-z]\.com\b", READ[who, words].replace("nothing.com", ""))


TOLD = {
    ("police", "oversee alarms"): (
        "error: police: only an overseer of the coalition may do that. "
        "Mend: the founder appoints one: chokepoint people appoint ORG/USER overseer\n"
    ),
    (
        "police",
        "case show Unknown",
    ): "error: Unknown: no such case. Mend: `chokepoint case list` shows them\n",
    ("police", "review votes 00"): None,
    ("police", "erase other.com --reason x --basis y"): None,
    ("bank", "group leave 'Open desk'"): None,
    ("police", "prove 00"): None,
    ("police", "package verify nowhere"): None,
    ("police", "collect nowhere.txt"): None,
    ("police", "note x --tlp PURPLE"): None,
    ("police", "note 'evil.com' --when yesterday"): None,
    ("police", "path evil.com"): "usage",
}


@pytest.mark.parametrize(("who", "words"), TOLD, ids=[words for _, words in TOLD])
def test_a_refusal_names_what_and_how_to_mend_it_on_stderr_alone(place, who, words):
    code, out, err = place.run(who, *shlex.split(words))
    wanted = TOLD[who, words]
    if wanted == "usage":
        assert (code, out) == (2, "")
        assert err.startswith("Usage: ")
        return
    assert code == 1
    assert "Traceback" not in err
    if wanted is not None:
        assert (out, err) == ("", wanted)
    else:
        assert "Mend: " in err or "mend" in out.casefold(), (out, err)


def test_what_stays_here_is_counted_beside_the_answer(place):
    code, out, err = place.run("police", "export", "csv", "--out", "x.csv")
    assert (code, out) == (0, "x.csv is written: 6 claims.\n")
    assert err == "7 claims stay here: they are not TLP:CLEAR, or nothing that may leave\n"


def test_a_package_is_told_as_the_command_that_proves_it(place):
    out = place.ok("police", "package", "build", "evil.com", "--out", "my package")
    assert out.splitlines() == [
        "Package my package is ready. Prove it anywhere, without this atlas:",
        "  chokepoint package verify 'my package'",
    ]
    _, _, *words = shlex.split(out.splitlines()[1])
    proved = place.ok("police", "package", *words).splitlines()
    assert re.fullmatch(r"evil\.com, signed by police with key [0-9a-f]{64}", proved[0])
    assert proved[1] == "3 of 3 claims proved back to the bytes of their capture."
    assert proved[2] == "7 of 7 votes proved: signed by the organisations that cast them."
    assert proved[3] == "Asked for: all accepted statements about evil.com that every recipient may see."
    assert proved[4].startswith("Included: 3 claims. Left out: ")
    assert proved[-1] == "The package holds."


def test_a_reader_is_told_what_no_package_can_show_and_how_to_have_it_checked(place):
    """Copied with the key as the organisation itself tells it, the line that is told gives a full proof."""
    place.ok("police", "package", "build", "evil.com", "--out", "trusted")
    proved = place.ok("police", "package", "verify", "trusted").splitlines()
    assert (
        "Verdicts and beliefs, and that nobody voted otherwise since, are the sender's signed word." in proved
    )
    asked = proved.index(
        "Whether each key belongs to whom it names, nothing here can show. Ask them, then give --key:"
    )
    words = [word for line in proved[asked + 1 : -1] for word in shlex.split(line)]
    listed = place.ok("police", "member", "list", "--keys")
    assert all(word.rpartition("=")[2] in listed for word in words if word != "--key")
    checked = place.ok("police", "package", "verify", "trusted", *words).splitlines()
    assert checked[-2:] == ["Every key in it is the one that you gave.", "The package holds."]


def test_a_package_under_another_key_than_the_one_given_does_not_hold(place):
    place.ok("police", "package", "build", "evil.com", "--out", "other-key")
    code, out, err = place.run("police", "package", "verify", "other-key", "--key", f"police={'0' * 64}")
    assert (code, err) == (1, "")
    assert "  step 4, key: the key of police is not the one you trust" in out.splitlines()
    told = json.loads(
        place.run("police", "package", "verify", "other-key", "--key", f"police={'0' * 64}", "--json")[1]
    )
    assert (told["holds"], told["trusted"]) == (False, False)


def test_a_package_that_was_bent_says_which_step_and_which_file(place):
    place.ok("police", "package", "build", "evil.com", "--out", "bent")
    report = place.folder / "bent" / "report.html"
    report.write_bytes(report.read_bytes()[:-1])
    (place.folder / "bent" / "more.txt").write_text("x", "utf-8")
    code, out, err = place.run("police", "package", "verify", "bent")
    assert (code, err) == (1, "")
    assert out.splitlines()[1:] == [
        "3 of 3 claims proved back to the bytes of their capture.",
        "7 of 7 votes proved: signed by the organisations that cast them.",
        "  step 2, more.txt: the manifest does not list this file",
        "  step 2, report.html: this file was altered",
        "The package does NOT hold. Ask the sender for it anew.",
    ]


def test_a_link_out_of_the_folder_is_no_file_of_a_package(place):
    """A symbolic link could show the verifier a file that the recipient never got."""
    place.ok("police", "package", "build", "evil.com", "--out", "linked")
    report = place.folder / "linked" / "report.html"
    kept = place.folder / "elsewhere.html"
    kept.write_bytes(report.read_bytes())
    report.unlink()
    report.symlink_to(kept)
    code, out, _ = place.run("police", "package", "verify", "linked")
    assert code == 1
    assert "step 2, report.html: this file is missing" in out


def test_the_first_and_the_second_taking_in_of_a_file(place):
    lines = [place.ok("charity", "collect", "list.txt", "--tlp", "AMBER").splitlines() for _ in range(2)]
    assert [one[1].split() for one in lines] == [
        ["list.txt", "plain-list", "3", "0", "0", "blank", "line", "1"],
        ["list.txt", "plain-list", "0", "3", "0", "blank", "line", "1"],
    ]
    assert [one[-1] for one in lines] == [
        "1 file: 3 new claims, 0 known, 0 rejected",
        "1 file: 0 new claims, 3 known, 0 rejected",
    ]


COLUMNS = ("what", "#n")
ROWS = [["Domain evil[.]com " + "long words " * 12, "1,000"], ["กลุ่มแก๊ง", "7"]]


def drawn(width, monkeypatch, **env):
    """A table as it is drawn on a terminal of that width."""
    monkeypatch.setenv("COLUMNS", str(width))
    for name, value in env.items():
        monkeypatch.setenv(name, value)

    @click.command()
    def draw():
        faces._drawn(COLUMNS, ROWS)

    result = CliRunner().invoke(draw)
    assert result.exit_code == 0
    return result.stdout


@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_a_table_fits_the_terminal_and_loses_no_word(width, monkeypatch):
    shown = drawn(width, monkeypatch, NO_COLOR="1")
    assert max(map(cell_len, shown.splitlines())) <= width
    letters = re.sub(r"[^\w\[\].]", "", shown)
    assert letters.count("long") + letters.count("words") >= 20 or width < 30
    assert "1,000" in shown


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_without_colour_no_escape_is_written(env, monkeypatch):
    assert "\x1b" not in drawn(80, monkeypatch, **env)
