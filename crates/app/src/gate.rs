//! How much heavy work is done at once: hashing a password takes 19 MiB and a core for tens of milliseconds,
//! setting pages a core for longer. A flood queues up here, and beyond the queue it is turned away.

use crate::error::Error;
use tokio::sync::{Semaphore, SemaphorePermit};

/// Turns and seats: whoever has a seat waits for a turn.
#[derive(Debug)]
pub(crate) struct Gate {
    turns: Semaphore,
    seats: Semaphore,
    busy: fn() -> Error,
}

/// A turn; given back when dropped.
#[derive(Debug)]
pub(crate) struct Turn<'g> {
    _turn: SemaphorePermit<'g>,
    _seat: SemaphorePermit<'g>,
}

impl Gate {
    /// So many turns at once, so many more waiting, and what is said to those beyond.
    pub(crate) const fn new(turns: usize, waiting: usize, busy: fn() -> Error) -> Self {
        Self {
            turns: Semaphore::const_new(turns),
            seats: Semaphore::const_new(turns + waiting),
            busy,
        }
    }

    /// Waits for a turn; refuses where too many wait already.
    pub(crate) async fn enter(&self) -> Result<Turn<'_>, Error> {
        let seat = self.seats.try_acquire().map_err(|_| (self.busy)())?;
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
        let gate = Gate::new(2, 1, || Error::NotFound);
        let (one, two) = (gate.enter().await.unwrap(), gate.enter().await.unwrap());
        let mut third = Box::pin(gate.enter());
        let waits = tokio::time::timeout(std::time::Duration::ZERO, &mut third).await;
        assert!(waits.is_err(), "there are two turns");
        let fourth = gate.enter().await.unwrap_err();
        assert!(matches!(fourth, Error::NotFound), "{fourth}");
        drop(one);
        let third = third.await.unwrap();
        drop((two, third));
        assert!(gate.enter().await.is_ok(), "every turn was given back");
    }
}
