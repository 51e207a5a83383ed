"""Java, by JNA: Vcshim.java, an interface a DLL."""

from __future__ import annotations

from collections.abc import Sequence

from buildlib.declarations import words
from shim.spec import Export
from shim.spec.rows import Parameter

_TOP = f"""\
// {words.GENERATED}.
// 入参、出参都是 byte[]：以 NUL 结尾的 GB18030 字节。返回的 String 由 JNA 复制，原文不必释放。各线程用各自的数组。
import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.util.Collections;
import java.util.Map;

public final class Vcshim {{
    private static final Map<String, Object> OPTIONS = Collections.<String, Object>singletonMap(
        Library.OPTION_CALLING_CONVENTION, Platform.isWindows() ? Function.ALT_CONVENTION : Function.C_CONVENTION);

    // 缓冲区的字节数，含结尾的 NUL。"""


def text(exports: Sequence[Export]) -> str:
    """Vcshim.java."""
    lines = [_TOP]
    for name, size in words.sizes(exports).items():
        lines.append(f"    public static final int {name}Size = {size};")
    for library, rows in words.of_dll(exports).items():
        lines += [
            "",
            f"    public interface {library} extends Library {{",
            f'        {library} LIBRARY = Native.load("{library}", {library}.class, OPTIONS);',
        ]
        for export in rows:
            arguments = ", ".join(f"{_type(row)} {row.name}" for row in export.parameters)
            returns = "String" if words.returns_text(export) else "int"
            lines += ["", f"        // {export.clause}", f"        {returns} {export.name}({arguments});"]
        lines.append("    }")
    return words.joined([*lines, "", "    private Vcshim() {", "    }", "}"])


def _type(row: Parameter) -> str:
    return "byte[]" if row.is_text else "int"
