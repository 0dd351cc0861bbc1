from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from line_reading import claims, document, excerpt, skipped, triples, unaccounted

from chokepoint.collect.prose import CHUNK, chunks
from chokepoint.collect.report import Report, published
from chokepoint.collect.titles import about, bare_title, title_of

HASH = "26727D5FCEEF79DE2401CA0C9B2974CD99226DCB"


def read(text, path="reports/blue_heron.md"):
    return list(Report().read(document(text, path)))


def test_a_real_asciidoc_report_names_its_malware_and_its_network():
    items = list(Report().read(excerpt("telekopye.adoc", "eset/telekopye/README.adoc")))
    found = triples(items)
    assert (f"file:sha1:{HASH.lower()}", "indicates", "malware:telekopye") in found
    assert ("domain-name:id23352352.ru", "indicates", "malware:telekopye") in found
    assert not any(
        subject == "domain-name:welivesecurity.com" and name == "indicates" for subject, name, _ in found
    )


def test_a_real_thai_release_gives_its_day_source_and_the_scammers_number():
    items = list(Report().read(excerpt("thaigov_2020_12_30.txt", "news/2020_12_30_7.txt")))
    assert any(claim.property == "date" and claim.object == "2020-12-29" for claim in claims(items))
    assert any(claim.property == "reference" and "38000" in str(claim.object) for claim in claims(items))
    phone = [claim for claim in claims(items) if claim.subject.value == "+66829464808"]
    assert {claim.property for claim in phone} == {"indicates"}
    assert {claim.observed.end for claim in phone if claim.observed} == {"2020-12-30"}
    official = [claim for claim in claims(items) if claim.subject.value == "www.ghbank.co.th"]
    assert "indicates" not in {claim.property for claim in official}


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("= Telekopye – Indicators of Compromise\n\ntext", "Telekopye – Indicators of Compromise"),
        ("# Blue Heron\n\ntext", "Blue Heron"),
        ("Blue Heron\n==========\n\ntext", "Blue Heron"),
        (":toc:\n:toclevels: 2\n\n= Deep\n", "Deep"),
        ("Just a first line\nand more", "Just a first line"),
        ("x" * 500 + "\nmore", ""),
        ("", ""),
    ],
)
def test_the_title_of_a_text_is_its_heading_or_short_first_line(text, title):
    assert title_of(text) == title


def test_a_line_of_dashes_deep_in_a_text_makes_no_title():
    assert title_of("First line here\n" + "words\n" * 9 + "Contact us\n----------\n") == "First line here"


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("Telekopye – Indicators of Compromise", "Telekopye"),
        ("Indicators of Compromise: Blue Heron", "Blue Heron"),
        ("Glupteba.AY Indicators of Compromise (IoCs)", "Glupteba.AY"),
        ("`Casbaneiro` IOCs", "Casbaneiro"),
    ],
)
def test_words_about_the_kind_of_text_are_taken_off_a_title(title, bare):
    assert bare_title(title) == bare


@pytest.mark.parametrize(
    ("text", "path", "entity"),
    [
        ("= APT Kimsuky -- HotDogeToken case\n", "kimsuky/README.adoc", "group:kimsuky"),
        ("= Bandidos at large, malware\nA trojan\n", "bandook/README.adoc", "malware:bandook"),
        ("# Operation Night Heron campaign\n", "reports/a1.md", "campaign:operation night heron campaign"),
        ("Words about things\n", "reports/blue_heron.txt", "campaign:words about things"),
        ("", "reports/blue_heron.txt", "campaign:blue heron"),
    ],
)
def test_the_subject_is_told_by_folder_file_or_title(text, path, entity):
    assert str(about(document(text, path), text)) == entity


def test_a_report_that_names_nothing_only_mentions():
    items = read("evil-one.com is bad and malicious software talks to it\n", "data/report.txt")
    assert about(document("", "data/report.txt"), "") is None
    assert claims(items)


def test_cells_of_one_table_row_are_linked():
    text = f"# Blue Heron malware\n\n| Hash | Domain |\n| --- | --- |\n| {HASH} | evil-one[.]com |\n"
    assert (f"file:sha1:{HASH.lower()}", "mentioned-with", "domain-name:evil-one.com") in triples(read(text))


def test_indicators_of_one_sentence_are_mentioned_together_at_its_line():
    text = "# Fraud\n\nThe phishing site evil-one[.]com asks victims to mail to boss@evil-two[.]com now.\n"
    [claim] = [claim for claim in claims(read(text)) if claim.property == "mentioned-with"]
    assert str(claim.subject) == "domain-name:evil-one.com"
    assert str(claim.object) == "email-addr:boss@evil-two.com"
    assert claim.place == "line 3"


@pytest.mark.parametrize(
    "between", [". The criminals also use the site ", "\nThe criminals also use the site "]
)
def test_sentences_and_lines_apart_mention_nothing_together(between):
    text = f"# Fraud\n\nThe phishing site evil-one[.]com is dangerous{between}evil-two[.]com for fraud.\n"
    assert not any(name == "mentioned-with" for _, name, _ in triples(read(text)))


def test_a_list_of_more_than_six_in_one_sentence_ties_nothing():
    sites = [f"evil-{number}[.]com" for number in range(7)]
    long = "# Fraud\n\nThe phishing sites of this group were {}.\n"
    assert not any(name == "mentioned-with" for _, name, _ in triples(read(long.format(", ".join(sites)))))
    tied = [one for one in triples(read(long.format(", ".join(sites[:6])))) if one[1] == "mentioned-with"]
    assert len(tied) == 5


def test_what_is_only_context_is_mentioned_with_nothing():
    text = (
        "# Fraud\n\nThe phishing site evil-one[.]com copies the official website good-bank.com of the bank.\n"
    )
    assert not any(name == "mentioned-with" for _, name, _ in triples(read(text)))


def test_indicators_on_different_rows_are_not_linked():
    text = "# Blue Heron malware\n\n| a | b |\n| evil-one[.]com | x |\n| bad-two[.]org | y |\n"
    assert not any(name == "mentioned-with" for _, name, _ in triples(read(text)))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Title\nPublished: 29 December 2020\n", date(2020, 12, 29)),
        ("Titel\nDatum: 29.12.2020\n", date(2020, 12, 29)),
        ("ข่าว\nวันอังคารที่ 29 ธันวาคม 2563\n", date(2020, 12, 29)),
        ("Title\n\nno date\n", None),
    ],
)
def test_the_day_of_publication_is_read_from_the_first_lines(text, day):
    assert published(text) == day


def test_recognition_leaves_data_and_code_to_others():
    assert Report().recognises(document("This is a sentence of words.\n"))
    assert Report().recognises(document("= Title\n"))
    assert not Report().recognises(document('{"a": "this is a sentence of words"}'))
    assert not Report().recognises(document("<x>this is a sentence of words</x>"))
    assert not Report().recognises(document(b"MZ\x00\x00\x01\x02" * 200))


def test_lines_without_indicators_are_counted_and_none_is_lost():
    text = "# Blue Heron malware\n\nNothing here.\nBad site evil-one[.]com seen.\n\nEnd"
    items = read(text)
    assert unaccounted(text, items) == 0
    assert skipped(items)["blank line"] == 2


@given(st.lists(st.sampled_from(["a\n", "word " * 50 + "\n", "\n", "x" * 30]), max_size=60))
def test_chunks_put_together_are_the_text_and_count_its_lines(parts):
    text = "".join(parts)
    pieces = list(chunks(text))
    assert "".join(piece for _, piece in pieces) == text
    before = 0
    for first, piece in pieces:
        assert first == before
        before += piece.count("\n")


def test_a_long_text_is_cut_at_line_ends_and_lines_stay_right():
    filler = "plain words here\n" * (CHUNK // 17 + 10)
    text = "# Blue Heron malware\n" + filler + "Malicious server evil-one[.]com\n"
    places = {claim.place for claim in claims(read(text)) if claim.subject.value == "evil-one.com"}
    assert places == {f"line {text.count(chr(10))}"}


def test_a_line_without_end_is_cut_at_a_blank():
    pieces = list(chunks("word " * (CHUNK // 2)))
    assert len(pieces) > 1
    assert all(len(piece) <= CHUNK for _, piece in pieces)
