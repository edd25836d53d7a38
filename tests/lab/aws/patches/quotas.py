"""Service quotas: the number of Elastic IPs in a region, L-0263D0A3."""

import json

from moto.core.exceptions import JsonRESTError
from moto.servicequotas.exceptions import NoSuchResource
from moto.servicequotas.models import ServiceQuotasBackend
from moto.servicequotas.responses import ServiceQuotasResponse

from ..account import ACCOUNT, REGION, SETTINGS

CODE = "L-0263D0A3"
DEFAULT = 5.0


def _elastic_ips(value):
    return {
        "ServiceCode": "ec2",
        "ServiceName": "Amazon Elastic Compute Cloud (Amazon EC2)",
        "QuotaArn": f"arn:aws:servicequotas:{REGION}:{ACCOUNT}:ec2/{CODE}",
        "QuotaCode": CODE,
        "QuotaName": "EC2-VPC Elastic IPs",
        "Value": value,
        "Unit": "None",
        "Adjustable": True,
        "GlobalQuota": False,
    }


_stock_get = ServiceQuotasBackend.get_service_quota


def _get(self, service_code, quota_code):
    if (service_code, quota_code) != ("ec2", CODE):
        return _stock_get(self, service_code, quota_code)
    if not SETTINGS.quota_applied:
        raise NoSuchResource
    return _elastic_ips(SETTINGS.elastic_ip_quota)


def _get_default(self):
    asked = json.loads(self.body)
    if (asked.get("ServiceCode"), asked.get("QuotaCode")) != ("ec2", CODE):
        raise NoSuchResource
    return json.dumps({"Quota": _elastic_ips(DEFAULT)})


def _change(desired):
    return {
        "Id": f"{len(SETTINGS.quota_requests) + 1:032x}",
        "CaseId": f"{170000000000 + len(SETTINGS.quota_requests)}",
        "ServiceCode": "ec2",
        "QuotaCode": CODE,
        "QuotaName": "EC2-VPC Elastic IPs",
        "DesiredValue": desired,
        # AWS opens a case for more than it grants by itself.
        "Status": "CASE_OPENED" if desired > 20 else "PENDING",
        "Created": 1795219200.0,
        "QuotaArn": f"arn:aws:servicequotas:{REGION}:{ACCOUNT}:ec2/{CODE}",
        "GlobalQuota": False,
        "Unit": "None",
    }


def _request_increase(self):
    asked = json.loads(self.body)
    if (asked.get("ServiceCode"), asked.get("QuotaCode")) != ("ec2", CODE):
        raise NoSuchResource
    if SETTINGS.quota_requests:
        raise JsonRESTError("ResourceAlreadyExistsException", "A quota increase request already exists for this quota.")
    if asked["DesiredValue"] <= SETTINGS.elastic_ip_quota:
        raise JsonRESTError("IllegalArgumentException", "The desired value must be greater than the current value.")
    SETTINGS.quota_requests.append(_change(asked["DesiredValue"]))
    return json.dumps({"RequestedQuota": SETTINGS.quota_requests[-1]})


def _history(self):
    asked = json.loads(self.body)
    here = (asked.get("ServiceCode"), asked.get("QuotaCode")) == ("ec2", CODE)
    return json.dumps({"RequestedQuotas": SETTINGS.quota_requests if here else []})


def apply():
    ServiceQuotasBackend.get_service_quota = _get
    ServiceQuotasResponse.get_aws_default_service_quota = _get_default
    ServiceQuotasResponse.request_service_quota_increase = _request_increase
    ServiceQuotasResponse.list_requested_service_quota_change_history_by_quota = _history
