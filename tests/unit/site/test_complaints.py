"""Every complaint that is known of such DLLs has its place in docs/troubleshooting.md, under a heading that says it.

The complaints are those of public issue threads about the vendors' DLLs and about programs like ours.
"""

from __future__ import annotations

import pytest

from buildlib.site.links import read
from buildlib.site.render import Document

COMPLAINTS = {
    "32-bit program, 64-bit DLL": "提示“不是有效的 Win32 应用程序”，或者找不到动态库",
    "the DLL is not found": "提示“扫码组件不能启动”",
    "a DLL of a driver is not found": "原厂要求切换当前目录，或者报找不到驱动的动态库",
    "it works from one working directory only": "原厂要求切换当前目录，或者报找不到驱动的动态库",
    "garbled Chinese": "汉字变成乱码或问号",
    "wide strings of a Unicode host": "汉字变成乱码或问号",
    "the charset of an answer is guessed wrong": "姓名变成了别的字",
    "rare characters are lost": "生僻字丢失",
    "control characters, padding, JSON in a string": "提示“InData 的格式不对”",
    "hangs when the front server is down": "平台或前置机停机时，窗口等很久",
    "the deadline leaves out the look-up of a name": "平台或前置机停机时，窗口等很久",
    "the host is silent on -2": "操作员取消了，医院程序却没有提示",
    "the outcome is unknown": "返回 3003 或 -1，不知道办成没有",
    "a gateway answers a registration with 504": "返回 3003 或 -1，不知道办成没有",
    "a request went over a half-closed connection": "同一位患者办了两次",
    "state is kept between calls": "出来的是上一位患者",
    "empty buffers": "OutData 是空的",
    "the answer does not fit": "提示“结果太长”，返回 9008",
    "a code as a float": "成功了，医院程序却当作失败",
    "refused, no such name, timed out are one text": "返回 8004，没有提交",
    "a browser reaches the platform, the host does not": "浏览器能打开，医院程序连不上",
    "every TLS failure is an untrusted certificate": "安全连接失败",
    "a redirect, a proxy or a portal is blamed on the platform": "请求被转到别的地址，或者得到一个网页",
    "the body of any status but 200 is thrown away": "HTTP 状态不是 200",
    "an answer that came is called a broken line": "平台已答复，但读不出内容",
    "why is the sign wrong": "返回 9003 或 9002，签名不对",
    "the clock is off": "平台说时间戳不对",
    "the scanner is busy": "扫码枪正被另一个程序使用",
    "the scanner is on another port": "没有找到扫码枪",
    "prefixes of scanners, blanks around values": "码的前面多了字符",
    "a keyboard scanner types into the host": "码同时出现在输入框里",
    "nothing on the second screen": "扩展屏什么也不显示",
    "the screen asks for a code that is not there": "请患者扫码，却没有二维码",
    "invisible characters on a label": "姓名里有方框，或者打不出",
    "the printer was left in another state": "标签反了、偏了、缩小了",
    "out of paper, printer off": "标签打不出来",
    "auto-fill does nothing": "医保码没有填进去",
    "the ini is read as nobody writes it": "用记事本另存以后全部失效",
    "a mistyped key": "键名写错",
    "logs that nobody can read": "日志看不懂",
    "a full disk, a read-only folder": "磁盘满了，或文件夹只读",
}


@pytest.fixture(scope="module")
def sections() -> dict[str, str]:
    """The words below each heading."""
    return {each.title: " ".join(each.words) for each in Document(read("docs/troubleshooting.md")).sections}


def test_every_complaint_has_an_answer(sections: dict[str, str]) -> None:
    short = {complaint: title for complaint, title in COMPLAINTS.items() if len(sections.get(title, "")) < 15}
    assert short == {}


def test_every_answer_has_a_complaint(sections: dict[str, str]) -> None:
    """Or is one of the few that say how an installation goes, and what there is beyond symptoms."""
    others = (
        "换上以后没有变化 安装时提示有程序正在使用 与另一个系统共用一台电脑后出错 第一次调用慢 等待扫码时想停下来 "
        "灯亮，扫不到码 扫到的不是医保码或多码融合码 等待扫码时拔掉了 有的字不显示 上一位患者的二维码留在屏上 "
        "标签打了两张 找不到日志"
    ).split()
    others.append("改了 vcshim.ini 没有生效")
    headings = [each for each in Document(read("docs/troubleshooting.md")).headings if each.level == 3]
    assert {each.title for each in headings} - set(COMPLAINTS.values()) == set(others)
