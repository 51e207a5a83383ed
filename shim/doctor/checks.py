"""The table of checks, in the order in which they are shown. A check more is a row more."""

from __future__ import annotations

from shim.commands.catalogue import doctor as phrases
from shim.commands.catalogue import doctor_devices as devices
from shim.commands.catalogue import doctor_platforms, doctor_system, doctor_telemetry
from shim.doctor.autofill import look_at_autofill
from shim.doctor.bits import look_at_bits
from shim.doctor.charsets import look_at_charsets
from shim.doctor.files import look_at_files, look_at_fronts, look_at_sets, look_at_start
from shim.doctor.finding import Check
from shim.doctor.fleet import look_at_fleet
from shim.doctor.fonts import look_at_fonts
from shim.doctor.label import look_at_label
from shim.doctor.platforms import look_at_platforms
from shim.doctor.proxies import look_at_proxies
from shim.doctor.scanner import look_at_scanner
from shim.doctor.screen import look_at_screen
from shim.doctor.security import look_at_security
from shim.doctor.settings import look_at_settings
from shim.doctor.signing import look_at_signing
from shim.doctor.system import look_at_updates, look_at_windows
from shim.doctor.telemetry import look_at_telemetry
from shim.doctor.writing import look_at_writing

CHECKS = (
    Check(phrases.TITLE_WINDOWS, look_at_windows),
    Check(phrases.TITLE_UPDATES, look_at_updates),
    Check(doctor_system.TITLE_SECURITY, look_at_security),
    Check(phrases.TITLE_FILES, look_at_files),
    Check(phrases.TITLE_FRONTS, look_at_fronts),
    Check(doctor_system.TITLE_BITS, look_at_bits),
    Check(phrases.TITLE_SETS, look_at_sets),
    Check(phrases.TITLE_START, look_at_start),
    Check(phrases.TITLE_SETTINGS, look_at_settings),
    Check(doctor_system.TITLE_CHARSETS, look_at_charsets),
    Check(doctor_system.TITLE_WRITING, look_at_writing),
    Check(phrases.TITLE_FLEET, look_at_fleet),
    Check(doctor_platforms.TITLE_PROXIES, look_at_proxies),
    Check(doctor_platforms.TITLE_PLATFORMS, look_at_platforms),
    Check(doctor_platforms.TITLE_SIGNING, look_at_signing),
    Check(doctor_telemetry.TITLE, look_at_telemetry),
    Check(devices.TITLE_SCANNER, look_at_scanner),
    Check(devices.TITLE_SCREEN, look_at_screen),
    Check(devices.TITLE_LABEL, look_at_label),
    Check(devices.TITLE_AUTOFILL, look_at_autofill),
    Check(devices.TITLE_FONTS, look_at_fonts),
)
