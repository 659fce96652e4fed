from django.http import HttpResponse


def label_case(request, **kwargs):
    return HttpResponse()


def take_back(request, **kwargs):
    return HttpResponse()
