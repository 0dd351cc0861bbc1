"""One record, one spelling, one claim, one version: whatever could pass for two is refused."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from package_sample import facts, key, public, request, seal
from tampering import POLICE, records_changed, resealed, told
from test_package_evidence import PAYS, made

from chokepoint.package.build import build
from chokepoint.package.manifest import MANIFEST, RECORDS
from chokepoint.package.verify import verify


@pytest.fixture(scope="module")
def withheld():
    """A package one record of which stays behind, so that its id cannot be recomputed."""
    return made(PAYS)


@pytest.mark.parametrize(
    "spelt",
    [
        pytest.param(str.upper, id="upper case"),
        pytest.param(str.title, id="mixed case"),
        pytest.param(lambda name: f" {name}", id="space before"),
        pytest.param(lambda name: f"{name[:8]} {name[8:]}", id="space inside"),
    ],
)
def test_a_withheld_record_in_another_spelling_of_its_id_does_not_hold(withheld, spelt) -> None:
    def change(manifest, files):
        lines = [json.loads(line) for line in files[RECORDS].splitlines()]
        twin = {**lines[0], "id": spelt(lines[0]["id"])}
        records_changed(lambda old: [*old, twin])(manifest, files)
        manifest["claims"].append({**manifest["claims"][0], "record": twin["id"]})

    outcome = verify(resealed(dict(withheld.files), change))
    assert [one.proved for one in outcome.claims] == [True, False]
    assert not outcome.proved
    assert any("lower-case" in reason for reason in map(str, told(outcome)))


@pytest.mark.parametrize("field", ["salt", "id"])
def test_a_record_of_a_body_spelt_in_capitals_is_refused(package, field) -> None:
    def spelt(lines):
        return [{**lines[0], field: lines[0][field].upper()}, *lines[1:]]

    outcome = verify(resealed(dict(package.files), records_changed(spelt)))
    assert [one.step for one in outcome.failures] == [3]


@pytest.mark.parametrize("field", ["public_key", "signature", "previous", "root"])
def test_what_signs_a_batch_has_one_spelling(package, field) -> None:
    def spelt(lines):
        first = lines[0]["batch"]
        return [{**lines[0], "batch": {**first, field: first[field].upper()}}, *lines[1:]]

    outcome = verify(resealed(dict(package.files), records_changed(spelt)))
    if any(one.isalpha() for one in json.loads(package.files[RECORDS].splitlines()[0])["batch"][field]):
        assert 4 in {one.step for one in outcome.failures}


def test_the_makers_key_has_one_spelling(package) -> None:
    def change(manifest, _):
        manifest["public_key"] = public(POLICE).hex().upper()

    [failure] = verify(resealed(dict(package.files), change)).failures
    assert failure.step == 1


def test_one_record_told_as_two_claims_is_refused_and_named(package) -> None:
    def change(manifest, _):
        manifest["claims"].append(dict(manifest["claims"][0]))

    outcome = verify(resealed(dict(package.files), change))
    twice = json.loads(package.files[MANIFEST])["claims"][0]["record"]
    assert not outcome.proved
    assert any(twice in one.about and one.step == 5 for one in outcome.failures)


def test_a_record_told_three_times_is_named_once(package) -> None:
    def change(manifest, _):
        manifest["claims"] += [dict(manifest["claims"][0]), dict(manifest["claims"][0])]

    outcome = verify(resealed(dict(package.files), change))
    assert sum("twice" in str(one.reason) for one in outcome.failures) == 1


@pytest.mark.parametrize("version", [0, 2, -1])
def test_a_record_of_a_version_that_is_not_known_proves_nothing(monkeypatch, version: int) -> None:
    """Signed and hashed as it should be: its fields may mean something else."""
    monkeypatch.setattr("chokepoint.store.canonical.VERSION", version)
    sealed = seal(facts())
    asked = replace(request(), claims=sealed.claims, records=sealed.records)
    outcome = verify(build(asked, key(POLICE).sign).files)
    assert not any(one.proved for one in outcome.claims)
    assert any(f"version {version}" in str(one.reason) for one in outcome.failures)


def test_the_package_itself_holds(package, withheld) -> None:
    assert verify(package.files).proved
    assert verify(withheld.files).proved
