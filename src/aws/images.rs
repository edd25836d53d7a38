//! Machine images (EC2).

use super::Aws;
use super::call::Call;
use crate::failure::Result;
use crate::names::SshUser;

/// What kOps' default images log in with, so the best guess where an image can't be read any more.
const DEFAULT_USER: &str = "ubuntu";

impl Aws {
    /// The login user of an image, by its name. An image that was deregistered since the node started counts as Ubuntu.
    ///
    /// # Errors
    /// When `ec2:DescribeImages` is refused or doesn't answer.
    pub async fn login_user(&self, image_id: &str) -> Result<SshUser> {
        let call = Call::read("ec2:DescribeImages", format!("image {image_id}"));
        // The filter finds nothing where naming the id would be an error.
        let answer = self.ec2.describe_images().filters(super::tags::filter("image-id", [image_id])).include_deprecated(true).send().await;
        let answer = answer.map_err(|error| call.failed(&error))?;
        let name = answer.images().first().and_then(|image| image.name()).unwrap_or_default();
        user_of(name).parse().map_err(|error| call.malformed(error))
    }
}

/// Users as kOps has them (`util/pkg/distributions`, `DefaultUsers`).
fn user_of(image_name: &str) -> &'static str {
    let name = image_name.to_ascii_lowercase();
    let users = [
        ("debian", "admin"),
        ("rocky", "rocky"),
        ("flatcar", "core"),
        ("al2023", "ec2-user"),
        ("amzn", "ec2-user"),
        ("rhel", "ec2-user"),
        ("ubuntu", "ubuntu"),
    ];
    users.into_iter().find(|(part, _)| name.contains(part)).map_or(DEFAULT_USER, |(_, user)| user)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_images_that_kops_runs_on() {
        for (name, user) in [
            ("ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-arm64-server-20260101", "ubuntu"),
            ("debian-12-arm64-20260101-1000", "admin"),
            ("al2023-ami-2023.6.20260101.0-kernel-6.1-arm64", "ec2-user"),
            ("RHEL-10.0.0_HVM-20260101-arm64-0-Hourly2-GP3", "ec2-user"),
            ("Rocky-9-EC2-Base-9.5-20260101.0.aarch64", "rocky"),
            ("Flatcar-stable-4081.2.0-hvm", "core"),
            ("", "ubuntu"),
        ] {
            assert_eq!(user_of(name), user, "{name}");
        }
    }
}
