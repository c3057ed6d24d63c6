//! Data keys of records and files: one per object, wrapped under the key of the object's label, kept in
//! the key store with the name of the key that wraps them.

use crate::{core::Inner, error::Error};
use domain::{Label, ObjectId, RecordId};
use store::{Tx, Write};
use vault::{DataKey, KekId, Suite};

/// The object that seals a record's versions.
pub(crate) fn record_object(id: RecordId) -> ObjectId {
    ObjectId::from_uuid(id.as_uuid())
}

/// Packs a wrapped key with the name of its wrapping key.
pub(crate) fn pack(kek: &KekId, wrapped: &[u8]) -> Vec<u8> {
    let mut packed = kek.canonical().into_bytes();
    packed.push(b'\n');
    packed.extend_from_slice(wrapped);
    packed
}

fn unpack(packed: &[u8]) -> Result<(KekId, &[u8]), Error> {
    let damaged = || Error::defect("a stored object key is damaged");
    let end = packed
        .iter()
        .position(|byte| *byte == b'\n')
        .ok_or_else(damaged)?;
    let (name, wrapped) = packed.split_at_checked(end).ok_or_else(damaged)?;
    let name = std::str::from_utf8(name).map_err(|_| damaged())?;
    Ok((KekId::parse(name)?, wrapped.get(1..).unwrap_or_default()))
}

/// Opens an object's key; none once it is erased.
pub(crate) fn open(
    inner: &Inner,
    tx: &mut Tx<'_>,
    object: ObjectId,
) -> Result<Option<(KekId, DataKey)>, Error> {
    let Some(packed) = tx.object_key(&object.to_string())? else {
        return Ok(None);
    };
    let (kek, wrapped) = unpack(&packed)?;
    let key = inner.unwrap_key(tx, &kek, object, wrapped)?;
    Ok(Some((kek, key)))
}

/// The key of a record under its label: made for a new record, moved when the label's key changes.
pub(crate) fn for_record(
    inner: &Inner,
    door: &mut Write<'_, '_>,
    record: RecordId,
    label: &Label,
    new: bool,
) -> Result<DataKey, Error> {
    let object = record_object(record);
    let kek = Inner::kek_id(label)?;
    if !new {
        let (under, key) = open(inner, door.tx, object)?.ok_or(Error::Erased(record))?;
        if under != kek {
            keep(inner, door, &kek, &key)?;
        }
        return Ok(key);
    }
    let key = DataKey::generate(object, Suite::Aes256Gcm, &*inner.random)?;
    keep(inner, door, &kek, &key)?;
    Ok(key)
}

/// Keeps a data key, wrapped under a label's key.
pub(crate) fn keep(
    inner: &Inner,
    door: &mut Write<'_, '_>,
    kek: &KekId,
    key: &DataKey,
) -> Result<(), Error> {
    let wrapped = inner.wrap(door.tx, kek, key)?;
    door.put_object_key(&key.object().to_string(), &pack(kek, &wrapped.to_bytes()))?;
    Ok(())
}
