"""shim.crypto.libcrypto: a libcrypto is used only if it is whole and computes as the standards say."""

from __future__ import annotations

import pytest

from shim.crypto import libcrypto


@pytest.mark.parametrize("cause", [ImportError, OSError, AttributeError])
def test_an_unusable_libcrypto_is_not_used(monkeypatch: pytest.MonkeyPatch, cause: type[Exception]) -> None:
    def broken() -> None:
        raise cause("broken")

    monkeypatch.setattr(libcrypto, "open_libcrypto", broken)
    assert libcrypto.cipher_functions.__wrapped__() is None


class _Renamed:
    """A libcrypto whose functions have a prefix, as in the Linux product; by their own names they are not there."""

    def __init__(self, library: object, prefix: str) -> None:
        self._library, self._prefix = library, prefix

    def __getattr__(self, name: str) -> object:
        if not name.startswith(self._prefix):
            raise AttributeError(name)
        return getattr(self._library, name.removeprefix(self._prefix))


@pytest.mark.parametrize(("prefix", "usable"), [("", True), ("vcshim_", True), ("other_", False)])
def test_a_libcrypto_under_private_names(monkeypatch: pytest.MonkeyPatch, prefix: str, usable: bool) -> None:
    library = libcrypto.open_libcrypto()
    monkeypatch.setattr(libcrypto, "open_libcrypto", lambda: _Renamed(library, prefix))
    assert (libcrypto.cipher_functions.__wrapped__() is not None) == usable


@pytest.mark.parametrize("which", [0, 1])
def test_a_libcrypto_that_computes_otherwise_is_not_trusted(monkeypatch: pytest.MonkeyPatch, which: int) -> None:
    probes = [list(probe) for probe in libcrypto._PROBES]
    probes[which][3] = bytes(16)
    monkeypatch.setattr(libcrypto, "_PROBES", probes)
    assert libcrypto.cipher_functions.__wrapped__() is None
