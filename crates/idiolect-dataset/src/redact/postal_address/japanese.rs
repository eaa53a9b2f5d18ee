//! Addresses in Japanese, from the large to the small: 〒150-0041 東京都渋谷区神南1-19-11 ハイツ神南101号室. A place has to be there
//! (a prefecture, city, ward or town) and a number behind it that only houses have: a chain, 丁目, 番地.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::redact::{PiiKind, Span};

/// The digits of one number, as typed or spelled.
const NUMBER: &str = "(?: [0-9０-９]{1,4} | [〇一二三四五六七八九十百]{1,5} )";

/// What joins the numbers of a chain: 1-19-11, １−１９−１１, 1の19.
const JOINT: &str = "[-‐‑‒–—−－ーｰの]";

const POSTCODE: &str = "[0-9０-９]{3} [-‐‑‒–—−－ーｰ] [0-9０-９]{4}";

const PREFECTURE: &str = "(?: 北海道 | 東京都 | (?: 大阪 | 京都 ) 府 | (?: 青森 | 岩手 | 宮城 | 秋田 | 山形 | 福島 | 茨城 | 栃木 | 群馬 | 埼玉
    | 千葉 | 神奈川 | 新潟 | 富山 | 石川 | 福井 | 山梨 | 長野 | 岐阜 | 静岡 | 愛知 | 三重 | 滋賀 | 兵庫 | 奈良 | 和歌山 | 鳥取 | 島根 | 岡山 | 広島 | 山口
    | 徳島 | 香川 | 愛媛 | 高知 | 福岡 | 佐賀 | 長崎 | 熊本 | 大分 | 宮崎 | 鹿児島 | 沖縄 ) 県 )";

/// Cities whose names are not in ideographs alone.
const CITY: &str = r"(?: (?: さいたま | つくば | いわき | うるま | ひたちなか | あきる野 | かすみがうら | つがる | ふじみ野 | いすみ | みどり | むつ | さぬき | たつの
    | みなかみ | おおい | [\p{Han}々ヶケ]{1,6}? ) [市区郡町村] )";

/// A building and what is in it: ハイツ101号室, コーポさくら 203, 5階.
const ROOM: &str = r"(?: [\x20\u{3000},、\n]? (?: [\p{Han}\p{Katakana}ーA-Za-zＡ-Ｚａ-ｚ]{0,12}?
        (?: ハイツ | マンション | アパート | ビル | コーポ | ハイム | メゾン | レジデンス | タワー | パレス | コート | プラザ | 団地 | ヒルズ | ハウス | 荘 | 館 | 寮 )
        (?: [\p{Han}\p{Katakana}\p{Hiragana}ー]{0,8}? [\x20\u{3000}]? [A-ZＡ-Ｚ]?-?[0-9０-９]{1,4} (?: 号室 | 号棟 | 号 | 階 | [FＦ] | 棟 )? )?
        | [A-ZＡ-Ｚ]?[0-9０-９]{1,4} (?: 号室 | 号棟 | 階 | [FＦ] | 棟 ) ) )";

static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    let houses = format!(
        r"{NUMBER} (?: (?: (?: (?: 丁目 | 番地の? | 番 ) \x20? | {JOINT} ) {NUMBER} ){{1,4}} (?: 丁目 | 番地 | 番 | 号室 | 号 )? | 丁目 | 番地 )"
    );
    Regex::new(&format!(
        r"(?x) (?P<postcode> 〒 \x20? {POSTCODE} )
            | (?P<place> {PREFECTURE} [\x20\u{{3000}}]? (?: {CITY} [\x20\u{{3000}}]? ){{0,3}} | (?: {CITY} [\x20\u{{3000}}]? ){{1,3}} )
                (?P<town> [\p{{Han}}\p{{Hiragana}}\p{{Katakana}}ー々]{{0,12}}? (?: [0-9０-９]{{1,2}} 条 [東西南北]? )? ) [\x20\u{{3000}}]? (?P<houses> {houses} ) (?P<room> {ROOM}{{0,3}} )
            | (?P<quarter> [\p{{Han}}\p{{Katakana}}ー々]{{1,8}} {NUMBER} 丁目 [\x20\u{{3000}}]? {NUMBER} (?: (?: 番地の? | 番 | 号 | {JOINT} ) (?: {NUMBER} 号? )? ){{0,2}} ) {ROOM}{{0,3}}"
    ))
    .expect("the pattern is constant")
});

static PREFECTURES: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(&format!("(?x) {PREFECTURE}")).expect("the pattern is constant"));

/// 150-0041 right before a prefecture, or at the end of what comes before an address, with its 〒.
static POSTCODE_BEFORE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(r"(?x) (?: 〒 \x20? )? {POSTCODE} [\s,、]{{0,2}} $")).expect("the pattern is constant")
});

pub(super) fn find(text: &str, found: &mut Vec<Span>) {
    if !has_houses(text) {
        return;
    }
    for address in ADDRESS.captures_iter(text) {
        if let Some(range) = address_of(text, &address) {
            found.push(Span::new(PiiKind::PostalAddress, "address/japanese", range));
        }
    }
}

/// Whether there is a number as houses have it, which most of what names a place lacks.
fn has_houses(text: &str) -> bool {
    let mut last = [' '; 2];
    for character in text.chars() {
        let joined = is_digit(last[0]) && JOINT.contains(last[1]) && is_digit(character);
        if joined || matches!(character, '〒' | '目' | '番') {
            return true;
        }
        last = [last[1], character];
    }
    false
}

fn is_digit(character: char) -> bool {
    matches!(
        character,
        '0'..='9' | '０'..='９' | '〇' | '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十'
    )
}

fn address_of(text: &str, address: &Captures) -> Option<Range<usize>> {
    let whole = address.get_match().range();
    if address.name("postcode").is_some() || address.name("quarter").is_some() {
        return Some(whole);
    }
    let (place, town, houses) = (&address["place"], &address["town"], &address["houses"]);
    let room = !address["room"].is_empty();
    if matches!(place.trim_end(), "都市" | "地区" | "町村" | "市町村" | "学区" | "街区" | "市町" | "市区")
    {
        return None;
    }
    let prefecture = PREFECTURES.find(place).map(|prefecture| prefecture.start());
    // 住所東京都渋谷区: the place begins with its prefecture.
    let start = whole.start + prefecture.unwrap_or(0);
    let before =
        POSTCODE_BEFORE.find(&text[..start]).filter(|code| prefecture.is_some() || code.as_str().starts_with('〒'));
    let parts =
        place.chars().filter(|part| "都道府県市区郡町村".contains(*part)).count() + usize::from(before.is_some());
    let known = is_house(houses, town, parts, room) && (room || !is_counted(&text[whole.end..]));
    known.then(|| before.map_or(start, |code| code.start())..whole.end)
}

/// Whether `houses` behind `parts` of a place and `town` is no date, score, telephone or span of time.
fn is_house(houses: &str, town: &str, parts: usize, room: bool) -> bool {
    if houses.contains("丁目") || houses.contains("番地") || houses.contains('番') && houses.ends_with('号') {
        return true;
    }
    let numbers: Vec<&str> =
        houses.split(|c: char| !is_digit(c) && c != '百').filter(|number| !number.is_empty()).collect();
    let length = |number: &str| number.chars().count();
    let (Some(first), Some(last)) = (numbers.first(), numbers.last()) else { return false };
    let telephone = first.starts_with(['0', '０']) || length(first) >= 3 && length(last) >= 4;
    let date = length(first) == 4 && first.starts_with(['1', '2']) && numbers.len() == 3;
    // は, が and their like end the name of no town; a match is no house.
    let sentence = town.ends_with(['は', 'が', 'を', 'に', 'で', 'と', 'も', 'の', 'へ', 'や', 'か', 'ら', 'て', 'た'])
        || [
            "大会",
            "高校",
            "高",
            "中学",
            "大学",
            "代表",
            "戦",
            "決勝",
            "リーグ",
            "チーム",
            "試合",
            "対",
            "選手",
            "前半",
            "後半",
            "スコア",
            "まで",
            "から",
        ]
        .iter()
        .any(|word| town.ends_with(word));
    let enough = match numbers.len() {
        0 | 1 => false,
        2 => parts >= 2 || room,
        _ => true,
    };
    enough && !telephone && !date && !sentence
}

/// Whether what follows counts something (3-4人) or says who won (3-1で勝った).
fn is_counted(after: &str) -> bool {
    after.starts_with(|next: char| {
        "時人個日月年回分万円歳本枚台秒週点件勝敗".contains(next) || next == '%' || is_digit(next)
    }) || after.strip_prefix('で').is_some_and(|result| result.starts_with(['勝', '負', '敗', '引', '終', '先', '逆']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::tests::found_by;

    fn found(text: &str) -> Vec<&str> {
        found_by(find, text)
    }

    #[test]
    fn finds_places_with_their_houses() {
        for (text, address) in [
            ("東京都渋谷区神南1-19-11", "東京都渋谷区神南1-19-11"),
            ("住所は〒150-0041 東京都渋谷区神南1-19-11です", "〒150-0041 東京都渋谷区神南1-19-11"),
            ("150-0041 東京都渋谷区神南１−１９−１１", "150-0041 東京都渋谷区神南１−１９−１１"),
            ("家は渋谷区神南1丁目19番11号だよ", "渋谷区神南1丁目19番11号"),
            ("北海道札幌市中央区北一条西二丁目", "北海道札幌市中央区北一条西二丁目"),
            ("住所東京都渋谷区神南一丁目十九番十一号", "東京都渋谷区神南一丁目十九番十一号"),
            ("さいたま市大宮区桜木町1-7-5 ハイツ101号室に来て", "さいたま市大宮区桜木町1-7-5 ハイツ101号室"),
            ("大阪府堺市堺区南瓦町3-1 マンション 302", "大阪府堺市堺区南瓦町3-1 マンション 302"),
            ("川崎市幸区大宮町1-5に送って", "川崎市幸区大宮町1-5"),
            ("長野県上田市大手1234番地", "長野県上田市大手1234番地"),
            ("横浜市西区みなとみらい2-2-1 5階", "横浜市西区みなとみらい2-2-1 5階"),
            ("千代田区霞が関1-2-3の隣", "千代田区霞が関1-2-3"),
            ("札幌市北区北8条西5丁目", "札幌市北区北8条西5丁目"),
            ("銀座4丁目6-16で待ってる", "銀座4丁目6-16"),
            ("郵便番号は〒100-8111", "〒100-8111"),
            ("港区芝公園4の2の8", "港区芝公園4の2の8"),
            ("京都府京都市中京区河原町通二条5-2コーポさくら203", "京都府京都市中京区河原町通二条5-2コーポさくら203"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
    }

    #[test]
    fn leaves_other_numbers_alone() {
        for text in [
            "3月4日に会おう",
            "3時に駅で",
            "2号車に乗って",
            "横浜市が3-1で勝った",
            "川崎市立高校2-1",
            "渋谷区役所03-1234-5678",
            "東京都で2024-11-03に",
            "市大会で3-2で負けた",
            "4丁目の角を曲がって",
            "渋谷区は人が多い",
            "福岡市まで1-2時間",
            "東京都内で3-4人",
            "一番町が好き",
            "町で1-2個買った",
            "2番線の電車",
            "1-19-11",
            "都市3-1-2",
            "大阪市のバス2番",
            "北海道で2-3日",
            "1番地味な服",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
