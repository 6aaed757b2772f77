#include "CBaseHash.h"

#include <string.h>
#include <xxhash.h>

cb_hash *cb_hash_begin(void) {
    XXH3_state_t *state = XXH3_createState();
    if (state) XXH3_128bits_reset(state);
    return (cb_hash *)state;
}

void cb_hash_add(cb_hash *hash, const void *bytes, size_t count) {
    if (count > 0) XXH3_128bits_update((XXH3_state_t *)hash, bytes, count);
}

void cb_hash_end(cb_hash *hash, uint8_t *digest) {
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest((XXH3_state_t *)hash));
    memcpy(digest, canonical.digest, sizeof canonical.digest);
    XXH3_freeState((XXH3_state_t *)hash);
}
