"""`leadline serve`: the API and the web app in one process."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from leadline.errors import InputError
from server.commands.ask import DataDir

if TYPE_CHECKING:
    import socket

    from leadline.settings import Settings

DEFAULT_PORT = 8321
SWITCH_INTERVAL_S = 0.0005
"""How long a thread that plans keeps the interpreter to itself: the loop that hears and tells must
not wait behind every question at work (measured: a tenth of the wait at Python's own 5 ms)."""
STOP_WAIT_S = 15
"""How long connections may take to end when the server is told to stop."""


def serve(
    host: Annotated[
        str, typer.Option("--host", help="Where to listen; 0.0.0.0 is everywhere. 监听地址")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="0 takes any free one. 端口")
    ] = DEFAULT_PORT,
    certfile: Annotated[
        Path | None, typer.Option("--certfile", help="TLS certificate, PEM. TLS 证书")
    ] = None,
    keyfile: Annotated[
        Path | None, typer.Option("--keyfile", help="Its private key, PEM. TLS 私钥")
    ] = None,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(
            "--allow-host",
            metavar="NAME",
            help="Answer for this name too, as a proxy passes it on; repeatable. 允许的主机名",
        ),
    ] = None,
    open_page: Annotated[
        bool, typer.Option("--open", help="Open the page in a browser. 打开网页")
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", help="Log a line per request. 每个请求记一行日志")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Serve the web app and the HTTP API. 启动网页与接口服务."""
    from leadline.settings import read_settings
    from server.door import is_loopback

    settings = read_settings(data_dir)
    local = is_loopback(host)
    check_guarded(settings, local=local)
    check_certificate(certfile, keyfile)
    listening = bind(host, port)
    try:
        chosen = listening.getsockname()[1]
        address = address_of(host, chosen, secure=certfile is not None)
        _run(
            settings,
            listening,
            local=local,
            names=allow_host or [],
            certificate=(certfile, keyfile),
            verbose=verbose,
            address=address,
            open_page=open_page,
        )
    finally:
        listening.close()


def serve_on(settings: Settings, listening: socket.socket, *, page: str = "") -> None:
    """Serve an instance on a loopback socket until it is stopped; `page` is what to look at."""
    host, port = listening.getsockname()[:2]
    _run(
        settings,
        listening,
        local=True,
        names=[],
        certificate=(None, None),
        verbose=False,
        address=address_of(host, port, secure=False) + page,
        open_page=False,
    )


def check_guarded(settings: Settings, *, local: bool) -> None:
    """Raises InputError where others could come in and nothing keeps them out."""
    if local or settings.token is not None:
        return
    raise InputError(
        "refusing to listen beyond this machine without a token: anybody could read all data. "
        "未设置令牌，拒绝对外监听",
        hint='set LEADLINE_TOKEN first 请先设置: export LEADLINE_TOKEN="$(openssl rand -hex 32)"',
    )


def check_certificate(certfile: Path | None, keyfile: Path | None) -> None:
    """Raises InputError unless there is a readable certificate with a key, or neither."""
    if (certfile is None) != (keyfile is None):
        raise InputError("TLS needs both --certfile and --keyfile")
    for path in (certfile, keyfile):
        if path is not None and not path.is_file():
            raise InputError(f"there is no file {path}")


def bind(host: str, port: int) -> socket.socket:
    """A socket that listens there.

    Raises:
        InputError: the port is taken, or the address is not this machine's.
    """
    import socket

    try:
        family, kind, protocol, _name, where = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as error:
        raise InputError(f"--host {host!r} is no address of this machine") from error
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(where)
        listening.listen(512)
    except OSError as error:
        listening.close()
        raise InputError(
            f"cannot listen on {host}:{port}: {error.strerror}",
            hint="another server may be running; choose another --port",
        ) from error
    return listening


def address_of(host: str, port: int, *, secure: bool) -> str:
    """The address to open; one that listens everywhere is reached on this machine too."""
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104 - compared only
    if ":" in name and not name.startswith("["):
        name = f"[{name}]"
    return f"{'https' if secure else 'http'}://{name}:{port}/"


def _run(
    settings: Settings,
    listening: socket.socket,
    *,
    local: bool,
    names: list[str],
    certificate: tuple[Path | None, Path | None],
    verbose: bool,
    address: str,
    open_page: bool,
) -> None:
    import sys

    import uvicorn

    from server.app import create_app
    from server.guard import Hosts, host_name

    _log_to_stderr(verbose=verbose)
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    hosts = Hosts(local, frozenset(filter(None, map(host_name, names))))
    app = create_app(settings, hosts=hosts, verbose=verbose, prepares=True)
    certfile, keyfile = certificate
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips="127.0.0.1",
        timeout_graceful_shutdown=STOP_WAIT_S,
        ssl_certfile=certfile,
        ssl_keyfile=keyfile,
    )
    _announce(settings, address, local=local, secure=certfile is not None)
    if open_page:
        import webbrowser

        webbrowser.open(address)
    with suppress(KeyboardInterrupt):  # Ctrl+C is how a person stops it: nothing went wrong
        uvicorn.Server(config).run(sockets=[listening])


def _announce(settings: Settings, address: str, *, local: bool, secure: bool) -> None:
    """Say where to look, in the language of commands, and warn of what is risky."""
    from leadline.types import Language

    chinese = settings.language is Language.ZH
    typer.echo(
        f"Leadline 已启动：{address}（按 Ctrl+C 停止）"
        if chinese
        else f"Leadline is serving at {address} (Ctrl+C stops it)"
    )
    if not local and not secure:
        typer.secho(
            "注意：未启用 TLS，令牌与数据以明文传输。"
            "请使用 --certfile/--keyfile，或置于 HTTPS 反向代理之后。"
            if chinese
            else "Careful: without TLS the token and all data travel in the clear. Give --certfile "
            "and --keyfile, or put it behind a proxy that speaks HTTPS.",
            fg=typer.colors.YELLOW,
            err=True,
        )


def _log_to_stderr(*, verbose: bool) -> None:
    import logging
    import sys

    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    for name, level in (
        ("leadline", logging.INFO if verbose else logging.WARNING),
        ("uvicorn.error", logging.WARNING),
    ):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(level)
        logger.propagate = False
