#pragma once

#include <histedit.h>
#include <wchar.h>

#include "CEditline.h"

struct ce_editor {
    EditLine *line;
    History *history;
    char *prompt;
    ce_owner owner;
    int interrupted;
    int shown;
    int can_reopen;
    /// Whether the line held a wide letter when it was last drawn.
    int was_wide;
    int reopened;
    /// Keys that the editor's own functions press, given to libedit before those of the terminal.
    char keys[24];
    int next_key;
    /// A combining mark that was typed.
    wchar_t mark;
    /// What the line begins with; NULL once it is there.
    char *fill;
    /// Pasted lines that are still to be taken; NULL when there are none.
    char *pasted;
};

/// Key sequences that no keyboard sends; the editor's own functions press them to call libedit's.
#define CE_KEY_SUBMIT "\033[9901~"
#define CE_KEY_FILL "\033[9902~"
#define CE_KEY_MARK "\033[9903~"
#define CE_KEY_OLDER "\033[9904~"
#define CE_KEY_NEWER "\033[9905~"
#define CE_KEY_END "\033[9906~"
#define CE_KEY_UP "\033[9907~"

ce_editor *ce_editor_of(EditLine *line);

/// Has libedit read these keys next.
void ce_press(ce_editor *editor, const char *keys);

/// Waits for a byte from the terminal; -1 after Ctrl-C, 0 at the end, else 1.
int ce_read_byte(ce_editor *editor, char *byte);

/// Binds the keys.
void ce_bind_keys(ce_editor *editor);

/// Rows of the terminal from the one where the prompt begins to the one of the cursor, and from there to the last.
void ce_measure(ce_editor *editor, int columns, int *above, int *below);
