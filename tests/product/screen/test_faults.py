"""What goes wrong around the extension screen: a helper that hangs, a host that crashes, a monitor that is missing."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

from tests.support.desk import wait_until
from tests.support.product import Product
from tests.support.screenhost import ScreenHost, at_rest, codes, countdown, differ, is_hidden
from tests.support.screens import Place


def test_a_helper_that_hangs_is_replaced(host: ScreenHost, place: Place, product: Product) -> None:
    """Stopped during a countdown: killed, replaced, the code is back; calls and broadcasts go on."""
    desk = place.desk
    assert host.mode(1) == 0
    url = host.ask("HUNG1")
    wait_until(lambda: codes(desk) == [url])
    hung = place.the_helper()
    os.kill(hung, signal.SIGSTOP)
    assert host.query("HUNG1") == "ing"
    assert host.order("broadcast")[0] == "broadcast"  # returns at the latest when the helper is replaced
    wait_until(lambda: place.helpers() not in ([], [hung]))
    wait_until(lambda: codes(desk) == [url])
    first = countdown(desk)
    wait_until(lambda: differ(first, countdown(desk)))
    assert "扩展屏辅助程序没有应答" in product.log_text()


def test_the_host_is_killed(place: Place, start: Callable[[], ScreenHost]) -> None:
    """The program crashes with a code on the screen: the helper ends with it, and the screen is hidden."""
    host = start()
    try:
        assert host.mode(1) == 0
        url = host.ask("KILLED1")
        wait_until(lambda: codes(place.desk) == [url])
    finally:
        host.kill()
    wait_until(lambda: is_hidden(place.desk) and not place.helpers())


def test_one_monitor_only(place: Place, product: Product, start: Callable[[], ScreenHost]) -> None:
    """Never over the only screen: nothing is drawn, the calls succeed, the log says what is missing."""
    place.unplug()
    host = start()
    try:
        wait_until(lambda: place.system == "linux" or host.order("focus")[2] == "1")
        before = at_rest(place.desk)
        assert host.mode(1) == 0
        host.ask("ALONE1")
        wait_until(lambda: "没有可用的扩展屏" in product.log_text())
        assert place.helpers()
        time.sleep(1)  # four refreshes
        assert not differ(before, place.desk.picture())
        assert host.order("quit") == ["bye"]
        assert host.process.wait(60) == 0
    finally:
        host.kill()
