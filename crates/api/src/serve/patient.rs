//! A connection whose other side has to take what it asked for: who never reads holds a place, a file
//! and what the answer keeps in memory.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

/// How long the other side may take, and over how little.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    pub(super) patience: Duration,
    /// What has to be taken within that time, where more waits.
    pub(super) least_bytes: usize,
}

/// A stream that ends with an error once what is written is not taken at that pace.
pub(super) struct Patient<S> {
    stream: S,
    pace: Pace,
    /// Set while something waits to be taken.
    until: Option<Pin<Box<Sleep>>>,
    taken: usize,
}

impl<S> Patient<S> {
    pub(super) fn new(stream: S, pace: Pace) -> Self {
        Self {
            stream,
            pace,
            until: None,
            taken: 0,
        }
    }

    /// Nothing waits any more.
    fn rest(&mut self) {
        self.until = None;
    }

    /// The other side took something.
    fn took(&mut self, bytes: usize) {
        self.taken += bytes;
        if self.taken >= self.pace.least_bytes
            && let Some(until) = &mut self.until
        {
            until.as_mut().reset(Instant::now() + self.pace.patience);
            self.taken = 0;
        }
    }

    /// Something waits: for so long and no longer.
    fn wait<T>(&mut self, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        if self.until.is_none() {
            self.taken = 0;
        }
        let patience = self.pace.patience;
        let until = self
            .until
            .get_or_insert_with(|| Box::pin(sleep_until(Instant::now() + patience)));
        ready!(until.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    fn written(
        &mut self,
        context: &mut Context<'_>,
        polled: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        match polled {
            Poll::Pending => self.wait(context),
            Poll::Ready(written) => {
                self.took(*written.as_ref().unwrap_or(&0));
                Poll::Ready(written)
            }
        }
    }

    fn emptied(
        &mut self,
        context: &mut Context<'_>,
        polled: Poll<io::Result<()>>,
    ) -> Poll<io::Result<()>> {
        match polled {
            Poll::Pending => self.wait(context),
            Poll::Ready(emptied) => {
                self.rest();
                Poll::Ready(emptied)
            }
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.written(context, polled)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.written(context, polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.stream).poll_flush(context);
        self.emptied(context, polled)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let polled = Pin::new(&mut self.stream).poll_shutdown(context);
        self.emptied(context, polled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    const PACE: Pace = Pace {
        patience: Duration::from_millis(400),
        least_bytes: 8,
    };

    async fn write(
        bytes: usize,
        read: impl AsyncFnOnce(tokio::io::DuplexStream),
    ) -> io::Result<()> {
        let (other, ours) = duplex(16);
        let mut ours = Patient::new(ours, PACE);
        // the stream goes with the end of writing, so that the reader ends too
        let write = async move {
            ours.write_all(&vec![0; bytes]).await?;
            ours.flush().await
        };
        let (written, ()) = tokio::join!(write, read(other));
        written
    }

    /// Reads so much after each pause, in all so often.
    async fn sip(mut other: tokio::io::DuplexStream, bytes: usize, pause: Duration, times: usize) {
        let mut sip = vec![0; bytes];
        for _ in 0..times {
            tokio::time::sleep(pause).await;
            if other.read_exact(&mut sip).await.is_err() {
                return;
            }
        }
    }

    #[tokio::test]
    async fn gap_5_who_reads_at_no_fair_pace_is_not_waited_for() {
        let timed_out =
            |written: io::Result<()>| written.unwrap_err().kind() == io::ErrorKind::TimedOut;
        let forever = async |other| {
            let _other = other;
            tokio::time::sleep(PACE.patience * 3).await;
        };
        assert!(timed_out(write(17, forever).await), "it never reads");
        assert!(
            timed_out(
                write(160, async |other| sip(other, 1, PACE.patience / 4, 160)
                    .await)
                .await
            ),
            "it drips"
        );
        write(16, forever).await.expect("all of it was taken");
        write(160, async |other| {
            sip(other, 8, PACE.patience / 10, 20).await
        })
        .await
        .expect("slow, and at a fair pace");
    }
}
