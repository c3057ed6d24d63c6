//! What people wrote, as a page can show it.

/// The longest run without a place to break that fits the narrowest column.
const RUN_MAX: usize = 16;

/// A text of which every character can be seen, and long runs of letters and digits can be broken.
pub(crate) fn seen(text: &str, has_shape: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run = 0;
    for c in text.chars() {
        match c {
            '\n' => out.push('\n'),
            '\t' => out.push(' '),
            '\r' => {}
            _ if has_shape(c) && !is_unseen(c) => out.push(c),
            _ => {
                // WHY: left out, it could make two different texts look the same
                out.push_str(&format!("〔U+{:04X}〕", u32::from(c)));
                run = 0;
                continue;
            }
        }
        run = if can_break_after(c) { 0 } else { run + 1 };
        if run == RUN_MAX {
            out.push('\u{200b}');
            run = 0;
        }
    }
    out
}

/// Controls, marks of direction and characters without width.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{2800}'
                | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
        )
        || ('\u{fff9}'..='\u{fffb}').contains(&c)
        // letters that are read from the right would turn the line
        || ('\u{590}'..='\u{8ff}').contains(&c)
        || ('\u{fb1d}'..='\u{fdff}').contains(&c)
        || ('\u{fe70}'..='\u{fefe}').contains(&c)
        || ('\u{200b}'..='\u{200f}').contains(&c)
        || ('\u{202a}'..='\u{202e}').contains(&c)
        || ('\u{2060}'..='\u{206f}').contains(&c)
        || ('\u{fe00}'..='\u{fe0f}').contains(&c)
        || ('\u{e0000}'..='\u{e0fff}').contains(&c)
}

fn can_break_after(c: char) -> bool {
    c.is_whitespace() || u32::from(c) >= 0x2e80
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn latin_and_han(c: char) -> bool {
        c.is_ascii_graphic() || c == ' ' || ('\u{4e00}'..='\u{9fa5}').contains(&c)
    }

    #[test]
    fn what_cannot_be_seen_stands_as_its_code_point() {
        let shown = |text| seen(text, latin_and_han);
        assert_eq!(shown("机密 A1\n乙"), "机密 A1\n乙");
        assert_eq!(shown("a\u{202e}b"), "a〔U+202E〕b");
        assert_eq!(shown("𠮷"), "〔U+20BB7〕");
        assert_eq!(shown("a\u{0}\u{7}"), "a〔U+0000〕〔U+0007〕");
        assert_eq!(shown("a\u{200b}b"), "a〔U+200B〕b");
        assert_eq!(shown("a\tb\r\nc"), "a b\nc");
    }

    proptest! {
        #[test]
        fn no_run_is_longer_than_a_column_and_nothing_is_lost(text in "[a-z0-9一-三 ]{0,200}") {
            let shown = seen(&text, latin_and_han);
            let runs = shown.split(|c: char| can_break_after(c) || c == '\u{200b}');
            prop_assert!(runs.map(|run| run.chars().count()).all(|run| run <= RUN_MAX));
            prop_assert_eq!(shown.replace('\u{200b}', ""), text);
        }

        #[test]
        fn two_texts_never_look_the_same(one in "[ab\u{200b}\u{202e}〔U+]{0,6}", other in "[ab\u{200b}\u{202e}]{0,6}") {
            let shown = |text: &str| seen(text, |c| c != '〔' && latin_and_han(c));
            prop_assert_eq!(shown(&one) == shown(&other), one == other);
        }
    }
}
