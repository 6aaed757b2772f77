// How the process keeps and gives back memory.

#include <limits.h>
#include <malloc.h>

#include "CBaseMemory.h"

/// Freed memory stays with the process, up to 2 GB at the heap's end: a training step frees and asks for the same
/// sizes again, and fetching pages anew from the system costs an eighth of the step. Before any thread starts, because
/// a thread keeps the arena that it began with.
__attribute__((constructor)) static void keep_freed_memory(void) {
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, INT_MAX);
}

void cb_return_memory(void) { malloc_trim(0); }
