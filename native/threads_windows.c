/* threads_windows.c - threads.h over KERNEL32 alone. */
#define WIN32_LEAN_AND_MEAN
#include "threads.h"
#include "guard.h"
#include "platform.h"
#include <windows.h>

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

static const char *process_environment_block(void)
{
    const char *block;
#ifdef _WIN64
    __asm__("movq %%gs:0x60, %0" : "=r"(block));
#else
    __asm__("movl %%fs:0x30, %0" : "=r"(block));
#endif
    return block;
}

/* Where a new thread could not run: it waits for the loader's lock before its first instruction, and a process that ends
 * has no other threads any more. The offset of the lock in the process environment block has been the same since NT. */
int vcshim_is_alone(void)
{
    static const SIZE_T loader_lock = sizeof(void *) == 4 ? 0xA0 : 0x110;
    typedef BOOLEAN(NTAPI * is_ending_fn)(void);
    union {
        FARPROC plain;
        is_ending_fn typed;
    } is_ending = {GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "RtlDllShutdownInProgress")};
    const char *block = process_environment_block();
    const RTL_CRITICAL_SECTION *loader = *(RTL_CRITICAL_SECTION *const *)(block + loader_lock);
    if (is_ending.plain != NULL && is_ending.typed()) return 1;
    return loader != NULL && (DWORD)(ULONG_PTR)loader->OwningThread == GetCurrentThreadId();
}

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
