"""Error answers in each service's own format, as its SDK parses them."""

import json
from xml.sax.saxutils import escape

from .http1 import Message

REQUEST_ID = "00000000-0000-4000-8000-00000000fa01"
XML = "text/xml;charset=UTF-8"

# (code, status) of "too fast" a service
THROTTLED = {
    "ec2": ("RequestLimitExceeded", 503),
    "route53": ("Throttling", 400),
    "s3": ("SlowDown", 503),
    "servicequotas": ("TooManyRequestsException", 400),
    "ecr": ("ThrottlingException", 400),
    "tagging": ("ThrottledException", 400),
}
EXPIRED = {"ec2": ("RequestExpired", 400), "s3": ("ExpiredToken", 400)}
DENIED = {"ec2": ("UnauthorizedOperation", 403)}
JSON_SERVICES = ("servicequotas", "ecr", "tagging")


def _xml(service, code, message, status):
    code, message = escape(code), escape(message)
    if service == "ec2":
        return (
            f"<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors>"
            f"<RequestID>{REQUEST_ID}</RequestID></Response>"
        )
    if service == "s3":
        return f"<Error><Code>{code}</Code><Message>{message}</Message><RequestId>{REQUEST_ID}</RequestId></Error>"
    blame = "Sender" if status < 500 else "Receiver"
    return (
        f"<ErrorResponse><Error><Type>{blame}</Type><Code>{code}</Code><Message>{message}</Message></Error>"
        f"<RequestId>{REQUEST_ID}</RequestId></ErrorResponse>"
    )


def error(call, code, status, message):
    if call.service in JSON_SERVICES:
        body = json.dumps({"__type": code, "message": message}).encode()
        headers = [("Content-Type", "application/x-amz-json-1.1"), ("x-amzn-ErrorType", code)]
    else:
        body = b'<?xml version="1.0" encoding="UTF-8"?>\n' + _xml(call.service, code, message, status).encode()
        headers = [("Content-Type", XML)]
    return Message(f"HTTP/1.1 {status} Lab", [*headers, ("x-amzn-RequestId", REQUEST_ID)], body)


def status_only(status):
    """What a load balancer in front of the service says: no code that an SDK knows."""
    return Message(f"HTTP/1.1 {status} Lab", [("Content-Type", "text/html")], b"<html><body>lab</body></html>")


def throttled(call):
    code, status = THROTTLED.get(call.service, ("Throttling", 400))
    return error(call, code, status, "Request limit exceeded.")


def refused(call):
    """The answer to wrong credentials, or None. moto itself looks at none."""
    if call.access_key is None:
        return error(call, "MissingAuthenticationToken", 403, "Request is missing Authentication Token")
    if call.access_key == "expired":
        code, status = EXPIRED.get(call.service, ("ExpiredToken", 403))
        if call.service in JSON_SERVICES:
            code, status = "ExpiredTokenException", 400
        return error(call, code, status, "The security token included in the request is expired")
    if call.access_key == "invalid":
        if call.service == "ec2":
            return error(call, "AuthFailure", 401, "AWS was not able to validate the provided access credentials")
        return error(call, "InvalidClientTokenId", 403, "The security token included in the request is invalid.")
    if call.access_key == "denied" and call.writes:
        who = "arn:aws:iam::123456789012:user/denied"
        return denied(call, f"User: {who} is not authorized to perform: {call.service}:{call.action}")
    return None


def denied(call, why):
    code, status = DENIED.get(call.service, ("AccessDenied", 403))
    if call.service in JSON_SERVICES:
        code, status = "AccessDeniedException", 400
    if call.service == "ec2":
        why = f"You are not authorized to perform this operation. {why}"
    return error(call, code, status, why)
