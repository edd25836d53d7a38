//! Which lab a test has. `LAB_NAMES` lists those that run, and as many tests run beside each other.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

static FREE: Mutex<Option<Vec<String>>> = Mutex::new(None);
static ONE_MORE: Condvar = Condvar::new();

/// A lab that no other test has, until this is dropped.
pub struct Turn {
    pub name: String,
}

impl Turn {
    pub fn wait() -> Self {
        let mut free = free();
        loop {
            if let Some(name) = free.get_or_insert_with(all).pop() {
                return Self { name };
            }
            free = ONE_MORE.wait(free).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        free().get_or_insert_with(all).push(std::mem::take(&mut self.name));
        ONE_MORE.notify_one();
    }
}

fn free() -> MutexGuard<'static, Option<Vec<String>>> {
    FREE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn all() -> Vec<String> {
    let names = std::env::var("LAB_NAMES").or_else(|_| std::env::var("LAB_NAME")).unwrap_or_else(|_| "lab".to_owned());
    names.split_whitespace().map(str::to_owned).collect()
}
