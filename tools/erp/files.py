"""Read a folder of source files by a mapping, as a batch that the loader can take.

Everything that can be known from headers is checked before the first row is handed on, so a missing
file, sheet or column stops a load before anything is written. A file that breaks further on raises
from the stream; the loader's transaction then leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from knowledge.warehouse.batch import SourceBatch, TableRows
from knowledge.warehouse.tables import CANONICAL
from leadline.errors import SourceFileError
from tools.erp.binding import BoundTable, bind, names_read, read_options
from tools.erp.folder import SourceFolder, content_hash
from tools.erp.lookups import Lookups
from tools.erp.mapping import FileMapping, Mapping, nearest
from tools.erp.table_stream import Reading, ReadProgress, TableStream


def read_source(
    folder: Path, mapping: Mapping, progress: Callable[[ReadProgress], None] | None = None
) -> SourceBatch:
    """Open the files that the mapping names and return their rows as a lazy batch.

    Args:
        folder: where the source files lie; patterns of the mapping are relative to it.
        mapping: a checked mapping (`load_mapping`).
        progress: called for each frame of rows that was read.

    Raises:
        SourceFileError: a file is missing or unreadable, or its header cannot be found.
        MappingError: a column of the mapping is not in its file.
    """
    source = SourceFolder(folder)
    lookups = Lookups(source, mapping)
    present = [file for file in mapping.files if _prepare(source, mapping, file, lookups)]
    files = source.hashed()
    bound = [item for file in present for item in bind(source, mapping, file)]
    for item in bound:
        for column in item.table.columns:
            for number, lookup in enumerate(column.spec.lookup):
                lookups.table(lookup, (*column.path, "lookup", number))
    reading = Reading(lookups, progress)
    return SourceBatch(
        source=mapping.source,
        kind="files",
        origin=str(folder.resolve()),
        mapping_hash=mapping.sha256,
        content_hash=content_hash(files),
        files=files,
        tables=_tables(bound, reading),
    )


def _prepare(source: SourceFolder, mapping: Mapping, file: FileMapping, lookups: Lookups) -> bool:
    """Note what will be asked of an entry's files; False where an optional file is absent."""
    paths = source.match(file.spec.file)
    if not paths:
        if file.spec.optional:
            return False
        where = mapping.document.where((*file.path, "file"))
        raise SourceFileError(
            f"{where}: no file {file.spec.file!r} in {source.root}",
            hint=nearest(file.spec.file, source.names),
        )
    for table in file.tables:
        names = [name for name, _path in names_read(table)]
        for path in paths:
            source.want(path, read_options(file.spec), names)
        for column in table.columns:
            for number, lookup in enumerate(column.spec.lookup):
                lookups.prepare(lookup, (*column.path, "lookup", number))
    return True


def _tables(bound: list[BoundTable], reading: Reading) -> Iterator[TableRows]:
    """The tables in the order in which references allow loading them."""
    for table in CANONICAL:
        parts = [item for item in bound if item.table.table == table.name]
        if parts:
            yield TableStream(table, parts, reading).rows()


__all__ = ["ReadProgress", "read_source"]
