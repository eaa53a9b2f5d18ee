#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| idiolect_fuzz::folders(data));
