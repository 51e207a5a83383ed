/* boot.c - starts the interpreter, once per process, and passes calls to it.
 *
 * A start that has failed is tried again by the next call, as far as CPython allows it: before Py_Initialize and, for what
 * is imported, after it.
 *
 * Included by the C file that cffi generates (embed_build.py), because it calls cffi's static start function. It knows
 * no protocol and sees no host pointers. The interpreter is ours alone, whatever else is in the process, isolated from the
 * host (isolated.h), and never finalised, so that the host may exit with calls in flight.
 */
#include "imports.h"
#include "isolated.h"
#include "forks.h"
#include "room.h"
#include "streams.h"
#include "warm_up.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#ifdef _WIN32
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#else
#include <dlfcn.h>
#include <unistd.h>
#endif
#include "environment.h"

enum { HOME_MAX = VCSHIM_HOME_MAX };

extern const struct _frozen vcshim_modules[]; /* of modules.c, which native/modules_build.py writes */

static wchar_t home[HOME_MAX];       /* the folder this core lies in */
static enum vcshim_step step;        /* where the start failed */
static char reason[VCSHIM_REASON_ROOM]; /* why: a sentence for the engineer, UTF-8 */
/* Written under the start lock. AWAKE: the interpreter runs, and ours is still to be imported. BROKEN is final: CPython
 * starts only once, and so does cffi. */
static enum { COLD, AWAKE, WARM, BROKEN } state;

static char folder[HOME_MAX], set[HOME_MAX], pc[256];
static vcshim_place place = {folder, set, {0, 0, ""}, pc, 0}; /* of the front whose call came first; under the start lock */

const vcshim_place *vcshim_front_place(void) { return &place; }

/* ---- the system --------------------------------------------------------------------------------------------- */
#ifdef _WIN32
static int find_home(void)
{
    HMODULE self;
    wchar_t *last;
    DWORD length;
    if (!GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                            (LPCWSTR)home, &self)) return 0;
    length = GetModuleFileNameW(self, home, HOME_MAX);
    if (length == 0 || length >= HOME_MAX || (last = wcsrchr(home, VCSHIM_SEPARATOR)) == NULL) return 0;
    *last = 0;
    return 1;
}

static int exists(const wchar_t *path) { return GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES; }

static void to_utf8(const wchar_t *text, char *utf8, int capacity)
{
    if (WideCharToMultiByte(CP_UTF8, 0, text, -1, utf8, capacity, NULL, NULL) == 0) utf8[0] = 0;
}
#else
/* NB: mbstowcs would follow the host's locale, and in the C locale it fails for every path with Chinese in it. */
static size_t from_utf8(const char *utf8, wchar_t *text, size_t capacity)
{
    const unsigned char *s = (const unsigned char *)utf8;
    size_t used = 0;
    while (*s != 0 && used + 1 < capacity) {
        int more = *s < 0x80 ? 0 : *s < 0xE0 ? 1 : *s < 0xF0 ? 2 : 3;
        wchar_t c = more == 0 ? *s : *s & (0x3F >> more);
        for (s++; more > 0 && (*s & 0xC0) == 0x80; more--) c = c << 6 | (*s++ & 0x3F);
        text[used++] = c;
    }
    text[used] = 0;
    return used;
}

static void to_utf8(const wchar_t *text, char *utf8, int capacity)
{
    int used = 0;
    for (; *text != 0 && used + 5 < capacity; text++) {
        unsigned long c = (unsigned long)*text;
        if (c < 0x80) {
            utf8[used++] = (char)c;
        } else {
            int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
            utf8[used++] = (char)(0xFF00 >> (more + 1) | c >> (6 * more));
            while (more-- > 0) utf8[used++] = (char)(0x80 | (c >> (6 * more) & 0x3F));
        }
    }
    utf8[used] = 0;
}

static int find_home(void)
{
    Dl_info info;
    char *real, *slash;
    size_t length;
    if (dladdr((void *)&vcshim_front_place, &info) == 0 || (real = realpath(info.dli_fname, NULL)) == NULL) return 0;
    slash = strrchr(real, '/');
    if (slash != NULL) *slash = 0;
    length = from_utf8(real, home, HOME_MAX);
    free(real);
    return length > 0;
}

static int exists(const wchar_t *path)
{
    char utf8[HOME_MAX];
    to_utf8(path, utf8, sizeof utf8);
    return access(utf8, R_OK) == 0;
}
#endif

/* ---- the interpreter ------------------------------------------------------------------------------------------ */

/* @sentence has one %s for @detail, or none. */
static int fail(enum vcshim_step where, const char *sentence, const char *detail)
{
    step = where;
    snprintf(reason, sizeof reason, sentence, detail);
    return 0;
}

/* Turns the pending Python exception into the reason; cffi would show a message box in the host. */
static int fail_python(const char *module)
{
    PyObject *type = NULL, *value = NULL, *trace = NULL, *text;
    char detail[VCSHIM_REASON_ROOM - 64];
    if (PyErr_ExceptionMatches(PyExc_MemoryError)) {
        PyErr_Clear();
        return fail(VCSHIM_MEMORY, "", "");
    }
    PyErr_Fetch(&type, &value, &trace);
    text = value == NULL ? NULL : PyObject_Str(value);
    snprintf(detail, sizeof detail, "%s（%s）", module,
             text == NULL || PyUnicode_AsUTF8(text) == NULL ? "?" : PyUnicode_AsUTF8(text));
    fail(VCSHIM_IMPORT, "Python 无法导入 %s，请换回完整的 vcshim 文件夹", detail);
    PyErr_Clear();
    Py_XDECREF(text);
    Py_XDECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(trace);
    return 0;
}

static int is_there(const wchar_t *path, void *context)
{
    char utf8[HOME_MAX];
    (void)context;
    if (exists(path)) return 1;
    to_utf8(path, utf8, sizeof utf8);
    return fail(VCSHIM_FILES, "缺少文件 %s，请换回完整的 vcshim 文件夹", utf8);
}

/* Whatever CPython would look for on the disk. */
static int all_there(void)
{
    wchar_t packages[HOME_MAX + 64];
    vcshim_packages(home, packages);
    return vcshim_each_search_path(home, is_there, NULL) && is_there(packages, NULL);
}

static int fail_status(enum vcshim_step where, PyStatus status)
{
    return fail(where, "Python 不能初始化（%s），请换回完整的 vcshim 文件夹", status.err_msg == NULL ? "?" : status.err_msg);
}

static int start_interpreter(void)
{
    PyConfig config;
    PyStatus status;
    PyImport_FrozenModules = vcshim_modules;
    status = vcshim_preinitialize();
    if (PyStatus_Exception(status)) return fail_status(VCSHIM_PREINITIALISE, status);
    status = vcshim_configure(&config, home);
    if (!PyStatus_Exception(status)) status = Py_InitializeFromConfig(&config);
    PyConfig_Clear(&config);
    if (PyStatus_Exception(status)) return fail_status(VCSHIM_INITIALISE, status);
    if (!vcshim_place_modules(home)) return fail_python("sys");
    PySys_SetObject("stdin", Py_None);
    PySys_SetObject("stdout", Py_None);
    PySys_SetObject("stderr", Py_None);
    return 1;
}

/* Imports what cffi's start imports, before it does: here a failure becomes a text instead of a message box. */
static int import_ours(void)
{
    static const char *const needed[] = {"_cffi_backend", "shim.abi"};
    size_t i;
    for (i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        PyObject *module = PyImport_ImportModule(needed[i]);
        if (module == NULL) return fail_python(needed[i]);
        Py_DECREF(module);
    }
    return 1;
}

/* The first half: an interpreter. Whatever fails before CPython itself is begun can be tried again. */
static void wake(void)
{
    if (!find_home()) {
        fail(VCSHIM_OWN_FOLDER, "vcshim 找不到自己所在的文件夹", "");
    } else if (!all_there()) {
        return; /* CPython would only write to the host's stderr */
    } else if (!vcshim_has_room(VCSHIM_ROOM_TO_START, malloc, free)) {
        fail(VCSHIM_MEMORY, "", "");
    } else if (!vcshim_imports_override(VCSHIM_FOLDERS | VCSHIM_PROCESS)) {
        fail(VCSHIM_FUNCTIONS, "Python 要用的系统函数无法替换，没有启动", "");
    } else if (!vcshim_streams_hide()) {
        fail(VCSHIM_STREAMS, "Python 要用的标准流无法替换，没有启动", "");
    } else {
        state = start_interpreter() ? AWAKE : BROKEN;
        vcshim_streams_show();
        if (state == AWAKE) {
            vcshim_start_openssl(home);
            vcshim_forks_started();
            PyEval_SaveThread();
        }
    }
}

/* The second half: what is ours. cffi's own start is the last step, because it cannot be repeated. No other thread runs
 * Python before it. */
static void import_all(void)
{
    PyGILState_STATE gil;
    int imported;
    if (!vcshim_has_room(VCSHIM_ROOM_TO_IMPORT, malloc, free)) {
        fail(VCSHIM_MEMORY, "", "");
        return;
    }
    gil = PyGILState_Ensure();
    /* What an import makes stays: the collector found nothing among it in a fifth of the time. bind() in shim/abi.py enables
     * it again. */
    PyGC_Disable();
    imported = (vcshim_hide_environment("hide") || fail_python("shim.environment")) && import_ours();
    /* cffi locks its start by the version tag of this very type, and waits for ever where it is not 0: as it is once an
     * attribute of any capsule has been looked up. */
    PyType_Modified(&PyCapsule_Type);
    PyGILState_Release(gil);
    if (imported) state = cffi_start_python() == 0 ? WARM : BROKEN;
    if (state == BROKEN) fail(VCSHIM_EMBED, "cffi 没有启动，请查看日志，并换回完整的 vcshim 文件夹", "");
}

static int32_t refuse(vcshim_call *call, enum vcshim_step where, const char *why)
{
    call->number = where;
    snprintf(call->out, VCSHIM_REASON_ROOM, "%s", why);
    return -1;
}

/* A front that only warms up may be unloaded: what it says is copied. */
static void take_place(const vcshim_place *front)
{
    snprintf(folder, sizeof folder, "%s", front->folder);
    snprintf(set, sizeof set, "%s", front->set);
    snprintf(pc, sizeof pc, "%s", front->pc);
    place.copy = front->copy;
    place.session = front->session;
}

static int32_t perform(vcshim_call *call)
{
    const char *why_not = vcshim_forks_refuse();
    if (why_not != NULL) return refuse(call, VCSHIM_FORKED, why_not);
    if (!vcshim_lock_start())
        return refuse(call, VCSHIM_STARTING, "vcshim 正在启动，不能等待；请不要在 DllMain 中调用，稍后再试");
    vcshim_forks_settle();
    if (state != WARM) take_place(call->place);
    if (state == COLD) wake();
    if (state == AWAKE) import_all();
    vcshim_unlock_start();
    if ((why_not = vcshim_forks_refuse()) != NULL) return refuse(call, VCSHIM_FORKED, why_not);
    if (state != WARM) return refuse(call, step, reason);
    return vcshim_entry(call);
}

/* Called on threads of the front's own, whose stack and signal mask suit Python. */
CFFI_DLLEXPORT int32_t vcshim_core_call_6(vcshim_call *call)
{
    int32_t answer;
    if (call->phase != VCSHIM_WARM_UP) {
        vcshim_warm_up_hurry();
        return perform(call);
    }
    if (!vcshim_warm_up_begin()) return 1;
    answer = perform(call);
    vcshim_warm_up_end();
    return answer;
}
