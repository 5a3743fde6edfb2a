//! What people read: runs each program of tests/golden and compares all it prints with the text beside it. A first line
//! `; flags: ...` gives the command line's options, `; needs: root` and the like say where it can run. What differs from run
//! to run (times, ports, descriptors' paths) is written as a letter. With SOCKEYE_BLESS set, the texts are written anew: read the difference.

use regex_automata::meta::Regex;
use std::path::Path;
use std::process::{Command, Stdio};

/// What is written instead of what changes.
const CHANGING: &[(&str, &str)] = &[
    (r"[0-9]+(\.[0-9]+)? (ms|µs|s)\b", "T"),
    (r"  +T  ", "  T  "),
    (r"\b127\.0\.0\.1:[0-9]{4,5}", "127.0.0.1:N"),
    (r"\b0\.0\.0\.0:[0-9]{4,5}", "0.0.0.0:N"),
    (r"\[::1\]:[0-9]{4,5}", "[::1]:N"),
    (r"port [0-9]{4,5}\b", "port N"),
    (r"process [0-9]+", "process N"),
    (r#""t":[0-9]+"#, r#""t":T"#),
    (r#""duration":[0-9]+"#, r#""duration":T"#),
    (r"/tmp/sockeye-golden-[0-9]+", "/tmp/DIR"),
    (r"\bfd [0-9]+", "fd N"),
    (r"descriptor [0-9]+", "descriptor N"),
    (r#""fd":[0-9]+"#, r#""fd":N"#),
    (r"limit of [0-9]+", "limit of N"),
];

fn steady(text: &str) -> String {
    let mut text = text.to_string();
    for (pattern, instead) in CHANGING {
        let regex = Regex::new(pattern).expect("a pattern");
        let mut out = String::new();
        let mut at = 0;
        for found in regex.find_iter(&text) {
            out.push_str(&text[at..found.start()]);
            out.push_str(instead);
            at = found.end();
        }
        out.push_str(&text[at..]);
        text = out;
    }
    // How long a call took is told when it was long.
    text.replace("  T\n", "\n").replace("  T  C", "  C")
}

#[test]
fn programs_print_what_stands_beside_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let bless = std::env::var_os("SOCKEYE_BLESS").is_some();
    let mut wrong = Vec::new();
    let mut count = 0;
    let mut programs: Vec<_> = std::fs::read_dir(&folder).expect("the folder").flatten().map(|e| e.path()).collect();
    programs.sort();
    for program in programs.iter().filter(|path| path.extension().is_some_and(|extension| extension == "scm")) {
        count += 1;
        let text = std::fs::read_to_string(program).expect("a program");
        let flags = text.lines().find_map(|line| line.strip_prefix("; flags: ")).unwrap_or("");
        let output = Command::new(env!("CARGO_BIN_EXE_sockeye"))
            .args(flags.split_whitespace())
            .arg(program.file_name().expect("a name"))
            .current_dir(&folder)
            .stdin(Stdio::null())
            .output()
            .expect("it runs");
        let text = |bytes: &[u8]| steady(&String::from_utf8_lossy(bytes));
        let got = format!("{}{}", text(&output.stdout), text(&output.stderr));
        let beside = program.with_extension("txt");
        if bless {
            std::fs::write(&beside, &got).expect("it can be written");
        }
        let wanted = std::fs::read_to_string(&beside).unwrap_or_default();
        if got != wanted {
            wrong.push(format!("{}\n--- wanted\n{wanted}\n--- got\n{got}", program.display()));
        }
    }
    assert!(count > 0, "there are programs");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
