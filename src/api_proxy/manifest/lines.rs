//! A YAML document as lines, in the block style that people and kubectl write. Only enough is understood to know where
//! something can be put in; whether it has landed there is for the parser to say.

/// A mapping in lines of its own: its lines, and the column of its keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mapping {
    first: usize,
    end: usize,
    indent: usize,
}

/// A list under a key of a mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// The column of its dashes.
    pub indent: usize,
    pub items: Vec<Mapping>,
    /// The line behind its last one.
    pub end: usize,
}

pub struct Lines<'a>(pub Vec<&'a str>);

impl<'a> Lines<'a> {
    pub fn of(text: &'a str) -> Self {
        Self(text.split_inclusive('\n').collect())
    }

    /// The whole document.
    pub fn root(&self) -> Option<Mapping> {
        let first = (0..self.0.len()).find(|&line| self.is_content(line) && !self.0[line].starts_with("---"))?;
        Some(Mapping { first, end: self.0.len(), indent: self.column(first) })
    }

    /// The mapping at the end of a path of keys.
    pub fn mapping(&self, of: Mapping, path: &[&str]) -> Option<Mapping> {
        path.iter().try_fold(of, |mapping, key| {
            let line = self.key(mapping, key)?;
            let first = (line + 1..mapping.end).find(|&line| self.is_content(line))?;
            let indent = self.column(first);
            (indent > mapping.indent).then(|| Mapping { first, end: self.end_of(line, mapping), indent })
        })
    }

    /// The list under a key, if it is in lines of its own.
    pub fn list(&self, of: Mapping, key: &str) -> Option<List> {
        let line = self.key(of, key)?;
        let end = self.end_of(line, of);
        let first = (line + 1..end).find(|&line| self.is_content(line))?;
        let indent = self.column(first);
        let dashes: Vec<_> = (first..end).filter(|&line| self.column(line) == indent && self.is_dash(line)).collect();
        let ends = dashes.iter().skip(1).copied().chain([end]);
        let items = dashes.iter().zip(ends).filter_map(|(&first, end)| {
            let rest = self.0[first].trim_start().strip_prefix('-')?;
            Some(Mapping { first, end, indent: indent + 1 + (rest.len() - rest.trim_start().len()) })
        });
        Some(List { indent, items: items.collect(), end: self.last(first, end) })
    }

    /// The line of a key whose value is below it.
    pub fn key(&self, of: Mapping, key: &str) -> Option<usize> {
        (of.first..of.end).find(|&line| {
            let text = self.0[line];
            let text = if line == of.first { text.trim_start().trim_start_matches('-').trim_start() } else { text.trim_start() };
            let column = self.0[line].trim_end().len().saturating_sub(text.trim_end().len());
            column == of.indent
                && text.strip_prefix(key).and_then(|rest| rest.strip_prefix(':')).is_some_and(|rest| {
                    let rest = rest.trim();
                    rest.is_empty() || rest.starts_with('#')
                })
        })
    }

    /// The line behind the last one of a mapping.
    pub fn end(&self, of: Mapping) -> usize {
        self.last(of.first, of.end)
    }

    fn last(&self, first: usize, end: usize) -> usize {
        (first..end).rev().find(|&line| self.is_content(line)).map_or(first, |line| line + 1)
    }

    /// Where the value of the key in this line ends.
    fn end_of(&self, key: usize, of: Mapping) -> usize {
        let ends = |&line: &usize| {
            self.is_content(line) && (self.column(line) < of.indent || (self.column(line) == of.indent && !self.is_dash(line)))
        };
        (key + 1..of.end).find(ends).unwrap_or(of.end)
    }

    fn column(&self, line: usize) -> usize {
        self.0[line].len() - self.0[line].trim_start().len()
    }

    fn is_content(&self, line: usize) -> bool {
        let text = self.0[line].trim();
        !text.is_empty() && !text.starts_with('#')
    }

    fn is_dash(&self, line: usize) -> bool {
        let text = self.0[line].trim();
        text == "-" || text.starts_with("- ")
    }
}

impl Mapping {
    /// The column of its keys.
    pub fn indent(&self) -> usize {
        self.indent
    }
}

impl List {
    /// The line of its first item.
    pub fn first(&self) -> Option<usize> {
        self.items.first().map(|item| item.first)
    }
}

/// Text that goes in before a line.
pub struct Insertion {
    pub before: usize,
    /// It begins a key: what goes on with the value of the one above comes first.
    pub key: bool,
    pub text: String,
}

/// The document with them, in their order where several go in at one place.
pub fn insert(lines: &Lines<'_>, mut insertions: Vec<Insertion>) -> String {
    insertions.sort_by_key(|insertion| (insertion.before, insertion.key));
    let mut text = String::new();
    let mut insertions = insertions.into_iter().peekable();
    for line in 0..=lines.0.len() {
        while let Some(insertion) = insertions.next_if(|insertion| insertion.before == line) {
            if !text.is_empty() && !text.ends_with('\n') {
                text.push('\n');
            }
            text.push_str(&insertion.text);
        }
        text.push_str(lines.0.get(line).copied().unwrap_or_default());
    }
    text
}

/// The text with each of its lines moved to a column.
pub fn indented(text: &str, column: usize) -> String {
    let pad = " ".repeat(column);
    text.lines().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("{pad}{line}\n") }).collect()
}
