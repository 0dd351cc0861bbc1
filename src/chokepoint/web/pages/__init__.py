"""One file a page: it asks the desk, and answers with a template and a frozen dataclass of what to show."""

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
    operation,
    package,
    path,
    review,
    search,
    settings,
    sign_in,
    source,
    work,
)

ROUTES = (
    *health.ROUTES,
    *sign_in.ROUTES,
    *settings.ROUTES,
    *account.ROUTES,
    *work.ROUTES,
    *home.ROUTES,
    *check.ROUTES,
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
)
"""Every handler of the desk; a new page adds its own here."""
