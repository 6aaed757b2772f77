#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A zip archive open for reading.
typedef struct cf_zip cf_zip;

typedef struct {
    /// Belongs to the archive; valid until it is closed.
    const char *name;
    uint64_t size;
    uint64_t stored_size;
} cf_zip_entry;

cf_zip *cf_zip_open(const char *path, char *message, size_t message_size);
int64_t cf_zip_count(cf_zip *archive);
int cf_zip_describe(cf_zip *archive, int64_t index, cf_zip_entry *entry, char *message, size_t message_size);
/// Reads exactly `count` bytes from the start of an entry, and checks its checksum when that is the whole entry.
/// Returns 0 or -1.
int cf_zip_read(cf_zip *archive, int64_t index, void *bytes, size_t count, char *message, size_t message_size);
void cf_zip_close(cf_zip *archive);

/// Writes a new archive of `count` entries, stored or deflated. Returns 0 or -1.
int cf_zip_write_file(
    const char *path, int deflated, const char *const *names, const void *const *parts, const size_t *sizes,
    size_t count, char *message, size_t message_size);

#ifdef __cplusplus
}
#endif
