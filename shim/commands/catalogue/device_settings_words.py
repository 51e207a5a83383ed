"""English for the keys of the devices: [scanner], [screen], [label] and [autofill]. A part of settings_words.py.

Some keys are also words of `vcshim scan` and `vcshim label`, which show the same text.
"""

from __future__ import annotations

from collections.abc import Mapping

_SCANNER: Mapping[str, str] = {
    "type": "how the scanner is connected; none: there is none; auto: one way after the other is tried (first "
    "HID-POS, then every free serial port gets a start command); serial: a serial port, or a virtual one over USB; "
    "tcp: over the network, or behind a serial server; hidpos: USB HID-POS; wedge: as a keyboard, for scanners that "
    "type, if there is no other way; file: a text file, for demonstrations and tests only",
    "port": "serial port, such as COM3; with type = auto several, divided by commas, and only these are tried",
    "make": "make of the scanner, which decides its start and stop commands; newland: Newland HR/FM/FR, FR80, FM430 "
    "(unified commands); newland-sdk: Newland (new SDK); module: modules such as Newland FM30 and GM65 (with a "
    "checksum); module-abcd: modules such as GM65 (AB CD in place of the checksum); honeywell: Honeywell and former "
    "Metrologic; mindeo: Mindeo; ssi: Zebra/Symbol SSI and compatible modules (such as M5 ATOM); zkteco: ZKTeco "
    "ZKB200; none: no commands, for scanners that start by themselves or at a key; custom: those that start, stop and "
    "the other keys of commands give",
    "baud": "baud rate of the serial port; virtual ports over USB usually ignore it",
    "bits": "format of the serial port: data bits, parity, stop bits",
    "address": "address of the scanner with type = tcp, such as 192.168.1.50:4001",
    "hid_device": "the only device to use with type = hidpos, VID:PID in hexadecimal, such as 1EAB:0022; if empty, "
    "the first one",
    "hid_layout": "form of the data of a USB HID-POS scanner, from its manual and only if no code can be read: report "
    "number, place of the length, first and last byte of the data, place of the mark that more follows; a prefix of "
    "commands and the report that enables it may follow in hexadecimal, LEN for the length of the command; such as "
    "2,1,2,57,63,04 LEN. If empty, that of the make",
    "wedge_device": "the only keyboards to listen to with type = wedge: those with this text in their name, such as "
    "VID_1EAB",
    "file": "text file with a code on each line for type = file, for demonstrations and tests only",
    "timeout_seconds": "seconds to wait for a code",
    "terminator": "what ends a code; auto: CR, LF or CRLF, else a pause, which no longer counts once the scanner has "
    "sent one of them; cr: CR; lf: LF; crlf: CRLF; none: a pause only",
    "idle_gap_ms": "length of the pause, in milliseconds, that ends a code without a terminator",
    "quiet_ms": "milliseconds of silence, counted from 0.1 seconds after the scanner was opened, before it gets the "
    "start command; what comes before is an old code that it or a serial server had kept, and is discarded",
    "again_seconds": "seconds after which the start command is sent again while waiting, for scanners that switch "
    "their light off; 0 for never",
    "spy": "log what is sent to and received from the scanner, of codes only the length; only for finding a fault",
    "keep_code_seconds": "seconds for which the last insurance code is kept in memory for SetEcQrcode, which uses it "
    "up; 0 for not at all",
    "start": "start command with make = custom, in hexadecimal, such as 7E 01 30",
    "stop": "stop command with make = custom, in hexadecimal",
    "wake": "bytes to send before the start command with make = custom, in hexadecimal",
    "wake_ms": "milliseconds to wait after wake with make = custom",
    "replies": "answers to commands that are taken out of the data with make = custom, in hexadecimal, divided by "
    "commas; .. is any byte, * any bytes but line ends, ! before one means that the command was refused, ~ that the "
    "scanner gave up",
    "setup": "setup command with make = custom, in hexadecimal; it changes the scanner for good, and only vcshim scan "
    "--setup sends it",
}
_SCREEN: Mapping[str, str] = {
    "type": "the extension screen that Set_QRflow_Mode(1) opens; window: a window on a monitor (not without a second "
    "monitor, so that the only screen is never covered); serial: a serial display, which shows the QR code only; "
    "none: there is none",
    "monitor": "monitor that is the extension screen: its number from 1 on or its name, such as 2 or DISPLAY2; if "
    "empty, the first that is not the main one",
    "heading": "text at the top: the name of the hospital or of the counter",
    "logo": "logo of the hospital at the left of the top: a PNG or JPEG image of at most 4 MB and 4,000 pixels a "
    "side; none if empty",
    "countdown": "countdown at the top right (VC 2.2); {seconds} is the number of seconds left",
    "valid_seconds": "seconds for which the QR code for consent is valid (VC 2.2)",
    "success_seconds": "seconds for which it is shown that consent was given",
    "expired_seconds": "seconds for which it is shown that the QR code has expired, once the countdown is at 0; then "
    "the screen is closed, with 0 at once",
    "new_code_seconds": "seconds for which a new code is shown after registration; those of time_expire if they are "
    "fewer",
    "after_registration": "what is shown after registration; code: the new fused health code, or with pub_flag = Y "
    "the code of the official account; follow: the code of the official account only; none: nothing",
    "waiting_title": "title while waiting for consent; | is a line break in all titles and hints",
    "waiting_hint": "hint while waiting for consent",
    "succeeded_title": "title after consent",
    "succeeded_hint": "hint after consent",
    "refused_title": "title if consent was not given (fail, cancel); QR code and countdown stay, as VC 2.2 says",
    "refused_hint": "hint if consent was not given",
    "expired_title": "title once the QR code has expired",
    "expired_hint": "hint once the QR code has expired; a self-service machine may send people back to the page "
    "before it for a new one",
    "registered_title": "title of a new code after registration without time_expire in the request (a static code)",
    "registered_hint": "hint with a new code without time_expire in the request (a static code)",
    "expiring_title": "title of a new code after registration with time_expire in the request (a code that expires)",
    "expiring_hint": "hint with a new code with time_expire in the request (a code that expires)",
    "follow_title": "title of the code of the official account",
    "follow_hint": "hint with the code of the official account",
    "background_colour": "colour of the background",
    "text_colour": "colour of hints",
    "bar_colour": "colour of the bar at the top",
    "bar_text_colour": "colour of the text in the bar at the top",
    "accent_colour": "colour of the titles while waiting for consent, of a new code and of the official account",
    "good_colour": "colour of the card that says that consent was given",
    "bad_colour": "colour of the card that says that consent was not given, or that the QR code has expired",
    "fonts": "font files to use first, divided by ; with FILE#N for font N of a collection; if empty, the Chinese "
    "fonts of the system",
    "port": "serial port of the display with type = serial, such as COM4",
    "baud": "baud rate with type = serial",
    "bits": "format with type = serial: data bits, parity, stop bits",
    "protocol": "protocol with type = serial; plain: the text with a line end; nextion: TJC and similar displays; "
    "dwin: DWIN; custom: that of prefix, suffix and hide",
    "prefix": "bytes before the content of the QR code with protocol = custom, in hexadecimal, from the maker of the "
    "display, such as 5A A5 LEN 82 50 00; LEN, LEN2 and LEN2LE are the number of bytes from there to the end",
    "suffix": "bytes after the content of the QR code with protocol = custom, in hexadecimal, such as FF FF",
    "hide": "bytes that clear the display with protocol = custom, in hexadecimal; if empty it cannot be cleared, and "
    "the last QR code stays on it",
    "spy": "log what is sent to and received from the display with type = serial, of QR codes only the length; only "
    "for finding a fault",
}
_LABEL: Mapping[str, str] = {
    "type": "how the label printer is connected; none: there is none; spooler: a printer of the system, which gets "
    "commands as they are; driver: a printer of the system through its driver, any printer; tcp: over the network; "
    "serial: a serial port; file: the device file of the printer",
    "printer": "name of the system's printer with type = spooler or driver, as in the control panel",
    "address": "address of the printer with type = tcp, such as 192.168.1.60; add :PORT if it is not 9100",
    "port": "serial port with type = serial, such as COM4",
    "baud": "baud rate of the serial port, as in the printer; at 9600 a label takes more than ten seconds",
    "bits": "format of the serial port: data bits, parity, stop bits",
    "file": "device or file with type = file, such as \\\\.\\LPT1; an ordinary file keeps patients' data and is for "
    "finding a fault only",
    "language": "printer language; tspl: TSC, Gprinter, Xprinter, HPRT; zpl: Zebra and compatible ones; cpcl: "
    "portable ones; epl: old ones of Zebra; escpos: receipt printers. Not used with type = driver",
    "width_mm": "width of the label in millimetres",
    "height_mm": "height of the label in millimetres",
    "dpi": "dots per inch of the printer; with type = driver those of the driver",
    "gap": "what is between labels; gap: a gap; bline: a black mark; none: nothing (continuous paper)",
    "gap_mm": "height of the gap or black mark in millimetres",
    "density": "darkness of the print, a number of the printer language; 0 for what the printer is set to",
    "speed": "speed of the print, a number of the printer language; 0 for what the printer is set to",
    "layout": "lines of the label from top to bottom, divided by |, with {hospital}, {name}, {card_no}; each * after "
    "a line, three at most, gives it more weight; a line without content is not printed",
    "hospital": "name of the hospital on the label; not printed if empty",
    "qr": "place of the QR code: auto as the paper allows, as large as possible; or LEFT,TOP,SIDE in millimetres, "
    "with the blank around it; each of its squares is a whole number of dots",
    "line1": "a line of text in a fixed place, instead of layout: LEFT,TOP,WIDTH,HEIGHT in millimetres, then left, "
    "centre or right, then the text; auto as layout says; text that does not fit is made smaller or broken",
    "line2": "another line in a fixed place, written as line1; none if empty",
    "line3": "another line in a fixed place, written as line1; none if empty",
    "line4": "another line in a fixed place, written as line1; none if empty",
    "fonts": "font files to use first, divided by ; with FILE#N for font N of a collection, counted from 0; the "
    "Chinese fonts of the system come after them",
    "upside_down": "turn the whole label by 180 degrees",
    "timeout_seconds": "seconds that a label may take",
    "confirm": "whether there must be evidence that the printer has read the label, without which it counts as not "
    "printed; off is content once the data is handed over, only for printers that print and never confirm",
    "spy": "log what is sent to and received from the label printer, of labels only the length; only for finding a "
    "fault; not used with type = driver",
}
_AUTOFILL: Mapping[str, str] = {
    "method": "how SetEcQrcode fills in an insurance code; sendinput: it is typed; messages: its characters are sent "
    "to the input field, for programs that do not take typed keys; xtest: it is typed on Linux, for development; "
    "none: not at all",
    "enter": "whether Enter is pressed after the code, as most scanners that are keyboards do",
    "programs": "the only programs whose windows are filled in: names of their files, divided by commas, such as "
    "his.exe; any if empty",
    "modifier_ms": "milliseconds to wait for Ctrl, Alt, Shift or Win to be released; nothing is filled in if one is "
    "still held",
}

DEVICE_WORDS: Mapping[str, Mapping[str, str]] = {
    "scanner": _SCANNER,
    "screen": _SCREEN,
    "label": _LABEL,
    "autofill": _AUTOFILL,
}
