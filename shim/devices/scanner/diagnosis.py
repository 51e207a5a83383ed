"""What is probably wrong with a scanner, guessed from what came: one Chinese sentence for a clerk. Pure.

Not certain knowledge, and said so by its words. L2, used by scanning.py for the text of a timeout, and by
`vcshim scan`.
"""

from __future__ import annotations

from shim.devices.scanner.framing import Framing, Seen
from shim.devices.scanner.triggers import Trigger

_MOSTLY = 0.8


def guess(seen: Seen, trigger: Trigger, framing: Framing) -> str:
    """Why `seen` holds no code, most telling sign first."""
    if seen.refused:
        return f"扫码枪不认识唤醒指令，请核对 [scanner] make（现为 {trigger.make}）与型号是否相符"
    if seen.waiting:
        return (
            f"收到 {seen.waiting} 个字节但没有等到结束符，请核对 [scanner] terminator（现为 {framing.ending.value}），"
            "一般用 auto"
        )
    if seen.noise and seen.noise > framing.limit:
        return f"收到 {seen.received} 个字节，其中没有二维码，请检查串口是否接着别的设备、波特率 baud 是否相符"
    if seen.noise and seen.printable < seen.received * _MOSTLY:
        return f"收到 {seen.received} 个字节的乱码，多半是波特率不符，请核对 [scanner] baud 与扫码枪的设置"
    if seen.noise:
        return f"只收到 {seen.received} 个零散字节，请对准二维码重新扫码；反复出现请检查接线和波特率"
    if seen.gave_up or seen.accepted:
        return "扫码枪工作正常但没有读到二维码，请患者出示并调亮二维码，距离约 10 厘米"
    if not trigger.start:
        return "没有收到任何数据，请按下扫码键，并确认扫码枪设为串口（USB 虚拟串口）模式"
    return (
        "没有收到任何数据，请看扫码枪的灯是否亮起：不亮请核对 [scanner] 的端口、make、波特率和串口模式；"
        "亮着请患者出示二维码"
    )
