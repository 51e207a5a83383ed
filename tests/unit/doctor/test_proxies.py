"""Proxies that something else than vcshim.ini names, and what is said of them: never a user or a password."""

from __future__ import annotations

from pathlib import Path

import pytest

from shim.commands.catalogue import doctor_platforms as phrases
from shim.commands.language import CommandLanguage
from shim.doctor import proxies
from shim.doctor.finding import Place
from shim.doctor.proxies import SystemProxy, look_at_proxies, system_proxies, windows_proxies


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("10.1.1.2:3128", ["10.1.1.2:3128"]),
        ("http://u:p@10.1.1.2:3128/", ["http://10.1.1.2:3128"]),
        ("http=10.1.1.2:80;https=10.1.1.3:443;ftp=10.1.1.4:21;socks=10.1.1.5:1080", ["10.1.1.2:80", "10.1.1.3:443"]),
        ("http=10.1.1.2:80 https=10.1.1.2:80", ["10.1.1.2:80"]),
    ],
)
def test_what_windows_writes(text: str, found: list[str]) -> None:
    assert windows_proxies(text) == found


def test_the_environment() -> None:
    """Each proxy once, by whichever variable names it first."""
    named = system_proxies({"HTTP_PROXY": "http://who:secret@10.1.1.2:3128", "https_proxy": "http://10.1.1.2:3128"})
    assert [(each.address, each.source.en) for each in named] == [("http://10.1.1.2:3128", "the variable HTTP_PROXY")]
    assert system_proxies({}) == [] and system_proxies({"http_proxy": ""}) == []


IN_WINDOWS = SystemProxy(phrases.IN_WINDOWS, "10.1.1.2:3128")
SCRIPT = SystemProxy(phrases.IN_WINDOWS, "", "http://wpad/wpad.dat?user=3")


@pytest.mark.parametrize(
    ("ini", "system", "found"),
    [
        ("", [], ["没有使用代理"]),
        (
            "[transport]\nproxy = http://who:secret@10.1.1.9:3128\n",
            [IN_WINDOWS],
            ["[transport] proxy：http://10.1.1.9:3128"],
        ),
        (
            "",
            [IN_WINDOWS, SCRIPT],
            [
                "没有使用代理",
                "本机另有代理 10.1.1.2:3128（Windows 的 Internet 选项），vcshim 不使用它",
                "本机有代理的自动配置脚本 http://wpad/wpad.dat（Windows 的 Internet 选项），vcshim 不使用它",
            ],
        ),
    ],
)
def test_what_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ini: str, system: list[SystemProxy], found: list[str]
) -> None:
    monkeypatch.setattr(proxies, "system_proxies", lambda: system)
    (tmp_path / "vcshim.ini").write_text(ini, "utf-8")
    said = list(look_at_proxies(Place(tmp_path, tmp_path)))
    assert [each.text(each.row.what, CommandLanguage.CHINESE) for each in said] == found
    assert "secret" not in str([each.plain_facts for each in said])
