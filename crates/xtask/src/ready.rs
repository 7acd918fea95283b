//! Whether a service answers `/readyz` with 200, asked with a plain socket.

#[cfg(test)]
mod tests;

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

/// Per step of one question; the caller asks again.
const PATIENCE: Duration = Duration::from_millis(500);

pub fn ready(port: u16) -> bool {
    ask(port).is_ok_and(|status_line| says_ok(&status_line))
}

fn ask(port: u16) -> std::io::Result<Vec<u8>> {
    let mut stream = connect(port)?;
    stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut status_line = [0; 12];
    stream.read_exact(&mut status_line)?;
    Ok(status_line.to_vec())
}

/// A connection on this machine with every wait bounded.
pub fn connect(port: u16) -> std::io::Result<TcpStream> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    Ok(stream)
}

fn says_ok(status_line: &[u8]) -> bool {
    status_line.starts_with(b"HTTP/1.") && status_line.ends_with(b" 200")
}
