#define _GNU_SOURCE
#include "CBaseSignals.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t received[3];
static volatile sig_atomic_t prompting;
static volatile int *volatile interrupt_flag;
static volatile int *volatile held_stop;
static int installed;
static struct sigaction before_interrupt, before_resize, before_continue;

/// A signal writes a byte here. Waiting for it and for keys at once leaves no moment in which a signal is missed,
/// whichever thread the system hands it to.
static int bell[2] = {-1, -1};

static void ring(enum cb_signal kind) {
    const int problem = errno;
    received[kind] = 1;
    if (write(bell[1], "", 1) < 0) errno = problem;
}

/// Notes a wish to stop where someone asked to hold the first one, and says so; 0 where nobody did or one is noted.
static int hold_stop(void) {
    static const char words[] = "\nstopping when this step is done; Ctrl-C again stops at once\n";
    volatile int *held = held_stop;
    if (held == NULL || *held != 1) return 0;
    *held = 2;
    const int problem = errno;
    if (write(STDERR_FILENO, words, sizeof words - 1) < 0) errno = problem;
    return 1;
}

static void note_interrupt(int number) {
    (void)number;
    if (prompting) {
        ring(cb_signal_interrupt);
    } else if (!hold_stop()) {
        volatile int *flag = interrupt_flag;
        if (flag != NULL) *flag = 1;
    }
}

/// Schedulers of clusters send this some time before they kill. Whoever holds wishes to stop gets that time.
static void note_termination(int number) {
    if (hold_stop() || (held_stop != NULL && *held_stop == 2)) return;
    signal(number, SIG_DFL);
    raise(number);
}

static void note_resize(int number) {
    (void)number;
    ring(cb_signal_resize);
}

static void note_continue(int number) {
    (void)number;
    ring(cb_signal_continue);
}

static void handle(int number, void (*handler)(int), int flags, struct sigaction *before) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    action.sa_flags = flags;
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, before);
}

int cb_take_signal(enum cb_signal kind) {
    const int came = received[kind];
    received[kind] = 0;
    return came;
}

int cb_wait(int descriptor) {
    struct pollfd waiting[2] = {{descriptor, POLLIN, 0}, {bell[0], POLLIN, 0}};
    while (poll(waiting, 2, -1) < 0) {
        if (errno != EINTR) return 0;
    }
    if (!(waiting[1].revents & POLLIN)) return 0;
    char bytes[64];
    while (read(bell[0], bytes, sizeof bytes) > 0) {}
    return 1;
}

void cb_begin_prompt(void) {
    if (bell[0] < 0 && pipe2(bell, O_NONBLOCK | O_CLOEXEC) != 0) bell[0] = bell[1] = -1;
    for (int kind = 0; kind < 3; kind++) received[kind] = 0;
    prompting = 1;
    handle(SIGINT, note_interrupt, SA_RESTART, installed ? NULL : &before_interrupt);
    handle(SIGWINCH, note_resize, SA_RESTART, &before_resize);
    handle(SIGCONT, note_continue, SA_RESTART, &before_continue);
}

void cb_end_prompt(void) {
    sigaction(SIGWINCH, &before_resize, NULL);
    sigaction(SIGCONT, &before_continue, NULL);
    if (installed) {
        handle(SIGINT, note_interrupt, SA_RESTART, NULL);
    } else {
        sigaction(SIGINT, &before_interrupt, NULL);
    }
    prompting = 0;
}

void cb_install_interrupt(volatile int *flag) {
    interrupt_flag = flag;
    handle(SIGINT, note_interrupt, SA_RESTART, installed ? NULL : &before_interrupt);
    installed = 1;
}

void cb_install_held_stop(volatile int *state) {
    held_stop = state;
    handle(SIGTERM, note_termination, SA_RESTART, NULL);
}

void cb_remove_interrupt(void) {
    if (installed) sigaction(SIGINT, &before_interrupt, NULL);
    installed = 0;
    interrupt_flag = NULL;
}
