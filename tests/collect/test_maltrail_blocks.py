"""Trail files as the project writes them: notice, aliases, references, and one trail a line."""

from __future__ import annotations

import pytest
from structured_reading import Reading, read, text

from chokepoint.collect.maltrail import Maltrail

NOTICE = "# Copyright (c) 2014-2024 Maltrail developers (https://github.com/stamparm/maltrail/)\n# See the file 'LICENSE' for copying permission\n"
LOCK = "malware:foxlock"


def told(body: str, path: str = "trails/foxlock.txt") -> Reading:
    return read(Maltrail(), text(NOTICE + body, path=path))


def test_a_trail_file_says_exactly_what_was_written_down_by_hand():
    reading = told(
        "\n# Aliases: foxlock, foxcrypt; FX\n\n# Reference: https://lab.example.org/1\n# Reference: https://lab.example.org/1\n\n"
        "fox-trail.com\n91.243.44.60\n91.243.44.60:8080\nhttp://91.243.44.61\nfox.com/a/b\n/gate.php\n(fox|wolf)\\.com\n"
        "[2001:db8::1]:443\n\n# Generic\n\n91.243.44.0/24 # net\nfoxabcdefghijklm.onion\nbad line here\n"
    )
    assert reading.said == {
        (LOCK, "alias", "foxcrypt"),
        (LOCK, "alias", "FX"),
        (LOCK, "reference", "https://lab.example.org/1"),
        ("domain-name:fox-trail.com", "indicates", LOCK),
        ("ipv4-addr:91.243.44.60", "indicates", LOCK),
        ("ipv4-addr:91.243.44.61", "indicates", LOCK),
        ("url:http://fox.com/a/b", "indicates", LOCK),
        ("url:http://fox.com/a/b", "hosted-at", "domain-name:fox.com"),
        ("ipv6-addr:2001:db8::1", "indicates", LOCK),
        ("ipv4-addr:91.243.44.0/24", "indicates", LOCK),
        ("onion-service:foxabcdefghijklm.onion", "indicates", LOCK),
    }
    assert [(one.place, one.reason.partition(" is ")[0]) for one in reading.rejected] == [
        ("line 15", r"'(fox|wolf)\\.com'"),
        ("line 22", "'bad line here'"),
    ]
    assert dict(reading.skipped) == {
        "comment": 3,
        "reference or alias given before": 2,
        "blank line": 6,
        "request path without a host": 1,
    }


def test_every_line_is_a_claim_a_rejection_or_counted():
    body = "# Aliases: a-b-c\nfox.com\n\n/gate\n# Reference: https://x.com/1\nno trail\n# why\n91.243.44.60\n"
    reading = told(body)
    lines = (NOTICE + body).split("\n")
    claimed = {claim.place for claim in reading.claims}
    assert len(claimed) + len(reading.rejected) + sum(reading.skipped.values()) == len(lines)


@pytest.mark.parametrize(
    ("path", "link", "about"),
    [
        pytest.param("foxlock.txt", "indicates", "malware:foxlock", id="malware"),
        pytest.param("android_fox.txt", "indicates", "malware:fox", id="platform"),
        pytest.param("fox-2.txt", "indicates", "malware:fox", id="second-part"),
        pytest.param("apt_28.txt", "indicates", "group:apt28", id="numbered-group"),
        pytest.param("apt_winterfox.txt", "indicates", "group:winterfox", id="group"),
        pytest.param("hacked_3cx.txt", "indicates", "campaign:hacked 3cx", id="hacked-product"),
        pytest.param("sinkhole_microsoft.txt", "listed-on", "known-list:sinkhole microsoft", id="sinkhole"),
    ],
)
def test_the_name_of_the_file_says_what_its_trails_point_at(path, link, about):
    reading = told("fox.com\n", path=f"trails/{path}")
    assert ("domain-name:fox.com", link, about) in reading.said


def test_a_trail_of_a_sinkhole_never_indicates_anything():
    assert {prop for _, prop, _ in told("fox.com\n91.243.44.60\n", path="sinkhole_x.txt").said} == {
        "listed-on"
    }


@pytest.mark.parametrize(
    ("line", "entity"),
    [
        pytest.param("fox.com", "domain-name:fox.com", id="domain"),
        pytest.param("FOX.com", "domain-name:fox.com", id="capitals"),
        pytest.param("fox.com:8080", "domain-name:fox.com", id="port"),
        pytest.param("http://fox.com", "domain-name:fox.com", id="host-alone"),
        pytest.param("http://fox.com/a.php", "url:http://fox.com/a.php", id="page"),
        pytest.param("fox.com # why", "domain-name:fox.com", id="remark"),
        pytest.param("\tfox.com\t", "domain-name:fox.com", id="tabs"),
        pytest.param("91.243.44.60:8080", "ipv4-addr:91.243.44.60", id="address-and-port"),
    ],
)
def test_a_trail_is_the_host_or_page_that_it_names(line, entity):
    assert {who for who, prop, _ in told(f"{line}\n").said if prop == "indicates"} == {entity}


@pytest.mark.parametrize(
    "line", ["fo*.com", "[0-9]+\\.fox\\.com", "two words", "999.1.1.1", "-", "fox..com", "\x00", "\u202efox"]
)
def test_what_is_no_trail_is_rejected_with_its_line_and_a_mend(line):
    reading = told(f"good.com\n{line}\nbetter.com\n")
    assert {one.place for one in reading.rejected} == {"line 4"}
    assert "Mend: " in reading.rejected[0].reason
    assert {who for who, prop, _ in reading.said if prop == "indicates"} == {
        "domain-name:good.com",
        "domain-name:better.com",
    }


GOOD, BAD, BLOCK = "fox.com\n", "no trail at all\n", "# Reference: https://x.com/1\n"


@pytest.mark.parametrize(
    ("content", "recognised"),
    [
        pytest.param(NOTICE + GOOD, True, id="notice"),
        pytest.param(NOTICE + GOOD + BAD, True, id="notice-and-half"),
        pytest.param(NOTICE + GOOD + BAD * 2, False, id="notice-and-less"),
        pytest.param(NOTICE, True, id="notice-alone"),
        pytest.param(BLOCK + GOOD * 4 + BAD, True, id="block-and-four-fifths"),
        pytest.param(BLOCK + GOOD * 3 + BAD, False, id="block-and-less"),
        pytest.param(BLOCK, False, id="block-alone"),
        pytest.param(GOOD * 9, False, id="neither"),
        pytest.param("", False, id="empty"),
    ],
)
def test_a_trail_file_is_known_by_its_notice_or_its_block_of_references(content, recognised):
    assert Maltrail().recognises(text(content)) is recognised


def test_aliases_are_parted_by_commas_or_semicolons_and_said_once():
    assert told("# Aliases: one, two;three ,one\n# Alias: two\nfox.com\n").objects("alias") == {
        "one",
        "two",
        "three",
    }


def test_the_order_of_trails_does_not_matter():
    trails = ["fox.com", "91.243.44.60", "fox.com/a", "/x"]
    assert told("\n".join(trails)).said == told("\n".join(trails[::-1])).said
