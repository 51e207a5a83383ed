/* The ways in which the bad stub breaks the machine state; read by C and by badstub_entry.S. */
#define FAULT_NONE 0
#define FAULT_NULL_RETURN 1
#define FAULT_ESP 2 /* x86: clean no arguments, as cdecl does */
#define FAULT_DF 3
#define FAULT_X87 4 /* leave a value on the x87 register stack */
#define FAULT_RBX 5
#define FAULT_RBP 6
#define FAULT_RSI 7
#define FAULT_RDI 8
#define FAULT_R12 9
#define FAULT_R13 10
#define FAULT_R14 11
#define FAULT_R15 12
