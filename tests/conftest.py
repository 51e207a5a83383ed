"""Fixtures of all levels, and what becomes of a test whose tools are missing: a failure, told once and never a skip."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator

import hypothesis
import pytest
from xdist.remote import Producer

from shim.commands import language
from shim.simulator.server import Simulator
from tests.support import lost_ends, needs, parallel
from tests.support.clients import Rig
from tests.support.paths import ROOT

BUILD = ROOT / "build"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--toolbox", choices=("win32", "win64"), help="page tests: against vcshim-toolbox.exe under Wine")
    parser.addoption("--long", action="store_true", help="also the cases marked long, each of a kind that others show")
    parser.addoption("--quick", action="store_true", help="tests whose tools are missing are counted, and do not fail")


def pytest_configure(config: pytest.Config) -> None:
    hypothesis.settings.register_profile("suite", deadline=None)  # a busy machine is no failure
    hypothesis.settings.load_profile("suite")
    if not hasattr(config, "workerinput"):
        lost_ends.forget()
    config.addinivalue_line("markers", "inside: reaches into a simulator of this process; not with --toolbox")
    config.addinivalue_line("markers", "long: one case more of a kind that the suite shows by others; with --long only")
    config.addinivalue_line("markers", "needs(*names): the tool sets of buildlib/tools.py that a test uses itself")


def pytest_runtest_setup(item: pytest.Item) -> None:
    needs.setup(item)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    needs.report(report, call, item.config.getoption("quick"))
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_report_teststatus(report: pytest.CollectReport | pytest.TestReport) -> tuple[str, str, str] | None:
    if isinstance(report, pytest.TestReport) and needs.missing_names(report):
        return needs.OUTCOME, "m", "MISSING"
    return None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = terminalreporter.stats.get(needs.OUTCOME)
    if reports:
        terminalreporter.section("missing tools", red=True)
        terminalreporter.line(needs.message(reports))
    if ends := lost_ends.told():
        terminalreporter.section("ends of programs that Wine lost", yellow=True)
        terminalreporter.line("\n".join(ends))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> parallel.Scheduler:
    config.option.loadscopereorder = False
    return parallel.Scheduler(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("toolbox"):
        _leave_out(config, items, "inside")
    if not config.getoption("long"):
        _leave_out(config, items, "long")
    parallel.arrange(items)
    torn = parallel.torn(items)
    if torn:
        raise pytest.UsageError(f"made in several workers, by tests/support/parallel.py: {', '.join(torn)}")


def _leave_out(config: pytest.Config, items: list[pytest.Item], marker: str) -> None:
    left_out = [item for item in items if item.get_closest_marker(marker)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item.get_closest_marker(marker) is None]


@pytest.fixture(scope="session", autouse=True)
def state_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Where Linux programs keep what outlives them (locks, kept answers): not that of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture(scope="session", autouse=True)
def chinese_commands() -> Iterator[None]:
    """Commands that run in this process speak Chinese unless --lang says otherwise, whatever the locale is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(language, "system_language", lambda: language.CommandLanguage.CHINESE)
        yield


@pytest.fixture(scope="session")
def rig() -> Iterator[Rig]:
    """The native clients and fresh Wine prefixes; a worker of a parallel run has prefixes of its own."""
    made = Rig(BUILD / os.environ.get("PYTEST_XDIST_WORKER", ""))
    yield made
    made.close()


@pytest.fixture(scope="session")
def simulator() -> Iterator[Simulator]:
    """Both platforms on loopback. Many tests make the same call, or one that the documents do not allow."""
    with Simulator() as running:
        running.misbehave("again:1,lax:1")
        yield running
