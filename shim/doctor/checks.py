"""The table of checks, in the order in which they are shown. A check more is a row more."""

from __future__ import annotations

from shim.commands.catalogue import doctor as phrases
from shim.commands.catalogue import doctor_devices as devices
from shim.doctor.autofill import look_at_autofill
from shim.doctor.files import look_at_files, look_at_fronts, look_at_sets, look_at_start
from shim.doctor.finding import Check
from shim.doctor.fleet import look_at_fleet
from shim.doctor.fonts import look_at_fonts
from shim.doctor.label import look_at_label
from shim.doctor.scanner import look_at_scanner
from shim.doctor.screen import look_at_screen
from shim.doctor.settings import look_at_settings
from shim.doctor.system import look_at_updates, look_at_windows

CHECKS = (
    Check(phrases.TITLE_WINDOWS, look_at_windows),
    Check(phrases.TITLE_UPDATES, look_at_updates),
    Check(phrases.TITLE_FILES, look_at_files),
    Check(phrases.TITLE_FRONTS, look_at_fronts),
    Check(phrases.TITLE_SETS, look_at_sets),
    Check(phrases.TITLE_START, look_at_start),
    Check(phrases.TITLE_SETTINGS, look_at_settings),
    Check(phrases.TITLE_FLEET, look_at_fleet),
    Check(devices.TITLE_SCANNER, look_at_scanner),
    Check(devices.TITLE_SCREEN, look_at_screen),
    Check(devices.TITLE_LABEL, look_at_label),
    Check(devices.TITLE_AUTOFILL, look_at_autofill),
    Check(devices.TITLE_FONTS, look_at_fonts),
)
