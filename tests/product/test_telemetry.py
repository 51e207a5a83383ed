"""[telemetry] in the built libraries: what a host's calls send to a collector, also under Wine."""

from __future__ import annotations

from pathlib import Path

import pytest

from shim.simulator.server import Simulator
from tests.support.calls import verify_line
from tests.support.clients import Kind, Rig
from tests.support.collector import collecting
from tests.support.product import install


@pytest.mark.parametrize("kind", ["linux-c", "win32-c"])
def test_a_call_is_sent_while_the_host_goes_on(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    """The second call waits for the platform longer than lines wait to be sent; then the host ends with it."""
    with collecting() as collector:
        product = install(kind, tmp_path / "his").ini(f"[telemetry]\nendpoint = {collector.url}\n")
        first, second = product.run(rig, [verify_line("a", simulator), verify_line("b", simulator, "?sim=delay:4000")])
        assert (first.returned, second.returned) == (b"00", b"00")
        spans = [
            span.name
            for message in collector.of("/v1/traces")
            for span in message.resource_spans[0].scope_spans[0].spans
        ]
        assert spans[:2] == ["VirtualCardTrans ehc.ehealthcode.verify", "platform"]
        assert collector.of("/v1/logs") and collector.of("/v1/metrics")
