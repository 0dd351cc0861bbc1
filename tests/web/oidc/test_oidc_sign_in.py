"""Signing in with a provider: the way there and back, and every way on which nobody gets in."""

from __future__ import annotations

import logging
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from local_provider import ANN, BY_KEY, FILE

from chokepoint.desk.people.staff import let_go
from chokepoint.model.marking import Viewer
from chokepoint.web.guard.rate import MOST_A_PERSON, WINDOW
from chokepoint.web.signin.oidc.journey import PATIENCE

SESSION = "chokepoint-session"


def refused(answer):
    """The one page for whatever went wrong."""
    return answer.status_code == 401 and "That does not fit" in answer.text


def test_whoever_is_linked_gets_in_and_where_they_wanted_to_go(abroad, ann):
    ann.get(ann.get("/entity?of=evil.com").headers["location"])
    address = abroad.sets_out(ann, next="/entity?of=evil.com")
    answer = abroad.comes_back(ann, abroad.work.authorise(address, "s-1"))
    assert (answer.status_code, answer.headers["location"]) == (303, "/entity?of=evil.com")
    assert abroad.who_is_in(ann) == "bank/ann"
    assert abroad.web.office.sessions.of(ANN)[0].how == "provider"


def test_the_way_in_names_each_provider_as_text(abroad):
    page = abroad.web.visitor().get("/sign-in").text
    assert "Sign in with <bdi>Work &amp; &lt;Co&gt;</bdi>" in page
    assert "Sign in with <bdi>club</bdi>" in page, "a provider without a label is known by its name"
    assert "quiet secret" not in page


def test_a_desk_without_providers_offers_none(fresh):
    person = fresh.visitor()
    assert "/sign-in/with/" not in person.get("/sign-in").text
    assert person.post("/sign-in/with/work").status_code == 404
    assert person.get("/sign-in/with/work/back?code=x&state=y").status_code == 404


def test_the_browser_is_sent_with_all_that_the_code_flow_asks_for(abroad):
    parts = urlsplit(abroad.sets_out(abroad.web.visitor()))
    asked = parse_qs(parts.query)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == "https://login.work.test/authorize"
    assert asked["redirect_uri"] == ["http://desk.test/sign-in/with/work/back"]
    assert (asked["response_type"], asked["scope"], asked["client_id"]) == (["code"], ["openid"], ["desk"])
    assert asked["code_challenge_method"] == ["S256"]
    assert min(len(asked[name][0]) for name in ("state", "nonce", "code_challenge")) >= 43
    assert len({asked[name][0] for name in ("state", "nonce", "code_challenge")}) == 3


def test_no_two_journeys_share_state_nonce_or_challenge(abroad):
    person = abroad.web.visitor()
    both = [parse_qs(urlsplit(abroad.sets_out(person)).query) for _ in range(2)]
    for name in ("state", "nonce", "code_challenge"):
        assert both[0][name] != both[1][name]


def test_setting_out_takes_a_form_of_the_desk(abroad):
    person = abroad.web.visitor()
    person.get("/sign-in")
    assert person.post("/sign-in/with/work", csrf="x").status_code == 403
    assert person.get("/sign-in/with/work").status_code == 405
    elsewhere = {"sec-fetch-site": "cross-site"}
    assert person.post("/sign-in/with/work", headers=elsewhere).status_code == 403


@pytest.mark.parametrize("where", ["https://evil.com", "//evil.com", "/\\evil.com", "javascript:alert(1)"])
def test_coming_back_sends_nobody_elsewhere(abroad, ann, where):
    back = abroad.work.authorise(abroad.sets_out(ann, next=where), "s-1")
    assert abroad.comes_back(ann, back).headers["location"] == "/"


def test_signing_in_takes_another_session_and_ends_the_one_before(abroad, ann):
    abroad.signs_in(ann)
    before = ann.cookies[SESSION]
    abroad.signs_in(ann)
    assert ann.cookies[SESSION] != before
    assert abroad.web.office.sessions.find(before) is None


@pytest.mark.parametrize("alg", list(BY_KEY))
def test_each_allowed_signature_lets_in(abroad, ann, alg):
    abroad.work.alg = alg
    assert abroad.signs_in(ann).status_code == 303


def test_a_public_client_is_protected_by_its_verifier_alone(abroad, ann):
    abroad.restarts(FILE.replace('secret = "quiet secret"\n', ""))
    abroad.work.clients = {"desk": ""}
    assert abroad.signs_in(ann).status_code == 303
    abroad.restarts()


def test_a_provider_that_wants_the_secret_in_the_form_gets_it_there(abroad, ann):
    abroad.work.metadata = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    seen = []
    abroad.work.serve = seen.append
    assert abroad.signs_in(ann).status_code == 303
    token = next(one for one in seen if one.url.path.endswith("/token"))
    assert "authorization" not in token.headers
    assert parse_qs(token.content.decode())["client_secret"] == ["quiet secret"]


def test_a_code_lets_in_once(abroad, ann):
    back = abroad.work.authorise(abroad.sets_out(ann), "s-1")
    assert abroad.comes_back(ann, back).status_code == 303
    other = abroad.web.visitor()
    other.get("/sign-in")
    assert refused(abroad.comes_back(other, back))
    assert refused(abroad.comes_back(ann, back))


def test_a_code_that_was_made_for_another_journey_lets_nobody_in(abroad, ann):
    first = abroad.work.authorise(abroad.sets_out(ann), "s-1")
    second = abroad.work.authorise(abroad.sets_out(ann), "s-1")
    assert refused(abroad.comes_back(ann, {"code": first["code"], "state": second["state"]}))


def test_a_code_for_another_client_lets_nobody_in(abroad, ann):
    abroad.work.clients["shop"] = "other"
    back = abroad.work.authorise(abroad.sets_out(ann).replace("client_id=desk", "client_id=shop"), "s-1")
    assert refused(abroad.comes_back(ann, back))


@pytest.mark.parametrize("state", ["", "x", "x" * 43, "\u0000", "é" * 5000])
def test_a_state_that_the_desk_did_not_make_asks_nobody(abroad, ann, state):
    back = abroad.work.authorise(abroad.sets_out(ann), "s-1")
    before = list(abroad.work.asked)
    assert refused(abroad.comes_back(ann, back | {"state": state}))
    assert abroad.work.asked == before


def test_a_state_is_of_the_browser_that_set_out(abroad, ann):
    back = abroad.work.authorise(abroad.sets_out(ann), "s-1")
    victim = abroad.web.visitor()
    victim.get("/sign-in")
    assert refused(abroad.comes_back(victim, back))
    assert abroad.who_is_in(victim) == ""
    assert abroad.comes_back(ann, back).status_code == 303, "and another browser does not end it"


def test_a_browser_without_a_cookie_comes_back_for_nothing(abroad, ann):
    back = abroad.work.authorise(abroad.sets_out(ann), "s-1")
    assert refused(abroad.comes_back(abroad.web.visitor(), back))


def test_a_journey_is_over_after_ten_minutes(abroad, ann):
    back = abroad.work.authorise(abroad.sets_out(ann), "s-1")
    abroad.web.clock.passes(PATIENCE)
    assert refused(abroad.comes_back(ann, back))


def test_what_one_provider_answers_counts_at_no_others_address(abroad, ann):
    back = abroad.work.authorise(abroad.sets_out(ann), "s-1")
    asked = list(abroad.club.asked)
    assert refused(abroad.comes_back(ann, back, name="club"))
    assert abroad.club.asked == asked, "the code of one is never shown to the other"


def test_a_mix_up_by_a_provider_that_shows_the_other_is_noticed_by_its_name(abroad, ann):
    back = abroad.work.authorise(abroad.sets_out(ann), "s-1")
    asked = list(abroad.work.asked)
    assert refused(abroad.comes_back(ann, back | {"iss": abroad.club.issuer}))
    assert "/token" not in abroad.work.asked[len(asked) :]


def test_a_provider_that_says_that_it_names_itself_must_do_so(abroad, ann):
    abroad.work.metadata = {"authorization_response_iss_parameter_supported": True}
    assert refused(abroad.signs_in(ann))
    back = abroad.work.authorise(abroad.sets_out(ann), "s-1")
    assert abroad.comes_back(ann, back | {"iss": abroad.work.issuer}).status_code == 303


def test_the_same_subject_at_another_provider_is_somebody_else(abroad, ann):
    back = abroad.club.authorise(abroad.sets_out(ann, "/sign-in/with/club"), "s-1")
    assert refused(abroad.comes_back(ann, back, name="club"))


def test_the_same_mail_under_another_subject_is_somebody_else(abroad, ann):
    mail = {"email": "ann@bank.test", "email_verified": True, "preferred_username": "bank/ann", "name": "ann"}
    assert abroad.signs_in(ann, **mail).status_code == 303
    other = abroad.web.visitor()
    assert refused(abroad.signs_in(other, "s-2", **mail))
    third = abroad.web.visitor()
    back = abroad.club.authorise(abroad.sets_out(third, "/sign-in/with/club"), "s-2", **mail)
    assert refused(abroad.comes_back(third, back, name="club"))


def test_a_linked_person_who_has_left_does_not_get_in(alone):
    alone.link()
    person = alone.web.visitor()
    assert alone.signs_in(person).status_code == 303
    let_go(alone.web.office.opened_by(Viewer(organisation="bank")), "ann")
    assert refused(alone.signs_in(person))


def test_a_linked_person_of_an_organisation_that_is_not_served_does_not_get_in(abroad):
    abroad.link(Viewer(organisation="stranger", user="eve"))
    assert refused(abroad.signs_in(abroad.web.visitor()))


@pytest.mark.parametrize("error", ["access_denied", "server_error", "<script>", "x" * 9000])
def test_whom_the_provider_does_not_let_through_gets_the_same_page(abroad, ann, error):
    back = abroad.work.authorise(abroad.sets_out(ann), "s-1")
    answer = abroad.comes_back(ann, back | {"error": error})
    assert refused(answer)
    assert error not in re.sub(r"<script (src|type)", "", answer.text)


def test_all_failures_are_one_page(abroad, ann):
    def page(answer):
        assert answer.status_code == 401
        return re.sub(r'(name="csrf" value|data-token)="[^"]*"', "", answer.text)

    texts = {page(abroad.signs_in(ann, "unknown"))}
    abroad.work.change = lambda claims: claims | {"aud": "shop"}
    texts.add(page(abroad.signs_in(ann)))
    texts.add(page(abroad.comes_back(ann, {"state": "x"})))
    texts.add(page(abroad.comes_back(ann, {"code": "secret-code", "state": "secret-state"})))
    assert len(texts) == 1
    assert "secret" not in texts.pop()


def test_the_operator_reads_why_and_nothing_that_names_anybody(abroad, ann, caplog):
    with caplog.at_level(logging.WARNING, "chokepoint.web"):
        abroad.signs_in(ann, "sub-of-somebody", email="who@bank.test")
        abroad.work.change = lambda claims: claims | {"aud": "shop"}
        abroad.signs_in(ann)
    assert [one.getMessage() for one in caplog.records] == [
        "sign-in with work: nobody who works here is linked to that account",
        "sign-in with work: the ID token is for another client",
    ]


def test_whoever_fails_too_often_waits_and_then_does_not(abroad, ann):
    for _ in range(MOST_A_PERSON):
        assert refused(abroad.signs_in(ann, "unknown"))
    back = {"code": "x", "state": "y"}
    assert abroad.comes_back(ann, back).status_code == 429
    assert ann.post("/sign-in/with/work").status_code == 429
    other = abroad.web.visitor()
    assert abroad.signs_in(other).status_code == 303, "another browser is not kept waiting"
    abroad.web.clock.passes(WINDOW + 1)
    assert abroad.signs_in(ann).status_code == 303


def test_a_provider_that_is_away_is_the_same_page_and_others_go_on(abroad, ann):
    abroad.work.serve = lambda _: pytest.fail("asked") if len(abroad.work.asked) > 1 else None
    abroad.sets_out(ann)
    person = abroad.web.visitor()
    person.get("/sign-in")
    abroad.club.metadata = {"issuer": "https://elsewhere.test"}
    assert refused(person.post("/sign-in/with/club"))
    assert person.post("/sign-in/with/nobody").status_code == 404
    abroad.sets_out(ann)
