from django.http import HttpResponse


def case_page(request, **kwargs):
    return HttpResponse()


def case_history(request, **kwargs):
    return HttpResponse()
