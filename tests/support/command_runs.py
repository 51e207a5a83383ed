"""Runs of commands in the process of the test, with streams of any charset, and a folder with what they need."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from shim import answer_store, cli

SECRET = "1TESTSEC0000000000000000TESTSEC0"
# 𬱖 is not in GBK.
CONTENT = '{"operator_name":"测试𬱖"}'
UTF_8 = b'{"operator_name":"\xe6\xb5\x8b\xe8\xaf\x95\xf0\xac\xb1\x96"}'
GB18030 = b'{"operator_name":"\xb2\xe2\xca\xd4\x99\x33\xc3\x36"}'
REQUEST = {
    "app_id": "A", "enc_type": "AES", "method": "ehc.ehealthcode.verify", "sign_type": "MD5", "term_id": "1",
    "timestamp": "20200608120000", "version": "X.M.0.1",
}  # fmt: skip


@dataclass
class Ended:
    """What a command left behind."""

    code: int
    out: bytes = b""
    err: bytes = b""


def run(
    monkeypatch: pytest.MonkeyPatch,
    words: Sequence[str],
    charset: str = "utf-8",
    closed: Sequence[str] = (),
    language: str = "en",
) -> Ended:
    """Run a command in this process, with streams of that charset; those in `closed` are closed."""
    raw = {name: io.BytesIO() for name in ("stdin", "stdout", "stderr")}
    streams = []  # kept: a stream that is collected closes its bytes
    with monkeypatch.context() as patch:
        for name, bytes_of in raw.items():
            stream = None if name in closed else io.TextIOWrapper(bytes_of, charset, errors="strict", newline="\n")
            streams.append(stream)
            patch.setattr(sys, name, stream)
        try:
            code = cli.main(["--lang", language, *words])
        except SystemExit as ended:
            code = int(ended.code or 0)
        sys.stdout.flush()
        sys.stderr.flush()
        return Ended(code, raw["stdout"].getvalue(), raw["stderr"].getvalue())


def lay_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a key, a request in GBK, and the same sealed."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "key.txt").write_text(SECRET)
    request = json.dumps({**REQUEST, "biz_content": json.loads(CONTENT)}, ensure_ascii=False)
    (tmp_path / "request.json").write_bytes(request.encode("gb18030"))
    (tmp_path / "plain.json").write_bytes(request.replace("AES", "PLAIN").encode("gb18030"))
    (tmp_path / "sealed.json").write_bytes(run(monkeypatch, ["sign", "request.json", "--key-file", "key.txt"]).out)
    (tmp_path / "code.txt").write_text("1" * 28)
    monkeypatch.setattr(answer_store, "_unseal", lambda data: data)  # Windows' key of a user
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    kept = tmp_path / "state" / "vcshim" / "kept" / "20260101-000000-1.sealed"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(UTF_8)
    (tmp_path / "vcshim.ini").write_text("[scanner]\ntype = file\nfile = code.txt\n", "utf-8")
    return tmp_path


OPEN = ("open", "sealed.json", "--direction", "request", "--key-file", "key.txt")
SIGN = ("sign", "request.json", "--key-file", "key.txt")
