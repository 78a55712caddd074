"""The states of long work and of its steps, with their words."""

from enum import StrEnum


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    INCOMPLETE = "incomplete"  # over, and some steps failed
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        return _JOB_LABELS[self]

    @property
    def is_over(self) -> bool:
        return self not in (JobState.WAITING, JobState.RUNNING)


class StepState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"

    @property
    def label(self) -> str:
        return {"waiting": "未作成", "done": "作成済み", "failed": "作成できず"}[self.value]


_JOB_LABELS = {
    JobState.WAITING: "順番待ち",
    JobState.RUNNING: "作成中",
    JobState.DONE: "完了",
    JobState.INCOMPLETE: "一部作成できず",
    JobState.CANCELLED: "中止",
}
