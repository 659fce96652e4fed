import pytest, time, json, cProfile, pstats, logging
from django.utils import timezone
from django.db import connection
from tests.factories import *
from tests.api.conftest import Tool
pytestmark=pytest.mark.django_db
BODY={"title":"A title here","kind":"incident","observed_behaviour":"x"*600,"systems":[{"name":"s"}],"occurred_from":"2026-01-01","occurred_precision":"day","submit":True}
def med(f,n=120):
    ts=[];cs=[]
    for _ in range(n):
        t=time.perf_counter(); c=time.process_time(); f(); ts.append(time.perf_counter()-t); cs.append(time.process_time()-c)
    return "wall %.2f cpu %.2f"%(sorted(ts)[n//4]*1000,sorted(cs)[n//4]*1000)
def test_perf(analyst,settings):
    logging.disable(logging.CRITICAL)
    from django.core.signals import request_started, request_finished
    from django.db import close_old_connections
    request_started.disconnect(close_old_connections); request_finished.disconnect(close_old_connections)
    settings.ROOT_URLCONF="tests.benchmarks.idiomatic"
    from tests.benchmarks.requests import Client
    from taxonomy.models import Node
    nodes=list(Node.objects.all()[5:25]); s=make_person()
    for i in range(60): make_case(nodes=list({nodes[3],nodes[(i*3)%20],nodes[(i*7)%20]}), reporter=s, owner=analyst)
    from registry.models import Classification
    api=Tool(analyst)
    c=Client(HTTP_AUTHORIZATION=api.defaults["HTTP_AUTHORIZATION"])
    cur=c.get("/api/v1/cases/?limit=3"[:14]) 
    import orjson
    nxt=orjson.loads(c.call("GET","/api/v1/cases/","limit=5"))["next"].partition("?")[2]
    d="/api/v1/cases/AIR-%d/"%Case.objects.last().pk
    works={
      "me":lambda:c.get("/api/v1/me/"),
      "nope":lambda:c.call("GET","/api/v1/problems/not-found/",""),
      "list":lambda:c.get("/api/v1/cases/"),
      "deep":lambda:c.call("GET","/api/v1/cases/",nxt.replace("limit=5","limit=50")),
      "label":lambda:c.get("/api/v1/cases/",label=nodes[3].key),
      "idiomatic":lambda:c.get("/idiomatic/cases/"),
      "detail":lambda:c.get(d),
      "create":lambda:c.post("/api/v1/cases/",BODY)}
    for name,f in works.items(): print(name, med(f))
    import sys
    for name in (sys.argv and ("list","create")):
            f=works[name]
            p=cProfile.Profile(); p.enable()
            for _ in range(100): f()
            p.disable()
            pstats.Stats(p).sort_stats("cumtime").print_stats(r"(api|registry|config|structlog|allauth|csp|whitenoise|htmx)/.*",60)
    print(c.get("/api/v1/cases/")[:300]); print(c.call("GET","/api/v1/cases/",nxt)[:200])
