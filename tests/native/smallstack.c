/* See smallstack.h. */
#include "smallstack.h"

#include <stdlib.h>
#include <string.h>

#include "inventory.h"
#include "script.h"

#ifdef _WIN32
#define CALL __stdcall
#else
#define CALL
#endif

enum {
    ROUNDS = 2,
    PAINTED = 128 * 1024, /* bytes below the call that are looked at */
    PAINT = 0xa5,
    USUAL_STACK = 512 * 1024,
    SEQUENCE_STACK = 64 * 1024,
    STEP = 512 /* bytes of each frame that fills a stack */
};

struct job {
    const char *line;
    bool done;
};

static void run_line(void *context, unsigned index)
{
    struct job *job = context;
    char *line = malloc(strlen(job->line) + 1); /* carrying it out writes into it */
    (void)index;
    if (line != NULL)
        strcpy(line, job->line);
    job->done = line != NULL && client_run_line(line) && job->done;
    free(line);
}

static size_t number(char **rest)
{
    const char *word = script_word(rest);
    return word == NULL ? 0 : strtoul(word, NULL, 10);
}

bool smallstack_command_stack(char **rest)
{
    size_t bytes = number(rest);
    struct job job = {*rest, true};
    return smallstack_on_thread(bytes, run_line, &job) && job.done;
}

/* ---- a stack that is nearly full ---- */

struct deep {
    struct job job;
    size_t left;
};

static __attribute__((noinline)) void descend(struct deep *deep)
{
    volatile char frame[STEP];
    frame[0] = 0;
    if (smallstack_left() > deep->left + STEP)
        descend(deep);
    else
        run_line(&deep->job, 0);
    frame[STEP - 1] = frame[0]; /* after the call, so that this frame stays */
}

static void run_deep(void *context, unsigned index)
{
    (void)index;
    descend(context);
}

bool smallstack_command_deep(char **rest)
{
    size_t bytes = number(rest);
    struct deep deep = {{*rest, true}, bytes};
    return smallstack_on_thread(USUAL_STACK, run_deep, &deep) && deep.job.done;
}

/* ---- fibres, handlers, threads one after another ---- */

bool smallstack_command_fibres(char **rest)
{
    size_t count = number(rest), bytes = number(rest);
    struct job job = {*rest, true};
    return smallstack_on_fibres((unsigned)count, bytes, ROUNDS, run_line, &job) && job.done;
}

bool smallstack_command_handler(char **rest)
{
    size_t bytes = number(rest);
    struct job job = {*rest, true};
    return smallstack_in_handler(bytes, run_line, &job) && job.done;
}

bool smallstack_command_sequence(char **rest)
{
    size_t count = number(rest);
    struct job job = {*rest, true};
    while (count-- > 0) {
        if (!smallstack_on_thread(SEQUENCE_STACK, run_line, &job) || !job.done)
            return false;
    }
    return true;
}

/* ---- how much is used ---- */

struct measured {
    struct call call;
    void *function;
    char *out;
    uintptr_t bottom; /* of what was painted */
};

static __attribute__((noinline)) void make_call(const struct measured *measured)
{
    typedef uintptr_t(CALL * one_fn)(uintptr_t);
    typedef uintptr_t(CALL * two_fn)(uintptr_t, uintptr_t);
    typedef uintptr_t(CALL * three_fn)(uintptr_t, uintptr_t, uintptr_t);
    const struct call *call = &measured->call;
    uintptr_t arguments[PARAMETERS_MAX] = {0};
    size_t count = strlen(call->export->parameters);
    for (size_t i = 0; i < count; i++) {
        char letter = call->export->parameters[i];
        arguments[i] = letter == 't'   ? (uintptr_t)call->inputs[i].text
                       : letter == 'i' ? (uintptr_t)call->number
                                       : (uintptr_t)measured->out;
    }
    if (count == 1)
        ((one_fn)measured->function)(arguments[0]);
    else if (count == 2)
        ((two_fn)measured->function)(arguments[0], arguments[1]);
    else
        ((three_fn)measured->function)(arguments[0], arguments[1], arguments[2]);
}

static __attribute__((noinline)) void paint(struct measured *measured)
{
    volatile unsigned char area[PAINTED];
    for (size_t i = 0; i < sizeof area; i++)
        area[i] = PAINT;
    measured->bottom = (uintptr_t)area;
}

static void run_measured(void *context, unsigned index)
{
    struct measured *measured = context;
    size_t untouched = 0;
    (void)index;
    paint(measured);
    make_call(measured);
    const volatile unsigned char *area = (const volatile unsigned char *)measured->bottom;
    while (untouched < PAINTED && area[untouched] == PAINT)
        untouched++;
    inventory_value("stack used", "%s %lu", measured->call.id, (unsigned long)(PAINTED - untouched));
}

bool smallstack_command_used(char **rest)
{
    struct measured measured = {.call = {.id = NULL}};
    const char *word = script_word(rest);
    if (word == NULL || strcmp(word, "call") != 0 || !script_call(rest, &measured.call) ||
        (measured.function = client_function(&measured.call)) == NULL)
        return false;
    measured.out = calloc(measured.call.capacity + 1, 1);
    bool done = measured.out != NULL && smallstack_on_thread(USUAL_STACK, run_measured, &measured);
    free(measured.out);
    return done;
}
