"""The one cookie: the token of a sign-in. It exists from sign-in to sign-out, and never before."""

PLAIN_NAME = "procure_sign_in"


def cookie_name(is_tls: bool) -> str:
    """A browser takes a `__Host-` cookie only over TLS, from this very host, for every path."""
    return f"__Host-{PLAIN_NAME}" if is_tls else PLAIN_NAME


def token_in(cookie_headers: list[str], is_tls: bool) -> str | None:
    """None where there is none, or more than one: then somebody planted one."""
    name = cookie_name(is_tls)
    pairs = [pair.strip().partition("=") for header in cookie_headers for pair in header.split(";")]
    tokens = [value for found, _, value in pairs if found == name]
    return tokens[0] if len(tokens) == 1 and tokens[0].isascii() and len(tokens[0]) <= 128 else None


def kept(token: str, is_tls: bool) -> tuple[str, str]:
    return ("set-cookie", f"{cookie_name(is_tls)}={token}; {_attributes(is_tls)}")


def dropped(is_tls: bool) -> tuple[str, str]:
    return ("set-cookie", f"{cookie_name(is_tls)}=; Max-Age=0; {_attributes(is_tls)}")


def _attributes(is_tls: bool) -> str:
    return "Path=/; HttpOnly; SameSite=Strict" + ("; Secure" if is_tls else "")
