# SPDX-License-Identifier: MIT
"""Clients that behave unlike others, on bare sockets against a running API server: host, port and a model that serves."""

import json
import socket
import sys
import threading


def expect(condition, what):
    if not condition:
        sys.exit(f"raw client: {what}")


class Server:
    def __init__(self, host, port, model):
        self.address, self.model = (host, int(port)), model

    def connect(self, receive_buffer=None):
        connection = socket.socket()
        if receive_buffer:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        connection.settimeout(60)
        connection.connect(self.address)
        return connection

    def chat(self, stream=False, fields=""):
        body = json.dumps({"model": self.model, "stream": stream, "messages": [{"role": "user", "content": "hi"}]})
        head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n{fields}Content-Length: {len(body)}\r\n\r\n"
        return (head + body).encode()

    def is_well(self):
        with self.connect() as connection:
            connection.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            return read_all(connection).startswith(b"HTTP/1.1 200 ")


def read_all(connection, piece=65536, limit=None):
    received = b""
    while limit is None or len(received) < limit:
        more = connection.recv(piece)
        if not more:
            break
        received += more
    return received


def pipelined(server):
    """Fifty requests of three kinds in one write are answered in their order."""
    with server.connect() as connection:
        requests = b""
        for number in range(50):
            name = f"X-Request-Id: n-{number}\r\n"
            requests += (
                server.chat(number % 3 == 1, name)
                if number % 3
                else f"GET /health HTTP/1.1\r\nHost: x\r\n{name}\r\n".encode()
            )
        connection.sendall(requests + b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        answers = read_all(connection)
    names = [line.split(b" ")[1] for line in answers.split(b"\r\n") if line.startswith(b"x-request-id: n-")]
    expect(names == [b"n-%d" % number for number in range(50)], f"pipelined answers are {names}")
    expect(answers.count(b"HTTP/1.1 200 OK\r\n") == 51, "a pipelined request failed")
    expect(answers.count(b"data: [DONE]") == 17, "a pipelined stream is not whole")


def byte_by_byte(server):
    """A request that comes in single bytes is a request."""
    with server.connect() as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in server.chat(fields="Connection: close\r\n"):
            connection.sendall(bytes([byte]))
        expect(read_all(connection).startswith(b"HTTP/1.1 200 OK\r\n"), "a request byte by byte failed")


def half_closed(server):
    """A client that closes its side has left: the connection ends, and soon."""
    with server.connect() as connection:
        # The engine waits behind the third token, so that the stream cannot end before the client has left.
        connection.sendall(server.chat(True, "x-sim-hold-after: 3\r\n"))
        while b"data: " not in connection.recv(65536):
            pass
        connection.shutdown(socket.SHUT_WR)
        expect(b"data: [DONE]" not in read_all(connection), "a client that had left got a whole stream")


def slow_requests(server):
    """Three hundred clients that never finish their head hold nobody up."""
    loris = [server.connect() for _ in range(300)]
    for round in range(3):
        for connection in loris:
            connection.sendall(b"POST /v1/chat/completions HTTP/1.1\r\n" if round == 0 else b"X-A: b\r\n")
        expect(server.is_well(), "slow requests hold up others")
    for connection in loris:
        connection.close()


def slow_readers(server):
    """Clients that do not read hold nobody up, and get all of it when they do."""
    slow = [server.connect(receive_buffer=4096) for _ in range(5)]
    # More than the buffers of the sockets hold.
    for connection in slow:
        connection.sendall(server.chat(True, "Connection: close\r\nx-sim-tokens: 30000\r\n"))
    expect(server.is_well(), "slow readers hold up others")
    threads = []
    received = [b""] * len(slow)

    def read(place):
        received[place] = read_all(slow[place], piece=16384)

    for place in range(len(slow)):
        threads.append(threading.Thread(target=read, args=(place,)))
        threads[-1].start()
    for thread in threads:
        thread.join()
    expect(all(b"data: [DONE]" in stream for stream in received), "a slow reader got less than a whole stream")
    for connection in slow:
        connection.close()


def smuggled(server):
    """What stands behind a refused request is not answered."""
    with server.connect() as connection:
        connection.sendall(
            b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"0\r\n\r\nGET /health HTTP/1.1\r\nHost: x\r\n\r\n"
        )
        answers = read_all(connection)
    expect(answers.startswith(b"HTTP/1.1 400 ") and answers.count(b"HTTP/1.1 ") == 1, "a smuggled request")


def main(host, port, model):
    server = Server(host, port, model)
    for way in (pipelined, byte_by_byte, half_closed, slow_requests, slow_readers, smuggled):
        way(server)
        expect(server.is_well(), f"the server is not well after {way.__name__}")
    print("raw client: ok")


main(*sys.argv[1:])
