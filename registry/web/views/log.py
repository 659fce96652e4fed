from django.http import HttpResponse


def log_case(request, **kwargs):
    return HttpResponse()


def receipt(request, **kwargs):
    return HttpResponse()
