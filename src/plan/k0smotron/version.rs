//! Releases of k0s that k0smotron's ingress works with.

/// The first one of each minor version (k0smotron's document about its ingress). Later minors have it from their start.
const FIRST: [(u32, u32, u32); 4] = [(1, 31, 13), (1, 32, 9), (1, 33, 5), (1, 34, 1)];

/// Of an image or a tag such as `v1.34.1-k0s.0`.
pub fn parse(text: &str) -> Option<(u32, u32, u32)> {
    let tag = text.rsplit(':').next()?.strip_prefix('v')?;
    let mut numbers = tag.split(['-', '+']).next()?.split('.').map(|number| number.parse().ok());
    Some((numbers.next()??, numbers.next()??, numbers.next()??))
}

pub fn is_supported(version: (u32, u32, u32)) -> bool {
    let (major, minor, _) = version;
    match FIRST.iter().find(|first| (first.0, first.1) == (major, minor)) {
        Some(first) => version >= *first,
        None => version > FIRST[FIRST.len() - 1],
    }
}

/// For a sentence.
pub fn supported() -> String {
    FIRST.map(|(major, minor, patch)| format!("v{major}.{minor}.{patch}+k0s.0")).join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_document_is_not_supported() {
        for (text, supported) in [
            ("v1.34.0-k0s.0", false),
            ("quay.io/k0sproject/k0s:v1.34.1-k0s.0", true),
            ("v1.33.4+k0s.0", false),
            ("v1.33.5+k0s.0", true),
            ("v1.31.12+k0s.0", false),
            ("v1.30.20+k0s.0", false),
            ("v1.35.0+k0s.0", true),
        ] {
            assert_eq!(parse(text).map(is_supported), Some(supported), "{text}");
        }
        assert_eq!(parse("k0s:latest"), None);
    }
}
