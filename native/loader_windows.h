/* loader_windows.h - what a thread may wait for: whether it holds the loader's lock, or is the last one of its process.
 *
 * Included by platform_windows.c and threads_windows.c (the front) and forks_windows.c (the core), which have no code in
 * common but this.
 */
#ifndef VCSHIM_LOADER_WINDOWS_H
#define VCSHIM_LOADER_WINDOWS_H
#define WIN32_LEAN_AND_MEAN
#include <windows.h>

/* Whether the process ends: its other threads have been killed, wherever they were, and what they had locked stays so. */
static inline int vcshim_is_ending(void)
{
    typedef BOOLEAN(NTAPI * is_ending_fn)(void);
    union {
        FARPROC plain;
        is_ending_fn typed;
    } is_ending = {GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "RtlDllShutdownInProgress")};
    return is_ending.plain != NULL && is_ending.typed();
}

static inline const char *vcshim_process_block(void)
{
    const char *block;
#ifdef _WIN64
    __asm__("movq %%gs:0x60, %0" : "=r"(block));
#else
    __asm__("movl %%fs:0x30, %0" : "=r"(block));
#endif
    return block;
}

/* Whether the caller is in a DllMain. The offset of the lock in the process environment block has been the same since NT. */
static inline int vcshim_holds_loader(void)
{
    static const SIZE_T loader_lock = sizeof(void *) == 4 ? 0xA0 : 0x110;
    const RTL_CRITICAL_SECTION *loader = *(RTL_CRITICAL_SECTION *const *)(vcshim_process_block() + loader_lock);
    return loader != NULL && (DWORD)(ULONG_PTR)loader->OwningThread == GetCurrentThreadId();
}

#endif
