//! Every builtin that asks for a permission in its declaration asks before it makes a system call: those of the tables themselves are
//! called in a program that was granted nothing, under strace. Whoever declares another one has it tested.

use sockeye::builtins::tables;
use std::process::Command;

/// Questions about limits, not permissions.
const LIMITS: &[&str] = &["room", "timer_room", "fiber_room"];

/// Looks for arguments with which the procedure is refused, then makes that call again between two marks in the output.
const PROGRAM: &str = r#"
(define out (current-output-port))
(define (say . parts) (for-each (lambda (part) (display part out)) parts) (newline out) (force-output out))
(define datagrams (socketpair AF_UNIX SOCK_DGRAM 0))
(define streams (socketpair AF_UNIX SOCK_STREAM 0))
(define values-of-all-kinds
  (list "/etc/passwd" "example.org" 'block-special 99 2 "PATH=/tmp" (car streams) (make-socket-address AF_INET INADDR_LOOPBACK 80)
        #u8(1 2 3) (list 99) (list (make-socket-address AF_INET INADDR_LOOPBACK 80)) "r" (car datagrams) 16 '() (list AF_INET INADDR_LOOPBACK 80) 25
        (list (list SOL_SOCKET SCM_RIGHTS '(99))) (vector 1 2) #f (list "x" "y") "XXXXXX" 0
        ((module-ref (resolve-module '(sockeye core)) '%open-wait))))
(define (attempt procedure arguments)
  "What it is refused for, or the arguments of the error, or #f."
  (catch #t
    (lambda () (guard (c ((and (error-object? c) (condition-extra c 'permission)))) (apply procedure arguments) #f))
    (lambda (key . rest) rest)))
(define (refused? procedure arguments) (string? (attempt procedure arguments)))
(define (search procedure count found)
  (if (= count 0)
      (and (refused? procedure found) found)
      (let loop ((values values-of-all-kinds))
        (and (pair? values)
             (or (search procedure (- count 1) (append found (list (car values))))
                 (loop (cdr values)))))))
;; Where there are many arguments, the error says which one to change.
(define (guided-search procedure count)
  (let again ((places (make-list count values-of-all-kinds)))
    (let ((answer (attempt procedure (map car places))))
      (if (string? answer)
          (map car places)
          (let ((position (and (list? answer) (> (length answer) 2) (pair? (caddr answer)) (car (caddr answer)))))
            (and (integer? position)
                 (<= 1 position count)
                 (let* ((place (list-tail places (- position 1))) (rest (cdar place)))
                   (and (pair? rest)
                        (again (append (list-head places (- position 1)) (list rest) (cdr place)))))))))))
(define known
  `((%try-sendto ,(car datagrams) #u8(1) ,(make-socket-address AF_INET INADDR_LOOPBACK 80) 0 1) (%sendfile-rest 99 99 1 0 1)))
(define (try name least most)
  (let* ((procedure (module-ref (resolve-module '(sockeye core)) name))
         (found (cond ((assq name known) => cdr)
                      ((> least 3) (guided-search procedure least))
                      (else (let loop ((count least)) (and (<= count most) (or (search procedure count '()) (loop (+ count 1)))))))))
    (if found
        (begin (say "MARK " name) (if (not (refused? procedure found)) (say "GRANTED " name)) (say "DONE"))
        (say "MISSED " name))))
"#;

#[test]
fn every_permission_is_asked_before_any_system_call() {
    let can_trace = Command::new("strace").args(["-o", "/dev/null", "true"]).output();
    if !can_trace.is_ok_and(|output| output.status.success()) {
        return;
    }
    let mut program = PROGRAM.to_string();
    let mut count = 0;
    for row in tables().iter().flat_map(|table| table.iter()) {
        if row.needs.iter().all(|need| LIMITS.contains(need)) {
            continue;
        }
        let (least, most) = (row.required(), (row.required() + row.optional() + usize::from(row.has_rest())).min(4));
        program.push_str(&format!("(try '|{}| {least} {most})", row.name));
        count += 1;
    }
    assert!(count > 100, "{count} builtins need a permission");
    let folder = tempfile::tempdir().unwrap();
    let (trace, script) = (folder.path().join("trace"), folder.path().join("program.scm"));
    std::fs::write(&script, program).unwrap();
    let output = Command::new("strace")
        .arg("-f")
        .arg("-o")
        .arg(&trace)
        .args([env!("CARGO_BIN_EXE_sockeye"), "--sandbox"])
        .arg(&script)
        .output()
        .expect("strace runs");
    let printed = String::from_utf8_lossy(&output.stdout);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{}", printed.lines().last().unwrap_or_default());
    let missed: Vec<&str> =
        printed.lines().filter_map(|line| line.strip_prefix("MISSED ").or(line.strip_prefix("GRANTED "))).collect();
    assert!(missed.is_empty(), "nothing is known that is refused by {missed:?}");
    let memory = ["brk(", "mmap(", "munmap(", "madvise(", "mprotect(", "futex(", "sched_yield("];
    let (mut name, mut marks, mut wrong) = (None, 0, Vec::new());
    for line in std::fs::read_to_string(trace).unwrap().lines() {
        if let Some((_, rest)) = line.split_once("write(1, \"MARK ") {
            name = Some(rest.split('\\').next().unwrap_or_default().to_string());
            marks += 1;
        } else if line.contains("write(1, \"DONE") {
            name = None;
        } else if let Some(name) = &name
            && !memory.iter().any(|call| line.contains(call))
        {
            wrong.push(format!("{name}: {line}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(marks, count);
}
