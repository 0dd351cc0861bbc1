"""Having memory ready before it is needed.

On graphs larger than the processor's cache nearly every neighbour is a cache miss of its own. Where
the next nodes are known, asking for them some steps ahead lets the misses overlap.
"""

# mypy: disable-error-code="import-untyped, no-untyped-call"
# numba and llvmlite have no types of their own

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

TO_READ, TO_KEEP, DATA = 0, 3, 1
"""The last three arguments of LLVM's prefetch."""


def _fetch(_typing: Any, array: Any, _index: Any) -> tuple[Any, Any]:
    """`fetch(array, index)` asks for the cache line of that element; any index is safe, nothing is read."""
    return types.void(array, types.intp), _emit


def _emit(context: Any, builder: Any, signature: Any, given: Any) -> Any:
    data = context.make_array(signature.args[0])(context, builder, given[0]).data
    place = builder.bitcast(builder.gep(data, [given[1]]), cgutils.voidptr_t)
    number = ir.IntType(32)
    kind = ir.FunctionType(ir.VoidType(), [cgutils.voidptr_t, number, number, number])
    prefetch = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
    builder.call(prefetch, [place, number(TO_READ), number(TO_KEEP), number(DATA)])
    return context.get_dummy_value()


fetch: Any = intrinsic(_fetch)
