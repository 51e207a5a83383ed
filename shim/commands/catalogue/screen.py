"""The texts of `vcshim screen`."""

from __future__ import annotations

from shim.commands.language import Phrase

HELP = Phrase(
    "试扩展屏：依次显示每种画面，或把一幅画面存成图片", "try the extension screen: show every page, or save one"
)
DESCRIPTION = Phrase(
    "试扩展屏（副屏）：依次显示每种画面，或把一幅画面存成图片。读取 --folder 中 vcshim.ini 的 [screen]。"
    "内容是虚构的，不连接平台。",
    "Try the extension screen: show every page in turn, or write one into a picture file. Reads the [screen] section "
    "of the vcshim.ini in --folder. What is shown is invented; no platform is asked.",
)
SECONDS = Phrase("每种画面显示的秒数（默认：4）", "seconds for each page (default: 4)")
PNG = Phrase("不显示，把一幅画面存成这个图片文件", "show nothing, write one page into this picture file")
STATE = Phrase("--png 存哪一种画面（默认：waiting）", "the page for --png (default: waiting)")
SIZE = Phrase("--png 的宽和高，像素（默认：1024x600）", "width and height for --png, in pixels (default: 1024x600)")
BAD_SIZE = Phrase("{word} 不是宽和高的像素数，例如 1024x600", "{word} is not a width and a height, such as 1024x600")
SAVED = Phrase("已保存到 {file}", "Saved to {file}")
NOT_SET_UP = Phrase(
    "本机没有设置扩展屏，请在 vcshim.ini 的 [screen] 设置 type",
    "no extension screen is set up on this PC: set type in [screen] of vcshim.ini",
)
SHOWN = Phrase("显示：{page}", "Shown: {page}")
HIDDEN = Phrase("收起", "Hidden")
NOT_SHOWN = Phrase("扩展屏 {seconds} 秒内没有显示，请再试一次", "the screen showed nothing for {seconds} s; try again")
WAITING = Phrase("等待授权", "waiting for consent")
REFUSED = Phrase("授权未成功，二维码保留", "consent failed, the code stays")
SUCCEEDED = Phrase("授权成功", "consent given")
REGISTERED = Phrase("注册成功后的新码（静态码）", "the new code after a registration (does not expire)")
REGISTERED_EXPIRING = Phrase("注册成功后的新码（限时码）", "the new code after a registration (expires)")
FOLLOW = Phrase("公众号关注码", "the code of the public account")
