from django.http import HttpResponse


def take_step(request, **kwargs):
    return HttpResponse()
