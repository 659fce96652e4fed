from django.http import HttpResponse


def edit_case(request, **kwargs):
    return HttpResponse()
