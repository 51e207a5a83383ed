/* A DLL with the five exports that misbehaves on demand: the negative controls of the clients' checks.
 *
 * The Trans functions do what InData says: `good`, a fault (the table below), `echo:TEXT` (TEXT into OutData),
 * `sleep` (three seconds), `alignment` (of the caller's stack, x86), `describe_url` and `describe_out` (what kind of
 * memory that pointer leads to, in OutData or in the returned string). Never shipped; only
 * tests/native/test_clients.py loads it.
 */
#define _GNU_SOURCE
#include "badstub.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#ifdef _WIN32
#include <windows.h>
#define EXPORT
#define HIDDEN
#else
#include <errno.h>
#include <sys/uio.h>
#include <unistd.h>
#define __stdcall
#define EXPORT __attribute__((visibility("default")))
#define HIDDEN __attribute__((visibility("hidden")))
#endif

enum { OUT_CAPACITY = 2048, ERRMSG_CAPACITY = 256, SLEEP_SECONDS = 3, ERROR_LEFT = 4712 };

int badstub_body(const char *url, const char *in, char *out);

HIDDEN char badstub_answer[16] = "00"; /* what the Trans functions return */

static const struct fault {
    const char *name;
    int code;
} faults[] = {
    {"null_return", FAULT_NULL_RETURN},
    {"esp", FAULT_ESP},
    {"df", FAULT_DF},
    {"x87", FAULT_X87},
    {"ebx", FAULT_RBX},
    {"ebp", FAULT_RBP},
    {"esi", FAULT_RSI},
    {"edi", FAULT_RDI},
    {"rbx", FAULT_RBX},
    {"rbp", FAULT_RBP},
    {"rsi", FAULT_RSI},
    {"rdi", FAULT_RDI},
    {"r12", FAULT_R12},
    {"r13", FAULT_R13},
    {"r14", FAULT_R14},
    {"r15", FAULT_R15},
};

#ifdef _WIN32

static int readable(const char *byte)
{
    MEMORY_BASIC_INFORMATION page;
    return VirtualQuery(byte, &page, sizeof page) != 0 && page.State == MEM_COMMIT && page.Protect != PAGE_NOACCESS;
}

static int writable(char *byte)
{
    MEMORY_BASIC_INFORMATION page;
    return VirtualQuery(byte, &page, sizeof page) != 0 && page.State == MEM_COMMIT && page.Protect == PAGE_READWRITE;
}

static void leave_cwd(void)
{
    SetCurrentDirectoryA("C:\\");
}

static void leave_error(void)
{
    SetLastError(ERROR_LEFT);
}

static void doze(void)
{
    Sleep(SLEEP_SECONDS * 1000);
}

#else

static int copied(ssize_t (*move)(pid_t, const struct iovec *, unsigned long, const struct iovec *, unsigned long,
                                  unsigned long),
                  void *byte)
{
    char spare;
    struct iovec local = {&spare, 1}, remote = {byte, 1};
    if (move == process_vm_writev)
        process_vm_readv(getpid(), &local, 1, &remote, 1, 0);
    return move(getpid(), &local, 1, &remote, 1, 0) == 1;
}

static int readable(const char *byte)
{
    return copied(process_vm_readv, (void *)byte);
}

static int writable(char *byte)
{
    return copied(process_vm_writev, byte);
}

static void leave_cwd(void)
{
    if (chdir("/") != 0)
        _exit(99);
}

static void leave_error(void)
{
    errno = ERROR_LEFT;
}

static void doze(void)
{
    sleep(SLEEP_SECONDS);
}

#endif

/* NULL, noaccess, text:LENGTH:FIRST or unterminated:LENGTH:FIRST. */
static void describe_input(const char *text, char *out)
{
    size_t length = 0;
    if (text == NULL) {
        strcpy(out, "NULL");
        return;
    }
    if (!readable(text)) {
        strcpy(out, "noaccess");
        return;
    }
    while (readable(text + length) && text[length] != '\0')
        length++;
    sprintf(out, "%s:%u:%02x", readable(text + length) ? "text" : "unterminated", (unsigned)length, text[0] & 0xff);
}

/* In the returned string, since the buffer may not take an answer. */
static void describe_output(char *out)
{
    const char *kind = out == NULL ? "NULL" : !readable(out) ? "noaccess" : !writable(out) ? "readonly" : "writable";
    strcpy(badstub_answer, kind);
}

static void flip_control_word(void)
{
    unsigned short word;
    __asm__ volatile("fnstcw %0" : "=m"(word));
    word ^= 0x0300; /* precision */
    __asm__ volatile("fldcw %0" : : "m"(word));
}

static void flip_mxcsr(void)
{
    unsigned word;
    __asm__ volatile("stmxcsr %0" : "=m"(word));
    word ^= 0x1000; /* mask of the precision exception */
    __asm__ volatile("ldmxcsr %0" : : "m"(word));
}

static void raise_mxcsr_flag(void)
{
    unsigned word;
    __asm__ volatile("stmxcsr %0" : "=m"(word));
    word |= 0x20; /* sticky flag of the (masked) precision exception */
    __asm__ volatile("ldmxcsr %0" : : "m"(word));
}

/* Returns the FAULT_ that the entry has to commit. */
int badstub_body(const char *url, const char *in, char *out)
{
    if (strcmp(in, "describe_out") == 0) {
        describe_output(out);
        return FAULT_NONE;
    }
    strcpy(badstub_answer, "00");
    strcpy(out, "{}");
    if (strcmp(in, "describe_url") == 0)
        describe_input(url, out);
    else if (strcmp(in, "alignment") == 0)
        sprintf(out, "%u", (unsigned)((uintptr_t)&url % 16)); /* on x86 that of the caller's first argument */
    else if (strncmp(in, "echo:", 5) == 0)
        strcpy(out, in + 5);
    else if (strcmp(in, "guard_after") == 0)
        out[OUT_CAPACITY] = 0;
    else if (strcmp(in, "guard_before") == 0)
        out[-1] = 0;
    else if (strcmp(in, "no_nul") == 0)
        memset(out, 'x', OUT_CAPACITY);
    else if (strcmp(in, "cw") == 0)
        flip_control_word();
    else if (strcmp(in, "mxcsr") == 0)
        flip_mxcsr();
    else if (strcmp(in, "mxcsr_flag") == 0)
        raise_mxcsr_flag();
    else if (strcmp(in, "cwd") == 0)
        leave_cwd();
    else if (strcmp(in, "error") == 0)
        leave_error();
    else if (strcmp(in, "sleep") == 0)
        doze();
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        if (strcmp(in, faults[i].name) == 0)
            return faults[i].code;
    }
    return FAULT_NONE;
}

EXPORT int __stdcall Set_QRflow_Mode(int mode)
{
    return mode;
}

EXPORT int __stdcall EhealthID_Print(const char *ehealthid, const char *card_no, const char *name)
{
    return (int)(strlen(ehealthid) + 10 * strlen(card_no) + 100 * strlen(name));
}

/* The first call of a process behaves, the second leaves no NUL, the third writes one byte too many. */
EXPORT int __stdcall SetEcQrcode(char *errmsg)
{
    static int calls;
    memset(errmsg, 'e', calls >= 1 ? ERRMSG_CAPACITY : 5);
    if (calls == 0)
        errmsg[5] = '\0';
    if (calls >= 2)
        errmsg[ERRMSG_CAPACITY] = '\0';
    return 100 + calls++;
}
