"""One file per page or verb. A view loads, calls one action, and redirects; what it shows is made by presenters."""
