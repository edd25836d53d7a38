//! What of a message's head belongs to one connection and not to the message.

use hyper::HeaderMap;
use hyper::header::{CONNECTION, EXPECT, HOST, HeaderName, HeaderValue, TE, TRANSFER_ENCODING, UPGRADE};

const HOP_BY_HOP: [HeaderName; 5] =
    [CONNECTION, TRANSFER_ENCODING, UPGRADE, HeaderName::from_static("keep-alive"), HeaderName::from_static("proxy-connection")];

/// The protocol that a client wants to go over to, such as `SPDY/3.1` or `websocket`.
pub fn upgrade(headers: &HeaderMap) -> Option<HeaderValue> {
    named_by_connection(headers).iter().any(|name| name == UPGRADE.as_str()).then(|| headers.get(UPGRADE).cloned()).flatten()
}

/// Takes out what the next connection has of its own.
pub fn strip(headers: &mut HeaderMap) {
    for name in named_by_connection(headers) {
        // `TE: trailers` is for the whole way, and is named there all the same.
        if name != TE.as_str() {
            headers.remove(name);
        }
    }
    for name in HOP_BY_HOP {
        headers.remove(name);
    }
    if headers.get(TE).is_some_and(|te| te != "trailers") {
        headers.remove(TE);
    }
}

/// The same for a request: its host is the next one's, and `100 Continue` has been said here.
pub fn strip_request(headers: &mut HeaderMap) {
    strip(headers);
    headers.remove(HOST);
    headers.remove(EXPECT);
}

fn named_by_connection(headers: &HeaderMap) -> Vec<String> {
    let values = headers.get_all(CONNECTION).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(|name| name.trim().to_ascii_lowercase()).filter(|name| !name.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        lines.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn what_belongs_to_a_connection_goes_and_the_rest_stays() {
        let mut map = headers(&[
            ("connection", "close, X-Own"),
            ("x-own", "1"),
            ("keep-alive", "timeout=5"),
            ("transfer-encoding", "chunked"),
            ("te", "trailers"),
            ("host", "127.0.0.1:6443"),
            ("authorization", "Bearer a"),
            ("impersonate-user", "jane"),
        ]);
        strip_request(&mut map);
        assert_eq!(map, headers(&[("te", "trailers"), ("authorization", "Bearer a"), ("impersonate-user", "jane")]));
    }

    #[test]
    fn an_upgrade_is_one_only_if_connection_says_so() {
        assert_eq!(
            upgrade(&headers(&[("connection", "keep-alive, Upgrade"), ("upgrade", "SPDY/3.1")])),
            Some("SPDY/3.1".parse().expect("a value"))
        );
        assert_eq!(upgrade(&headers(&[("upgrade", "h2c")])), None);
        assert_eq!(upgrade(&headers(&[("connection", "upgrade")])), None);
    }
}
