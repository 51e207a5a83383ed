"""English for the keys of vcshim.ini that are also words of a command: section and key, then the help text.

Their Chinese is that of vcshim.ini itself, the fields of the sections (shim/devices/*/settings.py), and stands nowhere
else. A test holds this table to the words that the commands take.
"""

from __future__ import annotations

from collections.abc import Mapping

ENGLISH: Mapping[tuple[str, str], str] = {
    ("scanner", "type"): "how the scanner is connected (docs/scanner.md has the meaning of each word)",
    ("scanner", "port"): "serial port, such as COM3; with type = auto several, divided by commas, and only these are "
    "tried",
    ("scanner", "make"): "make of the scanner, which decides its start and stop commands (docs/scanner.md)",
    ("scanner", "baud"): "baud rate of the serial port; virtual ports over USB usually ignore it",
    ("scanner", "bits"): "format of the serial port: data bits, parity, stop bits",
    ("scanner", "address"): "address of the scanner with type = tcp, such as 192.168.1.50:4001",
    ("scanner", "file"): "text file with a code on each line for type = file, for demonstrations and tests only",
    ("scanner", "timeout_seconds"): "seconds to wait for a code",
    ("scanner", "terminator"): "what ends a code: auto (CR, LF or CRLF, else a pause), cr, lf, crlf, none (a pause "
    "only)",
    ("scanner", "idle_gap_ms"): "length of the pause, in milliseconds, that ends a code without a terminator",
    ("scanner", "quiet_ms"): "milliseconds of silence before the scanner is started; what comes before is discarded",
    ("label", "type"): "how the label printer is connected (docs/labels.md has the meaning of each word)",
    ("label", "printer"): "name of the system's printer with type = spooler or driver, as in the control panel",
    ("label", "address"): "address of the printer with type = tcp, such as 192.168.1.60; add :PORT if it is not 9100",
    ("label", "port"): "serial port with type = serial, such as COM4",
    ("label", "baud"): "baud rate, as in the printer; at 9600 a label takes more than ten seconds",
    ("label", "file"): "device or file with type = file, such as \\\\.\\LPT1; an ordinary file keeps patients' data",
    ("label", "language"): "printer language (docs/labels.md has the printers of each)",
    ("label", "width_mm"): "width of the label in millimetres",
    ("label", "height_mm"): "height of the label in millimetres",
    ("label", "dpi"): "dots per inch of the printer; with type = driver those of the driver",
    ("label", "gap"): "what is between labels: gap, bline (a black mark) or none (continuous paper)",
    (
        "label",
        "layout",
    ): "lines of the label, divided by |, with {hospital}, {name}, {card_no}; each * after a line gives it more weight",
    ("label", "hospital"): "name of the hospital on the label",
    ("label", "fonts"): "fonts to use first, divided by ; with #N for the Nth of a collection; those of the system "
    "come after them",
    ("label", "timeout_seconds"): "seconds that a label may take",
}
