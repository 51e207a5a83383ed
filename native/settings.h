/* settings.h - the keys of vcshim.ini that C itself must obey, even when the core is missing.
 *
 * Everything else in that file is read by Python alone (shim/settings). Both read these: the rows in settings.c are
 * held against Python's, and both readers against one table of files (tests/vectors/ini_abi.json).
 */
#ifndef VCSHIM_SETTINGS_H
#define VCSHIM_SETTINGS_H
#include "platform.h"

enum {
    VCSHIM_WORDS_MAX = 4,
    VCSHIM_INI_LIMIT = 1024 * 1024 /* bytes of vcshim.ini; the same in shim/settings/file.py */
};

/* Which row, and which value of vcshim_settings. */
enum vcshim_key {
    VCSHIM_OUT_CAPACITY,    /* bytes of OutData with the NUL (VC 3.2, EC B.1.3) */
    VCSHIM_CHARSET,         /* enum vcshim_charset */
    VCSHIM_RETURN_MEMORY,   /* enum vcshim_return_memory */
    VCSHIM_SET_QRFLOW_MODE, /* enum vcshim_convention */
    VCSHIM_AUDIENCE,        /* enum vcshim_audience; the only one of [messages] */
    VCSHIM_MODE,            /* enum vcshim_mode; [mode] run */
    VCSHIM_WARMS_UP,        /* 1 or 0; [start] warm_up */
    VCSHIM_LOCAL_COPY,      /* enum vcshim_local_copy; [start] local_copy */
    VCSHIM_EVENTS,          /* enum vcshim_events; [log] windows_events */
    VCSHIM_KEY_COUNT
};

/* The values of the other keys that have words, in the order of the words. */
enum vcshim_return_memory { VCSHIM_COTASKMEM, VCSHIM_STATIC };
enum vcshim_convention { VCSHIM_IS_STDCALL, VCSHIM_IS_CDECL };
enum vcshim_audience { VCSHIM_CLERK, VCSHIM_DEVELOPER };
enum vcshim_mode { VCSHIM_NATIVE, VCSHIM_CAPTURE, VCSHIM_SHADOW };

enum vcshim_local_copy { VCSHIM_COPY_AUTO, VCSHIM_COPY_ON, VCSHIM_COPY_OFF };
enum vcshim_events { VCSHIM_NO_EVENTS, VCSHIM_FAILURES, VCSHIM_ALL_EVENTS };

/* Which row of the paths. */
enum vcshim_path_key { VCSHIM_VENDOR_VIRTUALCARDCHK, VCSHIM_VENDOR_NATIONECCODE, VCSHIM_FLEET_SOURCE, VCSHIM_PATH_COUNT };

/* A key whose value is the path of a file; lower case. */
typedef struct vcshim_path_setting {
    const char *section, *key;
} vcshim_path_setting;

/* The table of these, by enum vcshim_path_key. */
extern const vcshim_path_setting vcshim_path_rows[VCSHIM_PATH_COUNT];

/* How a line of the file is written. */
enum vcshim_file_charset { VCSHIM_FILE_UTF8, VCSHIM_FILE_GBK, VCSHIM_FILE_UTF16LE, VCSHIM_FILE_UTF16BE };

/* A path, or the name of a PC, as it stands in the file, without its quotes and its comment. @count is negative where the file does not set it;
 * @bytes is NULL where it is set to nothing. */
typedef struct vcshim_raw_path {
    const char *bytes;
    int32_t count;
    enum vcshim_file_charset charset;
} vcshim_raw_path;

/**
 * vcshim_setting:
 * @section: the word in square brackets, lower case
 * @key: as it stands in the file, lower case
 * @initial: the value where the file gives none that is understood: a number, or the index of a word
 * @low: the smallest number
 * @high: the largest
 * @words: for a key with words: all of them, lower case, NULL after the last; for a number: none
 *
 * A row of the table.
 */
typedef struct vcshim_setting {
    const char *section, *key;
    int32_t initial, low, high;
    const char *words[VCSHIM_WORDS_MAX];
} vcshim_setting;

/* The table, by enum vcshim_key. */
extern const vcshim_setting vcshim_setting_rows[VCSHIM_KEY_COUNT];

/* The settings in force, by enum vcshim_key. */
typedef struct vcshim_settings {
    int32_t values[VCSHIM_KEY_COUNT];
} vcshim_settings;

/* Which sections of a file: those for every PC, and the stronger ones for some, as [scanner@PC-017]. */
enum vcshim_sections { VCSHIM_OF_ALL, VCSHIM_OF_THIS_PC, VCSHIM_SECTION_KINDS };

/**
 * vcshim_layers:
 * @pc_name: the name of this PC in UTF-8, "" where the system does not say; only called for sections that are for some PCs
 * @decode: as vcshim_decode_path()
 * @values: what has been read so far, by enum vcshim_sections; negative where no file gives a value that is understood
 *
 * Several files that are read one after the other, the weakest first.
 */
typedef struct vcshim_layers {
    const char *(*pc_name)(void);
    int (*decode)(const char *bytes, int32_t count, int charset, char path[VCSHIM_PATH_MAX]);
    int32_t values[VCSHIM_SECTION_KINDS][VCSHIM_KEY_COUNT];
} vcshim_layers;

/* Sets @values to nothing. */
void vcshim_settings_begin(vcshim_layers *layers);

/**
 * vcshim_settings_add:
 * @layers: the files before this one
 * @bytes: the content of a file of settings, without a NUL at its end; ignored where @count is not positive
 * @count: how many bytes; negative for a file that is absent or could not be read
 *
 * Reads what shim/settings/file.py and lines.py read: UTF-8, GBK, and UTF-16 with a byte-order mark; any line ends;
 * comments behind values; full-width signs. Of a key that stands more than once the last counts. A value that is not
 * understood counts as none; it is Python that reports the problem, and refuses the call where that matters.
 *
 * Under vcshim_lock() only.
 *
 * Returns: 1; 0 where the file cannot be read at all (a NUL in it, or more than VCSHIM_INI_LIMIT bytes).
 */
int vcshim_settings_add(vcshim_layers *layers, const char *bytes, int32_t count);

/* The settings in force: of this PC before those of all, the last file before the others, then the initial values. */
void vcshim_settings_end(const vcshim_layers *layers, vcshim_settings *settings);

/**
 * vcshim_settings_paths:
 * @layers: for @pc_name and @decode
 * @bytes: the content of a file of settings, as for vcshim_settings_add()
 * @count: how many bytes
 * @paths: receives the paths of this file, by enum vcshim_sections; they point into @bytes
 *
 * Of a file that cannot be read at all there are none. Under vcshim_lock() only.
 */
void vcshim_settings_paths(const vcshim_layers *layers, const char *bytes, int32_t count,
                           vcshim_raw_path paths[VCSHIM_SECTION_KINDS][VCSHIM_PATH_COUNT]);
#endif
