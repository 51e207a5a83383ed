/* Registrations on Linux: functions of the C library that only add to a list nobody can read. The program defines them
 * itself, so that every library's calls come here first; each is passed on to the C library.
 *
 * Built with -rdynamic, or the libraries would not see these. See inventory.h.
 */
#define _GNU_SOURCE
#include "inventory.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind { AT_EXIT, AT_FORK, THREAD_KEY, KIND_COUNT };

static const char *const items[KIND_COUNT] = {"exit handlers", "fork handlers", "thread-specific keys"};

static struct {
    enum kind kind;
    bool there;
    pthread_key_t key;
    char module[REGISTRATION_SIZE];
} list[REGISTRATIONS_MAX];
static unsigned count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void add(enum kind kind, const void *address, pthread_key_t key)
{
    Dl_info info;
    bool known = dladdr(address, &info) != 0;
    const char *slash = known ? strrchr(info.dli_fname, '/') : NULL;
    pthread_mutex_lock(&lock);
    if (count < REGISTRATIONS_MAX) {
        list[count].kind = kind;
        list[count].there = true;
        list[count].key = key;
        snprintf(list[count].module, REGISTRATION_SIZE, "%s",
                 !known ? "?" : slash == NULL ? info.dli_fname : slash + 1);
        count++;
    }
    pthread_mutex_unlock(&lock);
}

static void *real(const char *name)
{
    void *function = dlsym(RTLD_NEXT, name);
    if (function == NULL)
        abort();
    return function;
}

int __cxa_atexit(void (*function)(void *), void *argument, void *module);
int __register_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void), void *module);

int __cxa_atexit(void (*function)(void *), void *argument, void *module)
{
    int (*next)(void (*)(void *), void *, void *);
    *(void **)&next = real("__cxa_atexit");
    add(AT_EXIT, module == NULL ? __builtin_return_address(0) : module, 0);
    return next(function, argument, module);
}

int __register_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void), void *module)
{
    int (*next)(void (*)(void), void (*)(void), void (*)(void), void *);
    *(void **)&next = real("__register_atfork");
    add(AT_FORK, module == NULL ? __builtin_return_address(0) : module, 0);
    return next(prepare, parent, child, module);
}

int pthread_key_create(pthread_key_t *key, void (*destructor)(void *))
{
    int (*next)(pthread_key_t *, void (*)(void *));
    *(void **)&next = real("pthread_key_create");
    int result = next(key, destructor);
    if (result == 0)
        add(THREAD_KEY, __builtin_return_address(0), *key);
    return result;
}

int pthread_key_delete(pthread_key_t key)
{
    int (*next)(pthread_key_t);
    *(void **)&next = real("pthread_key_delete");
    pthread_mutex_lock(&lock);
    for (unsigned i = 0; i < count; i++) {
        if (list[i].kind == THREAD_KEY && list[i].there && list[i].key == key)
            list[i].there = false;
    }
    pthread_mutex_unlock(&lock);
    return next(key);
}

/* The smallest stack that a library has given to a thread; the host's own are not counted. */
static size_t smallest_stack = SIZE_MAX;

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*function)(void *), void *argument)
{
    int (*next)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    pthread_attr_t usual;
    size_t size = 0;
    Dl_info caller, host;
    *(void **)&next = real("pthread_create");
    pthread_getattr_default_np(&usual);
    pthread_attr_getstacksize(attributes == NULL ? &usual : attributes, &size);
    pthread_attr_destroy(&usual);
    if (dladdr(__builtin_return_address(0), &caller) != 0 && dladdr((void *)registrations_record, &host) != 0 &&
        caller.dli_fbase != host.dli_fbase && size < smallest_stack)
        smallest_stack = size;
    return next(thread, attributes, function, argument);
}

bool registrations_prepare(void)
{
    return true;
}

void registrations_record(void)
{
    for (enum kind kind = 0; kind < KIND_COUNT; kind++) {
        inventory_begin(items[kind]);
        for (unsigned i = 0; i < count; i++) {
            if (list[i].kind == kind && list[i].there)
                inventory_member("%s", list[i].module);
        }
        inventory_end();
    }
    inventory_value("figure.smallest stack of a thread", "%zu", smallest_stack == SIZE_MAX ? 0 : smallest_stack);
}
