"""JSON for programs under `/api/v1`: what the verbs print with `--json`, by the same rules."""

from chokepoint.web.api import look

API = look.ROUTES
"""Every handler for programs; a new topic adds its own here."""
