"""Labels through the real libraries: EhealthID_Print and QRprint, on Linux and under Wine, to every kind of printer.

The spooler is Wine's over a private CUPS: what Windows itself does with a queue or a driver is not shown.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from buildlib.wine import Wine
from shim import configuration
from shim.devices.label.content import LabelContent
from shim.devices.label.languages import LANGUAGES
from shim.devices.label.layout import read_layout
from shim.devices.label.paper import read_paper
from shim.devices.label.pick import pick_drawing
from shim.simulator.server import Simulator
from tests.support.calls import VERIFY
from tests.support.clients import Kind, Reply, Rig, hexed, trans_line
from tests.support.cups import Cups
from tests.support.label_parsers import codes
from tests.support.label_printers import CARD_NO, FUSED, NAME, NOTO, PtyPrinter, Sink
from tests.support.label_vectors import LABELS, LANGUAGE_VECTORS
from tests.support.platforms import NEWCOMER
from tests.support.product import Product, install, python_runtime

CLIENTS: tuple[Kind, ...] = ("linux-c", "win32-c")
ASKED = b"\x1b!?"


def font(kind: Kind) -> str:
    path, _, face = NOTO.partition("#")
    return f"{Wine.windows_path(Path(path)) if kind.startswith('win') else path}#{face}"


def his(kind: Kind, folder: Path, **settings: object) -> Product:
    return install(kind, folder / "his").ini(ini(kind, **settings))


def ini(kind: Kind, **settings: object) -> str:
    lines = "".join(f"{key} = {value}\n" for key, value in ({"fonts": font(kind)} | settings).items())
    return f"[log]\nlevel = debug\n[label]\n{lines}"


def print_line(name: str = NAME, code: str = FUSED, card_no: str = CARD_NO, number: int = 1) -> str:
    words = (hexed(word.encode("gb18030")) for word in (code, card_no, name))
    return " ".join(["call", str(number), "EhealthID_Print", *words])


def drawn(settings: str = "", language: str = "tspl", name: str = NAME) -> bytes:
    """The label as Linux makes it, in this process."""
    return encoded(LabelContent(ehealth_code=FUSED, card_no=CARD_NO, name=name), language, settings)


def encoded(content: LabelContent, language: str = "tspl", ini: str = "") -> bytes:
    """The bytes of a label, made in this process."""
    settings = configuration.parse(f"[label]\nlanguage = {language}\nfonts = {NOTO}\n{ini}").label
    layout, row = read_layout(settings), LANGUAGES[language]
    paper = read_paper(settings, layout, row)
    return row.encode(pick_drawing(settings, layout)(paper.dpi, content), paper)


def assert_nothing_leaked(product: Product, *more: str) -> None:
    log = product.log_text()
    assert log
    for text in (FUSED, FUSED[:12], CARD_NO, NAME, NAME[1:], *more):
        assert text not in log


# ---- EhealthID_Print -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [*CLIENTS, "win32-gui", "win32-delphi"])
def test_a_label_over_the_network(rig: Rig, tmp_path: Path, kind: Kind) -> None:
    """Rare characters in GB18030; the same bytes as on Linux, to the dot."""
    with Sink(ASKED, b"\0") as sink:
        product = his(kind, tmp_path, type="tcp", address=sink.address)
        (reply,) = product.run(rig, [print_line()])
        assert (reply.number, reply.broken) == (0, {})
        assert sink.job() == drawn()
        assert codes(LANGUAGE_VECTORS["tspl"].parser(sink.job()).image()) == {FUSED}
        assert_nothing_leaked(product)


@pytest.mark.parametrize("kind", CLIENTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_into_a_file(rig: Rig, tmp_path: Path, kind: Kind, language: str) -> None:
    product = his(kind, tmp_path, type="file", file="label.prn", language=language, dpi=300)
    (reply,) = product.run(rig, [print_line()])
    assert reply.number == 0
    data = (product.folder / "label.prn").read_bytes()
    assert data == drawn("dpi = 300\n", language)
    assert codes(LANGUAGE_VECTORS[language].parser(data).image()) == {FUSED}


@pytest.mark.parametrize("kind", CLIENTS)
def test_a_label_over_a_serial_port(rig: Rig, tmp_path: Path, kind: Kind) -> None:
    """COM4 under Wine; the printer is asked and answers."""
    wine = kind.startswith("win")
    link = rig.wine(kind).prefix / "dosdevices" / "com4" if wine else tmp_path / "ttyS9"
    with PtyPrinter(link, ASKED, b"\0") as port:
        product = his(kind, tmp_path, type="serial", port="COM4" if wine else link)
        (reply,) = product.run(rig, [print_line()])
        assert reply.number == 0
        expected = drawn()
        assert port.waited(len(expected)) == expected


@pytest.mark.parametrize("kind", CLIENTS)
def test_no_file_but_the_log(rig: Rig, tmp_path: Path, kind: Kind) -> None:
    """No file holds a label, neither beside the product nor where temporary files go."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    product = his(kind, tmp_path, type="none")
    places = [product.folder, temporary]
    env = {"TMPDIR": str(temporary)}
    if kind.startswith("win"):
        drive = rig.wine(kind).prefix / "drive_c"
        places, env = [product.folder, *drive.glob("users/*/Temp"), drive / "windows" / "temp"], {}
        assert len(places) == 3

    def files() -> set[Path]:
        paths = {path for place in places for path in place.rglob("*")}
        return {path for path in paths if path != product.logs and product.logs not in path.parents}

    product.run(rig, [print_line()], env=env)  # whatever a first run leaves
    before = files()
    with Sink(ASKED, b"\0") as sink:
        product.ini(ini(kind, type="tcp", address=sink.address))
        (reply,) = product.run(rig, [print_line()], env=env)
        assert reply.number == 0 and sink.job()
        assert files() == before


@pytest.mark.parametrize("kind", CLIENTS)
def test_out_of_paper(rig: Rig, tmp_path: Path, kind: Kind) -> None:
    with Sink(ASKED, b"\x04") as sink:
        product = his(kind, tmp_path, type="tcp", address=sink.address)
        (reply,) = product.run(rig, [print_line()])
        assert (reply.number, reply.broken) == (9005, {})
        assert "缺纸。装好标签纸后请补打" in product.log_text()
        assert sink.jobs == []
        assert_nothing_leaked(product)


@pytest.mark.parametrize("kind", CLIENTS)
def test_a_printer_that_goes_away(rig: Rig, tmp_path: Path, kind: Kind) -> None:
    """In the middle of a label: the host program lives on.

    Wine's sockets swallow the reset once all was handed to the kernel, and the label counts as taken there.
    """
    with Sink(ASKED, b"\0", closes_after=4096) as sink:
        product = his(kind, tmp_path, type="tcp", address=sink.address, dpi=1200, timeout_seconds=60)
        first, second = product.run(rig, [print_line(number=1), print_line(number=2)])
        assert (first.broken, second.broken) == ({}, {})
        numbers = {first.number, second.number}
        assert numbers == {9005} if kind.startswith("linux") else numbers <= {0, 9005}
        assert ("的连接在传送标签时断开" in product.log_text()) == (9005 in numbers)
        assert_nothing_leaked(product)


@pytest.mark.parametrize("kind", CLIENTS)
def test_a_printer_that_never_reads(rig: Rig, tmp_path: Path, kind: Kind) -> None:
    """The whole label fits into the system's buffer, which has acknowledged it: that is no label."""
    with Sink(takes=False) as sink:
        product = his(kind, tmp_path, type="tcp", address=sink.address, timeout_seconds=5)
        (reply,) = product.run(rig, [print_line()])
        assert (reply.number, reply.broken) == (9005, {})
        assert_nothing_leaked(product)


@pytest.mark.parametrize("kind", CLIENTS)
def test_what_cannot_be_seen_changes_nothing(rig: Rig, tmp_path: Path, kind: Kind) -> None:
    """Of a name in GB18030 from a database or a chat; joined letters are the same on both systems."""
    with Sink(ASKED, b"\0") as sink:
        product = his(kind, tmp_path, type="tcp", address=sink.address)
        names = [f"\ufeff{NAME}\u200b  \u3000", "㛃\u00ad敏𬱖\x07", "欧阳娜娜"]
        replies = product.run(rig, [print_line(name) for name in names])
        assert [reply.number for reply in replies] == [0, 0, 0]
        assert [sink.job(number) for number in range(3)] == [drawn(), drawn(), drawn(name="欧阳娜娜")]


@pytest.mark.parametrize("kind", CLIENTS)
def test_joined_letters(rig: Rig, tmp_path: Path, kind: Kind) -> None:
    """A Uyghur name in GB18030 gives the same dots on both systems."""
    dejavu = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
    fonts = f"{font(kind)};{Wine.windows_path(dejavu) if kind.startswith('win') else dejavu}"
    with Sink(ASKED, b"\0") as sink:
        product = his(kind, tmp_path, type="tcp", address=sink.address, fonts=fonts)
        (reply,) = product.run(rig, [print_line("ئابدۇرەھىم تۇرسۇن")])
        assert reply.number == 0, product.log_text()
        assert sink.job() == drawn(name="ئابدۇرەھىم تۇرسۇن")
        assert_nothing_leaked(product, "ئابدۇرەھىم")


@pytest.mark.parametrize("kind", CLIENTS)
def test_what_no_font_has(rig: Rig, tmp_path: Path, kind: Kind) -> None:
    """A box is never printed in a name; the log has the code point and nothing else of the name."""
    with Sink(ASKED, b"\0") as sink:
        product = his(kind, tmp_path, type="tcp", address=sink.address)
        replies = product.run(rig, [print_line("王\ue000小二"), print_line()])
        assert [reply.number for reply in replies] == [9005, 0]
        assert "U+E000" in product.log_text() and "[label] fonts" in product.log_text()
        assert sink.job() == drawn() and len(sink.jobs) == 1
        assert_nothing_leaked(product, "小二", "王\ue000")


@pytest.mark.parametrize("kind", CLIENTS)
def test_arguments_that_cannot_be_printed(rig: Rig, tmp_path: Path, kind: Kind) -> None:
    """NULL, empty, unreadable, invisible, more than fits, and a script that would be drawn wrong; then two that can."""
    with Sink(ASKED, b"\0") as sink:
        product = his(kind, tmp_path, type="tcp", address=sink.address)
        good = [hexed(word.encode("gb18030")) for word in (FUSED, CARD_NO, NAME)]
        bad = [
            [word if i != at else value for i, word in enumerate(good)] for at in range(3) for value in ("null", "-")
        ]
        bad.append([good[0], "@noaccess", good[2]])
        lines = [f"call {number} EhealthID_Print {' '.join(words)}" for number, words in enumerate(bad)]
        lines += [print_line("\u200b\ufeff \u3000"), print_line(card_no="9" * 3000), print_line(code="9" * 100_000)]
        lines += [print_line("བསྟན་འཛིན"), print_line("张" * 3000), print_line()]
        replies = product.run(rig, lines)
        assert [reply.number for reply in replies] == [9001] * 8 + [9005] * 3 + [0] * 2
        assert [reply.broken for reply in replies] == [{}] * 13
        assert sink.job(1) == drawn() and len(sink.jobs) == 2
        log = product.log_text()
        assert "放不进 50 x 30 毫米的标签" in log and "藏文" in log and "姓名太长" in log
        assert_nothing_leaked(product, "张张", "99999")


@pytest.mark.parametrize("kind", CLIENTS)
def test_a_wrong_setting(rig: Rig, tmp_path: Path, kind: Kind) -> None:
    product = his(kind, tmp_path, type="tcp", address="nowhere:port")
    (reply,) = product.run(rig, [print_line()])
    assert reply.number == 9005
    assert "请改正 vcshim.ini 的 [label]：type = tcp 还须写 address" in product.log_text()


# ---- QRprint ---------------------------------------------------------------------------------------------------------


def register(simulator: Simulator, number: int, **fields: Any) -> str:
    person = NEWCOMER | {"out_trade_no": f"LABEL{number}"} | fields
    data = json.loads(VERIFY["in"]) | {"method": "ehc.ehealthcard.querywithreg", "biz_content": person}
    text = json.dumps(data, ensure_ascii=False).encode("gb18030")
    return trans_line(f"r{number}", text, url=simulator.gateway)


def opened(reply: Reply) -> dict[str, Any]:
    assert reply.returned == b"00", (reply.out or b"").decode("gb18030")
    card: dict[str, Any] = json.loads((reply.out or b"").decode("gb18030"))
    return card


@pytest.mark.parametrize("kind", CLIENTS)
def test_qrprint(rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind) -> None:
    """Y prints the card of the answer; N, nothing and another word do not; OutData is the same in all."""
    with Sink(ASKED, b"\0") as sink:
        product = his(kind, tmp_path, type="tcp", address=sink.address)
        asked = [{"QRprint": "Y"}, {"QRprint": "N"}, {}, {"QRprint": ""}, {"QRprint": "YES"}, {"QRprint": "y"}]
        replies = product.run(rig, [register(simulator, number, **fields) for number, fields in enumerate(asked)])
        cards = [opened(reply) for reply in replies]
        assert all(card == cards[0] for card in cards)
        assert len({reply.out for reply in replies}) == 1
        assert codes(LANGUAGE_VECTORS["tspl"].parser(sink.job(1)).image()) == {cards[0]["ehealth_code"]}
        assert len(sink.jobs) == 2
        code, number = cards[0]["ehealth_code"], cards[0].get("card_no") or cards[0]["ehealth_card_id"]
        assert sink.job(0) == encoded(LabelContent(ehealth_code=code, card_no=number, name=cards[0]["user_name"]))
        assert_nothing_leaked(product, code, number, NEWCOMER["user_name"], NEWCOMER["id_no"])


@pytest.mark.parametrize("kind", CLIENTS)
@pytest.mark.parametrize("trouble", ["no printer", "nobody listens", "out of paper", "no such character"])
def test_a_label_that_fails_changes_nothing(
    rig: Rig, simulator: Simulator, tmp_path: Path, kind: Kind, trouble: str
) -> None:
    """The registration stands: the answer is that of a call without a label, and the log says that none was printed."""
    with Sink(ASKED, b"\x04") as sink:
        settings = {"type": "tcp", "address": sink.address}
        if trouble == "no printer":
            settings = {"type": "none"}
        elif trouble == "nobody listens":
            settings["address"] = "127.0.0.1:9"
        who = {"user_name": "王\ue000", "id_no": "990000199912310099"} if trouble == "no such character" else {}
        product = his(kind, tmp_path, **settings)
        without, asked = product.run(rig, [register(simulator, 1, **who), register(simulator, 2, QRprint="Y", **who)])
        assert asked.returned == without.returned == b"00"
        assert asked.out == without.out and asked.broken == {}
        rows = [json.loads(line) for line in product.log_text().splitlines()]
        warnings = [row["text"] for row in rows if row["level"] == "WARNING" and "注册已成功，标签没有" in row["text"]]
        words = {
            "no printer": "[label] 设置 type", "nobody listens": "127.0.0.1:9", "out of paper": "缺纸",
            "no such character": "U+E000",
        }  # fmt: skip
        assert len(warnings) == 1 and words[trouble] in warnings[0]
        assert sink.jobs == []
        assert_nothing_leaked(product, NEWCOMER["user_name"], NEWCOMER["id_no"])


# ---- the 32-bit runtime ----------------------------------------------------------------------------------------------


def test_golden_files_in_the_32_bit_runtime(rig: Rig, tmp_path: Path) -> None:
    """The shipped interpreter and Pillow read label.png and write every golden file."""
    product = install("win32-ctypes", tmp_path / "his")
    runtime = python_runtime(product)
    out = tmp_path / "out"
    out.mkdir()
    papers = [(row.name, row.golden_paper.density, row.golden_paper.speed) for row in LANGUAGE_VECTORS.values()]
    (tmp_path / "golden.py").write_text(
        "import pathlib, sys\n"
        "from shim.devices.label.paper import Gap, Paper\n"
        "from shim.devices.label.languages import LANGUAGES\n"
        "from shim.devices.label.drawing import from_png\n"
        "vectors, out = map(pathlib.Path, sys.argv[1:])\n"
        "dots = from_png((vectors / 'label.png').read_bytes())\n"
        f"for name, density, speed in {papers}:\n"
        "    paper = Paper(50, 30, 203, Gap.GAP, 2, density, speed)\n"
        "    (out / f'label.{name}').write_bytes(LANGUAGES[name].encode(dots, paper))\n"
    )
    words = [runtime / "python.exe", *(tmp_path / "golden.py", LABELS, out)]
    done = rig.wine32.run([str(words[0]), *(Wine.windows_path(word) for word in words[1:])])
    assert done.returncode == 0, done.stderr
    for language in LANGUAGES:
        assert (out / f"label.{language}").read_bytes() == (LABELS / f"label.{language}").read_bytes()


@pytest.mark.parametrize("language", LANGUAGES)
def test_vcshim_label_writes_the_same_bytes(rig: Rig, tmp_path: Path, language: str) -> None:
    product = his("win32-c", tmp_path, language=language)
    file = tmp_path / "label.prn"
    words = ["label", "--bytes", Wine.windows_path(file), "--folder", Wine.windows_path(product.folder)]
    words += ["--ehealthid", FUSED, "--card-no", CARD_NO, "--name", NAME]
    done = rig.wine32.run([str(product.runtime / "vcshim.exe"), *words])
    assert done.returncode == 0, done.stdout + done.stderr
    assert file.read_bytes() == drawn(language=language)


# ---- the spooler of Windows, as Wine has it --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cups() -> Iterator[Cups]:
    with Cups() as running:
        yield running


def test_raw_into_the_spooler(rig: Rig, cups: Cups, tmp_path: Path) -> None:
    """Byte for byte what Linux makes, binary data included; two labels are two jobs."""
    product = his("win32-c", tmp_path, type="spooler", printer=cups.queue, timeout_seconds=120)
    count = len(cups.sink.jobs)
    replies = product.run(rig, [print_line(number=1), print_line("张三", number=2)], env=cups.env)
    assert [reply.number for reply in replies] == [0, 0]
    assert [reply.broken for reply in replies] == [{}, {}]
    cups.sink.job(count + 1)
    assert sorted(cups.sink.jobs[count:]) == sorted([drawn(), drawn(name="张三")])
    assert_nothing_leaked(product)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_into_the_spooler(rig: Rig, cups: Cups, tmp_path: Path, language: str) -> None:
    count = len(cups.sink.jobs)
    product = his("win32-c", tmp_path, type="spooler", printer=cups.queue, timeout_seconds=120, language=language)
    (reply,) = product.run(rig, [print_line()], env=cups.env)
    assert reply.number == 0
    assert cups.sink.job(count) == drawn(language=language)


def test_from_delphi(rig: Rig, cups: Cups, tmp_path: Path) -> None:
    count = len(cups.sink.jobs)
    product = his("win32-delphi", tmp_path, type="spooler", printer=cups.queue, timeout_seconds=120)
    (reply,) = product.run(rig, [print_line()], env=cups.env)
    assert (reply.number, reply.broken) == (0, {})
    assert cups.sink.job(count) == drawn()


@pytest.mark.parametrize("kind", ["spooler", "driver"])
def test_a_queue_must_be_named(rig: Rig, cups: Cups, tmp_path: Path, kind: str) -> None:
    """On Windows: elsewhere neither can be chosen."""
    product = his("win32-c", tmp_path, type=kind)
    (reply,) = product.run(rig, [print_line()], env=cups.env)
    assert (reply.number, reply.broken) == (9005, {})
    assert f"type = {kind} 还须写 printer，本机现有打印机：{cups.queue}" in product.log_text()


@pytest.mark.parametrize("kind", ["spooler", "driver"])
def test_no_such_queue(rig: Rig, cups: Cups, tmp_path: Path, kind: str) -> None:
    """The log names the queues that there are."""
    product = his("win32-c", tmp_path, type=kind, printer="ZEBRA", timeout_seconds=120)
    (reply,) = product.run(rig, [print_line()], env=cups.env, timeout=200)
    assert (reply.number, reply.broken) == (9005, {})
    assert (
        "Windows 中没有标签打印机 ZEBRA" in product.log_text() and f"本机现有打印机：{cups.queue}" in product.log_text()
    )


def test_a_page_by_the_driver(rig: Rig, cups: Cups, tmp_path: Path) -> None:
    """Wine's PostScript driver, rasterised by Ghostscript: the code decodes, its modules are square and even."""
    count = len(cups.sink.jobs)
    product = his("win32-c", tmp_path, type="driver", printer=cups.queue, timeout_seconds=120)
    (reply,) = product.run(rig, [print_line()], env=cups.env, timeout=200)
    assert (reply.number, reply.broken) == (0, {}), product.log_text()
    page = rasterised(cups.sink.job(count))
    assert codes(page) == {FUSED}
    left, top, right, bottom = page.point(lambda grey: 255 - grey).getbbox() or (0, 0, 0, 0)
    assert page.crop((left, top, left + 1, bottom)).getextrema()[0] == 0  # the finders of the code, black on white
    assert page.getpixel((0, 0)) == 255
    assert right - left < 50 / 25.4 * 300 and bottom - top < 30 / 25.4 * 300
    assert_nothing_leaked(product)


def test_a_label_larger_than_the_driver_s_page(rig: Rig, cups: Cups, tmp_path: Path) -> None:
    """Nothing is cut off: the label is refused, and the log says where the paper is chosen."""
    more = {"width_mm": 300, "height_mm": 300, "qr": "250, 250, 40", "timeout_seconds": 120}
    count = len(cups.sink.jobs)
    product = his("win32-c", tmp_path, type="driver", printer=cups.queue, **more)
    (reply,) = product.run(rig, [print_line()], env=cups.env, timeout=200)
    assert reply.number == 9005
    assert "放不下标签" in product.log_text() and "首选项" in product.log_text()
    assert len(cups.sink.jobs) == count


def rasterised(page: bytes) -> Image.Image:
    """A page of PostScript at 300 dots an inch, by Ghostscript."""
    assert page.startswith(b"%!PS")
    words = ["gs", "-q", "-dSAFER", "-dNOPAUSE", "-dBATCH", "-sDEVICE=pnggray", "-r300", "-sOutputFile=-", "-"]
    done = subprocess.run(words, input=page, capture_output=True, timeout=120, check=True, env=dict(os.environ))
    with Image.open(io.BytesIO(done.stdout)) as image:
        return image.convert("L")
