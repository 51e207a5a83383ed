/* smallstack.h on Linux. Below each stack lies a page that no access is allowed to. */
#define _GNU_SOURCE
#include "smallstack.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>

enum { FIBRES_MAX = 16 };

struct stack {
    char *memory; /* of the page below */
    size_t size;
};

static bool make_stack(size_t bytes, struct stack *stack)
{
    size_t page = system_page_size();
    stack->size = bytes;
    stack->memory = system_pages(bytes + page);
    return stack->memory != NULL && system_protect(stack->memory, page, SYSTEM_NO_ACCESS);
}

static void *bottom(const struct stack *stack)
{
    return stack->memory + system_page_size();
}

static void drop_stack(struct stack *stack)
{
    system_pages_free(stack->memory, stack->size + system_page_size());
}

struct task {
    system_work *work;
    void *context;
};

/* ---- threads ---- */

static void *thread_main(void *parameter)
{
    const struct task *task = parameter;
    task->work(task->context, 0);
    return NULL;
}

bool smallstack_on_thread(size_t bytes, system_work *work, void *context)
{
    struct task task = {work, context};
    struct stack stack;
    pthread_attr_t attributes;
    pthread_t thread;
    if (!make_stack(bytes, &stack) || pthread_attr_init(&attributes) != 0)
        return false;
    bool started = pthread_attr_setstack(&attributes, bottom(&stack), stack.size) == 0 &&
                   pthread_create(&thread, &attributes, thread_main, &task) == 0;
    if (started)
        pthread_join(thread, NULL);
    pthread_attr_destroy(&attributes);
    drop_stack(&stack);
    return started;
}

size_t smallstack_left(void)
{
    pthread_attr_t attributes;
    void *address = NULL;
    size_t size = 0;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0)
        return 0;
    pthread_attr_getstack(&attributes, &address, &size);
    pthread_attr_destroy(&attributes);
    return (size_t)((char *)__builtin_frame_address(0) - (char *)address);
}

/* ---- fibres ---- */

static struct {
    ucontext_t scheduler, fibres[FIBRES_MAX];
    struct task task;
    unsigned rounds;
} contexts;

static void fibre_main(int index)
{
    for (unsigned round = 0; round < contexts.rounds; round++) {
        contexts.task.work(contexts.task.context, (unsigned)index);
        swapcontext(&contexts.fibres[index], &contexts.scheduler);
    }
}

static bool make_fibre(unsigned index, const struct stack *stack)
{
    ucontext_t *fibre = &contexts.fibres[index];
    if (getcontext(fibre) != 0)
        return false;
    fibre->uc_stack.ss_sp = bottom(stack);
    fibre->uc_stack.ss_size = stack->size;
    fibre->uc_link = &contexts.scheduler;
    makecontext(fibre, (void (*)(void))fibre_main, 1, (int)index);
    return true;
}

bool smallstack_on_fibres(unsigned count, size_t bytes, unsigned rounds, system_work *work, void *context)
{
    struct stack stacks[FIBRES_MAX];
    if (count == 0 || count > FIBRES_MAX)
        return false;
    contexts.task = (struct task){work, context};
    contexts.rounds = rounds;
    for (unsigned i = 0; i < count; i++) {
        if (!make_stack(bytes, &stacks[i]) || !make_fibre(i, &stacks[i]))
            return false;
    }
    for (unsigned round = 0; round < rounds; round++) {
        for (unsigned i = 0; i < count; i++)
            swapcontext(&contexts.scheduler, &contexts.fibres[i]);
    }
    for (unsigned i = 0; i < count; i++)
        drop_stack(&stacks[i]);
    return true;
}

/* ---- a signal handler ---- */

static struct task in_handler;

static void handle(int number)
{
    (void)number;
    in_handler.work(in_handler.context, 0);
}

bool smallstack_in_handler(size_t bytes, system_work *work, void *context)
{
    struct sigaction action = {.sa_handler = handle, .sa_flags = SA_ONSTACK}, before;
    struct stack stack;
    stack_t alternate = {0}, former;
    if (!make_stack(bytes, &stack))
        return false;
    in_handler = (struct task){work, context};
    alternate.ss_sp = bottom(&stack);
    alternate.ss_size = bytes;
    if (sigaltstack(&alternate, &former) != 0 || sigaction(SIGUSR1, &action, &before) != 0)
        return false;
    raise(SIGUSR1);
    sigaction(SIGUSR1, &before, NULL);
    sigaltstack(&former, NULL);
    drop_stack(&stack);
    return true;
}
