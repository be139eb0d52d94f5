"""Programs ask a server of Yanzhen: `Client("http://127.0.0.1:8765")`. Needs the extra `client`."""

from yanzhen.client.answers import Change, Job, Person, Picture, Project, Scenario, Study, Table
from yanzhen.client.client import Client
from yanzhen.client.failures import ApiError, JobFailed, NoAnswer

__all__ = [
    "ApiError",
    "Change",
    "Client",
    "Job",
    "JobFailed",
    "NoAnswer",
    "Person",
    "Picture",
    "Project",
    "Scenario",
    "Study",
    "Table",
]
