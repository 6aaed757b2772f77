#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "Editor.h"

/// A file of this size is cut to the inputs that are kept in memory.
static const off_t largest_file = 4 << 20;

void ce_add_history(ce_editor *editor, const char *line) {
    HistEvent event;
    history(editor->history, &event, H_ENTER, line);
}

/// Writes the history under a temporary name and renames it.
static void rewrite(ce_editor *editor, const char *path) {
    char *temporary = NULL;
    if (asprintf(&temporary, "%s.%d.partial", path, (int)getpid()) < 0) return;
    const mode_t before = umask(077);
    HistEvent event;
    const int failed = history(editor->history, &event, H_SAVE, temporary) < 0;
    umask(before);
    if (failed || rename(temporary, path) != 0) unlink(temporary);
    free(temporary);
}

int ce_load_history(ce_editor *editor, const char *path) {
    HistEvent event;
    if (history(editor->history, &event, H_LOAD, path) < 0) return 1;
    struct stat status;
    if (stat(path, &status) == 0 && status.st_size > largest_file) rewrite(editor, path);
    return 0;
}

/// The line as libedit's own files hold it: a first line that names the format, then the line with its blanks encoded.
static char *encoded(const char *line, size_t *length) {
    // libedit writes to a file that has a descriptor.
    FILE *file = tmpfile();
    History *single = history_init();
    char *text = NULL;
    HistEvent event;
    if (file != NULL && single != NULL && history(single, &event, H_SETSIZE, 1) == 0 && history(single, &event, H_ENTER, line) >= 0
        && history(single, &event, H_SAVE_FP, file) >= 0 && fflush(file) == 0)
    {
        const long size = ftell(file);
        rewind(file);
        text = size > 0 ? malloc((size_t)size + 1) : NULL;
        if (text != NULL) {
            *length = fread(text, 1, (size_t)size, file);
            text[*length] = '\0';
        }
    }
    if (single != NULL) history_end(single);
    if (file != NULL) fclose(file);
    return text;
}

int ce_append_history(const char *path, const char *line) {
    size_t length = 0;
    char *text = encoded(line, &length);
    if (text == NULL) return 1;
    const int file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    int failed = file < 0;
    if (!failed) {
        // A new file needs the line that names the format.
        struct stat status;
        const char *start = text;
        if (fstat(file, &status) == 0 && status.st_size > 0) {
            const char *end = strchr(text, '\n');
            if (end != NULL) start = end + 1;
        }
        const size_t count = length - (size_t)(start - text);
        failed = write(file, start, count) != (ssize_t)count;
        if (close(file) != 0) failed = 1;
    }
    free(text);
    return failed;
}
