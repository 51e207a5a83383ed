/* core.c - see core.h. Also what a library does when it has been loaded: the core is made ready before the first call. */
#include "core.h"
#include "configuration.h"
#include "lacking.h"
#include "local_copy.h"
#include "platform.h"
#include "room.h"
#include "sets.h"
#include "text.h"
#include "threads.h"

static struct {
    char set[VCSHIM_PATH_MAX];
    vcshim_copy copy;
    vcshim_core_call_fn call; /* NULL: not loaded; read without the lock, so written last */
    char missing[VCSHIM_PATH_MAX];
    unsigned long error;
} loaded;

/* ---- loading ------------------------------------------------------------------------------------------------ */

static void choose_set(char set[VCSHIM_PATH_MAX])
{
    vcshim_lock();
    vcshim_choose_set(vcshim_front_folder(), set);
    vcshim_unlock();
}

/* Loads the core of the set in `set`, or of a copy of it on this PC. What keeps programs out of the user's folder keeps
 * DLLs out of it too: the set itself may be loaded then. */
static vcshim_core_call_fn load(char set[VCSHIM_PATH_MAX], char path[VCSHIM_PATH_MAX], unsigned long *error, vcshim_copy *copy)
{
    vcshim_core_call_fn call;
    choose_set(set);
    vcshim_use_local_copy(vcshim_setting_of(VCSHIM_LOCAL_COPY), set, copy);
    call = vcshim_load_core(set, path, error);
    if (copy->outcome != VCSHIM_COPY_USED && copy->outcome != VCSHIM_COPY_MADE) return call;
    choose_set(set);
    if (call != NULL) return call;
    copy->outcome = VCSHIM_COPY_NOT_LOADED;
    copy->error = (uint32_t)*error;
    return vcshim_load_core(set, path, error);
}

static const enum outcome not_loaded[] = {
    [VCSHIM_LACKS_NOTHING_KNOWN] = NOT_LOADED,
    [VCSHIM_LACKS_FILE] = NO_FILE,
    [VCSHIM_LACKS_CRT] = NO_CRT,
    [VCSHIM_LACKS_FOLDERS] = NO_FOLDERS,
    [VCSHIM_HAS_SEMICOLON] = SEMICOLON,
};

/* A missing core is looked for again at every call, because the folder, or the memory, may come back. A loaded core
 * stays. */
static vcshim_core_call_fn core(enum outcome *why_not)
{
    vcshim_core_call_fn call = __atomic_load_n(&loaded.call, __ATOMIC_ACQUIRE);
    vcshim_copy copy;
    unsigned long error;
    char *set, *path;
    if (call != NULL) return call;
    *why_not = NO_MEMORY;
    if (!vcshim_has_room(VCSHIM_ROOM_TO_LOAD, vcshim_take, vcshim_give_back)) return NULL;
    if ((set = vcshim_take(VCSHIM_PATH_MAX * 2)) == NULL) return NULL;
    path = set + VCSHIM_PATH_MAX;
    call = load(set, path, &error, &copy);
    if (call == NULL) *why_not = not_loaded[vcshim_lacking(set, path)];
    vcshim_lock();
    if (call != NULL && loaded.call == NULL) {
        vcshim_copy_text(loaded.set, set);
        loaded.copy = copy;
        __atomic_store_n(&loaded.call, call, __ATOMIC_RELEASE);
    }
    vcshim_copy_text(loaded.missing, path);
    loaded.error = error;
    vcshim_unlock();
    vcshim_give_back(set);
    return call;
}

static int32_t run_core(vcshim_core_call_fn run, vcshim_call *call)
{
    const vcshim_place place = {vcshim_front_folder(), loaded.set, loaded.copy, vcshim_this_pc(), vcshim_session()};
    call->place = &place;
    return run(call);
}

/* ---- what is asked of it ------------------------------------------------------------------------------------ */

enum outcome vcshim_ask_core(vcshim_call *call)
{
    enum outcome why_not;
    vcshim_core_call_fn run;
    int32_t answer;
    int i;
    for (i = 0; i < 3; i++) call->texts[i].length = vcshim_text_length(call->texts[i].bytes, VCSHIM_INPUT_LIMIT);
    run = core(&why_not);
    if (run == NULL) return why_not;
    answer = run_core(run, call);
    if (answer == 1) return ANSWERED;
    if (answer < 0) return call->number == VCSHIM_MEMORY ? NO_MEMORY : NOT_STARTED;
    return call->sent ? UNKNOWN : NOT_ANSWERED;
}

const char *vcshim_missing_path(void) { return loaded.missing; }

unsigned long vcshim_missing_error(void) { return loaded.error; }

/* ---- before the first call ---------------------------------------------------------------------------------- */

/* What a first call would do before it sends anything. Whatever fails here, that call does again, and says. */
static void warm_up(void)
{
    char reason[VCSHIM_REASON_ROOM] = "";
    vcshim_call call = {.phase = VCSHIM_WARM_UP, .out = reason};
    vcshim_core_call_fn run;
    enum outcome why_not;
    vcshim_settle();
    if (!vcshim_is_settled() || !vcshim_setting_of(VCSHIM_WARMS_UP)) return;
    run = core(&why_not);
    if (run != NULL) (void)run_core(run, &call);
}

void vcshim_loaded(void) { (void)vcshim_run_behind(warm_up); }
