"""What is wrong with vcshim.ini, in English: no Chinese but what the site itself wrote, whatever the fault."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shim import configuration
from shim.bilingual import Bilingual
from shim.cli import main
from shim.commands.language import CommandLanguage
from shim.dialects.table import SITE_KEYS
from shim.doctor.finding import CheckFinding, Place
from shim.doctor.label import look_at_label
from shim.doctor.scanner import look_at_scanner
from shim.doctor.screen import look_at_screen
from shim.doctor.settings import look_at_settings
from shim.settings_check import check_folder
from tests.support.chinese import CHINESE

# What no key may hold, or only those that take any text.
GARBAGE = ("~", "x,y", "\udcff", "a|" * 9, "|", "{nobody}")
# Values that single keys let through, and a device, a dialect or [wire] does not; and the lines around them.
TOGETHER = (
    "[scanner]\ntype = serial\n",
    "[scanner]\ntype = serial\nport = COM3,COM4\n",
    "[scanner]\ntype = tcp\naddress = x\n",
    "[scanner]\ntype = file\n",
    "[scanner]\ntype = wedge\n",
    "[scanner]\ntype = hidpos\nhid_device = x\n",
    "[scanner]\ntype = hidpos\nhid_layout = x\n",
    "[scanner]\ntype = auto\nmake = custom\nstart = zz\n",
    "[scanner]\ntype = auto\nmake = custom\nstart = 16\nstart_reply = zz\n",
    "[screen]\ntype = serial\n",
    "[screen]\ntype = serial\nport = COM4\nprotocol = custom\nprefix = zz\n",
    "[label]\ntype = tcp\n",
    "[label]\ntype = file\n",
    "[label]\ntype = spooler\n",
    "[label]\ntype = serial\n",
    "[label]\ntype = tcp\naddress = h\nwidth_mm = x\n",
    "[label]\ntype = tcp\naddress = h\nqr = 1,2\n",
    "[label]\ntype = tcp\naddress = h\nqr = 40, 20, 22\n",
    "[label]\ntype = tcp\naddress = h\nline1 = x\n",
    "[label]\ntype = tcp\naddress = h\nspeed = 14\nlanguage = escpos\n",
    "[label]\ntype = tcp\naddress = h\ngap_mm = x\n",
    "[autofill]\nprograms = C:\\his.exe\n",
    "[transport]\nca_file = none.pem\n",
    "[screen]\nfonts = none.ttf\n",
    "[wire]\ndialect = ehcservcie\n",
    "[wire]\nec_body_spaces = x\n",
    "[wire]\nec_headers = Host=x\n",
    "[wire]\nec_added = a=nothing:x\n",
    "[wire]\nverify = off\nverify = warn\n",
    "[wire]\nverify = x\n[abi]\ncharset = x\n",
    "[dialect]\n[dialct x]\n[scaner]\n[scanner@]\n[log\n",
    "[dialect a]\nno_key = x\n",
    "[dialect a]\naes = AES/CBC iv=text:1\n",
    "[dialect a]\ncontent_text = verbatim\ncontent_order = sorted\n",
    "[dialect a]\nscope = inner\nsign_over = sealed\n",
    "[dialect a b]\n",
    "[dialect ehcservice]\n",
    "[dialect a]\nsort\n",
    "[dialect a]\nsort = ascii\nsort = fixed\n",
    "[dialect a]\nsort = \udcff\n",
    "[dialect a]\nsm2_public_key = 1\n",
    "[dialect a]\ndigest = SM2\n",
    "[dialect a]\nsign_name = x\nsign_type_name = x\n",
    "charset = gbk\nkey = x\n[abi]\nlevel = 1\nverfy\ncharset gbk\n[wire]\nlevel = x\nverfy = x\n",
    "x\n" * 90,
)


def chinese(texts: tuple[Bilingual, ...]) -> list[str]:
    return [text.english for text in texts if CHINESE.search(text.english)]


def written(folder: Path, ini: str) -> Path:
    (folder / "vcshim.ini").write_bytes(ini.encode("utf-8", "surrogateescape"))
    return folder


def test_whatever_stands_behind_a_key(tmp_path: Path) -> None:
    for option in configuration.options():
        problems = [problem for text in GARBAGE if (problem := option.problem(text)) is not None]
        assert chinese(tuple(problems)) == []
        lines = "".join(f"{option.key} = {text}\n" for text in GARBAGE)
        settings = configuration.parse(f"[{option.section}]\n{lines}{option.key}\n", tmp_path)
        texts = [told.english.replace(f"the default {option.default} ", "") for told in settings.problems]
        assert settings.problems and [each for each in texts if CHINESE.search(each)] == []


def test_what_lines_lack_together(tmp_path: Path) -> None:
    for ini in TOGETHER:
        findings = check_folder(written(tmp_path, ini))
        assert findings.count, ini
        assert [chinese(each.problems) for each in findings.files] == [[], [], []]
        assert chinese(findings.together) == []


def test_whatever_stands_in_a_dialect(tmp_path: Path) -> None:
    lines = "".join(f"{key.key} = ~\n" for key in SITE_KEYS)
    findings = check_folder(written(tmp_path, f"[dialect a]\n{lines}"))
    assert len(findings.together) > 60 and chinese(findings.together) == []


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (refusal,) = configuration.read(written(tmp_path, "[log]\n\0\0")).refusals
    assert refusal.english == "vcshim.ini is damaged (it holds NUL characters); restore it from a backup"


def test_what_the_site_wrote_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ini = "[wire]\nverify = 严格\n[transport]\nca_file = 证书.pem\n[门诊]\n"
    assert main(["--lang", "en", "config", "check", "--folder", str(written(tmp_path, ini))]) == 1
    out = capsys.readouterr().out.replace(str(tmp_path), "").splitlines()
    assert out[2:] == [
        "/vcshim.ini: 2 problems",
        "  vcshim.ini, line 2: [wire] verify = 严格: it should be one of off, warn, strict; the default warn need not "
        "be what is wanted, so every call is refused; correct it and start the hospital program again",
        "  vcshim.ini, line 5: there is no section [门诊]; nothing in it counts",
        "  one of them refuses every call and must be corrected first",
        "The settings in force on this PC: 1 problems",
        "  vcshim.ini, line 4: [transport] ca_file names a file that does not exist, /证书.pem; correct the path",
        "3 problems in all.",
    ]


@pytest.mark.parametrize(
    ("ini", "look"),
    [
        ("[scanner]\ntype = tcp\n", look_at_scanner),
        ("[scanner]\ntype = hidpos\nhid_layout = x\n", look_at_scanner),
        ("[screen]\ntype = serial\n", look_at_screen),
        ("[label]\ntype = tcp\naddress = h\nqr = 1,2\n", look_at_label),
        ("[wire]\nverify = stict\n[scaner]\n", look_at_settings),
    ],
)
def test_what_the_doctor_says_of_settings(
    tmp_path: Path, ini: str, look: Callable[[Place], Iterator[CheckFinding]]
) -> None:
    findings = list(look(Place(written(tmp_path, ini), tmp_path)))
    texts = [each.text(each.row.what, CommandLanguage.ENGLISH) for each in findings]
    assert texts and [text for text in texts if CHINESE.search(text)] == []
    assert all(CHINESE.search(each.text(each.row.what, CommandLanguage.CHINESE)) for each in findings)
