"""The root elements of S3's answers, where moto names them after the call. Strict readers look at them."""

from moto.core.serialize import S3Serializer

ROOTS = {"GetBucketVersioning": "VersioningConfiguration"}

_stock_result = S3Serializer._serialized_result_to_response


def _result(self, *arguments):
    response = _stock_result(self, *arguments)
    name = self.operation_model.name
    if name in ROOTS:
        response["body"] = response["body"].replace(f"{name}Response", ROOTS[name])
    return response


def apply():
    S3Serializer._serialized_result_to_response = _result
