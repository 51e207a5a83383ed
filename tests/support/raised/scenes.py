"""The calls into which exceptions are raised, each with what it is answered with when nothing goes wrong.

A scene tells which bytes of a call have reached the other side: a platform, a printer, the keys of a form, the screen.
"""

from __future__ import annotations

import logging
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from shim import configuration
from shim.call_activity import CallActivity
from shim.call_port import Port
from shim.devices.label.driver import DrivenLabelPrinter
from shim.devices.label.pick import pick_printer
from shim.devices.scanner.driver import DrivenScanner
from shim.devices.screen.base import Display, ScreenContent
from shim.devices.screen.driver import DrivenScreen
from shim.devices.screen.state import Durations, ScreenState
from shim.drawing.dots import Dots
from shim.host_bytes import Answer
from shim.service import Service
from shim.submission import Submission
from shim.transport import tls
from tests.support.calls import VERIFY
from tests.support.faults.answers import compact, http
from tests.support.faults.transactions import TRANSACTIONS, Transaction, serial_number
from tests.support.keyboards import PretendKeyboard, filling
from tests.support.raised.injection import SYSTEM_ERRORS, Where, paused
from tests.support.raised.platform import Platform
from tests.support.servers import LOOPBACK, serving

_SERIAL = serial_number(7)
_INSURANCE = "4240000000000000000300350000"
_LOGGER = logging.getLogger("vcshim")
_BY_NAME = {row.name: row for row in TRANSACTIONS}


@dataclass(frozen=True)
class Evidence:
    """What has arrived at the other side since the last call: how much, and whether it is all of it."""

    some: bool
    whole: bool


class Stage(Protocol):
    """A scene that is set up."""

    expected: Answer

    def call(self, submission: Submission) -> Answer: ...

    def evidence(self) -> Evidence: ...


@dataclass(frozen=True)
class Scene:
    """One row.

    Attributes:
        function: the export.
        stage: sets it up in an empty folder.
        where: in which threads exceptions are raised.
        never: what is not raised.
    """

    name: str
    function: str
    stage: Callable[[Path], Any] = field(repr=False)
    where: Where = "call"
    never: tuple[type[BaseException], ...] = ()


# ---- transactions ----------------------------------------------------------------------------------------------------


class Exchange:
    """A transaction with a platform. `cold`: the component starts anew with each call."""

    def __init__(
        self,
        folder: Path,
        platform: Platform,
        function: str,
        url: str,
        in_data: bytes,
        ini: str = "",
        *,
        capacity: int = 2048,
        cold: bool = False,
    ) -> None:
        (folder / "vcshim.ini").write_text(ini, "utf-8")
        self._folder, self._platform, self._cold = folder, platform, cold
        self._port = Port(folder)
        self._arguments = function, [url.encode(), in_data], 0, capacity
        scanner = _service(self._port)._devices.scanner
        if isinstance(scanner, DrivenScanner):  # what a real one needs between two commands
            scanner._rules = replace(scanner._rules, sleep=lambda seconds: time.sleep(min(seconds, 0.001)))
        self.expected = self.call(Submission())
        self.evidence()

    def call(self, submission: Submission) -> Answer:
        port = Port(self._folder) if self._cold else self._port
        return port.answer(*self._arguments, submission)

    def evidence(self) -> Evidence:
        data, whole = self._platform.received()
        return Evidence(bool(data), whole > 0)


@contextmanager
def _platform(answer: Callable[[bytes], bytes | None]) -> Iterator[Platform]:
    platform = Platform(answer)
    try:
        yield platform
    finally:
        platform.close()


def _transaction(
    name: str,
    ini: str = "",
    *,
    body: Callable[[Transaction], dict[str, Any]] = lambda row: row.answer(_SERIAL),
    fields: Mapping[str, str] | None = None,
    host: str = "127.0.0.1",
    capacity: int = 2048,
    cold: bool = False,
) -> Callable[[Path], Any]:
    row = _BY_NAME[name]
    if fields:
        row = replace(row, fields=(*((key, value) for key, value in row.fields if key not in fields), *fields.items()))

    @contextmanager
    def stage(folder: Path) -> Iterator[Stage]:
        (folder / "codes.txt").write_text(f"{_INSURANCE}\n")
        with _platform(lambda _: http(compact(body(row)))) as platform:
            url = platform.url(row.path, host)
            in_data = row.in_data(_SERIAL)
            yield Exchange(folder, platform, row.function, url, in_data, ini, capacity=capacity, cold=cold)

    return stage


@contextmanager
def _asked_twice(folder: Path) -> Iterator[Stage]:
    """A query whose first request of each call is not answered."""
    row = _BY_NAME["ehc.ehealthcard.auth.query"]
    requests = iter(range(1 << 30))
    with _platform(lambda _: http(compact(row.answer(_SERIAL))) if next(requests) % 2 else None) as platform:
        yield Exchange(folder, platform, row.function, platform.url(row.path), row.in_data(_SERIAL))


@contextmanager
def _insurance(folder: Path) -> Iterator[Stage]:
    """A verify with an insurance code: the platform of ECUrl is asked (VC 4.2.2)."""
    card, nation = _BY_NAME["ehc.ehealthcode.verify"], _BY_NAME["ec.query"]
    with _platform(lambda _: http(compact(nation.answer(_SERIAL)))) as platform:
        fields = {"ehealth_code": _INSURANCE, "ECUrl": platform.url(nation.path), "IsMultiCode": "0"}
        row = replace(card, fields=(*(pair for pair in card.fields if pair[0] != "ehealth_code"), *fields.items()))
        yield Exchange(folder, platform, row.function, platform.url(row.path), row.in_data(_SERIAL))


@contextmanager
def _in_process(folder: Path) -> Iterator[Stage]:
    """The platforms inside the process, with AES; what reaches them is recorded where it is handed over."""
    yield _InProcess(folder)


class _InProcess:
    def __init__(self, folder: Path) -> None:
        self._port = Port(folder)
        self._bodies: list[bytes] = []
        self.expected = self.call(Submission())
        service = _service(self._port)
        platforms: Any = service._access.transport.made["sim"]._platforms  # type: ignore[attr-defined]
        handle = platforms.handle

        def record(path: str, body: bytes, *more: object) -> object:
            self._bodies.append(body)
            with paused():
                return handle(path, body, *more)

        platforms.handle = record

    def call(self, submission: Submission) -> Answer:
        texts = [b"sim:?sim=again:1", VERIFY["in"].encode("gb18030")]
        return self._port.answer("VirtualCardTrans", texts, 0, 2048, submission)

    def evidence(self) -> Evidence:
        some = bool(self._bodies)
        self._bodies.clear()
        return Evidence(some, some)


@contextmanager
def _over_tls(folder: Path) -> Iterator[Stage]:
    """Over TLS, where what a server sees is not what was sent: recorded is what is handed to OpenSSL."""
    row = _BY_NAME["ehc.ehealthcode.verify"]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(LOOPBACK)

    def talk(server: Any, connection: Any) -> None:
        with context.wrap_socket(connection, server_side=True) as secured:
            while True:
                server.read(secured)
                secured.sendall(http(compact(row.answer(_SERIAL))))

    with serving(talk) as server:
        (folder / "vcshim.ini").write_text(f"[transport]\nca_file = {LOOPBACK}\n", "utf-8")
        yield _Secure(folder, row, server.url.replace("http:", "https:"))


class _Secure:
    def __init__(self, folder: Path, row: Transaction, url: str) -> None:
        self._port = Port(folder)
        self._arguments = row.function, [url.encode(), row.in_data(_SERIAL)], 0, 2048
        self._sent: list[int] = []
        self.expected = self.call(Submission())
        self._length = sum(self._sent)
        self._sent.clear()

    def call(self, submission: Submission) -> Answer:
        secured: Any = getattr(tls, "_Socket", ssl.SSLSocket)  # that of Windows is Python's own
        write = secured.write

        def record(sock: ssl.SSLSocket, data: Any) -> Any:
            if not sock.server_side:
                self._sent.append(len(data))
            return write(sock, data)

        secured.write = record
        try:
            return self._port.answer(*self._arguments, submission)
        finally:
            secured.write = write

    def evidence(self) -> Evidence:
        count = sum(self._sent)
        self._sent.clear()
        return Evidence(count > 0, count >= self._length)


# ---- devices ---------------------------------------------------------------------------------------------------------


def _service(port: Port) -> Service:
    return port._wire().service


class Device:
    """A call that ends at a device of this PC."""

    expected = Answer(b"0", 0, b"")

    def __init__(self, folder: Path) -> None:
        self._port = Port(folder)
        self._service = _service(self._port)
        self._devices = self._service._devices


class _Label(Device):
    """A label into a file: what is in it has reached the printer."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._file = folder / "label.prn"
        printer = pick_printer(configuration.parse("[label]\ntype = file\nfile = label.prn\n", folder).label, _LOGGER)
        assert isinstance(printer, DrivenLabelPrinter)
        printer._draw = lambda dpi, content: Dots(16, 2, b"\xff\x00\x00\xff")
        self._service._devices = replace(self._devices, printer=printer)
        assert self.call(Submission()) == self.expected
        self._length = len(self._file.read_bytes())
        self._file.unlink()

    def call(self, submission: Submission) -> Answer:
        texts = [b"8BF7:1:::35020010001", b"D000002", "王𬱖".encode("gb18030")]
        return self._port.answer("EhealthID_Print", texts, 0, 0, submission)

    def evidence(self) -> Evidence:
        count = len(self._file.read_bytes()) if self._file.exists() else 0
        self._file.unlink(missing_ok=True)
        return Evidence(count > 0, count >= self._length)


class _Fill(Device):
    """An insurance code that is typed."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._keyboard = PretendKeyboard()
        self._service._devices = replace(self._devices, autofill=filling(self._keyboard))

    def call(self, submission: Submission) -> Answer:
        self._devices.last_code.keep(_INSURANCE)
        return self._port.answer("SetEcQrcode", [], 0, 256, submission)

    def evidence(self) -> Evidence:
        some = bool(self._keyboard.typed)
        self._keyboard.typed.clear()
        return Evidence(some, some)


class _Wall(Display):
    """A display that only waits."""

    def refresh(self, content: ScreenContent) -> None:
        """Nothing is drawn."""

    def close(self) -> None:
        """Nothing was opened."""


class _Mode(Device):
    """The screen, which is hidden before each call."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._state = ScreenState(Durations())
        self._screen = DrivenScreen(self._state, _Wall, CallActivity(), _LOGGER)
        self._service._devices = replace(self._devices, screen=self._screen)

    def call(self, submission: Submission) -> Answer:
        return self._port.answer("Set_QRflow_Mode", [], 1, 0, submission)

    def evidence(self) -> Evidence:
        some = self._state._visible
        self._state.set_visible(False)
        return Evidence(some, some)


def _device(stage: type[_Label | _Fill | _Mode]) -> Callable[[Path], Any]:
    @contextmanager
    def set_up(folder: Path) -> Iterator[Stage]:
        yield stage(folder)

    return set_up


# ---- rows ------------------------------------------------------------------------------------------------------------

_VC, _EC = "VirtualCardTrans", "NationEcTrans"
_VERIFY, _REGISTER, _QUERY = "ehc.ehealthcode.verify", "ehc.ehealthcard.querywithreg", "ec.query"
_SCANNER = "[scanner]\ntype = file\nfile = codes.txt\n"


def _refusal(row: Transaction) -> dict[str, Any]:
    return row.refusal(_SERIAL, "2001" if row.family == "VC" else 500049)


def _long(row: Transaction) -> dict[str, Any]:
    return row.answer(_SERIAL, biz_content=compact({"user_name": "X" * 200}).decode())


SCENES: Mapping[str, Scene] = {
    row.name: row
    for row in (
        Scene("verify", _VC, _transaction(_VERIFY)),
        Scene("verify refused", _VC, _transaction(_VERIFY, body=_refusal)),
        Scene("verify too long", _VC, _transaction(_VERIFY, body=_long, capacity=160)),
        Scene("verify, a first call", _VC, _transaction(_VERIFY, cold=True)),
        Scene("verify by requests", _VC, _transaction(_VERIFY, "[transport]\nengine = requests\n")),
        Scene("verify over TLS", _VC, _over_tls, never=SYSTEM_ERRORS),
        Scene("verify inside the process", _VC, _in_process, never=SYSTEM_ERRORS),
        Scene("verify of an insurance code", _VC, _insurance),
        Scene("register", _VC, _transaction(_REGISTER)),
        Scene("register by requests", _VC, _transaction(_REGISTER, "[transport]\nengine = requests\n")),
        Scene("query, asked twice", _VC, _asked_twice),
        Scene("verify with a scan", _VC, _transaction(_VERIFY, _SCANNER, fields={"ehealth_code": ""})),
        Scene("nation", _EC, _transaction(_QUERY)),
        Scene("nation refused", _EC, _transaction(_QUERY, body=_refusal)),
        Scene("nation with a scan", _EC, _transaction(_QUERY, _SCANNER, fields={"ecQrCode": ""})),
        Scene("nation, helper threads", _EC,
              _transaction(_QUERY, _SCANNER, fields={"ecQrCode": ""}, host="localhost"), "helpers"),
        Scene("label", "EhealthID_Print", _device(_Label)),
        Scene("label, helper threads", "EhealthID_Print", _device(_Label), "helpers"),
        Scene("fill", "SetEcQrcode", _device(_Fill)),
        Scene("mode", "Set_QRflow_Mode", _device(_Mode)),
    )
}  # fmt: skip
