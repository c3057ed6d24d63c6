//! One figure: what was measured, its ratio to the peer of the same run, and the floor it must keep.

/// One measured figure.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Figure {
    pub(super) what: String,
    pub(super) value: f64,
    pub(super) unit: String,
    pub(super) ratio: Option<f64>,
    floor: Option<Floor>,
}

/// What a figure must not fall short of.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Floor {
    /// At least this much of the peer.
    Ratio(f64),
    /// At most this value.
    AtMost(f64),
}

impl Figure {
    pub(super) fn new(what: &str, value: f64, unit: &str) -> Self {
        Self {
            what: what.to_owned(),
            value,
            unit: unit.to_owned(),
            ratio: None,
            floor: None,
        }
    }

    /// Reads `figure ⇥ what ⇥ value ⇥ unit ⇥ ratio ⇥ floor`, or `… <number> MB/s`.
    pub(super) fn read(line: &str) -> Option<Self> {
        let parts: Vec<&str> = line.split('\t').collect();
        let ["figure", what, value, unit, ratio, floor] = parts.as_slice() else {
            return Self::read_rate(line);
        };
        let mut figure = Self::new(what, value.parse().ok()?, unit);
        figure.ratio = ratio.parse().ok();
        figure.floor = Floor::read(floor);
        Some(figure)
    }

    fn read_rate(line: &str) -> Option<Self> {
        let line = line.trim().strip_suffix("MB/s")?.trim_end();
        let (what, number) = line.rsplit_once([' ', ':'])?;
        let what = what.trim_end_matches([' ', ':']);
        Some(Self::new(what, number.parse().ok()?, "MB/s"))
    }

    pub(super) fn missed(&self) -> bool {
        match self.floor {
            Some(Floor::Ratio(least)) => self.ratio.is_none_or(|ratio| ratio < least),
            Some(Floor::AtMost(most)) => self.value > most,
            None => false,
        }
    }
}

impl Floor {
    /// `ratio >= 0.3` or `p95 <= 50 ms`.
    fn read(text: &str) -> Option<Self> {
        if let Some((_, least)) = text.split_once(">=") {
            return least.trim().parse().ok().map(Self::Ratio);
        }
        let (_, most) = text.split_once("<=")?;
        most.split_whitespace()
            .next()?
            .parse()
            .ok()
            .map(Self::AtMost)
    }

    fn say(self) -> String {
        match self {
            Self::Ratio(least) => format!("ratio >= {least}"),
            Self::AtMost(most) => format!("<= {most}"),
        }
    }
}

/// The figures in columns.
pub(super) fn table(figures: &[Figure]) -> String {
    let width = figures
        .iter()
        .map(|figure| figure.what.chars().count())
        .max();
    let width = width.unwrap_or_default();
    let mut text = String::new();
    for figure in figures {
        let ratio = figure
            .ratio
            .map_or_else(String::new, |ratio| format!("{ratio:.2}"));
        let floor = figure.floor.map_or_else(String::new, |floor| {
            let kept = if figure.missed() { "MISSED" } else { "ok" };
            format!("{kept} ({})", floor.say())
        });
        let line = format!(
            "{:<width$} {:>12.1} {:<9} {ratio:>6}  {floor}",
            figure.what, figure.value, figure.unit
        );
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_and_judged() {
        let kept = Figure::read("figure\tactions\t900.0\t/s\t0.31\tratio >= 0.3").unwrap();
        assert_eq!((kept.value, kept.ratio), (900.0, Some(0.31)));
        assert!(!kept.missed());
        let missed = Figure::read("figure\tactions\t900.0\t/s\t0.29\tratio >= 0.3").unwrap();
        assert!(missed.missed());
        let page = Figure::read("figure\tpage\t50.1\tms\t\tp95 <= 50 ms").unwrap();
        assert!(page.missed());
        assert!(!Figure::read("figure\tpage\t50.1\tms\t\t").unwrap().missed());
        let rate = Figure::read("seal 64 MiB:   812.5 MB/s").unwrap();
        assert_eq!((rate.what.as_str(), rate.value), ("seal 64 MiB", 812.5));
        assert_eq!(Figure::read("warming up"), None);
    }

    #[test]
    fn a_missed_floor_is_seen_in_the_table() {
        let figures = [Figure::read("figure\tpage\t51.0\tms\t\tp95 <= 50 ms").unwrap()];
        assert!(table(&figures).contains("MISSED (<= 50)"));
    }
}
