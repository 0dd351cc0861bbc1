"""What the options of the verbs do: each value that may be given, at its limits, and what is refused with a mend."""

from __future__ import annotations

import json
import shutil

import pytest
from click.testing import CliRunner

from chokepoint.cli.main import cli
from chokepoint.model.vocabulary import vocabulary

LABELS = {
    "CLEAR": "TLP:CLEAR", "clear": "TLP:CLEAR", "TLP:CLEAR": "TLP:CLEAR", "GREEN": "TLP:GREEN", "green": "TLP:GREEN",
    "AMBER": "TLP:AMBER", "TLP:amber": "TLP:AMBER", "AMBER+STRICT": "TLP:AMBER+STRICT",
    "amber+strict": "TLP:AMBER+STRICT", "RED": "TLP:RED",
    "WHITE": "TLP:CLEAR", "TLP:WHITE": "TLP:CLEAR",
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(made, tmp_path_factory):
    """One atlas of three members for the whole file: each test says things of its own."""
    made_here = tmp_path_factory.mktemp("options")
    shutil.copytree(made, made_here / "atlas")
    return made_here


@pytest.fixture
def run(folder, monkeypatch):
    """Run a verb on it as a member."""
    monkeypatch.chdir(folder)

    def call(*words, who="bank", given=None):
        return CliRunner().invoke(cli, ["--as", who, *words], input=given)

    return call


@pytest.fixture
def ask(run):
    """The JSON answer of a verb that must succeed."""

    def call(*words, who="bank"):
        result = run(*words, "--json", who=who)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    return call


def refused(result, said):
    assert result.exit_code == 1, result.output
    assert result.stdout == ""
    assert said in result.stderr
    assert "Mend: " in result.stderr


@pytest.mark.parametrize(("given", "label"), LABELS.items())
def test_a_label_may_be_written_in_these_ways_and_is_kept_as_published(ask, given, label):
    said = ask("note", f"label-{given.casefold().replace('+', '-').replace(':', '-')}.com", "--tlp", given)[
        "said"
    ]
    assert {one["marking"] for one in said} == {label}


@pytest.mark.parametrize("given", ["ORANGE", "TLP:PINK", "0", "TLP", "RED ,", "\u202eRED"])
def test_an_unknown_label_is_refused_and_nothing_is_recorded(run, given):
    refused(run("note", "never-recorded.com", "--tlp", given), "TLP")
    assert "Nothing that you may see holds" in run("search", "never-recorded").stdout


@pytest.mark.parametrize("given", ["CLEAR", "GREEN", "AMBER", "RED", "PAP:RED", "red"])
def test_what_may_be_done_with_it_has_four_labels(run, given):
    assert run("note", "pap-label.com", "--pap", given).exit_code == 0


@pytest.mark.parametrize("given", ["AMBER+STRICT", "x"])
def test_another_label_of_use_is_refused(run, given):
    refused(run("note", "evil.com", "--pap", given), "PAP")


@pytest.mark.parametrize(
    ("tlp", "who", "sees"),
    [
        ("CLEAR", "police", True), ("GREEN", "police", True), ("AMBER", "police", False),
        ("AMBER+STRICT", "police", False), ("RED", "police", False), ("RED", "bank", True), ("AMBER", "bank", True),
    ],
)  # fmt: skip
def test_who_sees_what_under_which_label(run, tlp, who, sees):
    name = f"seen-{tlp.casefold().replace('+', '-')}.com"
    assert run("note", f"{name} was seen", "--tlp", tlp).exit_code == 0
    assert (f"{name.partition('.')[0]}[.]com" in run("search", name, who=who).stdout) is sees


@pytest.mark.parametrize(
    ("to", "who", "sees"),
    [
        ("police", "police", True),
        ("police", "vendor", False),
        ("police/ann", "police", False),
        ("police/ann", "police/ann", True),
    ],
)
def test_a_recipient_sees_and_nobody_beside_them(run, to, who, sees):
    name = f"to-{to.replace('/', '-')}.com"
    assert run("note", f"{name} was seen", "--tlp", "RED", "--to", to).exit_code == 0
    assert ("[.]com" in run("search", name, who=who).stdout) is sees


def test_a_recipient_who_is_no_member_is_told(run):
    result = run("note", "evil.com", "--to", "group:00000000-0000-0000-0000-000000000000")
    assert result.exit_code == 1
    assert "group" in result.stderr


@pytest.mark.parametrize("given", [f"{letter}{figure}" for letter in "ABCDEF" for figure in "123456"])
def test_every_admiralty_grade_is_kept_as_it_was_given(ask, given):
    name = f"grade-{given.lower()}.com"
    ask("note", f"{name} was seen", "--grade", given)
    assert {one["grading"] for one in ask("show", name)["claims"] if one["property"] == "observation"} == {
        given
    }


@pytest.mark.parametrize("given", ["G1", "A7", "A0", "1A", "A", "7", "AA", "B2 ", "b2", "probably"])
def test_what_is_no_grade_is_refused_or_read_as_the_one_that_is_meant(run, given):
    result = run("note", "graded.com was seen", "--grade", given)
    if given.strip().upper() == "B2":
        assert result.exit_code in {0, 1}
    else:
        refused(result, "")


@pytest.mark.parametrize(
    ("given", "start", "end"),
    [
        ("2024-02-29", "2024-02-29", "2024-03-01"),
        ("2024-01-01..2024-01-01", "2024-01-01", "2024-01-02"),
        ("2024-01-01..2024-12-31", "2024-01-01", "2025-01-01"),
        ("1999-12-31", "1999-12-31", "2000-01-01"),
    ],
)
def test_a_day_or_days_become_a_half_open_interval(ask, given, start, end):
    name = f"when-{given.replace('..', '-')}.com"
    ask("note", f"{name} was seen", "--when", given)
    (one,) = [each for each in ask("show", name)["claims"] if each["property"] == "observation"]
    assert (one["interval"]["start"], one["interval"]["end"]) == (start, end)


@pytest.mark.parametrize(
    "given",
    [
        "2023-02-29",
        "2024-13-01",
        "yesterday",
        "2024",
        "2024-02-02..2024-02-01",
        "..",
        "01.02.2024",
        "2024-1-1",
    ],
)
def test_what_is_no_day_is_refused(run, given):
    result = run("note", "dated.com was seen", "--when", given)
    assert result.exit_code == 1, result.output
    assert "Traceback" not in result.stderr


def test_a_conclusion_is_kept_apart_from_what_was_seen(ask):
    ask("note", "concluded.com is theirs", "--assessment")
    ask("note", "watched.com was up")
    natures = {
        name: {one["nature"] for one in ask("show", name)["claims"] if one["property"] == "observation"}
        for name in ("concluded.com", "watched.com")
    }
    assert natures == {"concluded.com": {"assessment"}, "watched.com": {"fact"}}


def test_the_source_that_is_named_is_the_origin(ask):
    ask("note", "sourced.com was seen", "--source", "An informant")
    assert "An informant" in ask("show", "sourced.com")["origins"]


@pytest.mark.parametrize("name", [name for name, one in vocabulary().properties.items() if not one.is_link])
def test_every_kind_of_text_can_be_stated_beside_the_words(ask, name):
    said = ask("note", "told by a partner", "--link", f"{name}-said.com", name, "a value")["said"]
    assert (f"domain-name:{name}-said.com", name, "a value") in [
        (one["subject"], one["property"], one["object"]) for one in said
    ]


@pytest.mark.parametrize("name", ["", "indicate", "INDICATES", "is-behind", "'; --"])
def test_a_word_that_the_vocabulary_lacks_is_refused_with_those_that_it_has(run, name):
    result = run("note", "x", "--link", "evil.com", name, "group:g")
    refused(result, "unknown property")
    assert "indicates" in result.stderr


@pytest.mark.parametrize("text", ["", " ", "\n", "nothing that has a form"])
def test_a_note_about_nothing_is_refused_with_a_way_out(run, text):
    result = run("note", text)
    assert result.exit_code in {1, 2}
    assert "Mend: " in result.stderr or "Usage: " in result.stderr


@pytest.mark.parametrize(("length", "taken"), [(100_000, True), (100_001, False)])
def test_a_note_has_a_length_at_which_it_is_a_document(run, length, taken):
    text = "long-note.com " + "x" * (length - len("long-note.com "))
    result = run("note", "-", given=text)
    assert (result.exit_code == 0) is taken
    if not taken:
        refused(result, "1 to 100,000 characters")
        assert "use collect" in result.stderr


@pytest.mark.parametrize(
    ("limit", "code"),
    [("1", 0), ("1000", 0), ("0", 2), ("1001", 2), ("-1", 2), ("x", 2), ("1.5", 2), ("", 2)],
)
def test_a_limit_is_a_whole_number_within_bounds(run, limit, code):
    assert run("search", "com", "--limit", limit).exit_code == code


def test_a_limit_cuts_the_answer_and_says_so(run, ask):
    for number in range(3):
        ask("note", f"limited-{number}.com was seen")
    result = run("search", "limited-", "--limit", "2")
    assert result.stdout.count("limited-") == 2
    assert "--limit shows more" in result.stderr
    assert len(ask("search", "limited-", "--limit", "3")["hits"]) == 3


@pytest.mark.parametrize("verb", ["show", "search"])
def test_accepted_alone_leaves_out_what_is_proposed(run, verb):
    assert run("note", "only-proposed.com was seen").exit_code == 0
    assert "only-proposed[.]com" in run(verb, "only-proposed.com").stdout
    result = run(verb, "only-proposed.com", "--accepted")
    assert result.exit_code == 0
    assert "observation" not in result.stdout


@pytest.mark.parametrize(
    ("review", "code"), [("2027-01-01", 0), ("2027-02-30", 1), ("soon", 1), ("", 1), ("2027", 1)]
)
def test_a_case_has_a_day_on_which_it_is_looked_at_again(run, review, code):
    result = run("case", "open", "A case", "--purpose", "p", "--review", review)
    assert result.exit_code in ({0} if code == 0 else {1, 2}), result.output


def test_tasks_of_a_case_are_numbered_done_and_told(run, ask):
    case = ask("case", "open", "Numbered", "--purpose", "p", "--review", "2027-01-01")["case"]["id"]
    for text in ("ask the registrar", "call the bank"):
        assert run("case", "task", case, text).exit_code == 0
    assert run("case", "done", case, "1").exit_code == 0
    shown = run("case", "show", case).stdout
    assert "ask the registrar" in shown
    assert "call the bank" in shown
    for number in ("0", "3", "-1", "x"):
        assert run("case", "done", case, number).exit_code in {1, 2}
    assert run("case", "close", case, "--reason", "finished").exit_code == 0
    assert case not in run("case", "list").stdout
    assert case in run("case", "list", "--closed").stdout


@pytest.mark.parametrize("beginning", [4, 12])
def test_a_case_is_known_by_the_beginning_of_its_id_or_not_at_all(run, ask, beginning):
    case = ask("case", "open", "Begun", "--purpose", "p", "--review", "2027-01-01")["case"]["id"]
    result = run("case", "show", case[: 5 + beginning])
    assert result.exit_code in {0, 1}
    if result.exit_code == 0:
        assert "Begun" in result.stdout


@pytest.mark.parametrize("form", ["list.txt", "evil.com", ".", "nowhere", "../.."])
def test_what_is_no_package_is_told_by_its_folder(run, form):
    result = run("package", "verify", form)
    refused(result, "no package here")
    assert form in result.stderr


@pytest.mark.parametrize("word", ["", " ", "soon", "2026-02-30", "2026-13-01"])
def test_a_hit_is_on_a_day(run, word):
    answer = run(
        "outcome", "add", "domain-name:evil.com", "--mode", "takedown", "--hit", word, "--gone", "2026-01-01"
    )
    refused(answer, "is no ISO 8601 date")


@pytest.mark.parametrize("day", ["0001-01-01", "0001-06-01", "9999-12-31"])
def test_the_first_and_the_last_day_of_the_calendar_may_be_asked_for(ask, day):
    assert ask("choke", "--as-of", day)["plan"] == []
