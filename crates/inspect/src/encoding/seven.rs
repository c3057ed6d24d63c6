//! Seven-bit text with shifts, turned into the eight-bit encoding behind it.

/// GB 2312 between `~{` and `~}` (RFC 1843).
pub(super) fn hz(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut shifted = false;
    let mut rest = bytes;
    while let Some((&first, tail)) = rest.split_first() {
        let second = tail.first().copied();
        let used = match (first, second) {
            (b'~', Some(b'{')) => {
                shifted = true;
                2
            }
            (b'~', Some(b'}')) => {
                shifted = false;
                2
            }
            (b'~', Some(b'\n')) if !shifted => 2,
            (b'~', Some(b'~')) if !shifted => {
                out.push(b'~');
                2
            }
            // WHY: a line end ends the shift, so that a lost `~}` does not cost the rest of the file
            (b'\n', _) => {
                shifted = false;
                out.push(first);
                1
            }
            (0x21..=0x7e, Some(second @ 0x21..=0x7e)) if shifted => {
                out.extend([first | 0x80, second | 0x80]);
                2
            }
            _ => {
                out.push(first);
                1
            }
        };
        rest = rest.get(used..).unwrap_or_default();
    }
    out
}

/// ISO-2022-KR and ISO-2022-CN: double bytes between SO and SI; what designates the set is dropped.
pub(super) fn shifted(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut shifted = false;
    let mut rest = bytes;
    while let Some((&first, tail)) = rest.split_first() {
        let used = match first {
            0x1b if tail.starts_with(b"$)") || tail.starts_with(b"$*") => 4,
            0x0e => {
                shifted = true;
                1
            }
            0x0f => {
                shifted = false;
                1
            }
            b'\n' => {
                shifted = false;
                out.push(first);
                1
            }
            0x21..=0x7e if shifted => {
                out.push(first | 0x80);
                1
            }
            _ => {
                out.push(first);
                1
            }
        };
        rest = rest.get(used..).unwrap_or_default();
    }
    out
}
