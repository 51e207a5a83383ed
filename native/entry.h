/* entry.h - the call that crosses from C to Python: the one prototype that both sides are compiled against.
 *
 * Read by the C compiler (the front, boot.c) and by the cffi builder (embed_build.py), which drops every line that starts
 * with '#' or '__declspec': nothing else of the preprocessor may stand here. In Python only shim/abi.py sees these
 * names. The numbers of the exports are those of shim/spec/exports.py.
 */
#ifndef VCSHIM_ENTRY_H
#define VCSHIM_ENTRY_H
#include <stdint.h>

/* What the front puts in the place of a length where there is no readable, NUL-terminated text. */
enum vcshim_no_text {
    VCSHIM_NULL = -1,       /* a NULL pointer */
    VCSHIM_UNREADABLE = -2, /* memory that cannot be read, before or without a NUL */
    VCSHIM_TOO_LONG = -3    /* no NUL within the front's limit (4 MB) */
};

enum { VCSHIM_REASON_ROOM = 1024 }; /* bytes of @out that a failed start may fill, whatever @out_capacity */

/* Where the start ended, or why this process may not use the component: the number in the mark B1, B2, … that a clerk
 * reads out (docs/hosts.md). B12 is Python's (shim/messages/start.py). */
enum vcshim_step {
    VCSHIM_NO_STEP = 0,     /* of an older core */
    VCSHIM_OWN_FOLDER = 1,
    VCSHIM_FILES = 2,
    VCSHIM_MEMORY = 3,      /* the clerk is told so, without a mark */
    VCSHIM_FUNCTIONS = 4,
    VCSHIM_STREAMS = 5,
    VCSHIM_PREINITIALISE = 6,
    VCSHIM_INITIALISE = 7,
    VCSHIM_IMPORT = 8,
    VCSHIM_EMBED = 9,
    VCSHIM_FORKED = 10,
    VCSHIM_CLONED = 11,
    VCSHIM_STARTING = 13 /* another thread starts it, and cannot be waited for */
};

/**
 * vcshim_text:
 * @bytes: in the host's charset; undefined where @length is negative
 * @length: bytes without the NUL, or one of enum vcshim_no_text
 *
 * A text that the host passed in. The bytes belong to the host and are valid until the call returns: copy them.
 */
typedef struct vcshim_text {
    const char *bytes;
    int32_t length;
} vcshim_text;

/* What is asked of Python: to answer the call, what must be done around one that the vendor's DLL answers, or to prepare
 * for calls (@function, @texts and the rest are then without meaning). */
enum vcshim_phase { VCSHIM_ANSWER = 0, VCSHIM_BEFORE_VENDOR = 1, VCSHIM_AFTER_VENDOR = 2, VCSHIM_WARM_UP = 3 };

/* Whose the text is that the vendor's export returned. */
enum vcshim_memory {
    VCSHIM_NO_TEXT = 0,
    VCSHIM_OF_BUFFER = 1, /* the host's OutData */
    VCSHIM_OF_MODULE = 2, /* the vendor's DLL */
    VCSHIM_OF_HEAP = 3,   /* or any other */
    VCSHIM_OF_STACK = 4
};

/**
 * vcshim_vendor:
 * @ticket: of the call; filled in before the vendor's export is called, handed back after it
 * @out: what the host's buffer holds then; VCSHIM_NULL where there is none
 * @code: the text that it returned; VCSHIM_NULL where it returned a number, or has crashed
 * @number: the number that it returned
 * @popped: bytes of arguments that it removed from the stack; -1 where the system does not tell
 * @out_touched: bytes of the host's buffer from its start to the last one that it changed
 * @memory: one of enum vcshim_memory
 * @crashed: the code of the exception that ended it; 0 where none did
 * @control_word: the x87 control word that it left; -1 where the system does not tell
 * @pointer: the address of the text that it returned
 *
 * A call that the vendor's DLL answers: what passes between C and Python around it.
 */
typedef struct vcshim_vendor {
    int32_t ticket;
    vcshim_text out;
    vcshim_text code;
    int32_t number;
    int32_t popped;
    int32_t out_touched;
    int32_t memory;
    uint32_t crashed;
    int32_t control_word;
    uint64_t pointer;
} vcshim_vendor;

/* What became of the copy of the set on this PC (local_copy.h). The texts are in shim/local_copy.py. */
enum vcshim_copy_outcome {
    VCSHIM_COPY_UNWANTED = 0,   /* the set is on this PC */
    VCSHIM_COPY_USED = 1,       /* it was there */
    VCSHIM_COPY_MADE = 2,
    VCSHIM_COPY_NO_LIST = 3,    /* the set has no SHA256SUMS that can be read */
    VCSHIM_COPY_NO_PLACE = 4,   /* the user has no %LOCALAPPDATA% on this PC */
    VCSHIM_COPY_DIFFERS = 5,    /* @file is not as SHA256SUMS says */
    VCSHIM_COPY_NOT_WRITTEN = 6, /* @file, or the folder, by @error */
    VCSHIM_COPY_NOT_LOADED = 7  /* it is there, and the core in it cannot be loaded, by @error */
};

/**
 * vcshim_copy:
 * @outcome: one of enum vcshim_copy_outcome
 * @error: the system's error number, where it has one
 * @file: in the set; "" where it was not one of them. UTF-8
 */
typedef struct vcshim_copy {
    int32_t outcome;
    uint32_t error;
    char file[256];
} vcshim_copy;

/**
 * vcshim_place:
 * @folder: the folder of the front and of vcshim.ini, UTF-8
 * @set: the set that was chosen there (sets.h), UTF-8
 * @copy: whether the core was loaded from a copy of it
 * @pc: the name of the PC, UTF-8
 * @session: of Windows; 0 elsewhere
 *
 * Where the front lies. The core cannot know it: its own folder may be one of several, or a copy.
 */
typedef struct vcshim_place {
    const char *folder;
    const char *set;
    vcshim_copy copy;
    const char *pc;
    uint32_t session;
} vcshim_place;

/**
 * vcshim_call:
 * @phase: one of enum vcshim_phase
 * @function: which export was called: the number of its row
 * @mode: the int argument, for the export that has one
 * @texts: the char* arguments that the host fills, in order; the rest are NULL texts
 * @out: where the text for the host goes, with its NUL; a buffer of the front's, never the host's own
 * @out_capacity: bytes of @out that the host has room for, with the NUL; 0 where the export has no text out or the host's buffer is unusable
 * @number: what an int export returns; after a start that failed one of enum vcshim_step
 * @code: what a char* export returns, NUL-terminated
 * @entered: vcshim_ticks() when the host entered the export: what cancels ends the calls that were entered before it
 * @sent: 1 as soon as the call may have had an effect outside, on the platform or through a device; before that 0
 *
 * @vendor: for the phases around a vendor's call; else NULL
 * @place: of the front; of several fronts in a process that of the first call counts
 *
 * One call. Python fills @out, @code and @number; the front reads all three only after the answer 1. It reads @sent after
 * any other answer: a failure must not read as if nothing had happened.
 *
 * Before the vendor's export is called, @out receives the address to hand over in the place of strUrl, "" for the
 * host's own. After it @number says whether the export is to be called once more, with the host's own address: 1, else
 * 0; and @sent whether the vendor's DLL may have sent anything.
 */
typedef struct vcshim_call {
    int32_t phase;
    int32_t function;
    int32_t mode;
    vcshim_text texts[3];
    char *out;
    int32_t out_capacity;
    int32_t number;
    char code[32];
    int32_t sent;
    int64_t entered;
    vcshim_vendor *vendor;
    const vcshim_place *place;
} vcshim_call;

/**
 * vcshim_entry:
 * @call: the call; owned by the caller
 *
 * Performs a call in Python (bind() in shim/abi.py). Any thread may call; the GIL is taken inside, and the function
 * blocks as long as the platform or a device does.
 *
 * The trap: cffi turns an exception, or a failed start, into 0, and 0 is what hosts take for success. Hence 1.
 *
 * Returns: 1 where @call holds an answer. After anything else nothing in @call may be used.
 */
#ifdef _WIN32
__declspec(dllexport)
#endif
int32_t vcshim_entry(vcshim_call *call);
#endif
