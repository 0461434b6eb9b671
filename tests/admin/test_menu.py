import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from evaluations.admin.menu import GROUPS

pytestmark = pytest.mark.django_db


def titles(client) -> list[str]:
    menu = client.get(reverse("admin:index")).context["sidebar_navigation"]
    return [item["title"] for group in menu for item in group["items"]]


def test_every_list_of_the_panel_stands_in_the_menu_once():
    listed = [row for _, members in GROUPS for row in members]

    assert len(listed) == len(set(listed))
    assert set(listed) == set(admin.site._registry)


def test_each_link_of_the_menu_opens(client):
    client.force_login(User.objects.create_superuser("ada"))
    menu = client.get(reverse("admin:index")).context["sidebar_navigation"]

    links = [item["link"] for group in menu for item in group["items"]]
    assert reverse("admin:evaluations_prompt_moderate") in links
    assert {client.get(link).status_code for link in links} == {200}


@pytest.mark.parametrize(
    ("permission", "seen"),
    [
        ("view_prompt", ["Prompts"]),
        ("change_prompt", ["Prompts", "Prompts that wait"]),
    ],
)
def test_the_menu_has_what_a_person_may_open(client, permission, seen):
    mod = User.objects.create_user("mo", is_staff=True)
    mod.user_permissions.add(Permission.objects.get(codename=permission))
    client.force_login(mod)

    assert titles(client) == seen
