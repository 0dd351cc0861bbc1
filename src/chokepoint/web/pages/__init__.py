"""One file a page: it asks the desk, and answers with a template and a frozen dataclass of what to show."""

from chokepoint.web.api import graph
from chokepoint.web.pages import (
    account,
    case,
    check,
    choke,
    entity,
    health,
    home,
    impact,
    ledger,
    note,
    operation,
    package,
    path,
    provider,
    review,
    search,
    settings,
    sign_in,
    source,
    work,
)
from chokepoint.web.pages import map as map_page

ROUTES = (
    *health.ROUTES,
    *sign_in.ROUTES,
    *provider.ROUTES,
    *settings.ROUTES,
    *account.ROUTES,
    *work.ROUTES,
    *home.ROUTES,
    *check.ROUTES,
    *note.ROUTES,
    *search.ROUTES,
    *entity.ROUTES,
    *path.ROUTES,
    *review.ROUTES,
    *choke.ROUTES,
    *ledger.ROUTES,
    *source.ROUTES,
    *case.ROUTES,
    *package.ROUTES,
    *operation.ROUTES,
    *impact.ROUTES,
    *map_page.ROUTES,
    *graph.ROUTES,
)
"""Every handler of the desk; a new page adds its own here."""
