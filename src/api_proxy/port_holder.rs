//! Which process listens on a port of this network namespace. Only Linux says so, and of others' processes only to root.

use std::fs;
use std::path::Path;

/// `java (process 812)`.
pub fn find(port: u16) -> Option<String> {
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"].map(|table| fs::read_to_string(table).unwrap_or_default());
    let sockets: Vec<_> = tables.iter().flat_map(|table| listening(table, port)).map(|inode| format!("socket:[{inode}]")).collect();
    let numbered = |entry: &fs::DirEntry| entry.file_name().to_str().is_some_and(|name| name.bytes().all(|byte| byte.is_ascii_digit()));
    let processes = fs::read_dir("/proc").ok()?.flatten().filter(numbered).map(|entry| entry.path());
    let holder = processes.filter(|process| holds(process, &sockets)).find_map(|process| {
        let name = fs::read_to_string(process.join("comm")).ok()?;
        Some(format!("{} (process {})", name.trim(), process.file_name()?.to_str()?))
    });
    holder.filter(|_| !sockets.is_empty())
}

/// Inodes of the sockets in state LISTEN.
fn listening(table: &str, port: u16) -> Vec<&str> {
    let suffix = format!(":{port:04X}");
    let fields = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    fields.filter(|fields| fields.len() > 9 && fields[1].ends_with(&suffix) && fields[3] == "0A").map(|fields| fields[9]).collect()
}

fn holds(process: &Path, sockets: &[String]) -> bool {
    let Ok(open) = fs::read_dir(process.join("fd")) else { return false };
    open.flatten()
        .filter_map(|entry| fs::read_link(entry.path()).ok())
        .any(|target| sockets.iter().any(|socket| target == Path::new(socket)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sockets_that_listen_on_the_port_and_no_others() {
        let table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:192B 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0 100 0 0 10 0
   1: 0100007F:192B 0100007F:D431 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0 20 4 30 10 -1
   2: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1 0 100 0 0 10 0";
        assert_eq!(listening(table, 6443), ["4711"]);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn this_process_is_found_by_its_port() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let holder = find(listener.local_addr().expect("an address").port()).expect("a holder");
        assert!(holder.ends_with(&format!("(process {})", std::process::id())), "{holder}");
    }
}
