"""C to binaries: two fronts, the core and vcshim.exe, for one target."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from buildlib import console, elf, environment, pe
from buildlib.layout import (
    LINUX_CORE,
    LINUX_PROGRAM,
    NATIVE,
    PACKAGES,
    PATH_DLL,
    PRIVATE_NAMES,
    PRIVATE_SYMBOL,
    PYTHON_DLL,
    ROOT,
    RUNTIME,
    SEARCH_PATHS,
    Target,
    private_library,
)
from buildlib.toolchain import Toolchain

# One row a front: the C file, the DLL's name without .dll, the title in the version resource.
FRONTS = (
    ("virtualcardchk", "VirtualCardChk", "多码融合码动态库（VC V1.1.2）"),
    ("nationeccode", "NationECCode", "医保电子凭证动态库（EC XJ-D01-2019）"),
)
CORE_TITLE = "多码融合码与医保电子凭证动态库的核心"
PATH_TITLE = "Windows 7 所缺的三个路径函数"
PROGRAM_TITLE = "多码融合码与医保电子凭证动态库的命令行工具"

# What the core and the program show on Linux: to the front, to the program, and to libpython (private_symbols.py).
_SHOWN_BY_PROGRAM = (f"{PRIVATE_SYMBOL}sigaction",)
_SHOWN_BY_CORE = tuple(PRIVATE_SYMBOL + name for name in ("core_call_6", "core_fork", "modules", "sigaction"))
# C files that both fronts consist of, beside their own; of the core alone; of what runs Python: the core, for Linux the
# program as well.
_FRONT = {
    "windows": (
        "front configuration core failure returned_code forward relay_x86 settings ini_charset ini_value pc_pattern "
        "sets sha256 events_windows local_copy_windows local_copy_paths_windows local_copy_whole_windows "
        "local_copy_make_windows local_copy_delete_windows lacking_windows platform_windows threads_windows"
    ).split(),
    "linux": (
        "front configuration core failure returned_code forward settings ini_charset ini_value pc_pattern sets "
        "events_posix local_copy_posix lacking_posix platform_posix threads_posix"
    ).split(),
}
_CORE = {"windows": ("forks_windows", "vcshim"), "linux": ("forks_posix", "signals_posix", "warm_up_posix")}
_SHARED = {"windows": ("streams_windows", "imports_windows", "warm_up_windows"), "linux": ("streams_posix",)}
# What PATH_DLL exports, with the bytes that stdcall pops.
PATH_FUNCTIONS = {"PathCchCombineEx": 20, "PathCchFindExtension": 12, "PathCchSkipRoot": 8}
# Macros of theirs that name a DLL of the runtime.
_NAMES_IN_C = {"PYTHON_DLL": PYTHON_DLL, "LIBCRYPTO": "libcrypto-3.dll"}


def freeze(target: Target, staging: Path, names: Iterable[str], archive: Path | None) -> None:
    """Write the table of frozen modules into target.work: `names`, below `staging` or in `archive`.

    Without the columns of tracebacks, which need the sources to be shown.
    """
    order = target.work / "reached.txt"
    order.write_text("".join(f"{name}\n" for name in names), "ascii")
    words = [staging, target.work, order, *([archive] if archive else [])]
    console.run([environment.python(), "-X", "no_debug_ranges", "-m", "native.modules_build", *words], cwd=ROOT)


def build(target: Target, python_dll: Path | None) -> None:
    """Compile and link everything into target.folder, with the modules that `freeze` has written.

    `python_dll` is the Windows DLL to embed, None on Linux.
    """
    tools = Toolchain(target)
    console.say(f"compiling fronts and core for {target.name} with {tools.title}")
    target.work.mkdir(parents=True, exist_ok=True)
    (target.folder / RUNTIME).mkdir(parents=True, exist_ok=True)
    for builder in ("exports_build", "messages_build", "charset_build"):
        console.run([environment.python(), "-m", f"native.{builder}", target.work], cwd=ROOT)
    with ThreadPoolExecutor() as pool:
        core = pool.submit(_core, tools, python_dll)
        fronts(tools)
        if target.system == "windows":
            _path_dll(tools)
            _launcher(tools)
        core.result()


def version() -> str:
    """The project's version, from its one home."""
    text = (ROOT / "shim" / "__init__.py").read_text("utf-8")
    return text.split('__version__ = "')[1].split('"')[0]


def fronts(tools: Toolchain) -> None:
    """Compile and link both fronts, with the lists of exports that stand in target.work."""
    target = tools.target
    flags = [f"-I{target.work}", *_needed(target), *(["-fno-builtin"] if target.system == "windows" else [])]
    common = [tools.compile(NATIVE / f"{n}.c", target.work / f"{n}.o", flags) for n in _FRONT[target.system]]
    for name, library, title in FRONTS:
        objects = [tools.compile(NATIVE / f"{name}.c", target.work / f"{name}.o", flags), *common]
        if target.system == "linux":
            tools.link_front(objects, target.work / f"{library}.ld", target.folder / f"lib{library}.so")
            continue
        objects.append(_resource(tools, f"{library}.dll", title))
        machine = "x86" if target.bits == 32 else "x64"
        tools.link_front(objects, target.work / f"{library}.{machine}.def", target.folder / f"{library}.dll")


def front_files(target: Target) -> list[Path]:
    """Both fronts, as they lie in the finished product."""
    form = "lib{}.so" if target.system == "linux" else "{}.dll"
    return [target.folder / form.format(library) for _, library, _ in FRONTS]


def _needed(target: Target) -> list[str]:
    """What native/lacking.h asks for: the files that the core needs beside it."""
    names = [PRIVATE_NAMES[PYTHON_DLL], PRIVATE_NAMES["vcruntime140.dll"]]
    if target.system == "linux":
        names = [private_library(sysconfig_of("INSTSONAME"))]
    return [f'-DVCSHIM_BESIDE_CORE="{";".join(names)}"', f'-DVCSHIM_PATH_DLL="{PATH_DLL}"']


def _path_dll(tools: Toolchain) -> None:
    """Compile and link native/path_windows7.c."""
    target = tools.target
    names = [f"{name}={name}@{size}" if target.bits == 32 else name for name, size in PATH_FUNCTIONS.items()]
    definition = target.work / "path_windows7.def"
    definition.write_text("".join(f"{line}\n" for line in (f"LIBRARY {PATH_DLL}", "EXPORTS", *names)), "ascii")
    source = tools.compile(NATIVE / "path_windows7.c", target.work / "path_windows7.o", ["-fno-builtin"])
    objects = [source, _resource(tools, PATH_DLL, PATH_TITLE)]
    tools.link_front(objects, definition, target.folder / RUNTIME / PATH_DLL)


def _resource(tools: Toolchain, file_name: str, title: str) -> Path:
    numbers = version()
    values = {
        "FILE_NAME": f'"{file_name}"',
        "FILE_TYPE": "VFT_APP" if file_name.endswith(".exe") else "VFT_DLL",
        "TITLE": f'"{title}"',
        "VERSION_TEXT": f'"{numbers}"',
        "VERSION_NUMBERS": ",".join([*numbers.split("."), "0"]),
    }
    # NB: in a file, not in -D words: windres hands those to a shell, which eats quotes and takes blanks for ends.
    script = tools.target.work / f"{file_name}.rc"
    lines = [f"#define {name} {value}" for name, value in values.items()]
    lines += [f'#include "{(NATIVE / "version.rc").as_posix()}"']
    if file_name.endswith(".exe"):
        lines += [f'1 24 "{(NATIVE / "vcshim.exe.manifest").as_posix()}"']  # RT_MANIFEST
    script.write_text("\n".join([*lines, ""]), "utf-8")
    return tools.resource(script, script.with_suffix(".res.o"))


def _core(tools: Toolchain, python_dll: Path | None) -> None:
    target = tools.target
    generated = target.work / "_vcshim_core.c"
    console.run([environment.python(), NATIVE / "embed_build.py", generated])
    paths = ";".join(SEARCH_PATHS[target.system])
    include = _headers(target)
    code = (target.work / "modules.bin").as_posix()
    flags = [f'-DVCSHIM_SEARCH_PATHS="{paths}"', f'-DVCSHIM_PACKAGES=L"{PACKAGES}"', f'-DVCSHIM_CODE="{code}"']
    # No box and no abort in a host: cffi's message box and its assertions are left out.
    flags += ["-DCFFI_MESSAGEBOX=0", "-DNDEBUG", f"-I{NATIVE}", f"-I{include}"]
    if target.system == "linux":
        flags += [f'-DVCSHIM_LIBCRYPTO="{private_library(_libcrypto())}"', f'-DVCSHIM_SYMBOL_PREFIX="{PRIVATE_SYMBOL}"']
    else:
        flags += [f'-DVCSHIM_{name}=L"{PRIVATE_NAMES[dll]}"' for name, dll in _NAMES_IN_C.items()]
    shared, only = (
        [tools.compile(NATIVE / f"{name}.c", target.work / f"{name}.o", flags, warnings=False) for name in names]
        for names in (_SHARED[target.system], _CORE[target.system])
    )
    generated_objects = [
        tools.compile(source, source.with_suffix(".o"), flags, warnings=False)
        for source in (generated, target.work / "modules.c")
    ]
    objects = [*generated_objects, *only, *shared]
    runtime = target.folder / RUNTIME
    if target.system == "linux":
        library = Path(sysconfig_of("LIBDIR")) / sysconfig_of("LDLIBRARY")
        tools.link_core(objects, [library], runtime / LINUX_CORE, _SHOWN_BY_CORE)
        program = tools.compile(NATIVE / "vcshim.c", target.work / "vcshim.o", flags, warnings=False)
        tools.link_program([program, *shared, library], runtime / LINUX_PROGRAM, _SHOWN_BY_PROGRAM)
        return
    assert python_dll is not None
    stub = target.work / "libpython.a"
    tools.import_library(PRIVATE_NAMES[python_dll.name.lower()], pe.Image(python_dll).exports, stub)
    objects.append(_resource(tools, "vcshim_core.dll", CORE_TITLE))
    tools.link_core(objects, [stub], runtime / "vcshim_core.dll", ())


def _launcher(tools: Toolchain) -> None:
    """vcshim.exe, which is of the core what is not in it."""
    target = tools.target
    flags = [f"-I{target.work}", *_needed(target)]
    names = ("launch_windows", "lacking_windows", "trial_windows")
    # NB: names of their own, because the fronts compile one of the two with other flags at the same time
    words = [tools.compile(NATIVE / f"{name}.c", target.work / f"program-{name}.o", flags) for name in names]
    words.append(_resource(tools, "vcshim.exe", PROGRAM_TITLE))
    tools.link_program(words, target.folder / RUNTIME / "vcshim.exe", ())


def _libcrypto() -> str:
    """The name of the building machine's libcrypto, by the module that uses it."""
    module = Path(sysconfig_of("DESTSHARED"), f"_hashlib{sysconfig_of('EXT_SUFFIX')}")
    names = [name for name in elf.Image(module).needed if name.startswith("libcrypto.")] if module.exists() else []
    if len(names) != 1:
        raise console.Failed(f"{module} does not load one libcrypto: a CPython of another kind?")
    return names[0]


def _headers(target: Target) -> Path:
    """CPython's headers. For Windows a copy, in which our pyconfig.h takes the place of the building machine's."""
    own = Path(sysconfig_of("INCLUDEPY"))
    if target.system == "linux":
        return own
    copy = target.work / "include"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(own, copy)
    shutil.copy(NATIVE / "pyconfig.h", copy / "pyconfig.h")
    return copy


def sysconfig_of(name: str) -> str:
    """A configuration variable of the interpreter in .venv, which may not be the one that runs this file."""
    code = f"import sysconfig; print(sysconfig.get_config_var({name!r}) or sysconfig.get_path('include'))"
    return console.run([environment.python(), "-c", code]).strip()
