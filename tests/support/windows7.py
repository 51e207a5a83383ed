"""Windows 7 as far as Wine can show it: the product with its own path functions, and imports of what Windows has.

Wine answers `api-ms-win-core-path-l1-1-0.dll` itself, whatever file is there. In a copy of CPython's DLL that asks for
another name of the same length, our DLL under that name is found as Windows 7 finds it: as a file beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from buildlib import private_names
from buildlib.layout import PATH_DLL, PRIVATE_NAMES, PYTHON_DLL
from buildlib.pe import Image
from tests.support.paths import vectors
from tests.support.product import Product

ASKED_FOR = PATH_DLL.replace("api-", "vcx-")
"""What the changed DLL imports: a name that is in no API set."""
SUPPORTED = ("xp", "vista", "7", "KB2999226")
"""The groups of windows_imports.json that Windows 7 SP1 has, the update included."""
_SUFFIXES = (".dll", ".pyd", ".exe")


def python_dll(runtime: Path) -> Path:
    """CPython's DLL in a vcshim folder."""
    return runtime / PRIVATE_NAMES[PYTHON_DLL]


def take_own_paths(product: Product) -> Product:
    """Have the product use our path functions instead of the system's."""
    path = python_dll(product.runtime)
    data = private_names.rewritten(Image(path), {PATH_DLL: ASKED_FOR})
    path.unlink()  # a hard link
    path.write_bytes(data)
    (product.runtime / PATH_DLL).rename(product.runtime / ASKED_FOR)
    return product


def known_functions() -> Mapping[str, Mapping[str, str]]:
    """By DLL and function, the group of windows_imports.json, which is the oldest Windows that has it."""
    dlls = vectors("windows_imports")["dlls"]
    return {dll: {name: group for group, names in groups.items() for name in names} for dll, groups in dlls.items()}


def imports_of_windows(folder: Path) -> Iterator[tuple[str, str, str]]:
    """The file, the DLL in lower case and the function, of what the files below `folder` import and the set lacks."""
    files = [path for path in sorted(folder.rglob("*")) if path.suffix.lower() in _SUFFIXES]
    own = {path.name.lower() for path in files}
    for path in files:
        image = Image(path)
        for table in (image.imports, image.delay_imports):
            for dll, functions in table.items():
                if dll.lower() not in own:
                    yield from ((path.relative_to(folder).as_posix(), dll.lower(), name) for name in functions)


def too_new(folder: Path) -> list[str]:
    """What Windows 7 SP1 with KB2999226 lacks of the imports below `folder`, and what nothing is known of."""
    known = known_functions()
    return [
        f"{file}: {dll} {name}: {known.get(dll, {}).get(name, 'not in tests/vectors/windows_imports.json')}"
        for file, dll, name in imports_of_windows(folder)
        if known.get(dll, {}).get(name) not in SUPPORTED
    ]


def forget_update(front: Path) -> None:
    """Have a front find KERNEL32 as it is without update KB2533623, which brought AddDllDirectory."""
    data = front.read_bytes()
    assert data.count(b"AddDllDirectory\0") == 1
    front.unlink()  # a hard link
    front.write_bytes(data.replace(b"AddDllDirectory\0", b"XddDllDirectory\0"))


WITHOUT_CRT = {"WINEDLLOVERRIDES": "ucrtbase="}
"""The environment of a Wine without the universal C runtime."""
