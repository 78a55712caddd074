"""What every request passes: the shield, identity and permission, one transaction, the reply.

Pages are written against the names here.
"""

from procure.accounts.roles import Permission
from procure.server.answers import Answer, Download, Goto, Json, Page, Text
from procure.server.done import Done
from procure.server.fields import Fields, Upload
from procure.server.routing import get, post
from procure.server.visit import Visit

__all__ = [
    "Answer",
    "Done",
    "Download",
    "Fields",
    "Goto",
    "Json",
    "Page",
    "Permission",
    "Text",
    "Upload",
    "Visit",
    "get",
    "post",
]
