"""VC 4.2.1: values of IsMultiCode.

What it is: the values printed in the remark of the parameter.
What it is not: a lookup or a check of values. Use it through ``shim.spec.DICTIONARIES``.
Edition: VC V1.1.2 of 2020-06-08.
"""

from __future__ import annotations

from shim.spec.rows import Dictionary, Entry

# VC 4.2.1 是否支持多码融合平台
MULTI_CODE_FLAGS = Dictionary(
    name="multi_code_flags",
    title="是否支持多码融合平台",
    clause="VC 4.2.1",
    entries=(
        Entry("0", "不支持"),
        Entry("1", "支持"),
    ),
)
