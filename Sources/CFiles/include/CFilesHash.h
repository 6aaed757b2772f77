#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A 128-bit hash (XXH3) of bytes that come one part after another.
typedef struct cf_hash cf_hash;

/// NULL when there is no memory.
cf_hash *cf_hash_begin(void);
void cf_hash_add(cf_hash *hash, const void *bytes, size_t count);
/// Writes the sixteen bytes, the most significant first, and frees the hash.
void cf_hash_end(cf_hash *hash, uint8_t *digest);

#ifdef __cplusplus
}
#endif
