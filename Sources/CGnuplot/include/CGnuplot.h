#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// One running gnuplot. Every call below returns 0, or another number when something failed; then `cg_message` says
/// what. No C++ exception passes this interface, and a gnuplot that dies never ends the calling process.
typedef struct cg_session cg_session;

/// What a gnuplot is started for; the command line follows from it, and nothing else can reach that.
typedef enum {
    /// A drawing, from commands.
    CG_DRAW,
    /// A window, from commands, that stays when they have ended.
    CG_OPEN_WINDOW,
    /// Its version in words; takes no commands.
    CG_ASK_VERSION,
    /// The names of its terminals; takes no commands.
    CG_ASK_TERMINALS
} cg_purpose;

/// Starts `program` (searched in PATH) with what it writes going to the file descriptor `output`.
/// Returns NULL when there is no memory for a session; failures to start are reported by `cg_failed`.
cg_session *cg_start(const char *program, cg_purpose purpose, int output);

/// 0 while everything went well, 1 when the program could not be started, 2 when it stopped or complained.
int cg_failed(const cg_session *session);

/// What went wrong, in gnuplot's own words; empty when nothing did. Valid until the session is freed.
const char *cg_message(const cg_session *session);

/// What gnuplot wrote to standard error, also when nothing went wrong. Known after `cg_finish`.
const char *cg_remarks(const cg_session *session);

/// Sends one line of commands.
int cg_command(cg_session *session, const char *line);

/// Sends a table of doubles, row by row, for `plot '-' binary record=(rows) format='%double…'`.
int cg_table(cg_session *session, const double *values, size_t count);

/// Sends bytes, for `plot '-' binary array=(…) format='%uchar'`.
int cg_bytes(cg_session *session, const uint8_t *values, size_t count);

/// Ends the commands, waits until gnuplot has finished drawing, and reads what it said.
int cg_finish(cg_session *session);

/// 0 when no installed font has the character, so that Pango would draw a box with its number in place of it; else 1, also
/// where no fonts are known at all.
int cg_has_glyph(uint32_t character);

/// Frees the session; finishes it first where that has not happened.
void cg_free(cg_session *session);

#ifdef __cplusplus
}
#endif
