"""What reaches a collector, as OpenTelemetry's own protocol reads it; and a collector that refuses."""

from __future__ import annotations

import logging
import socket
import threading
from pathlib import Path
from typing import Any

import pytest

from shim import log
from shim.http_answer import HttpAnswer
from shim.telemetry import lane
from shim.telemetry.collector import collector_headers, judged
from shim.telemetry.delivery import Delivery
from tests.support.collector import HttpReply, collecting
from tests.support.forked import in_child
from tests.support.servers import LOOPBACK
from tests.support.telemetry import failure, listening, success


def values(attributes: Any) -> dict[str, Any]:
    """Attributes as a dictionary."""
    return {each.key: getattr(each.value, each.value.WhichOneof("value")) for each in attributes}


def points(message: Any, name: str) -> list[Any]:
    """The data points of one metric in a request."""
    metrics = message.resource_metrics[0].scope_metrics[0].metrics
    (metric,) = (each for each in metrics if each.name == name)
    return list(getattr(metric, metric.WhichOneof("data")).data_points)


def file_text(folder: Path) -> str:
    return "".join(path.read_text("utf-8") for path in sorted(folder.glob("*.log")))


def test_a_call_arrives_as_line_span_and_figures(tmp_path: Path) -> None:
    with collecting() as collector:
        logger, listener = listening(tmp_path, endpoint=collector.url)
        log.event(logger, logging.WARNING, "标签打印机缺纸", function="EhealthID_Print", findings=["a", 2], on=True)
        success(logger)
        failure(logger)
        listener.worker.deliver(0)
        assert sorted(collector.paths) == ["/v1/logs", "/v1/metrics", "/v1/traces"]

        (logs,) = collector.of("/v1/logs")
        assert values(logs.resource_logs[0].resource.attributes).keys() == {
            "service.name", "service.version", "service.instance.id", "host.name", "process.pid",
            "process.executable.name",
        }  # fmt: skip
        first, second, third = logs.resource_logs[0].scope_logs[0].log_records
        assert (first.severity_number, first.severity_text, first.body.string_value) == (
            13,
            "WARNING",
            "标签打印机缺纸",
        )
        facts = values(first.attributes)
        assert facts["vcshim.function"] == "EhealthID_Print" and facts["vcshim.on"] is True
        assert [each.WhichOneof("value") for each in facts["vcshim.findings"].values] == ["string_value", "int_value"]
        assert (second.severity_number, third.severity_number) == (9, 17)
        assert values(second.attributes)["vcshim.ms"] == 1250.0

        (traces,) = collector.of("/v1/traces")
        call, scan, platform, failed = traces.resource_spans[0].scope_spans[0].spans
        assert (call.name, scan.name, platform.name) == (
            "VirtualCardTrans ehc.ehealthcode.verify", "scan", "platform",
        )  # fmt: skip
        assert (call.kind, scan.kind, platform.kind) == (1, 1, 3)
        assert call.trace_id == second.trace_id and call.span_id == second.span_id
        assert {scan.parent_span_id, platform.parent_span_id} == {call.span_id}
        assert len({call.span_id, scan.span_id, platform.span_id}) == 3
        nanoseconds = [call.start_time_unix_nano, scan.start_time_unix_nano, platform.end_time_unix_nano]
        assert [round((each - nanoseconds[0]) / 1e6) for each in nanoseconds] == [0, 100, 1000]
        assert round((call.end_time_unix_nano - call.start_time_unix_nano) / 1e6) == 1250
        assert (call.status.code, failed.status.code, failed.status.message) == (1, 2, "扫码枪没有找到")
        assert values(failed.attributes)["vcshim.cause"] == "scanner.not_found"

        (metrics,) = collector.of("/v1/metrics")
        counted = {tuple(values(each.attributes).values()): each.as_int for each in points(metrics, "vcshim.calls")}
        verify = ("VirtualCardTrans", "ehc.ehealthcode.verify")
        assert counted == {(*verify, "00", "success"): 1, (*verify, "9005", "not done"): 1}
        (spread,) = points(metrics, "vcshim.call.duration")
        assert (spread.count, spread.sum) == (2, 1.75)
        assert list(spread.bucket_counts) == [0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0]
        assert list(spread.explicit_bounds) == [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 90]
        (device,) = points(metrics, "vcshim.device.failures")
        assert values(device.attributes) == {"device": "scanner", "cause": "scanner.not_found"}
        assert len(points(metrics, "vcshim.devices")) == 2
        levels = {values(each.attributes)["level"]: each.as_int for each in points(metrics, "vcshim.log.lines")}
        assert levels == {"warning": 1, "info": 1, "error": 1}


def test_figures_add_up_and_are_sent_when_they_change(tmp_path: Path) -> None:
    with collecting() as collector:
        logger, listener = listening(tmp_path, endpoint=collector.url, signals=("metrics",))
        success(logger)
        listener.worker.deliver(0)
        listener.worker.deliver(100)
        assert len(collector.paths) == 1  # nothing has changed
        success(logger)
        listener.worker.deliver(101)
        success(logger)
        listener.worker.deliver(102)  # not yet
        listener.worker.deliver(132)
        counts = [points(each, "vcshim.calls")[0] for each in collector.of("/v1/metrics")]
        assert [each.as_int for each in counts] == [1, 2, 3]
        assert len({each.start_time_unix_nano for each in counts}) == 1


def test_only_what_is_asked_for_is_sent(tmp_path: Path) -> None:
    with collecting() as collector:
        logger, listener = listening(tmp_path, endpoint=f"{collector.url}/v1/logs/", signals=("Logs",), level="error")
        success(logger)
        log.event(logger, logging.DEBUG, "细节")
        listener.worker.deliver(0)
        (message,) = collector.of("/v1/logs")
        assert collector.paths == ["/v1/logs"]
        assert len(message.resource_logs[0].scope_logs[0].log_records) == 1
    assert file_text(tmp_path) == ""  # [log] level = error is that of the file


def test_the_token_is_read_from_its_file_each_time(tmp_path: Path) -> None:
    file = tmp_path / "headers.txt"
    with collecting() as collector:
        logger, listener = listening(
            tmp_path / "logs", endpoint=collector.url, signals=("logs",), headers_file=str(file)
        )
        success(logger)
        listener.worker.deliver(0)
        assert collector.paths == []  # there is no such file: the lines wait
        file.write_text("# of the IT department\nAuthorization: Bearer a b\n\nX-Scope-OrgID: hospital\n")
        listener.worker.deliver(10)
        assert collector.headers[0]["Authorization"] == "Bearer a b"
        assert collector.headers[0]["X-Scope-OrgID"] == "hospital"
    assert "Bearer" not in file_text(tmp_path / "logs")


@pytest.mark.parametrize("text", ["Authorization", "a b: c", "X: ", "X: a\x01b", "密: x"])
def test_a_line_that_is_no_header(tmp_path: Path, text: str) -> None:
    (tmp_path / "headers").write_text(text, "utf-8")
    with pytest.raises(ValueError, match=r"^line 1$"):
        list(collector_headers(str(tmp_path / "headers")))


def test_https(tmp_path: Path) -> None:
    with collecting(secure=True) as collector:
        logger, listener = listening(tmp_path, endpoint=collector.url, signals=("logs",), ca_file=str(LOOPBACK))
        success(logger)
        listener.worker.deliver(0)
        assert len(collector.of("/v1/logs")) == 1
        listener.close()


# ---- a collector that will not ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "delivery"),
    [
        (HttpAnswer(b"{}"), Delivery()),
        (HttpAnswer(b"", 202), Delivery()),
        (HttpAnswer(b"not JSON"), Delivery()),
        (HttpAnswer(b'{"partialSuccess":{}}'), Delivery()),
        (
            HttpAnswer(b'{"partialSuccess":{"rejectedLogRecords":"2","errorMessage":"too old"}}'),
            Delivery(lost=2, cause="采集器未收下其中一部分"),
        ),
        (HttpAnswer(b'{"partialSuccess":{"rejectedLogRecords":99}}'), Delivery(lost=5, cause="采集器未收下其中一部分")),
        (HttpAnswer(b"", 429, retry_after="30"), Delivery(again=True, pause=30.0, cause="HTTP 429")),
        (HttpAnswer(b"", 503, retry_after="999999"), Delivery(again=True, pause=3600.0, cause="HTTP 503")),
        (HttpAnswer(b"", 503, retry_after="Fri, 27 Nov 2026 08:00:00 GMT"), Delivery(again=True, cause="HTTP 503")),
        (HttpAnswer(b"", 502), Delivery(again=True, cause="HTTP 502")),
        (HttpAnswer(b"", 504), Delivery(again=True, cause="HTTP 504")),
        (HttpAnswer(b"", 400), Delivery(lost=5, cause="HTTP 400")),
        (HttpAnswer(b"", 401), Delivery(lost=5, cause="HTTP 401")),
        (HttpAnswer(b"", 500), Delivery(lost=5, cause="HTTP 500")),
        (HttpAnswer(b"", 307, location="http://elsewhere/"), Delivery(lost=5, cause="HTTP 307")),
    ],
    ids=lambda each: str(each.status) if isinstance(each, HttpAnswer) else "",
)
def test_what_an_answer_means(answer: HttpAnswer, delivery: Delivery) -> None:
    assert judged("logs", answer, 5) == delivery


def test_retry_after_is_kept_and_nothing_is_lost(tmp_path: Path) -> None:
    replies = [HttpReply(503, {"Retry-After": "30"}), HttpReply(429), HttpReply()]
    with collecting(lambda path: replies.pop(0)) as collector:
        logger, listener = listening(tmp_path, endpoint=collector.url, signals=("traces",))
        success(logger)
        counts = []
        for now in (0, 29, 30, 33, 34):  # the second pause is ours: it has doubled once
            listener.worker.deliver(now)
            counts.append(len(collector.paths))
        assert counts == [1, 1, 2, 2, 3]
        assert len({body for body in collector.bodies}) == 1
        assert listener.lanes[0].is_empty
    text = file_text(tmp_path)
    assert text.count("遥测发不出去") == 1 and text.count("遥测已恢复") == 1 and "HTTP 503" in text


def test_a_redirect_is_not_followed(tmp_path: Path) -> None:
    with collecting() as elsewhere:
        with collecting(lambda path: HttpReply(307, {"Location": f"{elsewhere.url}{path}"})) as collector:
            logger, listener = listening(tmp_path, endpoint=collector.url, signals=("logs", "metrics"))
            success(logger)
            listener.worker.deliver(0)
            listener.worker.deliver(1)
        assert elsewhere.paths == []
    assert listener.lanes[0].is_empty
    assert "HTTP 307" in file_text(tmp_path)


def test_what_was_dropped_is_counted(tmp_path: Path) -> None:
    with collecting(lambda path: HttpReply(400 if path == "/v1/logs" else 200)) as collector:
        logger, listener = listening(tmp_path, endpoint=collector.url, signals=("logs", "metrics"))
        for _ in range(lane.MOST_WAITING + 7):
            log.event(logger, logging.INFO, "一行")
        listener.worker.deliver(0)
        (message, *_) = collector.of("/v1/metrics")
        dropped = {
            tuple(values(each.attributes).values()): each.as_int for each in points(message, "vcshim.telemetry.dropped")
        }
    # The line that says so is refused as well.
    assert dropped == {("logs", "queue"): 8 - 1, ("logs", "refused"): lane.MOST_WAITING + 1}


def test_the_oldest_line_is_dropped_first(tmp_path: Path) -> None:
    with collecting() as collector:
        logger, listener = listening(tmp_path, endpoint=collector.url, signals=("logs",))
        for number in range(lane.MOST_WAITING + 1):
            log.event(logger, logging.INFO, f"第 {number} 行")
        listener.worker.deliver(0)
        assert len(collector.paths) == lane.MOST_WAITING / lane.LARGEST_BATCH
        first = collector.of("/v1/logs")[0].resource_logs[0].scope_logs[0].log_records[0]
        assert first.body.string_value == "第 1 行"


def test_a_dead_collector_costs_nothing_but_lines(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener_socket:
        url = f"http://127.0.0.1:{listener_socket.getsockname()[1]}"
    logger, listener = listening(tmp_path, endpoint=url)
    for _ in range(3):
        success(logger)
    listener.worker.deliver(0)
    assert [each.is_empty for each in listener.lanes] == [False, False]
    assert file_text(tmp_path).count("遥测发不出去") == 3  # logs, traces, metrics
    assert "拒绝" in file_text(tmp_path)


def test_calls_go_on_while_a_collector_holds_its_answer_back(tmp_path: Path) -> None:
    """The worker's thread waits; a call that had to would never come to the release."""
    release = threading.Event()

    def reply(path: str) -> HttpReply:
        release.wait(60)
        return HttpReply()

    with collecting(reply) as collector:
        logger, listener = listening(tmp_path, False, endpoint=collector.url, signals=("logs",))
        success(logger)
        while not listener.lanes[0]._batch:  # the thread is amid its request
            threading.Event().wait(0.01)
        for _ in range(lane.MOST_WAITING * 2):
            success(logger)
        assert collector.paths == []
        # NB: before the collector ends, which the next batch may meet, and then has a line of its own
        assert len(file_text(tmp_path).splitlines()) == 1 + lane.MOST_WAITING * 2
        release.set()
        collector.wait_for(1)


def test_a_bug_costs_the_batch_and_is_in_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    logger, listener = listening(tmp_path, endpoint="http://127.0.0.1:1", signals=("logs",))
    success(logger)
    monkeypatch.setattr(listener, "post", lambda *_: 1 / 0)
    listener.worker.deliver(0)
    assert "ZeroDivisionError" in file_text(tmp_path)


def test_a_forked_child_sends_its_own_only(tmp_path: Path) -> None:
    with collecting() as collector:
        logger, listener = listening(tmp_path, endpoint=collector.url, signals=("logs", "metrics"))
        success(logger)

        def work() -> int:
            listener.worker.start = lambda: None  # type: ignore[method-assign]
            log.event(logger, logging.INFO, "子进程")
            listener.worker.deliver(0)
            return len(listener.lanes)

        assert in_child(work) == 1
        (logs,) = collector.of("/v1/logs")
        (record,) = logs.resource_logs[0].scope_logs[0].log_records
        assert record.body.string_value == "子进程"
        (metrics,) = collector.of("/v1/metrics")
        assert [each.name for each in metrics.resource_metrics[0].scope_metrics[0].metrics] == [
            "vcshim.log.lines", "vcshim.devices",
        ]  # fmt: skip
        listener.worker.deliver(0)
        assert len(collector.of("/v1/logs")) == 2


def test_the_threads_end_is_the_beginning_of_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shim.telemetry.worker.PAUSE_SECONDS", 0.01)
    with collecting() as collector:
        logger, listener = listening(tmp_path, False, endpoint=collector.url, signals=("logs",))
        for count in (1, 2):
            success(logger)
            collector.wait_for(count)
            while listener.worker._started:
                threading.Event().wait(0.01)
        assert listener.lanes[0].is_empty
