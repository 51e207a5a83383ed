"""The texts of `vcshim doctor` about [telemetry]: whether the collector and the syslog server can be reached."""

from __future__ import annotations

from shim.commands.language import Phrase

TITLE = Phrase("监控", "Monitoring")

COLLECTOR = Phrase("采集器 {peer} 有应答（HTTP {status}）", "the collector {peer} answers (HTTP {status})")
SYSLOG = Phrase("syslog 服务器 {peer} 接受连接", "the syslog server {peer} accepts connections")
DATAGRAMS = Phrase(
    "syslog 按 UDP 发往 {peer}，对方不应答，在本机看不出是否收到",
    "syslog goes to {peer} by UDP, which is never answered: whether it arrives cannot be told here",
)
NO_COLLECTOR = Phrase("[telemetry] endpoint：{reason}", "[telemetry] endpoint: {reason}")
NO_SYSLOG = Phrase("[telemetry] syslog：{reason}", "[telemetry] syslog: {reason}")
MEANS = Phrase("监控收不到本机的数据；调用不受影响", "monitoring gets nothing of this PC; calls go on as ever")
COLLECTOR_REMEDY = Phrase(
    "请核对 [telemetry] endpoint 的地址与端口（OTLP/HTTP 多为 4318，不是 gRPC 的 4317），"
    "确认采集器已启动，并检查防火墙；"
    "证书的问题请核对 [telemetry] ca_file",
    "check address and port of [telemetry] endpoint (OTLP/HTTP is mostly 4318, not 4317, which is gRPC), the collector "
    "and the firewall; for a certificate check [telemetry] ca_file",
)
SYSLOG_REMEDY = Phrase(
    "请核对 [telemetry] syslog 的地址与端口，确认服务器已启动，并检查防火墙；证书的问题请核对 [telemetry] ca_file",
    "check address and port of [telemetry] syslog, the server and the firewall; for a certificate check "
    "[telemetry] ca_file",
)
NO_ADDRESS = Phrase("不是可用的地址", "no address that can be used")
NOT_READY = Phrase(
    "{peer} 有应答，它后面的采集器没有（HTTP {status}）", "{peer} answers, no collector does (HTTP {status})"
)
