"""Mail addresses as they are written into the header of a mail: plain ASCII, one line, one address."""

import re

LONGEST = 254  # characters, RFC 5321
_LONGEST_LOCAL_PART = 64
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_LOCAL_PART = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})+")
_EXAMPLE = "例：jimu@city.example.lg.jp"


def mail_address_fault(text: str) -> str | None:
    """What is wrong with a mail address, in Japanese with the remedy, or None. "" is no address."""
    if not text.isascii() or not text.isprintable() or " " in text:
        return f"メールアドレスは、空白のない半角の英数字と記号で入力してください（{_EXAMPLE}）。"
    if any(mark in text for mark in ",;<>"):
        return f"メールアドレスは1件だけ、名前や記号を付けずに入力してください（{_EXAMPLE}）。"
    local_part, at, domain = text.rpartition("@")
    if not at or not _LOCAL_PART.fullmatch(local_part) or not _DOMAIN.fullmatch(domain):
        return f"メールアドレスの形ではありません。「@」の前後を確かめてください（{_EXAMPLE}）。"
    if len(local_part) > _LONGEST_LOCAL_PART or len(text) > LONGEST:
        return f"メールアドレスが長すぎます。全体で{LONGEST}字以内にしてください。"
    return None
