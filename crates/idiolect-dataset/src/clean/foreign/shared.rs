//! Whole messages that an app or a mail program makes up, told by plain comparisons: as patterns their gaps would take long.

/// How a mail program says that somebody is away, and what it promises further on, in one language each.
const AWAY: [(&[&str], &[&str]); 6] = [
    (
        &[
            "i am out of office",
            "i am out of the office",
            "i'm out of the office",
            "i am currently out of",
            "i'm currently out of",
            "i am on annual leave",
            "i'm on annual leave",
        ],
        &["will reply", "will respond", "will get back", "will return", "i'll reply", "i'll respond", "i'll get back"],
    ),
    (&["nicht im büro"], &["antworte", "beantworte"]),
    (&["je suis absent", "je suis actuellement absent", "hors du bureau"], &["répondrai"]),
    (&["fuera de la oficina"], &["responderé", "contestaré"]),
    (&["estou ausente", "fora do escritório"], &["responderei"]),
    (&["sono fuori ufficio", "sono fuori sede"], &["risponderò"]),
];

/// "I'm currently out of the office and will reply on Monday."
pub(super) fn is_away(text: &str) -> bool {
    let small = text.to_lowercase().replace('’', "'");
    let promises = |away: &&str, promises: &[&str]| {
        small.find(*away).is_some_and(|at| promises.iter().any(|promise| small[at..].contains(promise)))
    };
    AWAY.iter().any(|(away, promised)| away.iter().any(|away| promises(away, promised)))
}

/// Whether an app's button made `text`: a pin on a map, an invitation, a board of a puzzle, a reaction as Android sends it.
pub(super) fn is_shared(text: &str) -> bool {
    let text = text.trim();
    is_pin(text) || is_invitation(text) || is_board(text) || is_reaction(text)
}

/// "Location: https://maps.google.com/?q=51.5,-0.12"
fn is_pin(text: &str) -> bool {
    const MAPS: [&str; 6] =
        ["maps.google.", "maps.apple.", "maps.app.", "www.google.com/maps", "google.com/maps", "goo.gl/maps"];
    /// As exports of several languages have them; whatever else a person says before a pin is theirs.
    const LABELS: [&str; 14] = [
        "location",
        "my location",
        "current location",
        "live location",
        "standort",
        "mein standort",
        "ubicación",
        "mi ubicación",
        "localisation",
        "ma position",
        "posizione",
        "localização",
        "locatie",
        "位置",
    ];
    let Some((label, link)) = text.split_once(':') else { return false };
    let link = link.trim_start().trim_start_matches("https://").trim_start_matches("http://");
    LABELS.contains(&label.trim().to_lowercase().as_str())
        && !link.contains(char::is_whitespace)
        && MAPS.iter().any(|map| link.starts_with(map))
}

fn is_invitation(text: &str) -> bool {
    const BEGINNINGS: [&str; 7] = [
        "join zoom meeting",
        "join teams meeting",
        "join microsoft teams meeting",
        "microsoft teams meeting",
        "to join the video meeting, click this link:",
        "open this link to join my whatsapp group:",
        "follow this link to join my whatsapp group:",
    ];
    let line = text.lines().next().unwrap_or_default().to_lowercase();
    let whole = |beginning: &&str| match beginning.ends_with(':') {
        true => line.starts_with(*beginning),
        // A person may begin so, too.
        false => line == **beginning || line.starts_with(&format!("{beginning} http")),
    };
    BEGINNINGS.iter().any(whole) || line.contains(" is inviting you to a scheduled zoom meeting")
}

/// A heading of up to three lines with a number, then two lines or more of coloured squares alone.
fn is_board(text: &str) -> bool {
    const SQUARES: [char; 9] = ['🟥', '🟧', '🟨', '🟩', '🟦', '🟪', '🟫', '⬛', '⬜'];
    const HEADING: usize = 3;
    let is_row = |line: &&str| line.chars().count() >= 3 && line.chars().all(|c| SQUARES.contains(&c));
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let heading = lines.iter().take_while(|line| !is_row(line)).count();
    let (heading, rows) = lines.split_at(heading);
    (1..=HEADING).contains(&heading.len())
        && heading.iter().any(|line| line.contains(|c: char| c.is_ascii_digit()))
        && rows.len() >= 2
        && rows.iter().all(is_row)
}

/// "👍 to “see you at 5”"
fn is_reaction(text: &str) -> bool {
    let Some((emoji, quoted)) = text.split_once('“') else { return false };
    let Some(emoji) = emoji.trim_end().strip_suffix("to") else { return false };
    text.ends_with('”')
        && !quoted.is_empty()
        && emoji.ends_with(char::is_whitespace)
        && (1..=12).contains(&emoji.trim().chars().count())
        && !emoji.trim().contains(|c: char| c.is_alphanumeric() || c.is_whitespace() || c.is_ascii())
}
