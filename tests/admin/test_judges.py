import re

import pytest
from django.urls import reverse

from evaluations.models import Judge, JudgeTemplate, JudgeVerdict, Run
from tests.admin.test_pages import list_of
from tests.admin.test_runs import page_of
from tests.factories import make_battle, make_contestant
from tests.judging.making import PAIR, make_judge, make_template

pytestmark = pytest.mark.django_db


def ask(admin, judge: Judge, **fields):
    chosen = {"action": "ask", "_selected_action": [judge.pk]}
    return admin.post(list_of(Judge), {**chosen, **fields})


def change_page(row) -> str:
    name = f"admin:evaluations_{row._meta.model_name}_change"
    return reverse(name, args=[row.pk])


def save(admin, template: JudgeTemplate, **fields):
    named = {"slug": template.slug, "version": template.version, "kind": "pair"}
    texts = {"system": "", "text": PAIR, "reference_text": "{reference}"}
    sent = {**named, **texts, "parameters": "{}", **fields}
    return admin.post(change_page(template), sent)


def test_a_judge_is_asked_about_pairs_after_a_look_at_the_price(admin):
    judge, template = make_judge(), make_template(slug="pair", version=7)
    make_battle()
    form = ask(admin, judge).content.decode()
    assert "Show the estimate" in form
    assert re.search(r"selected>\s*pair 7\s*<", form)

    reply = ask(admin, judge, plan="yes", template=template.pk, spend_limit="2")

    run = Run.objects.get()
    assert reply.url == page_of(run)
    assert (run.state, run.by.username, run.spend_limit) == ("planned", "ada", 2)
    assert [item.left for item in run.items.all()] == ["x", "y"]
    assert "Judge" in admin.get(page_of(run)).content.decode()


def test_a_judge_that_nothing_can_be_asked_is_said_and_nothing_planned(admin):
    judge = make_judge(name="Silent")
    Judge.objects.update(contestant=None)

    ask(admin, judge, plan="yes", template=make_template().pk)

    page = admin.get(list_of(Judge)).content.decode()
    assert "Silent has no connection" in page
    assert not Run.objects.exists()


def test_a_template_is_checked_at_the_door(admin):
    template = make_template()

    page = save(admin, template, text="{question} {answer_a}").content.decode()

    assert "There is no {answer_b} in it." in page
    template.refresh_from_db()
    assert template.text == PAIR
    sent = f"Judge!\n{PAIR}".replace("\n", "\r\n")
    assert save(admin, template, text=sent).status_code == 302
    template.refresh_from_db()
    assert template.text == f"Judge!\n{PAIR}"


def test_a_new_template_asks_without_chance_unless_told_otherwise(admin):
    page = admin.get(f"{list_of(JudgeTemplate)}add/").content.decode()

    assert "{&quot;temperature&quot;: 0}</textarea>" in page
    assert "{answer_a}" in page


def test_a_used_template_is_only_looked_at_and_copied(admin):
    template = make_template()
    Run.objects.create(kind="judging", judge=make_judge(), template=template)

    assert save(admin, template, text=f"Other\n{PAIR}").status_code == 403
    chosen = {"action": "new_version", "_selected_action": [template.pk]}
    admin.post(list_of(JudgeTemplate), chosen)

    newest = JudgeTemplate.objects.get(slug=template.slug, version=2)
    assert newest.text == template.text


def test_what_a_judge_said_is_text_and_never_markup(admin):
    verdict = JudgeVerdict.objects.create(
        judge=make_judge(),
        battle=make_battle(),
        left="x",
        state="read",
        verdict="a",
        reason="<b>Bold</b>",
    )

    page = admin.get(change_page(verdict)).content.decode()

    assert "&lt;b&gt;Bold&lt;/b&gt;" in page
    assert admin.get(list_of(JudgeVerdict)).status_code == 200


def test_a_verdict_says_whether_the_place_decided_and_who_is_its_own(admin):
    judge = make_judge(make_contestant(maker="Heron"), maker="Heron")
    battle = make_battle(None, make_contestant(maker="HERON"))
    given = {"judge": judge, "battle": battle, "state": "read", "verdict": "b"}
    first = JudgeVerdict.objects.create(**given, left="x")
    assert "not read in both" in admin.get(change_page(first)).content.decode()

    JudgeVerdict.objects.create(**given, left="y")
    # Another template's verdicts are no part of it.
    JudgeVerdict.objects.create(
        **given | {"verdict": "a", "template": make_template()}, left="y"
    )

    page = admin.get(change_page(first)).content.decode()
    assert "b in both: the place decided" in page
    marked = page.split("maker&#x27;s model on side")[1]
    assert re.search(r">\s*y\s*<", marked[:400])
