/* environment.h - keeps the host's environment variables from the interpreter and from OpenSSL.
 *
 * Included by boot.c and vcshim.c, after Python.h and the system's headers. Both functions act on an interpreter of our
 * own, once, after Py_InitializeFromConfig and before any import; the environment of the process is not changed.
 */
#ifndef VCSHIM_ENVIRONMENT_H
#define VCSHIM_ENVIRONMENT_H

#include <stdint.h>
#include <stdio.h>
#ifdef _WIN32
#include "imports.h"
#else
#include <dlfcn.h>
#endif

typedef int (*vcshim_openssl_start)(uint64_t options, const void *settings);

enum {
    VCSHIM_OPENSSL_NO_CONFIG = 0x80,   /* OPENSSL_INIT_NO_LOAD_CONFIG */
    VCSHIM_OPENSSL_NO_EXIT = 0x80000   /* OPENSSL_INIT_NO_ATEXIT */
};

/* Initialises libcrypto without a configuration file. By itself it would read the one that OPENSSL_CONF names, else one
 * at a path that was compiled in (C:\Program Files (x86)\Common Files\SSL), and either can name a DLL to load: whoever
 * may write there would run code in the host. Nor does it clean up when the process ends, perhaps under a call in flight.
 * The library is the one in `home`, which no host has loaded. */
#ifdef _WIN32
static vcshim_openssl_start vcshim_find_openssl(const wchar_t *home)
{
    wchar_t path[VCSHIM_HOME_MAX + 32];
    HMODULE library;
    swprintf(path, sizeof path / sizeof path[0], L"%ls\\%ls", home, VCSHIM_LIBCRYPTO);
    library = vcshim_load_library(path);
    return library == NULL ? NULL : (vcshim_openssl_start)(void *)GetProcAddress(library, "OPENSSL_init_crypto");
}
#else
static vcshim_openssl_start vcshim_find_openssl(const wchar_t *home)
{
    char path[VCSHIM_HOME_MAX * 3 + 128];
    char *folder = Py_EncodeLocale(home, NULL);
    void *library = NULL;
    if (folder != NULL) {
        snprintf(path, sizeof path, "%s/%s", folder, VCSHIM_LIBCRYPTO);
        library = dlopen(path, RTLD_LAZY | RTLD_LOCAL);
    }
    PyMem_Free(folder);
    return library == NULL ? NULL : (vcshim_openssl_start)dlsym(library, VCSHIM_SYMBOL_PREFIX "OPENSSL_init_crypto");
}
#endif

static void vcshim_start_openssl(const wchar_t *home)
{
    vcshim_openssl_start start = vcshim_find_openssl(home);
    if (start != NULL) (void)start(VCSHIM_OPENSSL_NO_CONFIG | VCSHIM_OPENSSL_NO_EXIT, NULL);
}

/* Leaves in the interpreter's copy of the environment only what a function of shim/environment.py keeps: "hide" in a
 * host, "hide_from_commands" in vcshim. 0 with a Python exception. */
static int vcshim_hide_environment(const char *function)
{
    PyObject *module = PyImport_ImportModule("shim.environment");
    PyObject *done = module == NULL ? NULL : PyObject_CallMethod(module, function, NULL);
    Py_XDECREF(module);
    Py_XDECREF(done);
    return done != NULL;
}
#endif
