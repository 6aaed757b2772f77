#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A 128-bit hash (XXH3) of bytes that come one part after another.
typedef struct cb_hash cb_hash;

/// NULL when there is no memory.
cb_hash *cb_hash_begin(void);
void cb_hash_add(cb_hash *hash, const void *bytes, size_t count);
/// Writes the sixteen bytes, the most significant first, and frees the hash.
void cb_hash_end(cb_hash *hash, uint8_t *digest);

#ifdef __cplusplus
}
#endif
