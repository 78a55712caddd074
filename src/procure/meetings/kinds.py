"""What the council holds, in which form, and which of its organs meets."""

from enum import StrEnum


class Kind(StrEnum):
    TRAINING = "training"
    MEETING = "meeting"

    @property
    def label(self) -> str:
        return {"training": "研修会", "meeting": "会議"}[self.value]


class Form(StrEnum):
    IN_PERSON = "in_person"
    ONLINE = "online"
    HYBRID = "hybrid"
    WRITTEN = "written"

    @property
    def label(self) -> str:
        return {"in_person": "集合", "online": "オンライン", "hybrid": "併用", "written": "書面"}[self.value]

    @property
    def has_place(self) -> bool:
        """Whether people come together somewhere."""
        return self in (Form.IN_PERSON, Form.HYBRID)


class Organ(StrEnum):
    """The council's own names of a meeting stand in its title: 調整部会, 第2回幹事会."""

    ASSEMBLY = "assembly"
    BOARD = "board"
    COMMITTEE = "committee"
    SECTION = "section"

    @property
    def label(self) -> str:
        return {"assembly": "総会", "board": "役員会", "committee": "幹事会", "section": "部会"}[self.value]
