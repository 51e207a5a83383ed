/* system.h on Linux. */
#define _GNU_SOURCE
#include "system.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { ABOVE_STANDARD_HANDLES = 10 };

struct start {
    system_work *work;
    void *context;
    unsigned index;
    pthread_barrier_t *released;
};

static int result_file = -1;

void *system_load(const char *path, unsigned *error)
{
    *error = 0;
    return dlopen(path, RTLD_NOW | RTLD_LOCAL);
}

void *system_symbol(void *library, const char *name)
{
    return dlsym(library, name);
}

void system_unload(void *library)
{
    dlclose(library);
}

bool system_chdir(const char *path)
{
    return chdir(path) == 0;
}

char *system_cwd(void)
{
    return getcwd(NULL, 0);
}

void system_set_error(unsigned error)
{
    errno = (int)error;
}

unsigned system_error(void)
{
    return (unsigned)errno;
}

const char *system_kind_of_memory(const void *memory)
{
    (void)memory;
    return "n/a";
}

char *system_read_file(const char *path)
{
    struct stat status;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return NULL;
    char *text = fstat(file, &status) == 0 ? calloc((size_t)status.st_size + 1, 1) : NULL;
    if (text != NULL && read(file, text, (size_t)status.st_size) != status.st_size) {
        free(text);
        text = NULL;
    }
    close(file);
    return text;
}

bool system_result_open(const char *path)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0644);
    result_file = fcntl(file, F_DUPFD_CLOEXEC, ABOVE_STANDARD_HANDLES);
    close(file);
    return result_file >= 0;
}

void system_result_write(const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t written = write(result_file, bytes, size);
        if (written <= 0)
            return;
        bytes += written;
        size -= (size_t)written;
    }
}

void system_close_standard_handles(void)
{
    for (int file = 0; file <= 2; file++)
        close(file);
}

void system_set_standard_handles(bool null)
{
    (void)null;
}

uint64_t system_microseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

void system_sleep(unsigned milliseconds)
{
    struct timespec rest = {milliseconds / 1000, (long)(milliseconds % 1000) * 1000000};
    while (nanosleep(&rest, &rest) != 0)
        ;
}

void system_exit(int code)
{
    exit(code);
}

size_t system_page_size(void)
{
    return (size_t)sysconf(_SC_PAGESIZE);
}

void *system_pages(size_t size)
{
    void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return pages == MAP_FAILED ? NULL : pages;
}

bool system_protect(void *pages, size_t size, enum system_access access)
{
    static const int flags[] = {PROT_READ | PROT_WRITE, PROT_READ, PROT_NONE};
    return mprotect(pages, size, flags[access]) == 0;
}

void system_pages_free(void *pages, size_t size)
{
    munmap(pages, size);
}

static void *thread_main(void *parameter)
{
    struct start start = *(struct start *)parameter;
    free(parameter);
    if (start.released != NULL)
        pthread_barrier_wait(start.released);
    start.work(start.context, start.index);
    return NULL;
}

static bool start_thread(pthread_t *thread, system_work *work, void *context, unsigned index,
                         pthread_barrier_t *released)
{
    struct start *start = malloc(sizeof *start);
    if (start == NULL)
        return false;
    *start = (struct start){work, context, index, released};
    return pthread_create(thread, NULL, thread_main, start) == 0;
}

bool system_run_threads(unsigned count, system_work *work, void *context)
{
    pthread_barrier_t released;
    pthread_t *threads = calloc(count, sizeof *threads);
    if (threads == NULL || pthread_barrier_init(&released, NULL, count) != 0)
        return false;
    for (unsigned i = 0; i < count; i++) {
        if (!start_thread(&threads[i], work, context, i, &released))
            return false; /* those waiting at the barrier end with the process: the script has failed */
    }
    for (unsigned i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&released);
    free(threads);
    return true;
}

bool system_start_thread(system_work *work, void *context)
{
    pthread_t thread;
    return start_thread(&thread, work, context, 0, NULL) && pthread_detach(thread) == 0;
}

uintptr_t system_this_thread(void)
{
    return (uintptr_t)syscall(SYS_gettid);
}

bool system_thread_waits(uintptr_t thread)
{
    char path[64], line[256];
    snprintf(path, sizeof path, "/proc/self/task/%lu/stat", (unsigned long)thread);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t size = file < 0 ? 0 : read(file, line, sizeof line - 1);
    if (file >= 0)
        close(file);
    line[size > 0 ? size : 0] = 0;
    const char *name_end = strrchr(line, ')'); /* before it is the program's name, after it the state */
    return name_end != NULL && strncmp(name_end, ") S", 3) == 0;
}
