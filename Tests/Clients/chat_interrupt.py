# SPDX-License-Identifier: MIT
"""A person at a terminal: talks with `smmf model chat`, interrupts a long answer, asks again, and leaves.

Run with the program, a model whose answers take long, and an API server's host:port.
"""

import sys

import pexpect


def main(smmf, model, api):
    chat = pexpect.spawn(smmf, ["model", "chat", model, "--api", api], timeout=20, encoding="utf-8")
    chat.expect("> ")
    chat.sendline("tell me something long")
    chat.expect("tok3")
    chat.sendintr()
    chat.expect("interrupted")
    chat.expect("> ")
    chat.sendline("and again")
    chat.expect("tok3")
    chat.sendintr()
    chat.expect("interrupted")
    chat.expect("> ")
    chat.sendline("/clear")
    chat.expect("> ")
    chat.sendeof()
    chat.expect(pexpect.EOF)
    chat.close()
    if chat.exitstatus != 0:
        sys.exit(f"chat ended with {chat.exitstatus}, signal {chat.signalstatus}")
    print("chat: ok")


if __name__ == "__main__":
    main(*sys.argv[1:])
