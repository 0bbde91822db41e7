"""The one process of the embedded default: web server, worker and scheduler, started by `manage.py serve`.

Where there is a broker, `serve` is the web server alone, and worker and scheduler are processes of their own.
"""
