"""Mentions in descriptions, sentence by sentence: where a name counts, how surely, and what must not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chokepoint.link.mentions import LONGEST_TEXT, WITH_CUE, WITHOUT_CUE, Description, Naming, mentions


def read(text, *names, kind="malware"):
    """(name as it stands, belief) of each mention, in the order of the software."""
    namings = [Naming(at + 10, kind, name) for at, name in enumerate(names)]
    return [(made.text, made.belief) for made in mentions([Description(1, text)], namings)]


@pytest.mark.parametrize(
    "word",
    [
        "ransomware", "malware", "Trojan", "backdoors", "RAT", "stealer", "loader", "downloader", "dropper",
        "botnet", "wiper", "worm", "implant", "payload", "keylogger", "rootkit", "bootkit", "webshell", "toolkit",
        "framework", "variants", "families", "tool", "miner", "cryptor", "spyware", "banker", "kit", "beacons",
    ],
)  # fmt: skip
def test_a_word_for_software_on_either_side_makes_it_surer(word):
    assert read(f"They deploy MegaCortex {word} at night.", "MegaCortex") == [("MegaCortex", WITH_CUE)]
    assert read(f"They deploy the {word} MegaCortex at night.", "MegaCortex") == [("MegaCortex", WITH_CUE)]


def test_a_word_for_software_too_far_away_does_not_count():
    text = "They deploy MegaCortex on every server of the victim beside other malware."
    assert read(text, "MegaCortex") == [("MegaCortex", WITHOUT_CUE)]


@pytest.mark.parametrize(
    "text",
    [
        "It is not MegaCortex ransomware.",
        "Unlike MegaCortex, it steals first.",
        "Its competitor MegaCortex vanished.",
        "The code resembles MegaCortex malware.",
        "It overlaps with MegaCortex ransomware.",
        "Encryption without the MegaCortex payload.",
        "Versus MegaCortex ransomware it is slow.",
        "There is similarity to MegaCortex ransomware.",
    ],
)
def test_what_is_denied_compared_or_set_against_is_not_used(text):
    assert read(text, "MegaCortex") == []


def test_a_denial_behind_the_name_or_far_before_it_does_not_count():
    assert read("MegaCortex ransomware, not Ryuk, was found.", "MegaCortex") == [("MegaCortex", WITH_CUE)]
    text = "It did not stop there and later deployed MegaCortex ransomware."
    assert read(text, "MegaCortex") == [("MegaCortex", WITH_CUE)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("They deployed MegaCortex.", True),
        ("They deployed Megacortex.", True),
        ("They deployed MEGACORTEX.", True),
        ("They deployed mega-cortex.", False),
        ("They deployed megacortex.", False),
        ("They deployed mEGACORTEX.", True),
        ("They deployed MegaCortexes.", False),
        ("They deployed XMegaCortex.", False),
        ("They deployed MegaCortex-2.", False),
        ("(MegaCortex)", True),
        ("“MegaCortex”", True),
        ("MegaCortex's operators", True),
        ("They deployed Mega Cortex.", False),
    ],
)
def test_a_name_is_met_as_a_whole_word_written_as_a_name(text, found):
    assert bool(read(text, "MegaCortex")) is found


def test_a_plain_name_that_opens_a_sentence_is_no_mention_without_a_telling_word():
    assert read("Emotet was quiet for a while.", "Emotet") == []
    assert read("It slept. Emotet was quiet.", "Emotet") == []
    assert read("Emotet malware was quiet.", "Emotet") == [("Emotet", WITH_CUE)]


def test_a_marked_name_may_open_a_sentence():
    assert read("MegaCortex was quiet for a while.", "MegaCortex") == [("MegaCortex", WITHOUT_CUE)]
    assert read("Ryuk2 was quiet for a while.", "Ryuk2") == [("Ryuk2", WITHOUT_CUE)]


@pytest.mark.parametrize("name", ["Kevin", "Phantom", "Boss"])
def test_a_plain_name_beside_another_capital_is_part_of_something_longer(name):
    assert read(f"They met {name} Spider there.", name) == []
    assert read(f"They met Old {name} there.", name) == []


@pytest.mark.parametrize(
    "name",
    [
        "Windows", "Android", "Telegram", "Python", "August", "Monday", "Bitcoin", "McAfee", "Excel",
        "Brazilian", "Chinese", "Turkish", "Korean", "Iran", "Cuba", "Mali", "RAT", "FIN", "Agent", "Loader",
    ],
)  # fmt: skip
def test_everyday_names_countries_peoples_and_generic_words_are_no_software(name):
    assert read(f"They attacked users of the {name} then.", name) == []


def test_a_word_that_any_description_writes_small_is_an_ordinary_word():
    descriptions = [Description(1, "They deployed Anchor there."), Description(2, "It drops an anchor.")]
    assert mentions(descriptions, [Naming(9, "malware", "Anchor")]) == []
    (made,) = mentions(descriptions[:1], [Naming(9, "malware", "Anchor")])
    assert made.belief == WITHOUT_CUE


def test_a_name_of_ordinary_words_in_capitals_still_is_a_name_if_one_word_is_none():
    text = "They deployed Cobalt Strike there, a strike at night."
    assert read(text, "Cobalt Strike") == [("Cobalt Strike", WITHOUT_CUE)]


@pytest.mark.parametrize(
    ("name", "met"),
    [("One Two Three Four", True), ("One Two Three Four Five", False)],
)
def test_names_of_at_most_four_words_are_looked_for(name, met):
    text = f"They deployed {name.title()}X there.".replace("X there", " there")
    assert bool(read(text, name)) is met


def test_the_longest_name_at_a_place_is_the_one_that_is_meant():
    found = read("They used Cobalt Strike Pro there.", "Cobalt", "Cobalt Strike", "Cobalt Strike Pro")
    assert found == [("Cobalt Strike Pro", WITHOUT_CUE)]


@pytest.mark.parametrize("kind", ["group", "campaign", "organisation", "person", "country"])
def test_only_malware_and_tools_are_mentioned(kind):
    assert read("They deployed MegaCortex ransomware.", "MegaCortex", kind=kind) == []


def test_a_group_of_that_name_makes_the_bare_name_doubtful_and_not_the_told_one():
    namings = [Naming(2, "malware", "MegaCortex"), Naming(3, "group", "MegaCortex")]
    assert mentions([Description(1, "It was MegaCortex again.")], namings) == []
    (made,) = mentions([Description(1, "It was MegaCortex ransomware.")], namings)
    assert (made.software, made.belief) == (2, WITH_CUE)


def test_the_reason_quotes_the_words_around_the_name():
    text = "For years " + "they " * 30 + "deployed MegaCortex ransomware " + "against banks " * 20
    (made,) = mentions([Description(1, text)], [Naming(2, "malware", "MegaCortex")])
    assert made.reason.startswith("named in the description: “…")
    assert "deployed MegaCortex ransomware against banks" in made.reason
    assert len(made.reason) < 200


def test_a_line_break_in_the_quotation_is_a_blank():
    (made,) = mentions(
        [Description(1, "They\n\tdeployed MegaCortex\nthen")], [Naming(2, "tool", "MegaCortex")]
    )
    assert "They deployed MegaCortex then" in made.reason


def test_each_group_has_its_own_mentions_and_each_software_is_told_once_a_group():
    text = "They deployed MegaCortex, MegaCortex and MegaCortex."
    made = mentions([Description(2, text), Description(1, text)], [Naming(9, "malware", "MegaCortex")])
    assert [(one.group, one.software) for one in made] == [(1, 9), (2, 9)]
    assert all(one.start == text.index("MegaCortex") for one in made)


def test_of_several_descriptions_of_a_group_the_surest_mention_counts():
    descriptions = [
        Description(1, "They used MegaCortex."),
        Description(1, "They used MegaCortex ransomware."),
    ]
    (made,) = mentions(descriptions, [Naming(9, "malware", "MegaCortex")])
    assert made.belief == WITH_CUE


@pytest.mark.parametrize(("before", "met"), [(LONGEST_TEXT - 30, True), (LONGEST_TEXT, False)])
def test_a_text_is_read_up_to_its_bound(before, met):
    text = ("they " * (before // 5))[:before] + " used MegaCortex now"
    assert bool(read(text, "MegaCortex")) is met


@pytest.mark.parametrize(
    "text", ["", " ", "\0", "\u202eMegaCortex", "Mega\u200bCortex", "a" * 5000, "." * 5000, "🔥🔥"],
    ids=["empty", "blank", "NUL", "right to left", "zero width", "one word", "dots", "emoji"],
)  # fmt: skip
def test_odd_texts_are_read_in_peace(text):
    for made in mentions([Description(1, text)], [Naming(2, "malware", "MegaCortex")]):
        assert text[made.start : made.end] == made.text


@pytest.mark.parametrize("name", ["", " ", "\0", "💰", "a" * 500, "---"])
def test_odd_names_are_mentioned_nowhere(name):
    assert read("They deployed MegaCortex ransomware and 💰.", name) == []


SENTENCES = st.lists(
    st.sampled_from(
        [
            "They used MegaCortex ransomware.",
            "Not MegaCortex malware.",
            "Ryuk2 came.",
            "Emotet slept.",
            "they ran",
        ]
    ),
    max_size=5,
)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 3), SENTENCES), max_size=4), st.randoms(use_true_random=False))
def test_the_order_of_names_changes_nothing(rows, random):
    descriptions = [Description(group, " ".join(lines)) for group, lines in rows]
    namings = [Naming(at, "malware", name) for at, name in enumerate(("MegaCortex", "Ryuk2", "Emotet"))]
    mixed = random.sample(namings, len(namings))
    assert mentions(descriptions, mixed) == mentions(descriptions, namings)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 3), SENTENCES), max_size=4))
def test_mentions_come_by_group_and_software_and_hold_their_name(rows):
    descriptions = [Description(group, " ".join(lines)) for group, lines in rows]
    namings = [Naming(at, "malware", name) for at, name in enumerate(("MegaCortex", "Ryuk2", "Emotet"))]
    made = mentions(descriptions, namings)
    assert [(one.group, one.software) for one in made] == sorted({(one.group, one.software) for one in made})
    for one in made:
        assert one.text == namings[one.software].name
        assert one.belief in {WITH_CUE, WITHOUT_CUE}
        assert any(
            text[one.start : one.end] == one.text for group, text in descriptions if group == one.group
        )
