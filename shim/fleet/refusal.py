"""Why the settings of the hospital's file are not taken: rows, in Chinese for the log and `vcshim fleet`.

The PC goes on with the last good ones. Not messages of calls (shim/messages): no call fails for these.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FleetOutcome:
    """What became of one look at the file.

    Attributes:
        key: for programs.
        text: for the log and people; it may hold {facts}.
        level: as logging has it.
    """

    key: str
    text: str
    level: int = 30


TAKEN = FleetOutcome("taken", "已采用集中设置第 {serial} 号", 20)
IN_FORCE = FleetOutcome("in_force", "集中设置没有变化，仍为第 {serial} 号", 10)
NOT_YET = FleetOutcome("not_yet", "集中设置第 {serial} 号还没有轮到本机", 20)

_KEPT = "；没有采用，沿用上一次的集中设置"
NOT_THERE = FleetOutcome("not_there", "集中设置的文件不存在" + _KEPT)
UNREADABLE = FleetOutcome("unreadable", "集中设置取不到：{why}" + _KEPT)
TOO_LARGE = FleetOutcome("too_large", "集中设置的文件超过 1 MB" + _KEPT)
BAD_HEAD = FleetOutcome("bad_head", "集中设置的文件头不对，应由 vcshim fleet sign 制作" + _KEPT)
NOT_SIGNED = FleetOutcome("not_signed", "集中设置没有签名，而 [fleet] public_key 要求签名" + _KEPT)
WRONG_SIGNATURE = FleetOutcome("wrong_signature", "集中设置的签名不对" + _KEPT)
WRONG_DIGEST = FleetOutcome("wrong_digest", "集中设置的校验和不对，文件可能没有写完" + _KEPT)
NO_KEY = FleetOutcome("no_key", "[fleet] public_key 应为 64 个十六进制字符；来源为 http:// 时必须设置" + _KEPT)
NO_KEY_HERE = FleetOutcome("no_key_here", "集中设置有签名，而本机没有设 [fleet] public_key，无法验证" + _KEPT)
NO_CRYPTO = FleetOutcome("no_crypto", "本机无法验证集中设置：{why}" + _KEPT)
OLDER = FleetOutcome("older", "集中设置第 {serial} 号比本机的第 {before} 号旧" + _KEPT)
SAME_NUMBER = FleetOutcome("same_number", "集中设置第 {serial} 号的内容与本机已有的同号设置不同" + _KEPT)
PROBLEMS = FleetOutcome(
    "problems", "集中设置有 {count} 处问题，整个文件没有采用，沿用上一次的集中设置。第一处：{first}"
)
OWN_SECTION = FleetOutcome("own_section", "集中设置中不能有 [fleet] 节" + _KEPT)
STOPS_CALLS = FleetOutcome("stops_calls", "集中设置与本机的设置合在一起不能使用：{why}" + _KEPT)
NOT_KEPT = FleetOutcome("not_kept", "集中设置不能保存到本机：{why}" + _KEPT)


class Refused(Exception):
    """The file is not taken."""

    def __init__(self, outcome: FleetOutcome, **facts: object) -> None:
        self.outcome = outcome
        self.text = outcome.text.format(**facts)
        super().__init__(self.text)
