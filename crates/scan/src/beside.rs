//! What is known of a finding beside what inspection says of it: its line, and digests by which it is known again.
//!
//! INVARIANT: a digest is keyed with a salt that lies in somebody's file, so that what a file of digests tells of contents
//! is no more than whether a content that one has already is among them.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::hmac;
use inspect::{Finding, Report};
use serde::{Deserialize, Serialize};

/// Bytes of a salt.
const SALT_BYTES: usize = 16;
/// Bytes of a digest; enough that no two findings of a house share one.
const DIGEST_BYTES: usize = 16;

/// What digests of one file are keyed with; as text 32 hex digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Salt([u8; SALT_BYTES]);

impl Salt {
    /// Of random bytes, of which the first are taken.
    #[must_use]
    pub fn of(random: &[u8; 32]) -> Self {
        let (first, _) = random.split_at(SALT_BYTES);
        Self(first.try_into().unwrap_or_default())
    }

    /// The digest of a finding by its rule and its text in normal form, wherever it stands.
    pub(crate) fn digest(&self, finding: &Finding) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.0);
        let said = [finding.rule.as_str(), &finding.normal()].join("\0");
        let tag = hmac::sign(&key, said.as_bytes());
        hex::encode(tag.as_ref().get(..DIGEST_BYTES).unwrap_or_default())
    }
}

/// Whether a text can be a digest.
pub(crate) fn is_digest(text: &str, bytes: usize) -> bool {
    hex::decode(text).is_ok_and(|all| all.len() == bytes) && text.to_ascii_lowercase() == text
}

/// Whether a text can be the digest of a finding.
pub(crate) fn is_of_finding(text: &str) -> bool {
    is_digest(text, DIGEST_BYTES)
}

impl fmt::Display for Salt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl FromStr for Salt {
    type Err = hex::FromHexError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut bytes = [0; SALT_BYTES];
        hex::decode_to_slice(text, &mut bytes)?;
        Ok(Self(bytes))
    }
}

/// What is known of one finding.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Beside {
    /// Its line from 1, in a file that is plain text.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub line: Option<u64>,
    /// Its digest by each salt, in their order.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub digests: Vec<String>,
}

/// Of every finding of a report, as long as it is not masked. `lines` are theirs, where they are known.
pub(crate) fn of(report: &Report, lines: Option<&[u64]>, salts: &[Salt]) -> Vec<Beside> {
    let findings = report.findings.iter().enumerate();
    findings
        .map(|(at, finding)| Beside {
            line: lines.and_then(|lines| lines.get(at)).copied(),
            digests: salts.iter().map(|salt| salt.digest(finding)).collect(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use inspect::{Limits, Rules, Stream};

    const LETTER: &str = "证件 11010519491231002X\n\n机密★10年\n又 11010519491231002X，１１０１０５１９４９１２３１００２Ｘ\n";

    fn beside(salt: &str) -> (Report, Vec<Beside>) {
        let (rules, limits) = (Rules::shipped().unwrap(), Limits::default());
        let mut stream = Stream::new("a.txt", &rules, &limits);
        stream.push(LETTER.as_bytes());
        let (report, lines) = stream.end_with_lines();
        let beside = of(&report, lines.as_deref(), &[salt.parse().unwrap()]);
        (report, beside)
    }

    #[test]
    fn findings_have_their_line_and_the_same_text_has_the_same_digest_whatever_its_width() {
        let (report, beside) = beside("00112233445566778899aabbccddeeff");
        let of_people: Vec<&Beside> = report
            .findings
            .iter()
            .zip(&beside)
            .filter(|(finding, _)| finding.text.ends_with(['X', 'Ｘ']))
            .map(|(_, beside)| beside)
            .collect();
        let lines: Vec<Option<u64>> = of_people.iter().map(|one| one.line).collect();
        assert_eq!(lines, [Some(1), Some(4), Some(4)], "{report:?}");
        assert!(
            of_people
                .iter()
                .all(|one| one.digests == of_people[0].digests)
        );
        let mark = report
            .findings
            .iter()
            .position(|one| one.text.contains('★'));
        assert_eq!(beside[mark.unwrap()].line, Some(3));
        assert_ne!(beside[mark.unwrap()].digests, of_people[0].digests);
    }

    #[test]
    fn with_another_salt_no_digest_is_the_same_and_none_tells_the_text() {
        let one = beside("00112233445566778899aabbccddeeff").1;
        let other = beside("10112233445566778899aabbccddeeff").1;
        assert!(!one.is_empty());
        for (one, other) in one.iter().zip(&other) {
            assert!(is_of_finding(&one.digests[0]) && one.digests != other.digests);
        }
    }

    #[test]
    fn a_salt_is_32_hex_digits() {
        let text = "00112233445566778899aabbccddeeff";
        assert_eq!(text.parse::<Salt>().unwrap().to_string(), text);
        for wrong in ["", "0011", "zz112233445566778899aabbccddeeff"] {
            assert!(wrong.parse::<Salt>().is_err(), "{wrong}");
        }
    }
}
