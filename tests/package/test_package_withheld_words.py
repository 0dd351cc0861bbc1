"""What a safety flag or a veto withholds leaves in no word, quote or capture of what is said of others."""

from __future__ import annotations

from dataclasses import replace

import pytest
from package_sample import (
    CAMPAIGN,
    FILE,
    PAGE,
    RYUK,
    RYUK_MAIL,
    TESLA,
    WALLET,
    facts,
    key,
    request,
    seal,
    vetted,
)
from tampering import POLICE

from chokepoint.model.identity import Entity
from chokepoint.package.build import build
from chokepoint.package.choose import Audience
from chokepoint.package.verify import verify

TO = frozenset({POLICE})


def made(*withheld: Entity):
    """A package; captures that hold something withheld are reserved, as the desk tells."""
    held = {
        name: replace(one, reserved=any(value_of(thing).encode() in one.data for thing in withheld))
        for name, one in request().captures.items()
    }
    audience = Audience(organisations=TO, withheld=frozenset(withheld))
    return build(replace(request(), audience=audience, finding=bare(), captures=held), key(POLICE).sign)


def value_of(thing: Entity) -> str:
    return thing.value.removeprefix("http://").strip("/")


def bare():
    return replace(request().finding, plan=(), routes=(), explanation=())


@pytest.mark.parametrize("thing", [WALLET, PAGE, RYUK_MAIL], ids=["wallet", "page", "mail"])
def test_it_stands_in_no_evidence_of_what_else_is_said(thing: Entity) -> None:
    value = value_of(thing)
    kept = {name: data for name, data in made().files.items() if name != "report.html"}
    assert any(value.encode() in data for data in kept.values())
    package = made(thing)
    assert package.claims
    assert not [
        name for name, data in package.files.items() if value.encode() in data and name != "report.html"
    ]


def test_a_package_beside_something_withheld_is_proved_as_far_as_it_goes() -> None:
    outcome = verify(made(WALLET).files)
    assert outcome.proved
    assert outcome.vouched


def test_words_of_a_claim_about_another_do_not_tell_of_it() -> None:
    [claim] = [one for one in vetted(seal(facts()).claims) if isinstance(one.object, str)]
    telling = replace(claim, object=f"seen beside {TESLA.value} and hxxp://{TESLA.value}/a")
    audience = Audience(organisations=TO, withheld=frozenset({TESLA}))
    assert TESLA.value not in str(audience.discreet([telling]).shown(telling).object)
    assert TESLA.value in str(
        replace(audience, withheld=frozenset()).discreet([telling]).shown(telling).object
    )


def test_what_is_said_of_others_alone_goes_as_it_is() -> None:
    whole, without = made(), made(Entity("domain-name", "refuge.example"))
    assert whole.files == without.files
    assert {FILE, RYUK, CAMPAIGN} <= {one.subject for one in without.claims}
