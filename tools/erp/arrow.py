"""Arrow's compute functions, imported late and untyped.

The published stubs refuse most of the array and scalar mixes that the kernels take, so the module
is handed out as `Any`; whoever calls it states the type of what comes back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import pyarrow as pa

    ArrowArray: TypeAlias = pa.Array[Any]
    RawColumn: TypeAlias = ArrowArray | list[Any]
    """A column as its file had it: an array of any type, or Python values where types mix."""


def kernels() -> Any:
    """The module `pyarrow.compute`."""
    import pyarrow.compute

    return pyarrow.compute


def positions(mask: ArrowArray) -> list[int]:
    """Where a boolean array is true (null is not)."""
    import numpy as np

    flags = kernels().fill_null(mask, False).to_numpy(zero_copy_only=False)
    found: list[int] = np.flatnonzero(flags).tolist()
    return found


def any_true(mask: ArrowArray) -> bool:
    """Whether a boolean array holds a true."""
    return bool(kernels().any(mask).as_py())


def blanked(values: ArrowArray, mask: ArrowArray) -> ArrowArray:
    """`values` with null wherever `mask` is true."""
    import pyarrow as pa

    pc = kernels()
    result: ArrowArray = pc.if_else(pc.fill_null(mask, False), pa.scalar(None, values.type), values)
    return result


def kept(values: RawColumn, mask: ArrowArray) -> RawColumn:
    """The rows of `values` where `mask` (without nulls) is true."""
    if isinstance(values, list):
        return [value for value, keep in zip(values, mask.to_pylist(), strict=True) if keep]
    result: ArrowArray = values.filter(mask)
    return result


def nothing(count: int, kind: pa.DataType) -> ArrowArray:
    """`count` nulls of type `kind`."""
    import pyarrow as pa

    none: Any = pa.scalar(None, kind)
    nulls: ArrowArray = pa.repeat(none, count)
    return nulls
