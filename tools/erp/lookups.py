"""Look-ups between source files: a value becomes that of another file's row."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from leadline.errors import SourceFileError
from tools.erp.columns import to_text
from tools.erp.folder import SourceFolder
from tools.erp.mapping import Mapping, nearest
from tools.erp.mapping_document import LookupSpec
from tools.erp.origins import columns_of, filled_template, resolve_column
from tools.erp.sheets import Frame, ReadOptions
from tools.erp.yaml_lines import Path as DocumentPath


@dataclass
class Lookups:
    """The look-up tables of one load, each read once, at its first use."""

    folder: SourceFolder
    mapping: Mapping
    _tables: dict[LookupSpec, dict[str, str | None]] = field(default_factory=dict)

    def prepare(self, spec: LookupSpec, path: DocumentPath) -> None:
        """Note which columns of which file will be needed.

        Raises:
            SourceFileError: the file is not there.
        """
        for file in self._files(spec, path):
            self.folder.want(file, ReadOptions(sheet=spec.sheet), [spec.by, *columns_of(spec.take)])

    def table(self, spec: LookupSpec, path: DocumentPath) -> dict[str, str | None]:
        """What each value of `by` stands for.

        Raises:
            MappingError: a column is not in the file.
            SourceFileError: two rows give different results for one value.
        """
        if spec not in self._tables:
            self._tables[spec] = self._read(spec, path)
        return self._tables[spec]

    def _files(self, spec: LookupSpec, path: DocumentPath) -> list[Path]:
        files = self.folder.match(spec.file)
        if not files:
            where = self.mapping.document.where((*path, "file"))
            raise SourceFileError(
                f"{where}: no file {spec.file!r} in {self.folder.root}",
                hint=nearest(spec.file, self.folder.names),
            )
        return files

    def _read(self, spec: LookupSpec, path: DocumentPath) -> dict[str, str | None]:
        found: dict[str, str | None] = {}
        for file in self._files(spec, path):
            label = self.folder.label(file)
            for sheet in self.folder.open(file, ReadOptions(sheet=spec.sheet)):
                index = {
                    name: resolve_column(sheet, label, name, self.mapping, path).index
                    for name in [spec.by, *columns_of(spec.take)]
                }
                for frame in sheet.frames(list(index.values())):
                    _add(found, frame, index, spec)
        return found


def _add(
    found: dict[str, str | None], frame: Frame, index: dict[str, int], spec: LookupSpec
) -> None:
    columns = {name: frame.column(position) for name, position in index.items()}
    keys = to_text(columns[spec.by]).to_pylist()
    values = filled_template(spec.take, columns).to_pylist()
    for key, value in zip(keys, values, strict=True):
        if key is not None and found.setdefault(key, value) != value:
            raise SourceFileError(
                f"{spec.file}: {spec.by} {key!r} stands for {found[key]!r} and for {value!r}",
                hint="look up by a column whose values are unique",
            )
