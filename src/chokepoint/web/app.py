"""The web desk wired: pages, guards, errors, files. The only place that knows them all."""

from __future__ import annotations

import time
from importlib import resources
from typing import TYPE_CHECKING, Any

from anyio.to_thread import current_default_thread_limiter
from litestar import Litestar, Request, Response
from litestar.datastructures import State
from litestar.di import Provide
from litestar.enums import RequestEncodingType
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.static_files import create_static_files_router

from chokepoint.web.api import API
from chokepoint.web.front import front_of
from chokepoint.web.guard.errors import HANDLERS, answer
from chokepoint.web.guard.forgery import FIELD, HEADER, SAFE, fits, from_here
from chokepoint.web.guard.headers import UNKEPT, headers_for
from chokepoint.web.pages import ROUTES
from chokepoint.web.taxii import TAXII
from chokepoint.web.viewer import bearer, seat_of
from chokepoint.web.warm import REST, Warmth

if TYPE_CHECKING:
    from litestar.types import Message, Scope

    from chokepoint.web.office import Office

THREADS = 6
"""Questions that are answered at once: each holds a connection with its cache, and processors are few."""
LARGEST = 4 * 1024 * 1024
"""Bytes of a request; a page that takes files says its own limit."""
BEGAN = "began"
"""Where a request notes when its answer was begun, in seconds of a clock that never goes back."""
UNSAID = [(b"cache-control", UNKEPT.encode())]
"""What does not say whether it may be kept, may not."""
FORMS = {RequestEncodingType.URL_ENCODED, RequestEncodingType.MULTI_PART}


def _few_threads() -> None:
    current_default_thread_limiter().total_tokens = THREADS


def build(office: Office, *, warmed: bool = False) -> Litestar:
    """The application of a desk.

    Args:
        office: that answers.
        warmed: whether it makes, while it answers already, what its first visitors would wait for.
    """
    warmth = Warmth(office, late=max(REST, office.late) / 2)
    always = headers_for(secure=office.secure)

    async def dress(message: Message, scope: Scope) -> None:
        if message["type"] == "http.response.start":
            began = scope["state"].get(BEGAN, 0.0)
            seconds = time.perf_counter() - began if began else 0.0
            office.counters.answered(scope.get("path_template", ""), message["status"], seconds)
            given = [one for one in message["headers"] if one[0].lower() != b"server"]
            kept = any(name.lower() == b"cache-control" for name, _ in given)
            message["headers"] = [*given, *always, *([] if kept or _is_static(scope) else UNSAID)]

    return Litestar(
        route_handlers=[*ROUTES, *API, *TAXII, _static()],
        state=State({"office": office, "warmth": warmth}),
        dependencies={
            "front": Provide(front_of, sync_to_thread=False),
            "seat": Provide(seat_of, sync_to_thread=True),
        },
        before_request=admit,
        on_startup=[_few_threads, office.intake.resume, *([warmth.begin] if warmed else [])],
        on_shutdown=[warmth.close, office.intake.close],
        before_send=[dress],
        exception_handlers=HANDLERS,
        request_max_body_size=LARGEST,
        multipart_form_part_limit=200,
        openapi_config=OpenAPIConfig(
            title="Chokepoint", version="1", path="/api/v1", render_plugins=[JsonRenderPlugin()]
        ),
        logging_config=None,
    )


async def admit(request: Request[Any, Any, Any]) -> Response[Any] | None:
    """Let in what is for this desk and, where it changes something, what one of its own pages has sent."""
    request.state[BEGAN] = time.perf_counter()
    office: Office = request.app.state.office
    if request.headers.get("host", "") not in office.hosts:
        return answer(request, 421)
    if request.method in SAFE or bearer(request):
        return None
    if not from_here(request.headers, frozenset(office.origins)):
        return answer(request, 403)
    token = request.headers.get(HEADER, "")
    if not token and request.content_type[0] in FORMS:
        token = str((await request.form()).get(FIELD, ""))
    return None if fits(office.secret, front_of(request).cookie, token) else answer(request, 403)


def _is_static(scope: Scope) -> bool:
    return scope["path"].startswith("/static/")


def _static() -> Any:
    folder = resources.files("chokepoint.web") / "static"
    return create_static_files_router(
        path="/static",
        directories=[str(folder)],
        include_in_schema=False,
        opt={"open": True},
    )
