/* See memory.h. */
#include "memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct block {
    struct block *next;
    size_t unused; /* keeps what follows aligned */
};

void *pool_take(struct pool *pool, size_t size)
{
    struct block *block = calloc(1, sizeof *block + size);
    if (block == NULL)
        abort();
    block->next = pool->blocks;
    pool->blocks = block;
    return block + 1;
}

char *pool_copy(struct pool *pool, const char *bytes, size_t size)
{
    char *copy = pool_take(pool, size + 1);
    memcpy(copy, bytes, size);
    return copy;
}

void pool_free(struct pool *pool)
{
    while (pool->blocks != NULL) {
        struct block *block = pool->blocks;
        pool->blocks = block->next;
        free(block);
    }
}

struct text text_new(struct pool *pool)
{
    return (struct text){pool, pool_take(pool, 256), 0, 256};
}

void text_add(struct text *text, const char *bytes, size_t size)
{
    if (text->size + size + 1 > text->room) {
        text->room = 2 * (text->size + size + 1);
        char *larger = pool_take(text->pool, text->room);
        memcpy(larger, text->bytes, text->size);
        text->bytes = larger;
    }
    memcpy(text->bytes + text->size, bytes, size);
    text->size += size;
    text->bytes[text->size] = '\0';
}

void text_put(struct text *text, const char *string)
{
    text_add(text, string, strlen(string));
}

void text_print(struct text *text, const char *format, ...)
{
    char line[1024];
    va_list values;
    va_start(values, format);
    vsnprintf(line, sizeof line, format, values);
    va_end(values);
    text_put(text, line);
}
