import os, sys, pytest
from django.test import Client
from playwright.sync_api import sync_playwright
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]="1"
@pytest.mark.django_db(transaction=True)
def test_docs(live_server, settings, shipped_taxonomy):
    from tests.factories import make_person, make_case
    p=make_person(); make_case()
    c=Client(); c.force_login(p, backend="django.contrib.auth.backends.ModelBackend")
    with sync_playwright() as pw:
        b=pw.chromium.launch(executable_path="/usr/bin/chromium",args=["--no-sandbox","--disable-gpu","--disable-quic"])
        for scheme in ("light","dark"):
            ctx=b.new_context(viewport={"width":1280,"height":1400},color_scheme=scheme); ctx.add_cookies([{"name":"sessionid","value":c.cookies["sessionid"].value,"url":live_server.url}])
            page=ctx.new_page(); msgs=[]
            page.on("console",lambda m: msgs.append((m.type,m.text[:300]))); page.on("pageerror",lambda e: msgs.append(("pageerror",str(e)[:300])))
            page.on("requestfailed", lambda r: msgs.append(("failed", r.url)))
            page.goto(live_server.url+"/api/v1/docs/"); page.wait_for_selector(".opblock",timeout=20000)
            page.screenshot(path=f"/tmp/docs_{scheme}.png")
            page.click("#operations-cases-log_case .opblock-summary"); page.wait_for_timeout(500)
            page.click("#operations-cases-log_case .try-out__btn"); page.wait_for_timeout(300)
            page.click("#operations-cases-log_case .execute"); page.wait_for_timeout(1500)
            el=page.locator("#operations-cases-log_case"); el.screenshot(path=f"/tmp/docs_op_{scheme}.png")
            print("STATUS", page.locator("#operations-cases-log_case .live-responses-table .response-col_status").last.inner_text())
            print("MSGS",scheme,msgs)
        page.set_viewport_size({"width":390,"height":800}); page.wait_for_timeout(300); page.screenshot(path="/tmp/docs_390.png")
        print("WIDTH", page.evaluate("document.documentElement.scrollWidth"))
        b.close()
