"""The table of checks, in the order in which they are shown. A check more is a row more."""

from __future__ import annotations

from shim.commands.catalogue import doctor as phrases
from shim.doctor.files import look_at_files, look_at_fronts, look_at_sets, look_at_start
from shim.doctor.finding import Check
from shim.doctor.fleet import look_at_fleet
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
)
