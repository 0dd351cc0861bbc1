from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from line_reading import claims, document, excerpt, rejected, skipped, triples, unaccounted

from chokepoint.collect.maltrail import NO_HOST, ORIGIN, Maltrail, subject

NOTICE = "# Copyright (c) 2014-2026 Maltrail developers (https://github.com/stamparm/maltrail/)\n"


def read(text, path="malware/emotet.txt"):
    return list(Maltrail().read(document(NOTICE + text, path)))


def test_a_real_file_gives_trails_aliases_and_references_of_the_group():
    items = list(Maltrail().read(excerpt("apt_lazarus.txt", "malware/apt_lazarus.txt")))
    found = triples(items)
    assert ("domain-name:celasllc.com", "indicates", "group:lazarus") in found
    assert ("ipv4-addr:185.142.236.226", "indicates", "group:lazarus") in found
    assert ("group:lazarus", "alias", "hidden cobra") in found
    assert ("group:lazarus", "reference", "https://securelist.com/operation-applejeus/87553/") in found
    assert {claim.provenance.origin for claim in claims(items) if claim.property == "indicates"} == {ORIGIN}


@pytest.mark.parametrize(
    ("line", "entity"),
    [
        ("evil-one.com", "domain-name:evil-one.com"),
        ("192.0.2.1", "ipv4-addr:192.0.2.1"),
        ("192.0.2.1:8443", "ipv4-addr:192.0.2.1"),
        ("http://192.0.2.1", "ipv4-addr:192.0.2.1"),
        ("http://192.0.2.1:81/", "ipv4-addr:192.0.2.1"),
        ("http://192.0.2.1/a.exe", "url:http://192.0.2.1/a.exe"),
        ("evil-one.com/gate.php", "url:http://evil-one.com/gate.php"),
        ("evil-one.com   # Note: found on a machine", "domain-name:evil-one.com"),
        ("  EVIL-one.com ", "domain-name:evil-one.com"),
    ],
)
def test_each_kind_of_trail_indicates_what_the_file_is_named_after(line, entity):
    assert (entity, "indicates", "malware:emotet") in triples(read(line + "\n"))


def test_a_path_without_a_host_is_skipped_by_rule():
    items = read("/gate.php\n/x\n")
    assert not claims(items)
    assert skipped(items)[NO_HOST] == 2


def test_patterns_and_rubbish_are_rejected_with_their_lines():
    items = read("^[a-z]{3}\\.com$\nnot,a,trail\nevil-one.com\n")
    assert [part.place for part in rejected(items)] == ["line 2", "line 3"]
    assert "pattern" in rejected(items)[0].reason


@pytest.mark.parametrize(
    ("name", "entity", "link"),
    [
        ("emotet.txt", "malware:emotet", "indicates"),
        ("android_wpeeper.txt", "malware:wpeeper", "indicates"),
        ("elf_mirai.txt", "malware:mirai", "indicates"),
        ("apt_28.txt", "group:apt28", "indicates"),
        ("apt_gamaredon-1.txt", "group:gamaredon", "indicates"),
        ("cobaltstrike-2.txt", "malware:cobaltstrike", "indicates"),
        ("hacked_3cx.txt", "campaign:hacked 3cx", "indicates"),
        ("sinkhole_microsoft.txt", "known-list:sinkhole microsoft", "listed-on"),
    ],
)
def test_the_file_name_tells_the_subject(name, entity, link):
    found, by = subject(document("", f"malware/{name}"))
    assert (str(found), by) == (entity, link)


def test_a_sinkhole_is_known_good_and_indicates_nothing():
    items = read("sinkhole.example.ch\n", "malware/sinkhole_abuse.txt")
    assert not any(claim.property == "indicates" for claim in claims(items))


def test_a_reference_is_said_once_and_never_per_line():
    items = read("# Reference: https://a.com/x\n\nb.com\nc.com\n\n# Reference: https://a.com/x\n\nd.com\n")
    assert sum(claim.property == "reference" for claim in claims(items)) == 1
    assert skipped(items)["reference or alias given before"] == 1


def test_recognition_needs_the_notice_or_a_reference_block_and_trails():
    renamed = document("# Reference: https://a.com/x\n\nevil.com\n192.0.2.1:80\n", "renamed.dat")
    assert Maltrail().recognises(renamed)
    assert Maltrail().recognises(document(NOTICE + "\nevil.com\n", "x"))
    assert not Maltrail().recognises(document("evil.com\nbad.org\n", "maltrail/malware/x.txt"))
    assert not Maltrail().recognises(
        document("# Reference: a\nThis is a long report of many words.\n" * 5, "x")
    )


@given(
    st.lists(
        st.sampled_from(
            ["a-b.com", "/x", "# note", "# Reference: https://q.com/1", "", "192.0.2.9", "???", "x.com/y"]
        ),
        max_size=15,
    )
)
def test_every_line_ends_in_a_claim_a_rejection_or_a_skip(lines):
    text = "\n".join(lines)
    assert unaccounted(NOTICE + text, read(text)) == 0
