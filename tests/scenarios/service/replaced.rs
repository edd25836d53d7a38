//! The node replaced: the Auto Scaling group's next instance has another interface and an empty disk. The API server's objects
//! are there as before, since etcd's volume goes with it.

use super::{TO_SERVICE, kubectl, public, recorded, run};
use crate::support::Lab;

/// Python: the instance goes, the next one comes, and dns-controller writes its addresses.
const NEXT: &str = "
old = ec2.describe_instances(InstanceIds=[instance])['Reservations'][0]['Instances'][0]
ec2.terminate_instances(InstanceIds=[instance])
nic = {'DeviceIndex': 0, 'SubnetId': old['SubnetId'], 'PrivateIpAddress': old['PrivateIpAddress'], 'Groups': [masters],
       'AssociatePublicIpAddress': True, 'DeleteOnTermination': True}
ec2.run_instances(ImageId=old['ImageId'], MinCount=1, MaxCount=1, InstanceType=old['InstanceType'], NetworkInterfaces=[nic],
                  TagSpecifications=[{'ResourceType': 'instance', 'Tags': old['Tags']}])
new = [i for r in ec2.describe_instances()['Reservations'] for i in r['Instances']
       if i['State']['Name'] == 'running' and i['Tags'] == old['Tags']]
put('api.' + CLUSTER, 'A', new[0]['PublicIpAddress'])
";

/// Python: somebody else gets the address that ours had.
const TAKEN: &str = "
subnet = ec2.describe_subnets(Filters=[{'Name': 'cidr-block', 'Values': ['172.20.32.0/19']}])['Subnets'][0]
ec2.create_network_interface(SubnetId=subnet['SubnetId'], PrivateIpAddress=second)
";

fn replace(lab: &Lab, meanwhile: &str) {
    lab.aws(&format!("{NEXT}{meanwhile}"));
    lab.reboot_node();
    // Nobody logs in.
    lab.node("systemctl stop ssh.socket ssh.service");
}

/// The Service's version, which a patch changes, and the addresses in its status.
fn service(lab: &Lab) -> String {
    kubectl(lab, "kubectl -n ingress get service k8sport -o jsonpath='{.metadata.resourceVersion} {.status.loadBalancer.ingress[*].ip}'")
}

/// The instance has another public address, by its name.
#[track_caller]
fn serves(lab: &Lab) {
    let api = "api.c02.example.com";
    assert_eq!(lab.certificate(&public(lab), "app.example.com"), "CN=app.example.com");
    assert_eq!(lab.certificate(api, api), "CN=kubernetes-master");
}

#[test]
fn on_a_replaced_node_only_the_account_s_part_is_redone() {
    let lab = Lab::with_kube_proxy();
    let files = "find /etc/k8sport /usr/local/lib/k8sport /etc/systemd/system /run/k8sport* -name '*k8sport*' 2>/dev/null; true";
    run(&lab, &TO_SERVICE);
    let (address, before) = (public(&lab), service(&lab));
    // So the disk is as a new one.
    assert_eq!(lab.node(files), "");

    replace(&lab, "");
    lab.forget_calls();
    run(&lab, &["bootstrap"]);
    let mut calls = lab.mutating_calls();
    calls.sort();
    // With the tag of where the address is to go.
    let expected = ["ec2.AssignPrivateIpAddresses", "ec2.AssociateAddress", "ec2.CreateTags", "ec2.ModifyNetworkInterfaceAttribute"];
    assert_eq!(calls, expected);
    serves(&lab);
    assert_eq!((public(&lab), service(&lab)), (address.clone(), before));

    // Another private address: kube-proxy is told.
    replace(&lab, TAKEN);
    run(&lab, &["bootstrap"]);
    serves(&lab);
    assert_eq!((public(&lab), recorded(&lab).as_str()), (address, "service"));
    assert!(!service(&lab).contains("172.20.63.254"), "{}", service(&lab));
    assert_eq!(run(&lab, &["bootstrap", "--output", "json"]).json()["outcome"], "unchanged");
    assert_eq!(lab.node(files), "");
}
