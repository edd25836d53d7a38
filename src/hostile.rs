//! Input as nobody meant it: edits of recorded text, for the property tests of all that is parsed.

use proptest::prelude::*;

/// What must not be found where only a parsed value may be.
pub const MARK: &str = "hostile-mark";
const PIECES: [&str; 14] = [
    "$(hostile-mark)",
    "`hostile-mark`",
    "'; hostile-mark; '",
    "\"; hostile-mark; \"",
    "| hostile-mark",
    "K8SPORT_END_OF_FILE\n|hostile-mark",
    "99999999999999999999999999",
    "-1",
    "\u{0}",
    "é\u{202e}",
    "|",
    "@end",
    "{\"nftables\":[{\"chain\":{\"prio\":1e999}}]}",
    "",
];

/// One thing that is done to lines.
#[derive(Debug, Clone)]
pub enum Edit {
    Drop(prop::sample::Index),
    Double(prop::sample::Index),
    /// A word of a line becomes a piece.
    Word(prop::sample::Index, prop::sample::Index, usize),
    Append(prop::sample::Index, usize),
    Insert(prop::sample::Index, usize),
    Flip(prop::sample::Index, prop::sample::Index, char),
    Cut(prop::sample::Index),
}

pub fn any_edits() -> impl Strategy<Value = Vec<Edit>> {
    prop::collection::vec(any_edit(), 1..12)
}

fn any_edit() -> impl Strategy<Value = Edit> {
    use prop::sample::Index;
    let (at, piece) = (any::<Index>(), 0..PIECES.len());
    prop_oneof![
        1 => at.clone().prop_map(Edit::Drop),
        1 => at.clone().prop_map(Edit::Double),
        6 => (at.clone(), any::<Index>(), piece.clone()).prop_map(|(line, word, piece)| Edit::Word(line, word, piece)),
        4 => (at.clone(), piece.clone()).prop_map(|(line, piece)| Edit::Append(line, piece)),
        4 => (at.clone(), piece).prop_map(|(line, piece)| Edit::Insert(line, piece)),
        2 => (at.clone(), any::<Index>(), any::<char>()).prop_map(|(line, position, to)| Edit::Flip(line, position, to)),
        1 => at.prop_map(Edit::Cut),
    ]
}

/// The lines of a text after the edits, in order.
pub fn edited(text: &str, edits: &[Edit]) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for edit in edits {
        if lines.is_empty() {
            break;
        }
        let count = lines.len();
        match edit {
            Edit::Drop(at) => drop(lines.remove(at.index(count))),
            Edit::Double(at) => lines.insert(at.index(count), lines[at.index(count)].clone()),
            Edit::Word(at, word, piece) => {
                let line = &mut lines[at.index(count)];
                let mut words: Vec<&str> = line.split(' ').collect();
                let word = word.index(words.len());
                words[word] = PIECES[*piece];
                // The line stays one of its section.
                let joined = words.join(" ");
                *line = if line.starts_with('|') && !joined.starts_with('|') { format!("|{joined}") } else { joined };
            }
            Edit::Append(at, piece) => lines[at.index(count)].push_str(PIECES[*piece]),
            Edit::Insert(at, piece) => lines.insert(at.index(count), format!("|{}", PIECES[*piece])),
            Edit::Flip(at, position, to) => {
                let line = &mut lines[at.index(count)];
                let mut chars: Vec<char> = line.chars().collect();
                if !chars.is_empty() {
                    let position = position.index(chars.len());
                    chars[position] = *to;
                }
                *line = chars.into_iter().collect();
            }
            Edit::Cut(at) => lines.truncate(at.index(count)),
        }
    }
    lines.join("\n") + "\n"
}
