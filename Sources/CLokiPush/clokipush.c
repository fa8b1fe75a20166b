#include "clokipush.h"

#include <stdlib.h>

static void *allocate(void *data, size_t size) {
    clokipush_budget *budget = data;
    if (size > budget->left) return NULL;
    budget->left -= size;
    return malloc(size);
}

static void release(void *data, void *memory) {
    (void)data;
    free(memory);
}

ProtobufCAllocator clokipush_allocator(clokipush_budget *budget) {
    ProtobufCAllocator allocator = {allocate, release, budget};
    return allocator;
}
