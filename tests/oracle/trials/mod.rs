//! What must agree with upstream, one file a subject.

automod::dir!(pub "tests/oracle/trials");
