"""Files of every format that nobody has tuned for, with counts and links known before they were read."""

from __future__ import annotations

import csv
import io
import json
import shutil
import tarfile
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from openpyxl import Workbook
from reportlab.pdfgen.canvas import Canvas

from cli_desk import Desk

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SITE = "copperlantern-invest.com"
WALLET = "1JX7W9hXG3vmxbMS1iZnXqvzyzJsoG7NNG"
SANCTIONED = "bc1qasvw4jxhtzc7hffd8sgd8xkudhvcqerj5nputu"
SAMPLE = "db87cee52504ca5732bad49ddb1d5b8551c011c1891996d58aacae47f66585ed"
PARKED = "91.243.44.17"


class Known(NamedTuple):
    """What was counted by hand in a file."""

    format: str
    links: Mapping[str, int]
    rejected: int = 0
    kinds: Mapping[str, int] = MappingProxyType({})


KNOWN = {
    "blacklist/urls.yaml": Known("cryptoscamdb", {"requests-payment-to": 3, "hosted-at": 3}, 1),
    "blacklist/archive.yaml": Known(
        "cryptoscamdb", {"resolves-to": 1, "name-server": 2}, 0, {"ipv4-addr": 1}
    ),
    "packs/lantern.yaml": Known("tagpack", {"controlled-by": 3}, 1, {"crypto-address": 3, "group": 1}),
    "packs/actors.yaml": Known("actorpack", {"website": 2, "located-in": 3, "account": 1}, 0, {"country": 3}),
    "ofac/sanctioned_addresses_XBT.txt": Known("ofac", {"sanctioned-by": 3}),
    "ofac/sanctioned_addresses_TRX.json": Known("ofac", {"sanctioned-by": 2}),
    "misp/event.json": Known("misp-event", {"indicates": 7, "resolves-to": 1, "requests-payment-to": 1}, 1),
    "feed/5e0b7a10-cccc-4000-8000-000000000001.json": Known("misp-event", {"indicates": 3}),
    "galaxy/threat-actor.json": Known("misp-galaxy", {"located-in": 1, "targets": 1, "similar-to": 1}),
    "warning/list.json": Known("misp-warninglist", {"listed-on": 2}),
    "stix/bundle21.json": Known("stix2", {"indicates": 1, "uses": 1}, 1),
    "stix/bundle20.json": Known("stix2", {"indicates": 1}),
    "stix/old.xml": Known("stix1", {}, 1, {"domain-name": 1, "file": 1}),
    "infoblox/copper_heron_20250320_iocs.csv": Known("infoblox-csv", {"indicates": 4, "legitimate": 1}, 1),
    "meta/2025_lantern_network.csv": Known("meta-csv", {"indicates": 3}, 0, {"user-account": 2}),
    "meta/2025_malware.csv": Known("meta-csv", {"indicates": 2}, 0, {"file": 1, "domain-name": 1}),
    "trails/lanternloader.txt": Known("maltrail", {"indicates": 3}, 0, {"ipv4-addr": 1, "url": 1}),
    "lists/lantern-domains.txt": Known("plain-list", {"indicates": 3}, 1, {"domain-name": 3}),
    "lists/wallets.txt": Known("plain-list", {}, 1, {"crypto-address": 3}),
    "tables/victims.de.csv": Known("table", {"requests-payment-to": 3}, 0, {"phone-number": 1}),
    "tables/reports.th.csv": Known("table", {}, 0, {"domain-name": 2, "phone-number": 1, "user-account": 1}),
    "tables/plaintes.fr.tsv": Known("table", {"requests-payment-to": 2}, 0, {"bank-account": 1}),
    "ransom-notes/lanternlock/READ_ME.txt": Known(
        "ransom-note", {"requests-payment-to": 1, "contact": 3}, 0, {"onion-service": 1, "email-addr": 1}
    ),
    "reports/utf16.txt": Known("text", {}, 0, {"domain-name": 1, "crypto-address": 1}),
}

INDICATORS = {
    "advisory.en.md": {
        ("url", "https://copperlantern-invest.com/"),
        ("crypto-address", WALLET),
        ("email-addr", "desk@copperlantern-invest.com"),
        ("user-account", "telegram:copper_lantern_desk"),
        ("file", f"sha256:{SAMPLE}"),
        ("ipv4-addr", "91.243.44.18"),
    },
    "warnung.de.txt": {
        ("domain-name", "lantern-bonus.vip"),
        ("phone-number", "+4915215551234"),
        ("bank-account", "iban:DE89370400440532013000"),
        ("crypto-address", "17bveCHFPiuXC8YFWDtD6uBtjLHT3GJiFM"),
        ("email-addr", "hilfe@lantern-bonus.vip"),
    },
    "alerte.fr.txt": {
        ("domain-name", "lanternpay-secure.net"),
        ("phone-number", "+33644641234"),
        ("email-addr", "service@lanternpay-secure.net"),
        ("crypto-address", "bc1qaz7pv0yzamscwveg3375433kmvaxm6cpj6nyk5"),
    },
    "alerta.es.txt": {
        ("domain-name", "calmharbor-swap.io"),
        ("email-addr", "soporte@calmharbor-swap.io"),
        ("user-account", "whatsapp:+34612345678"),
        ("phone-number", "+34612345678"),
        ("crypto-address", "0xac0f09c0f8bf5e7a4b063d863255f16d8ce9abe6"),
    },
    "chuui.ja.txt": {
        ("domain-name", "lantern-bonus.vip"),
        ("email-addr", "info@lantern-bonus.vip"),
        ("user-account", "line:lanternjp77"),
        ("crypto-address", "16W32P9WxFh7qkgESnGQgtAzDd1MC3J9FJ"),
    },
    "uyari.tr.txt": {
        ("domain-name", "copper-lantern.top"),
        ("phone-number", "+905321234567"),
        ("email-addr", "destek@copper-lantern.top"),
        ("crypto-address", "TTrySsJKYwGU9utbGk6CzxpRz6SGLfUna2"),
    },
    "tuean.th.txt": {
        ("domain-name", SITE),
        ("phone-number", "+66812345678"),
        ("user-account", "line:lanternth88"),
        ("crypto-address", "15KSx58RGPEbBS2BXU9DTBo6J6SoUbmjnk"),
    },
}


@pytest.fixture(scope="module")
def files(unseen: Path, members: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What collecting the folder told of each file."""
    desk = Desk(shutil.copytree(members, tmp_path_factory.mktemp("counted") / "atlas"))
    told = desk.json("collect", str(unseen), "--yes")
    return {file["path"]: file for file in told["files"]}


@pytest.mark.parametrize("path", KNOWN)
def test_a_file_never_seen_before_gives_the_counts_that_were_counted_by_hand(
    files: dict[str, dict[str, Any]], path: str
):
    file, known = files[path], KNOWN[path]
    assert file["format"] == known.format
    assert len(file["rejected"]) == known.rejected
    assert {name: file["links"].get(name, 0) for name in known.links} == dict(known.links)
    assert {kind: file["entities"].get(kind, 0) for kind in known.kinds} == dict(known.kinds)


def test_every_file_is_read_or_left_out_by_a_named_rule(files: dict[str, dict[str, Any]]):
    silent = [
        path
        for path, file in files.items()
        if not (file["claims"]["new"] or file["rejected"] or file["skipped"])
    ]
    assert silent == []


def test_every_refusal_says_where_and_how_to_mend_it(files: dict[str, dict[str, Any]]):
    parts = [part for file in files.values() for part in file["rejected"]]
    assert len(parts) == 8
    assert all(part["place"] and "Mend: " in part["reason"] for part in parts)


def test_the_index_of_a_misp_feed_is_no_list_of_files(files: dict[str, dict[str, Any]]):
    for name in ("feed/manifest.json", "feed/hashes.csv"):
        assert list(files[name]["skipped"]) == ["index of a MISP feed (its events are read)"]
        assert files[name]["claims"]["new"] == 0


def test_objects_in_files_of_their_own_are_joined(full: Desk):
    [path] = full.json("path", "group:silent otter", "malware:otterrat")["paths"][:1]
    [hop] = path["hops"]
    assert hop["property"] == "uses"
    assert "relationship" in hop["source"]["path"]


def test_taking_everything_in_again_adds_nothing(own: Desk, unseen: Path):
    claims = own.json("collect", str(unseen), "--yes")["totals"]["claims"]
    assert claims["new"] == 0
    assert claims["known"] > 200


def test_a_folder_packed_as_tar_gives_what_the_folder_gives(desk: Desk, unseen: Path, tmp_path: Path):
    packed = tmp_path / "objects.tar.gz"
    with tarfile.open(packed, "w:gz") as archive:
        for file in sorted((unseen / "objects").rglob("*.json")):
            archive.add(file, file.relative_to(unseen).as_posix())
    totals = desk.json("collect", str(packed))["totals"]
    assert totals["links"] == {"uses": 2}
    assert totals["rejected"] == 0


@pytest.mark.parametrize("name", INDICATORS)
def test_a_report_in_any_of_seven_languages_gives_its_indicators_and_no_official_contact(
    full: Desk, unseen: Path, name: str
):
    [file] = full.json("extract", str(unseen / "reports" / name))["files"]
    found = {(one["kind"], one["value"]) for one in file["indicators"] if one["role"] == "indicator"}
    assert found == INDICATORS[name]
    assert any(one["role"] == "context" for one in file["indicators"])


def test_a_tag_is_of_the_actor_whose_pack_lies_beside_it(full: Desk):
    [path, *_] = full.json("path", SITE, SANCTIONED)["paths"]
    assert [hop["to"]["value"] for hop in path["hops"]] == [WALLET, "copper lantern", SANCTIONED]
    assert path["single_source"] is False
    assert all(hop["claim"] and hop["source"]["path"] and hop["source"]["place"] for hop in path["hops"])


def test_an_address_on_a_parking_list_carries_the_warning_and_joins_nothing(full: Desk):
    paths = full.json("path", "lanternpay-secure.net", "wexford-token.net")["paths"]
    assert paths
    for path in paths:
        assert path["joins"] is False
        assert any("parking" in warning for warning in path["warnings"])


def test_a_claim_keeps_origin_interval_and_marking_of_its_source(full: Desk):
    claims = full.json("show", SITE)["claims"]
    by_file = {one["source"]["path"]: one for one in claims if one["property"] == "indicates"}
    event = by_file["misp/event.json"]
    assert (event["origin"], event["marking"]) == ("Baltic CERT", "TLP:GREEN")
    assert (event["interval"]["start"], event["interval"]["end"]) == ("2025-02-01", "2025-03-13")
    assert by_file["infoblox/copper_heron_20250320_iocs.csv"]["interval"]["start"] == "2025-03-18"


def test_what_an_indicator_points_to_holds_while_the_indicator_is_valid(full: Desk):
    claims = full.json("show", "copper-lantern.top")["claims"]
    [one] = [c for c in claims if c["property"] == "indicates" and c["object"] == _entity("lanternloader", c)]
    assert (one["interval"]["start"], one["interval"]["end"]) == ("2025-02-20", "2025-06-02")


def _entity(value: str, claim: dict[str, Any]) -> Any:
    return (
        claim["object"] if isinstance(claim["object"], dict) and claim["object"]["value"] == value else None
    )


def test_what_is_marked_amber_stays_with_its_organisation(full: Desk):
    paths = {who: _paths(full, who) for who in ("bank", "police")}
    assert "stix/bundle21.json" in paths["bank"]
    assert "stix/bundle21.json" not in paths["police"]
    assert "misp/event.json" in paths["police"]


def _paths(desk: Desk, who: str) -> set[str]:
    return {one["source"]["path"] for one in desk.json("show", SAMPLE, who=who)["claims"]}


def test_national_phone_numbers_of_a_thai_table_are_read_by_the_language_of_its_headers(full: Desk):
    claims = full.json("show", "+66812345678")["claims"]
    table = [one for one in claims if one["source"]["path"] == "tables/reports.th.csv"]
    assert table
    assert {one["interval"]["start"] for one in table} == {"2025-03-14"}


def test_the_day_one_desk_tells_known_from_new_in_a_chat(full: Desk):
    chat = f"[14/03/2025, 10:12] Anna: again copper lantern? {SITE.replace('.', '[.]')}\n"
    chat += f"[14/03/2025, 10:13] Jüri: yes, and hxxps://brand-new-scam.shop/pay from {PARKED}\n"
    [file] = full.json("check", given=chat)["files"]
    status = {one["value"]: one["status"] for line in file["lines"] for one in line["found"]}
    assert status == {SITE: "known", "https://brand-new-scam.shop/pay": "new", PARKED: "parked"}


def test_spreadsheets_and_pdfs_are_checked_and_taken_in_with_their_places(desk: Desk, tmp_path: Path):
    book, report = tmp_path / "fälle.xlsx", tmp_path / "report.pdf"
    sheet = Workbook()
    sheet.active.title = "Fälle"
    for row in (
        ["Nr", "Webseite", "Konto", "Datum"],
        [1, "lantern-bonus.vip", "DE89 3704 0044 0532 0130 00", date(2025, 3, 14)],
        [2, "brandneu-shop.top", "", date(2025, 3, 15)],
    ):
        sheet.active.append(row)
    sheet.save(book)
    page = Canvas(str(report))
    page.drawString(72, 720, "The scammers use lantern-bonus[.]vip and pdf-only-scam[.]shop.")
    page.showPage()
    page.drawString(72, 720, "They write from fraud@pdf-only-scam.shop")
    page.save()
    [checked] = desk.json("check", str(report))["files"]
    assert [line["place"] for line in checked["lines"] if line["found"]] == ["page 1 line 1", "page 2 line 1"]
    told = {file["path"]: file for file in desk.json("collect", str(book), str(report), "--yes")["files"]}
    assert told["fälle.xlsx"]["entities"] == {"bank-account": 1, "domain-name": 2}
    [payment] = [
        c for c in desk.json("show", "lantern-bonus.vip")["claims"] if c["property"] == "requests-payment-to"
    ]
    assert payment["source"]["place"] == "sheet 'Fälle', row 2"
    assert payment["interval"]["start"] == "2025-03-14"
    said = [
        c for c in desk.json("show", "pdf-only-scam.shop")["claims"] if c["source"]["path"] == "report.pdf"
    ]
    assert {c["property"]: c["source"]["place"] for c in said} == {
        "mentioned-in": "page 1",
        "mentioned-with": "page 1",
        "hosted-at": "page 2",
    }


def test_every_export_is_what_its_readers_accept(full: Desk, tmp_path: Path):
    from stix2validator import validate_string  # noqa: PLC0415 - slow to load

    bundle = full.ok("export", "stix")
    assert validate_string(bundle).is_valid
    assert len(json.loads(bundle)["objects"]) > 100
    table = list(csv.DictReader(io.StringIO(full.ok("export", "csv"), newline="")))
    assert [*table[0]][:3] == ["subject_kind", "subject", "property"]
    assert len(table) > 90
    assert {row["marking"] for row in table} == {"TLP:CLEAR"}
    graph = tmp_path / "all.mtgx"
    full.ok("export", "maltego", "--out", str(graph))
    assert graph.read_bytes()[:2] == b"PK"


def test_an_export_says_how_much_stays_behind(full: Desk, tmp_path: Path):
    told = full.run("export", "csv", "--out", str(tmp_path / "all.csv"))
    assert "claims stay here" in told.stderr
