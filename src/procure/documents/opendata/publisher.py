"""Who publishes the data, at which address, under which identifiers and licence."""

from dataclasses import dataclass
from urllib.parse import quote

from procure.reports.published_rounds import PublishedRound

SAMPLE = "【見本】"


@dataclass(frozen=True, slots=True)
class Publisher:
    """`address` is the service's own, without a slash at its end. `licence` is an address, or empty."""

    name: str
    address: str
    ocid_prefix: str
    licence: str = ""

    def ocid(self, ref: str) -> str:
        """The identifier of a contracting process: never another one for the same round."""
        return f"{self.ocid_prefix}-{ref}"

    def page(self, path: str) -> str:
        """The address of a path of the service, which is given as it reads: its characters are encoded here."""
        return f"{self.address}{quote(path)}"

    def result(self, ref: str) -> str:
        return f"{self.page('/published')}/{quote(ref, safe='')}"

    def release(self, ref: str) -> str:
        return f"{self.result(ref)}/release.json"


def title_of(value: PublishedRound) -> str:
    """Sample data stays recognisable when it has left the service."""
    return f"{SAMPLE if value.is_sample else ''}{value.report.title}"


def lot_title(value: PublishedRound, title: str) -> str:
    return f"{SAMPLE if value.is_sample else ''}{title}"
