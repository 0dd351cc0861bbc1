"""A passkey from its making to a sign-in, with Chromium's own virtual device."""

from __future__ import annotations

from web_browser import barriers, shoot


def device(page, *, verifies=True):
    """A device that keeps passkeys and knows its owner."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": verifies,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_somebody_makes_a_passkey_and_signs_in_with_it(page):
    device(page)
    page.goto("/account")
    assert barriers(page) == []
    page.fill("#passkey-label", "my laptop")
    with page.expect_navigation():
        page.click("#add-passkey")
    assert "my laptop" in page.locator("main").inner_text()
    shoot(page, "account-wide")
    page.context.clear_cookies()
    page.goto("/sign-in")
    with page.expect_navigation():
        page.click("#passkey")
    assert "bank" in page.locator(".menu summary").inner_text()
