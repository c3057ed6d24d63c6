//! How deep lists and objects lie in each other, counted before anything is parsed: a parser that
//! recurses would spend its stack on what is refused anyway.

/// Whether JSON text stays within a depth. Text that is not JSON may pass: the parser finds that.
pub(crate) fn within(text: &str, limit: usize) -> bool {
    let mut depth = 0_usize;
    let mut in_string = false;
    let mut escaped = false;
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > limit {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_counts_what_is_open_at_once() {
        assert!(within("{\"a\":[1,2,{\"b\":3}],\"c\":[[]]}", 3));
        assert!(!within("{\"a\":[1,2,{\"b\":3}]}", 2));
        let deep = format!("{}{}", "[".repeat(33), "]".repeat(33));
        assert!(!within(&deep, 32));
        assert!(within(&"[]".repeat(100), 1), "side by side is not deep");
    }

    #[test]
    fn brackets_inside_texts_do_not_count() {
        assert!(within(r#"["[[[[", "\"[[[", "\\", "{{{"]"#, 1));
        assert!(!within(r#"["\\", [[1]]]"#, 2));
    }
}
