"""After a version is published: whose review it changes is told, looks again, and the entry closes; and what reviewers call
not suitable reaches an editor, is answered, and comes back to them.

On a server of its own, since the version that is published would change the lists of every other journey.
"""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import Server, Watched
from tests.browser.own_server import base_url, browser_context_args, open_sessions, server  # noqa: F401
from tests.browser.steps import look
from tests.programs import manage

AsPerson = Callable[[str], Page]
PUBLISH = """
from django.utils import timezone
from netcare.access import system_actor
from netcare.jobs import runner
from netcare.jobs.models import Job
from pathways.actions.publishing import publish
from pathways.engine import Ruleset
from pathways.selectors import ruleset_in_force
data = ruleset_in_force().ruleset.to_data()
for one in data["rules"]:
    if one["code"] == "PRRT-E5":
        one["when"]["value"] = 3
    if one["code"] == "TRIAL-I1":
        one["rationale"] = "Ask the trial office first: a trial is an option at every stage."
        one["when"] = {"any": [{"always": True}, {"feature": "ecog", "op": "<=", "value": 2}]}
actor = system_actor("the journey", capabilities=frozenset())
version = publish(ruleset=Ruleset.from_data(data), note="Uptake.", actor=actor, by=None, at=timezone.now())
for job in Job.objects.filter(kind="recall_reviews", payload__version=str(version.pk)):
    runner.run(job.pk)
print(version.version)
"""


def publish_edited(server: Server) -> None:
    done = manage("shell", "-c", PUBLISH, environment=server.environment, seconds=120)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_new_version_recalls_a_review_until_it_is_made_again(
    as_person: AsPerson, accessible: Callable[[], None], server: Server, pictures: Path, watched: Watched
) -> None:
    # Given a clinician who signed three lists and called a trial not suitable on one of them
    page = as_person("clinician")
    page.goto("/recall/")
    expect(page.locator("main")).to_contain_text("Nobody to look at again")
    accessible()
    steps.review(page, "DEMO-006", "lutetium_dotatate", "discuss")
    steps.review(page, "DEMO-002", "clinical_trial", "not suitable", "not available here")
    steps.review(page, "DEMO-013", "lutetium_dotatate", "bring to board")

    # When a version with an edited rule is published, then the start page says whose lists it changes
    publish_edited(server)
    page.goto("/")
    expect(page.get_by_role("region", name="For you")).to_contain_text(
        "would be another one under rules published since"
    )
    page.screenshot(path=pictures / "home.png")
    address = steps.open_patient(page, "DEMO-006")
    notice = page.locator(".recall-notice")
    expect(notice).to_contain_text(re.compile(r"Changed since you reviewed on .*, because of rule PRRT-E5 in v2\."))
    look(page, pictures, "candidates", accessible)

    # When the clinician looks at the list and opens the entry, then old and new status stand there with the rule in words
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Recall").click()
    page.wait_for_url(re.compile(r"/recall/$"))
    look(page, pictures, "list", accessible)
    row = page.get_by_role("row").filter(has_text="DEMO-006")
    expect(row).to_contain_text("→ excluded")
    row.get_by_role("link").first.click()
    page.wait_for_url(re.compile(r"/recall/[0-9a-f-]{36}/$"))
    main = page.locator("main")
    expect(main).to_contain_text("Changed since, because rule PRRT-E5")
    look(page, pictures, "entry", accessible)

    # When a date is moved to a day that cannot be, then the sentence says what can, and nothing typed is lost
    watched.expect_status(400)
    page.get_by_label("Due on").fill("2020-01-01")
    page.get_by_label("Why, in a line").fill("after the scan")
    page.get_by_role("button", name="Move", exact=True).click()
    expect(main).to_contain_text("1 Jan 2020 is not accepted. Accepted is a day from today")
    expect(page.get_by_label("Why, in a line")).to_have_value("after the scan")
    accessible()

    # When it is given to a colleague, then the history says so
    page.get_by_label("Owner").select_option(label="Vera Onlooker")
    page.get_by_role("button", name="Assign", exact=True).click()
    expect(page.locator(".recall-history")).to_contain_text("assigned to Vera Onlooker")

    # When the list is reviewed again under the new rules, then the entry is closed by that
    entry = page.url
    page.get_by_role("link", name="Review again").click()
    page.wait_for_url(re.compile(r"/review/$"))
    page.locator("#id_verdict-clinical_trial_field").get_by_label("discuss", exact=True).check()
    page.get_by_label("not recorded", exact=True).check()
    page.get_by_role("button", name="Sign the review").click()
    page.wait_for_url(re.compile(r"/reviews/"))
    page.goto(entry)
    expect(page.locator(".recall-state")).to_contain_text("Closed: reviewed again")
    accessible()
    page.goto(address)
    expect(page.locator(".recall-notice")).to_have_count(0)

    # When another one is closed with a reason by hand, then it can be opened again
    page.goto("/recall/?show=mine")
    page.locator("tr.patient-row a.name").first.click()
    page.get_by_label("looked at; nothing changes for this patient").check()
    page.get_by_role("button", name="Close the entry").click()
    expect(page.locator(".recall-state")).to_contain_text("Closed: looked at; nothing changes for this patient")
    page.get_by_label("Why it is opened again").fill("new imaging")
    page.get_by_role("button", name="Open again").click()
    expect(page.locator(".recall-state")).to_contain_text("Open")


def test_what_a_clinician_calls_not_suitable_reaches_an_editor_and_the_answer_comes_back(
    as_person: AsPerson, accessible: Callable[[], None], server: Server, pictures: Path, watched: Watched
) -> None:
    # Given the word of a clinician under version 1: from the journey above, or, on a server that has not seen it, from here
    page = as_person("clinician")
    page.goto("/")
    if page.get_by_role("link", name="NET pathway v1").count():
        steps.review(page, "DEMO-002", "clinical_trial", "not suitable", "not available here")
        publish_edited(server)
    page = as_person("editor")
    page.goto("/pathway/")
    page.get_by_role("navigation", name="Pathway pages").get_by_role("link", name="Feedback").click()
    page.wait_for_url(re.compile(r"/pathway/feedback/$"))
    row = page.get_by_role("row").filter(has_text="not available here").filter(has_text="v1")
    expect(row).to_contain_text("TRIAL-I1")
    look(page, pictures, "feedback", accessible)

    # When the editor opens a change from it, then it has a page that offers the version which changed the rule since
    row.get_by_role("link", name="Open a change").click()
    page.wait_for_url(re.compile(r"/pathway/feedback/new/"))
    accessible()
    watched.expect_status(400)
    page.get_by_role("button", name="Open the change").click()
    expect(page.get_by_role("alert")).to_contain_text("What is proposed is missing.")
    page.get_by_label("What is proposed").fill("Ask the trial office first.")
    page.get_by_role("button", name="Open the change").click()
    page.wait_for_url(re.compile(r"/pathway/feedback/[0-9a-f-]{36}/$"))
    expect(page.locator("main")).to_contain_text("v2 changed this rule since.")
    look(page, pictures, "thread", accessible)
    thread = page.url
    page.get_by_role("button", name="Take it up").click()
    expect(page.locator(".draft-name")).to_contain_text(re.compile(r"Feedback on rule “.*” \(TRIAL-I1\)"))
    page.goto(thread)
    expect(page.locator("main")).to_contain_text(
        re.compile(r"Taken up in the draft “Feedback on rule “.*” \(TRIAL-I1\)”")
    )

    # When the answer is sent, then the clinician reads it where work begins and on the review, and puts it away
    page.get_by_label("changed", exact=True).check()
    page.get_by_label("The sentence for the reviewers").fill("The trial office is asked first now.")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.locator("main")).to_contain_text("Answered: changed in v2")
    accessible()
    page = as_person("clinician")
    page.goto("/")
    outcome = page.locator(".outcome")
    expect(outcome).to_contain_text(
        re.compile(r"You said “not available here” of Clinical trial, rule “.*” \(TRIAL-I1\), on")
    )
    expect(outcome).to_contain_text("Outcome, changed in v2: The trial office is asked first now.")
    look(page, pictures, "outcome", accessible)
    outcome.get_by_role("link", name="The review").click()
    page.wait_for_url(re.compile(r"/reviews/"))
    expect(page.locator(".outcome")).to_contain_text("The trial office is asked first now.")
    accessible()
    page.get_by_role("button", name="Read, put away").click()
    page.wait_for_url(re.compile(r"/patients/$"))
    expect(page.locator(".outcome")).to_have_count(0)
