//! The months' names in many languages.

/// How they begin, of the Unicode locale data's names in small letters; Croatian `listopada` apart, which is Polish November.
const MONTHS: [&str; 12] = [
    "jan ene gen sty янв oca led січ ian ιαν ינואר يناير जन มกรา tam яну sij јан сту sau jaa ژان জানু xan urt ஜன జన \
     ಜನ ജനു जाने જાન્ ਜਨ جنو ጃን հունվ հնվ იან қаң ဇန် មករ ມັງກ yan",
    "feb fév fev lut фев şub úno лют φεβ פברואר فبراير फ़र फर กุมภา hel vel феб vee فور ফেব peb ots shk பிப் ఫిబ్ \
     ಫೆಬ್ ഫെബ് फेब् ફેબ્ ਫ਼ਰ فرو ፌብ փետ փտվ თებ ақп ဖေ កុម្ ກຸມ vasar",
    "mar mär maa már мар bře бер μαρ מרץ मार्च มีนา μάρ mac ožu сак kov মার மார் మార్ ಮಾರ್ മാർ માર ਮਾਰ مار mrt ማርች \
     մար մրտ მარ нау မတ် មីន ມີນ",
    "apr avr abr ápr kwi апр nis dub квіт απρ huht אפריל أبريل अप्र เมษา tra кра bal آور এপ্র api pri ஏப் ఏప్ర ಏಪ್ರ \
     ഏപ്ര एप्र એપ્ર ਅਪ੍ਰ اپر ኤፕሪ ապր აპრ сәу ဧပြ មេស ເມສ",
    "may mai mag mei maj máj мая май kvě трав μαΐ μάι touko מאי مايو मई พฤษภา svi мај geg maí مه মে மே మే ಮೇ മേയ मे \
     મે ਮਈ مئی ሜይ մայ մյս მაი мам မေ ឧសភ ພຶດສ",
    "jun juin jún giu cze июн haz červ черв iun ιουν ιούν kesä יוני يونيو जून มิถุนา юни lipn lipa јун чэр bir jūn \
     juun ژوئن জুন hun xuñ eka qer ஜூன జూన ಜೂನ ജൂൺ જૂન ਜੂਨ جون ጁን հունի հնս ივნ мау ဇွန មិថុ ມິຖຸ iyun",
    "jul juil júl lug lip июл tem červenec července лип iul ιουλ ιούλ heinä יולי يوليو जुल กรกฎา юли srpnj srpa јул \
     ліп lie jūl juul ژوئی জুল hul xul uzt kor ஜூல జుల ಜುಲ ജൂല જુલ ਜੁਲ جول ጁላይ հուլ հլս ივლ шіл ဇူ កក្ក ກໍລະ iyul",
    "aug aoû aou ago sie авг ağu srp серп αυγ αύγ elo אוגוסט أغسطس अग สิงหา agu ogo avg жні rugp ágú اوت আগ abu gus \
     ஆக ఆగ ಆಗ ഓഗ ऑग ઑગસ ਅਗ اگس ኦገስ օգո օգս აგვ там ဩဂု សីហ ສິງ avq kolov",
    "sep set wrz сен eyl zář szept σεπ syys ספטמבר سبتمبر सित กันยา вер сеп ruj rugs سپت সেপ ira செப் సెప్ ಸೆಪ್ \
     സെപ് सप्ट સપ્ટ ਸਤੰ ستم ሴፕቴ սեպ სექ қыр စက် កញ្ ກັນ shta sent",
    "oct okt out ott paź окт eki říj жовт οκτ loka אוקטובר أكتوبر अक् ตุลา кас spa اکت অক্ট urr tet அக் అక్ట ಅಕ್ಟ \
     ഒക് ऑक्ट ઑક્ટ ਅਕਤੂ ኦክቶ հոկ ოქტ қаз အောက តុល ຕຸລ",
    "nov lis ноя kas noi νοε νοέ marras נובמבר نوفمبر नव พฤศจิกา лис ное stu нов ліс lap nóv نوا নভে nob aza nën நவ \
     నవం ನವೆಂ നവം नोव् નવે ਨਵੰ نوم ኖቬም նոյ ნოე қар နို វិច្ ພະຈ noy",
    "dec dez déc dic des gru дек ara груд δεκ joulu דצמבר ديسمبر दिस ธันวา pro дец сне det دسا ডিসে abe dhj டிச \
     డిసె ಡಿಸೆ ഡിസം डिसे ડિસે ਦਸੰ دسم ዲሴም դեկ დეკ жел ဒီ ធ្ន ທັນ dek dise disy",
];

/// Names of weekdays that begin like a month's.
const WEEKDAYS: [&str; 9] =
    ["maandag", "maanantai", "maanantaina", "mardi", "martes", "martedì", "marți", "martë", "сенбі"];

/// The month that a lower-case word names, 1 to 12.
pub(super) fn month(word: &str) -> Option<i8> {
    if WEEKDAYS.contains(&word) {
        return None;
    }
    // Hebrew and Catalan write a preposition in one with it.
    let word = word.strip_prefix('ב').unwrap_or(word);
    let word = word.strip_prefix("d’").or_else(|| word.strip_prefix("d'")).unwrap_or(word);
    // Czech July begins like June.
    let length = |names: &str| names.split(' ').filter(|name| word.starts_with(name)).map(str::len).max();
    let found = MONTHS.iter().enumerate().filter_map(|(index, names)| Some((length(names)?, index)));
    let (_, index) = found.max_by_key(|(length, _)| *length)?;
    i8::try_from(index + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::month;

    #[test]
    fn months_of_many_languages() {
        for (names, expected) in [
            ("january tammikuuta siječnja януари jaanuar జనవరి", 1),
            ("helmikuuta veljače vasario veebruar pebrero फेब्रुवारी", 2),
            ("mars mac ožujka сакавіка مارچ", 3),
            ("travnja balandžio prill এপ্রিল", 4),
            ("svibnja maí gegužės மே", 5),
            ("lipnja juuni qershor ಜೂನ್ června", 6),
            ("srpnja lipca jūlijs xullo july", 7),
            ("agustus ogos kolovoza srpna avgusta gusht", 8),
            ("rujna rugsėjo shtator सप्टेंबर setembre", 9),
            ("spalio tetor অক্টোবর října", 10),
            ("listopada листопада studenoga nobyembre", 11),
            ("prosinca disember detsember декември grudnia", 12),
        ] {
            for name in names.split(' ') {
                assert_eq!(month(name), Some(expected), "{name}");
            }
        }
        for weekday in ["martes", "martë", "senin", "vasárnap", "kolmapäev", "dissabte", "shtunë", "сенбі", "maandag"]
        {
            assert_eq!(month(weekday), None, "{weekday}");
        }
    }
}
