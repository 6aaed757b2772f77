// What keys do that libedit leaves open: whole letters with their marks, lines of one input, pasted text.

#define _GNU_SOURCE
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "Editor.h"

/// Milliseconds without a byte after which a paste counts as over though its end never came.
static const int patience = 2000;

// MARK: letters

/// True when the character at `place` belongs to the letter that begins before it.
static int continues_letter(const LineInfoW *info, const wchar_t *place) {
    return place > info->buffer && place < info->lastchar && *place != L'\n' && place[-1] != L'\n'
        && ((*place >= 0x300 && wcwidth(*place) == 0) || place[-1] == 0x200D);
}

static int letter_before(EditLine *line) {
    const LineInfoW *info = el_wline(line);
    if (info->cursor == info->buffer) return 0;
    const wchar_t *place = info->cursor - 1;
    while (continues_letter(info, place)) place--;
    return (int)(info->cursor - place);
}

static int letter_after(EditLine *line) {
    const LineInfoW *info = el_wline(line);
    if (info->cursor == info->lastchar) return 0;
    const wchar_t *place = info->cursor + 1;
    while (continues_letter(info, place)) place++;
    return (int)(place - info->cursor);
}

static unsigned char move_left(EditLine *line, int key) {
    (void)key;
    const int count = letter_before(line);
    if (count == 0) return CC_ERROR;
    el_cursor(line, -count);
    return CC_REFRESH;
}

static unsigned char move_right(EditLine *line, int key) {
    (void)key;
    const int count = letter_after(line);
    if (count == 0) return CC_ERROR;
    el_cursor(line, count);
    return CC_REFRESH;
}

static unsigned char delete_left(EditLine *line, int key) {
    (void)key;
    const int count = letter_before(line);
    if (count == 0) return CC_ERROR;
    el_deletestr(line, count);
    return CC_REFRESH;
}

static unsigned char delete_right(EditLine *line, int key) {
    (void)key;
    const int count = letter_after(line);
    if (count == 0) return CC_ERROR;
    el_cursor(line, count);
    el_deletestr(line, count);
    return CC_REFRESH;
}

/// Ctrl-D: the letter under the cursor; on an empty line the end of the input.
static unsigned char delete_or_end(EditLine *line, int key) {
    const LineInfoW *info = el_wline(line);
    if (info->buffer < info->lastchar) return delete_right(line, key);
    ce_press(ce_editor_of(line), CE_KEY_END);
    return CC_NORM;
}

static unsigned char put_mark(EditLine *line, int key) {
    (void)key;
    ce_editor *editor = ce_editor_of(line);
    const LineInfoW *info = el_wline(line);
    wchar_t text[2] = {editor->mark, L'\0'};
    if (info->cursor > info->buffer && editor->owner.compose != NULL) {
        const unsigned whole = editor->owner.compose((unsigned)info->cursor[-1], (unsigned)editor->mark);
        if (whole != 0) {
            el_deletestr(line, 1);
            text[0] = (wchar_t)whole;
        }
    }
    el_winsertstr(line, text);
    return CC_REFRESH;
}

// MARK: lines

static char *copy_line(EditLine *line, size_t *cursor) {
    const LineInfo *info = el_line(line);
    if (cursor != NULL) *cursor = (size_t)(info->cursor - info->buffer);
    return strndup(info->buffer, (size_t)(info->lastchar - info->buffer));
}

static unsigned char complete(EditLine *line, int key) {
    (void)key;
    ce_editor *editor = ce_editor_of(line);
    size_t cursor = 0;
    char *text = copy_line(line, &cursor);
    if (text == NULL || editor->owner.complete == NULL) return CC_ERROR;
    editor->shown = 0;
    editor->owner.complete(editor->owner.context, editor, text, cursor);
    free(text);
    return editor->shown ? CC_REDISPLAY : CC_REFRESH;
}

/// Enter. A line of several lines goes on while it is not complete.
static unsigned char enter(EditLine *line, int key) {
    (void)key;
    ce_editor *editor = ce_editor_of(line);
    size_t cursor = 0;
    char *text = copy_line(line, &cursor);
    char *more = NULL;
    if (text != NULL && strchr(text, '\n') != NULL && editor->owner.proceed != NULL)
        more = editor->owner.proceed(editor->owner.context, text, cursor);
    free(text);
    if (more != NULL) {
        el_insertstr(line, more);
        free(more);
        return CC_REFRESH;
    }
    ce_press(editor, CE_KEY_SUBMIT);
    return CC_NORM;
}

static unsigned char new_line(EditLine *line, int key) {
    (void)key;
    el_insertstr(line, "\n");
    return CC_REFRESH;
}

static unsigned char fill(EditLine *line, int key) {
    (void)key;
    ce_editor *editor = ce_editor_of(line);
    if (editor->fill != NULL) el_insertstr(line, editor->fill);
    free(editor->fill);
    editor->fill = NULL;
    return CC_REFRESH;
}

static const wchar_t *line_start(const LineInfoW *info, const wchar_t *place) {
    while (place > info->buffer && place[-1] != L'\n') place--;
    return place;
}

/// Up: the line above of the same input, else an older input.
static unsigned char move_up(EditLine *line, int key) {
    (void)key;
    ce_editor *editor = ce_editor_of(line);
    const LineInfoW *info = el_wline(line);
    const wchar_t *start = line_start(info, info->cursor);
    if (start == info->buffer) {
        if (editor->can_reopen) {
            editor->reopened = 1;
            ce_press(editor, CE_KEY_SUBMIT);
        } else {
            ce_press(editor, CE_KEY_OLDER);
        }
        return CC_NORM;
    }
    const wchar_t *above = line_start(info, start - 1);
    ptrdiff_t column = info->cursor - start;
    if (column > start - 1 - above) column = start - 1 - above;
    el_cursor(line, (int)(above + column - info->cursor));
    return CC_REFRESH;
}

/// Down: the line below of the same input, else a newer input.
static unsigned char move_down(EditLine *line, int key) {
    (void)key;
    ce_editor *editor = ce_editor_of(line);
    const LineInfoW *info = el_wline(line);
    const wchar_t *end = info->cursor;
    while (end < info->lastchar && *end != L'\n') end++;
    if (end == info->lastchar) {
        ce_press(editor, CE_KEY_NEWER);
        return CC_NORM;
    }
    const wchar_t *below = end + 1;
    const wchar_t *last = below;
    while (last < info->lastchar && *last != L'\n') last++;
    ptrdiff_t column = info->cursor - line_start(info, info->cursor);
    if (column > last - below) column = last - below;
    el_cursor(line, (int)(below + column - info->cursor));
    return CC_REFRESH;
}

static unsigned char move_home(EditLine *line, int key) {
    (void)key;
    const LineInfoW *info = el_wline(line);
    el_cursor(line, (int)(line_start(info, info->cursor) - info->cursor));
    return CC_REFRESH;
}

static unsigned char move_end(EditLine *line, int key) {
    (void)key;
    const LineInfoW *info = el_wline(line);
    const wchar_t *end = info->cursor;
    while (end < info->lastchar && *end != L'\n') end++;
    el_cursor(line, (int)(end - info->cursor));
    return CC_REFRESH;
}

// MARK: pasted text

/// Everything up to the mark that ends a paste; NULL after Ctrl-C or without memory.
static char *read_paste(ce_editor *editor) {
    static const char end[] = "\033[201~";
    const size_t end_length = sizeof end - 1;
    size_t length = 0;
    size_t room = 4096;
    char *text = malloc(room);
    while (text != NULL) {
        struct pollfd waiting = {STDIN_FILENO, POLLIN, 0};
        if (poll(&waiting, 1, patience) == 0) break;
        if (length + 2 > room) {
            char *larger = realloc(text, room *= 2);
            if (larger == NULL) {
                free(text);
                return NULL;
            }
            text = larger;
        }
        const int got = ce_read_byte(editor, text + length);
        if (got < 0) {
            free(text);
            return NULL;
        }
        if (got == 0) break;
        length++;
        if (length >= end_length && memcmp(text + length - end_length, end, end_length) == 0) {
            length -= end_length;
            break;
        }
    }
    if (text != NULL) text[length] = '\0';
    return text;
}

/// A pasted line goes in at the cursor. Of several lines all but the last are taken at once, as if each had been typed,
/// and the last can be edited; nothing runs before Enter.
static unsigned char paste(EditLine *line, int key) {
    (void)key;
    ce_editor *editor = ce_editor_of(line);
    char *raw = read_paste(editor);
    if (raw == NULL) {
        if (editor->interrupted) ce_press(editor, CE_KEY_SUBMIT);
        return CC_NORM;
    }
    char *text = editor->owner.clean != NULL ? editor->owner.clean(editor->owner.context, raw) : strdup(raw);
    free(raw);
    if (text == NULL) return CC_ERROR;
    size_t cursor = 0;
    char *before = copy_line(line, &cursor);
    const int isWithin = before != NULL && strchr(before, '\n') != NULL;
    if (strchr(text, '\n') == NULL || isWithin || before == NULL) {
        if (text[0] != '\0') el_insertstr(line, text);
        free(before);
        free(text);
        return CC_REFRESH;
    }
    const size_t length = strlen(text);
    const size_t behind = strlen(before) - cursor;
    char *whole = malloc(cursor + length + behind + 1);
    if (whole == NULL) {
        free(before);
        free(text);
        return CC_ERROR;
    }
    memcpy(whole, before, cursor);
    memcpy(whole + cursor, text, length);
    memcpy(whole + cursor + length, before + cursor, behind + 1);
    free(before);
    free(text);
    char *end = strchr(whole, '\n');
    free(editor->pasted);
    editor->pasted = strdup(end + 1);
    *end = '\0';
    const LineInfoW *info = el_wline(line);
    el_cursor(line, (int)(info->lastchar - info->cursor));
    info = el_wline(line);
    el_deletestr(line, (int)(info->lastchar - info->buffer));
    if (whole[0] != '\0') el_insertstr(line, whole);
    free(whole);
    ce_press(editor, CE_KEY_SUBMIT);
    return CC_REFRESH;
}

// MARK: binding

void ce_bind_keys(ce_editor *editor) {
    EditLine *line = editor->line;
    el_set(line, EL_ADDFN, "rs4-complete", "Complete a name or a path", complete);
    el_set(line, EL_ADDFN, "rs4-enter", "End the input, or go on when it is not complete", enter);
    el_set(line, EL_ADDFN, "rs4-new-line", "Begin another line of the input", new_line);
    el_set(line, EL_ADDFN, "rs4-fill", "Put in what the line begins with", fill);
    el_set(line, EL_ADDFN, "rs4-mark", "Put a combining mark on the letter before the cursor", put_mark);
    el_set(line, EL_ADDFN, "rs4-paste", "Take pasted text", paste);
    el_set(line, EL_ADDFN, "rs4-left", "Move a letter to the left", move_left);
    el_set(line, EL_ADDFN, "rs4-right", "Move a letter to the right", move_right);
    el_set(line, EL_ADDFN, "rs4-up", "Move a line up, or to an older input", move_up);
    el_set(line, EL_ADDFN, "rs4-down", "Move a line down, or to a newer input", move_down);
    el_set(line, EL_ADDFN, "rs4-home", "Move to the start of the line", move_home);
    el_set(line, EL_ADDFN, "rs4-end", "Move to the end of the line", move_end);
    el_set(line, EL_ADDFN, "rs4-delete-left", "Delete the letter before the cursor", delete_left);
    el_set(line, EL_ADDFN, "rs4-delete-right", "Delete the letter under the cursor", delete_right);
    el_set(line, EL_ADDFN, "rs4-delete-or-end", "Delete the letter under the cursor, or end the input", delete_or_end);
    static const char *const keys[][2] = {
        {CE_KEY_SUBMIT, "ed-newline"}, {CE_KEY_FILL, "rs4-fill"}, {CE_KEY_MARK, "rs4-mark"},
        {CE_KEY_OLDER, "ed-prev-history"}, {CE_KEY_NEWER, "ed-next-history"}, {CE_KEY_END, "em-delete-or-list"}, {CE_KEY_UP, "rs4-up"},
        {"\033[200~", "rs4-paste"}, {"\t", "rs4-complete"}, {"\r", "rs4-enter"}, {"\n", "rs4-enter"},
        {"\033\r", "rs4-new-line"}, {"\033\n", "rs4-new-line"}, {"^R", "em-inc-search-prev"},
        {"^W", "ed-delete-prev-word"}, {"^P", "rs4-up"}, {"^N", "rs4-down"}, {"\033[A", "rs4-up"}, {"\033OA", "rs4-up"},
        {"\033[B", "rs4-down"}, {"\033OB", "rs4-down"}, {"\033[C", "rs4-right"}, {"\033OC", "rs4-right"}, {"^F", "rs4-right"},
        {"\033[D", "rs4-left"}, {"\033OD", "rs4-left"}, {"^B", "rs4-left"}, {"^A", "rs4-home"}, {"\033[H", "rs4-home"},
        {"\033OH", "rs4-home"}, {"\033[1~", "rs4-home"}, {"^E", "rs4-end"}, {"\033[F", "rs4-end"}, {"\033OF", "rs4-end"},
        {"\033[4~", "rs4-end"}, {"^H", "rs4-delete-left"}, {"^?", "rs4-delete-left"}, {"\033[3~", "rs4-delete-right"},
        {"^D", "rs4-delete-or-end"}, {"\033[1;5C", "em-next-word"}, {"\033[1;5D", "ed-prev-word"},
    };
    for (size_t number = 0; number < sizeof keys / sizeof keys[0]; number++)
        el_set(line, EL_BIND, keys[number][0], keys[number][1], NULL);
}
