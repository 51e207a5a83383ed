"""Looks for private values in the files of a folder, in every form in which a value is still readable."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from pathlib import Path

_CHARSETS = ("utf-8", "gbk", "utf-16-le", "utf-16-be")


def readable_forms(value: str | bytes) -> dict[str, bytes]:
    """`value` as it could stand in a file, by the name of the form: charsets, and of each hex and base64.

    In base64 a value looks differently at each of three alignments; the characters that its neighbours change are left
    out.
    """
    plain = {"bytes": value} if isinstance(value, bytes) else _encoded(value)
    forms = dict(plain)
    for name, data in plain.items():
        for label, text in (("hex", data.hex()), ("HEX", data.hex().upper())):
            forms[f"{name} {label}"] = text.encode("ascii")
        for shift in range(3):
            text = base64.b64encode(bytes(shift) + data).decode("ascii").rstrip("=")
            first = -(-shift * 8 // 6)
            last = (shift + len(data)) * 8 // 6
            for label, table in (("base64", {}), ("base64url", {ord("+"): "-", ord("/"): "_"})):
                forms[f"{name} {label} {shift}"] = text[first:last].translate(table).encode("ascii")
    return forms


def clear_texts(folder: Path, values: Iterable[str | bytes], since: Path | None = None) -> list[str]:
    """Every readable form of `values` in every file under `folder`, names of files included, as one line each.

    Args:
        since: a file; others that were last changed before it are not looked at.
    """
    begin = since.stat().st_ctime_ns if since is not None else 0
    wanted = [(value, forms) for value in values for forms in [readable_forms(value)]]
    found: list[str] = []
    for path in sorted(folder.rglob("*")):
        try:
            if path.lstat().st_ctime_ns < begin:
                continue
            data = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        except FileNotFoundError:  # a temporary file of another program
            continue
        name = path.name.encode("utf-8", "surrogateescape")
        for value, forms in wanted:
            found += [f"{path}: {value!r} as {form}" for form, text in forms.items() if text in data or text in name]
    return found


def assert_no_clear_text(folder: Path, values: Iterable[str | bytes], since: Path | None = None) -> None:
    """Fail if one of `values` stands readable in a file under `folder`: UTF-8, GBK, UTF-16, hex, base64.

    Args:
        values: distinctive ones of at least 6 characters: shorter ones occur in ciphertext by chance.
        since: as in `clear_texts`.
    """
    values = list(values)
    assert all(len(value) >= 2 for value in values), "too short to be distinctive"
    assert clear_texts(folder, values, since) == []


def _encoded(value: str) -> dict[str, bytes]:
    encoded = {charset: value.encode(charset, "ignore") for charset in _CHARSETS}
    return {charset: data for charset, data in encoded.items() if len(data) >= 4}
