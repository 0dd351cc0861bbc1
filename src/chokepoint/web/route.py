"""How a function becomes a page: it runs in a thread, so that a slow question keeps nobody else waiting.

Litestar's own `sync_to_thread` wraps a function twice where two methods share an address, and then answers
with a coroutine; so the thread is ours.
"""

from __future__ import annotations

from functools import partial, wraps
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, TypeVar

import litestar
from anyio.to_thread import run_sync
from litestar.datastructures import CacheControlHeader
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery

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


def write(path: str, **options: Any) -> Callable[[Callable[..., Any]], HTTPRouteHandler]:
    """A function that answers POST: it changes something, and says 303 where the browser goes next."""
    return lambda function: litestar.post(path, include_in_schema=False, **options)(threaded(function))


def answer(path: str, **options: Any) -> Callable[[Callable[..., Any]], HTTPRouteHandler]:
    """A function that answers programs with JSON by GET, and stands in the OpenAPI document."""
    return lambda function: litestar.get(path, cache_control=UNKEPT, **options)(threaded(function))


def threaded(function: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
    """The same as a coroutine whose work is done in a thread."""

    @wraps(function)
    async def run(**given: Any) -> Any:
        return await run_sync(partial(function, **given))

    return run
