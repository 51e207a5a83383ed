"""Why the settings of the hospital's file are not taken: rows, Chinese in the log, both languages in `vcshim fleet`.

The PC goes on with the last good ones. Not messages of calls (shim/messages): no call fails for these.
"""

from __future__ import annotations

from dataclasses import dataclass

from shim.bilingual import Bilingual, filled


@dataclass(frozen=True, slots=True)
class FleetOutcome:
    """What became of one look at the file.

    Attributes:
        key: for programs.
        text, english: for the log and people; they may hold {facts}.
        level: as logging has it.
    """

    key: str
    text: str
    english: str
    level: int = 30

    def told(self, **facts: object) -> Bilingual:
        """The text in both languages."""
        return filled(self.text, self.english, facts)


TAKEN = FleetOutcome(
    "taken", "已采用集中设置第 {serial} 号",
    "the hospital's settings number {serial} are in force now", 20,
)  # fmt: skip
IN_FORCE = FleetOutcome(
    "in_force", "集中设置没有变化，仍为第 {serial} 号",
    "the hospital's settings are unchanged, number {serial}", 10,
)  # fmt: skip
NOT_YET = FleetOutcome(
    "not_yet", "集中设置第 {serial} 号还没有轮到本机",
    "it is not yet the turn of this PC to take the hospital's settings number {serial}", 20,
)  # fmt: skip

_KEPT = "；没有采用，沿用上一次的集中设置"
_KEPT_ENGLISH = "; it was not taken, and the last good one stays in force"
NOT_THERE = FleetOutcome(
    "not_there", "集中设置的文件不存在" + _KEPT,
    "the file of the hospital's settings does not exist" + _KEPT_ENGLISH,
)  # fmt: skip
UNREADABLE = FleetOutcome(
    "unreadable", "集中设置取不到：{why}" + _KEPT,
    "the file of the hospital's settings cannot be had: {why}" + _KEPT_ENGLISH,
)  # fmt: skip
TOO_LARGE = FleetOutcome(
    "too_large", "集中设置的文件超过 1 MB" + _KEPT,
    "the file of the hospital's settings has more than 1 MB" + _KEPT_ENGLISH,
)  # fmt: skip
BAD_HEAD = FleetOutcome(
    "bad_head", "集中设置的文件头不对，应由 vcshim fleet sign 制作" + _KEPT,
    "the head of the hospital's settings is wrong; vcshim fleet sign makes the file" + _KEPT_ENGLISH,
)  # fmt: skip
NOT_SIGNED = FleetOutcome(
    "not_signed", "集中设置没有签名，而 [fleet] public_key 要求签名" + _KEPT,
    "the hospital's settings have no signature, which [fleet] public_key asks for" + _KEPT_ENGLISH,
)  # fmt: skip
WRONG_SIGNATURE = FleetOutcome(
    "wrong_signature", "集中设置的签名不对" + _KEPT,
    "the signature of the hospital's settings is wrong" + _KEPT_ENGLISH,
)  # fmt: skip
WRONG_DIGEST = FleetOutcome(
    "wrong_digest", "集中设置的校验和不对，文件可能没有写完" + _KEPT,
    "the checksum of the hospital's settings is wrong; the file may not have been written to its end" + _KEPT_ENGLISH,
)  # fmt: skip
NO_KEY = FleetOutcome(
    "no_key", "[fleet] public_key 应为 64 个十六进制字符；来源为 http:// 时必须设置" + _KEPT,
    "[fleet] public_key should be 64 hexadecimal characters, and must be set for a source with http://" + _KEPT_ENGLISH,
)  # fmt: skip
NO_KEY_HERE = FleetOutcome(
    "no_key_here", "集中设置有签名，而本机没有设 [fleet] public_key，无法验证" + _KEPT,
    "the hospital's settings have a signature, and this PC has no [fleet] public_key to check it" + _KEPT_ENGLISH,
)  # fmt: skip
NO_CRYPTO = FleetOutcome(
    "no_crypto", "本机无法验证集中设置：{why}" + _KEPT,
    "this PC cannot check the hospital's settings: {why}" + _KEPT_ENGLISH,
)  # fmt: skip
OLDER = FleetOutcome(
    "older", "集中设置第 {serial} 号比本机的第 {before} 号旧" + _KEPT,
    "the hospital's settings number {serial} are older than number {before} of this PC" + _KEPT_ENGLISH,
)  # fmt: skip
SAME_NUMBER = FleetOutcome(
    "same_number", "集中设置第 {serial} 号的内容与本机已有的同号设置不同" + _KEPT,
    "the hospital's settings number {serial} differ from those of the same number on this PC" + _KEPT_ENGLISH,
)  # fmt: skip
PROBLEMS = FleetOutcome(
    "problems", "集中设置有 {count} 处问题，整个文件没有采用，沿用上一次的集中设置。第一处：{first}",
    "the hospital's settings have {count} problems; the file was not taken, and the last good one stays in force. The "
    "first: {first}",
)  # fmt: skip
OWN_SECTION = FleetOutcome(
    "own_section", "集中设置中不能有 [fleet] 节" + _KEPT,
    "the hospital's settings may not have a section [fleet]" + _KEPT_ENGLISH,
)  # fmt: skip
STOPS_CALLS = FleetOutcome(
    "stops_calls", "集中设置与本机的设置合在一起不能使用：{why}" + _KEPT,
    "the hospital's settings cannot be used together with those of this PC: {why}" + _KEPT_ENGLISH,
)  # fmt: skip
NOT_KEPT = FleetOutcome(
    "not_kept", "集中设置不能保存到本机：{why}" + _KEPT,
    "the hospital's settings cannot be kept on this PC: {why}" + _KEPT_ENGLISH,
)  # fmt: skip


class Refused(Exception):
    """The file is not taken."""

    def __init__(self, outcome: FleetOutcome, **facts: object) -> None:
        self.outcome = outcome
        self.text = outcome.told(**facts)
        super().__init__(self.text)
