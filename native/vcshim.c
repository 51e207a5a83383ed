/* vcshim.c - vcshim.exe, on Linux vcshim: the commands and the helper processes, on the runtime that the DLLs use.
 *
 * On Windows a part of the core, which the program loads (launch_windows.c); on Linux the program, which links libpython and
 * takes the frozen modules from the core beside it. Both are in the vcshim folder. The first word of the command line chooses
 * a module, which does the rest. A host never starts it directly.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include "imports.h"
#include "isolated.h"
#include "streams.h"
#ifdef _WIN32
#include <windows.h>
#define MAIN __declspec(dllexport) vcshim_main
typedef wchar_t word_t;
#define SET_ARGV PyConfig_SetArgv
#else
#include <dlfcn.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>
#define MAIN main
typedef char word_t;
#define SET_ARGV PyConfig_SetBytesArgv
#endif
#include "environment.h"

#ifndef _WIN32
/* What libpython calls in the place of sigaction (signals_posix.c). In a program of our own Ctrl-C is Python's. */
__attribute__((visibility("default"))) int vcshim_sigaction(
    int number, const struct sigaction *wanted, struct sigaction *present)
{
    return sigaction(number, wanted, present);
}
#endif

/* The helper processes by their word; any other word belongs to the commands. */
static const struct {
    const char *word;
    const wchar_t *module;
} programs[] = {
    {"screen-helper", L"shim.devices.screen.helper.main"},
    {"wedge-helper", L"shim.devices.scanner.wedge_helper"},
};

/* Words are ASCII, in either kind of character. */
static int same(const word_t *given, const char *word)
{
    while (*given != 0 && *given == (word_t)*word) given++, word++;
    return *given == (word_t)*word;
}


static int find_home(wchar_t *home)
{
    wchar_t *last;
#ifdef _WIN32
    DWORD length = GetModuleFileNameW(NULL, home, VCSHIM_HOME_MAX);
    if (length == 0 || length >= VCSHIM_HOME_MAX || (last = wcsrchr(home, VCSHIM_SEPARATOR)) == NULL) return 0;
#else
    char path[VCSHIM_HOME_MAX];
    wchar_t *wide;
    ssize_t length = readlink("/proc/self/exe", path, sizeof path);
    if (length <= 0 || length >= (ssize_t)sizeof path) return 0;
    path[length] = 0;
    if ((wide = Py_DecodeLocale(path, NULL)) == NULL) return 0;
    wcsncpy(home, wide, VCSHIM_HOME_MAX - 1);
    PyMem_RawFree(wide);
    if ((last = wcsrchr(home, VCSHIM_SEPARATOR)) == NULL) return 0;
#endif
    *last = 0;
    return 1;
}

/* The core's table of frozen modules: the program has none of its own. NULL without a core of this version. */
#ifdef _WIN32
extern const struct _frozen vcshim_modules[];

static const struct _frozen *find_modules(const wchar_t *home)
{
    (void)home;
    return vcshim_modules;
}
#else
static const struct _frozen *find_modules(const wchar_t *home)
{
    static char path[VCSHIM_HOME_MAX * 3];
    char *folder = Py_EncodeLocale(home, NULL);
    void *core = NULL;
    if (folder != NULL) {
        snprintf(path, sizeof path, "%s/" VCSHIM_CORE, folder);
        core = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    }
    PyMem_Free(folder);
    return core == NULL ? NULL : dlsym(core, VCSHIM_MODULES);
}
#endif

int MAIN(int argc, word_t **argv)
{
    static wchar_t home[VCSHIM_HOME_MAX];
    const wchar_t *module = L"shim.cli";
    PyConfig config;
    PyStatus status;
    size_t i;
    for (i = 0; argc > 1 && i < sizeof programs / sizeof programs[0]; i++) {
        if (!same(argv[1], programs[i].word)) continue;
        module = programs[i].module;
        argc--;
        argv++;
        break;
    }
    status = vcshim_preinitialize();
    if (PyStatus_Exception(status)) Py_ExitStatusException(status);
    if (!find_home(home)) return 1;
    if ((PyImport_FrozenModules = find_modules(home)) == NULL) {
        fputs("vcshim: " VCSHIM_CORE " is missing or damaged: put back the whole vcshim folder\n", stderr);
        return 1;
    }
    status = vcshim_configure(&config, home);
    config.install_signal_handlers = 1; /* Ctrl-C ends a command */
    config.parse_argv = 0;
    if (!PyStatus_Exception(status)) status = SET_ARGV(&config, argc, argv);
    if (!PyStatus_Exception(status)) status = PyConfig_SetString(&config, &config.run_module, module);
    (void)vcshim_imports_override(VCSHIM_FOLDERS); /* without it, DLLs are looked for as in any program */
    vcshim_streams_hide_unusable(); /* if it cannot, the program starts where its handles are sound */
    if (!PyStatus_Exception(status)) status = Py_InitializeFromConfig(&config);
    vcshim_streams_show();
    PyConfig_Clear(&config);
    if (PyStatus_Exception(status)) Py_ExitStatusException(status);
    vcshim_start_openssl(home);
    if (!vcshim_place_modules(home) || !vcshim_hide_environment("hide_from_commands")) PyErr_Print(); /* and go on: a person sees it and can act on it */
    return Py_RunMain();
}
