//! Addresses in Chinese, which run from the large to the small without spaces: 省, 市, 区, 路 and a number with 号, or a
//! housing estate with its block and room.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::redact::{PiiKind, Span};

/// A number in Chinese, as streets of Taiwan have it: 五段七號.
const SPELLED: &str = "[〇零一二三四五六七八九十百]{1,6}";

static STREET: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(
        r"(?x) (?P<code> [0-9]{{3}} (?: [0-9]{{2,3}} )? \x20? )? (?: \p{{Han}}{{2,7}} (?: 省 | 市 | 区 | 區 | 县 | 縣 | 镇 | 鎮 | 乡 | 鄉 | 自治区 ) [，,、\x20]? ){{0,5}}
            (?P<road> (?: (?: 香港 | 九龍 | 九龙 | 新界 ) \p{{Han}}{{0,4}} )? \p{{Han}}{{1,6}} (?: 路 | 街 | 道 | 巷 | 弄 | 胡同 | 大街 | 大道 | 村 ) ) (?P<behind> \p{{Han}}{{0,3}} )
            (?: \x20? [0-9０-９]{{1,2}} 段 )? (?: \x20? [0-9０-９]{{1,4}} \x20? (?: 巷 | 弄 | 衖 ) ){{0,2}}
            \x20? (?: [0-9０-９]{{1,5}} [A-Z]? (?: [-–之] [0-9]{{1,4}} )? | (?P<spelled> {SPELLED} ) ) \x20? (?: 号院? | 號院? | 弄 ) (?: 之 (?: [0-9０-９]{{1,3}} | {SPELLED} ) )?
            (?: [，,、\x20]? (?: \p{{Han}}{{0,6}} [0-9０-９A-Z]{{1,5}} | \p{{Han}}{{1,8}} )
                (?: 号楼 | 號樓 | 号室 | 號室 | 号 | (?: 栋 | 棟 | 幢 | 座 ) (?: [0-9０-９]{{3,4}} )? | 楼 | 樓 | 层 | 層 | (?: 单元 | 單元 ) (?: [0-9０-９]{{3,4}} )? | 室 | 房 | 大厦 | 大廈 ) (?: 之 [0-9０-９]{{1,3}} )? ){{0,5}} (?: [，,、\x20]? (?: 邮编 | 郵編 ) [：:]? \x20? [0-9]{{6}} )?"
    ))
    .expect("the pattern is constant")
});

/// 翠苑小区12幢3单元402室: nothing else has both a block and a room.
static ESTATE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x) \p{Han}{2,10} (?: 小区 | 小區 | 社区 | 社區 | 花园 | 花園 | 苑 | 公寓 | 大厦 | 大廈 | 大樓 | 新村 | 家园 | 家園 | 嘉园 | 宿舍 | 公馆 | 邨 | 阁 | 閣 )
            [，,、\x20]? [0-9０-９A-Z]{1,4} \x20? (?: 号楼 | 號樓 | 号 | 號 | 栋 | 棟 | 幢 | 座 ) [，,、\x20]? (?: [0-9０-９]{1,2} (?: 单元 | 單元 ) [，,、\x20]? )?
            (?: [0-9０-９]{1,2} (?: 楼 | 樓 | 层 | 層 ) [0-9０-９A-Z]{1,4} (?: 室 | 房 | 号 | 號 ) | [0-9０-９]{3,4} (?: 室 | 房 | 号 | 號 )? )",
    )
    .expect("the pattern is constant")
});

/// 朝阳区建国路88: with a larger place before it the street's number needs no word, if nothing goes on behind it.
static PLACED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x) (?P<address> (?: \p{Han}{2,7} (?: 省 | 市 | 区 | 區 | 县 | 縣 | 镇 | 鎮 | 乡 | 鄉 ) [，,、\x20]? ){1,4}
            \p{Han}{1,6} (?: 路 | 街 | 道 | 大街 | 大道 | 胡同 ) (?: \x20? [0-9０-９]{1,5} (?: - [0-9０-９]{1,5} )? | \x20? [A-Za-z] 座 (?: \x20 [0-9]{6} )? ) ) (?: $ | [^\p{Han}0-9０-９:：.%年月日-] | [楼樓室栋棟附旁] )",
    )
    .expect("the pattern is constant")
});

pub(super) fn find(text: &str, found: &mut Vec<Span>) {
    let placed = |address: Captures| {
        address.name("address").map(|address| Span::new(PiiKind::PostalAddress, "address/placed", address.range()))
    };
    if text.bytes().any(|byte| byte.is_ascii_digit() || byte == 0xef) && has_placed_road(text) {
        found.extend(PLACED.captures_iter(text).filter_map(placed));
    }
    if !has_numbered_house(text) {
        return;
    }
    let streets =
        STREET.captures_iter(text).filter(|street| is_address(text, street)).map(|street| street.get_match().range());
    let all = streets.chain(ESTATE.find_iter(text).map(|estate| estate.range()));
    found.extend(all.map(|range| Span::new(PiiKind::PostalAddress, "address/ideographic", range)));
}

/// Whether a number or a letter stands behind a road, and a larger place before it, which most of what names a place lacks.
fn has_placed_road(text: &str) -> bool {
    let (mut placed, mut behind_road) = (false, false);
    for character in text.chars() {
        match character {
            '路' | '街' | '道' | '同' => behind_road = placed,
            '0'..='9' | '０'..='９' | 'A'..='Z' | 'a'..='z' if behind_road => return true,
            ' ' => {}
            _ => {
                placed |= matches!(character, '省' | '市' | '区' | '區' | '县' | '縣' | '镇' | '鎮' | '乡' | '鄉');
                behind_road = false;
            }
        }
    }
    false
}

/// Whether a number stands before a word for houses, which most of what has such a word lacks: 账号, 信号.
fn has_numbered_house(text: &str) -> bool {
    let mut behind_number = false;
    for character in text.chars() {
        match character {
            '号' | '號' | '弄' | '栋' | '棟' | '幢' | '座' if behind_number => return true,
            ' ' => {}
            _ => behind_number = is_digit(character) || character.is_ascii_uppercase(),
        }
    }
    false
}

fn is_digit(character: char) -> bool {
    matches!(
        character,
        '0'..='9' | '０'..='９' | '〇' | '零' | '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九' | '十' | '百'
    )
}

/// Whether what looks like a street and its number is one, and no day (在路口5号见) or line (人民路2号线).
fn is_address(text: &str, street: &Captures) -> bool {
    let whole = street.get_match();
    let next = text[whole.end()..].chars().next();
    let counted = whole.as_str().ends_with(['号', '號'])
        && next.is_some_and(|next| matches!(next, '线' | '線' | '车' | '車' | '口' | '门' | '門' | '桌' | '机' | '機'));
    let sentence = street["behind"]
        .contains(['口', '的', '在', '去', '到', '是', '有', '见', '等', '那', '边', '邊', '上', '办', '辦']);
    let road = &street["road"];
    let word = ["知道", "味道", "频道", "頻道", "难道", "報道", "报道", "通道", "轨道"]
        .iter()
        .any(|word| road.ends_with(word));
    // Without digits only what else belongs to an address tells it from a first prize: 走路一号.
    let placed = street.name("spelled").is_none_or(|spelled| {
        text[whole.start()..spelled.start()]
            .contains(['省', '市', '区', '區', '县', '縣', '镇', '鎮', '乡', '鄉', '段', '巷'])
    });
    !counted && !sentence && !word && placed
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::redact::tests::found_by;

    fn found(text: &str) -> Vec<&str> {
        found_by(find, text)
    }

    #[test]
    fn a_street_in_a_named_place_needs_no_word_for_its_number() {
        for (text, address) in [
            ("北京市朝阳区建国路88", "北京市朝阳区建国路88"),
            ("梅花市枫叶区红枫路1200，谢谢", "梅花市枫叶区红枫路1200"),
            ("枫江省梅花县红枫路Q座 634300", "枫江省梅花县红枫路Q座 634300"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
        for text in ["枫叶区红枫路88路公交", "枫叶区红枫路3公里", "红枫路88", "枫叶区有道题 88", "枫叶区红枫路2025年"]
        {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }

    #[test]
    fn finds_streets_with_their_numbers() {
        for (text, address) in [
            ("寄到山东省青岛市香港东路6号，5号楼，8号室", "寄到山东省青岛市香港东路6号，5号楼，8号室"),
            ("地址：北京市海淀区中关村大街27号", "北京市海淀区中关村大街27号"),
            ("台北市信義區信義路五段7號12樓", "台北市信義區信義路五段7號12樓"),
            ("寄去：九龍彌敦道132號。", "九龍彌敦道132號"),
            ("台中市西區民生路三段七號之二", "台中市西區民生路三段七號之二"),
            ("忠孝東路四段123巷45弄6號3樓之2", "忠孝東路四段123巷45弄6號3樓之2"),
            ("高雄市前鎮區中山路88之3號", "高雄市前鎮區中山路88之3號"),
            ("香港中環皇后大道中99號中環中心55樓", "香港中環皇后大道中99號中環中心55樓"),
            ("旺角西洋菜南街1A號", "旺角西洋菜南街1A號"),
            ("深圳市南山区科苑路15号科兴科学园A栋3单元1201", "深圳市南山区科苑路15号科兴科学园A栋3单元1201"),
            ("海淀区中关村南大街5号院9号楼", "海淀区中关村南大街5号院9号楼"),
            ("放，枫叶路17号2栋701门口就行", "枫叶路17号2栋701"),
            ("住 中山北路 12 号 3 楼", "中山北路 12 号"),
            ("寄到 131 枫叶广慈街8段3號8樓", "131 枫叶广慈街8段3號8樓"),
            ("305枫竹市光復路二段73號", "305枫竹市光復路二段73號"),
            ("枫江省枫州市枫湖区文三路334号，邮编310099", "枫江省枫州市枫湖区文三路334号，邮编310099"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
    }

    #[test]
    fn finds_estates_with_block_and_room() {
        for (text, address) in [
            ("我家：翠苑小区12幢3单元402室", "翠苑小区12幢3单元402室"),
            ("送到，阳光花园3栋501", "阳光花园3栋501"),
            ("荔景邨A座12樓1203室", "荔景邨A座12樓1203室"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
    }

    #[test]
    fn leaves_other_numbers_alone() {
        for text in [
            "今天是5号",
            "坐3路车",
            "8号见",
            "第12号线",
            "在路口5号见",
            "坐到人民路2号线",
            "走路一号",
            "我的账号",
            "3号楼",
            "小区3号见",
            "二〇二六年十月一号",
            "他住在小区",
            "上街的2号",
            "这条路有3号",
            "花园3座",
            "你知道3号吗",
            "街道办3号",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_placed_has_a_placed_road(text in "[省市县梅花]{0,4}[省市区,]?[梅花大胡]{0,3}[路街道同]? ?([A-B0-9０-９]{0,2}座?[ ,公]?){0,2}") {
            prop_assert!(has_placed_road(&text) || !PLACED.is_match(&text), "{}", text);
        }
    }
}
