//! Postal addresses: an anchor that only addresses have (a street, a box, a flat, a state with its postcode), grown
//! to both sides over what belongs to it. Best effort, as every such rule is. Which file has which rules stands in the crate's README.

mod american;
mod anchor;
mod announced;
mod bearing;
mod brought;
mod building;
mod city;
mod contacts;
mod continental;
mod coordinates;
mod corner;
mod country;
mod cyrillic;
mod dated;
mod district;
mod door;
mod downtown;
mod dutch;
mod english;
mod estate;
mod famous;
mod french;
mod gaps;
mod german;
mod grid;
mod head;
mod ideographic;
mod indian;
mod inflected;
mod japanese;
mod kinds;
mod korean;
mod labelled;
mod led;
mod lettered;
mod locality;
mod lone_postcode;
mod mailbox;
mod onward;
mod ordinary;
mod postcode;
mod roads;
mod romanised;
mod settled;
mod singapore;
mod small;
mod spoken;
mod staying;
mod tail;
mod town;
mod transliterated;
mod unnamed;
mod whole;
mod word;
mod words;

use super::{PiiKind, Region, Span};
pub(super) use coordinates::{find as find_coordinates, find_three_words};
pub(super) use lettered::find as find_lettered;

/// Addresses whose parts follow each other without the words and spaces of an alphabet.
pub(super) fn find_east_asian(text: &str, found: &mut Vec<Span>) {
    ideographic::find(text, found);
    japanese::find(text, found);
    korean::find(text, found);
}

/// `region` is where the person lives; e-mail and phones are among what is `found` already.
pub(super) fn find(text: &str, region: Option<Region>, found: &mut Vec<Span>) {
    let small = text.to_ascii_lowercase();
    let mut words = word::split(text, &small);
    contacts::part(text, &mut words, found);
    find_in(text, &words, region, found);
}

/// As [`find`], in the `words` of `text`.
fn find_in(text: &str, words: &[word::Word], region: Option<Region>, found: &mut Vec<Span>) {
    let (mut at, mut number) = (0, 0);
    while at < words.len() {
        if number <= at {
            // The next number behind.
            let behind = &words[at + 1..];
            number = at + 1 + behind.iter().position(|word| word.digits > 0).unwrap_or(behind.len());
        }
        match anchor::at(words, at, number) {
            Some(anchor) if !ordinary::is_rank(words, anchor.start) => {
                let mut end = tail::grown(words, anchor.end);
                if end == anchor.end {
                    let town = town::behind(text, words, end);
                    end = if town > end { tail::grown(words, town) } else { end };
                }
                let first = head::grown(words, anchor, end);
                let end = district::behind(words, first, locality::behind(words, first, end));
                let first = building::care_of(
                    words,
                    building::before(words, building::article(words, dutch::before(words, first))),
                );
                let (last, cornered) = corner::of(words, first, end);
                let first = if cornered { first.saturating_sub(3) } else { first };
                if !famous::is(words, first, last) {
                    let range = words[first].start_with_hash(text)..words[last - 1].range.end;
                    found.push(Span::new(PiiKind::PostalAddress, "address", range));
                }
                at = last;
            }
            _ if words[at].digits == 0 => at += 1,
            _ => match lone_postcode::end(words, at, region) {
                Some(end) => {
                    let range = words[at].range.start..words[end - 1].range.end;
                    found.push(Span::new(PiiKind::PostalAddress, "address/postcode", range));
                    at = end;
                }
                None => at += 1,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::tests::found_by;

    pub(super) fn found(text: &str) -> Vec<&str> {
        found_by(|text, found| find(text, None, found), text)
    }

    #[test]
    fn finds_addresses_of_many_shapes() {
        for (text, address) in [
            ("come to 12 Elm Street at 5", "12 Elm Street"),
            ("im at 101 main st. now", "101 main st"),
            ("30 merchant road ok?", "30 merchant road"),
            ("it's 4 Verse Crescent.", "4 Verse Crescent"),
            ("12 Elm Street, Springfield, IL 62704 ok", "12 Elm Street, Springfield, IL 62704"),
            (
                "12 N Elm St., Ste. 2500, Springfield, IL 62704-1234",
                "12 N Elm St., Ste. 2500, Springfield, IL 62704-1234",
            ),
            ("send to po box 123, Springfield IL 62704", "po box 123, Springfield IL 62704"),
            ("P.O. Box 12345", "P.O. Box 12345"),
            ("1200 W Elm, Springfield, IL 62704", "1200 W Elm, Springfield, IL 62704"),
            ("8 Rope Lane, Bedford, MK42 0XE, United Kingdom", "8 Rope Lane, Bedford, MK42 0XE, United Kingdom"),
            ("28402 CR 561, Springfield, FL 32778", "28402 CR 561, Springfield, FL 32778"),
            ("5536 West 103 Place", "5536 West 103 Place"),
            (
                "77 Koskikatu 25 Apt. 864\n Artilleros\n Uruguay 64677",
                "77 Koskikatu 25 Apt. 864\n Artilleros\n Uruguay 64677",
            ),
            ("31 rue de la Paix, Tunis", "31 rue de la Paix, Tunis"),
            ("Musterstraße 12, 10115 Berlin", "Musterstraße 12, 10115 Berlin"),
            ("wohne in der Hauptstr. 5, 80331 Neustadt", "Hauptstr. 5, 80331 Neustadt"),
            ("Am Markt 3, 28195 Neustadt", "Am Markt 3, 28195 Neustadt"),
            ("12 rue Victor Hugo, 69002 Lyon ok", "12 rue Victor Hugo, 69002 Lyon"),
            ("24, boulevard Saint-Michel, 75006 Paris", "24, boulevard Saint-Michel, 75006 Paris"),
            ("Calle Mayor 12, 28013 Madrid", "Calle Mayor 12, 28013 Madrid"),
            ("Jalan Merah 55", "Jalan Merah 55"),
            ("Keizersgracht 123, 1015 CJ Amsterdam", "Keizersgracht 123, 1015 CJ Amsterdam"),
            ("Kungsgatan 5, 111 43 Stockholm", "Kungsgatan 5, 111 43 Stockholm"),
            ("Blk 12 Red Hill Ave 3 #05-123 S560123", "Blk 12 Red Hill Ave 3 #05-123 S560123"),
            ("221/B, 4th Cross, Rose Nagar, Pune 560038", "221/B, 4th Cross, Rose Nagar, Pune 560038"),
            ("gpo box 1234, Sydney NSW 2001", "gpo box 1234, Sydney NSW 2001"),
            ("post office box 45", "post office box 45"),
            ("im at SW1A 2AA now", "SW1A 2AA"),
            ("RR2 BOX 348", "RR2 BOX 348"),
            ("POBox84", "POBox84"),
            ("PSC 4355, Box 12\nAPO AP 28906", "PSC 4355, Box 12\nAPO AP 28906"),
            ("its 4859 S. Walnut ok", "4859 S. Walnut"),
            ("on the corner of 12 Elm Street and Oak Road, at 5", "the corner of 12 Elm Street and Oak Road"),
            ("send it to 9791 Regina Mountains, Anytown, SK Y7Y3V4", "9791 Regina Mountains, Anytown, SK Y7Y3V4"),
            ("ul. Lipowa 61", "ul. Lipowa 61"),
            ("wohne Villacher Strasse 89", "Villacher Strasse 89"),
            ("Lindevej 13", "Lindevej 13"),
            ("Brezova 25, Mesto 6281", "Brezova 25, Mesto 6281"),
            ("Annastraat 9, 5907JO, Dorp", "Annastraat 9, 5907JO, Dorp"),
            ("12/904, Rose Nagar, Anagar-669725", "12/904, Rose Nagar, Anagar-669725"),
            ("#01-03 Riverside point 30 merchant road", "#01-03 Riverside point 30 merchant road"),
            ("come to Blk 12 Red Hill Lor 8 #07-114 ok", "Blk 12 Red Hill Lor 8 #07-114"),
            ("4 bis impasse du Four", "4 bis impasse du Four"),
            ("4210 old mill rd, its the blue one", "4210 old mill rd"),
            ("Calle Mayor 12, 2º B, 28013 Madrid", "Calle Mayor 12, 2º B, 28013 Madrid"),
            ("sto in via Roma 9, 20121 Milano", "via Roma 9, 20121 Milano"),
            ("vieni in piazza Roma 4", "piazza Roma 4"),
            ("na Rua das Pedras 12, 4050-262 Porto", "Rua das Pedras 12, 4050-262 Porto"),
            ("Rua Nova, 1508, apto 32", "Rua Nova, 1508, apto 32"),
            ("mein paket: lindenweg14b", "lindenweg14b"),
            ("ул. Садовая, д. 14, кв. 7", "ул. Садовая, д. 14, кв. 7"),
            ("5 bd Saint-Michel 75005 Paris", "5 bd Saint-Michel 75005 Paris"),
            ("15 bis avenue Victor Hugo", "15 bis avenue Victor Hugo"),
            ("12bis rue des ormes", "12bis rue des ormes"),
            ("12ter, rue des Ormes, 69007 Lyon", "12ter, rue des Ormes, 69007 Lyon"),
            ("12 B rue des Ormes", "12 B rue des Ormes"),
            ("Rua do Olmo, n.º 45", "Rua do Olmo, n.º 45"),
            ("Av. Olmientes al 1450", "Av. Olmientes al 1450"),
            (
                "end: R. Olmusta, 900 - Olmação, São Olmo - SP, 01304-001",
                "R. Olmusta, 900 - Olmação, São Olmo - SP, 01304-001",
            ),
            ("C.so Olmaldi 12", "C.so Olmaldi 12"),
            ("P.zza Olmona 8", "P.zza Olmona 8"),
            ("14 The Paddock", "14 The Paddock"),
            ("its W344 County Road EF, Elmowoc, WI", "W344 County Road EF, Elmowoc, WI"),
            ("N4382 Highway 22, Elmpaca WI", "N4382 Highway 22, Elmpaca WI"),
            ("trailer 9, 1200 Old Elm Trace, Elmville KY 41501", "trailer 9, 1200 Old Elm Trace, Elmville KY 41501"),
            ("Villa 9, 60 Elmyong Road", "Villa 9, 60 Elmyong Road"),
            ("7 Lor 25A Elmlang", "7 Lor 25A Elmlang"),
            ("1204 rue Saint-Orme, app. 4", "1204 rue Saint-Orme, app. 4"),
            ("RR#2, Elmbridge ON P1L 1W9", "RR#2, Elmbridge ON P1L 1W9"),
            ("Calle 60 #452 x 51 y 53", "Calle 60 #452 x 51 y 53"),
            ("8 rue principale, L-1234 Luxembourg", "8 rue principale, L-1234 Luxembourg"),
            ("j'habite 3 chemin des vignes", "3 chemin des vignes"),
            ("vivo en C/ Gran Vía 12, 2ºA", "C/ Gran Vía 12, 2ºA"),
            ("c/mayor 5, 28013 Madrid", "c/mayor 5, 28013 Madrid"),
            ("Lindenstraße 12, D-10115 Berlin", "Lindenstraße 12, D-10115 Berlin"),
            ("Koivukatu 12 A 5, 00100 Helsinki", "Koivukatu 12 A 5, 00100 Helsinki"),
            ("Birkegade 12, 2. tv, 1456 Holby", "Birkegade 12, 2. tv, 1456 Holby"),
            ("Gül Cad. No:12 D:5", "Gül Cad. No:12 D:5"),
            ("Rozengracht 263-267", "Rozengracht 263-267"),
            ("Lindenstr. 4, 3. OG, 60313 Neustadt", "Lindenstr. 4, 3. OG, 60313 Neustadt"),
            ("Nygatan 5 B", "Nygatan 5 B"),
            ("вул. Садова 22", "вул. Садова 22"),
            ("Str. Florilor 12", "Str. Florilor 12"),
            ("Lipové nám. 1, 110 00 Praha", "Lipové nám. 1, 110 00 Praha"),
            ("Οδός Ρόδων 12", "Οδός Ρόδων 12"),
            ("Level 5, 120 Collins Street", "Level 5, 120 Collins Street"),
            ("come to W210 N16570 Elm Ln, Anytown, WI 53999", "W210 N16570 Elm Ln, Anytown, WI 53999"),
            ("N79W5406 Elm Ln Anytown, WI 53999", "N79W5406 Elm Ln Anytown, WI 53999"),
            ("she moved to 7720 sw 112th pl last week", "7720 sw 112th pl"),
            ("its 144 s 500 e floor 2 ok", "144 s 500 e floor 2"),
            ("send to 2901 East 3300 South", "2901 East 3300 South"),
            ("3665 Elm County Rd 312", "3665 Elm County Rd 312"),
            ("we're at 4802 S. State Rt. 159", "4802 S. State Rt. 159"),
            ("17380 N HIGHWAY A1A", "17380 N HIGHWAY A1A"),
            ("612 So Lake St", "612 So Lake St"),
            ("4440 N. Elmwood Apt. 2A", "4440 N. Elmwood Apt. 2A"),
            ("1160 S. Elm # 1 SW", "1160 S. Elm # 1 SW"),
            ("2945 W. Elmwood Suite100", "2945 W. Elmwood Suite100"),
            ("department 1691 po box 61000 springfield il 62704", "department 1691 po box 61000 springfield il 62704"),
            ("PO Bx 433", "PO Bx 433"),
            ("vivo en Calle 5 # 7-41, Ulmeda", "Calle 5 # 7-41, Ulmeda"),
            ("Cra. 56L # 2-88 Sur ok", "Cra. 56L # 2-88 Sur"),
            ("Av. Olmo N° 41, Ulmeda 3600", "Av. Olmo N° 41, Ulmeda 3600"),
            ("Callejón de los Olmos 71, Ulmeda, 29598", "Callejón de los Olmos 71, Ulmeda, 29598"),
            ("Soseaua Ulmilor Nr. 497", "Soseaua Ulmilor Nr. 497"),
            ("Studio 83\nElm Union\nNorth Elmville\nS9 2US", "Studio 83\nElm Union\nNorth Elmville\nS9 2US"),
            ("12 Elm Street, Dublin 2, D02 X285", "12 Elm Street, Dublin 2, D02 X285"),
            ("95 Elm Street E40X990", "95 Elm Street E40X990"),
            ("18 Elm Circuit, South Elm, SA, 5067", "18 Elm Circuit, South Elm, SA, 5067"),
            ("27\nElm Path\nElmpur 357081", "27\nElm Path\nElmpur 357081"),
            ("проспект Вязов, буд. 9 кв. 07", "проспект Вязов, буд. 9 кв. 07"),
            ("801 South Elm Street C1S", "801 South Elm Street C1S"),
            ("106 Elm Park South 27A ok", "106 Elm Park South 27A"),
            (
                "mail code 55083 p.o. box 105046 springfield il 62704",
                "mail code 55083 p.o. box 105046 springfield il 62704",
            ),
            ("12 Elmou Str., Latsia (Lakkia) 2230", "12 Elmou Str., Latsia (Lakkia) 2230"),
            (
                "2029 East Highway 356 (Elm Boulevard), Irving, TX 75038",
                "2029 East Highway 356 (Elm Boulevard), Irving, TX 75038",
            ),
            ("8128 S. DR MARTIN LUTHER KING JR Drive", "8128 S. DR MARTIN LUTHER KING JR Drive"),
            ("3243 Elm and Oak Dr Anytown IA 52302", "3243 Elm and Oak Dr Anytown IA 52302"),
            ("4351 THE CIRCLE AT ELM HILLS ST", "4351 THE CIRCLE AT ELM HILLS ST"),
            ("RFD 2 BOX 5729", "RFD 2 BOX 5729"),
            ("HC rte 15B box # 1A", "HC rte 15B box # 1A"),
            ("4310 Elm Gate CV", "4310 Elm Gate CV"),
            ("8725 nw 18th ter ste 106 elmville fl Sorry, late", "8725 nw 18th ter ste 106 elmville fl"),
            ("216 Mt Elm Road, Mt Elm 1024", "216 Mt Elm Road, Mt Elm 1024"),
            ("Lindenweg 85, ELMDORF IM TAL 7561", "Lindenweg 85, ELMDORF IM TAL 7561"),
            ("Lipová 855, Mesto nad Ohem 3 537 03", "Lipová 855, Mesto nad Ohem 3 537 03"),
            ("Birkivegur 6, Elmfjörður 400", "Birkivegur 6, Elmfjörður 400"),
            ("Birkitún 6, Elmfjörður 400", "Birkitún 6, Elmfjörður 400"),
            ("R Campo Novo 80, Vila dos Ulmos 4715-464", "R Campo Novo 80, Vila dos Ulmos 4715-464"),
            ("Olmweg 77, Elmdorp 9408 DX", "Olmweg 77, Elmdorp 9408 DX"),
            ("110 Elmomari, Limastros 2231", "110 Elmomari, Limastros 2231"),
            ("3 route de Lorme, ELMES-SUR-SEINE 94200", "3 route de Lorme, ELMES-SUR-SEINE 94200"),
            ("20 rue de l'Orme", "20 rue de l'Orme"),
            ("sto in Via degli Olmi 58", "Via degli Olmi 58"),
            ("bin in der ulmenstraße 5, komm", "ulmenstraße 5"),
            ("olmengatan 12 ok", "olmengatan 12"),
            ("the corner of 12 elm street and oak road", "the corner of 12 elm street and oak road"),
            ("110 e elm bay way", "110 e elm bay way"),
            ("Flat 3\n12 Elm Street\nLeeds", "Flat 3\n12 Elm Street\nLeeds"),
            ("hey\n2nd floor\n12 Elm Street", "2nd floor\n12 Elm Street"),
            ("i paid for room 3\n12 Elm Street", "12 Elm Street"),
            ("its 5536 west 103 place ok", "5536 west 103 place"),
            ("2118 avenue j", "2118 avenue j"),
            ("its 12 Elm Street/near the park", "12 Elm Street"),
            ("12 Elm Street/Leeds/LS6 3HN/ring me", "12 Elm Street/Leeds/LS6 3HN"),
            ("3950 n a w elm blvd", "3950 n a w elm blvd"),
            ("21300 elm and oak blvd", "21300 elm and oak blvd"),
            ("flat 204, elm heights, elm road, pune 411001", "flat 204, elm heights, elm road, pune 411001"),
            (
                "> 83 Ulmenstrasse 61\n> Suite 292\n> Elmdorf\n> Switzerland 53730",
                "83 Ulmenstrasse 61\n> Suite 292\n> Elmdorf\n> Switzerland 53730",
            ),
            (
                "3657 Olmikatu 80\n Apt. 030\n ELMILA\n\n Finland 11507",
                "3657 Olmikatu 80\n Apt. 030\n ELMILA\n\n Finland 11507",
            ),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
    }

    #[test]
    fn leaves_other_texts_alone() {
        for text in [
            "3 girls walking on the road",
            "call [PHONE_12] Elm Street",
            "[EMAIL_1] Apt x7",
            "its a 5 min drive",
            "10 minute walk from here",
            "2 way street",
            "see u at 7.30 at the gardens",
            "1st place!!",
            "he is 12 and lives far away",
            "take exit 436 on highway 35 and 115",
            "i have 2 dr appointments",
            "the 2 of us in court",
            "2 more minutes",
            "room 5 at 3pm",
            "ok in 10",
            "Ms Lee St 2",
            "we won 3 in a row",
            "20 Main courses",
            "level 5 boss",
            "unit 3 homework",
            "page 12 of the road",
            "15 lor... Ya",
            "took 0.25s on 25000",
            "the GT3 4GB card",
            "a M3 4GB stick",
            "Seat 12, Row 5, 20000 people",
            "went Via Changi 5",
            "Exam 3, Batch 12",
            "sold 2, paid 500000",
            "4 u 2 C Blu skies",
            "pi is 3.14 15926",
            "Season 3, Episode 2000",
            "the corner of my room",
            "May 5, June 2020",
            "box 5 of them",
            "via libera per le 9",
            "una piazza per 2",
            "blk is so noisy these 3 days",
            "went via bus 5, 20 minutes",
            "c/o the desk at 5",
            "c/ tudo pago, 5 vezes",
            "C/ 5",
            "2 rue",
            "10 dans la rue",
            "no: 5 of us",
            "level 50 paladin lane",
            "lvl 3 shop road",
            "reach 615 lor. I wait",
            "a 3 lane road",
            "5 ways street art",
            "AR VR Days 2018 in leeds",
            "go 4 XB 3. Vm text",
            "am 16. März 2017",
            "Sonntag, 10 Uhr",
            "sind 200 EUR, EUR 500",
            "hauptstraße 5 minuten von hier",
            "heimweg 10 minuten",
            "einbahnstraße 2",
            "went Via Bus 51",
            "Lakers 98, Celtics 102",
            "10 s 5 e",
            "flight to Cork D12 1830",
            "Cork A65 2024",
            "Dublin gate B12 1430",
            "got 250 likes sq",
            "250 likes sq",
            "Lols u 1",
            "wait leh. Both of u 2",
            "W210 is my printer",
            "9straße",
            // Found by fuzzing: a street's ending, and nothing behind it.
            "call it 90-123weg",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
