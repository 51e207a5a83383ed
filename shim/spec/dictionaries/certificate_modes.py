"""VC 4.1.1: values of certificate_mode.

What it is: the values printed in the remark of the parameter.
What it is not: a lookup or a check of values. Use it through ``shim.spec.DICTIONARIES``.
Edition: VC V1.1.2 of 2020-06-08.
"""

from __future__ import annotations

from shim.spec.rows import Dictionary, Entry

# VC 4.1.1 认证方式
CERTIFICATE_MODES = Dictionary(
    name="certificate_modes",
    title="认证方式",
    clause="VC 4.1.1",
    entries=(
        Entry("01", "身份证实名认证"),
        Entry("02", "社保卡实名认证"),
    ),
)
