//! Square codes (QR, ISO/IEC 18004) that a page carries.

use qrcode::{Color, EcLevel, QrCode};

/// A square code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// Squares along each side.
    pub side: usize,
    /// Dark squares, in runs along their rows: the column of the first, the row, how many.
    pub runs: Vec<[usize; 3]>,
}

/// The code of a text, with a quarter of it spare against stains; none for a text too long for one.
#[must_use]
pub fn code(text: &str) -> Option<Code> {
    let code = QrCode::with_error_correction_level(text, EcLevel::Q).ok()?;
    let side = code.width();
    let squares = code.to_colors();
    let mut runs: Vec<[usize; 3]> = Vec::new();
    for (row, squares) in squares.chunks(side.max(1)).enumerate() {
        for (column, _) in squares
            .iter()
            .enumerate()
            .filter(|(_, color)| **color == Color::Dark)
        {
            match runs.last_mut() {
                Some([first, at, many]) if *at == row && *first + *many == column => *many += 1,
                _ => runs.push([column, row, 1]),
            }
        }
    }
    Some(Code { side, runs })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_three_corners() {
        let code = code("JY2026-0001").unwrap();
        assert!(code.side >= 21);
        for corner in [[0, 0, 7], [code.side - 7, 0, 7], [0, code.side - 1, 7]] {
            assert!(code.runs.contains(&corner), "{corner:?}");
        }
        let opposite = [code.side - 7, code.side - 1, 7];
        assert!(!code.runs.contains(&opposite));
        let inside =
            |[column, row, many]: &[usize; 3]| column + many <= code.side && *row < code.side;
        assert!(code.runs.iter().all(inside));
    }

    #[test]
    fn what_is_too_long_has_no_code() {
        assert_eq!(code(&"x".repeat(4000)), None);
    }
}
