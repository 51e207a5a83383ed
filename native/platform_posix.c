/* platform_posix.c - platform.h for Linux, where the same C is developed and tested without Wine. */
#define _GNU_SOURCE
#include "platform.h"
#include "forks_posix.h"
#include "gb18030.h"
#include "settings.h"
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <link.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#ifndef VCSHIM_MACHINE_FOLDER
#define VCSHIM_MACHINE_FOLDER "/etc/vcshim"
#endif

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t loading = PTHREAD_MUTEX_INITIALIZER;
static const char anchor = 0;

void vcshim_lock(void) { pthread_mutex_lock(&lock); }

void vcshim_unlock(void) { pthread_mutex_unlock(&lock); }

static vcshim_core_fork_fn core_fork; /* under `loading`; NULL: no core */

static void before_fork(void)
{
    pthread_mutex_lock(&loading);
    if (core_fork != NULL) core_fork(VCSHIM_BEFORE_FORK);
    vcshim_lock();
}

static void after_fork(int when)
{
    vcshim_unlock();
    if (core_fork != NULL) core_fork(when);
    pthread_mutex_unlock(&loading);
}

static void after_fork_in_parent(void) { after_fork(VCSHIM_AFTER_FORK_IN_PARENT); }
static void after_fork_in_child(void) { after_fork(VCSHIM_AFTER_FORK_IN_CHILD); }

/* Or a child, forked while another thread has a lock, waits for ever. When the library is loaded: with the first call a
 * fork may have begun already, which runs the handlers that it has found. */
__attribute__((constructor)) static void prepare(void)
{
    (void)pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
    vcshim_loaded();
}

int64_t vcshim_ticks(void)
{
    struct timespec now = {0, 0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void *vcshim_take(size_t size) { return malloc(size); }
void vcshim_give_back(void *memory) { free(memory); }

int vcshim_own_folder(char folder[VCSHIM_PATH_MAX])
{
    Dl_info info;
    char *real, *slash;
    if (dladdr(&anchor, &info) == 0 || (real = realpath(info.dli_fname, NULL)) == NULL) return 0;
    slash = strrchr(real, '/');
    if (slash != NULL) *slash = 0;
    snprintf(folder, VCSHIM_PATH_MAX, "%s", real);
    free(real);
    return slash != NULL;
}

static int is_core(struct dl_phdr_info *object, size_t size, void *path)
{
    const char *name = object->dlpi_name, *last = name == NULL ? NULL : strrchr(name, '/');
    (void)size;
    if (last == NULL || strcmp(last, "/" VCSHIM_CORE_FILE) != 0 || strlen(name) >= VCSHIM_PATH_MAX) return 0;
    strcpy(path, name);
    return 1;
}

vcshim_core_call_fn vcshim_load_core(const char *set, char path[VCSHIM_PATH_MAX], unsigned long *error)
{
    union {
        void *plain;
        vcshim_core_call_fn typed;
    } entry = {0};
    union {
        void *plain;
        vcshim_core_fork_fn typed;
    } fork = {0};
    char loaded[VCSHIM_PATH_MAX];
    void *core;
    if (snprintf(path, VCSHIM_PATH_MAX, "%s/" VCSHIM_CORE_FILE, set) >= VCSHIM_PATH_MAX) {
        *error = ENAMETOOLONG;
        return NULL;
    }
    *error = access(path, R_OK) == 0 ? ELIBBAD : (unsigned long)errno;
    pthread_mutex_lock(&loading); /* no fork meanwhile: the child would have half a library */
    /* Two fronts in two folders still share one interpreter: its libraries can be loaded only once under their names. */
    core = dlopen(dl_iterate_phdr(is_core, loaded) ? loaded : path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (core != NULL) {
        entry.plain = dlsym(core, "vcshim_core_call_6");
        fork.plain = dlsym(core, "vcshim_core_fork");
        core_fork = fork.typed;
    }
    pthread_mutex_unlock(&loading);
    return entry.typed;
}

void *vcshim_load_library(const char *path, unsigned long *error)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    *error = library != NULL ? 0 : access(path, R_OK) == 0 ? ELIBBAD : (unsigned long)errno;
    return library;
}

void *vcshim_function_of(void *library, const char *name) { return dlsym(library, name); }

int vcshim_is_own(void *library)
{
    Dl_info self;
    void *own = dladdr(&anchor, &self) == 0 ? NULL : dlopen(self.dli_fname, RTLD_NOW | RTLD_NOLOAD);
    if (own != NULL) dlclose(own);
    return own == library;
}

enum vcshim_memory vcshim_memory_of(const char *text, void *library)
{
    Dl_info info;
    void *of_text = dladdr(text, &info) == 0 ? NULL : dlopen(info.dli_fname, RTLD_NOW | RTLD_NOLOAD);
    uintptr_t here = (uintptr_t)&info, there = (uintptr_t)text;
    if (of_text != NULL) dlclose(of_text);
    if (of_text == library) return VCSHIM_OF_MODULE;
    return there > here - 65536 && there < here + 65536 ? VCSHIM_OF_STACK : VCSHIM_OF_HEAP;
}

int vcshim_is_absolute(const char *path) { return path[0] == '/'; }

int vcshim_decode_path(const char *bytes, int32_t count, int charset, char path[VCSHIM_PATH_MAX])
{
    static const char *const names[] = {
        [VCSHIM_FILE_UTF8] = "UTF-8",
        [VCSHIM_FILE_GBK] = "GB18030",
        [VCSHIM_FILE_UTF16LE] = "UTF-16LE",
        [VCSHIM_FILE_UTF16BE] = "UTF-16BE",
    };
    char *from = (char *)bytes, *to = path;
    size_t from_left = (size_t)count, to_left = VCSHIM_PATH_MAX - 1, failed = (size_t)-1;
    iconv_t converter = iconv_open("UTF-8", names[charset]);
    if (converter == (iconv_t)-1) return 0;
    failed = iconv(converter, &from, &from_left, &to, &to_left);
    iconv_close(converter);
    *to = 0;
    return failed != (size_t)-1;
}

/* `base` and `rest` as a path; 0 for an empty base, which is none. */
static int below(const char *base, const char *rest, char folder[VCSHIM_PATH_MAX])
{
    return base != NULL && *base != 0 && snprintf(folder, VCSHIM_PATH_MAX, "%s%s", base, rest) < VCSHIM_PATH_MAX;
}

int vcshim_data_folder(enum vcshim_data data, char folder[VCSHIM_PATH_MAX])
{
    if (data == VCSHIM_MACHINE_DATA) return below(VCSHIM_MACHINE_FOLDER, "", folder);
    return below(getenv("XDG_STATE_HOME"), "/vcshim", folder) || below(getenv("HOME"), "/.local/state/vcshim", folder);
}

const char *vcshim_pc_name(void)
{
    static char name[VCSHIM_PC_NAME_MAX]; /* under the front's lock */
    if (gethostname(name, sizeof name) != 0) name[0] = 0;
    name[sizeof name - 1] = 0;
    return name;
}

uint32_t vcshim_session(void) { return 0; }

int32_t vcshim_read_file(const char *folder, const char *name, char *bytes, int32_t capacity)
{
    char path[VCSHIM_PATH_MAX + 64];
    ssize_t count;
    int file;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) return errno == ENOENT ? VCSHIM_NO_FILE : VCSHIM_UNREADABLE_FILE;
    count = read(file, bytes, (size_t)capacity);
    close(file);
    return count < 0 ? VCSHIM_UNREADABLE_FILE : (int32_t)count;
}

int vcshim_write_file(const char *folder, const char *name, const char *bytes, int32_t count)
{
    /* NB: without a path on the stack, which may be the host's own and small. */
    int in = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), file, written;
    if (in < 0) return 0;
    file = openat(in, name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0644);
    close(in);
    if (file < 0) return 0;
    written = write(file, bytes, (size_t)count) == count;
    close(file);
    return written;
}

/* One byte read through the kernel, which answers EFAULT where the processor would fault. */
static int readable(const char *address)
{
    char byte;
    struct iovec to = {&byte, 1}, from = {(void *)address, 1};
    return process_vm_readv(getpid(), &to, 1, &from, 1, 0) == 1;
}

int32_t vcshim_text_length(const char *text, int32_t limit)
{
    const uintptr_t page = 4096;
    int32_t length = 0;
    if (text == NULL) return VCSHIM_NULL;
    while (length <= limit) {
        uintptr_t room = page - ((uintptr_t)(text + length) & (page - 1));
        if (!readable(text + length)) return VCSHIM_UNREADABLE;
        for (; room > 0 && length <= limit; room--, length++)
            if (text[length] == 0) return length;
    }
    return VCSHIM_TOO_LONG;
}

int32_t vcshim_writable(char *out, int32_t wanted)
{
    const uintptr_t page = 4096;
    int32_t found = 0;
    if (out == NULL) return 0;
    while (found < wanted) {
        uintptr_t room = page - ((uintptr_t)(out + found) & (page - 1));
        char byte;
        struct iovec ours = {&byte, 1}, theirs = {out + found, 1};
        if (process_vm_readv(getpid(), &ours, 1, &theirs, 1, 0) != 1) break;
        if (process_vm_writev(getpid(), &ours, 1, &theirs, 1, 0) != 1) break;
        found = room > (uintptr_t)(wanted - found) ? wanted : found + (int32_t)room;
    }
    return found;
}

int vcshim_copy_out(char *out, const char *bytes, int32_t count)
{
    struct iovec ours = {(void *)bytes, (size_t)count}, theirs = {out, (size_t)count};
    return process_vm_writev(getpid(), &ours, 1, &theirs, 1, 0) == count;
}

static int encode_utf8(uint32_t c, char bytes[4])
{
    int i, more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    if (more == 0) {
        bytes[0] = (char)c;
    } else {
        bytes[0] = (char)(0xFF00 >> (more + 1) | c >> (6 * more));
        for (i = 1; i <= more; i++) bytes[i] = (char)(0x80 | (c >> (6 * (more - i)) & 0x3F));
    }
    return more + 1;
}

/* A character of our own texts, whatever another thread of a parent was doing; 0 for any other. */
static int encode_ours(uint32_t character, char bytes[4])
{
    size_t low = 0, high = sizeof gb18030_rows / sizeof gb18030_rows[0];
    int count;
    if (character < 0x80) {
        bytes[0] = (char)character;
        return 1;
    }
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (gb18030_rows[middle].character < character) low = middle + 1;
        else high = middle;
    }
    if (low == sizeof gb18030_rows / sizeof gb18030_rows[0] || gb18030_rows[low].character != character) return 0;
    for (count = 0; gb18030_rows[low].bytes[count] != 0; count++) bytes[count] = gb18030_rows[low].bytes[count];
    return count;
}

int vcshim_encode(uint32_t character, enum vcshim_charset charset, char bytes[4])
{
    char *from = (char *)&character, *to = bytes;
    size_t from_left = sizeof character, to_left = 4, failed = (size_t)-1;
    iconv_t converter;
    int ours = charset == VCSHIM_UTF8 ? encode_utf8(character, bytes) : encode_ours(character, bytes);
    if (ours != 0) return ours;
    converter = iconv_open("GB18030", "UCS-4LE");
    if (converter != (iconv_t)-1) {
        failed = iconv(converter, &from, &from_left, &to, &to_left);
        iconv_close(converter);
    }
    if (failed == (size_t)-1) {
        bytes[0] = '?';
        return 1;
    }
    return (int)(to - bytes);
}

char *vcshim_lasting_memory(size_t size) { return malloc(size); }

void vcshim_pin(void)
{
    Dl_info self;
    if (dladdr(&anchor, &self) != 0) (void)dlopen(self.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
}

void vcshim_thread_enter(vcshim_thread_state *state)
{
    state->error = (unsigned long)errno;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state->cancel_state);
}

void vcshim_thread_leave(const vcshim_thread_state *state)
{
    int ours;
    pthread_setcancelstate(state->cancel_state, &ours);
    errno = (int)state->error;
}
