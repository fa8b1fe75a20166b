// The push messages, and an allocator for protobuf-c that stops at a budget: a hostile message of a few bytes can
// otherwise make it allocate many times its size.
#ifndef CLOKIPUSH_H
#define CLOKIPUSH_H

#include "push.pb-c.h"

/// What may still be allocated, in bytes.
typedef struct {
    size_t left;
} clokipush_budget;

/// An allocator that fails once `budget` is used up. The budget must outlive everything allocated.
ProtobufCAllocator clokipush_allocator(clokipush_budget *_Nonnull budget);

#endif
