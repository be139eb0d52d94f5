@pytest.mark.parametrize("lang", ["zh"])
def test_e_mail_is_chosen_and_a_webhook_made_and_removed(opened: Opened, lang: Lang) -> None:
    opened.go(f"/notices?study={opened.served.study}&lang={lang}")
    opened.view.wait_for_function("window.did_handshake")
    opened.view.get_by_text(web_word(lang, "notices.by_mail"), exact=True).click()
    assert web_word(lang, "notices.no_mail") in opened.said("#content")
    address = opened.view.get_by_label(web_word(lang, "notices.address"), exact=True)
    save = opened.view.get_by_role("button", name=web_word(lang, "notices.save"), exact=True)
    address.fill("no address")
    save.click()
    refused = PHRASES.word(lang, "address", said="no address")
    opened.view.locator(".notice.bad", has_text=refused).wait_for()
    address.fill("li.hua@example.org")
    opened.view.get_by_label(PHRASES.word(lang, "kind.task_due"), exact=True).first.click()
    with opened.view.expect_navigation():
        save.click()
    chosen = opened.served.json("/api/v1/notices/settings")
    assert chosen["mail_address"] == "li.hua@example.org"
    assert chosen["mail_kinds"] == ["task_due"]

    opened.view.wait_for_function("window.did_handshake")
    opened.view.get_by_text(web_word(lang, "notices.webhooks"), exact=True).click()
    label = web_word(lang, "notices.webhook_address")
    opened.view.get_by_label(label, exact=True).fill("https://hooks.example.org/<b>in")
    opened.view.get_by_label(web_word(lang, "notices.webhook_kinds"), exact=True).click()
    opened.view.get_by_role("option", name=PHRASES.word(lang, "kind.task_due")).click()
    opened.view.keyboard.press("Escape")
    make = web_word(lang, "notices.make_webhook")
    opened.view.get_by_role("button", name=make, exact=True).click()
    opened.view.locator("code.secret").wait_for()
    assert opened.said("code.secret").startswith("whsec_")
    opened.go(f"/notices?study={opened.served.study}&lang={lang}")
    opened.view.wait_for_function("window.did_handshake")
    opened.view.get_by_text(web_word(lang, "notices.webhooks"), exact=True).click()
    remove = f"{web_word(lang, 'notices.remove_webhook')} https://hooks.example.org/<b>in"
    with opened.view.expect_navigation():
        opened.view.get_by_role("button", name=remove, exact=True).click()
    assert opened.served.json("/api/v1/webhooks")["items"] == []
