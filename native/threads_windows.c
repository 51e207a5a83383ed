/* threads_windows.c - threads.h over KERNEL32 alone. */
#include "threads.h"
#include "guard.h"
#include "loader_windows.h"
#include "platform.h"

/* A piece of work. It belongs to the thread that waits for it; one that does not come back leaves it behind. */
typedef struct task {
    void (*work)(void *context);
    CONDITION_VARIABLE finished; /* with the next, under the lock */
    int is_finished;
    long double context[]; /* aligned for anything */
} task;

/* A thread of ours; on its own stack, and in the list while it is idle. */
typedef struct worker {
    struct worker *next;
    task *task;
    CONDITION_VARIABLE wake;
} worker;

static SRWLOCK lock = SRWLOCK_INIT;
static worker *idle;

static void leave_list(const worker *self)
{
    worker **at = &idle;
    while (*at != NULL && *at != self) at = &(*at)->next;
    if (*at != NULL) *at = self->next;
}

/* Waits for another task, under the lock. NULL: none has come in time, and none will. */
static task *next_task(worker *self)
{
    self->next = idle;
    idle = self;
    while (self->task == NULL)
        if (!SleepConditionVariableSRW(&self->wake, &lock, VCSHIM_IDLE_MILLISECONDS, 0) && self->task == NULL) {
            leave_list(self);
            return NULL;
        }
    return self->task;
}

static DWORD WINAPI serve(LPVOID first)
{
    vcshim_float_state inherited;
    worker self = {NULL, first, CONDITION_VARIABLE_INIT};
    task *task = first;
    vcshim_float_enter(&inherited);
    vcshim_pin();
    while (task != NULL) {
        task->work(task->context);
        AcquireSRWLockExclusive(&lock);
        task->is_finished = 1;
        WakeConditionVariable(&task->finished);
        self.task = NULL;
        task = next_task(&self);
        ReleaseSRWLockExclusive(&lock);
    }
    return 0;
}

/* Where a new thread could not run: it waits for the loader's lock before its first instruction, and a process that ends
 * has no other threads any more. */
int vcshim_is_alone(void) { return vcshim_is_ending() || vcshim_holds_loader(); }

static void run_here(void (*work)(void *context), void *context)
{
    vcshim_float_state floats;
    vcshim_float_enter(&floats);
    work(context);
    vcshim_float_leave(&floats);
}

enum vcshim_run vcshim_run_apart(void (*work)(void *context), void *context, size_t size)
{
    task *task;
    worker *chosen;
    if (vcshim_is_alone()) {
        run_here(work, context);
        return VCSHIM_RUN;
    }
    if ((task = vcshim_take(sizeof *task + size)) == NULL) return VCSHIM_NO_THREAD;
    task->work = work;
    task->is_finished = 0;
    InitializeConditionVariable(&task->finished);
    memcpy(task->context, context, size);
    AcquireSRWLockExclusive(&lock);
    if ((chosen = idle) != NULL) {
        idle = chosen->next;
        chosen->task = task;
        WakeConditionVariable(&chosen->wake);
    } else {
        HANDLE thread;
        ReleaseSRWLockExclusive(&lock);
        thread = CreateThread(NULL, VCSHIM_THREAD_STACK, serve, task, STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);
        if (thread == NULL) {
            vcshim_give_back(task);
            return VCSHIM_NO_THREAD;
        }
        CloseHandle(thread);
        AcquireSRWLockExclusive(&lock);
    }
    while (!task->is_finished) SleepConditionVariableSRW(&task->finished, &lock, INFINITE, 0);
    ReleaseSRWLockExclusive(&lock);
    memcpy(context, task->context, size);
    vcshim_give_back(task);
    return VCSHIM_RUN;
}

/* ---- work that is not waited for ------------------------------------------------------------------------------- */

/* What the thread works with. It is its own, since the DLL may be loaded again as soon as it has been given back. */
typedef struct behind {
    void (*work)(void);
    HMODULE self;
} behind;

static DWORD WINAPI serve_behind(LPVOID context)
{
    vcshim_float_state inherited;
    behind own = *(behind *)context;
    vcshim_give_back(context);
    vcshim_float_enter(&inherited);
    own.work();
    FreeLibraryAndExitThread(own.self, 0);
    return 0;
}

int vcshim_run_behind(void (*work)(void))
{
    DWORD error = GetLastError();
    HANDLE thread = NULL;
    behind *context = vcshim_is_ending() ? NULL : vcshim_take(sizeof *context);
    if (context == NULL) return 0;
    context->work = work;
    /* NB: here, and not by the thread: until it runs the host may have unloaded the DLL. */
    if (GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, (LPCWSTR)&idle, &context->self)) {
        thread = CreateThread(NULL, VCSHIM_THREAD_STACK, serve_behind, context, STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);
        if (thread == NULL) FreeLibrary(context->self);
        else CloseHandle(thread);
    }
    if (thread == NULL) vcshim_give_back(context);
    SetLastError(error);
    return thread != NULL;
}
