"""Service quotas: the number of Elastic IPs in a region, L-0263D0A3."""

import json

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


def apply():
    ServiceQuotasBackend.get_service_quota = _get
    ServiceQuotasResponse.get_aws_default_service_quota = _get_default
