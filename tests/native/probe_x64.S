/* probe_call for x86-64, Windows and Linux; see probe.h. The caller cleans the stack on both, so RSP is relied upon:
 * the struct is found again on the stack, above the callee's shadow space. Alignment is fixed by both conventions. */
#include "probe.h"

#define FIELD(index) ((index) * 8)

    .intel_syntax noprefix
    .text
    .globl probe_call
probe_call:
    push rbp
    push rbx
    push rsi
    push rdi
    push r12
    push r13
    push r14
    push r15
    sub rsp, 56
#ifdef _WIN32
    mov rax, rcx
#else
    mov rax, rdi
#endif
    mov [rsp + 40], rax
    fnstcw word ptr [rax + FIELD(PROBE_CW_CALM)]
    stmxcsr [rax + FIELD(PROBE_MXCSR_CALM)]
    fnclex
    fldcw word ptr [rax + FIELD(PROBE_CW_WANTED)]
    ldmxcsr [rax + FIELD(PROBE_MXCSR_WANTED)]
    fnstcw word ptr [rax + FIELD(PROBE_CW_BEFORE)]
    stmxcsr [rax + FIELD(PROBE_MXCSR_BEFORE)]
    mov rbx, [rax + FIELD(PROBE_PRESET + 0)]
    mov rbp, [rax + FIELD(PROBE_PRESET + 1)]
    mov r12, [rax + FIELD(PROBE_PRESET + 2)]
    mov r13, [rax + FIELD(PROBE_PRESET + 3)]
    mov r14, [rax + FIELD(PROBE_PRESET + 4)]
    mov r15, [rax + FIELD(PROBE_PRESET + 5)]
#ifdef _WIN32
    mov rsi, [rax + FIELD(PROBE_PRESET + 6)]
    mov rdi, [rax + FIELD(PROBE_PRESET + 7)]
    mov rcx, [rax + FIELD(PROBE_ARGUMENTS + 0)]
    mov rdx, [rax + FIELD(PROBE_ARGUMENTS + 1)]
    mov r8, [rax + FIELD(PROBE_ARGUMENTS + 2)]
#else
    mov rdi, [rax + FIELD(PROBE_ARGUMENTS + 0)]
    mov rsi, [rax + FIELD(PROBE_ARGUMENTS + 1)]
    mov rdx, [rax + FIELD(PROBE_ARGUMENTS + 2)]
#endif
    mov rax, [rax + FIELD(PROBE_FUNCTION)]
    call rax

    mov rcx, [rsp + 40]
    mov [rcx + FIELD(PROBE_RESULT)], rax
    mov [rcx + FIELD(PROBE_AFTER + 0)], rbx
    mov [rcx + FIELD(PROBE_AFTER + 1)], rbp
    mov [rcx + FIELD(PROBE_AFTER + 2)], r12
    mov [rcx + FIELD(PROBE_AFTER + 3)], r13
    mov [rcx + FIELD(PROBE_AFTER + 4)], r14
    mov [rcx + FIELD(PROBE_AFTER + 5)], r15
    mov [rcx + FIELD(PROBE_AFTER + 6)], rsi
    mov [rcx + FIELD(PROBE_AFTER + 7)], rdi
    pushfq
    pop qword ptr [rcx + FIELD(PROBE_FLAGS_AFTER)]
    cld
    fnstcw word ptr [rcx + FIELD(PROBE_CW_AFTER)]
    stmxcsr [rcx + FIELD(PROBE_MXCSR_AFTER)]
    fnstenv [rsp]
    movzx eax, word ptr [rsp + 8]
    mov [rcx + FIELD(PROBE_TAGS_AFTER)], rax

    fninit
    fldcw word ptr [rcx + FIELD(PROBE_CW_CALM)]
    ldmxcsr [rcx + FIELD(PROBE_MXCSR_CALM)]
    add rsp, 56
    pop r15
    pop r14
    pop r13
    pop r12
    pop rdi
    pop rsi
    pop rbx
    pop rbp
    ret

#ifndef _WIN32
    .section .note.GNU-stack, "", @progbits
#endif
