/* getenvspy.c - for LD_PRELOAD: writes down every environment variable that is asked for by name, and by which library.
 *
 * A line is "name<TAB>file of the caller", appended to the file that GETENVSPY names. It sees calls of getenv and
 * secure_getenv between libraries; what the C library asks itself, and who walks `environ`, it does not see.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

static const char *look_up(const char *name)
{
    size_t length = strlen(name);
    char **row;
    for (row = environ; row != NULL && *row != NULL; row++) {
        if (strncmp(*row, name, length) == 0 && (*row)[length] == '=') return *row + length + 1;
    }
    return NULL;
}

static void record(const char *name, const void *caller)
{
    char line[1024];
    Dl_info info;
    const char *path = look_up("GETENVSPY"), *file = "?";
    int descriptor, length;
    if (path == NULL || (descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600)) < 0) return;
    if (dladdr(caller, &info) != 0 && info.dli_fname != NULL) file = info.dli_fname;
    length = snprintf(line, sizeof line, "%s\t%s\n", name, file);
    if (length > 0 && length < (int)sizeof line && write(descriptor, line, (size_t)length) != length) _exit(99);
    close(descriptor);
}

char *getenv(const char *name)
{
    record(name, __builtin_return_address(0));
    return (char *)look_up(name);
}

char *secure_getenv(const char *name)
{
    record(name, __builtin_return_address(0));
    return (char *)look_up(name);
}
