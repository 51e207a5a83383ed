"""Breaks Chinese text into lines as printers do: no mark where it may not stand, no torn word, even lines.

Between two Chinese characters a line may end, except that no closing mark begins a line and no opening mark ends one
(避头尾), and that words, numbers and Latin text stay whole. ``|`` and a newline always end a line. Pure: widths come
from the caller. For what is read on a screen, the lines of a text are then made as long as each other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

NEVER_FIRST = "，。、；：？！”’）》】〕〉」』｝］…—～·・％‰℃°,.;:?!)]}>%/"
"""Marks that may not begin a line."""

NEVER_LAST = "“‘（《【〔〈「『｛［([{<￥¥＄$№@#"
"""Marks that may not end a line."""

# A line that ends behind one of these, or before an opening mark, reads best.
_STOPS = "，。；：？！、”’）》】〕〉」』"

# Words that a reader stumbles over when they are torn: those of our own texts and of signs in hospitals. Of two that
# begin at the same character the longer one counts.
WORDS = (
    "支付宝 微信 扫一扫 扫码 扫描 二维码 条形码 公众号 小程序 手机 屏幕 多码融合码 多码融合 融合码 "
    "健康码 医保码 医保电子凭证 电子凭证 医保卡 社保卡 身份证 就诊卡 就诊 授权 确认授权 确认 取消 成功 "
    "失败 未成功 已过期 过期 工作人员 医生 护士 窗口 人工窗口 服务台 自助机 自助 大厅 门诊 急诊 住院 "
    "医院 挂号 收费 缴费 取药 药房 检查 检验 化验 报告 登记 注册 办理 继续 重新 获取 出示 保存 拍照 "
    "截图 打开 点击 关注 告诉 告知 得到 使用 现在 返回 上一页 稍候 稍等 正在 完成 联系 如需继续 如需 "
    "需要 如果 请勿 离开 退出 信息 姓名 号码 电话 密码 身份 本人 患者 家属 儿童 老人 上午 下午 今天 "
    "明天 时间 分钟 小时 一楼 二楼 三楼 左侧 右侧 下方 上方 画面 此处 谢谢 您好 欢迎 第一 第二 第三 "
    "人民医院 附属医院 附属 中医院 妇幼保健院 卫生院 大学 院区 收费处 分诊台 信息科 工号 号窗口 以及 "
    "或者 并且 可以 已经 没有 不能 我们 您的 之后 之前 进行 提示 打印 标签 开始 结束 读取 就诊卡号 "
    "卡号 "
).split()
_LATIN = r"[0-9A-Za-z\u00c0-\u024f](?:[0-9A-Za-z\u00c0-\u024f'’._:/?&=%+~#@-]*[0-9A-Za-z\u00c0-\u024f/=%+])?"
_TOKEN = re.compile("|".join([*sorted(map(re.escape, WORDS), key=len, reverse=True), _LATIN, r"\s+", "."]), re.DOTALL)
_CHARACTER = re.compile(r"\s+|.", re.DOTALL)
_BREAK_COST = 16.0  # of a line that ends where nobody pauses, against lines that differ: square characters


def break_lines(text: str, width: float, width_of: Callable[[str], float], *, even: bool = True) -> list[str]:
    """The lines of `text`, as few as possible, none of them empty or with blanks around it.

    Args:
        width: the longest that a line may be. What cannot be broken at all may be longer.
        width_of: how long a piece of text is; of two pieces together it is the sum.
        even: make the lines of a paragraph as long as each other; they are as many either way.
    """
    lines: list[str] = []
    for paragraph in re.split(r"[|\r\n]", text):
        pieces = _pieces(paragraph.strip(), width, width_of)
        if pieces:
            lines += _evenly(pieces, width, width_of) if even else _greedily(pieces, width, width_of)
    return lines


def unbreakable(text: str) -> list[str]:
    """`text` in the pieces between which a line may end; blanks stand at the end of a piece."""
    return _joined(_TOKEN.findall(text))


def _pieces(text: str, width: float, width_of: Callable[[str], float]) -> list[str]:
    """As `unbreakable`; a piece that is too long for a line is divided further: its words, then its letters."""
    pieces: list[str] = []
    for piece in unbreakable(text):
        if width_of(piece.rstrip()) <= width:
            pieces.append(piece)
            continue
        for part in _joined(_CHARACTER.findall(piece)):
            pieces += [part] if width_of(part.rstrip()) <= width or len(part) < 2 else list(part)
    return pieces


def _joined(tokens: Sequence[str]) -> list[str]:
    """Tokens, with those in one piece between which no line may end."""
    pieces: list[str] = []
    quoted = False  # inside of straight quotation marks
    before = ""
    for token in tokens:
        opens = token == '"' and not quoted
        if pieces and (_sticks(before, token) or (token == '"' and quoted)):
            pieces[-1] += token
        else:
            pieces.append(token)
        quoted ^= token == '"'
        if opens:
            before = "“"
        elif not (token.isspace() and before[-1:].isdigit()):  # 60 秒: the blank does not divide them
            before = token
    return pieces


def _sticks(before: str, after: str) -> bool:
    """Whether no line may end between two tokens."""
    if after.isspace() or after[0] in NEVER_FIRST or before[-1] in NEVER_LAST:
        return True
    if unicodedata.category(after[0]) in ("Mn", "Mc", "Me", "Cf", "Sk") or unicodedata.category(before[-1]) == "Cf":
        return True  # an accent, a variation selector, a joiner
    return before[-1].isdigit() and not after[0].isascii()  # a number and what it counts


def _reads_well(before: str, after: str) -> bool:
    """Whether a reader pauses between two pieces anyway."""
    return before.rstrip()[-1:] in _STOPS or after[0] in NEVER_LAST


def _greedily(pieces: Sequence[str], width: float, width_of: Callable[[str], float]) -> list[str]:
    """Every line as long as possible."""
    lines: list[str] = []
    line, length = "", 0.0
    for piece in pieces:
        if line and length + width_of(piece.rstrip()) > width:
            lines.append(line)
            line, length = "", 0.0
        line += piece
        length += width_of(piece)
    return [text for line in [*lines, line] if (text := line.strip())]


def _evenly(pieces: Sequence[str], width: float, width_of: Callable[[str], float]) -> list[str]:
    """As many lines as `_greedily`, as long as each other, and ending behind a stop where that costs little."""
    count = len(_greedily(pieces, width, width_of))
    if count < 2:
        return ["".join(pieces).strip()]
    lengths = [width_of(piece) for piece in pieces]
    bare = [width_of(piece.rstrip()) for piece in pieces]
    mean = sum(lengths) / count
    penalty = _BREAK_COST * width_of("中") ** 2
    # Where each line may end at the latest, and at the earliest if the rest is to fit into the lines that follow.
    latest = _ends(lengths, bare, width)
    earliest = [len(pieces) - end for end in _ends(lengths[::-1], lengths[::-1], width)][::-1]
    earliest = [*earliest[1:], len(pieces)] if len(earliest) == count else [0] * count
    # best[k]: for every end of line k, the cost up to there and where the line begins
    best: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]
    for number in range(count):
        following: dict[int, tuple[float, int]] = {}
        for start, (cost, _start) in best[-1].items():
            length = 0.0
            for end in range(start + 1, min(latest[number], len(pieces)) + 1):
                line = length + bare[end - 1]
                if line > width and end > start + 1:
                    break
                length += lengths[end - 1]
                if end < earliest[number]:
                    continue
                total = cost + (line - mean) ** 2
                if end < len(pieces) and not _reads_well(pieces[end - 1], pieces[end]):
                    total += penalty
                if end not in following or total < following[end][0]:
                    following[end] = (total, start)
        best.append(following)
    end = len(pieces)
    if end not in best[count]:  # blanks at the ends of lines count in one direction only
        return _greedily(pieces, width, width_of)
    lines: list[str] = []
    for number in range(count, 0, -1):
        start = best[number][end][1]
        lines.insert(0, "".join(pieces[start:end]).strip())
        end = start
    return [line for line in lines if line]


def _ends(lengths: Sequence[float], bare: Sequence[float], width: float) -> list[int]:
    """Where lines end that are each as long as possible; `bare` are the lengths without a blank at the end."""
    ends: list[int] = []
    length = 0.0
    for index, piece in enumerate(bare):
        if length and length + piece > width:
            ends.append(index)
            length = 0.0
        length += lengths[index]
    return [*ends, len(bare)]
