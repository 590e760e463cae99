"""统一社会信用代码: stored in compact form, and only where the check digit is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.erp.arrow import kernels
from tools.erp.columns import each_distinct

if TYPE_CHECKING:
    from tools.erp.arrow import ArrowArray


def checked_uscc(codes: ArrowArray) -> tuple[ArrowArray, list[str]]:
    """The codes in compact form, null where the check digit is wrong; and the wrong ones.

    A wrong code must not identify a company: two records would be taken for one, or one for two.
    """
    import pyarrow as pa
    from stdnum.cn import uscc
    from stdnum.exceptions import ValidationError

    wrong: set[str] = set()

    def check(code: str) -> str | None:
        try:
            return str(uscc.validate(code.upper()))
        except ValidationError:
            wrong.add(code)
            return None

    checked = each_distinct(codes, check, pa.string())
    listed = kernels().is_in(codes, value_set=pa.array(sorted(wrong), pa.string()))
    return checked, [str(code) for code in codes.filter(listed).to_pylist()]
