#define _GNU_SOURCE
#include "Editor.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "CBaseSignals.h"

/// Marks the parts of the prompt that take no place on the screen.
static const char invisible = '\1';

ce_editor *ce_editor_of(EditLine *line) {
    void *editor = NULL;
    el_get(line, EL_CLIENTDATA, &editor);
    return editor;
}

static char *prompt_of(EditLine *line) {
    static char none[] = "";
    ce_editor *editor = ce_editor_of(line);
    return editor != NULL && editor->prompt != NULL ? editor->prompt : none;
}

void ce_press(ce_editor *editor, const char *keys) {
    snprintf(editor->keys, sizeof editor->keys, "%s", keys);
    editor->next_key = 0;
}

/// Draws the line anew from its first row, which is sought at the terminal's present width: terminals wrap what is
/// already there anew.
static void redraw(ce_editor *editor, int is_resized) {
    int above = 0;
    int below = 0;
    ce_measure(editor, ce_columns(STDOUT_FILENO), &above, &below);
    printf("\r");
    if (above > 0) printf("\033[%dA", above);
    printf("\033[J");
    fflush(stdout);
    if (is_resized) el_resize(editor->line);
    el_set(editor->line, EL_REFRESH);
}

/// Where libedit changes a part of a row, it takes half of a wide letter for a whole column and loses its place. A line
/// with such a letter is drawn whole whenever the keys pause.
static void redraw_wide(ce_editor *editor) {
    struct pollfd waiting = {STDIN_FILENO, POLLIN, 0};
    const LineInfoW *info = el_wline(editor->line);
    int is_wide = 0;
    for (const wchar_t *place = info->buffer; place < info->lastchar && !is_wide; place++) is_wide = wcwidth(*place) > 1;
    // A letter that was just deleted leaves its traces too.
    if ((is_wide || editor->was_wide) && poll(&waiting, 1, 0) == 0) redraw(editor, 0);
    editor->was_wide = is_wide;
}

int ce_read_byte(ce_editor *editor, char *byte) {
    for (;;) {
        if (cb_wait(STDIN_FILENO)) {
            if (cb_take_signal(cb_signal_interrupt)) {
                editor->interrupted = 1;
                return -1;
            }
            if (cb_take_signal(cb_signal_continue)) {
                el_set(editor->line, EL_PREP_TERM, 0);
                el_set(editor->line, EL_PREP_TERM, 1);
                el_set(editor->line, EL_REFRESH);
            }
            if (cb_take_signal(cb_signal_resize)) redraw(editor, 1);
            continue;
        }
        const ssize_t got = read(STDIN_FILENO, byte, 1);
        if (got > 0) return 1;
        if (got == 0) return 0;
        if (errno != EINTR && errno != EAGAIN) return 0;
    }
}

/// Reads one character. libedit's own reader tries again after Ctrl-C; this one ends the line.
static int read_character(EditLine *line, wchar_t *result) {
    ce_editor *editor = ce_editor_of(line);
    if (editor->keys[editor->next_key] != '\0') {
        *result = (wchar_t)editor->keys[editor->next_key++];
        return 1;
    }
    redraw_wide(editor);
    mbstate_t state;
    memset(&state, 0, sizeof state);
    for (;;) {
        char byte;
        const int got = ce_read_byte(editor, &byte);
        if (got == 0) return 0;
        if (got < 0) {
            errno = EINTR;
            return -1;
        }
        const size_t used = mbrtowc(result, &byte, 1, &state);
        if (used == (size_t)-2) continue;
        if (used == (size_t)-1) {
            // Not UTF-8: start again with the next byte.
            memset(&state, 0, sizeof state);
            continue;
        }
        if (used == 0) *result = L'\0';
        if (*result >= 0x300 && wcwidth(*result) == 0) {
            // libedit would give a mark that stands over the letter before it a column of its own.
            editor->mark = *result;
            ce_press(editor, CE_KEY_MARK);
            return read_character(line, result);
        }
        return 1;
    }
}

/// Line editing counts characters, so the locale must be a UTF-8 one; numbers keep their C form.
static void use_utf8(void) {
    setlocale(LC_CTYPE, "");
    const char *codeset = nl_langinfo(CODESET);
    if (codeset == NULL || strcmp(codeset, "UTF-8") != 0) setlocale(LC_CTYPE, "C.UTF-8");
}

ce_editor *ce_open(const char *program, ce_owner owner) {
    use_utf8();
    ce_editor *editor = calloc(1, sizeof *editor);
    if (editor == NULL) return NULL;
    editor->owner = owner;
    editor->line = el_init(program, stdin, stdout, stderr);
    editor->history = history_init();
    if (editor->line == NULL || editor->history == NULL) {
        ce_close(editor);
        return NULL;
    }
    HistEvent event;
    history(editor->history, &event, H_SETSIZE, 5000);
    history(editor->history, &event, H_SETUNIQUE, 1);
    EditLine *line = editor->line;
    el_set(line, EL_CLIENTDATA, editor);
    el_set(line, EL_EDITOR, "emacs");
    el_set(line, EL_PROMPT_ESC, prompt_of, invisible);
    el_set(line, EL_HIST, history, editor->history);
    el_set(line, EL_GETCFN, read_character);
    ce_bind_keys(editor);
    el_source(line, NULL);
    return editor;
}

void ce_close(ce_editor *editor) {
    if (editor == NULL) return;
    if (editor->line != NULL) el_end(editor->line);
    if (editor->history != NULL) history_end(editor->history);
    free(editor->prompt);
    free(editor->fill);
    free(editor->pasted);
    free(editor);
}

static void set_prompt(ce_editor *editor, const char *prompt, const char *color) {
    free(editor->prompt);
    editor->prompt = NULL;
    if (color[0] == '\0' || prompt[0] == '\0') {
        editor->prompt = strdup(prompt);
        return;
    }
    // libedit drops a code that no character follows, so the colour ends before the last space.
    const int length = (int)strlen(prompt);
    if (asprintf(
            &editor->prompt, "%c%s%c%.*s%c\033[0m%c%s", invisible, color, invisible, length - 1, prompt, invisible, invisible,
            prompt + length - 1) < 0)
        editor->prompt = NULL;
}

/// The next line of a pasted text, shown behind its prompt as if it had been typed; NULL when the last one is left,
/// which is then what the line to be edited begins with.
static char *next_pasted(ce_editor *editor, ce_request request) {
    if (editor->pasted == NULL) return NULL;
    char *end = strchr(editor->pasted, '\n');
    char *rest = strdup(end != NULL ? end + 1 : editor->pasted);
    char *line = end != NULL ? strndup(editor->pasted, (size_t)(end - editor->pasted)) : NULL;
    free(editor->pasted);
    editor->pasted = NULL;
    if (line == NULL) {
        free(editor->fill);
        editor->fill = rest;
        return NULL;
    }
    editor->pasted = rest;
    printf("%s%s%s%s\n", request.color, request.prompt, request.color[0] != '\0' ? "\033[0m" : "", line);
    return line;
}

enum ce_result ce_read(ce_editor *editor, ce_request request, char **line) {
    *line = next_pasted(editor, request);
    if (*line != NULL) return ce_pasted;
    if (request.text[0] != '\0') {
        free(editor->fill);
        editor->fill = strdup(request.text);
    }
    set_prompt(editor, request.prompt, request.color);
    editor->interrupted = 0;
    editor->was_wide = 0;
    editor->reopened = 0;
    editor->can_reopen = request.can_reopen;
    const int has_text = editor->fill != NULL && editor->fill[0] != '\0';
    ce_press(editor, !has_text ? "" : request.move_up ? CE_KEY_FILL CE_KEY_UP : CE_KEY_FILL);
    // The terminal marks pasted text, so that its lines are not taken for typed ones.
    printf("\033[?2004h");
    fflush(stdout);
    cb_begin_prompt();
    // libedit shows the prompt before it takes the terminal over; what arrives in between would be read by the terminal.
    el_set(editor->line, EL_PREP_TERM, 1);
    int count = 0;
    const char *text = el_gets(editor->line, &count);
    int above = 0;
    int below = 0;
    if (editor->interrupted) ce_measure(editor, ce_columns(STDOUT_FILENO), &above, &below);
    cb_end_prompt();
    if (below > 0) printf("\033[%dB", below);
    printf("\033[?2004l");
    fflush(stdout);
    if (editor->interrupted) {
        free(editor->pasted);
        editor->pasted = NULL;
        return ce_interrupted;
    }
    if (text == NULL || count <= 0) return ce_end;
    size_t length = strlen(text);
    if (length > 0 && text[length - 1] == '\n') length--;
    *line = strndup(text, length);
    if (*line == NULL) return ce_end;
    return editor->reopened ? ce_reopened : editor->pasted != NULL ? ce_pasted : ce_line;
}

void ce_insert(ce_editor *editor, size_t replaced, const char *text) {
    if (replaced > 0) {
        // libedit deletes characters, not bytes.
        const LineInfo *info = el_line(editor->line);
        int characters = 0;
        for (size_t back = 1; back <= replaced && info->cursor - back >= info->buffer; back++)
            if ((info->cursor[-(ptrdiff_t)back] & 0xC0) != 0x80) characters++;
        el_deletestr(editor->line, characters);
    }
    if (text[0] != '\0') el_insertstr(editor->line, text);
}

void ce_show(ce_editor *editor, const char *text) {
    int above = 0;
    int below = 0;
    ce_measure(editor, ce_columns(STDOUT_FILENO), &above, &below);
    if (below > 0) printf("\033[%dB", below);
    printf("\n%s\n", text);
    fflush(stdout);
    editor->shown = 1;
}

void ce_measure(ce_editor *editor, int columns, int *above, int *below) {
    *above = *below = 0;
    if (columns <= 0) return;
    const LineInfoW *info = el_wline(editor->line);
    int row = 0;
    int column = 0;
    int visible = 1;
    for (const char *letter = editor->prompt != NULL ? editor->prompt : ""; *letter != '\0'; letter++) {
        if (*letter == invisible) visible = !visible;
        else if (visible) column++;
    }
    for (const wchar_t *place = info->buffer; place < info->lastchar; place++) {
        if (place == info->cursor) *above = row;
        if (*place == L'\n') {
            row++;
            column = 0;
            continue;
        }
        const int width = *place == L'\t' ? 8 - column % 8 : wcwidth(*place);
        if (column + (width > 0 ? width : 0) > columns) {
            row++;
            column = 0;
        }
        column += width > 0 ? width : 0;
    }
    // A full row leaves the cursor at the start of the next.
    const int last = row + (column >= columns ? 1 : 0);
    if (info->cursor == info->lastchar) *above = last;
    *below = last - *above;
}

static int window(int descriptor, struct winsize *size) {
    return isatty(descriptor) && ioctl(descriptor, TIOCGWINSZ, size) == 0;
}

int ce_columns(int descriptor) {
    struct winsize size;
    return window(descriptor, &size) ? size.ws_col : 0;
}

int ce_rows(int descriptor) {
    struct winsize size;
    return window(descriptor, &size) ? size.ws_row : 0;
}
