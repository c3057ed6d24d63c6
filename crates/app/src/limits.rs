//! Upper bounds of the use cases.

use std::time::Duration;

/// Shortest password.
pub(crate) const PASSWORD_MIN_CHARS: usize = 10;
/// Longest password; longer ones are refused before hashing.
pub(crate) const PASSWORD_MAX_BYTES: usize = 256;
/// Failed logins before an account locks.
pub(crate) const FAILURES: i64 = 5;
/// How long a locked account stays locked.
pub(crate) const LOCK: Duration = Duration::from_secs(15 * 60);
/// Passwords hashed at once: each takes 19 MiB and a core.
pub(crate) const HASHES: usize = 2;
/// Passwords that wait to be hashed; more are turned away.
pub(crate) const HASHES_WAITING: usize = 126;
/// How long a session lives.
pub(crate) const SESSION: Duration = Duration::from_secs(8 * 3600);
/// How long a session lives that nobody uses.
pub(crate) const IDLE: Duration = Duration::from_secs(30 * 60);
/// Records that refer to another, read at once. Few in tests, so that they turn pages.
pub(crate) const BACKLINKS: i64 = if cfg!(test) { 2 } else { 500 };
/// How exactly the last use of a session or token is kept.
pub(crate) const TOUCH: Duration = Duration::from_secs(60);
/// Contents inspected at once; each has a reader, which takes a core.
pub(crate) const INSPECTIONS: usize = 2;
/// Contents that wait to be inspected; more are turned away.
pub(crate) const INSPECTIONS_WAITING: usize = 6;
/// Contents that are on their way in or wait, each up to 64 MiB of memory.
pub(crate) const INSPECTIONS_COMING: usize = 8;
/// Characters of a content's text that are shown.
pub(crate) const INSPECTION_CHARS: usize = 1_000_000;
/// Sessions an account may have at once; the oldest ends.
pub(crate) const SESSIONS: i64 = 100;
/// Recovery codes that come with a second factor.
pub(crate) const RECOVERY_CODES: usize = 8;
/// How long a program's token may live.
pub(crate) const TOKEN: Duration = Duration::from_secs(366 * 24 * 3600);
/// Longest name of a token.
pub(crate) const TOKEN_NAME_CHARS: usize = 100;
/// How much of a token is shown, so that people know it again.
pub(crate) const TOKEN_PREFIX: usize = 6;
/// How long a change of an account waits for its second administrator.
pub(crate) const ACCOUNT_CHANGE: Duration = Duration::from_secs(7 * 24 * 3600);
/// How long a second factor counts as fresh.
pub(crate) const STEP_UP: Duration = Duration::from_secs(5 * 60);
/// How long an answer is kept for a repeated request.
pub(crate) const IDEMPOTENCY: Duration = Duration::from_secs(24 * 3600);
/// Longest idempotency key.
pub(crate) const IDEMPOTENCY_KEY_BYTES: usize = 200;
/// Signatures on one action.
pub(crate) const SIGNATURES: usize = 20;
/// Longest place of a signature on paper: book, page, line.
pub(crate) const PAPER_PLACE_CHARS: usize = 200;
/// Longest comment or reason.
pub(crate) const COMMENT_CHARS: usize = 2000;
/// Copies one action may make.
pub(crate) const COPIES: i64 = 500;
/// Largest file.
pub(crate) const FILE_BYTES: u64 = 256 * 1024 * 1024;
/// Largest part of a file answered at once.
pub(crate) const RANGE_BYTES: u64 = 8 * 1024 * 1024;
/// How far the clock may lie behind the newest entry of the log, in milliseconds.
pub(crate) const CLOCK_BEHIND_MS: i64 = 60_000;
/// Entries the sequencer places at once.
pub(crate) const SEQUENCE: i64 = 2000;
/// Clocks one round looks at.
pub(crate) const CLOCKS: i64 = 200;
/// Records shown of a count that is capped.
pub(crate) const COUNT_CAP: i64 = 10_000;
/// What is on one page of the inbox or of notices unless asked otherwise.
pub(crate) const PAGE: i64 = 50;
/// The longest kind of a notice, in bytes, as a place in their order names it.
pub(crate) const NOTICE_KIND_BYTES: usize = 64;
/// Approvals looked at in one page when it is asked who can decide them.
pub(crate) const APPROVALS: i64 = 100;
/// Lines of one kind that a record has.
pub(crate) const LINES: usize = 5000;
/// Lines of one kind shown with their record; the others page by page.
pub(crate) const LINES_SHOWN: i64 = 200;
/// Characters of what is scanned or typed in its place.
pub(crate) const SCAN_CHARS: usize = 200;
/// Records a query of lines looks through. Few in tests, so that they come to the end.
pub(crate) const FILL: usize = if cfg!(test) { 6 } else { 20_000 };
/// Records looked at at once when lines are filled from a query.
pub(crate) const FILL_PAGE: i64 = if cfg!(test) { 2 } else { 200 };
/// Records whose names are asked for at once.
pub(crate) const NAMES: usize = 200;
/// How far a link is followed when facts are collected.
pub(crate) const LINK_DEPTH: u8 = 2;
/// Uploads of one account that no act has attached.
pub(crate) const UPLOADS_OWN: u64 = 1000;
/// What they may hold together, in bytes.
pub(crate) const UPLOADS_OWN_BYTES: u64 = 4 * 1024 * 1024 * 1024;
/// What the unattached uploads of everybody may hold together, in bytes.
pub(crate) const UPLOADS_ALL_BYTES: u64 = 32 * 1024 * 1024 * 1024;
/// How long an upload may lie before an act attaches it.
pub(crate) const UPLOAD_LEFT: Duration = Duration::from_secs(24 * 3600);
/// Streams of events of one account: one for each page that somebody looks at.
pub(crate) const EVENTS_OWN: usize = 8;
/// Streams of events of everybody; each holds a connection.
pub(crate) const EVENTS_ALL: usize = if cfg!(test) { 20 } else { 512 };
/// Events that wait for one stream to take them; a page that is behind asks anew anyway.
pub(crate) const EVENTS_WAITING: usize = 16;
/// How far back notices are looked for: writers of a shared database commit late.
pub(crate) const EVENTS_BACK: Duration = Duration::from_secs(60);
/// Tiles of one board.
pub(crate) const TILES: usize = 60;
/// Records that one tile counts at most.
pub(crate) const TILE_RECORDS: i64 = 200_000;
/// Groups of one tile that are records: units, places.
pub(crate) const TILE_GROUPS: usize = 20;
/// What an account keeps of one thing for itself, in bytes.
pub(crate) const KEPT_BYTES: usize = 64 * 1024;
/// Things of one kind that an account keeps.
pub(crate) const KEPT: i64 = 200;
/// The longest key of what is kept, in bytes.
pub(crate) const KEPT_KEY_BYTES: usize = 200;
/// The longest name of a view that is kept.
pub(crate) const KEPT_NAME_CHARS: usize = 100;
/// How long a draft is kept that nobody goes on with.
pub(crate) const DRAFT_LEFT: Duration = Duration::from_secs(30 * 24 * 3600);
/// Viewers whose decisions on all label classes are kept.
pub(crate) const SIGHTS: usize = 256;

/// Files that were taken in and not dropped yet, of one account.
pub(crate) const IMPORTS: i64 = 20;
/// Rows of such a file.
pub(crate) const IMPORT_ROWS: usize = if cfg!(test) { 2000 } else { 100_000 };
/// Its columns.
pub(crate) const IMPORT_COLUMNS: usize = 200;
/// Bytes of text in one of its rows.
pub(crate) const IMPORT_ROW_BYTES: usize = 256 * 1024;
/// Rows of titles that may stand above its heads.
pub(crate) const IMPORT_TITLES: usize = 10;
/// Rows kept in one transaction when it is read.
pub(crate) const IMPORT_PIECE: usize = 500;
/// Rows of a batch under way at once.
pub(crate) const BATCH_TOGETHER: i64 = 64;
/// The same on a server, where each takes a connection.
pub(crate) const BATCH_CONNECTIONS: i64 = 4;
/// What the rows of a file hold together, in bytes.
pub(crate) const IMPORT_KEPT: usize = 32 * 1024 * 1024;
/// Files on their way in at once.
pub(crate) const IMPORTS_COMING: usize = 4;
/// How often a file is gone through for rows that name others.
pub(crate) const IMPORT_PASSES: u32 = 20;
/// What is told of one row that failed.
pub(crate) const BATCH_PROBLEMS: usize = 20;
/// Rows of a file that go on with one record.
pub(crate) const IMPORT_GOES_ON: usize = 2000;
/// Rows behind a row that are looked at at once, whether they go on with it.
pub(crate) const IMPORT_PARTS_PAGE: i64 = 50;
/// Names in one cell.
pub(crate) const IMPORT_NAMES: usize = 200;
/// Warnings passed by one request.
pub(crate) const WARNINGS: usize = 50;
/// The longest id of a rule.
pub(crate) const RULE_BYTES: usize = 64;
/// Bulk acts of one account that are kept; the oldest goes.
pub(crate) const BULKS: i64 = 200;
/// Records acted on while the caller waits.
pub(crate) const BULK_AT_ONCE: usize = 500;
/// Records acted on in one transaction.
pub(crate) const BULK_ATOMIC: usize = 5000;
/// Records of one bulk act.
pub(crate) const BULK_ROWS: usize = 100_000;
/// The part of a workbook that holds its styles, in bytes.
pub(crate) const IMPORT_STYLES: usize = 4 * 1024 * 1024;
/// Formats it names.
pub(crate) const IMPORT_FORMATS: usize = 20_000;
/// Texts of a workbook.
pub(crate) const IMPORT_TEXTS: u64 = 2_000_000;
/// The longest of their texts.
pub(crate) const IMPORT_STYLE_CHARS: usize = 2048;
/// How long a file is kept that was never read to its end.
pub(crate) const IMPORT_UNREAD: Duration = Duration::from_secs(3600);
/// Parts of a workbook.
pub(crate) const IMPORT_PARTS: usize = 1000;
/// What a workbook may unpack to, in bytes.
pub(crate) const IMPORT_UNPACKED: u64 = if cfg!(test) { 8 } else { 256 } * 1024 * 1024;
/// How long a batch is kept, a file that was taken in among them.
pub(crate) const BATCH_LEFT: Duration = Duration::from_secs(7 * 24 * 3600);
/// How long a job is a server's own without a sign of life.
pub(crate) const JOB_LEASE: Duration = Duration::from_secs(60);
/// How long a job waits that could not be worked on.
pub(crate) const JOB_AGAIN: Duration = Duration::from_secs(10);
/// Rounds of a job before another has its turn.
pub(crate) const JOB_ROUNDS: usize = 50;

/// Records that cannot be carried over and are told of one by one.
pub(crate) const CARRY_TOLD: usize = 100;
/// Differences between two definitions that are told.
pub(crate) const CARRY_CHANGES: usize = 1000;

/// Bytes of text in a file that is taken out.
pub(crate) const EXPORT_BYTES: usize = if cfg!(test) {
    128 * 1024
} else {
    64 * 1024 * 1024
};
/// Records in a file that is taken out.
pub(crate) const EXPORT_ROWS: usize = 100_000;
/// Records on pages that are printed at once.
pub(crate) const PRINT_ROWS: usize = if cfg!(test) { 8 } else { 2000 };
/// Records that are named to be taken out; `export.ids` tells the number.
pub(crate) const EXPORT_IDS: usize = 500;
/// Pages of a preview: those after them are only counted.
pub(crate) const PREVIEW_PAGES: usize = 20;
/// Pages set at once: each takes a core.
pub(crate) const PRINTS: usize = 2;
/// What waits to be set; more is turned away.
pub(crate) const PRINTS_WAITING: usize = 30;
/// Records that one field of a form links to and are told of on it.
pub(crate) const PRINT_LINKS: usize = 200;
/// Signatures on a form, the newest.
pub(crate) const PRINT_SIGNATURES: usize = 200;
/// Type that a site has put beside its data, in bytes.
pub(crate) const FONT_BYTES: u64 = 128 * 1024 * 1024;

/// Records in a file of this form.
pub(crate) const fn export_rows(format: crate::ExportFormat) -> usize {
    match format {
        crate::ExportFormat::Pdf => PRINT_ROWS,
        crate::ExportFormat::Csv | crate::ExportFormat::Json | crate::ExportFormat::Xlsx => {
            EXPORT_ROWS
        }
    }
}
/// Regimes that can be attached to units and projects, beside those of the installation: every set of them is
/// put together at the start.
pub(crate) const REGIMES: usize = 8;
/// Units and projects that regimes are attached to.
pub(crate) const ATTACHMENTS: i64 = 10_000;
/// Files of one kind that a house adds to the packs.
pub(crate) const PACK_FILES: usize = if cfg!(test) { 20 } else { 1000 };
/// How deep their folders lie in each other.
pub(crate) const PACK_DEPTH: usize = 8;
/// The largest of them, in bytes: what both loaders take.
pub(crate) const PACK_FILE_BYTES: usize = 256 * 1024;
/// Files of one check or what-if.
pub(crate) const CHECKED_FILES: usize = 50;
/// Bytes of the name of such a file.
pub(crate) const CHECKED_NAME_BYTES: usize = 200;
/// Lines of a difference between two texts.
pub(crate) const DIFF_LINES: usize = 4000;
/// Accounts that a what-if asks for.
pub(crate) const WHAT_IF_ACCOUNTS: usize = 2000;
/// Versions of a definition that are told of.
pub(crate) const DEFINITION_VERSIONS: i64 = 100;
/// Checks and what-ifs at once: each takes a core.
pub(crate) const TRIALS: usize = 1;
/// What waits for that; more is turned away.
pub(crate) const TRIALS_WAITING: usize = 10;

/// Entries of the log that one question looks at.
pub(crate) const LOG_LOOKED_AT: usize = if cfg!(test) { 50 } else { 20_000 };
