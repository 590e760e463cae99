"""统一社会信用代码 (USCC): stored compact, and only where its check digit is right."""

from __future__ import annotations

from dataclasses import replace

from knowledge.warehouse.batch import Notice, RowChunk

_EXAMPLES = 3


def compact_credit_code(text: str) -> str | None:
    """The code without spaces and dashes, in capitals; None where it is not valid."""
    from stdnum.cn import uscc
    from stdnum.exceptions import ValidationError

    try:
        return str(uscc.validate(text))
    except ValidationError:
        return None


def clean_credit_codes(table: str, chunk: RowChunk) -> tuple[RowChunk, Notice | None]:
    """The chunk with compact codes; a wrong one is left empty, for it would identify nobody.

    The row stays: its company is then known by the source's own id. The notice counts wrong codes.
    """
    if "uscc" not in chunk.columns or len(chunk) == 0:
        return chunk, None
    import pyarrow as pa

    written: list[str | None] = chunk.columns["uscc"].to_pylist()
    codes = [compact_credit_code(text) if text else None for text in written]
    wrong = [text for text, code in zip(written, codes, strict=True) if text and code is None]
    columns = {**chunk.columns, "uscc": pa.array(codes, pa.string())}
    cleaned = replace(chunk, columns=columns)
    if not wrong:
        return cleaned, None
    examples = ", ".join(wrong[:_EXAMPLES])
    return cleaned, Notice("bad_uscc", table, {"count": len(wrong), "examples": examples})
