/* forks_windows.c - see forks.h: Windows has no fork. */
#include "forks.h"
#include "loader_windows.h"
#include "warm_up.h"

enum { PATIENCE_MILLISECONDS = 300 };

static SRWLOCK start_lock = SRWLOCK_INIT;

/* In a DllMain: whoever starts the interpreter, or prepares for calls, loads libraries and waits for the caller's lock. */
static int try_to_lock(void)
{
    ULONGLONG end = GetTickCount64() + PATIENCE_MILLISECONDS;
    while (vcshim_is_warming_up() || !TryAcquireSRWLockExclusive(&start_lock)) {
        if (vcshim_is_ending() || GetTickCount64() >= end) return 0;
        Sleep(1);
    }
    return 1;
}

int vcshim_lock_start(void)
{
    if (vcshim_is_ending() || vcshim_holds_loader()) return try_to_lock();
    AcquireSRWLockExclusive(&start_lock);
    return 1;
}

void vcshim_unlock_start(void) { ReleaseSRWLockExclusive(&start_lock); }
void vcshim_forks_started(void) {}
const char *vcshim_forks_refuse(void) { return NULL; }
void vcshim_forks_settle(void) {}
