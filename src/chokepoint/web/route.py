"""How a function becomes a page: it runs in a thread, so that a slow question keeps nobody else waiting.

Litestar's own `sync_to_thread` wraps a function twice where two methods share an address, and then answers
with a coroutine; so the thread is ours.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial, wraps
from inspect import signature, unwrap
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, TypeVar

import litestar
from anyio.to_thread import run_sync
from litestar.datastructures import CacheControlHeader
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery

from chokepoint.model.errors import ChokepointError
from chokepoint.web.front import Refusal
from chokepoint.web.guard.errors import status_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from litestar.handlers import HTTPRouteHandler

__all__ = ["Form", "FromPath", "FromQuery", "Upload", "answer", "read", "threaded", "write"]

UNKEPT = CacheControlHeader(no_store=True)
T = TypeVar("T")
Form: TypeAlias = Annotated[T, Body(media_type=RequestEncodingType.URL_ENCODED)]
"""What a form sends, as a dataclass: `data: Form[WorkForm]`."""
Upload: TypeAlias = Annotated[T, Body(media_type=RequestEncodingType.MULTI_PART)]
"""The same for a form that sends files."""


def read(path: str, **options: Any) -> Callable[[Callable[..., Any]], HTTPRouteHandler]:
    """A function that answers GET: it changes nothing.

    Args:
        path: where, as Litestar writes it.
        options: of Litestar's handler.
    """
    return lambda function: litestar.get(path, include_in_schema=False, **options)(threaded(function))


def write(
    path: str, *, again: Callable[..., Any] | HTTPRouteHandler | None = None, **options: Any
) -> Callable[[Callable[..., Any]], HTTPRouteHandler]:
    """A function that answers POST: it changes something, and says 303 where the browser goes next.

    Args:
        path: where, as Litestar writes it.
        again: the page that holds the form: where the desk refuses, it is shown with why and what was typed.
        options: of Litestar's handler.
    """

    def made(function: Callable[..., Any]) -> HTTPRouteHandler:
        forgiving = _forgiving(function, again, path) if again else function
        return litestar.post(path, include_in_schema=False, **options)(threaded(forgiving))

    return made


def _forgiving(
    function: Callable[..., Any], again: Callable[..., Any] | HTTPRouteHandler, path: str
) -> Callable[..., Any]:
    page = unwrap(getattr(again, "fn", again))
    wanted = signature(page).parameters

    @wraps(function)
    def run(**given: Any) -> Any:
        try:
            return function(**given)
        except ChokepointError as error:
            status = status_of(error)
            if status >= 500:
                raise
            refusal = Refusal(error=error, status=status, typed=_typed(given["data"]) | {"form": path})
        seat = given["seat"]
        given["seat"] = replace(seat, front=replace(seat.front, refusal=refusal))
        return page(**{name: value for name, value in given.items() if name in wanted})

    return run


def _typed(data: object) -> dict[str, str | list[str]]:
    """What a form held; files that were chosen cannot be given back."""
    held = {name: getattr(data, name) for name in data.__dataclass_fields__}  # type: ignore[attr-defined]
    return {name: value for name, value in held.items() if _is_text(value)}


def _is_text(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(one, str) for one in value))


def answer(path: str, **options: Any) -> Callable[[Callable[..., Any]], HTTPRouteHandler]:
    """A function that answers programs with JSON by GET, and stands in the OpenAPI document."""
    return lambda function: litestar.get(path, cache_control=UNKEPT, **options)(threaded(function))


def threaded(function: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
    """The same as a coroutine whose work is done in a thread."""

    @wraps(function)
    async def run(**given: Any) -> Any:
        return await run_sync(partial(function, **given))

    return run
