//! The fuzz targets, over their kept seeds: whatever once broke something is a file there.

#[path = "../fuzz/targets.rs"]
mod targets;

fn each_seed(target: &str, run: fn(&[u8])) {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target);
    let mut count = 0;
    for entry in std::fs::read_dir(folder).expect("a folder of seeds").flatten() {
        run(&std::fs::read(entry.path()).expect("a seed"));
        count += 1;
    }
    assert!(count > 0, "{target} has seeds");
}

#[test]
fn reader() {
    each_seed("reader", targets::reader);
}

#[test]
fn numbers() {
    each_seed("numbers", targets::numbers);
}

#[test]
fn expander() {
    each_seed("expander", targets::expander);
}

#[test]
fn evaluator() {
    each_seed("evaluator", targets::evaluator);
}

#[test]
fn addresses() {
    each_seed("addresses", targets::addresses);
}

#[test]
fn messages() {
    each_seed("messages", targets::messages);
}
