"""From a source's own ids to ours, and the fingerprint of a row's content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from knowledge.warehouse.batch import RowChunk, RowError, reference, ten_thousandths
from knowledge.warehouse.partners import PARTNER_XREF
from knowledge.warehouse.stage import WANTED_SUFFIX
from knowledge.warehouse.tables import BY_NAME

if TYPE_CHECKING:
    import pyarrow as pa

_FIELD_JOINT = "\x1f"
_NOTHING = "\x00"
"""Stands for null in a row's fingerprint; no stored text can hold it."""


class References:
    """(table, ext_id) → id for one source, read from the database when first needed."""

    def __init__(self, connection: sa.Connection, source: str) -> None:
        self._connection = connection
        self._source = source
        self._ids: dict[str, dict[str, int]] = {}
        self._others: dict[str, dict[str, int]] = {}

    def ids(self, table: str) -> Mapping[str, int]:
        """All ext_ids of `table` that this source may refer to, with their ids."""
        if table not in self._ids:
            ours = BY_NAME[table].c
            if table == "partner":
                query = sa.select(PARTNER_XREF.c.ext_id, PARTNER_XREF.c.partner_id)
                query = query.where(PARTNER_XREF.c.source == self._source)
            else:
                query = sa.select(ours.ext_id, ours.id).where(ours.source == self._source)
            ids = {ext_id: int(number) for ext_id, number in self._connection.execute(query)}
            self._ids[table] = ids | self._others.get(table, {})
        return self._ids[table]

    def written(self, table: str, others: Mapping[str, int]) -> None:
        """Note that `table` was just loaded; `others` go by another source or ext_id there."""
        self._ids.pop(table, None)
        self._others[table] = dict(others)


def resolve(
    table: str, chunk: RowChunk, references: References
) -> tuple[dict[str, pa.Array[Any]], pa.Int64Array, list[RowError]]:
    """Ready one chunk for staging: ids for references, the content's hash, bad rows out.

    Returns:
        the arrays to stage (payload_hash added; references as int64 ids; references to `table`
        itself as ext_ids under their waiting name), the row numbers that are left, and an error for
        each row with a reference that is unknown, or empty though required.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    columns = BY_NAME[table].c
    arrays: dict[str, pa.Array[Any]] = dict(chunk.columns)
    arrays["payload_hash"] = payload_hashes(chunk.columns)
    errors: list[RowError] = []
    bad: set[int] = set()
    for name in chunk.columns:
        target = reference(columns[name])
        if target is None:
            continue
        if target == table:
            arrays[name + WANTED_SUFFIX] = arrays.pop(name)
            continue
        wanted = chunk.columns[name].to_pylist()
        known = references.ids(target)
        ids = [None if ext_id is None else known.get(ext_id) for ext_id in wanted]
        arrays[name] = pa.array(ids, pa.int64())
        optional = bool(columns[name].nullable)
        for index in _failed(wanted, ids, optional=optional):
            bad.add(index)
            missing = wanted[index] is None
            reason = "missing" if missing else f"unknown_reference: {target} {wanted[index]}"
            row_no = chunk.row_nos[index].as_py()
            label = chunk.labels.get(name, name)
            errors.append(
                RowError(chunk.file, chunk.sheet, row_no, label, wanted[index], reason, table)
            )
    if not bad:
        return arrays, chunk.row_nos, errors
    kept = pa.array([index for index in range(len(chunk)) if index not in bad], pa.int64())
    return (
        {name: pc.take(array, kept) for name, array in arrays.items()},
        pc.take(chunk.row_nos, kept),
        errors,
    )


def _failed(
    wanted: Sequence[str | None], ids: Sequence[int | None], *, optional: bool
) -> list[int]:
    if None not in ids:
        return []
    return [
        index
        for index, found in enumerate(ids)
        if found is None and not (optional and wanted[index] is None)
    ]


def payload_hashes(columns: Mapping[str, pa.Array[Any]]) -> pa.Array[Any]:
    """One hash per row over names and values of the filled columns, references by ext_id.

    `src_updated_at` is left out: it says when the content changed, it is not content.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    names = sorted(name for name in columns if name != "src_updated_at")
    texts = [_as_text(columns[name]) for name in names]
    joined: Any = pc.binary_join_element_wise(  # type: ignore[call-overload, unused-ignore]
        *texts,
        pa.scalar(_FIELD_JOINT),
        null_handling="replace",
        null_replacement=_NOTHING,
    )
    start = blake2b("|".join(names).encode(), digest_size=16)
    hashes: list[str] = []
    for value in joined.cast(pa.binary()).to_pylist():
        state = start.copy()
        state.update(value)
        hashes.append(state.hexdigest())
    return pa.array(hashes, pa.string())


def _as_text(array: pa.Array[Any]) -> pa.Array[Any]:
    import pyarrow as pa

    if pa.types.is_decimal(array.type):
        return pa.array(ten_thousandths(array), pa.int64()).cast(pa.string())
    return array.cast(pa.string())
