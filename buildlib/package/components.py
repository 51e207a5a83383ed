"""What a set for Windows consists of: a row each, with its licence, its files, and where version and texts are found.

Rows only; licences.py and bill.py read them. A file of the set that belongs to no row stops the build, and so does a
row with files of which the set has none: a library that is added needs a licence here.
"""

from __future__ import annotations

from dataclasses import dataclass

OWN = "LICENSE"
# Folder of texts that no package brings.
TEXTS = "buildlib/package/texts"


@dataclass(frozen=True)
class Component:
    """One work of somebody's.

    name: as its own publisher writes it; `purl` as package URLs do, without the version.
    licence: an SPDX expression, or the name of a LicenseRef.
    texts: the licence itself: files of TEXTS, or patterns below the package's .dist-info.
    files: patterns of paths in the vcshim folder; () for what is only part of another file.
    package: the distribution whose .dist-info has version and texts.
    module: the package whose modules are frozen into the core.
    inside, version: a file of the set (a pattern), and the pattern that finds the version in its bytes.
    fixed: the version where no file tells it.
    """

    name: str
    licence: str
    purl: str
    texts: tuple[str, ...]
    files: tuple[str, ...] = ()
    package: str = ""
    module: str = ""
    inside: str = ""
    version: bytes = b""
    fixed: str = ""
    home: str = ""


def _package(
    name: str, licence: str, module: str = "", *, texts: tuple[str, ...] = ("licenses/*",), files: tuple[str, ...] = ()
) -> Component:
    home = f"https://pypi.org/project/{name}/"
    return Component(
        name, licence, f"pkg:pypi/{name.replace('_', '-')}", texts, files, package=name, module=module, home=home
    )


COMPONENTS = (
    Component(
        "virtualcard-shim",
        "MIT",
        "pkg:generic/virtualcard-shim",
        (OWN,),
        ("vcshim_core.dll", "vcshim.exe", "help.html", "fronts/*.dll", "api-ms-win-core-path-*.dll"),
        module="shim",
    ),
    Component(
        "CPython",
        "PSF-2.0",
        "pkg:generic/python",
        ("cpython.txt",),
        ("vcs-py3*.dll", "_[!c]*.pyd", "_ctypes.pyd", "pyexpat.pyd", "select.pyd", "unicodedata.pyd"),
        module="encodings",
        inside="vcs-py3*.dll",
        version=rb"\0(3\.\d+\.\d+)\0",
        home="https://www.python.org/",
    ),
    Component(
        "OpenSSL",
        "Apache-2.0",
        "pkg:generic/openssl",
        ("openssl.txt",),
        ("vcs-crypto.dll", "vcs-ssl.dll"),
        inside="vcs-crypto.dll",
        version=rb"OpenSSL (\d+\.\d+\.\d+) ",
        home="https://www.openssl.org/",
    ),
    Component(
        "SQLite",
        "blessing",
        "pkg:generic/sqlite",
        ("sqlite.txt",),
        ("vcs-sql.dll",),
        inside="vcs-sql.dll",
        version=rb"[^\d.](3\.\d+\.\d+)\0",
        home="https://www.sqlite.org/",
    ),
    Component(
        "libffi", "MIT", "pkg:generic/libffi", ("cpython.txt",), ("vcs-ffi.dll",), home="https://sourceware.org/libffi/"
    ),
    Component(
        "zlib",
        "Zlib",
        "pkg:generic/zlib",
        ("cpython.txt",),
        inside="vcs-py3*.dll",
        version=rb"\0(1\.[23](?:\.\d+)+)\0",
        home="https://zlib.net/",
    ),
    Component(
        "expat",
        "MIT",
        "pkg:generic/expat",
        ("cpython.txt",),
        inside="pyexpat.pyd",
        version=rb"expat_(\d+\.\d+\.\d+)",
        home="https://libexpat.github.io/",
    ),
    Component(
        "libmpdec",
        "BSD-2-Clause",
        "pkg:generic/mpdecimal",
        ("cpython.txt",),
        inside="_decimal.pyd",
        version=rb"\0([24]\.\d+\.\d+)\0",
        home="https://www.bytereef.org/mpdecimal/",
    ),
    Component(
        "Microsoft Visual C++ runtime",
        "LicenseRef-Microsoft-Distributable-Code",
        "pkg:generic/microsoft-visual-cpp-runtime",
        ("microsoft-runtime.txt",),
        ("vcs-vcrt140*.dll", "api-ms-win-crt-*.dll"),
        home="https://learn.microsoft.com/cpp/windows/latest-supported-vc-redist",
    ),
    Component(
        "mingw-w64 runtime",
        "ZPL-2.1 AND MIT AND BSD-3-Clause",
        "pkg:generic/mingw-w64",
        ("mingw-w64.txt",),
        home="https://www.mingw-w64.org/",
    ),
    Component(
        "libgcc",
        "GPL-3.0-or-later WITH GCC-exception-3.1",
        "pkg:generic/gcc",
        ("gcc-runtime.txt",),
        home="https://gcc.gnu.org/",
    ),
    _package("requests", "Apache-2.0", "requests"),
    _package("urllib3", "MIT", "urllib3"),
    _package("idna", "BSD-3-Clause", "idna"),
    _package("charset_normalizer", "MIT", "charset_normalizer"),
    _package("certifi", "MPL-2.0", "certifi", files=("packages/certifi/*",)),
    _package("cffi", "MIT-0", files=("_cffi_backend.*",)),
    _package("gmssl", "LicenseRef-gmssl-BSD", "gmssl", texts=("gmssl.txt",)),
    _package("pyserial", "BSD-3-Clause", "serial", texts=("pyserial.txt",)),
    _package(
        "hidapi", "BSD-3-Clause", texts=("licenses/LICENSE.txt", "licenses/LICENSE-bsd.txt"), files=("hid.*.pyd",)
    ),
    _package(
        "pycryptodome",
        "BSD-2-Clause AND Unlicense",
        "Crypto",
        texts=("licenses/LICENSE.rst",),
        files=("packages/Crypto/*",),
    ),
    _package("pillow", "MIT-CMU", "PIL", files=("packages/PIL/*",)),
    _package("segno", "BSD-3-Clause", "segno"),
)
# What vcshim-toolbox.exe has beside these.
OF_TOOLBOX = (
    _package("tornado", "Apache-2.0"),
    _package("pyinstaller", "GPL-2.0-or-later WITH Bootloader-exception"),
)
