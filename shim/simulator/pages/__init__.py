"""The simulator's pages: a phone for every person, the consent page, the console. HTML rendered on the server.

==========  ========================================================================================================
phone       the list of persons, one person's codes, and the page that pub_qrcode leads to
consent     the page that an authurl opens: agree, refuse, fail
console     addresses, calls, persons, accounts and terminals, authorisations, fault rules
switches    the fault rules that the console's form offers, as rows; the form parsed and shown
present     values as people read them: dates, titles of codes, redacted numbers, JSON in lines, QR codes
common      what all pages share: headers, whose phone the browser is, errors in Chinese
==========  ========================================================================================================

Programs use api; the platforms are in platforms. Pages run on the server's event loop and read the state directly. They
need no network and no build step, and set one cookie: whose phone the browser is.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tornado.routing import URLSpec

from shim.simulator.pages import consent, console, phone
from shim.simulator.pages.common import NotFoundPage
from shim.simulator.state import SimulatorState

__all__ = ["application_settings", "page_routes"]

_HERE = Path(__file__).parent


def page_routes(state: SimulatorState) -> list[URLSpec]:
    """Return the addresses of the pages for a Tornado application. POST ``/`` belongs to the platforms."""
    rows = (*console.CONSOLE_ROUTES, *phone.PHONE_ROUTES, *consent.CONSENT_ROUTES)
    return [URLSpec(pattern, handler, {"state": state}) for pattern, handler in rows]


def application_settings() -> dict[str, Any]:
    """Return the settings that the Tornado application needs for the pages."""
    return {
        "template_path": str(_HERE / "templates"),
        "static_path": str(_HERE / "static"),
        "default_handler_class": NotFoundPage,
    }
