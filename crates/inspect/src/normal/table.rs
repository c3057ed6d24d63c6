//! What each character becomes: one table, made once.

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;

/// Nothing is left of it.
pub(super) const DROPPED: u32 = 0;
/// It becomes more than one character.
pub(super) const SPREAD: u32 = 1;
/// Characters of the basic plane; those beyond are rare and worked out each time.
const PLANE: usize = 0x1_0000;

const SIMPLIFIED: &str = include_str!("simplified.txt");

/// All that people draw where ★ stands.
const STARS: &str = "☆⭐✩✪✫✬✭✮✯✰⋆⭑⭒✦✧✡✱✲✳✴✵✶✷✸✹✺❂❉❊❋※⍟🌟";
/// Letters that look Latin, each before the one that it looks like.
const ALIKE: &str =
    "АAВBЕEКKМMНHОOРPСCТTУYХXаaеeоoрpсcуyхxІIіiЅSѕsЈJјjΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXοo";

pub(super) struct Table(Vec<u16>);

static TABLE: LazyLock<Table> = LazyLock::new(Table::new);

impl Table {
    pub(super) fn get() -> &'static Self {
        &TABLE
    }

    fn new() -> Self {
        let mut table = Self((0..=u16::MAX).collect());
        for code in 0x80..=u16::MAX {
            if let Some(c) = char::from_u32(u32::from(code)) {
                table.set(c, single(c));
            }
        }
        for star in STARS.chars() {
            table.set(star, u16::try_from(u32::from('★')).unwrap_or_default());
        }
        pairs(ALIKE, |one, other| table.set(one, unit(other)));
        for line in SIMPLIFIED.lines().filter(|line| !line.starts_with('#')) {
            pairs(line, |one, other| table.set(one, unit(other)));
        }
        // compatibility forms of traditional characters
        for code in 0x2e80..=u16::MAX {
            let Some(c) = char::from_u32(u32::from(code)) else {
                continue;
            };
            let now = table.of(c);
            if now != u32::from(c) && now > 0x2e80 {
                let further = char::from_u32(now).map_or(now, |c| table.of(c));
                table.set(c, u16::try_from(further).unwrap_or_default());
            }
        }
        table
    }

    fn set(&mut self, c: char, to: u16) {
        if let Some(place) = self.0.get_mut(u32::from(c) as usize) {
            *place = to;
        }
    }

    /// Whether a character of the basic plane becomes nothing else.
    #[inline]
    pub(super) fn stays(&self, code: u32) -> bool {
        self.0
            .get(code as usize)
            .is_some_and(|to| u32::from(*to) == code)
    }

    /// What a character becomes: [`DROPPED`], [`SPREAD`], or another one.
    #[inline]
    pub(super) fn of(&self, c: char) -> u32 {
        match self.0.get(u32::from(c) as usize) {
            Some(to) => u32::from(*to),
            None => beyond(c),
        }
    }

    /// Gives what a character becomes, one by one.
    pub(super) fn fold(&self, c: char, give: &mut dyn FnMut(char)) {
        match self.of(c) {
            DROPPED => {}
            SPREAD => std::iter::once(c)
                .nfkc()
                .filter(|c| *c != ' ')
                .for_each(|one| {
                    if let Some(one) = char::from_u32(self.of(one)) {
                        give(one);
                    }
                }),
            to => {
                if let Some(to) = char::from_u32(to) {
                    give(to);
                }
            }
        }
    }
}

fn unit(c: char) -> u16 {
    u16::try_from(u32::from(c)).unwrap_or_default()
}

fn pairs(text: &str, mut with: impl FnMut(char, char)) {
    let mut characters = text.chars();
    while let (Some(one), Some(other)) = (characters.next(), characters.next()) {
        with(one, other);
    }
}

fn beyond(c: char) -> u32 {
    if STARS.contains(c) {
        return u32::from('★');
    }
    match u32::from(c) {
        // tags, selectors of variants
        0xe_0000..=0xe_0fff => DROPPED,
        0x1_d400..=0x1_d7ff | 0x1_f100..=0x1_f1ff | 0x2_f800..=0x2_fa1f => {
            let mut all = std::iter::once(c).nfkc();
            match (all.next(), all.next()) {
                (Some(one), None) => u32::from(one),
                _ => SPREAD,
            }
        }
        code => code,
    }
}

/// What NFKC makes of a character alone.
fn single(c: char) -> u16 {
    let dropped = matches!(c,
        '\u{80}'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{300}'..='\u{36f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffc}' | '\u{20d0}'..='\u{20f0}');
    if dropped && c != '\u{85}' {
        return u16::try_from(DROPPED).unwrap_or_default();
    }
    if c.is_whitespace() {
        return unit(' ');
    }
    let mut all = std::iter::once(c).nfkc();
    match (all.next(), all.next()) {
        (Some(one), None) if (u32::from(one) as usize) < PLANE => unit(one),
        _ => u16::try_from(SPREAD).unwrap_or_default(),
    }
}
