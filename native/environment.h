/* environment.h - keeps the host's environment variables from the interpreter and from OpenSSL.
 *
 * Included by boot.c and vcshim.c, after Python.h and the system's headers. Both functions act on an interpreter of our
 * own, once, after Py_InitializeFromConfig and before any import; the environment of the process is not changed.
 */
#ifndef VCSHIM_ENVIRONMENT_H
#define VCSHIM_ENVIRONMENT_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#ifdef _WIN32
#include "imports.h"
#endif

typedef int (*vcshim_openssl_start)(uint64_t options, const void *settings);

#ifdef _WIN32
enum { VCSHIM_OPENSSL_NO_CONFIG = 0x80 }; /* OPENSSL_INIT_NO_LOAD_CONFIG */

/* Initialises libcrypto without a configuration file. By itself it would read the one that OPENSSL_CONF names, else one
 * at a path that was compiled in (C:\Program Files (x86)\Common Files\SSL), and either can name a DLL to load: whoever
 * may write there would run code in the host. The library is the one in `home`, for which _hashlib and _ssl then find
 * it loaded. A host that has loaded a libcrypto of the same name keeps its own as it is. */
static void vcshim_start_openssl(const wchar_t *home)
{
    static const wchar_t *const names[] = {VCSHIM_LIBCRYPTO};
    size_t i;
    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        wchar_t path[VCSHIM_HOME_MAX + 32];
        vcshim_openssl_start start;
        HMODULE library;
        if (GetModuleHandleW(names[i]) != NULL) continue;
        swprintf(path, sizeof path / sizeof path[0], L"%ls\\%ls", home, names[i]);
        if ((library = vcshim_load_library(path)) == NULL) continue;
        start = (vcshim_openssl_start)(void *)GetProcAddress(library, "OPENSSL_init_crypto");
        if (start != NULL) (void)start(VCSHIM_OPENSSL_NO_CONFIG, NULL);
    }
}
#else
#include <dlfcn.h>
#include <link.h>

enum { VCSHIM_OPENSSL_CONFIG = 0x40 }; /* OPENSSL_INIT_LOAD_CONFIG */

static int vcshim_is_libcrypto(struct dl_phdr_info *object, size_t size, void *unused)
{
    (void)size, (void)unused;
    return object->dlpi_name != NULL && strstr(object->dlpi_name, "/libcrypto.so") != NULL;
}

/* Initialises libcrypto with the system's own configuration file, whatever OPENSSL_CONF says. The library is the
 * system's and is shared with the host: if the host has loaded it, nothing is done, and if the host loads it later, it
 * finds it as it would have been without OPENSSL_CONF. */
static void vcshim_start_openssl(const wchar_t *home)
{
    char path[VCSHIM_HOME_MAX * 3 + 128];
    char *folder = Py_EncodeLocale(home, NULL);
    void *library = NULL;
    if (folder != NULL && !dl_iterate_phdr(vcshim_is_libcrypto, NULL)) {
        snprintf(path, sizeof path, "%s/%s", folder, VCSHIM_HASHLIB);
        library = dlopen(path, RTLD_LAZY | RTLD_LOCAL); /* for the libcrypto that it is linked with */
    }
    PyMem_Free(folder);
    if (library != NULL) {
        vcshim_openssl_start start = (vcshim_openssl_start)dlsym(library, "OPENSSL_init_crypto");
        void *(*create)(void) = (void *(*)(void))dlsym(library, "OPENSSL_INIT_new");
        int (*choose)(void *, const char *) =
            (int (*)(void *, const char *))dlsym(library, "OPENSSL_INIT_set_config_filename");
        void (*discard)(void *) = (void (*)(void *))dlsym(library, "OPENSSL_INIT_free");
        const char *(*area)(void) = (const char *(*)(void))dlsym(library, "X509_get_default_cert_area");
        void *settings;
        if (!start || !create || !choose || !discard || !area || (settings = create()) == NULL) return;
        snprintf(path, sizeof path, "%s/openssl.cnf", area());
        if (choose(settings, path)) (void)start(VCSHIM_OPENSSL_CONFIG, settings);
        discard(settings);
    }
}
#endif

/* Leaves in the interpreter's copy of the environment only what shim/environment.py names. 0 with a Python exception. */
static int vcshim_hide_environment(void)
{
    PyObject *module = PyImport_ImportModule("shim.environment");
    PyObject *done = module == NULL ? NULL : PyObject_CallMethod(module, "hide", NULL);
    Py_XDECREF(module);
    Py_XDECREF(done);
    return done != NULL;
}
#endif
