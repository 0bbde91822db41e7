"""The condition builder: a condition as a form of nested boxes, edited by buttons, with its sentence on top.

How a page uses it:

    form = ConditionForm.from_data(condition_data, ruleset=ruleset, prefix="when", url=fragment_url)   # GET
    form = ConditionForm.from_post(request.POST, ruleset=ruleset, prefix="when", url=fragment_url)     # POST
    if not form.apply_verb():        # True: a button of the builder was pressed, so show the page (or fragment) again
        data = form.data()           # the plain condition; raises ConditionRefused with the sentences of `form.problems`

`before=` is the sentence in force, with which this one is compared (`before_label=` says whose it is); `definition=` is the
code of the definition that is being edited, so that it cannot use itself. `from_data(None, …)` is an empty builder. Both
makers raise ConditionRefused for what is no condition, does not add up or is too large; answer it with 400.
`form.problems`, `form.sentence()`, `form.diff` and `form.condition()` (the engine's, or None) may be read at any time.

In the template of the page, inside its own <form method="post">:

    {% include "pathways/drafts/condition/builder.html" with builder=form.view %}

with `drafting.css` in the head and `conditions.js` after `netcare.js`. The buttons of the builder are submit buttons named
`when-verb`; without JavaScript the page's own address gets them. With htmx they, and every change, are posted to
`form.view.url`, which answers with the same include and nothing around it; whatever else it holds is swapped out of band.
All fields begin with the prefix and a hyphen, so several builders may stand in one form.

What it refuses to do: store anything, know Django, or grow beyond 200 parts nested 12 deep.
"""

from pathways.drafting.conditions.form import ConditionForm
from pathways.drafting.conditions.parts import DEEPEST, MOST_PARTS, ConditionRefused, Part
from pathways.drafting.conditions.reading import FieldProblem
from pathways.drafting.conditions.view import BuilderView

__all__ = ["DEEPEST", "MOST_PARTS", "BuilderView", "ConditionForm", "ConditionRefused", "FieldProblem", "Part"]
