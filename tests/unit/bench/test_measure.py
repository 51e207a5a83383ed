"""What makes a run fail, by a server that counts otherwise and by a host that gets another answer; and who is timed."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import cast

import pytest

from bench import cases, measure
from bench.measure import Lane, Run
from bench.programs import Program, Server, System
from buildlib import console
from tests.support.paths import ROOT


class Counted:
    """A server that says what it counted."""

    port = 1

    def __init__(self, **rows: tuple[int, int]) -> None:
        self.rows = {name.replace("_", "-"): counts for name, counts in rows.items()}

    def counts(self) -> dict[str, tuple[int, int]]:
        return self.rows


def run_with(server: Counted) -> Run:
    return Run(cast(System, None), cast(Server, server), [], measure.SHORT)


@pytest.mark.parametrize(
    ("counted", "right"),
    [((5, 0), True), ((6, 0), False), ((4, 0), False), ((5, 1), False)],
    ids=["all", "one twice", "one never", "another body"],
)
def test_the_server_s_count(counted: tuple[int, int], right: bool) -> None:
    run = run_with(Counted(verify_plain_md5=counted, verify_aes_md5=(0, 0)))
    run.expected["verify-plain-md5"] = 5
    if right:
        run._check_counts()
        return
    with pytest.raises(console.Failed, match="verify-plain-md5: 5 calls"):
        run._check_counts()


def test_requests_that_nobody_made() -> None:
    with pytest.raises(console.Failed, match="verify-aes-md5: 0 calls, 1 requests"):
        run_with(Counted(verify_aes_md5=(1, 0)))._check_counts()


def test_each_sign_of_sm2_is_another_one() -> None:
    run = run_with(Counted(verify_sm4_sm2=(3, 2)))
    run.expected["verify-sm4-sm2"] = 3
    run._check_counts()


def test_calls_that_are_expected() -> None:
    """Those before the clock starts count as well: one of the setup, one of each thread."""
    run = run_with(Counted())
    program = cast(Program, None)
    run._expect(Lane("steady.verify-aes-md5", "vcshim", program, ("case …", "calls 1"), "calls 100"))
    run._expect(Lane("steady.verify-aes-md5", "http.client", program, ("1",), "100"))
    run._expect(Lane("slow.8", "C DLL", program, ("case …",), "threads 8 40"))
    run._expect(Lane("screen", "vcshim", program, ("screen 2",), "screen 100"))
    assert run.expected == {"verify-aes-md5": 101, "verify-aes-md5.bare": 101, "verify-5-ms": 8 * 41}


@pytest.mark.needs("linux", "gcc")
@pytest.mark.parametrize(
    ("returned", "out_data", "says"),
    [
        ("00", "{}", ""),
        ("00", "{ }", "another OutData: { }"),
        ("0", "{}", "host: 0 {}"),
        ("9001", "no", "host: 9001 no"),
        (None, "", "host: NULL"),
    ],
)
def test_the_host_looks_at_every_answer(returned: str | None, out_data: str, says: str, tmp_path: Path) -> None:
    value = "NULL" if returned is None else f'"{returned}"'
    (tmp_path / "it.c").write_text(
        "#include <string.h>\n"
        f'char *VirtualCardTrans(char *u, char *i, char *o) {{ strcpy(o, "{out_data}"); return {value}; }}\n'
        "int Set_QRflow_Mode(int mode) { return mode - mode; }\n"
    )
    (tmp_path / "out").write_text("{}")
    run_gcc(tmp_path / "it.so", tmp_path / "it.c", "-shared", "-fPIC", "-Wno-unused-parameter")
    run_gcc(tmp_path / "host", ROOT / "bench" / "host.c", "-D_GNU_SOURCE", "-pthread", "-ldl")
    lines = f"load {tmp_path / 'it.so'}\ncase http://x {tmp_path / 'out'} {tmp_path / 'out'} 64\ncalls 2\nrepeat 3\n"
    done = subprocess.run([tmp_path / "host"], input=lines + "screen 2\nmemory\n", capture_output=True, text=True)
    assert (done.returncode == 0, says in done.stderr) == (not says, True)
    if not says:
        assert [len(line.split()) for line in done.stdout.splitlines()] == [1, 0, 2, 0, 2, 1]


def run_gcc(output: Path, *words: str | Path) -> None:
    subprocess.run(["gcc", "-std=gnu11", "-o", output, *words], check=True)


def test_every_case_is_measured() -> None:
    """No row of the table of cases is forgotten by the order of a run."""
    assert set(cases.CASES) == {case.name for case in (*cases.STEADY, *cases.LARGE, cases.SLOW)}
