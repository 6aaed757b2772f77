#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A file that is read through zlib when it starts like gzip, and as it is otherwise.
typedef struct cf_stream cf_stream;

cf_stream *cf_stream_open(const char *path, char *message, size_t message_size);
/// Non-zero when the file is not compressed.
int cf_stream_is_plain(cf_stream *stream);
/// Reads up to `count` bytes. Returns how many came (fewer only at the end), or -1 when the data are damaged.
int64_t cf_stream_read(cf_stream *stream, void *bytes, size_t count, char *message, size_t message_size);
/// Non-zero when reading came to the end of the file inside the compressed data.
int cf_stream_is_cut(cf_stream *stream);
void cf_stream_close(cf_stream *stream);

/// Writes `count` parts one after another, as gzip when `level` is 1...9 and plain when it is 0. Returns 0 or -1.
int cf_stream_write_file(
    const char *path, int level, const void *const *parts, const size_t *sizes, size_t count, char *message,
    size_t message_size);

#ifdef __cplusplus
}
#endif
