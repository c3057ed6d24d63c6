//! A second verifier of the log, written from RFC 6962 and the C2SP texts without looking at the
//! `ledger` crate, which it must never import. It is slow on purpose: it holds the whole log in
//! memory and computes every tree hash by the recursion of the RFC. Where it and `ledger` disagree
//! about a log, one of them is wrong.

use std::collections::BTreeMap;
use std::path::Path;

use aws_lc_rs::{digest, signature};
use base64::{Engine as _, engine::general_purpose::STANDARD};

/// A log as a map from path to content.
pub type Files = BTreeMap<String, Vec<u8>>;

/// A SHA-256 value.
pub type Digest = [u8; 32];

/// What the oracle thinks of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opinion {
    /// Whether nothing is wrong.
    pub ok: bool,
    /// Signed number of entries, 0 without a valid signature.
    pub size: u64,
    /// First entry that is not vouched for, where that can be told.
    pub first_bad: Option<u64>,
    /// The same codes as `ledger` uses.
    pub reason: Option<&'static str>,
}

type Wrong = (&'static str, Option<u64>);

/// Reads all files under a folder.
///
/// # Errors
/// When the folder cannot be read.
pub fn read_folder(folder: &Path) -> std::io::Result<Files> {
    let mut files = Files::new();
    let mut todo = vec![folder.to_path_buf()];
    while let Some(next) = todo.pop() {
        for item in std::fs::read_dir(&next)? {
            let path = item?.path();
            if path.is_dir() {
                todo.push(path);
            } else if let Ok(name) = path.strip_prefix(folder) {
                let parts: Vec<_> = name.iter().map(|part| part.to_string_lossy()).collect();
                files.insert(parts.join("/"), std::fs::read(&path)?);
            }
        }
    }
    Ok(files)
}

/// Judges a whole log; `kept` is size and root of an older checkpoint.
#[must_use]
pub fn judge(files: &Files, vkey: &str, kept: Option<(u64, Digest)>) -> Opinion {
    let mut size = 0;
    let outcome = try_judge(files, vkey, kept, &mut size);
    let (reason, first_bad) = outcome.err().unzip();
    Opinion {
        ok: reason.is_none(),
        size,
        first_bad: first_bad.flatten(),
        reason,
    }
}

fn try_judge(
    files: &Files,
    vkey: &str,
    kept: Option<(u64, Digest)>,
    signed_size: &mut u64,
) -> Result<(), Wrong> {
    let note = files
        .get("checkpoint")
        .ok_or(("ledger.checkpoint_missing", None))?;
    let (size, root) = open_checkpoint(note, vkey).map_err(|reason| (reason, None))?;
    *signed_size = size;
    if kept.is_some_and(|(kept_size, _)| kept_size > size) {
        return Err(("ledger.truncated", Some(size)));
    }
    let log = Log { files, size };
    let leaves = log.hashes(0)?;
    let bundles = log.bundles(&leaves);
    if mth(&leaves) != root {
        let entries = bundles.ok().map(|bundles| bundles.concat());
        let sound = entries.filter(|entries| mth(entries) == root);
        let place = sound.and_then(|entries| differs(&entries, &leaves));
        return Err(match place {
            Some(place) => ("ledger.tile_changed", Some(place)),
            None => ("ledger.checkpoint_mismatch", None),
        });
    }
    for ((start, bundle), sealed) in (0..).step_by(256).zip(bundles?).zip(leaves.chunks(256)) {
        compare_bundle(start, &bundle, sealed)?;
    }
    let mut below = leaves.clone();
    for level in 1..=6 {
        let above: Vec<Digest> = below.chunks_exact(256).map(mth).collect();
        if let Some(place) = differs(&log.hashes(level)?, &above) {
            return Err(("ledger.tile_changed", Some(place << (8 * level))));
        }
        below = above;
    }
    log.check_leftovers(&leaves)?;
    match kept {
        Some((old, kept_root)) if mth(leaves.get(..to_usize(old)).unwrap_or(&[])) != kept_root => {
            Err(("ledger.forked", None))
        }
        _ => Ok(()),
    }
}

struct Log<'a> {
    files: &'a Files,
    size: u64,
}

impl Log<'_> {
    /// The file with this many items, or the full one in place of a partial one.
    fn file(&self, folder: &str, number: u64, width: u64) -> Option<(&[u8], u64)> {
        let full = format!("tile/{folder}/{}", name_of(number));
        let partial = self
            .files
            .get(&format!("{full}.p/{width}"))
            .filter(|_| width < 256);
        let found = partial.map(|bytes| (bytes, width));
        found
            .or(self.files.get(&full).map(|bytes| (bytes, 256)))
            .map(|(b, w)| (b.as_slice(), w))
    }

    /// All stored hashes of a level.
    fn hashes(&self, level: u32) -> Result<Vec<Digest>, Wrong> {
        let count = self.size >> (8 * level);
        let mut all = Vec::new();
        for number in 0..count.div_ceil(256) {
            let start = Some((number * 256) << (8 * level));
            let width = (count - number * 256).min(256);
            let (bytes, held) = self
                .file(&level.to_string(), number, width)
                .ok_or(("ledger.missing_tile", start))?;
            if bytes.len() as u64 != held * 32 {
                return Err(("ledger.malformed", start));
            }
            all.extend(bytes.chunks(32).take(to_usize(width)).map(to_digest));
        }
        Ok(all)
    }

    /// Leaf hashes of the stored entries, bundle by bundle; a bundle that breaks off is an error.
    fn bundles(&self, leaves: &[Digest]) -> Result<Vec<Vec<Digest>>, Wrong> {
        let mut all = Vec::new();
        for (number, sealed) in (0..).zip(leaves.chunks(256)) {
            let start = number * 256;
            let (bytes, held) = self
                .file("entries", number, sealed.len() as u64)
                .ok_or(("ledger.missing_tile", Some(start)))?;
            let (mut bundle, broken) = parse_bundle(bytes);
            if held != sealed.len() as u64 {
                bundle.truncate(sealed.len());
            } else if broken {
                let place = differs(&bundle, sealed).unwrap_or(bundle.len() as u64);
                if place >= bundle.len() as u64 {
                    return Err(("ledger.malformed", Some(start + place)));
                }
            }
            all.push(bundle);
        }
        Ok(all)
    }

    /// Partial files of earlier sizes must be prefixes of what they became.
    fn check_leftovers(&self, leaves: &[Digest]) -> Result<(), Wrong> {
        for (path, bytes) in self.files {
            let Some((full, width)) = path.split_once(".p/") else {
                continue;
            };
            let width = width.parse().unwrap_or(usize::MAX);
            let parts = full
                .strip_prefix("tile/")
                .and_then(|rest| rest.split_once('/'));
            let Some((folder, name)) = parts else {
                continue;
            };
            let number = name.split('/').fold(0, |number, group| {
                number * 1000 + group.trim_start_matches('x').parse::<u64>().unwrap_or(0)
            });
            let level = folder.parse().unwrap_or(0);
            let hashes = if level == 0 {
                leaves.to_vec()
            } else {
                self.hashes(level)?
            };
            let from = to_usize(number * 256);
            let Some(sealed) = hashes.get(from..from.saturating_add(width)) else {
                continue;
            };
            let start = (number * 256) << (8 * level);
            if folder == "entries" {
                let (bundle, broken) = parse_bundle(bytes);
                if broken && differs(&bundle, sealed).is_none_or(|at| at >= bundle.len() as u64) {
                    return Err(("ledger.malformed", Some(start + bundle.len() as u64)));
                }
                compare_bundle(start, &bundle, sealed)?;
            } else if bytes.len() != sealed.len() * 32 {
                return Err(("ledger.malformed", Some(start)));
            } else {
                let old: Vec<Digest> = bytes.chunks(32).map(to_digest).collect();
                if let Some(place) = differs(&old, sealed) {
                    return Err(("ledger.tile_changed", Some(start + (place << (8 * level)))));
                }
            }
        }
        Ok(())
    }
}

/// Names what was done to a bundle, if anything.
fn compare_bundle(start: u64, found: &[Digest], sealed: &[Digest]) -> Result<(), Wrong> {
    let Some(place) = differs(found, sealed) else {
        return Ok(());
    };
    let at = to_usize(place);
    let sorted = |list: &[Digest]| {
        let mut list = list.to_vec();
        list.sort_unstable();
        list
    };
    let tail = |list: &[Digest], from: usize| list.get(from..).unwrap_or(&[]).to_vec();
    let agree = |one: Vec<Digest>, other: Vec<Digest>| {
        let pairs = one.len().min(other.len());
        pairs > 0 && one.iter().zip(&other).all(|(one, other)| one == other)
    };
    let reason = if found.len() <= at {
        "ledger.entry_removed"
    } else if sealed.len() <= at {
        "ledger.entry_inserted"
    } else if sorted(found) == sorted(sealed) {
        "ledger.entries_reordered"
    } else if agree(tail(found, at), tail(sealed, at + 1)) {
        "ledger.entry_removed"
    } else if agree(tail(found, at + 1), tail(sealed, at)) {
        "ledger.entry_inserted"
    } else {
        "ledger.entry_changed"
    };
    Err((reason, Some(start + place)))
}

/// First place at which two lists differ, counting a missing end as a difference.
fn differs(one: &[Digest], other: &[Digest]) -> Option<u64> {
    let place = (0..one.len().max(other.len())).find(|place| one.get(*place) != other.get(*place));
    place.map(|place| place as u64)
}

/// Leaf hashes of the entries of a bundle, and whether it breaks off inside an entry.
fn parse_bundle(mut bytes: &[u8]) -> (Vec<Digest>, bool) {
    let mut hashes = Vec::new();
    while let [high, low, rest @ ..] = bytes {
        let length = usize::from(*high) * 256 + usize::from(*low);
        let Some((entry, after)) = rest.split_at_checked(length) else {
            return (hashes, true);
        };
        hashes.push(leaf(entry));
        bytes = after;
    }
    (hashes, !bytes.is_empty())
}

/// 1234067 becomes `x001/x234/067`.
fn name_of(number: u64) -> String {
    let last = format!("{:03}", number % 1000);
    let mut groups = vec![last];
    let mut rest = number / 1000;
    while rest > 0 {
        groups.insert(0, format!("x{:03}", rest % 1000));
        rest /= 1000;
    }
    groups.join("/")
}

/// Checks a proof file; the proved entry on success, words on failure.
///
/// # Errors
/// What was wrong, in English.
pub fn judge_proof(file: &[u8], vkey: &str) -> Result<Vec<u8>, &'static str> {
    let text = std::str::from_utf8(file).map_err(|_| "not text")?;
    let (proof, note) = text.split_once("\n\n").ok_or("no checkpoint")?;
    let mut lines = proof.lines();
    if lines.next() != Some("c2sp.org/tlog-proof@v1") {
        return Err("another header");
    }
    let extra = lines
        .next()
        .and_then(|line| line.strip_prefix("extra "))
        .ok_or("no entry")?;
    let entry = STANDARD.decode(extra).map_err(|_| "entry is not base64")?;
    let index = lines
        .next()
        .and_then(|line| line.strip_prefix("index "))
        .and_then(decimal);
    let index = index.ok_or("no index")?;
    let path: Option<Vec<Digest>> = lines.map(decode_digest).collect();
    let (size, root) = open_checkpoint(note.as_bytes(), vkey)?;
    if index >= size {
        return Err("outside the log");
    }
    let computed = climb(index, size, leaf(&entry), &path.ok_or("a bad hash")?);
    if computed == Some(root) {
        Ok(entry)
    } else {
        Err("does not lead to the root")
    }
}

/// Root that an inclusion proof leads to, by the recursion of RFC 6962 2.1.1 turned round.
fn climb(index: u64, size: u64, leaf: Digest, path: &[Digest]) -> Option<Digest> {
    if size == 1 {
        return path.is_empty().then_some(leaf);
    }
    let (last, rest) = path.split_last()?;
    let k = split(size);
    Some(if index < k {
        node(climb(index, k, leaf, rest)?, *last)
    } else {
        node(*last, climb(index - k, size - k, leaf, rest)?)
    })
}

/// Whether a consistency proof shows that `new` extends `old`, by the recursion of RFC 6962 2.1.2.
#[must_use]
pub fn judge_consistency(old: (u64, Digest), new: (u64, Digest), path: &[Digest]) -> bool {
    let ((m, old_root), (n, new_root)) = (old, new);
    if m == 0 {
        return old_root == mth(&[]) && path.is_empty();
    }
    m <= n && sub_proof(m, n, true, old_root, path) == Some((old_root, new_root))
}

fn sub_proof(m: u64, n: u64, own: bool, old: Digest, path: &[Digest]) -> Option<(Digest, Digest)> {
    if m == n {
        return match path {
            [] if own => Some((old, old)),
            [hash] if !own => Some((*hash, *hash)),
            _ => None,
        };
    }
    let (last, rest) = path.split_last()?;
    let k = split(n);
    Some(if m <= k {
        let (before, after) = sub_proof(m, k, own, old, rest)?;
        (before, node(after, *last))
    } else {
        let (before, after) = sub_proof(m - k, n - k, false, old, rest)?;
        (node(*last, before), node(*last, after))
    })
}

/// Size and root of a checkpoint that the key has signed.
fn open_checkpoint(note: &[u8], vkey: &str) -> Result<(u64, Digest), &'static str> {
    const MALFORMED: &str = "ledger.malformed";
    let note = std::str::from_utf8(note).map_err(|_| MALFORMED)?;
    if note.chars().any(|c| c < ' ' && c != '\n') || !note.ends_with('\n') {
        return Err(MALFORMED);
    }
    let blank = note.rfind("\n\n").ok_or(MALFORMED)?;
    let (text, signatures) = note.split_at_checked(blank + 1).ok_or(MALFORMED)?;
    let (name, id, public) = parse_vkey(vkey).ok_or("not a verifier key")?;
    let mut good = 0;
    for line in signatures
        .trim_start_matches('\n')
        .trim_end_matches('\n')
        .split('\n')
    {
        let (signer, bytes) = parse_signature(line).ok_or(MALFORMED)?;
        let (key_id, bytes) = bytes.split_at_checked(4).ok_or(MALFORMED)?;
        if (signer, key_id) != (name, &id[..]) {
            continue;
        }
        let key = signature::UnparsedPublicKey::new(&signature::ED25519, &public);
        key.verify(text.as_bytes(), bytes)
            .map_err(|_| "ledger.checkpoint_signature")?;
        good += 1;
    }
    if good == 0 {
        return Err("ledger.checkpoint_signature");
    }
    let lines: Vec<&str> = text.trim_end_matches('\n').split('\n').collect();
    let [origin, size, root, ..] = lines.as_slice() else {
        return Err(MALFORMED);
    };
    if *origin != name {
        return Err("ledger.checkpoint_origin");
    }
    decimal(size).zip(decode_digest(root)).ok_or(MALFORMED)
}

fn parse_signature(line: &str) -> Option<(&str, Vec<u8>)> {
    let (name, encoded) = line.strip_prefix("— ")?.split_once(' ')?;
    let bytes = STANDARD.decode(encoded).ok()?;
    let name_is_good = !name.is_empty()
        && !name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '+');
    (bytes.len() > 4 && name_is_good).then_some((name, bytes))
}

fn parse_vkey(vkey: &str) -> Option<(&str, Vec<u8>, Vec<u8>)> {
    let (name, rest) = vkey.split_once('+')?;
    let (id, encoded) = rest.split_once('+')?;
    let key = STANDARD.decode(encoded).ok()?;
    let (&1, public) = key.split_first()? else {
        return None;
    };
    let computed = sha256(&[name.as_bytes(), b"\n", &key]);
    let computed = computed.first_chunk::<4>()?;
    let shown: String = computed.iter().map(|byte| format!("{byte:02x}")).collect();
    (id == shown).then(|| (name, computed.to_vec(), public.to_vec()))
}

fn decimal(text: &str) -> Option<u64> {
    text.parse()
        .ok()
        .filter(|number: &u64| number.to_string() == text)
}

fn decode_digest(text: &str) -> Option<Digest> {
    STANDARD.decode(text).ok()?.try_into().ok()
}

/// Merkle tree hash over leaf hashes (RFC 6962 2.1).
#[must_use]
pub fn mth(leaves: &[Digest]) -> Digest {
    match leaves {
        [] => sha256(&[]),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(to_usize(split(leaves.len() as u64)));
            node(mth(left), mth(right))
        }
    }
}

/// The largest power of two smaller than `n`.
fn split(n: u64) -> u64 {
    let mut k = 1;
    while k * 2 < n {
        k *= 2;
    }
    k
}

/// Hash of an entry.
#[must_use]
pub fn leaf(entry: &[u8]) -> Digest {
    sha256(&[&[0], entry])
}

fn node(left: Digest, right: Digest) -> Digest {
    sha256(&[&[1], &left, &right])
}

/// SHA-256 in lower-case hex.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    let digest = sha256(&[bytes]);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn sha256(parts: &[&[u8]]) -> Digest {
    to_digest(digest::digest(&digest::SHA256, &parts.concat()).as_ref())
}

fn to_digest(bytes: &[u8]) -> Digest {
    let mut digest = [0; 32];
    digest
        .iter_mut()
        .zip(bytes)
        .for_each(|(to, from)| *to = *from);
    digest
}

fn to_usize(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
