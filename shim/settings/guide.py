"""How the keys are shown to people: the ten that matter first, the others by topic, since when, and where help is.

Tables, and the template that is made of them (`ini_template`). Not imported in a host program: shim/configuration.py
asks for it when a command does. A test holds the tables to the sections.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from shim.bilingual import Bilingual
from shim.settings.option import Option, Section


@dataclass(frozen=True, slots=True)
class Topic:
    """Sections that belong together.

    Attributes:
        title: for people.
        pages: the sections in their order, with the page of docs/ that explains each.
    """

    title: Bilingual
    pages: Mapping[str, str]


COMMON: tuple[tuple[str, str], ...] = (
    ("mode", "run"),
    ("wire", "dialect"),
    ("transport", "proxy"),
    ("scanner", "type"),
    ("scanner", "port"),
    ("scanner", "make"),
    ("screen", "monitor"),
    ("label", "type"),
    ("label", "printer"),
    ("log", "level"),
)
"""The keys that most sites change, and few others: section and key, in the order of the template."""

TOPICS: tuple[Topic, ...] = (
    Topic(
        Bilingual("与平台的报文和连接", "Requests, and how the platforms are reached"),
        {"wire": "dialects.md", "transport": "settings.md", "validate": "settings.md", "terminal": "settings.md"},
    ),
    Topic(Bilingual("扫码枪", "Scanner"), {"scanner": "scanner.md"}),
    Topic(Bilingual("扩展屏", "Extension screen"), {"screen": "screen.md"}),
    Topic(Bilingual("标签打印机", "Label printer"), {"label": "labels.md"}),
    Topic(Bilingual("自动填值", "Auto-fill"), {"autofill": "autofill.md"}),
    Topic(
        Bilingual("与医院程序的接口", "What the hospital program sees"),
        {"abi": "hosts.md", "start": "settings.md", "messages": "messages.md"},
    ),
    Topic(
        Bilingual("原厂动态库与替换", "The vendor's DLLs, and how to replace them"),
        {"mode": "replacing.md", "vendor": "replacing.md", "capture": "replacing.md"},
    ),
    Topic(
        Bilingual("交易流水和日志", "Journal and log"),
        {"journal": "replacing.md", "log": "settings.md", "telemetry": "telemetry.md"},
    ),
    Topic(Bilingual("集中设置", "Settings of the whole hospital"), {"fleet": "fleet.md"}),
    Topic(Bilingual("浏览器中的 HIS", "A HIS in a browser"), {"bridge": "bridge.md"}),
    Topic(
        Bilingual("演示和命令", "Demonstrations and commands"), {"simulator": "simulator.md", "tools": "commands.md"}
    ),
)

SINCE: Mapping[str, Mapping[str, str]] = {
    "0.1.0": {
        "abi": "charset out_capacity return_memory set_qrflow_mode",
        "wire": "dialect verify content_type ec_code_field",
        "transport": "connect_seconds total_seconds idle_seconds proxy ca_file",
        "validate": "level",
        "scanner": "type port make baud bits address hid_device hid_layout wedge_device file timeout_seconds "
        "terminator idle_gap_ms again_seconds spy keep_code_seconds start stop wake wake_ms replies",
        "screen": "type monitor heading countdown valid_seconds success_seconds expired_seconds new_code_seconds "
        "after_registration waiting_title waiting_hint succeeded_title succeeded_hint refused_title refused_hint "
        "expired_title expired_hint registered_title registered_hint follow_title follow_hint background_colour "
        "text_colour bar_colour bar_text_colour accent_colour good_colour bad_colour fonts port baud bits protocol "
        "prefix suffix hide",
        "autofill": "method enter programs modifier_ms",
        "label": "type printer address port baud bits file language width_mm height_mm dpi gap gap_mm density speed qr "
        "line1 line2 line3 line4 fonts upside_down timeout_seconds",
        "terminal": "mac_field ip_field record_field record_no place mac_style mac ip",
        "simulator": "file",
        "tools": "key",
        "log": "level folder keep_days",
    },
    "0.2.0": {"scanner": "setup", "screen": "spy", "label": "spy"},
    "0.3.0": {
        "mode": "run",
        "vendor": "virtualcardchk nationeccode",
        "start": "warm_up local_copy",
        "wire": "ec_code_place ec_code_names ec_message_names ec_success ec_body_text ec_body_order ec_body_fields "
        "ec_data_form ec_body_empty ec_body_values ec_body_charset ec_body_spaces ec_body_escape ec_body_mark "
        "ec_body_end ec_added ec_filled ec_put_place ec_dropped ec_renamed ec_headers ec_out_form ec_out_order "
        "ec_out_fields ec_out_text ec_out_spaces ec_out_escape ec_out_end ec_out_data_form ec_out_dropped "
        "ec_out_renamed ec_out_added ec_out_failure ec_returned_success ec_returned_failure",
        "transport": "engine alternatives back_seconds",
        "scanner": "quiet_ms",
        "screen": "logo expiring_title expiring_hint",
        "label": "layout hospital confirm",
        "messages": "audience",
        "capture": "folder keep_days keep_mb",
        "journal": "enabled folder keep_days",
        "fleet": "source public_key poll_minutes",
        "bridge": "origins token port ports call_seconds",
        "log": "windows_events",
        "telemetry": "endpoint signals headers_file ca_file interval_seconds syslog level",
    },
}
"""The version that brought each key: sections and their keys. The last one may not be out yet."""

_SINCE_OF = {
    (section, key): version
    for version, sections in SINCE.items()
    for section, keys in sections.items()
    for key in keys.split()
}
_PAGE_OF = {section: page for topic in TOPICS for section, page in topic.pages.items()}
_RULE = "; " + "=" * 78


def since(option: Option) -> str:
    """The version that brought a key."""
    return _SINCE_OF[option.section, option.key]


def page(option: Option) -> str:
    """The page of docs/ that explains a key."""
    return _PAGE_OF[option.section]


def help_place(option: Option) -> str:
    """Where a key is explained: a place in help.html, which is in the vcshim folder (buildlib/site/help_file.py)."""
    return f"help.html#{option.section}.{option.key}"


def takes_effect(option: Option) -> str:
    """When a change of a key counts, in Chinese."""
    return "下一次调用" if option.live else "重新启动医院程序后"


@dataclass(frozen=True, slots=True)
class TemplateWords:
    """What vcshim.ini says in one language.

    Attributes:
        head: the lines at its top.
        common: the title of the keys that come first.
        topic: the title of a topic.
        about: the lines of a key.
    """

    head: Sequence[str]
    common: str
    topic: Callable[[Topic], str]
    about: Callable[[Option], Iterable[str]]


def _about(option: Option) -> Iterator[str]:
    yield f"{option.described}。"
    yield (
        f"  可写：{option.allowed}。默认：{option.default or '空'}。改后{takes_effect(option)}生效。"
        f"自 {since(option)} 起。说明：{help_place(option)}"
    )


CHINESE = TemplateWords(
    head=(
        "vcshim.ini：vcshim 的设置。可以没有这个文件，每一项都有默认值。",
        "要改哪一项，就去掉那一行行首的分号，再改等号后面的值。改后何时生效，各项都有注明。",
        "用记事本以任何编码保存都可以。值后面空一格写分号，其后是注释。",
        "写错的行不影响其他行；改后可运行 vcshim ini --check，逐行指出错在哪里、应该怎么写。",
        "只对某些电脑的设置，节名后面加 @ 和计算机名，如 [scanner@PC-017]、[scanner@SF-*]，比不加的优先。",
        "全机共用的设置写在 %ProgramFiles%\\vcshim\\vcshim.ini，本文件中的优先。",
        "各项的说明在 vcshim 文件夹的 help.html 中，用浏览器打开；# 后面是其中的位置。",
    ),
    common="常用：多数医院只改这十项，其余都可以不看",
    topic=lambda topic: topic.title,
    about=_about,
)
"""As it ships."""


def ini_template(sections: Sequence[type[Section]], words: TemplateWords = CHINESE) -> str:
    """vcshim.ini with every key commented out with its default, so that deleting the file changes nothing."""
    options = {(option.section, option.key): option for section in sections for option in section.options()}
    lines = [*(f"; {line}" for line in words.head), "", *_title(words.common)]
    lines += _keys((options[place] for place in COMMON), words)
    for topic in TOPICS:
        rows = [row for row in options.values() if row.section in topic.pages and (row.section, row.key) not in COMMON]
        if rows:
            lines += ["", *_title(words.topic(topic)), *_keys(rows, words)]
    return "\n".join(lines) + "\n"


def _title(text: str) -> list[str]:
    return [_RULE, f"; {text}", _RULE]


def _keys(options: Iterable[Option], words: TemplateWords) -> Iterator[str]:
    """The lines of keys, under the heading of their section."""
    section = ""
    for option in options:
        if option.section != section:
            section = option.section
            yield from ("", f"[{section}]")
        yield from (f"; {line}" for line in words.about(option))
        yield f";{option.key} = {option.default}".rstrip()
