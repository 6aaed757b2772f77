#define _GNU_SOURCE
#include "CEditline.h"

#include <errno.h>
#include <histedit.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wchar.h>

#include "Signals.h"

struct ce_editor {
    EditLine *line;
    History *history;
    char *prompt;
    ce_completion completion;
    void *context;
    int interrupted;
    int shown;
};

/// Marks the parts of the prompt that take no place on the screen.
static const char invisible = '\1';

static ce_editor *editor_of(EditLine *line) {
    void *editor = NULL;
    el_get(line, EL_CLIENTDATA, &editor);
    return editor;
}

static char *prompt_of(EditLine *line) {
    static char none[] = "";
    ce_editor *editor = editor_of(line);
    return editor != NULL && editor->prompt != NULL ? editor->prompt : none;
}

/// Reads one character. libedit's own reader tries again after Ctrl-C; this one ends the line.
static int read_character(EditLine *line, wchar_t *result) {
    ce_editor *editor = editor_of(line);
    mbstate_t state;
    memset(&state, 0, sizeof state);
    for (;;) {
        if (ce_wait(STDIN_FILENO)) {
            if (ce_take_signal(ce_signal_interrupt)) {
                editor->interrupted = 1;
                errno = EINTR;
                return -1;
            }
            if (ce_take_signal(ce_signal_continue)) {
                el_set(line, EL_PREP_TERM, 0);
                el_set(line, EL_PREP_TERM, 1);
                el_set(line, EL_REFRESH);
            }
            if (ce_take_signal(ce_signal_resize)) {
                el_resize(line);
                el_set(line, EL_REFRESH);
            }
            continue;
        }
        char byte;
        const ssize_t got = read(STDIN_FILENO, &byte, 1);
        if (got == 0) return 0;
        if (got < 0) {
            if (errno == EINTR || errno == EAGAIN) continue;
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
        return 1;
    }
}

static unsigned char complete(EditLine *line, int key) {
    (void)key;
    ce_editor *editor = editor_of(line);
    if (editor == NULL || editor->completion == NULL) return CC_ERROR;
    const LineInfo *info = el_line(line);
    const size_t length = (size_t)(info->lastchar - info->buffer);
    char *text = strndup(info->buffer, length);
    if (text == NULL) return CC_ERROR;
    editor->shown = 0;
    editor->completion(editor->context, editor, text, (size_t)(info->cursor - info->buffer));
    free(text);
    return editor->shown ? CC_REDISPLAY : CC_REFRESH;
}

/// Line editing counts characters, so the locale must be a UTF-8 one; numbers keep their C form.
static void use_utf8(void) {
    setlocale(LC_CTYPE, "");
    const char *codeset = nl_langinfo(CODESET);
    if (codeset == NULL || strcmp(codeset, "UTF-8") != 0) setlocale(LC_CTYPE, "C.UTF-8");
}

ce_editor *ce_open(const char *program) {
    use_utf8();
    ce_editor *editor = calloc(1, sizeof *editor);
    if (editor == NULL) return NULL;
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
    el_set(line, EL_ADDFN, "rs4-complete", "Complete a name or a path", complete);
    el_set(line, EL_BIND, "^I", "rs4-complete", NULL);
    el_set(line, EL_BIND, "^R", "em-inc-search-prev", NULL);
    el_set(line, EL_BIND, "^W", "ed-delete-prev-word", NULL);
    el_set(line, EL_BIND, "\\e[1~", "ed-move-to-beg", NULL);
    el_set(line, EL_BIND, "\\e[4~", "ed-move-to-end", NULL);
    el_set(line, EL_BIND, "\\e[3~", "ed-delete-next-char", NULL);
    el_set(line, EL_BIND, "\\e[1;5C", "em-next-word", NULL);
    el_set(line, EL_BIND, "\\e[1;5D", "ed-prev-word", NULL);
    el_source(line, NULL);
    return editor;
}

void ce_close(ce_editor *editor) {
    if (editor == NULL) return;
    if (editor->line != NULL) el_end(editor->line);
    if (editor->history != NULL) history_end(editor->history);
    free(editor->prompt);
    free(editor);
}

enum ce_result ce_read(ce_editor *editor, const char *prompt, const char *color, char **line) {
    *line = NULL;
    free(editor->prompt);
    editor->prompt = NULL;
    if (color[0] != '\0' && prompt[0] != '\0') {
        // libedit drops a code that no character follows, so the colour ends before the last space.
        const int length = (int)strlen(prompt);
        if (asprintf(
                &editor->prompt, "%c%s%c%.*s%c\033[0m%c%s", invisible, color, invisible, length - 1, prompt, invisible,
                invisible, prompt + length - 1) < 0)
            editor->prompt = NULL;
    } else {
        editor->prompt = strdup(prompt);
    }
    editor->interrupted = 0;
    fflush(stdout);
    ce_begin_prompt();
    // libedit shows the prompt before it takes the terminal over; what arrives in between would be read by the terminal.
    el_set(editor->line, EL_PREP_TERM, 1);
    int count = 0;
    const char *text = el_gets(editor->line, &count);
    ce_end_prompt();
    if (editor->interrupted) return ce_interrupted;
    if (text == NULL || count <= 0) return ce_end;
    size_t length = strlen(text);
    if (length > 0 && text[length - 1] == '\n') length--;
    *line = strndup(text, length);
    return *line == NULL ? ce_end : ce_line;
}

void ce_set_completion(ce_editor *editor, ce_completion completion, void *context) {
    editor->completion = completion;
    editor->context = context;
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
    printf("\n%s\n", text);
    fflush(stdout);
    editor->shown = 1;
}

void ce_add_history(ce_editor *editor, const char *line) {
    HistEvent event;
    history(editor->history, &event, H_ENTER, line);
}

int ce_load_history(ce_editor *editor, const char *path) {
    HistEvent event;
    return history(editor->history, &event, H_LOAD, path) < 0;
}

int ce_save_history(ce_editor *editor, const char *path) {
    char *temporary = NULL;
    if (asprintf(&temporary, "%s.%d.partial", path, (int)getpid()) < 0) return 1;
    const mode_t before = umask(077);
    HistEvent event;
    int failed = history(editor->history, &event, H_SAVE, temporary) < 0;
    umask(before);
    if (!failed) failed = rename(temporary, path) != 0;
    if (failed) unlink(temporary);
    free(temporary);
    return failed;
}

int ce_columns(int descriptor) {
    struct winsize size;
    return isatty(descriptor) && ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}
