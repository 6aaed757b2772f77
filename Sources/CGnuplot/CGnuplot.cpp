#include "CGnuplot.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <new>
#include <spawn.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include <fontconfig/fontconfig.h>
#include <gnuplot-iostream.h>

extern char **environ;

namespace {

/// Keeps a broken pipe an error of `write` instead of a signal that would end the process, on this thread only.
class BrokenPipeIsAnError {
public:
    BrokenPipeIsAnError() {
        sigemptyset(&pipe_);
        sigaddset(&pipe_, SIGPIPE);
        sigset_t pending;
        sigemptyset(&pending);
        sigpending(&pending);
        wasPending_ = sigismember(&pending, SIGPIPE) == 1;
        pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
    }
    ~BrokenPipeIsAnError() {
        if (!wasPending_) {
            const struct timespec none = {0, 0};
            while (sigtimedwait(&pipe_, nullptr, &none) == -1 && errno == EINTR) {}
        }
        pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }
    BrokenPipeIsAnError(const BrokenPipeIsAnError &) = delete;
    BrokenPipeIsAnError &operator=(const BrokenPipeIsAnError &) = delete;

private:
    sigset_t pipe_;
    sigset_t before_;
    bool wasPending_ = false;
};

}  // namespace

struct cg_session {
    std::unique_ptr<gnuplotio::Gnuplot> plot;
    FILE *complaints = nullptr;
    pid_t process = -1;
    int failed = 0;
    std::string message;
    /// What the program wrote to standard error.
    std::string remarks;

    void fail(int kind, const std::string &text) {
        if (failed != 0) return;
        failed = kind;
        message = text;
    }

    /// Starts the program without a shell: commands come from a pipe, what it writes goes to `output`.
    void start(const char *program, int purpose, int output) {
        int ends[2];
        complaints = tmpfile();
        if (complaints == nullptr || pipe2(ends, O_CLOEXEC) != 0) {
            fail(1, std::strerror(errno));
            return;
        }
        posix_spawn_file_actions_t files;
        posix_spawnattr_t attributes;
        posix_spawn_file_actions_init(&files);
        posix_spawnattr_init(&attributes);
        posix_spawn_file_actions_adddup2(&files, ends[0], STDIN_FILENO);
        posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO);
        posix_spawn_file_actions_adddup2(&files, fileno(complaints), STDERR_FILENO);
        sigset_t defaults, mask;
        sigemptyset(&defaults);
        sigaddset(&defaults, SIGPIPE);
        sigemptyset(&mask);
        posix_spawnattr_setsigdefault(&attributes, &defaults);
        posix_spawnattr_setsigmask(&attributes, &mask);
        // A window outlives the script and its terminal, and a Ctrl-C that is meant for the script.
        const short session = purpose == CG_OPEN_WINDOW ? POSIX_SPAWN_SETSID : 0;
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | session);
        // `-d` keeps the user's own start-up files, which may draw or set anything, out of the figure.
        std::vector<std::string> words = {program};
        if (purpose == CG_ASK_VERSION) {
            words.push_back("--version");
        } else {
            words.push_back("-d");
            if (purpose == CG_OPEN_WINDOW) words.push_back("-persist");
            if (purpose == CG_ASK_TERMINALS) words.insert(words.end(), {"-e", "set print '-'; print GPVAL_TERMINALS"});
        }
        std::vector<char *> arguments;
        for (std::string &word : words) arguments.push_back(word.data());
        arguments.push_back(nullptr);
        const int problem = posix_spawnp(&process, program, &files, &attributes, arguments.data(), environ);
        posix_spawn_file_actions_destroy(&files);
        posix_spawnattr_destroy(&attributes);
        close(ends[0]);
        if (problem != 0) {
            close(ends[1]);
            process = -1;
            fail(1, std::strerror(problem));
            return;
        }
        FILE *commands = fdopen(ends[1], "w");
        if (commands == nullptr) {
            close(ends[1]);
            fail(1, std::strerror(errno));
            return;
        }
        plot.reset(new gnuplotio::Gnuplot(commands));
    }

    /// Closes the pipe, waits, and turns the exit status and standard error into a message.
    void finish() {
        plot.reset();
        if (process > 0) {
            int status = 0;
            pid_t ended;
            while ((ended = waitpid(process, &status, 0)) == -1 && errno == EINTR) {}
            process = -1;
            const std::string words = readComplaints();
            remarks = words;
            if (ended > 0 && WIFSIGNALED(status)) {
                replace(words.empty() ? "it was stopped by signal " + std::to_string(WTERMSIG(status)) : words);
            } else if (ended > 0 && WEXITSTATUS(status) == 127) {
                failed = 0;
                fail(1, words.empty() ? "the program could not be started" : words);
            } else if (ended > 0 && WEXITSTATUS(status) != 0) {
                replace(words.empty() ? "it ended with status " + std::to_string(WEXITSTATUS(status)) : words);
            } else if (failed == 2 && !words.empty()) {
                replace(words);
            }
        }
        if (complaints != nullptr) {
            fclose(complaints);
            complaints = nullptr;
        }
    }

    void replace(const std::string &text) {
        failed = 0;
        fail(2, text);
    }

    std::string readComplaints() {
        std::string words;
        if (complaints == nullptr) return words;
        rewind(complaints);
        char block[512];
        size_t got;
        while (words.size() < 4096 && (got = fread(block, 1, sizeof block, complaints)) > 0) words.append(block, got);
        return words;
    }
};

/// Runs `body` with broken pipes and exceptions turned into the session's failure.
template <typename Body>
static int guarded(cg_session *session, Body body) {
    if (session == nullptr) return 1;
    try {
        BrokenPipeIsAnError guard;
        body();
    } catch (const std::exception &problem) {
        try {
            session->fail(2, problem.what());
        } catch (...) {
            session->failed = 2;
        }
    } catch (...) {
        session->failed = 2;
    }
    return session->failed;
}

/// Sends through the stream and notices when the other end is gone.
template <typename Body>
static int sending(cg_session *session, Body body) {
    return guarded(session, [&] {
        if (session->failed != 0) return;
        if (!session->plot) {
            session->fail(2, "the session has ended");
            return;
        }
        body(*session->plot);
        session->plot->flush();
        if (!session->plot->good()) session->fail(2, "it stopped reading");
    });
}

cg_session *cg_start(const char *program, cg_purpose purpose, int output) {
    cg_session *session = new (std::nothrow) cg_session();
    guarded(session, [&] { session->start(program, purpose, output); });
    return session;
}

int cg_failed(const cg_session *session) { return session == nullptr ? 1 : session->failed; }

const char *cg_message(const cg_session *session) { return session == nullptr ? "" : session->message.c_str(); }

const char *cg_remarks(const cg_session *session) { return session == nullptr ? "" : session->remarks.c_str(); }

int cg_command(cg_session *session, const char *line) {
    return sending(session, [&](gnuplotio::Gnuplot &plot) { plot << line << "\n"; });
}

int cg_table(cg_session *session, const double *values, size_t count) {
    return sending(session, [&](gnuplotio::Gnuplot &plot) {
        plot.sendBinary1d(std::vector<double>(values, values + count));
    });
}

int cg_bytes(cg_session *session, const uint8_t *values, size_t count) {
    return sending(session, [&](gnuplotio::Gnuplot &plot) {
        plot.write(reinterpret_cast<const char *>(values), static_cast<std::streamsize>(count));
    });
}

int cg_finish(cg_session *session) {
    return guarded(session, [&] { session->finish(); });
}

int cg_has_glyph(uint32_t character) {
    FcConfig *config = FcConfigReference(nullptr);
    if (config == nullptr) return 1;
    const FcFontSet *all = FcConfigGetFonts(config, FcSetSystem);
    int found = 1;
    if (all != nullptr && all->nfont > 0) {
        FcCharSet *wanted = FcCharSetCreate();
        FcPattern *pattern = FcPatternCreate();
        FcObjectSet *told = FcObjectSetBuild(FC_FAMILY, nullptr);
        if (wanted != nullptr && pattern != nullptr && told != nullptr && FcCharSetAddChar(wanted, character)) {
            FcPatternAddCharSet(pattern, FC_CHARSET, wanted);
            FcPatternAddBool(pattern, FC_SCALABLE, FcTrue);
            FcFontSet *fonts = FcFontList(config, pattern, told);
            if (fonts != nullptr) {
                found = fonts->nfont > 0;
                FcFontSetDestroy(fonts);
            }
        }
        if (told != nullptr) FcObjectSetDestroy(told);
        if (pattern != nullptr) FcPatternDestroy(pattern);
        if (wanted != nullptr) FcCharSetDestroy(wanted);
    }
    FcConfigDestroy(config);
    return found;
}

void cg_free(cg_session *session) {
    if (session == nullptr) return;
    cg_finish(session);
    delete session;
}
