"""The seven chains that the corpus's own description names, asked on the command line from either end.

Each hop has to name its source and place, and the place has to hold what the hop says.
"""

from __future__ import annotations

import gzip
import json
import shutil
import tarfile
from pathlib import Path
from typing import Any

import pytest

from cli_desk import Desk

FILES = (
    "unit42-iocs/text/samsa/updated_iocs.csv",
    "graphsense-tagpacks/packs/ransomware.yaml",
    "graphsense-tagpacks/packs/ransomwhere.yaml",
    "graphsense-tagpacks/packs/twitter_hack_scam.yaml",
    "graphsense-tagpacks/packs/lazarus.yaml",
    "graphsense-tagpacks/actors/graphsense.actorpack.yaml",
    "ofac-sdn-crypto",
    "misp-galaxy/clusters/threat-actor.json.gz",
    "misp-galaxy/clusters/ransomware.json.gz",
    "misp-galaxy/clusters/mitre-intrusion-set.json.gz",
    "misp-warninglists/lists/parking-domain",
    "cryptoscamdb/urls.yaml",
    "etherscamdb/scams.yaml",
    "etherscamdb/archive_compiled.2017-12-23.yaml",
    "infoblox/csv/cryptdesignbot_cta_20230518_iocs.csv",
    "infoblox/csv/sable_squirrel_20260813_iocs.csv.gz",
    "ransom-notes/ryuk/ryuk.txt",
)
TRAIL = "static-malware-trails.tar.gz"

SAMSA = "7aa585e6fd0a895c295c4bea2ddb071eed1e5775f437602b577a54eef7f61044"
PAGE, SAMSAM_WALLET = "union83939k.wordpress.com", "19CbDoaZDLTzkkT1uQrMPM42AUvfQN4Kds"
TESLA_WALLET = "13LP98C3QKthrCdz81qGWuCr9fpCvsdh5A"
HEALTH_WALLET = "bc1qxy2kgdygjrsqtzq2n0yrf2493p83kkfjhx0wlh"
RYUK_WALLET, RYUK_MAIL = "14hVKm7Ft2rxDBFTNkkRC3kGstMGp2A4hk", "wayneevenson@protonmail.com"
PARKED = "194.58.112.174"


@pytest.fixture(scope="session")
def sources(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the corpus in which the chains lie, and the one maltrail trail."""
    folder = tmp_path_factory.mktemp("chains") / "corpus"
    for name in FILES:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (corpus / name).is_dir() else shutil.copy
        copy(corpus / name, target)
    with tarfile.open(corpus / "maltrail" / TRAIL) as archive:
        [member] = [one for one in archive.getmembers() if one.name.endswith("apt_lazarus.txt")]
        trail = archive.extractfile(member)
        assert trail is not None
        (folder / "maltrail" / "malware").mkdir(parents=True)
        (folder / "maltrail" / "malware" / "apt_lazarus.txt").write_bytes(trail.read())
    return folder


@pytest.fixture(scope="session")
def chained(members: Path, sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """An atlas with those files, identities proposed; to be read, not written."""
    desk = Desk(Path(shutil.copytree(members, tmp_path_factory.mktemp("chained") / "atlas")))
    desk.ok("collect", str(sources), "--yes")
    desk.ok("connect")
    return desk


def paths(desk: Desk, start: str, goal: str) -> list[dict[str, Any]]:
    told = desk.json("path", start, goal)
    assert told["unknown"] == []
    found: list[dict[str, Any]] = told["paths"]
    return found


def nodes(path: dict[str, Any]) -> list[str]:
    """What a path leads over, in walking order."""
    return [path["hops"][0]["from"]["value"], *(hop["to"]["value"] for hop in path["hops"])]


def over(found: list[dict[str, Any]], *values: str) -> dict[str, Any]:
    """The path that leads over exactly these values."""
    [path] = [one for one in found if nodes(one) == list(values)]
    return path


def held(sources: Path, witness: dict[str, Any]) -> str:
    """What stands at the place that a witness names, in small letters and without brackets around dots."""
    file = sources / witness["source"]["path"]
    raw = file.read_bytes()
    text = (gzip.decompress(raw) if file.suffix == ".gz" else raw).decode("utf-8-sig")
    place = witness["source"]["place"]
    if place.startswith("/"):
        part: Any = json.loads(text)
        for step in place.strip("/").split("/")[:2]:  # the record: a relation in it names the other by its id
            part = part[int(step)] if isinstance(part, list) else part[step]
        text = json.dumps(part, ensure_ascii=False)
    else:
        first, _, last = place.rpartition(" ")[2].partition("-")
        text = "\n".join(text.splitlines()[int(first) - 1 : int(last or first)])
    return text.lower().replace("[.]", ".")


def cited(sources: Path, path: dict[str, Any]) -> None:
    """Each stated hop has a claim whose place holds one of its ends; an identity names judge and reason."""
    for hop in path["hops"]:
        assert hop["claim"]
        assert hop["source"]["path"]
        assert hop["source"]["place"]
        if hop["property"] == "same-as":
            assert hop["source"]["path"] == "identity judgement"
            continue
        ends = {hop[end]["value"].partition(":")[2] or hop[end]["value"] for end in ("from", "to")}
        for witness in hop["evidence"]:
            text = held(sources, witness)
            assert any(end.lower() in text for end in ends), (ends, witness, text[:200])


def test_1_a_sample_leads_over_page_and_wallet_to_the_gang(chained: Desk, sources: Path):
    paid = over(paths(chained, SAMSA, SAMSAM_WALLET), f"sha256:{SAMSA}", SAMSAM_WALLET)
    page = paths(chained, SAMSA, PAGE)[0]
    asked = paths(chained, PAGE, SAMSAM_WALLET)[0]
    family = over(paths(chained, SAMSAM_WALLET, "samsam"), SAMSAM_WALLET, "samsam")
    gang = paths(chained, SAMSAM_WALLET, "BOSS SPIDER")[0]
    assert nodes(gang)[:2] == [SAMSAM_WALLET, "samsam"]
    assert not gang["single_source"]
    assert gang["joins"]
    assert {one["source"]["path"].rpartition("/")[2] for one in family["hops"][0]["evidence"]} >= {
        "ransomware.yaml", "ransomwhere.yaml"
    }  # fmt: skip
    for path in (paid, page, asked, family, gang):
        cited(sources, path)


def test_2_one_campaign_or_a_host_that_was_registered_anew(chained: Desk, sources: Path):
    path = over(
        paths(chained, TESLA_WALLET, "spacexbtc.net"),
        TESLA_WALLET, "teslagive.net", "cryptdesignbot", "spacexbtc.net",
    )  # fmt: skip
    assert path["codes"] == ["time", "time"]
    assert "teslagive[.]net" in path["warnings"][0]
    assert "2022-06-28" in path["warnings"][0]
    assert "2023-04-05" in path["warnings"][0]
    assert not path["single_source"]
    cited(sources, path)


@pytest.mark.parametrize("other", ["tesla3.org", "teslagives.info", "bonustesla.com", "geminibtc.net"])
def test_2_the_campaign_holds_hosts_that_another_source_lists_apart(chained: Desk, other: str):
    path = over(paths(chained, "teslagive.net", other), "teslagive.net", "cryptdesignbot", other)
    assert "time" in path["codes"]


@pytest.mark.parametrize(("one", "two"), [
    ("omise-go.io", "qtum-token.com"), ("kin-crowdsale.com", "district0x.net"),
    ("blockstack.network", "omise-go.io"),
])  # fmt: skip
def test_3_an_address_of_a_parking_service_joins_nothing_and_says_so(
    chained: Desk, sources: Path, one: str, two: str
):
    found = paths(chained, one, two)
    path = over(found, one, PARKED, two)
    assert not path["joins"]
    assert "parking" in path["codes"]
    assert any("194[.]58[.]112[.]174" in words for words in path["warnings"])
    for other in found:
        assert not (PARKED in nodes(other)[1:-1] and other["joins"])
        assert PARKED not in nodes(other) or "parking" in other["codes"]
    cited(sources, path)


def test_3_even_the_link_itself_carries_the_warning(chained: Desk):
    for path in paths(chained, "kin-crowdsale.com", PARKED):
        assert "parking" in path["codes"]
    assert any("parking" in words for words in chained.json("show", PARKED)["warnings"])


def test_4_a_scam_page_leads_to_the_hack_that_used_its_wallet(chained: Desk, sources: Path):
    path = over(
        paths(chained, "cryptoforhealth.com", "twitter hack scam"),
        "cryptoforhealth.com", HEALTH_WALLET, "twitter hack scam",
    )  # fmt: skip
    assert not path["single_source"]
    assert path["warnings"] == []
    cited(sources, path)


def test_5_two_lives_of_one_domain_attribute_nothing(chained: Desk, sources: Path):
    found = paths(chained, "tidex", "sable squirrel")
    path = over(found, "tidex", "tidex.com", "sable squirrel")
    assert not any(one["attribution"] for one in found)
    assert path["codes"] == ["two-periods"]
    assert path["belief"] < 0.1
    assert "period 1" in path["warnings"][0]
    assert "period 2" in path["warnings"][0]
    cited(sources, path)


@pytest.mark.parametrize("start", ["@tidex_exchange", "twitter:tidex_exchange", "organisation:tidex", "GB"])
def test_5_nothing_of_the_exchange_is_attributed_to_whoever_took_its_domain(chained: Desk, start: str):
    for path in paths(chained, start, "campaign:sable squirrel"):
        over_shop = "tidex.com" in nodes(path)
        assert not (over_shop and path["attribution"])


def test_6_a_ransom_note_leads_over_its_wallet_to_the_gang_and_its_country(chained: Desk, sources: Path):
    wallet = over(paths(chained, RYUK_WALLET, "ryuk"), RYUK_WALLET, "ryuk")
    mail = paths(chained, RYUK_WALLET, RYUK_MAIL)[0]
    [country] = [one for one in paths(chained, "WIZARD SPIDER", "RU") if len(one["hops"]) == 1]
    gang = paths(chained, RYUK_WALLET, "WIZARD SPIDER")[0]
    assert not gang["single_source"]
    assert nodes(gang)[-1] == "wizard spider"
    assert country["codes"] == ["joins-nothing"]
    assert not country["joins"]
    for path in (wallet, mail, country, gang):
        cited(sources, path)


def test_7_sanctioned_addresses_lead_to_the_group_its_country_and_its_domains(chained: Desk, sources: Path):
    address = "0x098b716b8aaf21512996dc57eb0615e2383e2f96"
    owned = over(paths(chained, address, "Lazarus Group"), address, "lazarus group")
    assert owned["hops"][0]["property"] == "controlled-by"
    [state] = [one for one in paths(chained, "Lazarus Group", "KP") if len(one["hops"]) == 1]
    assert not state["joins"]
    site = paths(chained, "Lazarus Group", "celasllc.com")[0]
    assert site["joins"]
    assert not site["single_source"]
    for path in (owned, state, site):
        cited(sources, path)


def test_7_every_address_of_the_pack_is_on_the_sanctions_list(chained: Desk):
    """Those who control an address and those who sanction it are told by two publications."""
    told = chained.json("show", "group:lazarus group")
    owned = {
        claim["subject"]["value"]
        for claim in told["claims"]
        if claim["property"] == "controlled-by" and claim["source"]["path"].endswith("lazarus.yaml")
    }
    assert len(owned) == 21
    for address in sorted(owned):
        claims = chained.json("show", address)["claims"]
        assert any(claim["source"]["path"].rpartition("/")[0].endswith("ofac-sdn-crypto") for claim in claims)


CHAINS = {
    "1": (SAMSAM_WALLET, "BOSS SPIDER"),
    "2": (TESLA_WALLET, "spacexbtc.net"),
    "3": ("omise-go.io", "qtum-token.com"),
    "4": ("cryptoforhealth.com", "twitter hack scam"),
    "5": ("tidex", "sable squirrel"),
    "6": (RYUK_WALLET, "wizard spider"),
    "7": ("lazarus group", "celasllc.com"),
}


@pytest.mark.parametrize("chain", CHAINS)
def test_a_chain_walked_back_is_the_same_chain(chained: Desk, chain: str):
    start, goal = CHAINS[chain]
    there, back = paths(chained, start, goal), paths(chained, goal, start)
    best = there[0]
    [again] = [one for one in back if nodes(one) == nodes(best)[::-1]]
    for key in ("single_source", "joins", "attribution"):
        assert again[key] == best[key]
    assert again["belief"] == pytest.approx(best["belief"], abs=2e-4)
    assert sorted(again["codes"]) == sorted(best["codes"])
    assert [hop["claim"] for hop in again["hops"]] == [hop["claim"] for hop in reversed(best["hops"])]


@pytest.mark.parametrize(("chain", "start", "goal"), [
    ("1", f"crypto-address:{SAMSAM_WALLET}", "group:boss spider"),
    ("1", SAMSAM_WALLET, "GOLD LOWELL"),
    ("1", SAMSAM_WALLET, "gold_lowell"),
    ("2", TESLA_WALLET, "SPACEXBTC[.]NET"),
    ("2", f"crypto-address:{TESLA_WALLET}", "hxxps://spacexbtc[.]net/"),
    ("3", "OMISE-GO.IO", "qtum-token[.]com"),
    ("3", "domain-name:omise-go.io", "qtum-token(.)com"),
    ("4", "CryptoForHealth.com", "twitter_hack_scam"),
    ("5", "organisation:tidex", "campaign:sable squirrel"),
    ("5", "TIDEX", "sable_squirrel"),
    ("6", RYUK_WALLET, "Wizard-Spider"),
    ("7", "lazarusgroup", "celasllc[.]com"),
    ("7", "Lazarus Group", "CELASLLC.COM."),
])  # fmt: skip
def test_however_its_ends_are_written_the_chain_is_the_same(chained: Desk, chain: str, start: str, goal: str):
    plain = paths(chained, *CHAINS[chain])
    assert [nodes(one) for one in paths(chained, start, goal)] == [nodes(one) for one in plain]


@pytest.mark.parametrize("alias", ["Hidden Cobra", "GUARDIANS OF PEACE", "Zinc"])
def test_an_alias_of_a_group_leads_to_what_is_known_of_it(chained: Desk, alias: str):
    assert chained.json("show", alias)["entity"]["kind"] == "group"
    assert paths(chained, alias, "celasllc.com")
