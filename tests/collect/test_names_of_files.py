"""What names of files and folders tell, in any script, however they are dressed up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from line_reading import document

from chokepoint.collect.naming import everyday, stem, subject, telling_part, told, untelling, without_counter
from chokepoint.collect.titles import about, bare_title, kind_of, title_of
from chokepoint.model.identity import Entity


@pytest.mark.parametrize(
    ("name", "tells"),
    [
        pytest.param("silverfish.txt", "silverfish", id="a plain name"),
        pytest.param("silverfish.csv.gz", "silverfish", id="packed"),
        pytest.param("2023-05-01_silverfish_iocs.csv", "silverfish", id="dated, with common words"),
        pytest.param("silverfish_20230501.csv", "silverfish", id="dated behind"),
        pytest.param("silverfish-final-v2.xlsx", "silverfish", id="a version"),
        pytest.param("SILVERFISH.TXT", "SILVERFISH", id="shouted"),
        pytest.param("silver fish (2).docx", "silver fish (2", id="a counted copy"),
        pytest.param("แก๊งคอลเซ็นเตอร์.csv", "แก๊งคอลเซ็นเตอร์", id="Thai"),
        pytest.param("偽サイト.txt", "偽サイト", id="Japanese"),
        pytest.param("мошенники.csv", "мошенники", id="Russian"),
        pytest.param("e\u0301lan.txt", "\xe9lan", id="accents apart"),
        pytest.param("iocs.txt", "", id="a common word"),
        pytest.param("domains.csv", "", id="what it lists"),
        pytest.param("list.txt", "", id="that it lists"),
        pytest.param("12.txt", "", id="a number"),
        pytest.param("2023.csv", "", id="a year"),
        pytest.param("----.txt", "", id="marks"),
        pytest.param(".txt", "", id="an extension"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_a_name_tells(name: str, tells: str):
    assert told(name) == tells


@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_any_name_tells_something_or_nothing_and_what_it_tells_tells_itself(name: str):
    once = told(name)
    assert once == "" or not untelling(once)


@given(
    st.sampled_from(["silverfish", "decoy dog", "lantern"]),
    st.sampled_from([".txt", ".csv", ".csv.gz", ".md", ""]),
)
def test_extensions_tell_nothing(name: str, extension: str):
    assert told(name + extension) == name
    assert stem(name + extension) == name


@pytest.mark.parametrize(
    ("path", "tells"),
    [
        pytest.param("silverfish.txt", "silverfish", id="the file"),
        pytest.param("silverfish/iocs.txt", "silverfish", id="its folder, where the file tells nothing"),
        pytest.param("silverfish/2023/iocs.txt", "silverfish", id="a folder above"),
        pytest.param("silverfish/a/b/iocs.txt", "", id="not any folder above"),
        pytest.param("lantern/silverfish.txt", "silverfish", id="the file before the folder"),
        pytest.param("iocs.txt", "", id="nothing"),
    ],
)
def test_the_nearest_part_that_tells_anything_tells(path: str, tells: str):
    found = telling_part(document("x", path))
    assert found == tells or (path.startswith("silverfish/a/") and found in {"", "a", "b"})


@pytest.mark.parametrize(
    ("name", "entity"),
    [
        ("apt_28", Entity("group", "apt 28")),
        ("FIN7", Entity("group", "fin7")),
        ("UNC-1151", Entity("group", "unc 1151")),
        ("lazarus group", Entity("group", "lazarus group")),
        ("silverfish", Entity("campaign", "silverfish")),
    ],
)
def test_a_name_written_like_a_group_is_one(name: str, entity: Entity):
    assert subject(name) == entity


def test_no_name_is_no_subject():
    assert subject("") is None
    assert subject("???") is None


@pytest.mark.parametrize(
    "name",
    [
        "downloads",
        "new folder",
        "Desktop",
        "case 12",
        "12",
        "attachments",
        "Inbox",
        "Anhänge",
        "pièces",
        "資料",
        "เอกสาร",
        "belgeler",
        "документы",
    ],
)
def test_folders_that_everybody_has_tell_nothing(name: str):
    assert everyday(name)


@pytest.mark.parametrize("name", ["silverfish", "lockbit", "decoy dog"])
def test_a_folder_with_a_name_of_its_own_tells(name: str):
    assert not everyday(name)


@pytest.mark.parametrize(
    ("name", "bare"),
    [("silverfish-2", "silverfish"), ("silverfish (3)", "silverfish"), ("fin7", "fin7"), ("-2", "-2")],
)
def test_a_counter_is_no_part_of_a_name(name: str, bare: str):
    assert without_counter(name) == bare


@pytest.mark.parametrize(
    ("text", "title"),
    [
        pytest.param("# Silverfish\n\ntext", "Silverfish", id="Markdown"),
        pytest.param("= Silverfish\n\ntext", "Silverfish", id="AsciiDoc"),
        pytest.param("Silverfish\n==========\n", "Silverfish", id="underlined"),
        pytest.param("Silverfish\n----------\n", "Silverfish", id="underlined with dashes"),
        pytest.param("\n\nSilverfish\ntext", "Silverfish", id="the first line"),
        pytest.param(":toc:\n// note\nSilverfish\n", "Silverfish", id="below attributes and comments"),
        pytest.param("---\n# Silverfish\n", "Silverfish", id="below a rule"),
        pytest.param("## Part\n", "## Part", id="a lower heading is a line like any"),
        pytest.param("x" * 401, "", id="a first line that is a page"),
        pytest.param("This is the first of many sentences.\n", "", id="a sentence"),
        pytest.param("", "", id="nothing"),
        pytest.param("\n\n", "", id="blank lines"),
    ],
)
def test_a_text_has_the_title(text: str, title: str):
    assert title_of(text) == title


@given(st.text(max_size=300))
def test_any_text_has_a_title_of_one_line_or_none(text: str):
    title = title_of(text)
    assert "\n" not in title
    assert bare_title(title) == bare_title(bare_title(title))


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("Silverfish – Indicators of Compromise", "Silverfish"),
        ("IOCs: Silverfish", "Silverfish"),
        ("Silverfish (IOCs)", "Silverfish"),
        ("**Silverfish**", "Silverfish"),
        ("Silverfish https://example.org/x", "Silverfish"),
        ("Appendix", ""),
    ],
)
def test_words_that_any_report_uses_are_no_part_of_its_name(title: str, bare: str):
    assert bare_title(title) == bare


@pytest.mark.parametrize(
    ("name", "title", "text", "kind"),
    [
        pytest.param("silverfish", "Silverfish group", "", "group", id="a group by title"),
        pytest.param("silverfish", "Silverfish ransomware", "", "malware", id="malware by title"),
        pytest.param("silverfish", "Operation Silverfish", "", "campaign", id="an operation"),
        pytest.param(
            "silverfish", "Silverfish", "a trojan and a backdoor", "malware", id="malware by the text"
        ),
        pytest.param("silverfish", "Silverfish", "a trojan", "campaign", id="one word is not enough"),
        pytest.param(
            "silverfish", "Silverfish scam", "trojan backdoor", "campaign", id="the title goes first"
        ),
        pytest.param("silverfish", "The malware group Silverfish", "", "malware", id="malware before group"),
    ],
)
def test_what_kind_of_thing_a_name_stands_for(name: str, title: str, text: str, kind: str):
    assert kind_of(name, title, text) == kind


@pytest.mark.parametrize(
    ("path", "text", "entity"),
    [
        pytest.param("silverfish/README.md", "# Notes\n", "campaign:silverfish", id="the folder of a readme"),
        pytest.param("12.md", "# Silverfish scam\n", "campaign:silverfish scam", id="the title"),
        pytest.param(
            "silverfish.md", "# The Silverfish scam in May\n", "campaign:silverfish", id="both agree"
        ),
        pytest.param(
            "lantern.md", "# Silverfish scam\n", "campaign:silverfish scam", id="the title, if they do not"
        ),
        pytest.param("apt28.md", "x" * 500, "group:apt28", id="the file, without a title"),
    ],
)
def test_a_report_is_about(path: str, text: str, entity: str):
    assert str(about(document(text, path), text)) == entity


def test_a_report_may_be_about_nothing():
    assert about(document("x", "12.md"), "This is the first of many sentences.\n") is None
