"""Proofs checked in a real browser: published vectors, a record of the atlas, and what a lying server would show."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import pytest
from web_browser import shoot

from chokepoint.desk.vetting.queue import queue
from chokepoint.desk.vetting.review import vote
from chokepoint.model.judgement import Vote
from chokepoint.model.marking import Viewer

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page
    from web_browser import Running

IMPORT = "const {included, consistent, base64, checkProof, readKey} = await import('/static/js/proof.js');"
JUDGE = (
    IMPORT
    + """
  const raw = (text) => text ? base64(text) : new Uint8Array();
  const verdicts = [];
  for (const one of cases) {
    try {
      const path = (one.proof ?? []).map(raw);
      if (kind === "inclusion") await included(raw(one.leafHash), one.leafIdx, one.treeSize, path, raw(one.root));
      else await consistent(one.size1, one.size2, path, raw(one.root1), raw(one.root2));
      verdicts.push(true);
    } catch { verdicts.push(false); }
  }
  return verdicts;"""
)


def published(vectors: Path, kind: str) -> list[dict]:
    folder = vectors / "tlog" / "transparency-dev-merkle" / "testdata" / kind
    return [json.loads(file.read_text("utf-8")) for file in sorted(folder.rglob("*.json"))]


def is_short(case: dict) -> bool:
    """Cases whose roots are shorter than a hash, which ours refuse whatever else they say."""
    return any(len(base64.b64decode(case[name] or "")) != 32 for name in case if name.startswith("root"))


@pytest.mark.parametrize("kind", ["inclusion", "consistency"])
def test_every_published_proof_is_judged_as_it_should_be(page: Page, vectors: Path, kind: str):
    cases = published(vectors, kind)
    judged = page.evaluate(f"async ([kind, cases]) => {{ {JUDGE} }}", [kind, cases])
    wrong = [
        case.get("desc", number)
        for number, (case, held) in enumerate(zip(cases, judged, strict=True))
        if held == case["wantErr"] and not (is_short(case) and not held)
        if not (kind == "consistency" and case["size1"] == 0)  # nothing is proved from an empty log
    ]
    assert wrong == []
    assert any(judged)


@pytest.fixture
def claim(running: Running) -> str:
    """A claim that the bank may prove, since it has voted on it."""
    atlas = running.office.opened_by(Viewer(organisation="police"))
    with atlas.reader.connect() as connection:
        return next(
            one.id for one in atlas.reader.claims(connection, range(1, 60)) if one.contributor == "bank"
        )


def test_a_record_is_proved_step_by_step_and_its_bytes_are_shown(page: Page, claim: str):
    page.goto("/ledger")
    page.fill("#record", claim[:12])
    page.click("text=Prove it")
    page.wait_for_selector("#steps .holds[data-step=signature]")
    assert page.locator("#steps .holds").count() == 3
    assert claim in page.inner_text("#outcome")
    assert '"organisation": "bank"' in page.inner_text("#record-body")
    shoot(page, "ledger")


def drop_hash(text: str) -> str:
    lines = text.split("\n")
    gap = lines.index("")
    return "\n".join([*lines[: gap - 1], *lines[gap:]])


def other_bytes(text: str) -> str:
    lines = text.split("\n")
    at = next(n for n, line in enumerate(lines) if line.startswith("extra "))
    extra = json.loads(base64.b64decode(lines[at][6:]))
    extra["body"] = extra["body"].replace("bank", "bonk")
    lines[at] = "extra " + base64.b64encode(json.dumps(extra).encode()).decode()
    return "\n".join(lines)


def other_root(text: str) -> str:
    above, note = text.split("\n\n", 1)
    lines = note.split("\n")
    lines[2] = base64.b64encode(bytes(32)).decode()
    return above + "\n\n" + "\n".join(lines)


def other_signature(text: str) -> str:
    head, _, last = text.rstrip("\n").rpartition(" ")
    signed = bytearray(base64.b64decode(last))
    signed[-1] ^= 1
    return f"{head} {base64.b64encode(signed).decode()}\n"


@pytest.mark.parametrize(
    ("lie", "step"),
    [
        pytest.param(lambda text: text.replace("index 1", "index 2", 1), "path", id="another place"),
        pytest.param(drop_hash, "path", id="a hash left out"),
        pytest.param(other_bytes, "bytes", id="other bytes"),
        pytest.param(other_root, "path", id="another tree head"),
        pytest.param(other_signature, "signature", id="another signature"),
    ],
)
def test_a_server_that_lies_is_found_out(page: Page, claim: str, lie, step: str):
    def tamper(route) -> None:
        answer = route.fetch()
        text = answer.text()
        route.fulfill(status=200, body=lie(text) if lie(text) != text else drop_hash(text))

    page.route("**/ledger/proof*", tamper)
    page.goto(f"/ledger?record={claim}")
    page.wait_for_selector("#steps .fails")
    assert page.get_attribute("#steps .fails", "data-step") == step
    assert "does not hold" in page.inner_text("#outcome")


def test_a_browser_holds_the_log_to_what_it_saw_before(page: Page, running: Running):
    page.goto("/ledger")
    page.wait_for_selector("#growth:not([hidden])")
    assert "no checkpoint before" in page.inner_text("#growth")
    atlas = running.office.opened_by(Viewer(organisation="police"))
    waiting = queue(atlas)
    vote(atlas, [waiting[0].id], Vote.UNSURE, "not seen")
    page.goto("/ledger")
    page.wait_for_selector("#growth:not([hidden])")
    assert "only appended to" in page.inner_text("#growth")
    page.evaluate(
        "localStorage.setItem('chokepoint-ledger', JSON.stringify({...JSON.parse(localStorage.getItem('chokepoint-ledger')), root: '00'.repeat(32)}))"
    )
    page.goto("/ledger")
    page.wait_for_selector("#growth.fails")
    assert "not a continuation" in page.inner_text("#growth")


def test_another_key_than_before_is_told_of(page: Page):
    page.goto("/ledger")
    page.wait_for_selector("#growth:not([hidden])")
    page.evaluate(
        "localStorage.setItem('chokepoint-ledger', JSON.stringify({key: 'x', size: 1, root: '00'.repeat(32)}))"
    )
    page.goto("/ledger")
    page.wait_for_selector("#growth.fails")
    assert "another key" in page.inner_text("#growth")
