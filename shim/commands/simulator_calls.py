"""The calls of `vcshim simulator` on the terminal, one line each as they happen, with the cause of a wrong sign.

Reads the log of calls, on the thread that waits: no request is slower for it. Not a command; people who want to see
requests and answers open the console page.
"""

from __future__ import annotations

import logging
import time

from shim.commands.catalogue import simulator as phrases
from shim.commands.console import say, write_json
from shim.commands.language import CommandLanguage, current_language, joined
from shim.simulator.content_causes import content_causes
from shim.simulator.messages import Call
from shim.simulator.platforms import EITHER, PATHS
from shim.simulator.sign_causes import ClientMistake, compare_sign
from shim.simulator.state import SimulatorState
from shim.spec import EC_CODES, VC_CODES

_MOST_LINES = 50  # at a time: more would be no news that anybody reads
_NOT_FOUND = 404
_SIGN_WRONG, _NOT_DECRYPTED = "9003", "9007"


class WrongAddresses(logging.Handler):
    """In the place of Tornado's own lines: says of a POST to an address that no platform has which ones there are."""

    def emit(self, record: logging.LogRecord) -> None:
        status, request = (*(record.args if isinstance(record.args, tuple) else ()), 0, "")[:2]
        if status == _NOT_FOUND and str(request).startswith("POST "):
            path = str(request).split(" ")[1].partition("?")[0][:80]
            moment = time.strftime("%H:%M:%S", time.localtime(record.created))
            say(phrases.WRONG_ADDRESS(time=moment, path=path, known=joined(each for each in PATHS if each != EITHER)))


class CallLines:
    """Prints the calls that were made since the last look."""

    def __init__(self, state: SimulatorState, *, as_json: bool = False) -> None:
        self._state = state
        self._as_json = as_json
        last = state.calls.after(limit=1)
        self._seen = last[0].number if last else 0

    def show_new(self) -> None:
        """Print a line for each new call; of very many only the last ones. Never raises for what the log holds."""
        try:
            calls = self._state.calls.after(self._seen)
        except OSError:  # of the state file, which the next look may find again
            return
        if not calls:
            return
        self._seen = calls[-1].number
        shown = calls if self._as_json else calls[-_MOST_LINES:]
        if len(shown) < len(calls):
            say(phrases.MORE(count=len(calls) - len(shown)))
        for call in shown:
            if self._as_json:
                write_json(call.as_record(), indent=None)
            else:
                say(self._line(call))

    def _line(self, call: Call) -> str:
        row = VC_CODES.get(call.code) or EC_CODES.get(call.code)
        line = phrases.CALL(
            time=time.strftime("%H:%M:%S", time.localtime(call.at)),
            method=call.method or phrases.UNREAD(),
            code=call.code or "-",
            meaning=row.meaning if row else "",
            ms=f"{call.ms:.1f}",
        )
        rest = f"  [{call.directives}]" if call.directives else ""
        return "\n".join([line + rest, *self._why(call)])

    def _why(self, call: Call) -> list[str]:
        """Why the sign of the call is wrong, or its biz_content could not be decrypted."""
        causes: tuple[ClientMistake, ...] = ()
        if call.code == _NOT_DECRYPTED:
            causes = content_causes(call, self._state)
            if not causes:
                return [phrases.NOT_OPENED()]
        elif call.code == _SIGN_WRONG:
            comparison = compare_sign(call, self._state, lambda key: "<key>")
            if comparison is None or comparison.fits:
                return []
            causes = comparison.causes
            if not causes:
                return [phrases.NOT_EXPLAINED()]
        chinese = current_language() is CommandLanguage.CHINESE
        return [phrases.WHY(cause=cause.zh if chinese else cause.en) for cause in causes]
