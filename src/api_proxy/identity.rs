//! As whom requests go to the API server, and whose requests are taken.

use hyper::HeaderMap;
use hyper::header::{AUTHORIZATION, HeaderValue};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

/// As whom requests go to the API server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Identity {
    /// Each as its caller: credentials are passed on as they come, and nothing is added
    Caller,
    /// All as the pod's service account; its containers need no credentials
    ServiceAccount,
    /// All as the kubeconfig's user, for callers who have the token of the kubeconfig that is printed
    Kubeconfig,
}

/// Whose requests are taken.
#[derive(Debug, Clone)]
pub enum Callers {
    /// The API server decides, or the pod's network namespace has.
    All,
    /// On a machine that others work on, too.
    WithToken(String),
}

impl Callers {
    /// For whoever has a token that nobody can guess.
    pub fn with_new_token() -> Self {
        Self::WithToken(format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple()))
    }

    pub fn token(&self) -> Option<&str> {
        match self {
            Self::All => None,
            Self::WithToken(token) => Some(token),
        }
    }

    pub fn admits(&self, headers: &HeaderMap) -> bool {
        let Self::WithToken(token) = self else { return true };
        let said = headers.get(AUTHORIZATION).and_then(bearer);
        said.is_some_and(|said| said.as_bytes().ct_eq(token.as_bytes()).into())
    }
}

fn bearer(value: &HeaderValue) -> Option<&str> {
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_token_opens() {
        let callers = Callers::with_new_token();
        let token = callers.token().expect("a token");
        let says = |value: &str| HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::from_str(value).expect("a value"))]);
        assert!(callers.admits(&says(&format!("Bearer {token}"))) && callers.admits(&says(&format!("bearer {token}"))));
        for wrong in [format!("Bearer {}", &token[1..]), format!("Basic {token}"), "Bearer ".to_owned(), token.to_owned()] {
            assert!(!callers.admits(&says(&wrong)), "{wrong}");
        }
        assert!(!callers.admits(&HeaderMap::new()) && Callers::All.admits(&HeaderMap::new()));
    }
}
