/* forks_windows.c - see forks.h: Windows has no fork. */
#define WIN32_LEAN_AND_MEAN
#include "forks.h"
#include <windows.h>

static SRWLOCK start_lock = SRWLOCK_INIT;

void vcshim_lock_start(void) { AcquireSRWLockExclusive(&start_lock); }
void vcshim_unlock_start(void) { ReleaseSRWLockExclusive(&start_lock); }
void vcshim_forks_started(void) {}
const char *vcshim_forks_refuse(void) { return NULL; }
void vcshim_forks_settle(void) {}
