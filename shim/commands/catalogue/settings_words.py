"""English for the keys of vcshim.ini: what each is for, by section and key, in the order of the file.

Their Chinese is that of vcshim.ini itself, the fields of the sections (shim/settings, shim/devices/*/settings.py), and
stands nowhere else; the words, limits and default of a key come from its option. Those of devices are in
device_settings_words.py. Only commands may use this: no host program needs it. A test holds each text to its Chinese:
the same numbers, names and words of values.
"""

from __future__ import annotations

from collections.abc import Mapping

from shim.commands.catalogue.device_settings_words import DEVICE_WORDS

_PLATFORMS: Mapping[str, Mapping[str, str]] = {
    "wire": {
        "dialect": "how requests are signed and encrypted, as the fused platform requires: the name of a preset (the "
        "last lines of vcshim.ini list them), or of a section [dialect NAME] of the settings",
        "verify": "whether the signs of the fused platform's answers are verified; off: they are not; warn: a wrong "
        "sign is only logged; strict: an answer with a wrong sign is refused (9003)",
        "content_type": "the Content-Type header of requests; it hardly ever needs a change",
        "ec_code_field": "the field of data in insurance requests that gets the scanned insurance code",
        "ec_code_place": "where insurance requests have the scanned insurance code; data: in data; top: at the top of "
        "InData; extra: in extra",
        "ec_code_names": "fields of an insurance answer that may hold the return code; the first one present counts",
        "ec_message_names": "fields of an insurance answer that may hold the message; the first one present counts",
        "ec_success": "the return codes of insurance answers that mean success",
        "ec_body_text": "the text of insurance requests; compact: written anew; verbatim: InData letter for letter, "
        "with only the scanned code and the like put in",
        "ec_body_order": "the order of the fields of insurance requests; kept: as in InData; sorted: by ASCII; "
        "sorted-all: by ASCII at every level; fixed: those in ec_body_fields first",
        "ec_body_fields": "the fields that come first, in their order, with ec_body_order = fixed",
        "ec_data_form": "what data is in insurance requests; as-is: as in InData; object: always an object; text: "
        "always a JSON string",
        "ec_body_empty": "empty fields of insurance requests, at the top and in data and extra; keep: they are sent; "
        "drop: they are not",
        "ec_body_values": "numbers and booleans at the top of insurance requests; as-is: as they are; text: as "
        "strings; text-null: as strings, and null as an empty one",
        "ec_body_charset": "the charset of insurance requests",
        "ec_body_spaces": "blanks and line ends in the JSON of insurance requests, written as body_spaces of a "
        "dialect (docs/dialects.md)",
        "ec_body_escape": "the characters that the JSON of insurance requests has as escapes, written as body_escape "
        "of a dialect (docs/dialects.md)",
        "ec_body_mark": "what stands before an insurance request; none: nothing; bom: a byte-order mark",
        "ec_body_end": "what follows an insurance request; none: nothing; lf: a line feed; crlf: a carriage return "
        "and a line feed; nul: a NUL",
        "ec_added": "fields of insurance requests that are filled in whatever the hospital program gave, written as "
        "added of a dialect; data.NAME for one inside data",
        "ec_filled": "fields of insurance requests that are filled in where the hospital program gave none, written "
        "as ec_added",
        "ec_put_place": "where a field stands that is put into an insurance request and was not there (the scanned "
        "code, ec_added and so on); end: after the other fields; start: before them; code-last: after them, with the "
        "scanned code as the last one",
        "ec_dropped": "fields at the top of insurance requests that are not sent",
        "ec_renamed": "fields at the top of insurance requests that are sent under another name: OLD=NEW, divided by "
        "commas",
        "ec_headers": "HTTP headers that insurance requests have as well: NAME=VALUE, divided by commas; one of a "
        "name that is sent anyway takes its place",
        "ec_out_form": "what OutData is after a successful insurance request; mapped: code, data, message and orgId; "
        "answer: the answer of the platform",
        "ec_out_order": "the order of the fields of OutData of insurance requests; sorted: by ASCII; kept: as in the "
        "answer; fixed: those in ec_out_fields first",
        "ec_out_fields": "the fields that come first, in their order, with ec_out_order = fixed",
        "ec_out_text": "the text of OutData of insurance requests; compact: written anew; verbatim: that of the "
        "answer letter for letter, where nothing in it is changed",
        "ec_out_spaces": "blanks in OutData of insurance requests, written as body_spaces of a dialect "
        "(docs/dialects.md)",
        "ec_out_escape": "the characters that OutData of insurance requests has as escapes, written as body_escape of "
        "a dialect (docs/dialects.md)",
        "ec_out_end": "what follows OutData of insurance requests; none: nothing; lf: a line feed; crlf: a carriage "
        "return and a line feed",
        "ec_out_data_form": "what data is in OutData of insurance requests; as-is: as in the answer; object: always "
        "an object; text: always a JSON string",
        "ec_out_dropped": "fields that OutData of insurance requests does not get; data.NAME for one inside data",
        "ec_out_renamed": "fields that OutData of insurance requests has under another name: OLD=NEW, divided by "
        "commas; data.OLD=NEW inside data",
        "ec_out_added": "fields that OutData of insurance requests has in any case, written as out_added of a dialect",
        "ec_out_failure": "what OutData is after a refusal of the insurance platform; mapped: code, data, message and "
        "orgId; answer: the answer of the platform; message: its message alone; code-message: the return code, a "
        "colon and the message; json: code and message",
        "ec_returned_success": "what NationEcTrans returns after success",
        "ec_returned_failure": "what NationEcTrans returns after a refusal of the insurance platform: platform for "
        "the return code of the platform, or a whole number other than 0",
    },
    "transport": {
        "engine": "what sends HTTP requests; socket: vcshim itself; requests: a second way, to try when looking for a "
        "fault",
        "connect_seconds": "seconds that a connection may take to be made",
        "total_seconds": "seconds that a call may take, scanning not counted; if they end after the request has been "
        "sent, the outcome is unknown: 3003 or -1",
        "idle_seconds": "a connection that was idle for more than these seconds is not used again; the next call "
        "makes another",
        "proxy": "address of an HTTP proxy, such as http://10.1.1.1:3128; if empty there is none, and the proxy that "
        "Windows is set to is not used either",
        "ca_file": "file of root certificates for HTTPS, PEM or DER; only those in it are then trusted. If empty, "
        "those of Windows and those that came with vcshim are",
        "alternatives": "other addresses of a platform: the one that the hospital program passes, then the others, "
        "divided by commas; semicolons between platforms. The next one is used where no connection could be made and "
        "nothing has been sent, and for queries also where no answer came. All must be the same platform",
        "back_seconds": "seconds after which an address that could not be reached is tried again in the background, "
        "to go back to it; the pause grows while it stays away, up to an hour",
    },
    "validate": {
        "level": "whether InData is checked against the specifications; off: it is not; warn: what is wrong is only "
        "logged, and the request is sent; strict: such a request is refused (9001, -2)",
    },
    "terminal": {
        "mac_field": "field for the MAC address of this PC in insurance requests that scan a code; none is sent if "
        "empty. Tables B.1 and B.3 of EC do not say which: ask the insurance platform",
        "ip_field": "field for the IPv4 address of this PC in insurance requests that scan a code; none is sent if "
        "empty",
        "record_field": "field for the record number of the terminal in insurance requests that scan a code; none is "
        "sent if empty",
        "record_no": "the record number of this PC as a terminal, 20 digits (EC 2.8); it is not term_id",
        "place": "where InData has the fields of mac_field, ip_field and record_field; data: in data; extra: in "
        "extra; top: at the top",
        "mac_style": "how the MAC address is written; colon: as f8:34:41:bd:e1:88 (EC 7.2.1.1, table 1); dash: as "
        "F8-34-41-BD-E1-88; plain: without marks",
        "mac": "the MAC address to send; if empty, that of the adapter which leads to the insurance platform",
        "ip": "the IPv4 address to send; if empty it is found in the same way",
    },
}
_PROGRAM: Mapping[str, Mapping[str, str]] = {
    "abi": {
        "charset": "the charset of texts from and to the hospital program; gbk: nearly always right, read and written "
        "as GB18030 so that no rare character is lost; utf-8: UTF-8; auto: looked for in each call",
        "out_capacity": "bytes that the hospital program keeps for OutData, with the NUL at its end; more than it "
        "really keeps destroys its memory: ask the developer of the HIS",
        "return_memory": "the memory of a return code; cotaskmem: a block of its own for each call, safe for every "
        "program; static: the same memory always, with which .NET programs may crash. It hardly ever needs a change",
        "set_qrflow_mode": "the calling convention of Set_QRflow_Mode; stdcall: that of all other functions; cdecl: "
        "for programs that were compiled to the letter of VC 3.3. Ask the developer of the HIS",
    },
    "start": {
        "warm_up": "whether vcshim is started in the background once the hospital program has loaded the DLLs, so "
        "that the first call is as fast as the others; off starts it at the first call",
        "local_copy": "whether a vcshim folder on a share is copied to %LOCALAPPDATA%\\vcshim\\sets of this PC before "
        "it is loaded, once a version, with every file compared; auto: from a share, or if the folder has a semicolon "
        "in its name; on: always; off: never. Linux has no such step",
    },
    "messages": {
        "audience": "for whom the text of a failure is; clerk: one sentence of at most 60 characters; developer: the "
        "same with the cause from the log behind it",
    },
    "mode": {
        "run": "who answers calls; native: vcshim; capture: the vendor's DLL, and its calls are kept encrypted; "
        "shadow: the vendor's DLL, and vcshim works out the same call to compare",
    },
    "vendor": {
        "virtualcardchk": "the vendor's VirtualCardChk.dll under its new name; if empty, VirtualCardChk.vendor.dll "
        "beside vcshim.ini",
        "nationeccode": "the vendor's NationECCode.dll under its new name; if empty, NationECCode.vendor.dll beside "
        "vcshim.ini",
    },
    "capture": {
        "folder": "folder in which calls of the vendor's DLL are kept encrypted, on a disk of this PC; if empty, "
        "%LOCALAPPDATA%\\vcshim\\captures",
        "keep_days": "days for which captured calls are kept",
        "keep_mb": "space for captured calls, in MB; beyond it the oldest days are deleted, and once only today is "
        "left nothing more is kept",
    },
    "journal": {
        "enabled": "whether a journal of calls is written, to find out about those with an unknown outcome (vcshim "
        "journal); nothing of a patient is in it",
        "folder": "folder of the journal, on a disk of this PC; if empty, %LOCALAPPDATA%\\vcshim\\journal",
        "keep_days": "days for which the journal is kept",
    },
    "log": {
        "level": "how much is logged; error: failures only; info: a line for each call; debug: more; wire: also which "
        "fields requests and answers have, still masked. The last two are only for finding a fault",
        "folder": "folder of the log; if empty, vcshim_log beside the DLL, or %LOCALAPPDATA%\\vcshim\\vcshim_log "
        "where that cannot be written",
        "keep_days": "days for which the log is kept",
        "windows_events": "what goes into the event log of Windows (Application, source vcshim); off: nothing; "
        "failures: only that vcshim cannot start, internal errors, and a switch to a fallback; all: also the start of "
        "each process. The same kind of event is written once an hour at most",
    },
    "telemetry": {
        "endpoint": "address of an OpenTelemetry Collector, such as http://10.1.2.3:4318, which gets OTLP/HTTP as "
        "JSON; nothing is sent if empty. What is sent is what the log has, without patients' data, and no call waits "
        "for it",
        "signals": "what is sent: logs, metrics (figures), traces (the course of calls)",
        "headers_file": "file of HTTP headers for each request to the collector, one a line, such as Authorization: "
        "Bearer xxx; none if empty",
        "ca_file": "file of the CA certificates of the collector and the syslog server, PEM or DER; if empty, those "
        "that the system trusts",
        "interval_seconds": "seconds between two reports of the figures",
        "syslog": "address of a syslog server (RFC 5424), such as udp://10.1.2.3:514, tcp://10.1.2.3:601 or "
        "tls://log.example:6514; nothing is sent if empty",
        "level": "the lowest level of the log's lines that go to the collector and to syslog",
    },
    "fleet": {
        "source": "where the hospital's settings file is: a path in a shared folder, or an address that begins with "
        "https://; none if empty. vcshim fleet sign makes the file",
        "public_key": "public key that verifies the sign of the hospital's settings file, 64 hexadecimal characters, "
        "made by vcshim fleet key; while it is changed, the old and the new one, divided by a comma. If empty only the "
        "checksum is compared, and whoever can write to source can change the settings",
        "poll_minutes": "minutes between two looks for a new settings file, in the background: no call waits for it",
    },
    "bridge": {
        "origins": "websites whose pages may use vcshim bridge: scheme, host and port as the browser shows them, "
        "divided by commas, such as https://his.example.cn; if empty, only programs of this PC",
        "token": "the token of vcshim bridge, which pages and programs have to send each time; if empty, one is made "
        "for each user of Windows, and vcshim bridge --token shows it",
        "port": "the port of vcshim bridge, only on 127.0.0.1 of this PC",
        "ports": "how many ports are tried, from the key port on, if one is taken; on a terminal server each session "
        "of Windows takes one, so give no fewer than there are sessions",
        "call_seconds": "seconds for which vcshim bridge waits for a call; after them the page is told that the "
        "outcome is unknown",
    },
    "simulator": {
        "file": "file with the data of the simulator for strUrl = sim:, which may be that of vcshim simulator --file; "
        "if empty nothing is stored, and all is gone at the end",
    },
    "tools": {
        "key": "application key for the commands vcshim sign and vcshim open; if empty it is read from a file or "
        "asked for. No DLL uses it",
    },
}

ENGLISH: Mapping[str, Mapping[str, str]] = {**_PLATFORMS, **DEVICE_WORDS, **_PROGRAM}
