#include "CFilesHash.h"

#include <string.h>
#include <xxhash.h>

cf_hash *cf_hash_begin(void) {
    XXH3_state_t *state = XXH3_createState();
    if (state) XXH3_128bits_reset(state);
    return (cf_hash *)state;
}

void cf_hash_add(cf_hash *hash, const void *bytes, size_t count) {
    if (count > 0) XXH3_128bits_update((XXH3_state_t *)hash, bytes, count);
}

void cf_hash_end(cf_hash *hash, uint8_t *digest) {
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest((XXH3_state_t *)hash));
    memcpy(digest, canonical.digest, sizeof canonical.digest);
    XXH3_freeState((XXH3_state_t *)hash);
}
