"""What `check` shows of a line is what `collect` would take of it: same kinds, same roles, same refusals."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from desk_world import World, entity

from chokepoint.collect.base import Document, Rejected, Skipped
from chokepoint.collect.registry import collectors, recognise
from chokepoint.desk.looking.check import check
from chokepoint.desk.looking.taken import Found, Taken, taken
from chokepoint.model.claim import Claim
from chokepoint.model.errors import BadInputError, TooLargeError
from chokepoint.model.identity import Entity
from chokepoint.values.registry import derived

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chokepoint.collect.base import Item

sys.path.append(str(Path(__file__).parents[2] / "collect"))
from sanctions_making import UK_LIST, advanced

STIX = json.dumps(
    {
        "type": "bundle",
        "id": "bundle--5d0092c5-5f74-4287-9642-33f4c354e56d",
        "objects": [
            {
                "type": "malware",
                "spec_version": "2.1",
                "id": "malware--0c7b5b88-8ff7-4a4d-aa9d-feb398cd0061",
                "created": "2020-01-01T00:00:00.000Z",
                "modified": "2020-01-01T00:00:00.000Z",
                "name": "PoisonIvy",
                "is_family": True,
            },
            {
                "type": "domain-name",
                "spec_version": "2.1",
                "id": "domain-name--3c10e93f-798e-5a26-a0c1-08156efab7f5",
                "value": "c2.evil.com",
            },
            {
                "type": "relationship",
                "spec_version": "2.1",
                "id": "relationship--57b56a43-b8b0-4cba-9deb-34e3e1faed9e",
                "created": "2020-01-01T00:00:00.000Z",
                "modified": "2020-01-01T00:00:00.000Z",
                "relationship_type": "communicates-with",
                "source_ref": "malware--0c7b5b88-8ff7-4a4d-aa9d-feb398cd0061",
                "target_ref": "domain-name--3c10e93f-798e-5a26-a0c1-08156efab7f5",
            },
        ],
    }
)
MISP = json.dumps(
    {
        "Event": {
            "uuid": "57c4445b-c548-4654-af0b-4be3950d210f",
            "info": "Ransomware - Xorist",
            "date": "2016-08-29",
            "Attribute": [
                {"type": "ip-dst", "value": "8.8.8.8", "category": "Network activity", "to_ids": False},
                {"type": "domain", "value": "xorist-pay.com", "category": "Network activity", "to_ids": True},
                {"type": "domain", "value": "no host", "category": "Network activity", "to_ids": True},
            ],
        }
    }
)
CHAT = (
    "[15/01/2020, 02:22:56] Mary: hello\n[15/01/2020, 02:23:10] +44 20 7946 0018: look at evil.com\n"
    "[15/01/2020, 02:24:10] Mary: no\n[15/01/2020, 02:25:10] Mary: it is a scam\n"
)
MAIL = (
    "From: Thief <thief@evil-mail.com>\nTo: Ann <ann@victim-firm.com>\nSubject: pay\nDate: Mon, 22 Aug 2016 10:00:00"
    " +0000\nMessage-ID: <1@evil-mail.com>\nMIME-Version: 1.0\nContent-Type: text/plain\n\n"
    "Send it to 1BoatSLRHtKNngkdXEeobR76b53LETtpyT\n"
)
FORMATS = {
    "advanced.xml": advanced(),
    "uk.xml": UK_LIST,
    "bundle.json": STIX,
    "event.json": MISP,
    "chat.txt": CHAT,
    "mail.eml": MAIL,
    "sites.csv": "site,wallet\nevil.com,1BoatSLRHtKNngkdXEeobR76b53LETtpyT\n",
    "list.txt": "evil.com\nbad.org # since May\n1.2.3.4\n",
    "told.txt": "They used evil.com, and not https://www.virustotal.com/x, and wrote from 1.2.3.4.\n",
}


def read(name: str, text: str) -> tuple[list[Taken], list[Rejected], Counter[str]]:
    problems: list[Rejected] = []
    skipped: Counter[str] = Counter()
    lines = [
        one for one in taken(Document(path=name, data=text.encode()), {}, problems, skipped) if one.found
    ]
    return lines, problems, skipped


def collected(name: str, text: str) -> list[Claim | Rejected | Skipped]:
    document, chosen = Document(path=name, data=text.encode()), collectors()
    return [*recognise(document, chosen).read(document), *(i for one in chosen for _, i in one.finish())]


@pytest.mark.parametrize("name", FORMATS)
def test_each_thing_that_collect_says_something_of_is_shown(name: str):
    shown = {thing for line in read(name, FORMATS[name])[0] for thing in line.found}
    said = {item.subject for item in collected(name, FORMATS[name]) if isinstance(item, Claim)}
    follows = {other for one in said for _, other in derived(one)}
    assert said - shown <= follows | {one for one in said if one.kind == "campaign"}


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_is_shown_that_collect_would_not_take(name: str):
    shown = {thing for line in read(name, FORMATS[name])[0] for thing in line.found}
    claims = [item for item in collected(name, FORMATS[name]) if isinstance(item, Claim)]
    ends = {end for one in claims for end in (one.subject, one.object) if isinstance(end, Entity)}
    assert shown <= ends


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "told.txt"])
def test_each_refusal_of_collect_is_told_with_its_place(name: str):
    refused = [item for item in collected(name, FORMATS[name]) if isinstance(item, Rejected)]
    assert read(name, FORMATS[name])[1] == refused


@pytest.mark.parametrize("name", ["advanced.xml", "chat.txt", "mail.eml", "list.txt"])
def test_what_is_left_out_on_purpose_is_counted_as_collect_counts_it(name: str):
    left: Counter[str] = Counter()
    for item in collected(name, FORMATS[name]):
        if isinstance(item, Skipped):
            left[item.rule] += item.count
    assert read(name, FORMATS[name])[2] == left


def test_a_recipient_is_no_finding_and_the_thief_is():
    shown = {thing.value for line in read("mail.eml", MAIL)[0] for thing in line.found}
    assert "thief@evil-mail.com" in shown
    assert "ann@victim-firm.com" not in shown


def test_a_context_of_a_text_is_called_so_with_the_reason():
    [line] = read("told.txt", FORMATS["told.txt"])[0]
    roles = {one.entity.value: (one.role, one.reason) for one in line.found.values()}
    assert roles["evil.com"][0] == "indicator"
    assert roles["https://www.virustotal.com/x"] == ("context", "a site that reports refer to")


def test_what_a_record_in_xml_says_is_shown_without_its_tags():
    lines = {line.place: line.text for line in read("uk.xml", UK_LIST)[0]}
    assert lines["lines 31-35"].startswith("DPR0075 Petrel 8 Primary name Ship IMO9562233")
    assert "<" not in "".join(lines.values())


def test_what_a_json_pointer_points_at_is_shown():
    lines = {line.place: line.text for line in read("event.json", MISP)[0]}
    assert lines["/Event/Attribute/1/value"] == "xorist-pay.com"


def test_an_actor_is_named_and_an_address_is_an_indicator():
    roles = {
        one.entity.kind: one.role for line in read("bundle.json", STIX)[0] for one in line.found.values()
    }
    assert roles == {"malware": "named", "domain-name": "indicator"}


def test_a_name_that_is_only_in_the_name_of_the_file_is_not_on_its_lines():
    lines, _, _ = read("emotet.txt", "evil.com\nbad.org\n")
    assert {thing.kind for line in lines for thing in line.found} == {"domain-name"}


def test_a_name_in_the_row_is_on_its_line():
    lines, _, _ = read("x.csv", "domain,malware\nevil.com,Emotet\nbad.org,\n")
    assert [[thing.value for thing in line.found] for line in lines] == [["evil.com", "emotet"], ["bad.org"]]


def test_an_indicator_beats_a_context_of_the_same_line():
    line = Taken(place="line 1")
    evil = entity("domain-name:evil.com")
    for role in ("context", "indicator", "context"):
        line.add(Found(entity=evil, role=role))
    assert line.found[evil].role == "indicator"


def test_of_a_cut_file_the_entries_before_are_shown_and_the_cut_is_told():
    cut = UK_LIST[: UK_LIST.index("DPR0075")]
    lines, problems, _ = read("uk.xml", cut)
    assert [line.place for line in lines] == ["lines 3-19", "lines 20-30"]
    assert problems[-1].reason.endswith("Mend: fetch it again")


def test_a_file_of_which_nothing_can_be_read_is_refused_by_name():
    with pytest.raises(BadInputError) as caught:
        read("uk.xml", UK_LIST[:120].replace("</DateGenerated>", ""))
    assert caught.value.place.startswith("uk.xml")


def test_a_sanctioned_person_is_shown_though_nobody_knows_it_yet(world: World):
    lines = check(world.open("bank"), Document(path="sdn_advanced.xml", data=advanced().encode()))
    found = [one.to_json()["found"] for one in lines]
    assert [(one["value"], one["status"], one["role"]) for one in found[0]] == [
        ("nicolas maduro moros", "new", "named")
    ]
    assert found[0][0]["reason"] == "is sanctioned by: us treasury ofac"


def test_of_a_list_that_is_too_long_no_more_is_read_than_is_looked_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else whoever sends thirty megabytes to be refused keeps a processor for half a minute."""
    names, read = "".join(f"evil{at}.com\n" for at in range(100)), list[object]()
    collector = recognise(Document(path="list.txt", data=names.encode()), collectors())

    class Counting:
        name, finish = collector.name, collector.finish

        def read(self, given: Document) -> Iterator[Item]:
            for item in collector.read(given):
                read.append(item)
                yield item

    monkeypatch.setattr("chokepoint.desk.looking.taken.recognise", lambda *_: Counting())
    with pytest.raises(TooLargeError, match="more than 10 things"):
        list(taken(Document(path="list.txt", data=names.encode()), {}, [], Counter(), most=10))
    assert len(read) <= 30
    assert len(list(taken(Document(path="list.txt", data=names.encode()), {}, [], Counter(), most=100))) > 100


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("แก๊งน้ำมัน", id="Thai, whose sara am is two signs in a normal form"),
        pytest.param("ＬＯＣＫＥＲ ＧＡＮＧ", id="full width"),
        pytest.param("Großer Bär", id="German"),
        pytest.param("عصابة الذئب", id="Arabic"),
    ],
)
def test_a_name_that_stands_in_a_row_is_shown_in_whatever_script(name: str) -> None:
    text = f"group,url\n{name},http://evil.com/a\n{name},http://evil.com/b\n"
    given = Document(path="list.csv", data=text.encode())
    lines = [line for line in taken(given, {}, [], Counter()) if "evil" in line.text]
    assert [sorted(one.kind for one in line.found) for line in lines] == [["group", "url"]] * 2
