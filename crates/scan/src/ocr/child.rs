//! A program that is given bytes and says text, within limits of time, memory and how much it says.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::Duration;

use inspect::{Cause, Stop};

/// A page has some thousand letters.
const TEXT_MOST: u64 = 1 << 20;
/// Bytes of memory for one picture. WHY its own: it would otherwise have that of the worker, which is meant for another
/// program. A page of A4 at 600 dots to the inch takes 230 MB of it.
#[cfg(target_os = "linux")]
const MEMORY: u64 = 512 << 20;
/// Seconds of a processor for one picture, where its worker was ended and nobody is there to end it; the largest pages take 10.
#[cfg(target_os = "linux")]
const SECONDS: u64 = 120;
/// How often the clock is asked.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Ends with whoever holds it.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// What a program said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) text: String,
    /// What it complained of. It may quote the file, and is told to nobody.
    pub(super) complaints: String,
}

/// Runs a program on bytes; what it says, up to a limit.
///
/// # Errors
/// There was no time, no memory, or it could do nothing with them.
pub(super) fn run(
    program: &Path,
    arguments: &[OsString],
    input: &[u8],
    stop: Option<&dyn Stop>,
) -> Result<Said, Cause> {
    let child = Command::new(program)
        .args(arguments)
        // more threads take more of the machine and no less time
        .env("OMP_THREAD_LIMIT", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|_| Cause::ImageWithoutOcr)?;
    let mut child = Running(child);
    confine(&child.0);
    let to = child.0.stdin.take();
    let (from, complaints) = (child.0.stdout.take(), child.0.stderr.take());
    thread::scope(|scope| {
        scope.spawn(move || {
            // one that ends early takes no more, which its end says
            drop(to.map(|mut to| to.write_all(input)));
        });
        let complained = scope.spawn(move || all(complaints));
        let said = scope.spawn(move || all(from));
        let ended = wait(&mut child.0, stop);
        if ended.is_err() {
            // the threads end with it
            drop(child);
        }
        let said = said.join().unwrap_or_default();
        let status = ended?;
        let complained = complained.join().unwrap_or_default();
        if status.success() || said.len() as u64 == TEXT_MOST {
            return Ok(Said {
                text: String::from_utf8_lossy(&said).into_owned(),
                complaints: String::from_utf8_lossy(&complained).into_owned(),
            });
        }
        Err(cause_of(status))
    })
}

/// All that comes, up to a limit.
fn all(from: Option<impl Read>) -> Vec<u8> {
    let mut said = Vec::new();
    if let Some(from) = from {
        drop(from.take(TEXT_MOST).read_to_end(&mut said));
    }
    said
}

/// Waits for its end, or for that of the time.
fn wait(child: &mut Child, stop: Option<&dyn Stop>) -> Result<ExitStatus, Cause> {
    // nothing is ever sent: it is waited on, for the time between two looks
    let (_open, pause) = sync_channel::<()>(0);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) => {}
            Err(_) => return Err(Cause::ImageWithoutOcr),
        }
        if stop.is_some_and(Stop::now) {
            return Err(Cause::Time);
        }
        let _nothing = pause.recv_timeout(LOOK_EVERY);
    }
}

/// Why it ended without success: no memory ends it by an abort, too much time by a signal of its own; what it cannot read,
/// it says by its status.
#[cfg(unix)]
fn cause_of(status: ExitStatus) -> Cause {
    use std::os::unix::process::ExitStatusExt;
    match status.signal() {
        Some(6 | 9) => Cause::Memory,
        Some(24) => Cause::Time,
        _ => Cause::ImageWithoutOcr,
    }
}

#[cfg(not(unix))]
fn cause_of(_status: ExitStatus) -> Cause {
    Cause::ImageWithoutOcr
}

/// Sets its limits before it is given anything.
#[cfg(target_os = "linux")]
fn confine(child: &Child) {
    use rustix::process::{Pid, Resource, Rlimit, prlimit};
    let id = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    for (resource, most) in [(Resource::Data, MEMORY), (Resource::Cpu, SECONDS)] {
        let limit = Rlimit {
            current: Some(most),
            maximum: Some(most),
        };
        // where it has to stay below another limit, that one holds
        let _set = prlimit(id, resource, limit);
    }
}

#[cfg(not(target_os = "linux"))]
fn confine(_child: &Child) {}

#[cfg(all(test, unix))]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Instant;

    use super::*;

    /// The time is over at the third look.
    #[derive(Default)]
    struct Third(AtomicUsize);

    impl Stop for Third {
        fn now(&self) -> bool {
            self.0.fetch_add(1, Ordering::Relaxed) >= 2
        }
    }

    fn shell(script: &str, input: &[u8], stop: Option<&dyn Stop>) -> Result<String, Cause> {
        run(
            Path::new("/bin/sh"),
            &["-c".into(), script.into()],
            input,
            stop,
        )
        .map(|said| said.text)
    }

    #[test]
    fn what_goes_in_comes_out() {
        let long = "机密".repeat(50_000);
        assert_eq!(shell("cat", long.as_bytes(), None), Ok(long));
        assert_eq!(
            shell("echo said", &[0; 1 << 20], None),
            Ok("said\n".to_owned())
        );
    }

    #[test]
    fn one_that_hangs_is_ended_with_the_time() {
        let begun = Instant::now();
        assert_eq!(
            shell("exec sleep 60", b"x", Some(&Third::default())),
            Err(Cause::Time)
        );
        assert!(begun.elapsed() < Duration::from_secs(30));
    }

    #[test]
    fn one_that_never_stops_talking_is_heard_so_far() {
        let said = shell("exec yes", b"", None).map(|said| said.len() as u64);
        assert_eq!(said, Ok(TEXT_MOST));
    }

    #[test]
    fn one_that_fails_says_why() {
        assert_eq!(shell("exit 1", b"x", None), Err(Cause::ImageWithoutOcr));
        assert_eq!(shell("kill -ABRT $$", b"x", None), Err(Cause::Memory));
        let gone = run(Path::new("/there/is/none"), &[], b"", None);
        assert_eq!(gone, Err(Cause::ImageWithoutOcr));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn it_has_limits_of_its_own() {
        // the limits are set while it begins: it looks once it is given something
        let said = shell("read -r line; ulimit -d; ulimit -t", b"go\n", None);
        assert_eq!(said, Ok(format!("{}\n{SECONDS}\n", MEMORY >> 10)));
    }
}
