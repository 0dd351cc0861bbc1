"""What somebody at the desk does where the command line would name a command."""

from __future__ import annotations

SPLIT = "cut it into smaller files, or have whoever runs this desk take it in whole"
ROLES = "an administrator of your organisation gives roles that may, under Members"
CASE = "choose the case that you look for, at the top of the page"
OVERSEER = "the founder of the atlas appoints one, under Members"
VOTE = "vote first, under Review"
DISSENT = "vote first, then read the dissent beside the claim"
CONFIRM = "let two other members confirm it, under Review"
PROPOSED = "taken as it was proposed: nobody confirmed it"
ON_THE_DESK = {
    "an administrator gives roles that may: chokepoint people roles": ROLES,
    "name the case that you look for: --case CASE": CASE,
    "the founder appoints one: chokepoint people appoint ORG/USER overseer": OVERSEER,
    "vote first: chokepoint review vote": VOTE,
    "vote first, then read the dissent: chokepoint review votes CLAIM": DISSENT,
    "let two other members confirm it: chokepoint review list": CONFIRM,
    "(taken unconfirmed: pass --yes or confirm on a terminal)": PROPOSED,
    "--reason TEXT": "say why",
    "--basis TEXT": "say why",
}
"""Sentences as the rooms below write them, and what is told on a page instead."""


def here(sentence: str) -> str:
    """The same for somebody at the desk: other words where it names a command, else what was given."""
    return ON_THE_DESK.get(sentence, sentence)
