"""types.py QUESTION LINE WORD... - runs WORD... on a terminal of its own, types LINE when QUESTION has been asked, prints what it says, then `code N`."""
import os
import pty
import sys

question, line, words = sys.argv[1].encode(), sys.argv[2].encode(), sys.argv[3:]
pid, terminal = pty.fork()
if pid == 0:
    os.execv(words[0], words)
said, is_typed = b"", False
while True:
    try:
        piece = os.read(terminal, 4096)
    except OSError:
        break
    if not piece:
        break
    said += piece
    if not is_typed and question in said:
        os.write(terminal, line + b"\n")
        is_typed = True
sys.stdout.write(said.decode(errors="replace").replace("\r\n", "\n"))
print("\ncode", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
