"""What is mounted or wrapped inside an application and called in a style that it does not have."""

from __future__ import annotations

from typing import Any

from asgi_compat._detect.joints import ONE, Joint, lacks_http, short_name, slashed_routes, wrong_joints

from .findings import Findings, note
from .symptoms import symptom

#: The conversation of what is seen without one.
INSIDE = "the layers inside"
#: What Channels raises for a type of scope that its router does not have, and what to write.
_NO_HTTP = "No application configured for scope type 'http'"
_ADD_HTTP = 'ProtocolTypeRouter has no "http"; add "http": get_asgi_application() of django.core.asgi there'


def add_joints(app: Any, findings: Findings) -> None:
    """Add what the layers show, to the finding of the exception that it raised where there is one."""
    for joint in wrong_joints(app):
        # A middleware may call what it wraps in a way that its code does not show; what is mounted is called.
        if not (joint.path or joint.factory):
            continue
        what = describe(joint)
        if not findings.amend(f"calls {short_name(joint.place.value)}:", what):
            found = symptom("joint", INSIDE, joint.path, joint.describe(), what=what)
            findings.extend([found])
    if lacks_http(app) and not findings.amend(_NO_HTTP, _ADD_HTTP):
        findings.extend([note(INSIDE, _ADD_HTTP)])
    findings.extend([note(INSIDE, text) for text in slashed_routes(app)])


def describe(joint: Joint) -> str:
    """Describe what is inside, at which path, and what to write there."""
    at = f" at {joint.path}" if joint.path else ""
    if joint.factory:
        return f"a consumer class is routed{at}: {joint.describe()}"
    if joint.calls == ONE:
        return f"an ASGI3 application is inside an ASGI2 middleware{at}: {joint.describe()}"
    return f"an ASGI2 application is mounted inside{at}; wrap it there: {joint.describe()}"
