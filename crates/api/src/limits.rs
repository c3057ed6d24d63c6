//! Upper bounds at the socket and of what is read from it; bounds of bodies are in `wire::limits`.

use std::time::Duration;

/// Connections open at once; more wait in the kernel's queue.
pub(crate) const CONNECTIONS: usize = 1024;
/// How long a client may take over the head of a request, and may stay silent between two.
pub(crate) const HEAD: Duration = Duration::from_secs(15);
/// How long a client that asked for something may take over the next [`TAKE_BYTES`] of it.
pub(crate) const TAKE: Duration = Duration::from_secs(30);
/// What it has to take within that time, while there is more.
pub(crate) const TAKE_BYTES: usize = 16 * 1024;
/// How long a client may take over a TLS handshake.
pub(crate) const HANDSHAKE: Duration = Duration::from_secs(10);
/// How often a stream of events gives a sign of life.
pub(crate) const HEARTBEAT: Duration = Duration::from_secs(15);
/// Most headers of a request.
pub(crate) const HEADERS: usize = 64;
/// Longest head of a request, in bytes.
pub(crate) const HEAD_BYTES: usize = 32 * 1024;
/// How long a client may take over a JSON body.
pub(crate) const JSON_BODY: Duration = Duration::from_secs(30);
/// How long a client may take over a file that is taken in.
pub(crate) const IMPORT_BODY: Duration = Duration::from_secs(120);
/// How long a client may take over a content that is inspected.
pub(crate) const INSPECTION_BODY: Duration = Duration::from_secs(120);
/// How long an upload may stand still.
pub(crate) const UPLOAD_PAUSE: Duration = Duration::from_secs(30);
/// How long a whole upload may take: well below the day after which what nobody attached is swept.
pub(crate) const UPLOAD_WHOLE: Duration = Duration::from_secs(6 * 3600);
/// How long an upload in parts is kept while no part comes.
pub(crate) const PARTIAL_IDLE: Duration = Duration::from_secs(3600);
/// The most uploads in parts of one account, and of everybody, at once.
pub(crate) const PARTIAL_OWN: usize = 20;
pub(crate) const PARTIAL_ALL: usize = 400;
/// How much of a body that nobody wants is read and thrown away, so that the refusal is not lost
/// with the connection.
pub(crate) const DISCARD_BYTES: u64 = 512 * 1024 * 1024;
/// How long that may take.
pub(crate) const DISCARD: Duration = Duration::from_secs(30);
/// How long such a body may stand still.
pub(crate) const DISCARD_PAUSE: Duration = Duration::from_secs(1);
/// How long connections may take to end when the server stops.
pub(crate) const FAREWELL: Duration = Duration::from_secs(10);
/// Longest name of an uploaded file, in bytes.
pub(crate) const FILE_NAME_BYTES: usize = 1024;
/// How much of a form may come before its file begins: more would be kept in memory.
pub(crate) const FORM_HEAD_BYTES: usize = 1024 * 1024;
/// Room for the parts of a multipart body that are not the file.
pub(crate) const FORM_BYTES: u64 = 64 * 1024;
/// Longest text of a parser that is repeated in a problem.
pub(crate) const ECHO_CHARS: usize = 300;
