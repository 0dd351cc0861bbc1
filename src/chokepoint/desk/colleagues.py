"""What colleagues see alike: worked out once for an organisation, and not for each of its people.

Of a map of a million statements the work takes half a second of a core and more. A hundred people of ten
organisations would wait for a hundred such answers after each record, and they see ten.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chokepoint.desk.work.reserve import is_coordinator, taken
from chokepoint.model.marking import Viewer
from chokepoint.store.still import once

if TYPE_CHECKING:
    from chokepoint.desk.atlas import Atlas


def as_all(atlas: Atlas) -> Atlas:
    """The atlas as the viewer's organisation as a whole sees it, where that is just what the viewer sees.

    Else the atlas as it is: of somebody who is shown natural persons in full, which is logged each time; who
    is on cases that not everybody is on, where that shows them more or reserves something else; who
    coordinates; who is the public since they have left. What comes of the answer may be shown to the viewer,
    and is never more than the organisation's plain viewer may see.
    """
    viewer = atlas.viewer
    if not viewer.user or atlas.unfold or atlas.beside:
        return atlas
    whole = replace(atlas, viewer=Viewer(organisation=viewer.organisation), purpose="")
    reader = atlas.reader
    with reader.connect() as connection:
        key = reader.state(connection)
    return whole if once(as_all, atlas.engine, key, make=lambda: _alike(atlas, whole)) else atlas


def _alike(one: Atlas, other: Atlas) -> bool:
    """Whether both see the same records, keep clear of the same things, and neither coordinates."""
    if is_coordinator(one) or taken(one) != taken(other):
        return False
    mine, theirs = one.reader, other.reader
    with mine.connect() as connection:
        seen = mine.visible(connection)
    with theirs.connect() as connection:
        return seen == theirs.visible(connection)
