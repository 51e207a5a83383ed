"""vcshim.ini as Python reads it: what a line costs, what is said of it, and that every option is sound."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from shim import configuration
from shim.settings.lines import fold
from tests.support.paths import ROOT


def value(text: str, section: str, attribute: str) -> Any:
    return getattr(getattr(configuration.parse(text), section), attribute)


def test_no_file_is_all_defaults(tmp_path: Path) -> None:
    settings = configuration.read(tmp_path)
    assert settings.problems == settings.refusals == ()
    assert settings.validate.level == "warn"


def test_the_template_changes_nothing() -> None:
    """Neither as it ships nor with every comment mark taken away."""
    shipped = configuration.template()
    bare = "\n".join(line.removeprefix(";") for line in shipped.splitlines() if not line.startswith("; "))
    assert configuration.parse(shipped) == configuration.parse("")
    unmarked = configuration.parse(bare)
    assert unmarked.problems == ()
    assert unmarked == configuration.parse("")
    for option in configuration.options():
        assert f"\n;{option.key} = {option.default}".rstrip() in shipped


def test_the_page_prints_what_is_read() -> None:
    """The example of docs/settings.md."""
    (block,) = (ROOT / "docs" / "settings.md").read_text("utf-8").split("```ini\n")[1:]
    settings = configuration.parse(block.split("```")[0], Path("/his"))
    assert settings.problems == ()
    assert (settings.scanner.type, settings.scanner.file) == ("file", str(Path("/his/codes.txt")))
    assert (settings.screen.heading, settings.screen.text_colour) == ("第一医院", "#1F2D3D")


def test_problems_name_the_line_the_key_and_the_default() -> None:
    settings = configuration.parse("[abi]\nout_capacity = many\nflavour = x\n[wire]\nverify = sometimes\n")
    assert settings.abi.out_capacity == 2048
    assert settings.wire.verify == "warn"
    assert settings.problems == (
        "vcshim.ini 第 2 行 [abi] out_capacity = many：应为 256 到 1048576 之间的整数；"
        "默认值 2048 未必是所要的，停用全部函数；请改正后重新启动医院程序",
        "vcshim.ini 第 3 行 [abi] flavour 不是已知的设置，已忽略此行",
        "vcshim.ini 第 5 行 [wire] verify = sometimes：应为 off、warn、strict 之一；"
        "默认值 warn 未必是所要的，停用全部函数；请改正后重新启动医院程序",
    )


# What stands between two good lines, and what is said of it. Nothing is said of what is read.
LINES: tuple[tuple[str, str], ...] = (
    ("[screen", "[screen] 缺少方括号，仍按这一节读取"),
    ("screen]", "[screen] 缺少方括号，仍按这一节读取"),
    ("[ SCREEN ] ; 扩展屏", ""),
    ("[screen]\n\theading = 门诊", ""),
    ("[screem]", "[screem] 不是已知的节，其中的设置都不起作用；最接近的是 [screen]"),
    ("[dialect本院]", "[dialect本院] 不是已知的节，其中的设置都不起作用；自定的报文格式应写作 [dialect 名称]"),
    ("timeout_secnds = 5", "[scanner] timeout_secnds 不是已知的设置，已忽略此行；最接近的是 timeout_seconds"),
    ("heading = 门诊", "[scanner] heading 不是已知的设置，已忽略此行；它属于 [screen]"),
    (
        "timeout_seconds = soon",
        "[scanner] timeout_seconds = soon：应为 1 到 300 之间的整数；已按默认值 30 运行，请改正",
    ),
    ("timeout_seconds", "[scanner] timeout_seconds = （空）：应为 1 到 300 之间的整数；已按默认值 30 运行，请改正"),
    ("timeout_seconds 5", "[scanner] timeout_seconds 缺少等号，已忽略此行，请改正"),
    ("扫码枪在一号窗口", "[scanner] ***（8 字） 缺少等号，已忽略此行，请改正".replace("***", "扫***")),
    ("spy = on\nspy = off", "[scanner] spy 与第 3 行重复，以本行为准"),
    ("spy = on\nspy = ON ; 同上", ""),
    ("-----BEGIN", "[scanner] -***（10 字） 缺少等号，已忽略此行，请改正"),
    ("MIIBVgIBADANBgkqhkiG9w0BAQEFAASC==", "[scanner] m***（32 字） 不是已知的设置，已忽略此行"),
    ("=", "[scanner] ***（0 字） 不是已知的设置，已忽略此行"),
)


@pytest.mark.parametrize(("line", "sentence"), LINES)
def test_a_line_costs_that_line_only(line: str, sentence: str) -> None:
    settings = configuration.parse(f"[scanner]\ntype = tcp\n{line}\n[scanner]\naddress = 10.1.1.1:4001\n")
    assert (settings.scanner.type, settings.scanner.address) == ("tcp", "10.1.1.1:4001")
    number = 2 + len(line.split("\n"))
    assert settings.problems == ((f"vcshim.ini 第 {number} 行 {sentence}",) if sentence else ())
    assert settings.refusals == ()


def test_a_key_before_any_section() -> None:
    settings = configuration.parse("out_capacity = 4096\n[log]\nkeep_days = 7\n")
    assert settings.abi.out_capacity == 2048
    assert settings.log.keep_days == 7
    assert settings.problems == ("vcshim.ini 第 1 行 out_capacity 写在所有 [节] 之前，已忽略此行；它属于 [abi]",)


def test_problems_of_a_file_that_is_something_else() -> None:
    """Bounded, and the number of the rest is told."""
    settings = configuration.parse("[wire]\n" + "x = 1\n" * 70000)
    assert len(settings.problems) == 51
    assert settings.problems[-1] == "设置文件另有 69950 处问题，未逐一列出"


# ---- values ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "section", "attribute", "result"),
    [
        ("type = file   ; 扫码枪", "scanner", "type", "file"),
        ("port = COM3 ; 一号窗口", "scanner", "port", ("COM3",)),
        ("port = COM3，COM4", "scanner", "port", ("COM3", "COM4")),
        ("make ＝ HoneyWell", "scanner", "make", "honeywell"),
        ("idle_gap_ms: １２０ # 毫秒", "scanner", "idle_gap", 0.12),
        ("hid_device = 1EAB:0022", "scanner", "hid_device", "1EAB:0022"),
        ("hid_device: 1EAB:0022", "scanner", "hid_device", "1EAB:0022"),
        ('wedge_device = "VID_1EAB ; x"', "scanner", "wedge_device", "VID_1EAB ; x"),
        ("heading = 门诊 #3 窗口", "screen", "heading", "门诊 #3 窗口"),
        ("heading = 第一医院 # 门诊", "screen", "heading", "第一医院"),
        ("heading = 第一医院;门诊", "screen", "heading", "第一医院;门诊"),
        ("heading = “第一医院”", "screen", "heading", "“第一医院”"),
        ("heading = '第一' 与 '第二'", "screen", "heading", "第一' 与 '第二"),  # as GetPrivateProfileString
        ('heading = "第一医院" ; 名称', "screen", "heading", "第一医院"),
        ("heading = ; 名称", "screen", "heading", ""),
        ("heading = # 名称", "screen", "heading", ""),
        ("heading = ｆｕｌｌ　ｗｉｄｔｈ", "screen", "heading", "ｆｕｌｌ　ｗｉｄｔｈ"),
        ("bar_colour = #123456", "screen", "bar_colour", "#123456"),
        ("bar_colour = #123456 ; 深", "screen", "bar_colour", "#123456"),
        ("bar_colour = #123456 # 深", "screen", "bar_colour", "#123456"),
        ("bar_colour = navy #深", "screen", "bar_colour", "navy"),
        ("proxy = http://10.1.1.1:3128 ; 代理", "transport", "proxy", "http://10.1.1.1:3128"),
        ("proxy: http://10.1.1.1:3128", "transport", "proxy", "http://10.1.1.1:3128"),
        ("content_type = application/json; charset=UTF-8", "wire", "content_type", "application/json; charset=UTF-8"),
        ("line1 = 1, 2, 3, 4, left, 卡号 #{card_no}", "label", "line1", "1, 2, 3, 4, left, 卡号 #{card_no}"),
        ("key = a#b;c=d:e", "tools", "key", "a#b;c=d:e"),
    ],
)
def test_values(line: str, section: str, attribute: str, result: object) -> None:
    assert value(f"[{section}]\n{line}\n", section, attribute) == result


def test_fonts_are_divided_by_semicolons_also_behind_a_blank(tmp_path: Path) -> None:
    settings = configuration.parse("[label]\nfonts = a.ttf ; b.ttc#2 # 字体\n", tmp_path)
    assert settings.label.fonts == (str(tmp_path / "a.ttf"), str(tmp_path / "b.ttc#2"))


@pytest.mark.parametrize("option", [option for option in configuration.options() if option.low is not None])
def test_5000_digits_are_a_problem_of_their_key(option: Any) -> None:
    settings = configuration.parse(f"[{option.section}]\n{option.key} = {'9' * 5000}\n[tools]\nkey = k\n")
    (problem,) = settings.problems
    assert f"[{option.section}] {option.key} = 9999" in problem
    assert f"：应为 {option.low} 到 {option.high} 之间的整数；" in problem
    assert len(problem) < 200
    assert settings.tools.key == "k"


@pytest.mark.parametrize("option", configuration.options(), ids=lambda option: f"{option.section}.{option.key}")
def test_any_text_is_taken_or_told(option: Any, tmp_path: Path) -> None:
    """No value of any key raises, whatever its kind."""
    for text in ("9" * 5000, "\udcff\udcfe", "[", "#" + "0" * 5000, "x" * 5000, "-1", "1e9", "''", "%s{}", "; x"):
        configuration.parse(f"[{option.section}]\n{option.key} = {text}\n", tmp_path)


def test_every_option_is_sound() -> None:
    keys = [(option.section, option.key) for option in configuration.options()]
    assert len(set(keys)) == len(keys)
    for option in configuration.options():
        assert option.problem(option.default) is None
        assert option.help
        assert option.key == fold(option.key) and option.section == fold(option.section)


# ---- dialects --------------------------------------------------------------------------------------------------------


def test_the_sections_of_dialects() -> None:
    settings = configuration.parse(
        "[Dialect  本院（东）] ; 自定\nBase = ehcservice\njoiner = ;\ntail = ;key= ; 密钥之前\n"
        "[log]\n[dialect 本院(东)]\ndigest: SM3\n"
    )
    assert settings.dialects == {"本院(东)": {"base": "ehcservice", "joiner": ";", "tail": ";key=", "digest": "SM3"}}
    assert settings.problems == ()


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("tail &key=", "tail &key 不是已知的设置"),
        ("tail", "缺少等号，请改正"),
        ("sort\tascii", "缺少等号，请改正"),
        ("digest = SM\udcff3", "含有乱码（不是 UTF-8 或 GBK），请改正"),
        ("digest = SM3", "digest 写了两次，值不相同，请只保留一行"),
    ],
)
def test_a_broken_line_of_a_dialect(line: str, sentence: str) -> None:
    """It makes the dialect unusable, and says so; nothing is signed without the line."""
    from shim.errors import HostError, Reason
    from shim.wiring import pick_dialect

    settings = configuration.parse(f"[wire]\ndialect = 本院\n[dialect 本院]\ndigest = MD5\n{line}\n")
    if sentence.endswith("设置"):  # a line with an equals sign: its key is not one of a dialect's
        assert settings.problems == ()
    else:
        assert settings.problems == (f"vcshim.ini 第 5 行 [dialect 本院] {sentence}",)
    with pytest.raises(HostError) as caught:
        pick_dialect(settings)
    assert caught.value.reason is Reason.SETTINGS
    assert sentence.partition(" 不是")[0] in caught.value.message
    assert pick_dialect(settings, "ehcservice").name == "ehcservice"


@pytest.mark.parametrize("name", ["EHCService-AMP", "ｅｈｃｓｅｒｖｉｃｅ-amp", " ehcservice-amp "])
def test_a_preset_in_any_case(name: str) -> None:
    from shim.wiring import pick_dialect

    assert pick_dialect(configuration.parse(f"[wire]\ndialect = {name} ; 方言\n")).name == "ehcservice-amp"


def test_a_section_in_any_case() -> None:
    from shim.wiring import pick_dialect

    settings = configuration.parse("[wire]\ndialect = MYHOSPITAL\n[dialect MyHospital]\ntail = &key=\n")
    assert pick_dialect(settings).tail == "&key="


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("syslog = udp://10.1.2.3", 0),
        ("syslog = tls://[fe80::1]:6514", 0),
        ("syslog = udp://10.1.2.3:99999", 1),
        ("syslog = tcp://log.example:x", 1),
        ("syslog = 10.1.2.3:514", 1),
        ("endpoint = https://collector.example:4318/v1/logs", 0),
        ("endpoint = http://10.1.2.3:0", 1),
    ],
)
def test_where_telemetry_goes_has_a_port_that_there_is(tmp_path: Path, line: str, number: int) -> None:
    (tmp_path / "vcshim.ini").write_text(f"[telemetry]\n{line}\n")
    assert len(configuration.read(tmp_path).problems) == number
