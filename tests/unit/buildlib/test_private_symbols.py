"""A miniature of the Linux set, made here: interpreter, library, module, core, and a host with all their names.

The host's functions answer 1000 and more, so that one of them in the place of ours is seen in the sum.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from buildlib import console, private_symbols
from buildlib.console import Failed
from buildlib.elf import Image

pytestmark = pytest.mark.needs("gcc")

# Data, a weak function, one that is chosen when it is loaded (IFUNC), two versions of one name, and a weak name that
# nothing defines but the host.
_LIBRARY = """
int z_data = 1;
int z_plain(void) { return 2; }
int __attribute__((weak)) z_weak(void) { return 4; }
static int fast(void) { return 8; }
static int (*choose(void))(void) { return fast; }
int z_chosen(void) __attribute__((ifunc("choose")));
int old_versioned(void) { return 5000; }
int new_versioned(void) { return 16; }
__asm__(".symver old_versioned, z_versioned@Z_1");
__asm__(".symver new_versioned, z_versioned@@Z_2");
extern int z_trace(void) __attribute__((weak));
int z_traced(void) { return z_trace ? z_trace() : 32; }
int *z_where(void) { return &z_data; }
"""
_LIBRARY_VERSIONS = "Z_1 { global: z_versioned; }; Z_2 { global: *; } Z_1;"
_PYTHON = """
#include <signal.h>
int py_data = 64;
int py_plain(void) { return 128; }
int PyInit_builtin(void) { return 7000; }
int py_signals(void) { struct sigaction now; return sigaction(SIGINT, 0, &now); }
"""
_MODULE = """
extern int z_data, py_data;
int z_plain(void), z_weak(void), z_chosen(void), z_versioned(void), z_traced(void), py_plain(void), py_signals(void);
int *z_where(void);
int PyInit_module(void)
{
    int same = z_where() == &z_data ? 0 : 3000;
    int library = z_data + z_plain() + z_weak() + z_chosen() + z_versioned() + z_traced();
    return library + py_data + py_plain() + py_signals() + same;
}
"""
_CORE = """
#include <dlfcn.h>
#include <signal.h>
int py_plain(void);
int vcshim_sigaction(int number, const struct sigaction *wanted, struct sigaction *now) { return 256; }
int vcshim_core_call_6(const char *path)
{
    void *module = dlopen(path, RTLD_NOW);
    int (*function)(void) = module == 0 ? 0 : (int (*)(void))dlsym(module, "PyInit_module");
    return function == 0 ? -1 : function() + (py_plain() == 128 ? 0 : 2000);
}
"""
_HOST = """
#include <dlfcn.h>
#include <stdio.h>
int z_data = 1000, py_data = 1000;
int z_plain(void) { return 1000; }
int z_weak(void) { return 1000; }
int z_chosen(void) { return 1000; }
int z_versioned(void) { return 1000; }
int z_trace(void) { return 1000; }
int z_traced(void) { return 1000; }
int *z_where(void) { return 0; }
int py_plain(void) { return 1000; }
int py_signals(void) { return 1000; }
int main(int count, char **words)
{
    void *core = dlopen(words[1], RTLD_NOW | RTLD_LOCAL);
    int (*function)(const char *) = core == 0 ? 0 : (int (*)(const char *))dlsym(core, "vcshim_core_call_6");
    printf("%d %s\\n", function == 0 ? -2 : function(words[2]), core == 0 ? dlerror() : "");
    return 0;
}
"""
ALL_OURS = 511


class Miniature:
    """What a build finds in `made`, and the runtime it makes of it."""

    def __init__(self, folder: Path) -> None:
        self.made, self.runtime, self.work = folder / "made", folder / "vcshim", folder / "work"
        for each in (self.made, self.runtime):
            each.mkdir(parents=True)
        versions = self.made / "z.ld"
        versions.write_text(_LIBRARY_VERSIONS)
        self.library = self.make("libz.so.1", _LIBRARY, "-Wl,-soname,libz.so.1", f"-Wl,--version-script={versions}")
        self.python = self.make("libpython.so.1", _PYTHON, "-Wl,-soname,libpython.so.1")
        # As CPython's modules do, it leaves libpython to the process.
        self.module = self.make("module.so", _MODULE, self.library, f"-Wl,-rpath,{self.made}")
        self.core = self.make("core.so", _CORE, self.python, f"-Wl,-rpath,{self.made}", "-ldl")

    def make(self, name: str, source: str, *words: str | Path, shared: bool = True) -> Path:
        path, text = self.made / name, self.made / f"{name}.c"
        text.write_text(source)
        console.run(["gcc", *(["-shared", "-fPIC"] if shared else ["-rdynamic"]), "-o", path, text, *words, "-ldl"])
        return path

    def apply(self, **more: Path) -> None:
        origins = {self.runtime / "lib-dynload" / "module.so": self.module, self.runtime / "core.so": self.core}
        origins |= {self.runtime / name: path for name, path in more.items()}
        private_symbols.apply(self.runtime, self.work, origins, self.python, shutil.copyfile)

    def call(self, runtime: Path, env: dict[str, str] | None = None) -> tuple[int, str]:
        """What the module's function says, called by a host with the same names."""
        host = self.make("host", _HOST, shared=False)
        words = [host, runtime / "core.so", runtime / "lib-dynload" / "module.so"]
        done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=True, env=env)
        number, _, error = done.stdout.strip().partition(" ")
        return int(number), error


@pytest.fixture
def miniature(tmp_path: Path) -> Miniature:
    return Miniature(tmp_path)


def test_no_name_of_the_host_is_met(miniature: Miniature) -> None:
    miniature.apply()
    assert miniature.call(miniature.runtime, {"LD_BIND_NOW": "1"}) == (ALL_OURS, "")


def test_the_host_is_one_that_would_be_met(miniature: Miniature) -> None:
    """The control: without renaming the host's functions are called."""
    modules = miniature.made / "lib-dynload"
    modules.mkdir()
    words: list[str | Path] = [miniature.library, miniature.python, f"-Wl,-rpath,{miniature.made}"]
    shutil.copyfile(miniature.make("linked.so", _MODULE, *words), modules / "module.so")
    number, error = miniature.call(miniature.made)
    assert (number > 8000, error) == (True, "")


def test_names(miniature: Miniature) -> None:
    """What each file is called, loads, defines and uses; libpython's entry for a built-in module is no exception."""
    miniature.apply()
    runtime = miniature.runtime
    files = {str(path.relative_to(runtime)) for path in runtime.rglob("*") if path.is_file()}
    assert files == {"core.so", "lib-dynload/module.so", "libvcshim-z.so.1", "libvcshim-python.so.1"}
    z, python = Image(runtime / "libvcshim-z.so.1"), Image(runtime / "libvcshim-python.so.1")
    module, core = Image(runtime / "lib-dynload" / "module.so"), Image(runtime / "core.so")
    assert [image.soname for image in (z, python, module, core)] == [
        "libvcshim-z.so.1", "libvcshim-python.so.1", None, None,
    ]  # fmt: skip
    assert set(module.needed) - {"libc.so.6"} == {"libvcshim-z.so.1", "libvcshim-python.so.1"}
    assert set(core.needed) - {"libc.so.6"} == {"libvcshim-python.so.1"}
    assert module.versions_needed["libvcshim-z.so.1"] == ["Z_2"]
    assert [image.rpath for image in (z, python, module, core)] == ["", "", "$ORIGIN/..", "$ORIGIN"]
    assert [image.runpath for image in (z, python, module, core)] == [""] * 4
    assert z.defines == {
        "vcshim_Z_1", "vcshim_Z_2", "vcshim_z_data", "vcshim_z_plain", "vcshim_z_weak", "vcshim_z_chosen",
        "vcshim_z_versioned", "vcshim_z_traced", "vcshim_z_where", "vcshim_old_versioned", "vcshim_new_versioned",
    }  # fmt: skip
    assert "vcshim_z_trace" in z.uses
    assert python.defines == {
        "vcshim_py_data", "vcshim_py_plain", "vcshim_PyInit_builtin", "vcshim_py_signals"
    }  # fmt: skip
    assert "vcshim_sigaction" in python.uses and "sigaction" not in python.uses
    lines = console.run(["readelf", "--dyn-syms", "-W", runtime / "libvcshim-python.so.1"]).splitlines()
    assert [line.split()[-1] for line in lines if "sigaction" in line] == [
        "vcshim_sigaction"
    ]  # in no version of glibc's
    assert module.defines == {"PyInit_module"}
    assert core.defines == {"vcshim_sigaction", "vcshim_core_call_6"}
    assert "dlopen" in core.uses


def test_what_it_is_made_of_stays_as_it_was(miniature: Miniature) -> None:
    """Neither the environment nor a copy of an earlier product that shares files with it is written to."""
    before = {path: path.read_bytes() for path in miniature.made.iterdir()}
    miniature.apply()
    assert {path: path.read_bytes() for path in miniature.made.iterdir()} == before


def test_the_same_files_give_the_same_bytes(miniature: Miniature, tmp_path: Path) -> None:
    miniature.apply()
    first = {path.name: path.read_bytes() for path in miniature.runtime.rglob("*.so*")}
    shutil.rmtree(miniature.runtime)
    miniature.apply()
    assert {path.name: path.read_bytes() for path in miniature.runtime.rglob("*.so*")} == first


def test_ours_are_found_before_those_of_LD_LIBRARY_PATH(miniature: Miniature, tmp_path: Path) -> None:
    """A frozen host names folders there; a file by our name in one of them is not taken."""
    miniature.apply()
    other = tmp_path / "other"
    other.mkdir()
    for name in ("libvcshim-z.so.1", "libvcshim-python.so.1"):
        (other / name).write_bytes(b"not this one")
    assert miniature.call(miniature.runtime, {"LD_LIBRARY_PATH": str(other)}) == (ALL_OURS, "")


def test_a_library_that_is_not_ours(miniature: Miniature) -> None:
    """Named with the file that needs it; so is one that is not there at all."""
    other = miniature.make("libodd.so.3", "int odd(void) { return 1; }", "-Wl,-soname,libodd.so.3")
    source = "int odd(void); int PyInit_user(void) { return odd(); }"
    user = miniature.make("user.so", source, other, f"-Wl,-rpath,{miniature.made}")
    with pytest.raises(Failed, match=r"made/user\.so needs libodd\.so\.3 \(/.*/libodd\.so\.3\), which is neither"):
        miniature.apply(user=user)
    other.unlink()
    with pytest.raises(Failed, match=r"made/user\.so needs libodd\.so\.3 \(not found\), which is neither"):
        miniature.apply(user=user)


def test_a_library_in_the_folder_of_a_wheel_is_taken(miniature: Miniature) -> None:
    folder = miniature.made / "odd.libs"
    folder.mkdir()
    other = miniature.make("odd.libs/libodd-1a2b.so.3", "int odd(void) { return 1; }", "-Wl,-soname,libodd-1a2b.so.3")
    source = "int odd(void); int PyInit_user(void) { return odd(); }"
    miniature.apply(user=miniature.make("user.so", source, other, "-Wl,-rpath,$ORIGIN/odd.libs"))
    assert "libvcshim-odd-1a2b.so.3" in Image(miniature.runtime / "user").needed
    assert Image(miniature.runtime / "libvcshim-odd-1a2b.so.3").defines == {"vcshim_odd"}


def test_a_symbol_that_nothing_defines(miniature: Miniature) -> None:
    user = miniature.make("user.so", "int nobody(void); int PyInit_user(void) { return nobody(); }")
    with pytest.raises(Failed, match=r"made/user\.so uses what nothing of the set defines: nobody"):
        miniature.apply(user=user)


def test_a_symbol_of_a_library_that_is_not_loaded_with_it(miniature: Miniature) -> None:
    """Defined somewhere in the set is not enough."""
    user = miniature.make("user.so", "int z_plain(void); int PyInit_user(void) { return z_plain(); }")
    with pytest.raises(Failed, match=r"made/user\.so uses what nothing of the set defines: z_plain"):
        miniature.apply(user=user)
