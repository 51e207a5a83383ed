/* smallstack.h on Windows, where the smallest stack of a thread or a fibre is 64 KB, the unit of reservations. */
#include "smallstack.h"

#include <windows.h>

enum { FIBRES_MAX = 16, GUARDS = 3 }; /* pages at the end of a stack that are the system's */

struct task {
    system_work *work;
    void *context;
};

static DWORD WINAPI thread_main(void *parameter)
{
    const struct task *task = parameter;
    task->work(task->context, 0);
    return 0;
}

bool smallstack_on_thread(size_t bytes, system_work *work, void *context)
{
    struct task task = {work, context};
    HANDLE thread = CreateThread(NULL, bytes, thread_main, &task, STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);
    if (thread == NULL)
        return false;
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    return true;
}

size_t smallstack_left(void)
{
    MEMORY_BASIC_INFORMATION info;
    const char *here = __builtin_frame_address(0);
    if (VirtualQuery(here, &info, sizeof info) == 0)
        return 0;
    return (size_t)(here - (const char *)info.AllocationBase) - GUARDS * system_page_size();
}

/* ---- fibres ---- */

static struct {
    void *scheduler, *fibres[FIBRES_MAX];
    struct task task;
    unsigned rounds;
} contexts;

static void CALLBACK fibre_main(void *parameter)
{
    for (unsigned round = 0; round < contexts.rounds; round++) {
        contexts.task.work(contexts.task.context, (unsigned)(uintptr_t)parameter);
        SwitchToFiber(contexts.scheduler);
    }
    SwitchToFiber(contexts.scheduler);
}

bool smallstack_on_fibres(unsigned count, size_t bytes, unsigned rounds, system_work *work, void *context)
{
    if (count == 0 || count > FIBRES_MAX || (contexts.scheduler = ConvertThreadToFiber(NULL)) == NULL)
        return false;
    contexts.task = (struct task){work, context};
    contexts.rounds = rounds;
    for (unsigned i = 0; i < count; i++) {
        contexts.fibres[i] = CreateFiberEx(0, bytes, 0, fibre_main, (void *)(uintptr_t)i);
        if (contexts.fibres[i] == NULL)
            return false;
    }
    for (unsigned round = 0; round < rounds; round++) {
        for (unsigned i = 0; i < count; i++)
            SwitchToFiber(contexts.fibres[i]);
    }
    for (unsigned i = 0; i < count; i++)
        DeleteFiber(contexts.fibres[i]);
    return ConvertFiberToThread();
}

bool smallstack_in_handler(size_t bytes, system_work *work, void *context)
{
    (void)bytes;
    (void)work;
    (void)context;
    return false;
}
