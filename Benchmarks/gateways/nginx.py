# SPDX-License-Identifier: MIT
"""nginx as a tuned streaming proxy; with 64 KB proxy buffers it is the yardstick."""

from gateways.base import Gateway, find, said, write

CONFIGURATION = """
daemon off;
worker_processes 1;
worker_rlimit_nofile {files};
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections {files}; multi_accept on; }}
http {{
    access_log {folder}/access.log combined buffer=64k flush=1s;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    client_body_buffer_size 64k;
    keepalive_requests 1000000000;
    tcp_nodelay on;
    upstream engines {{
        {servers}
        keepalive 16384;
        keepalive_requests 1000000000;
    }}
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        location / {{
            proxy_pass http://engines;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_buffering off;
            proxy_buffer_size {buffer};
            proxy_buffers 4 {buffer};
            proxy_busy_buffers_size {buffer};
            proxy_read_timeout 600s;
        }}
    }}
}}
"""


class Nginx(Gateway):
    def __init__(self, name, buffer):
        self.name = name
        self.buffer = buffer

    def absent(self):
        return None if find("nginx") else "nginx is not installed"

    def version(self):
        return said(find("nginx"), "-v")

    def command(self, folder, port, engines):
        import resource

        text = CONFIGURATION.format(
            folder=folder,
            port=port,
            buffer=self.buffer,
            files=resource.getrlimit(resource.RLIMIT_NOFILE)[1],
            servers=" ".join(f"server {engine};" for engine in engines),
        )
        path = write(f"{folder}/nginx.conf", text)
        return [find("nginx"), "-p", folder, "-e", f"{folder}/error.log", "-c", path], {}
