//! Inclusion and consistency proofs (RFC 6962 2.1.1 and 2.1.2): made from tiles that the reader has
//! authenticated, verified by recomputation alone (RFC 9162 2.1.3.2 and 2.1.4.2).

use crate::error::Error;
use crate::hash::{Hash, TreeHead, node_hash, tree_hash};
use crate::limits::MAX_PROOF_HASHES;
use crate::reader::{TileReader, split};

/// `PATH(index, D[0:head.size])`: the sibling hashes from the leaf up.
///
/// # Errors
/// [`Error::OutOfRange`] for an index outside the tree, and the errors of [`TileReader`].
pub fn inclusion(reader: &mut TileReader<'_>, index: u64) -> Result<Vec<Hash>, Error> {
    let size = reader.head().size;
    if index >= size {
        return Err(Error::OutOfRange { index, size });
    }
    // Walk down from the root; the siblings come out in the reverse of the wanted order.
    let (mut start, mut end) = (0, size);
    let mut path = Vec::new();
    while end - start > 1 {
        let middle = start + split(end - start);
        if index < middle {
            path.push(reader.range(middle, end)?);
            end = middle;
        } else {
            path.push(reader.range(start, middle)?);
            start = middle;
        }
    }
    path.reverse();
    Ok(path)
}

/// `PROOF(old_size, D[0:head.size])`: shows that the tree of `old_size` is a prefix. Empty when
/// `old_size` is 0 (everything extends the empty log) or the whole size.
///
/// # Errors
/// [`Error::OutOfRange`] when `old_size` is larger than the tree, and the errors of [`TileReader`].
pub fn consistency(reader: &mut TileReader<'_>, old_size: u64) -> Result<Vec<Hash>, Error> {
    let size = reader.head().size;
    if old_size > size {
        return Err(Error::OutOfRange {
            index: old_size,
            size,
        });
    }
    if old_size == 0 {
        return Ok(Vec::new());
    }
    let (mut start, mut end) = (0, size);
    let mut path = Vec::new();
    while end != old_size {
        let middle = start + split(end - start);
        if old_size <= middle {
            path.push(reader.range(middle, end)?);
            end = middle;
        } else {
            path.push(reader.range(start, middle)?);
            start = middle;
        }
    }
    // WHY: a subtree that begins at 0 is the old tree itself, whose root the verifier has.
    if start > 0 {
        path.push(reader.range(start, end)?);
    }
    path.reverse();
    Ok(path)
}

/// The root that the log had at `old_size`, as the present tiles have it.
///
/// # Errors
/// [`Error::OutOfRange`] when `old_size` is larger than the tree, and the errors of [`TileReader`].
pub fn root_at(reader: &mut TileReader<'_>, old_size: u64) -> Result<Hash, Error> {
    let size = reader.head().size;
    if old_size > size {
        return Err(Error::OutOfRange {
            index: old_size,
            size,
        });
    }
    reader.range(0, old_size)
}

/// Checks that the entry with this leaf hash is at `index` of the tree (RFC 9162 2.1.3.2).
///
/// # Errors
/// [`Error::OutOfRange`] or [`Error::InclusionInvalid`].
pub fn verify_inclusion(
    head: &TreeHead,
    index: u64,
    leaf: &Hash,
    path: &[Hash],
) -> Result<(), Error> {
    if index >= head.size {
        return Err(Error::OutOfRange {
            index,
            size: head.size,
        });
    }
    if path.len() > MAX_PROOF_HASHES {
        return Err(Error::InclusionInvalid);
    }
    let (mut node, mut last, mut root) = (index, head.size - 1, *leaf);
    for sibling in path {
        if last == 0 {
            return Err(Error::InclusionInvalid);
        }
        if node & 1 == 1 || node == last {
            root = node_hash(sibling, &root);
            climb_to_right_child(&mut node, &mut last);
        } else {
            root = node_hash(&root, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if last == 0 && root == head.root {
        Ok(())
    } else {
        Err(Error::InclusionInvalid)
    }
}

/// Checks that the tree of `new` extends that of `old` (RFC 9162 2.1.4.2).
///
/// # Errors
/// [`Error::OutOfRange`] when `new` is smaller, else [`Error::ConsistencyInvalid`].
pub fn verify_consistency(old: &TreeHead, new: &TreeHead, path: &[Hash]) -> Result<(), Error> {
    if old.size > new.size {
        return Err(Error::OutOfRange {
            index: old.size,
            size: new.size,
        });
    }
    let trivial = match (old.size, old.size == new.size) {
        (0, _) => Some(old.root == tree_hash(&[])),
        (_, true) => Some(old.root == new.root),
        (_, false) => None,
    };
    let shown = match trivial {
        Some(holds) => holds && path.is_empty(),
        None => path.len() <= MAX_PROOF_HASHES && consistency_holds(old, new, path),
    };
    if shown {
        Ok(())
    } else {
        Err(Error::ConsistencyInvalid)
    }
}

fn consistency_holds(old: &TreeHead, new: &TreeHead, path: &[Hash]) -> bool {
    // WHY: the proof leaves out the old root when the old tree is one complete subtree.
    let whole = old.size.is_power_of_two().then_some(&old.root);
    let mut hashes = whole.into_iter().chain(path);
    let Some(first) = hashes.next() else {
        return false;
    };
    let (mut node, mut last) = (old.size - 1, new.size - 1);
    while node & 1 == 1 {
        node >>= 1;
        last >>= 1;
    }
    let (mut old_root, mut new_root) = (*first, *first);
    for sibling in hashes {
        if last == 0 {
            return false;
        }
        if node & 1 == 1 || node == last {
            old_root = node_hash(sibling, &old_root);
            new_root = node_hash(sibling, &new_root);
            climb_to_right_child(&mut node, &mut last);
        } else {
            new_root = node_hash(&new_root, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    last == 0 && old_root == old.root && new_root == new.root
}

/// A node at the right edge without a sibling is carried up until it is a right child.
const fn climb_to_right_child(node: &mut u64, last: &mut u64) {
    while *node & 1 == 0 && *node != 0 {
        *node >>= 1;
        *last >>= 1;
    }
}

#[cfg(test)]
mod tests;
