"""``unionscreen serve``: a page and a JSON API on the user's own machine. Needs the extra ``serve``.

:func:`unionscreen.serve.app.create_app` puts the parts together. A part is a module with a function ``routes`` that
returns Starlette routes. Requests find what they need in ``request.app.state``: ``settings`` (a ``ServeSettings``) and
``jobs`` (uploads and screenings, a ``Jobs``). A route raises :class:`unionscreen.serve.problem.Problem` to answer with
an error. :func:`unionscreen.serve.openapi.operation` describes a route in the OpenAPI document.
"""
