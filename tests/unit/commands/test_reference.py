"""docs/reference.md is what the tables say, whole and up to date.

Expected rows are typed from VC V1.1.2 and EC XJ-D01-2019; which rows there are is held in tests/unit/spec.
"""

from __future__ import annotations

import dataclasses
import os
import re
import subprocess
import sys

import pytest

from shim import cli, spec
from shim.commands import reference_document
from tests.support.paths import ROOT

FILE = ROOT / "docs" / "reference.md"
STALE = "docs/reference.md is stale: run `vcshim reference > docs/reference.md`"


@pytest.fixture(scope="module")
def text() -> str:
    return FILE.read_text("utf-8")


def section(text: str, heading: str) -> str:
    """The part below the heading that begins like this, up to the next heading."""
    found = re.search(rf"^###? (?:<a id=\"[^\"]*\"></a>)?{re.escape(heading)}.*?(?=^##|\Z)", text, re.M | re.S)
    assert found, heading
    return found[0]


def rows(text: str) -> list[list[str]]:
    lines = [line[2:-2].split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return [line for line in lines if line[0] not in ("---", "参数", "字段", "返回码", "代码")]


def test_the_file_is_not_stale(text: str) -> None:
    assert text == reference_document.document(), STALE


def test_a_changed_table_makes_it_stale(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: one character of one meaning."""
    changed = dataclasses.replace(spec.VC_CODES["2001"], meaning="多码融合码二维码已过期。")
    monkeypatch.setitem(spec.VC_CODES, "2001", changed)
    assert text != reference_document.document()


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "utf-8"])
def test_the_command_prints_the_same_bytes_everywhere(text: str, encoding: str) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONHASHSEED": str(len(encoding))}
    command = [sys.executable, "-m", "shim.cli", "reference"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
    assert done.stdout == text.encode()


def test_the_command_in_process(text: str, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert cli.main(["reference"]) == 0
    assert capsysbinary.readouterr().out == text.encode()


def test_head(text: str) -> None:
    lines = text.splitlines()
    assert "vcshim reference > docs/reference.md" in lines[0]
    assert lines[2] == "# 接口参考"
    assert lines[4].startswith("*Reference of both specifications")


@pytest.mark.parametrize(
    "row",
    [
        "| `OutData` | 交易返回数据 | 出 | Char | 2048 | VC 3.2 | 亦作 `poutdata` |",
        "| `pErrmsg` | 错误信息说明 | 出 | Char | 256 | VC 3.5 |  |",
        "| `mode` | 拓展屏二维码显示模式 | 入 | int | — | VC 3.3 | 0 不显示；1 拓展屏显示 |",
        "| `data` | 接口响应参数 | Json | 204800 | 是 |  | EC B.2 |  |",
        "| `id_type` | 证件类型 | String | 2 | 是 | [id_types](#id_types) | VC 4.1.1 |  |",
        "| `photo_fomat` | 照片格式 | String | 32 | 否 |  | VC 4.1.1 | JPGBASE64；亦作 `photo_format` |",
        "| `ECUrl` | 医保电子凭证请求地址 | String | 512 | 是 |  | VC 4.2.1 |  |",
        "| `insuOrg` | 参保地区编码 | String | 6 | 是 | [regions](#regions) | VC 4.2.2 | 仅医保电子凭证有值 |",
        "| `biz_content` | 请求参数集合 | String | — | 是 |  | VC 4.1.1 | 除公共请求参数外的所有请求参数 |",
        "| `ecToken` | 令牌 | C | 40 | 是 |  | EC B.4 | 用于业务处理验证 |",
        "| `2001` | 多码融合码二维码已过期 | 请患者刷新二维码，再扫一次。 | VC 附录1 |",
        "| `00` | 成功 | VirtualCardTrans 返回值 | OutData 为应答 JSON。 | VC 3.2 |",
        "| `A3` | 外国人永久居留证 |",
        "| `5` | 女性改(变)为男性 |",
    ],
)
def test_rows_as_printed(text: str, row: str) -> None:
    assert row in text.splitlines()


@pytest.mark.parametrize(
    ("clause", "count"),
    [
        ("VC 3.2", 5),
        ("VC 3.3", 1),
        ("VC 3.4", 3),
        ("VC 3.5", 1),
        ("VC 4.1.1", 29),
        ("VC 4.1.2", 11),
        ("VC 4.2.1", 12),
        ("VC 4.2.2", 18),
        ("VC 4.3.1", 7),
        ("VC 4.3.2", 4),
        ("VC 4.4.1", 7),
        ("VC 4.4.2", 4),
        ("VC 4.5.1", 3),
        ("VC 4.5.2", 2),
        ("VC 4.6.1", 5),
        ("VC 4.6.2", 1),
        ("VC 4.7.1", 1),
        ("VC 4.7.2", 17),
        ("VC 4.8.1", 3),
        ("VC 4.8.2", 2),
        ("EC B.1", 4),
        ("EC B.2", 5),
        ("EC B.3", 7),
        ("EC B.4", 11),
        ("EC B.1.3", 3),
        ("规范外", 8),
    ],
)
def test_every_field_of_a_table_is_there(text: str, clause: str, count: int) -> None:
    columns = {7: 5, 8: 6}  # of parameters and of fields: where the clause stands
    assert len([row for row in rows(text) if row[columns.get(len(row), 0)] == clause]) == count


def test_functions_and_methods(text: str) -> None:
    headings = re.findall(r'^### <a id="([^"]+)"></a>', text, re.M)
    assert headings == [*(export.name for export in spec.EXPORTS), *spec.METHODS, *spec.DICTIONARIES]
    assert "`int __stdcall Set_QRflow_Mode(int mode)`" in section(text, "Set_QRflow_Mode")
    assert "`_NationEcTrans@12`" in section(text, "NationEcTrans")
    assert "亦接受 `ehealthcode.verify`；未给出 `ehealth_code` 时扫码" in section(text, "ehc.ehealthcode.verify")


def test_codes(text: str) -> None:
    vc, ec = rows(section(text, "VC 附录1")), rows(section(text, "EC C.4"))
    assert (len(vc), len(ec)) == (len(spec.VC_CODES), len(spec.EC_CODES))
    assert all(row[2].endswith("。") for row in vc) and all(row[3].endswith("。") for row in ec)
    assert ec[2][:3] == ["`-2`", "请求参数异常", "系统级"]


@pytest.mark.parametrize(
    ("heading", "count"),
    [
        ("证件类型字典", 12),
        ("民族代码", 57),
        ("诊疗环节编码表", 10),
        ("卡类型字典", 6),
        ("用码业务类型表", 17),
        ("电子凭证用码业务类型表", 17),
        ("证件类型代码表", 16),
        ("校验结果代码表", 2),
    ],
)
def test_dictionaries_are_whole(text: str, heading: str, count: int) -> None:
    assert len(rows(section(text, heading))) == count


def test_the_two_long_dictionaries_are_whole_and_compact(text: str) -> None:
    departments, regions = section(text, "标准科室代码"), section(text, "统筹区编码字典")
    assert len(set(re.findall(r"\b\d{4}(?= )", departments))) == 199
    assert len(set(re.findall(r"\b\d{6}(?= )", regions))) == 420
    assert "- 0300 内科，0301 呼吸内科专业，" in departments
    assert "- 350000 福建省，350001 福建省直，350100 福州市，350200 厦门市，" in regions
    assert len(regions.splitlines()) < 45


def test_every_link_leads_somewhere(text: str) -> None:
    anchors = re.findall(r'<a id="([^"]+)">', text)
    assert len(anchors) == len(set(anchors))
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) == set(anchors)
    assert set(re.findall(r"\]\(([^#)]+)\)", text)) == {"errata.md"}
    assert (FILE.parent / "errata.md").exists()


def test_tables_are_rectangular(text: str) -> None:
    for block in re.findall(r"(?:^\|.*\n)+", text, re.M):
        assert len({line.count(" | ") for line in block.splitlines()}) == 1, block
