"""Background work whose truth is a row in the database.

A `Job` row says what is to be done, how far it is, and who holds it; Celery's broker only rings the bell. Every job can
be run again safely, and one that kills its worker three times without getting further is set aside with a sentence.

    from netcare.jobs.actions import enqueue      # from any action, inside its transaction
    from netcare.jobs.handlers import handler     # in an application's tasks.py
    from netcare.jobs.batches import for_each     # inside a handler that walks many items

This package refuses to know what any job is about: no patient, no pathway.
"""
