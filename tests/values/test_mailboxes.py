"""Domains at which anybody can have a mailbox."""

from __future__ import annotations

import pytest

from chokepoint.model.identity import Entity
from chokepoint.values.mailboxes import anybodys, providers
from chokepoint.values.registry import parse


@pytest.mark.parametrize("host", sorted(providers()))
def test_whoever_gives_mailboxes_to_all_gives_them_to_anybody(host):
    assert anybodys(host)


@pytest.mark.parametrize(
    "host", ["gmail.com", "hotmail.fr", "qq.com", "onionmail.org", "mail.protonmail.com"]
)
def test_the_largest_providers_are_anybodys_below_their_domain_too(host):
    assert anybodys(host)


@pytest.mark.parametrize("host", ["evil-pay.com", "gmail.com.evil.net", "notgmail.com", "gmail.evil.com"])
def test_a_name_that_only_looks_like_a_provider_is_somebodys(host):
    assert not anybodys(host)


def test_a_service_where_anybody_opens_a_site_is_anybodys_and_the_site_is_not():
    assert anybodys("wordpress.com")
    assert not anybodys("evil.wordpress.com")


def test_each_provider_is_a_host_in_its_normal_form():
    for host in providers():
        assert parse("domain-name", host) == Entity("domain-name", host)
