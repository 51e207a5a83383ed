"""Which of two calls the host entered first, on whatever thread they are performed."""

from __future__ import annotations

from pathlib import Path

from shim.call_order import entered, entered_at
from shim.call_port import Port
from tests.support.calls import VERIFY, without_code
from tests.support.scanners import Background


def test_by_thread() -> None:
    with entered_at(7):
        assert entered() == 7
        assert Background(entered).result() > 7  # another thread performs no call
    assert entered() < entered()


def test_a_cancel_that_overtakes_the_call_that_scans(tmp_path: Path) -> None:
    """The host entered VirtualCardTrans first: however late it comes to Python, it does not scan. The next one does."""
    (tmp_path / "codes.txt").write_text("")
    (tmp_path / "vcshim.ini").write_text("[scanner]\ntype = file\nfile = codes.txt\ntimeout_seconds = 1\n")
    port = Port(tmp_path)
    texts = [b"http://127.0.0.1:9", without_code(VERIFY["in"], "biz_content", "ehealth_code")]
    assert port.answer("Set_QRflow_Mode", [], 0, 0, entered=1000).number == 0
    before = port.answer("VirtualCardTrans", texts, 0, 2048, entered=999)
    assert (before.code, "已取消扫码" in before.out.decode("gbk")) == (b"9999", True)
    assert port.answer("VirtualCardTrans", texts, 0, 2048, entered=1001).code == b"2002"
