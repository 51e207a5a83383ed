/* The words of a client script turned into values; the language is described in README.md of this folder.
 *
 * Knows nothing of DLLs or of the operating system; which exports there are, it reads from the exports file. Only the C client uses it. Everything allocated here lives as
 * long as the process: a script is short.
 */
#ifndef SCRIPT_H
#define SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum library { LIBRARY_VC, LIBRARY_EC, LIBRARY_COUNT };

enum { PARAMETERS_MAX = 3 };

struct export {
    const char *name;
    enum library library;
    bool returns_text;
    const char *parameters; /* a letter each: t text in, i int, b buffer */
};

enum input_kind { INPUT_NULL, INPUT_TEXT, INPUT_NO_ACCESS, INPUT_UNTERMINATED };

struct input {
    enum input_kind kind;
    char *text; /* INPUT_TEXT: NUL-terminated */
};

enum buffer_kind { BUFFER_BYTES, BUFFER_NULL, BUFFER_READ_ONLY, BUFFER_NO_ACCESS };

struct call {
    const char *id;
    const struct export *export;
    unsigned sequence; /* decides the stack alignment */
    struct input inputs[PARAMETERS_MAX]; /* by parameter, for the letter t */
    int number;                          /* for the letter i */
    enum buffer_kind buffer;
    size_t capacity; /* BUFFER_BYTES */
    uint16_t cw;
    uint32_t mxcsr;
};

/* Cuts the next blank-separated word off *rest; NULL when there is none. Writes NULs into the text. */
char *script_word(char **rest);

/* The bytes of a hex word with a NUL after them ("-" is empty), or NULL when it is none. */
char *script_hex(const char *word);

bool script_library(const char *word, enum library *library);

/* Reads the exports file, once, before the first call. Writes NULs into the text and keeps pointers into it. */
bool script_exports(char *text);

/* Fills in id, export and arguments from the words after `call`. */
bool script_call(char **rest, struct call *call);

#endif
