/* warm_up_windows.c - see warm_up.h. */
#define WIN32_LEAN_AND_MEAN
#include "warm_up.h"
#include <windows.h>

static SRWLOCK lock = SRWLOCK_INIT;

/* Under the lock. */
static HANDLE thread; /* NULL: there is none */
static DWORD number;
static int is_wanted; /* by a call */
static int loading;   /* libraries, one in the other */

static volatile LONG at_work;

static void set_priority(void)
{
    if (thread != NULL)
        SetThreadPriority(thread, is_wanted || loading > 0 ? THREAD_PRIORITY_NORMAL : THREAD_PRIORITY_BELOW_NORMAL);
}

int vcshim_warm_up_begin(void)
{
    if (InterlockedCompareExchange(&at_work, 1, 0) != 0) return 0;
    AcquireSRWLockExclusive(&lock);
    number = GetCurrentThreadId();
    if (!DuplicateHandle(GetCurrentProcess(), GetCurrentThread(), GetCurrentProcess(), &thread, THREAD_SET_INFORMATION, FALSE,
                         0))
        thread = NULL; /* it then has the priority that it has */
    set_priority();
    ReleaseSRWLockExclusive(&lock);
    return 1;
}

void vcshim_warm_up_end(void)
{
    AcquireSRWLockExclusive(&lock);
    if (thread != NULL) CloseHandle(thread);
    thread = NULL;
    number = 0;
    is_wanted = 0;
    ReleaseSRWLockExclusive(&lock);
    InterlockedExchange(&at_work, 0);
}

void vcshim_warm_up_hurry(void)
{
    if (!at_work || !TryAcquireSRWLockExclusive(&lock)) return; /* it is about to begin or to end */
    is_wanted = 1;
    set_priority();
    ReleaseSRWLockExclusive(&lock);
}

int vcshim_is_warming_up(void) { return at_work != 0; }

void vcshim_warm_up_loads(int begins)
{
    if (!at_work) return;
    AcquireSRWLockExclusive(&lock);
    if (number == GetCurrentThreadId()) {
        loading += begins ? 1 : -1;
        set_priority();
    }
    ReleaseSRWLockExclusive(&lock);
}
