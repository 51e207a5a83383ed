"""The zips that a hospital downloads, and signatures: complete, checked, and a call after nothing but unpacking."""

from __future__ import annotations

import json
import subprocess
import zipfile
from pathlib import Path

import pytest

from buildlib import tools
from buildlib.compile import version
from buildlib.layout import DIST, WIN32, WIN64, Target
from buildlib.package import signing
from buildlib.package.components import COMPONENTS
from shim import manifest
from tests.support.calls import VERIFY
from tests.support.clients import Kind, Rig, trans_line
from tests.support.needs import NotBuilt
from tests.support.product import Product

TARGETS: dict[Kind, Target] = {"win32-c": WIN32, "win64-c": WIN64}


def unpacked(kind: Kind, folder: Path) -> Product:
    """The package for a kind of host, unpacked into `folder`, as Explorer does it."""
    name = f"virtualcard-shim-{version()}-{TARGETS[kind].name}"
    if not (DIST / f"{name}.zip").exists():
        raise NotBuilt(TARGETS[kind].name)
    with zipfile.ZipFile(DIST / f"{name}.zip") as archive:
        archive.extractall(folder)
    return Product(kind, folder / name)


@pytest.mark.parametrize("kind", TARGETS)
def test_a_package(rig: Rig, tmp_path: Path, kind: Kind) -> None:
    """Every file is on its list, the fronts are in the set once more, and a call is answered."""
    his = unpacked(kind, tmp_path / "下载 包")
    assert manifest.set_problems(his.folder) == manifest.set_problems(his.runtime) == ()
    for name in ("VirtualCardChk.dll", "NationECCode.dll"):
        assert (his.folder / name).read_bytes() == (his.runtime / "fronts" / name).read_bytes()
    assert {path.name for path in his.folder.iterdir()} == {
        "NationECCode.dll", "SHA256SUMS", "VirtualCardChk.dll", "sdk", "vcshim", "vcshim.ini.sample", "说明.txt",
    }  # fmt: skip
    assert (his.runtime / "help.html").read_text("utf-8").startswith("<!DOCTYPE html>")
    sdk = {path.name for path in (his.folder / "sdk").iterdir()}
    assert sdk == {"NationECCode.lib", "VirtualCardChk.lib", "vcshim.h"}
    (reply,) = his.run(rig, [trans_line("v", VERIFY["in"].encode("gb18030"), url="sim:")])
    assert (reply.returned, reply.out) == (b"00", VERIFY["out"].encode("gb18030"))


@pytest.mark.parametrize("kind", TARGETS)
def test_the_licences_of_a_package(tmp_path: Path, kind: Kind) -> None:
    licences = unpacked(kind, tmp_path).runtime / "licences"
    notice = (licences / "NOTICE.txt").read_text("utf-8-sig")
    bill = json.loads((licences / "vcshim.cdx.json").read_text("utf-8"))
    names = {component.name for component in COMPONENTS}
    assert {component.name for component in COMPONENTS if f"\n{component.name} " in notice + " "} | {
        component.name for component in COMPONENTS if f"\n{component.name}\n" in notice
    } == names
    assert {each["name"] for each in bill["components"]} | {bill["metadata"]["component"]["name"]} == names
    texts = {line.split()[-1] for line in notice.splitlines() if line.startswith("    text:")}
    assert texts == {path.name for path in licences.iterdir()} - {"NOTICE.txt", "vcshim.cdx.json"}
    assert all((licences / text).stat().st_size > 30 for text in texts)


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for signing programs that nobody has certified, and its key."""
    tools.require("signing")
    key, certified = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=hospital",
         "-addext", "extendedKeyUsage=codeSigning", "-keyout", str(key), "-out", str(certified)],
        check=True, capture_output=True,
    )  # fmt: skip
    return certified, key


def test_signed_files(rig: Rig, tmp_path: Path) -> None:
    """Each file that Windows can load has a signature that fits, and the DLLs answer as before."""
    his = unpacked("win32-c", tmp_path)
    certified, key = certificate(tmp_path)
    words = signing.split(f"osslsigncode sign -certs {certified} -key {key} -h sha256")
    files = signing.programs(his.folder)
    assert len(files) > 40
    signing.sign(files, words)
    for path in files:
        verify = ["osslsigncode", "verify", "-CAfile", str(certified), "-in", str(path)]
        assert "Signature verification: ok" in subprocess.run(verify, capture_output=True, text=True, check=True).stdout
    assert (his.runtime / "help.html").read_text("utf-8").startswith("<!DOCTYPE html>")
    (reply,) = his.run(rig, [trans_line("v", VERIFY["in"].encode("gb18030"), url="sim:")])
    assert (reply.returned, reply.out) == (b"00", VERIFY["out"].encode("gb18030"))
