"""Cases, packages, operations and impact in the browser: forms change what they say, and nothing hidden shows."""

from __future__ import annotations

import io
import re
import zipfile
from html import unescape
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser
from web_desk import shown as spaced
from web_world import EVIL, confirm_all, say

from chokepoint.desk.gather import GatherOptions, gather
from chokepoint.model.identity import Entity
from chokepoint.model.marking import CLEAR, Viewer
from chokepoint.web.show import values

REAL = Path(__file__).parents[1] / "data" / "collect" / "operations.csv"
PAUSES = re.compile(r" ([;:,])")
HOSTILE = "Fox\u202e <b>x</b> https://evil.com/a"


def shown(html: str) -> str:
    """The text of a page, without the gaps that elements leave before a comma."""
    return PAUSES.sub(r"\1", spaced(html))


@pytest.fixture(scope="module")
def bank(web):
    gather(web.office.opened_by(Viewer(organisation="vendor")), [REAL], GatherOptions())
    return web.signed_in("bank")


@pytest.fixture(scope="module")
def police(web, bank):
    return web.signed_in("police")


def opened(person, kind: str, **fields: str) -> str:
    """Fill in the form of a list; the address of what was made."""
    person.get(f"/{kind}")
    answer = person.post(f"/{kind}", **fields)
    assert answer.status_code == 303, shown(answer.text)
    return answer.headers["location"]


def case_of(person, **fields: str) -> str:
    told = {"title": "Lanterns", "purpose": "victim reports", "review": "2099-01-31", "tlp": "GREEN"}
    return opened(person, "case", **{**told, **fields})


def operation_of(person, **fields: str) -> str:
    return opened(
        person, "operation", **{"name": "Lantern", "partners": "KE, GH:Police", "tlp": "GREEN", **fields}
    )


def changed(person, address: str, form: str, **fields: str) -> str:
    """What a page says after one of its forms was sent."""
    person.get(address)
    answer = person.post(f"{address}/{form}", **fields)
    assert answer.status_code == 303, shown(answer.text)
    return shown(person.get(address).text)


def test_a_case_shows_purpose_owner_review_date_members_and_marking(bank):
    text = shown(bank.get(case_of(bank, owner="ann")).text)
    assert (
        "Purpose victim reports Owner ann, bank Review date 31 Jan 2099 Members bank Marking TLP:GREEN"
        in text
    )
    assert "Lanterns" in shown(bank.get("/case").text)


def test_an_organisation_that_answers_for_its_own_case_is_named_once(bank):
    assert "Owner bank Review date" in shown(bank.get(case_of(bank, owner="")).text)


def test_tasks_are_added_and_done_one_by_one(bank):
    case = case_of(bank)
    assert "ask the registrar Done" in changed(bank, case, "change", task="ask the registrar")
    text = changed(bank, case, "change", done="1")
    assert "ask the registrar done" in text


def test_members_come_and_go_and_a_closed_case_takes_no_more_changes(bank):
    case = case_of(bank)
    assert "Members bank, police" in changed(bank, case, "change", add="police")
    assert "Members bank Marking" in changed(bank, case, "change", remove="police")
    text = changed(bank, case, "change", reason="it is over")
    assert "Closed it is over" in text
    assert "Change the case" not in text


def test_a_case_for_named_people_is_not_there_for_others(bank, police):
    case = case_of(bank, title="Silent", members="bank")
    hidden, absent = police.get(case), police.get("/case/case-0000000000000000")
    assert hidden.status_code == absent.status_code == 404
    assert shown(hidden.text) == shown(absent.text)
    assert "Silent" not in shown(police.get("/case").text)


def test_another_organisations_case_is_shown_without_forms_and_refuses_changes(bank, police):
    case = case_of(bank)
    assert "A thing to do" not in shown(police.get(case).text)
    police.get("/case")
    assert police.post(f"{case}/change", task="x").status_code == 403


def test_the_weekly_meeting_says_what_is_new_about_what_an_operation_acts_on(bank):
    case = case_of(bank, title="Meeting")
    assert "there is nothing to speak about yet" in shown(bank.get(case).text)
    operation = operation_of(bank, name="Meeting", basis=case.rpartition("/")[2])
    changed(bank, operation, "act", target="evil.com", mode="takedown", on="2026-01-05", by="a registrar")
    text = shown(bank.get(case).text)
    assert "Domain evil[.]com is attributed to Group copper lantern" in text
    assert "your vote:" not in text, "the bank has said it itself"
    assert "bank: Meeting planned" in text
    assert "What changed in belief Nothing." in text


def rows(text: str, caption: str) -> list[str]:
    """The rows of a table of a page, as a reader sees them."""
    [table] = [
        one
        for one in LexborHTMLParser(text).css("table")
        if (head := one.css_first("caption")) and head.text() == caption
    ]
    return [" ".join(one.text(separator=" ").split()) for one in table.css("tbody tr")]


def test_the_weekly_meeting_says_once_what_several_sources_say(fresh):
    atlas, bank = fresh.office.opened_by(Viewer(organisation="bank")), fresh.signed_in("bank")
    case = case_of(bank, title="Echo")
    changed(bank, case, "change", thing="evil.com")
    for origin in ("One", "Two"):
        say(atlas, origin, CLEAR, ((EVIL, "attributed-to", Entity("group", "echo choir")),))
    told = [row for row in rows(bank.get(case).text, "New claims") if "echo choir" in row]
    assert len(told) == 1
    assert told[0].startswith("Domain evil[.]com is attributed to Group echo choir 2 claims")


def test_the_weekly_meeting_says_how_much_more_there_is(fresh):
    atlas, bank = fresh.office.opened_by(Viewer(organisation="bank")), fresh.signed_in("bank")
    case = case_of(bank, title="Long")
    new = Entity("domain-name", "much-said.example")
    say(
        atlas, "One", CLEAR, tuple((new, "attributed-to", Entity("group", f"choir {at}")) for at in range(53))
    )
    changed(bank, case, "change", thing=str(new))
    page = bank.get(case).text
    assert len(rows(page, "New claims")) == 50
    assert "and 3 more" in shown(page)


def test_a_package_and_its_proof_speak_in_words_and_not_in_names_of_kinds(fresh):
    confirm_all(fresh, "evil.com")
    bank = fresh.signed_in("bank")
    bank.get("/package")
    built = bank.post("/package/build", target=str(EVIL), recipients="police").content
    assert rows(bank.get("/package").text, "Packages sent and got, newest first")[0].startswith(
        "Domain evil[.]com "
    )
    proof = bank.upload("/package/verify", "package.zip", built).text
    claims = rows(proof, "Claim by claim")
    assert all(row.startswith("Domain evil[.]com asks for payment to Crypto address btc:") for row in claims)
    assert "domain-name:" not in shown(proof)


def test_a_title_that_only_looks_like_a_things_address_stays_as_it_is():
    same = {"translate": str.upper}
    assert values.title("domain-name:evil.com", **same).striptags() == "DOMAIN evil[.]com"
    for given in ("Warning: read this", "domain-name:", "no-kind:evil", "plain"):
        assert values.title(given, **same).striptags() == given


def test_an_operation_is_opened_and_changed_step_by_step(bank):
    operation = operation_of(bank, name="Steps")
    text = changed(bank, operation, "act", target="evil.com", mode="takedown", on="2026-01-05", by="Verisign")
    assert "5 Jan 2026 takedown Domain evil[.]com Verisign" in text
    assert "State under way" in changed(bank, operation, "change", state="under way")
    assert "Partners Ghana Police; Kenya; Nigeria" in changed(bank, operation, "change", partners="NG")
    assert "Steps under way GH KE NG 1 bank TLP:GREEN" in shown(bank.get("/operation").text)


@pytest.mark.parametrize(
    ("form", "fields", "status"),
    [
        pytest.param("act", {"target": "malware:fox", "mode": "takedown", "on": "2026-01-05", "by": "x"}, 403, id="no target"),
        pytest.param("act", {"target": "evil.com", "mode": "nuke", "on": "2026-01-05", "by": "x"}, 422, id="no mode"),
        pytest.param("act", {"target": "evil.com", "mode": "takedown", "on": "soon", "by": "x"}, 422, id="no day"),
        pytest.param("change", {"partners": "Atlantis"}, 422, id="no country"),
        pytest.param("change", {"state": "won"}, 422, id="no state"),
    ],
)  # fmt: skip
def test_what_an_operation_cannot_be_is_refused_and_changes_nothing(bank, form, fields, status):
    operation = operation_of(bank, name=f"Refusing {form} {status} {len(str(fields))}")
    before = shown(bank.get(operation).text)
    answer = bank.post(f"{operation}/{form}", **fields)
    assert answer.status_code == status
    assert "What you can do" in shown(answer.text)
    assert shown(bank.get(operation).text) == before


def test_another_organisations_operation_has_no_forms_and_refuses_changes(bank, police):
    operation = operation_of(bank, name="Theirs")
    assert "Put an action on record" not in shown(police.get(operation).text)
    police.get("/operation")
    assert police.post(f"{operation}/change", state="done").status_code == 403


def test_an_operation_names_the_case_that_it_comes_from_and_leads_there_whoever_may_follow(bank, police):
    secret = case_of(bank, title="Quiet waters", members="bank")
    operation = operation_of(bank, name="Ripe", basis=secret.rpartition("/")[2])
    ours, theirs = bank.get(operation).text, police.get(operation).text
    assert f'href="{secret}"><bdi>Quiet waters</bdi></a>' in ours
    assert "Quiet waters" not in theirs
    assert f'href="{secret}"' not in theirs
    assert police.get(secret).status_code == 404


def test_a_hidden_operation_is_not_there_for_others(bank, police):
    operation = operation_of(bank, name="Quiet", tlp="RED")
    hidden, absent = police.get(operation), police.get("/operation/operation-0000000000000000")
    assert hidden.status_code == absent.status_code == 404
    assert shown(hidden.text) == shown(absent.text)
    assert police.get("/impact/quiet").status_code == 404
    assert "Quiet" not in police.get("/operation").text + police.get("/impact").text


def test_impact_adds_arrests_once_and_says_what_it_did_not_add(bank):
    text = shown(bank.get("/impact").text)
    assert "arrests 3,760 Africa Cyber Surge II 14; Red Card 306; Red Card 2.0 651" in text
    assert "may be counted in Serengeti 2.0 already: the same days" in text
    assert "1 count of victims is held back" in text


def test_measures_are_told_in_the_readers_language_to_whoever_has_two_minutes(bank):
    text = shown(bank.get("/summary", accept_language="th").text)
    assert "การจับกุม" in text
    assert "arrests" not in text


def test_impact_shows_differing_sources_side_by_side(bank):
    text = shown(bank.get("/impact").text)
    assert "Serengeti, arrests (KE): about 24 kahawatungu[.]com; 20 securityaffairs[.]com" in text


def test_the_world_map_says_nothing_that_the_table_beside_it_does_not_say(bank):
    html = bank.get("/impact").text
    titles = [unescape(title).strip() for title in re.findall(r"<title>([^<]*: [^<]*)</title>", html)]
    assert "Nigeria: 138" in titles
    assert len(titles) > 10
    text = shown(html)
    assert [title for title in titles if title.replace(":", "") not in text] == []


@pytest.mark.parametrize("measure", ["losses (USD)", "victims", "cash seized (VND)", "nonsense", "<script>"])
def test_another_measure_can_be_chosen_and_nonsense_falls_back(bank, measure):
    answer = bank.get(f"/impact?measure={measure}")
    assert answer.status_code == 200
    assert "<script>" not in answer.text.replace("<script src", "")


def test_victims_that_would_tell_of_nine_people_are_on_no_page(bank):
    for address in ("/impact", "/impact?measure=victims", "/impact/Secure"):
        assert "Sri Lanka 31" not in shown(bank.get(address).text)
    assert "LK + NR victims 40" in shown(bank.get("/impact/Secure").text)


def test_one_operation_shows_each_figure_with_address_line_note_and_verdict(bank):
    text = shown(bank.get("/impact/Red%20Card%202.0").text)
    assert "NG arrests 6 cyberwebspider[.]com" in text
    assert "line 107" in text
    assert "hxxps://cyberwebspider[.]com/the-hacker-news/interpol-cybercrime-crackdown-africa" in text
    assert "telecom breach only" in text
    assert "8 Dec 2025 – 30 Jan 2026" in text


def test_before_and_after_stand_on_the_page_of_an_operation_that_acted(bank):
    operation = operation_of(bank, name="Acted")
    changed(bank, operation, "act", target="evil.com", mode="takedown", on="2026-01-05", by="Verisign")
    text = shown(bank.get("/impact/Acted").text)
    assert "Before and after" in text
    assert "What would have happened anyway is not known" in text
    assert "No figure that you may see." in text


def test_what_no_operation_is_called_is_not_found(bank):
    assert bank.get("/impact/nothing").status_code == 404


def test_hostile_names_are_spelt_out_and_never_links(bank):
    operation, case = operation_of(bank, name=HOSTILE), case_of(bank, title=HOSTILE)
    for address in (operation, case, "/operation", "/case", "/impact"):
        html = bank.get(address).text
        assert "\u202e" not in html
        assert "<b>x</b>" not in html
        assert 'href="https://evil' not in html
        assert "U+202E" in html


def test_a_package_is_built_sent_listed_verified_and_taken_for_what_it_is(fresh):
    confirm_all(fresh, "evil.com")
    bank, police = fresh.signed_in("bank"), fresh.signed_in("police")
    bank.get("/package")
    built = bank.post("/package/build", target="evil.com", recipients="police")
    assert (built.status_code, built.headers["content-type"]) == (200, "application/zip"), shown(built.text)
    listed = shown(police.get("/package").text)
    assert "bank police" in listed
    assert "stands" in listed
    name = police.get("/package").text.split('href="/package/')[1].split('"')[0]
    assert "All of it stands today." in shown(police.get(f"/package/{name}").text)
    assert fresh.signed_in("vendor").get(f"/package/{name}").status_code == 404
    police.get("/package")
    proof = shown(police.upload("/package/verify", "package.zip", built.content).text)
    assert "The package holds" in proof
    assert "How it stands today" in proof
    broken = shown(police.upload("/package/verify", "package.zip", tampered(built.content)).text)
    assert "The package does NOT hold" in broken


def test_several_recipients_get_a_package_each_in_one_download(fresh):
    confirm_all(fresh, "evil.com")
    bank = fresh.signed_in("bank")
    bank.get("/package")
    built = bank.post("/package/build", target="evil.com", recipients="police, vendor")
    assert 'filename="packages.zip"' in built.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(built.content)) as archive:
        each = {name: archive.read(name) for name in archive.namelist()}
    assert sorted(each) == ["police.zip", "vendor.zip"]
    for who, content in ((name.removesuffix(".zip"), data) for name, data in each.items()):
        person = fresh.signed_in(who)
        assert f"bank {who}" in shown(person.get("/package").text)
        proof = shown(person.upload("/package/verify", "package.zip", content).text)
        assert "The package holds" in proof


def tampered(content: bytes) -> bytes:
    """The same package with one capture changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data[:-1] + b"?" if name.startswith("captures/") else data)
    return out.getvalue()


@pytest.mark.parametrize(("data", "said"), [(b"no zip", "no zip"), (b"", "no zip")])
def test_what_is_no_package_is_refused_with_a_mend(bank, data, said):
    bank.get("/package")
    answer = bank.upload("/package/verify", "x.zip", data)
    assert answer.status_code == 422
    assert said in shown(answer.text)


def test_what_is_not_accepted_is_bound_into_no_package(bank):
    bank.get("/package")
    answer = bank.post("/package/build", target="evil.com", recipients="police")
    assert answer.status_code in {403, 404}


def test_nothing_of_these_pages_is_kept_by_a_browser_or_open_to_visitors(web, bank):
    for address in ("/case", "/package", "/operation", "/impact"):
        assert "no-store" in bank.get(address).headers["cache-control"]
        assert web.visitor().get(address).status_code == 303
