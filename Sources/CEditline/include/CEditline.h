#pragma once

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A line editor on the process's terminal, with history and completion.
typedef struct ce_editor ce_editor;

/// What `ce_read` found.
enum ce_result {
    ce_line = 0,
    ce_end = 1,
    ce_interrupted = 2,
};

/// Called when Tab is pressed: the line so far and the cursor's byte offset in it. It may call `ce_insert` and
/// `ce_show` on the editor.
typedef void (*ce_completion)(void *context, ce_editor *editor, const char *line, size_t cursor);

/// Opens the editor on standard input and output; NULL when the terminal cannot be used.
ce_editor *ce_open(const char *program);
void ce_close(ce_editor *editor);

/// Reads one line, without its newline, in UTF-8; `*line` is then to be freed by the caller, and NULL otherwise.
/// `color` is an escape sequence sent before the prompt's text and undone before its last character, or empty.
enum ce_result ce_read(ce_editor *editor, const char *prompt, const char *color, char **line);

void ce_set_completion(ce_editor *editor, ce_completion completion, void *context);
/// Puts text in at the cursor, in place of `replaced` bytes before it.
void ce_insert(ce_editor *editor, size_t replaced, const char *text);
/// Prints text under the line; the line is drawn anew afterwards.
void ce_show(ce_editor *editor, const char *text);

void ce_add_history(ce_editor *editor, const char *line);
/// 0 when the file was read.
int ce_load_history(ce_editor *editor, const char *path);
/// 0 when the file was written. The file appears complete or not at all, and only its owner can read it.
int ce_save_history(ce_editor *editor, const char *path);

/// Makes Ctrl-C set `*flag` to 1 instead of ending the process; NULL ignores it (the prompt does so while it reads).
/// The flag must live as long as the process.
void rs4_install_interrupt(volatile int *flag);
/// Gives Ctrl-C its usual meaning back.
void rs4_remove_interrupt(void);

/// Columns of the terminal behind a file descriptor; 0 when there is none.
int ce_columns(int descriptor);

#ifdef __cplusplus
}
#endif
