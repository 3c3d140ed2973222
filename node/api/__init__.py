"""The door for programs that speak our own JSON: `/api/allmende/v1/…`, described at `/api/openapi.json`. To add an
address: a handler in one of these files and an Endpoint in `endpoints.py`; routes and description are made from it."""
