from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chokepoint.link.mentions import Description, Naming, mentions

BOSS = (
    "Throughout 2018, CrowdStrike Intelligence tracked BOSS SPIDER as it regularly updated Samas ransomware "
    "and received payments to known Bitcoin (BTC) addresses."
)
GROUP, SAMSAM = 1, 2


def found(text, *namings):
    return [(m.software, m.text) for m in mentions([Description(GROUP, text)], [Naming(*n) for n in namings])]


def test_the_malware_named_in_a_groups_description_is_proposed_with_its_span():
    (mention,) = mentions(
        [Description(GROUP, BOSS)],
        [Naming(GROUP, "group", "BOSS SPIDER"), Naming(SAMSAM, "malware", "Samas")],
    )
    assert (mention.group, mention.software) == (GROUP, SAMSAM)
    assert BOSS[mention.start : mention.end] == mention.text == "Samas"
    assert "regularly updated Samas ransomware and received" in mention.reason


def test_a_telling_word_beside_the_name_makes_it_more_likely():
    with_cue = mentions([Description(1, "They deploy Conti ransomware.")], [Naming(2, "malware", "Conti")])
    without = mentions([Description(1, "They deploy Conti.")], [Naming(2, "malware", "Conti")])
    assert with_cue[0].belief > without[0].belief


def test_ordinary_words_are_no_names():
    text = "The group sends Anchor mails and drops anchor files. August was quiet; Brazilian Windows users."
    namings = [(2, "malware", n) for n in ("Anchor", "August", "Brazilian", "Windows")]
    assert found(text, *namings) == []


def test_lower_case_never_matches():
    assert found("they used conti against banks", (2, "malware", "Conti")) == []


def test_short_generic_and_country_names_never_match():
    text = "A RAT from Iran, the Agent loader, and FIN."
    assert found(text, *((2, "malware", n) for n in ("RAT", "Iran", "Agent", "FIN"))) == []


def test_a_name_of_several_words_wins_over_its_parts():
    text = "The group deploys Cobalt Strike beacons."
    assert found(text, (2, "tool", "Cobalt Strike"), (3, "malware", "Cobalt")) == [(2, "Cobalt Strike")]


def test_a_word_of_a_longer_proper_name_is_no_mention():
    assert found("Researcher Kevin Beaumont confirmed it.", (2, "malware", "Kevin")) == []
    assert found("Tracked as Phantom Taurus since May.", (2, "malware", "Taurus")) == []


def test_a_name_that_groups_bear_needs_a_telling_word():
    namings = ((2, "malware", "Gelsemium"), (3, "group", "Gelsemium"))
    assert found("It was linked to Gelsemium by many.", *namings) == []
    assert found("It used the Gelsemium backdoor then.", *namings) == [(2, "Gelsemium")]


def test_what_is_denied_or_only_similar_is_not_used():
    naming = (2, "malware", "MegaCortex")
    assert found("The code shows similarities to MegaCortex ransomware.", naming) == []
    assert found("Unlike MegaCortex operators they steal first.", naming) == []


def test_every_entity_that_bears_the_name_as_software_is_meant():
    namings = ((2, "malware", "Samas"), (3, "malware", "SAMAS"), (4, "organisation", "Samas Ltd"))
    assert found(BOSS, *namings) == [(2, "Samas"), (3, "Samas")]


def test_a_group_and_malware_are_paired_once_by_the_clearest_mention():
    text = "They use Emotet. Later the Emotet malware was replaced."
    (mention,) = mentions([Description(1, text)], [Naming(2, "malware", "Emotet")])
    assert mention.start == text.rindex("Emotet")


def test_very_long_texts_are_read_up_to_a_bound():
    text = "filler " * 20_000 + "Emotet malware"
    assert found(text, (2, "malware", "Emotet")) == []


@given(st.text(max_size=300), st.lists(st.text(max_size=20), max_size=4))
def test_any_text_and_names_give_spans_that_hold_the_name(text, names):
    for mention in mentions([Description(1, text)], [Naming(2, "malware", name) for name in names]):
        assert text[mention.start : mention.end] == mention.text
