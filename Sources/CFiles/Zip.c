#include "CFilesZip.h"

#include <stdio.h>
#include <string.h>
#include <zip.h>

cf_zip *cf_zip_open(const char *path, char *message, size_t message_size) {
    int code = 0;
    zip_t *archive = zip_open(path, ZIP_RDONLY, &code);
    if (!archive) {
        zip_error_t error;
        zip_error_init_with_code(&error, code);
        snprintf(message, message_size, "%s", zip_error_strerror(&error));
        zip_error_fini(&error);
    }
    return (cf_zip *)archive;
}

int64_t cf_zip_count(cf_zip *archive) { return zip_get_num_entries((zip_t *)archive, 0); }

int cf_zip_describe(cf_zip *archive, int64_t index, cf_zip_entry *entry, char *message, size_t message_size) {
    zip_stat_t stat;
    zip_stat_init(&stat);
    if (zip_stat_index((zip_t *)archive, (zip_uint64_t)index, 0, &stat) != 0) {
        snprintf(message, message_size, "%s", zip_strerror((zip_t *)archive));
        return -1;
    }
    if (!(stat.valid & ZIP_STAT_NAME) || !(stat.valid & ZIP_STAT_SIZE) || !(stat.valid & ZIP_STAT_COMP_SIZE)) {
        snprintf(message, message_size, "entry %lld has no name or no size", (long long)index);
        return -1;
    }
    entry->name = stat.name;
    entry->size = stat.size;
    entry->stored_size = stat.comp_size;
    return 0;
}

int cf_zip_read(cf_zip *archive, int64_t index, void *bytes, size_t count, char *message, size_t message_size) {
    zip_file_t *file = zip_fopen_index((zip_t *)archive, (zip_uint64_t)index, 0);
    if (!file) {
        snprintf(message, message_size, "%s", zip_strerror((zip_t *)archive));
        return -1;
    }
    size_t done = 0;
    zip_int64_t got = 1;
    while (done < count && got > 0) {
        size_t wanted = count - done;
        if (wanted > (1u << 30)) wanted = 1u << 30;
        got = zip_fread(file, (char *)bytes + done, wanted);
        if (got > 0) done += (size_t)got;
    }
    int result = 0;
    if (got < 0) {
        snprintf(message, message_size, "%s", zip_file_strerror(file));
        result = -1;
    } else if (done < count) {
        snprintf(message, message_size, "the entry ends after %zu of %zu bytes", done, count);
        result = -1;
    } else {
        // One more read reaches the end of the entry, where libzip compares the checksum.
        char extra;
        zip_stat_t stat;
        zip_stat_init(&stat);
        if (zip_stat_index((zip_t *)archive, (zip_uint64_t)index, 0, &stat) == 0 && stat.size == count
            && zip_fread(file, &extra, 1) < 0) {
            snprintf(message, message_size, "%s", zip_file_strerror(file));
            result = -1;
        }
    }
    zip_fclose(file);
    return result;
}

void cf_zip_close(cf_zip *archive) {
    if (archive) zip_discard((zip_t *)archive);
}

int cf_zip_write_file(
    const char *path, int deflated, const char *const *names, const void *const *parts, const size_t *sizes,
    size_t count, char *message, size_t message_size) {
    int code = 0;
    zip_t *archive = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &code);
    if (!archive) {
        zip_error_t error;
        zip_error_init_with_code(&error, code);
        snprintf(message, message_size, "%s", zip_error_strerror(&error));
        zip_error_fini(&error);
        return -1;
    }
    for (size_t index = 0; index < count; index++) {
        zip_source_t *source = zip_source_buffer(archive, parts[index], sizes[index], 0);
        zip_int64_t place = source ? zip_file_add(archive, names[index], source, ZIP_FL_ENC_UTF_8) : -1;
        if (place < 0
            || zip_set_file_compression(
                   archive, (zip_uint64_t)place, deflated ? ZIP_CM_DEFLATE : ZIP_CM_STORE, deflated ? 6 : 0)
                != 0) {
            snprintf(message, message_size, "%s", zip_strerror(archive));
            if (source && place < 0) zip_source_free(source);
            zip_discard(archive);
            return -1;
        }
    }
    if (zip_close(archive) != 0) {
        snprintf(message, message_size, "%s", zip_strerror(archive));
        zip_discard(archive);
        return -1;
    }
    return 0;
}
