"""The hospital's settings with the programs that ship: a key, a signed file, a PC that takes it, and a call by it.

Also several addresses of a platform, behind the real exports.
"""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from shim.simulator.server import Simulator
from tests.support.calls import QUERY, VERIFY, verify_line
from tests.support.clients import Kind, Rig, trans_line
from tests.support.product import Product, install
from tests.support.servers import Server, serving

KINDS: tuple[Kind, ...] = ("linux-c", "win32-c")


def command(
    rig: Rig, his: Product, kind: Kind, env: Mapping[str, str], *words: str
) -> subprocess.CompletedProcess[str]:
    """The program vcshim of the set, in the folder of the HIS."""
    program = [str(his.runtime / "vcshim")]
    if kind.startswith("win"):
        program, env = ["wine", str(his.runtime / "vcshim.exe")], rig.wine(kind).env
    return subprocess.run(
        [*program, "--lang", "en", "fleet", *words], cwd=his.folder, env=dict(env), stdin=subprocess.DEVNULL,
        capture_output=True, encoding="utf-8", timeout=240, check=False,
    )  # fmt: skip


@pytest.fixture
def kept(rig: Rig, tmp_path: Path) -> Iterator[Callable[[Kind], dict[str, str]]]:
    """The variables for a kind; the copy that its user keeps is removed again."""
    copies: list[Path] = []

    def variables(kind: Kind) -> dict[str, str]:
        local = tmp_path / "state"
        if kind.startswith("win"):
            users = rig.wine(kind).prefix / "drive_c" / "users"
            local = next(users.glob("[!P]*")) / "AppData" / "Local"
        copies.append(local / "vcshim" / "settings" / "fleet.ini")
        return {"XDG_STATE_HOME": str(local)}

    yield variables
    for copy in copies:
        copy.unlink(missing_ok=True)


@pytest.mark.parametrize("kind", KINDS)
def test_from_the_key_to_a_call(
    rig: Rig, simulator: Simulator, tmp_path: Path, kept: Callable[[Kind], dict[str, str]], kind: Kind
) -> None:
    his, env = install(kind, tmp_path / "医院 HIS").ini(""), kept(kind)
    (his.folder / "本院.ini").write_text("[wire]\ndialect = no-such\n", "utf-8")
    (his.folder / "good.ini").write_text("[wire]\nverify = off\n[validate]\nlevel = strict\n", "utf-8")
    public_key = command(rig, his, kind, env, "key", "fleet.key").stdout.strip()
    assert len(public_key) == 64
    his.ini(f"[fleet]\nsource = central.ini\npublic_key = {public_key}\n")

    signed = command(rig, his, kind, env, "sign", "good.ini", "--key", "fleet.key", "--out", "central.ini")
    assert (signed.returncode, signed.stderr) == (0, "")
    taken = command(rig, his, kind, env, "take")
    assert (taken.returncode, taken.stderr) == (0, "")
    assert "In force: number" in command(rig, his, kind, env).stdout

    signed = command(rig, his, kind, env, "sign", "本院.ini", "--key", "fleet.key", "--out", "central.ini")
    assert signed.returncode == 0  # a dialect of its own may be in the vcshim.ini of each PC
    refused = command(rig, his, kind, env, "take")
    assert refused.returncode == 1
    assert "no-such" in refused.stderr
    (reply,) = his.run(rig, [verify_line("v", simulator)], env=env)
    assert reply.returned == b"00"


@pytest.mark.parametrize("kind", KINDS)
def test_a_second_address_behind_the_exports(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    """The first refuses connections: both calls are done. It takes a request and hangs up: one is, and once."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{bound.getsockname()[1]}"
        his = install(kind, tmp_path / "his").ini(f"[transport]\nalternatives = {closed}, {simulator.url}\n")
        lines = [
            trans_line("v", VERIFY["in"].encode("gb18030"), url=simulator.gateway.replace(simulator.url, closed)),
            trans_line(
                "q", QUERY["in"].encode("gb18030"), url=simulator.qr_query.replace(simulator.url, closed),
                export="NationEcTrans",
            ),
        ]  # fmt: skip
        assert [reply.returned for reply in his.run(rig, lines)] == [b"00", b"0000"]
    assert "改用其他地址" in his.log_text()

    def hang_up(server: Server, connection: socket.socket) -> None:
        server.read(connection)

    with serving(hang_up) as first:
        base = first.url.removesuffix("/x")
        his.ini(f"[transport]\nalternatives = {base}, {simulator.url}\n")
        url = simulator.gateway.replace(simulator.url, base)
        (reply,) = his.run(rig, [trans_line("v", VERIFY["in"].encode("gb18030"), url=url)])
        assert reply.returned == b"3003"
        assert first.requests == 1
