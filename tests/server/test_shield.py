"""What every response carries, and what never reaches a page: headers, hosts, methods, paths, bodies."""

from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import pytest
from httpx import Response

from procure.server import routing
from procure.server.shield import Shield
from procure.settings import Settings
from tests.people import SECRETARIAT, STRANGER, Browser, Service, service
from tests.server.pages import ROUTES, notes

TLS = Settings(public_url="https://kyodo.example.lg.jp")
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
}

Ask = Callable[[Browser], Response]
EVERY_KIND: dict[int, Ask] = {
    200: lambda browser: browser.get("/sign-in"),
    303: lambda browser: browser.post("/rounds/r8"),
    304: lambda browser: browser.get("/static/css/tokens.css", _known(browser)),
    400: lambda browser: browser.get("/query?q=%FF"),
    403: lambda browser: browser.post("/demand"),
    404: lambda browser: browser.get("/nothing"),
    405: lambda browser: browser.client.put("/sign-in"),
    409: lambda browser: browser.get("/conflict"),
    413: lambda browser: browser.post("/rounds/r8", {"subject": "x" * 70_000}),
    414: lambda browser: browser.get("/" + "x" * 2000),
    415: lambda browser: browser.client.post("/rounds/r8", content="{}", headers={"content-type": "application/json"}),
    421: lambda browser: browser.get("/", {"host": "evil.example"}),
    422: lambda browser: browser.post("/refused"),
    431: lambda browser: browser.get("/", {"x": "x" * 20_000}),
    500: lambda browser: browser.get("/bug"),
    503: lambda browser: browser.get("/locked"),
}


def _known(browser: Browser) -> dict[str, str]:
    return {"if-none-match": browser.get("/static/css/tokens.css").headers["etag"]}


def asked(council: Service, status: int) -> Response:
    answer = EVERY_KIND[status](council.browser(SECRETARIAT))
    assert answer.status_code == status
    return answer


# ---- headers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", EVERY_KIND)
def test_every_kind_of_response_carries_the_headers(sqlite_url: str, status: int) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        headers = asked(council, status).headers
    policy = dict(rule.split(" ", 1) for rule in headers["content-security-policy"].split("; "))
    assert policy == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert headers["cache-control"] == "no-store"
    assert "strict-transport-security" not in headers


@pytest.mark.parametrize("status", [200, 303, 404, 421, 500])
def test_over_tls_every_response_asks_for_tls_from_now_on(sqlite_url: str, status: int) -> None:
    with service(sqlite_url, routes=ROUTES, settings=TLS) as council:
        assert asked(council, status).headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 413, 414, 415, 421, 431, 500, 503])
def test_every_refusal_is_a_page_in_japanese_with_a_way_on(sqlite_url: str, status: int) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        page = asked(council, status)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert '<html lang="ja">' in page.text
    assert 'href="/' in page.text


def test_a_signed_in_person_keeps_their_menu_on_an_error_page(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        assert SECRETARIAT.name in asked(council, 404).text
        assert SECRETARIAT.name in asked(council, 409).text


def test_a_wrong_method_is_told_the_right_one(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        browser = council.browser(STRANGER)
        told = {
            (method, path): browser.client.request(method, path).headers["allow"]
            for method in ("DELETE", "OPTIONS", "PATCH")
            for path in ("/health", "/sign-in", "/sign-out")
        }
        assert browser.client.post("/health").headers["allow"] == "GET, HEAD"
    assert {allowed for (_, path), allowed in told.items() if path == "/health"} == {"GET, HEAD"}
    assert {allowed for (_, path), allowed in told.items() if path == "/sign-in"} == {"GET, HEAD, POST"}
    assert {allowed for (_, path), allowed in told.items() if path == "/sign-out"} == {"POST"}


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get"])
def test_other_methods_do_not_reach_the_pages(sqlite_url: str, method: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        assert spoken_to(council.app, method=method)[0]["status"] == 405


def test_head_is_get_without_the_body(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        browser = council.browser(STRANGER)
        head, got = browser.client.head("/sign-in"), browser.get("/sign-in")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == got.headers["content-length"]


# ---- hosts -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:9000", "127.0.0.1", "127.0.0.1:1", "[::1]:8000", "more.example"]
)
def test_the_service_answers_to_its_own_names(sqlite_url: str, host: str) -> None:
    with service(sqlite_url, routes=ROUTES, settings=Settings(more_hosts=("more.example",))) as council:
        assert council.browser(STRANGER).get("/health", {"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.", "localhost.evil.example", "xlocalhost", "localhost@evil.example", "", "::1"]
)
def test_the_service_answers_to_no_other_name(sqlite_url: str, host: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        headers = {"host": host, "x-forwarded-host": "localhost"}
        assert council.browser(STRANGER).get("/health", headers).status_code == 421


@pytest.mark.parametrize("hosts", [[], ["localhost", "localhost"], ["localhost", "evil.example"]])
def test_a_request_names_exactly_one_host(sqlite_url: str, hosts: list[str]) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        headers = [(b"host", host.encode()) for host in hosts]
        assert spoken_to(council.app, headers=headers)[0]["status"] == 421


# ---- paths and queries -----------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/%00", "/rounds/a%0d%0aset-cookie:x", "/static/%00.css", "/%7f", "/%C2%85", "/%FF"])
def test_a_path_with_control_characters_is_refused(sqlite_url: str, path: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        assert council.browser(SECRETARIAT).get(path).status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/%2e%2e/%2e%2e/app.py",
        "/static/..%2f..%2fapp.py",
        "/static//etc/passwd",
        "/static/css",
        "/static/css/",
        "/static/css/%5c..%5c..%5capp.py",
        "/static/" + "x" * 300,
        "/static",
        "/schema",
        "/schema/openapi.json",
        "/docs",
    ],
)
def test_nothing_but_the_static_files_is_served(sqlite_url: str, path: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        assert council.browser(SECRETARIAT).get(path).status_code == 404


@pytest.mark.parametrize("query", ["q=%FF", "q=%00", "q=a%0b", "&q=1" * 3000, "q=" + "x" * 9000, "q=%ED%A0%80"])
def test_a_bad_query_is_refused(sqlite_url: str, query: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        assert council.browser(STRANGER).get(f"/query?{query}").status_code in (400, 414)


def test_a_good_query_is_read_as_it_was_typed(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        assert council.browser(STRANGER).get("/query?q=%E3%81%82+1&q=&q=%2B").text == "あ 1||+"


def test_a_japanese_path_is_handed_over_as_text(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        browser = council.browser(SECRETARIAT)
        assert "<h1>令和8年度</h1>" in browser.get("/rounds/令和8年度").text
        location = browser.post("/rounds/令和8年度").headers["location"]
        assert location == "/rounds/%E4%BB%A4%E5%92%8C8%E5%B9%B4%E5%BA%A6?done=saved"


def test_markup_in_a_path_stays_text(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        page = council.browser(SECRETARIAT).get("/rounds/%3Cscript%3Ealert(1)%3C%2Fscript%3E").text
    assert "<script>alert" not in page


# ---- bodies ----------------------------------------------------------------------------------------

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=b"


def part(headers: str, body: bytes = b"x") -> bytes:
    return b"--b\r\nContent-Disposition: form-data; " + headers.encode() + b"\r\n\r\n" + body + b"\r\n--b--\r\n"


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (FORM, b"subject=%FF"),
        (FORM, b"subject=\xff"),
        (FORM, b"subject=%00"),
        (FORM, b"subject=%ED%A0%80"),
        (FORM, b"%FF=1"),
        (FORM, b"&".join([b"a=1"] * 10_001)),
        (FORM + "; charset=utf-16", b"subject=%FF%FE"),
    ],
)
def test_a_form_that_cannot_be_read_is_refused(sqlite_url: str, content_type: str, body: bytes) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        browser = council.browser(SECRETARIAT)
        body = f"csrf_token={browser.csrf_token}&".encode() + body
        answer = browser.client.post("/rounds/r8", content=body, headers={"content-type": content_type})
        assert (answer.status_code, notes(council)) == (400, [])


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (MULTIPART, b""),
        (MULTIPART, b"--b\r\n"),
        (MULTIPART, b"--x\r\n"),
        (MULTIPART, b"garbage"),
        (MULTIPART, part('name="note"', b"\xff")),
        (MULTIPART, part('name="note"', b"\x00")),
        (MULTIPART, part('name="note"\r\nContent-Type: text/plain; charset=rot13')),
        (MULTIPART, part('name="note"\r\nContent-Type: text/plain; charset=unicode_escape', rb"\ud83d")),
        (MULTIPART, part('name="note"\r\nContent-Type: text/plain; charset=none-such')),
        (MULTIPART, part("")),
        (MULTIPART, part('name="sheet"; filename="a\r\nb.xlsx"')),
        ("multipart/form-data", part('name="note"')),
        ("multipart/form-data; boundary=", part('name="note"')),
        ("multipart/form-data; boundary=" + "b" * 500, part('name="note"')),
        ("multipart/form-data; boundary=é", part('name="note"')),
    ],
)
def test_an_upload_that_cannot_be_read_is_refused(sqlite_url: str, content_type: str, body: bytes) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        headers = {"content-type": content_type.encode()}
        answer = council.browser(SECRETARIAT).client.post("/upload", content=body, headers=headers)  # type: ignore[arg-type]
        assert answer.status_code in (400, 403)


def test_an_upload_is_read_whole(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        content = bytes(range(256)) * 400
        files = {"sheet": ("需要　登録.xlsx", content)}
        answer = council.browser(SECRETARIAT).post("/upload", {"note": "備考\n二行目"}, files=files)
        assert answer.text == f"備考\n二行目:需要　登録.xlsx:{len(content)}"


def test_a_form_without_a_chosen_file_has_no_upload(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        answer = council.browser(SECRETARIAT).post("/upload", files={"sheet": ("", b"")})
        assert answer.text == "nothing"


def test_an_upload_where_none_is_expected_is_refused(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        answer = council.browser(SECRETARIAT).post("/rounds/r8", files={"sheet": ("a.xlsx", b"x")})
        assert (answer.status_code, notes(council)) == (415, [])


def test_a_page_may_take_more_than_a_form_and_not_more_than_it_says(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        browser = council.browser(SECRETARIAT)
        assert browser.post("/upload", files={"sheet": ("a", b"x" * 190_000)}).status_code == 200
        assert browser.post("/upload", files={"sheet": ("a", b"x" * 200_000)}).status_code == 413


def test_a_body_of_unknown_length_is_limited_too(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        browser = council.browser(SECRETARIAT)
        chunks = (b"a" * 10_000 for _ in range(8))
        answer = browser.client.post("/rounds/r8", content=chunks, headers={"content-type": FORM})
        assert answer.status_code == 413


def test_the_body_of_a_stranger_is_not_even_read(sqlite_url: str) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        headers = [(b"host", b"localhost"), (b"content-type", FORM.encode()), (b"content-length", b"5000000")]
        start, *_ = spoken_to(council.app, method="POST", path="/rounds/r8", headers=headers, receive=unreadable)
        assert start["status"] == 303


@pytest.mark.parametrize("length", [b"-1", b"1e3", b"0x10", b"", b" 5", "５".encode(), b"9" * 40])
def test_a_length_that_is_no_number_is_refused(sqlite_url: str, length: bytes) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        headers = [(b"host", b"localhost"), (b"content-length", length)]
        assert spoken_to(council.app, method="POST", path="/sign-in", headers=headers)[0]["status"] == 400


@pytest.mark.parametrize("second", [(b"content-length", b"4"), (b"transfer-encoding", b"chunked")])
def test_a_body_that_could_end_in_two_places_is_refused(sqlite_url: str, second: tuple[bytes, bytes]) -> None:
    with service(sqlite_url, routes=ROUTES) as council:
        headers = [(b"host", b"localhost"), (b"content-length", b"4"), second]
        assert spoken_to(council.app, method="POST", path="/sign-in", headers=headers)[0]["status"] == 400


def test_a_browser_that_breaks_off_is_no_error_of_ours(sqlite_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    async def gone() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    with service(sqlite_url, routes=ROUTES) as council:
        headers = [(b"host", b"localhost"), (b"content-type", FORM.encode())]
        start, *_ = spoken_to(council.app, method="POST", path="/sign-in", headers=headers, receive=gone)
    assert start["status"] == 400
    assert '"error"' not in capsys.readouterr().err


def test_a_body_that_does_not_come_is_not_waited_for(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routing, "SECONDS_TO_SEND", 0.05)

    async def silent() -> dict[str, Any]:
        await anyio.sleep(60)
        return await empty()

    with service(sqlite_url, routes=ROUTES) as council:
        headers = [(b"host", b"localhost"), (b"content-type", FORM.encode())]
        start, *_ = spoken_to(council.app, method="POST", path="/sign-in", headers=headers, receive=silent)
    assert start["status"] == 408


# ---- the last resort -------------------------------------------------------------------------------


async def breaks(_scope: Any, _receive: Any, _send: Any) -> None:
    raise ZeroDivisionError


async def breaks_half_way(_scope: Any, _receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    raise ZeroDivisionError


def test_whatever_breaks_a_page_in_japanese_is_sent() -> None:
    start, body = spoken_to(Shield(breaks, frozenset({"localhost"}), is_tls=False))
    assert (start["status"], "サービス内部で問題が起きました" in body["body"].decode()) == (500, True)
    assert b"content-security-policy" in dict(start["headers"])


def test_a_response_that_has_begun_is_not_begun_again() -> None:
    sent = spoken_to(Shield(breaks_half_way, frozenset({"localhost"}), is_tls=False))
    assert [message["type"] for message in sent] == ["http.response.start"]


def test_a_page_cannot_weaken_the_headers() -> None:
    async def weak(_scope: Any, _receive: Any, send: Any) -> None:
        headers = [(b"Content-Security-Policy", b"default-src *"), (b"x-frame-options", b"ALLOWALL")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})

    (start,) = spoken_to(Shield(weak, frozenset({"localhost"}), is_tls=False))
    names = [name.lower() for name, _ in start["headers"]]
    assert len(names) == len(set(names))
    assert b"*" not in dict(start["headers"])[b"content-security-policy"]


def test_there_are_no_web_sockets() -> None:
    sent = spoken_to(Shield(breaks, frozenset({"localhost"}), is_tls=False), kind="websocket")
    assert sent == [{"type": "websocket.close", "code": 1000}]


async def unreadable() -> dict[str, Any]:
    raise AssertionError("the body was read")


async def empty() -> dict[str, Any]:
    return {"type": "http.request", "body": b"", "more_body": False}


def spoken_to(
    app: Shield,
    *,
    kind: str = "http",
    method: str = "GET",
    path: str = "/health",
    headers: list[tuple[bytes, bytes]] | None = None,
    receive: Callable[[], Awaitable[dict[str, Any]]] = empty,
) -> list[dict[str, Any]]:
    """What the application sends for a request that no client library would make."""
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(dict(message))

    scope = {
        "type": kind,
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"localhost")] if headers is None else headers,
        "client": ("192.0.2.1", 1),
        "server": ("127.0.0.1", 8000),
    }
    anyio.run(app, scope, receive, send)
    return sent
