"""The mapping document as a person writes it: which file fills which table, column by column.

Only its form is checked here (pydantic); whether tables, columns and units exist is the matter of
`tools.erp.mapping`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

SPECIAL_COLUMNS = ("@row", "@file", "@sheet")
"""The row's number, the file's name without extension and the sheet's name, usable as columns."""


def _text(value: Any) -> Any:
    """Whole numbers and true/false are taken as they were written."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int) else value


def _texts(value: Any) -> Any:
    return [value] if isinstance(value, str | int) else value


Text = Annotated[str, BeforeValidator(_text)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_texts)]


def _rows(value: Any) -> Any:
    return [value] if isinstance(value, int) and not isinstance(value, bool) else value


Rows = Annotated[tuple[Annotated[int, Field(ge=1, le=200)], ...], BeforeValidator(_rows)]


class Part(BaseModel):
    """Base of all parts of the document: no unknown options, immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class LookupSpec(Part):
    """Replace a value by `take` of the row of another file in which the column `by` holds it."""

    file: Text
    sheet: Text | None = None
    by: Text
    take: Text
    """A column of that file, or a template of several (`{CountryCode}-{StateCode}`)."""


class SplitSpec(Part):
    """Cut a text at `by` and take one part: 1 is the first, -1 the last."""

    by: str
    part: int = 1


def _lookups(value: Any) -> Any:
    return [value] if isinstance(value, dict) else value


class ColumnSpec(Part):
    """Where a canonical column comes from, and how its cells are read.

    One of `column`, `const`, `template`, `join`; then, in this order: `split`, `map`, `lookup`,
    reading by `unit` or `date_format`, `default`.
    """

    column: Text | None = None
    const: Text | None = None
    template: Text | None = None
    join: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None
    separator: str = " "
    """Stands between the values of `join`; empty values are left out."""
    split: SplitSpec | None = None
    map: dict[str, Text | None] | None = None
    lookup: Annotated[tuple[LookupSpec, ...], BeforeValidator(_lookups)] = ()
    unmatched: Literal["keep", "error", "empty"] | None = None
    """A value that `map` or `lookup` does not know: kept (usual for map), a row error (usual for
    lookup), or left empty."""
    invalid: Literal["reject", "empty"] = "reject"
    """What a cell that cannot be read does: its row is refused, or it is left empty and counted."""
    unit: Text | None = None
    date_format: Texts = ()
    default: Text | None = None
    required: bool = False

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        """`name: Heading` is short for `name: {column: Heading}`."""
        if isinstance(value, str | int) and not isinstance(value, bool):
            return {"column": value}
        return value

    @model_validator(mode="after")
    def _one_origin(self) -> ColumnSpec:
        given = [
            name
            for name in ("column", "const", "template", "join")
            if getattr(self, name) is not None
        ]
        if len(given) != 1:
            found = ", ".join(given) or "none"
            raise ValueError(f"give exactly one of column, const, template, join (given: {found})")
        return self


class WhereSpec(Part):
    """A condition on one source column; a row stays when all conditions hold."""

    any_of: tuple[Text, ...] | None = None
    none_of: Annotated[Texts | None, Field(alias="not")] = None
    empty: bool | None = None

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        """A value or a list of values is short for `{any_of: […]}`."""
        if isinstance(value, str | int):
            return {"any_of": [value]}
        return {"any_of": value} if isinstance(value, list) else value


class KeepSpec(Part):
    """Which of several rows with one key counts: first or last, in file order or by a column."""

    first_by: Text | None = None
    last_by: Text | None = None
    order: Literal["first", "last"] | None = None

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        if value in ("first", "last"):
            return {"order": value}
        if not isinstance(value, dict) or len(value) != 1:
            raise ValueError("write `first`, `last`, `{first_by: COLUMN}` or `{last_by: COLUMN}`")
        return value


class TableSpec(Part):
    """One canonical table that a file fills."""

    columns: Annotated[dict[str, ColumnSpec], Field(min_length=1)]
    where: dict[str, WhereSpec] = Field(default_factory=dict)
    keep: KeepSpec | None = None


class FileSpec(Part):
    """One file (or a pattern for several alike) and the tables that it fills."""

    file: Text
    sheet: Text | None = None
    header_rows: Rows | None = None
    skip_rows: Annotated[int, Field(ge=0)] = 0
    encoding: str | None = None
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    totals: bool | Texts | None = None
    """Skip total rows: yes or no (else: in CSV and Excel yes), or the words that mark them."""
    optional: bool = False
    """The file may be absent."""
    where: dict[str, WhereSpec] = Field(default_factory=dict)
    tables: Annotated[dict[str, TableSpec], Field(min_length=1)]


class MappingSpec(Part):
    """The whole document."""

    source: Annotated[Text, Field(min_length=1, max_length=60)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None
    """ISO code: fills every `currency` column that is not mapped; its marks may stand in cells."""
    timezone: str | None = None
    files: Annotated[tuple[FileSpec, ...], Field(min_length=1)]


PARTS: tuple[tuple[tuple[str, ...], type[Part]], ...] = (
    ((), MappingSpec),
    (("files", "*"), FileSpec),
    (("files", "*", "where", "*"), WhereSpec),
    (("files", "*", "tables", "*"), TableSpec),
    (("files", "*", "tables", "*", "where", "*"), WhereSpec),
    (("files", "*", "tables", "*", "keep"), KeepSpec),
    (("files", "*", "tables", "*", "columns", "*"), ColumnSpec),
    (("files", "*", "tables", "*", "columns", "*", "split"), SplitSpec),
    (("files", "*", "tables", "*", "columns", "*", "lookup"), LookupSpec),
    (("files", "*", "tables", "*", "columns", "*", "lookup", "*"), LookupSpec),
)
"""Which part stands at which place (`*`: any key or position), to tell what is allowed there."""
