"""A galaxy cluster is as closed as its distribution, and nothing that names it is more open than it is."""

from __future__ import annotations

from typing import Any

import pytest
from structured_reading import Reading, made, read

from chokepoint.collect.misp_galaxy import MispGalaxy
from chokepoint.model.errors import BadInputError
from chokepoint.model.marking import Marking, Tlp

OPEN, SHUT = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"


def galaxy(*clusters: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "ransomware", "name": "Ransomware", "values": list(clusters), "uuid": OPEN, **more}


def cluster(value: str, uuid: str, **more: Any) -> dict[str, Any]:
    return {"value": value, "uuid": uuid, "description": f"Words on {value}.", **more}


def told(*clusters: dict[str, Any], **more: Any) -> Reading:
    return read(MispGalaxy(), made(galaxy(*clusters, **more)))


def labels(reading: Reading, name: str) -> set[str]:
    return {
        claim.provenance.marking.tlp.label
        for claim in reading.claims
        if name in f"{claim.subject.value} {getattr(claim.object, 'value', '')}"
    }


@pytest.mark.parametrize(
    ("level", "label"),
    [
        ("0", "TLP:AMBER+STRICT"),
        (1, "TLP:GREEN"),
        ("3", "TLP:CLEAR"),
        ("4", "TLP:AMBER+STRICT"),
        (None, "TLP:CLEAR"),
        ("5", "TLP:CLEAR"),
    ],
)
def test_a_cluster_is_as_closed_as_its_distribution(level: Any, label: str) -> None:
    reading = told(cluster("Evil Locker", SHUT, distribution=level), cluster("Open Locker", OPEN))
    assert labels(reading, "evil locker") == {label}
    assert labels(reading, "open locker") == {"TLP:CLEAR"}


def test_the_galaxys_own_distribution_closes_every_cluster() -> None:
    assert labels(told(cluster("Open Locker", OPEN), distribution="1"), "open") == {"TLP:GREEN"}


@pytest.mark.parametrize("level", ["6", "x", True, [0]])
def test_an_unknown_distribution_leaves_its_cluster_out_and_says_so(level: Any) -> None:
    reading = told(cluster("Evil Locker", SHUT, distribution=level), cluster("Open Locker", OPEN))
    assert labels(reading, "evil locker") == set()
    assert [one.place for one in reading.rejected] == ["/values/0/distribution"]
    assert labels(reading, "open locker") == {"TLP:CLEAR"}


def test_an_unknown_distribution_of_the_galaxy_refuses_the_file() -> None:
    with pytest.raises(BadInputError, match="unknown distribution"):
        list(MispGalaxy().read(made(galaxy(cluster("Open Locker", OPEN), distribution="9"))))


@pytest.mark.parametrize(
    ("frm", "to"), [(OPEN, SHUT), (SHUT, OPEN)], ids=["to a closed one", "from a closed one"]
)
def test_a_relation_is_as_closed_as_the_stricter_of_its_ends(frm: str, to: str) -> None:
    related = {"dest-uuid": to, "type": "similar"}
    both = [cluster("Open Locker", OPEN), cluster("Evil Locker", SHUT, distribution="0")]
    next(one for one in both if one["uuid"] == frm)["related"] = [related]
    ties = [claim for claim in told(*both).claims if claim.property == "similar-to"]
    assert [claim.provenance.marking.tlp.label for claim in ties] == ["TLP:AMBER+STRICT"]


def test_a_relations_own_distribution_closes_it() -> None:
    related = [{"dest-uuid": SHUT, "type": "similar", "distribution": "0"}]
    ties = [
        claim
        for claim in told(cluster("Open Locker", OPEN, related=related), cluster("Evil Locker", SHUT)).claims
        if claim.property == "similar-to"
    ]
    assert [claim.provenance.marking.tlp.label for claim in ties] == ["TLP:AMBER+STRICT"]


def test_what_a_closed_cluster_calls_a_malware_is_found_in_no_open_text() -> None:
    names = {"synonyms": ["SecretName"]}
    actor = {"type": "threat-actor", "name": "Threat Actor", "uuid": SHUT}
    group = {"value": "Open Gang", "uuid": OPEN, "description": "They run SecretName and Evil Locker."}
    for level, found in (("3", {"evil locker"}), ("0", set())):
        reader = MispGalaxy()
        list(reader.read(made(galaxy(cluster("Evil Locker", SHUT, meta=names, distribution=level)))))
        list(reader.read(made({**actor, "values": [group]})))
        ties = [item for _, item in reader.finish()]
        assert {getattr(one.object, "value", "") for one in ties} == found


def test_no_distribution_opens_what_was_asked_to_be_closed() -> None:
    document = made(galaxy(cluster("Open Locker", OPEN, distribution="3")), marking=Marking(tlp=Tlp.RED))
    assert labels(read(MispGalaxy(), document), "open") == {"TLP:RED"}


def test_the_closing_is_told_with_its_level() -> None:
    rules = [
        rule
        for rule in told(cluster("Evil Locker", SHUT, distribution="0")).skipped
        if "distribution" in rule
    ]
    assert rules == ["distribution 0 closes it to TLP:AMBER+STRICT (your organisation only)"]
