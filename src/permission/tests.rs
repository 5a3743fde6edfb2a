use super::net::Names;
use super::*;
use crate::net::UnixName;
use std::os::unix::fs::symlink;

fn inet(text: &str) -> Address {
    match text.parse().expect("an address") {
        std::net::SocketAddr::V4(v4) => Address::Inet { addr: v4.ip().to_bits(), port: v4.port() },
        std::net::SocketAddr::V6(v6) => Address::Inet6 { addr: v6.ip().to_bits(), port: v6.port(), flow: 0, scope: 0 },
    }
}

fn connects(permissions: &Permissions, to: &str) -> bool {
    permissions.address(Access::Connect, &inet(to), &Names::default()).is_ok()
}

#[test]
fn nothing_is_granted_by_default() {
    let none = Permissions::none();
    assert!(!connects(&none, "127.0.0.1:80"));
    assert!(none.path(Access::Read, Path::new("/"), true).is_err());
    assert!(none.variable("HOME").is_err() && none.host("example.org").is_err());
    assert!(Access::ALL.iter().all(|access| none.plain(*access).is_err()));
    assert!(Access::ALL.iter().all(|access| Permissions::all().plain(*access).is_ok()));
}

#[test]
fn ranges_ports_and_families() {
    let some = Permissions::none().allow_net("10.1.0.0/16:80-90").unwrap().allow_net("inet6:*:53").unwrap();
    assert!(connects(&some, "10.1.2.3:80") && connects(&some, "10.1.2.3:90"));
    assert!(!connects(&some, "10.1.2.3:79") && !connects(&some, "10.2.2.3:80"));
    assert!(connects(&some, "[2001:db8::1]:53") && !connects(&some, "8.8.8.8:53"));
    assert!(connects(&some, "[::ffff:10.1.2.3]:80"), "the same address in IPv6's clothes");
    assert!(some.family(nix::libc::AF_INET).is_ok() && some.family(nix::libc::AF_UNIX).is_err());
    assert!(some.family(nix::libc::AF_NETLINK).is_err());
}

#[test]
fn deny_wins_in_every_spelling() {
    let most = Permissions::all().deny_net("127.0.0.0/8").unwrap().deny_net("[::1]").unwrap();
    for spelling in ["127.0.0.1:80", "127.9.9.9:80", "0.0.0.0:80", "[::ffff:127.0.0.1]:80", "[::1]:80", "[::]:80"] {
        assert!(!connects(&most, spelling), "{spelling}");
    }
    assert!(connects(&most, "192.0.2.1:80"));
    let no_host = Permissions::all().deny_net("evil.example").unwrap();
    assert!(no_host.host("EVIL.example.").is_err() && no_host.host("good.example").is_ok());
}

#[test]
fn names_stand_for_the_addresses_they_were_found_to_have() {
    let some = Permissions::none().allow_net("*.example.org:443").unwrap();
    assert!(some.host("www.example.org").is_ok() && some.host("example.org.evil.net").is_err());
    let mut names = Names::default();
    names.learn("www.example.org", &inet("192.0.2.7:0"));
    let to = |to: &str| some.address(Access::Connect, &inet(to), &names).is_ok();
    assert!(to("192.0.2.7:443") && !to("192.0.2.7:80") && !to("192.0.2.8:443"));
}

#[test]
fn rules_that_cannot_be_meant_are_refused() {
    for text in ["127.1:80", "10.0.0.0/33", "[::1", "[1.2.3.4]:80", "host:99999", "host:9-3", "a b", "*.:1", "10.0.0/8"]
    {
        assert!(NetRule::parse(text).is_err(), "{text}");
    }
    assert!(Permissions::none().allow(Access::Time, "noon").is_err());
}

#[test]
fn local_sockets_by_path_and_abstract_name() {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("unix:{}", folder.path().display());
    let some = Permissions::none().allow_net(&text).unwrap().allow_net("unix:@app-*").unwrap();
    let unix = |name: UnixName| some.address(Access::Connect, &Address::Unix(name), &Names::default()).is_ok();
    let path = |path: &str| UnixName::Path(format!("{}/{path}", folder.path().display()).into_bytes());
    assert!(unix(path("socket")));
    assert!(!unix(path("../other")));
    assert!(unix(UnixName::Abstract(b"app-1".to_vec())) && !unix(UnixName::Abstract(b"other".to_vec())));
    assert!(!unix(UnixName::Unnamed));
    symlink("/tmp", folder.path().join("out")).unwrap();
    assert!(!unix(path("out/socket")));
}

#[test]
fn links_lead_to_where_they_lead() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    std::fs::create_dir_all(root.join("in/secret")).unwrap();
    std::fs::create_dir(root.join("out")).unwrap();
    std::fs::write(root.join("out/file"), "x").unwrap();
    symlink("../out", root.join("in/link")).unwrap();
    symlink("../out/new", root.join("in/dangling")).unwrap();
    symlink("loop", root.join("in/loop")).unwrap();
    let text = |path: &str| root.join(path).display().to_string();
    let some = Permissions::none()
        .allow(Access::Read, &text("in"))
        .unwrap()
        .allow(Access::Write, &text("in"))
        .unwrap()
        .deny(Access::Read, &text("in/secret"))
        .unwrap();
    let reads = |path: &str| some.path(Access::Read, &root.join(path), true).is_ok();
    assert!(reads("in") && reads("in/missing") && reads("in/./secrets") && reads("in/../in/file"));
    assert!(!reads("out/file") && !reads("in/link/file") && !reads("in/../out/file") && !reads("in/dangling"));
    assert!(!reads("in/secret") && !reads("in/secret/x") && !reads("in/loop"));
    assert!(!reads("in/dangling/x") && !reads("in/a/../../out/file"));
    let entry = |path: &str| some.path(Access::Write, &root.join(path), false).is_ok();
    assert!(entry("in/dangling"), "the link itself may be removed");
    assert!(some.tree(Access::Write, &root.join("in")).is_err(), "a folder with a denied one in it stays where it is");
    assert!(some.tree(Access::Write, &root.join("in/other")).is_ok());
}

#[test]
fn doors_to_the_system_are_no_files() {
    let all = Permissions::none().allow(Access::Read, "/").unwrap();
    assert!(all.path(Access::Read, Path::new("/etc/hostname"), true).is_ok());
    for door in ["/proc/self/environ", "/dev/null", "/sys/kernel", "/proc/self/fd/0"] {
        assert!(all.path(Access::Read, Path::new(door), true).is_err(), "{door}");
    }
    let one = Permissions::none().allow(Access::Read, "/dev/null").unwrap();
    assert!(one.path(Access::Read, Path::new("/dev/null"), true).is_ok());
    assert!(one.path(Access::Read, Path::new("/dev/zero"), true).is_err());
}

#[test]
fn variables_by_name() {
    let some =
        Permissions::none().allow(Access::Environment, "LC_*").unwrap().deny(Access::Environment, "LC_ALL").unwrap();
    assert!(some.variable("LC_TIME").is_ok() && some.variable("LC_ALL").is_err() && some.variable("HOME").is_err());
    assert_eq!(some.variable("HOME").unwrap_err().to_string(), "env=HOME");
}
