"""ECR deletes no image that a multi-platform image still consists of; moto does."""

import json

from moto.ecr.models import ECRBackend

_delete = ECRBackend.batch_delete_image


def _held(repository):
    """Digests that an index in the repository lists."""
    manifests = [json.loads(image.image_manifest).get("manifests", []) for image in repository.images]
    return {part["digest"] for parts in manifests for part in parts}


def _batch_delete_image(self, repository_name, registry_id=None, image_ids=None):
    held = _held(self._get_repository(repository_name, registry_id))
    refused = [image for image in image_ids or [] if image.get("imageDigest") in held]
    allowed = [image for image in image_ids or [] if image not in refused]
    answer = _delete(self, repository_name, registry_id, allowed) if allowed else {"imageIds": [], "failures": []}
    why = "Requested image referenced by manifest list"
    answer["failures"] += [
        {"imageId": image, "failureCode": "ImageReferencedByManifestList", "failureReason": why} for image in refused
    ]
    return answer


def apply():
    ECRBackend.batch_delete_image = _batch_delete_image
