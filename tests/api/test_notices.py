def test_webhooks_are_the_administrators_and_tell_their_secret_once(guard: Guarded) -> None:
    chief = guard.program(guard.person("hooks", "administrator"))
    wanted = {"address": "https://hooks.example.org/in", "kinds": ["deal_joined"]}
    made = chief.post(WEBHOOKS, json=wanted)
    assert made.status_code == 201 and made.headers["Cache-Control"] == "no-store"
    hook = made.json()
    assert hook["secret"].startswith("whsec_")
    listed = chief.get(WEBHOOKS).json()["items"]
    assert [each["address"] for each in listed] == [wanted["address"]]
    assert hook["secret"] not in chief.get(WEBHOOKS).text
    auditor = guard.program(guard.person("auditor", "auditor"))
    assert [each["id"] for each in auditor.get(WEBHOOKS).json()["items"]] == [hook["id"]]
    assert hook["secret"] not in auditor.get("/api/v1/audit").text
    own = f"{WEBHOOKS}/{hook['id']}"
    zone = guard.program(guard.person("hookless", "zone"))
    weak = guard.program(guard.person("weak", "administrator"), "read", "write")
    for program, may_read in ((auditor, 200), (zone, 403), (weak, 403)):
        assert program.get(WEBHOOKS).status_code == may_read
        assert program.post(WEBHOOKS, json=wanted).status_code == 403
        assert program.post(f"{own}/enabled").status_code == 403
        assert program.delete(own).status_code == 403
    other = guard.program(guard.person("abroad", "administrator", guard.elsewhere))
    assert other.get(WEBHOOKS).json()["items"] == []
    assert other.post(f"{own}/enabled").status_code == other.delete(own).status_code == 404
    for name, wrong in (("address", "http://example.org"), ("kinds", []), ("kinds", ["x"])):
        refused = chief.post(WEBHOOKS, json={**wanted, name: wrong})
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["pointer"].startswith(f"#/{name}")
    assert chief.post(f"{own}/enabled").json()["disabled_at"] is None
    assert chief.delete(own).status_code == 204
    assert chief.delete(own).status_code == 404
    assert chief.get(WEBHOOKS).json()["items"] == []


def test_a_page_of_webhooks_follows_the_other(guard: Guarded) -> None:
    chief = guard.program(guard.person("paging", "administrator", guard.elsewhere))
    for number in range(3):
        said = {"address": f"https://example.org/{number}", "kinds": ["task_due"]}
        assert chief.post(WEBHOOKS, json=said).status_code == 201
    first = chief.get(WEBHOOKS, params={"limit": 2}).json()
    rest = chief.get(WEBHOOKS, params={"limit": 2, "after": first["next"]}).json()
    found = [each["address"][-1] for each in (*first["items"], *rest["items"])]
    assert (found, rest["next"]) == (["0", "1", "2"], None)
