//! Reads one message a line and shows it beside its neutral version, to judge the rules by eye.

use std::io::{self, BufRead, Write};

use idiolect_dataset::neutral::neutralise;

fn main() -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let line = line?.replace("\\n", "\n");
        let neutral = neutralise(&line);
        writeln!(out, "{line:?}\n    {:?} {:?}", neutral.kind, neutral.text)?;
    }
    out.flush()
}
