//! A log in memory for the tests of this crate, grown as the sequencer would grow it.

use zeroize::Zeroizing;

use crate::{Hash, MemorySource, Signer, TreeHead, Update, VerifierKey, Writer, leaf_hash};

/// Whether the folders of partial files that a full file replaced are deleted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leftovers {
    Deleted,
    Kept,
}

pub(crate) struct TestLog {
    pub(crate) source: MemorySource,
    pub(crate) signer: Signer,
    pub(crate) head: TreeHead,
}

impl TestLog {
    /// A log that was signed at each of `sizes` in turn.
    pub(crate) fn grown(sizes: &[u64], leftovers: Leftovers) -> Self {
        Self::grown_with(sizes, leftovers, entry)
    }

    pub(crate) fn grown_with(
        sizes: &[u64],
        leftovers: Leftovers,
        entry: impl Fn(u64) -> Vec<u8>,
    ) -> Self {
        let mut source = MemorySource::new();
        let signer = signer("ruping.test/log");
        let mut writer = Writer::new();
        for size in sizes {
            let entries: Vec<_> = (writer.head().size..*size).map(&entry).collect();
            let update = writer.append(&entries, &signer).unwrap();
            store(&mut source, &update, leftovers);
            writer = update.writer;
        }
        Self {
            source,
            signer,
            head: writer.head(),
        }
    }

    pub(crate) fn key(&self) -> VerifierKey {
        self.signer.verifier().clone()
    }
}

pub(crate) fn store(source: &mut MemorySource, update: &Update, leftovers: Leftovers) {
    for file in &update.files {
        source.insert(file.path.clone(), file.bytes.clone());
    }
    if leftovers == Leftovers::Deleted {
        for folder in &update.superseded {
            source.retain(|path, _| !path.starts_with(&format!("{folder}/")));
        }
    }
}

pub(crate) fn signer(name: &str) -> Signer {
    Signer::from_seed(name, Zeroizing::new([7; 32])).unwrap()
}

pub(crate) fn entry(index: u64) -> Vec<u8> {
    format!(
        "entry {index} {}",
        "·".repeat(usize::try_from(index % 7).unwrap())
    )
    .into_bytes()
}

pub(crate) fn leaves(size: u64) -> Vec<Hash> {
    (0..size).map(|index| leaf_hash(&entry(index))).collect()
}

/// RFC 6962 2.1 word for word, with nothing of the crate but the node hash.
pub(crate) fn mth(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => crate::hash::empty_root(),
        [leaf] => *leaf,
        _ => {
            let mut k = 1;
            while k * 2 < leaves.len() {
                k *= 2;
            }
            crate::node_hash(&mth(&leaves[..k]), &mth(&leaves[k..]))
        }
    }
}
