from django.http import HttpResponse


def case_list(request, **kwargs):
    return HttpResponse()
