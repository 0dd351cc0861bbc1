"""The linking rooms on the published lists and galaxies, where the shared data lies beside the repository."""

from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from chokepoint.link.cluster import clusters
from chokepoint.link.known import Listed, match_known, names_of
from chokepoint.link.mentions import Description, Naming, mentions
from chokepoint.link.names import Alias, Name, propose

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "data" / "corpus"
SHARED = {
    "group": ("threat-actor", "mitre-intrusion-set"),
    "malware": ("malpedia", "ransomware", "mitre-malware"),
}

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason=f"the shared corpus is not at {CORPUS}")


@cache
def galaxy():
    """Entities (number, kind, name, aliases, description) of five galaxy clusters."""
    found = []
    for kind, files in SHARED.items():
        for file in files:
            tree = json.loads(
                gzip.decompress((CORPUS / "misp-galaxy/clusters" / f"{file}.json.gz").read_bytes())
            )
            for value in tree["values"]:
                also = value.get("meta", {}).get("synonyms") or []
                found.append((len(found), kind, value["value"], also, value.get("description") or "", file))
    return found


def number_of(name, file):
    return next(n for n, _, value, _, _, source in galaxy() if value == name and source == file)


@cache
def proposals():
    return propose(
        [Name(n, kind, name) for n, kind, name, *_ in galaxy()],
        [Alias(n, alias, file) for n, _, _, also, _, file in galaxy() for alias in also],
    )


def test_the_three_records_of_samsam_become_one():
    same = [p for p in proposals() if p.sameness]
    judgements = SimpleNamespace(
        left=np.array([p.left for p in same]),
        right=np.array([p.right for p in same]),
        sameness=np.ones(len(same), np.int8),
        organisation=np.zeros(len(same), np.int32),
        belief=np.array([p.belief for p in same], np.float32),
        reason=[p.reason for p in same],
    )
    found = clusters(judgements)
    numbers = [
        number_of("SamSam", "malpedia"),
        number_of("Samas-Samsam", "ransomware"),
        number_of("SamSam - S0370", "mitre-malware"),
    ]
    assert len(set(found.of(np.array(numbers)).tolist())) == 1
    heads = list(found.canonical.values())
    assert max(heads.count(head) for head in set(heads)) <= 20


def test_no_proposal_joins_a_group_with_malware():
    kinds = {n: kind for n, kind, *_ in galaxy()}
    assert all(kinds[p.left] == kinds[p.right] for p in proposals())


def test_boss_spider_is_told_to_use_samas():
    found = mentions(
        [Description(n, text) for n, kind, _, _, text, _ in galaxy() if kind == "group"],
        [Naming(n, kind, name) for n, kind, own, also, _, _ in galaxy() for name in (own, *also)],
    )
    boss = number_of("BOSS SPIDER", "threat-actor")
    used = {m.software for m in found if m.group == boss}
    assert used == {
        number_of("SamSam", "malpedia"),
        number_of("Samas-Samsam", "ransomware"),
        number_of("SamSam - S0370", "mitre-malware"),
    }
    assert 300 < len(found) < 5_000


def test_the_parking_address_of_the_third_chain_is_known_and_the_page_of_the_first_is_not():
    lists = []
    for file in sorted((CORPUS / "misp-warninglists/lists").glob("*/list.json")):
        tree = json.loads(file.read_bytes())
        lists.append(Listed(name=tree["name"], entries=tree["list"], match=tree["type"]))
    nodes = SimpleNamespace(
        kind=np.array([0, 1, 1, 1], np.int16),
        value=["194.58.112.174", "union83939k.wordpress.com", "teslagive.net", "wordpress.com"],
        kind_names=("ipv4-addr", "domain-name"),
    )
    found = [names_of(int(flags)) for flags in match_known(nodes, lists)]
    assert found[:3] == [("parking",), (), ()]
    assert "popular-site" in found[3]
