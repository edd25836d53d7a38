"""EC2 errors with AWS' codes and words."""

from moto.ec2.exceptions import EC2ClientError


def invalid_value(message):
    return EC2ClientError("InvalidParameterValue", message)


def already_associated(what):
    return EC2ClientError("Resource.AlreadyAssociated", f"resource {what} is already associated with an address.")


def address_limit():
    return EC2ClientError("AddressLimitExceeded", "The maximum number of addresses has been reached.")


def address_in_use(address):
    return EC2ClientError("InvalidIPAddress.InUse", f"Address {address} is in use.")


def private_limit():
    return EC2ClientError("PrivateIpAddressLimitExceeded", "Number of private addresses will exceed limit.")


def subnet_full(subnet, wanted):
    return EC2ClientError(
        "InsufficientFreeAddressesInSubnet",
        f"The specified subnet {subnet} does not have enough free addresses to satisfy the request for {wanted}.",
    )


def dependent(what):
    return EC2ClientError("DependencyViolation", f"resource {what} has a dependent object")
