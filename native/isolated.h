/* isolated.h - the configuration of every interpreter that the project starts, in a host or in vcshim.exe.
 *
 * Isolated means: no environment variables, no registry, no site module, no writing of bytecode, and search paths below
 * `home` only. What is written in Python is frozen into the core (native/modules_build.py) and found before anything on
 * disk. VCSHIM_SEARCH_PATHS (buildlib/layout.py) says where extension modules are, with ';' between; '.' is `home` itself.
 * Frozen packages have the files that they need in VCSHIM_PACKAGES. Included by boot.c and vcshim.c, after Python.h.
 */
#ifndef VCSHIM_ISOLATED_H
#define VCSHIM_ISOLATED_H

#include <wchar.h>

enum { VCSHIM_HOME_MAX = 4096 };

#ifdef _WIN32
#define VCSHIM_SEPARATOR L'\\'
#define VCSHIM_PROGRAM L"vcshim.exe"
#define VCSHIM_CORE "vcshim_core.dll"
#else
#define VCSHIM_SEPARATOR L'/'
#define VCSHIM_PROGRAM L"vcshim"
#define VCSHIM_CORE "libvcshim_core.so"
#endif

/* The table in the core, in CPython's own form, by which vcshim.exe finds it there. */
#define VCSHIM_MODULES "vcshim_modules"

/* Calls `use` with every search path, made absolute. Returns 0 as soon as one call does. */
static int vcshim_each_search_path(const wchar_t *home, int (*use)(const wchar_t *path, void *context), void *context)
{
    wchar_t path[VCSHIM_HOME_MAX + 64];
    const char *part = VCSHIM_SEARCH_PATHS;
    while (*part != 0) {
        size_t used = wcslen(home);
        wmemcpy(path, home, used);
        if (*part == '.') {
            part++;
        } else {
            path[used++] = VCSHIM_SEPARATOR;
            while (*part != 0 && *part != ';') path[used++] = (wchar_t)*part++;
        }
        path[used] = 0;
        if (*part == ';') part++;
        if (!use(path, context)) return 0;
    }
    return 1;
}

/* The folder of the files that frozen packages need. */
static void vcshim_packages(const wchar_t *home, wchar_t path[VCSHIM_HOME_MAX + 64])
{
    swprintf(path, VCSHIM_HOME_MAX + 64, L"%ls%lc" VCSHIM_PACKAGES, home, (wint_t)VCSHIM_SEPARATOR);
}

/* Has frozen modules that are imported from now on believe that they lie in that folder: __file__ and __path__ are paths
 * below sys._stdlib_dir, which an isolated start leaves empty. 0 with a Python exception. */
static int vcshim_place_modules(const wchar_t *home)
{
    wchar_t packages[VCSHIM_HOME_MAX + 64];
    PyObject *path;
    int done;
    vcshim_packages(home, packages);
    path = PyUnicode_FromWideChar(packages, -1);
    done = path != NULL && PySys_SetObject("_stdlib_dir", path) == 0;
    Py_XDECREF(path);
    return done;
}

static int vcshim_add_to_config(const wchar_t *path, void *config)
{
    return !PyStatus_Exception(PyWideStringList_Append(&((PyConfig *)config)->module_search_paths, path));
}

/* Must precede any other call of Python. */
static PyStatus vcshim_preinitialize(void)
{
    PyPreConfig before;
    PyPreConfig_InitIsolatedConfig(&before);
    before.utf8_mode = 1;
    before.configure_locale = 0;
    return Py_PreInitialize(&before);
}

/* Fills `config`. The caller clears it, whatever the returned status. */
static PyStatus vcshim_configure(PyConfig *config, const wchar_t *home)
{
    wchar_t helper[VCSHIM_HOME_MAX + 16];
    PyStatus status = PyStatus_Ok();
    PyConfig_InitIsolatedConfig(config);
    config->site_import = 0;
    config->write_bytecode = 0;
    config->install_signal_handlers = 0;
    config->configure_c_stdio = 0;
    config->pathconfig_warnings = 0;
    config->module_search_paths_set = 1;
    /* A module that starts sys.executable again must not start the host a second time. */
    swprintf(helper, sizeof helper / sizeof helper[0], L"%ls%lc" VCSHIM_PROGRAM, home, (wint_t)VCSHIM_SEPARATOR);
#define SET(field, value) \
    if (!PyStatus_Exception(status)) status = PyConfig_SetString(config, &config->field, value)
    SET(program_name, helper);
    SET(executable, helper);
    SET(base_executable, helper);
    SET(home, home);
    SET(prefix, home);
    SET(base_prefix, home);
    SET(exec_prefix, home);
    SET(base_exec_prefix, home);
    SET(stdlib_dir, home);
#undef SET
    if (!PyStatus_Exception(status) && !vcshim_each_search_path(home, vcshim_add_to_config, config))
        status = PyStatus_NoMemory();
    return status;
}

#endif
