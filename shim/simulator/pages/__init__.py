"""What people see of the simulator: a phone for every person, the consent page, the console. Server-rendered HTML. L3.

==========  ========================================================================================================
phone       the list of persons, one person's codes, and the follow page that pub_qrcode names
consent     what an authurl opens: agree, refuse, fail
console     addresses, calls, persons, accounts and terminals, authorisations, misbehaviour
switches    the misbehaviour a form can ask for, as rows; the form read and shown
present     values as people read them: dates, titles of codes, masked numbers, JSON in lines, QR codes
common      what every page does: headers, whose phone this is, foreign forms turned away, errors in Chinese
==========  ========================================================================================================

Not the platforms and not an API: they are platform's and server's. Pages run on the server's event loop and ask the
state directly. No page needs a network, a cookie but the one that remembers whose phone this is, or a build step.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tornado.routing import URLSpec

from shim.simulator.pages import consent, console, phone
from shim.simulator.pages.common import Lost
from shim.simulator.state import State

__all__ = ["routes", "settings"]

_HERE = Path(__file__).parent


def routes(state: State) -> list[URLSpec]:
    """The pages' rows for a tornado Application; none of them is a path of `platform.PATHS` but GET ``/``."""
    rows = (*console.ROUTES, *phone.ROUTES, *consent.ROUTES)
    return [URLSpec(pattern, handler, {"state": state}) for pattern, handler in rows]


def settings() -> dict[str, Any]:
    """What the Application must be given beside the routes."""
    return {
        "template_path": str(_HERE / "templates"),
        "static_path": str(_HERE / "static"),
        "default_handler_class": Lost,
    }
