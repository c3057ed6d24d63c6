//! The program from outside: separate processes, real HTTP, both databases.
#![cfg(test)]

mod demo;
mod docs;
mod http;
mod server;
