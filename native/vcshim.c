/* vcshim.c - vcshim.exe: the commands of vcshim and the helper processes, on the runtime that the DLLs use.
 *
 * Windows only; elsewhere `vcshim` is a Python script. It lies in the vcshim folder, links that folder's python3NN.dll
 * and holds nothing of its own: the first word picks a module, Python does the rest. Never started by a host itself.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include "isolated.h"
#include <windows.h>

/* Helper processes by their word; every other word is for the commands. */
static const struct {
    const wchar_t *word;
    const wchar_t *module;
} programs[] = {{L"wedge-helper", L"shim.devices.wedge_helper"}, {L"screen-helper", L"shim.devices.screen_helper"}};

static int find_home(wchar_t *home)
{
    wchar_t *last;
    DWORD length = GetModuleFileNameW(NULL, home, VCSHIM_HOME_MAX);
    if (length == 0 || length >= VCSHIM_HOME_MAX || (last = wcsrchr(home, VCSHIM_SEPARATOR)) == NULL) return 0;
    *last = 0;
    return 1;
}

int wmain(int argc, wchar_t **argv)
{
    static wchar_t home[VCSHIM_HOME_MAX];
    const wchar_t *module = L"shim.cli";
    PyConfig config;
    PyStatus status;
    size_t i;
    if (!find_home(home)) return 1;
    for (i = 0; argc > 1 && i < sizeof programs / sizeof programs[0]; i++) {
        if (wcscmp(argv[1], programs[i].word) != 0) continue;
        module = programs[i].module;
        argc--;
        argv++;
        break;
    }
    status = vcshim_preinitialize();
    if (PyStatus_Exception(status)) Py_ExitStatusException(status);
    status = vcshim_configure(&config, home);
    config.install_signal_handlers = 1; /* Ctrl-C ends a command */
    config.parse_argv = 0;
    if (!PyStatus_Exception(status)) status = PyConfig_SetArgv(&config, argc, argv);
    if (!PyStatus_Exception(status)) status = PyConfig_SetString(&config, &config.run_module, module);
    if (!PyStatus_Exception(status)) status = Py_InitializeFromConfig(&config);
    PyConfig_Clear(&config);
    if (PyStatus_Exception(status)) Py_ExitStatusException(status);
    return Py_RunMain();
}
