"""Import of patients, findings, treatments and markers from CSV and XLSX files.

The way of a file: ``files`` reads it into rows of text and refuses what is hostile or damaged; ``understanding`` turns
each row into values through the same parsers as data entry; ``judging`` holds it against the record and says new, same,
changed, conflicting or refused; ``actions`` stages the rows, which are in the record for nobody; ``applying`` puts
them into the record through the real actions, one patient at a time, in a background job.

Nothing here writes the record in a way of its own, and nothing is decided by the order of rows or the name of a file.
"""
