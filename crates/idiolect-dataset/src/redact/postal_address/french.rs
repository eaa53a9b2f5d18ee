//! French streets whose house comes first, in the middle of a sentence, as far as their name goes: "jsuis au 30 av jean olmo code 45b12",
//! "mon adresse cest 9 avenue emile olmo 13006 marseille".

use super::announced::{is_address_word, is_living};
use super::continental::{self, is_again, joins};
use super::word::{Gap, Word};
use super::words::*;
use super::{city, door, kinds, onward, small, whole};
use crate::word_set::word_set;

/// How many words before a house may lead to it.
const REACH: usize = 4;

word_set! {
    /// What is no other word behind a number.
    is_sure_start [STARTS]: "rue" "chemin" "impasse" "allée" "allee" "allées" "allees" "ruelle" "faubourg" "fbg" "quai" "blvd" "bd" "boulevard" "avenue";

    /// Words that are counted as well, and short for others.
    is_start [DOUBTFUL_STARTS]: "place" "pl" "cours" "route" "rte" "passage" "square" "cité" "cite" "résidence" "residence" "av" "imp" "che" "esplanade" "sentier" "montée" "montee" "villa" "promenade";

    /// What leads to a house.
    is_lead:
    "au" "est" "c'est" "cest" "rdv" "moi" "vers" "devant" "habite" "jhabite" "habites" "suis" "chui" "jsuis" "retrouve" "adresse" "appart" "resto" "sonne" "sonnes" "passe" "passer" "viens" "livre" "livrer" "livrez" "envoie" "colis" "paquet" "dépose" "depose" "déménage" "demenage" "bureau" "cabinet" "soirée" "soiree" "teuf";

    /// What comes before a count.
    is_count: "a" "ai" "as" "avons" "y" "ya" "reste" "encore" "sur" "dans" "pour" "fait" "les" "ces" "mes" "entre" "toutes" "prends" "prendre" "voulais" "veux" "faut" "eu" "avait" "avais" "prochaine" "prochain" "the" "of" "these";

    /// What is said of what is counted: "3 place libre", "2 cours demain", "1 route barrée".
    is_said:
    "au" "aux" "libre" "libres" "assise" "assises" "debout" "gratuite" "gratuites" "restante" "restantes" "particulier" "particuliers" "annulé" "annulés" "barrée" "fermée" "fermé" "différentes" "differentes" "différente" "vip" "premium" "enfant" "adulte" "adultes" "ouverte"
    "piéton" "pieton" "piétons" "dispo" "disponible" "disponibles" "supplémentaire" "collectif" "magistral" "magistraux" "maths" "math" "anglais" "sport" "yoga" "danse" "droit" "enix" "jc" "jesus" "jésus" "parallèle" "plus" "loin" "avant" "après" "apres" "commune" "sombre" "longue" "large";

    /// What courses and ways are of, beside [`is_said`]: "3 cours du soir", "2 route de nuit".
    is_of: "soir" "matin" "midi" "nuit" "jour" "journée" "semaine" "weekend" "week-end" "musique" "guitare" "piano" "chant" "théâtre" "dessin" "cuisine" "conduite" "code" "natation" "tennis" "ski" "langue" "langues" "français" "francais" "espagnol" "allemand" "physique" "chimie" "philo" "histoire" "rattrapage" "soutien" "service";

    /// Beginnings of names of two words.
    is_first_of_two:
    "jean" "victor" "emile" "émile" "louis" "saint" "st" "ste" "sainte" "général" "general" "gal" "maréchal" "marechal" "docteur" "dr" "colonel" "commandant" "capitaine" "abbé" "abbe" "paul" "pierre" "charles" "henri" "georges" "jules" "léon" "leon" "albert" "anatole"
    "ferdinand" "édouard" "edouard" "camille" "aristide" "gustave" "alexandre" "marie" "jeanne" "marcel" "maurice" "raymond" "salvador" "françois" "francois" "robert" "roger" "michel" "antoine" "andré" "andre" "rené" "rene" "benoit" "benoît" "claude" "eugène" "eugene" "ernest" "félix" "felix" "francis" "gabriel"
    "guy" "hector" "jacques" "joseph" "lucien" "max" "olivier" "philippe" "raoul" "simone" "président" "president" "grande" "petite" "vieux" "vieille" "nouvelle" "belle" "beau" "bel" "haute" "haut" "basse" "notre" "quatre" "trois" "deux" "cardinal" "amiral" "lieutenant" "sergent" "professeur" "frères" "freres" "champs";
}

/// The end of such a street whose house is at `at`.
pub(super) fn end(words: &[Word], at: usize) -> Option<usize> {
    let house = &words[at];
    if !house.is_house_number()
        || house.hash
        || house.digits > 4
        || !words[at + 1..].iter().take(2).any(|start| start.may_be(kinds::START))
    {
        return None;
    }
    let start = at + 1 + usize::from(is_again(words, at + 1));
    let word = words.get(start).filter(|word| word.gap <= Gap::Comma)?;
    let sure = is_sure_start(&word.lower);
    // "c'est 25 place assise"
    let led = || at > 0 && words[at].gap == Gap::Space && words[at - 1].lower == "au" || is_lived(words, at);
    if !sure && !led() {
        return None;
    }
    if !sure && !is_start(&word.lower) || !leads(words, at, sure) {
        return None;
    }
    let joints = words[start + 1..]
        .iter()
        .take(3)
        .take_while(|word| word.gap == Gap::Space && joins(&word.lower) && !continental::has_article(&word.lower))
        .count();
    let first = start + 1 + joints;
    if !words.get(first).is_some_and(|word| is_name(word) && !is_said(&word.lower) && !is_calendar(&word.lower)) {
        return None;
    }
    let more = words[first + 1..].iter().take(2).take_while(|word| is_name(word)).count();
    let two = is_first_of_two(&words[first].lower)
        || words[first].letters <= 2
        || whole::ends(words, first + 1 + more)
        || behind(words, first + 1 + more) > first + 1 + more;
    let name = first + 1 + if two { more } else { 0 };
    let genitive = joints > 0 || continental::has_article(&words[first].lower);
    // "cest 3 cours du soir"
    if !sure
        && (genitive && !matches!(word.lower.as_ref(), "place" | "av" | "imp" | "che") || house.digits < 2 && !two)
        && !is_lived(words, at)
    {
        return None;
    }
    Some(behind(words, name))
}

/// Whether the words before the house at `at` lead to it, or nothing else does.
fn leads(words: &[Word], at: usize, sure: bool) -> bool {
    let Some(before) = at.checked_sub(1).map(|before| &words[before]).filter(|_| words[at].gap <= Gap::Comma) else {
        return sure;
    };
    let near = || words[at.saturating_sub(REACH)..at].iter();
    !is_count(&before.lower)
        && (is_lead(&before.lower)
            || near().any(|word| is_lead(&word.lower) || is_living(&word.lower) || is_address_word(&word.lower)))
}

/// Whether somebody lives at the house at `at` or it is called an address.
fn is_lived(words: &[Word], at: usize) -> bool {
    words[at.saturating_sub(REACH)..at].iter().any(|word| {
        is_living(&word.lower) || is_address_word(&word.lower) || matches!(word.lower.as_ref(), "jhabite" | "rdv")
    })
}

/// Whether courses and ways of `name` are counted.
pub(super) fn is_counted_of(name: &str) -> bool {
    is_of(name) || is_said(name)
}

fn is_name(word: &Word) -> bool {
    word.gap == Gap::Space
        && word.digits == 0
        && word.letters >= 2
        && !is_never_a_name(&word.lower)
        && !small::is_no_name(&word.lower)
        && !whole::is_said_of_a_street(&word.lower)
        && !onward::is_onward(&word.lower)
        && !onward::goes_on_in_french(&word.lower)
}

/// The end of the door, postcode and town behind the name that ends before `at`.
fn behind(words: &[Word], at: usize) -> usize {
    let end = door::end(words, at);
    let spaced = |at: usize| words.get(at).filter(|word| word.gap == Gap::Space);
    let coded = words.get(end).is_some_and(|code| code.gap <= Gap::Comma && code.is_number() && code.digits == 5);
    let town = || spaced(end + 1).filter(|town| is_name(town) && town.letters >= 3);
    if coded && town().is_some() {
        return city::end(words, end + 1).unwrap_or(end + 2);
    }
    city::end(words, end).unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;

    #[test]
    fn french_streets_are_found_in_sentences() {
        for (text, address) in [
            ("mon adresse cest 9 avenue emile olmo 13006 marseille", "9 avenue emile olmo 13006 marseille"),
            ("jhabite au 52 cours victor olmo", "52 cours victor olmo"),
            ("c au 3 imp des ormes", "3 imp des ormes"),
            ("rdv 8 place jean ormeau a 19h", "8 place jean ormeau"),
            ("le colis est au 6 allee des ormes chez la voisine", "6 allee des ormes"),
            ("jsuis au 30 av jean ormeau code 45b12", "30 av jean ormeau"),
            ("livre moi au 22 rue ormeau 92300 ormeville", "22 rue ormeau 92300 ormeville"),
            ("adresse du resto 14 passage ormeau", "14 passage ormeau"),
            ("cest au 45 faubourg saint ormeau", "45 faubourg saint ormeau"),
            ("9 route de lorme", "9 route de lorme"),
            ("je suis au 5 route de lorme", "5 route de lorme"),
            ("5 cours de la lorme", "5 cours de la lorme"),
            ("7 passage du lorme", "7 passage du lorme"),
            ("viens au 41 rue ormeau on est devant", "41 rue ormeau"),
        ] {
            assert_eq!(found(text), [address], "{text:?}");
        }
    }

    #[test]
    fn what_is_counted_stays() {
        for text in [
            "j'ai 3 cours particuliers",
            "on a 2 cours le matin",
            "cest 3 cours par semaine",
            "cest 2 place au premier rang",
            "il reste 2 place assise",
            "cest le 3 square",
            "au 2 passage",
            "1 route barrée",
            "c'est 3 cours du soir",
            "12 avenue fermée",
            "the 5 avenue stores",
            "je suis 10 place concert",
            "paquet 20 cite perdu",
            "c'est 25 résidence étudiante",
            "il est 20 cours terminé",
            "2 route de nuit",
            "3 cours de guitare",
            "on est 12 square enix",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text:?}");
        }
    }
}
