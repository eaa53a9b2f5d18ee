//! Addresses in Chinese, which run from the large to the small without spaces: 省, 市, 区, 路 and a number with 号.

use std::sync::LazyLock;

use regex::Regex;

use crate::redact::{PiiKind, Span};

static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x) (?: \p{Han}{2,7} (?: 省 | 市 | 区 | 區 | 县 | 縣 | 镇 | 鎮 | 乡 | 鄉 | 自治区 ) [，,、\x20]? ){0,5}
            (?: \p{Han}{1,5} (?: 路 | 街 | 道 | 巷 | 弄 | 胡同 | 大街 | 大道 | 村 ) [\p{Han}]{0,3} ) \x20? [0-9０-９]{1,5} (?: [-–][0-9]{1,4} )? \x20? (?: 号 | 號 | 弄 )
            (?: [，,、\x20]? (?: [0-9０-９A-Z]{1,5} | \p{Han}{1,8} ) (?: 号楼 | 號樓 | 号室 | 號室 | 号 | 栋 | 幢 | 座 | 楼 | 樓 | 层 | 層 | 单元 | 室 | 房 | 大厦 | 大廈 ) ){0,4}",
    )
    .expect("the pattern is constant")
});

pub(super) fn find(text: &str, found: &mut Vec<Span>) {
    if text.is_ascii()
        || !["号", "號", "弄"].iter().any(|mark| memchr::memmem::find(text.as_bytes(), mark.as_bytes()).is_some())
    {
        return;
    }
    found.extend(
        ADDRESS
            .find_iter(text)
            .map(|address| Span::new(PiiKind::PostalAddress, "address/ideographic", address.range())),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let mut spans = Vec::new();
        find(text, &mut spans);
        spans.iter().map(|span| &text[span.range.clone()]).collect()
    }

    #[test]
    fn finds_streets_with_their_numbers() {
        assert_eq!(found("寄到山东省青岛市香港东路6号，5号楼，8号室"), ["寄到山东省青岛市香港东路6号，5号楼，8号室"]);
        assert_eq!(found("地址：北京市海淀区中关村大街27号"), ["北京市海淀区中关村大街27号"]);
    }

    #[test]
    fn leaves_other_numbers_alone() {
        for text in ["今天是5号", "坐3路车", "8号见", "第12号线"] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
