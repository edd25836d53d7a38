"""terminal.py PICTURE LINE LAB BINARY: runs a command line at a terminal in the lab and draws the last screen as SVG."""

import fcntl
import io
import itertools
import os
import pty
import re
import struct
import subprocess
import sys
import termios

import pyte
from rich.console import Console
from rich.style import Style
from rich.text import Text

COLUMNS, ROWS = 80, 150
SECONDS = 300


def run(command):
    """What a terminal shows in the end."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    process = subprocess.Popen(["timeout", "--foreground", str(SECONDS), *command], stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)
    os.close(theirs)
    screen = pyte.Screen(COLUMNS, ROWS)
    stream = pyte.ByteStream(screen)
    while True:
        try:
            read = os.read(ours, 65536)
        except OSError:                        # the other end is closed
            break
        if not read:
            break
        stream.feed(read)
    process.wait()
    return screen


def styled(cell):
    return Style(color=None if cell.fg == "default" else cell.fg.replace("brown", "yellow"), bold=cell.bold)


def lines(screen):
    for row in range(ROWS):
        text = Text(no_wrap=True)
        cells = [screen.buffer[row][column] for column in range(COLUMNS)]
        for style, same in itertools.groupby(cells, styled):
            text.append("".join(cell.data for cell in same), style)
        text.rstrip()
        yield text


picture, line, lab, binary = sys.argv[1:]
screen = run([lab, "exec", "--", "env", "TERM=xterm-256color", binary, *line.split(" ")[1:]])
shown = list(lines(screen))
while shown and not shown[-1].plain:
    shown.pop()
console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True, color_system="standard")
console.print(Text(f"$ {line}", Style(bold=True)))
for text in shown:
    console.print(text)
svg = console.export_svg(title="k8sport")
# The viewer's own fonts: nothing is fetched.
svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL).replace("Fira Code", "monospace")
open(picture, "w").write(svg)
