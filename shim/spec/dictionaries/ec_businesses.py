"""EC table C.1: what a code is shown for.

What it is: the table as printed; the code is the first and the second column joined, as the
example under the table does. ``parent`` is the first column: see ``business_groups``.
What it is not: a lookup or a check of values. Use it through ``shim.spec.DICTIONARIES``.
Edition: EC XJ-D01-2019 of 2019-12-17.
"""

from __future__ import annotations

from shim.spec.rows import Dictionary, Entry

# EC C.1 电子凭证用码业务类型表
EC_BUSINESSES = Dictionary(
    name="ec_businesses",
    title="电子凭证用码业务类型表",
    clause="EC C.1",
    entries=(
        Entry("01101", "挂号", "替代社保卡（预约挂号，现场挂号，取号候诊）", "01"),
        Entry("01102", "住院建档", "替代身份证、社保卡", "01"),
        Entry("01103", "入院登记", "替代社保卡", "01"),
        Entry("01104", "缴纳预缴金", "替代住院押金卡", "01"),
        Entry("01201", "问诊", "替代挂号条、社保卡", "01"),
        Entry("01202", "预约检查", "替代检查凭条、社保卡", "01"),
        Entry("01203", "检查", "替代检查凭条、社保卡", "01"),
        Entry("01204", "治疗", "替代挂号条、社保卡", "01"),
        Entry("01301", "结算", "替代社保卡（门诊结算，出院结算）", "01"),
        Entry("01302", "取药", "替代取药凭条、社保卡（门诊取药，出院带药）", "01"),
        Entry("01303", "取报告", "替代取报告凭条", "01"),
        Entry("01304", "打印票据和清单", "替代挂号条、社保卡（打印收费清单，票据清单，结算单，异地就医结算单）", "01"),
        Entry("01305", "病历材料复印", "替代身份证、社保卡（门诊和住院各类材料复印）", "01"),
        Entry("02121", "药店购药", "替代社保卡", "02"),
        Entry("02122", "下载外购处方", "替代社保卡、身份证", "02"),
        Entry("03131", "医疗类 APP 线上身份认证", "替代社保卡，目前地方医保 APP 都是绑定社保卡", "03"),
        Entry("03132", "医疗类 APP 线上结算", "替代社保卡，目前地方医保 APP 都是绑定社保卡", "03"),
    ),
)
