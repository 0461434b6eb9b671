import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from evaluations.importers import uploads
from evaluations.models import ImportJob, Prompt, PromptSet

pytestmark = pytest.mark.django_db

ADD = reverse("admin:evaluations_importjob_add")
SAID = {"slug": "own", "title": "Own", "licence": "CC0", "source": "Hedge"}
CSV = b"id,prompt\na,Name a tree.\n"


def upload(admin, content=CSV, *, name="own.csv", format="csv", **said):
    file = SimpleUploadedFile(name, content)
    return admin.post(ADD, {"format": format, "upload": file, **said})


def press(admin, job, button):
    name = f"evaluations_importjob_{button}"
    return admin.post(page_of(job), {name: "1"}, follow=True).content.decode()


def page_of(job):
    return reverse("admin:evaluations_importjob_change", args=[job.pk])


def test_an_upload_shows_what_it_would_bring_and_is_written_when_confirmed(admin):
    answer = upload(admin, **SAID)
    job = ImportJob.objects.get()
    assert answer["Location"] == page_of(job)
    assert job.requested_by.username == "ada"
    assert admin.get(page_of(job))["Refresh"] == "2"

    uploads.run(job_id=job.pk)
    page = admin.get(page_of(job))
    assert "Refresh" not in page
    shown = page.content.decode()
    for kind in ("sets", "prompts"):
        assert f"{kind}</th><td>1</td><td>0</td><td>0</td>" in shown
    assert not PromptSet.objects.exists()

    assert "own.csv is on its way in." in press(admin, job, "import_now")
    uploads.run(job_id=job.pk)
    assert Prompt.objects.get().turns == ["Name a tree."]
    assert "Import now" not in admin.get(page_of(job)).content.decode()


def test_a_broken_file_is_shown_with_its_lines(admin):
    upload(admin, b"id,prompt\na,\n", **SAID)
    job = ImportJob.objects.get()
    uploads.run(job_id=job.pk)

    page = admin.get(page_of(job)).content.decode()

    assert "own.csv:2: neither a prompt nor turns stand here." in page
    assert "Import now" not in page


def test_an_upload_can_be_thrown_away(admin):
    upload(admin, **SAID)
    job = ImportJob.objects.get()
    uploads.run(job_id=job.pk)

    assert "own.csv was thrown away." in press(admin, job, "throw_away")

    job.refresh_from_db()
    assert job.state == "discarded"


def test_licence_and_source_are_asked_for(admin):
    page = upload(admin, slug="own", title="Own").content.decode()

    assert page.count("Required, as files of this format do not say it.") == 2
    assert not ImportJob.objects.exists()


def test_a_known_set_takes_no_other_licence(admin):
    page = upload(admin, format="koala", **SAID).content.decode()

    assert "This format says itself what it brings." in page


def test_a_file_that_is_too_large_is_refused(admin, settings):
    settings.ARENA_IMPORT_MEGABYTES = 0

    assert "At most 0 MB are taken." in upload(admin, **SAID).content.decode()


def test_nobody_but_an_admin_uploads(client):
    client.force_login(User.objects.create_user("eve", is_staff=True))

    assert upload(client, **SAID).status_code == 403
    assert not ImportJob.objects.exists()


def test_scores_come_with_licence_and_source(admin):
    said = {"licence": "CC0", "source": "Hedge"}
    upload(admin, b"Model,Own test\nwren,3\n", format="benchmarks", **said)

    uploads.run(job_id=ImportJob.objects.get().pk)

    assert ImportJob.objects.get().state == "tried"
