"""Titles of events, reports and campaigns as the name of the campaign that they are about."""

from __future__ import annotations

import re

from chokepoint.collect.naming import told

_numbered = re.compile(r"campaign [0-9]{1,3} [-:–] ", re.IGNORECASE).match


def campaign_title(title: str) -> str:
    """The name that a title gives to a campaign.

    A title written like a file's name loses its date, extension and words like `iocs`, so that the same
    campaign has one name whatever the format of the file; a number before the name goes too.

    >>> campaign_title("cryptdesignbot_cta_20230518_iocs"), campaign_title("Campaign 1 - Zeppelin Ransomware")
    ('cryptdesignbot', 'Zeppelin Ransomware')
    """
    bare = " ".join(title.split())
    if " " not in bare:
        return told(bare) or bare
    numbered = _numbered(bare)
    return bare[numbered.end() :] if numbered else bare
