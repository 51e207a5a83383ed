/* relay.h - how an export begins: where the host enters on 32-bit Windows, and the C function behind it.
 *
 * Only the files of exports, front.c and relay_x86.c include this file. On 32-bit Windows the export is a few instructions
 * (relay_x86.c), so that the vendor's DLL, where it answers, finds the host's registers and stack; the function written
 * in C has another name and answers in the mode native. Elsewhere the function is the export itself.
 */
#ifndef VCSHIM_RELAY_H
#define VCSHIM_RELAY_H
#include "front.h"

#ifdef VCSHIM_RELAYED
/**
 * vcshim_relay_entered:
 * @otherwise: what to return where the process has no room to keep it
 *
 * What is decided before our own function is called may have to wait for the settings, by a call that cancels as by those
 * that it cancels. The trap: it changes the thread's last error.
 *
 * Returns: vcshim_ticks() when the host entered the export that this thread is in.
 */
int64_t vcshim_relay_entered(int64_t otherwise);

#define VCSHIM_OWN_NAME(name) vcshim_own_##name
#define VCSHIM_OWN __attribute__((used)) VCSHIM_FROM_HOST
/* The row that vcshim_relay pops: our own function, and the number of the export. */
#define VCSHIM_RELAY(name, bytes) \
    __attribute__((used)) static const int vcshim_number_of_##name = VCSHIM_##name; \
    __asm__(".text\n\t" \
            ".globl _" #name "@" #bytes "\n" \
            "_" #name "@" #bytes ":\n\t" \
            "pushl _vcshim_number_of_" #name "\n\t" \
            "pushl $_vcshim_own_" #name "@" #bytes "\n\t" \
            "jmp _vcshim_relay\n");
#else
#define VCSHIM_OWN_NAME(name) name
#define VCSHIM_OWN VCSHIM_EXPORT
#define VCSHIM_RELAY(name, bytes)
#endif
#endif
