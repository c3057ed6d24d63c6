//! How many passwords are hashed at once. Each hash takes 19 MiB and a core for tens of
//! milliseconds: a flood of logins queues up here, and beyond the queue it is turned away.

use crate::error::{Error, text};
use tokio::sync::{Semaphore, SemaphorePermit};

/// Turns and seats: whoever has a seat waits for a turn.
#[derive(Debug)]
pub(super) struct Gate {
    turns: Semaphore,
    seats: Semaphore,
}

/// A turn; given back when dropped.
#[derive(Debug)]
pub(super) struct Turn<'g> {
    _turn: SemaphorePermit<'g>,
    _seat: SemaphorePermit<'g>,
}

impl Gate {
    /// So many turns at once, so many more waiting.
    pub(super) const fn new(turns: usize, waiting: usize) -> Self {
        Self {
            turns: Semaphore::const_new(turns),
            seats: Semaphore::const_new(turns + waiting),
        }
    }

    /// Waits for a turn; refuses where too many wait already.
    pub(super) async fn enter(&self) -> Result<Turn<'_>, Error> {
        let seat = self.seats.try_acquire().map_err(|_| Error::Limited {
            code: "session.busy",
            say: text(
                "同时登录的人过多，请稍后重试",
                "too many people log in at once, try again in a moment",
            ),
        })?;
        let turn = self.turns.acquire().await.map_err(Error::internal)?;
        Ok(Turn {
            _turn: turn,
            _seat: seat,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_flood_waits_for_few_turns_and_then_is_turned_away() {
        let gate = Gate::new(2, 1);
        let (one, two) = (gate.enter().await.unwrap(), gate.enter().await.unwrap());
        let mut third = Box::pin(gate.enter());
        let waits = tokio::time::timeout(std::time::Duration::ZERO, &mut third).await;
        assert!(waits.is_err(), "there are two turns");
        let fourth = gate.enter().await.unwrap_err();
        assert!(
            matches!(
                fourth,
                Error::Limited {
                    code: "session.busy",
                    ..
                }
            ),
            "{fourth}"
        );
        drop(one);
        let third = third.await.unwrap();
        drop((two, third));
        assert!(gate.enter().await.is_ok(), "every turn was given back");
    }
}
