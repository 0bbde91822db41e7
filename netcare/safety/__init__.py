"""The safety file: hazards with control and proof, concerns that people report, and the state of the release.

A room of its own, beside audit and jobs: it is about the whole program, and it knows no patient (an import contract
holds that). `hazards.yaml` is data; `docs/safety.md` is printed from it.
"""
