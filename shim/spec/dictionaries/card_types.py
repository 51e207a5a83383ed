"""VC appendix 2.7: kinds of cards.

What it is: the union of the tables of VC 4.1.1, 4.2.2, 4.3.1, 4.7.2 and appendix 2.7, which disagree;
the names are those of 4.2.2, the fullest, and the notes tell what the others print.
What it is not: a lookup or a check of values. Use it through ``shim.spec.DICTIONARIES``.
Edition: VC V1.1.2 of 2020-06-08.
"""

from __future__ import annotations

from shim.spec.rows import Dictionary, Entry

# VC 附录2.7 卡类型字典
CARD_TYPES = Dictionary(
    name="card_types",
    title="卡类型字典",
    clause="VC 附录2.7",
    entries=(
        Entry("01", "社保卡", note="4.1.1 与 4.7.2 的 card_list 印作厦门社保卡"),
        Entry("02", "市民健康正式卡", note="4.1.1 与 4.7.2 的 card_list 印作市民正式卡"),
        Entry("03", "市民健康临时卡", note="4.1.1 与 4.7.2 的 card_list 印作市民临时卡"),
        Entry("04", "市民卡（经信局）", note="4.1.1 印作经信局市民卡，4.7.2 的 card_list 印作异地社保卡"),
        Entry("05", "居民健康卡", note="附录2.7 印作健康卡，4.7.2 的 card_list 印作其他"),
        Entry("A2", "医保电子凭证", note="仅见于 4.2.2"),
    ),
)
