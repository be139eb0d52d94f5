"""The examples of the addresses of notices, which differ with every answer."""

from typing import Any


def examples_of_notices() -> dict[str, Any]:
    """Return them by operation."""
    json = "application/json"
    deal = "9a4f1c0de27b4d63a5180b7c2e9f4d16"
    notice = {
        "id": "3f2a9d0c7e5b48d1a6c40b19e8d7f253",
        "kind": "deal_moved_on",
        "about": "deal",
        "subject": deal,
        "name": "SYNTHETIC battery plant",
        "told_by": "SYNTHETIC zone",
        "facts": {"event": "talks", "on": "2027-02-01"},
        "title_zh": "合作项目有新进展",
        "title_en": "Deal moved on",
        "page": f"/deals?deal={deal}",
        "made_at": "2027-02-01T08:00:00.000000Z",
        "read": False,
    }
    wanted = {
        "mail_address": "li.hua@example.org",
        "mail_kinds": ["introduction_asked", "task_due"],
        "language": "zh",
    }
    settings = {"response": {json: wanted | {"mail_error": ""}}}
    page = {"items": [notice], "next": None}
    new = {"address": "https://hooks.example.org/yanzhen", "kinds": ["deal_moved_on"]}
    webhook = {
        "id": "c19d4e7f02ab4c6e8d35f7a1b0e2964d",
        **new,
        "made_at": "2027-01-05T08:00:00.000000Z",
        "delivered_at": "2027-02-01T08:00:02.000000Z",
        "failures": 0,
        "last_error": "",
        "disabled_at": None,
    }
    of_webhook = {"parameters": {"webhook": webhook["id"]}}
    return {
        "list_notices_of_person": {"parameters": {"unread": True}, "response": {json: page}},
        "count_unread_notices": {"response": {json: {"unread": 1}}},
        "mark_notices_read": {"request": {json: {"up_to": notice["id"]}}},
        "get_notice_settings": settings,
        "change_notice_settings": {"request": {json: wanted}, **settings},
        "list_webhooks": {"response": {json: {"items": [webhook], "next": None}}},
        "make_webhook_of_organisation": {
            "request": {json: new},
            "response": {
                json: webhook | {"delivered_at": None, "secret": "whsec_(told this once)"}
            },
        },
        "enable_webhook_of_organisation": {**of_webhook, "response": {json: webhook}},
        "remove_webhook_of_organisation": of_webhook,
    }
