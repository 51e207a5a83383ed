/* Memory of one call: blocks that are freed together, and a text that grows. Any thread, one pool a call. */
#ifndef VENDOR_MEMORY_H
#define VENDOR_MEMORY_H

#include <stddef.h>

struct pool {
    struct block *blocks;
};

struct text {
    struct pool *pool;
    char *bytes; /* with a NUL after `size` of them */
    size_t size, room;
};

void *pool_take(struct pool *pool, size_t size); /* zeroed; ends the process without memory */
char *pool_copy(struct pool *pool, const char *bytes, size_t size);
void pool_free(struct pool *pool);

struct text text_new(struct pool *pool);
void text_add(struct text *text, const char *bytes, size_t size);
void text_put(struct text *text, const char *string);
__attribute__((format(printf, 2, 3))) void text_print(struct text *text, const char *format, ...);

#endif
