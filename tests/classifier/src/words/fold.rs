//! What Unicode asks of a word splitter that knows no language: marks, accents, scripts without spaces.

/// Whether a character is drawn onto the one before it. Such marks neither split a word nor distinguish it.
pub(super) fn is_mark(letter: char) -> bool {
    matches!(letter,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5bd}' | '\u{610}'..='\u{61a}'
        | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{200c}' | '\u{200d}' | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{fe20}'..='\u{fe2f}')
}

/// Whether a character is a word by itself: a sign of a script written without spaces, or a symbol.
pub(super) fn stands_alone(letter: char) -> bool {
    let unspaced = matches!(letter,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}'
        | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{ff66}'..='\u{ff9d}' | '\u{20000}'..='\u{3ffff}');
    let symbol = matches!(letter, '\u{a2}'..='\u{a5}' | '\u{20a0}'..='\u{20cf}' | '\u{2190}'..='\u{2bff}'
        | '\u{1f000}'..='\u{1faff}');
    unspaced || (symbol && !letter.is_alphanumeric())
}

/// `word` without combining marks and without the accents of Latin letters. `word` is in lower case.
pub(super) fn fold(word: &str) -> String {
    word.chars()
        .filter(|&letter| !is_mark(letter))
        .map(unaccented)
        .collect()
}

fn unaccented(letter: char) -> char {
    match letter {
        'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'ď' | 'đ' => 'd',
        'è'..='ë' | 'ē' | 'ę' | 'ě' => 'e',
        'ì'..='ï' | 'ī' => 'i',
        'ł' => 'l',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => 'o',
        'ř' => 'r',
        'ś' | 'š' | 'ş' => 's',
        'ť' => 't',
        'ù'..='ü' | 'ū' | 'ů' | 'ű' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        '\u{2019}' => '\'',
        other => other,
    }
}
