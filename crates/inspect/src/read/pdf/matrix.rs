//! Six numbers that turn, stretch and move.

pub(super) type Matrix = [f32; 6];

pub(super) const UNIT: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

/// First one, then the other.
pub(super) fn product(first: Matrix, then: Matrix) -> Matrix {
    let [a, b, c, d, e, f] = first;
    let [ta, tb, tc, td, te, tf] = then;
    [
        a * ta + b * tc,
        a * tb + b * td,
        c * ta + d * tc,
        c * tb + d * td,
        e * ta + f * tc + te,
        e * tb + f * td + tf,
    ]
}

pub(super) fn applied((x, y): (f32, f32), [a, b, c, d, e, f]: Matrix) -> (f32, f32) {
    (x * a + y * c + e, x * b + y * d + f)
}

/// The way an arrow points, in whole degrees.
pub(super) fn angle(x: f32, y: f32) -> i16 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "between -180 and 180, and no number becomes 0"
    )]
    let degrees = y.atan2(x).to_degrees().round() as i16;
    degrees
}
