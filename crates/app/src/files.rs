//! Files: sealed as they arrive, attached to a record by an act, opened in parts by those who may.

mod quota;

pub(crate) use quota::UnderWay;

use crate::{
    caller::Caller,
    core::{App, Inner},
    error::{Error, text},
    keys, limits, log, people,
    views::{FileContent, FileView},
    visibility,
};
use access::{Act, Grant};
use aws_lc_rs::digest;
use domain::{AccountId, FileId, Level, ObjectId, RecordId, Timestamp};
use registers::{Content, Regimes};
use std::{
    fs::File,
    io::{ErrorKind, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
    sync::Arc,
};
use store::{FileRow, RecordRow, Tx};
use vault::{
    Binding, DataKey, KekId, LabelDigest, ObjectReader, ObjectWriter, PlainLength, ReadAt, SealId,
    Suite,
};

/// What an upload is sealed under until an act gives it to a record.
const UPLOAD: &str = "upload";
/// How whoever opens a file comes to know it.
const OPENED: &str = "opened";

/// When an object was begun, in milliseconds since 1970: its id says so.
pub(crate) fn object_at(object: ObjectId) -> i64 {
    i64::try_from(object.as_uuid().as_u128() >> 80).unwrap_or(i64::MAX)
}

/// Where an object lies.
pub(crate) fn object_path(inner: &Inner, object: ObjectId) -> PathBuf {
    let name = object.to_string();
    let shard: String = name.chars().rev().take(2).collect();
    inner.data.join("vault").join(shard).join(name)
}

/// An upload under way; dropping it discards what came so far.
pub struct Upload {
    app: App,
    caller: Caller,
    name: String,
    media_type: String,
    key: DataKey,
    writer: Option<ObjectWriter>,
    file: File,
    path: PathBuf,
    size: u64,
    hash: digest::Context,
    kept: bool,
    room: quota::Room,
}

impl std::fmt::Debug for Upload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Upload")
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if !self.kept {
            drop(std::fs::remove_file(&self.path));
        }
    }
}

/// under a regime that keeps facts or fingerprints only, no content comes in at all.
pub(crate) fn may_keep_content(regimes: &Regimes) -> Result<(), Error> {
    if regimes.content == Some(Content::Vault) {
        return Ok(());
    }
    Err(Error::Denied {
        code: "content.not_kept".to_owned(),
        rule: Some("R-419".to_owned()),
        clause: Some("LAW 32, REG 36-38".to_owned()),
        say: text(
            "按本单位适用的规则，本系统只登记事项，不存放文件内容；请填写纸质或介质载体信息",
            "under the regime in force here only register facts are kept, no content: register the carrier instead",
        ),
    })
}

fn too_large() -> Error {
    Error::Limited {
        code: "upload.too_large",
        say: text("文件超过 256 MiB", "the file is larger than 256 MiB"),
    }
}

impl App {
    /// Begins an upload.
    pub async fn begin_upload(
        &self,
        caller: &Caller,
        name: &str,
        media_type: &str,
    ) -> Result<Upload, Error> {
        let inner = &self.inner;
        may_keep_content(inner.regimes.installation())?;
        let (who, now) = (caller.clone(), inner.now());
        let lying = self
            .read_tx(move |inner, tx| {
                people::check_business(inner, tx, &who, now)?;
                Ok(tx.unattached(who.account)?)
            })
            .await?;
        let room = inner.under_way.enter(caller.account, lying)?;
        let object = ObjectId::new(inner.now(), inner.random()?);
        let key = DataKey::generate(object, Suite::Aes256Gcm, &*inner.random)?;
        let path = object_path(inner, object);
        let folder = path.parent().unwrap_or(&inner.data);
        std::fs::create_dir_all(folder).map_err(Error::internal)?;
        let file = File::create_new(&path).map_err(Error::internal)?;
        let kek = KekId::new(UPLOAD, Vec::<String>::new())?;
        let label = LabelDigest::of(UPLOAD)?;
        let binding = Binding {
            kek: &kek,
            label: &label,
        };
        let mut head = Vec::new();
        let writer = ObjectWriter::new(
            &key,
            &binding,
            PlainLength::Unknown,
            &*inner.random,
            &mut head,
        )?;
        let mut upload = Upload {
            app: self.clone(),
            caller: caller.clone(),
            name: name.chars().filter(|c| !c.is_control()).take(255).collect(),
            media_type: media_type
                .chars()
                .filter(char::is_ascii_graphic)
                .take(100)
                .collect(),
            key,
            writer: Some(writer),
            file,
            path,
            size: 0,
            hash: digest::Context::new(&digest::SHA256),
            kept: false,
            room,
        };
        upload.file.write_all(&head).map_err(Error::internal)?;
        Ok(upload)
    }

    /// Files of a record.
    pub async fn files(&self, caller: &Caller, record: RecordId) -> Result<Vec<FileView>, Error> {
        let (caller, now) = (caller.clone(), self.inner.now());
        self.read_tx(move |inner, tx| {
            let sight = visibility::sight(inner, tx, &caller, Grant::Open, now)?;
            tx.visible_record(record, &sight.visible)?
                .ok_or(Error::NotFound)?;
            tx.files(record)?
                .iter()
                .filter(|row| row.erased_at.is_none())
                .map(|row| view(row, &open_key(inner, tx, row)?))
                .collect()
        })
        .await
    }

    /// Opens a part of a file; opening at 机密 or above enters the reader in the knowledge record.
    pub async fn open_file(
        &self,
        caller: &Caller,
        id: FileId,
        range: Option<(u64, Option<u64>)>,
    ) -> Result<FileContent, Error> {
        let (caller, now) = (caller.clone(), self.inner.now());
        let inner = Arc::clone(&self.inner);
        let (row, key) = self
            .transact_anew(move |inner, tx| permit_open(inner, tx, &caller, id, now))
            .await?;
        tokio::task::spawn_blocking(move || read_part(&inner, &row, &key, range))
            .await
            .map_err(Error::internal)?
    }
}

impl Upload {
    /// The object it will be.
    pub fn id(&self) -> ObjectId {
        self.key.object()
    }

    /// Whose it is.
    pub fn account(&self) -> AccountId {
        self.caller.account
    }

    /// So many bytes have come.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Takes the next bytes.
    pub async fn push(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.size += bytes.len() as u64;
        if self.size > limits::FILE_BYTES {
            return Err(too_large());
        }
        self.room.grow(bytes.len() as u64)?;
        self.hash.update(bytes);
        let mut out = Vec::new();
        self.writer()?.push(bytes, &mut out)?;
        self.file.write_all(&out).map_err(Error::internal)
    }

    fn writer(&mut self) -> Result<&mut ObjectWriter, Error> {
        self.writer
            .as_mut()
            .ok_or_else(|| Error::defect("an upload went on after its end"))
    }

    /// Ends the upload: from here it is the caller's own until an act attaches it.
    pub async fn finish(mut self) -> Result<FileView, Error> {
        let writer = self
            .writer
            .take()
            .ok_or_else(|| Error::defect("an upload ended twice"))?;
        let mut out = Vec::new();
        let sealed = writer.finish(&mut out)?;
        self.file.write_all(&out).map_err(Error::internal)?;
        self.file.sync_all().map_err(Error::internal)?;
        let inner = Arc::clone(&self.app.inner);
        let now = inner.now();
        let kek = KekId::new(UPLOAD, Vec::<String>::new())?;
        let id = FileId::new(now, inner.random()?);
        let id_bytes = name_place(id);
        let place: [&[u8]; 2] = [b"file name", &id_bytes];
        let row = FileRow {
            id,
            record: None,
            object: self.key.object(),
            sealed_name: vault::sealed::seal(
                &self.key,
                &place,
                self.name.as_bytes(),
                &*inner.random,
            )?,
            media_type: self.media_type.clone(),
            size: i64::try_from(self.size).map_err(Error::internal)?,
            sha256: hex::encode(self.hash.clone().finish()),
            created_by: self.caller.account,
            created_at: now,
            kek: kek.canonical(),
            binding: UPLOAD.to_owned(),
            seal: sealed.seal.as_bytes().to_vec(),
            erased_at: None,
        };
        let shown = view(&row, &self.key)?;
        let key = DataKey::generate(self.key.object(), Suite::Aes256Gcm, &*inner.random)?;
        let key = std::mem::replace(&mut self.key, key);
        self.app
            .transact(move |inner, tx| {
                let lying = tx.unattached(row.created_by)?;
                inner.under_way.judge(row.created_by, lying)?;
                let wrapped = inner.wrap(tx, &kek, &key)?;
                tx.keep()
                    .insert_upload(&row, &keys::pack(&kek, &wrapped.to_bytes()))?;
                Ok(())
            })
            .await?;
        self.kept = true;
        Ok(shown)
    }
}

fn name_place(id: FileId) -> Vec<u8> {
    id.as_uuid().as_bytes().to_vec()
}

fn view(row: &FileRow, key: &DataKey) -> Result<FileView, Error> {
    let id = name_place(row.id);
    let place: [&[u8]; 2] = [b"file name", &id];
    let name = vault::sealed::open(key, &place, &row.sealed_name)?;
    Ok(FileView {
        id: row.id,
        name: String::from_utf8_lossy(name.expose()).into_owned(),
        media_type: row.media_type.clone(),
        size: row.size,
        sha256: row.sha256.clone(),
    })
}

fn open_key(inner: &Inner, tx: &mut Tx<'_>, row: &FileRow) -> Result<DataKey, Error> {
    let record = row
        .record
        .unwrap_or_else(|| RecordId::from_uuid(row.id.as_uuid()));
    let (_, key) = keys::open(inner, tx, row.object)?.ok_or(Error::Erased(record))?;
    Ok(key)
}

/// Decides on opening a file and logs it; the content itself is read after the commit.
fn permit_open(
    inner: &Inner,
    tx: &mut Tx<'_>,
    caller: &Caller,
    id: FileId,
    now: Timestamp,
) -> Result<(FileRow, DataKey), Error> {
    // WHY: what is absent, hidden or somebody else's upload costs the same statements
    let sight = visibility::sight(inner, tx, caller, Grant::Open, now)?;
    let row = tx.file(id)?;
    let record = row.as_ref().and_then(|row| row.record);
    let nothing = RecordId::from_uuid(id.as_uuid());
    let about = tx.visible_record(record.unwrap_or(nothing), &sight.visible)?;
    let row = row.ok_or(Error::NotFound)?;
    let Some(record) = record else {
        if row.created_by != caller.account {
            return Err(Error::NotFound);
        }
        let key = open_key(inner, tx, &row)?;
        return Ok((row, key));
    };
    let about = about.ok_or(Error::NotFound)?;
    if row.erased_at.is_some() {
        return Err(Error::Erased(record));
    }
    let key = open_key(inner, tx, &row)?;
    note_opening(inner, tx, caller, &sight.viewer, &about, now)?;
    Ok((row, key))
}

fn note_opening(
    inner: &Inner,
    tx: &mut Tx<'_>,
    caller: &Caller,
    viewer: &access::Viewer,
    record: &RecordRow,
    now: Timestamp,
) -> Result<(), Error> {
    let mut act = Act::new("content.open_content", &record.register, "office");
    act.step_up = caller.stepped_up(now);
    let grounds = people::grounds(tx, viewer, record, now)?;
    let class = record.label.class();
    let granted = access::decide(viewer, &class, &grounds, Grant::Open, &act, &inner.policies)
        .map_err(|denied| Error::denied(&denied))?;
    let recorded = record.label.levels.at_least(Level::Secret);
    let person = viewer.person.filter(|_| recorded);
    let known = person.map(|person| {
        [
            ("how", OPENED.to_owned()),
            ("person", person.to_string()),
            ("at", now.to_string()),
        ]
    });
    let about = log::About {
        register: Some(record.register.clone()),
        record: Some(record.id),
        facts: known.into_iter().flatten().collect(),
        ..log::About::default()
    };
    let entry = log::entry(inner, &granted, "content.opened", &about, now)?;
    let cause = (record.id, entry.id);
    tx.write::<_, Error>(&granted, |door| {
        if let Some(person) = person {
            door.add_knowledge(cause.0, person, OPENED, now, cause)?;
        }
        Ok((entry, ()))
    })
}

/// A stored object as the vault reads it.
struct Stored(File);

impl ReadAt for Stored {
    fn size(&self) -> std::io::Result<u64> {
        Ok(self.0.metadata()?.len())
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> std::io::Result<usize> {
        let mut file = &self.0;
        file.seek(SeekFrom::Start(offset))?;
        file.read(buffer)
    }
}

/// Opens the object of a file: its header, its end and its sealing are proved.
fn open_sealed(inner: &Inner, row: &FileRow, key: &DataKey) -> Result<ObjectReader<Stored>, Error> {
    let kek = KekId::parse(&row.kek)?;
    let label = LabelDigest::of(&row.binding)?;
    let binding = Binding {
        kek: &kek,
        label: &label,
    };
    let file = open_object(&object_path(inner, row.object))?;
    let reader = ObjectReader::open(Stored(file), key, &binding)?;
    let seal: [u8; 32] = row
        .seal
        .as_slice()
        .try_into()
        .map_err(|_| Error::defect("a stored seal is damaged"))?;
    reader.require_seal(&SealId::from_bytes(seal))?;
    Ok(reader)
}

/// Proves that a file could be opened now, without reading its content.
pub(crate) fn prove(inner: &Inner, tx: &mut Tx<'_>, row: &FileRow) -> Result<(), Error> {
    let key = open_key(inner, tx, row)?;
    view(row, &key)?;
    open_sealed(inner, row, &key).map(drop)
}

fn read_part(
    inner: &Inner,
    row: &FileRow,
    key: &DataKey,
    range: Option<(u64, Option<u64>)>,
) -> Result<FileContent, Error> {
    let reader = open_sealed(inner, row, key)?;
    let size = reader.info().plaintext_bytes;
    let (start, end) = range.unwrap_or((0, None));
    if start > size || end.is_some_and(|end| end < start) {
        return Err(Error::malformed(
            "file.range",
            "请求的范围超出文件",
            "the range lies outside the file",
        ));
    }
    let wanted = end.map_or(size, |end| (end + 1).min(size)) - start;
    let bytes = reader.read_range(start, wanted.min(limits::RANGE_BYTES))?;
    Ok(FileContent {
        file: view(row, key)?,
        start,
        bytes: bytes.expose().to_vec(),
    })
}

fn open_object(path: &Path) -> Result<File, Error> {
    File::open(path).map_err(|error| {
        if error.kind() == ErrorKind::NotFound {
            Error::damaged_object("vault.missing", error)
        } else {
            Error::Unavailable(Box::new(error))
        }
    })
}

/// Gives the uploads that a record's file fields name to the record, under its label's key.
pub(crate) fn attach(
    inner: &Inner,
    door: &mut store::Write<'_, '_>,
    row: &RecordRow,
    named: &[FileId],
    account: Option<AccountId>,
) -> Result<(), Error> {
    let kek = Inner::kek_id(&row.label)?;
    for id in named {
        let file = door.tx.file(*id)?.ok_or_else(unknown_file)?;
        match file.record {
            Some(record) if record == row.id => {}
            None if account == Some(file.created_by) => {}
            Some(_) | None => return Err(unknown_file()),
        }
        let key = open_key(inner, door.tx, &file)?;
        let wrapped = inner.wrap(door.tx, &kek, &key)?;
        let packed = keys::pack(&kek, &wrapped.to_bytes());
        if !door.attach_file(*id, file.object, row.id, &packed)? {
            return Err(unknown_file());
        }
    }
    Ok(())
}

fn unknown_file() -> Error {
    Error::Fields(vec![crate::error::FieldProblem {
        field: "contents".to_owned(),
        code: "register.file_unknown".to_owned(),
        say: text("没有找到所上传的文件", "the uploaded file was not found"),
    }])
}
