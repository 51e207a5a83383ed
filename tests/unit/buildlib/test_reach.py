"""What can be reached by import statements, in a made-up tree of modules."""

from __future__ import annotations

from pathlib import Path

import pytest

from buildlib import reach, shipped

TREE = {
    "main.py": (
        "import package.sub\n"
        "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    import never\n"
        "if sys.platform == 'win32':\n    import of_windows\nelse:\n    import of_linux\n"
        "def f():\n    from package import late\n    return import_module('by_text')\n"
        "if __name__ == '__main__':\n    import never\n"
    ),
    "package/__init__.py": "",
    "package/sub.py": "from . import sibling\nload('package._library')\n",
    "package/sibling.py": "try:\n    import optional\nexcept ImportError:\n    pass\n",
    "package/late.py": "from .deep.er import name\n",
    "package/deep/__init__.py": "",
    "package/deep/er.py": "import _c\n",
    "optional.py": "import far",
    "far.py": "",
    "by_text.py": "",
    "by_name.py": "",
    "of_windows.py": "",
    "of_linux.py": "",
    "never.py": "",
    "alone.py": "",
}


def tree(folder: Path, platform: str = "linux", in_functions: bool = True) -> reach.Sources:
    for name, text in TREE.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return reach.Sources(folder, platform, frozenset({"package._library", "package._other"}), in_functions)


def nothing_cut(importer: str, module: str) -> bool:
    return False


ALWAYS = {"main", "package", "package.sub", "package.sibling", "optional", "far"}
LATE = {"package.late", "package.deep", "package.deep.er", "by_text"}


@pytest.mark.parametrize(("platform", "own"), [("linux", "of_linux"), ("win32", "of_windows")])
def test_statements(tmp_path: Path, platform: str, own: str) -> None:
    found = reach.reached(tree(tmp_path, platform), ["main"], nothing_cut, {})
    assert found.modules == ALWAYS | LATE | {own}
    assert found.others == {"typing", "_c", "package._library"}


def test_without_functions(tmp_path: Path) -> None:
    found = reach.reached(tree(tmp_path, in_functions=False), ["main"], nothing_cut, {})
    assert found.modules == ALWAYS | {"of_linux"}


def test_a_cut_edge(tmp_path: Path) -> None:
    found = reach.reached(tree(tmp_path), ["main"], lambda *edge: edge == ("package.sibling", "optional"), {})
    assert found.modules == (ALWAYS | LATE | {"of_linux"}) - {"optional", "far"}


def test_a_name_put_together_at_run_time(tmp_path: Path) -> None:
    found = reach.reached(tree(tmp_path), ["main"], nothing_cut, {"_c": ("by_name",)})
    assert "by_name" in found.modules


def test_cut_rows() -> None:
    """Each has a reason, and a pattern takes what is below it."""
    assert all(by and name and why for by, name, why in shipped.CUT)
    assert shipped.is_cut("requests.adapters", "urllib3.contrib.socks")
    assert not shipped.is_cut("requests.adapters", "urllib3.connection")


def test_encodings_of_every_charset() -> None:
    """What shim names is among those that ship."""
    ours = {"utf_8", "gb18030", "gb2312", "latin_1", "ascii", "utf_16_le", "utf_16_be", "utf_8_sig", "idna"}
    assert {f"encodings.{name}" for name in ours} <= set(shipped.BY_NAME["encodings"])
