"""What WeasyPrint leaves to be said to readers that read aloud, put into its PDF before that is written.

A header cell says whether it heads a column or a row, and what stands in the margins of a page is an artifact (PDF/UA-1
7.5 and 7.8). The description of the file is plain text, which every archive finds (PDF/A-1 6.7.2, harmless in PDF/A-3).
"""

from collections.abc import Iterator, Mapping
from typing import Any

Elements = Mapping[bytes, Any]  # the elements of the structure by their references


def finish(document: object, pdf: Any) -> None:
    """Takes what `Document.write_pdf` gives to its finisher."""
    found = {one.reference: one for one in pdf.objects}
    elements = {key: one for key, one in found.items() if _is_element(one)}
    for element in elements.values():
        if element["S"] == "/TH":
            element["A"]["Scope"] = "/Column" if _is_in_head(element, elements) else "/Row"
    found[pdf.catalog["Metadata"]].compress = False
    root = found[pdf.catalog["StructTreeRoot"]]
    read = frozenset(_below(root["K"], elements))
    unread = {key: one for key, one in elements.items() if key not in read}
    _as_artifacts(unread, found, type(pdf.catalog)({"Type": "/Pagination"}))
    numbers = found[root["ParentTree"]]["Nums"]
    for owners in numbers:
        if isinstance(owners, list):
            owners[:] = ["null" if owner in unread else owner for owner in owners]


def _is_element(one: Any) -> bool:
    return isinstance(one, dict) and one.get("Type") == "/StructElem"


def _is_in_head(cell: Any, elements: Elements) -> bool:
    row = elements[cell["P"]]
    return bool(elements[row["P"]]["S"] == "/THead")


def _below(kids: Any, elements: Elements) -> Iterator[bytes]:
    """The references of the elements that are read, in order."""
    waiting = [kid for kid in kids if kid in elements]
    while waiting:
        key = waiting.pop()
        yield key
        waiting += [kid for kid in elements[key]["K"] if kid in elements]


def _as_artifacts(unread: Elements, found: Mapping[bytes, Any], what: Any) -> None:
    """The content of the elements that no reader gets to: headers and footers."""
    for page, number in {(one["Pg"], kid) for one in unread.values() for kid in one["K"] if isinstance(kid, int)}:
        operators = found[found[page]["Contents"]].stream
        at = _marks(operators)[number]
        operators[at : at + 2] = ["/Artifact", what]
    for one in unread.values():
        one.free = "f"


def _marks(operators: list[Any]) -> dict[int, int]:
    """Where each marked content begins, by its number."""
    ends = (place for place, one in enumerate(operators) if one == b"BDC")
    return {operators[place - 1]["MCID"]: place - 2 for place in ends if "MCID" in operators[place - 1]}
