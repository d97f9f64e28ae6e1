"""The pages: those of django-allauth, and one that is protected."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

page = engines["django"].from_string(
    "<!doctype html><title>Home</title><p>{{ request.user.email }}</p>"
)


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Show who is signed in."""
    return HttpResponse(page.render({}, request))


urlpatterns = [path("", home), path("accounts/", include("allauth.account.urls"))]
