"""The lines of the log, figures of the calls and their course, sent to a hospital's own monitoring; off by default.

What it is: a listener of the log (`listener`), which hears what the file holds and nothing else, and one thread
(`worker`) that sends it to an OpenTelemetry collector (`collector`, `otlp`) and a syslog server (`syslog`). What it is
not: a library of OpenTelemetry (docs/decisions.md 112). Opened by wiring; imported only if [telemetry] asks for it.
"""
