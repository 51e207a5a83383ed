/* The two Trans exports of the bad stub: badstub.c does what can be done in C and names the fault left to do here. */
#include "badstub.h"

    .intel_syntax noprefix

#if defined(__i386__)

#define CLEAN ret 12
#define BX ebx
#define BP ebp
#define SI esi
#define DI edi

    .text
    .globl _VirtualCardTrans, _NationEcTrans
_VirtualCardTrans:
_NationEcTrans:
    push dword ptr [esp + 12]
    push dword ptr [esp + 12]
    push dword ptr [esp + 12]
    call _badstub_body
    add esp, 12
    mov ecx, eax
    mov eax, offset _badstub_answer

#else

#define CLEAN ret
#define BX rbx
#define BP rbp
#define SI rsi
#define DI rdi

    .text
    .globl VirtualCardTrans, NationEcTrans
VirtualCardTrans:
NationEcTrans:
    sub rsp, 40
#ifdef _WIN32
    call badstub_body
#else
    call badstub_body@PLT
#endif
    add rsp, 40
    mov ecx, eax
    lea rax, [rip + badstub_answer]

#endif

    cmp ecx, FAULT_NULL_RETURN
    jne 1f
    xor eax, eax
1:  cmp ecx, FAULT_DF
    jne 1f
    std
1:  cmp ecx, FAULT_X87
    jne 1f
    fld1
1:  cmp ecx, FAULT_RBX
    jne 1f
    not BX
1:  cmp ecx, FAULT_RBP
    jne 1f
    not BP
1:  cmp ecx, FAULT_RSI
    jne 1f
    not SI
1:  cmp ecx, FAULT_RDI
    jne 1f
    not DI
1:
#if defined(__i386__)
    cmp ecx, FAULT_ESP
    jne 1f
    ret
1:
#else
    cmp ecx, FAULT_R12
    jne 1f
    not r12
1:  cmp ecx, FAULT_R13
    jne 1f
    not r13
1:  cmp ecx, FAULT_R14
    jne 1f
    not r14
1:  cmp ecx, FAULT_R15
    jne 1f
    not r15
1:
#endif
    CLEAN

#ifndef _WIN32
    .section .note.GNU-stack, "", @progbits
#endif
