"""OFAC's advanced XML and the UK's list in XML: what each party's books say of it, and nothing else."""

from __future__ import annotations

import re
from itertools import permutations

import pytest
from line_reading import claims, document, rejected, skipped
from sanctions_making import DOCUMENTS, ENTRIES, LOCATIONS, PARTIES, TIES, UK_LIST, VALUES, advanced

from chokepoint.collect.registry import collectors, recognise
from chokepoint.collect.sanctions import Sanctions
from chokepoint.collect.sanctions.advanced import entries
from chokepoint.model.claim import Claim, Nature
from chokepoint.model.errors import BadInputError

MADURO, LAZARUS = "person:nicolas maduro moros", "organisation:lazarus group"
OFAC, FCDO = "organisation:us treasury ofac", "organisation:uk fcdo"
THIEF = "crypto-address:0x098b716b8aaf21512996dc57eb0615e2383e2f96"


def line(claim: Claim) -> tuple[str, str, str]:
    thing = claim.object if isinstance(claim.object, str) else ":".join(claim.object)
    return ":".join(claim.subject), claim.property, thing


def told(text: str, path: str = "sdn_advanced.xml") -> set[tuple[str, str, str]]:
    return {line(one) for one in claims(Sanctions().read(document(text, path, origin="")))}


def of(who: str, text: str, path: str = "sdn_advanced.xml") -> set[tuple[str, str]]:
    return {(name, thing) for subject, name, thing in told(text, path) if subject == who}


@pytest.mark.parametrize("text", [advanced(), UK_LIST], ids=["advanced", "uk"])
def test_the_lists_are_known_by_their_content_whatever_they_are_called(text: str) -> None:
    assert recognise(document(text, "x.dat"), collectors()).name == "sanctions"


def test_all_that_ofac_says_of_a_person_is_said_and_nothing_of_where_he_lives() -> None:
    assert of(MADURO, advanced()) == {
        ("sanctioned-by", OFAC),
        ("identifier", "US Treasury OFAC 22790"),
        ("alias", "NICO"),
        ("category", "VENEZUELA"),
        ("category", "SDN List"),
        ("attribute", "Gender Male"),
        ("attribute", "Date of birth 1962-11-23"),
        ("attribute", "Place of Birth Caracas, Venezuela"),
        ("attribute", "Citizenship Venezuela"),
        ("identifier", "Cedula No. 5892464 (Venezuela)"),
        ("located-in", "country:ve"),
    }
    assert "Miraflores" not in repr(told(advanced()))
    assert skipped(Sanctions().read(document(advanced())))["address at which a person lives"] == 1


def test_a_wallet_of_a_group_is_controlled_by_it_and_sanctioned() -> None:
    assert told(advanced()) >= {(THIEF, "controlled-by", LAZARUS), (THIEF, "sanctioned-by", OFAC)}
    assert of(LAZARUS, advanced()) == {
        ("sanctioned-by", OFAC),
        ("identifier", "US Treasury OFAC 27307"),
        ("category", "DPRK3"),
        ("category", "SDN List"),
        ("located-in", "country:kp"),
        ("attribute", "Address: Pyongyang, Korea, North"),
        ("related-to", MADURO),
    }


def test_a_wallet_with_a_wrong_checksum_is_refused_at_the_lines_of_its_party() -> None:
    (refusal,) = rejected(Sanctions().read(document(advanced())))
    assert re.fullmatch(r"lines \d+-\d+", refusal.place)
    assert "Digital Currency Address - XBT: 'bc1ignored'" in refusal.reason


def test_the_weak_name_is_an_assessment_and_the_tie_says_what_it_is() -> None:
    found = {line(one)[1:]: one for one in claims(Sanctions().read(document(advanced())))}
    assert found["alias", "NICO"].nature is Nature.ASSESSMENT
    assert found["related-to", MADURO].raw == "Owned or Controlled By"


def test_a_listing_begins_on_its_day_and_a_birth_is_no_day_of_observation() -> None:
    days = {one.observed.start[:10] for one in claims(Sanctions().read(document(advanced()))) if one.observed}
    assert days == {"2017-07-31", "2019-09-13", ""}


def test_a_tie_to_whom_the_list_does_not_hold_is_counted() -> None:
    assert skipped(Sanctions().read(document(advanced())))["tie to a party that the list does not hold"] == 1


@pytest.mark.parametrize(
    "order", list(permutations([VALUES, LOCATIONS, PARTIES]))[1:], ids=lambda order: str(len(order[0]))
)
def test_it_does_not_matter_in_which_order_the_books_stand(order: tuple[str, ...]) -> None:
    assert told(advanced(*order, DOCUMENTS, TIES, ENTRIES)) == told(advanced())


def test_without_its_books_a_party_still_is_what_its_number_says() -> None:
    who = {subject for subject, name, _ in told(advanced(PARTIES)) if name == "sanctioned-by"}
    assert {MADURO, LAZARUS} <= who
    assert ("attribute", "Gender Male") not in of(MADURO, advanced(PARTIES))


def test_of_a_file_that_was_cut_the_parties_before_stay() -> None:
    text = advanced()
    cut = text[: text.index('<DistinctParty FixedRef="27307">') + 200]
    items, found = [], Sanctions().read(document(cut))
    with pytest.raises(BadInputError, match="no XML"):
        items.extend(iter(lambda: next(found), None))
    assert {line(one)[0] for one in items if isinstance(one, Claim)} == {MADURO}


def test_a_number_that_leads_nowhere_says_nothing_and_breaks_nothing() -> None:
    lost = advanced().replace('LocationID="34442"', 'LocationID="0"').replace('IdentityID="14494"', "")
    assert of(MADURO, advanced()) - of(MADURO, lost) == {
        ("located-in", "country:ve"),
        ("identifier", "Cedula No. 5892464 (Venezuela)"),
    }


@pytest.mark.parametrize(
    ("period", "said"),
    [
        pytest.param(
            "<Start><From><Year>1948</Year><Month>12</Month></From></Start>", "1948-12", id="a month"
        ),
        pytest.param(
            "<Start><From><Year>1962</Year><Month>1</Month><Day>1</Day></From></Start>"
            "<End><To><Year>1962</Year><Month>12</Month><Day>31</Day></To></End>",
            "1962",
            id="all of a year",
        ),
        pytest.param(
            "<Start><From><Year>1962</Year></From></Start><End><To><Year>1964</Year></To></End>",
            "1962 to 1964",
            id="some years",
        ),
        pytest.param("<Start><From><Year>unknown</Year></From></Start>", "", id="no year"),
        pytest.param("<Start><From><Month>3</Month><Day>2</Day></From></Start>", "", id="a day without year"),
    ],
)
def test_a_birth_is_as_precise_as_the_list_knows_it(period: str, said: str) -> None:
    text = re.sub(
        r"<DatePeriod.*?</DatePeriod>", f"<DatePeriod>{period}</DatePeriod>", advanced(), flags=re.DOTALL
    )
    births = {thing for name, thing in of(MADURO, text) if thing.startswith("Date of birth")}
    assert births == ({f"Date of birth {said}"} if said else set())


def test_the_list_has_the_day_of_its_issue() -> None:
    assert {published for _, published, _ in entries(advanced().encode())} == {"2026-05-21"}


def test_all_that_the_uk_says_in_xml_of_a_person_is_said() -> None:
    assert of("person:mohammad hassan akhund", UK_LIST, "uk.xml") == {
        ("sanctioned-by", FCDO),
        ("identifier", "UK FCDO AFG0006"),
        ("identifier", "OFSI Group ID 7172"),
        ("identifier", "UN Reference Number TAi.002"),
        ("identifier", "Passport number P04581926 (Afghanistan passport)"),
        ("alias", "Haji Mohammad Hassan"),
        ("alias", "محمد حسن آخوند"),
        ("category", "The Afghanistan (Sanctions) (EU Exit) Regulations 2020"),
        ("attribute", "LastUpdated 14/04/2026"),
        ("attribute", "Title Mullah"),
        ("attribute", "SanctionsImposed Asset freeze|Travel Ban"),
        ("attribute", "Date of birth 1945"),
        ("attribute", "Date of birth 01/03/1958"),
        ("attribute", "Nationality Afghanistan"),
        ("attribute", "Place of birth Lakhi village, Afghanistan"),
        ("located-in", "country:af"),
        ("description", "Deputy Minister of Civil Aviation under the Taliban regime."),
    }


def test_what_the_uk_says_in_xml_of_an_office_and_a_ship_is_said() -> None:
    office = of("organisation:haji khairullah money exchange", UK_LIST, "uk.xml")
    assert office >= {
        ("contact", "phone-number:+93202104748"),
        ("contact", "email-addr:helmand_exchange@example-bank.com"),
        ("identifier", "Business registration number BR-99-XY"),
        ("attribute", "ParentCompany HKHS Holding"),
        ("attribute", "Address: Branch Office 1, 1001, Afghanistan"),
    }
    assert of("asset:petrel 8", UK_LIST, "uk.xml") == {
        ("sanctioned-by", FCDO),
        ("identifier", "UK FCDO DPR0075"),
        ("identifier", "IMO number IMO9562233"),
        ("attribute", "CurrentBelievedFlagOfShip Comoros"),
    }


def test_the_uks_days_are_read_with_the_day_first() -> None:
    listed = {
        one.observed.start[:10]: one.observed.end[:10]
        for one in claims(Sanctions().read(document(UK_LIST, "uk.xml")))
        if one.observed and one.property == "sanctioned-by"
    }
    assert "2012-06-29" in listed
    assert all(end.startswith("2026-08-0") for end in listed.values())
