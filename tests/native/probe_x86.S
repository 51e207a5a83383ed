/* probe_call for 32-bit Windows; see probe.h. Nothing the callee should preserve is relied upon afterwards, neither
 * the registers nor ESP: the struct is found again through a thread-local slot (FS:[_probe_slot]). */
#include "probe.h"

#define FIELD(index) ((index) * 4)

    .intel_syntax noprefix
    .text
    .globl _probe_call
_probe_call:
    push ebp
    push ebx
    push esi
    push edi
    mov esi, [esp + 20]
    mov ecx, [_probe_slot]
    mov dword ptr fs:[ecx], esi
    mov [esi + FIELD(PROBE_FRAME)], esp
    fnstcw word ptr [esi + FIELD(PROBE_CW_CALM)]
    stmxcsr [esi + FIELD(PROBE_MXCSR_CALM)]

    /* Some slack, then the stack pointer so that it has the wanted misalignment once the arguments are pushed. */
    mov ecx, [esi + FIELD(PROBE_ARGUMENT_COUNT)]
    sub esp, 256
    and esp, -16
    sub esp, [esi + FIELD(PROBE_MISALIGNMENT)]
    lea esp, [esp + ecx * 4]
    mov [esi + FIELD(PROBE_STACK_EXPECTED)], esp
1:  push dword ptr [esi + FIELD(PROBE_ARGUMENTS) + ecx * 4 - 4]
    dec ecx
    jnz 1b

    fnclex
    fldcw word ptr [esi + FIELD(PROBE_CW_WANTED)]
    ldmxcsr [esi + FIELD(PROBE_MXCSR_WANTED)]
    fnstcw word ptr [esi + FIELD(PROBE_CW_BEFORE)]
    stmxcsr [esi + FIELD(PROBE_MXCSR_BEFORE)]
    mov eax, [esi + FIELD(PROBE_FUNCTION)]
    mov ebx, [esi + FIELD(PROBE_PRESET + 0)]
    mov edi, [esi + FIELD(PROBE_PRESET + 2)]
    mov ebp, [esi + FIELD(PROBE_PRESET + 3)]
    mov esi, [esi + FIELD(PROBE_PRESET + 1)]
    call eax

    mov ecx, [_probe_slot]
    mov ecx, dword ptr fs:[ecx]
    mov [ecx + FIELD(PROBE_RESULT)], eax
    mov [ecx + FIELD(PROBE_AFTER + 0)], ebx
    mov [ecx + FIELD(PROBE_AFTER + 1)], esi
    mov [ecx + FIELD(PROBE_AFTER + 2)], edi
    mov [ecx + FIELD(PROBE_AFTER + 3)], ebp
    mov [ecx + FIELD(PROBE_STACK_AFTER)], esp
    mov esp, [ecx + FIELD(PROBE_FRAME)]
    pushfd
    pop dword ptr [ecx + FIELD(PROBE_FLAGS_AFTER)]
    cld
    fnstcw word ptr [ecx + FIELD(PROBE_CW_AFTER)]
    stmxcsr [ecx + FIELD(PROBE_MXCSR_AFTER)]
    sub esp, 28
    fnstenv [esp]
    movzx eax, word ptr [esp + 8]
    add esp, 28
    mov [ecx + FIELD(PROBE_TAGS_AFTER)], eax

    fninit
    fldcw word ptr [ecx + FIELD(PROBE_CW_CALM)]
    ldmxcsr [ecx + FIELD(PROBE_MXCSR_CALM)]
    pop edi
    pop esi
    pop ebx
    pop ebp
    ret
