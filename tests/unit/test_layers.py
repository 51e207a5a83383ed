"""Nothing points back up: every import inside shim goes down the layers or stays in its own."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.support.each_row import each_row
from tests.support.paths import ROOT
from tests.support.syntax import parsed

SHIM = ROOT / "shim"

# The layers of CONTRIBUTING.md, top first. A module belongs to the longest prefix that names it.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("shim.toolbox",),
    ("shim.abi", "shim.cli"),
    ("shim.call_port", "shim.prepared_failures"),
    ("shim.commands", "shim.doctor"),
    ("shim.replay", "shim.fleet", "shim.bridge"),
    (
        "shim.wiring",
        "shim.configuration",
        "shim.rehearsal",
        "shim.settings_check",
        "shim.settings_watch",
        "shim.renewal",
    ),
    (
        "shim.service",
        "shim.service_parts",
        "shim.request_check",
        "shim.reply",
        "shim.host_bytes",
        "shim.simulator",
        "shim.learn",
    ),
    (
        "shim.dialects",
        "shim.transport",
        "shim.devices",
        "shim.terminal",
        "shim.answer_store",
        "shim.capture",
        "shim.install",
        "shim.journal",
        "shim.telemetry",
        "shim.windows_events",
    ),
    (
        "shim.validate",
        "shim.crypto",
        "shim.curl",
        "shim.har",
        "shim.codec",
        "shim.code_page",
        "shim.host_codes",
        "shim.lookup",
        "shim.drawing",
        "shim.workstation",
    ),
    ("shim.winapi",),
    (
        "shim.spec",
        "shim.background",
        "shim.bilingual",
        "shim.environment",
        "shim.errors",
        "shim.folders",
        "shim.patience",
        "shim.messages",
        "shim.settings",
        "shim.local_copy",
        "shim.log",
        "shim.log_reading",
        "shim.daily_file",
        "shim.kept_files",
        "shim.call_activity",
        "shim.call_order",
        "shim.foreign_threads",
        "shim.forks",
        "shim.wall_clock",
        "shim.deadline",
        "shim.http_answer",
        "shim.once",
        "shim.stages",
        "shim.sets",
        "shim.manifest",
        "shim.submission",
        "shim.__init__",
    ),
)
# Rules beyond the order: who may import what.
ONLY_FOR = {
    "cffi": {"native/embed_build.py"},
    "requests": {"shim/transport/portable/session.py"},
    "urllib3": {"shim/transport/portable/session.py"},
    "Crypto": {"shim/crypto/block_ciphers.py", "shim/crypto/gcm.py", "shim/crypto/sm2.py"},
    "sqlite3": {"shim/simulator/store/database.py"},
    "_sqlite3": {"shim/journal/database.py"},
    "segno": {"shim/simulator/pages/present.py", "shim/drawing/qr.py"},
    # ``sim:`` inside a host must not ask for it.
    "tornado": {
        "shim/simulator/server.py",
        "shim/simulator/http_exchange.py",
        "shim/simulator/api.py",
        "shim/bridge/server.py",
        *(f"shim/simulator/pages/{name}.py" for name in ("__init__", "common", "console", "consent")),
    },
    "PIL": {
        "shim/drawing/fonts.py",
        "shim/drawing/qr.py",
        "shim/devices/label/drawing.py",
        "shim/devices/screen/frames.py",
        "shim/devices/screen/lettering.py",
        "shim/devices/screen/painter.py",
        "shim/devices/screen/pictures.py",
        "shim/devices/screen/shapes.py",
    },
    "serial": {"shim/devices/lines/serial.py"},
    "hid": {"shim/devices/scanner/hid_pos.py"},
}


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 2 else parts)


def layer(module: str) -> int:
    if module == "shim":
        module = "shim.__init__"
    found = [
        (len(prefix), level)
        for level, prefixes in enumerate(LAYERS)
        for prefix in prefixes
        if module == prefix or module.startswith(prefix + ".")
    ]
    assert found, f"{module} belongs to no layer: give it a room in LAYERS and CONTRIBUTING.md"
    return max(found)[1]


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(parsed(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            module = node.module or ""
            found.add(module)
            if module.split(".")[0] == "shim" and (ROOT / module.replace(".", "/")).is_dir():
                found |= {
                    f"{module}.{alias.name}"
                    for alias in node.names
                    if (ROOT / module.replace(".", "/") / f"{alias.name}.py").exists()
                    or (ROOT / module.replace(".", "/") / alias.name).is_dir()
                }
    return found


def upward(path: Path) -> list[str]:
    own = layer(module_name(path))
    return [name for name in imports(path) if name.split(".")[0] == "shim" and layer(name) < own]


MODULES = sorted(SHIM.rglob("*.py"))


@each_row(MODULES)
def test_no_import_points_up(path: Path) -> None:
    assert upward(path) == []


@each_row(MODULES)
def test_libraries_are_used_where_they_belong(path: Path) -> None:
    name = path.relative_to(ROOT).as_posix()
    used = {library.split(".")[0] for library in imports(path)} & set(ONLY_FOR)
    assert {library for library in used if name not in ONLY_FOR[library]} == set()


def test_an_upward_import_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: a spec module that imports the service is reported."""
    bad = SHIM / "spec" / "rows.py"
    monkeypatch.setattr(Path, "read_text", lambda self, *_: "from shim.service import Service\n")
    assert upward(bad) == ["shim.service"]


def test_spec_holds_no_logic_of_others() -> None:
    """The tables stand alone: nothing of the project but the rows themselves."""
    for path in (SHIM / "spec").rglob("*.py"):
        assert {name for name in imports(path) if name.startswith("shim") and not name.startswith("shim.spec")} == set()


def test_no_test_imports_from_another() -> None:
    """What tests share is in tests/support: a test module can be moved, split or deleted by itself."""
    levels = ("unit", "contract", "product", "simulator")
    for path in (ROOT / "tests").rglob("*.py"):
        shared = {name for name in imports(path) if name.startswith(tuple(f"tests.{level}." for level in levels))}
        allowed = {name for name in shared if not name.rpartition(".")[2].startswith("test_")}
        assert shared - allowed == set(), path
