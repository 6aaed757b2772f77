#include "CFilesGzip.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

static void describe(gzFile file, char *message, size_t message_size) {
    int code = Z_OK;
    const char *text = file ? gzerror(file, &code) : NULL;
    if (!text || code == Z_ERRNO || !*text) text = strerror(errno);
    snprintf(message, message_size, "%s", text);
}

cf_stream *cf_stream_open(const char *path, char *message, size_t message_size) {
    errno = 0;
    gzFile file = gzopen(path, "rb");
    if (!file) {
        snprintf(message, message_size, "%s", errno ? strerror(errno) : "not enough memory");
        return NULL;
    }
    gzbuffer(file, 1 << 17);
    return (cf_stream *)file;
}

int cf_stream_is_plain(cf_stream *stream) { return gzdirect((gzFile)stream); }

int64_t cf_stream_read(cf_stream *stream, void *bytes, size_t count, char *message, size_t message_size) {
    gzFile file = (gzFile)stream;
    size_t done = 0;
    while (done < count) {
        size_t wanted = count - done;
        if (wanted > (1u << 30)) wanted = 1u << 30;
        int got = gzread(file, (char *)bytes + done, (unsigned)wanted);
        if (got < 0) {
            describe(file, message, message_size);
            return -1;
        }
        if (got == 0) break;
        done += (size_t)got;
    }
    return (int64_t)done;
}

int cf_stream_is_cut(cf_stream *stream) {
    int code = Z_OK;
    gzerror((gzFile)stream, &code);
    return code == Z_BUF_ERROR;
}

void cf_stream_close(cf_stream *stream) {
    if (stream) gzclose_r((gzFile)stream);
}

static int write_plain(
    const char *path, const void *const *parts, const size_t *sizes, size_t count, char *message,
    size_t message_size) {
    FILE *file = fopen(path, "wb");
    int good = file != NULL;
    for (size_t index = 0; good && index < count; index++)
        good = sizes[index] == 0 || fwrite(parts[index], 1, sizes[index], file) == sizes[index];
    int failure = errno;
    if (file && fclose(file) != 0 && good) {
        failure = errno;
        good = 0;
    }
    if (!good) snprintf(message, message_size, "%s", strerror(failure));
    return good ? 0 : -1;
}

int cf_stream_write_file(
    const char *path, int level, const void *const *parts, const size_t *sizes, size_t count, char *message,
    size_t message_size) {
    if (level <= 0) return write_plain(path, parts, sizes, count, message, message_size);
    char mode[4] = {'w', 'b', (char)('0' + (level > 9 ? 9 : level)), 0};
    errno = 0;
    gzFile file = gzopen(path, mode);
    if (!file) {
        snprintf(message, message_size, "%s", errno ? strerror(errno) : "not enough memory");
        return -1;
    }
    gzbuffer(file, 1 << 17);
    for (size_t index = 0; index < count; index++) {
        const char *from = parts[index];
        size_t left = sizes[index];
        while (left > 0) {
            unsigned now = left > (1u << 30) ? (1u << 30) : (unsigned)left;
            if (gzwrite(file, from, now) != (int)now) {
                describe(file, message, message_size);
                gzclose_w(file);
                return -1;
            }
            from += now;
            left -= now;
        }
    }
    int code = gzclose_w(file);
    if (code != Z_OK) {
        snprintf(message, message_size, "%s", code == Z_ERRNO ? strerror(errno) : "the compressor failed");
        return -1;
    }
    return 0;
}
