"""The texts of `vcshim journal`."""

from __future__ import annotations

from shim.commands.language import Phrase
from shim.journal.calls import CallOutcome

HELP = Phrase(
    "列出结果未知的交易，核对后标记；交易流水导出", "list calls of unknown outcome, mark them once settled; export"
)
DESCRIPTION = Phrase(
    "列出本机当前用户结果未知、还没有核对的交易：可能已办成的，以及发出后没有见到结束的（正在办理，或医院程序已被结束）。"
    "到平台按时间和流水号查到结果后，用 --settle 标记。医院程序运行时也可以使用；交易流水不含患者信息。",
    "List this user's calls on this PC whose outcome is unknown and not settled yet: those that may be done, and those "
    "that were sent and never ended (still under way, or the host was killed). Look them up at the platform by time "
    "and serial number, then mark them with --settle. Hosts may be running. The journal holds nothing of a patient.",
)
ALL = Phrase("列出全部交易，不只是结果未知的", "list every call, not only those of unknown outcome")
DAY = Phrase("只列这一天的：yyyymmdd 或 yyyy-mm-dd", "only those of this day: yyyymmdd or yyyy-mm-dd")
FUNCTION = Phrase("只列这个函数的，例如 VirtualCardTrans", "only those of this function, such as VirtualCardTrans")
METHOD = Phrase("只列这个 method 或 transType 的", "only those of this method or transType")
CODE = Phrase("只列这个返回码的，例如 3003", "only those with this return code, such as 3003")
CSV = Phrase(
    "把列出的各行保存为 CSV 文件（UTF-8，可用 Excel 打开）", "save the rows as a CSV file (UTF-8, opens in Excel)"
)
SETTLE = Phrase("把这些编号的交易标记为已核对", "mark the calls of these numbers as settled")
NOTE = Phrase(
    "与 --settle 一起：备注，例如“平台已查到”；请勿写患者信息", "with --settle: a remark; nothing of a patient"
)
UNSETTLE = Phrase("取消这些编号的标记", "take the marks of these numbers off")

NOT_A_DAY = Phrase("{word} 不是日期，应形如 20260131", "{word} is not a day, such as 20260131")
NOTE_ALONE = Phrase("--note 要与 --settle 一起写", "--note goes with --settle")
NOTE_TOO_LONG = Phrase(
    "备注最多 {most} 字，实为 {length} 字", "a note has {most} characters at most, this one {length}"
)

NO_JOURNAL = Phrase("还没有交易流水：{file}", "there is no journal yet: {file}")
NOTHING_OPEN = Phrase("没有结果未知的交易", "No call of unknown outcome")
NOTHING_FOUND = Phrase("没有符合条件的交易", "No call matches")
NEXT = Phrase(
    "到平台查到结果后，用 vcshim journal --settle 编号 标记。",
    "Once you know the outcome from the platform: vcshim journal --settle NUMBER",
)
SETTLED = Phrase("已标记 {count} 笔", "{count} marked as settled")
UNSETTLED = Phrase("已取消标记 {count} 笔", "{count} no longer marked")
SAVED = Phrase("已保存到 {file}：{count} 笔", "Saved to {file}: {count}")
NO_NUMBER = Phrase(
    "没有编号为 {numbers} 的交易，没有作任何标记", "no call has the number {numbers}; nothing was marked"
)
NOT_UNKNOWN = Phrase(
    "编号 {numbers} 的结果已经知道，不需要核对，没有作任何标记",
    "the outcome of {numbers} is known, there is nothing to settle; nothing was marked",
)

BUSY = Phrase("{file} 正被其他程序占用，请稍后再试", "{file} is in use by another program, try again later")
DAMAGED = Phrase(
    "{file} 已损坏；医院程序下次写入时会将它改名留存并另建新文件",
    "{file} is damaged; the next call of a host puts it aside and begins a new one",
)
FOREIGN = Phrase("{file} 不是 vcshim 的交易流水", "{file} is not a journal of vcshim")
READ_ONLY = Phrase(
    "{file} 不能写，请检查文件和文件夹的权限", "{file} cannot be written, check the rights of file and folder"
)
FULL = Phrase("{file} 写不进去：磁盘已满", "{file} cannot be written, the disk is full")
UNUSABLE = Phrase("{file} 不能读写（{cause}）", "{file} cannot be read or written ({cause})")

NUMBER_TITLE = Phrase("编号", "number")
TIME_TITLE = Phrase("时间", "time")
HOST_TITLE = Phrase("医院程序", "host")
MODE_TITLE = Phrase("由谁应答", "mode")
FUNCTION_TITLE = Phrase("函数", "function")
METHOD_TITLE = Phrase("交易类型", "method")
SERIAL_TITLE = Phrase("流水号", "serial number")
SENT_TITLE = Phrase("已发出", "sent")
OUTCOME_TITLE = Phrase("结果", "outcome")
CODE_TITLE = Phrase("返回码", "code")
MILLISECONDS_TITLE = Phrase("毫秒", "milliseconds")
SETTLED_TITLE = Phrase("核对时间", "settled")
SETTLED_BY_TITLE = Phrase("核对人", "settled by")
NOTE_TITLE = Phrase("备注", "note")

YES = Phrase("是", "yes")
NO = Phrase("否", "no")

OUTCOMES: dict[CallOutcome, Phrase] = {
    CallOutcome.SENDING: Phrase("没有见到结束", "never ended"),
    CallOutcome.SUCCESS: Phrase("成功", "success"),
    CallOutcome.REFUSED: Phrase("平台未受理", "refused"),
    CallOutcome.NOT_DONE: Phrase("没有提交", "not submitted"),
    CallOutcome.UNKNOWN: Phrase("可能已办成", "may be done"),
    CallOutcome.NO_RESULT: Phrase("没有结果，不影响业务", "no result, nothing changed"),
    CallOutcome.DONE: Phrase("已办成，结果太长", "done, the answer did not fit"),
    CallOutcome.PERHAPS: Phrase("设备可能已动作", "the device may have acted"),
}
