/* A legacy host program for the tests: `client SCRIPT RESULT EXPORTS` loads the DLLs and makes the calls of the script.
 *
 * Exit code 0 when it got through the script, 2 when the script could not be carried out (the result then ends in an
 * `error` line). Built as console, GUI, 64-bit and Linux program; the three files are described in README.md of
 * this folder. Not an example for users: it checks what no real host does. Only tests/support/clients.py starts it.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checked.h"
#ifdef INVENTORY
#include "inventory.h"
#include "smallstack.h"
#endif
#include "system.h"

enum { EXIT_SCRIPT_FAILED = 2, DELPHI_CW = 0x1332, DELPHI_MXCSR = 0x1900 };

struct threads {
    unsigned count; /* 0 outside threads ... end */
    struct call *calls;
    size_t call_count;
};

static struct host {
    void *libraries[LIBRARY_COUNT];
    char *paths[LIBRARY_COUNT];
    uint16_t cw;
    uint32_t mxcsr;
    unsigned sequence;
    unsigned line_number;
    struct threads threads;
} host = {.cw = DELPHI_CW, .mxcsr = DELPHI_MXCSR};

__attribute__((format(printf, 1, 2))) static void report(const char *format, ...)
{
    char text[512];
    va_list values;
    va_start(values, format);
    int size = vsnprintf(text, sizeof text - 1, format, values);
    va_end(values);
    size = size < (int)sizeof text - 1 ? size : (int)sizeof text - 2;
    text[size] = '\n';
    system_result_write(text, (size_t)size + 1);
}

static bool failed(const char *what, unsigned code)
{
    report("error line %u: %s (%u)", host.line_number, what, code);
    return false;
}

static void *resolved(const struct call *call)
{
    void *library = host.libraries[call->export->library];
    return library == NULL ? NULL : system_symbol(library, call->export->name);
}

static bool load(enum library library)
{
    unsigned error;
    host.libraries[library] = system_load(host.paths[library], &error);
    return host.libraries[library] != NULL || failed("cannot load the library", error);
}

static bool unload(enum library library)
{
    if (host.libraries[library] == NULL)
        return failed("the library is not loaded", 0);
    system_unload(host.libraries[library]);
    host.libraries[library] = NULL;
    return true;
}

static bool command_load(char **rest)
{
    enum library library;
    char *word;
    if (!script_library(script_word(rest), &library) || (word = script_word(rest)) == NULL ||
        (host.paths[library] = script_hex(word)) == NULL)
        return failed("load VC|EC HEXPATH", 0);
    return load(library);
}

static bool command_free(char **rest)
{
    enum library library;
    return script_library(script_word(rest), &library) ? unload(library) : failed("free VC|EC", 0);
}

static bool command_cycle(char **rest)
{
    enum library library;
    char *count;
    if (!script_library(script_word(rest), &library) || (count = script_word(rest)) == NULL)
        return failed("cycle VC|EC N", 0);
    for (unsigned long i = strtoul(count, NULL, 10); i > 0; i--) {
        if (!unload(library) || !load(library))
            return false;
    }
    return true;
}

static bool command_chdir(char **rest)
{
    char *word = script_word(rest), *path = word == NULL ? NULL : script_hex(word);
    return (path != NULL && system_chdir(path)) || failed("chdir HEXPATH", 0);
}

static bool command_fp(char **rest)
{
    char *cw = script_word(rest), *mxcsr = script_word(rest);
    if (mxcsr == NULL)
        return failed("fp CW MXCSR", 0);
    host.cw = (uint16_t)strtoul(cw, NULL, 16);
    host.mxcsr = (uint32_t)strtoul(mxcsr, NULL, 16);
    return true;
}

static bool parse_call(char **rest, struct call *call)
{
    *call = (struct call){.sequence = host.sequence++, .cw = host.cw, .mxcsr = host.mxcsr};
    if (!script_call(rest, call))
        return failed("call ID EXPORT ARGUMENTS", 0);
    return resolved(call) != NULL || failed("export not found in the library", 0);
}

static bool command_call(char **rest)
{
    struct call call;
    if (!parse_call(rest, &call))
        return false;
    if (host.threads.count == 0) {
        checked_call(&call, resolved(&call));
        return true;
    }
    struct threads *threads = &host.threads;
    threads->calls = realloc(threads->calls, (threads->call_count + 1) * sizeof *threads->calls);
    if (threads->calls == NULL)
        return failed("no memory", 0);
    threads->calls[threads->call_count++] = call;
    return true;
}

static bool command_threads(char **rest)
{
    char *count = script_word(rest);
    host.threads.count = count == NULL ? 0 : (unsigned)strtoul(count, NULL, 10);
    return host.threads.count > 0 || failed("threads N", 0);
}

static void thread_calls(void *context, unsigned index)
{
    const struct threads *threads = context;
    for (size_t i = index; i < threads->call_count; i += threads->count)
        checked_call(&threads->calls[i], resolved(&threads->calls[i]));
}

static bool command_end(char **rest)
{
    (void)rest;
    struct threads threads = host.threads;
    if (threads.count == 0)
        return failed("end without threads", 0);
    host.threads = (struct threads){0, NULL, 0};
    bool complete = system_run_threads(threads.count, thread_calls, &threads);
    free(threads.calls);
    return complete || failed("cannot start all threads", threads.count);
}

static void call_in_flight(void *context, unsigned index)
{
    (void)index;
    const struct call *call = context;
    checked_call(call, resolved(call));
}

static bool command_exit_in_flight(char **rest)
{
    static struct call call;
    char *delay = script_word(rest), *code = script_word(rest), *word = script_word(rest);
    if (word == NULL || strcmp(word, "call") != 0)
        return failed("exitinflight MS CODE call ...", 0);
    if (!parse_call(rest, &call))
        return false;
    if (!system_start_thread(call_in_flight, &call))
        return failed("cannot start a thread", 0);
    system_sleep((unsigned)strtoul(delay, NULL, 10));
    report("exiting");
    system_exit((int)strtol(code, NULL, 10));
}

static bool command_closestd(char **rest)
{
    (void)rest;
    system_close_standard_handles();
    return true;
}

static bool command_setstd(char **rest)
{
    char *word = script_word(rest);
    if (word == NULL || (strcmp(word, "null") != 0 && strcmp(word, "invalid") != 0))
        return failed("setstd null|invalid", 0);
    system_set_standard_handles(strcmp(word, "null") == 0);
    return true;
}

static const struct command {
    const char *name;
    bool (*run)(char **rest);
} commands[] = {
    {"load", command_load},
    {"free", command_free},
    {"cycle", command_cycle},
    {"chdir", command_chdir},
    {"fp", command_fp},
    {"call", command_call},
    {"threads", command_threads},
    {"end", command_end},
    {"exitinflight", command_exit_in_flight},
    {"closestd", command_closestd},
    {"setstd", command_setstd},
#ifdef INVENTORY
    {"note", inventory_command_note},
    {"other", inventory_command_other},
    {"rest", inventory_command_rest},
    {"spoil", inventory_command_spoil},
    {"stack", smallstack_command_stack},
    {"deep", smallstack_command_deep},
    {"fibres", smallstack_command_fibres},
    {"handler", smallstack_command_handler},
    {"sequence", smallstack_command_sequence},
    {"used", smallstack_command_used},
#endif
};

static bool run_line(char *line)
{
    char *word = script_word(&line);
    if (word == NULL || *word == '#')
        return true;
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(word, commands[i].name) == 0)
            return commands[i].run(&line);
    }
    return failed("unknown command", 0);
}

#ifdef INVENTORY
bool client_run_line(char *line)
{
    return run_line(line);
}

void *client_function(const struct call *call)
{
    return resolved(call);
}
#endif

int main(int argc, char **argv)
{
    char *text, *exports, *line;
    if (argc != 4 || !system_result_open(argv[2]))
        return EXIT_SCRIPT_FAILED;
    text = system_read_file(argv[1]);
    exports = system_read_file(argv[3]);
    if (text == NULL || exports == NULL || !script_exports(exports) || !checked_prepare()) {
        failed("cannot read the script or the exports, or prepare the checks", 0);
        return EXIT_SCRIPT_FAILED;
    }
    for (line = text; line != NULL;) {
        char *end = strchr(line, '\n');
        if (end != NULL)
            *end = '\0';
        host.line_number++;
        if (!run_line(line))
            return EXIT_SCRIPT_FAILED;
        line = end == NULL ? NULL : end + 1;
    }
    report("done");
    return 0;
}
