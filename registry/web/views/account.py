from django.http import HttpResponse


def me(request, **kwargs):
    return HttpResponse()
