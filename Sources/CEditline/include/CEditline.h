#pragma once

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A line editor on the process's terminal, with history and completion. A line may hold newlines: an input of several
/// lines comes back from the history as one, and is edited as one.
typedef struct ce_editor ce_editor;

/// What `ce_read` found.
enum ce_result {
    /// A line that someone ended with Enter.
    ce_line = 0,
    ce_end = 1,
    ce_interrupted = 2,
    /// A line out of the middle of a pasted text; the rest follows.
    ce_pasted = 3,
    /// The line so far; someone wants to go back to the lines before it.
    ce_reopened = 4,
};

/// What the editor asks of its owner. Texts it is given are UTF-8; texts it returns are to be made with `malloc`.
typedef struct {
    void *context;
    /// Tab was pressed: the line so far and the cursor's byte offset in it. It may call `ce_insert` and `ce_show`.
    void (*complete)(void *context, ce_editor *editor, const char *line, size_t cursor);
    /// Enter was pressed in a line of several lines: what to insert instead of ending it, or NULL to end it.
    char *(*proceed)(void *context, const char *line, size_t cursor);
    /// What to make of a pasted text before it is taken.
    char *(*clean)(void *context, const char *text);
    /// The one letter that a letter and a combining mark make, 0 when there is none.
    unsigned (*compose)(unsigned letter, unsigned mark);
} ce_owner;

/// How a line is to be read.
typedef struct {
    const char *prompt;
    /// An escape sequence sent before the prompt's text and undone before its last character, or empty.
    const char *color;
    /// What the line holds at first, the cursor behind it, or with `move_up` in the line above its last.
    const char *text;
    int move_up;
    /// Whether Up on the first line gives `ce_reopened` instead of older lines.
    int can_reopen;
} ce_request;

/// Opens the editor on standard input and output; NULL when the terminal cannot be used.
ce_editor *ce_open(const char *program, ce_owner owner);
void ce_close(ce_editor *editor);

/// Reads one line, without its newline, in UTF-8; `*line` is then to be freed by the caller, and NULL otherwise.
enum ce_result ce_read(ce_editor *editor, ce_request request, char **line);

/// Puts text in at the cursor, in place of `replaced` bytes before it.
void ce_insert(ce_editor *editor, size_t replaced, const char *text);
/// Prints text under the line; the line is drawn anew afterwards.
void ce_show(ce_editor *editor, const char *text);

void ce_add_history(ce_editor *editor, const char *line);
/// 0 when the file was read. A file that has grown far beyond what is kept is written anew, shorter.
int ce_load_history(ce_editor *editor, const char *path);
/// Adds one line to the file, which only its owner can read; other sessions may add theirs. 0 when it was written.
int ce_append_history(const char *path, const char *line);

/// Columns of the terminal behind a file descriptor; 0 when there is none.
int ce_columns(int descriptor);
/// Rows of the terminal behind a file descriptor; 0 when there is none.
int ce_rows(int descriptor);

#ifdef __cplusplus
}
#endif
