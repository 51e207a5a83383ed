/* The C half of the checked call: register names and the thread-local slot; see probe.h. */
#include "probe.h"

#if defined(__i386__)

#include <windows.h>

enum { TEB_TLS_SLOTS = 0xe10, TEB_TLS_SLOT_COUNT = 64 };

uintptr_t probe_slot; /* offset in the thread's FS segment, read by probe_x86.S */

const char *const probe_register_names[] = {"ebx", "esi", "edi", "ebp", NULL};
const int probe_sees_stack = 1;

int probe_prepare(void)
{
    DWORD index = TlsAlloc();
    if (index >= TEB_TLS_SLOT_COUNT)
        return -1;
    probe_slot = TEB_TLS_SLOTS + index * sizeof(void *);
    return 0;
}

#else

#ifdef _WIN32
const char *const probe_register_names[] = {"rbx", "rbp", "r12", "r13", "r14", "r15", "rsi", "rdi", NULL};
#else
const char *const probe_register_names[] = {"rbx", "rbp", "r12", "r13", "r14", "r15", NULL};
#endif
const int probe_sees_stack = 0;

int probe_prepare(void)
{
    return 0;
}

#endif
