//! The framing of the probe's output: `@name` starts a section, `|` a line of it. Whatever a file or a program says
//! can't be taken for a frame.

/// A section by name (`file /etc/k8sport/net.conf` has the path in its name) with its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section<'a> {
    pub name: &'a str,
    pub lines: Vec<&'a str>,
}

/// All sections, None when the output doesn't end as the script ends it.
pub fn sections(output: &str) -> Option<Vec<Section<'_>>> {
    let mut sections: Vec<Section<'_>> = Vec::new();
    for line in output.lines() {
        if line == "@end" {
            return Some(sections);
        } else if let Some(name) = line.strip_prefix('@') {
            sections.push(Section { name, lines: Vec::new() });
        } else if let (Some(text), Some(section)) = (line.strip_prefix('|'), sections.last_mut()) {
            section.lines.push(text);
        }
        // Anything else is a greeting of the node's shell.
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_never_a_frame() {
        let sections = sections("Welcome!\n@a\n|@b\n||x\n|\n@c\n@end\n").expect("complete");
        assert_eq!(sections, [Section { name: "a", lines: vec!["@b", "|x", ""] }, Section { name: "c", lines: vec![] }]);
    }

    #[test]
    fn a_cut_output_is_no_output() {
        assert_eq!(sections("@a\n|x\n"), None);
    }
}
