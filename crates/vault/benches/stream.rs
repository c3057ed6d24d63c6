//! Measures sealing and opening a 64 MiB object in memory, and prints one line each in
//! MB/s (10^6 bytes, the unit of `openssl speed -evp aes-256-gcm`, its peer). The best of
//! several rounds counts, as everything slower is somebody else's load.
#![expect(
    clippy::print_stdout,
    reason = "printing the measurement is what a bench is for"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use domain::ObjectId;
use uuid::Uuid;
use vault::{
    Binding, DataKey, Error, KekId, LabelDigest, ObjectReader, ObjectWriter, PlainLength, Suite,
    SystemRandom,
};

const MIB: usize = 1 << 20;
const OBJECT_BYTES: usize = 64 * MIB;
const ROUNDS: usize = 8;

fn main() -> Result<(), Error> {
    if std::env::args().any(|argument| argument == "--list" || argument == "--test") {
        return Ok(());
    }
    let object = ObjectId::from_uuid(Uuid::from_bytes([7; 16]));
    let key = DataKey::generate(object, Suite::Aes256Gcm, &SystemRandom)?;
    let kek = KekId::new("state.secret", ["bench"])?;
    let label = LabelDigest::of("bench")?;
    let binding = Binding {
        kek: &kek,
        label: &label,
    };
    let content = vec![0x5a; OBJECT_BYTES];
    let mut stored = Vec::with_capacity(OBJECT_BYTES + MIB);

    report(
        "seal",
        best(|| seal(&key, &binding, &content, &mut stored))?,
    );
    report("open", best(|| open(&key, &binding, &stored))?);
    Ok(())
}

fn seal(
    key: &DataKey,
    binding: &Binding<'_>,
    content: &[u8],
    stored: &mut Vec<u8>,
) -> Result<(), Error> {
    stored.clear();
    let length = PlainLength::Known(u64::try_from(content.len()).unwrap_or_default());
    let mut writer = ObjectWriter::new(key, binding, length, &SystemRandom, stored)?;
    for block in content.chunks(MIB) {
        writer.push(block, stored)?;
    }
    black_box(writer.finish(stored)?);
    Ok(())
}

fn open(key: &DataKey, binding: &Binding<'_>, stored: &[u8]) -> Result<(), Error> {
    let reader = ObjectReader::open(&stored, key, binding)?;
    let mut buffer = vec![0; MIB];
    let mut offset = 0;
    loop {
        let bytes = reader.read_at(offset, &mut buffer)?;
        if bytes == 0 {
            return Ok(());
        }
        black_box(&buffer);
        offset += u64::try_from(bytes).unwrap_or_default();
    }
}

fn best(mut work: impl FnMut() -> Result<(), Error>) -> Result<Duration, Error> {
    let mut best = Duration::MAX;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        work()?;
        best = best.min(start.elapsed());
    }
    Ok(best)
}

fn report(what: &str, took: Duration) {
    let megabytes = f64::from(u32::try_from(OBJECT_BYTES).unwrap_or_default()) / 1e6;
    println!(
        "vault {what} aes-256-gcm 64 MiB: {:.0} MB/s",
        megabytes / took.as_secs_f64()
    );
}
