"""From the settings of [scanner] to a scanner."""

from __future__ import annotations

from pathlib import Path

import pytest

from shim import configuration
from shim.devices import backends
from shim.devices.base import DeviceUnavailable
from shim.devices.scanner.absent import AbsentScanner
from shim.devices.scanner.driver import DrivenScanner
from shim.devices.scanner.framing import Ending
from shim.devices.scanner.pick import BACK_ENDS, pick_endpoint, pick_scanner, pick_trigger
from shim.devices.scanner.settings import ScannerSettings
from shim.errors import Unavailable
from tests.support.scanners import INSURANCE, LOGGER


def test_the_words_and_the_help_come_from_the_rows() -> None:
    option = ScannerSettings.option("type")
    assert option.choices == ("none", *(row.word for row in BACK_ENDS))
    assert [row.word for row in BACK_ENDS if f"{row.word} {row.title}" not in option.help] == []
    assert ScannerSettings.option("terminator").choices == tuple(ending.value for ending in Ending)


@pytest.mark.needs("linux")
def test_what_this_pc_can_use() -> None:
    assert backends.survey(BACK_ENDS) == {row.word: None for row in BACK_ENDS} | {"wedge": "只用于 Windows"}


@pytest.mark.parametrize("kind", [row.word for row in BACK_ENDS if row.unavailable() is None])
def test_a_back_end_that_lacks_its_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """9005 with the library's name at the first scan, not an internal error."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    needs = next(row.libraries for row in BACK_ENDS if row.word == kind)
    settings = configuration.parse(f"[scanner]\ntype = {kind}\nport = COM3\naddress = a:1\nfile = x\n").scanner
    scanner = pick_scanner(settings, LOGGER, tmp_path, tmp_path)
    assert isinstance(scanner, AbsentScanner if needs else DrivenScanner)
    if needs:
        with pytest.raises(DeviceUnavailable, match=f"type = {kind} 安装不完整，缺少 .*{needs[-1]}"):
            scanner.scan()


def test_a_scan_by_the_settings(tmp_path: Path) -> None:
    (tmp_path / "codes.txt").write_text(INSURANCE)
    settings = configuration.parse("[scanner]\ntype = file\nfile = codes.txt\n", tmp_path).scanner
    scanner = pick_scanner(settings, LOGGER, tmp_path, tmp_path / "state")
    assert scanner.scan() == INSURANCE
    scanner.settle()
    assert [path.name for path in (tmp_path / "state").iterdir()] == ["scanner-_file_codes.txt.lock"]


@pytest.mark.parametrize("spy", [True, False])
def test_an_endpoint_alone(tmp_path: Path, spy: bool) -> None:
    settings = configuration.parse(f"[scanner]\ntype = tcp\naddress = 10.1.1.1:99\nspy = {'on' if spy else 'off'}\n")
    endpoint = pick_endpoint(settings.scanner, LOGGER, tmp_path)
    assert endpoint.line.title == "扫码枪 10.1.1.1:99"
    assert (endpoint.line is endpoint.line.unwrapped) != spy
    assert endpoint.trigger.make == "newland"


def picked(text: str, folder: Path) -> str:
    """Why the scanner of these settings cannot be used."""
    scanner = pick_scanner(configuration.parse(f"[scanner]\n{text}").scanner, LOGGER, folder, folder)
    assert isinstance(scanner, AbsentScanner)
    assert not scanner.cancel()
    with pytest.raises(DeviceUnavailable) as caught:
        scanner.scan()
    assert caught.value.why is Unavailable.NOT_SET_UP
    return caught.value.message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "type"),
        ("type = serial", "port"),
        ("type = tcp", "address"),
        ("type = tcp\naddress = 10.1.1.1", "address"),
        ("type = tcp\naddress = 10.1.1.1:99999", "address"),
        ("type = file", "file"),
        ("type = hidpos\nhid_device = newland", "hid_device"),
        ("type = hidpos\nhid_layout = 1,2", "hid_layout"),
        ("type = auto\nhid_layout = 1,2", "hid_layout"),
        pytest.param("type = wedge", "Windows", marks=pytest.mark.needs("linux")),
        ("type = serial\nport = COM3\nmake = custom\nstart = xyz", "start"),
        ("type = serial\nport = COM3\nmake = custom\nreplies = 06,0", "replies"),
    ],
)
def test_settings_that_cannot_be_used(tmp_path: Path, text: str, words: str) -> None:
    assert words in picked(text, tmp_path)


def test_a_make_of_the_sites_own(tmp_path: Path) -> None:
    text = "make = custom\nstart = 4C 4F 4E 0D\nstop = 4C4F46460D\nwake = 00\nwake_ms = 20\nreplies = 4F 4B, 06\n"
    trigger = pick_trigger(configuration.parse(f"[scanner]\n{text}").scanner)
    assert (trigger.start, trigger.stop, trigger.wake) == (b"LON\r", b"LOFF\r", b"\0")
    assert [bytes(reply.head) for reply in trigger.replies] == [b"OK", b"\x06"]  # type: ignore[arg-type]
    assert trigger.wake_delay == 0.02
