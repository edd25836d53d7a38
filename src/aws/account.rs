//! Who we are (STS).

use super::Aws;
use super::call::Call;
use crate::failure::Result;
use crate::plan::observed::Account;

impl Aws {
    /// The account that the credentials belong to. The first call that proves them good.
    pub async fn account(&self) -> Result<Account> {
        let call = Call::read("sts:GetCallerIdentity", "these credentials");
        let answer = self.sts.get_caller_identity().send().await.map_err(|error| call.failed(&error))?;
        let id = answer.account().ok_or_else(|| call.malformed("no account id"))?.to_owned();
        Ok(Account { id, region: self.region.clone() })
    }
}
