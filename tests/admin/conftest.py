import pytest
from django.contrib.auth.models import User
from django.test import Client


@pytest.fixture
def admin(client: Client) -> Client:
    """A browser in which ada, who may do all, is logged in."""
    client.force_login(User.objects.create_superuser("ada"))
    return client
