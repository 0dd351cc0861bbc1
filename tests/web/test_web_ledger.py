"""The ledger's page and what it hands to a reader's browser: checkpoint, proof of a record, proof of growth."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import pytest
from web_desk import shown

from chokepoint.desk.keeping.checkpoint import check_proof
from chokepoint.desk.vetting.queue import queue
from chokepoint.desk.vetting.review import vote
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import Viewer
from chokepoint.proof.checkpoint import open_checkpoint, read_request
from chokepoint.proof.note import read_note, read_vkey

if TYPE_CHECKING:
    from web_desk import Person, Web


@pytest.fixture
def vendor(fresh: Web) -> Person:
    return fresh.signed_in("vendor")


def key_of(page: str) -> str:
    found = re.search(r'id="key"[^>]* value="([^"]+)"', page)
    assert found
    return html.unescape(found[1])


def voted(web: Web, who: str = "vendor") -> str:
    """The id of a claim on which a member has voted."""
    atlas = web.office.opened_by(Viewer(organisation=who))
    claim = queue(atlas)[0].id
    vote(atlas, [claim], Vote.CONFIRM, "seen")
    return claim


def test_the_page_shows_a_checkpoint_that_holds_under_the_key_that_it_shows(vendor: Person):
    page = vendor.get("/ledger").text
    note = html.unescape(page[page.index("<pre tabindex") :].partition(">")[2].partition("</pre>")[0])
    checkpoint, _ = open_checkpoint(read_note(note.encode()), read_vkey(key_of(page)))
    assert checkpoint.root.hex() in shown(page)
    assert str(checkpoint.size) in shown(page)


def test_a_record_of_ones_own_is_proved_under_that_key(fresh: Web, vendor: Person):
    claim = voted(fresh)
    answer = vendor.get(f"/ledger/proof?record={claim}")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    shown_ = check_proof(answer.content, [key_of(vendor.get("/ledger").text)])
    assert (shown_.record, shown_.kind, shown_.organisation) == (claim, "claim/1", "bank")


def test_the_beginning_of_a_claims_id_is_enough(fresh: Web, vendor: Person):
    claim = voted(fresh)
    assert (
        check_proof(
            vendor.get(f"/ledger/proof?record={claim[:10]}").content, [key_of(vendor.get("/ledger").text)]
        ).record
        == claim
    )


def test_whoever_is_still_to_vote_gets_no_bytes_that_name_the_contributor(fresh: Web, vendor: Person):
    claim = queue(fresh.office.opened_by(Viewer(organisation="vendor")))[0].id
    answer = vendor.get(f"/ledger/proof?record={claim}")
    assert answer.status_code == 403
    assert "bank" not in shown(answer.text)


@pytest.mark.parametrize("record", ["0" * 64, "abcdef", "zz", "x" * 64, "../etc"])
def test_what_is_no_record_is_not_found(vendor: Person, record: str):
    assert vendor.get(f"/ledger/proof?record={record}").status_code == 404


def test_a_hidden_record_and_none_read_the_same(fresh: Web, vendor: Person):
    police = fresh.office.opened_by(Viewer(organisation="police"))
    with police.reader.connect() as connection:
        hidden = next(
            one.id
            for one in police.reader.claims(connection, range(1, 60))
            if one.claim.provenance.marking.tlp.label == "TLP:RED"
        )
    real, absent = (vendor.get(f"/ledger/proof?record={one}") for one in (hidden, "0" * 64))
    strip = re.compile(r'value="[^"]+"')
    assert real.status_code == absent.status_code == 404
    assert strip.sub("", real.text).replace(hidden, "X") == strip.sub("", absent.text).replace("0" * 64, "X")


def test_growth_is_proved_from_what_was_seen_before(fresh: Web, vendor: Person):
    page = vendor.get("/ledger").text
    seen, _ = open_checkpoint(
        read_note(read_request(vendor.get("/ledger/growth?since=0").content).note.encode()),
        read_vkey(key_of(page)),
    )
    voted(fresh)
    vendor.get("/ledger")
    grown = read_request(vendor.get(f"/ledger/growth?since={seen.size}").content)
    now, _ = open_checkpoint(grown.note, read_vkey(key_of(page)))
    assert now.size > seen.size
    grown.check(seen, now)


@pytest.mark.parametrize("since", ["-1", "x", "", "9" * 30, "99999999", "1.5"])
def test_what_the_log_never_had_is_not_found(vendor: Person, since: str):
    assert vendor.get(f"/ledger/growth?since={since}").status_code == 404


@pytest.mark.parametrize("path", ["/ledger", "/ledger/proof?record=abcdef", "/ledger/growth?since=0"])
def test_nobody_reads_it_without_signing_in(fresh: Web, path: str):
    assert fresh.visitor().get(path).headers["location"].startswith("/sign-in")
