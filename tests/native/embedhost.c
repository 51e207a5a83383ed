/* embedhost.c - a host program that embeds a CPython of its own, of any version, and loads the libraries as well.
 *
 * embedhost LIBPYTHON VC EC URL INDATA_FILE STEP... with the steps, in their order:
 *
 *   start         load LIBPYTHON for everybody (RTLD_GLOBAL), unless this program is linked with it, and initialise it
 *   run TEXT      have it run a program; one that raises ends this program
 *   end           finalise it
 *   enter, leave  make a sub-interpreter and stay in it; end it
 *   call          call both Trans exports; prints code and OutData in hex, one line each
 *   threads N     the same by N threads together, without the lock of this program's interpreter
 *
 * A `call` of a thread that has that lock keeps it. LIBPYTHON is "-" for a program that is linked with it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef char *(*trans)(const char *url, const char *in, char *out);

enum { OUT = 2048, THREADS_MAX = 64 };

static trans exports[2];
static const char *url;
static char in[2][65536];
static void *outer, *inner;

static void fail(const char *what, const char *why)
{
    fprintf(stderr, "%s: %s\n", what, why == NULL ? "" : why);
    exit(2);
}

static void *python(const char *name)
{
    void *found = dlsym(RTLD_DEFAULT, name);
    if (found == NULL) fail(name, dlerror());
    return found;
}

static void *pointer(const char *name)
{
    void *(*function)(void);
    *(void **)&function = python(name);
    return function();
}

static void with(const char *name, void *argument)
{
    void (*function)(void *);
    *(void **)&function = python(name);
    function(argument);
}

static void start(const char *library)
{
    void (*initialise)(int);
    if (strcmp(library, "-") != 0 && dlopen(library, RTLD_NOW | RTLD_GLOBAL) == NULL) fail(library, dlerror());
    *(void **)&initialise = python("Py_InitializeEx");
    initialise(1);
}

static void run(const char *text)
{
    int (*function)(const char *, void *);
    *(void **)&function = python("PyRun_SimpleStringFlags");
    if (function(text, NULL) != 0) fail("run", text);
}

static void end(void)
{
    int (*finalise)(void);
    *(void **)&finalise = python("Py_FinalizeEx");
    if (finalise() != 0) fail("end", "Py_FinalizeEx");
}

static void call(char line[2][2 * OUT + 64])
{
    int each, i;
    for (each = 0; each < 2; each++) {
        char out[OUT] = "";
        const char *code = exports[each](url, in[each], out);
        int at = snprintf(line[each], 64, "%s ", code);
        for (i = 0; i < (int)strlen(out); i++) at += sprintf(line[each] + at, "%02x", (unsigned char)out[i]);
    }
}

static void *thread(void *lines)
{
    call(lines);
    return NULL;
}

static void threads(int count)
{
    static char lines[THREADS_MAX][2][2 * OUT + 64];
    pthread_t made[THREADS_MAX];
    void *state = pointer("PyEval_SaveThread");
    int i;
    for (i = 0; i < count && i < THREADS_MAX; i++)
        if (pthread_create(&made[i], NULL, thread, lines[i]) != 0) fail("threads", "pthread_create");
    for (i = 0; i < count && i < THREADS_MAX; i++) {
        pthread_join(made[i], NULL);
        printf("%s\n%s\n", lines[i][0], lines[i][1]);
    }
    with("PyEval_RestoreThread", state);
}

static trans find(const char *library, const char *name)
{
    void *module = dlopen(library, RTLD_NOW);
    trans found = NULL;
    if (module != NULL) *(void **)&found = dlsym(module, name);
    if (found == NULL) fail(library, dlerror());
    return found;
}

/* The file holds two lines: what goes to VirtualCardTrans, what goes to NationEcTrans. */
static void read_in_data(const char *path)
{
    FILE *file = fopen(path, "rb");
    int each;
    for (each = 0; each < 2; each++) {
        if (file == NULL || fgets(in[each], sizeof in[each], file) == NULL) fail(path, "two lines are needed");
        in[each][strcspn(in[each], "\n")] = 0;
    }
    fclose(file);
}

int main(int argc, char **argv)
{
    static char line[2][2 * OUT + 64];
    int i;
    if (argc < 6) return 2;
    setvbuf(stdout, NULL, _IOLBF, 0);
    exports[0] = find(argv[2], "VirtualCardTrans");
    exports[1] = find(argv[3], "NationEcTrans");
    url = argv[4];
    read_in_data(argv[5]);
    for (i = 6; i < argc; i++) {
        if (strcmp(argv[i], "start") == 0) {
            start(argv[1]);
        } else if (strcmp(argv[i], "run") == 0 && i + 1 < argc) {
            run(argv[++i]);
        } else if (strcmp(argv[i], "end") == 0) {
            end();
        } else if (strcmp(argv[i], "enter") == 0) {
            outer = pointer("PyThreadState_Get");
            inner = pointer("Py_NewInterpreter");
            if (inner == NULL) fail("enter", "Py_NewInterpreter");
        } else if (strcmp(argv[i], "leave") == 0) {
            with("Py_EndInterpreter", inner);
            with("PyThreadState_Swap", outer);
        } else if (strcmp(argv[i], "call") == 0) {
            call(line);
            printf("%s\n%s\n", line[0], line[1]);
        } else if (strcmp(argv[i], "threads") == 0 && i + 1 < argc) {
            threads(atoi(argv[++i]));
        } else {
            fail("no such step", argv[i]);
        }
    }
    return 0;
}
