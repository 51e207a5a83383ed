"""shim.crypto as a whole: what importing it costs, and forks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shim import forks
from shim.crypto import block_ciphers, digests, short_aes
from shim.crypto.ed25519 import ed25519_sign
from shim.crypto.sm2 import sm2_sign
from tests.support.forked import CountingGate
from tests.support.fresh_python import run_code


def test_importing_crypto_loads_no_cipher() -> None:
    code = """
        import sys
        import shim.crypto.block_ciphers, shim.crypto.sm2, shim.crypto.ed25519, shim.crypto.gcm, shim.dialects.envelope
        names = "Crypto", "gmssl", "ctypes", "cffi", "random", "hashlib", "hmac", "_hashlib"
        print([name for name in names if name in sys.modules])
    """
    assert run_code(code) == "[]"


@pytest.mark.parametrize(
    "work",
    [
        lambda: block_ciphers.encrypt("SM4", "ECB", bytes(16), b"", b"x"),
        lambda: block_ciphers.encrypt("AES", "CBC", bytes(16), bytes(16), bytes(short_aes.LONGEST)),
        lambda: digests.hmac_digest("SHA-256", b"key", b"x"),
        lambda: sm2_sign("1" * 64, b"x", b"1234567812345678"),
        lambda: ed25519_sign(bytes(32), b"x"),
    ],
    ids=["SM4", "AES", "HMAC", "SM2", "Ed25519"],
)
def test_no_fork_interrupts_openssl(work: Callable[[], bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """While it works without the interpreter's lock it may hold locks of its own."""
    work()
    gate = CountingGate()
    monkeypatch.setattr(forks, "gate", gate)
    work()
    assert gate.passes >= 1
