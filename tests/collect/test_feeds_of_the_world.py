"""Feeds as their publishers print them: who reported, where one reads more and whom it hit are no criminals."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from line_reading import claims, document, read_as, rejected, skipped

from chokepoint.collect.mapping.words import beside, of_certificate, posted
from chokepoint.collect.rows import uncommented

if TYPE_CHECKING:
    from chokepoint.collect.base import Item

URLHAUS = """################################################################
# abuse.ch URLhaus Database Dump (CSV - recent URLs only)      #
# Last updated: 2024-05-02 08:11:16 (UTC)                      #
# For questions please contact urlhaus [at] abuse.ch           #
################################################################
#
# id,dateadded,url,url_status,last_online,threat,tags,urlhaus_link,reporter
"2831416","2024-05-02 08:11:16","http://42.231.90.15:45321/bin.sh","online","2024-05-02 08:11:16","malware_download","elf","https://urlhaus.abuse.ch/url/2831416/","geenensp"
"2831415","2024-05-02 08:10:09","http://bad-dl.com/my file.exe","offline","","malware_download","exe","https://urlhaus.abuse.ch/url/2831415/","ann@reporter.org"
"""
THREATFOX = """################################################################
# ThreatFox IOCs: recent additions - CSV format                #
################################################################
#
# "first_seen_utc","ioc_id","ioc_value","ioc_type","threat_type","fk_malware","malware_alias","malware_printable","last_seen_utc","confidence_level","is_compromised","reference","tags","anonymous","reporter"
"2024-05-02 08:20:13", "1265521", "185.196.8.137:2404", "ip:port", "botnet_cc", "win.remcos", "RemcosRAT,Remvio,Socmer", "Remcos", "", "75", "False", "None", "RAT", "0", "abuse_ch"
"2024-05-02 08:20:11", "1265520", "hacked-bakery.com", "domain", "payload_delivery", "js.fakeupdates", "SocGholish", "FAKEUPDATES", "", "100", "True", "https://infosec.exchange/@monitorsg/112", "SocGholish", "0", "monitorsg"
# Number of entries: 2
"""
BAZAAR = """# MalwareBazaar recent malware samples (CSV)
#
# "first_seen_utc","sha256_hash","md5_hash","reporter","file_name","signature","imphash","ssdeep"
"2024-05-02 08:15:26", "b34f154ec913d2d2c435cbd644e91687a6bcd9a8f5e4e9e5b5e5b5e5b5e5b5e5", "44d88612fea8a8f36de82e1278abb02f", "abuse_ch", "invoice.exe", "AgentTesla", "f34d5f2d4577ed6d9ceec516c1f5a744", "n/a"
"""
FEODO = """################################################################
# Feodo Tracker Botnet C2 IP Blocklist (CSV)                   #
################################################################
"first_seen_utc","dst_ip","dst_port","c2_status","last_online","malware"
"2021-01-17 07:44:46","67.213.75.205","443","offline","2022-01-04","Dridex"
# END 1 entries
"""
PHISHTANK = (
    "phish_id,url,phish_detail_url,submission_time,verified,verification_time,online,target\n"
    "8576041,https://paypa1-login.weebly.com/,http://www.phishtank.com/phish_detail.php?phish_id=8576041,"
    "2024-05-02T08:12:09+00:00,yes,2024-05-02T08:22:37+00:00,yes,PayPal\n"
)
CHAINABUSE = (
    "id,createdAt,scamCategory,address,chain,domain,description,reporter,trusted\n"
    "abc,2024-05-01T00:00:00Z,PIG_BUTCHERING,0x098B716B8Aaf21512996dC57EB0615e2383E2f96,ETH,evil-invest.com,"
    "I lost money,ann@victim.org,false\n"
)
LEAKS = json.dumps(
    [
        {
            "activity": "Manufacturing",
            "claim_url": "http://lockbit3753ekiocyo5epmpy6klmejchjtzddoekjlnt6mu3qh4de2id.onion/post/abc",
            "country": "DE",
            "description": "Muster GmbH is a family-owned firm. Contact: info@muster-gmbh.de +49 89 1234567",
            "discovered": "2024-05-02 08:21:00",
            "domain": "muster-gmbh.de",
            "group_name": "lockbit3",
            "post_title": "muster-gmbh.de",
            "screenshot": "https://images.example-live.com/victims/abc.png",
            "website": "muster-gmbh.de",
        },
        {
            "activity": "Government",
            "claim_url": "",
            "country": "US",
            "description": "",
            "discovered": "2024-05-01 10:00:00",
            "domain": "",
            "group_name": "akira",
            "post_title": "City of Springfield",
            "screenshot": "",
            "website": "",
        },
    ]
)
SHODAN = json.dumps(
    {
        "ip_str": "185.196.8.137",
        "hostnames": ["evil-c2.com"],
        "asn": "AS42624",
        "timestamp": "2024-05-02T08:00:00.000000",
        "ssl": {"cert": {"fingerprint": {"sha1": "94d9f1ae4ed1a1b1ff9f3a52de8f1f9c36f3a2d1"}}},
    }
)


def read(text: str, path: str) -> list[Item]:
    return read_as("table", document(text, path, origin=""))


def links(text: str, path: str) -> set[tuple[str, str, str]]:
    return {
        (":".join(one.subject), one.property, ":".join(one.object))
        for one in claims(read(text, path))
        if not isinstance(one.object, str) and one.property not in {"hosted-at", "subdomain-of"}
    }


def things(text: str, path: str) -> set[str]:
    found = claims(read(text, path))
    ends = [end for one in found for end in (one.subject, one.object) if not isinstance(end, str)]
    return {end.value for end in ends}


def test_urlhaus_says_where_malware_lies_and_nothing_of_who_reported_it():
    assert links(URLHAUS, "urlhaus.csv") == set()
    assert things(URLHAUS, "urlhaus.csv") == {
        "http://42.231.90.15:45321/bin.sh",
        "42.231.90.15",
        "http://bad-dl.com/my%20file.exe",
        "bad-dl.com",
    }


def test_comments_above_and_below_a_table_are_counted_and_rows_keep_their_lines():
    items = read(URLHAUS, "urlhaus.csv")
    assert {one.place for one in claims(items)} == {"line 8", "line 9"}
    assert skipped(items) == {
        "comment": 6,
        "header row": 1,
        "who reported it, which is no part of it": 2,
    }
    assert not rejected(items)


def test_a_hacked_site_of_threatfox_is_its_owners():
    assert links(THREATFOX, "threatfox.csv") == {
        ("ipv4-addr:185.196.8.137", "indicates", "malware:remcos"),
        ("ipv4-addr:185.196.8.137", "indicates", "malware:remcosrat"),
        ("ipv4-addr:185.196.8.137", "indicates", "malware:remvio"),
        ("ipv4-addr:185.196.8.137", "indicates", "malware:socmer"),
        ("domain-name:hacked-bakery.com", "compromised-by", "malware:fakeupdates"),
        ("domain-name:hacked-bakery.com", "compromised-by", "malware:socgholish"),
    }


def test_an_import_hash_is_no_digest_of_the_file():
    said = links(BAZAAR, "full.csv")
    assert {thing for _, name, thing in said if name == "same-file"} == {
        "file:md5:44d88612fea8a8f36de82e1278abb02f"
    }


def test_the_malware_of_a_row_is_its_own_and_not_the_trackers_name():
    assert links(FEODO, "feodo.csv") == {("ipv4-addr:67.213.75.205", "indicates", "malware:dridex")}


def test_the_page_about_a_phish_is_no_phish_and_the_brand_no_criminal():
    assert things(PHISHTANK, "phishtank.csv") == {
        "https://paypa1-login.weebly.com/",
        "paypa1-login.weebly.com",
    }


def test_who_reports_a_scam_asks_for_no_payment():
    assert things(CHAINABUSE, "reports.csv") >= {"evil-invest.com"}
    assert "ann@victim.org" not in repr(read(CHAINABUSE, "reports.csv"))


def test_a_post_on_a_leak_site_tells_of_the_victim():
    said = links(LEAKS, "victims.json")
    post = "url:http://lockbit3753ekiocyo5epmpy6klmejchjtzddoekjlnt6mu3qh4de2id.onion/post/abc"
    assert said == {
        (post, "indicates", "group:lockbit3"),
        ("group:lockbit3", "targets", "domain-name:muster-gmbh.de"),
        ("group:lockbit3", "targets", "country:de"),
        ("group:akira", "targets", "country:us"),
    }


def test_what_criminals_write_of_a_victim_is_not_taken():
    items = read(LEAKS, "victims.json")
    assert "info@muster-gmbh.de" not in repr(claims(items))
    assert skipped(items)["text about a victim"] == 1


def test_no_country_of_a_victim_is_where_a_gang_sits():
    assert not {name for _, name, _ in links(LEAKS, "victims.json")} & {"located-in"}


def test_a_scan_tells_of_a_certificate_and_not_of_a_file():
    kinds = {
        one.kind
        for claim in claims(read(f"{SHODAN}\n{SHODAN}\n", "shodan.json"))
        for one in (claim.subject, claim.object)
        if not isinstance(one, str)
    }
    assert kinds == {"domain-name", "ipv4-addr", "autonomous-system", "x509-certificate"}


@pytest.mark.parametrize(
    "header",
    ["issuer_name", "service_name", "file_name", "process name", "server.name", "list name", "eventName"],
)
def test_the_name_of_a_thing_names_nobody(header: str):
    text = f"domain,{header}\nevil.com,Some Words\nbad.org,Other Words\n"
    assert {one.partition(":")[0] for row in links(text, "x.csv") for one in row if ":" in one} <= {
        "domain-name"
    }


@pytest.mark.parametrize(
    ("header", "sort"),
    [
        ("Reporter", "teller"), ("reported_by", "teller"), ("urlhaus_link", "reading"), ("References", "reading"),
        ("imphash", "likeness"), ("url", ""), ("reporter of victims", ""), ("", ""),
    ],
)  # fmt: skip
def test_columns_that_tell_of_neither_side_are_known_by_their_whole_header(header: str, sort: str):
    assert beside(header) == sort


def test_digests_of_certificates_are_known_by_any_word_of_the_header():
    assert of_certificate("tls.certificates.leaf_fp_sha_256")
    assert not of_certificate("sha256")
    assert not of_certificate("certified sha256")


@pytest.mark.parametrize(("header", "told"), [("website", True), ("claim_url", False), ("wallet", False)])
def test_a_leak_sites_own_address_is_not_the_victims(header: str, told: bool):
    assert posted(header) is told


@pytest.mark.parametrize(
    ("text", "bare", "comments"),
    [
        pytest.param("a,b\n1,2", "a,b\n1,2", 0, id="no comment"),
        pytest.param("#a,b\n1,2", "a,b\n1,2", 0, id="a header behind a sign"),
        pytest.param("# by us\na,b\n1,2", "\na,b\n1,2", 1, id="a comment over a header"),
        pytest.param("# x\n#a,b\n1,2\n# end", "\na,b\n1,2\n", 2, id="above and below"),
        pytest.param("a,b\n# c\n1,2", "a,b\n# c\n1,2", 0, id="only between rows"),
        pytest.param("# only\n# comments", "# only\n# comments", 0, id="nothing else"),
        pytest.param("", "", 0, id="empty"),
    ],
)
def test_comments_are_taken_out_and_lines_keep_their_numbers(text: str, bare: str, comments: int):
    assert uncommented(text) == (bare, comments)
    assert bare.count("\n") == text.count("\n")
