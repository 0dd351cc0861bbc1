"""Who speaks in a MISP event, of what, under which label; and whom its galaxies name."""

from __future__ import annotations

import pytest
from misp_making import SUBJECT, attribute, event, told
from structured_reading import made, read

from chokepoint.collect.misp_context import galaxies, marking_of, nameless, tag_names
from chokepoint.collect.misp_event import MispEvent
from chokepoint.model.claim import Interval, Nature
from chokepoint.model.errors import NotValidError
from chokepoint.model.marking import Marking, Pap, Tlp

EVIL = "domain-name:evil.com"


@pytest.mark.parametrize(
    ("names", "marking"),
    [
        pytest.param([], None, id="none"),
        pytest.param(["type:OSINT", "kill-chain:c2"], None, id="other-tags"),
        pytest.param(["tlp:white"], Marking(tlp=Tlp.CLEAR), id="tlp1"),
        pytest.param(["tlp:clear"], Marking(tlp=Tlp.CLEAR), id="tlp2"),
        pytest.param(["TLP:AMBER+STRICT"], Marking(tlp=Tlp.AMBER_STRICT), id="capitals"),
        pytest.param(["tlp:green", "tlp:red"], Marking(tlp=Tlp.RED), id="strictest-of-two"),
        pytest.param(["tlp:red", "tlp:green"], Marking(tlp=Tlp.RED), id="in-any-order"),
        pytest.param(["PAP:AMBER"], Marking(pap=Pap.AMBER), id="pap"),
        pytest.param(["PAP:WHITE"], Marking(pap=Pap.CLEAR), id="pap-white"),
        pytest.param(["PAP:MAUVE"], Marking(pap=Pap.RED), id="unknown-pap-is-the-strictest"),
        pytest.param(["tlp:green", "pap:red"], Marking(tlp=Tlp.GREEN, pap=Pap.RED), id="both-scales"),
    ],
)
def test_tags_ask_for_the_strictest_label_of_each_scale(names, marking):
    assert marking_of(names) == marking


@pytest.mark.parametrize("name", ["tlp:purple", "tlp:", "TLP:ex:chr", "tlp:red!"])
def test_a_label_that_nobody_knows_is_refused(name):
    with pytest.raises(NotValidError, match="TLP"):
        marking_of([name])


@pytest.mark.parametrize(
    ("tag", "names"),
    [
        pytest.param([{"name": "a"}, {"name": " b "}], ["a", "b"], id="mappings"),
        pytest.param({"name": "a"}, ["a"], id="one-mapping"),
        pytest.param(["a", {"name": "b"}], ["a", "b"], id="bare-texts"),
        pytest.param(None, [], id="null"),
        pytest.param([], [], id="none"),
    ],
)
def test_tags_are_read_however_they_are_written(tag, names):
    assert tag_names({"Tag": tag}) == names


def cluster(sort: str, value: str, **more) -> dict:
    return {"Galaxy": [{"type": sort, "GalaxyCluster": [{"type": sort, "value": value, **more}]}]}


@pytest.mark.parametrize(
    ("sort", "value", "entity", "link"),
    [
        pytest.param("threat-actor", "Winter Fox", "group:winter fox", "attributed-to", id="actor"),
        pytest.param(
            "mitre-intrusion-set", "Winter Fox - G0001", "group:winter fox", "attributed-to", id="mitre-group"
        ),
        pytest.param(
            "mitre-enterprise-attack-intrusion-set",
            "Winter Fox - G0001",
            "group:winter fox",
            "attributed-to",
            id="old-mitre-group",
        ),
        pytest.param("ransomware", "FoxLock", "malware:foxlock", "uses", id="ransomware"),
        pytest.param("mitre-malware", "FoxLock - S0001", "malware:foxlock", "uses", id="mitre-malware"),
        pytest.param("mitre-tool", "AnyDesk", "tool:anydesk", "uses", id="tool"),
        pytest.param("country", "Thailand", "country:th", "targets", id="country"),
        pytest.param("mitre-campaign", "Winter 24", "campaign:winter 24", "part-of", id="campaign"),
    ],
)
def test_a_cluster_ties_the_event_to_whom_it_names_as_a_judgement(sort, value, entity, link):
    claim = told(**cluster(sort, value)).claim(SUBJECT, link)
    assert (str(claim.object), claim.nature) == (entity, Nature.ASSESSMENT)


@pytest.mark.parametrize(
    "sort", ["sector", "mitre-attack-pattern", "target-sector", "mitre-course-of-action", "", "own-thing"]
)
def test_a_cluster_of_another_sort_names_nobody_and_is_counted(sort):
    thing = cluster(sort, "Finance")
    assert galaxies(thing) == []
    assert nameless(thing) == 1
    assert (
        sum(count for rule, count in told(**thing).skipped.items() if rule.startswith("galaxy cluster")) == 1
    )


def test_a_tag_and_a_cluster_that_name_one_actor_name_it_once_with_its_aliases():
    thing = {
        **cluster("threat-actor", "Winter Fox", meta={"synonyms": ["WF"]}),
        "Tag": [{"name": 'misp-galaxy:threat-actor="Winter Fox"'}],
    }
    [(actor, aliases)] = galaxies(thing)
    assert (str(actor), aliases) == ("group:winter fox", ["WF"])


@pytest.mark.parametrize(
    "galaxy",
    [
        5,
        "x",
        [5],
        [{"GalaxyCluster": 5}],
        [{"GalaxyCluster": [5, {}]}],
        [{"GalaxyCluster": [{"type": ["a"], "value": {"b": 1}}]}],
    ],
    ids=repr,
)
def test_an_odd_galaxy_names_nobody_and_costs_nothing_else(galaxy):
    reading = told(attribute("domain", "evil.com", Galaxy=galaxy), Galaxy=galaxy)
    assert (EVIL, "indicates", SUBJECT) in reading.said
    assert not reading.objects("attributed-to") | reading.objects("uses")


@pytest.mark.parametrize(
    ("creator", "origin"),
    [
        pytest.param({"Orgc": {"name": "CERT-B"}}, "CERT-B", id="creator"),
        pytest.param(
            {"Orgc": {"name": "CERT-B"}, "Org": {"name": "CERT-A"}}, "CERT-B", id="creator-before-owner"
        ),
        pytest.param({"Orgc": None, "Org": {"name": "CERT-A"}}, "CERT-A", id="owner-alone"),
        pytest.param({"Orgc": {"name": ["x"]}}, "unknown", id="odd-name"),
        pytest.param({"Orgc": None}, "unknown", id="nobody"),
    ],
)
def test_the_origin_is_who_created_the_event(creator, origin):
    reading = told(attribute("domain", "evil.com"), **creator)
    assert {claim.provenance.origin for claim in reading.claims} == {origin}


@pytest.mark.parametrize(
    ("date", "observed", "said"),
    [
        pytest.param("2024-03-05", Interval("", "2024-03-06"), {"2024-03-05"}, id="day"),
        pytest.param("soon", None, {"soon"}, id="no-day"),
        pytest.param("", None, set(), id="empty"),
        pytest.param(None, None, set(), id="null"),
        pytest.param("1709596800", Interval("", "2024-03-06"), {"1709596800"}, id="seconds"),
    ],
)
def test_what_has_no_time_was_seen_until_the_date_of_its_event(date, observed, said):
    reading = told(attribute("domain", "evil.com"), date=date)
    assert reading.claim(EVIL, "indicates").observed == observed
    assert reading.objects("date") == said


@pytest.mark.parametrize("info", [None, "", "  ", "---", [], {}, ["x"]], ids=repr)
def test_an_event_about_nothing_is_left_out_with_its_pointer_and_the_next_is_read(info):
    broken, good = event(attribute("domain", "bad.com"), info=info), event(attribute("domain", "evil.com"))
    reading = read(MispEvent(), made([{"Event": broken}, {"Event": good}]))
    assert [one.place for one in reading.rejected] == ["/0/Event/info"]
    assert "Mend: " in reading.rejected[0].reason
    assert {c.subject.value for c in reading.claims if c.property == "indicates"} == {"evil.com"}


@pytest.mark.parametrize(
    ("comment", "link"),
    [
        pytest.param("C2 server", "indicates", id="plain"),
        pytest.param("Compromised website", "compromised-by", id="hacked"),
        pytest.param("hijacked server", "compromised-by", id="hijacked"),
        pytest.param("legitimate service abused", "legitimate", id="legitimate"),
        pytest.param("likely false positive", "legitimate", id="false-positive"),
        pytest.param("compromised but benign", "legitimate", id="good-goes-first"),
        pytest.param("uncompromised", "indicates", id="word-inside-a-word"),
    ],
)
def test_the_comment_says_whether_an_attribute_is_bad_hacked_or_good(comment, link):
    reading = told(attribute("domain", "evil.com", comment=comment))
    links = {prop for who, prop, thing in reading.said if who == EVIL and thing == SUBJECT}
    assert links == {link}
    assert (EVIL, "description", comment) in reading.said


@pytest.mark.parametrize(
    ("flag", "link"),
    [
        (True, "indicates"),
        ("1", "indicates"),
        ("true", "indicates"),
        (False, "mentioned-with"),
        ("0", "mentioned-with"),
        (None, "mentioned-with"),
    ],
)
def test_only_what_was_made_for_detection_indicates(flag, link):
    assert (EVIL, link, SUBJECT) in told(attribute("domain", "evil.com", to_ids=flag)).said
