"""What is probably wrong with a scanner, judged by what came over its line: one Chinese sentence for a clerk. Pure.

A guess, and worded as one. Used for the text of a time-out, which `vcshim scan` also prints.
"""

from __future__ import annotations

from shim.devices.scanner.framing import Framing, LineStatistics
from shim.devices.scanner.triggers import Trigger

_MOSTLY = 0.8


def guess(statistics: LineStatistics, trigger: Trigger, framing: Framing) -> str:
    """Why no code came, most telling sign first."""
    if statistics.refused:
        return f"扫码枪不认识唤醒指令，请核对 [scanner] make（现为 {trigger.make}）与型号是否相符"
    if statistics.waiting:
        return (
            f"收到 {statistics.waiting} 个字节但没有等到结束符，请核对 [scanner] terminator"
            f"（现为 {framing.ending.value}），一般用 auto"
        )
    received = statistics.received
    if statistics.noise and statistics.noise > framing.limit:
        return f"收到 {received} 个字节，其中没有二维码，请检查串口是否接着别的设备、波特率 baud 是否相符"
    if statistics.noise and statistics.printable < received * _MOSTLY:
        return f"收到 {received} 个字节的乱码，多半是波特率不符，请核对 [scanner] baud 与扫码枪的设置"
    if statistics.noise:
        return f"只收到 {received} 个零散字节，请对准二维码重新扫码；反复出现请检查接线和波特率"
    if statistics.gave_up or statistics.accepted:
        return "扫码枪工作正常但没有读到二维码，请患者出示并调亮二维码，距离约 10 厘米"
    if not trigger.start:
        return "没有收到任何数据，请按下扫码键，并确认扫码枪设为串口（USB 虚拟串口）模式"
    return (
        "没有收到任何数据，请看扫码枪的灯是否亮起：不亮请核对 [scanner] 的端口、make、波特率和串口模式；"
        "亮着请患者出示二维码"
    )
