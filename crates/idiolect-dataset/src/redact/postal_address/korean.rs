//! Addresses in Korean: 서울특별시 강남구 테헤란로 152, 역삼동 123-45, with building, block, floor and room. A road's ending is a particle as
//! well (회사로, "to the company"), so a road counts only behind a city, county or ward, and no counter may follow its number.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::redact::{PiiKind, Span};

/// The provinces and the cities of their rank, in full and in short.
const PROVINCE: &str = "(?: (?: 서울 | 부산 | 대구 | 인천 | 광주 | 대전 | 울산 | 세종 ) (?: 특별자치시 | 특별시 | 광역시 | 시 )?
    | (?: 경기 | 강원 | 충청[남북] | 전라[남북] | 경상[남북] | 제주 | 충[남북] | 전[남북] | 전북 | 경[남북] ) (?: 특별자치도 | 도 )? )";

const HOUSE: &str = "[0-9]{1,4} (?: - [0-9]{1,4} )? (?: 번지 )?";

/// A building and what is in it: 한빛아파트 101동 202호, 3층, (역삼동), 06236.
const REST: &str = r"(?: [\x20,]{0,2} \( [가-힣] [가-힣0-9,\x20]{0,20} \) )?
    (?: [\x20,]{1,2} [가-힣A-Za-z0-9]{0,12}? (?: 아파트 | APT | 빌딩 | 빌라 | 타워 | 오피스텔 | 맨션 | 하우스 | 주공 | 자이 | 래미안 | 푸르지오 | 힐스테이트 | 타운 | 캐슬 | 상가 | 센터 | 플라자 | 원룸 | 고시원 ) )?
    (?: [\x20,]{1,2} (?: 제?[0-9]{1,4} | [A-Z가-다] ) 동 )? (?: [\x20,]{0,2} (?: [가-힣A-Za-z0-9]{2,12} \x20 )? (?: 지하\x20? | B )? [0-9]{1,2} 층 )? (?: [\x20,]{0,2} [0-9]{1,4} 호 )?
    (?: [\x20,]{0,2} \( [0-9]{5} \) | ,\x20? [0-9]{5} )?";

static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(
        r"(?x) (?: (?: 우\)?\x20? )? \(?[0-9]{{5}}\)? [\x20,]{{1,2}} )?
              (?: {PROVINCE} | (?P<first> [가-힣]{{1,5}} [시군구] ) ) (?: \x20 [가-힣]{{1,5}} [시군구읍면동리] ){{0,3}}
              \x20 (?: (?P<road> [가-힣] [가-힣0-9]{{0,9}}? (?: 로 | 길 ) (?: \x20?[0-9]{{1,4}} [번가나다]?길 )? ) | [가-힣]{{1,5}} [0-9]? [동리가] (?: \x20산 )? )
              \x20? (?P<house> {HOUSE} ) (?P<rest> {REST} )
            | (?P<quarter> [가-힣]{{1,5}} [0-9]? 동 ) \x20? (?P<lot> [0-9]{{1,4}} (?: - [0-9]{{1,4}} (?: 번지 )? | 번지 ) ) (?P<rest_of_lot> {REST} )
            | [가-힣]{{1,8}} 로 [0-9]{{1,4}} 번길 \x20? {HOUSE} {REST}
            | [0-9]{{1,4}} 동 \x20? [0-9]{{3,4}} 호"
    ))
    .expect("the pattern is constant")
});

pub(super) fn find(text: &str, found: &mut Vec<Span>) {
    if !has_numbered_place(text) {
        return;
    }
    for address in ADDRESS.captures_iter(text) {
        if let Some(range) = address_of(text, &address) {
            found.push(Span::new(PiiKind::PostalAddress, "address/korean", range));
        }
    }
}

/// Whether a number stands behind a word that ends as roads and quarters do, or before a block's.
fn has_numbered_place(text: &str) -> bool {
    let mut last = ' ';
    for character in text.chars() {
        let behind = character.is_ascii_digit() && matches!(last, '로' | '길' | '동' | '리' | '가' | '산');
        if behind || character == '동' && last.is_ascii_digit() {
            return true;
        }
        if character != ' ' {
            last = character;
        }
    }
    false
}

fn address_of(text: &str, address: &Captures) -> Option<Range<usize>> {
    let whole = address.get_match();
    let after = &text[whole.end()..];
    if address.name("first").is_some_and(|place| is_ordinary(place.as_str())) {
        return None;
    }
    if let Some(quarter) = address.name("quarter") {
        // "123-45" is a lot; "3-4" is a span of anything.
        let digits = address["lot"].bytes().filter(u8::is_ascii_digit).count();
        let sure = digits >= 3 || address["lot"].ends_with("번지");
        let known = sure && !is_ordinary(quarter.as_str()) && (!address["rest_of_lot"].is_empty() || ends(after));
        return known.then(|| whole.range());
    }
    let counted = address.name("rest").is_some_and(|rest| rest.is_empty()) && !ends(after);
    // "으로" is a particle only.
    let particle = address.name("road").is_some_and(|road| road.as_str().ends_with("으로"));
    (!counted && !particle).then(|| whole.range())
}

/// Ordinary words that end as cities, wards and quarters do.
fn is_ordinary(word: &str) -> bool {
    const WORDS: [&str; 44] = [
        "친구", "야구", "축구", "농구", "배구", "당구", "탁구", "입구", "출구", "도구", "가구", "식구", "누구", "연구",
        "요구", "기구", "지구", "다시", "혹시", "잠시", "역시", "도시", "표시", "택시", "일시", "즉시", "접시", "무시",
        "당시", "몇시", "운동", "활동", "이동", "자동", "행동", "노동", "감동", "작동", "공동", "충동", "출동", "변동",
        "수동", "진동",
    ];
    WORDS.iter().any(|ordinary| word.ends_with(ordinary))
}

/// Whether a house number may end before `after`: no counter follows (152번 버스, 3시), only a particle or nothing.
fn ends(after: &str) -> bool {
    let counts = |word: &str| {
        word.starts_with(['시', '분', '명', '개', '번', '원', '층', '월', '일', '년', '살', '대', '호', '차', '회'])
    };
    match after.chars().next() {
        Some(' ') => !counts(&after[1..]),
        Some(next @ '가'..='힣') => "에이입로으의은는인예요야까부쪽근앞맞".contains(next),
        Some(next) => !next.is_ascii_alphanumeric() && !matches!(next, '%' | ':' | '~'),
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::tests::found_by;

    fn found(text: &str) -> Vec<&str> {
        found_by(find, text)
    }

    #[test]
    fn finds_roads_and_lots() {
        for (text, address) in [
            ("서울특별시 강남구 테헤란로 152", "서울특별시 강남구 테헤란로 152"),
            ("주소는 서울시 강남구 테헤란로 152입니다", "서울시 강남구 테헤란로 152"),
            ("강남구 테헤란로 152로 와", "강남구 테헤란로 152"),
            ("우리집은 역삼동 123-45야", "역삼동 123-45"),
            ("경기도 성남시 분당구 정자동 178-1", "경기도 성남시 분당구 정자동 178-1"),
            ("06236 서울 강남구 테헤란로 152, 3층", "06236 서울 강남구 테헤란로 152, 3층"),
            (
                "부산광역시 해운대구 센텀중앙로 79 한빛아파트 101동 202호",
                "부산광역시 해운대구 센텀중앙로 79 한빛아파트 101동 202호",
            ),
            ("마포구 월드컵북로 396 누리꿈스퀘어 5층", "마포구 월드컵북로 396 누리꿈스퀘어 5층"),
            ("중앙로12번길 34", "중앙로12번길 34"),
            ("101동 202호로 배달", "101동 202호"),
            ("수원시 팔달구 정조로 825번길 12-3 (북수동)", "수원시 팔달구 정조로 825번길 12-3 (북수동)"),
            ("제주도 서귀포시 성산읍 일출로 284", "제주도 서귀포시 성산읍 일출로 284"),
            ("서초동 1303번지", "서초동 1303번지"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
    }

    #[test]
    fn leaves_other_numbers_alone() {
        for text in [
            "5층에서 봐",
            "3번 출구로 나와",
            "집으로 3시까지 와",
            "서울 집으로 3시까지",
            "서울로 3시에 출발",
            "부산 회사로 152번 버스",
            "친구 회사로 152",
            "운동 3-4회",
            "활동 123-45점",
            "우리동 3-4명",
            "강남구로 2시에",
            "3대 2로 이겼어",
            "2동 앞에서",
            "길 2개 건너",
            "10월 3일로 바꿔",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
