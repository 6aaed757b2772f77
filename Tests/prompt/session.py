"""One rs4 on a pseudo-terminal, driven as a person would."""
import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

from screen import Screen

SCREEN_CODES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\r|\x07")
PATIENCE = 60.0
PROMPT = "rs4> "
UP, DOWN, RIGHT, LEFT, HOME = "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1b[H"
BACKSPACE, TAB, INTERRUPT, END, SEARCH = "\x7f", "\t", "\x03", "\x04", "\x12"


class Session:
    def __init__(self, program, folder, columns=80, rows=24, **environment):
        variables = dict(os.environ, TERM="xterm-256color", RS4_HISTORY=os.path.join(folder, "history"), LC_ALL="C.UTF-8")
        for name in ("NO_COLOR", "COLORTERM", "PAGER", "RS4_GRAPHICS"):
            variables.pop(name, None)
        variables.update(environment)
        self.rows = rows
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            # The size must stand before the program looks.
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.chdir(folder)
            os.execvpe(program, [program], variables)
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.display = Screen(columns, rows)
        self.raw = ""
        self.seen = 0

    def resize(self, columns):
        """Another width of the window; waits until the prompt has drawn its line anew."""
        start = len(self.raw)
        self.display.resize(columns)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", self.rows, columns, 0, 0))
        os.kill(self.child, signal.SIGWINCH)
        end = time.time() + PATIENCE
        while "\x1b[J" not in self.raw[start:]:
            if time.time() > end or not self.read(end - time.time()):
                raise AssertionError("the line must be drawn anew after another window size, but is not")

    # Typing

    def send(self, text):
        # A terminal's own buffer is small.
        data = text.encode()
        while data:
            data = data[os.write(self.terminal, data[:512]):]
            self.read(0)

    def line(self, text):
        self.send(text + "\r")

    def paste(self, text):
        """As a terminal pastes: marked, and with carriage returns for line ends."""
        self.send("\x1b[200~" + text.replace("\n", "\r") + "\x1b[201~")

    def run(self, text):
        """Types a line and waits for the next prompt; gives what was shown between them."""
        self.line(text)
        shown = self.prompt()
        start = shown.find("\n")
        return shown[start + 1:].rstrip("\n")

    def enter(self):
        """Enter behind a line that stands on the screen; gives what was shown until the next prompt."""
        # A line drawn anew, prompt and all, may still be on its way: what counts comes after the line is left.
        while self.read(0.2):
            pass
        self.seen = len(self.text())
        self.send("\r")
        return self.expect("\n") + "\n" + self.prompt()

    def interrupt(self):
        """Ctrl-C at the prompt. Its mark comes first: the line may have been drawn anew, prompt and all, before it."""
        self.send(INTERRUPT)
        self.expect("^C")
        self.prompt()

    # Looking

    def read(self, patience):
        ready, _, _ = select.select([self.terminal], [], [], max(0, patience))
        if not ready:
            return False
        try:
            block = os.read(self.terminal, 65536)
        except OSError:
            return False
        text = self.decoder.decode(block)
        self.raw += text
        self.display.feed(text)
        return bool(block)

    def text(self):
        """Everything that was written, without what commands the terminal."""
        return SCREEN_CODES.sub("", self.raw)

    def expect(self, text):
        """Waits until `text` appears after everything expected so far, and returns what came before it."""
        end = time.time() + PATIENCE
        while True:
            shown = self.text()
            found = shown.find(text, self.seen)
            if found >= 0:
                before = shown[self.seen:found]
                self.seen = found + len(text)
                return before
            if time.time() > end or not self.read(end - time.time()):
                raise AssertionError(f"expected {text!r}, but the terminal got {shown[self.seen:]!r}")

    def prompt(self):
        return self.expect(PROMPT)

    def shows(self, *lines, cursor=None):
        """Waits until the screen ends in these lines; `cursor` is the text before the cursor in its row."""
        end = time.time() + PATIENCE
        while True:
            last = [line for line in self.display.lines() if line][-len(lines):]
            if last == list(lines) and cursor in (None, self.display.cursor()):
                return
            if time.time() > end or not self.read(end - time.time()):
                raise AssertionError(f"the screen must end in {lines!r} with {cursor!r} before the cursor, "
                                     f"but ends in {last!r} with {self.display.cursor()!r}")

    # Leaving

    def leave(self):
        """Ctrl-D at the next prompt; what is typed before it belongs to whatever still runs."""
        if not self.text().endswith(PROMPT):
            self.prompt()
        self.send(END)
        status = self.end()
        assert status == 0, status

    def end(self):
        """The exit status after the program has ended by itself."""
        deadline = time.time() + PATIENCE
        while time.time() < deadline:
            self.read(0.05)
            done, status = os.waitpid(self.child, os.WNOHANG)
            if done:
                os.close(self.terminal)
                return os.waitstatus_to_exitcode(status)
        os.kill(self.child, signal.SIGKILL)
        os.waitpid(self.child, 0)
        raise AssertionError("the prompt did not end")


def opened(program, folder, **environment):
    """A session at its first prompt."""
    session = Session(program, folder, **environment)
    session.prompt()
    return session
